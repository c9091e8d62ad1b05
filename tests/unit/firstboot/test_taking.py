import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.cuts import PowerCutError, count, power_for
from fakes.disk import read_only
from fakes.first_boot import Fresh
from otpbroker.apply.manager import NobodyRuns
from otpbroker.apply.transaction import Settings
from otpbroker.config.sections.network import WlanSection
from otpbroker.errors import BrokerError
from otpbroker.firstboot import card, taking
from otpbroker.firstboot.card import Card
from otpbroker.secrets import Secret
from otpbroker.system import wiping
from otpbroker.verbs.apply import SetSection

GIVEN = "ssid: Toko Melati\npassphrase: kopi-susu-gula\ncountry: SG\nlanguage: en\nreset_text: kembali ke awal\n"


@pytest.fixture
def fresh(tmp_path):
    return Fresh(tmp_path)


def has_taken(fresh):
    """Whether the card's file is taken over whole, and nothing of it is left on the card."""
    wlan = fresh.wlan
    return (
        (wlan.ssid, wlan.passphrase.reveal(), wlan.country) == ("Toko Melati", "kopi-susu-gula", "SG")
        and fresh.language == "en"
        and fresh.places.reset_text.read_text() == "kembali ke awal\n"
        and fresh.files == {}
    )


def test_without_a_file_all_is_made(fresh):
    fresh.start()
    assert fresh.wlan.ssid.startswith("OTP-Broker-")
    assert len(fresh.wlan.passphrase.reveal()) == 24
    assert (fresh.paths.factory / "wlan.yaml").stat().st_mode & 0o777 == 0o600
    assert fresh.paths.factory.stat().st_mode & 0o777 == 0o755
    assert not fresh.places.reset_text.exists()
    first = fresh.wlan
    fresh.start()
    assert fresh.wlan == first


def test_a_thousand_first_boots_make_a_thousand_devices(tmp_path):
    seen = set()
    for number in range(1000):
        fresh = Fresh(tmp_path / str(number))
        fresh.start()
        seen.add((fresh.wlan.ssid, fresh.wlan.passphrase.reveal()))
    assert len({ssid for ssid, _ in seen}) > 990
    assert len({passphrase for _, passphrase in seen}) == 1000


def test_the_cards_file_is_taken_over_and_wiped(fresh):
    fresh.give(GIVEN)
    with (fresh.boot / card.NAME).open("rb") as still_open:
        fresh.start()
        assert not still_open.read().strip(b"\0")
    assert has_taken(fresh)
    assert fresh.store.is_factory("wlan")


def test_what_the_file_does_not_say_is_made(fresh):
    fresh.give("ssid: Toko\n")
    fresh.start()
    assert (fresh.wlan.ssid, len(fresh.wlan.passphrase.reveal()), fresh.language) == ("Toko", 24, "id")
    fresh.give("passphrase: kopi-susu-gula\n")
    fresh.start()
    assert (fresh.wlan.ssid, fresh.wlan.passphrase.reveal()) == ("Toko", "kopi-susu-gula")


def test_what_is_wrong_is_told_beside_it_in_both_languages(fresh):
    fresh.give("ssid: Toko\npassphrase: pendek\nkantor: x\n")
    fresh.start()
    assert fresh.wlan.ssid == "Toko"
    assert len(fresh.wlan.passphrase.reveal()) == 24
    (told,) = fresh.files.values()
    assert list(fresh.files) == [taking.ERROR_NAME]
    assert "8 to 63" in told
    assert "8 sampai 63" in told
    assert "kantor" in told
    assert "pendek" not in told
    fresh.give("passphrase: kopi-susu-gula\n")
    fresh.start()
    assert fresh.files == {}


def test_a_file_of_which_nothing_can_be_taken_starts_all_the_same(fresh):
    fresh.give(b"\xff\xff" * 100_000)
    fresh.start()
    assert len(fresh.wlan.passphrase.reveal()) == 24
    assert "64 KiB" in fresh.files[taking.ERROR_NAME]
    assert card.NAME not in fresh.files


def test_a_new_file_counts_where_the_access_point_has_been_set_since(fresh):
    fresh.start()
    values = {"ssid": Secret("Kantor"), "passphrase": Secret("lupa sekali"), "channel": Secret("11")}
    Settings(fresh.paths, NobodyRuns()).call(SetSection(section="wlan", values=values))
    fresh.give(GIVEN)
    fresh.start()
    assert has_taken(fresh)
    assert fresh.wlan.channel == 11
    assert fresh.store.factory(WlanSection).passphrase == Secret("kopi-susu-gula")


def test_a_country_that_there_is_not_would_give_no_access_point(fresh):
    table = fresh.paths.root / "usr/share/zoneinfo/iso3166.tab"
    table.parent.mkdir(parents=True)
    table.write_text("# a remark\nID\tIndonesia\n", encoding="utf-8")
    fresh.give("country: XX\n")
    fresh.start()
    assert fresh.wlan.country == "ID"
    assert "XX" in fresh.files[taking.ERROR_NAME]


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_file_is_left_alone(fresh, kind):
    path = fresh.boot / card.NAME
    match kind:
        case "folder":
            path.mkdir()
        case "link":
            path.symlink_to("/etc/passwd")
        case "pipe":
            os.mkfifo(path)
    fresh.start()
    assert len(fresh.wlan.passphrase.reveal()) == 24


def test_a_card_that_cannot_be_written_is_taken_over_all_the_same(fresh):
    fresh.give(GIVEN)
    with read_only(fresh.boot):
        fresh.start()
    assert fresh.wlan.ssid == "Toko Melati"
    fresh.start()
    assert has_taken(fresh)


def test_what_cannot_be_kept_stays_on_the_card(fresh):
    fresh.give(GIVEN)
    fresh.paths.settings.mkdir(parents=True)
    with read_only(fresh.paths.settings), pytest.raises(BrokerError):
        fresh.start()
    assert fresh.files == {card.NAME: GIVEN}
    fresh.start()
    assert has_taken(fresh)


def test_factory_settings_that_cannot_be_read_are_made_anew(fresh):
    fresh.paths.factory.mkdir()
    (fresh.paths.factory / "wlan.yaml").write_bytes(b"\0" * 100)
    fresh.start()
    assert len(fresh.wlan.passphrase.reveal()) == 24


def survives(fresh, start, steps):
    """Whether all is taken over where the power fails after so many steps, and comes back."""
    fresh.give(GIVEN)
    with power_for(steps), pytest.raises(PowerCutError):
        start(fresh)
    fresh.start()
    return has_taken(fresh)


def test_a_power_cut_at_any_step_loses_nothing(tmp_path):
    measured = Fresh(tmp_path / "measured")
    measured.give(GIVEN)
    total = count(measured.start)
    assert total > 20
    for steps in range(total):
        assert survives(Fresh(tmp_path / str(steps)), Fresh.start, steps), steps


def test_the_check_catches_who_wipes_first(tmp_path):
    def hasty(fresh):
        content = (fresh.boot / card.NAME).read_bytes()
        wiping.wipe(fresh.boot / card.NAME)
        fresh.give(content)
        fresh.start()

    assert not all(survives(Fresh(tmp_path / str(steps)), hasty, steps) for steps in range(12))


@settings(max_examples=40)
@given(
    cards=st.lists(
        st.builds(
            Card,
            ssid=st.sampled_from(["", "A", "B"]),
            passphrase=st.sampled_from(["", "kopi-susu-gula", "teh-manis-es"]).map(Secret),
            country=st.sampled_from(["", "ID", "SG"]),
            language=st.sampled_from(["", "id", "en"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_the_last_word_on_each_counts(cards, tmp_path_factory):
    fresh = Fresh(tmp_path_factory.mktemp("device"))
    for one in cards:
        fresh.give(card.write(one))
        fresh.start()
    for name in ("ssid", "passphrase", "country"):
        said = [getattr(one, name) for one in cards if getattr(one, name)]
        if said:
            assert getattr(fresh.wlan, name) == said[-1]
    languages = [one.language for one in cards if one.language]
    assert fresh.language == (languages or ["id"])[-1]
    assert fresh.files == {}
