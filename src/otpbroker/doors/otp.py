"""request-otp and verify-otp, alike through every door: dispatch makes and verifies the codes, and sends those to
numbers; those to e-mail addresses are sent here.
"""

import secrets
from collections.abc import Callable
from typing import Final

from otpbroker.doors.contract import Dispatch, Mail, Outcome, Sender
from otpbroker.doors.results import OtpResult
from otpbroker.envelope.commands import RequestOtp, VerifyOtp
from otpbroker.envelope.lifetime import lifetime_s
from otpbroker.envelope.reply import Reply
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.system.clock import wall_s
from otpbroker.texts import translate
from otpbroker.verbs.dispatch import FINAL_STATES, Door, Sent
from otpbroker.verbs.mail import DeliverMail
from otpbroker.verbs.otp import CheckOtp, OpenOtp, OtpLetter, SettleOtp

MAX_TEXT: Final = 8000  # characters: with every one escaped they still fit a frame


class OtpCommands:
    """`now` is as for `otpbroker.doors.commands.Commands`."""

    def __init__(self, door: Door, dispatch: Dispatch, mail: Mail, now: Callable[[], float | None]) -> None:
        self._door: Door = door
        self._dispatch = dispatch
        self._mail = mail
        self._now = now

    def request(self, command: RequestOtp, sender: Sender, deadline_s: float) -> Outcome:
        """Raises `BrokerError`: 1201 where the reference is taken, 1107 where the receiver had a code just now, and
        whatever refuses a message.
        """
        if len(command.text) > MAX_TEXT:
            raise BrokerError(ResponseCode.TOO_LONG, "otp.too_long", max=MAX_TEXT, length=len(command.text))
        opened = self._dispatch.send(self._verb(command, sender), deadline_s)
        if opened.letter is not None:
            sent = self._post(command, sender, opened.letter, deadline_s)
        else:
            assert opened.sent is not None  # noqa: S101 - dispatch answers one or the other
            sent = opened.sent
        text = translate(sent.key or f"code.{sent.code.value}", sent.params, sender.language)
        pending = "" if sent.state in FINAL_STATES else sent.message_id
        return Outcome(Reply(command.command, sent.code, text, _result(command, sent)), pending, sent.retry_after_s)

    def _verb(self, command: RequestOtp, sender: Sender) -> OpenOtp:
        return OpenOtp(
            door=self._door,
            user=sender.user,
            reference=str(command.reference),
            receiver=command.receiver,
            text=command.text,
            params=command.params,
            lifetime_s=lifetime_s(command.timing, self._now()),
            transport_s=sender.lifetime_s,
            wait=not sender.respond_async,
            idempotency_key=sender.idempotency_key,
            delivery_key=sender.delivery_key,
            broker_redelivered=sender.broker_redelivered,
            callback=command.callback,
        )

    def _post(self, command: RequestOtp, sender: Sender, letter: OtpLetter, deadline_s: float) -> Sent:
        """Send the letter and tell dispatch what became of it. Raises 1102 `otp.forgotten` where it went out, but its
        code is no more.
        """
        mail = DeliverMail(
            door=self._door,
            user=sender.user,
            message_id=letter.token,
            recipient=command.receiver.strip(),
            subject=command.subject or letter.subject,
            text=letter.text,
            reference=str(command.reference),
            callback=command.callback,
        )
        lives = (deadline_s, letter.life_s, deadline_s if sender.lifetime_s is None else sender.lifetime_s)
        try:
            mailed = self._mail.send(mail, min(lives))
        except BrokerError as error:
            self._settle(command, _refused(letter, error))
            raise
        sent = Sent(
            message_id=letter.token,
            state=mailed.state,
            code=mailed.code,
            key=mailed.key,
            params=mailed.params,
            modem=mailed.account,
            retry_after_s=mailed.retry_after_s,
        )
        if not self._settle(command, sent) and sent.state == "submitted":
            raise BrokerError(ResponseCode.FAILED, "otp.forgotten", retry_after_s=1)
        return sent

    def _settle(self, command: RequestOtp, sent: Sent) -> bool:
        return self._dispatch.call(SettleOtp(reference=str(command.reference), sent=sent)).known

    def verify(self, command: VerifyOtp, sender: Sender) -> Outcome:
        """Raises `BrokerError` 1202 or 1203 for every code but the right one. What was asked under a key of its sender
        or message broker may be asked again, so that a lost answer is not a lost code.
        """
        verb = CheckOtp(
            door=self._door,
            user=sender.user,
            reference=str(command.reference),
            receiver=command.receiver,
            otp=command.otp,
            params=command.params,
            key=sender.idempotency_key or sender.delivery_key or secrets.token_hex(12),
        )
        self._dispatch.call(verb)
        return Outcome(
            Reply(
                command.command,
                ResponseCode.SUCCESS,
                translate("code.0000", {}, sender.language),
                OtpResult(reference=command.reference, receiver=command.receiver, date_time=int(wall_s())),
            )
        )


def _refused(letter: OtpLetter, error: BrokerError) -> Sent:
    unknown = error.code is ResponseCode.OUTCOME_UNKNOWN
    return Sent(
        message_id=letter.token,
        state="unknown" if unknown else "failed",
        code=error.code,
        key=error.key,
        params=error.params,
        retry_after_s=error.retry_after_s,
    )


def _result(command: RequestOtp, sent: Sent) -> OtpResult:
    by_mail = "@" in command.receiver
    return OtpResult(
        reference=command.reference,
        receiver=command.receiver,
        date_time=int(wall_s()),
        message_id="" if by_mail else sent.message_id,
        modem="" if by_mail else sent.modem,
        account=sent.modem if by_mail else "",
        parts=sent.parts,
        state=sent.state,
        reason=sent.key,
        cost=sent.cost,
        resent=sent.resent,
        replayed=sent.replayed,
    )
