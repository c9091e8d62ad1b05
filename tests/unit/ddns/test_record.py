from hypothesis import given
from hypothesis import strategies as st

from otpbroker.config.sections.ddns import DdnsRecord
from otpbroker.ddns import record
from otpbroker.ddns.exchange import Verdict
from otpbroker.ddns.names import host_name
from otpbroker.ddns.record import Standing

GOOD = Verdict(kind="done", key="ddns.good")
STOP = Verdict(kind="stop", key="ddns.abuse")
RETRY = Verdict(kind="retry", key="ddns.server_error")
WALL = 1_795_000_000.0
YEARS_S = 10 * 365 * 86400.0


@given(st.lists(st.sampled_from(["192.0.2.1", "192.0.2.2", "2001:db8::1"])))
def test_one_change_of_address_is_one_update(seen):
    standing, told = Standing(), []
    for address in seen:
        if record.is_due(standing, address):
            told.append(address)
            standing = record.after(standing, GOOD, address, WALL)
    assert told == [address for at, address in enumerate(seen) if at == 0 or seen[at - 1] != address]


def test_a_stop_lasts_until_the_settings_change():
    stopped = record.after(record.settled(Standing(), "t", "s"), STOP, "192.0.2.1", WALL)
    assert not record.is_due(stopped, "192.0.2.2")
    assert record.settled(stopped, "t", "s") == stopped
    assert record.is_due(record.settled(stopped, "t", "other"), "192.0.2.2")


def test_another_interval_is_no_reason_to_tell_again_but_another_ttl_is():
    done = record.after(record.settled(Standing(), "t", "s"), GOOD, "192.0.2.1", WALL)
    assert not record.is_due(record.settled(done, "t", "other"), "192.0.2.1")
    assert record.is_due(record.settled(done, "other", "other"), "192.0.2.1")


@given(st.integers(0, 10_000))
def test_failures_are_repeated_less_and_less_often(failures):
    assert 54 <= record.back_off_s(failures) <= 3960
    standing = Standing(failures=failures)
    after = record.after(standing, RETRY, "192.0.2.1", WALL)
    assert (after.failures, after.address) == (failures + 1, "")
    assert record.is_due(after, "192.0.2.1")
    assert record.after(after, GOOD, "192.0.2.1", WALL).failures == 0


@given(st.floats(-YEARS_S, YEARS_S), st.floats(0, 86400))
def test_a_clock_that_jumps_holds_nobody_up_for_longer_than_the_pause(jump_s, pause_s):
    standing = Standing(answered=WALL, pause_s=pause_s)
    assert 0 <= record.left_s(standing, WALL + jump_s) <= pause_s


def name(record_name, zone=""):
    return host_name(DdnsRecord(name="a", record_name=record_name, zone=zone))


def test_names_of_records():
    assert name("otp", "Example.com") == "otp.example.com"
    assert name("@", "example.com") == "example.com"
    assert name("example.com", "example.com") == "example.com"
    assert name("OTP.example.com", "example.com") == "otp.example.com"
    assert name("otp.mooo.com") == "otp.mooo.com"
    assert name("notexample.com", "example.com") == "notexample.com.example.com"
