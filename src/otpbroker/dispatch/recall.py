"""Is this request new, or known: in flight, ended lately, in the ledger (DESIGN §4)? Held by the broker's lock."""

from collections import OrderedDict
from typing import Final

from otpbroker.config.sections.sms import SmsSection
from otpbroker.dispatch.duplicates import CONTENT_WINDOW_S, IDEMPOTENCY_WINDOW_S, Duplicates
from otpbroker.dispatch.keys import Keys
from otpbroker.dispatch.ledger import Ledger
from otpbroker.dispatch.message import OutgoingMessage
from otpbroker.dispatch.past import Past
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.verbs.dispatch import LedgerRow, Send, Sent, State

_RECENT: Final = 1000
_STANDS: Final = ("submitted", "delivered", "unknown")

Owner = tuple[str, str]  # door and user


class Recall:
    """`in_flight` holds every accepted message without a final state, by message id."""

    def __init__(self, ledger: Ledger, keys: Keys) -> None:
        self.in_flight: dict[str, OutgoingMessage] = {}
        self._recent: OrderedDict[str, tuple[Owner, Sent]] = OrderedDict()
        self._duplicates = Duplicates()
        self._past = Past(ledger, keys)
        self._keys = keys

    def earlier(self, call: Send, msisdn: str, sms: SmsSection, *, single: bool) -> OutgoingMessage | Sent | None:
        """The message that this request repeats, in flight or with an outcome that stands; None: send it.

        Raises 1105 `idempotency.other_content` where its key was used for something else.
        """
        if call.message_id in self.in_flight:
            return self.in_flight[call.message_id]
        if single and sms.resend_unknown and self.is_in_doubt(call):
            return None
        standing = self._standing(call.message_id) if call.redelivered else None
        # Redelivered and unknown by its own name, it may have joined another message of the same key or id.
        return standing or self._standing(self._repeated(call, msisdn, sms))

    def is_in_doubt(self, call: Send) -> bool:
        """Whether our last life may have sent this message, and this one has not tried it yet."""
        return call.redelivered and call.message_id not in self._recent and self._past.in_doubt(call.message_id)

    def _repeated(self, call: Send, msisdn: str, sms: SmsSection) -> str:
        """The message id that an idempotency key, or a sender's id with the same content, named before."""
        idempotency, sender = self._sender_keys(call, msisdn, sms)
        content = self._keys.content(msisdn, call.text)
        if idempotency is not None:
            known = self._duplicates.find(idempotency)
            if known is None:
                return self._past.by_idempotency_key(idempotency, msisdn, call.text)
            if known.content != content:
                raise BrokerError(ResponseCode.INVALID_REQUEST, "idempotency.other_content")
        elif sender is not None:
            known = self._duplicates.find(sender + content)
        else:
            known = self._duplicates.find(content) if sms.suppress_across_doors else None
        return known.message_id if known is not None else ""

    def _standing(self, message_id: str) -> OutgoingMessage | Sent | None:
        if not message_id:
            return None
        if message_id in self.in_flight:
            return self.in_flight[message_id]
        _, sent = self._recent.get(message_id) or self._past.find(message_id) or (None, None)
        return sent if sent is not None and sent.state in _STANDS else None

    def _sender_keys(self, call: Send, msisdn: str, sms: SmsSection) -> tuple[bytes | None, bytes | None]:
        """The ledger's names of this request: by idempotency key, and by the sender's id and number."""
        idempotency = sender = None
        if call.idempotency_key:
            idempotency = self._keys.sender(b"idempotency", call.door, call.user, call.idempotency_key)
        if call.id:
            door, user = ("", "") if sms.suppress_across_doors else (call.door, call.user)
            sender = self._keys.sender(b"sender", door, user, call.id, msisdn)
        return idempotency, sender

    def begin(self, call: Send, message: OutgoingMessage, sms: SmsSection) -> None:
        """An accepted message: known from now on by all its names."""
        self.in_flight[message.id] = message
        message.idempotency_key, message.sender_key = self._sender_keys(call, message.msisdn, sms)
        content = self._keys.content(message.msisdn, message.text)
        if message.idempotency_key is not None:
            self._duplicates.remember(message.idempotency_key, message.id, content, IDEMPOTENCY_WINDOW_S)
        if message.sender_key is not None:
            self._duplicates.remember(message.sender_key + content, message.id, content, CONTENT_WINDOW_S)
        elif sms.suppress_across_doors:
            self._duplicates.remember(content, message.id, content, CONTENT_WINDOW_S)

    def end(self, message: OutgoingMessage, sent: Sent) -> None:
        del self.in_flight[message.id]
        self._recent[message.id] = ((message.door, message.user), sent)
        while len(self._recent) > _RECENT:
            self._recent.popitem(last=False)

    def find(self, message_id: str) -> tuple[Owner, Sent] | None:
        """Who sent a message, and how it stands."""
        message = self.in_flight.get(message_id)
        if message is not None:
            state: State = "sending" if message.text_out else "queued"
            return (message.door, message.user), message.outcome(state)
        known = self._past.find(message_id)
        if known is None or known[1].state in ("queued", "sending"):
            return self._recent.get(message_id)
        return known

    def newest(self, limit: int, state: str) -> list[LedgerRow]:
        return self._past.newest(limit, state)
