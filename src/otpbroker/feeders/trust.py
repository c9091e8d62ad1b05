"""Whom a feeder believes when it connects with TLS: always verified, with the name of the host."""

import ssl

from otpbroker.feeders.link import LinkError


def client_tls(ca_certificate: str) -> ssl.SSLContext:
    """The system's authorities, and those in the PEM file `ca_certificate` where one is named. TLS 1.2 or newer."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_certificate:
        try:
            context.load_verify_locations(ca_certificate)
        except (OSError, ssl.SSLError):
            raise LinkError("feeder.ca_certificate", file=ca_certificate) from None
    return context
