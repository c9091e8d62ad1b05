"""A device's three sides in network namespaces: its access point, its Ethernet and a mobile network, each with one
peer. Needs root; links are veth pairs that bear the names of the real interfaces.
"""

import contextlib
import ctypes
import os
import selectors
import shutil
import socket
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

NEEDED = ("unshare", "nsenter", "ip", "nft", "dnsmasq")
PEERS = {"ap": ("wlan0", "sta0"), "ethernet": ("eth0", "lan0"), "mobile": ("ppp0", "wan0")}
_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000
_PATIENCE_S = 1.0


def missing():
    """Why there can be no namespaces here; empty where there can."""
    if os.geteuid() != 0:
        return "needs root"
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
    lacking = [program for program in NEEDED if shutil.which(program, path=path) is None]
    if lacking:
        return f"no {', '.join(lacking)} here"
    alone = subprocess.run(["unshare", "--net", "true"], check=False)  # noqa: S607 - Debian's, wherever it is
    return "" if alone.returncode == 0 else "no namespaces here"


class Namespace:
    """A network namespace that lives as long as a process in it."""

    def __init__(self):
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])  # noqa: S607 - as above
        self.pid = self._holder.pid
        own = Path("/proc/self/ns/net").readlink()
        while Path(f"/proc/{self.pid}/ns/net").readlink() == own:
            os.sched_yield()
        self.run("ip", "link", "set", "lo", "up")

    def run(self, *argv, stdin=None):
        argv = ["nsenter", "-t", str(self.pid), "-n", *argv]
        done = subprocess.run(argv, input=stdin, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (argv, done.stderr)
        return done.stdout

    def start(self, *argv, **options):
        return subprocess.Popen(["nsenter", "-t", str(self.pid), "-n", *argv], **options)  # noqa: S607 - as above

    def do(self, work):
        """`work()`'s result, done by a thread that stands in this namespace."""
        with ThreadPoolExecutor(1, initializer=self._enter) as pool:
            return pool.submit(work).result()

    def _enter(self):
        with Path(f"/proc/{self.pid}/ns/net").open("rb") as of:
            assert _LIBC.setns(of.fileno(), _CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())

    def set(self, key, value):
        """A sysctl of this namespace."""
        self.do(lambda: Path("/proc/sys", key.replace(".", "/")).write_text(value))

    def close(self):
        self._holder.kill()
        self._holder.wait()


class Sides:
    """`device`, and its peer at each side (`ap`, `ethernet`, `mobile`)."""

    def __init__(self):
        self.device = Namespace()
        self.peers = {side: Namespace() for side in PEERS}
        for side, (ours, theirs) in PEERS.items():
            peer = self.peers[side]
            self.device.run("ip", "link", "add", ours, "type", "veth", "peer", "name", theirs)
            self.device.run("ip", "link", "set", theirs, "netns", str(peer.pid))
            # No duplicate address detection: an IPv6 address works at once.
            for where, name in ((self.device, ours), (peer, theirs)):
                where.set(f"net.ipv6.conf.{name}.accept_dad", "0")
                where.run("ip", "link", "set", name, "up")

    def address(self, side, ours, theirs):
        """Addresses with their prefix length, of the device and of its peer."""
        for where, name, address in (
            (self.device, PEERS[side][0], ours),
            (self.peers[side], PEERS[side][1], theirs),
        ):
            where.run("ip", "address", "add", address, "dev", name)

    def close(self):
        for namespace in (self.device, *self.peers.values()):
            namespace.close()


def reached(namespace, address, ports, interface=""):
    """{port: what its listener says} of those that answer."""

    def ask():
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        where = (address, 0, 0, socket.if_nametoindex(interface)) if interface else (address, 0)
        found, waiting = {}, selectors.DefaultSelector()
        for port in ports:
            client = socket.socket(family)
            client.setblocking(False)
            client.connect_ex((where[0], port, *where[2:]))
            waiting.register(client, selectors.EVENT_READ, port)
        while waiting.get_map() and (ready := waiting.select(_PATIENCE_S)):
            for key, _ in ready:
                with contextlib.suppress(OSError):
                    found[key.data] = key.fileobj.recv(100).decode()
                waiting.unregister(key.fileobj)
                key.fileobj.close()
        for key in list(waiting.get_map().values()):
            key.fileobj.close()
        return found

    return namespace.do(ask)


class Listeners:
    """Sockets at many ports of a namespace, IPv4 and IPv6; each says its port to who connects, and closes."""

    def __init__(self, namespace, ports):
        self._sockets = namespace.do(lambda: [self._listen(port) for port in ports])
        self._waiting = selectors.DefaultSelector()
        for listener in self._sockets:
            self._waiting.register(listener, selectors.EVENT_READ)
        self._wake, woken = socket.socketpair()
        self._waiting.register(woken, selectors.EVENT_READ)
        self._sockets += [self._wake, woken]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @staticmethod
    def _listen(port):
        return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)

    def _serve(self):
        while True:
            for key, _ in self._waiting.select():
                if key.fileobj in self._sockets[-2:]:
                    return
                client, _ = key.fileobj.accept()
                with client:
                    client.sendall(str(client.getsockname()[1]).encode())

    def close(self):
        self._wake.send(b"x")
        self._thread.join()
        for each in self._sockets:
            each.close()
