"""The device's time zone and name, as the operating system shows them."""

import logging
from pathlib import Path
from typing import Final

from otpbroker.config.sections.general import GeneralSection
from otpbroker.errors import BrokerError
from otpbroker.system import bus
from otpbroker.texts import translate

_LOG: Final = logging.getLogger(__name__)


def tell(etc: Path, general: GeneralSection) -> None:
    """Bring both to the settings, where they differ; a refusal is logged, since nothing else depends on it."""
    try:
        if not str(_target(etc / "localtime")).endswith(f"zoneinfo/{general.time_zone}"):
            bus.set_time_zone(general.time_zone)
        if f'"{general.device_name}"' not in _text(etc / "machine-info") and _is_plain(general.device_name):
            bus.set_pretty_host_name(general.device_name)
    except BrokerError as error:
        _LOG.warning("%s", translate(error.key, error.params))


def _is_plain(name: str) -> bool:
    """Quoted as it stands by systemd, so that we recognise it again (os-release(5))."""
    return not set(name) & set("\"'$`\\") and name.isprintable()


def _target(link: Path) -> Path:
    try:
        return link.readlink()
    except OSError:
        return Path()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
