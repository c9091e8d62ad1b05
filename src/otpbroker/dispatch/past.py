"""What the ledger knows of messages that have ended, or were in hand when the process last died."""

from typing import Final

from otpbroker.dispatch import schema
from otpbroker.dispatch.ledger import Ledger, Row
from otpbroker.dispatch.message import CODES
from otpbroker.errors import ResponseCode
from otpbroker.outcomes.duplicates import IDEMPOTENCY_WINDOW_S
from otpbroker.secrets import MessageText
from otpbroker.system.clock import wall_s
from otpbroker.system.keys import Keys
from otpbroker.verbs.dispatch import LedgerRow, Sent

_CODE_OF_REASON: Final = {"route.no_modem": ResponseCode.NO_MODEM, "number.blocked": ResponseCode.BLOCKED}


class Past:
    def __init__(self, ledger: Ledger, keys: Keys) -> None:
        self._ledger = ledger
        self._keys = keys

    def find(self, message_id: str) -> tuple[tuple[str, str], Sent] | None:
        """Door and user of a message, and how it stands."""
        rows = self._ledger.read(schema.FIND + "WHERE message_id = ?", (message_id,))
        if not rows:
            return None
        row = told(rows[0])
        return (row.door, row.user), _sent(row)

    def in_doubt(self, message_id: str) -> bool:
        """Whether our last life ended between this message's intent and its outcome, and it was the only intent."""
        query = "SELECT 1 FROM messages WHERE message_id = ? AND reason = 'message.in_doubt' AND NOT resent"
        return bool(self._ledger.read(query, (message_id,)))

    def by_key(self, key: bytes, msisdn: str, text: MessageText) -> tuple[str, bool]:
        """The message that a key named within 24 h, empty where none did; and whether it was the same as this one.

        Only number and length can still be compared after a restart.
        """
        rows = self._ledger.read(
            "SELECT message_id, number_key, units FROM messages WHERE idempotency_key = ? AND accepted_at > ?"
            " ORDER BY accepted_at DESC LIMIT 1",
            (key, wall_s() - IDEMPOTENCY_WINDOW_S),
        )
        if not rows:
            return "", True
        message_id, number_key, units = rows[0]
        return str(message_id), number_key == self._keys.number(msisdn) and units == len(text)

    def by_sender(self, sender: bytes, units: int, *, before: float) -> Sent | None:
        """The newest message of that sender's id and number with a text of `units` characters, accepted `before`, but
        not more than 24 h.
        """
        condition = (
            "WHERE sender_key = ? AND units = ? AND accepted_at BETWEEN ? AND ? ORDER BY accepted_at DESC LIMIT 1"
        )
        row = (sender, units, before - IDEMPOTENCY_WINDOW_S, before)
        rows = self._ledger.read(schema.FIND + condition, row)
        return _sent(told(rows[0])) if rows else None


def told(row: Row) -> LedgerRow:
    """A row of `schema.FIND`, or of what a delivery report changed."""
    return LedgerRow(
        message_id=row[0],
        accepted_at=row[1],
        door=row[2],
        user=row[3],
        msisdn_masked=row[4],
        state=row[5],
        modem=row[6],
        parts=row[7],
        units=row[8],
        reason=row[9],
        latency_ms=row[10],
        cost=row[11],
        resent=bool(row[12]),
    )


def _sent(row: LedgerRow) -> Sent:
    return Sent(
        message_id=row.message_id,
        state=row.state,
        code=_CODE_OF_REASON.get(row.reason, CODES[row.state]),
        key=row.reason,
        modem=row.modem,
        parts=row.parts,
        cost=row.cost,
        resent=row.resent,
    )
