"""What every settings section shares: frozen structs that refuse unknown fields, and words for what a field takes."""

import msgspec
from msgspec import Meta

from otpbroker.secrets import MessageText, Secret


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=False):
    """One settings page. Field names are the public keys of SPEC §10; durations are in seconds."""


def text(pattern: str, expected: str, *, max_length: int | None = None, canonical: str = "") -> Meta:
    """A text field: `expected` names the words (`settings.expect_…`) that tell a user what it takes.

    `canonical` names the form that the value is brought to before it is checked (`otpbroker.config.canonical`).
    """
    return Meta(pattern=pattern, max_length=max_length, extra={"expected": expected, "canonical": canonical})


def decode_secret(kind: type, value: object) -> object:
    """Msgspec `dec_hook`: strings become `Secret` or `MessageText`."""
    if kind in (Secret, MessageText) and isinstance(value, str):
        return kind(value)
    raise NotImplementedError(kind)


def encode_revealed(value: object) -> str:
    """Msgspec `enc_hook` for the two places that may see a secret: the settings file and the wire to its owner."""
    if isinstance(value, Secret):
        return value.reveal()
    raise NotImplementedError(type(value))


def encode_masked(value: object) -> str:
    """Msgspec `enc_hook` for everything shown: a set secret is `********`, an empty one is empty."""
    if isinstance(value, Secret):
        return str(value) if value else ""
    raise NotImplementedError(type(value))
