"""From lines to octets, with the line's troubles: garbage, storms of unsolicited lines, dribbling."""

from collections.abc import Sequence

from otpbroker.simulator.knobs import Knobs
from otpbroker.simulator.loop import Loop
from otpbroker.simulator.port import Port

CHUNK_PAUSE_S = 0.0002
NUMERIC = {  # ITU-T V.250 §5.7.1
    "OK": "0",
    "RING": "2",
    "NO CARRIER": "3",
    "ERROR": "4",
    "NO DIALTONE": "6",
    "BUSY": "7",
    "NO ANSWER": "8",
}


def framed(line: str) -> bytes:
    return b"\r\n" + line.encode("latin-1") + b"\r\n"


def render(lines: Sequence[str], final: str, knobs: Knobs, verbose: bool) -> bytes:
    """An answer as the modem writes it; unsolicited lines of the storm stand between all its lines."""
    storm = b"".join(framed(line) for line in knobs.urc_storm)
    between = [framed(line) if verbose else line.encode("latin-1") + b"\r\n" for line in lines]
    if final:
        between.append(framed(final) if verbose else NUMERIC.get(final, final).encode() + b"\r")
    return knobs.garbage.encode("latin-1") + storm + storm.join(between)


class Output:
    """Writes at once, or `chunk_octets` at a time."""

    def __init__(self, loop: Loop, port: Port) -> None:
        self._loop = loop
        self._port = port
        self._dribbling = b""

    def write(self, data: bytes, chunk_octets: int) -> None:
        if self._dribbling:
            self._dribbling += data
        elif chunk_octets:
            self._dribbling = data
            self._dribble(chunk_octets)
        else:
            self._port.write(data)

    def clear(self) -> None:
        self._dribbling = b""

    def _dribble(self, chunk_octets: int) -> None:
        head, self._dribbling = self._dribbling[:chunk_octets], self._dribbling[chunk_octets:]
        self._port.write(head)
        if self._dribbling:
            self._loop.call_later(CHUNK_PAUSE_S, lambda: self._dribble(chunk_octets))
