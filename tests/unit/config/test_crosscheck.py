from otpbroker.config.crosscheck import clashes, hints
from otpbroker.config.sections.api import ApiSection, ApiUser, ApiUsersSection
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.modems import ModemSettings, ModemsSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.secrets import Secret


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


def test_a_prefix_of_another_length_is_only_a_hint():
    section = modems({"id": "a", "recipient_prefix": ("62871", "628")})
    assert clashes(section) == []
    assert [hint.params["prefix"] for hint in hints(section, SmsSection())] == ["628"]
    assert paths(hints(section, SmsSection(routing="tariff", recipient_prefix_length=3))) == [
        "modems.a.recipient_prefix",
        "modems.a.tariffs",
    ]
