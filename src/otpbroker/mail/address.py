"""E-mail addresses in the one form that goes on the wire (RFC 5321 §4.1.2, RFC 6531 §3.3)."""

import re
import unicodedata
from typing import Final, NamedTuple

from otpbroker.errors import BrokerError, ResponseCode

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]+"
_LOCAL: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL: Final = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN: Final = re.compile(rf"({_LABEL}\.)*(?![0-9]+\Z){_LABEL}")
_TWO_MEANINGS: Final = re.compile("[\u00df\u03c2\u200c\u200d]")  # IDNA 2003 and 2008 name different domains by them
MAX_LOCAL_OCTETS: Final = 64
MAX_DOMAIN: Final = 253
MAX_OCTETS: Final = 254


class Address(NamedTuple):
    """`domain` in A-labels and lower case. A `local` part beyond ASCII needs a server with SMTPUTF8."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def masked(self) -> str:
        """For logs: who the mailbox belongs to stays unknown, where it is does not."""
        return f"{self.local[0] if self.local.isascii() else ''}****@{self.domain}"


def parse(typed: str) -> Address:
    """An address without a display name, comment or quotes. Raises `BrokerError` 1105 `mail.address`."""
    local, at, domain = unicodedata.normalize("NFC", typed.strip()).rpartition("@")
    address = Address(local, _a_labels(domain))
    fits = len(local.encode(errors="replace")) <= MAX_LOCAL_OCTETS and len(address.domain) <= MAX_DOMAIN
    right = _LOCAL.fullmatch(local) and local.isprintable() and _DOMAIN.fullmatch(address.domain)
    if not (at and fits and right) or len(str(address).encode(errors="replace")) > MAX_OCTETS:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "mail.address")
    return address


def _a_labels(domain: str) -> str:
    """The domain's ASCII form; what has none comes back empty."""
    if domain.isascii():
        return domain.lower()
    if _TWO_MEANINGS.search(domain):
        raise BrokerError(ResponseCode.INVALID_REQUEST, "mail.address_two_meanings")
    try:
        return domain.encode("idna").decode().lower()
    except UnicodeError:
        return ""
