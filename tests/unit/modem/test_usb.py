import pytest

from otpbroker.modem.usb import Hint, classify, modems


def tty(number, path, usb_id, interface, *, driver="option", **more):
    return {
        "SUBSYSTEM": "tty",
        "DEVNAME": f"/dev/ttyUSB{number}",
        "DEVLINKS": f"/dev/serial/by-path/{path} /dev/serial/by-id/usb-x-if{interface}-port0",
        "ID_BUS": "usb",
        "ID_PATH": path,
        "ID_VENDOR_ID": usb_id[:4],
        "ID_MODEL_ID": usb_id[5:],
        "ID_USB_INTERFACE_NUM": interface,
        "ID_USB_DRIVER": driver,
        **more,
    }


PI = "platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2"
E173 = [
    tty(n, f"{PI}:1.{i}", "12d1:1436", f"{i:02}", ID_VENDOR="HUAWEI_Technology", ID_MODEL="HUAWEI_Mobile")
    for n, i in ((0, 0), (1, 2), (2, 3))
]
PC = "pci-0000:00:14.0-usb-0:3"
EC25 = [tty(3 + i, f"{PC}:1.{i}", "2c7c:0125", f"{i:02}", ID_VENDOR="Quectel", ID_MODEL="EC25") for i in range(4)]


@pytest.mark.parametrize(
    ("properties", "path", "device"),
    [(E173, "/dev/ttyUSB1", PI), (EC25, "/dev/ttyUSB5", PC)],
)
def test_the_likeliest_at_port_comes_first(properties, path, device):
    [modem] = modems(classify(each) for each in properties)
    assert (modem.ports[0].path, modem.device) == (path, device)
    assert modem.has(f"/dev/serial/by-path/{device}:1.0")


def test_two_equal_sticks_are_two_modems():
    other = [each | {"ID_PATH": each["ID_PATH"].replace("1.2:", "1.3:")} for each in E173]
    found = modems(classify(each) for each in E173 + other)
    assert [modem.connection for modem in found] == ["USB 1.2", "USB 1.3"]


@pytest.mark.parametrize(
    ("product", "key"), [("14dc", "modem.hilink"), ("14db", "modem.hilink"), ("1f01", "modem.storage_mode")]
)
def test_sticks_without_an_at_port_are_named(product, key):
    properties = {
        "SUBSYSTEM": "usb",
        "DEVTYPE": "usb_device",
        "ID_PATH": PC,
        "ID_VENDOR_ID": "12d1",
        "ID_MODEL_ID": product,
        "ID_VENDOR": "HUAWEI_MOBILE",
        "ID_MODEL": "HUAWEI_MOBILE",
    }
    assert classify(properties) == Hint(device=PC, name="HUAWEI MOBILE HUAWEI MOBILE", key=key)


@pytest.mark.parametrize(
    "properties",
    [
        {"SUBSYSTEM": "tty", "DEVNAME": "/dev/ttyS0"},
        {"SUBSYSTEM": "tty", "DEVNAME": "/dev/tty1"},
        tty(9, f"{PC}:1.0", "0403:6001", "00", driver="ftdi_sio"),
        tty(9, f"{PC}:1.0", "2341:0043", "00", driver="cdc_acm"),
        {"SUBSYSTEM": "usb", "DEVTYPE": "usb_device", "ID_VENDOR_ID": "1d6b", "ID_MODEL_ID": "0002"},
        {},
    ],
)
def test_what_is_no_modem_is_left_alone(properties):
    assert classify(properties) is None
