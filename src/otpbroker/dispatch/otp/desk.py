"""One-time passwords: made, sent and verified without the code ever leaving but in its message (SPEC §5.1).

What is asked is decided under the desk's own lock; hashing and sending are done by its own thread, so that the thread
that hears all clients, and the broker's lock, wait for neither.
"""

import threading
import time
from functools import partial
from typing import Final

from msgspec.structs import replace

from otpbroker.config.sections.otp import OtpSection
from otpbroker.dispatch.broker import Broker
from otpbroker.dispatch.message import CODES, lifetime_s
from otpbroker.dispatch.otp.book import Ask, Otp, OtpBook, Word
from otpbroker.dispatch.otp.codes import Hashing, new_code, new_salt
from otpbroker.dispatch.otp.slow import SlowThread
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.connection import Reply
from otpbroker.secrets import MessageText
from otpbroker.system.keys import Keys
from otpbroker.system.timers import Timers
from otpbroker.texts import Language, translate
from otpbroker.verbs.dispatch import Done, Send, Sent
from otpbroker.verbs.otp import CheckOtp, OpenOtp, OtpLetter, OtpOpened, OtpSettled, SettleOtp

LONGEST_LIFE_S: Final = 86400.0
NO_WORD_S: Final = 45.0  # beyond its deadline a door has no word on a letter any more


class OtpDesk:
    """`language` is of the subject that a mail has where its sender gave it none."""

    def __init__(self, broker: Broker, keys: Keys, settings: OtpSection, language: Language) -> None:
        self._broker = broker
        self._keys = keys
        self._lock = threading.Lock()
        self._book = OtpBook()
        self._hashing = Hashing()
        self._decoy = new_salt()
        self._timers = Timers()
        self._slow = SlowThread()
        self.configure(settings, language)

    def configure(self, settings: OtpSection, language: Language) -> None:
        self._settings = settings
        self._language = language

    def stop(self) -> None:
        self._slow.stop()
        self._timers.stop()

    # -- opening ------------------------------------------------------------------------------------------------

    def open(self, call: OpenOtp, reply: Reply) -> None:
        """Raises `BrokerError` for what is refused at once; all else comes by `reply`."""
        receiver = self._receiver(call.receiver)
        ask = self._ask(call, receiver)
        life_s = min(lifetime_s(call.lifetime_s, self._settings.lifetime_s), LONGEST_LIFE_S)
        with self._lock:
            now_s = time.monotonic()
            otp = self._book.repeated(ask, now_s)
            if otp is None:
                otp = Otp(ask, new_salt(), self._keys.message_id(), now_s, now_s + life_s)
                self._begin(otp, call, receiver, reply)
                return
            if otp.is_lost(ask):
                self._slow.put((call.door, call.user), partial(self._make, otp, call, receiver, reply))
                return
            sent = otp.sent or (None if call.wait or _is_address(receiver) else _queued(otp))
            if sent is None:
                otp.waiters.append(partial(_tell, reply, replayed=True))
        if sent is not None:
            _tell(reply, sent, replayed=True)

    def _ask(self, call: OpenOtp, receiver: str) -> Ask:
        name = self._hashing.name
        key = call.idempotency_key or call.delivery_key
        return Ask(
            reference=name(b"reference", call.reference),
            receiver=name(b"receiver", receiver),
            content=name(b"content", call.reference, receiver, call.text.reveal(), *call.params),
            name=call.message_id or self._keys.message_id(),
            key=name(b"key", call.door, call.user, key) if key else b"",
            binds=bool(call.idempotency_key),
            again=call.broker_redelivered,
        )

    def _receiver(self, raw: str) -> str:
        """The one form of what can be written in many. Raises 1104."""
        return raw.strip().lower() if _is_address(raw) else self._broker.msisdn(raw)

    def _begin(self, otp: Otp, call: OpenOtp, receiver: str, reply: Reply) -> None:
        self._book.open(otp, self._settings.resend_s)
        try:
            self._slow.put((call.door, call.user), partial(self._make, otp, call, receiver, reply))
        except BrokerError as error:
            self._book.settle(otp, error)
            raise

    # -- opening, in the slow thread ----------------------------------------------------------------------------

    def _make(self, otp: Otp, call: OpenOtp, receiver: str, reply: Reply) -> None:
        code = new_code(self._settings.length)
        digest = self._hashing.slow(otp.salt, code, receiver, call.params)
        with self._lock:
            otp.digest = digest
        text = MessageText(call.text.reveal().replace("%s", code))
        (self._hand_over if _is_address(receiver) else self._send)(otp, call, text, reply)

    def _send(self, otp: Otp, call: OpenOtp, text: MessageText, reply: Reply) -> None:
        left_s = otp.expires_s - time.monotonic()
        send = Send(
            door=call.door,
            user=call.user,
            msisdn=call.receiver,
            text=text,
            message_id=otp.message_id,
            lifetime_s=left_s if call.transport_s is None else min(left_s, call.transport_s),
            deadline_s=call.deadline_s if call.wait else left_s,
            redelivered=call.redelivered,
            callback=call.callback,
            reference=call.reference,
        )
        if call.wait:
            with self._lock:
                otp.waiters.append(partial(_tell, reply, replayed=False))
        word: Word = _queued(otp)
        try:
            self._broker.send(send, partial(self._settle, otp))
        except BrokerError as error:
            self._settle(otp, error)
            word = error
        if not call.wait:
            _tell(reply, word, replayed=False)

    def _hand_over(self, otp: Otp, call: OpenOtp, text: MessageText, reply: Reply) -> None:
        """Another letter than before has another token: what becomes of that one says nothing any more."""
        now_s = time.monotonic()
        token = self._keys.message_id()
        with self._lock:
            otp.message_id = token
            otp.in_hand = True
        self._timers.at(now_s + (call.deadline_s or 0) + NO_WORD_S, lambda: self._no_word(otp, token))
        subject = translate("otp.subject", {}, self._language)
        letter = OtpLetter(token=token, subject=subject, text=text, life_s=max(0.0, otp.expires_s - now_s))
        reply.result(OtpOpened(letter=letter))

    # -- what became of the message -----------------------------------------------------------------------------

    def settle(self, call: SettleOtp, reply: Reply) -> None:
        with self._lock:
            otp = self._book.find(self._hashing.name(b"reference", call.reference), call.sent.message_id)
        if otp is not None:
            self._settle(otp, call.sent)
        reply.result(OtpSettled(known=otp is not None))

    def _settle(self, otp: Otp, word: Word) -> None:
        with self._lock:
            waiters = self._book.settle(otp, word)
        for waiter in waiters:
            waiter(word)

    def _no_word(self, otp: Otp, token: str) -> None:
        """The door that had the letter is gone: it may be out."""
        with self._lock:
            gone = otp.in_hand and otp.message_id == token
        if gone:
            self._settle(otp, Sent(message_id=token, state="unknown", code=CODES["unknown"], key="otp.no_word"))

    # -- verifying ----------------------------------------------------------------------------------------------

    def check(self, call: CheckOtp, reply: Reply) -> None:
        """As `open`."""
        receiver = self._receiver(call.receiver)
        reference = self._hashing.name(b"reference", call.reference)
        asker = self._hashing.name(b"asker", call.door, call.user, call.key)
        with self._lock:
            otp = self._book.attempt(reference, asker, time.monotonic(), self._settings)
            try:
                self._slow.put((call.door, call.user), partial(self._judge, otp, call, receiver, asker, reply))
            except BrokerError:
                self._book.give_back(otp)
                raise

    def _judge(self, otp: Otp | None, call: CheckOtp, receiver: str, asker: bytes, reply: Reply) -> None:
        salt = self._decoy if otp is None else otp.salt
        digest = self._hashing.slow(salt, call.otp.reveal(), receiver, call.params)
        try:
            with self._lock:
                self._book.judge(otp, digest, asker, time.monotonic(), self._settings)
        except BrokerError as error:
            reply.error(error)
        else:
            reply.result(Done())


def _is_address(receiver: str) -> bool:
    return "@" in receiver


def _queued(otp: Otp) -> Sent:
    return Sent(message_id=otp.message_id, state="queued", code=ResponseCode.SUCCESS)


def _tell(reply: Reply, word: Word, *, replayed: bool) -> None:
    if isinstance(word, BrokerError):
        reply.error(word)
    else:
        reply.result(OtpOpened(sent=replace(word, replayed=word.replayed or replayed)))
