"""The relay for clients of the local network: SMTP with a password, handed to the same delivery (SPEC §6).

It answers a mail only when its outcome is known, and keeps nothing.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Coroutine
from typing import Any, Final, NamedTuple, TypeVar, cast

from aiosmtpd.smtp import SMTP

from otpbroker.config.sections.mail import SmtpSection
from otpbroker.mail.listener import Listener, Place
from otpbroker.mail.reception import Forwarder, Reception
from otpbroker.system.throttle import Throttle, network

MAX_OCTETS: Final = 256 * 1024
MAX_CONNECTIONS: Final = 20
MAX_CONNECTIONS_OF_ONE: Final = 5
_TIMEOUT_S: Final = 150.0  # of a command, the wait for the outcome counted in
_CALLS: Final = {"AUTH": 3, "*": 500}  # of each command, within one connection
_END_S: Final = 5.0
Result = TypeVar("Result")


class Plan(NamedTuple):
    """Who may use it, and how. With `tls` a password is taken only after STARTTLS; without, it comes in the clear, as
    far as the local network goes.
    """

    smtp: SmtpSection
    tls: ssl.SSLContext | None = None


class Relay:
    """Listens where the last `configure` said, in a thread with a loop of its own."""

    def __init__(self, postman: Forwarder) -> None:
        self._postman = postman
        self._throttle = Throttle()
        self._plan: Plan | None = None
        self._clients: Counter[str] = Counter()
        self._sessions: set[_Session] = set()
        for name in ("mail.log", "mail.error", "mail.debug"):  # aiosmtpd's: they would show what is said
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        self._loop = asyncio.new_event_loop()
        self._listener = Listener(self._loop, self._session)
        self._thread = threading.Thread(target=self._loop.run_forever, name="relay", daemon=True)
        self._thread.start()

    @property
    def listens_at(self) -> str:
        """Empty where it does not listen."""
        return f"{self._plan.smtp.address}:{self._plan.smtp.port}" if self._plan else ""

    def configure(self, plan: Plan | None) -> None:
        """Serve by `plan` from now on, None: nobody. Who was let in under another gets the reply that is due, no more.

        Raises `BrokerError` where it cannot listen there; then the old plan stays.
        """
        before = self._plan
        if plan is None or before is None or _place(plan) != _place(before):
            self._run(self._listener.move(None if plan is None else _place(plan)))
        self._plan = plan
        if before is not None and (plan is None or plan.smtp != before.smtp):
            self._loop.call_soon_threadsafe(self._retire)

    def _session(self) -> asyncio.BaseProtocol:
        plan = self._plan or Plan(SmtpSection())
        return _Session(self, Reception(plan.smtp, self._postman, self._throttle), plan, self._loop)

    def admit(self, session: "_Session", client: str) -> bool:
        """Whether there is room for one more connection, and for one more of this client's."""
        if sum(self._clients.values()) >= MAX_CONNECTIONS or self._clients[client] >= MAX_CONNECTIONS_OF_ONE:
            return False
        self._clients[client] += 1
        self._sessions.add(session)
        return True

    def leave(self, session: "_Session", client: str) -> None:
        if session in self._sessions:
            self._sessions.discard(session)
            self._clients[client] -= 1
            self._clients = +self._clients

    def _retire(self) -> None:
        for session in list(self._sessions):
            session.retire()

    def close(self) -> None:
        """Let those who wait for a reply get it, and end."""
        self.configure(None)
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        waiting = asyncio.gather(*(session.quiet.wait() for session in self._sessions))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(waiting, _END_S)
        for session in list(self._sessions):
            session.abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _place(plan: Plan) -> Place:
    return Place(plan.smtp.address, plan.smtp.port)


class _Session(SMTP):
    """One connection, as long as there is room for it."""

    def __init__(self, relay: Relay, hooks: Reception, plan: Plan, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            hooks,
            hostname=plan.smtp.server_name or socket.gethostname(),
            ident=plan.smtp.software_name,
            data_size_limit=MAX_OCTETS,
            tls_context=plan.tls,
            auth_require_tls=plan.tls is not None,
            authenticator=hooks.authenticate,
            command_call_limit=_CALLS,
            timeout=_TIMEOUT_S,
            loop=loop,
        )
        self._relay = relay
        self._client = ""
        self._retired = False
        self.quiet = asyncio.Event()
        self.quiet.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called a second time where TLS begins."""
        if not self._client:
            self._client = network(str(transport.get_extra_info("peername")[0]))
            if not self._relay.admit(self, self._client):
                refused = cast(asyncio.Transport, transport)
                refused.write(b"421 4.3.2 Too many connections\r\n")
                refused.close()
                return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._relay.leave(self, self._client)
        if self.session is not None:
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        return False if self.session is None else super().eof_received()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd calls it
        self.quiet.clear()
        try:
            await super().smtp_DATA(arg)
        finally:
            self.quiet.set()
        if self._retired and self.transport is not None:
            self.transport.close()  # when the reply is out

    def retire(self) -> None:
        """Take no more mail."""
        self._retired = True
        if self.quiet.is_set():
            self.abort()

    def abort(self) -> None:
        if self.transport is not None:
            cast(asyncio.Transport, self.transport).abort()
