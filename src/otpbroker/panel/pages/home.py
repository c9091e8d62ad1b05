"""The first page: what needs a hand, the next step, and how everything fares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from otpbroker.panel.answers import Answer, Page
from otpbroker.panel.desk import Desk
from otpbroker.panel.live.live import Now
from otpbroker.panel.overview import lines, power
from otpbroker.panel.routes import Route, get
from otpbroker.panel.visit import Visit
from otpbroker.verbs.report import ReportTold

_SENT: Final = ("submitted", "delivered")
_NOT_SENT: Final = ("failed", "expired", "unknown")


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
        live = self._desk.live
        now, today = live.now(), live.today()
        values = {
            "now": now,
            "here": "/",
            "lines": lines(now),
            "power": power(now.machine),
            "figures": figures(now, today),
            "cost": today.total.cost if today is not None else "",
            "next_step": next_step(now, today, sent=bool(live.feed.newest(1))),
        }
        return Page("home.html", values)


def figures(now: Now, today: ReportTold | None) -> list[tuple[str, int | None]]:
    """What happened today and what waits now; None where nobody tells."""
    states = today.total.states if today is not None else {}
    accounts = now.mail.accounts if now.mail else []
    sent = sum(states.get(state, 0) for state in _SENT) if today is not None else None
    failed = sum(states.get(state, 0) for state in _NOT_SENT) if today is not None else None
    mails = [("home.mails_today", sum(account.sent_today for account in accounts))] if accounts else []
    waiting = now.dispatch.counters.queued + now.dispatch.counters.in_flight if now.dispatch else None
    return [("home.sms_today", sent), ("home.not_sent", failed), *mails, ("home.waiting", waiting)]


def next_step(now: Now, today: ReportTold | None, *, sent: bool) -> NextStep | None:
    """`sent`: some message is known. The first steps are over with the first SMS, on whatever day it was."""
    if now.dispatch is None:
        return None
    fresh = [stick for stick in now.dispatch.found if not stick.reason]
    if fresh:
        return NextStep("home.found", "/modems", "home.next_found", {"name": fresh[0].name})
    if not now.dispatch.modems:
        return NextStep("home.next_modem", "/start", "home.next_start")
    if not sent and today is not None and not today.first_day:
        return NextStep("home.next_sms", "/start", "home.next_start")
    return None
