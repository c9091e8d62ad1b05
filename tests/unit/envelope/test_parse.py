import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.customer import BLOCK, MAIL, SEND, UNBLOCK, WS_BLOCK, WS_SEND, WS_UNBLOCK
from otpbroker.envelope.commands import (
    BlockMsisdn,
    Echo,
    GetModemList,
    RequestOtp,
    RequestUssd,
    SendMail,
    SendSms,
    Timing,
    VerifyOtp,
)
from otpbroker.envelope.parse import parse, read_frames
from otpbroker.envelope.parse import read_command as parse_frame
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import MessageText, Secret


def body(command, **data):
    return json.dumps({"command": command, "data": data}).encode()


def sms(**data):
    return body("send-sms", **({"msisdn": "08126666666", "message": "x"} | data))


def refused(octets):
    with pytest.raises(BrokerError) as caught:
        parse(octets)
    return caught.value


def test_the_customers_samples():
    text = MessageText("OTP Anda adalah 1234")
    assert parse(SEND.encode()) == SendSms(command="send-sms", id=123456, msisdn="08126666666", text=text)
    assert parse(BLOCK.encode()) == BlockMsisdn(command="block-msisdn", msisdn="08126666666", blocked=True)
    assert parse(UNBLOCK.encode()) == BlockMsisdn(command="unblock-msisdn", msisdn="08126666666", blocked=False)
    assert parse(MAIL.encode()) == SendMail(
        command="send-mail", recipient="admin@domain.tld", subject="Reset Password", text=text
    )


@pytest.mark.parametrize("name", ["msisdn", "receiver", "recipient"])
def test_the_recipient_has_three_names(name):
    assert parse(body("send-sms", message="x", **{name: "0812"})).msisdn == "0812"


def test_two_names_of_the_same_recipient_agree_or_are_refused():
    assert parse(sms(receiver="08126666666", recipient=None)).msisdn == "08126666666"
    assert refused(sms(recipient="")).params == {"field": "recipient"}
    error = refused(sms(recipient="08126666667"))
    assert (error.key, error.params) == ("envelope.recipients_differ", {"fields": "msisdn, recipient"})


def test_send_message_goes_by_the_recipient():
    assert isinstance(parse(body("send-message", receiver="0812", message="x")), SendSms)
    mail = parse(body("send-message", receiver="a@b.id", subject="s", message="x"))
    assert isinstance(mail, SendMail)
    assert mail.command == "send-message"


def test_who_sends_to_numbers_and_addresses_alike_needs_no_subject():
    assert parse(body("send-message", receiver="a@b.id", message="x")).subject == ""
    assert refused(body("send-mail", receiver="a@b.id", message="x")).params == {"field": "subject"}


@pytest.mark.parametrize(
    ("command", "usual"),
    [("send-sms", "msisdn"), ("send-mail", "recipient"), ("send-message", "receiver"), ("verify-otp", "receiver")],
)
def test_who_names_no_recipient_is_told_the_usual_name(command, usual):
    assert refused(body(command, reference=1, otp=1, subject="s", message="x")).params == {"field": usual}


def test_a_mail_has_a_life_too():
    mail = parse(body("send-mail", recipient="a@b.id", subject="s", message="x", date_time=100, expiration="160"))
    assert (mail.timing.date_time, mail.timing.expiration) == (100.0, 160.0)


@pytest.mark.parametrize(
    ("given_id", "kept"),
    [(7, 7), (12345678901234567890, 12345678901234567890), ("7", "7"), (None, None), ("", ""), (-1, -1), (5.0, 5)],
)
def test_an_id_keeps_its_form(given_id, kept):
    assert parse(sms(id=given_id)).id == kept
    assert type(parse(sms(id=given_id)).id) is type(kept)


@pytest.mark.parametrize("given_id", [1.5, -8.6e65, 2.0**53, True, [1], {"a": 1}, "a\nb", "x" * 129])
def test_an_id_that_is_none_is_refused(given_id):
    assert refused(sms(id=given_id)).code == ResponseCode.INVALID_REQUEST


@pytest.mark.parametrize("number", ["0812\r\nAT", "0812\x1a", "08\x0012", "0812\x9b", "1" * 65])
def test_a_number_that_could_be_an_injection_is_refused(number):
    for command in ("send-sms", "block-msisdn"):
        assert refused(body(command, msisdn=number, message="x")).code == ResponseCode.INVALID_NUMBER


@pytest.mark.parametrize("data", [{"msisdn": 8126666666}, {"message": 1234}, {"message": ""}, {"msisdn": None}])
def test_fields_of_the_wrong_kind_are_named(data):
    assert refused(sms(**data)).params["field"] == next(iter(data))


@pytest.mark.parametrize("when", [1.7e12, "1700000000000", -1, "soon", True, [1]])
def test_times_are_unix_seconds(when):
    error = refused(sms(expiration=when))
    assert error.code == ResponseCode.INVALID_REQUEST
    assert error.params["field"] == "expiration"


@pytest.mark.parametrize("when", [1700000000, "1700000000", 1700000000.5, "1700000000.5"])
def test_times_may_be_written_as_digits(when):
    assert parse(sms(date_time=when)).timing.date_time == float(when)


@pytest.mark.parametrize("frame", [b"{}", b'{"data":{}}', b'{"command":null}'])
def test_a_missing_command_is_1109(frame):
    error = refused(frame)
    assert (error.code, error.key) == (ResponseCode.UNKNOWN_COMMAND, "envelope.command_missing")


@pytest.mark.parametrize("command", ["send", "SEND-SMS", "request-mail", 5, [], "\r\n"])
def test_an_unknown_command_is_1109(command):
    assert refused(json.dumps({"command": command}).encode()).code == ResponseCode.UNKNOWN_COMMAND


@pytest.mark.parametrize("frame", [b"[]", b'"x"', b"1", b"null"])
def test_a_request_is_an_object(frame):
    assert refused(frame).key == "envelope.not_object"


def test_the_other_commands():
    assert parse(b'{"command":"get-modem-list"}') == GetModemList(command="get-modem-list")
    assert parse(body("request-ussd", modem_id="m0", ussd_code="*888#")) == RequestUssd(
        command="request-ussd", modem_id="m0", ussd_code="*888#"
    )
    assert refused(body("request-ussd", modem_id="m0", ussd_code="*888#;+CMGS")).key == "envelope.ussd_code"
    assert parse(b'{"command":"echo","data":[1,{"a":null}]}') == Echo(command="echo", data=[1, {"a": None}])


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_text_arrives_whole_and_shows_itself_nowhere(text):
    command = parse(sms(message=text))
    assert command.text.reveal() == text
    assert repr(command) == repr(parse(sms(message="x" * len(text))))


OTP = {"reference": "12345678901234567890", "receiver": "08126666666", "message": "OTP Anda adalah %s"}


def otp(command="request-otp", **data):
    return body(command, **(OTP | {"otp": "482913"} | data))


def test_the_otp_commands():
    requested = parse(otp(date_time=1629685778, expiration=1629685838, param1="100000", param3=7, subject="Kode"))
    assert requested == RequestOtp(
        command="request-otp",
        reference="12345678901234567890",
        receiver="08126666666",
        text=MessageText("OTP Anda adalah %s"),
        params=("100000", "", "7", ""),
        subject="Kode",
        timing=Timing(date_time=1629685778.0, expiration=1629685838.0),
    )
    verified = parse(otp("verify-otp", param1=100000, date_time=1629685778))
    assert verified == VerifyOtp(
        command="verify-otp",
        reference="12345678901234567890",
        receiver="08126666666",
        otp=Secret("482913"),
        params=("100000", "", "", ""),
    )


@pytest.mark.parametrize("reference", [7, 5.0, "7", "0", 0])
def test_a_reference_keeps_its_form(reference):
    assert parse(otp(reference=reference)).reference == reference
    assert parse(otp("verify-otp", reference=reference)).reference == reference


@pytest.mark.parametrize("command", ["request-otp", "verify-otp"])
@pytest.mark.parametrize("reference", [None, "", True, 1.5, [], "a\nb", "x" * 129])
def test_a_reference_is_needed(command, reference):
    error = refused(otp(command, reference=reference))
    assert (error.code, error.params["field"]) == (ResponseCode.INVALID_REQUEST, "reference")


@pytest.mark.parametrize(
    ("given_otp", "read"), [(482913, "482913"), (" 482913 ", "482913"), ("0042", "0042"), (0, "0")]
)
def test_a_code_is_a_number_or_digits(given_otp, read):
    assert parse(otp("verify-otp", otp=given_otp)).otp.reveal() == read


@pytest.mark.parametrize("given_otp", [None, "", True, 1.5, [4], "4\x008", "4" * 33])
def test_a_code_that_is_none_is_refused_and_not_quoted(given_otp):
    error = refused(otp("verify-otp", otp=given_otp))
    assert (error.code, error.params["field"]) == (ResponseCode.INVALID_REQUEST, "otp")
    assert str(given_otp) not in error.params.values()


@pytest.mark.parametrize(("message", "count"), [("no place", 0), ("%s and %s", 2), ("%d", 0), ("% s", 0)])
def test_a_message_has_one_place_for_the_code(message, count):
    error = refused(otp(message=message))
    assert (error.key, error.params) == ("envelope.otp_place", {"count": count})


def test_nothing_else_in_the_message_is_a_place():
    for message in ("%s of 100%", "%%s", "%(x)d {} %s \\1"):
        assert parse(otp(message=message)).text.reveal() == message


def test_the_receiver_of_a_code_is_a_number_or_an_address():
    assert parse(otp(receiver="Someone@Example.id")).receiver == "Someone@Example.id"
    assert refused(otp(receiver="a@b\n.id")).params == {"field": "receiver"}
    assert refused(otp("verify-otp", receiver="0812\r")).code is ResponseCode.INVALID_NUMBER


@pytest.mark.parametrize("param", [1.5, True, {}, "a\tb", "x" * 256])
def test_a_parameter_that_cannot_be_one_is_named(param):
    for command in ("request-otp", "verify-otp"):
        assert refused(otp(command, param2=param)).params["field"] == "param2"


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
NAMES = st.sampled_from(["id", "msisdn", "receiver", "message", "date_time", "expiration", "subject", "otp", "param1"])


@given(
    st.sampled_from(
        ["send-sms", "send-message", "send-mail", "block-msisdn", "request-otp", "verify-otp", "echo", "x"]
    ),
    SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(NAMES, SCALARS | st.lists(SCALARS, max_size=1)),
)
def test_any_data_is_a_command_or_a_broker_error(command, data):
    code = None
    try:
        parse(json.dumps({"command": command, "data": data}).encode())
    except BrokerError as error:
        code = error.code
    assert code in {None, "1104", "1105", "1109"}


def frames(octets):
    return [frame if isinstance(frame, BrokerError) else parse_frame(frame) for frame in read_frames(octets)]


def test_the_customers_samples_in_the_envelope():
    assert frames(WS_SEND.encode()) == [parse(SEND.encode())]
    assert frames(WS_BLOCK.encode()) == [parse(BLOCK.encode())]
    assert frames(WS_UNBLOCK.encode()) == [parse(UNBLOCK.encode())]


def test_a_broker_message_is_a_command_a_list_an_envelope_or_the_older_form():
    text = MessageText("x")
    one, two = sms(), sms(msisdn="08126666667")
    assert frames(one) == [SendSms(command="send-sms", msisdn="08126666666", text=text)]
    assert [each.msisdn for each in frames(b"[" + one + b"," + two + b"]")] == ["08126666666", "08126666667"]
    enveloped = b'{"command":"send-message","channel":"sms","data":'
    assert frames(enveloped + one + b"}") == frames(one)
    assert frames(enveloped + enveloped + b"[" + one + b"]}}") == frames(one)
    older = b'{"data":[{"receiver":"08126666666","message":"x"},{"receiver":"a@b.id","message":"x","subject":"s"}]}'
    assert [type(each) for each in frames(older)] == [SendSms, SendMail]
    assert frames(b'{"data":{"receiver":"08126666666","message":"x"}}')[0].msisdn == "08126666666"


def test_our_own_send_message_is_no_envelope():
    assert frames(body("send-message", receiver="08126666666", message="x"))[0].msisdn == "08126666666"


def test_what_is_no_command_does_not_hide_its_neighbours():
    found = frames(b'{"command":"send-message","data":[{"command":"fly","data":{}},7,' + sms() + b"]}")
    assert [each.code for each in found[:2]] == [ResponseCode.UNKNOWN_COMMAND, ResponseCode.INVALID_REQUEST]
    assert found[2].msisdn == "08126666666"


@pytest.mark.parametrize("octets", [b"[]", b'{"data":[]}', b'{"command":"send-message","channel":"sms","data":[]}'])
def test_a_message_without_a_command_is_refused(octets):
    with pytest.raises(BrokerError) as caught:
        read_frames(octets)
    assert caught.value.key == "envelope.command_count"


def test_a_callback_topic_stands_beside_the_command():
    (frame,) = read_frames(b'{"command":"get-modem-list","callback_topic":"answers","callback_delay":50,"data":{}}')
    assert (frame.command, frame.callback_topic) == ("get-modem-list", "answers")
    (error,) = read_frames(b'{"command":"echo","callback_topic":7}')
    assert error.params == {"field": "callback_topic"}
    (error,) = read_frames('{"command":"echo","callback_topic":"é…"}'.replace("…", "é" * 127).encode())
    assert error.params == {"max": 255, "octets": 256}


def test_a_callback_is_an_address():
    assert parse(sms(callback="https://app.example/otp?x=1")).callback == "https://app.example/otp?x=1"
    assert parse(sms(callback="http://[fd00::1]:8080")).callback == "http://[fd00::1]:8080"
    wrongs = ("ftp://a", "http://user@host/", "https://", "https:///x", "http://a b", "http://a:65536", "http://a:0")
    for wrong in (*wrongs, "https://é.example/", "http://a/é", "http://a/\x85", "//a", "http://a:"):
        assert refused(sms(callback=wrong)).params == {"field": "callback"}
    for command in ("send-mail", "send-message"):
        mail = {"recipient": "a@b.id", "subject": "s", "message": "m"}
        assert parse(body(command, **mail, callback="https://a/")).callback == "https://a/"
        assert refused(body(command, **mail, callback="ftp://a")).params == {"field": "callback"}
