"""Many senders at once, each with one keep-alive connection and the patience of a sane client."""

import collections
import json
import threading
import time
from typing import NamedTuple

from fakes.http import Client
from fakes.whole import AUTH

PAUSE_S = 0.05
AGAIN = (429, 500, 502, 503)


class Wish(NamedTuple):
    key: str
    number: str
    text: str


class Told(NamedTuple):
    """The last answer to a wish, and how often it was asked for."""

    wish: Wish
    code: str
    data: dict
    attempts: int
    took_s: float


def send_all(port, wishes, senders=32, *, give_up_s=90.0, again=lambda code: False):
    """What each wish came to. A lost connection, a 5xx and the codes that `again` names are tried again, under the
    wish's Idempotency-Key.
    """
    waiting, told = collections.deque(wishes), []
    threads = [threading.Thread(target=_sender, args=(port, waiting, told, give_up_s, again)) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def _sender(port, waiting, told, give_up_s, again):
    line = _Line(port)
    while waiting:
        try:
            wish = waiting.popleft()
        except IndexError:
            break
        told.append(_send(line, wish, give_up_s, again))
    line.drop()


def _send(line, wish, give_up_s, again):
    began = time.monotonic()
    code, data, attempts = "", {}, 0
    while time.monotonic() - began < give_up_s:
        attempts += 1
        try:
            answer = line.client().request("POST", "/api/sms", _body(wish), AUTH, Idempotency_Key=wish.key)
        except (OSError, ValueError):
            line.drop()
            code = "lost"
        else:
            code, data = answer.code, answer.data
            if answer.headers.get("connection", "").lower() == "close":
                line.drop()
            if answer.status not in AGAIN and not again(code):
                break
        time.sleep(PAUSE_S)
    return Told(wish, code, data, attempts, time.monotonic() - began)


def _body(wish):
    data = {"id": wish.key, "msisdn": wish.number, "message": wish.text}
    return json.dumps({"command": "send-sms", "data": data})


class _Line:
    """A connection that is made anew when it was lost."""

    def __init__(self, port):
        self._port = port
        self._client = None

    def client(self):
        if self._client is None:
            self._client = Client(self._port, timeout_s=120)
        return self._client

    def drop(self):
        if self._client is not None:
            self._client.socket.close()
            self._client = None
