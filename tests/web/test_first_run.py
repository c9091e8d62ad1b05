"""From power-on to the first SMS, as somebody does it who has the device in one hand and a phone in the other."""

import subprocess
import time

import pytest

from fakes.browser import ADMIN, PASSWORD, VIEWS
from otpbroker.ipc.client import Client
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import GetSection, RemoveEntry
from otpbroker.verbs.supervisor import Reload

PORTS = {}


def forget_everything(device):
    """A device that nobody has set up; its first modem is plugged in and in no settings."""
    modems = device.apply.call(GetSection(section="modems")).document["modems"]
    PORTS.setdefault(device.panel, next((entry["port"] for entry in modems), None))
    for entry in modems:
        device.change(RemoveEntry(section="modems", key=entry["id"]))
    for user in device.apply.call(GetSection(section="api_users")).document["api_users"]:
        device.change(RemoveEntry(section="api_users", key=user["username"]))
    for name in ("admins", "sms", "general"):
        (Paths(device.root).settings / f"{name}.yaml").unlink(missing_ok=True)
    supervisor = Client(Paths(device.root).socket("supervisor"))
    words = supervisor.call(Reload(services=["admin", "dispatch", "api"]), 30).services
    supervisor.close()
    assert {word.state for word in words} == {"reloaded"}


def step(visitor, name):
    """Open it where it is closed."""
    if visitor.page.locator(f"#step-{name}").get_attribute("open") is None:
        visitor.page.locator(f"#step-{name} > summary").click()


def wait_until(visitor, selector):
    """Pages renew themselves by a script only."""
    end = time.monotonic() + 20
    while not visitor.sees(selector):
        assert time.monotonic() < end, visitor.text()
        time.sleep(0.2)
        if not visitor.view.script:
            visitor.open(visitor.path)


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_five_minutes_to_the_first_sms(visit, device, view):
    forget_everything(device)
    number = f"0812345{VIEWS.index(view):05d}"
    visitor = visit(view, signed_in=False)
    visitor.expected.add(422)
    shot = lambda name: visitor.screenshot(name, "first-run")  # noqa: E731

    # The administrator
    visitor.open("/")
    assert visitor.path == "/setup"
    shot("1-administrator")
    visitor.fill(username=ADMIN, password="pendek")
    visitor.submit("/setup")
    assert visitor.sees("#say-password .error")
    assert visitor.page.input_value("#username") == ADMIN
    shot("1-administrator-wrong")
    visitor.fill(password=PASSWORD)
    visitor.submit("/setup")
    assert visitor.path == "/start"

    # The device, then its modem
    step(visitor, "country")
    shot("2-start")
    visitor.submit("/start/country")
    step(visitor, "name")
    visitor.fill(device_name="Gerbang SMS")
    visitor.submit("/start/name")
    visitor.open("/modems/add")
    visitor.fill(name="Modem Satu", port=PORTS[device.panel])
    shot("3-modem")
    visitor.submit("/modems/add")
    visitor.open("/start")
    wait_until(visitor, "#state-modems .badge.good")
    shot("4-modem-ready")

    # The program that is to send
    step(visitor, "api")
    visitor.page.fill("#step-api [name=username]", "toko")
    visitor.submit("/start/api-user")
    shot("5-api-user")
    sample = visitor.text("#sample-1")
    assert sample.startswith("curl ")
    assert f":{device.port}/" in sample

    # By hand, and by the program
    visitor.open("/sms")
    visitor.fill(recipient=number, text="Halo dari panel")
    shot("6-sms")
    visitor.submit("/sms")
    assert visitor.sees(".notice.done"), visitor.text()
    shot("7-sms-sent")
    pasted = sample.replace("081234567890", f"0813{VIEWS.index(view):08d}")
    answer = subprocess.run(["/bin/bash", "-c", pasted], capture_output=True, text=True, timeout=60, check=True)
    assert '"0000"' in answer.stdout, answer.stdout

    with device.simulator() as simulator:
        heard = {each.text for each in simulator.received() if each.number.endswith(number[1:]) or "OTP" in each.text}
    assert {"Halo dari panel", "OTP Anda 123456"} <= heard
    visitor.open("/start")
    shot("8-ready")
    visitor.faultless()
