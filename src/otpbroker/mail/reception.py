"""What the relay says to a client: who may send, and how a mail that it brought has ended."""

import asyncio
import hmac
import re
from collections.abc import Sequence
from typing import Any, Final, Protocol

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from otpbroker.config.sections.mail import SmtpSection
from otpbroker.errors import BrokerError
from otpbroker.mail import address, composing
from otpbroker.mail.job import Answer
from otpbroker.mail.letter import Forwarded
from otpbroker.system.throttle import Throttle, network
from otpbroker.texts import translate
from otpbroker.verbs.mail import Mailed

MAX_RECIPIENTS: Final = 10
MAX_HOPS: Final = 30
_HOP: Final = re.compile(rb"^Received:", re.IGNORECASE | re.MULTILINE)
_MESSAGE_ID: Final = re.compile(rb"^Message-ID:\s*(<[^<>\r\n]{1,250}>)", re.IGNORECASE | re.MULTILINE)
_End = Mailed | BrokerError


class Forwarder(Protocol):
    """`otpbroker.mail.postman.Postman`, as far as the relay needs it."""

    def forward(self, letter: Forwarded, user: str, message_id: str, content: bytes, answer: Answer) -> None: ...


class Reception:
    """The hooks of aiosmtpd, for one connection."""

    def __init__(self, smtp: SmtpSection, postman: Forwarder, throttle: Throttle) -> None:
        self._smtp = smtp
        self._postman = postman
        self._throttle = throttle

    def authenticate(
        self, _server: SMTP, session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        client = [_client_of(session)]
        if self._throttle.wait_s(client) > 0:
            return AuthResult(success=False, handled=False, message="454 4.7.0 Too many failures, try again later")
        name = hmac.compare_digest(data.login, self._smtp.relay_username.encode())
        password = hmac.compare_digest(data.password, self._smtp.relay_password.reveal().encode())
        if not name & password:
            self._throttle.failed(client)
        return AuthResult(success=name & password, handled=False)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it
        self, _server: SMTP, session: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        """The sender is named by whoever sends in the end; here it only begins a mail."""
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, recipient: str, _options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            address.parse(recipient)
        except BrokerError as error:
            return f"553 5.1.3 {_sentence(error)}"
        envelope.rcpt_tos.append(recipient)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        content = envelope.original_content or b""
        if len(_HOP.findall(content)) > MAX_HOPS:
            return "554 5.4.6 The mail goes in a circle"
        found = _MESSAGE_ID.search(content.partition(b"\r\n\r\n")[0])
        message_id = found[1].decode("latin-1") if found else ""
        recipients = dict.fromkeys(map(address.parse, envelope.rcpt_tos))
        ends = await asyncio.gather(*(self._forwarded(each, message_id, content) for each in recipients))
        return answer_of(ends)

    async def _forwarded(self, recipient: address.Address, message_id: str, content: bytes) -> _End:
        loop = asyncio.get_running_loop()
        end: asyncio.Future[_End] = loop.create_future()

        def answer(outcome: _End) -> None:
            loop.call_soon_threadsafe(_settle, end, outcome)

        letter = Forwarded(recipient, composing.marked(content, self._smtp.server_name, self._smtp.software_name))
        try:
            self._postman.forward(letter, self._smtp.relay_username, message_id, content, answer)
        except BrokerError as refused:
            return refused
        return await end

    async def handle_exception(self, _error: Exception) -> str:
        return "451 4.3.0 Something went wrong here"


def answer_of(ends: Sequence[_End]) -> str:
    """One reply for all recipients: taken only where all are. Given again after a 4xx, it leaves out who has it."""
    bad = [end for end in ends if not (isinstance(end, Mailed) and end.state == "submitted")]
    if not bad:
        return "250 2.0.0 Sent"
    passing = any(end.retry_after_s is not None for end in bad)
    share = f" ({len(bad)} of {len(ends)} recipients)" if len(ends) > 1 else ""
    return f"{'451 4.3.0' if passing else '554 5.0.0'} {_sentence(bad[0])}{share}"


def _sentence(why: Any) -> str:
    return translate(why.key, why.params).encode("ascii", "replace").decode()


def _settle(end: asyncio.Future[_End], outcome: _End) -> None:
    if not end.done():  # the client may have gone
        end.set_result(outcome)


def _client_of(session: Session) -> str:
    peer: Any = session.peer
    return network(str(peer[0]))
