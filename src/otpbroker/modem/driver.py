"""The modem as a job sees it (`contract.Driver`)."""

import contextlib
from collections.abc import Callable

from otpbroker.modem.at import AtChannel, Refused, Reset, Silence
from otpbroker.modem.contract import Blame, ModemError
from otpbroker.modem.deadlines import Deadlines
from otpbroker.modem.fields import fields, number
from otpbroker.modem.port import PortGone, PortStalled
from otpbroker.modem.results import submit_error
from otpbroker.sms.submit import SubmitPdu

_ESSENTIAL_S = 3.0
NO_REFERENCE = -1


class Sender:
    """SUBMITs through one channel (3GPP TS 27.005 §3.5.1)."""

    def __init__(self, at: AtChannel, deadlines: Deadlines) -> None:
        self._at = at
        self._deadlines = deadlines
        self._link_kept = False
        self._can_keep_link = True

    def submit(self, pdu: SubmitPdu, before_text: Callable[[], None], *, more_to_follow: bool = False) -> int:
        """As `contract.Driver.submit`; -1 when the modem named no reference that is a number."""
        self._open(pdu, more_to_follow)
        try:
            before_text()
        except BaseException:
            with contextlib.suppress(PortGone, PortStalled):  # then nothing can be sent anyway
                self._at.cancel()
            raise
        line = self._finish(pdu)
        if line is None:
            raise ModemError(Blame.UNKNOWN, "modem.no_reference")
        reference = number(fields(line, "+CMGS:")[0])
        return NO_REFERENCE if reference is None else reference

    def _open(self, pdu: SubmitPdu, more_to_follow: bool) -> None:
        try:
            if more_to_follow != self._link_kept:
                self._keep_link(more_to_follow)
            self._prompt(f"AT+CMGS={pdu.tpdu_length}")
        except Refused as error:
            raise submit_error(error.refused) from None
        except (Silence, Reset):
            raise ModemError(Blame.TRANSIENT, "modem.no_prompt", hang=True) from None
        except PortStalled:
            raise ModemError(Blame.TRANSIENT, "modem.stalled", hang=True) from None
        except PortGone:
            raise ModemError(Blame.MODEM, "modem.unplugged", hang=True) from None

    def _prompt(self, command: str) -> None:
        try:
            self._at.open_prompt(command, self._prompt_s())
        except Reset:
            # It restarted unseen: it may be in text mode now, where it would take the length for a number.
            self._at.command("ATE0", "", _ESSENTIAL_S)
            self._at.command("AT+CMGF=0", "", _ESSENTIAL_S)
            self._at.find_echo()
            self._at.open_prompt(command, self._prompt_s())

    def _prompt_s(self) -> float:
        """A hung modem must let go of its message soon, a slow one must not be taken for hung."""
        return self._deadlines.prompt_s + 10 * self._at.rtt_s

    def _keep_link(self, more_to_follow: bool) -> None:
        """AT+CMMS=1 holds the link for the next part (3GPP TS 27.005 §3.5.6); it ends by itself."""
        self._link_kept = more_to_follow
        if more_to_follow and self._can_keep_link:
            try:
                self._at.command("AT+CMMS=1", "", 1.0 + 4 * self._at.rtt_s)
            except Refused:
                self._can_keep_link = False
            except Silence:
                self._can_keep_link = False
                self._at.resync()

    def _finish(self, pdu: SubmitPdu) -> str | None:
        try:
            self._at.write_text(pdu.hex)
        except PortStalled:
            raise ModemError(Blame.TRANSIENT, "modem.stalled", hang=True) from None
        except PortGone:
            raise ModemError(Blame.MODEM, "modem.unplugged", hang=True) from None
        try:
            return self._at.text_result("+CMGS:", self._deadlines.final_s)
        except Refused as error:
            raise submit_error(error.refused) from None
        except Silence:
            raise ModemError(Blame.UNKNOWN, "modem.silent_after_text", hang=True) from None
        except PortGone:
            raise ModemError(Blame.UNKNOWN, "modem.gone_after_text", hang=True) from None
