"""Everything that others may say to the panel, said by somebody who hopes that a page takes it for a script."""

import dataclasses
import datetime as dt
import threading

import msgspec
from msgspec import inspect

from fakes.panel import ADMIN, PanelHere
from otpbroker.config.registry import SECTIONS, entry_kind
from otpbroker.ipc.wire import result_of
from otpbroker.panel.peers import Peers
from otpbroker.panel.request import SET_UP_SIDE
from otpbroker.secrets import encode_masked
from otpbroker.system.workers import Workers
from otpbroker.verbs.apply import (
    Applied,
    Change,
    Document,
    GetSection,
    ListSections,
    Problem,
    SectionSummaries,
    SectionSummary,
)
from otpbroker.verbs.dispatch import AwaitOutcomes
from otpbroker.verbs.report import ReportSum
from otpbroker.web.http import Response
from otpbroker.web.server import Server
from otpbroker.web.wsgi import Wsgi

# Each calls __xss, or leads there by a touch, in some place where somebody forgot to escape it.
PAYLOADS = [
    "<script>__xss(0)</script>",
    "<img src=data:, onerror=__xss(1)>",
    '"><img src=data:, onerror=__xss(2)>',
    "'><img src=data:, onerror=__xss(3)>",
    "<svg onload=__xss(4)>",
    "<svg><script>__xss(5)</script></svg>",
    "</title><svg onload=__xss(6)>",
    "</textarea><svg onload=__xss(7)>",
    "</script><svg onload=__xss(8)>",
    "--><svg onload=__xss(9)>",
    '" autofocus onfocus=__xss(10) tabindex=0 x="',
    "' autofocus onfocus=__xss(11) tabindex=0 x='",
    "x autofocus onfocus=__xss(12) tabindex=0",
    "javascript:__xss(13)",
    '<iframe srcdoc="<script>parent.__xss(14)</script>"></iframe>',
    '<iframe src="javascript:parent.__xss(15)"></iframe>',
    "<details open ontoggle=__xss(16)>x</details>",
    "<body onload=__xss(17)>",
    "<style>@keyframes k{}</style><b style='animation-name:k' onanimationstart=__xss(18)>x</b>",
    "<audio src=data:, onerror=__xss(19)></audio>",
    "<video><source src=data:, onerror=__xss(20)></video>",
    "<input autofocus onfocus=__xss(21)>",
    "<math><mtext></table><img src=data:, onerror=__xss(22)>",
    '";__xss(23);//',
    "';__xss(24);//",
    "</style><svg onload=__xss(25)>",
    "<svg><animate onbegin=__xss(26) attributeName=x dur=1s>",
    '<a href="java&#x73;cript:__xss(27)">x</a>',
    "<ScRiPt>__xss(28)</sCrIpT>",
    '<img/src="data:,"/onerror=__xss(29)>',
]
ALL = " ".join(PAYLOADS)

# What our own processes make themselves, from nothing that anybody said.
DAY = "2026-11-27"
OWN_WORDS = {"day": DAY, "from_day": DAY, "to_day": DAY, "first_day": DAY, "next_day": "", "older": "", "newer": ""}
OWN_WORDS |= {"state": "failed", "cost": "350", "price": "350"}
OWN_LISTS = {"days": [ReportSum(key=DAY, states={"failed": 3}, parts=3)], "tariffs": ("62871:50", "*:350")}

# Where a page could forget it, with {} for what it shows.
PLACES = [
    "<p>{}</p>",
    "<title>{}</title>",
    "<textarea>{}</textarea>",
    '<input value="{}">',
    "<input value='{}'>",
    "<input value={}>",
    '<a href="{}">x</a>',
    '<script>var said = "{}";</script>',
    "<script>var said = '{}';</script>",
    "<script>var said = `{}`;</script>",
    "<style>{}</style>",
    "<!-- {} -->",
]
# What has run, or would run at a touch: also what a page's own script has put there later.
# A form's fields hide its properties of the same name.
FIRED = """() => {
const leads = each => each.matches("form") ? new URL(each.getAttribute("action"), location).protocol
  : each.protocol || "javascript:";
return [
  ...window.__fired,
  ...[...document.querySelectorAll("*")]
    .filter(each => [...each.attributes].some(one => one.name.startsWith("on"))).map(each => each.outerHTML),
  ...[...document.querySelectorAll("a[href], form[action], iframe")]
    .filter(each => leads(each) === "javascript:")
    .map(each => each.outerHTML),
].map(each => String(each).slice(0, 120))}"""
HOOK = "window.__fired = []; window.__xss = n => window.__fired.push(n); window.alert = window.__xss;"


def said(kind, at=None):
    """A value of `kind` with nothing but payloads in it: the one at `at`, or all of them in one."""
    return SAYING[type(kind)](kind, at)


def _text(_kind, at):
    return ALL if at is None else PAYLOADS[at % len(PAYLOADS)]


def _choice(kind, at):
    values = sorted(kind.values, key=str)
    return values[(at or 0) % len(values)]


def _list(kind, at):
    places = range(len(PAYLOADS)) if at is None else (at, at + 1)
    return [said(kind.item_type, each) for each in places]


def _mapping(kind, at):
    return {said(kind.key_type, each): said(kind.value_type, each) for each in range(at or 0, (at or 0) + 2)}


def _struct(kind, at):
    return kind.cls(**{each.name: _field(each, at) for each in kind.fields})


def _field(field, at):
    if isinstance(field.type, inspect.StrType) and field.name in OWN_WORDS:
        return OWN_WORDS[field.name]
    return OWN_LISTS[field.name] if field.name in OWN_LISTS else said(field.type, at)


def _one_of(kind, at):
    return said(next(each for each in kind.types if not isinstance(each, inspect.NoneType)), at)


SAYING = {
    inspect.AnyType: _text,
    inspect.BoolType: lambda _, at: at is None or at % 2 == 0,
    inspect.CustomType: lambda kind, at: kind.cls(_text(kind, at)),
    inspect.DateTimeType: lambda *_: dt.datetime.fromtimestamp(1_750_000_000, dt.UTC),
    inspect.DictType: _mapping,
    inspect.EnumType: lambda kind, _: next(iter(kind.cls)),
    inspect.FloatType: lambda *_: 1_750_000_000.0,
    inspect.IntType: lambda kind, _: int(kind.ge if kind.ge is not None else 3),
    inspect.ListType: _list,
    inspect.LiteralType: _choice,
    inspect.Metadata: lambda kind, at: said(kind.type, at),
    inspect.StrType: _text,
    inspect.StructType: _struct,
    inspect.TupleType: lambda kind, at: tuple(said(each, at) for each in kind.item_types),
    inspect.UnionType: _one_of,
    inspect.VarTupleType: lambda kind, at: tuple(_list(kind, at)),
}


def section(name):
    """A section as otpb-apply shows it, every text in it hostile."""
    section = said(inspect.type_info(SECTIONS[name].kind))
    return msgspec.json.decode(msgspec.json.encode(section, enc_hook=encode_masked))


class HostilePeer:
    """Answers whatever it is asked."""

    def __init__(self, desk):
        self._desk = desk
        self._told_outcomes = False

    def call(self, verb, timeout_s=None):
        if isinstance(verb, AwaitOutcomes):
            if self._told_outcomes:
                self._desk().stopping.wait(timeout_s or 5)
            self._told_outcomes = True
        return said(inspect.type_info(result_of(verb)))

    def send(self, verb, deadline_s):
        return self.call(verb)


class HostileApply(HostilePeer):
    """Every setting is hostile, and every change is refused in hostile words."""

    def call(self, verb, timeout_s=None):
        if isinstance(verb, GetSection):
            return Document(document=section(verb.section))
        if isinstance(verb, ListSections):
            return SectionSummaries(
                sections=[SectionSummary(name=name, factory=True, entries=3, services=[ALL]) for name in SECTIONS]
            )
        if isinstance(verb, Change):
            names = []
            if getattr(verb, "section", "") in SECTIONS:
                info = SECTIONS[verb.section]
                kind = entry_kind(info) if info.entry_key else info.kind
                names = [each.encode_name for each in msgspec.structs.fields(kind)]
            return Applied(
                changed=False,
                problems=[Problem(path=f"{PAYLOADS[0]}.{name}", key=ALL, params={}) for name in (*names, ALL)],
                hints=[Problem(path=f"{PAYLOADS[0]}.{name}", key=ALL, params={}) for name in names],
            )
        return super().call(verb)


class HostileHere(PanelHere):
    """The panel between hostile peers, served at `address`."""

    def __init__(self, folder):
        super().__init__(folder)
        self.desk.live.start()
        self._workers = Workers(8)
        self._server = Server(
            ("127.0.0.1", 0), Wsgi(self._local, lambda status: Response(status, b"no")), self._workers
        )
        self._server.prepare()
        self._thread = threading.Thread(target=self._server.serve)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.socket.getsockname()[1]}"

    def peers(self):
        peer = HostilePeer(lambda: self.desk)
        return Peers(HostileApply(lambda: self.desk), *[peer] * 7)

    def loaded(self):
        settings = super().loaded()
        general = msgspec.structs.replace(settings.general, device_name=ALL)
        return dataclasses.replace(settings, general=general)

    def _local(self, environ, start_response):
        environ[SET_UP_SIDE] = True
        return self.panel.wsgi(environ, start_response)

    def session(self):
        """The cookie of somebody who is signed in."""
        token, _ = self.desk.sessions.open(ADMIN, ALL, ALL, self.desk.settings.admins[ADMIN].password_hash)
        return token

    def close(self):
        self.desk.stopping.set()
        self.desk.live.stop()
        self._server.stop()
        self._workers.stop(5)
        self._thread.join(5)
