"""The general page: what the device is called, its language, clock and schedules."""

from typing import Annotated, Literal

from msgspec import Meta

from otpbroker.config.sections._base import Section, text


class GeneralSection(Section, frozen=True, kw_only=True):
    version: Literal[1] = 1
    device_name: Annotated[str, Meta(min_length=1, max_length=64)] = "OTP Broker"
    language: Literal["id", "en"] = "id"
    time_zone: Annotated[str, text(r"^[A-Za-z0-9_+/-]{1,64}$", "time_zone")] = "Asia/Jakarta"
    currency: Annotated[str, text(r"^[A-Z]{3}$", "currency")] = "IDR"
