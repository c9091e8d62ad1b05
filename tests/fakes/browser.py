"""Debian's Chromium, and what a person with it sees of the panel: pages, and everything that is wrong with them."""

import contextlib
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from running import PROJECT

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = PROJECT / "results/screenshots"
ADMIN, PASSWORD = "budi", "rahasia-sekali-1"
WAIT_MS = 10_000
STANDING = """[document.documentElement.scrollWidth, document.querySelectorAll("h1").length,
  document.documentElement.lang, document.title]"""
_CSP_WORDS = "Failed to load resource"  # the response itself is looked at


class View(NamedTuple):
    """How somebody looks at the panel."""

    width: int = 1280
    language: str = "en"
    script: bool = True

    @property
    def height(self):
        return 740 if self.width < 600 else 800

    def __str__(self):
        return f"{self.width}x{self.height}-{self.language}{'' if self.script else '-noscript'}"


VIEWS = [
    View(width, language, script) for width in (360, 1280) for language in ("id", "en") for script in (True, False)
]


@contextlib.contextmanager
def chromium():
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not everywhere

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Visitor:
    """One person at one browser. `faults` is what no page may have: errors of scripts, requests that fail or go
    elsewhere, answers that nobody expected.
    """

    def __init__(self, browser, address, view, **options):
        self.address = address
        self.view = view
        self.faults = []
        self.requests = []
        self.expected = {200, 204, 303, 304}
        self.context = browser.new_context(
            viewport={"width": view.width, "height": view.height},
            locale={"en": "en-GB", "id": "id-ID"}[view.language],
            java_script_enabled=view.script,
            **options,
        )
        self.context.set_default_timeout(WAIT_MS)
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("request", self._request)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def _console(self, message):
        if message.type in ("error", "warning") and _CSP_WORDS not in message.text:
            self.faults.append(f"console {message.type} at {self.page.url}: {message.text}")

    def _request(self, request):
        self.requests.append(request)
        parts = urlsplit(request.url)
        if parts.scheme != "data" and f"{parts.scheme}://{parts.netloc}" != self.address:
            self.faults.append(f"a request elsewhere: {request.url}")

    def _failed(self, request):
        if "ERR_ABORTED" not in (request.failure or ""):  # a page left while it loaded
            self.faults.append(f"{request.method} {request.url}: {request.failure}")

    def _response(self, response):
        if response.status not in self.expected:
            self.faults.append(f"{response.request.method} {response.url}: {response.status}")

    def sees(self, selector):
        return self.page.locator(selector).first.is_visible()

    def faultless(self):
        assert not self.faults, self.faults

    # What a person does

    def open(self, path):
        """The response's status."""
        response = self.page.goto(self.address + path)
        return response.status if response else None

    def fill(self, **fields):
        """By field name, in the form of the page's main part."""
        for name, value in fields.items():
            self.page.fill(f"main [name='{name}']", value)

    def submit(self, action):
        """Press the button of the form that leads to `action`."""
        form = f"main form:is([action='{action}'], [action^='{action}?'])"
        with self.page.expect_navigation():
            self.page.locator(f"{form} button:not([type=button]):not([formaction]):not(.unseen)").first.click()

    def follow(self, target, within="main"):
        """Press the first link there whose address begins with `target`."""
        with self.page.expect_navigation():
            self.page.locator(f"{within} a[href^='{target}']").first.click()

    def sign_in(self, username=ADMIN, password=PASSWORD):
        self.open("/login")
        self.fill(username=username, password=password)
        self.submit("/login")
        assert self.path == "/", self.text()

    @property
    def path(self):
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def text(self, selector="main"):
        return self.page.locator(selector).first.inner_text()

    def screenshot(self, name, folder="pages"):
        """Kept as what the tests have seen; with its caret, which hiding would take an inline style."""
        kept = SCREENSHOTS / folder
        kept.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=kept / f"{name}-{self.view}.png", full_page=True, caret="initial")

    # What every page must be

    def layout_faults(self):
        """What is wrong with how the page stands there."""
        width, headings, language, title = self.page.evaluate(STANDING)
        return [
            f"{self.path} {fault}"
            for fault, there in (
                (f"is {width} px wide at {self.view.width}", width > self.view.width),
                (f"has {headings} h1", headings != 1),
                (f"is in {language}", language != self.view.language),
                ("has no title", not title),
            )
            if there
        ]
