"""Whom we believe when we connect with TLS: always verified, with the name of the host."""

import ssl


def client_tls(ca_certificate: str = "") -> ssl.SSLContext:
    """The system's authorities, and those in the PEM file `ca_certificate` where one is named. TLS 1.2 or newer.

    Raises OSError (ssl.SSLError among them) where that file cannot be read or is no such thing.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_certificate:
        context.load_verify_locations(ca_certificate)
    return context
