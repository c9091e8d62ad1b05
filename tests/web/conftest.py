"""The panel of a running device, driven in a real browser."""

import contextlib
import re

import pytest

from fakes.browser import ADMIN, CHROMIUM, PASSWORD, Visitor, chromium
from fakes.crawl import Administrator
from fakes.panel import PanelHere
from fakes.panel_map import LEAST, addresses, listings
from fakes.whole import Whole
from otpbroker.ipc.client import Client
from otpbroker.panel import nav
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import AddEntry, FirstAdmin
from otpbroker.verbs.keystore import MakeCertificate
from running import PROJECT

pytest.importorskip("playwright")
VENDOR = PROJECT / "src/otpbroker/panel/static/vendor/pico.min.css"
KEY = "walked"
MENU = {entry.path for _, entries in nav.GROUPS for entry in entries}


MAIN_WAY = re.compile(
    r"test_five_minutes.*\[(360x740-id|1280x800-en-noscript)\]|test_canary|first_visit_is_light|shown_at_once"
)


def pytest_collection_modifyitems(items):
    """What is not the main way through is for `scripts/test --browser`."""
    missing = [str(path) for path in (CHROMIUM, VENDOR) if not path.exists()]
    for item in (item for item in items if "tests/web/" in str(item.path)):
        if not MAIN_WAY.search(item.nodeid):
            item.add_marker(pytest.mark.browser)
        if missing:
            item.add_marker(pytest.mark.skip(reason=f"not here: {', '.join(missing)}"))


@pytest.fixture(scope="session")
def browser():
    with chromium() as browser:
        yield browser


class Device(Whole):
    """A running system, its settings at hand without a process for each change."""

    def __init__(self, folder, *options):
        super().__init__(folder, "--no-install", *options)
        self.apply = Client(Paths(self.root).socket("apply"))

    def __exit__(self, *_):
        self.apply.close()
        super().__exit__()

    def change(self, verb):
        applied = self.apply.call(verb, 60)
        assert not applied.problems, applied.problems
        return applied

    def add(self, section, key, **values):
        texts = {name: Secret(value) for name, value in {**LEAST[section], **values}.items()}
        self.change(AddEntry(section=section, key=key, values=texts))

    def fill(self):
        """An administrator, and an entry in every list that the panel has."""
        self.change(FirstAdmin(username=ADMIN, values={"password": Secret(PASSWORD)}))
        for listing in listings():
            self.add(listing.section, KEY)
        self.change(MakeCertificate(name=KEY, names=("sms.example.com", "192.168.0.11"), activate=True))


@pytest.fixture(scope="module")
def device(tmp_path_factory):
    with Device(tmp_path_factory.mktemp("device"), "--simulate", 2) as device:
        device.fill()
        yield device


@pytest.fixture(scope="module")
def administrator(device):
    with contextlib.closing(Administrator(device.panel)) as administrator:
        administrator.sign_in(ADMIN, PASSWORD)
        yield administrator


@pytest.fixture(scope="module")
def pages(administrator, tmp_path_factory):
    """The address of every page that an administrator can open."""
    routes = PanelHere(tmp_path_factory.mktemp("map"), admin=False).panel.routes
    found = administrator.crawl(["/", *addresses(routes, KEY, modems="sim0")], alike=1)
    return sorted(path for path, got in found.items() if got.is_page)


@pytest.fixture(scope="module")
def menu_pages(pages):
    """Those that the menu leads to."""
    return [path for path in pages if path in MENU]


@pytest.fixture
def visit(browser, device):
    """Makes visitors that are signed in."""
    visitors = []

    def make(view, *, signed_in=True, **options):
        visitor = Visitor(browser, device.panel, view, **options)
        visitors.append(visitor)
        if signed_in:
            visitor.sign_in()
        return visitor

    yield make
    for visitor in visitors:
        visitor.context.close()
