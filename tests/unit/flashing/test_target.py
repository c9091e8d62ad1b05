from pathlib import Path

import pytest
from image.flashing import target as targets
from image.flashing.target import Kernel, Target, refusal, target, told
from image.flashing.words import FlashError

GB = 10**9


class Machine:
    """What Linux would tell of one disk and its partition."""

    def __init__(self, folder, name="sdb", number="8:16", part="8:17"):
        self.kernel = Kernel(folder / "sys", folder / "proc")
        self.disk = folder / "sys/devices/usb1/block" / name
        self.part = self.disk / f"{name}1"
        (self.part / "holders").mkdir(parents=True)
        (self.disk / "holders").mkdir()
        (self.disk / "device").mkdir()
        numbers = folder / "sys/dev/block"
        numbers.mkdir(parents=True)
        (numbers / number).symlink_to(self.disk)
        (numbers / part).symlink_to(self.part)
        self.tell(self.disk, dev=number, size=str(32 * GB // 512), removable="1")
        self.tell(self.part, dev=part, partition="1")
        self.tell(self.disk / "device", vendor="Generic ", model="STORAGE DEVICE  ")
        (folder / "proc/self").mkdir(parents=True)
        self.mounts("21 1 8:2 / / rw - ext4 /dev/sda2 rw")
        (folder / "proc/swaps").write_text("Filename Type Size\n/dev/sda3 partition 1\n")
        self.swaps = folder / "proc/swaps"

    def mounts(self, *lines):
        (self.kernel.proc / "self/mountinfo").write_text("\n".join(lines))

    @staticmethod
    def tell(folder, **lines):
        for name, line in lines.items():
            (folder / name).write_text(f"{line}\n")

    def seen(self, number="8:16"):
        return targets._device("/dev/sdb", number, self.kernel)


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def key(error):
    return None if error is None else error.key


def test_a_card_in_a_reader_is_fine(machine):
    seen = machine.seen()
    assert (seen.model, seen.size, seen.removable, seen.users) == (
        "Generic STORAGE DEVICE",
        32 * GB // 512 * 512,
        True,
        (),
    )
    assert refusal(seen, 4 * GB, force=False) is None
    assert refusal(seen, None, force=False) is None


def test_a_card_in_a_slot_of_its_own_is_one(machine):
    machine.tell(machine.disk, removable="0")
    machine.tell(machine.disk / "device", type="SD")
    assert machine.seen().removable
    machine.tell(machine.disk / "device", type="MMC")
    assert not machine.seen().removable


def test_a_disk_that_stays_needs_force(machine):
    machine.tell(machine.disk, removable="0")
    assert key(refusal(machine.seen(), 1, force=False)) == "flash.fixed"
    assert refusal(machine.seen(), 1, force=True) is None


@pytest.mark.parametrize("force", [False, True])
def test_what_is_in_use_is_never_written(machine, force):
    machine.mounts("21 1 8:17 / /media/card rw - vfat /dev/sdb1 rw")
    assert machine.seen().users == ("/media/card",)
    assert key(refusal(machine.seen(), 1, force=force)) == "flash.busy"
    machine.mounts("21 1 8:16 / / rw - ext4 /dev/sdb rw")
    assert machine.seen().users == ("/",)
    machine.mounts()
    machine.swaps.write_text("Filename Type\n/dev/sdb1 partition\n")
    assert machine.seen().users == ("swap",)
    machine.swaps.write_text("")
    (machine.part / "holders/dm-0").mkdir()
    assert machine.seen().users == ("dm-0",)
    assert key(refusal(machine.seen(), 1, force=force)) == "flash.busy"


def test_a_partition_is_not_the_device(machine):
    assert machine.seen("8:17").whole == "/dev/sdb"
    assert key(refusal(machine.seen("8:17"), 1, force=True)) == "flash.partition"


def test_one_that_is_too_small(machine):
    assert key(refusal(machine.seen(), 33 * GB, force=True)) == "flash.too_small"


def test_what_is_neither_a_disk_nor_a_file(tmp_path):
    with pytest.raises(FlashError) as strange:
        target(tmp_path)
    assert strange.value.key == "flash.strange"


def test_a_file_that_is_there_and_one_that_is_not(tmp_path):
    path = tmp_path / "out.img"
    assert target(path) == Target(path, is_device=False, exists=False)
    path.touch()
    assert target(path) == Target(path, is_device=False)


@pytest.mark.skipif(not Path("/sys/class/block").is_dir(), reason="/sys is not mounted")
def test_the_disks_of_this_machine_can_be_looked_at():
    disks = [Path("/dev", each.name) for each in Path("/sys/class/block").iterdir()]
    for disk in (each for each in disks if each.is_block_device()):
        assert refusal(target(disk), 10**18, force=True)


def test_sizes_as_cards_are_sold():
    assert (told(31_914_983_424), told(4_000_000)) == ("31.9 GB", "4 MB")
