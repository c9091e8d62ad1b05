"""Sticks that come, go and change places, with a list of devices in udev's place and simulated modems behind it."""

import os
import threading
import time

import pytest

from otpbroker.modem.discovery import Discovery
from otpbroker.modem.holders import holder
from otpbroker.modem.probe import probe
from otpbroker.modem.registry import Registry
from otpbroker.modem.status import Identity, ModemState
from otpbroker.simulator.fleet import SimulatedModems
from otpbroker.system.udev import Udev


class Bus:
    """Devices by place on the bus: `plug(place, path)`."""

    def __init__(self):
        self.fd, self._write = os.pipe()
        self._plugged = {}

    def plug(self, **places):
        self._plugged = places
        os.write(self._write, b"!")

    def devices(self):
        return [
            {
                "SUBSYSTEM": "tty",
                "DEVNAME": str(path),
                "ID_PATH": f"pci-usb-0:{place}:1.0",
                "ID_VENDOR_ID": "12d1",
                "ID_MODEL_ID": "1436",
                "ID_USB_INTERFACE_NUM": "00",
                "ID_USB_DRIVER": "option",
            }
            for place, path in self._plugged.items()
        ]

    def drain(self):
        os.read(self.fd, 100)

    def close(self):
        os.close(self.fd)
        os.close(self._write)


@pytest.fixture
def bus():
    one = Bus()
    yield one
    one.close()


def eventually(condition, timeout_s=8.0):
    until = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < until
        threading.Event().wait(0.02)


def test_a_new_stick_is_asked_who_it_is(bus, tmp_path):
    with SimulatedModems(1, tmp_path, vendor="huawei") as fleet:
        registry = Registry()
        discovery = Discovery(registry, bus, settle_s=0.1)
        discovery.start()
        bus.plug(a=fleet.ports[0])
        eventually(lambda: registry.unconfigured([]))
        assert registry.unconfigured([])[0].name == "huawei E173 (USB a)"
        bus.plug()
        eventually(lambda: not registry.unconfigured([]))
        discovery.stop()


def test_a_stick_that_starts_slowly_is_asked_again(bus):
    answers = iter([None, Identity(model="E173", imei="356938035643809")])
    registry = Registry()
    discovery = Discovery(registry, bus, ask=lambda _port: next(answers), settle_s=0.05, again_s=0.05)
    discovery.start()
    bus.plug(a="/dev/ttyUSB0")
    eventually(lambda: registry.unconfigured([]))
    assert registry.unconfigured([])[0].imei == "356938035643809"
    discovery.stop()


def test_a_stick_that_never_answers_is_told_of(bus):
    asked = []
    registry = Registry()
    discovery = Discovery(registry, bus, ask=asked.append, settle_s=0.05, again_s=0.05)
    discovery.start()
    bus.plug(a="/dev/ttyUSB0")
    eventually(lambda: registry.unconfigured([]))
    assert registry.unconfigured([])[0].reason == "modem.mute"
    assert asked == ["/dev/ttyUSB0"] * 3
    bus.plug()
    eventually(lambda: not registry.unconfigured([]))
    discovery.stop()


def test_two_sticks_that_changed_places_keep_their_settings(bus, box, owner, tmp_path):
    owners = []
    registry = Registry(lambda: [each.rescan() for each in owners])
    with SimulatedModems(2, tmp_path) as fleet:
        first, second = (probe(str(path)).imei for path in fleet.ports)
        swapped = {first: fleet.ports[1], second: fleet.ports[0]}
        bus.plug(a=fleet.ports[0], b=fleet.ports[1])
        discovery = Discovery(registry, bus, settle_s=0.2)
        for number, (imei, wrong_port) in enumerate(swapped.items()):
            owners.append(
                owner(
                    until=None,
                    id=f"m{number}",
                    port=str(wrong_port),
                    imei=imei,
                    locate=registry.locate,
                    met=registry.learn,
                )
            )
        discovery.start()
        eventually(lambda: all(each.status.state is ModemState.READY for each in owners), 15)
        assert [each.status.port for each in owners] == [str(path) for path in fleet.ports]
        assert [each.status.identity.imei for each in owners] == [first, second]
        discovery.stop()
        for each in owners:
            each.stop(drain=False)
            assert each.join(10)


def test_without_udev_it_is_quiet():
    source = Udev.open("tty", ("usb", "usb_device"))
    assert source is None or source.devices() is not None


def test_a_port_that_is_no_modem_is_nobody(tmp_path):
    assert probe(str(tmp_path / "none")) is None


def test_who_holds_a_port_is_named(tmp_path):
    proc = tmp_path / "proc"
    (proc / "4242" / "fd").mkdir(parents=True)
    (proc / "4242" / "comm").write_text("ModemManager\n")
    (proc / "4242" / "fd" / "7").symlink_to(tmp_path / "ttyUSB0")
    (proc / "self").mkdir()
    assert holder(str(tmp_path / "ttyUSB0"), proc) == "ModemManager"
    assert holder(str(tmp_path / "ttyUSB1"), proc) == ""
