"""Pages of a list section: list with search, view, add, edit, delete, and switches such as active and blocked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import msgspec

from otpbroker.config.registry import SECTIONS
from otpbroker.panel import forms
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Form, Group, Makers
from otpbroker.panel.paging import Paged, page_of
from otpbroker.panel.refused import Refused
from otpbroker.panel.render import link
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Visit
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import AddEntry, Applied, Change, ListSection, RemoveEntry, SetEntry

Entry = Mapping[str, Any]
Action = Literal["activate", "deactivate", "block", "unblock", "proxy", "unproxy", "connect", "disconnect"]
_FLAGS: Final[dict[str, tuple[str, str, str]]] = {  # action → field, value, the notice's key
    "activate": ("active", "true", "list.activated"),
    "deactivate": ("active", "false", "list.deactivated"),
    "block": ("blocked", "true", "list.blocked"),
    "unblock": ("blocked", "false", "list.unblocked"),
    "proxy": ("proxied", "true", "list.proxied"),
    "unproxy": ("proxied", "false", "list.unproxied"),
    "connect": ("internet_access", "true", "internet.was_turned_on"),
    "disconnect": ("internet_access", "false", "internet.was_turned_off"),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """How a list section is shown. `words` begins its text keys: `.title`, `.add`, `.empty`, `.one`. `columns` are
    fields; `name_field` is what the entry's key is typed in. `presets` are values that a new entry may start from, each
    named by the word `.preset.NAME`, all explained by `.presets_help`. What `makers` have made is shown once, in the
    answer to the form.
    """

    section: ListSection
    path: str
    words: str
    name_field: str
    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    actions: tuple[Action, ...] = ("activate", "deactivate")
    view_template: str = "list_view.html"
    list_template: str = "list.html"
    presets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    made_template: str = "list_made.html"
    makers: Makers = field(default_factory=dict)
    may: Callable[[Visit, str, str], None] = field(default=lambda _visit, _action, _key: None)


class ListPages:
    """`more` gives a view what it shows beside the stored settings, `beside` the list, `shown` the page that shows what
    was made for an entry, by field.
    """

    def __init__(
        self,
        desk: Desk,
        listing: Listing,
        more: Callable[[Visit, Entry], Mapping[str, Any]] | None = None,
        beside: Callable[[Visit], Mapping[str, Any]] | None = None,
        shown: Callable[[Visit, str, Mapping[str, Secret]], Mapping[str, Any]] | None = None,
    ) -> None:
        self._desk = desk
        self._of = listing
        self._more = more or (lambda _visit, _entry: {})
        self._beside = beside or (lambda _visit: {})
        self._shown = shown or (lambda _visit, _key, _made: {})

    def routes(self) -> list[Route]:
        path = self._of.path
        return [
            get(path, self.all),
            get(f"{path}/add", self.add),
            post(f"{path}/add", self.added),
            get(f"{path}/view", self.view),
            get(f"{path}/edit", self.edit),
            post(f"{path}/edit", self.edited),
            post(f"{path}/check", self.checked),
            get(f"{path}/delete", self.delete),
            post(f"{path}/delete", self.deleted),
            *(post(f"{path}/{action}", self._switching(action)) for action in self._of.actions),
        ]

    def entries(self) -> list[Entry]:
        found: list[Entry] = self._desk.section(self._of.section)[self._of.section]
        return found

    def entry(self, visit: Visit) -> Entry:
        """The one that `?key=` names. Raises `Refused` 404 where there is none."""
        key = visit.query.get("key")
        for entry in self.entries():
            if self._key(entry) == key:
                return entry
        raise Refused(404, "list.gone", name=key[:100])

    def _key(self, entry: Entry) -> str:
        return str(entry[SECTIONS[self._of.section].entry_key])

    def _page(self, **values: Any) -> dict[str, Any]:
        return {"of": self._of, "key_field": SECTIONS[self._of.section].entry_key, **values}

    def all(self, visit: Visit) -> Answer:
        wanted = visit.query.get("q").strip().casefold()
        found = [entry for entry in self.entries() if not wanted or self._matches(entry, wanted)]
        paged: Paged[Entry] = page_of(found, visit)
        return Page(self._of.list_template, self._page(paged=paged, q=visit.query.get("q"), **self._beside(visit)))

    def _matches(self, entry: Entry, wanted: str) -> bool:
        shown = (entry.get(name) for name in (self._of.name_field, *self._of.columns))
        return any(wanted in str(value).casefold() for value in shown)

    def view(self, visit: Visit) -> Answer:
        entry = self.entry(visit)
        form = forms.shown(self._of.section, self._of.groups, entry)
        values = self._page(entry=entry, key=self._key(entry), form=form, **self._more(visit, entry))
        return Page(self._of.view_template, values)

    def add(self, visit: Visit) -> Answer:
        forms.forget_secrets(self._of.section, visit)
        form = forms.factory(self._of.section, self._of.groups)
        form.makers, form.making = self._of.makers, frozenset(self._of.makers)
        for name in form.values:
            if name in visit.query:
                form.values[name] = visit.query.get(name)
        return self._form(form, "")

    def edit(self, visit: Visit) -> Answer:
        forms.forget_secrets(self._of.section, visit)
        entry = self.entry(visit)
        form = self._edit_form(entry)
        form.makers = self._of.makers
        return self._form(form, self._key(entry))

    def _edit_form(self, entry: Entry) -> Form:
        form = forms.shown(self._of.section, self._of.groups, entry)
        if SECTIONS[self._of.section].entry_key == self._of.name_field:
            form.locked = frozenset({self._of.name_field})  # it is what everything else knows the entry by
        return form

    def _form(self, form: Form, key: str, status: int = 200) -> Page:
        return Page("list_form.html", self._page(form=form, key=key), status)

    def added(self, visit: Visit) -> Answer:
        form = forms.factory(self._of.section, self._of.groups)
        form.makers = self._of.makers
        values = forms.typed(form, visit)
        key = values.pop(self._of.name_field).reveal()
        self._of.may(visit, "add", key)
        applied = self._desk.change(AddEntry(section=self._of.section, key=key, values=values, by=visit.admin))
        done = Redirect(self._of.path, Notice("done", "list.added", {"name": key}))
        return self._settled(visit, form, values, applied) or self._done(visit, applied, done, form, key)

    def edited(self, visit: Visit) -> Answer:
        entry = self.entry(visit)
        form, key = self._edit_form(entry), self._key(entry)
        form.makers = self._of.makers
        values = forms.typed(form, visit)
        self._of.may(visit, "edit", key)
        verb = SetEntry(section=self._of.section, key=key, values=values, by=visit.admin, check_only=form.stale)
        applied = self._desk.change(verb)
        done = Redirect(link(f"{self._of.path}/view", key=key), Notice("done", "list.saved", {"name": key}))
        return self._settled(visit, form, values, applied, key) or self._done(visit, applied, done, form, key)

    def _settled(
        self, visit: Visit, form: Form, values: Mapping[str, Secret], applied: Applied, key: str = ""
    ) -> Page | None:
        """The form once more, where something is wrong with it."""
        forms.tell(form, self._about(applied, key), visit.words)
        if not form.is_wrong:
            return None
        forms.keep_secrets(form, values, visit)
        return self._form(form, key, status=422)

    def _about(self, applied: Applied, key: str) -> Applied:
        """Without the hints for other entries, where entries are known by the name that is typed."""
        if SECTIONS[self._of.section].entry_key != self._of.name_field:
            return applied
        own = f"{self._of.section}.{key}"
        hints = [hint for hint in applied.hints if hint.path == own or hint.path.startswith(f"{own}.")]
        return msgspec.structs.replace(applied, hints=hints)

    def _hint(self, visit: Visit, applied: Applied, key: str) -> None:
        """What is allowed but probably not meant, on the next page."""
        if visit.session is not None:
            hints = self._about(applied, key).hints
            visit.session.notices.extend(Notice("hint", hint.key, hint.params) for hint in hints)

    def _done(self, visit: Visit, applied: Applied, done: Redirect, form: Form, key: str) -> Answer:
        forms.forget_secrets(self._of.section, visit)
        self._hint(visit, applied, key)
        if not form.made:
            return done
        values = self._page(form=form, key=key, notice=done.notice, **self._shown(visit, key, form.made))
        return Page(self._of.made_template, values)

    def checked(self, visit: Visit) -> Answer:
        """What would be said of the form as it stands, for scripts: only the sentences beside its fields."""
        key = visit.query.get("key")
        if key:
            form = self._edit_form(self.entry(visit))
            values = forms.typed(form, visit)
            verb: Change[Applied] = SetEntry(section=self._of.section, key=key, values=values, check_only=True)
        else:
            form = forms.factory(self._of.section, self._of.groups)
            values = forms.typed(form, visit)
            key = values.pop(self._of.name_field).reveal()
            verb = AddEntry(section=self._of.section, key=key, values=values, check_only=True)
        forms.tell(form, self._about(self._desk.change(verb), key), visit.words)
        return Page("checked.html", {"form": form, "touched": visit.form.get("touched").split(",")})

    def delete(self, visit: Visit) -> Answer:
        """Asks first: also the way without a script."""
        entry = self.entry(visit)
        return Page("list_delete.html", self._page(entry=entry, key=self._key(entry)))

    def deleted(self, visit: Visit) -> Answer:
        key = self._key(self.entry(visit))
        self._of.may(visit, "delete", key)
        applied = self._desk.change(RemoveEntry(section=self._of.section, key=key, by=visit.admin))
        return _told(applied, Redirect(self._of.path, Notice("done", "list.deleted", {"name": key})))

    def _switching(self, action: str) -> Callable[[Visit], Answer]:
        def switched(visit: Visit) -> Answer:
            key = self._key(self.entry(visit))
            self._of.may(visit, action, key)
            name, value, done = _FLAGS[action]
            verb = SetEntry(section=self._of.section, key=key, values={name: Secret(value)}, by=visit.admin)
            back = self._of.path if visit.form.get("back") == "list" else link(f"{self._of.path}/view", key=key)
            applied = self._desk.change(verb)
            self._hint(visit, applied, key)
            return _told(applied, Redirect(back, Notice("done", done, {"name": key})))

        return switched


def _told(applied: Applied, done: Redirect) -> Redirect:
    """`done`, or the reason why not in its place."""
    if not applied.problems:
        return done
    problem = applied.problems[0]
    return Redirect(done.to, Notice("failed", problem.key, problem.params))
