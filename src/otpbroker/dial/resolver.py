"""The operator's name servers, handed to whatever resolves names on this machine, for as long as the interface is."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from otpbroker.system import command

_LOG: Final = logging.getLogger(__name__)
_ASK_S: Final = 10.0


class Resolver:
    """systemd-resolved (Debian's image), else resolvconf (with NetworkManager). The former forgets an interface by
    itself.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def publish(self, interface: str, servers: Sequence[str]) -> None:
        if not servers:
            return
        if self._resolved():
            _do("resolvectl", "dns", interface, *servers)
            _do("resolvectl", "default-route", interface, "yes")
        else:
            lines = "".join(f"nameserver {server}\n" for server in servers)
            _do("resolvconf", "-a", f"{interface}.otpb", stdin=lines.encode())

    def withdraw(self, interface: str) -> None:
        if not self._resolved():
            _do("resolvconf", "-d", f"{interface}.otpb")

    def _resolved(self) -> bool:
        return (self._root / "run/systemd/resolve/resolv.conf").exists()


def _do(*argv: str, stdin: bytes = b"") -> None:
    """What refuses is told; the connection stays, and names go the way they went before."""
    try:
        done = command.run(argv, timeout_s=_ASK_S, stdin=stdin)
    except (OSError, TimeoutError) as error:
        _LOG.warning("%s: %s", argv[0], type(error).__name__)
        return
    if done.returncode:
        _LOG.warning("%s: %s", argv[0], done.stderr.strip()[:200])
