"""Opening a line to a server, and handing a mail over: each step's errors named, and whose fault they are."""

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from typing import Any, Final, Literal, NamedTuple

from otpbroker.mail import composing, replies
from otpbroker.mail.address import Address
from otpbroker.mail.failure import Failure
from otpbroker.mail.letter import Letter
from otpbroker.mail.line import Line
from otpbroker.mail.replies import Fault, Phase
from otpbroker.secrets import Secret

_NOT_YET_VALID: Final = 9  # X509_V_ERR_CERT_NOT_YET_VALID
_STATUS: Final = re.compile(rb"([245]\.\d{1,3}\.\d{1,3})(?=\s|$)")
_DOT: Final = re.compile(rb"^\.", re.MULTILINE)
Security = Literal["tls", "starttls", "where_offered", "none"]


class Server(NamedTuple):
    """`addresses`, where there are any, stand in for those of `host`. `hello` is our own name, the line's address where
    it is empty. `where_offered` is STARTTLS if the server has it, with whatever certificate `tls` lets through.
    """

    host: str
    port: int
    security: Security
    tls: ssl.SSLContext | None = None
    username: str = ""
    password: Secret = Secret()
    hello: str = ""
    addresses: tuple[str, ...] = ()


def open_line(server: Server, until: float) -> Line:
    """A line that is encrypted and logged in as the server's settings say. Raises `Failure`."""
    line = Line(until)
    try:
        with _during(line, "connect"):
            _begin(line, server)
        if server.username:
            with _during(line, "auth"):
                _log_in(line, server)
    except BaseException:
        line.close()
        raise
    return line


def _begin(line: Line, server: Server) -> None:
    greeting = line.dial(server.host, server.port, server.addresses, server.tls if server.security == "tls" else None)
    _expect("connect", 220, *greeting)
    line.local_hostname = server.hello or line.literal()
    line.ehlo_or_helo_if_needed()
    offered = line.has_extn("starttls")
    if server.security == "starttls" and not offered:
        raise Failure(Fault.ACCOUNT, "mail.no_starttls", host=server.host)
    if server.tls is not None and offered and server.security in ("starttls", "where_offered"):
        _expect("connect", 220, *line.docmd("STARTTLS"))
        line.wrap(server.tls, server.host)
        line.ehlo_or_helo_if_needed()


def _log_in(line: Line, server: Server) -> None:
    """One attempt by one mechanism: a server may count them."""
    offered = line.esmtp_features.get("auth", "").upper().split()
    methods: dict[str, Any] = {"PLAIN": line.auth_plain, "LOGIN": line.auth_login, "CRAM-MD5": line.auth_cram_md5}
    known = [name for name in methods if name in offered]
    if not known:
        raise Failure(Fault.ACCOUNT, "mail.no_auth", host=server.host)
    if not server.password.reveal().isascii():
        raise Failure(Fault.ACCOUNT, "mail.password_not_ascii")
    line.user, line.password = server.username, server.password.reveal()
    try:
        line.auth(known[0], methods[known[0]])
    except ValueError:  # a challenge that is no Base64
        raise Failure(Fault.ACCOUNT, "mail.no_auth", host=server.host) from None


def hand_over(line: Line, sender: Address, letter: Letter, end: float, leaves: Callable[[], None]) -> None:
    """Give the server one mail. Until the text leaves, which `leaves` is told, the line's own bound counts; then `end`.

    Raises `Failure`; `Fault.UNKNOWN` where the whole text has left and no answer came.
    """
    octets = composing.octets(letter, sender)
    with _during(line, "sender"):
        if line.begun:
            _expect("sender", 250, *line.docmd("RSET"))
        line.begun = True
        _expect("sender", 250, *line.mail(str(sender), _options(line, sender, letter, octets)))
    with _during(line, "recipient"):
        _expect("recipient", 250, *line.rcpt(str(letter.recipient)))
    with _during(line, "data"):
        _expect("data", 354, *line.docmd("DATA"))
        leaves()
        line.until = end
        line.send(_DOT.sub(b"..", octets) + b".\r\n")
    line.used += 1
    line.begun = False
    try:
        code, reply = line.getreply()
    except OSError:
        code, reply = 0, b""
    if code < 200:
        raise Failure(Fault.UNKNOWN, "mail.no_answer")
    _expect("end", 250, code, reply)


def _options(line: Line, sender: Address, letter: Letter, octets: bytes) -> list[str]:
    options = [f"SIZE={len(octets)}"] if line.has_extn("size") else []
    if not octets.isascii():
        if not line.has_extn("8bitmime"):
            raise Failure(Fault.ATTEMPT, "mail.no_8bit")
        options.append("BODY=8BITMIME")
    if not (sender.local.isascii() and letter.recipient.local.isascii()):
        if not line.has_extn("smtputf8"):
            raise Failure(Fault.ATTEMPT, "mail.no_smtputf8")
        options.append("SMTPUTF8")
    return options


@contextlib.contextmanager
def _during(line: Line, phase: Phase) -> Iterator[None]:
    """What goes wrong meanwhile becomes a `Failure`."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        reply = error.smtp_error
        _expect(phase, 0, error.smtp_code, reply if isinstance(reply, bytes) else b"")
    except ssl.SSLCertVerificationError as error:
        whose = Fault.PASSING if error.verify_code == _NOT_YET_VALID else Fault.ACCOUNT  # our clock is not set yet
        raise Failure(whose, "mail.certificate", host=line.host, reason=error.verify_message) from None
    except ssl.SSLError as error:
        raise Failure(Fault.PASSING, "mail.tls_failed", host=line.host, reason=error.reason or "") from None
    except OSError:
        key = "mail.silent" if line.is_late else "mail.hung_up"
        raise Failure(Fault.PASSING, key, host=line.host) from None


def _expect(phase: Phase, wanted: int, code: int, reply: bytes) -> None:
    """Raise `Failure` unless `code` is of the kind wanted (RFC 5321 §4.2.1: its first digit says all that counts)."""
    if wanted and code // 100 == wanted // 100:
        return
    if code < 200:
        raise Failure(Fault.PASSING, "mail.not_smtp")
    found = _STATUS.match(reply)
    status = found[1].decode() if found else ""
    raise Failure(replies.fault(phase, code, status), f"mail.refused_{phase}", code=f"{code} {status}".rstrip())
