"""A stick (a FAT image in a device's place) and a real otpb-apply on a root of its own, over its socket."""

import contextlib
import threading

import pytest

from fakes import sticks
from fakes.service_process import ServiceProcess
from fakes.stick_bus import Bus
from fakes.waiting import waits_for
from otpbroker.clients.apply import ApplyClient
from otpbroker.config.sections.admins import AdminsSection
from otpbroker.config.sections.api import ApiUsersSection
from otpbroker.config.sections.modems import ModemsSection
from otpbroker.config.sections.network import WlanSection
from otpbroker.config.store import Store
from otpbroker.secrets import Secret
from otpbroker.services.usbreset.__main__ import UsbReset
from otpbroker.system.files import Paths
from otpbroker.usbreset.lamps import Lamps
from otpbroker.verbs.apply import AddEntry, SetSection
from otpbroker.verbs.audit import STICK, AuditTrail


@pytest.fixture
def paths(tmp_path):
    return Paths(tmp_path)


@pytest.fixture
def apply(tmp_path):
    process = ServiceProcess(tmp_path, "apply")
    yield process
    process.close()


@pytest.fixture
def bus():
    with contextlib.closing(Bus()) as one:
        yield one


@pytest.fixture
def watcher(paths, bus, tmp_path):
    @contextlib.contextmanager
    def life():
        ended = threading.Event()
        running = UsbReset(paths, bus, Lamps(tmp_path / "leds"), ended.set)
        yield ended
        running.stop()

    return life


@pytest.fixture
def client(paths):
    with contextlib.closing(ApplyClient(paths)) as one:
        yield one


def given(**values):
    return {name: Secret(value) for name, value in values.items()}


def set_up(client):
    client.call(AddEntry(section="admins", key="budi", values=given(password="a long one 1")))
    client.call(AddEntry(section="api_users", key="shop", values=given(password="eight or more")))
    client.call(AddEntry(section="modems", key="m0", values=given(port="/dev/ttyUSB0")))
    client.call(SetSection(section="wlan", values=given(ssid="Kantor")))


def actions(client):
    return [(entry.by, entry.action) for entry in client.call(AuditTrail()).entries]


def test_a_stick_resets_network_and_administrators_and_nothing_else(apply, bus, watcher, client, tmp_path):
    apply.start()
    set_up(client)
    store = Store(Paths(tmp_path))
    wrong = sticks.reset_fat(tmp_path / "wrong", 16, b"kopi susu")
    right = sticks.reset_fat(tmp_path / "right", 32)
    bus.plug(wrong)
    with watcher():
        waits_for(lambda: (STICK, "audit.reset_refused") in actions(client))
        assert len(store.load(AdminsSection).admins) == 1
        bus.plug(wrong, right)
        waits_for(lambda: (STICK, "audit.reset") in actions(client))
        waits_for(lambda: b"dihapus" in right.read_bytes())
    assert (store.load(AdminsSection), store.load(WlanSection)) == (AdminsSection(), WlanSection())
    assert [user.username for user in store.load(ApiUsersSection).api_users] == ["shop"]
    assert [modem.port for modem in store.load(ModemsSection).modems] == ["/dev/ttyUSB0"]
    set_up(client)
    bus.plug(right, wrong, sticks.reset_fat(tmp_path / "other", 16, b"no"))
    with watcher():  # `right` was left in
        waits_for(lambda: actions(client).count((STICK, "audit.reset_refused")) == 3)
    assert len(store.load(AdminsSection).admins) == 1


def test_it_waits_for_an_apply_that_starts_later(paths, apply, bus, watcher, tmp_path):
    Store(paths).write("admins", b"version: 1\nadmins:\n- username: budi\n")
    bus.plug(sticks.reset_fat(tmp_path / "stick"))
    with watcher():
        apply.start()
        waits_for(lambda: Store(paths).is_factory("admins"))
        waits_for((paths.state / "usbreset/obeyed.json").exists)


def test_with_no_stick_left_it_ends_and_one_plugged_then_begins_another_life(paths, bus, tmp_path):
    ended = threading.Event()
    running = UsbReset(paths, bus, Lamps(tmp_path), ended.set)
    assert ended.wait(10)
    bus.plug(tmp_path / "stick")
    with pytest.raises(SystemExit) as again:
        running.stop()
    assert again.value.code == 75
