"""A DHCP client of one exchange (RFC 2131), and a DNS client of one question (RFC 1035)."""

import socket
import struct

_COOKIE = b"\x63\x82\x53\x63"
_HEAD = struct.Struct(">4BIHH4s4s4s4s16s64s128s")
_NAMES = {1: "mask", 3: "router", 6: "dns", 15: "domain", 51: "lease", 53: "kind"}


MAC = "02:00:00:00:00:01"
_DISCOVER, _REQUEST = b"\x35\x01\x01", b"\x35\x01\x03"
_ASKED = b"\x37\x05\x01\x03\x06\x0f\x33"


def offer(interface, *, wanted_s=None):
    """What a server offers: address, and its options by name; None where nobody does."""
    wanted = b"" if wanted_s is None else b"\x33\x04" + wanted_s.to_bytes(4)
    return _exchange(interface, _DISCOVER + _ASKED + wanted)


def lease(interface):
    """Takes what is offered; as `offer`, of the server's last word."""
    address = socket.inet_aton(offer(interface)["address"])
    return _exchange(interface, _REQUEST + _ASKED + b"\x32\x04" + address)


def _exchange(interface, options):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        client.bind(("", 68))
        client.settimeout(5)
        # Please answer by broadcast: we have no address yet.
        nobody, mac = bytes(4), bytes.fromhex(MAC.replace(":", ""))
        head = _HEAD.pack(1, 1, 6, 0, 7, 0, 0x8000, *[nobody] * 4, mac + bytes(10), b"", b"")
        client.sendto(head + _COOKIE + options + b"\xff", ("255.255.255.255", 67))
        try:
            answer = client.recv(2000)
        except TimeoutError:
            return None
    return {"address": socket.inet_ntoa(answer[16:20]), **_options(answer[240:])}


def _options(octets):
    found = {}
    while octets and octets[0] != 255:
        code, length = octets[0], octets[1]
        value, octets = octets[2 : 2 + length], octets[2 + length :]
        name = _NAMES.get(code)
        if name in ("mask", "router", "dns"):
            found[name] = [socket.inet_ntoa(value[at : at + 4]) for at in range(0, length, 4)]
        elif name:
            found[name] = value.decode() if name == "domain" else int.from_bytes(value)
    return found


def lookup(server, name, kind=1):
    """(response code, addresses) of a question for A (1), AAAA (28) or another kind."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.sendto(struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + labels + struct.pack(">x2H", kind, 1), (server, 53))
        answer = client.recv(2000)
    code, answers = answer[3] & 15, int.from_bytes(answer[6:8])
    return code, [socket.inet_ntoa(answer[len(answer) - 4 :])] if answers and kind == 1 else []
