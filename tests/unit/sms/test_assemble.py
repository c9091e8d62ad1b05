from datetime import UTC, datetime
from random import Random

import pytest

from otpbroker.sms import deliver
from otpbroker.sms.address import Address
from otpbroker.sms.assemble import assemble
from otpbroker.sms.segment import segments

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BUDI = Address("6281234567890")
SITI = Address("6285600000000")


def received(text, sender=BUDI, reference=7):
    return [deliver.decode(deliver.encode(part, sender, NOON).hex) for part in segments(text, reference=reference)]


def by_hand(payload_hex, sequence, total, *, tp_dcs="08", element="0003", reference="07"):
    data = element + reference + f"{total:02X}{sequence:02X}"
    header = f"{len(data) // 2:02X}" + data
    octets = header + payload_hex
    return deliver.decode("00440491214300" + tp_dcs + "62301021005082" + f"{len(octets) // 2:02X}" + octets)


def test_out_of_order_with_duplicates():
    text = "".join(f"{number} " for number in range(400))
    keyed = list(enumerate(received(text)))
    Random(1).shuffle(keyed)
    (message,) = assemble([*keyed, keyed[0]])
    assert message.text == text
    assert message.missing == ()
    assert sorted(message.keys) == sorted([*range(len(keyed)), keyed[0][0]])
    assert (message.tp_oa, message.scts) == (BUDI, NOON)


def test_a_missing_part_is_shown_as_such():
    parts = received("a" * 153 + "b" * 153 + "c")
    (message,) = assemble([(1, parts[2]), (2, parts[0])])
    assert message.missing == (2,)
    assert message.text == "a" * 153 + "[2/3 \u2026]" + "c"


@pytest.mark.parametrize(
    "other",
    [
        {"sender": SITI},
        {"reference": 8},
        {"text": "b" * 310},
        {"sender": Address(BUDI.value, 0x81)},
    ],
)
def test_senders_references_and_totals_are_kept_apart(other):
    first, _ = received("a" * 161)
    second = received(**{"text": "b" * 161} | other)[1]
    assert len(assemble([(1, first), (2, second)])) == 2


def test_references_of_8_and_of_16_bits_are_kept_apart():
    narrow, wide = by_hand("0061", 1, 2), by_hand("0062", 2, 2, element="0804", reference="0007")
    assert [message.missing for message in assemble([(1, narrow), (2, wide)])] == [(2,), (1,)]


def test_a_sender_that_uses_one_reference_for_all():
    keyed = list(enumerate([*received("a" * 161), *received("b" * 161)]))
    assert [message.text for message in assemble(keyed)] == ["a" * 161, "b" * 161]


def test_single_messages_are_never_joined_even_when_equal():
    keyed = list(enumerate([*received("ya"), *received("ya")]))
    assert [message.keys for message in assemble(keyed)] == [[0], [1]]


def test_a_surrogate_pair_that_the_sender_has_split():
    (message,) = assemble([(1, by_hand("0061D83D", 1, 2)), (2, by_hand("DE000062", 2, 2))])
    assert message.text == "a\U0001f600b"
    (alone,) = assemble([(1, by_hand("0061D83D", 1, 2))])
    assert alone.text == "a\ufffd[2/2 \u2026]"


def test_a_unit_that_a_sender_with_16_bit_references_has_split():
    parts = [
        by_hand(payload, place, 2, element="0804", reference="0107") for place, payload in ((1, "006100"), (2, "62"))
    ]
    (message,) = assemble(enumerate(parts))
    assert message.text == "ab"


def test_an_escape_pair_that_the_sender_has_split():
    # 7 septets of header, then one septet: the escape, and in the next part the code of the euro sign.
    first = deliver.decode("004404912143000062301021005082" + "08" + "050003070201" + "36")
    second = deliver.decode("004404912143000062301021005082" + "08" + "050003070202" + "CA")
    (message,) = assemble([(1, first), (2, second)])
    assert message.text == "\u20ac"


def test_binary_parts_show_as_hexadecimal_digits():
    (message,) = assemble([(1, by_hand("DEAD", 1, 2, tp_dcs="04")), (2, by_hand("BEEF", 2, 2, tp_dcs="04"))])
    assert message.text == "DEADBEEF"


def test_a_message_does_not_print_itself():
    (message,) = assemble(enumerate(received("hello")))
    assert repr(message) == "<message of 1/1 parts>"
