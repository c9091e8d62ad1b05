import pytest

from fakes.at_chat import LENGTH, SUBMIT
from otpbroker.simulator.heard import heard
from otpbroker.simulator.knobs import CmsFault
from otpbroker.sms import submit
from otpbroker.sms.segment import segments

NUMBER = "6281000000126"


def send(wire, pdu=SUBMIT, length=LENGTH):
    assert wire.ask(f"AT+CMGS={length}\r") == "\r\n> "
    return [line for line in wire.ask(pdu + "\x1a").split("\r\n") if line]


def test_references_count_and_wrap(modem):
    one = modem()
    one.tp_mr = 254
    assert [send(one.wire) for _ in range(2)] == [["+CMGS: 255", "OK"], ["+CMGS: 0", "OK"]]
    assert [each.outcome for each in one.accepted] == ["sent", "sent"]
    assert one.accepted[0].at_s <= one.accepted[1].at_s


@pytest.mark.parametrize(
    ("pdu", "length"),
    [
        (SUBMIT, LENGTH + 1),
        (SUBMIT[:-2], LENGTH),
        ("zz" + SUBMIT[2:], LENGTH),
        ("", 20),
        ("00", 0),
        ("0004" + SUBMIT[4:], LENGTH),  # a DELIVER
        ("0011001D91" + SUBMIT[10:], LENGTH),  # 29 digits
        (SUBMIT[:-12] + "07" + SUBMIT[-10:], LENGTH),  # more septets than octets
    ],
)
def test_what_is_no_submit_of_that_length_is_refused(modem, pdu, length):
    one = modem()
    assert send(one.wire, pdu, length) == ["+CMS ERROR: 304"]
    assert one.accepted == []


def test_escape_cancels_and_the_next_line_is_a_command(modem):
    one = modem()
    one.wire.ask(f"AT+CMGS={LENGTH}\r")
    assert one.wire.ask(SUBMIT[:10] + "\x1b") == "\r\nOK\r\n"
    assert one.wire.at("") == ["OK"]
    assert one.accepted == []


def test_a_command_at_the_prompt_is_taken_for_text(modem):
    wire = modem().wire
    wire.ask("AT+CMGS=20\r")
    assert wire.ask("AT\r") == ""
    assert "304" in wire.ask("\x1a")


def test_text_mode(modem):
    one = modem()
    one.wire.at("+CMGF=1")
    assert one.wire.ask(f'AT+CMGS="+{NUMBER}"\r') == "\r\n> "
    assert one.wire.ask("Halo 1\x1a") == "\r\n+CMGS: 0\r\n\r\nOK\r\n"
    (message,) = heard(one.accepted)
    assert (message.number, message.text) == (NUMBER, "Halo 1")


@pytest.mark.parametrize("text", ["Kode 123456", "{[€]}" * 40, "kode \U0001f600 " * 30, "é" * 161])
def test_what_was_sent_can_be_read(modem, text):
    one = modem()
    parts = [submit.encode(each, NUMBER, status_report=False, validity_s=300) for each in segments(text)]
    assert all(send(one.wire, part.hex, part.tpdu_length)[-1] == "OK" for part in parts)
    (message,) = heard(one.accepted)
    assert (message.number, message.text, message.missing) == (NUMBER, text, [])
    assert message.submits == list(range(len(parts)))


def test_refusals_for_a_time_for_a_number_and_in_words(modem):
    one = modem(cms_error={"code": 38, "times": 1})
    assert send(one.wire) == ["+CMS ERROR: 38"]
    assert send(one.wire)[-1] == "OK"
    one.knobs.cms_error = CmsFault(code="network timeout", number=NUMBER)
    assert send(one.wire) == send(one.wire) == ["+CMS ERROR: network timeout"]
    one.knobs.cms_error = CmsFault(number="6281")
    assert send(one.wire)[-1] == "OK"


def test_counted_faults_pass(modem):
    one = modem(busy=1, lost_cmgs=1, memory_full=True)
    assert one.wire.at("+CMGS=20") == ["+CMS ERROR: 314"]
    assert send(one.wire) == ["+CMS ERROR: 322"]
    one.knobs.memory_full = False
    assert send(one.wire) == ["OK"]
    assert send(one.wire) == ["+CMGS: 1", "OK"]
    assert [each.outcome for each in one.accepted] == ["lost", "sent"]


def test_silence_after_the_text_and_no_prompt(modem):
    one = modem(silent_after_text=1, no_prompt=1)
    assert one.wire.ask(f"AT+CMGS={LENGTH}\r") == ""
    assert one.wire.ask("\x1b") == "\r\nOK\r\n"
    assert send(one.wire) == []
    assert [each.outcome for each in one.accepted] == ["silent"]
    assert one.wire.at("") == ["OK"]


def test_a_storm_stands_between_all_lines_and_looks_like_answers(modem):
    wire = modem(urc_storm=["RING", "OKE"]).wire
    assert wire.at("+CSQ") == ["RING", "OKE", "+CSQ: 21,99", "RING", "OKE", "OK"]
    assert wire.ask(f"AT+CMGS={LENGTH}\r") == "\r\nRING\r\n\r\nOKE\r\n\r\n> "
    assert wire.ask(SUBMIT + "\x1a").count("OKE") == 2


def test_garbage_before_an_answer(modem):
    assert modem(garbage="\x00\xff~").wire.ask("AT\r") == "\x00\xff~\r\nOK\r\n"


def test_a_hung_modem_hears_nothing_until_it_is_restarted(modem):
    one = modem(hang="hard")
    assert one.wire.ask("AT\rAT+CFUN=1,1\r") == ""
    one.knobs.hang = "until_restart"
    assert one.wire.ask("AT\r") == ""
    one.urc("RING")
    assert one.wire.written == b""
    assert one.wire.ask("AT+CFUN=1,1\r") == "\r\nOK\r\n"
    assert one.knobs.hang == ""
