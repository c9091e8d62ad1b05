"""What a visit costs on a slow line, and whether the page stands still while it comes."""

import pytest

from fakes.browser import View
from fakes.crawl import Administrator

PHONE = View(360, "id")
FIRST_OCTETS, NEXT_OCTETS = 100 * 1024, 15 * 1024
SHIFTS = """
window.__shift = 0;
new PerformanceObserver(list => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.__shift += each.value;
}).observe({type: "layout-shift", buffered: true});
"""
MEASURES = """() => new Promise(done => setTimeout(() => done({
  shift: window.__shift,
  blocking: performance.getEntriesByType("resource").filter(each => each.renderBlockingStatus === "blocking")
    .map(each => each.name),
}), 60))"""


def octets(visitor):
    """Head and body of everything that was asked for, as it came over the line."""
    sizes = [request.sizes() for request in visitor.requests if request.url.startswith(visitor.address)]
    return sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)


def test_the_first_visit_is_light(visit):
    visitor = visit(PHONE, signed_in=False)
    visitor.open("/login")
    visitor.page.wait_for_load_state("networkidle")
    assert 20_000 < octets(visitor) <= FIRST_OCTETS


@pytest.mark.timeout(180)
def test_every_page_after_is_lighter_and_stands_still(visit, menu_pages):
    visitor = visit(PHONE)
    visitor.context.add_init_script(SHIFTS)
    visitor.open("/login")
    styles = set(visitor.page.evaluate(MEASURES)["blocking"])
    heavy, restless, blocked = {}, {}, {}
    for path in (*menu_pages, "/api-users/add", "/modems/view?key=sim0"):
        visitor.requests.clear()
        visitor.open(path)
        measured = visitor.page.evaluate(MEASURES)
        page = next(each for each in visitor.requests if each.is_navigation_request())
        if page.sizes()["responseBodySize"] > NEXT_OCTETS:
            heavy[path] = page.sizes()["responseBodySize"]
        if measured["shift"] > 0.02:
            restless[path] = measured["shift"]
        if others := {each for each in measured["blocking"] if not each.endswith(".css")} - styles:
            blocked[path] = others
    assert (heavy, restless, blocked) == ({}, {}, {})


def test_what_pages_load_is_kept_by_the_browser(device, visit):
    visitor = visit(PHONE)
    visitor.open("/modems")
    visitor.page.wait_for_load_state("networkidle")
    static = [request.url.removeprefix(device.panel) for request in visitor.requests if "/static/" in request.url]
    assert len(static) >= 4
    administrator = Administrator(device.panel)
    for path in set(static):
        got = administrator.get(path)
        assert "immutable" in got.headers["cache-control"]
        assert len(got.octets) < 512 or got.headers["content-encoding"] == "gzip"
    administrator.close()
