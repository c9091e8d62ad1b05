"""No clear text at rest: a different canary goes through every outcome, and none is found anywhere afterwards."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from fakes import air, canary
from fakes.http import basic
from fakes.whole import Whole
from otpbroker.sms import submit
from otpbroker.sms.segment import segments

KILLS = {"SIGKILL": signal.SIGKILL, "SIGABRT": signal.SIGABRT}


class Birds:
    """A canary for each name, made when it is first asked for."""

    def __init__(self):
        self.tokens = {}
        self.began_s = time.time() - 1

    def __call__(self, name):
        return self.tokens.setdefault(name, canary.token())

    def text(self, name):
        return f"Kode {self(name)}, rahasia"


@pytest.fixture
def birds():
    return Birds()


@pytest.fixture
def whole(tmp_path):
    """One modem of little patience."""
    with Whole(tmp_path, "--simulate", 1) as running, running.simulator() as simulator:
        running.simulated = simulator
        yield running


def raw(whole, body, auth=None):
    with whole.client() as client:
        headers = {} if auth is None else {"auth": auth}
        return client.request("POST", "/api/sms", body, **headers)


def found(whole, birds, tmp_path, leave_out=()):
    search = canary.Search(birds.tokens)
    pids = [whole.process.pid, *whole.pids().values()]
    hits = search.folder(tmp_path, leave_out=leave_out) + search.temporary(birds.began_s)
    return hits + search.processes(pid for pid in pids if pid)


def test_no_outcome_leaves_a_text_behind(whole, birds, tmp_path):
    simulator = whole.simulated
    numbers = iter(f"0813000{at:05d}" for at in range(1000))

    def send(name, text="", **more):
        return whole.sms(next(numbers), text or birds.text(name), **more)

    assert send("sent").code == "0000"
    assert send("wide", f"🔐 {birds('wide')} 验证码").code == "0000"
    assert send("long", f"{birds('long')} panjang " * 20).code == "0000"
    assert send("early", headers={"Prefer": "respond-async"}).status == 202
    assert send("key", headers={"Idempotency_Key": birds("the key")}).code == "0000"
    assert send("other content", headers={"Idempotency_Key": birds("the key")}).status == 422
    assert send("too long", birds("too long") * 200).code == "1108"
    assert send("too large", birds("too large") + "x" * 20_000).status == 413
    assert whole.sms(birds("as number"), birds.text("bad number")).code == "1104"
    assert send("wrong password", auth=basic("user", birds("as password"))).status == 401
    assert raw(whole, json.dumps({"command": "send-sms", "data": birds("no auth")})).status == 401
    for name, body in malformed(birds):
        assert raw(whole, body, basic("shop", "a long password")).status == 400, name
    assert whole.otpb("block", "0813999999999").returncode == 0
    assert whole.sms("0813999999999", birds.text("blocked")).code == "1103"
    assert whole.otpb("send", next(numbers), stdin=birds.text("by hand")).returncode == 0
    simulator.set(cms_error={"code": 38, "times": -1})
    assert send("refused").code == "1102"
    simulator.set(cms_error=None, lost_cmgs=1)
    assert send("in doubt").code == "1106"
    simulator.set(no_prompt=1)
    assert send("no prompt").code in ("0000", "1102")
    simulator.set(unplug_at_text=1)
    assert send("unplugged").code == "1106"
    assert send("no route").code == "1101"
    assert found(whole, birds, tmp_path) == []
    assert whole.stop() == 0
    assert canary.Search(birds.tokens).folder(tmp_path) == []


def malformed(birds):
    command = {"command": "send-sms", "data": {"id": 1, "msisdn": "0813", "message": birds.text("cut")}}
    yield "cut", json.dumps(command)[:-4]
    yield "no object", json.dumps(birds.text("no object"))
    yield "unknown command", json.dumps(command | {"command": birds("as command")})
    yield "unknown field", json.dumps({"command": "send-sms", "data": {birds("as field"): birds("of field")}})
    yield "wrong type", json.dumps({"command": "send-sms", "data": {"msisdn": [birds("as list")], "message": {}}})
    yield "not UTF-8", b'{"command": "send-sms", "data": {"message": "\xff' + birds("not utf-8").encode() + b'"}}'


@pytest.mark.parametrize("how", KILLS)
@pytest.mark.parametrize("service", ["dispatch", "api"])
def test_a_violent_end_leaves_no_text_behind(whole, birds, tmp_path, service, how):
    """Also where a core dump would be made."""
    whole.simulated.set(latency_s=1.0)
    waiting = threading.Thread(target=hopeless, args=(whole, birds.text("in the modem")))
    queued = threading.Thread(target=hopeless, args=(whole, birds.text("in the queue")))
    waiting.start()
    whole.until(whole.simulated.submitted)
    queued.start()
    pids = whole.pids()
    assert {core_limit(pid) for pid in pids.values()} == {("0", "0")}
    pid = pids[service]
    os.kill(pid, KILLS[how])
    whole.until(lambda: whole.pids()[service] not in (None, pid))
    whole.simulated.set(latency_s=0.0)
    waiting.join()
    queued.join()
    assert found(whole, birds, tmp_path) == []
    assert not any(
        path.name.startswith("core") and path.stat().st_mtime > birds.began_s for path in Path.cwd().iterdir()
    )


def core_limit(pid):
    limits = Path(f"/proc/{pid}/limits").read_text()
    line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    return tuple(line.split()[4:6])


def hopeless(whole, text):
    try:
        whole.sms("081300000001", text)
    except OSError:
        return  # the api died with our connection


def test_no_one_time_password_leaves_a_code_or_parameter_behind(whole, birds, tmp_path):
    """Codes of twelve digits, which nothing else happens to be."""
    assert whole.otpb("settings", "set", "otp", "length=12", "resend_s=0").returncode == 0
    numbers = iter(f"0813100{at:05d}" for at in range(1000))

    def otp(command, **data):
        with whole.client() as client:
            return client.command(command, data, "/api/otp", basic("shop", "a long password"))

    def request(name, number=None, **more):
        """The code that went out, if any."""
        fields = {"receiver": number or next(numbers), "reference": birds(f"reference {name}"), "param1": birds(name)}
        before = len(whole.simulated.submitted())
        answer = otp("request-otp", message=f"Kode %s, {birds(f'text {name}')}", **fields, **more)
        sent = air.heard(whole.simulated.submitted()[before:])[0]
        code = birds.tokens[f"code {name}"] = re.search("[0-9]{12}", sent[0].text)[0] if sent else birds(f"no {name}")
        return answer.code, code, fields

    code, password, fields = request("verified")
    assert (code, otp("verify-otp", otp=password, **fields).code) == ("0000", "0000")
    code, password, fields = request("locked")
    assert [otp("verify-otp", otp=birds("guess"), **fields).code for _ in range(3)] == ["1202"] * 3
    code, password, fields = request("expired", date_time=1, expiration=1.5)
    assert (code, otp("verify-otp", otp=password, **fields | {"param2": birds("other")}).code[:3]) == ("0000", "120")
    assert whole.otpb("block", "0813999999999").returncode == 0
    assert request("blocked", "0813999999999")[0] == "1103"
    whole.simulated.set(cms_error={"code": 38, "times": -1})
    assert request("refused")[0] == "1102"
    whole.simulated.set(cms_error=None, lost_cmgs=1)
    assert request("in doubt")[0] == "1106"
    code, password, fields = request("killed")
    pid = whole.pids()["dispatch"]
    os.kill(pid, signal.SIGABRT)
    whole.until(lambda: whole.pids()["dispatch"] not in (None, pid))
    whole.until(lambda: otp("verify-otp", otp=password, **fields).code == "1202")
    assert len([name for name in birds.tokens if name.startswith("code ")]) == 7
    assert found(whole, birds, tmp_path) == []
    assert whole.stop() == 0
    assert canary.Search(birds.tokens).folder(tmp_path) == []


def test_a_state_that_cannot_be_written_holds_up_no_sms_and_leaves_no_text_behind(whole, birds, tmp_path):
    whole.stop()
    state = whole.root / "var/lib/otpbroker/dispatch"
    for path in state.glob("state.sqlite*"):
        path.unlink()
    (state / "state.sqlite").mkdir()
    with Whole(tmp_path) as again:
        again.port = whole.port
        assert again.sms("081300000001", birds.text("memory")).code == "0000"
        assert "alarm.state_unwritable" in [alarm["key"] for alarm in again.told("status")["alarms"]]
        assert found(again, birds, tmp_path) == []


def test_secrets_lie_only_where_they_are_set(whole, birds, tmp_path):
    """A PIN in the one settings file that is not for everybody; a password nowhere."""
    pin = "73951846"
    birds.tokens |= {"pin": pin}
    password = birds("password")
    assert whole.otpb("api-user", "add", "bird", stdin=password).returncode == 0
    assert whole.sms("081300000001", "text", auth=basic("bird", password)).code == "0000"
    whole.simulated.set(pin="1234")
    assert whole.otpb("modem", "set", "sim0", f"sim_pin={pin}").returncode == 0
    whole.until(lambda: whole.modems()["sim0"]["state"] in ("pin_refused", "pin_required"))
    settings = whole.root / "etc/otpbroker/modems.yaml"
    assert settings.stat().st_mode & 0o007 == 0
    shown = whole.otpb("modem", "list", "--json").stdout + whole.otpb("settings", "get", "modems", "--json").stdout
    assert canary.Search(birds.tokens).octets(shown.encode(), "otpb") == []
    assert found(whole, birds, tmp_path, leave_out=[settings]) == []


def test_the_search_finds_every_planted_leak(tmp_path, birds):
    """The negative control of all above: each coding in a file, its name, a temporary file, argv and environment."""
    word = birds("leak")
    search = canary.Search(birds.tokens)
    for way, octets in canary.codings(word).items():
        (tmp_path / "state").write_bytes(b"\0" * 100 + b"x" + octets + b"y" * 5)
        assert way in {hit[1] for hit in search.folder(tmp_path)}, way
    (tmp_path / "state").unlink()
    (tmp_path / f"{word}.tmp").touch()
    assert len(search.folder(tmp_path)) == 1
    with tempfile.NamedTemporaryFile() as forgotten:
        forgotten.write(f"...{word}...".encode())
        forgotten.flush()
        assert {hit[2] for hit in search.temporary(birds.began_s)} == {forgotten.name}
    for argv, environment in ([word], {}), ([], {"TEXT": word}):
        sleeper = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()", *argv]
        child = subprocess.Popen(sleeper, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | environment)
        child.stdout.readline()
        assert len(search.processes([child.pid])) == 1
        child.communicate()


def test_texts_are_found_as_a_modem_is_given_them():
    """What the search calls packed is what leaves for a modem."""
    word = canary.token()
    for before in range(9):
        pdu = submit.encode(segments("a" * before + word)[0], "6281300000000", status_report=True, validity_s=None).hex
        assert any(octets in pdu.encode() for way, octets in canary.codings(word).items() if way.endswith("hex"))
