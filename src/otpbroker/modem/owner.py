"""One thread owns one modem: it opens the port, brings the modem up, runs jobs, and keeps it alive."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from otpbroker.config.sections.modems import ModemSettings
from otpbroker.modem.at import AtChannel, Silence
from otpbroker.modem.bringup import bring_up
from otpbroker.modem.bulletin import Bulletin
from otpbroker.modem.contract import Events, Job, JobSource, ModemError
from otpbroker.modem.deadlines import Deadlines
from otpbroker.modem.holders import holder
from otpbroker.modem.internet import InternetSide
from otpbroker.modem.port import LineSettings, Port, PortGone, PortStalled, PortUnavailable
from otpbroker.modem.recovery import Recovery
from otpbroker.modem.session import Outlet, Restarted, Session, concerns_sim
from otpbroker.modem.sim import NotReady, PinMemory, SessionPinMemory
from otpbroker.modem.status import Identity, ModemState, ModemStatus
from otpbroker.system.doorbell import Doorbell

_log = logging.getLogger(__name__)

_FIRST_REOPEN_S, _LONGEST_REOPEN_S = 0.1, 1.0
_HELD_S = 1.0
_FAULT_S = 10.0
_HELD = ("modem.held_by_modemmanager", "modem.port_held", "modem.port_busy")
_GONE = ("modem.unplugged", "modem.gone_after_text")
_DEADLINES = Deadlines()
_GIVEN_BACK_S = 15.0  # longer than pppd takes to say goodbye
_PORT_FIELDS = ("port", "baud_rate", "parity", "stop_bits", "imei", "sim_pin", "smsc", "active", "internet_access")


def settings_port(settings: ModemSettings) -> str:
    """Where the settings say the modem is."""
    return settings.port


def nobody_listens(_port: str, _identity: Identity) -> None:
    """Identity is of no use without discovery."""


class _Lent(Exception):
    """Its only port goes to the dialler now."""


class ModemOwner:
    """Runs jobs of `source` and posted ones, one after the other, on the modem of `settings`; tells `events`.

    `locate` names the port to try ("" where there is none now), `met` hears who answered at a port: together they are
    `Registry.locate` and `Registry.learn`. `usb_reset` resets the device behind a port. `internet` lends a port for
    calls: where it is the only one, the modem does nothing else.
    All methods may be called from any thread; none blocks but `join`.
    """

    def __init__(
        self,
        settings: ModemSettings,
        source: JobSource,
        events: Events,
        *,
        pins: PinMemory | None = None,
        locate: Callable[[ModemSettings], str] = settings_port,
        met: Callable[[str, Identity], None] = nobody_listens,
        usb_reset: Callable[[str], bool] | None = None,
        internet: InternetSide | None = None,
        deadlines: Deadlines = _DEADLINES,
    ) -> None:
        self.modem_id = settings.id
        self._settings = settings
        self._source = source
        self._events = events
        self._pins = pins or SessionPinMemory()
        self._locate = locate
        self._met = met
        self._internet = internet or InternetSide()
        self._alone = False  # whether the port that is open is the modem's only one, and for the internet
        self._deadlines = deadlines
        self._bulletin = Bulletin(settings.id, settings.port, events)
        self._recovery = Recovery(self._bulletin, deadlines, usb_reset, self._pause)
        self._bell = Doorbell()
        self._posted: deque[Job] = deque()
        self._waiting = False
        self._changed = self._rescan = False
        self._stopping = self._drain = self._ended = False
        self._reopen_s = _FIRST_REOPEN_S
        self._thread = threading.Thread(target=self._run, name=f"modem-{settings.id}", daemon=True)

    @property
    def status(self) -> ModemStatus:
        return self._bulletin.status

    def start(self) -> None:
        self._internet.lending.own(self.modem_id, self._line_changed)
        self._thread.start()

    def wake(self) -> None:
        """There is work in the source."""
        if self._waiting:
            self._bell.ring()

    def post(self, job: Job) -> None:
        """A job for this modem alone, before those of the source; abandoned where the modem cannot work."""
        self._posted.append(job)
        self._bell.ring()
        if self._ended:
            self._abandon_posted("modem.stopped")

    def reconfigure(self, settings: ModemSettings) -> None:
        """Take new settings: a job that runs is finished first, the port is opened anew only where it matters."""
        before, self._settings = self._settings, settings
        if any(getattr(before, field) != getattr(settings, field) for field in _PORT_FIELDS):
            self._changed = True
        self._bell.ring()

    def rescan(self) -> None:
        """Something was plugged or unplugged: look for the port now rather than later."""
        self._rescan = True
        self._bell.ring()

    def _line_changed(self) -> None:
        """A dialler came, or gave our port back."""
        self._changed = self._changed or self._settings.internet_access
        self._bell.ring()

    def stop(self, drain: bool = True) -> None:
        """End the thread: after the job that runs, or with `drain` when no job is left."""
        self._drain = drain
        self._stopping = True
        self._bell.ring()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; whether it came."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping:
            self._changed = self._rescan = False
            self._rest(self._live_on())
        self._ended = True
        self._abandon_posted("modem.stopped")
        self._bell.close()

    def _rest(self, pause_s: float | None) -> None:
        """No port is open: wait for time, new settings, a device that came, or the end."""
        until = None if pause_s is None else time.monotonic() + pause_s
        while not (self._stopping or self._changed or self._rescan):
            self._abandon_posted(self.status.reason)
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                return
            self._bell.wait(left)

    def _pause(self, pause_s: float) -> bool:
        """Wait on behalf of the recovery, which owns the port meanwhile; False when called away."""
        until = time.monotonic() + pause_s
        while not (self._stopping or self._changed or self._moved()):
            self._abandon_posted(self.status.reason)
            if (left := until - time.monotonic()) <= 0:
                return True
            self._bell.wait(left)
        return False

    def _moved(self) -> bool:
        """Whether its modem was found at another port than the one that is open."""
        return self._rescan and self._locate(self._settings) != self._bulletin.port

    def _live_on(self) -> float | None:
        """A fault of ours in one life must not end the modem for good: it is told, and the port opened anew."""
        try:
            return self._live()
        except Exception as error:  # noqa: BLE001 - the thread is the modem; told by log and alarm, never by its words
            fault: dict[str, str | int] = {"error": type(error).__name__}
            _log.error("modem %s: %s in its thread", self.modem_id, fault["error"])
            self._bulletin.alarm("modem.failed", fault)
            self._bulletin.down(ModemState.RECOVERING, "modem.failed", fault)
            return _FAULT_S

    def _live(self) -> float | None:
        """One life of the port, from open to gone; how long to rest then (None: until something happens)."""
        settings = self._settings
        if not self._internet.wanted(settings):
            self._internet.forget(self.modem_id)
        if not settings.active:
            self._bulletin.down(ModemState.INACTIVE, "modem.state.inactive")
            return None
        held = self._internet.lending.held(self.modem_id)
        if held and self._internet.wanted(settings):
            return self._lend(held)
        path = self._locate(settings)
        if not path:
            self._internet.forget(self.modem_id)
            self._bulletin.down(ModemState.ABSENT, "modem.port_missing")
            return None
        return self._live_at(path, settings)

    def _live_at(self, path: str, settings: ModemSettings) -> float | None:
        self._bulletin.port = path
        line = LineSettings(baud_rate=settings.baud_rate, parity=settings.parity, stop_bits=settings.stop_bits)
        try:
            with Port.open(path, line) as port:
                return self._on_port(port, settings)
        except PortUnavailable as error:
            return self._unavailable(error.key)
        except PortGone:
            return self._unavailable("modem.port_missing")
        except _Lent:
            return self._lend(path)

    def _lend(self, path: str) -> float:
        """The port is the dialler's until it gives it back: because a call has ended, or because it is asked to."""
        lending = self._internet.lending
        self._bulletin.port = path
        self._bulletin.lent()
        lending.offer(self.modem_id, path, shared=False)
        while not (self._stopping or self._changed or self._gone(path)):
            self._abandon_posted(self.status.reason)
            self._bell.wait(None)
        if self._stopping:
            return 0.0  # whoever comes after us hears what is held
        lending.withdraw(self.modem_id)
        until = time.monotonic() + _GIVEN_BACK_S
        while lending.held(self.modem_id) and (left := until - time.monotonic()) > 0 and not self._stopping:
            self._bell.wait(left)
        return 0.0

    def _gone(self, path: str) -> bool:
        """Whether what was plugged or unplugged was this port, or another one of its stick."""
        looked, self._rescan = self._rescan, False
        return looked and (self._locate(self._settings) != path or self._internet.others_came(path))

    def _unavailable(self, key: str) -> float:
        if key == "modem.port_missing":
            self._internet.forget(self.modem_id)
            self._bulletin.down(ModemState.ABSENT, key)
            pause_s, self._reopen_s = self._reopen_s, min(self._reopen_s * 2, _LONGEST_REOPEN_S)
            return pause_s
        if key != "modem.port_busy":
            self._bulletin.down(ModemState.NOT_A_MODEM, key)
        elif self.status.reason not in _HELD:  # looked up once: who holds it costs a walk through /proc
            self._bulletin.down(ModemState.NOT_A_MODEM, *_held_by(holder(self._bulletin.port)))
        return _HELD_S

    def _on_port(self, port: Port, settings: ModemSettings) -> float:
        at = AtChannel(port)
        while not (self._stopping or self._changed or self._moved()):
            try:
                if not self._recovery.under_way:
                    self._bulletin.down(ModemState.STARTING, "modem.state.starting")
                self._serve(self._session(at, settings), port)
            except Restarted:
                continue
            except NotReady as error:
                pause_s = self._stand_by(error, at, port)
            except (Silence, PortStalled):
                self._abandon_posted(self._recovery.key)
                pause_s = self._recovery.climb(at)
            else:
                continue
            if pause_s is not None:
                return pause_s
        return 0.0

    def _session(self, at: AtChannel, settings: ModemSettings) -> Session:
        brought = bring_up(at, settings, self._pins, lambda identity: self._met(self._bulletin.port, identity))
        self._alone = False
        if self._internet.wanted(settings):
            second = self._internet.second(self._bulletin.port, brought.identity.imei)
            self._alone = not second
            if second:
                self._internet.lending.offer(self.modem_id, second, shared=True)
        return Session(at, brought, Outlet(self.modem_id, self._events, self._down), self._deadlines)

    def _down(self, key: str) -> None:
        if key in _GONE:
            self._bulletin.down(ModemState.ABSENT, "modem.port_missing")
        else:
            self._bulletin.down(ModemState.RECOVERING, "modem.hung")

    def _serve(self, session: Session, port: Port) -> None:
        """Jobs, lines that come unasked, and a look at the modem now and then; until stop or new settings."""
        self._recovery.came_up(session)
        self._reopen_s = _FIRST_REOPEN_S
        self._bulletin.end_alarms()
        self._tell_up(session)
        while not self._changed and (self._drain or not self._stopping):
            last = self._stopping
            job = self._next_job()
            if job is None and last:
                return
            job = job or self._wait(session, port)
            if job is not None:
                self._do(job, session)
            if session.at.urcs and session.digest():
                self._tell_up(session)

    def _tell_up(self, session: Session) -> None:
        """It can send; or its port, as soon as it could, is for something else."""
        self._bulletin.up(session, lent=self._alone)
        if self._alone and session.state is ModemState.READY:
            raise _Lent

    def _next_job(self) -> Job | None:
        if self._posted:
            return self._posted.popleft()
        return self._source.take(self.modem_id) if self.status.state is ModemState.READY else None

    def _wait(self, session: Session, port: Port) -> Job | None:
        self._waiting = True  # before the last look: who gives work after it will ring
        job = self._next_job()
        if job is None and not self._stopping:
            if self._bell.wait(session.check_due_s(), port.fd):
                session.at.pump(0)
            if session.check_due_s() <= 0:
                session.check()
                self._tell_up(session)
                self._recovery.checked(session)
        self._waiting = False
        return job

    def _do(self, job: Job, session: Session) -> None:
        try:
            job.run(session)
        except ModemError as error:
            session.doubt(error)
        else:
            self._recovery.sound()
        if session.hung:
            raise Silence

    def _stand_by(self, error: NotReady, at: AtChannel, port: Port) -> float | None:
        """The modem answers but cannot work: wait on its port for a change; None to try again on it."""
        self._bulletin.down(error.state, error.key, error.params)
        self._bulletin.alarm(error.key, error.params)
        if error.state in (ModemState.WRONG_MODEM, ModemState.NOT_A_MODEM):
            return self._deadlines.stand_by_s
        until = time.monotonic() + self._deadlines.stand_by_s
        while not (self._stopping or self._changed) and (left := until - time.monotonic()) > 0:
            self._abandon_posted(error.key)
            if self._bell.wait(left, port.fd):
                at.pump(0)
                if any(concerns_sim(at.urcs.popleft()) for _ in range(len(at.urcs))):
                    return None
        return None

    def _abandon_posted(self, reason: str) -> None:
        while self._posted:
            self._posted.popleft().abandon(reason or "modem.not_ready")


def _held_by(program: str) -> tuple[str, dict[str, str | int]]:
    """Who keeps a port from us, as a text key with its parameters."""
    if program == "ModemManager":
        return "modem.held_by_modemmanager", {}
    return ("modem.port_held", {"program": program[:32]}) if program else ("modem.port_busy", {})
