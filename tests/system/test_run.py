import http.client
import json
import os
import shlex
import signal
import socket
import ssl
import stat
import subprocess
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from otpbroker.simulator.client import SimulatorControl
from running import PASSWORD, PROJECT, USER, Running, free_port, otpb, told

SEED = ("--api-user", f"{USER}:{PASSWORD}")


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    folder = tmp_path_factory.mktemp("a-rather-long-name-for-the-root-prefix-" * 3)
    running = Running(folder / "root", "--simulate", "2", "--api-port", str(free_port()), *SEED, log=folder / "log")
    yield running
    running.kill()


def services(root):
    """As `otpb status` tells it, also while one of them is down."""
    return {unit["service"]: unit for unit in json.loads(otpb(root, "status", "--json").stdout)["services"]}


def wait_until(condition, timeout_s=5.0):
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.02)
    pytest.fail("not in time")


def test_says_that_it_is_ready_and_the_example_sends(system):
    assert system.ready.startswith("ready admin=http://127.0.0.1:")
    with urllib.request.urlopen(f"{system.panel}/", timeout=5) as page:  # noqa: S310 - always http
        assert page.url == f"{system.panel}/setup"
    argv = [*shlex.split(system.example), "--silent"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert '"response_code":"0000"' in done.stdout
    newest = told(system.root, "messages", "--limit", "1")["messages"][0]
    assert newest["msisdn_masked"] == "62812****890"
    assert newest["state"] in ("submitted", "delivered")


def test_settings_are_for_nobody_else_and_hold_no_password(system):
    files = list((system.root / "etc").rglob("*.yaml"))
    assert files
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o007 == 0 for path in files)
    assert PASSWORD not in "".join(path.read_text() for path in files)


def test_a_second_run_on_the_same_root_is_refused(system, tmp_path):
    second = Running(system.root, log=tmp_path / "log")
    second.process.communicate(timeout=20)
    assert (second.process.returncode, second.ready) == (1, "")
    assert f"is in use by another scripts/run (process {system.process.pid})" in second.log.read_text()


def test_changes_take_effect_at_once(system):
    told(system.root, "modem", "set", "sim1", "recipient_prefix=0877")
    assert told(system.root, "route", "087712345678")["modem"] == "sim1"
    assert otpb(system.root, "block", "0877-1234-5678").returncode == 0
    assert system.post("send-sms", {"msisdn": "+6287712345678", "message": "x"})[1]["response_code"] == "1103"
    assert told(system.root, "blocked")["block_list"] == [{"msisdn": "6287712345678", "blocked": True}]
    told(system.root, "unblock", "087712345678")
    assert system.post("send-sms", {"msisdn": "087712345678", "message": "x"})[1]["data"]["modem"] == "sim1"


def test_a_new_api_port_is_served_at_once_and_a_taken_one_refused(system):
    port = free_port()
    old = told(system.root, "settings", "get", "api")["http_port"]
    told(system.root, "settings", "set", "api", f"http_port={port}")
    assert system.post("echo", {"a": 1}, port=port)[0] == 200
    told(system.root, "settings", "set", "api", f"http_port={old}")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = otpb(system.root, "settings", "set", "api", f"http_port={taken.getsockname()[1]}")
    assert refused.returncode == 1
    assert "api refused the new settings" in refused.stderr
    assert told(system.root, "settings", "get", "api")["http_port"] == old
    assert system.post("echo", {"a": 1})[0] == 200


def test_https_takes_another_certificate_at_once_and_keeps_its_connections(system):
    port = free_port()
    told(system.root, "settings", "set", "api", "https_enabled=true", f"https_port={port}")
    own = ssl.get_server_certificate(("127.0.0.1", port))
    trusting = ssl.create_default_context(cadata=own)
    kept = http.client.HTTPSConnection("localhost", port, timeout=10, context=trusting)
    kept.request("GET", "/healthz")
    assert kept.getresponse().read()
    told(system.root, "certificate", "import", "shop", str(PROJECT / "tests/data/localhost.pem"), "--activate")
    shown = told(system.root, "certificate", "list")["shown"]
    assert shown["name"] == "shop"
    assert ssl.get_server_certificate(("127.0.0.1", port)).strip() == shown["chain"].strip()
    kept.request("GET", "/healthz")
    assert kept.getresponse().status == 200
    kept.close()
    told(system.root, "certificate", "remove", "shop")
    assert ssl.get_server_certificate(("127.0.0.1", port)) == own
    told(system.root, "settings", "set", "api", "https_enabled=false")


def test_api_users_come_and_go_at_once(system):
    told(system.root, "api-user", "add", "other", "phone=0812", stdin="another password\n")
    users = {user["username"]: user["password"] for user in told(system.root, "api-user", "list")["api_users"]}
    assert users == {USER: "********", "other": "********"}
    told(system.root, "api-user", "set", USER, "blocked=true")
    assert system.post("echo", {})[0] == 401
    told(system.root, "api-user", "set", USER, "blocked=false")
    assert system.post("echo", {})[0] == 200
    told(system.root, "api-user", "remove", "other")
    assert otpb(system.root, "api-user", "add", "x", "password=on the command line").returncode == 1


def test_a_section_of_many_entries_is_imported_as_a_whole(system, tmp_path):
    document = told(system.root, "settings", "get", "api_users")
    many = [{"username": f"user{number}", "name": "n" * 64, "email": "e" * 200} for number in range(500)]
    file = tmp_path / "users.json"
    file.write_text(json.dumps({"api_users": [*document["api_users"], *many]}))
    assert file.stat().st_size > 128 * 1024
    told(system.root, "settings", "import", "api_users", str(file))
    assert len(told(system.root, "api-user", "list")["api_users"]) == 501
    assert system.post("echo", {})[0] == 200
    file.write_text(json.dumps(document))
    told(system.root, "settings", "import", "api_users", str(file))


def test_send_reads_its_text_from_standard_input(system):
    sent = told(system.root, "send", "08123456789", "--modem", "sim0", stdin="kode 123456\n")
    assert (sent["state"], sent["modem"], sent["parts"]) == ("submitted", "sim0", 1)
    broken = subprocess.run(
        [PROJECT / "scripts/otpb", "--root", system.root, "send", "08123456789"],
        input=b"kode \xe9",
        capture_output=True,
        check=False,
        env=os.environ | {"LC_ALL": "C", "OTPB_LANG": "en"},
    )
    assert (broken.returncode, broken.stderr) == (1, b"Standard input is not UTF-8\n")
    refused = otpb(system.root, "send", "0812", stdin="x")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "digits" in refused.stderr


@pytest.mark.parametrize("service", ["dispatch", "api", "apply", "simulator"])
def test_a_killed_service_is_back_within_three_seconds(system, service):
    pid = services(system.root)[service]["pid"]
    started = time.monotonic()
    os.kill(pid, signal.SIGKILL)

    def works():
        unit = services(system.root)[service]
        if unit["state"] != "ready" or unit["pid"] == pid:
            return False
        return (
            otpb(system.root, "send", "08123456789", "--deadline", "3", stdin=f"{service} {time.time()}").returncode
            == 0
        )

    wait_until(works)
    assert time.monotonic() - started < 4  # with the time of the commands that look


def test_a_message_in_flight_outlives_changes_and_the_end(tmp_path):
    running = Running(tmp_path / "root", "--simulate", "1", "--api-port", str(free_port()), *SEED, log=tmp_path / "log")
    try:
        with SimulatorControl(running.root / "run/simulator/control.sock") as control:
            control.set(latency_s=1.0)
        with ThreadPoolExecutor(1) as sender:
            answer = sender.submit(running.post, "send-sms", {"msisdn": "08123456789", "message": "x"})
            wait_until(lambda: told(running.root, "status")["counters"]["in_flight"] == 1)
            told(running.root, "modem", "set", "sim0", "baud_rate=9600")
            told(running.root, "settings", "set", "api", f"http_port={free_port()}")
            assert running.stop() == 0
            assert answer.result()[1]["response_code"] == "0000"
    finally:
        running.kill()


@pytest.mark.parametrize(
    ("broken", "reason"),
    [("sms.yaml", "sms.routing"), ("modems.yaml", "line 1"), ("api_users.yaml", "api_users.a.password")],
)
def test_broken_settings_files_are_named_and_nothing_starts(tmp_path, broken, reason):
    folder = tmp_path / "root/etc/otpbroker"
    folder.mkdir(parents=True)
    texts = {
        "sms.yaml": "routing: x",
        "modems.yaml": "&a [",
        "api_users.yaml": "api_users: [{username: a, password: b}]",
    }
    (folder / broken).write_text(texts[broken])
    running = Running(tmp_path / "root", log=tmp_path / "log")
    running.process.wait(20)
    running.kill()
    assert (running.process.returncode, running.ready) == (1, "")
    assert reason in running.log.read_text()


def test_a_taken_port_is_named_and_nothing_runs_on(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        running = Running(tmp_path / "root", "--simulate", "0", "--api-port", str(port), log=tmp_path / "log")
        running.process.wait(20)
        running.kill()
    assert (running.process.returncode, running.ready) == (1, "")
    assert str(port) in running.log.read_text()


@pytest.mark.slow
def test_a_service_that_gives_no_word_is_named(system):
    stopped = services(system.root)["dispatch"]["pid"]
    os.kill(stopped, signal.SIGSTOP)
    try:
        done = otpb(system.root, "settings", "set", "sms", "lifetime_s=200")
    finally:
        os.kill(stopped, signal.SIGCONT)
    assert done.returncode == 1
    assert "gave no word that they took it: dispatch" in done.stderr


def test_stops_with_zero_and_keeps_its_settings_for_the_next_run(tmp_path):
    port = str(free_port())
    first = Running(tmp_path / "root", "--simulate", "1", "--api-port", port, *SEED, log=tmp_path / "log")
    told(first.root, "settings", "set", "general", "device_name=Kantor")
    assert first.stop() == 0
    assert otpb(first.root, "status").returncode == 1
    told(first.root, "settings", "set", "sms", "lifetime_s=100")
    second = Running(tmp_path / "root", "--simulate", "5", log=tmp_path / "log")
    assert second.url.endswith(port)
    assert shlex.split(second.example)[:3] == ["curl", "-u", USER]
    assert told(second.root, "settings", "get", "general")["device_name"] == "Kantor"
    assert [modem["id"] for modem in told(second.root, "modem", "list")["modems"]] == ["sim0"]
    assert second.post("send-sms", {"msisdn": "08123456789", "message": "x"})[1]["response_code"] == "0000"
    children = [unit["pid"] for unit in services(second.root).values()]
    second.kill()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))
    assert PASSWORD not in (tmp_path / "log").read_text()
