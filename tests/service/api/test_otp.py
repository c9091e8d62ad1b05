"""request-otp and verify-otp through the real process (SPEC §5.1)."""

import re
import threading
import time

import pytest

from fakes.http import basic
from fakes.otp import wrong
from otpbroker.config.sections.otp import OtpSection
from otpbroker.errors import BrokerError, ResponseCode

SAMPLE = """{"command":"request-otp","data":{"date_time":1629685778,"expiration":1629685838,"receiver":"08126666666",
"message":"OTP Anda adalah %s","reference":"12345678901234567890","param1":"100000","param2":"a","param3":"b",}}"""
PARAMS = {"param1": 100000, "param2": "a", "param3": "b"}


def request(client, reference="1", receiver="08126666666", message="OTP Anda adalah %s", path="/api/otp", **more):
    headers = {name: more.pop(name) for name in list(more) if name[0].isupper()}
    data = {"reference": reference, "receiver": receiver, "message": message, **more}
    return client.command("request-otp", data, path, **headers)


def verify(client, otp, reference="1", receiver="08126666666", path="/api/otp", **more):
    headers = {name: more.pop(name) for name in list(more) if name[0].isupper()}
    data = {"reference": reference, "receiver": receiver, "otp": otp, **more}
    return client.command("verify-otp", data, path, **headers)


def code_in(verb):
    return re.search("[0-9]{6}", verb.text.reveal())[0]


def test_the_sample(shared_api, client):
    answer = client.request("POST", "/api/otp", SAMPLE, basic())
    assert (answer.status, answer.code, answer.json["command"]) == (200, "0000", "request-otp")
    names = {"reference": "12345678901234567890", "receiver": "08126666666"}
    assert names.items() <= answer.data.items()
    assert abs(answer.data["date_time"] - time.time()) < 60
    assert (answer.data["modem"], answer.data["state"], answer.data["parts"]) == ("Modem m0", "submitted", 1)
    (sent,) = shared_api.dispatch.sent
    assert (sent.door, sent.user, sent.msisdn) == ("rest", "user", "08126666666")
    assert 59 < sent.lifetime_s <= 60
    code = code_in(sent)
    assert sent.text.reveal() == f"OTP Anda adalah {code}"
    assert code not in answer.body.decode()
    refused = verify(client, wrong(code), **names, **PARAMS)
    assert (refused.status, refused.code, refused.data["reason"]) == (200, "1202", "otp.wrong")
    assert names.items() <= refused.data.items()
    verified = verify(client, int(code), **names, **PARAMS)
    assert (verified.status, verified.code) == (200, "0000")
    assert verified.data.keys() == {"reference", "receiver", "date_time"}
    assert verify(client, code, **names, **PARAMS).data["reason"] == "otp.used"


def test_every_path_takes_them_and_a_reference_keeps_its_form(shared_api, client):
    answer = request(client, 7, path="/api/sms")
    assert answer.data["reference"] == 7
    answer = verify(client, code_in(shared_api.dispatch.sent[-1]), "7", path="/api/block")
    assert (answer.code, answer.data["reference"]) == ("0000", "7")


def test_a_reference_is_taken_until_its_time_is_over(shared_api, client):
    assert request(client, "taken", date_time=100, expiration=101).code == "0000"
    answer = request(client, "taken")
    assert (answer.status, answer.code, answer.data["reason"]) == (200, "1201", "otp.duplicate")
    assert answer.data["reference"] == "taken"
    time.sleep(1)
    assert verify(client, code_in(shared_api.dispatch.sent[-1]), "taken").code == "1203"
    assert request(client, "taken").code == "0000"


@pytest.mark.parametrize(
    ("ordered", "status", "code"),
    [
        (ResponseCode("1102"), 200, "1102"),
        (ResponseCode("1203"), 200, "1203"),
        (BrokerError(ResponseCode("1103"), "number.blocked"), 200, "1103"),
        (BrokerError(ResponseCode("1107"), "queue.full", retry_after_s=5), 503, "1107"),
    ],
)
def test_what_did_not_go_out_is_answered_as_a_message_is_and_may_be_asked_again(
    shared_api, client, ordered, status, code
):
    shared_api.dispatch.by_number["081211111111"] = ordered
    answer = request(client, f"not out {ordered}", "081211111111")
    assert (answer.status, answer.code) == (status, code)
    shared_api.dispatch.by_number.clear()
    assert request(client, f"not out {ordered}", "081211111111").code == "0000"


def test_too_soon_is_429(api, own_client):
    api.dispatch.otp.configure(OtpSection(resend_s=30), "en")
    assert request(own_client, "1").code == "0000"
    answer = request(own_client, "2")
    assert (answer.status, answer.code) == (429, "1107")
    assert 1 <= int(answer.headers["retry-after"]) <= 30


def test_a_repeated_idempotency_key_is_one_code(shared_api, client):
    happens = shared_api.dispatch.by_number["081222222222"] = threading.Event()
    answers = []
    with shared_api.client() as other:
        first = threading.Thread(
            target=lambda: answers.append(request(other, "k", "081222222222", Idempotency_Key="k"))
        )
        first.start()
        early = request(client, "k", "081222222222", Idempotency_Key="k", Prefer="respond-async")
        happens.set()
        first.join()
    again = request(client, "k", "081222222222", Idempotency_Key="k")
    assert (early.status, again.status, again.code, again.data["replayed"]) == (202, 200, "0000", True)
    assert {early.data["message_id"], answers[0].data["message_id"]} == {again.data["message_id"]}
    assert request(client, "l", "081222222222", Idempotency_Key="k").status == 422
    (sent,) = shared_api.dispatch.sent
    for _ in range(2):
        assert verify(client, code_in(sent), "k", "081222222222", Idempotency_Key="v").code == "0000"
    assert verify(client, code_in(sent), "k", "081222222222", Idempotency_Key="w").code == "1202"


def test_an_early_answer_says_where_to_ask(shared_api, client):
    shared_api.dispatch.by_number["081233333333"] = threading.Event()
    answer = request(client, "early", "081233333333", Prefer="respond-async")
    assert (answer.status, answer.data["state"]) == (202, "queued")
    location = answer.headers["location"]
    assert location == f"/api/messages/{answer.data['message_id']}"
    assert client.request("GET", location, auth=basic()).data["state"] == "queued"
    shared_api.dispatch.by_number["081233333333"].set()


def test_by_mail(shared_api, client):
    answer = request(client, "mail", "Someone@Example.com")
    assert (answer.code, answer.data["account"], answer.data["state"]) == ("0000", "gmail", "submitted")
    assert "message_id" not in answer.data
    mail = shared_api.mail.sent[-1]
    assert (mail.recipient, mail.subject, mail.user) == ("Someone@Example.com", "Your code", "user")
    assert request(client, "mail 2", "a@b.id", subject="Kode Bank").code == "0000"
    assert shared_api.mail.sent[-1].subject == "Kode Bank"
    assert verify(client, code_in(mail), "mail", "someone@example.com").code == "0000"
    assert verify(client, code_in(mail), "mail 2", "a@b.id").code == "1202"


@pytest.mark.parametrize(
    ("ordered", "status", "code"),
    [
        (ResponseCode("1102"), 200, "1102"),
        (BrokerError(ResponseCode("1105"), "mail.bad_address"), 400, "1105"),
    ],
)
def test_mail_that_did_not_go_out(shared_api, client, ordered, status, code):
    shared_api.mail.by_recipient["no@b.id"] = ordered
    answer = request(client, f"no mail {code}", "no@b.id")
    assert (answer.status, answer.code) == (status, code)
    shared_api.mail.by_recipient.clear()
    assert request(client, f"no mail {code}", "no@b.id").code == "0000"


def test_mail_in_doubt_stands(shared_api, client):
    lost = BrokerError(ResponseCode.OUTCOME_UNKNOWN, "mail.lost")
    for reference, ordered in (("doubt", ResponseCode.OUTCOME_UNKNOWN), ("lost", lost)):
        shared_api.mail.by_recipient["doubt@b.id"] = ordered
        assert request(client, reference, "doubt@b.id").code == "1106"
        assert request(client, reference, "doubt@b.id").code == "1201"


def test_what_cannot_be_is_refused_before_anything_is_made(shared_api, client):
    wrongs = {
        "message": ["no place", "%s %s", "", "x" * 8001 + "%s"],
        "receiver": ["", "08\n12", "1", "a@b\n"],
        "param1": [1.5, {}, "x" * 256],
        "expiration": [1_700_000_000_000],
    }
    for field, values in wrongs.items():
        for value in values:
            answer = request(client, "wrong", **{field: value})
            assert answer.code in ("1104", "1105", "1108"), (field, value)
    assert request(client, "wrong").code == "0000"
    assert len(shared_api.dispatch.sent) == 1


def test_no_code_and_no_parameter_reach_the_log(shared_api, client):
    request(client, "log", param1="canary-831204")
    code = code_in(shared_api.dispatch.sent[-1])
    verify(client, code, "log", param1="canary-831205")
    request(client, "log", message="canary-831206", param2="canary-831207")
    assert not {"canary", code} & set(re.findall(r"canary|[0-9]{6}", shared_api.log()))
