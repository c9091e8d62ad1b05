"""otpb-notifier: tells outcomes to webhooks and callbacks. Outbound only; what waits is in memory only."""

import sys
import threading
from collections.abc import Sequence
from typing import Final

from otpbroker.calling.caller import Caller
from otpbroker.calling.guard import Guard
from otpbroker.clients.dispatch import DispatchClient
from otpbroker.clients.follower import Follower
from otpbroker.clients.mail import MailClient
from otpbroker.config.sections.webhooks import CallbacksSection, WebhooksSection
from otpbroker.config.store import Store
from otpbroker.ipc.connection import Reply
from otpbroker.ipc.server import Server
from otpbroker.notifier.notifier import Notifier
from otpbroker.system import options, service
from otpbroker.system.files import Paths
from otpbroker.system.peercred import Peer
from otpbroker.verbs.notifier import NotifierVerb, TryWebhook

CLIENTS: Final = "otpb-notifier-clients"
GRACE_S: Final = 3.0


class Options(options.Options, frozen=True):
    """`allow_loopback`: addresses of this machine are called, in development."""

    allow_loopback: bool = False


class NotifierService:
    def __init__(self, paths: Paths, *, allow_loopback: bool) -> None:
        self._store = Store(paths)
        self._notifier = Notifier(Caller(Guard()), loopback=allow_loopback)
        self.reload()
        self._server = Server(paths.socket("notifier"), NotifierVerb, self._handle, CLIENTS)
        sources = (DispatchClient(paths.socket("dispatch")), MailClient(paths.socket("mail")))
        self._followers = [Follower(source, self._notifier.take, self._notifier.miss) for source in sources]
        self._notifier.start()
        for follower in self._followers:
            follower.start()
        for follower in self._followers:
            follower.wait()
        self._server.start()

    def _handle(self, verb: NotifierVerb, _peer: Peer, reply: Reply) -> None:
        if isinstance(verb, TryWebhook):
            attempt = self._notifier.attempt(verb.name)
            threading.Thread(target=lambda: reply.result(attempt()), name="try", daemon=True).start()
        else:
            reply.result(self._notifier.state())

    def reload(self) -> None:
        self._notifier.configure(self._store.load(WebhooksSection), self._store.load(CallbacksSection))

    def stop(self) -> None:
        """What is due has a moment; all else that waits is lost: it is in memory only."""
        for follower in self._followers:
            follower.stop()
        self._notifier.stop(GRACE_S)
        self._server.stop()


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of otpb-notifier; the exit status."""
    given = options.read(Options, argv)
    return service.run("notifier", lambda: NotifierService(given.paths, allow_loopback=given.allow_loopback))


if __name__ == "__main__":
    sys.exit(main())
