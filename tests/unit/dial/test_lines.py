"""What otpb-dial takes for a line: dispatch meets modems and feeders, and must not make root run something else."""

import msgspec
import pytest

from otpbroker.verbs.internet import Line

GOOD = {"modem": "m-0", "port": "/dev/ttyUSB0", "number": 1}


def test_a_port_of_a_modem_is_a_line():
    assert msgspec.convert(GOOD, Line) == Line(modem="m-0", port="/dev/ttyUSB0", number=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"modem": "../../otpb-dispatch/m0"},
        {"modem": "m0;reboot"},
        {"modem": "m0\n"},
        {"port": "call"},
        {"port": "/dev/ttyUSB0 connect"},
        {"port": "/dev/ttyUSB0\n"},
    ],
)
def test_what_would_be_an_option_or_another_place_is_none(wrong):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(GOOD | wrong, Line)
