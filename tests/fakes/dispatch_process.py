"""The process otpb-dispatch as its tests start it, on simulated modems."""

import threading
import time

from fakes.service_process import READY_S, ServiceProcess
from otpbroker.clients.dispatch import DispatchClient
from otpbroker.config.sections.modems import ModemSettings, ModemsSection
from otpbroker.config.store import Store, render
from otpbroker.secrets import MessageText
from otpbroker.verbs import dispatch as verbs


class DispatchProcess(ServiceProcess):
    """Below `root`; `modems` are settings by id."""

    def __init__(self, root, **modems):
        super().__init__(root, "dispatch")
        self.client = DispatchClient(self.paths.socket("dispatch"))
        self.modems = modems

    def write(self, **sections):
        """Settings by section name; the modems from `modems`."""
        modems = tuple(ModemSettings(id=id_, name=id_.upper(), **facts) for id_, facts in self.modems.items())
        store = Store(self.paths)
        store.write("modems", render(ModemsSection(modems=modems)))
        for name, section in sections.items():
            store.write(name, section if isinstance(section, bytes) else render(section))

    def await_ready(self, count):
        """Until so many modems can send."""
        pause, until = threading.Event(), time.monotonic() + READY_S
        while [modem.state for modem in self.status().modems].count("ready") < count:
            assert time.monotonic() < until, self.status().modems
            pause.wait(0.02)
        return self

    def terminate(self):
        """Drain and end; the exit status."""
        super().terminate()
        return self.wait()

    def send(self, msisdn="081234567890", text="Kode OTP 482913", deadline_s=20.0, **fields):
        call = verbs.Send(**({"door": "rest", "user": "shop"} | fields), msisdn=msisdn, text=MessageText(text))
        return self.client.send(call, deadline_s)

    def call(self, verb):
        return self.client.call(verb)

    def status(self):
        return self.call(verbs.Status())

    def close(self):
        self.client.close()
        super().close()
