"""Pages from templates: everything escaped, every name defined, every sentence from the words."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

from otpbroker.panel.answers import Page
from otpbroker.panel.assets import Assets
from otpbroker.panel.compiled import environment
from otpbroker.panel.desk import Desk
from otpbroker.panel.filters import Filters
from otpbroker.panel.formats import NO_BREAK
from otpbroker.panel.nav import GROUPS
from otpbroker.panel.visit import Visit
from otpbroker.panel.words import Words


class Renderer:
    """What every template gets: `visit`, `say` and `may_say` (words), `csrf`, `static`, `link` (a path with a query),
    `has_page` (whether a path is served), `nav`, `notices` (a piece takes none), `device_name`,
    `alarm_count` (of the last look), `waiting_change`; and the filters of `Filters`. `compiled` is the folder of
    templates that need no compiling.
    """

    def __init__(self, desk: Desk, assets: Assets, compiled: Path | None) -> None:
        self._desk = desk
        self._assets = assets
        self.paths: Collection[str] = ()
        self._environment: Final = environment(Filters(desk), compiled)
        self._environment.globals |= {"static": assets.url, "has_static": assets.has, "link": link}
        self._environment.globals["nbsp"] = NO_BREAK
        self._environment.globals["has_page"] = lambda path: path in self.paths

    def warm(self) -> None:
        """Load every template now, so that the first visit of a page is as fast as the next one."""
        for name in self._environment.list_templates():
            self._environment.get_template(name)

    def html(self, page: Page, visit: Visit) -> str:
        """The whole page, or what the template is where a piece was asked for."""
        say = visit.words.say
        notices = [] if visit.session is None or visit.piece else visit.session.take_notices()
        return self._environment.get_template(page.template).render(
            visit=visit,
            say=say,
            may_say=visit.words.may_say,
            csrf=visit.token(),
            nav=self._nav(),
            notices=notices,
            alarm_count=self._desk.live.alarm_count,
            waiting_change=self._desk.waiting.shown(),
            device_name=self._desk.settings.general.device_name,
            **page.values,
        )

    def piece(self, template: str, words: Words, values: Mapping[str, Any]) -> str:
        """A part of a page that is the same for everybody who reads this language."""
        reader = _Reader(words)
        return self._environment.get_template(template).render(
            visit=reader, say=words.say, may_say=words.may_say, **values
        )

    def _nav(self) -> list[tuple[str, list[Any]]]:
        found = [(key, [entry for entry in entries if entry.path in self.paths]) for key, entries in GROUPS]
        return [(key, entries) for key, entries in found if entries]


class _Reader(NamedTuple):
    """As much of a visit as the filters need."""

    words: Words


def link(path: str, **query: str | int) -> str:
    """`path` with a query, each part encoded."""
    encoded = urlencode({name: value for name, value in query.items() if value != ""}, quote_via=quote)
    return f"{path}?{encoded}" if encoded else path


Rendering = Callable[[Page, Visit], str]
