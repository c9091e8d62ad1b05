"""hostapd's configuration: the access point (hostapd.conf of hostapd 2.10)."""

import re
from typing import Final

from otpbroker.config.crosscheck_network import MAX_SSID_OCTETS, PASSPHRASE
from otpbroker.config.sections.network import WlanSection
from otpbroker.network.names import AP_INTERFACE, Unrenderable, number

# A radio cannot be asked to choose (ACS): neither the Pi's (brcmfmac) nor the kernel's simulated one knows how.
FALLBACK_CHANNEL: Final = 6
MAX_STATIONS: Final = 8  # the small Pis' firmware takes four to sixteen clients, by its build
_COUNTRY: Final = re.compile(r"[A-Z]{2}")


def wanted(wlan: WlanSection) -> bool:
    """Whether there is to be an access point. Without a passphrase there is none: it is never open."""
    return bool(wlan.ssid and wlan.passphrase)


def channel(wlan: WlanSection) -> int:
    """The channel that is used; where the radio was to choose, one that is allowed in every country."""
    return number(wlan.channel, 0, 13, "wlan.channel") or FALLBACK_CHANNEL


def render(wlan: WlanSection) -> str:
    """The file, or nothing where there is to be no access point. It holds the passphrase: root's, 0600."""
    if not wanted(wlan):
        return ""
    return "".join(f"{name}={value}\n" for name, value in _values(wlan).items())


def _values(wlan: WlanSection) -> dict[str, str | int]:
    return {
        "interface": AP_INTERFACE,
        "driver": "nl80211",
        "logger_syslog": -1,
        "logger_syslog_level": 2,
        "logger_stdout": 0,
        # In hexadecimal: a name may hold any octet.
        "ssid2": _ssid(wlan.ssid).hex(),
        "utf8_ssid": 1,
        "country_code": _matching(_COUNTRY, wlan.country, "wlan.country"),
        "ieee80211d": 1,
        "hw_mode": "g",
        "channel": channel(wlan),
        "ieee80211n": 1,
        "wmm_enabled": 1,
        "max_num_sta": MAX_STATIONS,
        # Its clients have no business with each other.
        "ap_isolate": 1,
        "auth_algs": 1,
        "wpa": 2,
        "wpa_key_mgmt": "WPA-PSK",
        "rsn_pairwise": "CCMP",
        # Protected management frames break the access point of the small Pis' firmware.
        "ieee80211w": 0,
        "wpa_passphrase": _matching(PASSPHRASE, wlan.passphrase.reveal(), "wlan.passphrase"),
    }


def _ssid(name: str) -> bytes:
    octets = name.encode(errors="surrogatepass")
    if not 0 < len(octets) <= MAX_SSID_OCTETS:
        raise Unrenderable("wlan.ssid")
    return octets


def _matching(pattern: re.Pattern[str], text: str, field: str) -> str:
    if not pattern.fullmatch(text):
        raise Unrenderable(field)
    return text
