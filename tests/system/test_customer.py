"""The customer's own document, word for word, against the running system."""

import pytest

from fakes import air
from fakes.customer import BLOCK, MAIL, SEND, UNBLOCK
from fakes.http import basic
from fakes.whole import Whole

HEAD = """Host: sub.domain.tld
Connection: close
User-agent: KSPS
Content-type: application/json
Content-length: {length}
Authorization: Basic dXNlcjpwYXNzd29yZA=="""

# Prefixes and prices of each SIM, from the section on routing; `*` is every other number.
SIMS = {
    "sim0": ({"62871": 50, "62872": 50, "*": 350}, False),
    "sim1": ({"62835": 100, "62856": 100, "62837": 100, "*": 350}, False),
    "sim2": ({"62845": 60, "*": 250}, False),
    "sim3": ({"62848": 90, "62849": 90, "*": 200}, True),
}
ROUTES = {
    "6287112345671": "sim0",
    "087212345672": "sim0",
    "+62 835-1234-5673": "sim1",
    "6285612345674": "sim1",
    "083712345675": "sim1",
    "006284512345676": "sim2",
    "084812345677": "sim3",
    "6284912345678": "sim3",
    "081212345679": "sim3",
    "6281912345670": "sim3",
}


def ask(whole, method, path, body):
    head = HEAD.format(length=len(body)).replace("\n", "\r\n")
    with whole.client() as client:
        client.raw(f"{method} {path} HTTP/1.1\r\n{head}\r\n\r\n{body}".encode())
        answer = client.answer()
        assert client.is_closed()
    return answer


def test_the_samples_of_the_rest_api(tmp_path):
    with Whole(tmp_path, "--simulate", 2) as whole, whole.simulator() as simulator:
        assert whole.otpb("api-user", "add", "user", stdin="password").returncode == 0
        assert basic() in HEAD
        sent = ask(whole, "POST", "/api/sms", SEND)
        assert (sent.status, sent.code, sent.json["command"]) == (200, "0000", "send-sms")
        assert (sent.data["id"], sent.data["modem"], sent.data["state"]) == (123456, "sim0", "submitted")
        assert [(each.number, each.text) for each in air.heard(simulator.submitted())[0]] == [
            ("628126666666", "OTP Anda adalah 1234")
        ]
        assert ask(whole, "POST", "/api/block", BLOCK).code == "0000"
        assert (ask(whole, "PUT", "/api/sms", SEND.replace('1234"', '5678"')).code) == "1103"
        assert whole.otpb("send", "08126666666", stdin="through another door").returncode == 1
        assert ask(whole, "POST", "/api/unblock", UNBLOCK).code == "0000"
        assert (ask(whole, "PUT", "/api/sms", SEND.replace('1234"', '9012"')).code) == "0000"
        mail = ask(whole, "POST", "/api/mail", MAIL)
        assert (mail.status, mail.code) == (200, "1102")
        assert len(simulator.submitted()) == 2


def priced(prices):
    return "tariffs=" + ",".join(f"{prefix}:{price}" for prefix, price in prices.items()), "default_modem=false"


def prefixed(prices, *, default):
    prefixes = ",".join("0" + prefix[2:] for prefix in prices if prefix != "*")
    return f"recipient_prefix={prefixes}", f"default_modem={str(default).lower()}"


@pytest.mark.parametrize("routing", ["prefix", "tariff"])
def test_four_sims_take_the_cheapest_way(tmp_path, routing):
    with Whole(tmp_path, "--simulate", 4) as whole, whole.simulator() as simulator:
        assert whole.otpb("settings", "set", "sms", f"routing={routing}").returncode == 0
        for sim, (prices, default) in SIMS.items():
            fields = prefixed(prices, default=default) if routing == "prefix" else priced(prices)
            done = whole.otpb("modem", "set", sim, *fields)
            assert done.returncode == 0, done.stderr
        dialled = []
        for number, sim in ROUTES.items():
            route = whole.told("route", number)
            assert (route["modem"], route["modems"], route["routing"]) == (sim, [sim], routing), number
            assert route["key"]
            dialled.append(route["msisdn"])
            sent = whole.sms(number, f"to {sim}")
            assert (sent.code, sent.data["modem"]) == ("0000", sim), number
            if routing == "tariff":
                prices = SIMS[sim][0]
                assert float(sent.data["cost"]) == prices.get(route["msisdn"][:5], prices["*"])
        records = simulator.submitted()
        received = [air.heard([record])[0][0] for record in records]
        assert [each.text for each in received] == [f"to sim{record.modem}" for record in records]
        assert [each.number for each in received] == dialled
