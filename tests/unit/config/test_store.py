import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.config.canonical import Numbering
from otpbroker.config.registry import SECTIONS, reader, secret_fields
from otpbroker.config.schema import SettingsError, read
from otpbroker.config.sections.modems import ModemSettings, ModemsSection
from otpbroker.config.sections.network import WlanSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import MAX_OCTETS, Store, parse, render
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths


@pytest.fixture
def store(tmp_path):
    return Store(Paths(tmp_path))


def test_nothing_stored_is_factory(store):
    assert store.load(SmsSection) == SmsSection()
    assert store.is_factory("sms")


def test_what_is_written_is_read_back_with_its_secrets(store):
    section = ModemsSection(
        modems=(ModemSettings(id="m0", name="Öl: #1", sim_pin=Secret("0012"), tariffs=("62871:50",)),)
    )
    store.write("modems", render(section))
    assert store.load(ModemsSection) == section
    assert (store.folder / "modems.yaml").stat().st_mode & 0o777 == 0o640
    assert render(section).startswith(b"version: 1\n")


def test_the_factory_file_of_this_device_stands_between_stored_settings_and_defaults(store, tmp_path):
    assert store.load(WlanSection).ssid == ""
    made = WlanSection(ssid="OTP-Broker-7K3M", passphrase=Secret("kopi susu gula"))
    factory = Paths(tmp_path).factory
    factory.mkdir(parents=True)
    (factory / "wlan.yaml").write_bytes(render(made))
    assert store.load(WlanSection) == made
    assert store.is_factory("wlan")
    store.write("wlan", render(WlanSection(ssid="Kantor")))
    assert (store.load(WlanSection).ssid, store.factory(WlanSection)) == ("Kantor", made)
    store.write("wlan", None)
    assert store.load(WlanSection) == made


def test_a_factory_file_that_is_refused_is_named(store, tmp_path):
    factory = Paths(tmp_path).factory
    factory.mkdir(parents=True)
    (factory / "wlan.yaml").write_bytes(b"ssid: [\n")
    with pytest.raises(SettingsError) as refused:
        store.load(WlanSection)
    assert [problem.path for problem in refused.value.problems] == ["wlan.yaml"]


PRINTABLE = st.text(max_size=20).filter(str.isprintable)
MODEMS = st.builds(
    ModemSettings,
    id=st.from_regex(r"[a-z0-9][a-z0-9_-]{0,31}", fullmatch=True),
    name=PRINTABLE.filter(bool),
    port=PRINTABLE,
    sim_pin=PRINTABLE.map(Secret),
    apn_username=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20),
    parity=st.sampled_from("NEOMS"),
    active=st.booleans(),
    recipient_prefix=st.lists(st.from_regex(r"[1-9][0-9]{0,14}", fullmatch=True)).map(tuple),
)


@given(MODEMS)
def test_whatever_may_be_stored_is_read_back_equal(modem):
    section = ModemsSection(modems=(modem,))
    assert read(ModemsSection, parse(render(section).decode()), Numbering("62", ())) == section


def test_what_a_killed_writer_left_is_cleared_away(store):
    store.folder.mkdir(parents=True)
    (store.folder / ".sms.yaml.a1b2c3").write_text("half")
    store.write("sms", b"version: 1\n")
    assert [path.name for path in store.folder.iterdir()] == ["sms.yaml"]


def test_a_hand_written_file_may_leave_out_what_it_does_not_change(store):
    store.write("modems", b"modems:\n- {id: m0, name: A, msisdn: 081234567890, recipient_prefix: [0871]}\n")
    (modem,) = store.load(ModemsSection).modems
    assert (modem.msisdn, modem.recipient_prefix) == ("6281234567890", ("62871",))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a: &x 1\nb: *x\n", "settings.no_anchors"),
        ("a: 1\na: 2\n", "settings.double_key"),
        ("a: [1\n", "settings.not_yaml"),
        ('{"a": 1,, }', "settings.not_yaml"),
        ("x" * (MAX_OCTETS + 1), "settings.too_large"),
        ("[" * 5000, "settings.not_yaml"),
    ],
)
def test_documents_that_are_refused(text, key):
    with pytest.raises(SettingsError) as refused:
        parse(text)
    assert [problem.key for problem in refused.value.problems] == [key]


def test_a_file_that_is_refused_is_named(store):
    store.write("sms", b"routing: [\n")
    with pytest.raises(SettingsError) as refused:
        store.load(SmsSection)
    assert [problem.path for problem in refused.value.problems] == ["sms.yaml"]


def test_python_tags_build_nothing():
    assert parse("a: !!python/object/apply:os.system ['id']") == {"a": ["id"]}


def test_a_read_only_folder_says_that_saving_failed(store):
    store.folder.parent.mkdir(parents=True)
    store.folder.write_text("not a folder")
    with pytest.raises(BrokerError) as refused:
        store.write("sms", b"version: 1\n")
    assert refused.value.key == "settings.not_saved"


def test_what_has_not_changed_is_not_read_again(store):
    store.write("modems", render(ModemsSection(modems=(ModemSettings(id="m0", name="one"),))))
    first = store.load(ModemsSection)
    assert store.load(ModemsSection) is first


def test_what_has_changed_is_read_again_whoever_changed_it(store):
    store.write("sms", b"version: 1\n")
    assert store.load(SmsSection).routing == "prefix"
    store.write("sms", b"version: 1\nrouting: tariff\n")
    assert store.load(SmsSection).routing == "tariff"
    path = store.folder / "sms.yaml"
    path.write_bytes(b"version: 1\nrouting: prefix\n\n")
    assert store.load(SmsSection).routing == "prefix"
    path.unlink()
    assert store.load(SmsSection) == SmsSection()
    path.write_bytes(b"version: 1\nrouting: nonsense\n")
    for _ in range(2):
        with pytest.raises(SettingsError):
            store.load(SmsSection)


def test_prefixes_are_read_anew_where_the_country_changes(store):
    store.write("sms", b"version: 1\ncountry_code: '62'\n")
    store.write("modems", b"version: 1\nmodems:\n- id: m0\n  name: one\n  recipient_prefix: ['0812']\n")
    assert store.load(ModemsSection).modems[0].recipient_prefix == ("62812",)
    (store.folder / "sms.yaml").write_bytes(b"version: 1\ncountry_code: '44'\n")
    assert store.load(ModemsSection).modems[0].recipient_prefix == ("44812",)


def test_a_file_with_secrets_is_one_services_to_read():
    for info in SECTIONS.values():
        if secret_fields(info):
            assert len(info.services) <= 1, info.name
            assert reader(info) == (f"otpb-{info.services[0]}" if info.services else "root")
        else:
            assert reader(info) == "otpb"
