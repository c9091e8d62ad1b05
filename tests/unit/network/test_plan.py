import pytest

from otpbroker.config.sections.network import WlanSection
from otpbroker.network.plan import Facts, plan
from otpbroker.secrets import Secret

ACCESS_POINT = WlanSection(ssid="OTP Broker 4F2A", passphrase=Secret("correct horse battery"))


def test_nothing_of_the_network_is_touched_before_it_is_taken_over():
    done = plan(Facts(wlan=ACCESS_POINT))
    assert done.files == ()
    assert not [unit for unit in done.units if "hostapd" in unit or "dnsmasq" in unit]


def test_only_what_holds_the_passphrase_is_roots_alone():
    files = plan(Facts(wlan=ACCESS_POINT, taken_over=True)).files
    secret = {file.path.name: file.mode for file in files if "correct horse battery" in file.content}
    assert secret == {"hostapd.conf": 0o600}


@pytest.mark.parametrize(("wlan", "runs"), [(ACCESS_POINT, True), (WlanSection(ssid="open"), False)])
def test_the_access_point_runs_with_a_passphrase_only(wlan, runs):
    done = plan(Facts(wlan=wlan, taken_over=True))
    assert {done.units["otpb-hostapd.service"], done.units["otpb-dnsmasq.service"]} == {runs}
    (content,) = (file.content for file in done.files if file.path.name == "hostapd.conf")
    assert bool(content) == runs
