"""The frames between our processes: one JSON object a line (DESIGN §2).

Request `{"id": n, "call": {"verb": …}}`; answer `{"id": n, "result": …}` or `{"id": n, "error": …}`.
Answers may come in any order; `id` joins them.
"""

from typing import Generic, TypeVar, cast, get_args

import msgspec
from msgspec import Raw, Struct

from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import encode_revealed

MAX_FRAME_OCTETS = 64 * 1024
Result = TypeVar("Result", bound=Struct)


class Verb(Struct, Generic[Result], frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="verb"):
    """A request, parametrised by its answer: `class Block(Verb[Done], frozen=True, kw_only=True, tag="block")`."""


def result_of(verb: Verb[Result]) -> type[Result]:
    """The answer's type, read from the class that names it."""
    (base,) = vars(type(verb))["__orig_bases__"]
    (result,) = get_args(base)
    return cast(type[Result], result)


class ErrorFrame(Struct, frozen=True, omit_defaults=True):
    code: ResponseCode
    key: str
    params: dict[str, str | int] = {}
    retry_after_s: float | None = None

    @classmethod
    def of(cls, error: BrokerError) -> "ErrorFrame":
        return cls(error.code, error.key, error.params, error.retry_after_s)

    def error(self) -> BrokerError:
        return BrokerError(self.code, self.key, retry_after_s=self.retry_after_s, **self.params)


class Answer(Struct, frozen=True, omit_defaults=True):
    id: int
    result: Raw = Raw()
    error: ErrorFrame | None = None


class Outgoing(Struct, frozen=True, omit_defaults=True):
    """An answer as the server writes it."""

    id: int
    result: Struct | None = None
    error: ErrorFrame | None = None


class OutgoingCall(Struct, frozen=True):
    """A request as the client writes it."""

    id: int
    call: Struct


ENCODER = msgspec.json.Encoder(enc_hook=encode_revealed)
ANSWERS = msgspec.json.Decoder(Answer)
