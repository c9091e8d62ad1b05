"""smstools: one smsd with a process for each modem and a queue folder for each.

Chosen for speed: `poll_faster` shortens its waits for an answer (with its default of 5 it is ten times slower), the
port stays open, no registration check before each message, no receiving, no one-second wait for a growing
file, files in the order of the folder, no statistics. A load goes straight into the modems' queues; a single message
goes through the outgoing folder, because smsd's notifier watches only that one and a queue is looked at once a second.
A modem that fails is tried again after 5 s instead of an hour, one that is silent after a text after 30 s instead of
60. One smsd can serve fewer than 64 queues: 32 each.
"""

import subprocess
from pathlib import Path
from typing import ClassVar

from bench.contender import TEXT, SpoolContender
from bench.processes import wait_for

MODEMS_A_DAEMON = 32

HEAD = """devices = {devices}
outgoing = {folder}/out
checked = {folder}/checked
incoming = {folder}/in
failed = {folder}/failed
logfile = {folder}/smsd.log
infofile = {folder}/smsd.working
pidfile = {folder}/smsd.pid
loglevel = 4
delaytime = 1
notifier = yes
trust_outgoing = yes
errorsleeptime = 1
blocktime = 5
spool_directory_order = yes
receive_before_send = no
executable_check = no
status_signal_quality = no
status_interval = 0
stats_interval = 0
"""
EACH = """[default]
baudrate = 115200
rtscts = no
queues = modemname
incoming = no
keep_open = yes
trust_spool = yes
check_network = 0
check_memory_method = 0
detect_unexpected_input = no
poll_faster = 100
device_open_retries = -1
read_timeout_pdu = 6
max_continuous_sending = 3600
report = no
"""


class Smstools(SpoolContender):
    name: ClassVar[str] = "smstools"
    packages: ClassVar[tuple[str, ...]] = ("smstools",)

    def start(self) -> None:
        self.make_folders()
        every = range(self.simulator.count)
        groups = [every[first : first + MODEMS_A_DAEMON] for first in every[::MODEMS_A_DAEMON]]
        self._daemons = [self._daemon(self.folder / f"smsd{number}", group) for number, group in enumerate(groups)]
        # Each has a main process, its notifier and one process for each modem.
        wanted = self.simulator.count + 2 * len(groups)
        wait_for(lambda: len(self.pids()) >= wanted, 30, "smsd starts a process for each modem")

    def roots(self) -> list[int]:
        return [daemon.pid for daemon in self._daemons]

    def stop(self) -> None:
        for daemon in self._daemons:
            self.children.stop(daemon)

    def send_one(self) -> None:
        number = next(self.numbers)
        whole = self.folder / "temporary" / f"s{number}"
        whole.write_text(f"To: {number}\nQueue: M0\n\n{TEXT}\n", encoding="utf-8")
        whole.rename(self.folder / "smsd0" / "out" / whole.name)

    def message(self, number: int) -> tuple[str, str]:
        return f"m{number}", f"To: {number}\n\n{TEXT}\n"

    def _daemon(self, folder: Path, modems: range) -> subprocess.Popen[bytes]:
        for name in ("out", "checked", "in", "failed"):
            (folder / name).mkdir(parents=True)
        head = HEAD.format(devices=",".join(f"M{modem}" for modem in modems), folder=folder)
        queues = "[queues]\n" + "".join(f"M{modem} = {self.spool(modem)}\n" for modem in modems)
        devices = "".join(f"[M{modem}]\ndevice = {self.simulator.ports[modem]}\n" for modem in modems)
        configuration = folder / "smsd.conf"
        configuration.write_text(head + queues + EACH + devices, encoding="utf-8")
        return self.children.spawn(["smsd", "-t", f"-n{folder.name}", f"-c{configuration}"], folder / "smsd.out")
