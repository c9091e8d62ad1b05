"""Runs on the emulated device, in the network of a peer. Prints as JSON how long others wait beside slow and idle
connections, and what these cost the network edge.
"""

import contextlib
import json
import resource
import socket
import statistics
import sys
import threading
import time
from pathlib import Path

SLOW, IDLE, ASKED = 1000, 10_000, 300
DRIBBLE_S = 1.0
HEAD = b"GET /healthz HTTP/1.1\r\nHost: otpbroker.local\r\nX-Slow: "


def ask(where):
    """Milliseconds that one request on a connection of its own takes."""
    began = time.monotonic()
    with socket.create_connection(where, timeout=30) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: otpbroker.local\r\nConnection: close\r\n\r\n")
        answer = b""
        while piece := line.recv(4096):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200 "), answer[:60]
    return (time.monotonic() - began) * 1000


def waited(where):
    took = [ask(where) for _ in range(ASKED)]
    return {"median_ms": statistics.median(took), "p99_ms": statistics.quantiles(took, n=100)[98]}


class Slow:
    """So many heads that never end, an octet a second; one that is thrown out comes again."""

    def __init__(self, where):
        self._where = where
        self._ended = threading.Event()
        self._lines = [self._begun() for _ in range(SLOW)]
        self._thread = threading.Thread(target=self._dribble)
        self._thread.start()

    def _begun(self):
        line = socket.create_connection(self._where, timeout=30)
        line.sendall(HEAD)
        return line

    def _dribble(self):
        while not self._ended.wait(DRIBBLE_S):
            for at, line in enumerate(self._lines):
                try:
                    line.sendall(b"x")
                except OSError:
                    line.close()
                    self._lines[at] = self._begun()

    def close(self):
        self._ended.set()
        self._thread.join()
        for line in self._lines:
            line.close()


def edge_kib():
    """Proportional set size of nginx."""
    names = [path for path in Path("/proc").glob("[0-9]*/comm") if path.read_text() == "nginx\n"]
    lines = [line for path in names for line in (path.parent / "smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def main(address, port):
    resource.setrlimit(resource.RLIMIT_NOFILE, (IDLE + 1024, IDLE + 1024))
    where = (address, int(port))
    waited(where)
    told = {"alone": waited(where)}
    with contextlib.closing(Slow(where)):
        told["beside_slow"] = waited(where)
    before = edge_kib()
    with contextlib.ExitStack() as stack:
        for _ in range(IDLE):
            stack.enter_context(socket.create_connection(where, timeout=30))
        told["beside_idle"] = waited(where)
        told["idle_cost_kib"] = edge_kib() - before
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
