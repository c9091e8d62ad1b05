"""otpb-mail: sends e-mail by the accounts of the settings (SPEC §6)."""

import ssl
import sys
import threading
import time
from typing import Any

from otpbroker.config.sections.mail import EmailAccount, EmailSection
from otpbroker.config.store import Store
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.connection import Reply
from otpbroker.ipc.server import Server
from otpbroker.mail import address, handover
from otpbroker.mail.failure import Failure
from otpbroker.mail.letter import Composed
from otpbroker.system import service
from otpbroker.system.files import Paths
from otpbroker.system.peercred import Peer
from otpbroker.verbs.mail import MAX_FRAME_OCTETS, DeliverMail, Mailed, MailFacts, MailVerb

CLIENTS = "otpb-mail-clients"


class Mail:
    """The running service."""

    def __init__(self, paths: Paths) -> None:
        self._store = Store(paths)
        self.reload()
        self._server = Server(paths.socket("mail"), MailVerb, self._handle, CLIENTS, MAX_FRAME_OCTETS)
        self._server.start()

    def _handle(self, call: Any, _peer: Peer, reply: Reply) -> None:
        if not isinstance(call, DeliverMail):
            reply.result(MailFacts())
            return
        letter = Composed(address.parse(call.recipient), call.subject, call.text, call.message_id)
        accounts = [account for account in self._accounts if account.active]
        if not accounts:
            raise BrokerError(ResponseCode.FAILED, "mail.no_account")
        end = time.monotonic() + (call.deadline_s or 60)
        threading.Thread(target=lambda: reply.result(_deliver(accounts, letter, end))).start()

    def reload(self) -> None:
        self._accounts = self._store.load(EmailSection).email

    def stop(self) -> None:
        self._server.stop_listening()
        self._server.stop()


def _deliver(accounts: list[EmailAccount], letter: Composed, end: float) -> Mailed:
    mailed = Mailed(state="expired", code=ResponseCode.EXPIRED)
    for account in accounts:
        try:
            line = handover.open_line(_server(account), end)
            handover.hand_over(line, address.parse(account.sender), letter, end, lambda: None)
            line.hang_up()
        except Failure as failure:
            mailed = Mailed(state="failed", code=ResponseCode.FAILED, key=failure.key, params=failure.params)
        else:
            return Mailed(state="submitted", code=ResponseCode.SUCCESS, account=account.name)
    return mailed


def _server(account: EmailAccount) -> handover.Server:
    context = ssl.create_default_context()
    if account.ca_certificate:
        context.load_verify_locations(account.ca_certificate)
    security: handover.Security = "tls" if account.tls else "starttls" if account.starttls else "none"
    username = account.sender if account.auth else ""
    return handover.Server(account.host, account.port, security, context, username, account.password)


def main() -> int:
    paths = service.root_argument("mail")
    return service.run("mail", lambda: Mail(paths))


if __name__ == "__main__":
    sys.exit(main())
