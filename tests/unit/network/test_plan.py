import pytest

from otpbroker.config.sections.acme import AcmeSection
from otpbroker.config.sections.admins import Admin, AdminsSection
from otpbroker.config.sections.api import ApiSection
from otpbroker.config.sections.ddns import DdnsRecord, DdnsSection
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.modems import ModemSettings, ModemsSection
from otpbroker.config.sections.network import WlanSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.network.plan import Facts, plan
from otpbroker.secrets import Secret

ACCESS_POINT = WlanSection(ssid="OTP Broker 4F2A", passphrase=Secret("correct horse battery"))


def test_nothing_of_the_network_is_touched_before_it_is_taken_over():
    done = plan(Facts(wlan=ACCESS_POINT))
    assert {file.path.name for file in done.files if file.content} == {"nginx.conf"}
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


def test_the_edge_has_the_certificate_to_itself_and_none_where_there_is_no_https():
    done = plan(Facts(pem=Secret("PEM"), api=ApiSection(https_enabled=True)))
    (link,) = done.links
    certificate, conf = (file for file in done.files if file.content)
    assert (certificate.path.name, link.path.name, link.path.parent) == (link.target, "edge.pem", conf.path.parent)
    assert certificate.path.match(link.others)
    assert certificate.content == "PEM"
    assert {(file.mode, file.group) for file in (certificate, conf)} == {(0o640, "otpb-edge")}
    assert "listen 10443 ssl" in conf.content
    without = plan(Facts(api=ApiSection(https_enabled=True)))
    assert [file.path.name for file in without.files if file.content] == ["nginx.conf"]
    assert without.links[0].target == ""
    assert "ssl" not in without.files[0].content


def test_another_certificate_is_another_file_and_tells_nginx_nothing():
    first, second = (plan(Facts(pem=Secret(pem), api=ApiSection(https_enabled=True))) for pem in ("one", "two"))
    assert first.links != second.links
    changed = {file.unit for file in {*second.files} - {*first.files}}
    assert changed == {""}


def test_senders_wait_at_the_edge_as_long_as_their_messages_may():
    (conf,) = (file.content for file in plan(Facts(sms=SmsSection(deadline_s=90))).files if "conf" in file.path.name)
    assert "proxy_read_timeout 140s;" in conf


def test_ddns_runs_while_a_record_is_active_and_there_is_an_administrator():
    def runs(active, *admins):
        records = DdnsSection(ddns=(DdnsRecord(name="a", record_name="otp", zone="example.com", active=active),))
        return plan(Facts(ddns=records, admins=AdminsSection(admins=admins))).units["otpb-ddns.service"]

    admin = Admin(username="budi", password_hash=Secret("x"))
    assert [runs(True, admin), runs(False, admin), runs(True)] == [True, False, False]


@pytest.mark.parametrize("active", [True, False])
def test_a_certificate_is_renewed_where_one_is_wanted(active):
    admins = AdminsSection(admins=(Admin(username="budi", password_hash=Secret("x")),))
    acme = AcmeSection(active=active, names=("otp.example.com",), terms_agreed=True)
    assert plan(Facts(acme=acme, admins=admins)).units["otpb-certificate.timer"] is active
    assert not plan(Facts(acme=acme)).units["otpb-certificate.timer"]


DIALLING = ModemSettings(id="m0", name="a", internet_access=True, apn_password=Secret("3data"))
OTHER = ModemSettings(id="m1", name="b")


@pytest.mark.parametrize(
    ("taken", "modems", "dials"), [(True, (OTHER, DIALLING), True), (True, (OTHER,), False), (False, (DIALLING,), None)]
)
def test_only_what_is_to_be_connected_dials_and_nobody_reads_its_password(taken, modems, dials):
    done = plan(Facts(taken_over=taken, modems=ModemsSection(modems=modems)))
    assert done.units.get("otpb-dial.service") is dials
    secret = {str(file.path): (file.mode, file.group, file.unit) for file in done.files if "3data" in file.content}
    names = ("run/otpbroker/wvdial.conf", "run/otpbroker/dial/m0.ppp") if dials else ()
    assert secret == dict.fromkeys(names, (0o600, "root", "otpb-dial.service"))


def test_a_schedule_is_a_timer_that_runs_and_none_is_a_file_that_masks_it():
    done = plan(Facts(general=GeneralSection(restart_device="Sun 03:30")))
    timers = {file.path.name: file for file in done.files if file.path.suffix == ".timer"}
    assert "OnCalendar=Sun *-*-* 03:30:00 Asia/Jakarta" in timers["otpb-restart@device.timer"].content
    assert timers["otpb-restart@services.timer"].content == ""
    wanted = {unit: wants for unit, wants in done.units.items() if unit.startswith("otpb-restart@")}
    assert wanted == {"otpb-restart@device.timer": True, "otpb-restart@services.timer": False}


def test_time_servers_are_told_where_the_network_is_ours():
    done = plan(Facts(general=GeneralSection(ntp_server="time.example"), taken_over=True))
    (file,) = (file for file in done.files if file.path.name == "timesyncd.conf")
    assert ("NTP=time.example" in file.content, file.unit) == (True, "systemd-timesyncd.service")
