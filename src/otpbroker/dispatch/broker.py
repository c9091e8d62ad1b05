"""The heart of dispatch: accepts messages, gives each to one modem, and says once how it ended (DESIGN §4).

One lock holds all of it; sections under it are short and never touch a port or a disk. Answers go out after the lock.
"""

import logging
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from msgspec.structs import replace

from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.modems import ModemsSection
from otpbroker.config.sections.sms import LimitsSection, SmsSection
from otpbroker.dispatch import numbers, schema
from otpbroker.dispatch.blocklist import BlockList
from otpbroker.dispatch.duplicates import CONTENT_WINDOW_S, IDEMPOTENCY_WINDOW_S, Duplicates
from otpbroker.dispatch.explain import explain
from otpbroker.dispatch.fleet import Fleet
from otpbroker.dispatch.jobs import Errand, SendJob
from otpbroker.dispatch.keys import Keys
from otpbroker.dispatch.ledger import Ledger
from otpbroker.dispatch.limits import Limits
from otpbroker.dispatch.message import OutgoingMessage, Waiter, WithdrawnError, lifetime_s
from otpbroker.dispatch.past import Past
from otpbroker.dispatch.pending import Pending
from otpbroker.dispatch.router import Rotation
from otpbroker.dispatch.timers import Timers
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.modem.contract import Blame, Job, ModemError
from otpbroker.modem.status import ModemState, ModemStatus
from otpbroker.msisdn import canonical
from otpbroker.sms.segment import segments
from otpbroker.system.clock import wall_s
from otpbroker.verbs.dispatch import Counters, LedgerRow, ModemFacts, RouteExplanation, Send, Sent, State

_LOG: Final = logging.getLogger(__name__)
_STATUS_REPORT_WINDOW_S: Final = 3 * 86400
RETURN_GRACE_S: Final = 10.0  # how long an accepted message waits for its only modem to come back
_ROUND_PAUSE_S: Final = 0.5
_MOST_ROUNDS: Final = 2
_RECENT: Final = 1000
_QUEUE_S: Final = 60.0
_LEAST_QUEUE: Final = 100
_MOST_QUEUE: Final = 5000


Owner = tuple[str, str]  # door and user


@dataclass(frozen=True, slots=True)
class Settings:
    """The sections dispatch lives by."""

    modems: ModemsSection
    sms: SmsSection
    limits: LimitsSection
    general: GeneralSection


class Owners(Protocol):
    """The threads that own the modems, by modem id."""

    def wake(self, modem_id: str) -> None:
        """There is something to `take`."""

    def post(self, modem_id: str, job: Job) -> None:
        """Work for a modem that answers but cannot send now; abandoned where it does not answer."""


class Broker:
    """`owners` is set by whoever made both; no modem is ready before."""

    owners: Owners

    def __init__(
        self, ledger: Ledger, keys: Keys, settings: Settings, *, return_grace_s: float = RETURN_GRACE_S
    ) -> None:
        self._return_grace_s = return_grace_s
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._ledger = ledger
        self._keys = keys
        self._past = Past(ledger, keys)
        self._duplicates = Duplicates()
        self._timers = Timers()
        self._rotation = Rotation()
        self._pending = Pending()
        self._free: set[str] = set()
        self._slots: dict[str, OutgoingMessage] = {}
        self._errands: dict[str, deque[Errand]] = {}
        self._messages: dict[str, OutgoingMessage] = {}
        self._recent: OrderedDict[str, tuple[Owner, Sent]] = OrderedDict()
        self._answers: list[Callable[[], None]] = []
        self._counts: Counter[str] = Counter()
        self._by_modem: Counter[str] = Counter()
        self._latency_ms_sum = 0.0
        self._pace_s = 0.2  # seconds a modem takes for a message, smoothed
        self._stopping = False
        self.alarms: dict[str, dict[str, str | int]] = {}
        self.blocklist = BlockList(ledger)
        self.fleet = Fleet(ledger)
        self.limits = Limits(ledger, settings.limits)
        self.sms = settings.sms
        self.configure(settings)

    def configure(self, settings: Settings) -> None:
        """Take new settings; what is in flight stays, what waits is routed anew."""
        with self._held():
            self.sms = settings.sms
            self.limits.settings = settings.limits
            self.fleet.configure(settings.modems.modems, settings.sms, settings.general)
            for modem in list(self._free | self._slots.keys() | self._errands.keys()):
                if modem not in self.fleet.settings or not self.fleet.settings[modem].active:
                    self._lose(modem)
            self._place_all()

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
                if self._is_repeated(call, msisdn, waiter, single=len(parts) == 1):
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
                    accepted_at=wall_s(),
                    started_s=now,
                    expires_s=now + life_s,
                    answer_by_s=now + (min(life_s, wait_s) if call.wait else life_s),
                    short_code=call.short_code and len(msisdn) < 8,
                    pinned=call.modem,
                    resent=self._is_in_doubt(call),
                )
                self._accept(call, message, waiter)
        except BrokerError as error:
            self._counts[f"refused.{error.code.value}"] += 1
            raise

    def _refuse_when_blocked(self, msisdn: str) -> None:
        if msisdn in self.blocklist:
            raise BrokerError(ResponseCode.BLOCKED, "number.blocked")

    def _accept(self, call: Send, message: OutgoingMessage, waiter: Waiter) -> None:
        self._refuse_when_hopeless(message, accepted_before=call.redelivered)
        if not message.pinned:
            self.limits.check(message.number_key, message.msisdn, message.user)
        self._remember(call, message)
        self._messages[message.id] = message
        self.limits.under_way[message.number_key] += 1
        self._counts["accepted"] += 1
        message.answer_timer = self._timers.at(message.answer_by_s, lambda: self._answer_is_due(message))
        if call.wait:
            message.waiters.append(waiter)
        else:
            queued = message.outcome("queued")
            self._ledger.write(schema.UPSERT, message.row("queued"), lambda: waiter(queued))
        self._place(message)

    def _refuse_when_hopeless(self, message: OutgoingMessage, *, accepted_before: bool) -> None:
        """No modem that could: 1101 at once. Too many before it, or our end is near: 503.

        What our last life accepted waits for a modem like everything accepted: they are only coming up.
        """
        if self._stopping:
            raise BrokerError(ResponseCode.FAILED, "dispatch.stopping", retry_after_s=5)
        if message.pinned and message.pinned not in self.fleet.settings:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "modem.unknown", modem=message.pinned)
        if not accepted_before and not self._chosen(message):
            raise BrokerError(ResponseCode.NO_MODEM, "route.no_modem")
        most = min(_MOST_QUEUE, max(_LEAST_QUEUE, int(_QUEUE_S * len(self._ready()) / self._pace_s)))
        if len(self._pending) >= most:
            raise BrokerError(ResponseCode.LIMIT, "queue.full", retry_after_s=5, most=most)

    def _ready(self) -> list[str]:
        return [id_ for id_ in self.fleet.settings if self.fleet.status(id_).state is ModemState.READY] or [""]

    # -- repeated requests --------------------------------------------------------------------------------------

    def _sender_keys(self, call: Send, msisdn: str) -> tuple[bytes | None, bytes | None]:
        """The ledger's names of this request: by idempotency key, and by the sender's id and number."""
        idempotency = sender = None
        if call.idempotency_key:
            idempotency = self._keys.sender(b"idempotency", call.door, call.user, call.idempotency_key)
        if call.id:
            door = "" if self.sms.suppress_across_doors else call.door
            user = "" if self.sms.suppress_across_doors else call.user
            sender = self._keys.sender(b"sender", door, user, call.id, msisdn)
        return idempotency, sender

    def _is_repeated(self, call: Send, msisdn: str, waiter: Waiter, *, single: bool) -> bool:
        """Answer a request that is known already with its own outcome; False: it is new, or to be tried afresh."""
        idempotency, sender = self._sender_keys(call, msisdn)
        content = self._keys.content(msisdn, call.text)
        if call.message_id in self._messages:
            return self._replay(call, call.message_id, waiter)
        if call.redelivered:
            doubtful = self._is_in_doubt(call)
            return not (doubtful and single and self.sms.resend_unknown) and self._replay(call, call.message_id, waiter)
        if idempotency is not None:
            known = self._duplicates.find(idempotency)
            if known is not None and known.content != content:
                raise BrokerError(ResponseCode.INVALID_REQUEST, "idempotency.other_content")
            message_id = known.message_id if known else self._past.by_idempotency_key(idempotency, msisdn, call.text)
            return bool(message_id) and self._replay(call, message_id, waiter)
        if sender is not None:
            known = self._duplicates.find(sender + content)
            return known is not None and self._replay(call, known.message_id, waiter)
        if self.sms.suppress_across_doors:
            known = self._duplicates.find(content)
            return known is not None and self._replay(call, known.message_id, waiter)
        return False

    def _is_in_doubt(self, call: Send) -> bool:
        """Whether our last life may have sent this message, and this one has not tried it yet."""
        return call.redelivered and call.message_id not in self._recent and self._past.in_doubt(call.message_id)

    def _replay(self, call: Send, message_id: str, waiter: Waiter) -> bool:
        """Join the message that is in flight, or give the word on one that was sent or may have been."""
        in_flight = self._messages.get(message_id)
        if in_flight is not None and call.wait:
            in_flight.waiters.append(lambda sent: waiter(replace(sent, replayed=True)))
            return True
        if in_flight is not None:
            queued = replace(in_flight.outcome("queued"), replayed=True)
            self._answers.append(lambda: waiter(queued))
            return True
        _, sent = self._recent.get(message_id) or self._past.find(message_id) or (None, None)
        if sent is None or sent.state not in ("submitted", "delivered", "unknown"):
            return False
        replayed = replace(sent, replayed=True)
        self._answers.append(lambda: waiter(replayed))
        return True

    def _remember(self, call: Send, message: OutgoingMessage) -> None:
        message.idempotency_key, message.sender_key = self._sender_keys(call, message.msisdn)
        content = self._keys.content(message.msisdn, message.text)
        if message.idempotency_key is not None:
            self._duplicates.remember(message.idempotency_key, message.id, content, IDEMPOTENCY_WINDOW_S)
        if message.sender_key is not None:
            self._duplicates.remember(message.sender_key + content, message.id, content, CONTENT_WINDOW_S)
        elif self.sms.suppress_across_doors:
            self._duplicates.remember(content, message.id, content, CONTENT_WINDOW_S)

    # -- placing ------------------------------------------------------------------------------------------------

    def _chosen(self, message: OutgoingMessage) -> tuple[str, ...]:
        if not message.pinned:
            return self.fleet.choice_without(message.msisdn, message.excluded).modems
        settings = self.fleet.settings.get(message.pinned)
        ready = settings and settings.active and self.fleet.status(message.pinned).state is ModemState.READY
        return (message.pinned,) if ready and message.pinned not in message.excluded else ()

    def _place(self, message: OutgoingMessage) -> None:
        """Give the message to a free modem of its chosen set, or let it wait for one."""
        if message.final is not None:
            return
        modems = self._chosen(message)
        modem = self._rotation.pick(modems, self._free)
        if modem is not None:
            self._free.discard(modem)
            self._slots[modem] = message
            self._assign(message, modem)
            self.owners.wake(modem)
            return
        self._pending.add(modems, message)
        if modems:
            self._cancel_timer(message)
        elif message.timer is None:
            grace = time.monotonic() + self._return_grace_s
            message.timer = self._timers.at(grace, lambda: self._no_modem_came_back(message))

    def _place_all(self) -> None:
        waiting = self._pending.take_all()
        for message in waiting:
            self._place(message)

    def _assign(self, message: OutgoingMessage, modem: str) -> None:
        """From here on the ledger says that this modem may send it."""
        self._cancel_timer(message)
        message.modem = modem
        message.assigned_s = time.monotonic()
        message.price = self.fleet.price(modem, message.msisdn, len(message.segments))
        message.ticket = self._ledger.intend(message.row("sending"))

    def _cancel_timer(self, message: OutgoingMessage) -> None:
        """A timer that has gone off already and waits for the lock finds `timer` gone and does nothing."""
        self._timers.cancel(message.timer)
        message.timer = None

    def _lose(self, modem: str) -> None:
        """The modem can take nothing any more; what it was given and has not begun goes elsewhere."""
        self._free.discard(modem)
        for errand in self._errands.pop(modem, ()):
            self._answers.append(partial(errand.abandon, "modem.not_ready"))
        message = self._slots.pop(modem, None)
        if message is not None:
            self._place(message)

    # -- the modem floor's side: JobSource, Conductor, Events -----------------------------------------------------

    def take(self, modem_id: str) -> Job | None:
        """The next piece of work for a ready, free modem; None makes it known as free."""
        with self._held():
            self._free.discard(modem_id)
            given = self._slots.pop(modem_id, None)
            if given is not None and given.final is None:
                return SendJob(given, self)
            errands = self._errands.get(modem_id)
            if errands:
                return errands.popleft()
            message = self._pending.take(modem_id)
            if message is not None:
                self._assign(message, modem_id)
                return SendJob(message, self)
            if modem_id in self.fleet.settings and self.fleet.settings[modem_id].active:
                self._free.add(modem_id)
            return None

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
            took_s = time.monotonic() - message.assigned_s
            self._pace_s += (min(took_s, _QUEUE_S) - self._pace_s) / 16
            self._finish(message, message.outcome("submitted"), references)
            if crossed:
                self._place_all()

    def not_submitted(self, message: OutgoingMessage, error: ModemError, parts_out: int) -> None:
        with self._held():
            if parts_out and self.fleet.count(message.modem, parts_out):
                self._place_all()
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
        if self._chosen(message):
            self._place(message)
        elif not self._without_exclusion(message):
            message.excluded = ()  # the modem itself went away: it may come back
            self._place(message)
        elif error.blame is Blame.TRANSIENT and message.rounds < _MOST_ROUNDS and not message.resent:
            message.rounds += 1
            message.excluded = ()
            again = time.monotonic() + _ROUND_PAUSE_S * message.rounds
            message.timer = self._timers.at(again, lambda: self._again(message))
        else:
            self._fail(message, error.key, error.params)

    def _without_exclusion(self, message: OutgoingMessage) -> tuple[str, ...]:
        excluded, message.excluded = message.excluded, ()
        modems = self._chosen(message)
        message.excluded = excluded
        return modems

    def _again(self, message: OutgoingMessage) -> None:
        with self._held():
            if message.timer is not None:
                message.timer = None
                self._place(message)

    def requeue(self, message: OutgoingMessage) -> None:
        with self._held():
            if message.final is None:
                self._place(message)

    def status_changed(self, modem_id: str, status: ModemStatus) -> None:
        with self._held():
            before = self.fleet.status(modem_id)
            self.fleet.set_status(modem_id, status)
            if (before.state is ModemState.READY) == (status.state is ModemState.READY):
                return
            if status.state is not ModemState.READY:
                self._lose(modem_id)
            self._place_all()

    def delivery_report(self, modem_id: str, tp_mr: int, tp_ra: str, delivered: bool | None, reason: str) -> None:
        """Match a STATUS-REPORT to the newest message of that modem, number and reference."""
        if delivered is None:
            return
        try:
            number_key = self._keys.number(self.msisdn(tp_ra, short_code=True))
        except BrokerError:
            return
        since = wall_s() - _STATUS_REPORT_WINDOW_S
        row = (f",{tp_mr},", modem_id, number_key, since)
        if delivered:
            self._ledger.write(schema.DELIVERED, row)
        else:
            self._ledger.write(schema.NOT_DELIVERED, (*row, reason))

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
                self._fail(message, "route.no_modem", {}, ResponseCode.NO_MODEM)

    def withdraw(self, msisdn: str) -> None:
        """A number was blocked: what waits for it goes nowhere."""
        with self._held():
            for message in [m for m in self._messages.values() if m.msisdn == msisdn and not m.text_out]:
                self._fail(message, "number.blocked", {}, ResponseCode.BLOCKED)

    def _fail(
        self,
        message: OutgoingMessage,
        key: str,
        params: dict[str, str | int],
        code: ResponseCode = ResponseCode.FAILED,
    ) -> None:
        """A message that may have gone out once already is never called failed."""
        if message.resent:
            self._finish(message, message.outcome("unknown", key=key, params=params))
        else:
            self._finish(message, message.outcome("failed", code=code, key=key, params=params))

    def _finish(self, message: OutgoingMessage, sent: Sent, references: list[int] | None = None) -> None:
        if message.final is not None:
            return
        message.final = sent
        self._pending.discard(message)
        self._cancel_timer(message)
        self._timers.cancel(message.answer_timer)
        del self._messages[message.id]
        self._recent[message.id] = ((message.door, message.user), sent)
        while len(self._recent) > _RECENT:
            self._recent.popitem(last=False)
        latency_ms = int((time.monotonic() - message.started_s) * 1000)
        self._count(sent, latency_ms)
        if message.ticket is None:
            self._ledger.write(schema.UPSERT, message.row(sent.state))
        marks = "".join(f",{reference}" for reference in references or ()) + ","
        row = (sent.state, sent.modem, sent.key, latency_ms, sent.cost, sent.resent, marks, sent.message_id)
        log = self._log_line(message, sent, latency_ms)
        self._ledger.write(schema.OUTCOME, row, partial(self._stored, message, log))
        self._answer(message, sent)
        if self._stopping and not self._messages:
            self._idle.notify_all()

    def _stored(self, message: OutgoingMessage, log: Callable[[], None] | None) -> None:
        """In the ledger's thread: the outcome is in it."""
        with self._lock:
            self.limits.ended(message.number_key)
        if log is not None:
            log()

    def _answer(self, message: OutgoingMessage, sent: Sent) -> None:
        for waiter in message.waiters:
            self._answers.append(partial(waiter, sent))
        message.waiters.clear()

    def _count(self, sent: Sent, latency_ms: int) -> None:
        self._counts[sent.state] += 1
        if sent.state == "submitted":
            self._by_modem[sent.modem] += 1
            self._latency_ms_sum += latency_ms

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
            message = self._messages.get(message_id)
            if message is not None:
                state: State = "sending" if message.text_out else "queued"
                return (message.door, message.user), message.outcome(state)
            recent = self._recent.get(message_id)
        known = self._past.find(message_id)
        return recent if known is None or known[1].state in ("queued", "sending") else known

    def explain(self, msisdn: str, refusal: str) -> RouteExplanation:
        with self._lock:
            return explain(msisdn, self.fleet, self.sms.routing, refusal)

    def newest(self, limit: int, state: str) -> list[LedgerRow]:
        return self._past.newest(limit, state)

    def counters(self) -> Counters:
        with self._lock:
            finals = ("submitted", "failed", "expired", "unknown")
            by_state = {state: self._counts[state] for state in finals}
            by_state |= {name: count for name, count in self._counts.items() if name.startswith("refused.")}
            return Counters(
                queued=len(self._pending),
                in_flight=len(self._messages) - len(self._pending),
                accepted=self._counts["accepted"],
                by_state=by_state,
                by_modem=dict(self._by_modem),
                latency_ms_sum=self._latency_ms_sum,
                latency_count=self._counts["submitted"],
            )

    def post(self, modem: str, errand: Errand) -> None:
        """An administrator's command; it takes its turn before messages."""
        with self._held():
            settings = self.fleet.settings.get(modem)
            if settings is None:
                raise BrokerError(ResponseCode.INVALID_REQUEST, "modem.unknown", modem=modem)
            if self.fleet.status(modem).state is not ModemState.READY or not settings.active:
                self.owners.post(modem, errand)
                return
            self._errands.setdefault(modem, deque()).append(errand)
            self._free.discard(modem)
            self.owners.wake(modem)

    def facts(self) -> list[ModemFacts]:
        with self._lock:
            return self.fleet.facts()

    def told_alarms(self) -> list[tuple[str, dict[str, str | int]]]:
        with self._lock:
            return list(self.alarms.items())

    # -- end of life --------------------------------------------------------------------------------------------

    def drain(self, timeout_s: float) -> None:
        """Take nothing new; wait until every accepted message has ended, at most `timeout_s`."""
        with self._idle:
            self._stopping = True
            self._idle.wait_for(lambda: not self._messages, timeout_s)
        with self._held():
            for message in list(self._messages.values()):
                if not message.text_out:
                    self._fail(message, "dispatch.stopping", {})

    def close(self) -> None:
        self._timers.stop()

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
