import pytest
from hypothesis import given

from fakes.awkward_settings import WLAN, WLAN_BROKEN
from fakes.system_files import hostapd as read
from otpbroker.config.sections.network import WlanSection
from otpbroker.network import hostapd
from otpbroker.network.names import Unrenderable
from otpbroker.secrets import Secret

SOUND = WlanSection(ssid="OTP Broker 4F2A", passphrase=Secret("correct horse battery"))
KEYS = read(hostapd.render(SOUND)).keys()


def means(text):
    """The settings that a file says."""
    values = read(text)
    assert values.keys() == KEYS
    return {
        "ssid": bytes.fromhex(values["ssid2"]),
        "passphrase": values["wpa_passphrase"],
        "country": values["country_code"],
        "channel": values["channel"],
    }


def said(wlan):
    return {
        "ssid": wlan.ssid.encode(errors="surrogatepass"),
        "passphrase": wlan.passphrase.reveal(),
        "country": wlan.country,
        "channel": str(wlan.channel or 6),
    }


@given(WLAN)
def test_what_is_rendered_means_what_was_set(wlan):
    assert means(hostapd.render(wlan)) == said(wlan)


@given(WLAN_BROKEN)
def test_nothing_that_is_set_becomes_another_line(wlan):
    try:
        text = hostapd.render(wlan)
    except Unrenderable:
        return
    assert text == "" or means(text) == said(wlan)


def test_wpa2_with_ccmp_only_and_no_protected_management_frames():
    values = read(hostapd.render(SOUND))
    assert {name: values[name] for name in ("wpa", "wpa_key_mgmt", "rsn_pairwise", "ieee80211w", "auth_algs")} == {
        "wpa": "2",
        "wpa_key_mgmt": "WPA-PSK",
        "rsn_pairwise": "CCMP",
        "ieee80211w": "0",
        "auth_algs": "1",
    }
    assert "wpa_pairwise" not in values


@pytest.mark.parametrize("wlan", [WlanSection(ssid="open"), WlanSection(passphrase=Secret("without a name"))])
def test_without_passphrase_or_name_there_is_no_access_point(wlan):
    assert not hostapd.wanted(wlan)
    assert hostapd.render(wlan) == ""


@pytest.mark.parametrize("passphrase", ["seven77", "x" * 64, "tab\there123", "umlautß12", "line\nwpa=0"])
def test_what_no_station_could_type_is_no_passphrase(passphrase):
    with pytest.raises(Unrenderable):
        hostapd.render(WlanSection(ssid="a", passphrase=Secret(passphrase)))
