"""Long lists in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from otpbroker.panel.visit import Visit

PAGE: Final = 50
_MOST_PAGES: Final = 1_000_000
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Paged(Generic[Item]):
    """`number` counts from 1; `first` is the position of the first item shown, from 1, 0 where there is none."""

    items: Sequence[Item]
    number: int
    pages: int
    first: int
    total: int


def page_of(found: Sequence[Item], visit: Visit, size: int = PAGE) -> Paged[Item]:
    """The page that `?page=` names; the last one where there are fewer."""
    pages = max(1, -(-len(found) // size))
    number = min(pages, visit.query.number("page", 1, _MOST_PAGES))
    start = (number - 1) * size
    items = found[start : start + size]
    return Paged(items, number, pages, start + 1 if items else 0, len(found))
