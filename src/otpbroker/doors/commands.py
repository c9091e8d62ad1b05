"""Doing what a command says, alike through every door: calls to dispatch and mail, and their answer as a reply."""

import re
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from otpbroker.doors.contract import Dispatch, Mail, Outcome, Sender
from otpbroker.doors.otp import OtpCommands
from otpbroker.doors.results import MailResult, ModemListing, Msisdn, Refused, SmsResult, UssdResult
from otpbroker.envelope.commands import (
    BlockMsisdn,
    Command,
    Echo,
    GetModemList,
    RequestOtp,
    RequestUssd,
    SendMail,
    SendSms,
    Timing,
    VerifyOtp,
)
from otpbroker.envelope.lifetime import lifetime_s
from otpbroker.envelope.parse import Frame
from otpbroker.envelope.reply import Reply
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.sms.segment import refuse_hopeless
from otpbroker.system.clock import wall_s
from otpbroker.texts import Language, translate
from otpbroker.verbs.dispatch import FINAL_STATES, Block, Door, Message, ModemList, Send, Sent, Unblock, Ussd
from otpbroker.verbs.mail import MAX_TEXT, DeliverMail, Mailed

USSD_TIMEOUT_S: Final = 60
_MESSAGE_ID: Final = re.compile(r"[0-9a-f]{24}")


class Commands:
    """`now` is the Unix time, None while the clock is not synchronised."""

    def __init__(
        self, door: Door, dispatch: Dispatch, mail: Mail, now: Callable[[], float | None], deadline_s: float
    ) -> None:
        self._door: Door = door
        self._dispatch = dispatch
        self._mail = mail
        self._now = now
        self._otp = OtpCommands(door, dispatch, mail, now)
        self.deadline_s = deadline_s

    def run(self, command: Command, sender: Sender) -> Outcome:  # noqa: PLR0911 - one for each command
        """Do it. Raises `BrokerError` where it is refused."""
        match command:
            case SendSms():
                return self._send_sms(command, sender)
            case SendMail():
                return self._send_mail(command, sender)
            case BlockMsisdn():
                verb = Block if command.blocked else Unblock
                done = self._dispatch.call(verb(msisdn=command.msisdn))
                return _success(command.command, Msisdn(done.msisdn), sender)
            case GetModemList():
                modems = self._dispatch.call(ModemList()).modems
                return _success(command.command, ModemListing({modem.id: modem for modem in modems}), sender)
            case RequestUssd():
                return self._request_ussd(command, sender)
            case RequestOtp():
                return self._otp.request(command, sender, self.deadline_s)
            case VerifyOtp():
                return self._otp.verify(command, sender)
            case Echo():
                return _success(command.command, command.data, sender)

    def _send_sms(self, command: SendSms, sender: Sender) -> Outcome:
        refuse_hopeless(command.text)  # before it meets the bound on what processes say to each other
        lives = self._lives(command.timing, sender)
        verb = Send(
            door=self._door,
            user=sender.user,
            id="" if command.id is None else str(command.id),
            msisdn=command.msisdn,
            text=command.text,
            lifetime_s=min(lives, default=None),
            wait=not sender.respond_async,
            idempotency_key=sender.idempotency_key,
            delivery_key=sender.delivery_key,
            broker_redelivered=sender.broker_redelivered,
            callback=command.callback,
        )
        return _outcome(command.command, command.id, self._dispatch.send(verb, self.deadline_s), sender.language)

    def _send_mail(self, command: SendMail, sender: Sender) -> Outcome:
        """Answered at the outcome also where the sender would take an early answer: a mail's state is kept nowhere."""
        if len(command.text) > MAX_TEXT:
            raise BrokerError(ResponseCode.TOO_LONG, "mail.too_long", max=MAX_TEXT, length=len(command.text))
        verb = DeliverMail(
            door=self._door,
            user=sender.user,
            id="" if command.id is None else str(command.id),
            recipient=command.recipient,
            subject=command.subject,
            text=command.text,
            idempotency_key=sender.idempotency_key,
            delivery_key=sender.delivery_key,
            broker_redelivered=sender.broker_redelivered,
            callback=command.callback,
        )
        deadline_s = min([self.deadline_s, *self._lives(command.timing, sender)])
        return _mail_outcome(command, self._mail.send(verb, deadline_s), sender.language)

    def _lives(self, timing: Timing, sender: Sender) -> list[float]:
        """How long the message may live, in seconds, by each who said something of it. Raises `BrokerError` 1203."""
        own = None if timing.expiration is None else lifetime_s(timing, self._now())
        return [life for life in (own, sender.lifetime_s) if life is not None]

    def _request_ussd(self, command: RequestUssd, sender: Sender) -> Outcome:
        verb = Ussd(modem=command.modem_id, code=command.ussd_code, timeout_s=USSD_TIMEOUT_S)
        answer = self._dispatch.call(verb, USSD_TIMEOUT_S + 10)
        result = UssdResult(command.modem_id, command.ussd_code, answer.text, answer.status)
        return _success(command.command, result, sender)

    def message(self, message_id: str, sender: Sender) -> Outcome:
        """The state of one of the sender's own messages. Raises `BrokerError` `message.unknown` for all others."""
        if not _MESSAGE_ID.fullmatch(message_id):
            raise BrokerError(ResponseCode.INVALID_REQUEST, "message.unknown")
        sent = self._dispatch.call(Message(message_id=message_id, door=self._door, user=sender.user))
        return _outcome("send-sms", None, replace(sent, replaced={}), sender.language)


def refusal(frame: Frame, error: BrokerError, language: Language = "en") -> Reply:
    """What answers a command that was refused; the sender's names go back, where it has some that can be shown."""
    state: Final = "failed" if frame.command.startswith("send-") else ""
    data = Refused(id=_shown(frame, "id"), state=state, reason=error.key)
    if (reference := _shown(frame, "reference")) is not None:
        receiver = str(_shown(frame, "receiver") or "")
        data = replace(data, reference=reference, receiver=receiver, date_time=int(wall_s()))
    return Reply(frame.command, error.code, translate(error.key, error.params, language), data)


def _shown(frame: Frame, name: str) -> int | str | None:
    value = frame.data.get(name) if isinstance(frame.data, dict) else None
    return value if isinstance(value, int | str) and not isinstance(value, bool) else None


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
    return Outcome(Reply(command, sent.code, text, result), pending, sent.retry_after_s)


def _mail_outcome(command: SendMail, mailed: Mailed, language: Language) -> Outcome:
    text = translate(mailed.key or f"code.{mailed.code.value}", mailed.params, language)
    result = MailResult(
        id=command.id, account=mailed.account, state=mailed.state, reason=mailed.key, replayed=mailed.replayed
    )
    return Outcome(Reply(command.command, mailed.code, text, result), retry_after_s=mailed.retry_after_s)
