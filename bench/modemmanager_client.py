"""Talks D-Bus to ModemManager for the bench; runs under Debian's Python because of python3-jeepney.

`setup PORT…` attaches the ports and enables the modems; `single` sends to each number on standard input through
the first modem and answers a line; `load` keeps one message in flight on every modem until SIGTERM.
"""

import itertools
import sys
import time
from collections.abc import Iterator
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

ROOT = "/org/freedesktop/ModemManager1"
BUS = "org.freedesktop.ModemManager1"
MODEM = f"{BUS}.Modem"
MESSAGING = f"{BUS}.Modem.Messaging"
TEXT = "Kode OTP Anda 123456. Jangan berikan kepada siapa pun."
ATTACH_S = 90.0


def call(path: str, interface: str, method: str, signature: str = "", body: tuple[object, ...] = ()) -> Message:
    return new_method_call(DBusAddress(path, BUS, interface), method, signature, body)


def answered(connection: DBusConnection, message: Message) -> tuple[Any, ...]:
    reply = connection.send_and_get_reply(message, timeout=60)
    if reply.header.message_type is MessageType.error:
        raise RuntimeError(reply.body)
    return tuple(reply.body)


def modems(connection: DBusConnection) -> list[str]:
    (objects,) = answered(connection, call(ROOT, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects"))
    return sorted(path for path, interfaces in objects.items() if MESSAGING in interfaces)


def setup(connection: DBusConnection, ports: list[str]) -> None:
    deadline = time.monotonic() + ATTACH_S
    for number, port in enumerate(ports):
        profile = call(ROOT, f"{BUS}.Test", "SetProfile", "ssas", (f"bench{number}", "generic", [port]))
        while True:
            try:
                answered(connection, profile)
                break
            except RuntimeError:  # the daemon has not claimed its name yet
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
    while len(modems(connection)) < len(ports):
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.2)
    enable(connection, modems(connection))


def enable(connection: DBusConnection, paths: list[str]) -> None:
    """All at once: one alone takes three seconds."""
    waiting = set()
    for path in paths:
        serial = next(connection.outgoing_serial)
        connection.send(call(path, MODEM, "Enable", "b", (True,)), serial=serial)
        waiting.add(serial)
    while waiting:
        reply = connection.receive(timeout=60)
        serial = reply.header.fields.get(HeaderFields.reply_serial, 0)
        if serial in waiting and reply.header.message_type is MessageType.error:
            raise RuntimeError(reply.body)
        waiting.discard(serial)


def create(modem: str, number: int) -> Message:
    properties = {"number": ("s", f"+{number}"), "text": ("s", TEXT)}
    return call(modem, MESSAGING, "Create", "a{sv}", (properties,))


def single(connection: DBusConnection) -> None:
    modem = modems(connection)[0]
    for line in sys.stdin:
        (path,) = answered(connection, create(modem, int(line)))
        answered(connection, call(str(path), f"{BUS}.Sms", "Send"))
        print(flush=True)
        answered(connection, call(modem, MESSAGING, "Delete", "o", (path,)))


class Load:
    """For each modem: the message being sent, and the next one made ready."""

    def __init__(self, connection: DBusConnection) -> None:
        self._connection = connection
        self._numbers: Iterator[int] = itertools.count(6281250000000)
        self._pending: dict[int, tuple[str, str, str]] = {}
        self._ready: dict[str, str] = {}
        self._sending: set[str] = set()

    def run(self) -> None:
        for modem in modems(self._connection):
            self._ask("create", modem, create(modem, next(self._numbers)))
        while True:
            reply = self._connection.receive()
            pending = self._pending.pop(reply.header.fields.get(HeaderFields.reply_serial, 0), None)
            if pending:
                self._answered(*pending, reply)

    def _answered(self, verb: str, modem: str, path: str, reply: Message) -> None:
        if verb == "create":
            self._ready[modem] = reply.body[0]
        elif verb == "send":
            self._sending.discard(modem)
            self._ask("delete", modem, call(modem, MESSAGING, "Delete", "o", (path,)))
        if modem in self._ready and modem not in self._sending:
            path = self._ready.pop(modem)
            self._sending.add(modem)
            self._ask("send", modem, call(path, f"{BUS}.Sms", "Send"), path)
            self._ask("create", modem, create(modem, next(self._numbers)))

    def _ask(self, verb: str, modem: str, message: Message, path: str = "") -> None:
        serial = next(self._connection.outgoing_serial)
        self._pending[serial] = (verb, modem, path)
        self._connection.send(message, serial=serial)


def main() -> None:
    connection = open_dbus_connection("SESSION")
    verb, *ports = sys.argv[1:]
    if verb == "setup":
        setup(connection, ports)
    elif verb == "single":
        single(connection)
    else:
        Load(connection).run()


if __name__ == "__main__":
    main()
