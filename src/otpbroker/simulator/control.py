"""The simulator's control socket: JSON lines of `orders`, answered in their order, in the modems' own thread."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from otpbroker.ipc import address
from otpbroker.readable import readable
from otpbroker.simulator import air, orders
from otpbroker.simulator.heard import heard
from otpbroker.simulator.loop import Loop
from otpbroker.sms.pdu import PduError

if TYPE_CHECKING:
    from otpbroker.simulator.fleet import Fleet


class ControlServer:
    def __init__(self, loop: Loop, path: Path, fleet: Fleet) -> None:
        self._loop = loop
        self._path = path
        self._fleet = fleet
        self._listener: socket.socket
        self._connections: set[_Connection] = set()

    def open(self) -> None:
        self._listener = address.listen(self._path)
        self._loop.watch(self._listener.fileno(), self._accept)

    def close(self) -> None:
        for connection in list(self._connections):
            connection.close()
        self._loop.forget(self._listener.fileno())
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _accept(self, _events: int) -> None:
        accepted, _ = self._listener.accept()
        self._connections.add(_Connection(self._loop, accepted, self._fleet, self._connections.discard))


class _Connection:
    def __init__(
        self, loop: Loop, accepted: socket.socket, fleet: Fleet, on_close: Callable[[_Connection], None]
    ) -> None:
        self._loop = loop
        self._socket = accepted
        self._fleet = fleet
        self._on_close = on_close
        self._input = b""
        self._output = b""
        accepted.setblocking(False)
        loop.watch(accepted.fileno(), self._on_event)

    def close(self) -> None:
        self._loop.forget(self._socket.fileno())
        self._socket.close()
        self._on_close(self)

    def _on_event(self, _events: int) -> None:
        self._flush()
        try:
            data = self._socket.recv(1 << 16)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if not data:
            self.close()
            return
        *lines, self._input = (self._input + data).split(b"\n")
        for line in lines:
            self._output += msgspec.json.encode(answer(self._fleet, line)) + b"\n"
        self._flush()

    def _flush(self) -> None:
        if not self._output:
            return
        with contextlib.suppress(BlockingIOError, ConnectionError):
            self._output = self._output[self._socket.send(self._output) :]
        self._loop.watch_writes(self._socket.fileno(), wanted=bool(self._output))


def answer(fleet: Fleet, line: bytes) -> orders.Reply:
    """Obeys one order; what does not fit is refused with a sentence and changes nothing."""
    try:
        return orders.Reply(ok=True, result=_obey(fleet, msgspec.json.decode(line, type=readable(orders.AnyOrder))))
    except msgspec.MsgspecError as error:
        return orders.Reply(ok=False, error=str(error))
    except PduError as error:
        return orders.Reply(ok=False, error=f"an unreadable submit: {error}")
    except LookupError:
        return orders.Reply(ok=False, error="no such modem")


def _obey(fleet: Fleet, order: orders.AnyOrder) -> object:
    match order:
        case orders.Set():
            fleet.set_knobs(order.modem, order.knobs)
        case orders.Unplug():
            fleet.modems[order.modem].unplug()
        case orders.Replug():
            modem = fleet.modems[order.modem]
            modem.plug(modem.port.link.with_name(order.link) if order.link else None)
        case orders.Drop():
            fleet.modems[order.modem].hang_up()
        case orders.Urc():
            fleet.modems[order.modem].urc(order.line)
        case orders.Clear():
            fleet.clear()
        case _:
            return _tell(fleet, order)
    return None


def _tell(fleet: Fleet, question: orders.Question) -> object:
    match question:
        case orders.Get():
            return fleet.modems[question.modem].knobs
        case orders.Inject():
            return _inject(fleet, question)
        case orders.Received():
            return heard(fleet.recorded(question.modem))
        case orders.Recorded():
            return fleet.recorded(question.modem)[question.since :][: question.limit]
        case orders.Counters():
            return fleet.counters


def _inject(fleet: Fleet, order: orders.Inject) -> bool:
    now = dt.datetime.now(dt.UTC)
    pdus = order.pdus or air.deliver(order.sender, order.text, now, next(fleet.references))
    taken = [fleet.modems[order.modem].receive(pdu) for pdu in pdus]
    return all(taken)
