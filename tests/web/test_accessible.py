"""Nobody is kept out: axe finds nothing on any page, and a keyboard reaches everything."""

import pytest

from fakes.browser import View
from running import PROJECT

AXE = PROJECT / "build/browser/node_modules/axe-core/axe.min.js"
PHONE = View(360, "id")
RUN = """async (rules) => {
  const only = rules.length ? {runOnly: {type: "rule", values: rules}} : {};
  const found = await axe.run(document, {resultTypes: ["violations"], ...only});
  return found.violations.map(each => `${each.id}: ${each.nodes.map(node => node.html.slice(0, 160)).join(" | ")}`);
}"""

# Buttons and fields lower than 40 px.
LOW = """() => [...document.querySelectorAll(
    "button, [role=button], select, input:not([type=hidden]):not([type=checkbox]):not([type=radio])")]
  .filter(each => !each.closest(".unseen, .skip") && each.checkVisibility())
  .filter(each => Math.round(each.getBoundingClientRect().height) < 40)
  .map(each => `${Math.round(each.getBoundingClientRect().height)} px: ${each.outerHTML.slice(0, 90)}`)"""


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not here")
@pytest.mark.timeout(180)
def test_axe_finds_nothing_and_fingers_hit_what_they_aim_at(visit, pages):
    """In the dark only colours are others."""
    visitor = visit(PHONE, bypass_csp=True)
    script = AXE.read_text()
    wrong = {}
    for path in pages:
        visitor.page.emulate_media(color_scheme="light")
        visitor.open(path)
        visitor.page.evaluate(script)
        found = visitor.page.evaluate(RUN, []) + visitor.page.evaluate(LOW)
        visitor.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += [f"dark {each}" for each in visitor.page.evaluate(RUN, ["color-contrast", "link-in-text-block"])]
        if found:
            wrong[path] = found
    assert wrong == {}


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not here")
def test_axe_would_find_something(visit):
    visitor = visit(PHONE, bypass_csp=True)
    visitor.page.evaluate(
        "document.querySelector('main').innerHTML = '<img src=data:,><input><p style=color:#ddd>pale words</p>'"
    )
    visitor.page.evaluate(AXE.read_text())
    found = " ".join(visitor.page.evaluate(RUN, []))
    for rule in ("image-alt", "label", "color-contrast"):
        assert rule in found


def test_the_keyboard_alone_is_enough(visit):
    visitor = visit(PHONE)
    page = visitor.page
    visitor.open("/modems")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0, "the skip link is not seen"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    visitor.open("/modems")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == "#menu":
            break
    page.keyboard.press("Enter")
    assert visitor.sees("#menu a[href='/api-users']")
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.getAttribute('href')"))
    assert {"/sms", "/api-users", "/panel"} <= seen


def test_what_has_the_focus_shows_it(visit):
    visitor = visit(PHONE)
    visitor.open("/api-users/add")
    page = visitor.page
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # once around
        shown = page.evaluate("""() => {
          const style = getComputedStyle(document.activeElement);
          const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
          return outlined || style.boxShadow !== "none" ? "" : document.activeElement.outerHTML.slice(0, 120);
        }""")
        assert shown == ""
