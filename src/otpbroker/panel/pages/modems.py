"""The modems: settings of each, and what the device sees of it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from otpbroker.dispatch.tariff import Tariff
from otpbroker.errors import BrokerError
from otpbroker.panel import forms
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.curves import Curves
from otpbroker.panel.desk import Desk
from otpbroker.panel.forms import Form, Group
from otpbroker.panel.listing import Entry, Listing, ListPages
from otpbroker.panel.modem_cards import Card, cards, mark
from otpbroker.panel.pages.network import is_ours
from otpbroker.panel.paging import page_of
from otpbroker.panel.presets import APN
from otpbroker.panel.render import link
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Visit
from otpbroker.secrets import MessageText, Secret
from otpbroker.system.traffic import traffic
from otpbroker.verbs.apply import AddEntry, Applied, SetEntry
from otpbroker.verbs.dispatch import FoundModem, ModemFacts, RemoveSimPin, SetSimPin, Status
from otpbroker.verbs.internet import InternetState

_INTERNET: Final = "modems.group_internet"
_PIN: Final = re.compile(r"[0-9]{4,8}")
_CARDS: Final = 64  # on one page
_ASK_S: Final = 2
_SIM_S: Final = 30
_LONGEST_NAME: Final = 64
LISTING: Final = Listing(
    section="modems",
    path="/modems",
    words="modems",
    name_field="name",
    columns=("port", "recipient_prefix", "sms_api", "default_modem"),
    actions=("activate", "deactivate", "connect", "disconnect"),
    groups=(
        Group("modems.group_identity", ("name", "port", "imei", "msisdn", "imsi", "smsc", "sim_pin")),
        Group("modems.group_sending", ("active", "sms_api", "default_modem", "recipient_prefix", "tariffs")),
        Group("modems.group_quota", ("quota_day", "quota_month")),
        Group("modems.group_serial", ("baud_rate", "parity", "start_bits", "stop_bits"), folded=True),
        Group(
            _INTERNET,
            (
                "internet_access",
                "apn",
                "apn_username",
                "apn_password",
                "dial_number",
                "init_dial_1",
                "init_dial_2",
                "init_dial_3",
                "init_dial_4",
                "init_dial_5",
                "dial_command",
            ),
            folded=True,
        ),
    ),
    view_template="modem_view.html",
)
_SHOWN: Final = (
    Group("modems.group_settings", ("sms_api", "default_modem", "recipient_prefix", "quota_day", "quota_month")),
    Group("modems.group_identity", ("port", "imei", "msisdn", "imsi", "smsc", "sim_pin")),
    *LISTING.groups[3:],
)


class Seen(NamedTuple):
    """What dispatch sees of modems; `answers` is False while it does not run."""

    modems: Sequence[ModemFacts]
    found: Sequence[FoundModem]
    answers: bool
    internet: Sequence[InternetState] = ()

    @property
    def ports(self) -> list[tuple[str, str]]:
        """Where something is plugged in, and what."""
        named = [*((each.port, each.name) for each in self.found), *((each.port, each.name) for each in self.modems)]
        return [(port, name) for port, name in named if port]


def seen(desk: Desk) -> Seen:
    try:
        status = desk.peers.dispatch.call(Status(), _ASK_S)
    except BrokerError:
        return Seen((), (), answers=False)
    return Seen(status.modems, status.found, answers=True, internet=status.internet)


class ModemPages(ListPages):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, LISTING)

    def routes(self) -> list[Route]:
        return [
            *super().routes(),
            get("/modems/live", self.live),
            get("/modems/now", self.now),
            post("/modems/found", self.add_found),
            post("/modems/preset", self.preset),
            post("/modems/pin", self.store_pin),
            post("/modems/pin-on", self.pin_on),
            post("/modems/pin-off", self.pin_off),
        ]

    # -- the list -----------------------------------------------------------------------------------------------

    def all(self, visit: Visit) -> Answer:
        return Page("modems.html", self._list(visit))

    def live(self, visit: Visit) -> Answer:
        """The cards for the page that stands open; nothing while they look the same."""
        values = self._list(visit)
        same = visit.query.get("seen") == values["mark"]
        return Page("nothing.html", status=204) if same else Page("_modem_cards.html", values)

    def _list(self, visit: Visit) -> dict[str, Any]:
        there = seen(self._desk)
        q = visit.query.get("q")
        every = cards(self.entries(), there.modems, there.internet)
        paged = page_of([card for card in every if not q or card.matches(q.casefold())], visit, _CARDS)
        marked = mark(paged.items, there.found, there.answers)
        return self._page(paged=paged, q=q, found=there.found, answers=there.answers, mark=marked)

    # -- one modem ----------------------------------------------------------------------------------------------

    def _card(self, visit: Visit) -> Card:
        there = seen(self._desk)
        (card,) = cards([self.entry(visit)], there.modems, there.internet)
        return card

    def _connection(self, card: Card) -> dict[str, Any]:
        """What is shown of its connection beside the card: the kernel's counters, and whether any is made here."""
        state = card.internet
        passed = traffic(state.interface) if state is not None and state.interface else None
        return {"passed": passed, "ours": is_ours(self._desk)}

    def view(self, visit: Visit) -> Answer:
        card = self._card(visit)
        form = forms.shown(LISTING.section, _SHOWN, card.entry)
        connection = self._connection(card)
        marked = mark([card], [], True, connection)
        values = {"entry": card.entry, "key": card.id, "card": card, "form": form, "mark": marked, **connection}
        curve = Curves.signal_of(self._desk, card.id, visit)
        return Page(LISTING.view_template, self._page(**values, tariffs=_tariffs(card.entry), curve=curve))

    def now(self, visit: Visit) -> Answer:
        """What the device sees, for the page that stands open; nothing while it looks the same."""
        card = self._card(visit)
        connection = self._connection(card)
        marked = mark([card], [], True, connection)
        if visit.query.get("seen") == marked:
            return Page("nothing.html", status=204)
        return Page("_modem_now.html", self._page(card=card, key=card.id, mark=marked, **connection))

    def _form(self, form: Form, key: str, status: int = 200, preset: str = "") -> Page:
        form.offers = {"port": seen(self._desk).ports}
        return Page("modem_form.html", self._page(form=form, key=key, presets=APN, preset=preset), status)

    def preset(self, visit: Visit) -> Answer:
        """The form as typed, with what an operator wants for internet access. Nothing is saved."""
        key, name = visit.query.get("key"), visit.form.get("preset")
        form = self._edit_form(self.entry(visit)) if key else forms.factory(LISTING.section, LISTING.groups)
        values = forms.typed(form, visit)
        if name in APN:
            wanted = APN[name]
            form.values |= {"apn": wanted.apn, "apn_username": wanted.username, "dial_number": wanted.dial_number}
            values["apn_password"] = Secret(wanted.password or forms.TAKE_AWAY)
        forms.keep_secrets(form, values, visit)
        form.groups = tuple(replace(group, folded=group.folded and group.key != _INTERNET) for group in form.groups)
        return self._form(form, key, preset=name if name in APN else "")

    # -- sticks that are plugged in but in no settings ----------------------------------------------------------

    def add_found(self, visit: Visit) -> Answer:
        back = _back(visit)
        wanted = visit.form.get("port")
        there = [each for each in seen(self._desk).found if each.port and each.port == wanted]
        if not there:
            return Redirect(back, Notice("failed", "modems.found_gone"))
        (new, *_) = there
        values = {"port": Secret(new.port), "imei": Secret(new.imei)}
        name = new.name[:_LONGEST_NAME]
        applied = self._desk.change(AddEntry(section="modems", key=name, values=values, by=visit.admin))
        return _told(applied, back, "modems.added_found", name)

    # -- the SIM's PIN ------------------------------------------------------------------------------------------

    def store_pin(self, visit: Visit) -> Answer:
        """For a SIM that asks: stored, and so tried once by the modem's own thread."""
        entry, back = self.entry(visit), _back(visit)
        pin = _pin(visit)
        if not pin:
            return Redirect(back, Notice("failed", "modem.pin_malformed"))
        return _told(self._keep(visit, entry, pin), back, "modems.pin_stored", entry["name"])

    def pin_on(self, visit: Visit) -> Answer:
        entry, pin = self.entry(visit), _pin(visit)
        verb = SetSimPin(modem=str(entry["id"]), pin=MessageText(pin.reveal()))
        return self._locked(visit, entry, verb, pin, "modems.pin_was_set")

    def pin_off(self, visit: Visit) -> Answer:
        entry, pin = self.entry(visit), _pin(visit)
        verb = RemoveSimPin(modem=str(entry["id"]), pin=MessageText(pin.reveal()))
        return self._locked(visit, entry, verb, Secret(forms.TAKE_AWAY), "modems.pin_was_removed")

    def _locked(self, visit: Visit, entry: Entry, verb: SetSimPin | RemoveSimPin, keep: Secret, done: str) -> Redirect:
        """The SIM first: what it refuses is not stored."""
        back = link("/modems/view", key=str(entry["id"]))
        if not _PIN.fullmatch(verb.pin.reveal()):
            return Redirect(back, Notice("failed", "modem.pin_malformed"))
        try:
            with self._desk.slow.place():
                self._desk.peers.dispatch.call(verb, _SIM_S)
        except BrokerError as error:
            return Redirect(back, Notice("failed", error.key, error.params))
        self._desk.record(visit, "audit.pin_set" if isinstance(verb, SetSimPin) else "audit.pin_removed", verb.modem)
        return _told(self._keep(visit, entry, keep), back, done, entry["name"])

    def _keep(self, visit: Visit, entry: Entry, pin: Secret) -> Applied:
        verb = SetEntry(section="modems", key=str(entry["id"]), values={"sim_pin": pin}, by=visit.admin)
        return self._desk.change(verb)


def _pin(visit: Visit) -> Secret:
    """What was typed, empty where it is no PIN: then no modem is asked."""
    pin = visit.form.get("pin").strip()
    return Secret(pin if _PIN.fullmatch(pin) else "")


def _tariffs(entry: Entry) -> list[Tariff]:
    """Prefixes in order, all others last."""
    found = [Tariff.parse(each) for each in entry["tariffs"]]
    return sorted(found, key=lambda tariff: (not tariff.prefix, tariff.prefix, tariff.from_nth))


def _back(visit: Visit) -> str:
    """Where the button stood: one of the pages that have it."""
    back, key = visit.form.get("back"), visit.query.get("key")
    if back == "view" and key:
        return link("/modems/view", key=key)
    return "/start" if back == "start" else "/modems"


def _told(applied: Applied, back: str, done: str, name: str) -> Redirect:
    if applied.problems:
        problem = applied.problems[0]
        return Redirect(back, Notice("failed", problem.key, problem.params))
    return Redirect(back, Notice("done", done, {"name": name}))
