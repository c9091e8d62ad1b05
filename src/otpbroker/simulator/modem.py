"""The simulated modem: lines and prompts in, echo, answers and unsolicited lines out."""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from otpbroker.simulator import air, commands
from otpbroker.simulator.call import GUARD_S, Call
from otpbroker.simulator.knobs import Knobs
from otpbroker.simulator.loop import Loop
from otpbroker.simulator.output import Output, framed, render
from otpbroker.simulator.port import Port
from otpbroker.simulator.prompt import Prompt
from otpbroker.simulator.results import AtFailure, Final, cms
from otpbroker.simulator.session import Session
from otpbroker.simulator.store import new_stores
from otpbroker.simulator.vendors import PROFILES

ESC, SUB, CR = 0x1B, 0x1A, 0x0D
LINE_LIMIT = 4096


class Submitted(NamedTuple):
    """One SMS-SUBMIT that reached the network; `outcome` is what the client was told: sent, lost, silent, late.

    `at_s` is the moment on the monotonic clock, which all processes of a machine share.
    """

    modem: int
    tp_mr: int
    pdu: str
    outcome: str
    at_s: float


class SimulatedModem:
    """One modem on one pty; everything here runs in the loop's thread. `record` is told of each accepted submit.

    `network` is the far end of its data calls, where a PPP peer may listen; None where there is none.
    """

    def __init__(
        self,
        index: int,
        loop: Loop,
        port: Port,
        knobs: Knobs,
        record: Callable[[Submitted], None],
        *,
        network: Port | None = None,
    ) -> None:
        self.index = index
        self.knobs = knobs
        self.session = Session(echo=knobs.echo)
        self.stores = new_stores(knobs.sim_slots)
        self.locked = bool(knobs.pin)
        self.call: Call | None = None
        self.tp_mr = -1
        self.port = port
        port.on_input = self._feed
        self.network = network
        if network is not None:
            network.on_input = self._from_network
        self._record = record
        self._loop = loop
        self._output = Output(loop, self.port)
        self._input = b""
        self._prompt: Prompt | None = None
        self._busy = False
        self._life = 0

    # Life: plug, unplug, restart

    def plug(self, link: Path | None = None) -> None:
        self._restart_state()
        self.port.plug(link)

    def unplug(self) -> None:
        self._restart_state()
        self.port.unplug()

    def restart(self) -> None:
        """`AT+CFUN=1,1`: deaf for `restart_s`, then the maker's boot lines; a PIN is asked again."""
        self._restart_state()
        self._busy = True
        self.later(self.knobs.restart_s, self._booted)

    def later(self, delay_s: float, action: Callable[[], None]) -> None:
        """Calls `action` after `delay_s` unless the modem has been unplugged or restarted meanwhile."""
        life = self._life
        self._loop.call_later(delay_s, lambda: action() if life == self._life else None)

    @property
    def data_mode(self) -> bool:
        """Whether what the client says is data and no command."""
        return self.call is not None and self.call.online

    def urc(self, line: str) -> None:
        """Sends an unsolicited line; a hung modem says nothing, one in data mode neither."""
        if not self.knobs.hang and not self.data_mode:
            self._write(framed(line))

    def _restart_state(self) -> None:
        self._life += 1
        self._input = b""
        self._prompt = None
        self._busy = False
        self.call = None
        self._output.clear()
        self.session = Session(echo=self.knobs.echo)
        self.locked = bool(self.knobs.pin)

    def _booted(self) -> None:
        self._busy = False
        self._input = b""
        for line in PROFILES[self.knobs.vendor].boot_lines:
            self.urc(line)

    # Input

    def _feed(self, data: bytes) -> None:
        knobs = self.knobs
        if knobs.hang and not self._escapes_hang(data):
            return
        if self._busy and knobs.drop_input_while_busy:
            return
        if self.call is not None and self.call.online:
            data = self._transmit(self.call, data)
        self._input += data
        self._process()

    def _escapes_hang(self, data: bytes) -> bool:
        if self.knobs.hang == "until_restart" and b"+CFUN=1,1" in data:
            self.knobs.hang = ""
            self._input = b""
            self._prompt = None
            self._busy = False
        return not self.knobs.hang

    def _process(self) -> None:
        while self._input and not self._busy:
            if not (self._take_text() if self._prompt else self._take_line()):
                return

    def _take_line(self) -> bool:
        line, end, rest = self._input.partition(b"\r")
        if not end:
            self._input = self._input[-LINE_LIMIT:]
            return False
        self._input = rest
        start = line.upper().find(b"AT")
        if start >= 0:
            if self.session.echo:
                self._write(line[start:] + b"\r")
            self._execute(line[start + 2 :].decode("latin-1").strip())
        return True

    def _take_text(self) -> bool:
        cancelled, ended = self._input.find(ESC), self._input.find(SUB)
        if cancelled >= 0 and (ended < 0 or cancelled < ended):
            self._input = self._input[cancelled + 1 :]
            self._prompt = None
            self.answer([], "OK")
            return True
        if ended < 0:
            return False
        text, self._input = self._input[:ended], self._input[ended + 1 :]
        prompt, self._prompt = self._prompt, None
        if self.session.echo:
            self._write(text)
        if prompt:
            self._submit(prompt, text.strip(b"\r\n "))
        return True

    # Commands and answers

    def _execute(self, body: str) -> None:
        try:
            lines, final = commands.run(self, body)
        except AtFailure as failure:
            lines, final = [], Final(failure.final(self.session.cmee))
        if final:
            self.answer(lines, final, self.knobs.command_latency_s)

    def answer(self, lines: Sequence[str], final: str, delay_s: float = 0.0) -> None:
        """Ends a command, after `delay_s` during which further input waits."""
        data = render(lines, final, self.knobs, verbose=self.session.verbose)
        if delay_s <= 0:
            self._write(data)
            return
        self._busy = True
        self.later(delay_s, lambda: self._answer_now(data))

    def answer_later(self, delay_s: float, final: Callable[[], str]) -> None:
        """Ends a command after `delay_s` by what `final` says then; further input waits."""
        self._busy = True
        self.later(delay_s, lambda: self._answer_now(render([], final(), self.knobs, verbose=self.session.verbose)))

    def _answer_now(self, data: bytes) -> None:
        self._busy = False
        self._write(data)
        self._process()

    def _write(self, data: bytes) -> None:
        self._output.write(data, self.knobs.chunk_octets)

    # Data calls

    def connect(self) -> None:
        """From now on the line carries data."""
        far = self.network
        self.call = Call(far.write if far is not None else lambda _octets: None)

    def hang_up(self, *, told: bool = True) -> None:
        """Ends the call there is; the client is `told` by NO CARRIER where it is not the one who hung up."""
        if self.call is None:
            return
        self.call = None
        self._input = b""
        if told and not self.knobs.hang:
            self._write(framed("NO CARRIER"))

    def _transmit(self, call: Call, data: bytes) -> bytes:
        """What is left of the client's data as a command."""
        heard = call.from_client(data)
        if heard == "command":
            self.hang_up(told=False)
            return call.command_line
        if heard == "closed":
            self.hang_up()
        elif heard == "escape?":
            self.later(GUARD_S, lambda: self._escape(call))
        return b""

    def _escape(self, call: Call) -> None:
        if self.call is call and call.escaped:
            call.online = False
            self.answer([], "OK")

    def _from_network(self, data: bytes) -> None:
        """What comes outside of a call is lost, as on any line that is down."""
        if self.call is None or not self.call.online or self.knobs.hang:
            return
        self.port.write(data)
        if self.call.closed_by_network(data):
            self.hang_up()

    # Submits

    def open_prompt(self, prompt: Prompt) -> None:
        """`> ` after `prompt_latency_s`; not at all where `no_prompt` says so."""
        self._prompt = prompt
        if self.knobs.take("no_prompt"):
            return
        shown = b"".join(framed(line) for line in self.knobs.urc_storm) + b"\r\n> "
        if self.knobs.prompt_latency_s:
            self.later(self.knobs.prompt_latency_s, lambda: self._write(shown))
        else:
            self._write(shown)

    def _submit(self, prompt: Prompt, text: bytes) -> None:
        knobs = self.knobs
        if knobs.take("unplug_at_text"):
            self.unplug()
            return
        try:
            pdu, head = self._checked(prompt, text)
        except AtFailure as failure:
            self.answer([], failure.final(self.session.cmee), knobs.latency_s)
            return
        self.tp_mr = tp_mr = (self.tp_mr + 1) & 0xFF
        lines, final, delay_s, outcome = [f"+CMGS: {tp_mr}"], "OK", knobs.latency_s, "sent"
        if knobs.take("silent_after_text"):
            lines, final, outcome = [], "", "silent"
        elif knobs.take("lost_cmgs"):
            lines, outcome = [], "lost"
        elif knobs.take("late_cmgs"):
            delay_s, outcome = knobs.late_s, "late"
        self._record(Submitted(self.index, tp_mr, pdu, outcome, time.monotonic()))
        if final:
            self.answer(lines, final, delay_s)
        if head.status_report and knobs.delivery_reports:
            self.later(delay_s + knobs.report_delay_s, lambda: self.report_delivery(tp_mr, head.da))

    def _checked(self, prompt: Prompt, text: bytes) -> tuple[str, air.SubmitHead]:
        """The PDU to send on; AtFailure where the modem or the network refuses it."""
        try:
            if prompt.number:
                pdu, length = air.submit(prompt.number, text.decode("latin-1"))
            else:
                pdu, length = text.decode("ascii"), prompt.length
            head = air.submit_head(bytes.fromhex(pdu), length)
        except ValueError:
            raise cms(304) from None
        fault = self.knobs.cms_error
        if fault and fault.times and fault.number in ("", head.number):
            fault.times -= fault.times > 0
            raise cms(fault.code)
        if self.knobs.memory_full:
            raise cms(322)
        return pdu, head

    # What arrives from the network

    def report_delivery(self, tp_mr: int, da: bytes) -> None:
        """A status report as `AT+CNMI`'s <ds> wants it: 1 pushed by +CDS, 2 stored and told by +CDSI."""
        pdu, length = air.status_report(tp_mr, da, _now(), self.knobs.report_status)
        ds = self.session.cnmi[3]
        if ds == 1:
            self.urc(f"+CDS: {length}\r\n{pdu}")
        elif (slot := self.stores["SR"].put(pdu)) and ds == 2:
            self.urc(f'+CDSI: "SR",{slot}')

    def receive(self, pdu: str) -> bool:
        """An SMS-DELIVER as <mt> of `AT+CNMI` wants it; False when the store is full."""
        mt = self.session.cnmi[1]
        if mt == 2:
            self.urc(f"+CMT: ,{len(pdu) // 2 - 1 - int(pdu[:2], 16)}\r\n{pdu}")
            return True
        store = self.session.stores[2]
        slot = None if self.knobs.memory_full else self.stores[store].put(pdu)
        if slot and mt == 1:
            self.urc(f'+CMTI: "{store}",{slot}')
        return slot is not None


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
