"""Whom a feeder believes when it connects with TLS."""

import ssl

from otpbroker.feeders.link import LinkError
from otpbroker.system import trust


def client_tls(ca_certificate: str) -> ssl.SSLContext:
    """As `otpbroker.system.trust.client_tls`; a file that cannot be used is named."""
    try:
        return trust.client_tls(ca_certificate)
    except OSError:
        raise LinkError("feeder.ca_certificate", file=ca_certificate) from None
