"""Why a server cannot be reached, or no longer: what the operating system says, as its user can act on it. Pure."""

import socket
import ssl
from typing import Final

from otpbroker.feeders.link import LinkError

# And whether to come back soon.
_REASONS: Final[dict[type[OSError], tuple[str, bool]]] = {
    socket.gaierror: ("feeder.host_unknown", False),
    ConnectionRefusedError: ("feeder.nobody_listens", True),
    ConnectionResetError: ("feeder.lost", True),
    BrokenPipeError: ("feeder.lost", True),
    TimeoutError: ("feeder.timeout", False),
}


def of_system(error: OSError) -> LinkError:
    """The error in plain words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return LinkError("feeder.tls_certificate", reason=words(error.verify_message))
    if isinstance(error, ssl.SSLError):
        return LinkError("feeder.tls", reason=words(error.reason or "SSL"))
    for kind, (key, soon) in _REASONS.items():
        if isinstance(error, kind):
            return LinkError(key, soon=soon)
    return LinkError("feeder.unreachable", reason=words(error.strerror or type(error).__name__))


def words(text: str) -> str:
    """A server's own words: short, on one line."""
    return "".join(char if char.isprintable() else " " for char in text)[:120]
