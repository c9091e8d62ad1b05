"""A thread that tells somebody how things stand, whenever that has changed."""

import threading
from collections.abc import Callable

from otpbroker.errors import BrokerError


class Telling:
    """`hand_over` says how things stand now; it raises `BrokerError` where nobody listens, and is called again
    `pause_s` later. Between two calls pass at least `apart_s` seconds, and at the most `again_s` where that is given.
    """

    def __init__(
        self, hand_over: Callable[[], object], *, pause_s: float, apart_s: float = 0.0, again_s: float | None = None
    ) -> None:
        self._hand_over = hand_over
        self._pause_s = pause_s
        self._apart_s = apart_s
        self._again_s = again_s
        self._telling = threading.Lock()  # a later state is not overtaken by an earlier one
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telling", daemon=True)
        self._thread.start()

    def changed(self) -> None:
        """Things stand otherwise, or whoever listens may have forgotten."""
        self._changed.set()

    def now(self) -> bool:
        """Tell in this thread; False where nobody listens."""
        try:
            with self._telling:
                self._hand_over()
        except BrokerError:
            return False
        return True

    def stop(self) -> None:
        """Only `now` tells from here on."""
        self._stopping.set()
        self._changed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._changed.clear()
            if self.now():
                self._stopping.wait(self._apart_s)
                self._changed.wait(self._again_s)
            else:
                self._stopping.wait(self._pause_s)
