"""How fast the panel answers where there is much to show: 1,000 API users, 64 modems and 100,000 messages.

Server time over the loopback, page by page: every page that its own links lead to, and what it weighs compressed.
"""

import contextlib
import http.client
import re
import select
import socket
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from bench.processes import Children
from otpbroker.config import passwords
from otpbroker.config.sections.api import ApiUser, ApiUsersSection
from otpbroker.config.store import Store, render
from otpbroker.dispatch import schema
from otpbroker.ipc.client import Client
from otpbroker.secrets import Secret
from otpbroker.system.clock import wall_s
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import FirstAdmin

PROJECT = Path(__file__).parent.parent
USERS, MODEMS, MESSAGES, DAYS = 1000, 64, 100_000, 90
MOST_MS = 50.0
REPORTS = ("/report?range=month", "/report?range=quarter", "/report/messages?state=failed", "/report/messages")
READY_S = 120.0
ADMIN, PASSWORD = "bench", "bench-password-1"
_STATES = ("delivered", "delivered", "delivered", "submitted", "failed", "unknown")
_DOORS = ("rest", "rest", "amqp", "websocket", "panel")
_LINK = re.compile(r'href="([^"#]+)"')
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(frozen=True)
class Timed:
    path: str
    octets: int
    first_ms: float
    median_ms: float
    p95_ms: float


class Device:
    """`scripts/run` below `root`, on ports of its own."""

    def __init__(self, children: Children, root: Path) -> None:
        self.root = root
        self.port = _free_port()
        self._children = children
        self._log = root.with_suffix(".log")
        self._run: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        argv: list[str | Path] = [PROJECT / "scripts/run", "--no-install", "--root", self.root]
        argv += ["--simulate", str(MODEMS), "--api-port", str(_free_port()), "--admin-port", str(self.port)]
        self._run = self._children.spawn(argv, self._log, stdout=subprocess.PIPE)
        stream = self._run.stdout
        if stream is None or not select.select([stream], [], [], READY_S)[0] or b"ready " not in stream.readline():
            raise RuntimeError(f"OTP Broker does not get ready: see {self._log}")

    def stop(self) -> None:
        if self._run is not None:
            self._children.stop(self._run)


def seed(root: Path) -> None:
    """Users and messages for a device that is stopped."""
    same = passwords.hash_password(Secret("bench-password-2"))
    users = tuple(
        ApiUser(username=f"application{at:04d}", name=f"Application {at}", password_hash=same) for at in range(USERS)
    )
    paths = Paths(root)
    Store(paths).write("api_users", render(ApiUsersSection(api_users=users)))
    with contextlib.closing(sqlite3.connect(paths.state / "dispatch/state.sqlite")) as ledger, ledger:
        ledger.executescript(schema.CREATE)
        ledger.executemany(
            "INSERT INTO messages (message_id, accepted_at, door, user, number_key, masked, state, modem, parts, units,"
            " latency_ms, cost) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 40, ?, ?)",
            _messages(wall_s()),
        )


def _messages(now_s: float) -> Iterator[tuple[object, ...]]:
    step_s = DAYS * 86400 / MESSAGES
    for at in range(MESSAGES):
        yield (
            f"{at:024x}",
            now_s - at * step_s,
            _DOORS[at % len(_DOORS)],
            f"application{at % USERS:04d}",
            at,
            f"62812****{at % 1000:03d}",
            _STATES[at % len(_STATES)],
            f"sim{at % MODEMS}",
            500 + at % 4000,
            "350",
        )


class Administrator:
    """Signed in, with one connection kept alive."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._origin = f"http://127.0.0.1:{port}"
        self._cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[http.client.HTTPResponse, bytes]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Accept-Language": "id", "Origin": self._origin}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer, answer.read()

    def sign_in(self) -> None:
        _, page = self.ask("GET", "/login")
        token = _TOKEN.search(page.decode())
        form = {"csrf": token[1] if token else "", "username": ADMIN, "password": PASSWORD}
        answer, _ = self.ask("POST", "/login", urlencode(form))
        if answer.status != http.client.SEE_OTHER:
            raise RuntimeError(f"signing in was answered {answer.status}")

    def pages(self) -> list[str]:
        """One address for every page that links lead to; its text in the same order of magnitude as a user sees it."""
        waiting, kinds, found = ["/"], set(), []
        while waiting:
            path = waiting.pop(0)
            parts = urlsplit(path)
            kind = (parts.path, tuple(sorted(name for name, _ in parse_qsl(parts.query))))
            if kind in kinds or parts.path.startswith("/static/"):
                continue
            kinds.add(kind)
            answer, octets = self.ask("GET", path)
            if answer.status == http.client.OK and answer.headers.get_content_type() == "text/html":
                found.append(path)
                links = (urljoin(path, unescape(link)) for link in _LINK.findall(octets.decode()))
                waiting += [link for link in links if link.startswith("/")]
        return found

    def timed(self, path: str, count: int) -> Timed:
        times = []
        for _ in range(count):
            began = time.perf_counter()
            self.ask("GET", path)
            times.append((time.perf_counter() - began) * 1000)
        first = times[0]
        times.sort()
        return Timed(path, self._weight(path), first, statistics.median(times), times[-(-count * 95 // 100) - 1])

    def _weight(self, path: str) -> int:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._line.request("GET", path, headers={"Cookie": cookies, "Accept-Encoding": "gzip"})
        return len(self._line.getresponse().read())


def run(children: Children, folder: Path, count: int) -> list[Timed]:
    """Seed, start, and time every page `count` times."""
    device = Device(children, folder / "root")
    device.start()
    client = Client(Paths(device.root).socket("apply"))
    client.call(FirstAdmin(username=ADMIN, values={"password": Secret(PASSWORD)}), 30)
    client.close()
    device.stop()
    seed(device.root)
    device.start()
    try:
        administrator = Administrator(device.port)
        administrator.sign_in()
        return [administrator.timed(path, count) for path in [*administrator.pages(), *REPORTS]]
    finally:
        device.stop()


def as_table(pages: list[Timed]) -> str:
    """The slowest first."""
    lines = [f"{'page':<44} {'first ms':>8} {'p50 ms':>8} {'p95 ms':>8} {'KB gzip':>8}"]
    for page in sorted(pages, key=lambda page: -page.p95_ms):
        late = "  too slow" if page.p95_ms > MOST_MS else ""
        times = f"{page.first_ms:8.1f} {page.median_ms:8.1f} {page.p95_ms:8.1f}"
        lines.append(f"{page.path[:44]:<44} {times} {page.octets / 1024:8.1f}{late}")
    return "\n".join(lines)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
