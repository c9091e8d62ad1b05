"""All simulated modems of one process, in one thread, with their control socket."""

import collections
import itertools
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from otpbroker.simulator.commands.network import announce_registration
from otpbroker.simulator.control import ControlServer
from otpbroker.simulator.knobs import Knobs, changed
from otpbroker.simulator.loop import Loop
from otpbroker.simulator.modem import SimulatedModem, Submitted
from otpbroker.simulator.port import Port, PtyPort, SocketPort

RECORDED = 50_000


class Fleet:
    """The modems with their record of submits: the last 50,000 PDUs, in memory only."""

    def __init__(self, loop: Loop, ports: Sequence[Port], networks: Sequence[Port], knobs: Sequence[Knobs]) -> None:
        self.record: collections.deque[Submitted] = collections.deque(maxlen=RECORDED)
        self.counters = [collections.Counter[str]() for _ in knobs]
        self.references = itertools.count(1)
        self.modems = [
            SimulatedModem(index, loop, port, own, self._accept, network=network)
            for index, (port, network, own) in enumerate(zip(ports, networks, knobs, strict=True))
        ]

    def chosen(self, modem: int | None) -> list[SimulatedModem]:
        """One modem, or all for None; LookupError where there is no such modem."""
        return self.modems if modem is None else [self.modems[modem]]

    def set_knobs(self, modem: int | None, changes: dict[str, object]) -> None:
        for each in self.chosen(modem):
            before, each.knobs = each.knobs, changed(each.knobs, changes)
            if each.knobs.pin != before.pin:
                each.locked = bool(each.knobs.pin)
            if each.knobs.registration != before.registration:
                announce_registration(each)

    def recorded(self, modem: int | None) -> list[Submitted]:
        """The submits of one modem, or of all for None."""
        return [each for each in self.record if modem in (None, each.modem)]

    def clear(self) -> None:
        self.record.clear()
        for counter in self.counters:
            counter.clear()

    def _accept(self, submitted: Submitted) -> None:
        self.record.append(submitted)
        self.counters[submitted.modem][submitted.outcome] += 1


class SimulatedModems:
    """`count` modems under `links`/modem0…, ready after `start`; driven through `links`/control.sock.

    `links`/network0… are the far ends of their data calls: what a modem sends after CONNECT comes out there, for a
    PPP peer. With `sockets` all of these are abstract Unix sockets `abstract:<links>/modem0…` instead of ptys.

    `run` serves in the calling thread until `stop`; `start` does the same in a thread of its own.
    """

    def __init__(self, count: int, links: Path, *, sockets: bool = False, **changes: object) -> None:
        self.links = links
        self._loop = Loop()
        port = SocketPort if sockets else PtyPort
        ports = [port(self._loop, links / f"modem{index}") for index in range(count)]
        self._networks = [port(self._loop, links / f"network{index}") for index in range(count)]
        knobs = [changed(identity(index), changes) for index in range(count)]
        self._fleet = Fleet(self._loop, ports, self._networks, knobs)
        self._control = ControlServer(self._loop, links / "control.sock", self._fleet)
        self._thread = threading.Thread(target=self._loop.run, name="simulator", daemon=True)

    @property
    def ports(self) -> list[Path]:
        return [modem.port.link for modem in self._fleet.modems]

    def open(self) -> None:
        self.links.mkdir(parents=True, exist_ok=True)
        for network in self._networks:
            network.plug()
        for modem in self._fleet.modems:
            modem.plug()
        self._control.open()

    def run(self) -> None:
        self._loop.run()

    def start(self) -> Self:
        self.open()
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ends `run`, in whichever thread it serves."""
        self._loop.stop()
        if self._thread.ident is not None:
            self._thread.join()
            self.close()

    def close(self) -> None:
        for modem in self._fleet.modems:
            modem.unplug()
        for network in self._networks:
            network.unplug()
        self._control.close()
        self._loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.stop()


def identity(index: int) -> Knobs:
    """Knobs of the modem number `index`: its own IMEI, IMSI, ICCID and number, everything else by default."""
    return Knobs(
        imei=_with_check_digit(f"3569380356{index:04d}"),
        imsi=f"51010{index:010d}",
        iccid=_with_check_digit(f"896210{index:012d}"),
        msisdn=f"6281100{index:06d}",
    )


def _with_check_digit(digits: str) -> str:
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return digits + str(-sum(value // 10 + value % 10 for value in doubled) % 10)
