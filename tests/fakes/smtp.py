"""SMTP servers that behave: aiosmtpd on loopback, with STARTTLS, TLS and passwords, and knobs for what goes wrong."""

import asyncio
import contextlib
import email
import socket
import ssl
import threading
from email import policy
from typing import NamedTuple

import trustme
from aiosmtpd.smtp import SMTP, AuthResult

PASSWORD = "app password"


class Received(NamedTuple):
    sender: str
    recipient: str
    octets: bytes

    @property
    def message(self):
        return email.message_from_bytes(self.octets, policy=policy.default)

    @property
    def text(self):
        return self.message.get_content().replace("\r\n", "\n")


class Authority:
    """Makes certificates for servers; `pem` is what a client must trust."""

    def __init__(self, folder):
        self._authority = trustme.CA()
        self.pem = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(self.pem)

    def context(self, *names, not_before=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued = self._authority.issue_cert(*names or ("localhost", "127.0.0.1"), not_before=not_before)
        issued.configure_cert(context)
        return context


class Loop:
    """One thread for any number of servers."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="smtp servers", daemon=True)
        self._thread.start()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def close(self):
        self.run(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()

    async def _end(self):
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Gate:
    """What is answered only when it opens."""

    def __init__(self, loop):
        self._loop = loop.loop
        self.event = asyncio.Event()

    def open(self):
        self._loop.call_soon_threadsafe(self.event.set)


class SmtpServer:
    """`security` is none, starttls or tls. `users` may log in (None: nobody need).

    `replies` orders what a phase (auth, MAIL, RCPT, DATA) is answered with; `waits` names a phase that is answered only
    when a `Gate` opens. A recipient in `unknown` is refused.
    """

    def __init__(
        self,
        loop,
        authority=None,
        security="none",
        *,
        users=None,
        names=(),
        smtputf8=True,
        require_starttls=True,
        not_before=None,
    ):
        self._loop = loop
        self._security = security
        self._tls = authority.context(*names, not_before=not_before) if authority is not None else None
        self._smtputf8 = smtputf8
        self._require_starttls = require_starttls
        self.users = users
        self.port = 0
        self.received = []
        self.replies = {}
        self.waits = {}
        self.unknown = set()
        self.helos = []
        self.encrypted = []
        self.connections = 0
        self.logins = 0
        self.under_way = 0
        self.most_at_once = 0
        self._transports = []
        self.start()

    def start(self):
        self._server = self._loop.run(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]

    async def _listen(self):
        tls = self._tls if self._security == "tls" else None
        return await self._loop.loop.create_server(self._protocol, "127.0.0.1", self.port, ssl=tls)

    def _protocol(self):
        starttls = self._security == "starttls"
        return _Protocol(
            self,
            hostname="mx.test",
            ident="test",
            enable_SMTPUTF8=self._smtputf8,
            tls_context=self._tls if starttls else None,
            require_starttls=starttls and self._require_starttls,
            auth_require_tls=starttls,
            authenticator=self._authenticate,
            loop=self._loop.loop,
            timeout=60,
        )

    def stop(self):
        self._loop.run(self._stop())

    async def _stop(self):
        self._server.close()
        await self._hang_up()
        await self._server.wait_closed()

    def hang_up(self):
        """On all who are connected."""
        self._loop.run(self._hang_up())

    async def _hang_up(self):
        for transport in self._transports:
            with contextlib.suppress(AttributeError):  # asyncio's answer where TLS has ended already
                transport.abort()
        self._transports.clear()

    def _authenticate(self, _server, _session, _envelope, _mechanism, data):
        self.logins += 1
        if "auth" in self.replies:
            return AuthResult(success=False, handled=False, message=self.replies["auth"])
        right = (self.users or {}).get(data.login.decode()) == data.password.decode()
        return AuthResult(success=right, handled=False, auth_data=data)

    async def _phase(self, name, otherwise):
        if name in self.waits:
            await self.waits[name].event.wait()
        return self.replies.get(name, otherwise)

    # the hooks of aiosmtpd

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.users is not None and not session.authenticated:
            return "530 5.7.0 log in first"
        self.helos.append(session.host_name)
        self.encrypted.append(session.ssl is not None)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._phase("MAIL", "250 2.1.0 ok")

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.unknown:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return await self._phase("RCPT", "250 2.1.5 ok")

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        try:
            reply = await self._phase("DATA", "250 2.0.0 taken")
        finally:
            self.under_way -= 1
        if reply.startswith("2"):
            for recipient in envelope.rcpt_tos:
                self.received.append(Received(envelope.mail_from, recipient, envelope.content))
        return reply


class _Protocol(SMTP):
    def connection_made(self, transport):
        if self.transport is None:  # else it is encrypted from here on
            self.event_handler.connections += 1
            self.event_handler._transports.append(transport)
        super().connection_made(transport)


class Script:
    """A server that says what it is told to: `talk(reader, say)` in a thread for each connection."""

    def __init__(self, talk, place=("127.0.0.1", 0)):
        self._talk = talk
        self._listener = socket.create_server(place)
        self.port = self._listener.getsockname()[1]
        self._connections = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection):
        with contextlib.suppress(OSError, ValueError), connection, connection.makefile("rb") as reader:
            self._talk(reader, connection.sendall)

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
