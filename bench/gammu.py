"""gammu-smsd: one daemon for each modem (it knows one), file backend.

Chosen for speed: no pause between loops, none of the periodic checks of phone, network, battery, signal and PIN, no
receiving, sent files deleted. What remains are the pauses inside its AT engine, which no setting reaches. Without its
pause it spins when idle: `loopsleep = 1` would cost no CPU then, and send 1.0 instead of 1.4 SMS/s on each modem.
"""

import functools
import subprocess
from typing import ClassVar

from bench.contender import TEXT, SpoolContender
from bench.processes import wait_for

CONFIGURATION = """[gammu]
device = {port}
connection = at115200
synchronizetime = no
logformat = nothing

[smsd]
service = files
logfile = {folder}/gammu{modem}.log
debuglevel = 0
inboxpath = {folder}/in/
outboxpath = {spool}/
sentsmspath = {spool}/
errorsmspath = {folder}/failed/
transmitformat = 7bit
commtimeout = 1
sendtimeout = 30
loopsleep = 0
multiparttimeout = 1
statusfrequency = 0
resetfrequency = 0
hardresetfrequency = 0
checksecurity = 0
checkbattery = 0
checksignal = 0
checknetwork = 0
receive = 0
hangupcalls = 0
deliveryreport = no
"""


class Gammu(SpoolContender):
    name: ClassVar[str] = "gammu-smsd"
    packages: ClassVar[tuple[str, ...]] = ("gammu-smsd",)
    grows: ClassVar[bool] = False  # 20,000 messages would take it a quarter of an hour

    def start(self) -> None:
        self.make_folders("in", "failed")
        self._daemons = [self._daemon(modem) for modem in range(self.simulator.count)]
        for modem in range(self.simulator.count):
            wait_for(functools.partial(self._started, modem), 30, "gammu-smsd starts")

    def roots(self) -> list[int]:
        return [daemon.pid for daemon in self._daemons]

    def stop(self) -> None:
        for daemon in self._daemons:
            daemon.terminate()
        for daemon in self._daemons:
            self.children.stop(daemon)

    def message(self, number: int) -> tuple[str, str]:
        return f"OUTA20260101_000000_00_+{number}_x.txt", TEXT

    def _started(self, modem: int) -> bool:
        log = self.folder / f"gammu{modem}.log"
        return log.exists() and "Starting phone" in log.read_text(encoding="utf-8")

    def _daemon(self, modem: int) -> subprocess.Popen[bytes]:
        values = {
            "port": self.simulator.ports[modem],
            "folder": self.folder,
            "modem": modem,
            "spool": self.spool(modem),
        }
        configuration = self.folder / f"gammu{modem}.conf"
        configuration.write_text(CONFIGURATION.format(**values), encoding="utf-8")
        return self.children.spawn(["gammu-smsd", "-c", configuration], self.folder / "gammu.out")
