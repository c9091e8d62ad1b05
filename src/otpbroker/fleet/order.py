"""What the operator asks for, in the names of `amqp.queue`, the stem."""

import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from otpbroker import msisdn
from otpbroker.errors import BrokerError, ResponseCode

_NAME: Final = re.compile(r"[A-Za-z0-9._:-]{1,200}")
_USER: Final = re.compile(r"[^\x00-\x1f\x7f:]{1,128}")  # what `amqp.username` takes, and a sender's URL
_TAKEN: Final = re.compile(r".*\.([0-9]+|in|default|dead|retry|results)")  # names below another stem


class Order(Struct, frozen=True, kw_only=True):
    """`classes` are the first digits of canonical numbers, `removed` those to take away. Without `replies` devices may
    not publish to the default exchange, which is where answers to a `reply_to` go.
    """

    stem: str = "sms"
    classes: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    replies: bool = True
    class_wait_s: float = 5
    retry_delay_s: float = 5
    lifetime_s: float = 300
    keep_s: float = 86400
    max_length: int = 100_000
    delivery_limit: int = 20

    @property
    def entrance(self) -> str:
        """The exchange of the publishers."""
        return f"{self.stem}.in"

    def class_queue(self, route_class: str) -> str:
        return f"{self.stem}.{route_class}"


class Numbers(Struct, frozen=True):
    """How numbers and prefixes are read here: the section `sms`."""

    country_code: str
    international_prefixes: tuple[str, ...]
    recipient_prefix_length: int

    def route_classes(self, typed: Iterable[str]) -> tuple[str, ...]:
        """Typed prefixes as route classes, sorted: `0811` is `62811`. Raises 1105 for one of another length than the
        part of a number that its sender takes for its class.
        """
        prefixes = {msisdn.prefix(text, self.country_code, self.international_prefixes) for text in typed}
        for prefix in sorted(prefixes):
            if len(prefix) != self.recipient_prefix_length:
                raise BrokerError(
                    ResponseCode.INVALID_REQUEST,
                    "fleet.class_length",
                    route_class=prefix,
                    length=self.recipient_prefix_length,
                )
        return tuple(sorted(prefixes))


def check(order: Order) -> None:
    """Raises 1105 for names that cannot be, or would clash."""
    if not _NAME.fullmatch(order.stem) or _TAKEN.fullmatch(order.stem):
        raise BrokerError(ResponseCode.INVALID_REQUEST, "fleet.stem", stem=order.stem)
    for name in (*order.devices, *order.publishers):
        if not _USER.fullmatch(name):
            raise BrokerError(ResponseCode.INVALID_REQUEST, "fleet.user_name", name=ascii(name[:40])[1:-1])
    both = set(order.devices) & set(order.publishers) or set(order.classes) & set(order.removed)
    if both:
        raise BrokerError(ResponseCode.INVALID_REQUEST, "fleet.named_twice", name=min(both))
