"""otpb-dial: connects the modems that are for the internet, each by a pppd of its own, and keeps them connected."""

import secrets
import sys
import threading
from pathlib import Path
from typing import Final

from otpbroker.clients.dispatch import DispatchClient
from otpbroker.dial.board import Board
from otpbroker.dial.call import Call, Limits, Places
from otpbroker.dial.keeper import Keeper, Pauses
from otpbroker.dial.resolver import Resolver
from otpbroker.errors import BrokerError
from otpbroker.network.names import DIAL_FOLDER, FOLDER
from otpbroker.system import options, service
from otpbroker.system.doorbell import Doorbell
from otpbroker.system.files import Paths, ensure_folder
from otpbroker.verbs.internet import AwaitLines, InternetState, Line, TellInternet

SCRIPTS: Final = Path("/usr/lib/otpbroker")
_LONGEST_S: Final = 90.0  # dispatch answers each minute at the latest
_TELL_S: Final = 3.0
_AGAIN_S: Final = 0.2


class Options(options.Options, frozen=True):
    """`scripts`: where ours for pppd lie. `first_pause_s`, `longest_pause_s`: between calls."""

    scripts: Path = SCRIPTS
    first_pause_s: float = Pauses().first
    longest_pause_s: float = Pauses().longest


class Dial:
    """The running service."""

    def __init__(self, paths: Paths, scripts: Path, pauses: Pauses) -> None:
        self._root = paths.root
        run = ensure_folder(paths.run / "otpb-dial", 0o700)
        self._places = Places(scripts=scripts, made=paths.root / FOLDER, run=run)
        self._pauses = pauses
        self._resolver = Resolver(paths.root)
        self._life = secrets.token_hex(8)
        self._dispatch = DispatchClient(paths.socket("dispatch"))
        self._board = Board(self._tell)
        self._keepers: dict[str, Keeper] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        threading.Thread(target=self._watch, name="lines", daemon=True).start()

    def _tell(self, states: list[InternetState], held: list[Line]) -> None:
        """Of a modem that is no longer for the internet nothing is to be told: its last failure needs no hand."""
        wanted = [state for state in states if self._settings_of(state.modem)[0].exists()]
        self._dispatch.call(TellInternet(life=self._life, states=wanted, held=held), _TELL_S)

    def _settings_of(self, modem: str) -> tuple[Path, Path]:
        """What otpb-apply renders where the modem is to be connected."""
        folder = self._root / DIAL_FOLDER
        return folder / f"{modem}.ppp", folder / f"{modem}.chat"

    def _watch(self) -> None:
        """A dispatch that is away takes no line back: its next life hears what is held before it is asked."""
        known: list[Line] | None = None
        while not self._stopping.is_set():
            if known is None and not self._board.tell_now():
                self._stopping.wait(_AGAIN_S)
                continue
            try:
                known = self._dispatch.call(AwaitLines(life=self._life, known=known), _LONGEST_S).lines
            except BrokerError:
                known = None
            else:
                self._take(known)

    def _take(self, lines: list[Line]) -> None:
        wanted = {line.modem: line for line in lines}
        with self._lock:
            if self._stopping.is_set():
                return
            for modem in wanted.keys() - self._keepers.keys():
                self._keepers[modem] = self._keeper(modem)
            for modem, keeper in self._keepers.items():
                keeper.lend(wanted.get(modem))

    def _keeper(self, modem: str) -> Keeper:
        def call(bell: Doorbell) -> Call:
            return Call(modem, self._places, Limits(), bell)

        return Keeper(
            modem,
            call=call,
            settings=self._settings_of(modem),
            board=self._board,
            resolver=self._resolver,
            pauses=self._pauses,
        )

    def reload(self) -> None:
        """otpb-apply has rendered anew."""
        with self._lock:
            for keeper in self._keepers.values():
                keeper.reread()
        self._board.tell_again()

    def stop(self) -> None:
        self._stopping.set()
        with self._lock:
            keepers = list(self._keepers.values())
        for keeper in keepers:
            keeper.stop()
        for keeper in keepers:
            keeper.join()
        self._board.stop()


def main() -> int:
    given = options.read(Options)
    pauses = Pauses(first=given.first_pause_s, longest=given.longest_pause_s)
    return service.run("dial", lambda: Dial(given.paths, given.scripts, pauses))


if __name__ == "__main__":
    sys.exit(main())
