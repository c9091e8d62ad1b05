"""The first page: what needs a hand, the next step, and how everything fares."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from otpbroker.panel.answers import Answer, Page
from otpbroker.panel.desk import Desk
from otpbroker.panel.live.live import Now
from otpbroker.panel.overview import lines, power
from otpbroker.panel.routes import Route, get
from otpbroker.panel.visit import Visit


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the set-up still lacks: a sentence, and the page where it goes on, with the text of its link."""

    key: str
    page: str
    link: str
    params: Mapping[str, str | int] = field(default_factory=dict)


class HomePages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [get("/", self.home)]

    def home(self, _visit: Visit) -> Answer:
        now = self._desk.live.now()
        values = {
            "now": now,
            "here": "/",
            "lines": lines(now),
            "power": power(now.machine),
            "figures": figures(now),
            "next_step": next_step(now),
        }
        return Page("home.html", values)


def figures(now: Now) -> list[tuple[str, int | None]]:
    """What happened today and what happens now; None where nobody tells."""
    accounts = now.mail.accounts if now.mail else []
    found: list[tuple[str, int | None]] = [
        ("home.sms_today", sum(modem.sent_today for modem in now.dispatch.modems) if now.dispatch else None),
        ("monitor.queued", now.dispatch.counters.queued if now.dispatch else None),
        ("monitor.in_flight", now.dispatch.counters.in_flight if now.dispatch else None),
    ]
    if accounts:
        found.insert(1, ("home.mails_today", sum(account.sent_today for account in accounts)))
    return found


def next_step(now: Now) -> NextStep | None:
    if now.dispatch is None:
        return None
    fresh = [stick for stick in now.dispatch.found if not stick.reason]
    if fresh:
        return NextStep("home.found", "/modems", "home.next_found", {"name": fresh[0].name})
    if not now.dispatch.modems:
        return NextStep("home.next_modem", "/modems/add", "modems.add")
    return None
