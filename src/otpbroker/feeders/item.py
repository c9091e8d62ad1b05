"""A delivery in hand, and the commands it brought."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from otpbroker.envelope.commands import Command
from otpbroker.envelope.parse import Frame
from otpbroker.envelope.reply import Reply
from otpbroker.feeders.link import Delivery, Link
from otpbroker.system.timers import Timer


@dataclass(eq=False, slots=True)
class Taken:
    """A delivery in hand: of its `commands`, `left` have no outcome yet and `malformed` are none. `ended` is called
    when it is settled, or nobody's any more.
    """

    delivery: Delivery
    link: Link
    ended: Callable[["Taken"], None]
    fingerprint: str = ""
    commands: int = 0
    left: int = 0
    malformed: int = 0
    reason: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def one_done(self) -> bool:
        """One command has its outcome; True with the last one."""
        with self._lock:
            self.left -= 1
            return self.left == 0


@dataclass(eq=False, slots=True)
class Item:
    """One command on its way to its outcome; alive until `until_s` of the monotonic clock. `key` names it for the
    ledger. A worker's thread calls `do` with it; `let_go` is called instead where it is not kept for another try.
    `last` is its last outcome.
    """

    taken: Taken
    frame: Frame
    command: Command
    until_s: float
    key: str
    do: Callable[["Item"], None]
    let_go: Callable[["Item"], None]
    timer: Timer | None = None
    no_modem: bool = False
    last: Reply | None = None

    def serve(self) -> None:
        self.do(self)

    def pass_on(self) -> None:
        """Nothing follows."""
