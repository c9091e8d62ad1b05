"""Sticks, plugged into the running device and present at power-on: those that reset it, and all others."""

import json

import pytest

from emulated.peers import Neighbour
from fakes import sticks
from fakes.waiting import waits_for

pytestmark = [pytest.mark.device, pytest.mark.timeout(900)]

PASSWORD = b"eleven gray herons\n"
ADDRESS = "192.168.7.1"
CHANGES = (f"wlan ssid=Kantor address={ADDRESS}", "ethernet mode=static address=10.66.0.5 prefix=24")
FACTORY, OWN = {"admins": 0, "networks": []}, {"admins": 1, "networks": ["ethernet", "wlan"]}
HUGE = 1 << 30


def own(device):
    """Set up by somebody: an administrator, an API user, a modem, networks of his own."""
    device.run("otpb admin add budi name=Budi", stdin=PASSWORD)
    for change in CHANGES:
        told = json.loads(device.run(f"otpb --json settings set {change} 2>/dev/null"))
        device.run(f"otpb confirm {told['confirmation']['token']}")


@pytest.fixture(scope="module")
def device(device):
    device.run("otpb api-user add shop name=Shop", stdin=b"a long password\n")
    device.run("otpb modem add m0 port=/dev/ttyUSB9")
    own(device)
    return device


def state(device):
    stored = device.run("ls /etc/otpbroker").split()
    names = [name for name in ("dhcp", "ethernet", "wlan") if f"{name}.yaml" in stored]
    return {"admins": len(json.loads(device.run("otpb --json admin list"))["admins"]), "networks": names}


def kept(device):
    users, modems = (json.loads(device.run(f"otpb --json {kind} list")) for kind in ("api-user", "modem"))
    return [user["username"] for user in users["api_users"]], [modem["name"] for modem in modems["modems"]]


SAID = "is no reset|cannot be read|reset done|the reset failed|left in"
WORDS = f"journalctl -b -q -o cat -u otpb-usbreset | grep -E '{SAID}'"


def attended(device, plug, count=1):
    """What is said of the stick that `plug` plugs, and of no other."""
    before = len(words(device))
    plug()
    device.until(f"[ $({WORDS} | wc -l) -ge {before + count} ]", 120)
    return "\n".join(words(device)[before:])


def words(device):
    return device.run(WORDS, check=False).splitlines()


def unplugged(device):
    """Longer than a stick that only lost its voltage for a moment."""
    device.unplug("stick")
    device.until("! systemctl is-active --quiet otpb-usbreset")


def ext4(path):
    tree = path.with_suffix(".d")
    (tree / "optb").mkdir(parents=True)
    (tree / "optb/other.txt").write_bytes(sticks.TEXT)
    (tree / "optb/reset.txt").symlink_to("other.txt")
    sticks.tool("mkfs.ext4", "-q", "-d", tree, sticks.empty(path, 8 << 20))
    return path


def damaged(path):
    """Its allocation tables are noise."""
    sticks.reset_fat(path)
    content = bytearray(path.read_bytes())
    content[512 : 64 * 512] = bytes(range(1, 64)) * 512
    path.write_bytes(content)
    return path


def huge(path):
    with path.with_suffix(".txt").open("wb") as content:
        content.write(sticks.TEXT)
        content.truncate(HUGE)
    sticks.tool("mkfs.vfat", "-F", "32", sticks.empty(path, HUGE + (64 << 20)))
    sticks.tool("mmd", "-i", path, "::optb")
    sticks.tool("mcopy", "-i", path, path.with_suffix(".txt"), "::optb/reset.txt")
    path.with_suffix(".txt").unlink()
    return path


OTHERS = {
    "wrong-text": lambda path: sticks.reset_fat(path, text=b"kopi susu"),
    "upper-case": lambda path: sticks.fat(path, 16, {"OPTB/RESET.TXT": sticks.TEXT}),
    "folder": lambda path: sticks.fat(path, 16, {"optb": None, "optb/reset.txt": None}),
    "ext4-with-a-link": ext4,
    "damaged": damaged,
    "huge": huge,
}


@pytest.mark.parametrize("kind", OTHERS)
def test_any_other_stick_changes_nothing(device, tmp_path, kind):
    stick = OTHERS[kind](tmp_path / "stick")
    said = attended(device, lambda: device.plug_stick(stick))
    unplugged(device)
    stick.unlink()
    assert "is no reset" in said or "cannot be read" in said
    assert state(device) == OWN


RIGHT = {
    "fat32": lambda path: sticks.reset_fat(path, 32),
    "exfat": lambda path: sticks.exfat(path, {"optb/reset.txt": sticks.TEXT}),
    "partitioned": lambda path: sticks.partitioned(
        path, "gpt", [None, sticks.reset_fat(path.with_suffix(".part"), text=b"\xef\xbb\xbf" + sticks.TEXT + b"\r\n")]
    ),
}


@pytest.mark.parametrize(
    "kind", [kind if kind == "fat32" else pytest.param(kind, marks=pytest.mark.slow) for kind in RIGHT]
)
def test_a_reset_stick_that_is_plugged_resets(device, tmp_path, kind):
    if state(device) != OWN:
        own(device)
    stick = RIGHT[kind](tmp_path / "stick")
    said = attended(device, lambda: device.plug_stick(stick))
    assert "reset done: 1 administrators deleted" in said
    assert state(device) == FACTORY
    assert kept(device) == (["shop"], ["m0"])
    device.until("ip -4 addr show wlan0 | grep -q 192.168.0.11/24")
    assert ADDRESS not in device.run("ip -4 addr show wlan0")
    if kind == "fat32":
        waits_for(lambda: "dihapus" in sticks.tool("mtype", "-i", stick, "::optb/reset-result.txt").decode(), 60)
        unplugged(device)
        assert sticks.fsck(stick) == ""
    else:
        unplugged(device)
    assert device.failed() == ""


def test_whom_it_lets_in_then(device):
    """Nobody but the access point: as on the first day."""
    neighbour = Neighbour(device)
    browser = neighbour.browser(f"http://{neighbour.device_address()}:8888")
    assert browser.get("/setup").status == 403


@pytest.mark.slow
def test_one_that_cannot_be_written_resets_once(device, tmp_path):
    device.run("otpb admin add budi name=Budi", stdin=PASSWORD)
    stick = sticks.reset_fat(tmp_path / "stick")
    assert "reset done" in attended(device, lambda: device.plug_stick(stick, read_only=True))
    device.run("otpb admin add budi name=Budi", stdin=PASSWORD)
    said = attended(device, lambda: device.run("udevadm trigger --action=change /sys/block/sd? && udevadm settle"), 0)
    assert "reset done" not in said
    assert state(device)["admins"] == 1
    unplugged(device)


@pytest.mark.slow
def test_present_at_power_on_it_resets_once_until_it_is_plugged_again(device, tmp_path):
    assert state(device)["admins"] == 1
    stick = sticks.reset_fat(tmp_path / "stick")
    device.power_off()
    device.boot(stick=stick)
    device.until(WORDS, 120)
    assert state(device) == FACTORY

    device.run("otpb admin add siti name=Siti", stdin=PASSWORD)
    device.power_off()
    device.boot(stick=stick)
    device.until(WORDS, 120)
    assert "left in" in "\n".join(words(device))
    assert state(device)["admins"] == 1

    unplugged(device)
    assert "reset done" in attended(device, lambda: device.plug_stick(stick))
    assert state(device) == FACTORY
    assert kept(device) == (["shop"], ["m0"])
