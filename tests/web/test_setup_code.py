"""A board without a radio: its first administrator comes over Ethernet, with the set-up code from its screen."""

import contextlib
import threading

import pytest

from fakes.browser import ADMIN, PASSWORD, VIEWS, Visitor
from fakes.panel import PanelHere
from otpbroker.config import setup_code
from otpbroker.system.workers import Workers
from otpbroker.web.http import Response
from otpbroker.web.server import Server
from otpbroker.web.wsgi import Wsgi

CODE = "K7QM-3XWP-H9TD"


@contextlib.contextmanager
def served(panel):
    """Its address; whoever comes does so from another side than the access point's."""
    workers = Workers(8)
    server = Server(("127.0.0.1", 0), Wsgi(panel.wsgi, lambda status: Response(status, b"no")), workers, 1024 * 1024)
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
    server.stop()
    workers.stop(5)
    thread.join()


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_the_first_administrator_over_ethernet(browser, tmp_path, view):
    fresh = PanelHere(tmp_path, admin=False)
    fresh.paths.factory.mkdir(parents=True)
    setup_code.path(fresh.paths).write_text(f"{CODE}\n")
    with served(fresh.panel) as address, Visitor(browser, address, view) as visitor:
        visitor.expected.add(422)
        visitor.open("/")
        assert visitor.path == "/setup"
        visitor.screenshot("setup-code", "first-run")
        visitor.fill(setup_code="AAAA-BBBB-CCCC", username=ADMIN, password=PASSWORD)
        visitor.submit("/setup")
        assert visitor.sees("#say-setup_code .error")
        assert visitor.page.input_value("#username") == ADMIN
        visitor.screenshot("setup-code-wrong", "first-run")
        visitor.fill(setup_code=CODE.lower(), password=PASSWORD)
        visitor.submit("/setup")
        assert visitor.path == "/start"
        assert not visitor.layout_faults()
        visitor.faultless()
    assert ADMIN in fresh.desk.settings.admins
