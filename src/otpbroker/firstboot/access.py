"""How the first administrator gets in is shown to whoever holds the device, while there is no administrator."""

import logging
from typing import Final

from otpbroker.config import setup_code
from otpbroker.config.sections.admins import AdminsSection, PanelSection
from otpbroker.config.sections.network import WlanSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError
from otpbroker.firstboot import made, words
from otpbroker.firstboot.places import Places
from otpbroker.firstboot.words import WayIn
from otpbroker.secrets import Secret
from otpbroker.system import wiping
from otpbroker.system.files import ensure_folder

_LOG: Final = logging.getLogger(__name__)
NAME: Final = "otpbroker-access.txt"


def converge(places: Places) -> bool:
    """Show it, or take it away, by what is so now; whether the console has something else to show than before. A boot
    partition that refuses is logged. Raises OSError where state cannot be kept.
    """
    way = _way_in(places)
    _put_file(places, way)
    return _put_console(places, way)


def _way_in(places: Places) -> WayIn | None:
    """None where it is not to be shown: there are administrators, or nobody knows, or the network is not ours."""
    code = Secret()
    try:
        store = Store(places.paths)
        hidden = not places.network_taken or bool(store.load(AdminsSection).admins)
        if not hidden and not places.has_access_point:
            code = _kept_code(places)
        way = None if hidden else WayIn(store.load(WlanSection), store.load(PanelSection).port, code)
    except BrokerError as error:
        _LOG.error("the way in is not shown: %s", error)
        way = None
    if way is None or not code:
        wiping.wipe(setup_code.path(places.paths))
    return way


def _kept_code(places: Places) -> Secret:
    """The set-up code; the same one until it has been used."""
    kept = (wiping.read(setup_code.path(places.paths), setup_code.LONGEST) or b"").decode(errors="replace").strip()
    code = Secret(kept) if made.is_code(kept) else made.setup_code()
    ensure_folder(setup_code.path(places.paths).parent, 0o755)
    wiping.place(setup_code.path(places.paths), f"{code.reveal()}\n".encode())
    return code


def _put_file(places: Places, way: WayIn | None) -> None:
    if places.boot is None:
        return
    try:
        if way is None:
            wiping.wipe(places.boot / NAME)
        else:
            wiping.place(places.boot / NAME, words.access_file(way))
    except OSError as error:
        _LOG.error("%s: %s", NAME, error.strerror)


def _put_console(places: Places, way: WayIn | None) -> bool:
    """Raises OSError."""
    path = places.console
    before = wiping.read(path, words.MAX_OCTETS)
    content = None if way is None else words.console(way)
    if content is None:
        wiping.wipe(path)
    else:
        ensure_folder(path.parent, 0o755)
        wiping.place(path, content)
    return content != before
