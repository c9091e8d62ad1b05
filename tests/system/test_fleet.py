"""A fleet as its operator sets it up and a sender uses it, by the commands and an example of the README."""

import json
import os
import subprocess
import sys
import urllib.parse

import pytest

from fakes import canary
from fakes.rabbitmq import ADMIN, PASSWORD
from fakes.readme import example
from fakes.whole import Whole


@pytest.fixture
def whole(tmp_path):
    with Whole(tmp_path, "--simulate", 2) as running:
        running.otpb("modem", "set", "sim0", "recipient_prefix=0811", "default_modem=false")
        running.otpb("modem", "set", "sim1", "default_modem=true")
        yield running


def test_the_readmes_commands_and_example_send_sealed_messages(whole, rabbitmq, vhost, tmp_path):
    at = ("--url", f"http://127.0.0.1:{rabbitmq.management_port}", "--vhost", vhost, "--user", ADMIN)
    asked = ("--classes", "0811,0812", "--device", "pi", "--publisher", "shop")
    told = whole.told("fleet", "declare", *at, *asked, stdin=PASSWORD)
    passwords = {user["username"]: user["password"] for user in told["users"]}
    keys = whole.told("fleet", "keygen")
    where = (f"port={rabbitmq.port}", f"vhost={vhost}", "host=127.0.0.1", "username=pi", "password=-")
    more = ("fleet=true", "enabled=true", "private_key=-", "require_sealed=true")
    secrets = f"{passwords['pi']}\n{keys['private_key']}\n"
    done = whole.otpb("settings", "set", "amqp", *where, *more, stdin=secrets)
    assert done.returncode == 0, done.stderr
    whole.until(lambda: whole.told("feeder", "status")["feeders"][0]["state"] == "consuming")

    (tmp_path / "send.py").write_text(example("Sending through RabbitMQ", "python"))
    shop = f"amqp://shop:{passwords['shop']}@127.0.0.1:{rabbitmq.port}/{urllib.parse.quote(vhost, safe='')}"
    words = {number: canary.token() for number in ("0811234567", "0899234567", "0812234567")}

    def send(number, seal_for):
        environment = {"PATH": os.environ["PATH"], "AMQP_URL": shop, "SEAL_FOR": seal_for}
        argv = [sys.executable, tmp_path / "send.py", number]
        text = f"Kode {words[number]}"
        done = subprocess.run(argv, input=text.encode(), capture_output=True, env=environment, check=True, timeout=30)
        return json.loads(done.stdout)

    for number, modem in (("0811234567", "sim0"), ("0899234567", "sim1")):
        reply = send(number, keys["public_key"])
        assert (reply["response_code"], reply["data"]["modem"]) == ("0000", modem)
    with whole.simulator() as simulator:
        texts = [[heard.text for heard in simulator.received(modem)] for modem in (0, 1)]
    assert texts == [[f"Kode {words['0811234567']}"], [f"Kode {words['0899234567']}"]]
    refused = send("0812234567", "")
    assert refused["response_code"] == "1105"
    whole.until(lambda: rabbitmq.waiting("sms.dead", vhost) == 1)
    whole.until(lambda: rabbitmq.waiting("sms.results", vhost) == 2)
    with rabbitmq.channel(vhost) as channel:
        results = [json.loads(channel.basic_get("sms.results", auto_ack=True)[2]) for _ in range(2)]
        dead = channel.basic_get("sms.dead", auto_ack=True)[1]
    assert [result["response_code"] for result in results] == ["0000", "0000"]
    assert "sealed" in dead.headers["x-otpb-reason"]
    search = canary.Search(words)
    assert {number for number, _, _ in search.folder(rabbitmq.folder)} == {"0812234567"}  # the one that was not sealed
    assert search.folder(whole.root) == []
