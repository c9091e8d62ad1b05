"""Is this request new, or known: in flight, ended lately, in the ledger (DESIGN §4)? Held by the broker's lock."""

from collections import OrderedDict
from typing import Final, NamedTuple

from msgspec.structs import replace

from otpbroker.config.sections.sms import SmsSection
from otpbroker.dispatch.ledger import Ledger
from otpbroker.dispatch.message import CODES, OutgoingMessage
from otpbroker.dispatch.past import Past
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.outcomes.duplicates import CONTENT_WINDOW_S, IDEMPOTENCY_WINDOW_S, Duplicates
from otpbroker.system.clock import wall_s
from otpbroker.system.keys import Keys
from otpbroker.verbs.dispatch import Send, Sent, State

_RECENT: Final = 1000
_STANDS: Final = ("submitted", "delivered", "unknown")

Owner = tuple[str, str]  # door and user


class Earlier(NamedTuple):
    """`message` is the one that is repeated; without one the request is sent, `doubtful` where a copy may be out."""

    message: OutgoingMessage | Sent | None = None
    doubtful: bool = False


SEND: Final = Earlier()
SEND_IN_DOUBT: Final = Earlier(doubtful=True)


class Names(NamedTuple):
    """What a request can be known by again: `key` is its sender's or message broker's own name for it, `sender` its
    sender's id and number; `content`, for memory only, of number and text.
    """

    key: bytes | None
    sender: bytes | None
    content: bytes


class Recall:
    """`in_flight` holds every accepted message without a final state, by message id."""

    def __init__(self, ledger: Ledger, keys: Keys) -> None:
        self.in_flight: dict[str, OutgoingMessage] = {}
        self._recent: OrderedDict[str, tuple[Owner, Sent]] = OrderedDict()
        self._duplicates = Duplicates()
        self._past = Past(ledger, keys)
        self._keys = keys
        self._began_at = wall_s()

    def earlier(self, call: Send, msisdn: str, sms: SmsSection, *, single: bool) -> Earlier:
        """The message that this request repeats, in flight or with an outcome that stands; None: send it, and mark it
        as sent again where its first copy is in doubt.

        Raises 1105 `idempotency.other_content` where its key was used for something else.
        """
        if call.message_id in self.in_flight:
            return Earlier(self.in_flight[call.message_id])
        may_resend = single and sms.resend_unknown
        if call.redelivered and may_resend and self._is_in_doubt(call.message_id):
            return SEND_IN_DOUBT
        names = self._names(call, msisdn, sms)
        standing = self._standing(call.message_id) if call.redelivered else None
        # Redelivered and unknown by its own name, it may have joined another message of the same key or id.
        standing = standing or self._standing(self._repeated(call, names, msisdn, sms))
        if isinstance(standing, Sent) and call.delivery_key and may_resend and self._is_in_doubt(standing.message_id):
            return SEND_IN_DOUBT
        if standing is None and _is_nameless(call) and names.sender is not None:
            return self._in_an_earlier_life(names.sender, len(call.text), may_resend=may_resend)
        return Earlier(standing)

    def _is_in_doubt(self, message_id: str) -> bool:
        """Whether our last life may have sent this message, and this one has not tried it yet."""
        return message_id not in self._recent and self._past.in_doubt(message_id)

    def _in_an_earlier_life(self, sender: bytes, units: int, *, may_resend: bool) -> Earlier:
        """A message broker gives again what has no name of its own, and this life has not seen its content. One of the
        same id, number and length that an earlier life let out may be another message: a missing code harms, a second
        one does not, so it is sent and marked where the settings allow that, and else left in doubt.
        """
        sent = self._past.by_sender(sender, units, before=self._began_at)
        if sent is None or sent.state not in _STANDS:
            return SEND
        if may_resend:
            return SEND_IN_DOUBT
        return Earlier(replace(sent, state="unknown", code=CODES["unknown"], key="message.in_doubt"))

    def _repeated(self, call: Send, names: Names, msisdn: str, sms: SmsSection) -> str:
        """The message id that a key, or a sender's id with the same content, named before."""
        named = self._by_key(call, names, msisdn)
        if named or call.idempotency_key:
            return named
        known = None
        if names.sender is not None and (call.id or _is_nameless(call)):
            known = self._duplicates.find(names.sender + names.content)
        if known is None and not call.id and sms.suppress_across_doors:
            known = self._duplicates.find(names.content)
        return known.message_id if known is not None else ""

    def _by_key(self, call: Send, names: Names, msisdn: str) -> str:
        """What the key named before. Other content is refused, but for a broker's key: there it is another message."""
        if names.key is None:
            return ""
        known = self._duplicates.find(names.key)
        if known is None:
            message_id, same = self._past.by_key(names.key, msisdn, call.text)
        else:
            message_id, same = known.message_id, known.content == names.content
        if not same and call.idempotency_key:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "idempotency.other_content")
        return message_id if same else ""

    def _standing(self, message_id: str) -> OutgoingMessage | Sent | None:
        if not message_id:
            return None
        if message_id in self.in_flight:
            return self.in_flight[message_id]
        _, sent = self._recent.get(message_id) or self._past.find(message_id) or (None, None)
        return sent if sent is not None and sent.state in _STANDS else None

    def _names(self, call: Send, msisdn: str, sms: SmsSection) -> Names:
        """What a message broker gives has a name also without an id: it may be given again."""
        key = sender = None
        if call.idempotency_key or call.delivery_key:
            kind = b"idempotency" if call.idempotency_key else b"delivery"
            key = self._keys.sender(kind, call.door, call.user, call.idempotency_key or call.delivery_key)
        if call.id or call.door == "amqp":
            door, user = ("", "") if sms.suppress_across_doors and call.id else (call.door, call.user)
            sender = self._keys.sender(b"sender", door, user, call.id, msisdn)
        return Names(key, sender, self._keys.content(msisdn, call.text))

    def begin(self, call: Send, message: OutgoingMessage, sms: SmsSection) -> None:
        """An accepted message: known from now on by all its names."""
        self.in_flight[message.id] = message
        message.idempotency_key, message.sender_key, content = self._names(call, message.msisdn, sms)
        if message.idempotency_key is not None:
            self._duplicates.remember(message.idempotency_key, message.id, content, IDEMPOTENCY_WINDOW_S)
        if message.sender_key is not None:
            self._duplicates.remember(message.sender_key + content, message.id, content, CONTENT_WINDOW_S)
        if not call.id and sms.suppress_across_doors:
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


def _is_nameless(call: Send) -> bool:
    """Given again by a message broker that has no name of its own for it: only its content tells it."""
    return call.broker_redelivered and not call.delivery_key
