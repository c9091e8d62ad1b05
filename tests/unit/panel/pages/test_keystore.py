import datetime as dt
import subprocess

import pytest

from fakes.panel import PanelHere
from otpbroker.config import certificate
from otpbroker.config.sections.network import KeystoreSection
from otpbroker.network.edge_facts import PEM
from otpbroker.secrets import Secret
from otpbroker.system import x509
from otpbroker.verbs.apply import SetSection

FIRST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
TEXT = x509.self_signed(("sms.example.com",), (), FIRST, FIRST.replace(year=2050))
CHAIN, KEY = x509.parted(TEXT)
SECRET = KEY.splitlines()[1]


@pytest.fixture
def panel(tmp_path):
    return PanelHere(tmp_path)


@pytest.fixture
def browser(panel):
    return panel.browser()


def held(panel):
    return {one.name: one for one in panel.store.load(KeystoreSection).keystore}


def add(browser, *files, **fields):
    browser.get("/key-store/add")
    sent = [("files", octets) for octets in files]
    return browser.upload("/key-store/add", {"name": "shop", "pem": "", "passphrase": "", "held": "", **fields}, sent)


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packed")
    (folder / "pem").write_text(TEXT)
    out = folder / "shop.p12"
    export = ["openssl", "pkcs12", "-export", "-in", folder / "pem", "-passout", "pass:rahasia", "-out", out]
    subprocess.run(export, check=True, timeout=30)
    return out.read_bytes()


def test_an_empty_store_says_what_is_shown_instead(browser):
    page = browser.get("/key-store").text
    assert "There is no certificate yet" in page
    assert "HTTPS is off" in page


def test_files_in_any_order_are_stored_and_looked_at(panel, browser):
    told = add(browser, KEY.encode(), CHAIN.encode())
    assert told.place == "/key-store/view"
    assert f"{held(panel)['shop'].certificate}{held(panel)['shop'].key.reveal()}" == TEXT
    page = browser.get(told.to).text
    assert "sms.example.com" in page
    assert "The certificate shop is stored" in page
    assert SECRET not in page + browser.get("/key-store").text
    assert browser.get("/key-store/certificate?key=shop").text == CHAIN


def test_pasted_text_does_too_and_is_shown_at_once_where_told_so(panel, browser):
    panel.settings.call(SetSection(section="api", values={"https_enabled": Secret("true")}))
    own = browser.get("/key-store").text
    assert "The device&#39;s own" in own
    assert browser.get("/key-store/certificate").text.startswith("-----BEGIN CERTIFICATE")
    assert add(browser, pem=TEXT, activate="yes").status == 303
    assert (panel.paths.run / PEM).read_text() == TEXT
    assert certificate.shown(panel.paths).name == "shop"
    assert '<a href="/key-store/view?key=shop">shop</a>' in browser.get("/key-store").text


def test_a_wrong_passphrase_does_not_ask_for_the_file_again(panel, browser, packed):
    page = add(browser, packed)
    assert page.status == 422
    assert "This needs its passphrase" in page.text
    for passphrase, status in (("wrong", 422), ("rahasia", 303)):
        kept = page.text.partition('name="held" value="')[2].partition('"')[0]
        assert kept
        page = add(browser, held=kept, passphrase=passphrase)
        assert page.status == status
    assert "shop" in held(panel)
    assert add(browser, held=kept, passphrase="rahasia", name="again").status == 422  # it is gone


def test_nobody_else_gets_what_was_uploaded(panel, browser, packed):
    page = add(browser, packed)
    kept = page.text.partition('name="held" value="')[2].partition('"')[0]
    other = panel.browser()
    assert "Choose a file" in add(other, held=kept, passphrase="rahasia").text


@pytest.mark.parametrize(
    ("files", "fields", "sentence"),
    [
        ([], {}, "Choose a file"),
        ([b"hello"], {}, "neither PEM nor PKCS#12"),
        ([CHAIN.encode()], {}, "no private key"),
        ([TEXT.encode()], {"name": ""}, "name"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(panel, browser, files, fields, sentence):
    page = add(browser, *files, **fields)
    assert page.status == 422
    assert sentence in page.text.partition('class="says"')[2]
    assert held(panel) == {}


def test_a_name_that_is_taken_is_replaced_only_where_one_says_so(panel, browser):
    add(browser, TEXT.encode(), activate="yes")
    renewed = x509.self_signed(("sms.example.com",), (), FIRST, FIRST.replace(year=2051))
    page = add(browser, renewed.encode())
    assert page.status == 422
    assert 'name="replace"' in page.text
    kept = page.text.partition('name="held" value="')[2].partition('"')[0]
    assert add(browser, held=kept, replace="yes").status == 303
    assert held(panel)["shop"].certificate in renewed
    assert held(panel)["shop"].active


def test_one_of_our_own(panel, browser):
    told = browser.post("/key-store/make", {"name": "lan", "names": "sms.lan, 10.0.0.5", "activate": "yes"})
    assert told.place == "/key-store/view"
    assert x509.covers(held(panel)["lan"].certificate, {"sms.lan"}, {"10.0.0.5"})
    page = browser.post("/key-store/make", {"name": "x", "names": "!!"})
    assert page.status == 422
    assert 'value="!!"' in page.text
    assert browser.post("/key-store/make", {"name": "lan", "names": ""}).status == 422


def test_switching_and_deleting(panel, browser):
    add(browser, TEXT.encode())
    browser.post("/key-store/make", {"name": "lan", "names": "", "activate": "yes"})
    assert browser.post("/key-store/activate?key=shop", {"back": "list"}).to == "/key-store"
    assert [name for name, one in held(panel).items() if one.active] == ["shop"]
    assert "HTTPS shows it now" in browser.get("/key-store/delete?key=shop").text
    assert "HTTPS shows it now" not in browser.get("/key-store/delete?key=lan").text
    browser.post("/key-store/deactivate?key=shop")
    browser.post("/key-store/delete?key=shop")
    assert list(held(panel)) == ["lan"]
    browser.get("/key-store")
    assert browser.post("/key-store/delete?key=shop").status == 404
    assert browser.get("/key-store/view?key=shop").place == "/key-store"
