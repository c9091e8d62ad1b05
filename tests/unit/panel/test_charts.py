import html
import json
import re

import pytest

from fakes.panel import PanelHere
from otpbroker.panel.charts import Chart, Series
from otpbroker.panel.words import Words

CHART = Chart(
    "counts", "SMS", "Day", ("<1>", "2"), (Series("<b>", (1200, None), "good"), Series("B", (0, 4.5))), "ms", "bars"
)


@pytest.fixture
def figure(tmp_path):
    """The chart as a page shows it, in Indonesian."""
    here = PanelHere(tmp_path)
    environment = here.panel._renderer._environment
    page = environment.from_string(
        '{% import "_charts.html" as charts with context %}{{ charts.head() }}{{ charts.figure(chart) }}'
    )

    visit = type("Visit", (), {"words": Words("id")})
    return page.render(visit=visit, say=visit.words.say, chart=CHART)


def test_the_script_gets_every_value_and_gap(figure):
    (data,) = re.findall(r'data-chart="([^"]+)"', figure)
    drawn = json.loads(html.unescape(data))
    assert drawn["x"] == [0, 1]
    assert [series["values"] for series in drawn["series"]] == [[1200, None], [0, 4.5]]
    assert "<b>" not in figure


def test_the_table_says_the_same_as_people_read_it(figure):
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", figure)
    assert cells == ["Day", "&lt;b&gt;", "B", "&lt;1&gt;", "1.200", "0", "2", "\N{EN DASH}", "4,5"]
