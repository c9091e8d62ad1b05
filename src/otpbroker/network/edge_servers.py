"""The servers of the network edge: the panel, the API, and port 80 of a device that is ours."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from otpbroker.network import edge_answers
from otpbroker.network.directives import Directive, block, line
from otpbroker.network.edge_facts import PEM, Facts, ports
from otpbroker.network.names import LOCAL_NAME, Unrenderable, host_name, interface, ipv4

UPLOADS: Final = (
    "/backup/restore",
    "/backup/import",
    "/send-email",
    "/key-store/add",
)  # the panel's pages that take files
UPLOAD_OCTETS: Final = 1024 * 1024
FORM_OCTETS: Final = 64 * 1024
OWN_NAMES: Final = ("localhost", LOCAL_NAME, LOCAL_NAME.partition(".")[0])
API_OF_ONE: Final = 256  # requests of one address at once; above the places that otpb-api has for twenty modems
API_OF_ALL: Final = 2048
PANEL_OF_ONE: Final = 48
PANEL_OF_ALL: Final = 256
UPLOADS_OF_ALL: Final = 8
_SHOWN: Final = "$otpb_shown"
_PATH: Final = re.compile(r"(/[A-Za-z0-9_][A-Za-z0-9._-]*)+")
# TLS 1.2's, of Mozilla's intermediate list, without finite-field Diffie-Hellman; those of TLS 1.3 are all AEAD.
_CIPHERS: Final = ":".join(
    f"ECDHE-{signature}-{cipher}"
    for cipher in ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305")
    for signature in ("ECDSA", "RSA")
)


def servers(facts: Facts) -> Iterator[Directive]:
    served = ports(facts)
    yield block("server", holds=(*_everywhere(facts, "panel"), *_panel("panel")))
    if "setup" in served:
        yield block("server", holds=(*_set_up_side(facts), *_panel("setup")))
    if "http" in served:
        yield block("server", holds=(*_everywhere(facts, "http"), *_api(facts)))
    if "https" in served:
        yield block("server", holds=(*_tls(facts), *_api(facts)))
    if "portal" in served:
        yield from _portal(facts)


def _everywhere(facts: Facts, name: str, *words: str) -> Iterator[Directive]:
    port = ports(facts)[name]
    yield line("listen", port, *words)
    if facts.ipv6:
        yield line("listen", f"[::]:{port}", *words)


def _set_up_side(facts: Facts) -> Iterator[Directive]:
    """Where the first administrator may be made. The packet filter brings the access point's clients there, and only
    them; their addresses are a second line. On a computer that is not ours alone, it is that computer itself: told by
    addresses too, as a reload of nginx cannot put a port of one address in the place of the same port of all.
    """
    yield from _everywhere(facts, "setup")
    network = interface(facts.wlan.address, facts.wlan.prefix, "wlan.address").network
    for those in (str(network), "fe80::/10") if facts.taken_over else ("127.0.0.0/8", "::1"):
        yield line("allow", those)
    yield line("deny", "all")


def _panel(upstream: str) -> Iterator[Directive]:
    pass_on = line("proxy_pass", f"http://{upstream}")
    bounded = (line("limit_conn", "address", PANEL_OF_ONE), line("limit_conn", "port", PANEL_OF_ALL))
    yield from edge_answers.of_panel()
    yield from bounded
    yield from _body(FORM_OCTETS)
    yield block("location", "/", holds=(pass_on,))
    for path in UPLOADS:
        limits = (*bounded, line("limit_conn", "uploads", UPLOADS_OF_ALL))
        yield block("location", "=", path, holds=(*limits, *_body(UPLOAD_OCTETS), pass_on))


def _api(facts: Facts) -> Iterator[Directive]:
    yield from edge_answers.of_api()
    yield line("limit_conn", "address", API_OF_ONE)
    yield line("limit_conn", "port", API_OF_ALL)
    yield from _body(edge_answers.API_BODY_OCTETS)
    passed = (line("proxy_pass", "http://api"),)
    yield block("location", "/", holds=passed if facts.administrator else edge_answers.no_administrator())


def _body(most_octets: int) -> Iterator[Directive]:
    """A body that tells its length gets no more than that; one in chunks has room for what frames them."""
    yield line("client_max_body_size", most_octets)
    yield line("client_body_buffer_size", 2 * most_octets)


def _tls(facts: Facts) -> Iterator[Directive]:
    """No HSTS: it holds for all ports of a name, and the panel's speaks plain HTTP."""
    words = ("ssl",) if facts.http2_directive else ("ssl", "http2")
    yield from _everywhere(facts, "https", *words)
    if facts.http2_directive:
        yield line("http2", "on")
    yield line("http2_max_concurrent_streams", 32)
    # No folder: below a file there is nothing to serve, whatever is asked for.
    yield line("root", f"{run_folder(facts)}/{PEM}")
    yield line("ssl_certificate", _SHOWN)
    yield line("ssl_certificate_key", _SHOWN)
    yield line("ssl_protocols", "TLSv1.2", "TLSv1.3")
    yield line("ssl_ciphers", _CIPHERS)
    yield line("ssl_prefer_server_ciphers", "off")
    yield line("ssl_ecdh_curve", "X25519:prime256v1:secp384r1")
    yield line("ssl_session_cache", "shared:tls:1m")
    yield line("ssl_session_timeout", "1d")
    yield line("ssl_session_tickets", "off")
    yield line("ssl_buffer_size", "4k")


def shown() -> Directive:
    """For the `http` block: where the link to certificate and key leads, looked up once in each handshake. So another
    certificate needs no reload, and no handshake gets the key of one and the chain of another.
    """
    return block("map", "$realpath_root", _SHOWN, holds=(line("default", "$realpath_root"),))


def _portal(facts: Facts) -> Iterator[Directive]:
    """Port 80: to the panel, by the name or address that was asked for, where it is one of ours. Phones and computers
    that ask a stranger's name whether the network leads anywhere are led to the panel while there is no administrator.
    """
    address = ipv4(facts.wlan.address, "wlan.address")
    where = "= /" if facts.administrator else "/"
    names = dict.fromkeys(
        (*OWN_NAMES, *(host_name(name, "panel.host_names").lower() for name in facts.panel.host_names))
    )
    addresses = (r"~^[0-9.]+$", r"~^\[[0-9a-f:.]+\]$")
    yield block("server", holds=_redirecting(facts, ("_",), address, where, default=True))
    yield block("server", holds=_redirecting(facts, (*names, *addresses), "$host", where))


def _redirecting(
    facts: Facts, names: Iterable[str], host: str, where: str, *, default: bool = False
) -> Iterator[Directive]:
    yield from _everywhere(facts, "portal", *(("default_server",) if default else ()))
    yield line("server_name", *names)
    yield line("limit_conn", "port", PANEL_OF_ALL)
    yield line("add_header", "Cache-Control", "no-store", "always")
    target = f"http://{host}:{facts.panel.port}/"
    yield block("location", *where.split(), holds=(line("return", 302, target),))


def run_folder(facts: Facts) -> str:
    """As it may stand in front of more of a path."""
    if not _PATH.fullmatch(str(facts.run)):
        raise Unrenderable("run")
    return str(facts.run)
