"""What a chart shows. `templates/_charts.html` makes a figure of it, with its table; `static/charts.js` draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec


@dataclass(frozen=True, slots=True)
class Series:
    """`values` has None where nothing is known: a gap. `tone` gives a meaning its own colour everywhere."""

    label: str
    values: Sequence[float | None]
    tone: Literal["", "good", "warn", "bad", "off"] = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """`labels` are the points on the x axis as people read them, one for each value; `x` their places (Unix seconds)
    where they are not evenly spread. `kind`: `bars` are stacked, `lines` are not. `id` is unique in its page.
    """

    id: str
    title: str
    x_label: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    kind: Literal["bars", "lines"] = "lines"
    x: Sequence[float] = ()

    def drawn(self) -> str:
        """What the script needs, as JSON."""
        data: dict[str, Any] = {
            "kind": self.kind,
            "unit": self.unit,
            "labels": self.labels,
            "x": self.x or range(len(self.labels)),
            "series": [{"label": each.label, "tone": each.tone, "values": each.values} for each in self.series],
        }
        return msgspec.json.encode(data, enc_hook=list).decode()
