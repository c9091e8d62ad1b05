"""The panel in this process: on real settings below a folder, beside peers that answer what a test tells them."""

import contextlib
import functools
import io
import re
import tempfile
from collections import defaultdict
from http.cookies import SimpleCookie
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode, urlsplit

import jinja2

from otpbroker.apply.acme import Ordering
from otpbroker.apply.transaction import Settings
from otpbroker.config import setup_code
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.panel import desk as desks
from otpbroker.panel.desk import Desk
from otpbroker.panel.peers import Peers
from otpbroker.panel.request import SESSION, SET_UP_SIDE
from otpbroker.panel.site import panel
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.verbs.acme import OrderCertificate, Ordered
from otpbroker.verbs.apply import FirstAdmin, ServiceWord
from otpbroker.verbs.dispatch import Counters, DispatchStatus, ModemFactsList, ModemList, Status
from otpbroker.verbs.network import NetworkAlarms, NetworkAlarmsTold

ADMIN, PASSWORD = "budi", "rahasia-sekali-1"
HOST = "192.168.0.11:8888"
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
NOTHING = Counters(queued=0, in_flight=0, accepted=0, by_state={}, by_modem={}, latency_ms_sum=0, latency_count=0)


class Peer:
    """Answers a verb with what `answers` holds for its class: a value, an error to raise, or a function of the verb.
    `asked` keeps every verb.
    """

    def __init__(self, answers=None):
        self.answers = dict(answers or {})
        self.asked = []

    def call(self, verb, timeout_s=None):
        self.asked.append(verb)
        answer = self.answers.get(type(verb))
        if answer is None:
            raise BrokerError(ResponseCode.FAILED, "dispatch.unavailable", retry_after_s=3)
        if isinstance(answer, Exception):
            raise answer
        return answer(verb) if callable(answer) else answer

    def send(self, verb, deadline_s):
        return self.call(verb)

    def verbs(self, kind):
        return [verb for verb in self.asked if isinstance(verb, kind)]


class Compiled(jinja2.BytecodeCache):
    """Templates are compiled once for all panels of a run."""

    def __init__(self):
        self._kept = {}

    def load_bytecode(self, bucket):
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket):
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


class Told(NamedTuple):
    status: int
    headers: dict
    text: str

    @property
    def to(self):
        return self.headers.get("location")

    @property
    def place(self):
        """Where to, without the query."""
        return (self.to or "").partition("?")[0]


class Reloading:
    """The service manager of these settings: the panel takes them at once."""

    def __init__(self):
        self.take = lambda: None

    def reload(self, services):
        if "admin" in services:
            self.take()
        return [ServiceWord(service=service, state="reloaded") for service in services]


@functools.cache
def _admins_file():
    """The section with the one administrator: a password costs a tenth of a second."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder))
        Settings(paths, Reloading()).call(FirstAdmin(username=ADMIN, values={"password": Secret(PASSWORD)}))
        return Store(paths).stored("admins")


class Applying:
    """otpb-apply, whose orders of certificates are begun and never end."""

    def __init__(self, paths, settings):
        self._ordering = Ordering(paths, settings.call)
        self._settings = settings

    def call(self, verb):
        if not isinstance(verb, OrderCertificate):
            return self._settings.call(verb)
        self._ordering.check()
        return Ordered(key="acme.begun")


class PanelHere:
    """`admin` False: a device that has none yet. `host` is the machine below, where it is ours."""

    def __init__(self, folder, *, admin=True, host=None):
        self.paths = Paths(folder)
        self.store = Store(self.paths)
        manager = Reloading()
        self.settings = Settings(self.paths, manager, host=host and host(self.store))
        self.dispatch = Peer(
            {
                Status: DispatchStatus(version="0", uptime_s=1, modems=[], counters=NOTHING, alarms=[]),
                ModemList: ModemFactsList(modems=[]),
            }
        )
        self.network = Peer({NetworkAlarms: NetworkAlarmsTold(alarms=[])})
        self.mail, self.notifier, self.ddns, self.acme, self.supervisor = (Peer() for _ in range(5))
        if admin:
            self.store.write("admins", _admins_file())
        self.desk = Desk(self.peers(), self.loaded(), asks_code=lambda: setup_code.is_asked(self.paths))
        manager.take = lambda: self.desk.take(self.loaded())
        self.panel = panel(self.desk)
        self.panel._renderer._environment.bytecode_cache = COMPILED

    def peers(self):
        others = (self.dispatch, self.mail, self.notifier, self.ddns, self.acme, self.supervisor, self.network)
        return Peers(Applying(self.paths, self.settings), *others)

    def loaded(self):
        return desks.load(self.store)

    def browser(self, *, signed_in=True, **options):
        browser = Browser(self.panel.wsgi, **options)
        if signed_in:
            password_hash = self.desk.settings.admins[ADMIN].password_hash
            browser.cookies[SESSION], _ = self.desk.sessions.open(ADMIN, "127.0.0.1", "a browser", password_hash)
            browser.get("/panel")  # for its token
        return browser


class Browser:
    """Keeps cookies, and sends the token of the page it saw last, as a person's browser would."""

    def __init__(self, wsgi, *, address="127.0.0.1", set_up_side=True, language="en", host=HOST, scheme="http"):
        self.scheme = scheme
        self._wsgi = wsgi
        self._address = address
        self._set_up_side = set_up_side
        self.host = host
        self.language = language
        self.cookies = {}
        self.token = ""

    def get(self, path, **headers):
        return self.request("GET", path, b"", headers)

    def post(self, path, fields=None, *, token=None, **headers):
        """`fields` values may be lists; a token is fetched from the sign-in page where none was seen yet."""
        if token is None and not self.token:
            self.get("/login")
        data = {"csrf": self.token if token is None else token, **(fields or {})}
        headers.setdefault("Origin", f"{self.scheme}://{self.host}")
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return self.request("POST", path, urlencode(data, doseq=True).encode(), headers)

    def upload(self, path, fields, files):
        """A form with files: `files` are (field, octets)."""
        mark = "------------------------4f1c"
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"csrf": self.token, **fields}.items()
        ]
        for name, octets in files:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.json"\r\n'
            parts.append(f"{head}Content-Type: application/json\r\n\r\n".encode() + octets + b"\r\n")
        body = b"".join([*parts, f"--{mark}--\r\n".encode()])
        headers = {"Origin": f"{self.scheme}://{self.host}", "Content-Type": f"multipart/form-data; boundary={mark}"}
        return self.request("POST", path, body, headers)

    def request(self, method, path, body=b"", headers=None):
        parts = urlsplit(path)
        return self.raw(method, parts.path, urlencode(parse_qsl(parts.query, keep_blank_values=True)), body, headers)

    def raw(self, method, path, query, body=b"", headers=None):
        """As `request`, the path and the query as they come over the wire."""
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "x",
            "SERVER_PORT": "0",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self._address,
            "HTTP_HOST": self.host,
            "HTTP_ACCEPT_LANGUAGE": self.language,
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": self.scheme,
            SET_UP_SIDE: self._set_up_side,
        }
        for name, value in (headers or {}).items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        started = []
        chunks = self._wsgi(environ, lambda status, given, _=None: started.append((status, given)))
        status, given = started[-1]
        kept = defaultdict(list)
        for name, value in given:
            kept[name.lower()].append(value)
        text = _text(chunks, kept["content-type"])
        self._keep(kept["set-cookie"])
        if token := _TOKEN.search(text):
            self.token = token[1]
        return Told(int(status[:3]), {name: ", ".join(values) for name, values in kept.items()}, text)

    def _keep(self, lines):
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "-1" or "1970" in morsel["expires"]:
                    del self.cookies[name]


def _text(chunks, content_type):
    """All that came; of an answer that never ends, what came first."""
    if "text/event-stream" not in content_type:
        return b"".join(chunks).decode(errors="replace")
    with contextlib.closing(chunks):
        return next(iter(chunks)).decode()
