import re

import msgspec

from fakes.dispatch import modem
from otpbroker.services.api.metrics import Metrics
from otpbroker.verbs.dispatch import Counters, DispatchStatus
from otpbroker.verbs.feeders import FeederState
from otpbroker.verbs.mail import AccountFacts, MailFacts

LINE = re.compile(r'[a-z_]+(\{[a-z_]+="(\\.|[^"\\\n])*"(,[a-z_]+="(\\.|[^"\\\n])*")*\})? [0-9.e+-]+|# (HELP|TYPE) .+')


def status(modems):
    counters = Counters(
        queued=3,
        in_flight=2,
        accepted=9,
        by_state={"submitted": 4},
        by_modem={"m0": 4},
        latency_ms_sum=1500.0,
        latency_count=4,
    )
    return DispatchStatus(version="0", uptime_s=1, modems=modems, counters=counters, alarms=[])


ACCOUNT = {"name": "gmail 1", "sender": "otp@example.com", "state": "ready", "sent": 5, "failed": 2, "sent_today": 3}
DIRECT = AccountFacts(name="(direct)", sender="noreply@example.net", state="ready", sent=1)
FEEDER = FeederState(feeder="amqp", state="consuming", since=1.0, received=5, answered={"0000": 4}, dead=1)
MAIL = MailFacts(accounts=[AccountFacts(**ACCOUNT)], direct=DIRECT, by_state={"submitted": 6})


def test_the_histogram_is_cumulative_and_ends_with_the_count():
    metrics = Metrics()
    for seconds in (0.001, 0.0025, 0.02, 100.0):
        metrics.observe(200, "0000", seconds)
    lines = metrics.render(7, None, None).decode().splitlines()
    assert 'otpb_api_request_seconds_bucket{le="0.0025"} 2' in lines
    assert 'otpb_api_request_seconds_bucket{le="0.025"} 3' in lines
    assert 'otpb_api_request_seconds_bucket{le="60"} 3' in lines
    assert 'otpb_api_request_seconds_bucket{le="+Inf"} 4' in lines
    assert "otpb_api_request_seconds_count 4" in lines
    assert "otpb_api_auth_failures_total 7" in lines
    assert "otpb_dispatch_up 0" in lines
    assert "otpb_mail_up 0" in lines


def test_every_line_is_exposition_format_whatever_a_modem_calls_itself():
    modems = [modem('we"ird\\\n', signal_dbm=-71), modem("m1", connected=False)]
    told = msgspec.structs.replace(status(modems), feeders=[FEEDER])
    text = Metrics().render(0, told, MAIL).decode()
    assert text.endswith("\n")
    for line in text.splitlines():
        assert LINE.fullmatch(line), line
    assert 'otpb_modem_ready{modem="m1",state="ready"} 0' in text
    assert "otpb_message_seconds_sum 1.5" in text
    assert "otpb_queue_messages 3" in text
    assert 'otpb_feeder_consuming{feeder="amqp"} 1' in text
    assert 'otpb_feeder_answered_total{feeder="amqp",code="0000"} 4' in text
    assert 'otpb_feeder_last_error_timestamp_seconds{feeder="amqp"} 0' in text
    assert 'otpb_mail_sent_total{account="gmail 1"} 5' in text
    assert 'otpb_mail_sent_total{account="(direct)"} 1' in text
    assert 'otpb_mail_failed_total{account="gmail 1"} 2' in text
    assert 'otpb_mail_messages_total{state="submitted"} 6' in text
