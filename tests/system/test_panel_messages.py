"""The message pages of the running system, by plain HTTP as a browser without scripts sends it."""

import re
import time
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

import pytest

from fakes import canary
from fakes.whole import Whole

TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
KEY = re.compile(r'name="idempotency_key" value="([^"]+)"')


class Visitor:
    """Keeps cookies and the token of the page seen last."""

    def __init__(self, url):
        self.host = urlsplit(url).netloc
        self.cookies, self.token = {}, ""

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, **fields):
        body = urlencode({"csrf": self.token, **fields})
        form = {"Origin": f"http://{self.host}", "Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body, form)

    def ask(self, method, path, body=None, headers=()):
        line = HTTPConnection(self.host, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line.request(method, path, body, {"Accept-Language": "en", "Cookie": cookies, **dict(headers)})
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        for given in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(given).items() if morsel.value}
        if token := TOKEN.search(text):
            self.token = token[1]
        return answer.status, text


@pytest.fixture
def whole(tmp_path):
    with Whole(tmp_path, "--simulate", 2) as whole:
        yield whole


def test_an_sms_sent_by_hand_is_in_the_air_once_and_its_text_nowhere_else(whole, tmp_path):
    began_s = time.time() - 1
    birds = {name: canary.token() for name in ("sent", "too short a number", "counted")}
    visitor = Visitor(whole.panel)
    visitor.get("/setup")
    password = "rahasia-sekali-1"
    assert visitor.post("/setup", username="budi", password=password)[0] == 303
    with whole.simulator() as simulator:
        _, page = visitor.get("/sms")
        form = {"recipient": "0812-3456-7890", "text": f"Kode {birds['sent']}\r\nbaris 2", "modem": "sim1"}
        form["idempotency_key"] = KEY.search(page)[1]
        status, told = visitor.post("/sms", **form)
        assert (status, "the network has taken the message" in told) == (200, True)
        assert "nothing was sent twice" in visitor.post("/sms", **form)[1]
        (heard,) = simulator.received()
        assert (heard.number, heard.text) == ("6281234567890", f"Kode {birds['sent']}\nbaris 2")
        assert [sum(counter.values()) for counter in simulator.counters()] == [0, 1]
        wrong = {"recipient": "12", "text": birds["too short a number"], "modem": "", "idempotency_key": "k"}
        assert visitor.post("/sms", **wrong)[0] == 422
        assert "UCS-2" in visitor.post("/sms/measure", recipient="0812", text=f"🔐 {birds['counted']}", modem="")[1]
        assert simulator.inject(0, "Halo <b>", sender="+628110000001")
        assert "Halo &lt;b&gt;" in visitor.get("/inbox?modem=sim0")[1]
        assert "Rp 25.000" in visitor.post("/ussd", modem="sim0", code="*888#")[1]
    assert "62812****890" in whole.otpb("messages").stdout
    told = [row for row in whole.told("messages")["messages"] if row["door"] == "panel"]
    assert [(row["user"], row["modem"]) for row in told] == [("budi", "sim1")]
    search = canary.Search(birds)
    pids = [whole.process.pid, *whole.pids().values()]
    hits = search.folder(tmp_path) + search.temporary(began_s) + search.processes(pid for pid in pids if pid)
    assert not hits
