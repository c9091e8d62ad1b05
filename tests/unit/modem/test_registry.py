from otpbroker.config.sections.modems import ModemSettings
from otpbroker.modem.registry import Registry
from otpbroker.modem.status import Identity
from otpbroker.modem.usb import Hint, UsbModem, UsbPort

A, B = "861195009123456", "356938035643809"


def stick(device, *numbers):
    ports = tuple(
        UsbPort(
            path=f"/dev/ttyUSB{number}",
            by_path=f"/dev/serial/by-path/{device}:1.{place}",
            device=device,
            interface=f"{place:02}",
            vendor_id="12d1",
            name="HUAWEI Mobile",
        )
        for place, number in enumerate(numbers)
    )
    return UsbModem(device=device, name="HUAWEI Mobile", ports=ports)


def settings(port, imei=""):
    return ModemSettings(id="m0", name="m0", port=port, imei=imei)


def test_renumbered_ttys_never_swap_sims():
    registry = Registry()
    registry.see([stick("usb-0:1", 1), stick("usb-0:2", 0)])
    one, two = settings("/dev/ttyUSB0", A), settings("/dev/ttyUSB1", B)
    assert registry.locate(one) == "/dev/ttyUSB0"
    registry.learn("/dev/ttyUSB0", Identity(imei=B))
    assert registry.locate(one) == ""
    assert registry.locate(two) == "/dev/ttyUSB0"
    registry.learn("/dev/ttyUSB1", Identity(imei=A))
    assert registry.locate(one) == "/dev/ttyUSB1"


def test_a_modem_without_an_imei_in_its_settings_keeps_its_port():
    registry = Registry()
    registry.see([stick("usb-0:1", 0)])
    registry.learn("/dev/ttyUSB0", Identity(imei=B))
    assert registry.locate(settings("/dev/ttyUSB0")) == "/dev/ttyUSB0"
    assert registry.locate(settings("/dev/pts/7", A)) == "/dev/pts/7"


def test_by_path_names_the_same_port():
    registry = Registry()
    registry.see([stick("usb-0:1", 0)])
    registry.learn("/dev/ttyUSB0", Identity(imei=B))
    assert registry.locate(settings("/dev/serial/by-path/usb-0:1:1.0", A)) == ""
    assert registry.locate(settings("/dev/serial/by-path/usb-0:9:1.0", B)) == "/dev/ttyUSB0"


def test_the_other_ports_of_a_stick():
    registry = Registry()
    registry.see([stick("usb-0:1", 0, 1, 2), stick("usb-0:2", 3)])
    assert registry.beside("/dev/ttyUSB1") == ["/dev/ttyUSB0", "/dev/ttyUSB2"]
    assert registry.beside("/dev/ttyUSB3") == registry.beside("/dev/ttyUSB9") == []


def test_what_was_unplugged_is_forgotten():
    registry = Registry()
    registry.see([stick("usb-0:1", 0)])
    registry.learn("/dev/ttyUSB0", Identity(imei=A))
    registry.see([])
    assert registry.locate(settings("/dev/ttyUSB4", A)) == "/dev/ttyUSB4"
    registry.see([stick("usb-0:1", 5)])
    assert [modem.device for modem in registry.unknown()] == ["usb-0:1"]


def test_news_is_told_once():
    calls = []
    registry = Registry(lambda: calls.append(1))
    registry.see([stick("usb-0:1", 0)])
    registry.learn("/dev/ttyUSB0", Identity(imei=A))
    registry.learn("/dev/ttyUSB0", Identity(imei=A))
    registry.learn("/dev/ttyS9", Identity(imei=B))
    assert len(calls) == 2


def test_a_new_stick_is_named_after_maker_model_and_connection():
    registry = Registry()
    registry.see([stick("pci-usb-0:1.2", 0)], [Hint(device="x", name="HUAWEI E3372", key="modem.hilink")])
    registry.learn("/dev/ttyUSB0", Identity(manufacturer="huawei", model="E173", imei=A))
    new, hilink = registry.unconfigured([settings("/dev/ttyUSB9", B)])
    assert (new.name, new.port, new.imei) == ("huawei E173 (USB 1.2)", "/dev/ttyUSB0", A)
    assert (hilink.name, hilink.reason) == ("HUAWEI E3372", "modem.hilink")
    assert registry.unconfigured([settings("/dev/ttyUSB9", A)]) == [hilink]


def test_a_stick_that_answers_nowhere_is_told_and_no_silent_one_of_the_settings():
    registry = Registry()
    registry.see([stick("usb-0:1", 0), stick("usb-0:2", 1)])
    registry.nobody("usb-0:1")
    registry.nobody("usb-0:2")
    (told,) = registry.unconfigured([settings("/dev/ttyUSB1")])
    assert (told.name, told.port, told.reason) == ("HUAWEI Mobile (USB 1)", "", "modem.mute")
    registry.learn("/dev/ttyUSB0", Identity(imei=A))
    assert [each.reason for each in registry.unconfigured([settings("/dev/ttyUSB1")])] == [""]
    registry.see([stick("usb-0:2", 5)])
    assert not registry.unconfigured([])
