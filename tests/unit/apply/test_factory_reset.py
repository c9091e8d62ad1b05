"""Network and administrators back to factory: at once, as a whole, and nothing else."""

import pytest

from fakes.cut import cut_off
from otpbroker.apply.transaction import Settings
from otpbroker.config.sections.admins import AdminsSection
from otpbroker.config.sections.api import ApiUsersSection
from otpbroker.config.sections.modems import ModemsSection
from otpbroker.config.sections.network import DhcpSection, EthernetSection, FirewallSection, WlanSection
from otpbroker.config.store import Store, render
from otpbroker.errors import BrokerError
from otpbroker.network.plan import Facts
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import AddEntry, Confirm, FactoryReset, GetWaiting, ServiceWord, SetSection
from otpbroker.verbs.audit import STICK, AuditTrail

FACTORY = WlanSection(ssid="OTP-Broker-7K3M", passphrase=Secret("kopi susu gula"))
KINDS = (WlanSection, DhcpSection, EthernetSection, AdminsSection)


class Machine:
    """Lives by the settings on disk, as the device does."""

    def __init__(self, paths):
        self.store = Store(paths)
        self.told = []
        self.refuses = ""
        self.wlan = None

    def facts(self):
        return Facts(
            ethernet=self.store.load(EthernetSection),
            wlan=self.store.load(WlanSection),
            firewall=self.store.load(FirewallSection),
            taken_over=True,
        )

    def converge(self):
        self.wlan = self.store.load(WlanSection)
        return [ServiceWord(service="edge", state="refused", text=self.refuses)] if self.refuses else []

    def reload(self, services):
        self.told.append(services)
        return [ServiceWord(service=service, state="reloaded") for service in services]


def values(**given):
    return {name: Secret(value) for name, value in given.items()}


@pytest.fixture
def paths(tmp_path):
    paths = Paths(tmp_path)
    paths.factory.mkdir(parents=True)
    (paths.factory / "wlan.yaml").write_bytes(render(FACTORY))
    return paths


@pytest.fixture
def machine(paths):
    return Machine(paths)


@pytest.fixture
def settings(paths, machine):
    """A device in use."""
    life = Settings(paths, machine)  # before the machine is ours: nothing waits for a word
    life.call(AddEntry(section="admins", key="budi", values=values(password="a long one 1")))
    life.call(AddEntry(section="admins", key="siti", values=values(password="a long one 2"), by="budi"))
    life.call(AddEntry(section="api_users", key="shop", values=values(password="eight or more")))
    life.call(AddEntry(section="modems", key="m0", values=values(port="/dev/ttyUSB0")))
    life.call(AddEntry(section="firewall", key="ssh", values=values(port="22")))
    life.call(SetSection(section="wlan", values=values(ssid="Kantor", address="10.9.8.7")))
    life.call(SetSection(section="dhcp", values=values(ranges="10.9.8.20-10.9.8.40")))
    life.call(SetSection(section="ethernet", values=values(mode="static", address="10.1.2.3")))
    machine.told.clear()
    return Settings(paths, machine, host=machine)


def stored(paths):
    return {kind.__name__: Store(paths).load(kind) for kind in KINDS}


NEW = {kind.__name__: kind() for kind in KINDS} | {"WlanSection": FACTORY}


def test_network_and_administrators_are_factorys_and_the_rest_stays(settings, machine, paths):
    done = settings.call(FactoryReset(by=STICK))
    assert (done.changed, done.sections, done.administrators) == (True, ["wlan", "dhcp", "ethernet", "admins"], 2)
    assert (done.ssid, done.addresses) == ("OTP-Broker-7K3M", ["http://192.168.0.11:8888/"])
    assert stored(paths) == NEW
    assert machine.wlan == FACTORY
    assert machine.told == [["admin"]]
    store = Store(paths)
    assert [user.username for user in store.load(ApiUsersSection).api_users] == ["shop"]
    assert [modem.port for modem in store.load(ModemsSection).modems] == ["/dev/ttyUSB0"]
    assert [rule.port for rule in store.load(FirewallSection).firewall] == [22]


def test_it_waits_for_nobodys_word(settings):
    settings.call(FactoryReset())
    assert settings.call(GetWaiting()).confirmation is None


def test_a_change_that_waits_for_a_word_is_taken_back_by_it(settings, paths, machine):
    waits = settings.call(SetSection(section="firewall", values=values(**{"ssh.port": "2222"})))
    assert waits.confirmation
    settings.call(FactoryReset())
    assert settings.call(GetWaiting()).confirmation is None
    with pytest.raises(BrokerError):
        settings.call(Confirm(token=waits.confirmation.token))
    assert [rule.port for rule in Store(paths).load(FirewallSection).firewall] == [22]
    Settings(paths, machine, host=machine).recover()
    assert stored(paths) == NEW


def test_a_waiting_change_of_what_is_reset_does_not_come_back(settings, paths, machine):
    assert settings.call(SetSection(section="wlan", values=values(ssid="Lain"))).confirmation
    settings.call(FactoryReset())
    Settings(paths, machine, host=machine).recover()
    assert stored(paths) == NEW


def test_what_the_machine_refuses_of_it_undoes_nothing(settings, paths, machine):
    machine.refuses = "no radio"
    done = settings.call(FactoryReset())
    assert ("edge", "no radio") in [(word.service, word.text) for word in done.services]
    assert stored(paths) == NEW


def test_asked_only_what_it_would_do_it_does_nothing(settings, paths, machine):
    before = stored(paths)
    told = settings.call(FactoryReset(check_only=True))
    assert (told.changed, told.sections, told.administrators) == (False, ["wlan", "dhcp", "ethernet", "admins"], 2)
    assert (stored(paths), machine.told) == (before, [])


def test_only_root_may(settings, paths):
    with pytest.raises(BrokerError) as refused:
        settings.handle(FactoryReset(by="budi"), 4242)
    assert refused.value.key == "reset.root_only"
    assert stored(paths) != NEW


def test_settings_that_nobody_can_read_are_reset_too(settings, paths):
    (paths.settings / "wlan.yaml").write_bytes(b"ssid: [\n")
    (paths.settings / "admins.yaml").unlink()
    (paths.settings / "admins.yaml").write_bytes(b"\xff\xfe")
    settings.call(FactoryReset())
    assert stored(paths) == NEW


def test_the_trail_says_who_and_what_and_no_secret(settings, paths):
    settings.call(FactoryReset(by=STICK))
    entries = settings.call(AuditTrail()).entries[:5]
    assert {entry.by for entry in entries} == {STICK}
    assert entries[-1].action == "audit.reset"
    (admins,) = (entry for entry in entries if entry.section == "admins")
    assert admins.removed == ["budi", "siti"]
    assert "kopi" not in (paths.state / "apply/audit.jsonl").read_text()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("waiting", ["", "wlan", "firewall"])
def test_cut_off_at_any_step_it_is_whole_or_not_at_all(settings, paths, machine, waiting):
    old = stored(paths)
    if waiting == "wlan":
        settings.call(SetSection(section="wlan", values=values(ssid="Lain")))
    elif waiting:
        settings.call(SetSection(section="firewall", values=values(**{"ssh.port": "2222"})))
    kept = {path: path.read_bytes() for path in paths.settings.iterdir()}
    outcomes = []
    done = False
    while not done:
        for path in set(paths.settings.iterdir()) - set(kept):
            path.unlink()
        for path, content in kept.items():
            path.write_bytes(content)
        done = cut_off(lambda: settings.call(FactoryReset()), after=len(outcomes))
        Settings(paths, machine, host=machine).recover()
        outcomes.append(stored(paths))
        assert [rule.port for rule in Store(paths).load(FirewallSection).firewall] == [22]
    assert all(outcome in (old, NEW) for outcome in outcomes)
    assert len(outcomes) > 10
    assert (outcomes[0], outcomes[-1]) == (old, NEW)
