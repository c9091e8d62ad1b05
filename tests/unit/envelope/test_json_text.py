import json
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from otpbroker.envelope.json_text import MAX_DEPTH, decode
from otpbroker.errors import BrokerError, ResponseCode

INT64 = st.integers(-(2**63), 2**64 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | INT64 | FLOATS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
NASTY = st.text(st.sampled_from(',]}[{":\\ \n\tab'), max_size=12)


def refused(body):
    with pytest.raises(BrokerError) as caught:
        decode(body)
    assert caught.value.code == ResponseCode.INVALID_REQUEST
    return caught.value


def spelled_with_trailing_commas(value):
    """A JSON text of `value` with a comma after every last member."""
    if isinstance(value, dict):
        inner = "".join(f"{json.dumps(k)}:{spelled_with_trailing_commas(v)} , \n" for k, v in value.items())
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + "".join(spelled_with_trailing_commas(v) + "," for v in value) + "]"
    return json.dumps(value)


@given(VALUES)
def test_every_value_survives(value):
    assert decode(json.dumps(value).encode()) == value
    assert decode(json.dumps(value, ensure_ascii=False).encode()) == value


@given(VALUES)
def test_trailing_commas_change_nothing(value):
    assert decode(spelled_with_trailing_commas(value).encode()) == value


@given(NASTY, NASTY)
@example(",]", ",}")
@example('"', "\\")
def test_commas_inside_strings_stay(key, text):
    body = f"{{{json.dumps(key)}: [{json.dumps(text)},],}}"
    assert decode(body.encode()) == {key: [text]}


@given(st.binary(max_size=60) | NASTY.map(str.encode))
def test_any_octets_are_a_value_or_a_named_error(body):
    key = "json."
    try:
        json.dumps(decode(body), allow_nan=False).encode()
    except BrokerError as error:
        key = error.key
    assert key.startswith("json.")


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        (b"", 1, 1),
        (b'{"a":1,\n "b" 2}', 2, 6),
        (b'{"a":1,,}', 1, 8),
        (b"[1,\n2,\n]]", 3, 2),
        (b"[,]", 1, 2),
        (b'{"a":"b\nc"}', 1, 8),
    ],
)
def test_a_malformed_text_is_refused_with_its_place(body, line, column):
    error = refused(body)
    assert error.key == "json.malformed"
    assert (error.params["line"], error.params["column"]) == (line, column)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b'{"a":1,"a":2}', "json.duplicate_key"),
        (b'{"a":1,"\\u0061":2,}', "json.duplicate_key"),
        (b"[NaN]", "json.not_a_value"),
        (b"[-Infinity]", "json.not_a_value"),
        (b"[1e999]", "json.number_too_large"),
        (b"18446744073709551616", "json.number_too_large"),
        (b"-9223372036854775809", "json.number_too_large"),
        (b"[" + b"9" * 5000 + b"]", "json.number_too_large"),
        (b'"\\ud83d"', "json.lone_surrogate"),
        (b'{"\\udc00":1}', "json.lone_surrogate"),
        (b'"\xff"', "json.not_utf8"),
        (b'"\xed\xa0\x80"', "json.not_utf8"),
        (b"\xff\xfe[\x001\x00]\x00", "json.not_utf8"),
        (b"[" * 8000, "json.too_deep"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "json.too_deep"),
    ],
)
def test_what_two_parsers_could_read_in_two_ways_is_refused_by_name(body, key):
    assert refused(body).key == key


def test_limits_themselves_are_allowed():
    assert decode(b"[18446744073709551615,-9223372036854775808]") == [2**64 - 1, -(2**63)]
    assert math.isclose(decode(b"1e308"), 1e308)
    assert decode(b'"\\ud83d\\ude00"') == "\U0001f600"
    decode(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert decode(b'"' + b"[" * 5000 + b'"') == "[" * 5000


def test_an_error_never_quotes_what_was_sent():
    error = refused(b'{"message":"OTP 831204"')
    assert "831204" not in str(error)
