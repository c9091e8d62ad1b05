"""RabbitMQ's management interface (HTTP): reads what is there, carries out steps."""

import base64
import contextlib
import http.client
import json
import ssl
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Self

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.fleet.order import Order
from otpbroker.fleet.plan import Found, Step
from otpbroker.fleet.wire import LISTS, facts_of, making, removing
from otpbroker.secrets import Secret
from otpbroker.system.trust import client_tls

TIMEOUT_S: Final = 30.0
SETTLE_S: Final = 12.0  # what the interface tells of a queue is up to two collections of five seconds old
DRAIN_S: Final = 120.0
_LEAST_VERSION: Final = (3, 10)  # quorum queues with a time to live
_PORTS: Final = {"http": 15672, "https": 15671}
_REFUSALS: Final = {401: "fleet.credentials", 403: "fleet.no_right"}


class Management:
    """One connection to `url` as `user`, for the virtual host `vhost`; TLS is verified, also against the authorities in
    the PEM file `ca`. Its methods raise `BrokerError` 1102, with what the broker said.
    """

    def __init__(self, url: str, vhost: str, user: str, password: Secret, ca: Path | None = None) -> None:
        self._vhost = vhost
        self._credentials = base64.b64encode(f"{user}:{password.reveal()}".encode()).decode()
        self._connection, self._prefix = _connection(url, ca)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def found(self, order: Order) -> Found:
        """What is there already of all that an order can ask for."""
        self._check_version()
        if self._get("vhosts", self._vhost) is None:
            raise BrokerError(ResponseCode.FAILED, "fleet.no_vhost", vhost=self._vhost)
        there: dict[tuple[str, str], dict[str, Any]] = {}
        for kind, where in LISTS.items():
            there |= facts_of(kind, self._get(where, self._vhost) or ())
        for name in (*order.devices, *order.publishers):
            for kind, path in (("user", ("users", name)), ("permission", ("permissions", self._vhost, name))):
                item = self._get(*path)
                there |= facts_of(kind, [] if item is None else [item])
        return there

    def _check_version(self) -> None:
        version = str((self._get("overview") or {}).get("rabbitmq_version", ""))
        numbers = version.split(".")[:2]
        if not all(map(str.isdecimal, numbers)) or tuple(map(int, numbers)) < _LEAST_VERSION:
            raise BrokerError(ResponseCode.FAILED, "fleet.too_old", version=version)

    def carry_out(self, step: Step, password: Secret, quiet_s: float) -> None:
        """One step of a plan. A new user gets `password`; a queue is removed when nothing was in it for `quiet_s`."""
        if step.action in ("make", "change"):
            method, path, body = making(step.thing, self._vhost, password)
            self._ask(method, path, body)
        elif step.action == "remove":
            if step.thing.kind == "queue":
                self._await_empty(step.thing.name, quiet_s)
            self._ask("DELETE", removing(step.thing, self._vhost))

    def _await_empty(self, queue: str, quiet_s: float) -> None:
        began = quiet_from = time.monotonic()
        while (now := time.monotonic()) - quiet_from < quiet_s:
            facts = self._get("queues", self._vhost, queue) or {}
            waiting = facts.get("messages", 0) + facts.get("messages_dlx", 0)
            if waiting:
                quiet_from = now
                if now - began > DRAIN_S:
                    raise BrokerError(ResponseCode.FAILED, "fleet.not_empty", queue=queue, messages=waiting)
            time.sleep(0.5)

    def _get(self, *path: str) -> Any:
        """None where there is no such object."""
        return self._ask("GET", path)

    def _ask(self, method: str, path: tuple[str, ...], body: dict[str, Any] | None = None) -> Any:
        target = self._prefix + "/api/" + "/".join(urllib.parse.quote(part, safe="") for part in path)
        headers = {"Authorization": f"Basic {self._credentials}", "Content-Type": "application/json"}
        with _explained():
            status, content = self._exchange(method, target, body, headers)
        if status == 404 and method in ("GET", "DELETE"):
            return None
        if status >= 300:
            raise _refusal(status, content)
        return content

    def _exchange(
        self, method: str, target: str, body: dict[str, Any] | None, headers: dict[str, str]
    ) -> tuple[int, Any]:
        self._connection.request(method, target, None if body is None else json.dumps(body), headers)
        answer = self._connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content else None


def _connection(url: str, ca: Path | None) -> tuple[http.client.HTTPConnection, str]:
    """The connection, not open yet, and the path before /api. Raises 1105 for what is no address."""
    wrong = BrokerError(ResponseCode.INVALID_REQUEST, "fleet.url")
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        raise wrong from None
    if not host or port is None or parts.scheme not in _PORTS or parts.username or parts.query or parts.fragment:
        raise wrong
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S), parts.path.rstrip("/")
    with _explained():
        context = client_tls("" if ca is None else str(ca))
    return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=context), parts.path.rstrip("/")


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """What goes wrong below HTTP, as the operator can act on it."""
    try:
        yield
    except ssl.SSLError as error:
        reason = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else error.reason
        raise BrokerError(ResponseCode.FAILED, "fleet.tls", reason=_words(reason)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BrokerError(ResponseCode.FAILED, "fleet.unreachable", reason=_words(reason)) from None
    except (http.client.HTTPException, ValueError):
        raise BrokerError(ResponseCode.FAILED, "fleet.not_rabbitmq") from None


def _refusal(status: int, content: object) -> BrokerError:
    reason = content.get("reason") if isinstance(content, dict) else None
    return BrokerError(
        ResponseCode.FAILED, _REFUSALS.get(status, "fleet.answer"), status=status, reason=_words(reason or "-")
    )


def _words(text: object) -> str:
    """Somebody else's words: short, on one line."""
    return "".join(char if char.isprintable() else " " for char in str(text))[:200]
