"""Each check finds the fault that was put in, and nothing in an image as it should be."""

import pytest
from image.building import check
from image.building.disk import Partition, Table

GOOD_CONFIG = "arm_64bit=1\nkernel=vmlinuz-6\ninitramfs initrd.img-6\n# dtoverlay=nothing\ndtoverlay=otpb-ds3231\n"
FILES = {
    "boot/cmdline.txt": "console=tty0 root=LABEL=rootfs rw cfg80211.ieee80211_regdom=ID quiet\n",
    "boot/config.txt": GOOD_CONFIG,
    "boot/vmlinuz-6": "kernel",
    "boot/initrd.img-6": "initramfs",
    "boot/overlays/otpb-ds3231.dtbo": "",
    **{f"boot/{name}": "" for name in ("bootcode.bin", "start.elf", "fixup.dat", "start4.elf", "fixup4.dat")},
    **{
        f"boot/{board}.dtb": ""
        for board in ("bcm2837-rpi-3-b", "bcm2837-rpi-3-b-plus", "bcm2837-rpi-zero-2-w", "bcm2711-rpi-4-b")
    },
    "root/boot/vmlinuz-6": "kernel",
    "root/boot/initrd.img-6": "initramfs",
    "root/etc/machine-id": "",
    "root/etc/shadow": "root:*:1:0:99999:7:::\notpb:!*:1:0:99999:7:::\n",
    "root/etc/fstab": "LABEL=rootfs / ext4 defaults,x-systemd.growfs 0 1\nLABEL=b /boot/firmware vfat umask=0077 0 2\n",
    "root/etc/otp-broker-image": "OTP Broker\n",
    "root/var/lib/otpbroker/network-taken": "",
    "root/usr/lib/systemd/system/otpb.target": "[Install]\nWantedBy=multi-user.target\n",
    "root/usr/lib/systemd/system/otpb-api.service": "[Service]\n",
    "root/usr/sbin/hostapd": "",
    **{f"root/usr/lib/firmware/brcm/{name}.bin": "" for name in ("brcmfmac43430-sdio", "brcmfmac43455-sdio")},
}
LINKS = {
    "root/etc/systemd/system/multi-user.target.wants/otpb.target": "/usr/lib/systemd/system/otpb.target",
    "root/etc/systemd/system/multi-user.target.wants/hostapd.service": "/usr/lib/systemd/system/hostapd.service",
    "root/etc/systemd/system/hostapd.service": "/dev/null",
}
TABLE = Table("01234567", (Partition(0x0C, 8 << 20, 512 << 20), Partition(0x83, 520 << 20, 1 << 30)))


def opened(folder, files=(), links=(), *, config="debian", arch="arm64", table=TABLE, labels=("bootfs", "rootfs")):
    """An image's copies in `folder`; a file or link of None is left out."""
    for name, text in {**FILES, **dict(files)}.items():
        if text is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    for name, target in {**LINKS, **dict(links)}.items():
        if target is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(target)
    return check.Opened(config, arch, table, labels, folder / "boot", folder / "root")


def findings(image):
    return [problem for one in check.CHECKS for problem in one(image)]


def test_an_image_as_it_should_be(tmp_path):
    assert findings(opened(tmp_path)) == []


WANTS = "root/etc/systemd/system/multi-user.target.wants"
FAULTS = [
    ({"boot/cmdline.txt": "root=/dev/loop0p2 cfg80211.ieee80211_regdom=ID"}, {}, "does not name root=LABEL=rootfs"),
    ({"boot/cmdline.txt": "root=LABEL=rootfs quiet"}, {}, "no country"),
    ({"boot/cmdline.txt": "root=LABEL=rootfs\ncfg80211.ieee80211_regdom=ID"}, {}, "not one line"),
    ({"boot/vmlinuz-6": None}, {}, "lacks vmlinuz-6"),
    ({"boot/initrd.img-6": "initram"}, {}, "not the one in /boot"),
    ({"boot/config.txt": GOOD_CONFIG.replace("kernel=", "#kernel=")}, {}, "one kernel and one initramfs"),
    ({"boot/bcm2711-rpi-4-b.dtb": None}, {}, "lacks bcm2711-rpi-4-b.dtb"),
    ({"boot/start4.elf": None}, {}, "lacks start4.elf"),
    ({"boot/config.txt": GOOD_CONFIG.replace("arm_64bit=1", "")}, {}, "64 bits"),
    ({"boot/overlays/otpb-ds3231.dtbo": None}, {}, "not there"),
    ({"boot/config.txt": GOOD_CONFIG.replace("\ndtoverlay", "\n#dtoverlay")}, {}, "no DS3231"),
    ({"root/etc/machine-id": "8e89b1abe087452c9a19fe98eb5703c3\n"}, {}, "machine id"),
    ({"root/var/lib/dbus/machine-id": "8e89b1abe087452c9a19fe98eb5703c3\n"}, {}, "D-Bus"),
    ({"root/etc/ssh/ssh_host_ed25519_key.pub": "ssh-ed25519"}, {}, "shared by all cards"),
    ({"root/root/.ssh/authorized_keys": "ssh-ed25519"}, {}, "shared by all cards"),
    ({"root/var/lib/systemd/random-seed": "seed"}, {}, "shared by all cards"),
    ({"root/etc/otpbroker/admins.yaml": "version: 1"}, {}, "a card's own"),
    ({"root/var/lib/otpbroker/factory/wlan.yaml": "version: 1"}, {}, "a card's own"),
    ({"root/etc/ssl/private/a.pem": "x\n-----BEGIN EC PRIVATE KEY-----\n"}, {}, "is a private key"),
    ({"root/etc/shadow": "root:$y$j9T$salt$hash:1::::::\n"}, {}, "root has a password"),
    ({"root/etc/shadow": "root:*:1::::::\notpb::1::::::\n"}, {}, "otpb has an empty password"),
    ({"root/etc/shadow": "otpb:!$y$j9T$salt$hash:1::::::\n"}, {}, "otpb has a password"),
    ({}, {"root/etc/systemd/system/hostapd.service": None}, "hostapd.service starts"),
    ({}, {f"{WANTS}/ssh.service": "/usr/lib/systemd/system/ssh.service"}, "ssh.service starts"),
    ({}, {f"{WANTS}/otpb.target": None}, "otpb.target does not start"),
    ({"root/var/lib/systemd/rfkill/platform-soc:wlan": "1\n"}, {}, "blocked at boot"),
    ({"root/usr/sbin/hostapd": None}, {}, "no hostapd"),
    ({"root/usr/lib/firmware/brcm/brcmfmac43455-sdio.bin": None}, {}, "no firmware brcmfmac43455"),
    ({"root/var/lib/otpbroker/network-taken": None}, {}, "not taken over"),
    ({"root/usr/sbin/ModemManager": ""}, {}, "ModemManager is installed"),
    ({"root/etc/cloud/cloud.cfg": ""}, {}, "cloud-init"),
    ({"root/etc/fstab": FILES["root/etc/fstab"] + "/swapfile none swap sw 0 0\n"}, {}, "swap"),
    ({"root/etc/fstab": FILES["root/etc/fstab"].replace(",x-systemd.growfs", "")}, {}, "does not grow"),
    ({"root/etc/fstab": FILES["root/etc/fstab"].replace("umask=0077", "defaults")}, {}, "everybody may read"),
    ({"root/etc/otp-broker-image": None}, {}, "what it is"),
]


@pytest.mark.parametrize(("files", "links", "said"), FAULTS, ids=[said for _, _, said in FAULTS])
def test_a_fault_is_found(tmp_path, files, links, said):
    found = findings(opened(tmp_path, files, links))
    assert len(found) == 1
    assert said in found[0]


def test_the_disk_itself(tmp_path):
    swapped = Table("01234567", TABLE.partitions[::-1])
    found = findings(opened(tmp_path, table=swapped, labels=("bootfs", "root")))
    assert [problem.split(" ")[1] for problem in found] == ["disk", "file"]


def test_raspberry_pi_os_names_its_root_by_the_disks_own_number(tmp_path):
    line = "root=PARTUUID=01234567-02 cfg80211.ieee80211_regdom=ID"
    image = opened(tmp_path, {"boot/cmdline.txt": line}, config="raspios")
    assert not list(check.command_line(image))
    other = check.Opened("raspios", "arm64", Table("76543210", TABLE.partitions), image.labels, image.boot, image.root)
    assert len(list(check.command_line(other))) == 1
