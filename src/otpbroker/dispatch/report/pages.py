"""The list of messages, newest first, by pages that stay where they are while new messages come."""

from collections.abc import Callable
from typing import Final

from otpbroker.dispatch import schema
from otpbroker.dispatch.ledger import Row
from otpbroker.dispatch.past import told
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.verbs.dispatch import LedgerRow, LedgerRows, Messages

_ORDER: Final = "ORDER BY accepted_at {way}, message_id {way} LIMIT ?"
Read = Callable[[str, tuple[object, ...]], list[Row]]


def page(read: Read, call: Messages, since: float | None, until: float | None) -> LedgerRows:
    """The messages that `call` asks for, accepted from `since` until before `until`."""
    conditions = {
        "accepted_at >= ?": since,
        "accepted_at < ?": until,
        "door = ?": call.door or None,
        "modem = ?": call.modem or None,
        "state = ?": call.state or None,
        "instr(masked, ?)": call.number or None,
    }
    wanted = {condition: value for condition, value in conditions.items() if value is not None}
    back = bool(call.after)
    where, values = list(wanted), tuple(wanted.values())
    if call.before or call.after:
        where.append(f"(accepted_at, message_id) {'>' if back else '<'} (?, ?)")
        values += _place(call.after or call.before)
    order = _ORDER.format(way="ASC" if back else "DESC")
    select = f"{schema.FIND} {'WHERE ' + ' AND '.join(where) if where else ''} {order}"
    found = [told(row) for row in read(select, (*values, call.limit + 1))]
    more = len(found) > call.limit
    rows = found[: call.limit]
    if back:
        rows.reverse()
    newer = more if back else bool(call.before)
    older = bool(rows) if back else more
    return LedgerRows(
        messages=rows,
        newer=_mark(rows[0]) if newer and rows else "",
        older=_mark(rows[-1]) if older and rows else "",
    )


def _mark(row: LedgerRow) -> str:
    return f"{row.accepted_at!r}/{row.message_id}"


def _place(mark: str) -> tuple[float, str]:
    accepted_at, slash, message_id = mark.partition("/")
    try:
        if slash:
            return float(accepted_at), message_id
    except ValueError:
        pass
    raise BrokerError(ResponseCode.INVALID_REQUEST, "history.no_place")
