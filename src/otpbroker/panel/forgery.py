"""What keeps other sites' pages from acting for a signed-in browser: tokens, origins, names (OWASP CSRF, rebinding)."""

import base64
import binascii
import hmac
import os
from collections.abc import Callable, Collection
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

_DIGEST_OCTETS: Final = 32
OWN_NAMES: Final = frozenset({"localhost", "otpbroker.local", "otpbroker"})


class Tokens:
    """CSRF tokens: an HMAC of the browser's cookie, covered by a fresh mask each time, so that compression beside
    guessed text tells nothing (BREACH).
    """

    def __init__(self) -> None:
        self._key = os.urandom(32)

    def make(self, cookie: str) -> str:
        mask = os.urandom(_DIGEST_OCTETS)
        return base64.urlsafe_b64encode(mask + _xor(mask, self._digest(cookie))).decode().rstrip("=")

    def is_right(self, token: str, cookie: str) -> bool:
        try:
            octets = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            return False
        if len(octets) != 2 * _DIGEST_OCTETS or not cookie:
            return False
        mask, covered = octets[:_DIGEST_OCTETS], octets[_DIGEST_OCTETS:]
        return hmac.compare_digest(_xor(mask, covered), self._digest(cookie))

    def _digest(self, cookie: str) -> bytes:
        return hmac.digest(self._key, cookie.encode(), "sha256")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def is_own_host(host: str, names: Collection[str]) -> bool:
    """Whether the Host header names this device: by address, or by a name that cannot be a stranger's."""
    name = host_name(host)
    if not name:
        return False
    try:
        ip_address(name)
    except ValueError:
        return name in OWN_NAMES or name in names
    return True


def host_name(host: str) -> str:
    """Without the port, lower case; empty where it is malformed."""
    try:
        parts = urlsplit(f"//{host}")
        whole = parts.netloc == host and not parts.username and parts.port != 0
        return (parts.hostname or "").rstrip(".") if whole else ""
    except ValueError:
        return ""


def is_own_origin(header: Callable[[str], str], host: str, *, secure: bool) -> bool:
    """Whether a page of this device sent the request. Every browser says where from with what changes something; where
    nothing says, no browser sent it, and the token alone decides. `secure`: it came by HTTPS, so must have the page.
    """
    site = header("Sec-Fetch-Site")
    if site and site not in ("same-origin", "none"):
        return False
    source = header("Origin") or header("Referer")
    if not source:
        return True
    try:
        parts = urlsplit(source)
    except ValueError:
        return False
    return parts.netloc.lower() == host.lower() and (parts.scheme == "https" or not secure)
