"""Any octets give a result or a `PduError`, never another exception."""

from hypothesis import given, settings
from hypothesis import strategies as st

from otpbroker.sms import deliver, gsm7, incoming, status_report, submit, udh
from otpbroker.sms.assemble import assemble
from otpbroker.sms.deliver import Deliver
from otpbroker.sms.pdu import PduError

GOOD = [
    bytes.fromhex("07911326040000F0440B911346610089F60000208062917314480C050003070201F71D14969741"[:76]),
    bytes.fromhex("0044049121430008623010210050820C0804BEEF020225010D00610062"),
    bytes.fromhex("00040ED0D432BBFC96DB01000462301021005082021B61"),
    bytes.fromhex("0006C80D91261832547698F0623010210000006230102150000046"),
    bytes.fromhex("0079000491214300F5621123315514820906050 40B8423F04142".replace(" ", "")),
]


@st.composite
def broken(draw):
    """A good PDU with a few octets changed, cut, or put in."""
    octets = bytearray(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(len(octets) - 1, 0)))
        octets[place : place + draw(st.integers(0, 2))] = draw(st.binary(max_size=3))
    return bytes(octets)


def tried(decode, pdu):
    try:
        return decode(pdu)
    except PduError:
        return None


@settings(max_examples=600)
@given(broken() | st.binary(max_size=200))
def test_any_octets(octets):
    for decode in (submit.decode, deliver.decode, status_report.decode, incoming.decode):
        found = tried(decode, octets.hex())
        assert repr(found)
        if isinstance(found, Deliver):
            (message,) = assemble([(1, found)])
            message.text.encode()
            found.tp_oa.value.encode()
            assert found.user_data.header.ports is None or found.user_data.header.elements
        elif isinstance(found, status_report.StatusReport):
            assert found.reason.startswith("report.")
            assert found.state


@given(st.text())
def test_any_digits(pdu):
    for decode in (submit.decode, incoming.decode):
        tried(decode, pdu)


@given(st.binary(max_size=160), st.integers(0, 255), st.integers(0, 255))
def test_any_septets_and_headers(octets, locking, single):
    septets = gsm7.unpack_ussd(octets)
    assert len(gsm7.text(septets, locking, single)) <= len(septets)
    header = udh.decode(octets)
    assert header.concatenation is None or 1 <= header.concatenation.sequence <= header.concatenation.total


def test_the_good_ones_are_good():
    assert all(tried(incoming.decode, octets.hex()) or tried(submit.decode, octets.hex()) for octets in GOOD)
