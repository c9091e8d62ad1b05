"""The signature of a call, as Standard Webhooks 1.0.0 has it. Pure."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from otpbroker.secrets import Secret

_PREFIX: Final = "whsec_"
_KEY_OCTETS: Final = 32


def generate() -> Secret:
    """A new secret, in the form that both sides are given."""
    return Secret(_PREFIX + base64.b64encode(secrets.token_bytes(_KEY_OCTETS)).decode())


def headers(call_id: str, at: int, body: bytes, secret: Secret) -> dict[str, str]:
    """The headers of one attempt at Unix time `at`; unsigned where there is no secret. `call_id` has no full stop."""
    found = {"webhook-id": call_id, "webhook-timestamp": str(at)}
    if secret:
        found["webhook-signature"] = "v1," + _signature(f"{call_id}.{at}.".encode() + body, secret)
    return found


def _signature(signed: bytes, secret: Secret) -> str:
    key = base64.b64decode(secret.reveal().removeprefix(_PREFIX))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
