"""The stored form of numbers and prefixes: a prefix typed as `0871` is kept as `62871` (SPEC §3)."""

import unicodedata

from msgspec import Struct

from otpbroker import msisdn
from otpbroker.errors import BrokerError

_SEPARATORS = str.maketrans("", "", " -.()")


class Numbering(Struct, frozen=True):
    """The country's numbering, from the `sms` section."""

    country_code: str = "62"
    international_prefixes: tuple[str, ...] = ("007", "008", "001", "00")

    def canonical(self, form: str, text: str) -> str:
        """`text` brought to `form` (`prefix`, `tariff`, `digits`; any other: as it is); what is wrong stays so."""
        if form == "prefix":
            return self.prefix(text)
        if form == "tariff":
            prefix, colon, price = text.strip().partition(":")
            return f"{self.prefix(prefix)}{colon}{price.strip()}"
        if form == "digits":
            return _plain(text)
        return text

    def prefix(self, typed: str) -> str:
        """E.164 digits of a number or of its beginning, by the order of SPEC §2; what is no number stays as typed."""
        try:
            return msisdn.prefix(typed, self.country_code, self.international_prefixes)
        except BrokerError:
            return typed.strip()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_SEPARATORS)
