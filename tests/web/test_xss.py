"""Whatever others say to the panel, no page takes it for a script: in Chromium, without the content security policy,
which would only hide what is not escaped.
"""

import contextlib
import http.client
import re
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Error

from fakes.browser import View, Visitor
from fakes.crawl import Administrator
from fakes.hostile import ALL, FIRED, HOOK, PAYLOADS, PLACES, HostileHere
from fakes.panel_map import addresses

CAUGHT_IN = {
    6: "<title>{}</title>",
    7: "<textarea>{}</textarea>",
    8: "<script>var said = `{}`;</script>",
    9: "<!-- {} -->",
    10: '<input value="{}">',
    11: "<input value='{}'>",
    12: "<input value={}>",
    13: '<a href="{}">x</a>',
    23: '<script>var said = "{}";</script>',
    24: "<script>var said = '{}';</script>",
    25: "<style>{}</style>",
}
BREAKING_OUT = " ".join(PAYLOADS[number] for number in (2, 3, 6, 7, 8, 12))
NAMES = ("key", "q", "page", "id", "modem", "from", "to", "day", "days", "state", "door", "number", "msisdn", "span")


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    with contextlib.closing(HostileHere(tmp_path_factory.mktemp("hostile"))) as here:
        yield here


@pytest.fixture
def visitor(browser, here):
    with Visitor(browser, here.address, View(), bypass_csp=True) as visitor:
        visitor.context.add_init_script(HOOK)
        visitor.context.add_cookies([{"name": "otpb_session", "value": here.session(), "url": here.address}])
        yield visitor


@pytest.fixture(scope="module")
def pages(here):
    with contextlib.closing(Administrator(here.address)) as administrator:
        administrator.cookies["otpb_session"] = here.session()
        found = administrator.crawl(["/", *addresses(here.panel.routes, quote(PAYLOADS[1], safe=""))], alike=1)
    assert not [path for path, got in found.items() if got.status >= 500]
    return [path for path, got in found.items() if got.headers.get("content-type", "").startswith("text/html")]


def fired(visitor):
    """After what runs on its own had its time."""
    visitor.page.evaluate("() => new Promise(done => setTimeout(done, 20))")
    return visitor.page.evaluate(FIRED)


def shown(visitor, html):
    """What fires in a page that is just this."""
    address = f"{visitor.address}/control"
    visitor.page.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    visitor.page.goto(address)
    found = fired(visitor)
    visitor.page.unroute(address)
    return found


def test_each_payload_is_caught_where_nobody_escapes_it(visitor):
    for number, payload in enumerate(PAYLOADS):
        found = shown(visitor, f"<!doctype html><body>{CAUGHT_IN.get(number, PLACES[0]).format(payload)}")
        assert any(each == str(number) or f"__xss({number})" in each for each in found), payload


def test_all_payloads_together_are_caught_in_every_place(visitor):
    for place in PLACES:
        assert shown(visitor, f"<!doctype html><body>{place.format(ALL)}"), place


@pytest.mark.timeout(180)
def test_no_page_runs_what_the_other_processes_say(visitor, pages):
    ran = {}
    for path in pages:
        visitor.open(path)
        if found := fired(visitor):
            ran[path] = found
    assert ran == {}
    assert len(pages) > 20


@pytest.mark.timeout(180)
def test_no_page_runs_what_was_asked_for(visitor, here):
    query = "&".join(f"{name}={quote(BREAKING_OUT, safe='')}" for name in NAMES)
    paths = sorted({urlsplit(path).path for path in addresses(here.panel.routes, "")})
    for path in (*paths, f"/{quote(ALL, safe='')}", f"/modems/{quote(PAYLOADS[1], safe='')}"):
        with contextlib.suppress(Error):  # what is a file to keep is no page
            assert visitor.open(f"{path}?{query}") < 500
        assert fired(visitor) == [], path


@pytest.mark.timeout(300)
def test_no_page_runs_what_was_typed_into_its_forms(visitor, here, pages):
    once = {}
    for path in pages:
        once.setdefault(urlsplit(path).path, path)
    tried = set()
    for path in once.values():
        visitor.open(path)
        for address in visitor.page.evaluate(ACTIONS):
            action = urlsplit(address).path
            if action in tried:
                continue
            tried.add(action)
            visitor.context.add_cookies([{"name": "otpb_session", "value": here.session(), "url": here.address}])
            visitor.open(path)
            if address not in visitor.page.evaluate(ACTIONS):
                continue  # an earlier one has taken it away
            with visitor.page.expect_navigation() as answer:
                visitor.page.evaluate(TYPE, [address, PAYLOADS, BREAKING_OUT])
            assert answer.value.status < 500, (path, action)
            assert fired(visitor) == [], (path, action)
    assert len(tried) > 10


ACTIONS = "[...document.querySelectorAll('main form')].map(form => form.action)"
TYPE = """([address, payloads, breakingOut]) => {
  const form = [...document.querySelectorAll("main form")].find(each => each.action === address);
  for (const [at, input] of [...form.elements].entries()) {
    if (["hidden", "submit", "button", "checkbox", "radio", "file"].includes(input.type)) continue;
    if (input.tagName === "SELECT") continue;
    input.removeAttribute("maxlength"); input.type = "text";
    input.value = payloads[(at * 7) % payloads.length] + breakingOut;
  }
  HTMLFormElement.prototype.submit.call(form);
}"""


def test_no_refusal_runs_the_name_that_was_asked_for(visitor, here):
    for payload in (ALL, BREAKING_OUT):
        with contextlib.closing(http.client.HTTPConnection(urlsplit(here.address).netloc)) as line:
            line.request("GET", "/login", headers={"Host": payload, "Accept-Language": payload, "User-Agent": payload})
            text = line.getresponse().read().decode()
        assert shown(visitor, re.sub("(href|src)=", "data-x=", text)) == []
