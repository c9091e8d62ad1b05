"""The general page: what the device is called, its language, clock and schedules."""

from typing import Annotated, Literal

from msgspec import Meta

from otpbroker.config.sections._base import Section


class GeneralSection(Section, frozen=True, kw_only=True):
    version: Literal[1] = 1
    device_name: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")] = "OTP Broker"
    language: Literal["id", "en"] = "id"
    time_zone: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_+/-]{1,64}$")] = "Asia/Jakarta"
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")] = "IDR"
