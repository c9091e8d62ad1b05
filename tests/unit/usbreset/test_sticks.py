from pathlib import Path

import pytest

from otpbroker.usbreset.sticks import lived_from, sticks

USB = "/devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0/block/sda"
MOUNTINFO = """\
22 1 8:18 / / rw,relatime shared:1 - ext4 /dev/root rw
23 22 0:21 / /proc rw,nosuid shared:2 - proc proc rw
30 22 8:17 / /boot/firmware rw shared:3 - vfat /dev/sdb1 rw
31 22 8:1 / /media/user/STICK rw shared:4 - vfat /dev/sda1 rw
"""


@pytest.fixture
def bus(tmp_path):
    """`bus(...)` plugs a disk and gives udev's list of what is plugged."""
    listed = []

    def plug(devpath=USB, *, size=2048, partitions=(), **properties):
        name = devpath.rpartition("/")[2]
        (tmp_path / devpath.lstrip("/")).mkdir(parents=True)
        (tmp_path / devpath.lstrip("/") / "size").write_text(f"{size}\n")
        common = {"SUBSYSTEM": "block", "USEC_INITIALIZED": "123", "MAJOR": "8"}
        disk = {"DEVPATH": devpath, "DEVNAME": f"/dev/{name}", "DEVTYPE": "disk", "MINOR": "0", "DISKSEQ": "7"}
        listed.append(common | disk | properties)
        for minor in partitions:
            part = {"DEVPATH": f"{devpath}/{name}1", "DEVNAME": f"/dev/{name}1", "DEVTYPE": "partition"}
            listed.append(common | part | {"MINOR": str(minor)})
        return listed

    plug.sys = tmp_path
    return plug


def nodes(bus, listed, mountinfo=""):
    return [stick.node for stick in sticks(listed, lived_from(mountinfo), bus.sys)]


def test_a_usb_disk_is_a_stick_whether_or_not_its_maker_calls_it_removable(bus):
    listed = bus(partitions=[1], ID_VENDOR_ID="0951", ID_MODEL_ID="1666", ID_SERIAL_SHORT="60A44")
    (stick,) = sticks(listed, frozenset(), bus.sys)
    assert (stick.node, stick.known_as) == (Path("/dev/sda"), "0951 1666 60A44 ")


@pytest.mark.parametrize(
    "properties",
    [
        {"devpath": "/devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda"},
        {"devpath": "/devices/platform/soc/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0"},
        {"devpath": USB.replace("sda", "sr0")},
        {"DEVTYPE": "partition"},
        {"size": 0},
        {"USEC_INITIALIZED": None},
    ],
)
def test_nothing_else_is(bus, properties):
    listed = bus(**properties)
    if listed[0].get("USEC_INITIALIZED", "") is None:
        del listed[0]["USEC_INITIALIZED"]
    assert nodes(bus, listed) == []


def test_the_disk_that_the_system_lives_from_is_none_but_a_mounted_stick_is(bus):
    bus(USB, partitions=[1])
    listed = bus(USB.replace("2-1", "2-2").replace("sda", "sdb"), partitions=[17, 18], MINOR="16")
    assert nodes(bus, listed, MOUNTINFO) == [Path("/dev/sda")]
    assert nodes(bus, listed, MOUNTINFO.replace("/media/user/STICK", "/srv")) == []


def test_each_insertion_is_another(bus):
    listed = bus()
    (first,) = sticks(listed, frozenset(), bus.sys)
    (again,) = sticks([listed[0] | {"DISKSEQ": "8"}], frozenset(), bus.sys)
    assert first.insertion != again.insertion
