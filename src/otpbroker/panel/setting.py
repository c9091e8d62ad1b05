"""The page of a plain settings section: one form, saved as a whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from otpbroker.panel import forms
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Group
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Visit
from otpbroker.verbs.apply import SetSection


@dataclass(frozen=True, slots=True)
class Setting:
    """`words` begins its text keys: `.title`, `.intro`."""

    section: str
    path: str
    words: str
    groups: tuple[Group, ...]
    template: str = "setting.html"


class SettingPages:
    """`more` gives the page what it shows beside the form."""

    def __init__(self, desk: Desk, setting: Setting, more: Callable[[Visit], Mapping[str, Any]] | None = None) -> None:
        self._desk = desk
        self._of = setting
        self._more = more or (lambda _visit: {})

    def routes(self) -> list[Route]:
        path = self._of.path
        return [get(path, self.show), post(path, self.save), post(f"{path}/check", self.checked)]

    def _stored(self) -> forms.Form:
        return forms.shown(self._of.section, self._of.groups, self._desk.section(self._of.section))

    def _page(self, visit: Visit, form: forms.Form, status: int = 200) -> Page:
        return Page(self._of.template, {"of": self._of, "form": form, **self._more(visit)}, status)

    def show(self, visit: Visit) -> Answer:
        forms.forget_secrets(self._of.section, visit)
        return self._page(visit, self._stored())

    def save(self, visit: Visit) -> Answer:
        form = self._stored()
        values = forms.typed(form, visit)
        applied = self._desk.change(SetSection(section=self._of.section, values=values, by=visit.admin))
        forms.tell(form, applied, visit.words)
        if form.is_wrong:
            forms.keep_secrets(form, values, visit)
            return self._page(visit, form, status=422)
        forms.forget_secrets(self._of.section, visit)
        return Redirect(self._of.path, Notice("done", "setting.saved"))

    def checked(self, visit: Visit) -> Answer:
        """What would be said of the form as it stands, for scripts: only the sentences beside its fields."""
        form = self._stored()
        values = forms.typed(form, visit)
        verb = SetSection(section=self._of.section, values=values, check_only=True)
        forms.tell(form, self._desk.change(verb), visit.words)
        return Page("checked.html", {"form": form, "touched": visit.form.get("touched").split(",")})
