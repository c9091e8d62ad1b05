"""The heart of dispatch: accepts messages, gives each to one modem, and says once how it ended (DESIGN §4).

One lock holds all of it; sections under it are short and never touch a port or a disk. Answers go out after the lock.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from msgspec.structs import replace

from otpbroker.dispatch import numbers, schema
from otpbroker.dispatch.blocklist import BlockList
from otpbroker.dispatch.events import Events
from otpbroker.dispatch.explain import explain
from otpbroker.dispatch.fleet import Fleet
from otpbroker.dispatch.jobs import Errand, SendJob
from otpbroker.dispatch.ledger import Ledger, Row
from otpbroker.dispatch.limits import Limits
from otpbroker.dispatch.message import OutgoingMessage, Waiter, WithdrawnError, lifetime_s
from otpbroker.dispatch.past import told
from otpbroker.dispatch.placement import RETURN_GRACE_S, Placement
from otpbroker.dispatch.recall import Owner, Recall
from otpbroker.dispatch.settings import Settings
from otpbroker.dispatch.tally import Tally
from otpbroker.dispatch.watch import Answer, Watch, Watcher
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.modem.contract import Blame, Job, ModemError
from otpbroker.modem.status import ModemState, ModemStatus
from otpbroker.msisdn import canonical
from otpbroker.outcomes.stream import Answer as AnswerOutcomes
from otpbroker.sms.segment import segments
from otpbroker.system.keys import Keys
from otpbroker.system.timelines import Timelines
from otpbroker.system.timers import Timers
from otpbroker.verbs.dispatch import Counters, ModemFacts, RouteExplanation, Send, Sent
from otpbroker.verbs.events import AwaitOutcomes
from otpbroker.verbs.feeders import Sendable

_LOG: Final = logging.getLogger(__name__)
_STATUS_REPORT_WINDOW_S: Final = 3 * 86400
_ROUND_PAUSE_S: Final = 0.5
_MOST_ROUNDS: Final = 2
RETRY_AFTER_S: Final = 5.0  # when a message that all modems failed is worth another try


class Broker:
    def __init__(
        self, ledger: Ledger, keys: Keys, settings: Settings, *, return_grace_s: float = RETURN_GRACE_S
    ) -> None:
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._ledger = ledger
        self._keys = keys
        self.timers = Timers()
        self._recall = Recall(ledger, keys)
        self._tally = Tally()
        self._answers: list[Callable[[], None]] = []
        self._stopping = False
        self.alarms: dict[str, dict[str, str | int]] = {}
        self.blocklist = BlockList(ledger)
        self.fleet = Fleet(ledger)
        self.places = Placement(self.fleet, ledger, self.timers, self._no_modem_came_back, return_grace_s)
        self._events = Events(self.timers, self.tell_followers)
        self._watch = Watch(self.fleet, self.timers, self._watched_long_enough)
        self._timelines = Timelines()
        self.limits = Limits(ledger, settings.limits, self._timelines)
        self.sms = settings.sms
        self.configure(settings)

    def configure(self, settings: Settings) -> None:
        """Take new settings; what is in flight stays, what waits is routed anew."""
        with self._held():
            self.sms = settings.sms
            self.limits.settings = settings.limits
            self.fleet.configure(settings.modems.modems, settings.sms, settings.general)
            self._abandon(self.places.lose_inactive())
            self._modems_changed()

    def _modems_changed(self) -> None:
        """Others may send now than before: who waits is routed anew, who watches is told."""
        self.places.place_all()
        self._answers.extend(self._watch.changed())

    def _abandon(self, errands: list[Errand]) -> None:
        self._answers.extend(partial(errand.abandon, "modem.not_ready") for errand in errands)

    # -- doors --------------------------------------------------------------------------------------------------

    def msisdn(self, raw: str, *, short_code: bool = False) -> str:
        return canonical(raw, self.sms.country_code, self.sms.international_prefixes, short_code=short_code)

    def send(self, call: Send, waiter: Waiter) -> None:
        """Accept one message; `waiter` gets its word once. Raises `BrokerError` for what is refused.

        Blocked, invalid, too long, over a limit, or without any modem that could: refused before anything happens.
        """
        try:
            msisdn = self.msisdn(call.msisdn, short_code=call.short_code)
            if not call.short_code:
                numbers.check(msisdn, self.sms.country_code, self.limits.settings)
            parts = segments(call.text, transliterate=self.sms.transliterate)
            life_s = lifetime_s(call.lifetime_s, self.sms.lifetime_s)
            with self._held():
                self._refuse_when_blocked(msisdn)
                earlier, doubtful = self._recall.earlier(call, msisdn, self.sms, single=len(parts) == 1)
                if earlier is not None:
                    self._repeat(earlier, call, waiter)
                    return
                now = time.monotonic()
                wait_s = call.deadline_s or self.sms.deadline_s
                message = OutgoingMessage(
                    id=call.message_id or self._keys.message_id(),
                    door=call.door,
                    user=call.user,
                    msisdn=msisdn,
                    number_key=self._keys.number(msisdn),
                    text=call.text,
                    segments=parts,
                    accepted_at=self._timelines.now(),
                    started_s=now,
                    expires_s=now + life_s,
                    answer_by_s=now + (min(life_s, wait_s) if call.wait else life_s),
                    short_code=call.short_code and len(msisdn) < 8,
                    pinned=call.modem,
                    sender_id=call.id,
                    reference=call.reference,
                    callback=call.callback,
                    resent=doubtful,
                )
                self._accept(call, message, waiter)
        except BrokerError as error:
            self._tally.refused(error.code)
            raise

    def _refuse_when_blocked(self, msisdn: str) -> None:
        if msisdn in self.blocklist:
            raise BrokerError(ResponseCode.BLOCKED, "number.blocked")

    def _accept(self, call: Send, message: OutgoingMessage, waiter: Waiter) -> None:
        self._refuse_when_hopeless(message, accepted_before=call.redelivered)
        if not message.pinned:
            self.limits.check(message.number_key, message.msisdn, message.user)
        self._recall.begin(call, message, self.sms)
        self.limits.began(message.number_key, message.id)
        self._tally.accepted()
        message.answer_timer = self.timers.at(message.answer_by_s, lambda: self._answer_is_due(message))
        if call.wait:
            message.waiters.append(waiter)
        else:
            queued = message.outcome("queued")
            self._ledger.write_now(schema.UPSERT, message.row("queued"), lambda: waiter(queued))
        self.places.place(message)

    def _refuse_when_hopeless(self, message: OutgoingMessage, *, accepted_before: bool) -> None:
        """No modem that could: 1101 at once. Too many before it, or our end is near: 503.

        What our last life accepted waits for a modem like everything accepted: they are only coming up.
        """
        if self._stopping:
            raise BrokerError(ResponseCode.FAILED, "dispatch.stopping", retry_after_s=5)
        if message.pinned and message.pinned not in self.fleet.settings:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "modem.unknown", modem=message.pinned)
        if not accepted_before and not self.places.chosen(message):
            raise BrokerError(ResponseCode.NO_MODEM, "route.no_modem")
        most = self._tally.most_waiting(self.fleet.ready())
        if self.places.waiting >= most:
            raise BrokerError(ResponseCode.LIMIT, "queue.full", retry_after_s=5, most=most)

    def _repeat(self, earlier: OutgoingMessage | Sent, call: Send, waiter: Waiter) -> None:
        """Join the message that is in flight, or give the word that stands."""
        if isinstance(earlier, Sent):
            self._answers.append(partial(waiter, replace(earlier, replayed=True)))
        elif call.wait:
            earlier.waiters.append(lambda sent: waiter(replace(sent, replayed=True)))
        else:
            self._answers.append(partial(waiter, replace(earlier.outcome("queued"), replayed=True)))

    # -- the modem floor's side: JobSource, Conductor, Events -----------------------------------------------------

    def take(self, modem_id: str) -> Job | None:
        """The next piece of work for a ready, free modem; None makes it known as free."""
        with self._held():
            work = self.places.take(modem_id)
            return SendJob(work, self) if isinstance(work, OutgoingMessage) else work

    def release_text(self, message: OutgoingMessage) -> None:
        """Called between the modem's prompt and the text; see `jobs.Conductor`."""
        slow = message.ticket is not None and not message.ticket.wait()
        with self._lock:
            if slow:
                self.alarms["alarm.state_slow"] = {}
            else:
                self.alarms.pop("alarm.state_slow", None)
            if message.final is not None:
                raise WithdrawnError
            message.text_out = True

    def submitted(self, message: OutgoingMessage, references: list[int]) -> None:
        with self._held():
            crossed = self.fleet.count(message.modem, len(message.segments))
            self._tally.paced(time.monotonic() - message.assigned_s)
            self._finish(message, message.outcome("submitted"), references)
            if crossed:
                self._modems_changed()

    def not_submitted(self, message: OutgoingMessage, error: ModemError, parts_out: int) -> None:
        with self._held():
            if parts_out and self.fleet.count(message.modem, parts_out):
                self._modems_changed()
            if message.final is not None:
                return
            message.attempts += 1
            key, params = error.key, error.params
            answered = message.answer_by_s < time.monotonic()  # its sender has gone with a word: nothing may follow
            if error.blame is Blame.UNKNOWN and (answered or not self._may_resend(message)):
                self._finish(message, message.outcome("unknown", key=key, params=params))
            elif error.blame is Blame.MESSAGE or answered:
                self._fail(message, key, params)
            else:
                message.resent = message.resent or error.blame is Blame.UNKNOWN
                self._try_elsewhere(message, error)

    def _may_resend(self, message: OutgoingMessage) -> bool:
        """A second copy of a one-time password harms nobody, a missing one does; once, and only where allowed."""
        return (
            self.sms.resend_unknown
            and not message.resent
            and len(message.segments) == 1
            and not message.pinned
            and bool(self.fleet.choice_without(message.msisdn, (*message.excluded, message.modem)).modems)
        )

    def _try_elsewhere(self, message: OutgoingMessage, error: ModemError) -> None:
        message.text_out = False
        message.excluded = (*message.excluded, message.modem)
        if self.places.chosen(message):
            self.places.place(message)
        elif self.places.is_hopeless(message):
            message.excluded = ()  # the modem itself went away: it may come back
            self.places.place(message)
        elif error.blame is Blame.TRANSIENT and message.rounds < _MOST_ROUNDS and not message.resent:
            message.rounds += 1
            message.excluded = ()
            self.places.place_later(message, _ROUND_PAUSE_S * message.rounds, lambda: self._again(message))
        else:
            self._fail(message, error.key, error.params, may_pass=True)

    def _again(self, message: OutgoingMessage) -> None:
        with self._held():
            if message.timer is not None:
                message.timer = None
                self.places.place(message)

    def requeue(self, message: OutgoingMessage) -> None:
        with self._held():
            if message.final is None:
                self.places.place(message)

    def status_changed(self, modem_id: str, status: ModemStatus) -> None:
        with self._held():
            before = self.fleet.status(modem_id)
            self.fleet.set_status(modem_id, status)
            if (before.state is ModemState.READY) == (status.state is ModemState.READY):
                return
            if status.state is not ModemState.READY:
                self._abandon(self.places.lose(modem_id))
            self._modems_changed()

    def delivery_report(self, modem_id: str, tp_mr: int, tp_ra: str, delivered: bool | None, reason: str) -> None:
        """Match a STATUS-REPORT to the newest message of that modem, number and reference."""
        if delivered is None:
            return
        try:
            number_key = self._keys.number(self.msisdn(tp_ra, short_code=True))
        except BrokerError:
            return
        since = self._timelines.since(_STATUS_REPORT_WINDOW_S)
        row = (f",{tp_mr},", modem_id, number_key, since)
        if delivered:
            self._ledger.change(schema.DELIVERED, row, self._reported)
        else:
            self._ledger.change(schema.NOT_DELIVERED, (*row, reason), self._reported)

    def _reported(self, rows: list[Row]) -> None:
        """In the ledger's thread: the message that a delivery report was about, where there was one."""
        with self._held():
            for row in rows:
                self._events.reported(told(row))

    def inbox_changed(self, modem_id: str) -> None:
        """Incoming SMS stay in the modem and are shown from there."""

    def alarm(self, modem_id: str, key: str, params: dict[str, str | int]) -> None:
        """What needs a hand; an alarm whose key ends with `.over` takes the one before it back."""
        name = f"{modem_id} {key.removesuffix('.over')}"
        if key.endswith(".over"):
            self.alarms.pop(name, None)
        else:
            self.alarms[name] = {"modem": modem_id, **params}

    # -- ends ---------------------------------------------------------------------------------------------------

    def _answer_is_due(self, message: OutgoingMessage) -> None:
        """The sender waits no longer. Not begun: it expires. Text out: unknown for now, the modem may yet tell."""
        with self._held():
            if message.final is not None:
                return
            if message.text_out:
                self._answer(message, message.outcome("unknown", key="message.no_answer_in_time"))
            elif message.resent:
                self._finish(message, message.outcome("unknown", key="message.expired_in_queue"))
            else:
                self._finish(message, message.outcome("expired", key="message.expired_in_queue"))

    def _no_modem_came_back(self, message: OutgoingMessage) -> None:
        with self._held():
            if message.timer is not None:
                self._fail(message, "route.no_modem", {}, ResponseCode.NO_MODEM, may_pass=True)

    def withdraw(self, msisdn: str) -> None:
        """A number was blocked: what waits for it goes nowhere."""
        with self._held():
            for message in [m for m in self._recall.in_flight.values() if m.msisdn == msisdn and not m.text_out]:
                self._fail(message, "number.blocked", {}, ResponseCode.BLOCKED)

    def _fail(
        self,
        message: OutgoingMessage,
        key: str,
        params: dict[str, str | int],
        code: ResponseCode = ResponseCode.FAILED,
        *,
        may_pass: bool = False,
    ) -> None:
        """A message that may have gone out once already is never called failed. `may_pass`: it is worth a later try."""
        if message.resent:
            self._finish(message, message.outcome("unknown", key=key, params=params))
        else:
            wait_s = RETRY_AFTER_S if may_pass else None
            self._finish(message, message.outcome("failed", code=code, key=key, params=params, retry_after_s=wait_s))

    def _finish(self, message: OutgoingMessage, sent: Sent, references: list[int] | None = None) -> None:
        if message.final is not None:
            return
        message.final = sent
        self.places.forget(message)
        self.timers.cancel(message.answer_timer)
        self._recall.end(message, sent)
        latency_ms = int((time.monotonic() - message.started_s) * 1000)
        self._tally.ended(sent, latency_ms)
        self._events.ended(message, sent, latency_ms)
        if message.ticket is None:
            self._ledger.write(schema.UPSERT, message.row(sent.state))
        marks = "".join(f",{reference}" for reference in references or ()) + ","
        row = (sent.state, sent.modem, sent.key, latency_ms, sent.cost, sent.resent, marks, sent.message_id)
        log = self._log_line(message, sent, latency_ms)
        self._ledger.write(schema.OUTCOME, row, partial(self._stored, message, log))
        self._answer(message, sent)
        if self._stopping and not self._recall.in_flight:
            self._idle.notify_all()

    def _stored(self, message: OutgoingMessage, log: Callable[[], None] | None) -> None:
        """In the ledger's thread: the outcome is in it."""
        with self._lock:
            self.limits.ended(message.number_key, message.id)
        if log is not None:
            log()

    def _answer(self, message: OutgoingMessage, sent: Sent) -> None:
        for waiter in message.waiters:
            self._answers.append(partial(waiter, sent))
        message.waiters.clear()

    def _log_line(self, message: OutgoingMessage, sent: Sent, latency_ms: int) -> Callable[[], None] | None:
        if not self.sms.log_sms:
            return None
        parts, units = len(message.segments), message.units
        told = (message.door, message.user or "-", message.masked, sent.modem or "-", sent.state, sent.key)
        return lambda: _LOG.info("sms %s %s %s %s %s %s parts=%d units=%d %d ms", *told, parts, units, latency_ms)

    # -- telling ------------------------------------------------------------------------------------------------

    def find(self, message_id: str) -> tuple[Owner, Sent] | None:
        """Who sent a message and how it stands."""
        with self._lock:
            return self._recall.find(message_id)

    def explain(self, msisdn: str, refusal: BrokerError | None) -> RouteExplanation:
        with self._lock:
            return explain(msisdn, self.fleet, self.sms.routing, refusal)

    def counters(self) -> Counters:
        with self._lock:
            queued = self.places.waiting
            return self._tally.counters(queued=queued, in_flight=len(self._recall.in_flight) - queued)

    def post(self, modem: str, errand: Errand) -> None:
        """An administrator's command for one modem. Raises 1105 where there is no such modem."""
        with self._held():
            if modem not in self.fleet.settings:
                raise BrokerError(ResponseCode.INVALID_REQUEST, "modem.unknown", modem=modem)
            self.places.post(modem, errand)

    def facts(self) -> list[ModemFacts]:
        with self._lock:
            return [replace(facts, busy=self.places.is_busy(facts.id)) for facts in self.fleet.facts()]

    def await_sendable(self, known: Sendable | None, answer: Answer) -> None:
        """`answer` gets what can be sent: at once where it is not as `known`, else with the next change."""
        with self._held():
            at_once = self._watch.add(known, answer)
            if at_once is not None:
                self._answers.append(at_once)

    def _watched_long_enough(self, watcher: Watcher) -> None:
        with self._held():
            self._answers.extend(self._watch.waited(watcher))

    def await_outcomes(self, call: AwaitOutcomes, answer: AnswerOutcomes) -> None:
        """`answer` gets the events after those that are known: at once where there are any, else when they come."""
        with self._held():
            at_once = self._events.add(call, answer)
            if at_once is not None:
                self._answers.append(at_once)

    def tell_followers(self) -> None:
        """Those who wait for outcomes get what there is, now."""
        with self._held():
            self._answers.extend(self._events.tell())

    def told_alarms(self) -> list[tuple[str, dict[str, str | int]]]:
        with self._lock:
            return list(self.alarms.items())

    # -- end of life --------------------------------------------------------------------------------------------

    def drain(self, timeout_s: float) -> None:
        """Take nothing new; wait until every accepted message has ended, at most `timeout_s`."""
        with self._idle:
            self._stopping = True
            self._idle.wait_for(lambda: not self._recall.in_flight, timeout_s)
        with self._held():
            for message in list(self._recall.in_flight.values()):
                if not message.text_out:
                    self._fail(message, "dispatch.stopping", {}, may_pass=True)

    def close(self) -> None:
        self.timers.stop()

    @contextmanager
    def _held(self) -> Iterator[None]:
        """The lock; answers that came up under it go out after it."""
        with self._lock:
            try:
                yield
            finally:
                answers, self._answers = self._answers, []
        for answer in answers:
            answer()
