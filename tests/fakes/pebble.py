"""Let's Encrypt's own test server (Debian's `pebble`), and the name servers that it looks at."""

import contextlib
import json
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request

from fakes.dns import NameServer

PROGRAM = shutil.which("pebble")


class Shown:
    """Cloudflare's records as its name servers show them, after `held_back` questions about each name."""

    def __init__(self, cloudflare, held_back=0):
        self._cloudflare = cloudflare
        self._held_back = held_back
        self._asked = {}

    def __contains__(self, key):
        self._asked[key] = self._asked.get(key, 0) + 1
        return self._asked[key] > self._held_back and bool(self[key])

    def __iter__(self):
        return iter({(each["name"], each["type"]) for each in self._cloudflare.held()})

    def __getitem__(self, key):
        return [each["content"] for each in self._cloudflare.held() if (each["name"], each["type"]) == key]


def name_server(cloudflare, held_back=0):
    """Answers as the zone's own servers, which `cloudflare` says are at localhost."""
    server = NameServer()
    server.records = Shown(cloudflare, held_back)
    for zone in cloudflare.zones.values():
        zone["name_servers"] = ["localhost"]
    return server


class Pebble:
    """`directory` is where it is asked, over TLS of `authority`: at `host`, which is `address`. It looks at the
    name server at `dns`. Refuses some nonces, as it is meant to.
    """

    def __init__(
        self, folder, authority, dns_port, *, dns="127.0.0.1", host="localhost", address="127.0.0.1", **environment
    ):
        ports = [free_port() for _ in range(2)]
        made = authority.issue_cert(host, "localhost")
        made.private_key_pem.write_to_path(folder / "pebble.key")
        made.cert_chain_pems[0].write_to_path(folder / "pebble.pem")
        settings = {
            "listenAddress": f"{address}:{ports[0]}",
            "managementListenAddress": f"127.0.0.1:{ports[1]}",
            "certificate": str(folder / "pebble.pem"),
            "privateKey": str(folder / "pebble.key"),
            "httpPort": 5002,
            "tlsPort": 5001,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": environment.pop("binding", False),
        }
        (folder / "pebble.json").write_text(json.dumps({"pebble": settings}))
        self.directory = f"https://{host}:{ports[0]}/dir"
        self._management = f"https://localhost:{ports[1]}"
        self._trust = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())
        self._log = (folder / "pebble.log").open("wb")
        self._process = subprocess.Popen(
            [PROGRAM, "-config", str(folder / "pebble.json"), "-dnsserver", f"{dns}:{dns_port}"],
            env={"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_AUTHZREUSE": "0", **environment},
            stdout=self._log,
            stderr=self._log,
        )
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + 60  # it makes keys of RSA first
        while True:
            with contextlib.suppress(OSError):
                return self._get(self.directory)
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def _get(self, url):
        with urllib.request.urlopen(url, context=self._trust, timeout=5) as answer:  # noqa: S310 - our own address
            return answer.read()

    def root(self):
        """The authority that it signs by, in PEM."""
        return self._get(f"{self._management}/roots/0").decode()

    def stop(self):
        self._process.terminate()
        self._process.wait(5)
        self._log.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
