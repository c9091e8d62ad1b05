"""What the feeder and one message broker's protocol promise each other: a new protocol is one more `Link`."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from otpbroker.verbs.feeders import FeederWord, Sendable


class LinkError(Exception):
    """The link could not be made or was lost; `key`/`params` as in `BrokerError`. `soon`: asking again costs nobody
    anything, nothing listens there or it went away; else the reconnect delay counts.
    """

    def __init__(self, key: str, *, soon: bool = False, **params: str | int) -> None:
        super().__init__(key, params)
        self.key = key
        self.params = params
        self.soon = soon


class Verdict(Enum):
    """How a delivery ends for the message broker."""

    DONE = "done"  # it has its outcome: forget it
    RETRY = "retry"  # somebody may try it later
    DEAD = "dead"  # nobody can ever do it: put it aside for its operator


@dataclass(eq=False, slots=True, kw_only=True)
class Delivery:
    """One message as it arrived. `key` is the message broker's or the sender's own name for it, unique where it is not
    empty; `lifetime_s` what is left of its expiry, None without one; `tries` how often others had it before, as far as
    the message broker counts. `handle` is the link's own.
    """

    body: bytes
    content_type: str = ""
    key: str = ""
    redelivered: bool = False
    tries: int = 0
    lifetime_s: float | None = None
    reply_to: str = ""
    correlation_id: str = ""
    handle: object = None


class Receiver(Protocol):
    """The feeder, as a link sees it. Called in the link's thread; must be quick."""

    def arrived(self, delivery: Delivery) -> None: ...

    def now(self, word: FeederWord, key: str = "", **params: str | int) -> None:
        """How the link stands."""

    def connected(self) -> None:
        """One more connection that the message broker accepted."""

    def reply_ended(self, *, sent: bool) -> None:
        """One reply was handed over, or lost."""


class Link(ABC):
    """One connection (or two) to a message broker, from its making to its end. All but `run` is called by any thread.

    `server` is its address for people. `passes_on`: a RETRY goes to other devices; else the feeder keeps the message in
    hand and tries again itself. `gives_back`: when the link ends, the message broker has again what is not settled, for
    somebody; else what has arrived stays in hand, whatever becomes of the link.
    """

    server: str
    passes_on = False
    gives_back = True

    @abstractmethod
    def run(self, receiver: Receiver) -> None:
        """Connect and hand over what arrives, until `close`. Raises `LinkError`."""

    @abstractmethod
    def demand(self, sendable: Sendable) -> None:
        """What could be sent from now on; where nothing, nothing is taken from the message broker."""

    def holding(self, messages: int) -> None:  # noqa: B027 - where nothing bounds what is in hand
        """So many of those in hand wait for another try: others must not wait behind them."""

    @abstractmethod
    def settle(self, delivery: Delivery, verdict: Verdict, reason: str = "", left_s: float = 0.0) -> None:
        """Its end. `reason` is a text key; `left_s` what is left of its life for a RETRY."""

    @abstractmethod
    def answer(self, topic: str, body: bytes, correlation_id: str = "") -> None:
        """Send a reply where its sender wants it: a queue, a channel, a topic."""

    def result(self, body: bytes, correlation_id: str = "") -> None:  # noqa: B027 - most protocols have no such place
        """Send an outcome where somebody collects them all."""

    @abstractmethod
    def stop_consuming(self) -> None:
        """Take nothing more; what was taken can still be settled."""

    @abstractmethod
    def close(self) -> None:
        """End `run` soon."""
