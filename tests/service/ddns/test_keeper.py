"""Records kept up at vendors that answer over TLS: one change is one update, and what a vendor says is obeyed."""

import pytest

from fakes.ddns_keeper import KeeperHere, Outside, a_record
from fakes.ddns_vendors import NoIp
from fakes.waiting import waits_for
from otpbroker.config.sections.ddns import NoIpSection
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret


@pytest.fixture
def noip(authority):
    with NoIp(authority, "otp.ddns.net", "second.ddns.net") as server:
        yield server


def account(server, password="geheim/+:x"):
    return NoIpSection(endpoint=server.url("/nic/update"), username="user@example.com", password=Secret(password))


@pytest.fixture
def keeping(caller, tmp_path):
    """Begins lives of the keeper, all on one disk."""
    lives = []

    def begin(outside=None, **accounts):
        lives.append(KeeperHere(tmp_path, caller, outside or Outside(), **accounts))
        return lives[-1]

    def end():
        lives.pop().stop()

    begin.end = end
    yield begin
    while lives:
        end()


def addresses(server):
    return [each.query["myip"] for each in server.asked]


def test_one_change_of_address_is_one_update_through_restarts(keeping, noip):
    here = keeping(noip=account(noip))
    here.configure(a_record())
    assert here.until("current").address == "198.51.100.7"
    looks = here.outside.looks
    here.outside.moves("198.51.100.7")  # the kernel says something, the address outside is what it was
    waits_for(lambda: here.outside.looks > looks)
    here.outside.moves("198.51.100.8")
    waits_for(lambda: here.state().address == "198.51.100.8")
    keeping.end()
    here = keeping(Outside("198.51.100.8"), noip=account(noip))
    here.configure(a_record())
    waits_for(lambda: here.outside.looks == 1)
    assert here.until("current").updated is not None
    assert addresses(noip) == ["198.51.100.7", "198.51.100.8"]


@pytest.mark.parametrize("word", ["badauth", "abuse", "!donator", "badagent", "nohost"])
def test_a_refusal_stops_with_its_reason_until_the_settings_change(keeping, noip, word):
    noip.ordered.append((200, word))
    here = keeping(noip=account(noip))
    here.configure(a_record())
    stopped = here.until("stopped")
    assert (stopped.key, stopped.next_s) == (f"ddns.{word.removeprefix('!')}", None)
    assert [alarm.key for alarm in here.keeper.state().alarms] == ["alarm.ddns_stopped"]
    looks = here.outside.looks
    here.outside.moves("198.51.100.9")
    assert here.update_now() == (False, "ddns.stays_stopped")
    keeping.end()
    here = keeping(noip=account(noip))
    here.configure(a_record())
    assert here.until("stopped").key == stopped.key
    assert here.outside.looks == 0 < looks
    assert len(noip.asked) == 1
    here.configure(a_record(active=False))
    assert here.until("inactive").key == ""
    here.configure(a_record())
    assert here.until("current").key == "ddns.good"


def test_another_password_is_another_try(keeping, noip):
    here = keeping(noip=account(noip, "falsch"))
    here.configure(a_record())
    assert here.until("stopped").key == "ddns.badauth"
    here.configure(a_record(), noip=account(noip))
    assert here.until("current").key == "ddns.good"


def test_what_is_said_of_an_account_counts_for_all_its_records(keeping, noip):
    here = keeping(noip=account(noip, "falsch"))
    here.configure(a_record(), a_record("b", record_name="second.ddns.net"))
    assert {here.until("stopped", name).key for name in "ab"} == {"ddns.badauth"}
    assert len(noip.asked) == 1
    noip.ordered.append((200, "nohost"))
    here.configure(*here.records, noip=account(noip))
    words = {waits_word(here, name) for name in "ab"}
    assert words == {"stopped", "current"}  # a name that is unknown says nothing of the others


def waits_word(here, name):
    waits_for(lambda: here.state(name).state != "waiting")
    return here.state(name).state


def test_911_is_left_alone_for_half_an_hour_also_over_a_restart(keeping, noip):
    noip.ordered.append((200, "911"))
    here = keeping(noip=account(noip))
    here.configure(a_record())
    failing = here.until("failing")
    assert 1790 < failing.next_s <= 1800
    assert here.update_now() == (False, "ddns.must_wait")
    keeping.end()
    here = keeping(noip=account(noip))
    here.configure(a_record())
    assert 1700 < here.state().next_s <= 1800
    assert len(noip.asked) == 1


def test_a_server_in_trouble_is_asked_again_and_people_may_hurry(keeping, noip):
    noip.ordered += [(502, ""), (200, "good 198.51.100.7")]
    here = keeping(noip=account(noip))
    here.configure(a_record())
    assert 50 < here.until("failing").next_s <= 66
    assert here.update_now() == (True, "ddns.good")
    assert here.state().state == "current"
    assert here.update_now() == (False, "ddns.just_now")
    with pytest.raises(BrokerError) as unknown:
        here.update_now("c")
    assert unknown.value.key == "settings.no_entry_ddns"


def test_without_a_public_address_nobody_is_told_anything(keeping, noip):
    outside = Outside(None)
    here = keeping(outside, noip=account(noip))
    here.configure(a_record())
    found = here.until("no_address")
    assert (found.key, noip.asked) == ("ddns.no_source", [])
    assert found.next_s <= 60
    outside.moves("198.51.100.8")
    assert here.until("current").address == "198.51.100.8"


def test_an_account_that_cannot_be_used_is_not_used(keeping, noip):
    here = keeping()
    here.configure(a_record(), a_record("b", active=False))
    assert here.until("no_account").key == "ddns.account_missing"
    assert here.update_now() == (False, "ddns.account_missing")
    assert here.update_now("b") == (False, "ddns.inactive")
    here.configure(a_record(), noip=account(noip))
    here.until("current")


def test_a_change_of_ttl_is_told_and_one_of_the_interval_is_not(keeping, noip):
    here = keeping(noip=account(noip))
    here.configure(a_record())
    here.until("current")
    here.configure(a_record(interval=600))
    here.configure(a_record(ttl=120))
    waits_for(lambda: len(noip.asked) == 2)
    assert here.until("current").key == "ddns.nochg"


def test_no_secret_is_on_disk_and_a_file_that_was_spoilt_costs_one_update(keeping, noip, tmp_path):
    here = keeping(noip=account(noip))
    here.configure(a_record())
    here.until("current")
    keeping.end()
    file = tmp_path / "var/lib/otpbroker/ddns/records.json"
    assert b"geheim" not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_bytes(b"{")
    here = keeping(noip=account(noip))
    here.configure(a_record())
    assert here.until("current").key == "ddns.nochg"
