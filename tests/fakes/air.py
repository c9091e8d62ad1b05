"""What the network makes of SUBMITs: a reader of its own, with other people's GSM alphabet (3GPP TS 23.040)."""

import codecs
from typing import NamedTuple

import pytest

gsm0338 = pytest.importorskip("gsm0338", reason="oracles come from PyPI; Debian has none")
GSM = gsm0338.Codec()


class Heard(NamedTuple):
    """One SMS as its recipient reads it, and the numbers of the records it came in."""

    number: str
    text: str
    records: tuple


class _Part(NamedTuple):
    number: str
    reference: int
    total: int
    index: int
    coded: bytes
    wide: bool


def heard(records):
    """The SMS that `records` (of the simulator, in their order) make; parts of one modem and number are joined."""
    messages, open_parts = [], {}
    for place, record in enumerate(records):
        part = read(record.pdu)
        if part.total == 1:
            messages.append(Heard(part.number, _text([part]), (place,)))
            continue
        key = (record.modem, part.number, part.reference, part.total)
        parts = open_parts.setdefault(key, {})
        parts[part.index] = (part, place)
        if len(parts) == part.total:
            del open_parts[key]
            ordered = [parts[index] for index in sorted(parts)]
            messages.append(Heard(part.number, _text([each for each, _ in ordered]), tuple(at for _, at in ordered)))
    return messages, open_parts


def read(pdu):
    octets = bytes.fromhex(pdu)
    octets = octets[octets[0] + 1 :]
    first, digits = octets[0], octets[2]
    assert first & 3 == 1, "an SMS-SUBMIT"
    assert octets[3] == 0x91, "an international number"
    after = 4 + (digits + 1) // 2
    number = "".join(f"{octet & 15:x}{octet >> 4:x}" for octet in octets[4:after])[:digits]
    dcs = octets[after + 1]
    length_at = after + 2 + (1 if first & 0x18 == 0x10 else 0)
    length, data = octets[length_at], octets[length_at + 1 :]
    reference, total, index, header = 0, 1, 1, 0
    if first & 0x40:
        header = data[0] + 1
        assert data[1:3] == b"\x00\x03", "an eight-bit concatenation"
        reference, total, index = data[3:6]
    if dcs == 8:
        assert len(data) == length
        return _Part(number, reference, total, index, data[header:], True)
    assert dcs == 0
    skipped = (header * 8 + 6) // 7
    bits = int.from_bytes(data, "little")
    septets = bytes(bits >> 7 * at & 0x7F for at in range(skipped, length))
    return _Part(number, reference, total, index, septets, False)


def _text(parts):
    for part in parts:
        if part.wide:
            codecs.decode(part.coded, "utf-16-be")  # no part ends within a surrogate pair
        else:
            assert not part.coded.endswith(b"\x1b"), "no part ends within an escape"
    coded = b"".join(part.coded for part in parts)
    return coded.decode("utf-16-be") if parts[0].wide else GSM.decode(coded)[0]
