"""Counting what happened since start, and how fast the modems are. Held by the broker's lock."""

from collections import Counter
from typing import Final, get_args

from otpbroker.errors import ResponseCode
from otpbroker.verbs.dispatch import Counters, Sent, State

_ENDS: Final = tuple(state for state in get_args(State) if state not in ("queued", "sending", "delivered"))
_QUEUE_S: Final = 60.0
_LEAST_QUEUE: Final = 100
_MOST_QUEUE: Final = 5000
_SMOOTHING: Final = 16


class Tally:
    def __init__(self) -> None:
        self._accepted = 0
        self._refused: Counter[str] = Counter()
        self._ended: Counter[str] = Counter()
        self._by_modem: Counter[str] = Counter()
        self._latency_ms_sum = 0.0
        self._pace_s = 0.2  # what a modem takes for a message, smoothed

    def accepted(self) -> None:
        self._accepted += 1

    def refused(self, code: ResponseCode) -> None:
        self._refused[f"refused.{code.value}"] += 1

    def ended(self, sent: Sent, latency_ms: int) -> None:
        self._ended[sent.state] += 1
        if sent.state == "submitted":
            self._by_modem[sent.modem] += 1
            self._latency_ms_sum += latency_ms

    def paced(self, took_s: float) -> None:
        """A modem took this long from getting a message to having submitted it."""
        self._pace_s += (min(took_s, _QUEUE_S) - self._pace_s) / _SMOOTHING

    def most_waiting(self, ready: int) -> int:
        """The queue's cap: a minute's work of the modems that are ready."""
        return min(_MOST_QUEUE, max(_LEAST_QUEUE, int(_QUEUE_S * max(1, ready) / self._pace_s)))

    def counters(self, *, queued: int, in_flight: int) -> Counters:
        return Counters(
            queued=queued,
            in_flight=in_flight,
            accepted=self._accepted,
            by_state={state: self._ended[state] for state in _ENDS} | self._refused,
            by_modem=dict(self._by_modem),
            latency_ms_sum=self._latency_ms_sum,
            latency_count=self._ended["submitted"],
        )
