"""The commands of SPEC §5.1 through the real process."""

import threading

import pytest

from fakes.http import basic
from otpbroker.errors import BrokerError, ResponseCode

SAMPLE = """
{
  "command":"send-sms",
  "data":{
    "id": 123456,
    "msisdn": "08126666666",
    "message": "OTP Anda adalah 1234"
  }
}
"""
TRAILING_COMMA = '{"command":"%s","data":{"msisdn": "08126666666",}}'


def test_the_customers_sample_is_sent_and_the_reply_names_the_modem(shared_api, client):
    answer = client.request("POST", "/api/sms", SAMPLE, basic(), Content_type="application/json")
    assert (answer.status, answer.code) == (200, "0000")
    assert answer.json["command"] == "send-sms"
    assert answer.json["response_text"] == "Success"
    assert answer.data["modem"] == "Modem m0"
    assert (answer.data["id"], answer.data["state"], answer.data["parts"]) == (123456, "submitted", 1)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"
    assert "server" not in answer.headers
    (sent,) = shared_api.dispatch.sent
    assert (sent.door, sent.user, sent.id, sent.text.reveal()) == ("rest", "user", "123456", "OTP Anda adalah 1234")


def test_the_customers_block_and_unblock_with_their_trailing_commas(shared_api, client):
    for command, path, code in (("block-msisdn", "/api/block", "1103"), ("unblock-msisdn", "/api/unblock", "0000")):
        answer = client.request("POST", path, TRAILING_COMMA % command, basic())
        assert (answer.status, answer.code, answer.data) == (200, "0000", {"msisdn": "08126666666"})
        assert client.sms().code == code


def test_the_command_decides_and_not_the_path(client):
    assert client.command("echo", {"a": [1.5, "ü", None]}, path="/api/otp").data == {"a": [1.5, "ü", None]}
    assert client.request("PUT", "/api/block", SAMPLE, basic()).json["command"] == "send-sms"


def test_modems_and_ussd(client):
    listing = client.command("get-modem-list", None).data["modem_list"]
    assert listing["m0"]["name"] == "Modem m0"
    answer = client.command("request-ussd", {"modem_id": "m0", "ussd_code": "*888#"})
    assert answer.data["ussd_response"] == "Pulsa <b>*888#</b>"
    assert (answer.data["modem_id"], answer.data["ussd_code"]) == ("m0", "*888#")


def test_mail_is_sent_and_the_reply_names_the_account(shared_api, client):
    data = {"id": 7, "recipient": "a@b.id", "subject": "s", "message": "m", "callback": "https://app.example/otp"}
    for command in ("send-mail", "send-email", "send-message"):
        answer = client.command(command, data, path="/api/mail", Idempotency_Key="k")
        assert (answer.status, answer.code, answer.json["command"]) == (200, "0000", command)
        assert answer.data == {"id": 7, "account": "gmail", "state": "submitted"}
    sent = shared_api.mail.sent[-1]
    assert (sent.door, sent.user, sent.recipient, sent.subject) == ("rest", "user", "a@b.id", "s")
    assert (sent.text.reveal(), sent.idempotency_key) == ("m", "k")
    assert (sent.id, sent.callback) == ("7", "https://app.example/otp")


@pytest.mark.parametrize(("code", "state"), [("1102", "failed"), ("1106", "unknown"), ("1203", "expired")])
def test_the_outcome_of_a_mail_is_200_and_the_code_tells(shared_api, client, code, state):
    shared_api.mail.by_recipient["x@b.id"] = ResponseCode(code)
    answer = client.command("send-mail", {"recipient": "x@b.id", "subject": "s", "message": "m"})
    assert (answer.status, answer.code) == (200, code)
    assert answer.data == {"state": state, "reason": "mail.silent"}


def test_mail_without_an_account_says_so(api, own_client):
    api.mail.has_account = False
    client = own_client
    for command in ("send-mail", "send-email", "send-message"):
        answer = client.command(command, {"recipient": "a@b.id", "subject": "s", "message": "m"}, path="/api/mail")
        assert (answer.status, answer.code, answer.data["reason"]) == (200, "1102", "mail.no_account")
        assert answer.data["state"] == "failed"


@pytest.mark.parametrize(
    ("code", "status", "state"),
    [("1101", 200, "failed"), ("1102", 200, "failed"), ("1106", 200, "unknown"), ("1203", 200, "expired")],
)
def test_an_outcome_is_200_and_the_code_tells(shared_api, client, code, status, state):
    shared_api.dispatch.by_number["08121"] = ResponseCode(code)
    answer = client.sms("08121")
    assert (answer.status, answer.code, answer.data["state"]) == (status, code, state)


@pytest.mark.parametrize(
    ("code", "key", "status"),
    [
        ("1101", "route.no_modem", 200),
        ("1103", "number.blocked", 200),
        ("1104", "number.empty", 200),
        ("1108", "code.1108", 200),
        ("1105", "modem.unknown", 400),
        ("1105", "idempotency.other_content", 422),
        ("1107", "limit.number_hour", 429),
        ("1107", "queue.full", 503),
        ("1102", "dispatch.stopping", 503),
    ],
)
def test_a_refusal_has_its_status_and_goes_back_with_the_senders_id(shared_api, client, code, key, status):
    retry_after_s = 7.2 if status in (429, 503) else None
    shared_api.dispatch.by_number["08121"] = BrokerError(ResponseCode(code), key, retry_after_s=retry_after_s)
    answer = client.sms("08121")
    assert (answer.status, answer.code) == (status, code)
    assert answer.data == {"id": 123456, "state": "failed", "reason": key}
    assert answer.headers.get("retry-after") == ("8" if retry_after_s else None)


def test_problem_documents_on_request(client):
    answer = client.command("no-such", {}, Accept="application/problem+json")
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Bad Request", 400)
    assert problem["response_code"] == "1109"
    assert "no-such" in problem["detail"]
    assert client.sms(Accept="application/problem+json").code == "0000"


@pytest.mark.parametrize(
    ("wanted", "text"),
    [("id", "Sukses"), ("id-ID,en;q=0.5", "Sukses"), ("en;q=0.9, id;q=0.1", "Success"), ("fr", "Success")],
)
def test_the_language_of_the_words(client, wanted, text):
    assert client.command("echo", 1, Accept_Language=wanted).json["response_text"] == text


def test_an_early_answer_and_the_state_afterwards(shared_api, client):
    happens = shared_api.dispatch.by_number["08121"] = threading.Event()
    answer = client.sms("08121", Prefer="respond-async")
    assert (answer.status, answer.code, answer.data["state"]) == (202, "0000", "queued")
    assert answer.headers["preference-applied"] == "respond-async"
    location = answer.headers["location"]
    assert location == f"/api/messages/{answer.data['message_id']}"
    assert client.request("GET", location, auth=basic()).data["state"] == "queued"
    happens.set()
    assert client.request("GET", location, auth=basic("other")).status == 404
    assert client.request("GET", location).status == 401
    assert client.request("POST", location, auth=basic()).headers["allow"] == "GET, HEAD"
    assert client.request("GET", "/api/messages/../sms", auth=basic()).status == 404


def test_a_deadline_that_passes_is_answered_with_where_to_ask(api, own_client):
    api.dispatch.by_number["08121"] = threading.Event()
    api.write(deadline_s=0.2)
    api.reload()
    answer = own_client.sms("08121")
    assert (answer.status, answer.data["state"]) == (202, "queued")
    assert "preference-applied" not in answer.headers
    assert own_client.request("GET", answer.headers["location"], auth=basic()).status == 200


def test_the_idempotency_key_travels_and_is_checked(shared_api, client):
    client.sms(Idempotency_Key="8e03978e-40d5-43dd-bc93-6894a57f9324")
    assert shared_api.dispatch.sent[-1].idempotency_key == "8e03978e-40d5-43dd-bc93-6894a57f9324"
    for key in ("x" * 256, "", "a\tb"):
        assert client.sms(Idempotency_Key=key).status == 400
    assert len(shared_api.dispatch.sent) == 1


def test_lifetimes(shared_api, client):
    client.sms(date_time=1_700_000_000, expiration=1_700_000_120)
    assert shared_api.dispatch.sent[-1].lifetime_s == 120
    assert client.sms(date_time=1_700_000_000, expiration=1_699_999_999).code == "1203"
    assert client.sms(expiration=1_700_000_000_000).status == 400
    client.sms()
    assert shared_api.dispatch.sent[-1].lifetime_s is None


def test_dispatch_that_stays_away_is_503(api, own_client):
    api.dispatch.stop()
    answer = own_client.command("get-modem-list", None)
    assert (answer.status, answer.code) == (503, "1102")
    assert int(answer.headers["retry-after"]) > 0


def test_no_text_and_no_password_reach_the_log(shared_api, client):
    client.sms(text="canary-831204")
    client.request("POST", "/api/sms", '{"message":"canary-831204"', basic())
    client.request("POST", "/api/sms", "{}", basic("user", "canary-831204"))
    client.raw(b"canary-831204\r\n\r\n")
    client.answer()
    assert "canary" not in shared_api.log()
