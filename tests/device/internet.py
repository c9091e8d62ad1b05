"""Runs on the emulated device, in the network that its Ethernet cable leads to: the internet, with the vendors of DDNS
and an authority of certificates at their own names and at public addresses, and a name server that knows them.

The file `directory` of its folder appears when all answer, and holds pebble's. What they were asked stands in `asked`,
a line of JSON each; what a vendor answers next is the text in `order-VENDOR`; the public address that is seen is in
`address`.
"""

import json
import pathlib
import subprocess
import sys
import threading
from collections import ChainMap

import trustme

from fakes.ddns_vendors import Afraid, Cloudflare, Dynu, NoIp, PublicAddress
from fakes.dns import NameServer
from fakes.pebble import Pebble, Shown

FOLDER = pathlib.Path(sys.argv[1])
DNS, LAN_DNS = "9.9.9.53", "10.0.2.2"
NAMES = {
    "api.ipify.org": "9.9.9.10",
    "api.cloudflare.com": "9.9.9.11",
    "dynupdate.no-ip.com": "9.9.9.12",
    "api.dynu.com": "9.9.9.13",
    "freedns.afraid.org": "9.9.9.14",
    "acme.example": "9.9.9.15",
    "ns.example": DNS,
}
AUTHORITIES = pathlib.Path("/etc/ssl/certs")


def at_its_name(kind, name):
    """That vendor's server where the world has it, told by files."""

    class There(kind):
        at = (NAMES[name], 443)

        def came(self, asked):
            order = FOLDER / f"order-{kind.__name__.lower()}"
            if order.exists():
                self.ordered.append((200, order.read_text()))
                order.unlink()
            status, text, *more = super().came(asked)
            line = {"vendor": kind.__name__.lower(), "method": asked.method, "path": asked.path, "query": asked.query}
            with (FOLDER / "asked").open("a") as asked_file:
                asked_file.write(json.dumps(line | {"answer": text}) + "\n")
            return status, text, *more

    There.name = name
    return There


class Seen(at_its_name(PublicAddress, "api.ipify.org")):
    def answer(self, asked):
        self.address = (FOLDER / "address").read_text().strip()
        return super().answer(asked)


def believed(authority):
    """By the whole device, as update-ca-certificates(8) would have it in half a minute."""
    authority.cert_pem.write_to_path(AUTHORITIES / "tests.pem")
    argv = ["/usr/bin/openssl", "x509", "-noout", "-hash", "-in", AUTHORITIES / "tests.pem"]
    name = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()
    (AUTHORITIES / f"{name}.0").symlink_to("tests.pem")
    with (AUTHORITIES / "ca-certificates.crt").open("ab") as all_of_them:
        all_of_them.write(authority.cert_pem.bytes())


def main():
    for address in NAMES.values():
        subprocess.run(["/usr/sbin/ip", "address", "add", f"{address}/32", "dev", "lo"], check=True)
    authority = trustme.CA()
    believed(authority)
    cloudflare = at_its_name(Cloudflare, "api.cloudflare.com")(authority, "example.com")
    for zone in cloudflare.zones.values():
        zone["name_servers"] = ["ns.example"]
    Seen(authority)
    at_its_name(NoIp, "dynupdate.no-ip.com")(authority, "otp.ddns.net")
    at_its_name(Dynu, "api.dynu.com")(authority, "otp.freeddns.org")
    at_its_name(Afraid, "freedns.afraid.org")(authority)
    records = ChainMap({(name, "A"): [address] for name, address in NAMES.items()}, Shown(cloudflare))
    for address in (LAN_DNS, DNS):
        NameServer((address, 53)).records = records
    authority_of_names = Pebble(FOLDER, authority, 53, dns=DNS, host="acme.example", address=NAMES["acme.example"])
    (FOLDER / "directory").write_text(authority_of_names.directory)
    threading.Event().wait()


if __name__ == "__main__":
    main()
