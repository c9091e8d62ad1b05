"""UCS-2 as every handset reads it: UTF-16, big endian, with surrogate pairs (3GPP TS 23.038 §6.2.3)."""

from otpbroker.sms.pdu import PduError


def encode(text: str) -> bytes:
    """Two octets per unit; a surrogate that stands alone in `text` is a `PduError`."""
    octets = _utf16(text)
    if octets is None:
        raise PduError("the text has half a surrogate pair")
    return octets


def _utf16(text: str) -> bytes | None:
    """Leaves the codec's own exception behind, because that one carries the text."""
    try:
        return text.encode("utf-16-be")
    except UnicodeEncodeError:
        return None


def decode(octets: bytes) -> str:
    """The text; half a surrogate pair or half a unit becomes U+FFFD, because senders do split them between parts."""
    return octets.decode("utf-16-be", "replace")
