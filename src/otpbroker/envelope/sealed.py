"""Sealed bodies: a command that only the fleet's private key opens, so that no message broker's disk holds a code.

A sealed body is a libsodium sealed box (X25519, XSalsa20-Poly1305) around the JSON of a command. It travels as raw
octets under the content type `CONTENT_TYPE`, or, where a transport has none, as `{"sealed": "<Base64>"}`.
"""

import base64
import binascii
from typing import Final

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from otpbroker.envelope import json_text
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret

CONTENT_TYPE: Final = "application/vnd.otpbroker.sealed"
_MEMBER: Final = "sealed"


class Opener:
    """Opens what was sealed for `private_key`: Base64, or several with commas between them while senders change over
    from one to the next. With `required` everything that is not sealed is refused.
    """

    def __init__(self, private_key: Secret, *, required: bool = False) -> None:
        keys = filter(None, private_key.reveal().split(","))
        self._boxes = [SealedBox(PrivateKey(base64.b64decode(key))) for key in keys]
        self._required = required

    def open(self, body: bytes, content_type: str = "") -> bytes:
        """The JSON inside `body`, or `body` itself where it is not sealed.

        Raises `BrokerError` 1105: `sealed.no_key`, `sealed.cannot_open`, `sealed.required`.
        """
        box = body if content_type == CONTENT_TYPE else _in_json(body)
        if box is not None:
            return self._open(box)
        if self._required:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "sealed.required")
        return body

    def _open(self, box: bytes) -> bytes:
        if not self._boxes:
            raise BrokerError(ResponseCode.INVALID_REQUEST, "sealed.no_key")
        for key in self._boxes:
            try:
                return key.decrypt(box)
            except CryptoError:
                continue
        raise BrokerError(ResponseCode.INVALID_REQUEST, "sealed.cannot_open")


def _in_json(body: bytes) -> bytes | None:
    if b'"sealed"' not in body:
        return None
    content = json_text.decode(body)
    if not isinstance(content, dict) or content.keys() != {_MEMBER}:
        return None
    try:
        return base64.b64decode(str(content[_MEMBER]), validate=True)
    except (binascii.Error, ValueError):
        raise BrokerError(ResponseCode.INVALID_REQUEST, "sealed.cannot_open") from None


def seal(body: bytes, public_key: str) -> bytes:
    """`body` in a box that only the owner of `public_key` (Base64) opens, 48 octets longer."""
    return SealedBox(PublicKey(base64.b64decode(public_key))).encrypt(body)


def generate() -> tuple[str, Secret]:
    """A new key pair in Base64: the public key for senders, the private one for the devices."""
    key = PrivateKey.generate()
    return base64.b64encode(bytes(key.public_key)).decode(), Secret(base64.b64encode(bytes(key)).decode())
