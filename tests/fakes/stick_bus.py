"""The sticks that are plugged, in udev's place."""

import contextlib
import os

from otpbroker.usbreset.sticks import Stick


class Bus:
    def __init__(self):
        self.fd, self._write = os.pipe2(os.O_NONBLOCK)
        self._plugged = {}
        self._count = 0

    def plug(self, *names):
        """Those and no others; a name that was away comes back as another insertion."""
        for name in names:
            if name not in self._plugged:
                self._count += 1
        self._plugged = {name: self._plugged.get(name, f"{name} {self._count}") for name in names}
        os.write(self._write, b"!")

    def sticks(self):
        return [Stick(name, insertion, str(name)) for name, insertion in self._plugged.items()]

    def drain(self):
        with contextlib.suppress(BlockingIOError):
            os.read(self.fd, 100)

    def close(self):
        os.close(self.fd)
        os.close(self._write)
