import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.envelope.parse import read_frames
from otpbroker.envelope.sealed import CONTENT_TYPE, Opener, generate, seal
from otpbroker.errors import BrokerError
from otpbroker.secrets import Secret

PUBLIC, PRIVATE = generate()
BODY = b'{"command":"send-sms","data":{"msisdn":"081234567890","message":"Kode 482913"}}'


def in_json(box):
    return json.dumps({"sealed": base64.b64encode(box).decode()}).encode()


def refusal(opener, body, content_type=""):
    with pytest.raises(BrokerError) as refused:
        opener.open(body, content_type)
    assert refused.value.code == "1105"
    return refused.value.key


@given(st.binary(max_size=2000))
def test_what_was_sealed_is_opened_in_both_forms(body):
    box = seal(body, PUBLIC)
    assert len(box) == len(body) + 48
    assert Opener(PRIVATE).open(box, CONTENT_TYPE) == body
    assert Opener(PRIVATE, required=True).open(in_json(box)) == body


@given(st.integers(0, len(BODY) + 47), st.integers(1, 255))
def test_a_box_with_one_changed_octet_or_cut_off_stays_shut(at, change):
    box = bytearray(seal(BODY, PUBLIC))
    assert refusal(Opener(PRIVATE), bytes(box[:at]), CONTENT_TYPE) == "sealed.cannot_open"
    box[at] ^= change
    assert refusal(Opener(PRIVATE), bytes(box), CONTENT_TYPE) == "sealed.cannot_open"


def test_a_plain_body_passes_unless_only_sealed_ones_are_wanted():
    told = b'{"command":"echo","data":{"sealed":"aGFsbw=="}}'
    for body in (BODY, told, b"{", b""):
        assert Opener(PRIVATE).open(body, "application/json") == body
        assert Opener(Secret()).open(body) == body
        assert refusal(Opener(PRIVATE, required=True), body) == "sealed.required"


def test_without_the_key_or_with_another_one_it_says_which():
    box = seal(BODY, PUBLIC)
    assert refusal(Opener(Secret()), box, CONTENT_TYPE) == "sealed.no_key"
    assert refusal(Opener(generate()[1]), box, CONTENT_TYPE) == "sealed.cannot_open"
    assert refusal(Opener(PRIVATE), b'{"sealed":"not Base64!"}') == "sealed.cannot_open"
    assert refusal(Opener(PRIVATE), b'{"sealed":7}') == "sealed.cannot_open"


def test_while_senders_change_over_both_keys_open():
    public, private = generate()
    both = Opener(Secret(f"{private.reveal()},{PRIVATE.reveal()}"))
    for key in (public, PUBLIC):
        (frame,) = read_frames(both.open(seal(BODY, key), CONTENT_TYPE))
        assert frame.command == "send-sms"


def test_a_refusal_quotes_nothing_of_what_it_could_not_open():
    with pytest.raises(BrokerError) as refused:
        Opener(PRIVATE).open(in_json(b"482913" * 20))
    assert "482913" not in str(refused.value)
