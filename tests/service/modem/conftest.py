import pytest

from fakes.modem_jobs import QUICK, Box
from otpbroker.config.sections.modems import ModemSettings
from otpbroker.modem.owner import ModemOwner
from otpbroker.modem.status import ModemState
from otpbroker.simulator.client import SimulatorControl
from otpbroker.simulator.fleet import SimulatedModems


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def simulator(tmp_path):
    """Starts one simulated modem with the given knobs and returns its control."""
    opened = []

    def start(**knobs):
        fleet = SimulatedModems(1, tmp_path, **knobs)
        fleet.start()
        opened.append(fleet)
        control = SimulatorControl(tmp_path / "control.sock")
        opened.append(control)
        return control

    yield start
    for each in reversed(opened):
        (each.stop if isinstance(each, SimulatedModems) else each.close)()


@pytest.fixture
def owner(box, tmp_path):
    """Starts an owner on the simulated modem with the given settings, and waits for a state."""
    started = []

    def start(*, until=ModemState.READY, deadlines=QUICK, **given):
        extra = {name: given.pop(name) for name in ("pins", "usb_reset", "locate", "met", "internet") if name in given}
        settings = ModemSettings(**{"id": "m0", "name": "m0", "port": str(tmp_path / "modem0"), **given})
        one = ModemOwner(settings, box, box, deadlines=deadlines, **extra)
        started.append(one)
        one.start()
        if until:
            box.wait(lambda: one.status.state is until)
        return one

    yield start
    for one in started:
        one.stop(drain=False)
    for one in started:
        assert one.join(15)
