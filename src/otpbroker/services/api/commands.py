"""Doing what a command says: one call to dispatch, and its answer as a reply."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from msgspec.structs import replace

from otpbroker.envelope.commands import BlockMsisdn, Command, Echo, GetModemList, RequestUssd, SendMail, SendSms
from otpbroker.envelope.lifetime import lifetime_s
from otpbroker.envelope.reply import Reply
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.ipc.wire import Result, Verb
from otpbroker.services.api.results import ModemListing, Msisdn, SmsResult, UssdResult
from otpbroker.texts import Language, translate
from otpbroker.verbs.dispatch import FINAL_STATES, Block, Message, ModemList, Send, Sent, Unblock, Ussd
from otpbroker.web.workers import Places

DOOR: Final = "rest"
USSD_TIMEOUT_S: Final = 60
_MESSAGE_ID: Final = re.compile(r"[0-9a-f]{24}")


class Dispatch(Protocol):
    """`otpbroker.clients.dispatch.DispatchClient`, as far as this service needs it."""

    def call(self, verb: Verb[Result], timeout_s: float | None = 10) -> Result: ...

    def send(self, verb: Send, deadline_s: float) -> Sent: ...


class Sender(NamedTuple):
    """Who asks, and how."""

    user: str
    language: Language = "en"
    respond_async: bool = False
    idempotency_key: str = ""


class Outcome(NamedTuple):
    """`pending_id` is set where the message has no final state yet."""

    reply: Reply
    pending_id: str = ""


class Commands:
    """`places` bound how many wait for dispatch at once. `now` is the Unix time, None while the clock is not
    synchronised.
    """

    def __init__(self, dispatch: Dispatch, places: Places, now: Callable[[], float | None], deadline_s: float) -> None:
        self._dispatch = dispatch
        self._places = places
        self._now = now
        self.deadline_s = deadline_s

    def run(self, command: Command, sender: Sender) -> Outcome:
        """Do it. Raises `BrokerError` where it is refused, also when too many wait for dispatch already."""
        match command:
            case SendMail():
                raise BrokerError(ResponseCode.FAILED, "mail.no_account")
            case Echo():
                return _success(command.command, command.data, sender)
            case _:
                with self._places.one(_busy):
                    return self._ask_dispatch(command, sender)

    def _ask_dispatch(self, command: SendSms | BlockMsisdn | GetModemList | RequestUssd, sender: Sender) -> Outcome:
        match command:
            case SendSms():
                return self._send_sms(command, sender)
            case BlockMsisdn():
                verb = Block if command.blocked else Unblock
                done = self._dispatch.call(verb(msisdn=command.msisdn))
                return _success(command.command, Msisdn(done.msisdn), sender)
            case GetModemList():
                modems = self._dispatch.call(ModemList()).modems
                return _success(command.command, ModemListing({modem.id: modem for modem in modems}), sender)
            case RequestUssd():
                return self._request_ussd(command, sender)

    def _send_sms(self, command: SendSms, sender: Sender) -> Outcome:
        timing = command.timing
        verb = Send(
            door=DOOR,
            user=sender.user,
            id="" if command.id is None else str(command.id),
            msisdn=command.msisdn,
            text=command.text,
            lifetime_s=None if timing.expiration is None else lifetime_s(timing, self._now()),
            wait=not sender.respond_async,
            idempotency_key=sender.idempotency_key,
        )
        return _outcome(command.command, command.id, self._dispatch.send(verb, self.deadline_s), sender.language)

    def _request_ussd(self, command: RequestUssd, sender: Sender) -> Outcome:
        verb = Ussd(modem=command.modem_id, code=command.ussd_code, timeout_s=USSD_TIMEOUT_S)
        answer = self._dispatch.call(verb, USSD_TIMEOUT_S + 10)
        result = UssdResult(command.modem_id, command.ussd_code, answer.text, answer.status)
        return _success(command.command, result, sender)

    def message(self, message_id: str, sender: Sender) -> Outcome:
        """The state of one of the sender's own messages. Raises `BrokerError` `message.unknown` for all others."""
        if not _MESSAGE_ID.fullmatch(message_id):
            raise BrokerError(ResponseCode.INVALID_REQUEST, "message.unknown")
        with self._places.one(_busy):
            sent = self._dispatch.call(Message(message_id=message_id, door=DOOR, user=sender.user))
        return _outcome("send-sms", None, replace(sent, replaced={}), sender.language)


def _busy() -> BrokerError:
    return BrokerError(ResponseCode.LIMIT, "http.busy", retry_after_s=1)


def _success(command: str, data: object, sender: Sender) -> Outcome:
    return Outcome(Reply(command, ResponseCode.SUCCESS, translate("code.0000", {}, sender.language), data))


def _outcome(command: str, id_: int | str | None, sent: Sent, language: Language) -> Outcome:
    text = translate(sent.key or f"code.{sent.code.value}", sent.params, language)
    result = SmsResult(
        id=id_,
        message_id=sent.message_id,
        modem=sent.modem,
        parts=sent.parts,
        state=sent.state,
        reason=sent.key,
        cost=sent.cost,
        replayed=sent.replayed,
        resent=sent.resent,
        replaced=sent.replaced,
    )
    pending = "" if sent.state in FINAL_STATES else sent.message_id
    return Outcome(Reply(command, sent.code, text, result), pending)
