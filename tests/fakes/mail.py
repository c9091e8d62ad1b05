"""A mail service that behaves: the real socket server and verbs, with accounts whose outcomes a test orders."""

from fakes.outcomes import Tale
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.server import Server
from otpbroker.verbs import mail as verbs
from otpbroker.verbs.events import AwaitOutcomes

STATES = {
    ResponseCode.SUCCESS: "submitted",
    ResponseCode.OUTCOME_UNKNOWN: "unknown",
    ResponseCode.EXPIRED: "expired",
}


class FakeMail:
    """`by_recipient` orders what an address leads to: a response code as outcome, or a `BrokerError` as refusal.
    Everything else is submitted by the account `gmail`, while there is one.
    """

    def __init__(self, socket_path):
        self.has_account = True
        self.by_recipient = {}
        self.sent = []
        self._outcomes = Tale()
        self.tell = self._outcomes.tell
        self._server = Server(socket_path, verbs.MailVerb, self._handle, max_frame_octets=verbs.MAX_FRAME_OCTETS)
        self._server.start()

    def stop(self):
        self._server.stop()

    def _handle(self, verb, peer, reply):
        if isinstance(verb, verbs.MailStatus):
            facts = verbs.AccountFacts(name="gmail", sender="otp@example.com", state="ready", sent=len(self.sent))
            reply.result(verbs.MailFacts(accounts=[facts] if self.has_account else []))
            return
        if isinstance(verb, AwaitOutcomes):
            self._outcomes.follow(verb, reply)
            return
        if not self.has_account:
            raise BrokerError(ResponseCode.FAILED, "mail.no_account")
        ordered = self.by_recipient.get(verb.recipient, ResponseCode.SUCCESS)
        if isinstance(ordered, BrokerError):
            raise ordered
        self.sent.append(verb)
        sent = ordered is ResponseCode.SUCCESS
        reply.result(
            verbs.Mailed(
                state=STATES.get(ordered, "failed"),
                code=ordered,
                account="gmail" if sent else "",
                key="" if sent else "mail.silent",
                params={} if sent else {"host": "smtp.example.com"},
            )
        )
