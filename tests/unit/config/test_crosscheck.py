import base64

import pytest

from otpbroker.config import passwords
from otpbroker.config.canonical import Numbering
from otpbroker.config.crosscheck import clashes, hints
from otpbroker.config.schema import read
from otpbroker.config.sections.admins import Admin, AdminsSection
from otpbroker.config.sections.api import ApiSection, ApiUser, ApiUsersSection
from otpbroker.config.sections.feeders import AmqpSection
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.mail import PRESETS, EmailAccount, EmailSection, SmtpSection
from otpbroker.config.sections.modems import ModemSettings, ModemsSection
from otpbroker.config.sections.network import DhcpSection, EthernetSection, WlanSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.secrets import Secret

NUMBERS = Numbering()


def modems(*entries):
    return ModemsSection(modems=tuple(ModemSettings(name=entry.pop("name", "A"), **entry) for entry in entries))


def paths(problems):
    return [problem.path for problem in problems]


def test_modems_differ_in_id_port_and_imei():
    section = modems(
        {"id": "a", "port": "/dev/x", "imei": "1"}, {"id": "b", "port": "/dev/x", "imei": "1"}, {"id": "b"}
    )
    assert paths(clashes(section)) == ["modems.b.id", "modems.b.port", "modems.b.imei"]


def test_two_default_modems_take_turns_and_empty_ports_do_not_clash():
    assert clashes(modems({"id": "a", "default_modem": True}, {"id": "b", "default_modem": True})) == []


def test_one_price_for_one_rule():
    section = modems({"id": "a", "tariffs": ("62871:50", "62871:60", "62871:5@10", "*:3")})
    assert [problem.params for problem in clashes(section)] == [{"rule": "62871"}]


def test_api_ports_and_paths_differ_and_leave_the_apis_own_alone():
    section = ApiSection(https_enabled=True, https_port=8889, mail_path="/api/sms", otp_path="/metrics")
    assert paths(clashes(section)) == ["api.https_port", "api.mail_path", "api.otp_path"]
    assert clashes(ApiSection(https_port=8889)) == []


def test_a_time_zone_exists():
    assert clashes(GeneralSection(time_zone="Asia/Makassar")) == []
    for zone in ("Asia/Nowhere", "Asia", "../../etc/passwd"):
        assert paths(clashes(GeneralSection(time_zone=zone))) == ["general.time_zone"]


def test_users_differ_and_hold_no_clear_password():
    section = ApiUsersSection(api_users=(ApiUser(username="a", password_hash=Secret("clear")), ApiUser(username="a")))
    assert paths(clashes(section)) == ["api_users.a.username", "api_users.a.password"]


def test_a_code_for_a_forgotten_password_can_reach_its_administrator():
    hashed = Secret(passwords.hash_password(Secret("long enough 1")).reveal())

    def wrong(**contact):
        return paths(clashes(AdminsSection(admins=(Admin(username="a", password_hash=hashed, **contact),))))

    assert wrong() == wrong(phone="+62 812-345 678", email="budi@toko.co.id") == []
    assert wrong(phone="0812abc", email="budi") == ["admins.a.phone", "admins.a.email"]


def test_a_prefix_of_another_length_is_only_a_hint():
    section = modems({"id": "a", "recipient_prefix": ("62871", "628")})
    assert clashes(section) == []
    assert [hint.params["prefix"] for hint in hints(section, SmsSection())] == ["628"]
    assert paths(hints(section, SmsSection(routing="tariff", recipient_prefix_length=3))) == [
        "modems.a.recipient_prefix",
        "modems.a.tariffs",
    ]


def test_sealed_messages_need_a_key():
    assert paths(clashes(AmqpSection(require_sealed=True))) == ["amqp.private_key"]
    assert paths(clashes(AmqpSection(private_key=Secret("x")))) == ["amqp.private_key"]
    assert clashes(AmqpSection(require_sealed=True, private_key=Secret(base64.b64encode(bytes(32)).decode()))) == []


def email(**fields):
    facts = {"name": "a", "host": "smtp.example.com", "sender": "a@example.com", "password": Secret("x")} | fields
    return EmailSection(email=(EmailAccount(**facts),))


def test_an_account_in_use_has_a_host_and_a_password_where_it_logs_in():
    assert paths(clashes(email(host="", password=Secret()))) == ["email.a.host", "email.a.password"]
    assert clashes(email(host="", password=Secret(), active=False)) == []
    assert clashes(email(password=Secret(), auth=False)) == []
    twins = EmailSection(email=email().email * 2)
    assert paths(clashes(twins)) == ["email.a.name"]


def test_what_is_odd_about_an_account_is_only_a_hint():
    assert paths(hints(email(starttls=False), SmsSection())) == ["email.a.starttls"]
    assert paths(hints(email(port=465), SmsSection())) == ["email.a.tls"]
    for preset in PRESETS.values():
        section = read(
            EmailSection, {"email": [{"name": "a", "sender": "a@gmail.com", "password": "x", **preset}]}, NUMBERS
        )
        assert (clashes(section), hints(section, SmsSection())) == ([], [])


def test_local_smtp_has_a_name_and_its_relay_an_address_and_credentials():
    assert paths(clashes(SmtpSection(active=True))) == ["smtp.server_name"]
    assert paths(clashes(SmtpSection(active=True, server_name="10.0.0.1"))) == ["smtp.server_name"]
    named = {"active": True, "server_name": "mx.example.com"}
    assert clashes(SmtpSection(**named)) == []
    assert paths(clashes(SmtpSection(**named, relay_username="a"))) == ["smtp.relay_password", "smtp.address"]
    assert clashes(SmtpSection(**named, relay_username="a", relay_password=Secret("b"), address="192.168.0.11")) == []


@pytest.mark.parametrize("address", ["192.168.0.0", "192.168.0.255", "127.0.0.1", "224.0.0.1", "0.0.0.0", "255.1.1.1"])
def test_the_device_has_an_address_that_a_host_can_have(address):
    assert paths(clashes(WlanSection(address=address))) == ["wlan.address"]
    assert paths(clashes(EthernetSection(mode="static", address=address))) == ["ethernet.address"]


def test_a_gateway_is_in_the_network_of_its_side():
    assert paths(clashes(WlanSection(gateway="10.0.0.1"))) == ["wlan.gateway"]
    assert clashes(WlanSection(gateway="192.168.0.1")) == []


@pytest.mark.parametrize(("mask", "sound"), [("255.255.255.0", True), ("0.0.0.255", False), ("255.0.255.0", False)])
def test_a_netmask_is_ones_then_zeros(mask, sound):
    assert paths(clashes(DhcpSection(netmask=mask, subnet_mask=mask))) == ["dhcp.netmask", "dhcp.subnet_mask"] * (
        not sound
    )
