import datetime as dt

import pytest

from otpbroker.texts import ENGLISH
from otpbroker.usbreset.looking import Reason
from otpbroker.usbreset.result import of_failure, of_refusal, of_reset
from otpbroker.verbs.apply import WasReset

NOW = dt.datetime(2026, 11, 27, 8, 30, 58, tzinfo=dt.timezone(dt.timedelta(hours=7)))
DONE = WasReset(changed=True, administrators=2, ssid="OTP-Broker-7K3M", addresses=["http://192.168.0.11:8888/"])


def words(file):
    return file.content.decode()


def test_it_says_in_both_languages_what_was_done_and_where_to_go():
    text = words(of_reset(DONE, NOW))
    assert "2026-11-27 08:30 +0700" in text
    for word in ("deleted", "dihapus", "create a new administrator", "buat administrator baru"):
        assert word in text
    assert text.count("OTP-Broker-7K3M") == text.count("http://192.168.0.11:8888/") == 2


def test_where_there_is_no_access_point_it_names_none():
    text = words(of_reset(WasReset(changed=True), None))
    assert "Wi-Fi" not in text
    assert "20" not in text.replace("\r\n", "").strip()


@pytest.mark.parametrize("reason", Reason.__args__)
def test_each_refusal_has_its_words(reason):
    text = words(of_refusal(reason, NOW))
    assert ENGLISH[f"usbreset.{reason}"] in text
    assert "????" not in text


def test_a_failure_says_why():
    text = words(of_failure("settings.not_saved", {"section": "wlan", "reason": "Read-only file system"}, NOW))
    assert "Read-only file system" in text


def test_all_are_of_one_size_so_that_each_fits_in_the_place_of_another():
    long = WasReset(changed=True, ssid="ä" * 16, addresses=["http://192.168.100.111:65535/"] * 3)
    files = [of_reset(DONE, NOW), of_reset(long, None), of_refusal("no_file", NOW)]
    assert {len(file.content) for file in files} == {2048}
    assert {file.content[-2:] for file in files} == {b"\r\n"}


def test_its_time_is_written_as_dos_does():
    file = of_reset(DONE, NOW)
    assert (file.date >> 9, file.date >> 5 & 15, file.date & 31) == (46, 11, 27)
    assert (file.time >> 11, file.time >> 5 & 63, (file.time & 31) * 2) == (8, 30, 58)
    assert of_reset(DONE, None).date == 0x21
