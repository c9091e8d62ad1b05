"""The process otpb-feeder as its tests start it, beside a fake dispatch."""

import contextlib

from fakes.dispatch import FakeDispatch
from fakes.service_process import ServiceProcess
from fakes.waiting import waits_for
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import Store, render


@contextlib.contextmanager
def running_feeder(root, door, section, sms=None):
    """The feeder of `door` under the settings `section`, ready; whether it consumes is another thing."""
    process = FeederProcess(root, door)
    try:
        process.write(section, sms)
        yield process.start()
    finally:
        process.close()


class FeederProcess(ServiceProcess):
    def __init__(self, root, door):
        super().__init__(root, "feeder", "--door", door)
        self.door = door
        self.dispatch = FakeDispatch(self.paths.socket("dispatch"))

    def write(self, section, sms=None):
        store = Store(self.paths)
        store.write(self.door, render(section))
        store.write("sms", render(sms or SmsSection()))

    @property
    def state(self):
        """What it told dispatch last; None before its first word."""
        return self.dispatch.feeders.get(self.door)

    def stands(self, word, key=None, timeout_s=15):
        """Wait until it says so (and why, where `key` is given); the state."""
        waits_for(lambda: self.state and self.state.state == word and key in (None, self.state.key), timeout_s)
        return self.state

    def close(self):
        super().close()
        self.dispatch.stop()
