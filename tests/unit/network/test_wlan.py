import ipaddress

from hypothesis import given

from fakes.awkward_settings import WLAN, WLAN_BROKEN
from fakes.system_files import ip_batch as read
from otpbroker.network import wlan as ap
from otpbroker.network.names import Unrenderable


def means(text):
    """Address, network and gateway that a batch says; nothing else is in it."""
    flush, address, up, *ways = read(text)
    assert flush == ["address", "flush", "dev", "wlan0", "scope", "global"]
    assert up == ["link", "set", "dev", "wlan0", "up"]
    assert address[:2] == ["address", "add"]
    assert address[3:] == ["broadcast", address[4], "dev", "wlan0", "noprefixroute"]
    rule = [way for way in ways if way[0] == "rule"]
    assert rule == [["rule", "add", "fwmark", "0x10000/0x10000", "lookup", "8887", "priority", "8887"]]
    routes = [way for way in ways if way[0] == "route"]
    assert len(routes) == len(ways) - 1
    assert [route[-2:] for route in routes] == [["metric", "3000"], ["table", "8887"]] * (len(routes) // 2)
    to = [route[2:-2] for route in routes][::2]
    assert [route[2:-2] for route in routes][1::2] == to
    own = ipaddress.ip_interface(address[2])
    assert to[0] == [str(own.network), "dev", "wlan0", "src", str(own.ip)]
    assert [route[:2] + route[3:] for route in to[1:]] == [["default", "via", "dev", "wlan0", "onlink"]] * (len(to) - 1)
    return str(own), [route[2] for route in to[1:]]


def said(wlan):
    return f"{wlan.address}/{wlan.prefix}", [wlan.gateway] if wlan.gateway else []


@given(WLAN)
def test_what_is_rendered_means_what_was_set(wlan):
    assert means(ap.render(wlan)) == said(wlan)


@given(WLAN_BROKEN)
def test_nothing_that_is_set_becomes_another_line(wlan):
    try:
        text = ap.render(wlan)
    except Unrenderable:
        return
    assert means(text) == said(wlan)
