"""One thread owns one modem: it opens the port, brings the modem up, runs jobs, and keeps it alive."""

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from msgspec import structs

from otpbroker.config.sections.modems import ModemSettings
from otpbroker.modem.at import AtChannel, Silence
from otpbroker.modem.bringup import bring_up
from otpbroker.modem.contract import Events, Job, JobSource, ModemError
from otpbroker.modem.deadlines import Deadlines
from otpbroker.modem.doorbell import Doorbell
from otpbroker.modem.drivers import generic
from otpbroker.modem.holders import holder
from otpbroker.modem.ladder import Ladder, Rung
from otpbroker.modem.port import LineSettings, Port, PortGone, PortStalled, PortUnavailable
from otpbroker.modem.session import Outlet, Restarted, Session, concerns_sim
from otpbroker.modem.sim import NotReady, PinMemory, SessionPinMemory
from otpbroker.modem.status import Identity, ModemState, ModemStatus

_log = logging.getLogger(__name__)

_FIRST_REOPEN_S, _LONGEST_REOPEN_S = 0.1, 1.0
_HELD_S = 1.0
_FAULT_S = 10.0
_GOING_DOWN_S = 2.0
_SOUND_S = 600.0
_HELD = ("modem.held_by_modemmanager", "modem.port_held", "modem.port_busy")
_DEADLINES = Deadlines()
_PORT_FIELDS = ("port", "baud_rate", "parity", "stop_bits", "imei", "sim_pin", "smsc", "active")


def settings_port(settings: ModemSettings) -> str:
    """Where the settings say the modem is."""
    return settings.port


def nobody_listens(_port: str, _identity: Identity) -> None:
    """Identity is of no use without discovery."""


class ModemOwner:
    """Runs jobs of `source` and posted ones, one after the other, on the modem of `settings`; tells `events`.

    `locate` names the port to try ("" where there is none now), `met` hears who answered at a port: together they are
    `Registry.locate` and `Registry.learn`. `usb_reset` resets the device behind a port.
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
        deadlines: Deadlines = _DEADLINES,
    ) -> None:
        self.modem_id = settings.id
        self._settings = settings
        self._source = source
        self._events = events
        self._pins = pins or SessionPinMemory()
        self._locate = locate
        self._met = met
        self._usb_reset = usb_reset
        self._status = ModemStatus(port=settings.port)
        self._bell = Doorbell()
        self._posted: deque[Job] = deque()
        self._waiting = False
        self._changed = False
        self._stopping = False
        self._drain = False
        self._deadlines = deadlines
        self._ladder = Ladder(deadlines.retry_s, deadlines.longest_retry_s)
        self._rescan = False
        self._reopen_s = _FIRST_REOPEN_S
        self._quirks = generic.QUIRKS
        self._ever_up = False
        self._alarms: set[str] = set()
        self._said = ""
        self._port_path = settings.port
        self._thread = threading.Thread(target=self._run, name=f"modem-{settings.id}", daemon=True)

    @property
    def status(self) -> ModemStatus:
        return self._status

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There is work in the source."""
        if self._waiting:
            self._bell.ring()

    def post(self, job: Job) -> None:
        """A job for this modem alone, before those of the source; abandoned where the modem cannot work."""
        self._posted.append(job)
        self._bell.ring()

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
        self._abandon_posted("modem.stopped")
        self._bell.close()

    def _rest(self, pause_s: float | None) -> None:
        """No port is open: wait for time, new settings, a device that came, or the end."""
        until = None if pause_s is None else time.monotonic() + pause_s
        while not (self._stopping or self._changed or self._rescan):
            self._abandon_posted(self._status.reason or "modem.not_ready")
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                return
            self._bell.wait(left)

    def _live_on(self) -> float | None:
        """A fault of ours in one life must not end the modem for good: it is told, and the port opened anew."""
        try:
            return self._live()
        except Exception as error:  # noqa: BLE001 - the thread is the modem; told by log and alarm, never by its words
            _log.error("modem %s: %s in its thread", self.modem_id, type(error).__name__)
            self._events.alarm(self.modem_id, "modem.failed", {"error": type(error).__name__})
            self._publish(ModemState.RECOVERING, "modem.failed", {"error": type(error).__name__})
            return _FAULT_S

    def _live(self) -> float | None:
        """One life of the port, from open to gone; how long to rest then (None: until something happens)."""
        settings = self._settings
        if not settings.active:
            self._publish(ModemState.INACTIVE, "modem.state.inactive")
            return None
        path = self._locate(settings)
        if not path:
            self._publish(ModemState.ABSENT, "modem.port_missing")
            return None
        line = LineSettings(baud_rate=settings.baud_rate, parity=settings.parity, stop_bits=settings.stop_bits)
        try:
            with Port.open(path, line) as port:
                self._port_path = path
                return self._on_port(port, settings)
        except PortUnavailable as error:
            return self._unavailable(error.key, path)
        except PortGone:
            return self._unavailable("modem.port_missing", path)

    def _unavailable(self, key: str, path: str) -> float:
        self._port_path = path
        if key == "modem.port_missing":
            self._publish(ModemState.ABSENT, key)
            pause_s, self._reopen_s = self._reopen_s, min(self._reopen_s * 2, _LONGEST_REOPEN_S)
            return pause_s
        if key == "modem.port_busy":
            self._publish_held(path)
        else:
            self._publish(ModemState.NOT_A_MODEM, key)
        return _HELD_S

    def _publish_held(self, path: str) -> None:
        if self._status.reason in _HELD:
            return  # looked up once: who holds it costs a walk through /proc
        program = holder(path)
        if program == "ModemManager":
            self._publish(ModemState.NOT_A_MODEM, "modem.held_by_modemmanager")
        elif program:
            self._publish(ModemState.NOT_A_MODEM, "modem.port_held", {"program": program[:32]})
        else:
            self._publish(ModemState.NOT_A_MODEM, "modem.port_busy")

    def _on_port(self, port: Port, settings: ModemSettings) -> float:
        at = AtChannel(port)
        while not (self._stopping or self._changed):
            try:
                self._publish_start()
                session = self._session(at, settings)
                self._serve(session, port)
            except Restarted:
                continue
            except NotReady as error:
                if (pause_s := self._stand_by(error, at, port)) is not None:
                    return pause_s
            except (Silence, PortStalled):
                if (pause_s := self._climb(at)) is not None:
                    return pause_s
        return 0.0

    def _session(self, at: AtChannel, settings: ModemSettings) -> Session:
        brought = bring_up(at, settings, self._pins, lambda identity: self._met(self._port_path, identity))
        return Session(at, brought, Outlet(self.modem_id, self._events, self._down), self._deadlines)

    def _down(self, key: str) -> None:
        gone = key in ("modem.unplugged", "modem.gone_after_text")
        state, reason = (ModemState.ABSENT, "modem.port_missing") if gone else (ModemState.RECOVERING, "modem.hung")
        self._publish(state, reason)

    def _publish_start(self) -> None:
        if not self._ladder.climbed:
            self._publish(ModemState.STARTING, "modem.state.starting")

    def _serve(self, session: Session, port: Port) -> None:
        """Jobs, lines that come unasked, and a look at the modem now and then; until stop or new settings."""
        self._ever_up = True
        self._quirks = session.brought.quirks
        self._reopen_s = _FIRST_REOPEN_S
        self._publish_session(session)
        self._end_alarms()
        while not self._changed and (self._drain or not self._stopping):
            last = self._stopping
            job = self._next_job()
            if job is None and last:
                return
            job = job or self._wait(session, port)
            if job is not None:
                self._do(job, session)
            if session.at.urcs and session.digest():
                self._publish_session(session)

    def _next_job(self) -> Job | None:
        if self._posted:
            return self._posted.popleft()
        return self._source.take(self.modem_id) if self._status.state is ModemState.READY else None

    def _wait(self, session: Session, port: Port) -> Job | None:
        self._waiting = True  # before the last look: who gives work after it will ring
        job = self._next_job()
        if job is None and not self._stopping:
            if self._bell.wait(session.check_due_s(), port.fd):
                session.at.pump(0)
            if session.check_due_s() <= 0:
                session.check()
                self._publish_session(session)
                if session.age_s > _SOUND_S:
                    self._ladder.step_down()
        self._waiting = False
        return job

    def _do(self, job: Job, session: Session) -> None:
        try:
            job.run(session)
        except ModemError as error:
            session.doubt(error)
        else:
            self._ladder.step_down()
        if session.hung:
            raise Silence

    def _stand_by(self, error: NotReady, at: AtChannel, port: Port) -> float | None:
        """The modem answers but cannot work: wait on its port for a change; None to try again on it."""
        self._publish(error.state, error.key, error.params)
        self._raise_alarm(error.key, error.params)
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

    def _climb(self, at: AtChannel) -> float | None:
        """The next rung for a modem that is silent; the pause before the port is opened anew, None to stay on it."""
        rung = self._ladder.climb()
        if rung is Rung.USB_RESET and self._usb_reset is None:
            rung = self._ladder.climb()
        if rung is Rung.GIVE_UP:
            return self._give_up(at)
        if not self._alarms:
            self._publish(ModemState.RECOVERING, self._hung_key)
        self._abandon_posted(self._hung_key)
        if rung is Rung.RESTART:
            self._restart(at)
        elif rung is Rung.USB_RESET and self._usb_reset is not None:
            self._usb_reset(self._port_path)
            return _LONGEST_REOPEN_S
        return None

    def _restart(self, at: AtChannel) -> None:
        at.restart(self._quirks.restart)
        # It may still answer before it goes down.
        self._bell.wait(min(_GOING_DOWN_S, self._deadlines.restart_s / 2))
        self._answers_within(at, self._deadlines.restart_s, 0.0)

    def _give_up(self, at: AtChannel) -> float | None:
        """Ask it now and then whether it has come to itself; after a while the ladder is climbed anew."""
        self._publish(ModemState.DISABLED if self._ever_up else ModemState.NOT_A_MODEM, self._hung_key)
        self._raise_alarm(self._hung_key, {})
        self._abandon_posted(self._hung_key)
        return None if self._answers_within(at, self._ladder.retry_s, self._deadlines.stand_by_s) else 0.0

    def _answers_within(self, at: AtChannel, limit_s: float, pause_s: float) -> bool:
        until = time.monotonic() + limit_s
        while not (self._stopping or self._changed or self._rescan) and (left := until - time.monotonic()) > 0:
            self._bell.wait(min(left, pause_s))
            with contextlib.suppress(Silence):
                at.resync(1)
                return True
        return False

    @property
    def _hung_key(self) -> str:
        return "modem.hung" if self._ever_up else "modem.no_answer"

    def _raise_alarm(self, key: str, params: dict[str, str | int]) -> None:
        if key not in self._alarms:
            self._alarms.add(key)
            self._events.alarm(self.modem_id, key, params)

    def _end_alarms(self) -> None:
        for key in self._alarms:
            self._events.alarm(self.modem_id, f"{key}.over", {})
        self._alarms.clear()

    def _abandon_posted(self, reason: str) -> None:
        while self._posted:
            self._posted.popleft().abandon(reason)

    def _publish_session(self, session: Session) -> None:
        state = session.state
        self._set(
            ModemStatus(
                state=state,
                reason=session.reason,
                port=self._port_path,
                connected=True,
                registered=state is ModemState.READY,
                operator=session.brought.operator,
                signal_dbm=session.brought.signal_dbm,
                identity=session.brought.identity,
            )
        )

    def _publish(self, state: ModemState, key: str = "", params: dict[str, str | int] | None = None) -> None:
        """A state in which nothing can be sent; the identity last known stays visible."""
        answers = state in (ModemState.PIN_REQUIRED, ModemState.PIN_REFUSED, ModemState.PUK_REQUIRED, ModemState.NO_SIM)
        self._set(
            structs.replace(
                self._status,
                state=state,
                reason=key,
                params=params or {},
                port=self._port_path,
                connected=answers,
                registered=False,
                operator="",
                signal_dbm=None,
            )
        )

    def _set(self, status: ModemStatus) -> None:
        if status == self._status:
            return
        self._status = status
        self._events.status_changed(self.modem_id, status)
        said = f"{status.state.value} {status.reason}".rstrip()
        if status.state is not ModemState.STARTING and said != self._said:
            # Once per change: a port that comes and goes, or is gone for days, never floods the log.
            self._said = said
            _log.info("modem %s on %s: %s", self.modem_id, status.port or "no port", said)
