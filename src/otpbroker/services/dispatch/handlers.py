"""Each verb of dispatch to the code that answers it."""

import time
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from otpbroker import __version__
from otpbroker.dispatch import numbers
from otpbroker.dispatch.broker import Broker
from otpbroker.dispatch.crashes import Crashes
from otpbroker.dispatch.internet import InternetDesk
from otpbroker.dispatch.jobs import Errand
from otpbroker.dispatch.ledger import Ledger
from otpbroker.dispatch.otp.desk import OtpDesk
from otpbroker.dispatch.report.desk import ReportDesk
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.connection import Reply
from otpbroker.modem.contract import Driver
from otpbroker.system.clock import wall_s
from otpbroker.system.peercred import Peer, is_root_or_us
from otpbroker.verbs import dispatch as verbs
from otpbroker.verbs.events import AwaitOutcomes
from otpbroker.verbs.feeders import (
    FEEDERS,
    AwaitSendable,
    BeginDelivery,
    Begun,
    EndDelivery,
    FeederState,
    Heard,
    TellFeeder,
)
from otpbroker.verbs.internet import AwaitLines, TellInternet
from otpbroker.verbs.otp import CheckOtp, OpenOtp, SettleOtp
from otpbroker.verbs.report import Report, ReportCells


class Handlers:
    """Called in the reader thread: quick, or handed to the broker with the reply."""

    def __init__(
        self,
        broker: Broker,
        ledger: Ledger,
        otp: OtpDesk,
        report: ReportDesk,
        *,
        internet: InternetDesk,
        found: Callable[[], list[verbs.FoundModem]],
    ) -> None:
        self._broker = broker
        self._found = found
        self._ledger = ledger
        self._started_s = time.monotonic()
        self.settings_error = ""
        self._feeders = {name: FeederState(feeder=name, state="disabled", since=wall_s()) for name in FEEDERS}
        self._crashes = Crashes()
        self._internet = internet
        self._answers: dict[type[Struct], Callable[[Any, Reply], None]] = {
            verbs.Send: self._send,
            verbs.Message: self._message,
            verbs.Messages: report.ask,
            Report: report.ask,
            ReportCells: report.ask,
            verbs.Block: self._block,
            verbs.Unblock: self._unblock,
            verbs.DeleteBlocked: self._delete_blocked,
            verbs.ChangeBlocked: self._change_blocked,
            verbs.BlockedList: self._blocked,
            verbs.ModemList: self._modem_list,
            verbs.Ussd: self._ussd,
            verbs.UssdCancel: self._ussd_cancel,
            verbs.Inbox: self._inbox,
            verbs.InboxDelete: self._inbox_delete,
            verbs.NetworkTime: self._network_time,
            verbs.SetSimPin: self._set_sim_pin,
            verbs.RemoveSimPin: self._remove_sim_pin,
            verbs.Route: self._route,
            verbs.Status: self._status,
            OpenOtp: otp.open,
            CheckOtp: otp.check,
            SettleOtp: otp.settle,
            AwaitSendable: self._await_sendable,
            AwaitOutcomes: self._await_outcomes,
            TellFeeder: self._tell_feeder,
            BeginDelivery: self._begin_delivery,
            EndDelivery: self._end_delivery,
            AwaitLines: internet.await_lines,
            TellInternet: internet.tell,
        }

    def __call__(self, call: Struct, peer: Peer, reply: Reply) -> None:
        """Every peer that is let in may ask all, but for what otpb-dial, which is root, does with a modem."""
        if isinstance(call, AwaitLines | TellInternet) and not is_root_or_us(peer):
            raise BrokerError(ResponseCode.UNAUTHORIZED, "peer.refused")
        self._answers[type(call)](call, reply)

    def _send(self, call: verbs.Send, reply: Reply) -> None:
        self._broker.send(call, reply.result)

    def _message(self, call: verbs.Message, reply: Reply) -> None:
        found = self._broker.find(call.message_id)
        if found is None or (call.door not in ("cli", "panel") and found[0] != (call.door, call.user)):
            raise BrokerError(ResponseCode.INVALID_REQUEST, "message.unknown")
        reply.result(found[1])

    # -- the block list -----------------------------------------------------------------------------------------

    def _block(self, call: verbs.Block, reply: Reply) -> None:
        msisdn = self._broker.msisdn(call.msisdn)
        self._broker.blocklist.block(msisdn)
        self._broker.withdraw(msisdn)
        reply.result(verbs.Done(msisdn=msisdn))

    def _unblock(self, call: verbs.Unblock, reply: Reply) -> None:
        msisdn = self._broker.msisdn(call.msisdn)
        self._broker.blocklist.unblock(msisdn)
        reply.result(verbs.Done(msisdn=msisdn))

    def _delete_blocked(self, call: verbs.DeleteBlocked, reply: Reply) -> None:
        msisdn = self._broker.msisdn(call.msisdn)
        if not self._broker.blocklist.delete(msisdn):
            raise BrokerError(ResponseCode.INVALID_REQUEST, "number.not_listed")
        reply.result(verbs.Done(msisdn=msisdn))

    def _change_blocked(self, call: verbs.ChangeBlocked, reply: Reply) -> None:
        for msisdn in self._broker.blocklist.change(call.listed, call.deleted):
            self._broker.withdraw(msisdn)
        reply.result(verbs.Done())

    def _blocked(self, _: verbs.BlockedList, reply: Reply) -> None:
        reply.result(verbs.BlockEntries(block_list=self._broker.blocklist.entries()))

    # -- modems -------------------------------------------------------------------------------------------------

    def _modem_list(self, _: verbs.ModemList, reply: Reply) -> None:
        reply.result(verbs.ModemFactsList(modems=self._broker.facts()))

    def _ussd(self, call: verbs.Ussd, reply: Reply) -> None:
        self._on_modem(call.modem, reply, lambda driver: driver.ussd(call.code, call.timeout_s))

    def _ussd_cancel(self, call: verbs.UssdCancel, reply: Reply) -> None:
        self._on_modem(call.modem, reply, lambda driver: driver.ussd_cancel())

    def _inbox(self, call: verbs.Inbox, reply: Reply) -> None:
        self._on_modem(call.modem, reply, lambda driver: verbs.InboxMessages(messages=driver.inbox()))

    def _inbox_delete(self, call: verbs.InboxDelete, reply: Reply) -> None:
        self._on_modem(call.modem, reply, lambda driver: driver.delete(call.key))

    def _network_time(self, call: verbs.NetworkTime, reply: Reply) -> None:
        self._on_modem(call.modem, reply, lambda driver: verbs.NetworkTimeTold(unix_s=driver.network_time()))

    def _set_sim_pin(self, call: verbs.SetSimPin, reply: Reply) -> None:
        self._on_modem(call.modem, reply, lambda driver: driver.set_sim_pin(call.pin.reveal()))

    def _remove_sim_pin(self, call: verbs.RemoveSimPin, reply: Reply) -> None:
        self._on_modem(call.modem, reply, lambda driver: driver.remove_sim_pin(call.pin.reveal()))

    def _on_modem(self, modem: str, reply: Reply, work: Callable[[Driver], Struct | None]) -> None:
        """Answer with what `work` gives, or with `Done` where it only does."""

        def failed(key: str, params: dict[str, str | int]) -> None:
            reply.error(BrokerError(ResponseCode.FAILED, key, retry_after_s=None, **params))

        self._broker.post(modem, Errand(lambda driver: reply.result(work(driver) or verbs.Done()), failed))

    # -- feeders ------------------------------------------------------------------------------------------------

    def _await_sendable(self, call: AwaitSendable, reply: Reply) -> None:
        self._broker.await_sendable(call.known, reply.result)

    def _begin_delivery(self, call: BeginDelivery, reply: Reply) -> None:
        reply.result(Begun(self._crashes.begin(call.feeder, call.fingerprint)))

    def _end_delivery(self, call: EndDelivery, reply: Reply) -> None:
        self._crashes.end(call.feeder, call.fingerprint)
        reply.result(Heard())

    def _tell_feeder(self, call: TellFeeder, reply: Reply) -> None:
        self._feeders[call.state.feeder] = call.state
        reply.result(Heard())

    # -- events -------------------------------------------------------------------------------------------------

    def _await_outcomes(self, call: AwaitOutcomes, reply: Reply) -> None:
        self._broker.await_outcomes(call, reply.result)

    # -- telling ------------------------------------------------------------------------------------------------

    def _route(self, call: verbs.Route, reply: Reply) -> None:
        broker = self._broker
        msisdn = broker.msisdn(call.msisdn)
        refusal: BrokerError | None = None
        try:
            numbers.check(msisdn, broker.sms.country_code, broker.limits.settings)
        except BrokerError as error:
            refusal = error
        if msisdn in broker.blocklist:
            refusal = BrokerError(ResponseCode.BLOCKED, "number.blocked")
        reply.result(broker.explain(msisdn, refusal))

    def _status(self, _: verbs.Status, reply: Reply) -> None:
        alarms = [
            verbs.Alarm(key=name.rpartition(" ")[2], params=params) for name, params in self._broker.told_alarms()
        ]
        if self._ledger.broken:
            alarms.append(verbs.Alarm(key="alarm.state_unwritable"))
        reply.result(
            verbs.DispatchStatus(
                version=__version__,
                uptime_s=time.monotonic() - self._started_s,
                modems=self._broker.facts(),
                counters=self._broker.counters(),
                alarms=alarms,
                settings_error=self.settings_error,
                found=self._found(),
                feeders=[self._feeders[name] for name in sorted(self._feeders)],
                internet=self._internet.states,
            )
        )
