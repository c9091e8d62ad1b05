"""The disk that image/make-disk lays out, read back by the same reader as the checks use."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from image.building.disk import FAT32_LBA, LINUX, copy_fat, copy_root, label_of, read_root, table, table_of

MAKE = Path(__file__).parents[3] / "image/make-disk"
TOOLS = ("mkfs.vfat", "mcopy", "mke2fs", "debugfs", "sfdisk", "e2fsck")
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
NAME = "0123456789abcdef0123456789abcdef"

pytestmark = pytest.mark.skipif(
    not all(shutil.which(tool, path=PATH) for tool in TOOLS), reason="dosfstools, mtools, e2fsprogs or fdisk is missing"
)


@pytest.fixture(autouse=True)
def _path(monkeypatch):
    monkeypatch.setenv("PATH", PATH)


def make(folder):
    root = folder / "root"
    shutil.rmtree(root, ignore_errors=True)
    for name, text in {
        "boot/firmware/cmdline.txt": "root=LABEL=rootfs",
        "boot/firmware/overlays/a long name.dtbo": "overlay",
        "etc/hostname": "otpbroker\n",
        "usr/bin/tool": "#!/bin/sh\n",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "usr/bin/tool").chmod(0o755)
    (root / "etc/machine").symlink_to("/etc/hostname")
    (root / "etc/name").hardlink_to(root / "etc/hostname")
    for path in [root, *root.rglob("*")]:
        os.utime(path, (1_600_000_000, 1_600_000_000), follow_symlinks=False)
    image = folder / "card.img"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    subprocess.run([MAKE, root, image, NAME], check=True, env=environment, capture_output=True)
    return image


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    return make(tmp_path_factory.mktemp("disk"))


def test_two_partitions_with_their_labels(image):
    found = table_of(image)
    assert found.number == "01234567"
    assert [part.kind for part in found.partitions] == [FAT32_LBA, LINUX]
    assert [label_of(image, part) for part in found.partitions] == ["bootfs", "rootfs"]
    first, second = found.partitions
    assert (first.start, first.start + first.size) == (8 << 20, second.start)
    assert second.start + second.size == image.stat().st_size


def test_both_file_systems_hold_what_the_folder_held(image, tmp_path):
    boot, root = table_of(image).partitions
    copy_fat(image, boot, tmp_path / "boot")
    names = {str(path.relative_to(tmp_path / "boot")) for path in (tmp_path / "boot").rglob("*") if path.is_file()}
    assert names == {"cmdline.txt", "overlays/a long name.dtbo"}
    assert read_root(image, root, "/etc/hostname") == b"otpbroker\n"
    assert read_root(image, root, "/etc/absent") == b""
    copy_root(image, root, ("/etc", "/absent", "/usr/bin"), tmp_path / "root")
    assert (tmp_path / "root/etc/name").read_text() == "otpbroker\n"
    assert (tmp_path / "root/etc/machine").readlink() == Path("/etc/hostname")
    assert (tmp_path / "root/usr/bin/tool").stat().st_mode & 0o777 == 0o755


def test_the_root_file_system_is_whole_and_its_journal_is_written(image):
    at = table_of(image).partitions[1].start
    checked = subprocess.run([shutil.which("e2fsck"), "-fn", f"{image}?offset={at}"], check=False, capture_output=True)
    assert checked.returncode == 0, checked.stdout
    # 32 MiB of journal are on the disk, not a hole in it.
    assert image.stat().st_blocks * 512 > 32 << 20


def test_the_same_folder_gives_the_same_disk(image, tmp_path):
    assert (
        subprocess.run([shutil.which("cmp"), image, make(tmp_path)], check=False, capture_output=True).returncode == 0
    )


def test_what_has_no_table_is_refused():
    with pytest.raises(ValueError, match="no DOS partition table"):
        table(bytes(512))
