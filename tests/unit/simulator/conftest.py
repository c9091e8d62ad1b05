import pytest

from otpbroker.simulator.fleet import identity
from otpbroker.simulator.knobs import changed
from otpbroker.simulator.loop import Loop
from otpbroker.simulator.modem import SimulatedModem


class Wire:
    """A port without a tty: what the modem writes is kept, what the test says arrives at once."""

    def __init__(self):
        self.on_input = None
        self.written = b""

    def write(self, data):
        self.written += data

    def ask(self, text):
        self.written = b""
        self.on_input(text.encode("latin-1"))
        return self.written.decode("latin-1")

    def at(self, command):
        """The answer's lines, without the empty ones."""
        return [line for line in self.ask(f"AT{command}\r").split("\r\n") if line]


@pytest.fixture
def modem():
    """Starts a modem with the given knobs; its `wire` is the line to it, `accepted` what it sent."""
    loop = Loop()

    def start(**knobs):
        wire, accepted = Wire(), []
        one = SimulatedModem(0, loop, wire, changed(identity(7), {"echo": False, **knobs}), accepted.append)
        one.wire, one.accepted = wire, accepted
        return one

    yield start
    loop.close()
