import pytest

from otpbroker.errors import BrokerError
from otpbroker.panel.assets import Assets
from otpbroker.panel.routes import Access


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "vendor").mkdir()
    (tmp_path / "panel.css").write_text("p { color: red }")
    (tmp_path / "vendor/x.min.js").write_text("x()")
    (tmp_path / "vendor/x.LICENSE").write_text("MIT")
    return tmp_path


def test_each_file_has_an_address_that_changes_with_what_is_in_them(folder):
    before = Assets(folder).url("panel.css")
    assert before == Assets(folder).url("panel.css")
    (folder / "vendor/x.min.js").write_text("y()")
    assert Assets(folder).url("panel.css") != before


def test_anybody_gets_styles_and_scripts_and_nothing_else(folder):
    assets = Assets(folder)
    routes = {route.path: route for route in assets.routes()}
    assert set(routes) == {assets.url("panel.css"), assets.url("vendor/x.min.js")}
    answer = routes[assets.url("vendor/x.min.js")].handler(None)
    assert (answer.body, answer.content_type, answer.lasting) == (b"x()", "text/javascript; charset=utf-8", True)
    assert all(route.access is Access.ANYBODY for route in routes.values())


def test_what_the_build_did_not_bring_is_named(folder):
    assets = Assets(folder)
    assert not assets.has("vendor/htmx.min.js")
    with pytest.raises(BrokerError, match=r"vendor/htmx\.min\.js"):
        assets.url("vendor/htmx.min.js")
