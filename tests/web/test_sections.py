"""The whole life of an entry in every list, on the smallest screen without scripts and on a large one with them."""

import pytest

from fakes.browser import View
from fakes.panel_map import CHANGED, LEAST, listings, settings_pages

OTHER = {"modems": {"port": "/dev/ttyUSB8"}}  # each has its own
VIEWS = [View(360, "id", script=False), View(1280, "en")]


def fills(visitor, **fields):
    for name, value in fields.items():
        box = f"main form:not([role=search]) [name='{name}']"
        if not visitor.sees(box):
            visitor.page.locator(f"details:has({box}) > summary").first.click()
        visitor.page.fill(box, value)


@pytest.mark.parametrize("view", VIEWS, ids=str)
@pytest.mark.parametrize("listing", listings(), ids=lambda listing: listing.section)
def test_an_entry_lives_from_its_making_to_its_end(visit, listing, view):
    visitor = visit(view)
    visitor.expected.add(422)
    path, name = listing.path, f"baru-{view.width}"
    changed, before, after = CHANGED[listing.section]

    visitor.open(path)
    visitor.follow(f"{path}/add", within="main .bar")  # elsewhere a form may be led to that is filled in already
    fills(visitor, **{changed: before})
    visitor.submit(f"{path}/add")
    assert visitor.sees(".notice.failed"), "an empty name was taken"
    assert visitor.page.input_value(f"main [name='{changed}']") == before, "what was typed is gone"
    visitor.screenshot(f"{listing.section}-wrong", "forms")
    fills(
        visitor,
        **{**LEAST[listing.section], **OTHER.get(listing.section, {}), listing.name_field: name, changed: before},
    )
    visitor.submit(f"{path}/add")
    assert not visitor.sees(".notice.failed"), visitor.text()
    visitor.open(f"{path}?q={name}")
    assert visitor.page.locator("main .cards > li").count() == 1

    visitor.follow(f"{path}/view", within="main .cards")
    assert before in visitor.text()
    visitor.follow(f"{path}/edit")
    fills(visitor, **{changed: after})
    visitor.submit(f"{path}/edit")
    assert visitor.sees(".notice.done")
    assert after in visitor.text()

    for action, back in (("deactivate", "activate"), ("block", "unblock")):
        if action in listing.actions:
            visitor.submit(f"{path}/{action}")
            assert visitor.sees(".notice.done")
            visitor.screenshot(f"{listing.section}-{action}d", "forms")
            visitor.submit(f"{path}/{back}")
            assert visitor.sees(f"form[action^='{path}/{action}?']")

    visitor.follow(f"{path}/delete")
    assert visitor.sees(f"form[action^='{path}/delete']")
    visitor.screenshot(f"{listing.section}-delete", "forms")
    visitor.submit(f"{path}/delete")
    assert visitor.sees(".notice.done")
    visitor.open(f"{path}?q={name}")
    assert visitor.page.locator("main .cards > li").count() == 0
    visitor.faultless()


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_every_page_of_settings_is_saved_and_says_what_is_wrong(visit, view):
    visitor = visit(view)
    visitor.expected.add(422)
    for setting in settings_pages():
        visitor.open(setting.path)
        visitor.submit(setting.path)
        assert visitor.sees(".notice.done"), setting.path
        numbers = visitor.page.locator(f"main form[action='{setting.path}'] input[inputmode=decimal]:visible")
        if numbers.count():
            numbers.first.fill("x")
            visitor.submit(setting.path)
            assert visitor.sees(".notice.failed"), setting.path
            assert numbers.first.input_value() == "x"
    visitor.faultless()
