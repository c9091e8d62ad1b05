"""One-time passwords that the device makes itself (SPEC §5.1)."""

from typing import Annotated, Literal

from msgspec import Meta

from otpbroker.config.sections._base import Section


class OtpSection(Section, frozen=True, kw_only=True):
    """`lifetime_s` counts where a request names none; for `resend_s` after one code its receiver gets no other."""

    version: Literal[1] = 1
    length: Annotated[int, Meta(ge=4, le=12)] = 6
    lifetime_s: Annotated[float, Meta(gt=0, le=86400)] = 300
    attempts: Annotated[int, Meta(ge=1, le=10)] = 3
    resend_s: Annotated[float, Meta(ge=0, le=3600)] = 30
