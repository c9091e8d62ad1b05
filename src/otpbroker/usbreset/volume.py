"""What all file systems have in common, as far as it is needed to find one file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a folder. `name` is the stored one, letter by letter. `first` is its first cluster, `size` the octets
    of a file. `stamp` changes when somebody writes the file anew. `at` is where the entry itself lies, `read_only` what
    its attributes say.
    """

    name: str
    is_folder: bool
    is_file: bool
    first: int
    size: int
    stamp: bytes
    at: int
    read_only: bool = False
    contiguous: bool = False


class Volume(Protocol):
    """Raises `Broken` or OSError. `mark` tells this file system from others."""

    @property
    def mark(self) -> bytes: ...

    def root(self) -> Iterator[Item]: ...

    def inside(self, folder: Item) -> Iterator[Item]: ...

    def content(self, file: Item) -> bytes:
        """All of a file that is no larger than a sector."""


def named(items: Iterator[Item], name: str) -> Item | None:
    """The first of exactly that name: upper and lower case are different."""
    return next((item for item in items if item.name == name), None)
