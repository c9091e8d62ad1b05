import datetime as dt
import stat

import pytest

from otpbroker.apply import certificates
from otpbroker.config.crosscheck import clashes, hints
from otpbroker.config.registry import SECTIONS, reader, secret_fields
from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.network import Certificate, EthernetSection, KeystoreSection, WlanSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import Store, render
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.system import x509
from otpbroker.system.files import Paths
from otpbroker.system.synchrony import unix_time_if_synchronised

NONE = KeystoreSection()
NAMES, ADDRESSES = ("otpbroker.local",), ("192.168.0.11",)


@pytest.fixture
def paths(tmp_path):
    return Paths(tmp_path)


def own(paths, names=NAMES, addresses=ADDRESSES):
    return certificates.ensure(paths, NONE, names, addresses).reveal()


def entry(name="shop", *, active=True, pem=None):
    pem = pem or x509.self_signed(("sms.example.com",), (), certificates.FIRST, certificates.FIRST.replace(year=2050))
    at = pem.index("-----BEGIN PRIVATE")
    return Certificate(name=name, certificate=pem[:at], key=Secret(pem[at:]), active=active)


def test_our_own_is_made_once_and_stays(paths):
    made = own(paths)
    assert x509.covers(made, NAMES, ADDRESSES)
    assert own(paths) == made
    assert own(Paths(paths.root / "another device")) != made
    (file,) = (path for path in paths.state.rglob("*") if path.is_file())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_holds_for_ten_years_and_began_before_any_wrong_clock(paths):
    pem = own(paths)
    made = x509.x509.load_pem_x509_certificate(pem.encode())
    assert made.not_valid_before_utc == certificates.FIRST
    assert x509.expires(pem) - max(certificates.FIRST, dt.datetime.now(dt.UTC)) > dt.timedelta(days=3600)


def test_another_name_in_the_settings_takes_another_one(paths):
    made = own(paths)
    renamed = own(paths, names=("otpbroker.local", "sms.example.com"))
    assert renamed != made
    assert own(paths) == renamed  # it is for the old names too
    assert x509.covers(renamed, ("sms.example.com",), ())


@pytest.mark.parametrize("broken", ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_broken_one_is_made_anew(paths, broken):
    own(paths)
    (file,) = (path for path in paths.state.rglob("*.pem"))
    file.write_text(broken)
    assert x509.covers(own(paths), NAMES, ADDRESSES)


def test_one_that_is_over_is_made_anew(paths):
    own(paths)
    (file,) = (path for path in paths.state.rglob("*.pem"))
    file.write_text(x509.self_signed(NAMES, ADDRESSES, certificates.FIRST, dt.datetime(2026, 1, 2, tzinfo=dt.UTC)))
    over = certificates.is_over(x509.expires(file.read_text()), dt.datetime(2026, 1, 1, tzinfo=dt.UTC).timestamp())
    assert over
    assert not certificates.is_over(x509.expires(file.read_text()), None)  # nobody knows what time it is


def test_the_active_one_of_the_key_store_goes_first(paths):
    idle, active = entry("old", active=False), entry()
    shown = certificates.ensure(paths, KeystoreSection(keystore=(idle, active)), NAMES, ADDRESSES).reveal()
    assert active.certificate.strip() in shown
    assert active.key.reveal().strip() in shown
    assert idle.certificate.strip() not in shown
    assert not list(paths.state.rglob("*.pem"))


def test_a_disk_that_refuses_says_so(paths):
    paths.state.parent.mkdir(parents=True)
    paths.state.write_text("no folder")
    with pytest.raises(BrokerError) as refused:
        own(paths)
    assert refused.value.key == "edge.no_certificate"


def test_what_the_settings_call_the_device():
    assert certificates.names_of(PanelSection(host_names=("SMS.example.com", "otpbroker.local"))) == (
        "otpbroker.local",
        "sms.example.com",
    )
    static = EthernetSection(mode="static", address="10.0.0.5")
    assert certificates.addresses_of(WlanSection(), static) == ("192.168.0.11", "10.0.0.5")
    assert certificates.addresses_of(WlanSection(), EthernetSection()) == ("192.168.0.11",)


@pytest.mark.parametrize(
    ("change", "path", "key"),
    [
        ({}, "", ""),
        ({"certificate": ""}, "certificate", "certificate_missing"),
        ({"key": Secret()}, "certificate", "certificate_missing"),
        ({"certificate": "nonsense"}, "certificate", "not_a_certificate"),
        ({"key": Secret("nonsense")}, "key", "not_a_private_key"),
        ({"key": entry().key}, "key", "key_of_another"),
    ],
)
def test_the_key_store_takes_what_nginx_will_take(change, path, key):
    good = entry()
    given = {"certificate": good.certificate, "key": good.key} | change
    told = clashes(KeystoreSection(keystore=(Certificate(name="shop", active=True, **given),)))
    assert [(problem.path, problem.key) for problem in told] == (
        [(f"keystore.shop.{path}", f"settings.{key}")] if key else []
    )


def test_one_that_is_no_longer_valid_is_told_of_where_the_time_is_known():
    begun = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    past = entry(pem=x509.self_signed(NAMES, (), begun, begun.replace(year=2021)))
    told = [hint.key for hint in hints(KeystoreSection(keystore=(past,)), SmsSection())]
    assert told == ([] if unix_time_if_synchronised() is None else ["settings.hint_certificate_expired"])
    assert hints(KeystoreSection(keystore=(entry(),)), SmsSection()) == []


def test_the_key_store_is_kept_as_it_was_given(paths):
    section = KeystoreSection(keystore=(entry("shop"), entry("old", active=False)))
    Store(paths).write("keystore", render(section))
    assert Store(paths).load(KeystoreSection) == section
    assert secret_fields(SECTIONS["keystore"]) == {"key"}
    assert reader(SECTIONS["keystore"]) == "root"
