import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.system_files import keyfile
from otpbroker.config.canonical import Numbering
from otpbroker.config.registry import BY_KIND
from otpbroker.config.schema import SettingsError, read
from otpbroker.config.sections.general import GeneralSection
from otpbroker.network import timesync
from otpbroker.network.names import Unrenderable

SERVERS = st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?", fullmatch=True) | st.ip_addresses().map(
    lambda address: str(address).strip(":") or "1.1.1.1"
)


def means(text):
    groups = keyfile(text)
    assert groups.keys() == {"Time"}
    assert groups["Time"].keys() == {"NTP", "PollIntervalMinSec", "PollIntervalMaxSec"}
    assert int(groups["Time"]["PollIntervalMinSec"]) < int(groups["Time"]["PollIntervalMaxSec"])
    return groups["Time"]["NTP"], int(groups["Time"]["PollIntervalMaxSec"])


@given(SERVERS, st.integers(timesync.LEAST_S, timesync.MOST_S))
def test_the_file_says_what_the_settings_say(server, interval):
    assert means(timesync.render(GeneralSection(ntp_server=server, ntp_interval=interval))) == (server, interval)


@given(st.text(max_size=30) | SERVERS.map(lambda server: f"{server}\nFallbackNTP=x"), st.integers(-9, 10**6))
def test_what_is_none_never_becomes_one(server, interval):
    try:
        text = timesync.render(GeneralSection(ntp_server=server, ntp_interval=interval))
    except Unrenderable:
        return
    assert means(text) == (server, interval)


@pytest.mark.parametrize("document", [{"ntp_server": "two words"}, {"ntp_server": ""}, {"ntp_interval": 5}])
def test_the_schema_refuses_it_before(document):
    assert GeneralSection in BY_KIND
    with pytest.raises(SettingsError):
        read(GeneralSection, document, Numbering())
