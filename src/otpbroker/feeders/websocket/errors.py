"""What goes wrong with a WebSocket connection, in plain words. Pure."""

import contextlib
from collections.abc import Iterator
from typing import Final

import websocket

from otpbroker.feeders.link import LinkError
from otpbroker.feeders.reaching import of_system

_REFUSED: Final = (401, 403)
_COMES_BACK: Final = (1001, 1012)  # going away, service restart
_NO_CODE: Final = 1005
_OF_LIBRARY: Final[dict[type[Exception], str]] = {
    websocket.WebSocketTimeoutException: "feeder.timeout",
    websocket.WebSocketConnectionClosedException: "feeder.lost",
}


class TooLong(Exception):
    """A message of more octets than `args[0]`."""


# The library lets many others out, for instance where a server announces more than a machine holds.
ERRORS: Final = (websocket.WebSocketException, OSError, ValueError, IndexError, OverflowError, MemoryError, TooLong)


def link_error(error: Exception, *, soon: bool = False) -> LinkError:
    """One of `ERRORS` as its user can act on it. `soon` counts where the server went away."""
    if isinstance(error, OSError):
        return of_system(error)
    if isinstance(error, TooLong):
        return LinkError("feeder.ws_too_long", most=error.args[0])
    if isinstance(error, websocket.WebSocketBadStatusException):
        return refused(error.status_code)
    key = next((key for kind, key in _OF_LIBRARY.items() if isinstance(error, kind)), "feeder.ws_protocol")
    return LinkError(key, soon=soon and key == "feeder.lost")


def refused(status: int) -> LinkError:
    """What another HTTP status than 101 says."""
    if status in _REFUSED:
        return LinkError("feeder.credentials")
    return LinkError("feeder.ws_status", status=status)


def closed(data: bytes) -> LinkError:
    """What a close frame says (RFC 6455 §7.4)."""
    code = int.from_bytes(data[:2], "big") if len(data) >= 2 else _NO_CODE
    if code in _COMES_BACK:
        return LinkError("feeder.server_stops", soon=True)
    return LinkError("feeder.ws_closed", code=code)


@contextlib.contextmanager
def in_plain_words() -> Iterator[None]:
    try:
        yield
    except ERRORS as error:
        raise link_error(error) from None
