"""One collector for all who look: two threads follow the outcomes of SMS and of mails, one takes samples.

They always run. Following costs two calls a minute while nothing happens, and the page that is opened then shows what
came before; a sample costs four calls and some reading of `/proc` every ten seconds.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from otpbroker.clients.follower import Follower
from otpbroker.errors import BrokerError
from otpbroker.panel import alarms
from otpbroker.panel.alarms import Alarm
from otpbroker.panel.live.feed import MOST, Feed
from otpbroker.panel.live.history import SAMPLE_S, History
from otpbroker.panel.live.restarts import Restarts
from otpbroker.panel.live.shared import Shared
from otpbroker.panel.peers import Peers
from otpbroker.system.machine import Machine, Reading
from otpbroker.verbs.ddns import DdnsState, DdnsStatus
from otpbroker.verbs.dispatch import DispatchStatus, Messages, Status
from otpbroker.verbs.keystore import ShownCertificate
from otpbroker.verbs.mail import MailFacts, MailStatus
from otpbroker.verbs.network import LookAtNetwork, NetworkAlarms, NetworkState
from otpbroker.verbs.notifier import NotifierState, NotifierStatus
from otpbroker.verbs.report import Report, ReportTold
from otpbroker.verbs.supervisor import Services, ServiceState

ASK_S: Final = 2.0  # a page waits no longer for what another process says

TODAY_S: Final = 5.0  # the ledger is asked no oftener for the counts of a day


@dataclass(frozen=True, slots=True)
class Now:
    """How things stand. A part is None where its process does not answer; `services` are empty where nobody supervises
    that we could ask.
    """

    dispatch: DispatchStatus | None
    mail: MailFacts | None
    notifier: NotifierState | None
    ddns: DdnsState | None
    services: tuple[ServiceState, ...]
    machine: Reading
    alarms: tuple[Alarm, ...]


class Live:
    """`monitored` says whether messages may be shown, `certificate` what HTTPS shows. Without `start` it answers, but
    collects nothing.
    """

    def __init__(
        self,
        peers: Peers,
        monitored: Callable[[], bool],
        machine: Machine,
        certificate: Callable[[], ShownCertificate | None] = lambda: None,
    ) -> None:
        self.feed = Feed(monitored)
        self.history = History()
        self.alarm_count = 0  # of the last look: at most ten seconds old
        self._peers = peers
        self._certificate = certificate
        self._restarts = Restarts()
        self._stopping = threading.Event()
        self._dispatch = Shared(lambda: peers.dispatch.call(Status(), ASK_S), 1.0)
        self._mail = Shared(lambda: peers.mail.call(MailStatus(), ASK_S), 1.0)
        self._notifier = Shared(lambda: peers.notifier.call(NotifierStatus()), SAMPLE_S)
        self._ddns = Shared(lambda: peers.ddns.call(DdnsStatus()), SAMPLE_S)
        self._services = Shared(self._supervised, ASK_S)
        self._today = Shared(lambda: peers.dispatch.call(Report(), ASK_S), TODAY_S)
        self._machine = Shared(machine.read, ASK_S)
        self._network_alarms = Shared(lambda: peers.network.call(NetworkAlarms()).alarms, ASK_S)
        self._network = Shared(lambda: peers.network.call(LookAtNetwork()), ASK_S)
        ignore: Callable[[int], None] = lambda _missed: None  # noqa: E731 - a page that missed some shows the newest
        self._followers = [Follower(source, self.feed.take, ignore) for source in (peers.dispatch, peers.mail)]

    def start(self) -> None:
        for follower in self._followers:
            follower.start()
        threading.Thread(target=self._sample, name="samples", daemon=True).start()

    def stop(self) -> None:
        """Whoever waits for something new goes on at once."""
        self._stopping.set()
        for follower in self._followers:
            follower.stop()
        self.feed.close()

    def now(self) -> Now:
        """How things stand, seconds old at most, however many ask."""
        dispatch, mail, notifier = self._dispatch.now(), self._mail.now(), self._notifier.now()
        ddns = self._ddns.now()
        services, reading = self._services.now() or (), self._machine.now() or Reading()
        told = (
            *alarms.of_dispatch(dispatch, time.time()),
            *alarms.of_mail(mail),
            *alarms.of_notifier(notifier),
            *alarms.of_ddns(ddns),
            *alarms.of_services(services, self._restarts.lately()),
            *alarms.of_machine(reading),
            *alarms.of_network(self._network_alarms.now() or ()),
            *alarms.of_certificate(self._certificate(), time.time()),
        )
        found = Now(dispatch, mail, notifier, ddns, services, reading, alarms.in_order(told))
        self.alarm_count = len(found.alarms)
        return found

    def network(self) -> NetworkState | None:
        """The machine's network, a second or two old at most; None where nobody tells."""
        return self._network.now()

    def look_again(self) -> None:
        """Settings have changed, and the network with them, perhaps."""
        self._network.forget()

    def today(self) -> ReportTold | None:
        """The counts of this day, seconds old at most; None where dispatch does not answer."""
        return self._today.now()

    def _supervised(self) -> tuple[ServiceState, ...]:
        states = tuple(self._peers.supervisor.call(Services()).services)
        self._restarts.note(states)
        return states

    def _sample(self) -> None:
        with contextlib.suppress(BrokerError):
            self.feed.recall(self._peers.dispatch.call(Messages(limit=MOST), ASK_S).messages)
        while not self._stopping.is_set():
            self._keep(self.now())
            self._stopping.wait(SAMPLE_S)

    def _keep(self, now: Now) -> None:
        reading = now.machine
        load = reading.load[0] if reading.load else None
        shares = {"cpu": reading.cpu, "memory": reading.memory_used, "storage": reading.storage_used}
        percent = {name: None if share is None else share * 100 for name, share in shares.items()}
        modems = now.dispatch.modems if now.dispatch else []
        self.history.put(
            percent | {"temperature": reading.temperature_c, "load": load},
            {modem.id: modem.signal_dbm for modem in modems if modem.connected},
        )
