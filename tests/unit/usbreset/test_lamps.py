import pytest

from otpbroker.usbreset.lamps import DONE, REFUSED, Lamps


@pytest.fixture
def leds(tmp_path):
    """As sysfs has them: a file for each attribute."""
    for name, triggers in {"ACT": "none timer [mmc0]", "otpb-buzzer": "[none] timer mmc0", "eth0": "[rx]"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "trigger").write_text(f"{triggers}\n")
    return tmp_path


def state(leds, name):
    return [(leds / name / each).read_text() for each in ("trigger", "delay_on", "delay_off")]


def test_the_boards_led_and_the_buzzer_blink_and_are_what_they_were_again(leds):
    lamps = Lamps(leds)
    lamps.show(DONE)
    assert state(leds, "ACT") == state(leds, "otpb-buzzer") == ["timer", "100", "100"]
    assert (leds / "eth0/trigger").read_text() == "[rx]\n"
    lamps.show(REFUSED)
    assert state(leds, "ACT") == ["timer", "800", "800"]
    lamps.rest()
    assert (leds / "ACT/trigger").read_text() == "mmc0"
    assert (leds / "otpb-buzzer/trigger").read_text() == "none"


def test_a_blinking_that_was_left_over_ends(leds):
    (leds / "ACT/trigger").write_text("none [timer] mmc0\n")
    lamps = Lamps(leds)
    lamps.show(DONE)
    lamps.rest()
    assert (leds / "ACT/trigger").read_text() == "none"


def test_without_lamps_nothing_happens(tmp_path):
    lamps = Lamps(tmp_path / "none")
    lamps.show(DONE)
    lamps.rest()
    (tmp_path / "PWR").mkdir()
    Lamps(tmp_path).show(DONE)
    assert list((tmp_path / "PWR").iterdir()) == []
