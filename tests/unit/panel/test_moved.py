import pytest

from fakes.panel import PanelHere


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.168.0.11:8888", "http://192.168.0.11:8899/panel"),
        ("otpbroker.local", "http://otpbroker.local:8899/panel"),
        ("[fe80::1]:8888", "http://[fe80::1]:8899/panel"),
    ],
)
def test_a_panel_that_moves_names_its_new_address(tmp_path, host, address):
    browser = PanelHere(tmp_path).browser(host=host)
    browser.get("/panel")
    moved = browser.post("/panel", {"port": "8899", "idle_s": "1800"})
    assert (moved.status, f'href="{address}"' in moved.text, "were saved" in moved.text) == (200, True, True)
    assert browser.post("/panel", {"port": "8899", "idle_s": "1700"}).to == "/panel"
