"""Tariffs as typed (`62871:50`, `*:350`, `62871:10@50`) and the price they give a number."""

from decimal import Decimal
from typing import NamedTuple, Self


class Tariff(NamedTuple):
    """`price` per SMS part to numbers that begin with `prefix` ("" for `*`), from the `from_nth` SMS of the day on."""

    prefix: str
    price: Decimal
    from_nth: int

    @classmethod
    def parse(cls, typed: str) -> Self:
        """One list entry that the settings' pattern has let through."""
        prefix, _, rest = typed.partition(":")
        price, _, nth = rest.partition("@")
        return cls("" if prefix == "*" else prefix, Decimal(price), int(nth) if nth else 1)


def price_of(msisdn: str, tariffs: tuple[Tariff, ...], sent_today: int) -> Decimal | None:
    """What the next SMS to this number costs: the longest prefix wins, among its steps the latest one reached."""
    reached = [t for t in tariffs if msisdn.startswith(t.prefix) and sent_today + 1 >= t.from_nth]
    if not reached:
        return None
    return max(reached, key=lambda t: (len(t.prefix), t.from_nth)).price


def next_step(tariffs: tuple[Tariff, ...], sent_today: int) -> int | None:
    """The count of SMS sent today at which a price changes next, None where none will."""
    return min((t.from_nth - 1 for t in tariffs if t.from_nth - 1 > sent_today), default=None)
