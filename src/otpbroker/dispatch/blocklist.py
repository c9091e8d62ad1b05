"""Numbers that get no SMS from any modem. An unblocked one stays listed (the customer's *diputihkan*) until deleted."""

from collections.abc import Sequence
from typing import Final

import msgspec

from otpbroker.dispatch.ledger import Ledger
from otpbroker.verbs.dispatch import BlockEntry

_STORE = "INSERT OR REPLACE INTO block_list (msisdn, blocked) VALUES (?, ?)"
_DELETE = "DELETE FROM block_list WHERE msisdn = ?"
_STORE_MANY: Final = (
    "INSERT OR REPLACE INTO block_list (msisdn, blocked) "
    "SELECT value ->> 'msisdn', value ->> 'blocked' FROM json_each(?)"
)
_DELETE_MANY: Final = "DELETE FROM block_list WHERE msisdn IN (SELECT value FROM json_each(?))"


class BlockList:
    """Asked in memory, kept by the ledger; a change is on disk before it is answered."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._listed: dict[str, bool] = {
            msisdn: bool(blocked) for msisdn, blocked in ledger.read("SELECT msisdn, blocked FROM block_list")
        }

    def __contains__(self, msisdn: str) -> bool:
        return self._listed.get(msisdn, False)

    def block(self, msisdn: str) -> None:
        self._store(msisdn, blocked=True)

    def unblock(self, msisdn: str) -> None:
        """Nothing is listed by unblocking what never was."""
        if msisdn in self._listed:
            self._store(msisdn, blocked=False)

    def _store(self, msisdn: str, *, blocked: bool) -> None:
        self._listed[msisdn] = blocked
        self._ledger.write_through(_STORE, (msisdn, blocked))

    def delete(self, msisdn: str) -> bool:
        """False where the number is not listed."""
        if msisdn not in self._listed:
            return False
        del self._listed[msisdn]
        self._ledger.write_through(_DELETE, (msisdn,))
        return True

    def change(self, listed: Sequence[BlockEntry], deleted: Sequence[str]) -> list[str]:
        """All of it at once; the numbers that are blocked now and were not before."""
        newly = [entry.msisdn for entry in listed if entry.blocked and entry.msisdn not in self]
        for msisdn in deleted:
            self._listed.pop(msisdn, None)
        self._listed |= {entry.msisdn: entry.blocked for entry in listed}
        for statement, rows in ((_DELETE_MANY, deleted), (_STORE_MANY, listed)):
            if rows:
                self._ledger.write_through(statement, (msgspec.json.encode(rows).decode(),))
        return newly

    def entries(self) -> list[BlockEntry]:
        return [BlockEntry(msisdn=msisdn, blocked=blocked) for msisdn, blocked in sorted(self._listed.items())]
