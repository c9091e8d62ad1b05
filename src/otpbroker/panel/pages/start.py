"""The first run: what a new device still lacks, and the one thing to do next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from otpbroker.config import passwords
from otpbroker.errors import BrokerError
from otpbroker.panel.answers import Answer, Page, Redirect
from otpbroker.panel.checklist import Checklist, Situation, Step, StepName, checklist
from otpbroker.panel.countries import COUNTRIES, HOME, name_of
from otpbroker.panel.desk import Desk
from otpbroker.panel.modem_cards import cards, mark
from otpbroker.panel.pages import clock
from otpbroker.panel.pages.modems import seen
from otpbroker.panel.routes import Route, get, post
from otpbroker.panel.samples import api_address, samples
from otpbroker.panel.sessions import Notice
from otpbroker.panel.visit import Visit
from otpbroker.secrets import MessageText, Secret
from otpbroker.system.clock import wall_s
from otpbroker.system.synchrony import is_synchronised
from otpbroker.verbs.apply import AddEntry, Applied, ListSections, SetSection
from otpbroker.verbs.dispatch import Messages, Send

_ASK_S: Final = 2
_TEST_S: Final = 60.0
_BUILT_S: Final = 1_767_225_600  # 2026 began: a clock that says less was never set


@dataclass(slots=True)
class Again:
    """A form that is shown once more: what is wrong with a step's, and what was typed."""

    errors: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)


class StartPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [
            get("/start", self.start),
            get("/start/live", self.live),
            post("/start/country", self.country),
            post("/start/name", self.name),
            post("/start/prefixes", self.prefixes),
            post("/start/default", self.default),
            post("/start/test", self.test),
            post("/start/api-user", self.api_user),
        ]

    # -- showing ------------------------------------------------------------------------------------------------

    def start(self, visit: Visit) -> Answer:
        return self._page(visit, Again())

    def live(self, visit: Visit) -> Answer:
        """The modems for the page that stands open, and what they changed of other steps."""
        values = self._values(visit, Again())
        steps: Checklist = values["steps"]
        changed: list[Step] = steps.changed(visit.query.get("steps"))
        if not changed and visit.query.get("seen") == values["mark"]:
            return Page("nothing.html", status=204)
        return Page("start_live.html", {**values, "changed": [step for step in changed if step.name != "modems"]})

    def _page(self, visit: Visit, again: Again, status: int = 200) -> Page:
        return Page("start.html", self._values(visit, again), status)

    def _values(self, visit: Visit, again: Again) -> dict[str, Any]:
        there = seen(self._desk)
        settings = self._desk.settings
        every = cards(self._desk.section("modems")["modems"], there.modems)
        users = [user for user in self._desk.section("api_users")["api_users"] if user["active"]]
        factory = {summary.name: summary.factory for summary in self._desk.peers.apply.call(ListSections()).sections}
        now = Situation(
            country_chosen=not factory["sms"],
            named=not factory["general"],
            clock_right=is_synchronised() or wall_s() > _BUILT_S,
            cards=every,
            tested=self._tested(),
            users=len(users),
            country=settings.sms.country_code,
        )
        steps = checklist(now)
        return {
            "steps": steps,
            "now": now,
            "answers": there.answers,
            "found": there.found,
            "mark": mark(every, there.found, there.answers),
            "again": again,
            "opened": next(iter(again.errors), steps.next),
            "countries": COUNTRIES,
            "country_name": name_of(settings.sms.country_code, visit.words.language),
            "settings": settings,
            "users": users,
            "clock_state": clock.state(self._desk, "start"),
            "phone": self._phone(visit),
        }

    def _phone(self, visit: Visit) -> str:
        admin = self._desk.settings.admins.get(visit.admin)
        return admin.phone if admin is not None else ""

    def _tested(self) -> bool:
        """Whether any SMS has left yet."""
        try:
            ask = self._desk.peers.dispatch.call
            return any(ask(Messages(limit=1, state=state), _ASK_S).messages for state in ("submitted", "delivered"))
        except BrokerError:
            return False

    def _settled(
        self, visit: Visit, step: StepName, applied: Applied, typed: Mapping[str, str], done: Notice
    ) -> Answer:
        """Back to the list, or the step's form once more."""
        if not applied.problems:
            if visit.session is not None:
                visit.session.notices.extend(Notice("hint", hint.key, hint.params) for hint in applied.hints)
            return Redirect("/start", done)
        sentences = [visit.words.say(problem.key, **problem.params) for problem in applied.problems]
        return self._page(visit, Again({step: sentences}, dict(typed)), 422)

    # -- doing --------------------------------------------------------------------------------------------------

    def country(self, visit: Visit) -> Answer:
        """The device speaks the language of its country, as far as it can."""
        code = visit.form.get("other_code").strip() or visit.form.get("country_code")
        typed = {"country_code": visit.form.get("country_code"), "other_code": visit.form.get("other_code").strip()}
        values = {"country_code": Secret(code)}
        applied = self._desk.change(SetSection(section="sms", values=values, by=visit.admin))
        language = "id" if self._desk.settings.sms.country_code == HOME else "en"
        if not applied.problems and language != self._desk.settings.general.language:
            language_values = {"language": Secret(language)}
            applied = self._desk.change(SetSection(section="general", values=language_values, by=visit.admin))
        named = name_of(code, visit.words.language) or code
        return self._settled(visit, "country", applied, typed, Notice("done", "start.country_set", {"name": named}))

    def name(self, visit: Visit) -> Answer:
        typed = {"device_name": visit.form.get("device_name").strip()}
        values = {"device_name": Secret(typed["device_name"])}
        applied = self._desk.change(SetSection(section="general", values=values, by=visit.admin))
        return self._settled(
            visit, "name", applied, typed, Notice("done", "start.name_set", {"name": typed["device_name"]})
        )

    def prefixes(self, visit: Visit) -> Answer:
        """Those of every modem that was shown, in one go."""
        named = [(f"prefixes.{entry['id']}", entry["id"]) for entry in self._desk.section("modems")["modems"]]
        typed = {name: visit.form.get(name).strip() for name, _ in named if name in visit.form}
        values = {f"{modem}.recipient_prefix": Secret(typed[name]) for name, modem in named if name in typed}
        applied = self._desk.change(SetSection(section="modems", values=values, by=visit.admin))
        return self._settled(visit, "prefixes", applied, typed, Notice("done", "start.prefixes_set"))

    def default(self, visit: Visit) -> Answer:
        chosen = visit.form.get("modem")
        entries = self._desk.section("modems")["modems"]
        named = next((entry["name"] for entry in entries if entry["id"] == chosen), "")
        if not named:
            return self._page(visit, Again({"default": [visit.words.say("start.choose_modem")]}), 422)
        values = {f"{entry['id']}.default_modem": Secret(str(entry["id"] == chosen).lower()) for entry in entries}
        applied = self._desk.change(SetSection(section="modems", values=values, by=visit.admin))
        return self._settled(visit, "default", applied, {}, Notice("done", "start.default_set", {"name": named}))

    def test(self, visit: Visit) -> Answer:
        typed = {"test_number": visit.form.get("number").strip()[:64], "test_modem": visit.form.get("modem")}
        text = visit.words.say("start.test_text", name=self._desk.settings.general.device_name)
        verb = Send(
            door="panel",
            user=visit.admin,
            msisdn=typed["test_number"],
            text=MessageText(text),
            modem=typed["test_modem"],
        )
        try:
            with self._desk.slow.place():
                sent = self._desk.peers.dispatch.send(verb, _TEST_S)
        except BrokerError as error:
            return self._page(visit, Again({"test": [visit.words.say(error.key, **error.params)]}, typed), 422)
        if sent.state in ("submitted", "delivered"):
            entries = self._desk.section("modems")["modems"]
            name = next((entry["name"] for entry in entries if entry["id"] == sent.modem), sent.modem)
            return Redirect("/start", Notice("done", "start.test_sent", {"modem": name}))
        why = visit.words.say(sent.key or f"code.{sent.code.value}", **sent.params)
        return self._page(visit, Again({"test": [why]}, typed), 422)

    def api_user(self, visit: Visit) -> Answer:
        """The one page that ever shows the password."""
        name = visit.form.get("username").strip()
        password = passwords.generate()
        verb = AddEntry(section="api_users", key=name, values={"password": password}, by=visit.admin)
        applied = self._desk.change(verb)
        if applied.problems:
            return self._settled(visit, "api", applied, {"username": name}, Notice("done", ""))
        api = self._desk.settings.api
        address = api_address(visit.host, api, secure=visit.secure)
        made = samples(address, api.message_path, name, password.reveal(), to=self._phone(visit)) if address else ()
        values = {"username": name, "password": password.reveal(), "address": address, "samples": made}
        return Page("start_user.html", values)
