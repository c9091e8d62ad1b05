"""The whole system of `running`, with the doors that faults and loads need."""

import json
import time

from fakes.http import Client, basic
from otpbroker.simulator.client import SimulatorControl
from running import PASSWORD, USER, Running, free_port, otpb, told

AUTH = basic(USER, PASSWORD)


class Whole(Running):
    """In `folder`: the root prefix and the log. `options` are those of `scripts/run`."""

    def __init__(self, folder, *options):
        self.port = free_port()
        seed = ("--api-port", str(self.port), "--api-user", f"{USER}:{PASSWORD}")
        super().__init__(folder / "device", *seed, *map(str, options), log=folder / "log")
        assert self.ready, self.said()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        else:
            self.kill()

    def said(self):
        return self.log.read_text()

    # Doors

    def client(self, timeout_s=90):
        return Client(self.port, timeout_s)

    def sms(self, msisdn, text, client=None, *, auth=AUTH, headers=None, **more):
        """One message over REST; `more` are further fields of its data."""
        data = {"id": 123456, "msisdn": msisdn, "message": text, **more}
        if client is not None:
            return client.command("send-sms", data, auth=auth, **(headers or {}))
        with self.client() as own:
            return own.command("send-sms", data, auth=auth, **(headers or {}))

    def otpb(self, *arguments, stdin=""):
        return otpb(self.root, *map(str, arguments), stdin=stdin)

    def told(self, *arguments, stdin=""):
        """What a command of `otpb` says as JSON; it must succeed."""
        return told(self.root, *map(str, arguments), stdin=stdin)

    def simulator(self):
        return SimulatorControl(self.root / "run/simulator/control.sock", timeout_s=30)

    # What it does

    def status(self):
        """As `otpb status` tells it, also while one of the services is down."""
        return json.loads(self.otpb("status", "--json").stdout)

    def modems(self):
        """By id; none while dispatch is down."""
        return {modem["id"]: modem for modem in self.status()["modems"]}

    def pids(self):
        return {service["service"]: service["pid"] for service in self.status()["services"]}

    def until(self, condition, timeout_s=10.0, pause_s=0.02):
        """Wait for what no event tells; how many seconds it took."""
        began = time.monotonic()
        while not condition():
            assert self.process.poll() is None, self.said()[-2000:]
            assert time.monotonic() - began < timeout_s, self.said()[-2000:]
            time.sleep(pause_s)
        return time.monotonic() - began
