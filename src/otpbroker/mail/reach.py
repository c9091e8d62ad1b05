"""A connected socket within a bound of time, the name's look-up counted in."""

import queue
import socket
import threading
from collections.abc import Callable, Sequence

from otpbroker.mail.failure import Failure
from otpbroker.mail.replies import Fault

_Answer = list[str] | OSError


def reach(host: str, port: int, left: Callable[[], float], addresses: Sequence[str] = ()) -> socket.socket:
    """Connect to one of `addresses`, or of those of `host`, in turn. `left` tells the seconds left, and raises
    TimeoutError at the end. Raises `Failure` where none can be reached.
    """
    tried = list(addresses) or _look_up(host, left())
    error: OSError = OSError()
    for at, address in enumerate(tried):
        try:
            return socket.create_connection((address, port), left() / (len(tried) - at))
        except OSError as refused:
            error = refused
    if isinstance(error, TimeoutError):
        raise Failure(Fault.PASSING, "mail.silent", host=host)
    raise Failure(Fault.PASSING, "mail.unreachable", host=host, port=port, reason=error.strerror or "")


def _look_up(host: str, timeout_s: float) -> list[str]:
    """The system's resolver knows no deadline: it works in a thread of its own, and is left behind where it is late."""
    answer: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
    threading.Thread(target=lambda: answer.put(_addresses(host)), name="look-up", daemon=True).start()
    try:
        found = answer.get(timeout=timeout_s)
    except queue.Empty:
        raise Failure(Fault.PASSING, "mail.look_up_late", host=host) from None
    if isinstance(found, OSError):
        raise Failure(Fault.PASSING, "mail.no_such_host", host=host)
    return found


def _addresses(host: str) -> _Answer:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return OSError()
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
