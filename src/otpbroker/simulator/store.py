"""Message stores of modem and SIM: `SM`, `ME` and the status reports' `SR` (3GPP TS 27.005 §3.1)."""

from typing import NamedTuple

UNREAD, READ = 0, 1


class Stored(NamedTuple):
    stat: int
    pdu: str

    @property
    def tpdu_length(self) -> int:
        return len(self.pdu) // 2 - 1 - int(self.pdu[:2], 16)


class Store:
    """Numbered slots from 1; `put` takes the lowest free one."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.slots: dict[int, Stored] = {}

    def put(self, pdu: str) -> int | None:
        """The slot taken, or None when the store is full."""
        free = (slot for slot in range(1, self.capacity + 1) if slot not in self.slots)
        slot = next(free, None)
        if slot is not None:
            self.slots[slot] = Stored(UNREAD, pdu)
        return slot

    def read(self, slot: int) -> Stored | None:
        """The message as it was; it counts as read from now on."""
        stored = self.slots.get(slot)
        if stored is not None:
            self.slots[slot] = stored._replace(stat=READ)
        return stored

    def delete(self, slot: int, flag: int) -> None:
        """`AT+CMGD`: flag 0 that slot, 1 the read ones, 2 and 3 also sent and unsent ones (there are none), 4 all."""
        if flag == 0:
            self.slots.pop(slot, None)
        elif flag == 4:
            self.slots.clear()
        else:
            self.slots = {n: stored for n, stored in self.slots.items() if stored.stat != READ}


def new_stores(sim_slots: int) -> dict[str, Store]:
    return {"SM": Store(sim_slots), "ME": Store(50), "SR": Store(10)}
