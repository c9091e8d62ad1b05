"""Runs on the emulated device, as root: dm-log-writes logs every write of a change of settings, and the power is cut
after each of them by replaying the log that far. Prints what was found as JSON.

A cut loses any of the writes since the last flush, so beside the whole prefix some of its subsets are tried.
Log format: drivers/md/dm-log-writes.c of Linux.
"""

import argparse
import json
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

from otpbroker.apply.manager import NobodyRuns
from otpbroker.apply.transaction import Settings
from otpbroker.config.sections.general import GeneralSection
from otpbroker.config.sections.network import EthernetSection, WlanSection
from otpbroker.config.sections.sms import SmsSection
from otpbroker.config.store import Store, render
from otpbroker.network.plan import Facts
from otpbroker.secrets import Secret
from otpbroker.system.files import Paths
from otpbroker.verbs.apply import Confirm, SetSection
from otpbroker.verbs.backup import Backup, Restore

FILE_SYSTEM_MIB, LOG_MIB = 6, 64
SECTOR = 512
FLUSH, FUA, DISCARD, MARK = 1, 2, 4, 8
SUBSETS = 1
PASSPHRASE = Secret("kuda laut biru 7")


class Entry(NamedTuple):
    sector: int
    flags: int
    data: bytes

    @property
    def mark(self) -> str:
        return self.data.decode() if self.flags & MARK else ""


class Disk:
    """An ext4 file system whose writes are logged."""

    def __init__(self, folder: Path) -> None:
        self.data, self.log = folder / "data", folder / "log"
        self.root = folder / "mounted"
        self.root.mkdir()
        for path, mib in ((self.data, FILE_SYSTEM_MIB), (self.log, LOG_MIB)):
            with path.open("wb") as stream:
                stream.truncate(mib << 20)
        run("mkfs.ext4", "-q", "-b", "1024", "-J", "size=1", "-E", "lazy_itable_init=0,lazy_journal_init=0", self.data)
        self.before = self.data.read_bytes()

    def __enter__(self) -> Self:
        self._loops = [run("losetup", "--find", "--show", path) for path in (self.data, self.log)]
        sectors = (FILE_SYSTEM_MIB << 20) // SECTOR
        run("dmsetup", "create", "cut", "--table", f"0 {sectors} log-writes {self._loops[0]} {self._loops[1]}")
        run("mount", "/dev/mapper/cut", self.root)
        return self

    def mark(self, name: str) -> None:
        run("dmsetup", "message", "cut", "0", "mark", name)

    def __exit__(self, *_: object) -> None:
        run("umount", self.root)
        run("dmsetup", "remove", "--retry", "cut")
        for loop in self._loops:
            run("losetup", "--detach", loop)

    def entries(self) -> Iterator[Entry]:
        with self.log.open("rb") as stream:
            _, _, count, size = struct.unpack("<QQQI", stream.read(28))
            stream.seek(size)
            for _ in range(count):
                block = stream.read(size)
                sector, sectors, flags, length = struct.unpack_from("<QQQQ", block)
                if flags & MARK:
                    yield Entry(sector, flags, block[32 : 32 + length])
                elif flags & DISCARD:
                    yield Entry(sector, flags, b"")
                else:
                    yield Entry(sector, flags, stream.read(sectors * size))


def run(*argv: object) -> str:
    done = subprocess.run([str(each) for each in argv], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{argv}: {done.stderr}")
    return done.stdout.strip()


class States:
    """The images that a cut after each entry may leave, from the first mark on, with the last mark that was passed."""

    def __init__(self, disk: Disk) -> None:
        self._image = bytearray(disk.before)
        self._entries = list(disk.entries())

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        chance = random.Random(1)
        passed, pending = "", []
        for entry in self._entries:
            if entry.flags & MARK:
                passed = entry.mark
                continue
            if entry.flags & FLUSH:
                self._apply(self._image, pending)
                pending = []
            if entry.flags & FUA:
                self._apply(self._image, [entry])
            elif entry.data:
                pending.append(entry)
            if passed:
                yield passed, self._with(pending)
                for _ in range(SUBSETS if pending else 0):
                    yield passed, self._with([each for each in pending if chance.random() < 0.5])
        self._apply(self._image, pending)
        yield passed, bytes(self._image)

    def _with(self, entries: list[Entry]) -> bytes:
        image = bytearray(self._image)
        self._apply(image, entries)
        return bytes(image)

    @staticmethod
    def _apply(image: bytearray, entries: list[Entry]) -> None:
        for entry in entries:
            at = entry.sector * SECTOR
            image[at : at + len(entry.data)] = entry.data


class Machine:
    """Ours, so that changes of the network wait for their confirmation."""

    def __init__(self, paths: Paths) -> None:
        self._store = Store(paths)

    def facts(self) -> Facts:
        return Facts(ethernet=self._store.load(EthernetSection), wlan=self._store.load(WlanSection), taken_over=True)

    def converge(self) -> list:
        return []


def change(section: str, **given: str) -> SetSection:
    return SetSection(section=section, values={name: Secret(value) for name, value in given.items()})


def settings_of(paths: Paths) -> Settings:
    return Settings(paths, NobodyRuns(), host=Machine(paths))


def told(paths: Paths) -> tuple[str, ...]:
    """What three sections hold, after what a start does first."""
    settings_of(paths).recover()
    store = Store(paths)
    return (
        store.load(GeneralSection).device_name,
        store.load(SmsSection).country_code,
        store.load(EthernetSection).address,
    )


OLD, NEW = ("old", "62", ""), ("new", "44", "10.1.2.3")


def prepared(paths: Paths) -> tuple[Settings, Restore]:
    """A device that is `OLD`, and the change that makes it `NEW` in one go."""
    settings = settings_of(paths)
    settings.call(change("general", device_name="new"))
    settings.call(change("sms", country_code="44"))
    done = settings.call(change("ethernet", mode="static", address="10.1.2.3"))
    settings.call(Confirm(token=done.confirmation.token))
    file = settings.call(Backup(passphrase=PASSPHRASE)).file
    settings.call(change("general", device_name="old"))
    settings.call(change("sms", country_code="62"))
    done = settings.call(change("ethernet", mode="dhcp", address=""))
    settings.call(Confirm(token=done.confirmation.token))
    return settings, Restore(file=file, passphrase=PASSPHRASE)


def confirmed_change(disk: Disk, paths: Paths) -> None:
    """Until the word is given, a cut must lead back; after it, never."""
    settings, restore = prepared(paths)
    run("sync")
    disk.mark("begin")
    done = settings.call(restore)
    disk.mark("waits")
    settings.call(Confirm(token=done.confirmation.token))
    disk.mark("confirmed")
    run("sync")


def naive_change(disk: Disk, paths: Paths) -> None:
    """The negative control: files written in place, one after the other."""
    prepared(paths)
    store = Store(paths)
    new = {"general": GeneralSection(device_name="new"), "sms": SmsSection(country_code="44")}
    new["ethernet"] = EthernetSection(mode="static", address="10.1.2.3")
    run("sync")
    disk.mark("begin")
    for name, section in new.items():
        (store.folder / f"{name}.yaml").write_bytes(render(section))
        run("sync", "--file-system", store.folder)
    disk.mark("confirmed")


def outcome(image: bytes, folder: Path) -> str:
    """`old`, `new`, or what else a device finds that starts from this image."""
    path, mounted = folder / "cut", folder / "cut-mounted"
    mounted.mkdir(exist_ok=True)
    path.write_bytes(image)
    run("mount", "-o", "loop", path, mounted)
    try:
        found = told(Paths(mounted / "device"))
    except Exception as error:  # noqa: BLE001 - whatever it is, the device would not start
        return f"{type(error).__name__}"
    finally:
        run("umount", mounted)
    return {OLD: "old", NEW: "new"}.get(found, str(found))


def cut(scenario: Callable[[Disk, Paths], None], most: int) -> dict[str, dict[str, int]]:
    """How often each outcome was found, by the last mark before the cut."""
    folder = Path(tempfile.mkdtemp(prefix="cut-", dir="/run"))
    counts: dict[str, dict[str, int]] = {}
    with Disk(folder) as disk:
        scenario(disk, Paths(disk.root / "device"))
    for number, (passed, image) in enumerate(States(disk)):
        if number == most:
            raise SystemExit(f"more than {most} states")
        found = counts.setdefault(passed, {})
        ended = outcome(image, folder)
        found[ended] = found.get(ended, 0) + 1
    shutil.rmtree(folder)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=1000, help="give up beyond so many states")
    most = parser.parse_args().most
    json.dump({"ours": cut(confirmed_change, most), "naive": cut(naive_change, most)}, sys.stdout)


if __name__ == "__main__":
    main()
