"""QEMU's own control channel: commands, and events that are kept until somebody waits for them."""

import json
import socket
import time
from pathlib import Path


class Refused(Exception):
    """QEMU's own words on a command that it did not carry out."""


class Qmp:
    """One connection; commands and waits are made by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._input = b""
        self._events: list[dict] = []
        self._read(time.monotonic() + 10)
        self.execute("qmp_capabilities")

    def close(self) -> None:
        self._socket.close()

    def execute(self, command: str, /, timeout_s: float = 30, **arguments: object) -> object:
        """What the command answers; Refused, or TimeoutError."""
        order = {"execute": command, "arguments": {name.replace("_", "-"): each for name, each in arguments.items()}}
        self._socket.sendall(json.dumps(order).encode() + b"\n")
        until = time.monotonic() + timeout_s
        while True:
            said = self._read(until)
            if "return" in said:
                return said["return"]
            if "error" in said:
                raise Refused(said["error"]["desc"])
            self._events.append(said)

    def monitor(self, line: str, timeout_s: float = 60) -> str:
        """A command of the human monitor, which alone has snapshots of the whole machine."""
        said = str(self.execute("human-monitor-command", timeout_s=timeout_s, command_line=line))
        if said.strip():
            raise Refused(said.strip())
        return said

    def wait(self, event: str, timeout_s: float, **data: object) -> dict:
        """The next event of that name with these data, one that has come already included; TimeoutError."""
        until = time.monotonic() + timeout_s
        while True:
            for place, each in enumerate(self._events):
                if each["event"] == event and data.items() <= each.get("data", {}).items():
                    return self._events.pop(place)
            self._events.append(self._read(until))

    def _read(self, until: float) -> dict:
        while b"\n" not in self._input:
            self._socket.settimeout(max(0.01, until - time.monotonic()))
            received = self._socket.recv(1 << 16)
            if not received:
                raise ConnectionError("QEMU has gone")
            self._input += received
        line, _, self._input = self._input.partition(b"\n")
        return json.loads(line)
