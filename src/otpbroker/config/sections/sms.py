"""The SMS page: routing, numbers, lifetimes, and the limits against toll fraud."""

from typing import Annotated, Literal

from msgspec import Meta

from otpbroker.config.sections._base import Section, text

CountryCode = Annotated[str, text(r"^[1-9][0-9]{0,2}$", "country_code", canonical="digits")]
Count = Annotated[int, Meta(ge=0)]


class SmsSection(Section, frozen=True, kw_only=True):
    """`deadline_s` bounds the wait of a synchronous sender, `lifetime_s` the life of a message that names none."""

    version: Literal[1] = 1
    country_code: CountryCode = "62"
    recipient_prefix_length: Annotated[int, Meta(ge=2, le=8)] = 5
    international_prefixes: tuple[Annotated[str, text(r"^[0-9]{1,6}$", "international_prefix")], ...] = (
        "007",
        "008",
        "001",
        "00",
    )
    routing: Literal["prefix", "tariff"] = "prefix"
    log_sms: bool = True
    monitor_sms: bool = True
    suppress_across_doors: bool = False
    resend_unknown: bool = True
    transliterate: bool = False
    deadline_s: Annotated[float, Meta(gt=0, le=3600)] = 60
    lifetime_s: Annotated[float, Meta(gt=0, le=604800)] = 300


class LimitsSection(Section, frozen=True, kw_only=True):
    """Limits against toll fraud and floods; 0 means off. `home` in `allowed_countries` is `sms.country_code`."""

    version: Literal[1] = 1
    allowed_countries: tuple[Annotated[str, text(r"^(home|[1-9][0-9]{0,2})$", "country")], ...] = ("home",)
    refuse_premium: bool = True
    per_number_hour: Count = 5
    per_number_day: Count = 10
    per_user_second: Count = 0
    prefix_burst: Count = 0
