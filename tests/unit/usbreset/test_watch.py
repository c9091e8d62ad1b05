"""Sticks plugged, pulled, left in, and a watch that ends when there is nothing to watch."""

import threading
import time

import pytest

from fakes.stick_bus import Bus
from fakes.waiting import waits_for
from otpbroker.usbreset.attending import Attended
from otpbroker.usbreset.lamps import Lamps
from otpbroker.usbreset.obeyed import Obeyed
from otpbroker.usbreset.watch import Watch

GONE_S, SETTLE_S, AGAIN_S, LIT_S = 0.5, 1.0, 0.2, 0.2


class Device:
    """One life of the process after the other; sticks whose name begins with `r` ask for a reset."""

    def __init__(self, bus, path, leds):
        self.bus, self.path, self.leds = bus, path, leds
        self.resets = []
        self.fails = 0
        self.thread = None

    def plug(self, *names):
        """udev starts it where it does not run."""
        self.bus.plug(*names)
        if names and not (self.thread and self.thread.is_alive()):
            self.boot()

    def boot(self):
        self.obeyed = Obeyed(self.path)
        self.watch = Watch(
            self.bus,
            self.attend,
            self.obeyed,
            Lamps(self.leds),
            gone_s=GONE_S,
            settle_s=SETTLE_S,
            again_s=AGAIN_S,
            lit_s=LIT_S,
        )
        self.idle = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        self.idle = self.watch.run()

    def attend(self, stick):
        if not stick.node.startswith("r"):
            return Attended("nothing")
        if self.fails:
            self.fails -= 1
            return Attended("failed")
        if stick.node in self.obeyed:
            return Attended("known", stick.node)
        self.resets.append(stick.node)
        self.obeyed.add(stick.node)
        return Attended("done", stick.node)

    def off(self):
        self.watch.stop()
        self.thread.join(5)
        assert not self.thread.is_alive()
        self.watch.close()

    def ends(self):
        self.thread.join(8)
        assert self.idle is True
        self.watch.close()


@pytest.fixture
def bus():
    one = Bus()
    yield one
    one.close()


@pytest.fixture
def device(bus, tmp_path):
    return Device(bus, tmp_path / "obeyed.json", tmp_path / "leds")


def resets(device, count):
    waits_for(lambda: len(device.resets) == count)


def forgotten(device, name="r"):
    waits_for(lambda: name not in Obeyed(device.path))


def test_plugged_again_it_resets_again(device):
    device.plug("r")
    resets(device, 1)
    device.plug()
    device.ends()
    assert list(Obeyed(device.path)) == []
    device.plug("r")
    resets(device, 2)
    device.off()


def test_left_in_it_does_not_reset_at_each_boot(device, bus):
    bus.plug("r")
    for _ in range(3):
        device.boot()
        resets(device, 1)
        device.off()


def test_a_stick_that_takes_its_time_at_boot_was_left_in_all_the_same(device, bus):
    device.plug("r")
    resets(device, 1)
    device.off()
    bus.plug()
    device.boot()
    time.sleep(SETTLE_S / 2)
    device.plug("r")
    time.sleep(SETTLE_S)
    assert (device.resets, list(Obeyed(device.path))) == (["r"], ["r"])
    device.off()


def test_pulled_while_the_device_was_off_it_is_forgotten_at_boot(device, bus):
    device.plug("r")
    resets(device, 1)
    device.off()
    bus.plug()
    device.boot()
    device.ends()
    assert list(Obeyed(device.path)) == []
    device.plug("r")
    resets(device, 2)
    device.off()


def test_a_moments_loss_of_power_is_no_pulling(device):
    device.plug("r")
    resets(device, 1)
    device.plug()
    device.plug("r")
    time.sleep(GONE_S * 2)
    assert (device.resets, list(Obeyed(device.path))) == (["r"], ["r"])
    device.off()


def test_an_event_more_of_the_same_stick_changes_nothing(device):
    for _ in range(5):
        device.plug("r")
        time.sleep(0.02)
    device.plug("r", "other")
    time.sleep(0.05)
    assert device.resets == ["r"]
    device.off()


def test_several_sticks_are_told_apart(device):
    device.plug("other", "r1")
    resets(device, 1)
    device.plug("other", "r1", "r2")
    resets(device, 2)
    device.plug("other", "r2")
    forgotten(device, "r1")
    assert list(Obeyed(device.path)) == ["r2"]
    device.off()


def test_a_reset_that_failed_is_tried_again_as_long_as_the_stick_is_in(device):
    device.fails = 2
    device.plug("r")
    resets(device, 1)
    assert device.fails == 0
    device.plug()
    device.ends()
    device.fails = 1000
    device.plug("r")
    waits_for(lambda: device.fails < 999)
    device.plug()
    device.ends()
    assert device.resets == ["r"]


def test_it_ends_when_no_stick_is_in_and_none_is_remembered(device):
    device.boot()
    device.ends()
    device.plug("other")
    time.sleep(0.1)
    assert device.idle is None
    device.plug()
    device.ends()


def test_the_lamps_rest_after_a_while_and_before_it_ends(device):
    (device.leds / "ACT").mkdir(parents=True)
    trigger = device.leds / "ACT/trigger"
    for _ in range(2):
        trigger.write_text("none [mmc0]")
        device.plug("r")
        waits_for(lambda: trigger.read_text() == "timer")
        waits_for(lambda: trigger.read_text() == "mmc0")
        device.plug()
        device.ends()
