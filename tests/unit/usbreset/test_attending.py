"""What becomes of a stick, and of the device, when it is plugged."""

import pytest

from fakes import sticks
from fakes.disk import read_only
from fakes.sticks import TEXT
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.usbreset.attending import Attendant
from otpbroker.usbreset.obeyed import Obeyed
from otpbroker.usbreset.result import NAME
from otpbroker.usbreset.sticks import Stick
from otpbroker.verbs.apply import WasReset


class PowerCut(BaseException):
    pass


class Device:
    def __init__(self, folder):
        self.folder = folder
        self.resets = 0
        self.fails = False
        self.cut = False
        self.notes = []

    def reset(self):
        if self.fails:
            raise BrokerError(ResponseCode.FAILED, "settings.not_saved", section="wlan", reason="No space left")
        self.resets += 1
        if self.cut:
            raise PowerCut
        return WasReset(changed=True, administrators=1, ssid="OTP-Broker-7K3M", addresses=["http://192.168.0.11:8888/"])

    def plug(self, path, known_as="a stick"):
        """One life of the process."""
        obeyed = Obeyed(self.folder / "obeyed.json")
        attendant = Attendant(self.reset, self.notes.append, self.folder / "reset-text", obeyed)
        return attendant.attend(Stick(path, "one", known_as)).outcome


@pytest.fixture
def device(tmp_path):
    return Device(tmp_path)


@pytest.fixture
def path(tmp_path):
    (tmp_path / "plugged").mkdir()
    return tmp_path / "plugged/stick"


def told(path, name=NAME):
    return sticks.tool("mtype", "-i", path, f"::optb/{name}").decode()


@pytest.mark.parametrize("bits", [12, 16, 32])
def test_a_reset_is_done_once_told_and_remembered(device, path, bits):
    sticks.reset_fat(path, bits)
    assert device.plug(path) == "done"
    assert "OTP-Broker-7K3M" in told(path)
    assert sticks.fsck(path) == ""
    written = path.read_bytes()
    assert device.plug(path) == "known"
    assert (device.resets, path.read_bytes()) == (1, written)
    assert device.plug(path, "another stick") == "done"


def test_what_is_told_is_never_read(device, path):
    sticks.fat(path, 16, {f"optb/{NAME}": TEXT, "optb/other": b"1"})
    assert device.plug(path) == "refused"
    assert device.resets == 0


def test_a_stick_that_cannot_be_written_resets_once_all_the_same(device, path):
    sticks.reset_fat(path)
    before = path.read_bytes()
    with read_only(path.parent):
        assert (device.plug(path), device.plug(path)) == ("done", "known")
    assert (device.resets, path.read_bytes()) == (1, before)


def test_exfat_is_not_written_on(device, path):
    sticks.exfat(path, {"optb/reset.txt": TEXT})
    before = path.read_bytes()
    assert (device.plug(path), device.plug(path)) == ("done", "known")
    assert path.read_bytes() == before


def test_a_partition_is_told_of_where_its_file_is(device, path, tmp_path):
    part = sticks.reset_fat(tmp_path / "part", 16)
    sticks.partitioned(path, "gpt", [None, part])
    assert device.plug(path) == "done"
    start = path.read_bytes().index(part.read_bytes()[:512])
    part.write_bytes(path.read_bytes()[start : start + part.stat().st_size])
    assert "OTP-Broker-7K3M" in told(part)
    assert sticks.fsck(part) == ""


def test_a_refusal_is_told_written_down_and_changes_nothing(device, path):
    sticks.reset_fat(path, 16, b"kopi susu")
    assert device.plug(path) == "refused"
    assert (device.resets, device.notes) == (0, ["wrong_text"])
    assert "bukan milik perangkat ini" in told(path)
    assert "???" not in told(path)
    sticks.tool("mcopy", "-o", "-i", path, "-", "::optb/reset.txt", input=TEXT)
    assert device.plug(path) == "done"
    assert "dihapus" in told(path)
    assert "bukan milik" not in told(path)


def test_a_reset_that_fails_is_not_remembered(device, path):
    sticks.reset_fat(path)
    device.fails = True
    assert device.plug(path) == "failed"
    assert "No space left" in told(path)
    device.fails = False
    assert device.plug(path) == "done"
    assert "No space left" not in told(path)


def test_cut_off_between_reset_and_memory_it_is_done_once_more(device, path):
    sticks.reset_fat(path)
    device.cut = True
    with pytest.raises(PowerCut):
        device.plug(path)
    device.cut = False
    assert [device.plug(path), device.plug(path)] == ["done", "known"]
    assert device.resets == 2


@pytest.mark.parametrize("text", [b"Kopi-Susu-7\n", b"  Kopi-Susu-7"])
def test_the_owners_own_text_replaces_the_products(device, path, text):
    (device.folder / "reset-text").write_bytes(text)
    assert device.plug(sticks.reset_fat(path)) == "refused"
    assert device.plug(sticks.reset_fat(path, 16, b"Kopi-Susu-7")) == "done"


@pytest.mark.parametrize("text", [b"", b"\xff\xfe\xfd", b" \n"])
def test_a_damaged_text_is_not_the_products(device, path, text):
    (device.folder / "reset-text").write_bytes(text)
    assert device.plug(sticks.reset_fat(path)) == "refused"
    assert device.plug(sticks.reset_fat(path, 16, text)) == "refused"


def test_what_is_no_stick_of_ours_is_left_as_it_is(device, path):
    sticks.fat(path, 16, {"photograph.jpg": b"x" * 3000})
    before = path.read_bytes()
    assert device.plug(path) == "nothing"
    assert path.read_bytes() == before
    path.unlink()
    assert device.plug(path) == "nothing"
    assert device.notes == []
