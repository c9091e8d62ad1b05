"""The general page: what the device is called, its language, clock and schedules."""

from typing import Annotated, Literal

from msgspec import Meta

from otpbroker.config.sections._base import Section, text

RestartTime = Annotated[
    str, text(r"^(((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?([01][0-9]|2[0-3]):[0-5][0-9])?$", "restart_time")
]


class GeneralSection(Section, frozen=True, kw_only=True):
    """The NTP server is asked every `ntp_interval` seconds at the most. Services and device are restarted at `03:30`
    every day or `Sun 03:30` every week, in the device's time zone; empty: never.
    """

    version: Literal[1] = 1
    device_name: Annotated[str, Meta(min_length=1, max_length=64)] = "OTP Broker"
    language: Literal["id", "en"] = "id"
    time_zone: Annotated[str, text(r"^[A-Za-z0-9_+/-]{1,64}$", "time_zone")] = "Asia/Jakarta"
    ntp_server: Annotated[str, text(r"^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$", "host_name")] = "pool.ntp.org"
    ntp_interval: Annotated[int, Meta(ge=64, le=86_400)] = 2048
    restart_services: RestartTime = ""
    restart_device: RestartTime = ""
    currency: Annotated[str, text(r"^[A-Z]{3}$", "currency")] = "IDR"
