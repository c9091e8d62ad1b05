import pytest

from otpbroker.apply import certificates
from otpbroker.apply.host import DeviceHost
from otpbroker.apply.manager import NobodyRuns
from otpbroker.apply.transaction import Settings
from otpbroker.config.sections.network import KeystoreSection
from otpbroker.config.store import Store
from otpbroker.network.edge_facts import PEM
from otpbroker.secrets import Secret
from otpbroker.system import x509
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import RemoveEntry, SetEntry, SetSection
from otpbroker.verbs.audit import AuditTrail
from otpbroker.verbs.keystore import ImportCertificate, ListCertificates, MakeCertificate, file_of, octets_of

FIRST, LAST = certificates.FIRST, certificates.FIRST.replace(year=2050)


@pytest.fixture
def settings(tmp_path):
    return Settings(Paths(tmp_path), NobodyRuns())


@pytest.fixture
def held(tmp_path):
    """The key store as it lies on disk, by name."""
    return lambda: {one.name: one for one in Store(Paths(tmp_path)).load(KeystoreSection).keystore}


def pem(*names):
    return x509.self_signed(names or ("sms.example.com",), (), FIRST, LAST)


def imported(settings, name="shop", text=None, **more):
    return settings.call(ImportCertificate(name=name, files=[file_of((text or pem()).encode())], **more))


def active(held):
    return [name for name, one in held().items() if one.active]


def test_what_is_imported_is_kept_in_its_two_parts(settings, held):
    text = pem()
    assert imported(settings, text=text).changed
    assert f"{held()['shop'].certificate}{held()['shop'].key.reveal()}" == text
    assert not held()["shop"].active


def test_one_is_active_however_it_became_so(settings, held):
    imported(settings, "first", activate=True)
    imported(settings, "second", activate=True)
    assert active(held) == ["second"]
    settings.call(SetEntry(section="keystore", key="first", values={"active": Secret("true")}))
    assert active(held) == ["first"]
    settings.call(MakeCertificate(name="third", activate=True))
    assert active(held) == ["third"]
    settings.call(SetEntry(section="keystore", key="third", values={"active": Secret("false")}))
    assert active(held) == []


def test_the_same_name_is_the_same_certificate_made_anew(settings, held):
    """As a renewal does: what was active stays so, what was not is not."""
    imported(settings, activate=True)
    renewed = pem("sms.example.com", "www.example.com")
    imported(settings, text=renewed)
    assert active(held) == ["shop"]
    assert f"{held()['shop'].certificate}{held()['shop'].key.reveal()}" == renewed


@pytest.mark.parametrize(
    ("files", "path", "key"),
    [
        ([b"nonsense"], "files", "keystore.unreadable"),
        ([], "files", "keystore.no_certificate"),
        ([b"\x30\x03\x02\x01\x05"], "passphrase", "keystore.passphrase_missing"),
    ],
)
def test_what_cannot_be_shown_changes_nothing(settings, held, files, path, key):
    done = settings.call(ImportCertificate(name="shop", files=[file_of(each) for each in files]))
    assert not done.changed
    assert [(each.path, each.key) for each in done.problems] == [(f"keystore.shop.{path}", key)]
    assert held() == {}


def test_a_name_that_is_none_and_a_look_without_a_change(settings, held):
    assert [each.path for each in imported(settings, "").problems] == ["keystore..name"]
    assert not imported(settings, check_only=True).changed
    assert held() == {}


def test_one_of_our_own_is_for_the_names_given_or_for_all_that_the_device_is_called(settings):
    settings.call(MakeCertificate(name="given", names=("SMS.example.com", "10.0.0.5", " ")))
    settings.call(MakeCertificate(name="device"))
    settings.call(MakeCertificate(name="address", names=("fd00::1",)))
    told = {one.name: one for one in settings.call(ListCertificates()).certificates}
    assert told["given"].names == ["sms.example.com", "10.0.0.5"]
    assert told["device"].names == ["otpbroker.local", "192.168.0.11"]
    assert all(one.self_signed and one.key_kind == "EC 256" for one in told.values())
    refused = settings.call(MakeCertificate(name="wrong", names=("not a name",)))
    assert [(each.path, each.key) for each in refused.problems] == [
        ("keystore.wrong.names", "settings.expect_host_name")
    ]


def test_what_is_told_has_no_key(settings, tmp_path):
    text = pem()
    imported(settings, text=text, activate=True)
    settings.call(SetSection(section="api", values={"https_enabled": Secret("true")}))
    shown = tmp_path / "run" / PEM
    shown.parent.mkdir(parents=True, exist_ok=True)
    shown.write_text(text)
    told = settings.call(ListCertificates())
    assert (told.https_enabled, told.shown.name, told.shown.active) == (True, "shop", True)
    shown.write_text(other := pem("other.example.com"))
    told = settings.call(ListCertificates())
    assert (told.shown.name, told.shown.names) == ("", ["other.example.com"])
    for secret in (text, other):
        assert secret[secret.index("-----BEGIN PRIVATE") :].splitlines()[1] not in str(told)
    shown.unlink()
    assert settings.call(ListCertificates()).shown is None


def test_what_is_removed_is_gone(settings, held):
    imported(settings)
    settings.call(RemoveEntry(section="keystore", key="shop"))
    assert held() == {}


def test_the_trail_says_that_it_changed_and_shows_nothing_of_it(settings):
    imported(settings, activate=True)
    (entry,) = settings.call(AuditTrail()).entries
    assert {change.field for change in entry.changes} == {"certificate", "key", "active"}
    assert "-----" not in str(entry)


def test_files_travel_as_they_are():
    for octets in (b"\x30\x82\x00\xff", b"", pem().encode()):
        assert octets_of(file_of(octets)) == octets
    assert octets_of(Secret("no Base64!")) == b"no Base64!"


class Heard(NobodyRuns):
    def __init__(self):
        self.reloads = []

    def reload(self, services):
        self.reloads.append(list(services))
        return super().reload(services)


def test_our_own_server_on_somebodys_computer_is_given_what_it_shows(tmp_path):
    paths, manager = Paths(tmp_path), Heard()
    settings = Settings(paths, manager)
    imported(settings, text=(text := pem()))
    assert (certificates.shown_now(paths), manager.reloads) == ("", [[]])
    settings.call(SetSection(section="api", values={"https_enabled": Secret("true")}))
    own = certificates.shown_now(paths)
    assert x509.covers(own, {"localhost", "otpbroker.local"}, {"127.0.0.1"})
    settings.call(SetEntry(section="keystore", key="shop", values={"active": Secret("true")}))
    assert certificates.shown_now(paths) == text
    assert manager.reloads[-1] == ["api"]
    before = len(manager.reloads)
    settings.call(SetSection(section="otp", values={}))
    assert ["api"] not in manager.reloads[before:]  # nothing new
    (paths.settings / "tls").mkdir()
    (paths.settings / "tls/api.pem").write_text("the user's own")
    settings.call(RemoveEntry(section="keystore", key="shop"))
    assert certificates.shown_now(paths) == ""


def test_the_device_leads_to_another_file_and_keeps_the_one_before(tmp_path):
    paths = Paths(tmp_path)
    settings = Settings(paths, NobodyRuns(), host=DeviceHost(paths, running=False))
    settings.call(SetSection(section="api", values={"https_enabled": Secret("true")}))
    led = []
    for name in ("one", "two", "three"):
        imported(settings, name, pem(f"{name}.example.com"), activate=True)
        led.append((paths.run / PEM).readlink().name)
        assert x509.covers(certificates.shown_now(paths), {f"{name}.example.com"}, ())
    left = {path.name for path in (paths.run / PEM).parent.glob("edge-*")}
    assert left == set(led[1:])
    assert len(set(led)) == 3
    settings.call(SetSection(section="api", values={"https_enabled": Secret("false")}))
    assert not (paths.run / PEM).is_symlink()
