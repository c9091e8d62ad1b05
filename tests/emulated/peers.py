"""Who stands at the device's sides: network namespaces inside it, with a radio or a network card of their own."""

import http.client
import io
import json
import re
import shlex
from urllib.parse import urlencode

from emulated.control import LAN, LAN_LINK
from emulated.device import Device

# udhcpc's script: takes the address that it is told of, and nothing else.
_TAKE = """#!/bin/sh
[ $1 = bound ] || exit 0
ip -4 addr flush dev $interface
ip addr add $ip/$mask dev $interface
env
"""
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Peer:
    """A network namespace of the device's kernel with the one interface `link`, as if it were another machine."""

    def __init__(self, device: Device, name: str, link: str) -> None:
        self.device = device
        self.name = name
        self.link = link

    def run(self, command: str, *, stdin: bytes = b"", timeout_s: float = 60, check: bool = True) -> str:
        inside = f"ip netns exec {self.name} sh -c {shlex.quote(command)}"
        return self.device.run(inside, stdin=stdin, timeout_s=timeout_s, check=check)

    def lease(self, timeout_s: float = 60) -> dict[str, str]:
        """Asks for an address by DHCP and takes it; what udhcpc tells its script, by its names."""
        where = f"/var/tmp/{self.name}.udhcpc"  # nothing is executed in /run
        self.device.run(f"cat >{where} && chmod 755 {where}", stdin=_TAKE.encode())
        said = self.run(f"udhcpc -i {self.link} -f -n -q -t 10 -T 3 -s {where}", timeout_s=timeout_s)
        return dict(line.split("=", 1) for line in said.splitlines() if re.match(r"[a-z]\w*=", line))

    def reached(self, address: str, ports: str, *options: str, timeout_s: float = 240) -> set[int]:
        """The ports at `address` from which nmap hears anything, be it a refusal: what no filter holds back."""
        family = ["-6"] if ":" in address else []
        scan = ["nmap", "-n", "-Pn", "-oG", "-", "-T4", "--max-retries", "2", *family, *options, "-p", ports, address]
        said = self.run(shlex.join(scan), timeout_s=timeout_s)
        return {int(port) for port, _ in re.findall(r"(\d+)/(open|closed)/", said)}

    def browser(self, url: str) -> "Browser":
        return Browser(self, url)


class Answer:
    """Of HTTP: status, headers, text."""

    def __init__(self, raw: bytes) -> None:
        stream = io.BytesIO(raw)
        self.status = int(stream.readline().split()[1])
        self.headers = http.client.parse_headers(stream)
        self.text = stream.read().decode(errors="replace")


class Browser:
    """Somebody with a browser without scripts, at a peer."""

    def __init__(self, peer: Peer, url: str) -> None:
        self._peer = peer
        self._url = url
        self._jar = f"/run/{peer.name}.{abs(hash(url))}.jar"
        self.token = ""
        self.patience_s = 60

    def get(self, path: str) -> Answer:
        return self._ask(path)

    def post(self, path: str, **fields: str) -> Answer:
        return self._ask(path, "--data-binary", "@-", stdin=urlencode({"csrf": self.token, **fields}).encode())

    def _ask(self, path: str, *options: str, stdin: bytes = b"") -> Answer:
        curl = ["curl", "-sS", "-i", "-k", "--http1.1", "-m", str(self.patience_s)]
        curl += ["-b", self._jar, "-c", self._jar, *options]
        answer = Answer(self._peer.run(shlex.join([*curl, self._url + path]), stdin=stdin, timeout_s=90).encode())
        if token := _TOKEN.search(answer.text):
            self.token = token[1]
        return answer


class Neighbour(Peer):
    """Whoever is on the device's Ethernet."""

    def __init__(self, device: Device) -> None:
        super().__init__(device, LAN, LAN_LINK)

    def device_address(self, timeout_s: float = 60) -> str:
        """Where the device is on that Ethernet, as soon as it has been given an address."""
        shown = "ip -4 -o addr show eth0 scope global"
        return self.device.until(f"{shown} | grep .", timeout_s).split()[3].partition("/")[0]


class Station(Peer):
    """A phone: the second or third radio. It is in the air when it is made, and joins nothing yet."""

    def __init__(self, device: Device, name: str, link: str) -> None:
        super().__init__(device, name, link)
        device.run(f"ip netns add {name} && iw phy $(cat /sys/class/net/{link}/phy80211/name) set netns name {name}")
        self.run(f"ip link set lo up; ip link set {link} up")

    def networks(self) -> list[str]:
        """The names that are in the air."""
        said = self.run(f"iw dev {self.link} scan", timeout_s=60)
        return re.findall(r"^\tSSID: (.*)$", said, re.MULTILINE)

    def join(self, ssid: str, passphrase: str, timeout_s: float = 60) -> bool:
        """Whether the access point let it in; the station goes on trying only where it did."""
        base = f"/run/{self.name}.wpa"
        settings = f"ctrl_interface={base}.d\nnetwork={{\n ssid={json.dumps(ssid)}\n psk={json.dumps(passphrase)}\n}}\n"
        self.device.run(f"cat >{base}", stdin=settings.encode())
        self.run(f"wpa_supplicant -B -i {self.link} -c {base} -P {base}.pid -f {base}.log")
        words = "CTRL-EVENT-CONNECTED|reason=WRONG_KEY|4-Way Handshake failed"
        wait = f"timeout {timeout_s:.0f} tail -n +1 -F {base}.log | grep -m 1 -E {shlex.quote(words)}"
        joined = "CONNECTED" in self.device.run(wait, timeout_s=timeout_s + 30, check=False)
        if not joined:
            self.leave()
        return joined

    def leave(self) -> None:
        base = f"/run/{self.name}.wpa"
        self.device.run(f"[ ! -e {base}.pid ] || {{ kill $(cat {base}.pid); rm -f {base}.log; }}")
