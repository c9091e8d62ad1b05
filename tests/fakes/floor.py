"""A modem floor that behaves: threads that obey `otpbroker.modem.contract`, with outcomes that a test orders."""

import contextlib
import shutil
import threading
from collections import Counter, deque
from dataclasses import dataclass, field

from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.modems import ModemSettings, ModemsSection
from otpbroker.config.sections.sms import LimitsSection, SmsSection
from otpbroker.dispatch import schema
from otpbroker.dispatch.broker import Broker
from otpbroker.dispatch.ledger import Ledger
from otpbroker.dispatch.past import told
from otpbroker.dispatch.settings import Settings
from otpbroker.modem.contract import Blame, ModemError
from otpbroker.modem.status import ModemState, ModemStatus
from otpbroker.secrets import MessageText
from otpbroker.sms import submit
from otpbroker.system.keys import Keys
from otpbroker.verbs.dispatch import Send

DEADLINE_S = 20.0
NO_LIMITS = LimitsSection(per_number_hour=0, per_number_day=0)


@dataclass
class Refuse:
    """The modem says no before any text left it; `down`: because it went away, which its owner tells first."""

    blame: Blame = Blame.TRANSIENT
    key: str = "modem.refused"
    down: bool = False


class RefuseText(Refuse):
    """The modem or the network says no to a text that it has."""


@dataclass
class Silent:
    """The text is out and no final result comes."""

    key: str = "modem.silent_after_text"


@dataclass
class Gate:
    """Holds a submission: before the prompt, or with the text out; `then` is its outcome."""

    with_text: bool = False
    then: object = None
    reached: threading.Event = field(default_factory=threading.Event)
    open: threading.Event = field(default_factory=threading.Event)

    def pass_through(self):
        self.reached.set()
        assert self.open.wait(DEADLINE_S), "a gate was never opened"


class FakeModem:
    """One owner thread with its driver. `plan` holds the coming outcomes, None (or nothing) is a modem that is well."""

    def __init__(self, modem_id, source, record):
        self.id = modem_id
        self.plan = deque()
        self.outcome = lambda: None
        self.texts_out = 0
        self._source = source
        self._record = record
        self._mr = 0
        self._ready = False
        self._stopping = False
        self._orders = deque()
        self._posted = deque()
        self._bell = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"fake-{modem_id}", daemon=True)

    # -- the owner's side: any thread ---------------------------------------------------------------------------

    def start(self):
        self._thread.start()

    def wake(self):
        self._bell.set()

    def post(self, job):
        self._posted.append(job)
        self._bell.set()

    def reconfigure(self, settings):
        self.be(ModemState.READY if settings.active else ModemState.INACTIVE)

    def stop(self, drain=True):
        self._stopping = True
        self._bell.set()

    def join(self, timeout_s=None):
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def be(self, state):
        """Ordered now, told by the owner's own thread between two jobs; the event is set when it is told."""
        told = threading.Event()
        self._orders.append((state, told))
        self._bell.set()
        return told

    # -- the owner's thread -------------------------------------------------------------------------------------

    def _run(self):
        while not self._stopping:
            self._bell.clear()
            self._obey()
            job = self._next_job()
            if job is None:
                self._bell.wait()
                continue
            with contextlib.suppress(ModemError):
                job.run(self)
        while self._posted:
            self._posted.popleft().abandon("modem.stopped")
        self._obey()

    def _obey(self):
        while self._orders:
            state, told = self._orders.popleft()
            self._ready = state is ModemState.READY
            self._source.status_changed(
                self.id, ModemStatus(state=state, connected=self._ready, registered=self._ready)
            )
            told.set()
        while self._posted and not self._ready:
            self._posted.popleft().abandon("modem.not_ready")

    def _tell(self, state):
        self._ready = state is ModemState.READY
        self._source.status_changed(self.id, ModemStatus(state=state, connected=self._ready, registered=self._ready))

    def _next_job(self):
        if self._posted:
            return self._posted.popleft()
        return self._source.take(self.id) if self._ready else None

    # -- the driver ---------------------------------------------------------------------------------------------

    def submit(self, pdu, before_text, *, more_to_follow=False):
        outcome = self.plan.popleft() if self.plan else self.outcome()
        if isinstance(outcome, Gate) and not outcome.with_text:
            outcome.pass_through()
            outcome = outcome.then
        if type(outcome) is Refuse:
            if outcome.down:
                self._tell(ModemState.ABSENT)
            raise ModemError(outcome.blame, outcome.key)
        before_text()
        self.texts_out += 1
        if isinstance(outcome, Gate):
            outcome.pass_through()
            outcome = outcome.then
        if isinstance(outcome, Silent):
            self._record(self.id, pdu, taken=False)
            raise ModemError(Blame.UNKNOWN, outcome.key)
        if isinstance(outcome, RefuseText):
            raise ModemError(outcome.blame, outcome.key)
        self._record(self.id, pdu, taken=True)
        self._mr = (self._mr + 1) % 256
        return self._mr


class Answer:
    """A waiter of the broker: keeps every word it is given."""

    def __init__(self):
        self.words = []
        self._came = threading.Event()

    def __call__(self, sent):
        self.words.append(sent)
        self._came.set()

    def get(self, timeout_s=DEADLINE_S):
        assert self._came.wait(timeout_s), "no answer"
        assert len(self.words) == 1, self.words
        return self.words[0]

    @property
    def came(self):
        return self._came.is_set()


class Desk:
    """A broker with its ledger in `folder` and fake modems; ready when made."""

    def __init__(self, folder, *modems, sms=None, limits=NO_LIMITS, ready=True, **broker):
        self.folder = folder
        self.modems = tuple(modems) or (ModemSettings(id="m0", name="m0"),)
        self.sms = sms or SmsSection()
        self.limits = limits
        self.floor = {}
        self.received = []
        self.keep_record = True
        self.taken = Counter()
        self._count = threading.Lock()
        self.ledger = Ledger(folder / "state.sqlite", retry_s=0.05)
        self.keys = Keys(bytes(range(32)))
        self.broker = Broker(self.ledger, self.keys, self._settings(), **({"return_grace_s": 0.3} | broker))
        self.broker.places.owners = self
        for modem in self.modems:
            self._add(modem, ready=ready)

    def _settings(self):
        return Settings(ModemsSection(modems=self.modems), self.sms, self.limits, GeneralSection(time_zone="UTC"))

    def _add(self, settings, *, ready):
        fake = self.floor[settings.id] = FakeModem(settings.id, self.broker, self._record)
        fake.start()
        if ready:
            assert fake.be(ModemState.READY).wait(DEADLINE_S)

    def _record(self, modem_id, pdu, *, taken):
        with self._count:
            self.taken[modem_id, taken] += 1
            if self.keep_record:
                self.received.append((modem_id, pdu))

    def wake(self, modem_id):
        self.floor[modem_id].wake()

    def post(self, modem_id, job):
        self.floor[modem_id].post(job)

    def configure(self, *modems, sms=None, limits=None):
        """New settings, as dispatch's reload takes them: broker first, then the owners."""
        before = {modem.id: modem for modem in self.modems}
        self.modems = tuple(modems) or self.modems
        self.sms = sms or self.sms
        self.limits = limits or self.limits
        self.broker.configure(self._settings())
        for modem in self.modems:
            if modem.id not in self.floor:
                self._add(modem, ready=True)
            elif before[modem.id].active != modem.active:
                self.floor[modem.id].reconfigure(modem)
        for gone in self.floor.keys() - {modem.id for modem in self.modems}:
            self.floor.pop(gone).stop()

    def send(self, msisdn="6281234567890", text="Kode OTP 482913", **fields):
        answer = Answer()
        defaults = {"door": "rest", "user": "shop"}
        self.broker.send(Send(msisdn=msisdn, text=MessageText(text), **(defaults | fields)), answer)
        return answer

    def lose(self, modem_id, state=ModemState.ABSENT):
        assert self.floor[modem_id].be(state).wait(DEADLINE_S)

    def regain(self, modem_id):
        assert self.floor[modem_id].be(ModemState.READY).wait(DEADLINE_S)

    def numbers(self):
        """(modem, number) of every text that left a modem."""
        return [(modem_id, submit.decode(pdu.hex).tp_da.value) for modem_id, pdu in self.received]

    def rows(self):
        """The ledger, newest first, when everything written so far is in it."""
        self.settle()
        return {row[0]: told(row) for row in self.ledger.read(schema.FIND + "ORDER BY accepted_at DESC")}

    def settle(self):
        self.ledger.write_through("SELECT 1", ())

    def killed(self, folder, **options):
        """The next life after a SIGKILL now: the state as it stands on disk, and nothing else. Close this one too."""
        folder.mkdir()
        for file in self.folder.glob("state.sqlite*"):
            shutil.copy(file, folder)
        return Desk(folder, *self.modems, sms=self.sms, limits=self.limits, **options)

    def close(self, drain_s=0.0):
        for fake in self.floor.values():
            fake.stop()
        if drain_s is not None:
            self.broker.drain(drain_s)
        for fake in self.floor.values():
            assert fake.join(DEADLINE_S)
        self.broker.close()
        self.ledger.close()


def modem(modem_id, **settings):
    return ModemSettings(id=modem_id, name=modem_id.upper(), **settings)
