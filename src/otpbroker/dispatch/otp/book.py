"""The one-time passwords of this life: which can be verified, and why others cannot. Held by the desk's lock.

No code, number, address or parameter is in it, only fingerprints; all times are monotonic seconds.
"""

import hmac
from collections.abc import Callable
from typing import Final, NamedTuple

from msgspec import Struct, field

from otpbroker.config.sections.otp import OtpSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.outcomes.duplicates import IDEMPOTENCY_WINDOW_S
from otpbroker.verbs.dispatch import Sent

MOST: Final = 10_000
KEPT_S: Final = IDEMPOTENCY_WINDOW_S  # after its time one is known for so long, where there is room
SWEEP_S: Final = 1.0
WENT_OUT: Final = ("submitted", "delivered", "unknown")

Word = Sent | BrokerError
Waiter = Callable[[Word], None]


class Ask(NamedTuple):
    """One request, in fingerprints: `content` of all that is asked, `key` of the name that its sender or message broker
    gave it, empty where none did. An idempotency key `binds`: it may not stand for other content. `again`: a message
    broker had given it to somebody before. `name` is the door's.
    """

    reference: bytes
    receiver: bytes
    content: bytes
    name: str
    key: bytes = b""
    binds: bool = False
    again: bool = False


class Otp(Struct, eq=False):
    """`digest` is empty until the code is made and after its message failed. `used_by` names the question that it was
    the right answer to. `sent` is the word on its message, once there is one; until then `waiters` wait for it. A door
    has it `in_hand` while it is to send it.
    """

    ask: Ask
    salt: bytes
    message_id: str
    opened_s: float
    expires_s: float
    digest: bytes = b""
    tries: int = 0
    used_by: bytes = b""
    sent: Sent | None = None
    in_hand: bool = False
    waiters: list[Waiter] = field(default_factory=list)

    def is_over(self, now_s: float) -> bool:
        """Its time is; until then its reference is taken, also where it was verified or is locked."""
        return now_s >= self.expires_s

    def is_lost(self, ask: Ask) -> bool:
        """Whether the door that has it in hand cannot send it any more: `ask`, which repeats it, says so."""
        return self.in_hand and (ask.again or ask.name == self.ask.name)

    def is_known(self, now_s: float) -> bool:
        return now_s < self.expires_s + KEPT_S


class OtpBook:
    """Remembers at most `most`: full, it takes about 11 MB."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._by_reference: dict[bytes, Otp] = {}
        self._by_key: dict[bytes, Otp] = {}
        self._newest: dict[bytes, Otp] = {}  # by receiver
        self._swept_s = 0.0

    def __len__(self) -> int:
        return len(self._by_reference)

    def find(self, reference: bytes, message_id: str) -> Otp | None:
        otp = self._by_reference.get(reference)
        return otp if otp is not None and otp.message_id == message_id else None

    # -- opening ------------------------------------------------------------------------------------------------

    def repeated(self, ask: Ask, now_s: float) -> Otp | None:
        """The request that this one repeats, but for one whose time ran out in lost hands: it is made afresh. Raises
        1201 where its reference is another's, 1105 where its idempotency key is.
        """
        otp = self._asked_before(ask, now_s)
        return None if otp is not None and otp.is_lost(ask) and otp.is_over(now_s) else otp

    def _asked_before(self, ask: Ask, now_s: float) -> Otp | None:
        named = self._by_key.get(ask.key)
        if named is not None and named.is_known(now_s):
            if named.ask.content == ask.content:
                return named
            if ask.binds:
                raise BrokerError(ResponseCode.INVALID_REQUEST, "idempotency.other_content")
        known = self._by_reference.get(ask.reference)
        if known is None or not known.is_known(now_s):
            return None
        if known.ask.name == ask.name or (ask.again and not ask.key and known.ask.content == ask.content):
            return known
        if known.is_over(now_s):
            return None
        raise BrokerError(ResponseCode.DUPLICATE_REFERENCE, "otp.duplicate")

    def open(self, otp: Otp, resend_s: float) -> None:
        """Raises 1107 where its receiver had another lately, or too many are open."""
        now_s = otp.opened_s
        newest = self._newest.get(otp.ask.receiver)
        if newest is not None and (wait_s := newest.opened_s + resend_s - now_s) > 0:
            raise BrokerError(ResponseCode.LIMIT, "otp.resend", retry_after_s=wait_s, seconds=int(wait_s) + 1)
        self._make_room(now_s)
        earlier = self._by_reference.get(otp.ask.reference)
        if earlier is not None:
            self._forget(earlier)
        self._by_reference[otp.ask.reference] = self._newest[otp.ask.receiver] = otp
        if otp.ask.key:
            self._by_key[otp.ask.key] = otp

    def _make_room(self, now_s: float) -> None:
        """Where none is left, forget all that is over."""
        if len(self) >= self._most and now_s >= self._swept_s + SWEEP_S:
            self._swept_s = now_s
            for otp in [otp for otp in self._by_reference.values() if otp.is_over(now_s)]:
                self._forget(otp)
        if len(self) >= self._most:
            raise BrokerError(ResponseCode.LIMIT, "otp.too_many", retry_after_s=SWEEP_S, most=self._most)

    def _forget(self, otp: Otp) -> None:
        for names, name in (
            (self._by_reference, otp.ask.reference),
            (self._by_key, otp.ask.key),
            (self._newest, otp.ask.receiver),
        ):
            if names.get(name) is otp:
                del names[name]

    def settle(self, otp: Otp, word: Word) -> list[Waiter]:
        """The word on its message is there; who waits for it. What did not go out leaves its reference free, unless
        somebody knew the code all the same.
        """
        waiters, otp.waiters = otp.waiters, []
        otp.in_hand = False
        if isinstance(word, Sent) and word.state in WENT_OUT:
            otp.sent = word
        elif not otp.used_by:
            otp.digest = b""
            self._forget(otp)
        return waiters

    # -- verifying ----------------------------------------------------------------------------------------------

    def attempt(self, reference: bytes, asker: bytes, now_s: float, settings: OtpSection) -> Otp | None:
        """Count an attempt, before anything is hashed for it; None where no such reference is known, which costs and is
        answered as a wrong code. Raises 1202 for one that was verified or is locked, 1203 after its time.
        """
        otp = self._by_reference.get(reference)
        if otp is None or not otp.is_known(now_s):
            return None
        if otp.used_by != asker:
            _refuse(otp, now_s)
            if otp.tries >= settings.attempts:
                raise BrokerError(ResponseCode.WRONG_OTP, "otp.locked")
        otp.tries += 1
        return otp

    def give_back(self, otp: Otp | None) -> None:
        """An attempt was not made after all."""
        if otp is not None:
            otp.tries -= 1

    def judge(self, otp: Otp | None, digest: bytes, asker: bytes, now_s: float, settings: OtpSection) -> None:
        """The result of an attempt: it returns where the code was right, and raises as `attempt` where not."""
        if otp is None or not hmac.compare_digest(otp.digest, digest):
            locked = otp is not None and otp.tries >= settings.attempts
            raise BrokerError(ResponseCode.WRONG_OTP, "otp.locked" if locked else "otp.wrong")
        if otp.used_by != asker:
            _refuse(otp, now_s)
            otp.used_by = asker


def _refuse(otp: Otp, now_s: float) -> None:
    if otp.used_by:
        raise BrokerError(ResponseCode.WRONG_OTP, "otp.used")
    if otp.is_over(now_s):
        raise BrokerError(ResponseCode.EXPIRED, "otp.expired")
