"""Sticks with damage: thousands of them, none of which crashes us, keeps us, or is taken for a reset."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import sticks
from fakes.sticks import TEXT
from otpbroker.secrets import Secret
from otpbroker.usbreset.fat_write import NoRoom, SmallFile, put
from otpbroker.usbreset.looking import look
from otpbroker.usbreset.medium import Broken, Device, check

IMAGES = 6000
EXFAT = 3  # of the images
WANTED = Secret("?" * 16)
MOST_OCTETS = 16 * 1024 * 1024
# The right text lies everywhere but in the right file.
DECOYS = {
    "optb/reset.txt": b"!" * 16,
    "optb/RESET.TX1": TEXT,
    "optb/reset.tyt.old": TEXT,
    "OPTBX/reset.txt": TEXT,
    "resets.txt": TEXT,
    "notes about it.txt": TEXT * 200,
}


class Damaged:
    """`octets` with changes here and there, and a count of what is read."""

    sector = 512

    def __init__(self, octets, changes):
        self.size = len(octets)
        self._octets = octets
        self._changes = changes
        self.left = MOST_OCTETS

    def read(self, at, count):
        self.left -= count
        if self.left < 0:
            raise Broken
        found = self._octets[check(self, at, count) : at + count]
        touched = [place for place in self._changes if at <= place < at + count]
        if touched:
            found = bytearray(found)
            for place in touched:
                found[place - at] = self._changes[place]
        return bytes(found)

    def write(self, at, octets):
        check(self, at, len(octets))
        self._changes.update(enumerate(octets, at))

    def flush(self):
        pass


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    """Octets, and the places that matter: all but empty space."""
    folder = tmp_path_factory.mktemp("sticks")
    made = [sticks.fat(folder / str(bits), bits, DECOYS) for bits in (12, 16, 32)]
    made.append(sticks.exfat(folder / "exfat", {name: text for name, text in DECOYS.items() if len(text) < 512}))
    made.append(sticks.partitioned(folder / "dos", "dos", made[:2]))
    made.append(sticks.partitioned(folder / "gpt", "gpt", made[1:2] + made[3:4]))
    return [_with_places(path.read_bytes()) for path in made]


def _with_places(octets):
    used = [at for at in range(0, len(octets), 32) if any(octets[at : at + 32])]
    return octets, used


def damage(octets, places, chance):
    """Up to 40 octets: in the boot sector, in what is in use, or anywhere; some as whole fields."""
    changes = {}
    for _ in range(chance.randint(1, 12)):
        where = chance.random()
        if where < 0.35:
            at = chance.randrange(512)
        elif where < 0.95:
            at = chance.choice(places) + chance.randrange(32)
        else:
            at = chance.randrange(len(octets))
        value = chance.choice((0, 0xFF, 0x7F, chance.randrange(256)))
        for place in range(at, min(at + chance.choice((1, 1, 2, 4)), len(octets))):
            changes[place] = value
    return changes


def seal(octets, changes):
    """So that exFAT's checksum does not hide what comes after it."""
    region = bytearray(octets[: 12 * 512])
    for at in changes.keys() & set(range(len(region))):
        region[at] = changes[at]
    sticks.seal_exfat(region)
    changes.update(enumerate(region[11 * 512 :], 11 * 512))


def test_thousands_of_damaged_sticks_do_nothing(images):
    chance = random.Random(20261127)
    looked = []
    for number in range(IMAGES):
        octets, places = images[number % len(images)]
        changes = damage(octets, places, chance)
        if number % len(images) == EXFAT and number % 4 == 1:
            seal(octets, changes)
        plea = look(Damaged(octets, changes), WANTED, "")
        looked.append(plea.reason if plea else "nothing")
        assert looked[-1] is not None
    # The damage is neither so small that nothing is seen of it, nor so large that nothing is left to look at.
    assert len(looked) == IMAGES
    assert 500 < looked.count("wrong_text") < IMAGES - 500


def test_a_result_on_a_damaged_stick_raises_nothing_unforeseen(images):
    chance = random.Random(1)
    file = SmallFile("reset-result.txt", b"RESET-~1TXT", b"r" * 2048, 0, 0)
    written = 0
    for number in range(1500):
        octets, places = images[number % 3]
        medium = Damaged(octets, damage(octets, places, chance))
        plea = look(medium, WANTED, "")
        if plea is None:
            continue
        try:
            put(plea.volume, plea.folder, file)
        except (NoRoom, Broken):
            continue
        written += 1
    assert written > 100


@given(st.binary(max_size=4096), st.sampled_from([0, 11, 446, 510]))
def test_octets_of_any_kind_are_no_reset(octets, at):
    boot = bytearray(8192)
    boot[at : at + len(octets)] = octets
    boot[510:512] = b"\x55\xaa"
    assert look(Damaged(bytes(boot), {}), WANTED, "") is None


def test_a_stick_that_wants_to_be_read_for_ever_is_left(tmp_path):
    path = sticks.fat(tmp_path / "stick", 32, {"optb/x": b"1"})
    with path.open("rb") as stream:
        assert look(Device(stream.fileno(), most_octets=600), WANTED, "") is None


def test_a_folder_that_leads_back_to_itself_ends(tmp_path):
    octets = bytearray(sticks.fat(tmp_path / "stick", 16, {f"optb/{n}.txt": b"" for n in range(20)}).read_bytes())
    fat = 512 * int.from_bytes(octets[14:16], "little")
    octets[fat + 2 * 2 : fat + 2 * 3] = (2).to_bytes(2, "little")  # the folder's first cluster follows itself
    assert look(Damaged(bytes(octets), {}), WANTED, "") is None
