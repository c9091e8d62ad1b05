import pytest

from emulated.device import NEW, RESULTS, Device
from emulated.image import image

_FIGURES = []


def pytest_terminal_summary(terminalreporter):
    for line in _FIGURES:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def figure():
    """Takes a line for the end of the output, and for results/device/figures at once: what was measured."""
    kept = RESULTS / "figures"
    RESULTS.mkdir(parents=True, exist_ok=True)
    kept.write_text("")

    def add(line):
        _FIGURES.append(line)
        with kept.open("a") as stream:
            stream.write(f"{line}\n")

    return add


@pytest.fixture(scope="session")
def booted(tmp_path_factory):
    """The one device of most tests, booted once."""
    with Device(image("device"), tmp_path_factory.mktemp("device"), "shared") as device:
        device.boot()
        device.save(NEW)
        yield device
        device.keep_journal()


@pytest.fixture(scope="module")
def device(booted):
    """A device after its first boot, which nobody has touched; what a module's tests do to it is gone after them."""
    booted.keep_journal()
    booted.restore(NEW)
    return booted
