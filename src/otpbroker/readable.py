"""Types that any thread may read into.

msgspec looks at a type when it first reads into it, and meanwhile lets other threads use what it has of it by then: one
that reads into the same type, or into one that holds it, ends the process with a segmentation fault (seen with 0.19).
"""

import threading
from typing import Any, Final, TypeVar

from msgspec.json import Decoder

Kind = TypeVar("Kind")
_KNOWN: Final[set[Any]] = set()
_LOCK: Final = threading.Lock()


def readable(kind: Kind) -> Kind:
    """`kind`, of which msgspec knows all it needs."""
    if kind not in _KNOWN:
        with _LOCK:
            Decoder(kind)
            _KNOWN.add(kind)
    return kind
