"""A dispatch that behaves: the real socket server and verbs, with a modem whose outcomes a test orders."""

import itertools
import threading

from fakes.outcomes import Tale
from otpbroker.config.sections.otp import OtpSection
from otpbroker.dispatch.otp.desk import OtpDesk
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.server import Server
from otpbroker.msisdn import canonical
from otpbroker.system.keys import Keys
from otpbroker.verbs import dispatch as verbs
from otpbroker.verbs.feeders import Begun, Heard, Sendable
from otpbroker.verbs.otp import OtpVerb

STATES = {
    ResponseCode.SUCCESS: "submitted",
    ResponseCode.OUTCOME_UNKNOWN: "unknown",
    ResponseCode.EXPIRED: "expired",
}


def modem(modem_id="m0", **facts):
    defaults = {
        "name": f"Modem {modem_id}",
        "port": "/dev/ttyUSB0",
        "active": True,
        "sms_api": True,
        "default_modem": True,
        "connected": True,
        "registered": True,
        "state": "ready",
    }
    return verbs.ModemFacts(id=modem_id, **(defaults | facts))


class FakeDispatch:
    """`by_number` orders what a number leads to: a response code as outcome, a `BrokerError` as refusal, or a
    `threading.Event` that the outcome waits for. Everything else is submitted at once. One-time passwords are the real
    desk's, which takes this for its broker.
    """

    def __init__(self, socket_path, modems=None):
        self.modems = [modem()] if modems is None else modems
        self.by_number = {}
        self.sent = []
        self.blocked = {}
        self.known = {}
        self._outcomes = Tale()
        self.tell = self._outcomes.tell
        self.feeders = {}
        self.begun = {}
        self._sendable = Sendable(modems=len(self.modems), general=len(self.modems))
        self._watchers = []
        self._lock = threading.Lock()
        self._stopped = False
        self._ids = itertools.count(1)
        self.otp = OtpDesk(self, Keys(bytes(32)), OtpSection(resend_s=0), "en")
        self._otp = {"OpenOtp": self.otp.open, "CheckOtp": self.otp.check, "SettleOtp": self.otp.settle}
        self._server = Server(socket_path, verbs.DispatchVerb | OtpVerb, self._handle)
        self._server.start()

    def forget(self):
        for memory in (self.by_number, self.sent, self.blocked, self.known):
            memory.clear()

    def stop(self):
        if not self._stopped:
            self._stopped = True
            self._server.stop()
            self.otp.stop()

    def _handle(self, verb, peer, reply):
        if type(verb).__name__ in self._otp:
            self._otp[type(verb).__name__](verb, reply)
            return
        answer = getattr(self, f"_{type(verb).__name__.lower()}")
        result = answer(verb, reply)
        if result is not None:
            reply.result(result)

    def msisdn(self, raw):
        return canonical(raw, "62", ("00",))

    def _send(self, verb, reply):
        self.send(verb, reply.result)

    def send(self, verb, waiter):
        self.sent.append(verb)
        if self.blocked.get(verb.msisdn):
            raise BrokerError(ResponseCode.BLOCKED, "code.1103")
        ordered = self.by_number.get(verb.msisdn, ResponseCode.SUCCESS)
        if isinstance(ordered, BrokerError):
            raise ordered
        message_id = verb.message_id or f"{next(self._ids):024x}"
        code = ordered if isinstance(ordered, ResponseCode) else ResponseCode.SUCCESS
        done = verbs.Sent(message_id=message_id, state=STATES.get(code, "failed"), code=code, modem="Modem m0", parts=1)
        queued = verbs.Sent(message_id=message_id, state="queued", code=ResponseCode.SUCCESS)
        happens = isinstance(ordered, threading.Event)
        self.known[message_id] = (verb.user, queued if happens else done)
        if verb.wait and happens:
            threading.Thread(target=self._later, args=(ordered, verb, waiter, done, queued), daemon=True).start()
        else:
            waiter(done if verb.wait else queued)

    def _later(self, event, verb, waiter, done, queued):
        happened = event.wait(verb.deadline_s)
        self.known[done.message_id] = (verb.user, done if happened else queued)
        waiter(done if happened else queued)

    def _message(self, verb, reply):
        user, sent = self.known.get(verb.message_id, (None, None))
        if user is None or user != verb.user:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "message.unknown")
        return sent

    def _awaitoutcomes(self, verb, reply):
        self._outcomes.follow(verb, reply)

    def _block(self, verb, reply):
        self.blocked[verb.msisdn] = True
        return verbs.Done(msisdn=verb.msisdn)

    def _unblock(self, verb, reply):
        self.blocked[verb.msisdn] = False
        return verbs.Done(msisdn=verb.msisdn)

    def _modemlist(self, verb, reply):
        return verbs.ModemFactsList(modems=self.modems)

    # What feeders ask

    def can_send(self, modems, general=None, **prefixes):
        """What the modems can send from now on; prefixes as `_62871=1`."""
        by_prefix = {name.strip("_"): count for name, count in prefixes.items()}
        with self._lock:
            self._sendable = Sendable(modems=modems, general=modems if general is None else general, prefixes=by_prefix)
            watchers, self._watchers = self._watchers, []
        for reply in watchers:
            reply.result(self._sendable)

    def _awaitsendable(self, verb, reply):
        with self._lock:
            if verb.known != self._sendable:
                return self._sendable
            self._watchers.append(reply)
            return None

    def _tellfeeder(self, verb, reply):
        self.feeders[verb.state.feeder] = verb.state
        return Heard()

    def _begindelivery(self, verb, reply):
        before = self.begun.get(verb.fingerprint, 0)
        self.begun[verb.fingerprint] = before + 1
        return Begun(before)

    def _enddelivery(self, verb, reply):
        self.begun.pop(verb.fingerprint, None)
        return Heard()

    def _ussd(self, verb, reply):
        return verbs.UssdAnswer(modem=verb.modem, status=0, text=f"Pulsa <b>{verb.code}</b>")

    def _status(self, verb, reply):
        counters = verbs.Counters(
            queued=0,
            in_flight=0,
            accepted=len(self.sent),
            by_state={"submitted": len(self.sent)},
            by_modem={"m0": len(self.sent)},
            latency_ms_sum=0.0,
            latency_count=len(self.sent),
        )
        return verbs.DispatchStatus(version="0", uptime_s=1.0, modems=self.modems, counters=counters, alarms=[])
