import pytest

from fakes.dispatch import modem
from fakes.panel import NOTHING
from otpbroker.panel import alarms
from otpbroker.panel.words import LANGUAGES, PAIRS, Words
from otpbroker.system.machine import Reading
from otpbroker.texts import ENGLISH
from otpbroker.verbs.dispatch import Alarm, DispatchStatus, FoundModem
from otpbroker.verbs.feeders import FeederState
from otpbroker.verbs.keystore import ShownCertificate
from otpbroker.verbs.mail import AccountFacts, MailFacts
from otpbroker.verbs.notifier import NotifierState
from otpbroker.verbs.supervisor import ServiceState

NOW = 1_795_744_302.0


def status(*modems, **more):
    return DispatchStatus(version="1", uptime_s=1, modems=list(modems), **({"counters": NOTHING, "alarms": []} | more))


def told(found):
    return [(alarm.kind, alarm.key, alarm.subject) for alarm in found]


def test_modems():
    found = alarms.of_dispatch(
        status(
            modem("fine"),
            modem("off", active=False, state="inactive", reason="modem.no_sim"),
            modem("gone", state="absent"),
            modem("hung", state="disabled", reason="modem.hung"),
            modem("quiet", state="searching", reason="modem.no_signal"),
            modem("new", state="starting"),
            alarms=[
                Alarm(key="modem.hung", params={"modem": "hung"}),
                Alarm(key="modem.store_full", params={"modem": "fine", "store": "SM", "used": 9, "total": 10}),
            ],
        ),
        NOW,
    )
    assert told(found) == [
        ("bad", "modem.state.absent", "Modem gone"),
        ("bad", "modem.hung", "Modem hung"),
        ("warn", "modem.no_signal", "Modem quiet"),
        ("warn", "modem.store_full", "Modem fine"),
    ]


def test_a_modem_gets_the_advice_of_its_own_page():
    facts = status(
        modem("gone", state="absent", reason="modem.port_missing"),
        found=[FoundModem(name="E3372", reason="modem.hilink")],
    )
    assert [alarm.remedy for alarm in alarms.of_dispatch(facts, NOW)] == ["modems.do.absent", "modems.do.modem.hilink"]


@pytest.mark.parametrize(
    ("state", "age_s", "key", "expected"),
    [
        ("consuming", 999, "", []),
        ("disabled", 999, "", []),
        ("connecting", 10, "", []),
        ("connecting", 61, "", [("bad", "alarms.feeder_connecting", "RabbitMQ")]),
        ("failed", 1, "feeder.credentials", [("bad", "feeder.credentials", "RabbitMQ")]),
        ("blocked", 1, "feeder.amqp_alarm", [("warn", "feeder.amqp_alarm", "RabbitMQ")]),
    ],
)
def test_feeders(state, age_s, key, expected):
    feeder = FeederState(feeder="amqp", state=state, since=NOW - age_s, key=key)
    assert told(alarms.of_dispatch(status(feeders=[feeder]), NOW)) == expected


def test_mail_and_notifier():
    facts = MailFacts(
        accounts=[
            AccountFacts(name="a", sender="", state="failing", key="mail.refused_auth", params={"code": 535}),
            AccountFacts(name="b", sender="", state="quota_used"),
            AccountFacts(name="c", sender="", state="resting"),
        ],
        alarms=[Alarm(key="alarm.mail_state_unwritable")],
    )
    assert told(alarms.of_mail(facts)) == [
        ("warn", "alarm.mail_state_unwritable", ""),
        ("bad", "mail.refused_auth", "a"),
        ("warn", "alarms.account_quota", "b"),
    ]
    gone = NotifierState(endpoints=[], missed=0, alarms=[Alarm(key="alarm.webhook_gone", params={"name": "shop"})])
    assert told(alarms.of_notifier(gone)) == [("warn", "alarm.webhook_gone", "")]


def test_who_does_not_answer():
    found = [*alarms.of_dispatch(None, NOW), *alarms.of_mail(None), *alarms.of_notifier(None)]
    assert [alarm.key for alarm in found] == ["dispatch.unavailable", "mail.unavailable", "notifier.unavailable"]


def test_services():
    def service(name, state, restarts):
        return ServiceState(service=name, state=state, pid=None, restarts=restarts)

    units = [service("new", "waiting", 0), service("down", "waiting", 2), service("again", "ready", 1)]
    found = list(alarms.of_services([*units, service("old", "ready", 9)], frozenset({"again"})))
    assert [(alarm.key, alarm.params["service"]) for alarm in found] == [
        ("alarms.service_down", "down"),
        ("alarms.service_restarts", "again"),
    ]


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (Reading(), []),
        (Reading(power=0, power_before=0, temperature_c=79.9), []),
        (Reading(power=0x1, power_before=0x1), ["alarms.under_voltage"]),
        (Reading(power=0x4, power_before=0x5), ["alarms.under_voltage_before", "alarms.throttled"]),
        (Reading(power=0x8, temperature_c=85), ["alarms.hot"]),
        (Reading(storage_mib=100, storage_free_mib=10), ["alarms.storage_full"]),
        (Reading(storage_mib=100, storage_free_mib=11), []),
        (Reading(memory_mib=100, memory_free_mib=9), ["alarms.memory_full"]),
    ],
)
def test_the_machine(reading, expected):
    assert [alarm.key for alarm in alarms.of_machine(reading)] == expected


def test_the_bad_ones_come_first_and_nothing_is_told_twice():
    one, two = alarms.Alarm("warn", "a", subject="x"), alarms.Alarm("bad", "b")
    assert alarms.in_order([one, two, one]) == (two, one)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_remedy_is_for_something_that_can_be_told(language):
    remedies = [key.removeprefix("remedy.") for key in PAIRS if key.startswith("remedy.")]
    assert len(remedies) > 20
    assert [key for key in remedies if key not in PAIRS and key not in ENGLISH] == []
    assert all(Words(language).may_say(f"remedy.{key}").endswith(".") for key in remedies)


@pytest.mark.parametrize(
    ("days", "kind", "key"),
    [
        (30, "", ""),
        (22, "", ""),
        (20.5, "warn", "alarms.certificate_soon"),
        (0.5, "warn", "alarms.certificate_soon"),
        (-0.5, "bad", "alarms.certificate_over"),
        (-4000, "bad", "alarms.certificate_over"),
    ],
)
def test_the_certificate_of_https(days, kind, key):
    shown = ShownCertificate(name="shop", last=NOW + days * 86_400, digest="x")
    found = list(alarms.of_certificate(shown, NOW))
    assert [(alarm.kind, alarm.key) for alarm in found] == ([(kind, key)] if key else [])
    assert all(alarm.entry == "shop" and alarm.page == "/key-store" for alarm in found)
    assert [alarm.params["days"] for alarm in found if key.endswith("soon")] == [int(days)] * key.endswith("soon")


def test_without_https_nothing_expires():
    assert list(alarms.of_certificate(None, NOW)) == []
