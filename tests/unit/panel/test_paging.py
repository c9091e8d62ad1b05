import pytest

from otpbroker.panel.paging import page_of
from otpbroker.panel.render import link
from otpbroker.panel.visit import Fields


class Asking:
    def __init__(self, page):
        self.query = Fields({"page": [page]} if page else {})


@pytest.mark.parametrize(
    ("page", "total", "seen"),
    [
        ("", 0, (1, 1, 0, [])),
        ("", 3, (1, 1, 1, [0, 1, 2])),
        ("1", 20, (1, 3, 1, list(range(8)))),
        ("2", 20, (2, 3, 9, list(range(8, 16)))),
        ("3", 20, (3, 3, 17, [16, 17, 18, 19])),
        ("99", 20, (3, 3, 17, [16, 17, 18, 19])),
        ("0", 20, (1, 3, 1, list(range(8)))),
        ("-1", 20, (1, 3, 1, list(range(8)))),
        ("٣", 20, (1, 3, 1, list(range(8)))),
        ("9" * 400, 20, (1, 3, 1, list(range(8)))),
        ("2", 16, (2, 2, 9, list(range(8, 16)))),
    ],
)
def test_every_item_is_on_one_page(page, total, seen):
    paged = page_of(list(range(total)), Asking(page), 8)
    assert (paged.number, paged.pages, paged.first, list(paged.items)) == seen
    assert paged.total == total


def test_a_link_keeps_its_parts_apart():
    assert link("/modems") == "/modems"
    assert link("/modems", q="", page=2) == "/modems?page=2"
    assert link("/api-users/view", key="a&b=c #ü/?") == "/api-users/view?key=a%26b%3Dc%20%23%C3%BC%2F%3F"
    assert link("/x", key='"><script>') == "/x?key=%22%3E%3Cscript%3E"
