import base64

from otpbroker.notifier import signing
from otpbroker.secrets import Secret

# The example that Standard Webhooks' own libraries are tested with.
SECRET = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
CALL_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = 1614265330
BODY = b'{"test": 2432232314}'


def test_the_published_example():
    assert signing.headers(CALL_ID, AT, BODY, SECRET) == {
        "webhook-id": CALL_ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_prefix_of_a_secret_is_no_part_of_its_key():
    bare = Secret(SECRET.reveal().removeprefix("whsec_"))
    assert signing.headers(CALL_ID, AT, BODY, bare) == signing.headers(CALL_ID, AT, BODY, SECRET)


def test_everything_that_is_signed_matters():
    signed = signing.headers(CALL_ID, AT, BODY, SECRET)["webhook-signature"]
    others = [("msg_x", AT, BODY), (CALL_ID, AT + 1, BODY), (CALL_ID, AT, BODY + b" ")]
    assert signed not in {signing.headers(*other, SECRET)["webhook-signature"] for other in others}


def test_without_a_secret_there_is_no_signature():
    assert set(signing.headers(CALL_ID, AT, BODY, Secret())) == {"webhook-id", "webhook-timestamp"}


def test_secrets_are_long_and_never_the_same():
    made = {signing.generate().reveal() for _ in range(50)}
    assert len(made) == 50
    assert {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in made} == {32}
