"""Whether a number may be sent to at all: home or allowed country, not premium, not satellite.

`phonenumbers` is asked for the country and the class only; what its tables call unknown or invalid is no reason to
refuse (they do not know the newer Indonesian ranges).
"""

import re
from functools import lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from otpbroker.config.sections.sms import LimitsSection
from otpbroker.errors import BrokerError, ResponseCode

_SATELLITE_OR_SHARED = ("870", "878", "881", "882", "883", "979")


def country_of(msisdn: str) -> str:
    """The country calling code, the longest one assigned; empty where none is."""
    return next((msisdn[:n] for n in (3, 2, 1) if int(msisdn[:n]) in COUNTRY_CODE_TO_REGION_CODE), "")


@lru_cache(maxsize=64)
def _premium(country: str) -> re.Pattern[str] | None:
    """The pattern of a country's premium-rate national numbers."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(country), ())
    metadata = (PhoneMetadata.metadata_for_region(region, None) for region in regions if region != "001")
    patterns = [
        m.premium_rate.national_number_pattern
        for m in metadata
        if m and m.premium_rate and m.premium_rate.national_number_pattern
    ]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None


def check(msisdn: str, home: str, limits: LimitsSection) -> None:
    """Raise 1104 for a number that the settings keep modems away from."""
    country = home if msisdn.startswith(home) else country_of(msisdn)
    if country.startswith(_SATELLITE_OR_SHARED):
        raise BrokerError(ResponseCode.INVALID_NUMBER, "number.satellite", country=country)
    allowed = {home if entry == "home" else entry for entry in limits.allowed_countries}
    if country not in allowed:
        raise BrokerError(ResponseCode.INVALID_NUMBER, "number.country", country=country or msisdn[:2])
    if limits.refuse_premium:
        premium = _premium(country)
        if premium is not None and premium.fullmatch(msisdn[len(country) :]):
            raise BrokerError(ResponseCode.INVALID_NUMBER, "number.premium")
