from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from otpbroker.modem.lines import MAX_LINE, PROMPT, Framer

TALK = (
    b"AT\r\r\nOK\r\n\r\n+CREG: 1\r\n"
    b'\r\n+CUSD: 1,"1. Pulsa\r\n2. Kuota \xa3\r\nOK\r\n",15\r\n'
    b'\r\n+COPS: 0,0,"TELKOMSEL"\r\n\r\nOK\r\n'
)
SAID = ["AT", "OK", "+CREG: 1", '+CUSD: 1,"1. Pulsa\n2. Kuota \xa3\nOK\n",15', '+COPS: 0,0,"TELKOMSEL"', "OK"]


def fed(framer, chunks):
    return [event for chunk in chunks for event in framer.feed(chunk)]


def cut(data, places):
    borders = [0, *sorted(places), len(data)]
    return [data[a:b] for a, b in pairwise(borders)]


def test_a_talk_in_one_piece():
    assert fed(Framer(), [TALK]) == SAID


def test_byte_by_byte():
    assert fed(Framer(), [TALK[i : i + 1] for i in range(len(TALK))]) == SAID


def test_garbage_before_a_line_costs_that_line_only():
    assert fed(Framer(), [b"\xff\x80\xfe#~\x00\x01\r\n" + TALK])[1:] == SAID


def test_big_garbage_without_an_end_is_dropped():
    framer = Framer()
    assert fed(framer, [b"\xff\xa5x" * 1000] * 100) == []
    assert fed(framer, [b"\r\n" + TALK]) == SAID


def test_corrupted_line_does_not_touch_its_neighbours():
    corrupted = TALK.replace(b"+CREG", b"+C\x00\xf0EG")
    assert fed(Framer(), [corrupted])[3:] == SAID[3:]


def test_start_mark_storm():
    assert fed(Framer(), [b"\r\n" * 5000 + b"\r" * 5000 + TALK]) == SAID
    assert fed(Framer(), [b"+" * 3000 + b"\r\n" + TALK])[1:] == SAID


def test_a_ussd_text_that_never_ends_is_given_up_within_bounds():
    framer = Framer()
    fed(framer, [b'+CUSD: 0,"never\r\n'] + [b"x" * 100 + b"\r\n"] * (MAX_LINE // 100 + 1))
    assert fed(framer, [b"\r\nOK\r\n"]) == ["OK"]


def test_quotes_within_a_ussd_text():
    line = b'+CUSD: 0,"Paket "Hemat" Rp5.000\r\nBalas "1"",15\r\n'
    assert fed(Framer(), [line]) == ['+CUSD: 0,"Paket "Hemat" Rp5.000\nBalas "1"",15']


def test_a_prompt_only_when_it_is_expected():
    framer = Framer()
    assert fed(framer, [b"\r\n> "]) == []
    framer.reset()
    framer.expect_prompt = True
    assert fed(framer, [b"\r\n>"]) == [PROMPT]
    assert fed(framer, [b" \r\n> \r\nOK\r\n"]) == [">", "OK"]


def test_echo_before_a_prompt_and_a_pdu_echo_after_it():
    framer = Framer()
    framer.expect_prompt = True
    assert fed(framer, [b"AT+CMGS=23\r\r\n> ", b"0011\x1a\r\n+CMGS: 5\r\n\r\nOK\r\n"]) == [
        "AT+CMGS=23",
        PROMPT,
        "0011",
        "+CMGS: 5",
        "OK",
    ]


PIECES = st.lists(
    st.sampled_from([b"\r", b"\n", b">", b" ", b'"', b",15", b"+CUSD: ", b"OK", b"x" * 3000, b"\x1a", b"\x1b", b"\xff"])
    | st.binary(max_size=4),
    max_size=30,
).map(b"".join)


@given(PIECES, st.data(), st.booleans())
@example(b" " * MAX_LINE + b"> x", None, True)
def test_any_chunking_gives_the_same_events(talk, data, expected):
    whole, parts = Framer(), Framer()
    whole.expect_prompt = parts.expect_prompt = expected
    places = data.draw(st.lists(st.integers(0, len(talk)), max_size=12)) if data else range(0, len(talk), 7)
    assert fed(parts, cut(talk, places)) == fed(whole, [talk])
    assert whole.expect_prompt == parts.expect_prompt


@given(st.binary(max_size=2000))
def test_whatever_comes_no_event_is_empty_or_long(talk):
    for event in Framer().feed(talk):
        assert event == PROMPT or (event.strip() == event and 0 < len(event) <= MAX_LINE)
