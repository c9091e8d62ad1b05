"""What every settings section shares: frozen structs that refuse unknown fields, and words for what a field takes."""

from typing import Annotated

import msgspec
from msgspec import Meta

from otpbroker.secrets import Secret


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=False):
    """One settings page. Field names are the public keys of SPEC §10; durations are in seconds."""


def text(pattern: str, expected: str, *, max_length: int | None = None, canonical: str = "") -> Meta:
    """A text field: `expected` names the words (`settings.expect_…`) that tell a user what it takes.

    `canonical` names the form that the value is brought to before it is checked (`otpbroker.config.canonical`).
    """
    return Meta(pattern=pattern, max_length=max_length, extra={"expected": expected, "canonical": canonical})


def lines(max_length: int) -> Meta:
    """A text field of several lines: every other takes one."""
    return Meta(max_length=max_length, extra={"lines": "yes"})


SecretLines = Annotated[Secret, Meta(extra={"lines": "yes"})]
