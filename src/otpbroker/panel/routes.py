"""A page's address, and who may ask for it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from otpbroker.panel.answers import Answer
from otpbroker.panel.visit import Visit

SMALL_OCTETS: Final = 64 * 1024
UPLOAD_OCTETS: Final = 1024 * 1024
Handler = Callable[[Visit], Answer]


class Access(Enum):
    ANYBODY = auto()  # signed in or not
    SET_UP = auto()  # while there is no administrator, from the side that may make one, or with the set-up code
    ADMIN = auto()  # signed in


@dataclass(frozen=True, slots=True)
class Route:
    """`method` is GET or POST; a POST is never answered without a right token. `most_octets` bounds its body."""

    method: str
    path: str
    handler: Handler
    access: Access = Access.ADMIN
    most_octets: int = SMALL_OCTETS


def get(path: str, handler: Handler, access: Access = Access.ADMIN) -> Route:
    return Route("GET", path, handler, access)


def post(path: str, handler: Handler, access: Access = Access.ADMIN, most_octets: int = SMALL_OCTETS) -> Route:
    return Route("POST", path, handler, access, most_octets)
