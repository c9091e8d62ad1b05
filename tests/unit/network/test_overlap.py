import pytest

from otpbroker.network.overlap import alarms, free, side_of
from otpbroker.texts import ENGLISH
from otpbroker.verbs.network import Interface


def interface(name, *addresses):
    return Interface(name=name, side=side_of(name), link=True, addresses=list(addresses))


AP = interface("wlan0", "192.168.0.11/24", "fe80::1/64")


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("wlan0", "ap"),
        ("eth0", "ethernet"),
        ("enp3s0", "ethernet"),
        ("ppp1", "mobile"),
        ("wlan1", "other"),
        ("br0", "other"),
    ],
)
def test_sides_are_told_by_the_name(name, side):
    assert side_of(name) == side


@pytest.mark.parametrize(
    ("wired", "told"),
    [
        (("192.168.0.50/24",), "192.168.0.0/24"),
        (("192.168.7.7/16",), "192.168.0.0/16"),
        (("192.168.0.130/25",), "192.168.0.128/25"),
        (("10.0.0.2/8", "192.168.0.50/24"), "192.168.0.0/24"),
        (("192.168.1.50/24",), None),
        (("fe80::1/64",), None),
        ((), None),
    ],
)
def test_the_same_addresses_on_both_sides_are_told(wired, told):
    found = alarms([AP, interface("eth0", *wired)])
    assert [alarm.params["network"] for alarm in found] == ([told] if told else [])
    for alarm in found:
        assert alarm.params["other"] == "192.168.0.0/24"
        assert alarm.params["instead"] in ENGLISH[alarm.key].format(**alarm.params)


def test_without_an_access_point_there_is_nothing_to_tell():
    assert alarms([interface("eth0", "192.168.0.50/24"), interface("eth1", "192.168.0.51/24")]) == []


def test_each_interface_is_told_of():
    found = alarms([AP, interface("eth0", "192.168.0.50/24"), interface("eth1", "192.168.0.51/24")])
    assert [alarm.params["interface"] for alarm in found] == ["eth0", "eth1"]


def test_what_is_proposed_is_free():
    assert free([interface("eth0", "192.168.50.7/24")]) == "192.168.77.1"
    assert free([interface("eth0", "192.168.0.7/16"), interface("ppp0", "10.0.0.1/8")]) == "172.27.77.1"
    assert free([interface("eth0", "0.0.0.0/0")]) == "192.168.50.1"
