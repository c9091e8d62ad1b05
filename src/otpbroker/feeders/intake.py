"""From a delivery to its end: its commands are read, done in order or side by side, answered, and it is settled."""

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

import msgspec

from otpbroker.doors.commands import Commands, refusal
from otpbroker.doors.contract import Outcome, Sender
from otpbroker.envelope.commands import BlockMsisdn, Command, RequestOtp, SendMail, SendSms
from otpbroker.envelope.lifetime import lifetime_s
from otpbroker.envelope.parse import Frame, read_command, read_frames
from otpbroker.envelope.reply import Reply
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.feeders.board import Board
from otpbroker.feeders.held import Held
from otpbroker.feeders.item import Item, Taken
from otpbroker.feeders.link import Link, Verdict
from otpbroker.feeders.retrying import MALFORMED, pause_s, retry_after_s
from otpbroker.texts import Language

_LOG: Final = logging.getLogger(__name__)
_ENCODER: Final = msgspec.json.Encoder()
MOST_OCTETS: Final = 1 << 20
RESTART_S: Final = 5.0  # of dispatch; a heartbeat is longer
_AGAIN_S: Final = 0.1
LONGEST_KEY: Final = 240
MOST_CRASHES: Final = 3
MOST_TRIES: Final = 10  # by the message broker's count, which also counts lost connections
OUTCOMES: Final = frozenset({"send-sms", "send-message", "send-mail", "send-email", "request-otp"})
_NO_FRAME: Final = Frame("", None)


class Poison(Protocol):
    """Who remembers, beyond our own death, what was begun."""

    def begin(self, fingerprint: str) -> int:
        """How often it was begun before and never ended."""

    def end(self, fingerprint: str) -> None: ...


class Policy(NamedTuple):
    """What the settings say of messages. `open_body` gives the plain body, or raises `BrokerError`."""

    lifetime_s: float
    language: Language
    now: Callable[[], float | None]
    open_body: Callable[[bytes, str], bytes]


class Intake:
    """`policy` and the commands' own settings may be replaced at any time; they count for what comes."""

    def __init__(self, commands: Commands, policy: Policy, board: Board, poison: Poison, held: Held) -> None:
        self._commands = commands
        self.policy = policy
        self._board = board
        self._poison = poison
        self._held = held
        self._pause = threading.Event()

    # -- in the link's thread -----------------------------------------------------------------------------------

    def take(self, taken: Taken) -> None:
        """Begin with a delivery."""
        self._board.count("received")
        delivery = taken.delivery
        if self._is_poison(taken):
            self._bury(taken, "feeder.crashed_often")
            return
        if len(delivery.body) > MOST_OCTETS:
            self._tell_refusal(taken, _NO_FRAME, _too_large(len(delivery.body)))
            self._bury(taken, "feeder.too_large")
            return
        try:
            frames = read_frames(self.policy.open_body(delivery.body, delivery.content_type))
        except BrokerError as error:
            self._tell_refusal(taken, _NO_FRAME, error)
            self._bury(taken, _reason(error))
            return
        taken.commands = taken.left = len(frames)
        for at, frame in enumerate(frames):
            self._begin(taken, frame, f"#{at}" if len(frames) > 1 else "")

    def _is_poison(self, taken: Taken) -> bool:
        """A message that others had before is remembered while it is in hand, by a fingerprint that no disk sees."""
        delivery = taken.delivery
        if not delivery.redelivered:
            return False
        taken.fingerprint = hashlib.blake2b(delivery.body, digest_size=16).hexdigest()
        try:
            crashes = self._poison.begin(taken.fingerprint) + 1  # the first time nobody took notice
        except BrokerError:
            crashes = 0
        return crashes >= MOST_CRASHES or delivery.tries >= MOST_TRIES

    def _begin(self, taken: Taken, frame: Frame | BrokerError, part: str) -> None:
        if isinstance(frame, BrokerError):
            self._refused(taken, _NO_FRAME, frame)
            return
        try:
            item = self._item(taken, frame, read_command(frame), part)
        except BrokerError as error:
            self._refused(taken, frame, error)
            return
        if isinstance(item.command, BlockMsisdn):
            self._control(item)
        else:
            self._held.start(item)

    def _control(self, item: Item) -> None:
        """In force before anything that comes after it: the link waits, also for a dispatch between two lives."""
        give_up = time.monotonic() + RESTART_S
        outcome = self._outcome(item)
        while outcome.retry_after_s is not None and time.monotonic() < give_up:
            self._pause.wait(_AGAIN_S)
            outcome = self._outcome(item)
        self._follow(item, outcome)

    def _item(self, taken: Taken, frame: Frame, command: Command, part: str) -> Item:
        """Raises `BrokerError` 1203 where its life is over already."""
        delivery = taken.delivery
        own = (
            lifetime_s(command.timing, self.policy.now())
            if isinstance(command, SendSms | SendMail | RequestOtp)
            else None
        )
        known = [life for life in (own, delivery.lifetime_s) if life is not None]
        until_s = time.monotonic() + min(known, default=self.policy.lifetime_s)
        key = delivery.key + part if delivery.key and len(delivery.key) <= LONGEST_KEY else ""
        return Item(taken, frame, command, until_s, key, self._do, self._let_go)

    # -- in a worker's thread -----------------------------------------------------------------------------------

    def _do(self, item: Item) -> None:
        """Run the command; its outcome is told and counted, or it is kept or passed on for another try."""
        self._follow(item, self._outcome(item))

    def _follow(self, item: Item, outcome: Outcome) -> None:
        code = outcome.reply.response_code
        left_s = item.until_s - time.monotonic()
        wait_s = pause_s(code, outcome.retry_after_s, left_s)
        if wait_s is None:
            self._tell(item.taken, item.frame, outcome.reply)
            self._settle_one(item.taken)
            return
        self._board.count("retried")
        if item.taken.link.passes_on and item.taken.commands == 1:
            self._settle(item.taken, Verdict.RETRY, left_s=left_s)
        else:
            item.no_modem, item.last = code is ResponseCode.NO_MODEM, outcome.reply
            self._held.hold(item, wait_s)

    def _outcome(self, item: Item) -> Outcome:
        left_s = item.until_s - time.monotonic()
        sender = Sender(
            language=self.policy.language,
            lifetime_s=left_s,
            delivery_key=item.key,
            broker_redelivered=item.taken.delivery.redelivered,
        )
        try:
            if left_s <= 0:
                raise BrokerError(ResponseCode.EXPIRED, "message.expired_in_queue")  # noqa: TRY301 - as dispatch says it
            return self._commands.run(item.command, sender)
        except BrokerError as error:
            return Outcome(refusal(item.frame, error, self.policy.language), retry_after_s=retry_after_s(error))

    # -- ends ---------------------------------------------------------------------------------------------------

    def drop(self, link: Link) -> None:
        """The link ends: what waits for another try goes back with it."""
        self._held.drop(link)

    def _let_go(self, item: Item) -> None:
        """It is not kept for another try: somebody has it again, or else its last outcome is the last word."""
        if item.taken.link.gives_back:
            self._end(item.taken)
            return
        crowded = BrokerError(ResponseCode.LIMIT, "feeder.crowded")
        self._tell(item.taken, item.frame, item.last or refusal(item.frame, crowded, self.policy.language))
        self._settle_one(item.taken)

    def _refused(self, taken: Taken, frame: Frame, error: BrokerError) -> None:
        """Before it was begun: a command that cannot be read, or that came too late."""
        self._tell_refusal(taken, frame, error)
        if error.code in MALFORMED:
            taken.malformed += 1
            taken.reason = _reason(error)
        self._settle_one(taken)

    def _tell_refusal(self, taken: Taken, frame: Frame, error: BrokerError) -> None:
        self._tell(taken, frame, refusal(frame, error, self.policy.language))

    def _tell(self, taken: Taken, frame: Frame, reply: Reply) -> None:
        self._board.answered(reply.response_code)
        body = _ENCODER.encode(reply)
        delivery = taken.delivery
        for topic in {delivery.reply_to, frame.callback_topic} - {""}:
            taken.link.answer(topic, body, delivery.correlation_id)
        if frame.command in OUTCOMES:
            taken.link.result(body, delivery.correlation_id)

    def _settle_one(self, taken: Taken) -> None:
        """One command has its outcome; the last one settles the delivery."""
        if not taken.one_done():
            return
        if taken.malformed == taken.commands:
            self._bury(taken, taken.reason)
        else:
            self._settle(taken, Verdict.DONE)

    def _bury(self, taken: Taken, reason: str) -> None:
        self._board.count("dead")
        _LOG.warning("a message of %d octets is put aside: %s", len(taken.delivery.body), reason)
        self._settle(taken, Verdict.DEAD, reason)

    def _settle(self, taken: Taken, verdict: Verdict, reason: str = "", left_s: float = 0.0) -> None:
        taken.link.settle(taken.delivery, verdict, reason, left_s)
        self._end(taken)

    def _end(self, taken: Taken) -> None:
        if taken.fingerprint:
            try:
                self._poison.end(taken.fingerprint)
            except BrokerError:
                _LOG.info("dispatch is away; a message that comes again may be taken for one that crashed us")
        taken.ended(taken)


def _reason(error: BrokerError) -> str:
    """For logs and headers: code and key, without what the message itself says."""
    return f"{error.code.value} {error.key}"


def _too_large(octets: int) -> BrokerError:
    return BrokerError(ResponseCode.INVALID_REQUEST, "feeder.too_large", octets=octets, most=MOST_OCTETS)
