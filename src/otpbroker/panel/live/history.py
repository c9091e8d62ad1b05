"""What was measured lately, in memory: an hour by ten seconds, a day by five minutes, a week by hours."""

import threading
import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

SAMPLE_S: Final = 10.0
Span = Literal["hour", "day", "week"]
SPANS: Final[dict[Span, tuple[float, int]]] = {"hour": (SAMPLE_S, 360), "day": (300.0, 288), "week": (3600.0, 168)}
MOST_SERIES: Final = 300  # modems come and go; nine kilobytes each
_NOTHING: Final = float("nan")
_SIGNAL: Final = "signal "


class Point(NamedTuple):
    """`at` is Unix seconds; `value` None where nothing was measured."""

    at: float
    value: float | None


class _Ring:
    """The means of the newest `size` steps of `step_s`."""

    def __init__(self, step_s: float, size: int) -> None:
        self.step_s = step_s
        self._values = array("f", [_NOTHING]) * size
        self._slot = -1
        self._sum = 0.0
        self._count = 0

    def put(self, now_s: float, value: float) -> None:
        slot = self._turn(now_s)
        self._sum += value
        self._count += 1
        self._values[slot % len(self._values)] = self._sum / self._count

    def _turn(self, now_s: float) -> int:
        slot = int(now_s // self.step_s)
        if slot != self._slot:
            size = len(self._values)
            for passed in range(max(self._slot + 1, slot - size + 1), slot + 1):
                self._values[passed % size] = _NOTHING
            self._slot, self._sum, self._count = slot, 0.0, 0
        return slot

    def points(self, now_s: float, wall_s: float) -> list[Point]:
        """From the oldest value on; moments are told by today's wall clock, however often that was set meanwhile."""
        slot = self._turn(now_s)
        size = len(self._values)
        slots = range(slot - size + 1, slot + 1)
        found = [Point(wall_s - (slot - each) * self.step_s, _or_none(self._values[each % size])) for each in slots]
        first = next((at for at, point in enumerate(found) if point.value is not None), len(found))
        return found[first : None if found[-1].value is not None else -1]  # the present step may have none yet


class History:
    """Series by name. `clock` is the monotonic one; `wall` the one for people."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._wall = wall
        self._lock = threading.Lock()
        self._series: dict[str, dict[Span, _Ring]] = {}

    def put(self, values: Mapping[str, float | None], signals: Mapping[str, int | None]) -> None:
        """A sample of each series that has a value now; `signals` are dBm by modem id."""
        named = dict(values) | {_SIGNAL + modem: value for modem, value in signals.items()}
        now_s = self._clock()
        with self._lock:
            for name, value in named.items():
                if value is None or (name not in self._series and len(self._series) >= MOST_SERIES):
                    continue
                rings = self._series.setdefault(name, {span: _Ring(*shape) for span, shape in SPANS.items()})
                for ring in rings.values():
                    ring.put(now_s, value)

    def series(self, name: str, span: Span) -> list[Point]:
        with self._lock:
            rings = self._series.get(name)
            return rings[span].points(self._clock(), self._wall()) if rings else []

    def signal(self, modem_id: str, span: Span = "day") -> list[Point]:
        """A modem's signal in dBm."""
        return self.series(_SIGNAL + modem_id, span)


def thinned(points: Sequence[Point], most: int) -> list[Point]:
    """At most so many points: each the mean of its neighbours, at the moment of the last of them."""
    step = max(1, -(-len(points) // most))
    first = len(points) % step or step
    groups = [points[:first], *(points[at : at + step] for at in range(first, len(points), step))]
    return [_mean(group) for group in groups if group]


def _mean(points: Sequence[Point]) -> Point:
    values = [point.value for point in points if point.value is not None]
    return Point(points[-1].at, sum(values) / len(values) if values else None)


def _or_none(value: float) -> float | None:
    return None if value != value else value  # noqa: PLR0124 - only NaN is unlike itself
