"""Forms for settings, made from the sections' own schemas: what a field is, what was typed, what is wrong with it."""

import functools
import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, get_args

import msgspec
from msgspec import inspect

from otpbroker.config.registry import SECTIONS
from otpbroker.panel.visit import Visit
from otpbroker.panel.words import Words
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import Applied, Problem

_LONGEST_TEXT: Final = 255
_INPUT_TYPES: Final = {"phone": "tel", "email": "email"}
_AUTOCOMPLETE: Final = {"secret": "new-password"}
_MOST_KEPT: Final = 16
TAKE_AWAY: Final = "none"  # the word for a secret that is to be no more (`otpbroker.apply.documents.change`)


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: text, number, switch, choice, secret or list (comma-separated text)."""

    section: str
    name: str
    kind: str
    choices: tuple[str, ...] = ()
    longest: int = _LONGEST_TEXT
    low: float | None = None
    high: float | None = None

    @property
    def label(self) -> str:
        """The key of its name for people."""
        return f"field.{self.section}.{self.name}"

    @property
    def help(self) -> str:
        return f"help.{self.section}.{self.name}"

    @property
    def input_type(self) -> str:
        return "password" if self.kind == "secret" else _INPUT_TYPES.get(self.name, "text")

    @property
    def autocomplete(self) -> str:
        return _AUTOCOMPLETE.get(self.kind, "off")


@functools.cache  # a form asks it for each of its fields, and it takes half a millisecond
def fields_of(section: str) -> dict[str, Field]:
    """The fields of a plain section, or of the entries of a list section, by public name."""
    info = SECTIONS[section]
    kind: Any = info.kind
    if info.entry_key:
        (entries,) = (each for each in msgspec.structs.fields(kind) if each.name == info.name)
        kind = get_args(entries.type)[0]
    shape = inspect.type_info(kind)
    assert isinstance(shape, inspect.StructType)  # noqa: S101 - sections are structs
    found = [_field(section, each.encode_name, each.type) for each in shape.fields if each.encode_name != "version"]
    return {each.name: each for each in found}


def _field(section: str, name: str, kind: Any) -> Field:
    if isinstance(kind, inspect.Metadata):
        kind = kind.type
    match kind:
        case inspect.BoolType():
            return Field(section, name, "switch")
        case inspect.LiteralType():
            return Field(section, name, "choice", tuple(str(value) for value in _in_order(kind.values)))
        case inspect.IntType() | inspect.FloatType():
            low = kind.ge if kind.ge is not None else kind.gt
            return Field(section, name, "number", low=low, high=kind.le)
        case inspect.CustomType():
            return Field(section, name, "secret")
        case inspect.VarTupleType():
            return Field(section, name, "list", longest=4000)
    return Field(section, name, "text", longest=kind.max_length or _LONGEST_TEXT)


def _in_order(values: Sequence[Any]) -> list[Any]:
    """Numbers by size; words as the schema gives them would come in any order: by themselves."""
    return sorted(values, key=lambda value: (isinstance(value, str), value))


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together under a heading; `folded` where most people need none of them."""

    key: str
    names: tuple[str, ...]
    folded: bool = False


class Made(NamedTuple):
    """A secret that the device made: what is `stored`, and what is `shown` of it, once."""

    stored: Secret
    shown: Secret


Makers = Mapping[str, Callable[[], Made]]  # by the name of the secret field


@dataclass(slots=True)
class Form:
    """What a template shows: `values` as text by field name, `errors` and `hints` as sentences. `others` are errors
    that belong to no field shown. `offers` are values to pick from, each with a few words; in the fields of `only`
    nothing else can be typed. `makers` are offered beside their fields, those in `making` are ticked; `made` is what
    they made, as it is to be shown. `seen` stands for what is stored; `stale`: it is no longer what the form was made
    of, so what was typed may undo what somebody else has changed.
    """

    section: str
    groups: tuple[Group, ...]
    values: dict[str, str]
    stored: frozenset[str] = frozenset()  # secrets that there are
    errors: dict[str, list[str]] = field(default_factory=dict)
    hints: dict[str, list[str]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    kept: Mapping[str, str] = field(default_factory=dict)  # secrets typed before, still in hand: by which name
    locked: frozenset[str] = frozenset()  # shown, not to be changed
    offers: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    only: frozenset[str] = frozenset()
    makers: Makers = field(default_factory=dict)
    making: frozenset[str] = frozenset()
    made: dict[str, Secret] = field(default_factory=dict)
    seen: str = ""
    stale: bool = False

    @property
    def fields(self) -> dict[str, Field]:
        return fields_of(self.section)

    @property
    def is_wrong(self) -> bool:
        return bool(self.errors or self.others)


def shown(section: str, groups: tuple[Group, ...], document: Mapping[str, Any]) -> Form:
    """The form of what is stored (secrets masked, as otpb-apply shows them)."""
    fields = fields_of(section)
    values = {name: _text(document.get(name)) for name in fields}
    stored = frozenset(name for name, each in fields.items() if each.kind == "secret" and values[name])
    for name in stored:
        values[name] = ""
    return Form(section, groups, values, stored, seen=_digest(groups, values))


def _digest(groups: tuple[Group, ...], values: Mapping[str, str]) -> str:
    told = "\0".join(values[name] for group in groups for name in group.names)
    return hashlib.sha256(told.encode(errors="replace")).hexdigest()[:16]


def factory(section: str, groups: tuple[Group, ...]) -> Form:
    """The form of a new entry."""
    info = SECTIONS[section]
    (entries,) = (each for each in msgspec.structs.fields(info.kind) if each.name == info.name)
    kind = get_args(entries.type)[0]
    defaults = {
        each.encode_name: each.default for each in msgspec.structs.fields(kind) if each.default is not msgspec.NODEFAULT
    }
    return shown(section, groups, defaults)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def typed(form: Form, visit: Visit) -> dict[str, Secret]:
    """What was typed into the fields shown, for otpb-apply; the form shows it again. A secret typed before is still
    there; an empty one is unchanged, or made where that was ticked.
    """
    values = {}
    form.stale = visit.form.get("seen", form.seen) != form.seen
    if form.stale:
        form.others.append(visit.words.say("form.stale"))
    form.making = frozenset(name for name in form.makers if f"{name}.make" in visit.form)
    for name in (name for group in form.groups for name in group.names if name not in form.locked):
        kind = form.fields[name].kind
        if kind == "switch":
            form.values[name] = "true" if name in visit.form else "false"
        elif kind == "secret":
            values[name] = _secret(form, name, visit)
            continue
        else:
            form.values[name] = visit.form.get(name).strip()
        values[name] = Secret(form.values[name])
    return values


def _secret(form: Form, name: str, visit: Visit) -> Secret:
    given = visit.form.get(name)
    if f"{name}.none" in visit.form:
        return Secret(TAKE_AWAY)
    if name in form.making and not given:
        made = form.makers[name]()
        form.made[name] = made.shown
        return made.stored
    if given or visit.session is None:
        return Secret(given)
    return visit.session.kept.get(_kept_key(form, name, visit.form.get(f"{name}.kept")), Secret())


def _kept_key(form: Form, name: str, given: str) -> str:
    """`given` is in the one form that was shown again: another one, of another entry, finds nothing."""
    return f"{form.section}.{name}.{given}"


def keep_secrets(form: Form, values: Mapping[str, Secret], visit: Visit) -> None:
    """So that nobody types a password twice because a port was wrong: remembered in the session, never sent back."""
    if visit.session is None:
        return
    names = [
        name for name, value in values.items() if form.fields[name].kind == "secret" and value and name not in form.made
    ]
    while len(visit.session.kept) > _MOST_KEPT:
        visit.session.kept.pop(next(iter(visit.session.kept)))
    form.kept = {name: secrets.token_urlsafe(8) for name in names}
    for name, given in form.kept.items():
        visit.session.kept[_kept_key(form, name, given)] = values[name]


def forget_secrets(section: str, visit: Visit) -> None:
    """They are stored, or the form was opened afresh."""
    if visit.session is not None:
        for key in [key for key in visit.session.kept if key.startswith(f"{section}.")]:
            del visit.session.kept[key]


def tell(form: Form, applied: Applied, words: Words) -> None:
    """Put what otpb-apply said beside the fields it is about."""
    shown_names = {name for group in form.groups for name in group.names}
    for problem in applied.problems:
        name = _field_of(problem, shown_names)
        sentence = words.say(problem.key, **problem.params)
        if name:
            form.errors.setdefault(name, []).append(sentence)
        else:
            form.others.append(sentence if problem.path in ("", form.section) else f"{problem.path}: {sentence}")
    for hint in applied.hints:
        name = _field_of(hint, shown_names)
        if name:
            form.hints.setdefault(name, []).append(words.say(hint.key, **hint.params))


def _field_of(problem: Problem, names: Iterable[str]) -> str:
    """The field that `modems.m0.parity` or `modems.m0.tariffs.2` is about: the last part that is one."""
    known = set(names)
    return next((part for part in reversed(problem.path.split(".")) if part in known), "")
