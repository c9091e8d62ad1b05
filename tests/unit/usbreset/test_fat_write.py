"""The one file that a stick is given: as mtools reads it, on a file system that fsck finds nothing wrong with."""

import pytest

from fakes import sticks
from fakes.sticks import TEXT, Octets
from otpbroker.secrets import Secret
from otpbroker.usbreset.fat_write import NoRoom, SmallFile, put
from otpbroker.usbreset.looking import look
from otpbroker.usbreset.medium import Broken

BITS = [12, 16, 32]
NAME = "reset-result.txt"


def small(content):
    return SmallFile(NAME, b"RESET-~1TXT", content, 0x5B7B, 0x6000)


def write(medium, content):
    plea = look(medium, Secret("?" * 16), "")
    put(plea.volume, plea.folder, small(content))
    return plea.reason


def on(path, content):
    medium = Octets(path.read_bytes())
    try:
        return write(medium, content)
    finally:
        path.write_bytes(medium.octets)


def read(path, name=f"optb/{NAME}"):
    return sticks.tool("mtype", "-i", path, f"::{name}")


@pytest.fixture
def stick(tmp_path):
    return tmp_path / "stick"


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize("size", [1, 512, 513, 2048])
def test_it_is_there_once_and_the_next_one_takes_its_place(stick, bits, size):
    sticks.fat(stick, bits, {"optb/reset.txt": TEXT, "optb/other.txt": b"other", "a photograph.jpeg": b"x" * 5000})
    for letter in (b"a", b"b"):
        assert on(stick, letter * size) is None
        assert sticks.fsck(stick) == ""
        assert read(stick) == letter * size
    assert sticks.tool("mdir", "-b", "-i", stick, "::optb").decode().split() == [
        "::/optb/reset.txt",
        "::/optb/other.txt",
        f"::/optb/{NAME}",
    ]
    assert read(stick, "optb/reset.txt") == TEXT
    assert read(stick, "a photograph.jpeg") == b"x" * 5000


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize("deleted", [0, 1, 3, 13])
def test_a_folder_with_gaps_takes_it_or_stays_as_it_is(stick, bits, deleted):
    """A cluster has 16 entries: two are the folder itself, and these fourteen files fill it."""
    files = {"optb/reset.txt": TEXT} | {f"optb/n{number:02}.txt": b"1" for number in range(13)}
    sticks.fat(stick, bits, files)
    for number in range(deleted):
        sticks.tool("mdel", "-i", stick, f"::optb/n{number:02}.txt")
    before = stick.read_bytes()
    if deleted < 3 and bits != 12:
        with pytest.raises(NoRoom):
            on(stick, b"r" * 600)
        assert stick.read_bytes() == before
    elif deleted >= 3:
        on(stick, b"r" * 600)
        assert read(stick) == b"r" * 600
    assert sticks.fsck(stick) == ""


@pytest.mark.parametrize("bits", BITS)
def test_a_full_stick_stays_as_it_is(stick, bits):
    sticks.reset_fat(stick, bits)
    free = int(sticks.tool("mdir", "-i", stick, "::").decode().split("bytes free")[0].split("\n")[-1].replace(" ", ""))
    sticks.tool("mcopy", "-i", stick, "-", "::full", input=b"f" * free)
    before = stick.read_bytes()
    with pytest.raises(NoRoom):
        on(stick, b"r" * 100)
    assert stick.read_bytes() == before


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize("there", ["folder", "read-only", "empty", "large"])
def test_what_is_not_ours_is_left_alone(stick, bits, there):
    sticks.fat(stick, bits, {"optb/reset.txt": TEXT, f"optb/{NAME}": None if there == "folder" else b""})
    if there in ("read-only", "large"):
        content = b"mine" if there == "read-only" else b"m" * 100_000
        sticks.tool("mcopy", "-o", "-i", stick, "-", f"::optb/{NAME}", input=content)
    if there == "read-only":
        sticks.tool("mattrib", "-i", stick, "+r", f"::optb/{NAME}")
    before = stick.read_bytes()
    with pytest.raises((NoRoom, Broken)):
        on(stick, b"r" * 100)
    assert stick.read_bytes() == before


@pytest.mark.parametrize("bits", BITS)
def test_pulled_while_it_is_written_it_is_whole_or_absent_and_nothing_else_suffers(stick, bits):
    sticks.fat(stick, bits, {"optb/reset.txt": TEXT, "photograph.jpg": b"x" * 5000})
    pristine = stick.read_bytes()
    content = b"r" * 700

    class Pulled(Octets):
        def __init__(self, octets, after):
            super().__init__(octets)
            self.after = after

        def write(self, at, octets):
            if not self.after:
                raise OSError
            self.after -= 1
            super().write(at, octets)

    whole = 0
    for after in range(30):
        medium = Pulled(pristine, after)
        try:
            write(medium, content)
        except OSError:
            pass
        else:
            whole += 1
        stick.write_bytes(medium.octets)
        listed = sticks.tool("mdir", "-b", "-i", stick, "::optb").decode()
        assert NAME not in listed or read(stick) == content
        assert read(stick, "photograph.jpg") == b"x" * 5000
        assert read(stick, "optb/reset.txt") == TEXT
        if whole:
            break
    assert whole
    assert after >= 6
