"""The first settings of a fresh root prefix, written by the same rules as any later change."""

import socket
from pathlib import Path
from typing import Final

from otpbroker.apply.manager import NobodyRuns
from otpbroker.apply.transaction import Settings
from otpbroker.config import passwords
from otpbroker.config.schema import SettingsError
from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.modems import ModemsSection
from otpbroker.config.store import Store
from otpbroker.ipc.wire import Verb
from otpbroker.secrets import Secret
from otpbroker.services.supervisor.options import Options
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import AddEntry, Applied, SetSection

GENERATED_USER = "demo"
_LINK = "modem"
_CLAIMS: Final[list[socket.socket]] = []  # held while this process lives: two that start together share no port


def is_fresh(paths: Paths) -> bool:
    return not any(paths.settings.glob("*.yaml"))


def seed(paths: Paths, options: Options) -> tuple[str, Secret]:
    """Write the settings that `options` ask for; the API user's name and password.

    Raises `SettingsError` for a name or password that is refused; the root prefix is then as fresh as before.
    """
    user = options.api_user or (GENERATED_USER, passwords.generate())
    settings = Settings(paths, NobodyRuns(), audited=False)
    try:
        for verb in _verbs(paths, options, user):
            _must(settings.call(verb))
    except BaseException:
        for path in paths.settings.glob("*.yaml"):
            path.unlink()
        raise
    return user


def _must(done: Applied) -> None:
    if done.problems:
        raise SettingsError(done.problems)


def _verbs(paths: Paths, options: Options, user: tuple[str, Secret]) -> list[Verb[Applied]]:
    simulated = [(f"sim{number}", simulator_folder(paths) / f"{_LINK}{number}") for number in range(options.simulate)]
    given = [(f"m{number}", port) for number, port in enumerate(options.modems)]
    return [
        AddEntry(section="api_users", key=user[0], values={"password": user[1]}),
        SetSection(section="api", values={"http_port": Secret(str(options.api_port))}),
        SetSection(section="panel", values={"port": Secret(str(options.admin_port or _free_panel_port()))}),
        *(_modem(name, port, default=False) for name, port in simulated),
        *(_modem(name, port, default=at == 0) for at, (name, port) in enumerate(given)),
    ]


def _free_panel_port() -> int:
    """The usual one; another where somebody listens there already, or is just about to."""
    usual = PanelSection().port
    claim = socket.socket(socket.AF_UNIX)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            claim.bind(f"\0otpbroker-panel-{usual}")
            probe.bind(("127.0.0.1", usual))
        except OSError:
            claim.close()
            probe.bind(("127.0.0.1", 0))
        else:
            _CLAIMS.append(claim)
        free: int = probe.getsockname()[1]
        return free


def _modem(name: str, port: Path, *, default: bool) -> AddEntry:
    values = {"port": Secret(str(port)), "default_modem": Secret(str(default).lower())}
    return AddEntry(section="modems", key=name, values=values)


def simulator_folder(paths: Paths) -> Path:
    return paths.run / "simulator"


def simulated_count(paths: Paths) -> int:
    """How many simulated modems the stored settings expect: those whose port lies in the simulator's folder."""
    ports = [Path(modem.port) for modem in Store(paths).load(ModemsSection).modems]
    ours = [port.name.removeprefix(_LINK) for port in ports if port.parent == simulator_folder(paths)]
    return max((int(number) + 1 for number in ours if number.isdigit()), default=0)
