"""What the network edge shows to clients of HTTPS: the active certificate of the key store, else one of our own making.

Our own is made when it is first needed, with a key of its own, and kept, since clients may have been told to trust this
one and no other: for ten years, and made anew only where the settings name the device otherwise. The 398 days that
browsers allow hold for public authorities; Apple's systems refuse more than 825 of any, so who sends from one puts an
authority's certificate into the key store. It begins in the past, so that a device whose clock is wrong makes one that
holds.
"""

import contextlib
import datetime as dt
import logging
import re
from typing import Final

import msgspec

from otpbroker.config import certificate
from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.network import EthernetSection, KeystoreSection, WlanSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.network.edge_facts import PEM, digest_of
from otpbroker.network.names import LOCAL_NAME
from otpbroker.secrets import Secret
from otpbroker.system.clock import wall_s
from otpbroker.system.files import Paths, ensure_folder, write_atomic
from otpbroker.system.synchrony import unix_time_if_synchronised
from otpbroker.verbs.keystore import ShownCertificate

_LOG: Final = logging.getLogger(__name__)
FIRST: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # before any device of this kind
YEARS: Final = 10
RENEW_BEFORE: Final = dt.timedelta(days=30)
HOST_NAME: Final = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


def shown(keystore: KeystoreSection) -> Secret | None:
    """Chain and key of the active certificate as one PEM text; None where there is none."""
    active = next((one for one in keystore.keystore if one.active), None)
    return None if active is None else Secret(f"{active.certificate.strip()}\n{active.key.reveal().strip()}\n")


def shown_now(paths: Paths) -> str:
    """The PEM text that HTTPS shows at present, empty where it shows none."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return (paths.run / PEM).read_text("ascii")
    return ""


def tell(paths: Paths, pem: str, keystore: KeystoreSection) -> None:
    """Write down for all what HTTPS shows, where it is not written yet."""
    if not pem:
        paths.certificate.unlink(missing_ok=True)
        return
    active = next((one for one in keystore.keystore if one.active), None)
    name, digest = active.name if active else "", digest_of(pem)
    known = certificate.shown(paths)
    if known is not None and (known.name, known.digest) == (name, digest):
        return
    from otpbroker.system import x509  # noqa: PLC0415 - as above

    new = ShownCertificate(name=name, last=x509.expires(pem).timestamp(), digest=digest)
    ensure_folder(paths.certificate.parent, 0o755)
    write_atomic(paths.certificate, msgspec.json.encode(new), 0o644)


def names_of(panel: PanelSection) -> tuple[str, ...]:
    """What the device is called in addresses."""
    return tuple(dict.fromkeys((LOCAL_NAME, *(name.lower() for name in panel.host_names))))


def addresses_of(wlan: WlanSection, ethernet: EthernetSection) -> tuple[str, ...]:
    """The addresses that settings give it."""
    return (wlan.address, ethernet.address) if ethernet.mode == "static" else (wlan.address,)


def ensure(paths: Paths, keystore: KeystoreSection, names: tuple[str, ...], addresses: tuple[str, ...]) -> Secret:
    """What is to be shown, as `shown` has it. Raises `BrokerError` where it can be neither found nor made."""
    return shown(keystore) or _own(paths, names, addresses)


def _own(paths: Paths, names: tuple[str, ...], addresses: tuple[str, ...]) -> Secret:
    from otpbroker.system import x509  # noqa: PLC0415 - most devices never need its megabytes

    path = paths.state / "apply/tls/self-signed.pem"
    with contextlib.suppress(OSError, UnicodeDecodeError):
        pem = path.read_text("ascii")
        if x509.covers(pem, names, addresses) and not is_over(x509.expires(pem), unix_time_if_synchronised()):
            return Secret(pem)
    begun = max(FIRST, dt.datetime.fromtimestamp(wall_s(), dt.UTC))
    pem = x509.self_signed(names, addresses, FIRST, begun.replace(year=begun.year + YEARS, day=1))
    try:
        ensure_folder(path.parent, 0o700)
        write_atomic(path, pem.encode(), 0o600)
    except OSError as error:
        raise BrokerError(ResponseCode.FAILED, "edge.no_certificate", reason=str(error.strerror)) from error
    _LOG.info("made a certificate of our own for %s", ", ".join((*names, *addresses)))
    return Secret(pem)


def is_over(last: dt.datetime, now: float | None) -> bool:
    """Whether it is time for the next; `now` in Unix seconds, None where nobody knows."""
    return now is not None and dt.datetime.fromtimestamp(now, dt.UTC) > last - RENEW_BEFORE
