"""The access point's address and ways, as a batch for ip(8), whichever network manager the device has."""

from otpbroker.config.sections.network import WlanSection
from otpbroker.network.names import AP_INTERFACE, AP_MARK, AP_METRIC, AP_TABLE, interface, ipv4


def render(wlan: WlanSection) -> str:
    """Commands for `ip -batch`, where there is no rule of ours; whatever address the interface had is gone.

    Replies to clients (`names.AP_MARK`) look in a table of their own, where nothing else is; for everything else the
    access point is the last choice.
    """
    own = interface(wlan.address, wlan.prefix, "wlan.address")
    lines = [
        f"address flush dev {AP_INTERFACE} scope global",
        f"address add {own} broadcast {own.network.broadcast_address} dev {AP_INTERFACE} noprefixroute",
        f"link set dev {AP_INTERFACE} up",
        f"route replace {own.network} dev {AP_INTERFACE} src {own.ip} metric {AP_METRIC}",
        f"route replace {own.network} dev {AP_INTERFACE} src {own.ip} table {AP_TABLE}",
        f"rule add fwmark {AP_MARK:#x}/{AP_MARK:#x} lookup {AP_TABLE} priority {AP_TABLE}",
    ]
    if wlan.gateway:
        gateway = ipv4(wlan.gateway, "wlan.gateway")
        lines.append(f"route replace default via {gateway} dev {AP_INTERFACE} onlink metric {AP_METRIC}")
        lines.append(f"route replace default via {gateway} dev {AP_INTERFACE} onlink table {AP_TABLE}")
    return "".join(f"{line}\n" for line in lines)
