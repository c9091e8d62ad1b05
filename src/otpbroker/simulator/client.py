"""The control socket's client, for tests, the bench and integrators' scripts."""

from pathlib import Path
from typing import Self

import msgspec

from otpbroker.ipc import address
from otpbroker.readable import readable
from otpbroker.simulator import orders
from otpbroker.simulator.heard import Heard
from otpbroker.simulator.knobs import Knobs
from otpbroker.simulator.modem import Submitted


class SimulatorRefusedError(Exception):
    """The simulator's own sentence: an unknown modem, or a knob that is not one."""


class SimulatorControl:
    """Orders to a running simulator: obeyed when a method returns, or SimulatorRefusedError."""

    def __init__(self, path: Path, timeout_s: float = 10.0) -> None:
        self._socket = address.connect(path, timeout_s)
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def set(self, modem: int | None = None, **knobs: object) -> None:
        """Changes knobs of one modem, or of all."""
        self._ask(orders.Set(knobs, modem))

    def knobs(self, modem: int) -> Knobs:
        return msgspec.convert(self._ask(orders.Get(modem)), readable(Knobs))

    def unplug(self, modem: int) -> None:
        self._ask(orders.Unplug(modem))

    def replug(self, modem: int, link: str = "") -> None:
        self._ask(orders.Replug(modem, link))

    def drop(self, modem: int) -> None:
        """The network ends the data call of that modem."""
        self._ask(orders.Drop(modem))

    def urc(self, modem: int, line: str) -> None:
        self._ask(orders.Urc(modem, line))

    def inject(
        self, modem: int, text: str = "", *, sender: str = "+628110000001", pdus: list[str] | None = None
    ) -> bool:
        """An incoming SMS; False when the modem's store was full."""
        return bool(self._ask(orders.Inject(modem, sender, text, pdus or [])))

    def submitted(self, modem: int | None = None, since: int = 0) -> list[Submitted]:
        """The recorded submits in their order, from number `since` on."""
        return msgspec.convert(self._ask(orders.Recorded(modem, since)), readable(list[Submitted]))

    def received(self, modem: int | None = None) -> list[Heard]:
        """The recorded submits as messages: their numbers and texts, long ones joined."""
        return msgspec.convert(self._ask(orders.Received(modem)), readable(list[Heard]))

    def counters(self) -> list[dict[str, int]]:
        """Per modem: outcome -> how many submits."""
        return msgspec.convert(self._ask(orders.Counters()), readable(list[dict[str, int]]))

    def accepted(self) -> int:
        """How many submits all modems took, whatever the client was told."""
        return sum(sum(counter.values()) for counter in self.counters())

    def clear(self) -> None:
        self._ask(orders.Clear())

    def _ask(self, order: orders.AnyOrder) -> object:
        self._socket.sendall(msgspec.json.encode(order) + b"\n")
        reply = msgspec.json.decode(self._lines.readline(), type=readable(orders.Reply))
        if not reply.ok:
            raise SimulatorRefusedError(reply.error)
        return reply.result
