"""The page of a plain settings section: one form, saved as a whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from otpbroker.panel import forms
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Form, Group, Makers
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Visit
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import SetSection

CHANGED: Final = "*"


class Ask(NamedTuple):
    """A sentence to be said yes to."""

    key: str
    params: Mapping[str, str | int] = {}


@dataclass(frozen=True, slots=True)
class Setting:
    """`words` begins its text keys: `.title`, `.intro`. `switch` is the field that activates and deactivates the
    whole, where there is one. What `makers` have made is shown once, in the answer to the form.
    """

    section: str
    path: str
    words: str
    groups: tuple[Group, ...]
    template: str = "setting.html"
    switch: str = ""
    makers: Makers = field(default_factory=dict)


class SettingPages:
    """`more` gives the page what it shows beside the form. `asks` names what must be said yes to before new values
    (the second, as text by field; of a secret only `CHANGED` or `forms.TAKE_AWAY`) follow the old ones; sentences or
    just their keys, none where nothing is to be asked.
    """

    def __init__(
        self,
        desk: Desk,
        setting: Setting,
        more: Callable[[Visit], Mapping[str, Any]] | None = None,
        asks: Callable[[Mapping[str, str], Mapping[str, str]], Sequence[str | Ask]] | None = None,
    ) -> None:
        self._desk = desk
        self._of = setting
        self._more = more or (lambda _visit: {})
        self._asks = asks or (lambda _old, _new: [])

    def routes(self) -> list[Route]:
        path = self._of.path
        found = [get(path, self.show), post(path, self.save), post(f"{path}/check", self.checked)]
        if self._of.switch:
            found += [post(f"{path}/activate", self.activated), post(f"{path}/deactivate", self.deactivated)]
        return found

    def _stored(self) -> Form:
        form = forms.shown(self._of.section, self._of.groups, self._desk.section(self._of.section))
        form.makers = self._of.makers
        return form

    def _page(self, visit: Visit, form: Form, asks: list[Ask], status: int = 200) -> Page:
        values = {"of": self._of, "form": form, "asks": asks, **self._more(visit)}
        return Page(self._of.template, values, status)

    def show(self, visit: Visit) -> Answer:
        forms.forget_secrets(self._of.section, visit)
        return self._page(visit, self._stored(), [])

    def save(self, visit: Visit) -> Answer:
        form = self._stored()
        old = dict(form.values)
        values = forms.typed(form, visit)
        asks = [] if "sure" in visit.form else self._asked(old, form, values)
        verb = SetSection(section=self._of.section, values=values, by=visit.admin, check_only=bool(asks) or form.stale)
        applied = self._desk.change(verb)
        forms.tell(form, applied, visit.words)
        if form.is_wrong or asks:
            forms.keep_secrets(form, values, visit)
            return self._page(visit, form, [] if form.is_wrong else asks, status=422 if form.is_wrong else 200)
        forms.forget_secrets(self._of.section, visit)
        if visit.session is not None:
            visit.session.notices.extend(Notice("hint", hint.key, hint.params) for hint in applied.hints)
        return self._done(form)

    def _asked(self, old: Mapping[str, str], form: Form, values: Mapping[str, Secret]) -> list[Ask]:
        typed = {name: value for name, value in values.items() if form.fields[name].kind == "secret" and value}
        told = self._asks(old, form.values | {name: _word(value) for name, value in typed.items()})
        return [each if isinstance(each, Ask) else Ask(each) for each in told]

    def _done(self, form: Form) -> Answer:
        notice = Notice("done", "setting.saved")
        if form.made:
            return Page("setting_made.html", {"of": self._of, "form": form, "notice": notice})
        return Redirect(self._of.path, notice)

    def activated(self, visit: Visit) -> Answer:
        return self._switched(visit, "true", Notice("done", "setting.activated"))

    def deactivated(self, visit: Visit) -> Answer:
        return self._switched(visit, "false", Notice("done", "setting.deactivated"))

    def _switched(self, visit: Visit, value: str, done: Notice) -> Answer:
        values = {self._of.switch: Secret(value)}
        applied = self._desk.change(SetSection(section=self._of.section, values=values, by=visit.admin))
        failed = [Notice("failed", problem.key, problem.params) for problem in applied.problems]
        return Redirect(self._of.path, failed[0] if failed else done)

    def checked(self, visit: Visit) -> Answer:
        """What would be said of the form as it stands, for scripts: only the sentences beside its fields."""
        form = self._stored()
        form.makers = {}
        values = forms.typed(form, visit)
        verb = SetSection(section=self._of.section, values=values, check_only=True)
        forms.tell(form, self._desk.change(verb), visit.words)
        return Page("checked.html", {"form": form, "touched": visit.form.get("touched").split(",")})


def _word(secret: Secret) -> str:
    return forms.TAKE_AWAY if secret.reveal() == forms.TAKE_AWAY else CHANGED
