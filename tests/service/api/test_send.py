from fakes.http import basic

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


def test_the_customers_sample_is_sent_and_the_reply_names_the_modem(api):
    with api.client() as client:
        answer = client.request("POST", "/api/sms", SAMPLE, basic(), Content_type="application/json")
    assert (answer.status, answer.code) == (200, "0000")
    assert answer.json["command"] == "send-sms"
    assert answer.data["modem"] == "Modem m0"
    assert (answer.data["id"], answer.data["state"], answer.data["parts"]) == (123456, "submitted", 1)
    assert answer.headers["cache-control"] == "no-store"
    assert "server" not in answer.headers
    (sent,) = api.dispatch.sent
    assert (sent.door, sent.user, sent.id, sent.text.reveal()) == ("rest", "user", "123456", "OTP Anda adalah 1234")
