"""What HTTPS shows, as otpb-apply has told it to all: read from a file, so that nobody is woken to be asked."""

import contextlib

import msgspec

from otpbroker.readable import readable
from otpbroker.system.files import Paths
from otpbroker.verbs.keystore import ShownCertificate


def shown(paths: Paths) -> ShownCertificate | None:
    """None where HTTPS is off."""
    with contextlib.suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(paths.certificate.read_bytes(), type=readable(ShownCertificate))
    return None
