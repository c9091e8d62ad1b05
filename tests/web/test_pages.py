"""Every page that there is, as people see it."""

import re

import pytest

from fakes.browser import VIEWS, View

WHOLE = (View(360, "id"), View(1280, "en"))  # where pages beside the menu's are looked at too


def name_of(path):
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "home"


@pytest.mark.timeout(180)
@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_every_page_stands_as_it_should(visit, pages, menu_pages, view):
    visitor = visit(view)
    wrong = []
    for path in pages if view in WHOLE else menu_pages:
        visitor.open(path)
        wrong += visitor.layout_faults()
        if view.script:
            visitor.screenshot(name_of(path))
    assert wrong == []
    visitor.faultless()
