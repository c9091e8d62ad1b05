import pytest

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.services.api.asking import Asking, asking, idempotency_key
from otpbroker.web.http import Incoming


def request(**headers):
    octets = {name.replace("_", "-").encode(): value.encode("latin-1") for name, value in headers.items()}
    return Incoming("POST", "/api/sms", octets, "10.0.0.1", bytes)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("*", "en"),
        ("id", "id"),
        ("ID", "id"),
        ("id-ID, id;q=0.9, en;q=0.8", "id"),
        ("en-GB;q=0.5 , id ; q=0.7", "id"),
        ("id;q=0", "en"),
        ("de,fr;q=0.9,id;q=0.1", "id"),
        ("ido", "en"),
        ("id;q=nonsense", "en"),
    ],
)
def test_the_language_asked_for(header, language):
    assert asking(request(Accept_Language=header)).language == language


@pytest.mark.parametrize(
    ("header", "early"),
    [("respond-async", True), ("wait=10, Respond-Async", True), ("respond-async; wait=5", True), ("no-async", False)],
)
def test_an_early_answer_is_asked_for_by_rfc_7240(header, early):
    assert asking(request(Prefer=header)).respond_async is early


def test_nothing_asked_is_the_default():
    assert asking(request()) == Asking("en", problem=False, respond_async=False)
    assert asking(request(Accept="*/*")).problem is False
    assert asking(request(Accept="application/json, application/problem+json")).problem is True


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "käse", "a\x7f"])
def test_an_idempotency_key_is_printable_ascii_of_at_most_255(key):
    with pytest.raises(BrokerError) as caught:
        idempotency_key(request(Idempotency_Key=key))
    assert caught.value.code == ResponseCode.INVALID_REQUEST


def test_an_idempotency_key_is_taken_as_it_stands():
    assert idempotency_key(request()) == ""
    assert idempotency_key(request(Idempotency_Key='"8e03 ~"')) == '"8e03 ~"'
