"""TLS at both ends: whom we believe when we connect (always verified, with the name of the host), what we show."""

import ssl
from pathlib import Path


def client_tls(ca_certificate: str = "") -> ssl.SSLContext:
    """The system's authorities, and those in the PEM file `ca_certificate` where one is named. TLS 1.2 or newer.

    Raises OSError (ssl.SSLError among them) where that file cannot be read or is no such thing.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_certificate:
        context.load_verify_locations(ca_certificate)
    return context


def server_tls(pem: Path) -> ssl.SSLContext:
    """What we show and speak where others connect to us: the chain and key in `pem`, TLS 1.2 or newer, AEAD ciphers.

    Raises OSError (ssl.SSLError among them) where the file cannot be read or is no such thing.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    context.load_cert_chain(pem)
    return context
