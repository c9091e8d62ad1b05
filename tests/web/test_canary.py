"""What was sent is nowhere to be read: not on any page, in any file to keep, for any administrator."""

import pytest

from fakes import canary
from fakes.browser import PASSWORD
from fakes.panel import PanelHere
from fakes.panel_map import addresses
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import SetSection


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    routes = PanelHere(tmp_path_factory.mktemp("map"), admin=False).panel.routes
    return ["/", *addresses(routes, "walked", modems="sim0")]


def send_everywhere(device, administrator, birds):
    """Over every door that has no server of its own, well and badly."""

    def text(name):
        return f"Kode {birds.setdefault(name, canary.token())}, rahasia"

    numbers = iter(f"0815000{at:05d}" for at in range(100))
    assert device.sms(next(numbers), text("sent")).code == "0000"
    assert device.sms(next(numbers), f"{text('wide')} 🔐").code == "0000"
    assert device.sms("12", text("bad number")).code == "1104"
    assert device.sms(next(numbers), text("too long") * 200).code == "1108"
    with device.client() as client:
        for command, data in (
            ("request-otp", {"reference": "order-1", "receiver": next(numbers), "message": f"{text('otp')} %s"}),
            ("send-mail", {"recipient": "siti@mail.example", "subject": text("subject"), "message": text("mail")}),
        ):
            client.command(command, {"id": 1, **data})
    assert device.otpb("send", next(numbers), stdin=text("otpb")).returncode == 0

    administrator.get("/sms")
    sms = {"recipient": next(numbers), "modem": ""}
    assert text("panel") not in administrator.post("/sms", {**sms, "text": text("panel")}).text
    assert administrator.post("/sms", {**sms, "recipient": "12", "text": text("panel, refused")}).status >= 400
    assert administrator.post("/sms/measure", {**sms, "text": text("measured")}).status == 200
    mail = {"recipient": "siti@mail.example", "subject": text("by panel"), "text": text("mailed"), "account": ""}
    administrator.post("/send-email", mail)


def everything(administrator, paths):
    """Every page and file, as octets by its address; asked for twice, so that what waits to be shown has been."""
    found = {path: got.octets for path, got in administrator.crawl(paths).items()}
    again = administrator.crawl(paths)
    found |= {f"{path} again": got.octets for path, got in again.items()}
    found |= {f"headers of {path}": repr(got.headers).encode() for path, got in again.items()}
    secret = {"passphrase": PASSWORD, "again": PASSWORD}
    found["backup"] = administrator.post("/backup/download", secret).octets
    return found


def hits(found, birds):
    search = canary.Search(birds)
    return [hit for path, octets in found.items() for hit in search.octets(octets, path)]


@pytest.mark.timeout(120)
def test_no_page_and_no_file_holds_a_text(device, administrator, paths):
    birds = {}
    send_everywhere(device, administrator, birds)
    assert len(birds) >= 10
    found = everything(administrator, paths)
    assert len(found) > 100
    assert b"62815****" in found["/report/messages"], "the messages are not even listed"
    assert hits(found, birds) == []


def test_the_crawl_would_find_it(device, administrator, paths):
    birds = {"shown": canary.token()}
    device.change(SetSection(section="general", values={"device_name": Secret(birds["shown"])}))
    assert hits({"/": administrator.get("/").octets}, birds)
