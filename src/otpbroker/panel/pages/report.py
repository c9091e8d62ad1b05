"""The SMS report: counts, outcome, speed, cost; the messages one by one; both as CSV. No text, numbers masked."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final, get_args

from otpbroker.errors import BrokerError
from otpbroker.msisdn import mask
from otpbroker.panel import spreadsheet
from otpbroker.panel.answers import Answer, Page, Redirect, Stream
from otpbroker.panel.desk import Desk
from otpbroker.panel.outcome import status_of
from otpbroker.panel.overview import STATE_KINDS
from otpbroker.panel.period import PRESETS, Period, period
from otpbroker.panel.render import link
from otpbroker.panel.report_charts import charts
from otpbroker.panel.report_files import cell_lines, message_lines
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Fields, Visit
from otpbroker.system.clock import day_of, wall_s
from otpbroker.verbs.dispatch import MOST_MESSAGES, Door, LedgerRows, Messages, ModemList, State
from otpbroker.verbs.report import Report, ReportCells

PATH: Final = "/report"
LIST: Final = "/report/messages"
PAGE: Final = 50
_WAIT_S: Final = 10.0
_SHORTEST_NUMBER: Final = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the query leaves of the messages; what it cannot name is left out. `number` is masked, or a part of one."""

    period: Period
    door: str
    modem: str
    state: str
    number: str

    @property
    def filters(self) -> dict[str, str]:
        return {"door": self.door, "modem": self.modem, "state": self.state}

    @property
    def query(self) -> dict[str, str]:
        """For links; without the number, which the report does not know."""
        return {name: value for name, value in (self.period.query | self.filters).items() if value}


class ReportPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [
            get(PATH, self.report),
            get(f"{PATH}/days.csv", self.days_file),
            get(LIST, self.messages),
            post(LIST, self.sought),
            get(f"{PATH}/messages.csv", self.messages_file),
        ]

    def report(self, visit: Visit) -> Answer:
        wanted = self._wanted(visit.query)
        days = {"from_day": wanted.period.from_day, "to_day": wanted.period.to_day}
        try:
            told = self._desk.peers.dispatch.call(Report(**days, **wanted.filters), _WAIT_S)
        except BrokerError as error:
            return self._page("report.html", wanted, {"told": None, "charts": [], "error": error}, _status(error))
        found = list(charts(told, visit.words, self._desk.settings.general.currency))
        return self._page("report.html", wanted, {"told": told, "charts": found, "error": None})

    def messages(self, visit: Visit) -> Answer:
        wanted = self._wanted(visit.query)
        before, after = visit.query.get("before")[:64], visit.query.get("after")[:64]
        try:
            told = self._ask(wanted, PAGE, before=before, after=after)
        except BrokerError as error:
            values = {"told": LedgerRows(messages=[]), "error": error}
            return self._page("report_messages.html", wanted, values, _status(error))
        return self._page("report_messages.html", wanted, {"told": told, "error": None})

    def sought(self, visit: Visit) -> Answer:
        """By POST, so that no number ever stands in an address: from here on it is masked."""
        wanted = self._wanted(visit.form)
        return Redirect(link(LIST, **wanted.query, number=wanted.number))

    def days_file(self, visit: Visit) -> Answer:
        wanted = self._wanted(visit.query)

        def ask(from_day: str) -> Any:
            verb = ReportCells(from_day=from_day, to_day=wanted.period.to_day, **wanted.filters)
            return self._desk.peers.dispatch.call(verb, _WAIT_S)

        return self._file(visit, "otp-broker-report", wanted, cell_lines(ask, wanted.period.from_day, self._names()))

    def messages_file(self, visit: Visit) -> Answer:
        wanted = self._wanted(visit.query)

        def ask(before: str) -> LedgerRows:
            return self._ask(wanted, MOST_MESSAGES, before=before)

        zone = self._desk.settings.general.time_zone
        return self._file(visit, "otp-broker-messages", wanted, message_lines(ask, self._names(), zone, visit.words))

    def _file(self, visit: Visit, name: str, wanted: Wanted, chunks: Generator[bytes, None, None]) -> Answer:
        """Begun before it is answered, so that a refusal is still told on a page; a later one is the last line."""
        try:
            first = spreadsheet.BEGINNING + next(chunks)
        except BrokerError as error:
            return Redirect(link(PATH, **wanted.query), Notice("failed", error.key, error.params))

        def whole() -> Generator[bytes, None, None]:
            yield first
            try:
                yield from chunks
            except BrokerError as error:
                reason = visit.words.say(error.key, **error.params)
                yield spreadsheet.lines([[visit.words.say("report.cut", reason=reason)]])

        days = f"{wanted.period.from_day}-{wanted.period.to_day}"
        return Stream(whole(), spreadsheet.CONTENT_TYPE, f"{name}-{days}.csv")

    def _ask(self, wanted: Wanted, limit: int, *, before: str = "", after: str = "") -> LedgerRows:
        verb = Messages(
            limit=limit,
            number=wanted.number,
            from_day=wanted.period.from_day,
            to_day=wanted.period.to_day,
            before=before,
            after=after,
            **wanted.filters,
        )
        return self._desk.peers.dispatch.call(verb, _WAIT_S)

    def _wanted(self, fields: Fields) -> Wanted:
        today = day_of(wall_s(), self._desk.settings.general.time_zone)
        state = fields.get("state")
        return Wanted(
            period(fields, today),
            fields.get("door")[:64],
            fields.get("modem")[:64],
            state if state in get_args(State) else "",
            part_of_number(fields.get("number"), self._desk.settings.sms.country_code),
        )

    def _page(self, template: str, wanted: Wanted, values: dict[str, Any], status: int = 200) -> Page:
        shown: dict[str, Any] = {
            "path": PATH,
            "list_path": LIST,
            "wanted": wanted,
            "presets": PRESETS,
            "names": self._names(),
            "doors": get_args(Door),
            "states": get_args(State),
            "kinds": STATE_KINDS,
        }
        return Page(template, shown | values, status)

    def _names(self) -> dict[str, str]:
        """Of the modems, by id; none where dispatch does not answer."""
        try:
            return {modem.id: modem.name for modem in self._desk.peers.dispatch.call(ModemList(), 2).modems}
        except BrokerError:
            return {}


def _status(error: BrokerError) -> int:
    """A page opens while the other process is away, and says so."""
    return 200 if error.key.endswith((".unavailable", ".lost")) else status_of(error)


def part_of_number(typed: str, country_code: str) -> str:
    """What of a masked number to look for: a whole number is masked, a part of one stays."""
    digits = "".join(
        character for character in typed if (character.isascii() and character.isdigit()) or character == "*"
    )
    if digits.startswith("0"):
        digits = country_code + digits[1:]
    return mask(digits) if len(digits) >= _SHORTEST_NUMBER and "*" not in digits else digits[:24]
