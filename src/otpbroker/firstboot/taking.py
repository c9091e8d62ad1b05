"""First boot: this one device gets a name and a passphrase, of the file on its boot partition or made now.

Everything is on disk before the file is wiped, and each step may be done twice: a power cut loses nothing.
"""

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from otpbroker.config.schema import SettingsError
from otpbroker.config.sections.network import WlanSection
from otpbroker.config.store import Store, render
from otpbroker.errors import BrokerError
from otpbroker.firstboot import card, made, words
from otpbroker.firstboot.card import Card
from otpbroker.firstboot.places import Places
from otpbroker.secrets import Secret
from otpbroker.system import wiping
from otpbroker.system.files import ensure_folder, write_atomic
from otpbroker.verbs.apply import Problem

_LOG: Final = logging.getLogger(__name__)
ERROR_NAME: Final = "otpbroker-error.txt"
_SECRET_MODE: Final = 0o600
Save = Callable[[str, Mapping[str, Secret]], list[Problem]]


def take_over(places: Places, save: Save) -> None:
    """`save` sets values of a settings section and tells what is wrong with them. A boot partition that refuses is
    logged. Raises OSError, or `save`'s `BrokerError`, where something cannot be kept: the file stays for the next time.
    """
    content = _given(places)
    found = card.Read(Card(), []) if content is None else card.read(content, places.countries())
    _keep_wlan(places, found.card)
    if content is None:
        return
    problems = found.problems + _keep_settings(places, found.card, save)
    for problem in problems:
        _LOG.warning("not taken from %s: %s", card.NAME, problem.path or problem.key)
    with _telling("the boot partition cannot be written"):
        _tell(places, problems)
        _wipe(places, card.NAME)
        _LOG.info("%s is taken over and wiped", card.NAME)


def _given(places: Places) -> bytes | None:
    """What the file holds; a wipe that was cut off is brought to its end."""
    if places.boot is None:
        return None
    with _telling(f"{card.NAME} cannot be read"):
        content = wiping.read(places.boot / card.NAME, card.MAX_OCTETS)
        if content is not None and wiping.is_being_wiped(content):
            _wipe(places, card.NAME)
            return None
        return content
    return None


def _keep_wlan(places: Places, given: Card) -> None:
    """The access point's factory settings. Raises OSError."""
    old = _factory(places)
    new = replace(
        old,
        ssid=given.ssid or old.ssid or made.ssid(),
        passphrase=given.passphrase or old.passphrase or made.passphrase(),
        country=given.country or old.country,
    )
    path = places.paths.factory / "wlan.yaml"
    if new != old or not path.exists():
        ensure_folder(path.parent, 0o755)
        write_atomic(path, render(new), _SECRET_MODE)


def _factory(places: Places) -> WlanSection:
    """What cannot be read is made anew: without it nobody could join."""
    try:
        return Store(places.paths).factory(WlanSection)
    except (SettingsError, BrokerError):
        return WlanSection()


def _keep_settings(places: Places, given: Card, save: Save) -> list[Problem]:
    """Raises as `take_over`."""
    if given.reset_text:
        write_atomic(places.reset_text, f"{given.reset_text.reveal()}\n".encode(), _SECRET_MODE)
    problems: list[Problem] = []
    if given.language:
        problems += save("general", {"language": Secret(given.language)})
    wlan = {"ssid": Secret(given.ssid), "passphrase": given.passphrase, "country": Secret(given.country)}
    wlan = {name: value for name, value in wlan.items() if value}
    if wlan and not Store(places.paths).is_factory("wlan"):  # else what was given would be without effect
        problems += save("wlan", wlan)
    return problems


def _tell(places: Places, problems: list[Problem]) -> None:
    """Beside the file, for whoever looks at the card again. Raises OSError."""
    if places.boot is None:
        return
    path = places.boot / ERROR_NAME
    if problems:
        wiping.place(path, words.errors(problems))
    else:
        path.unlink(missing_ok=True)


def _wipe(places: Places, name: str) -> None:
    if places.boot is not None:
        wiping.wipe(places.boot / name)


@contextlib.contextmanager
def _telling(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        _LOG.error("%s: %s", what, error.strerror)
