"""Which sticks are a reset, and which are not: file systems as people's computers make them."""

import os
import time

import pytest

from fakes import sticks
from fakes.sticks import TEXT
from otpbroker.secrets import Secret
from otpbroker.usbreset.looking import look
from otpbroker.usbreset.medium import Device

WANTED = Secret("?" * 16)
BITS = [12, 16, 32]
LOGICAL = """label: dos
start=2048, size=4MiB, type=83
start=12288, size=14MiB, type=5
start=14336, size=4MiB, type=c
"""


def seen(path, wanted=WANTED, stick="a stick"):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return look(Device(descriptor), wanted, stick)
    finally:
        os.close(descriptor)


def reason(path):
    """`nothing`: not even the folder."""
    plea = seen(path)
    return "nothing" if plea is None else plea.reason or "reset"


@pytest.fixture
def stick(tmp_path):
    return tmp_path / "stick"


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT + b"\r\n",
        b"\n\t " + TEXT + b" \n\n",
        b"\xef\xbb\xbf" + TEXT + b"\r\n",
        ("\ufeff" + "?" * 16 + "\r\n").encode("utf-16-le"),
        ("\ufeff" + "?" * 16 + "\n").encode("utf-16-be"),
    ],
)
def test_the_text_counts_without_what_editors_put_around_it(stick, bits, text):
    assert reason(sticks.reset_fat(stick, bits, text)) == "reset"


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "wrong_text"),
        (b"?" * 15, "wrong_text"),
        (b"?" * 17, "wrong_text"),
        (b"?" * 8 + b" " + b"?" * 8, "wrong_text"),
        (b"?" * 16 + b"\0", "wrong_text"),
        (b"\xff\xfe" + b"?" * 16, "wrong_text"),
        (b" " * 48 + TEXT, "reset"),
        (b" " * 49 + TEXT, "too_large"),
    ],
)
def test_any_other_text_does_not(stick, bits, text, told):
    assert reason(sticks.reset_fat(stick, bits, text)) == told


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("OPTB/reset.txt", "nothing"),
        ("Optb/reset.txt", "nothing"),
        ("optb/RESET.TXT", "no_file"),
        ("optb/Reset.txt", "no_file"),
        ("optb/reset.TXT", "no_file"),
        ("optb/reset", "no_file"),
        ("optb/reset.text", "no_file"),
        ("optb/reset.txt.txt", "no_file"),
        ("optb/sub/reset.txt", "no_file"),
        ("reset.txt", "nothing"),
        ("optb.d/reset.txt", "nothing"),
    ],
)
def test_the_path_counts_letter_by_letter(stick, bits, name, told):
    files = {"optb": None, name: TEXT} if name.startswith("optb/sub") else {name: TEXT}
    assert reason(sticks.fat(stick, bits, files)) == told


@pytest.mark.parametrize("bits", BITS)
def test_what_bears_the_names_must_be_a_folder_and_a_file(stick, bits):
    assert reason(sticks.fat(stick, bits, {"optb": b"?" * 16})) == "nothing"
    assert reason(sticks.fat(stick, bits, {"optb/reset.txt/x": None, "optb/reset.txt": None, "optb": None})) == (
        "not_a_file"
    )


@pytest.mark.parametrize("bits", BITS)
def test_the_file_is_found_among_many(stick, bits):
    many = {f"some photograph number {number}.jpeg": b"x" for number in range(12)}
    inside = {f"optb/another long name {number}.txt": b"y" for number in range(40)}
    assert reason(sticks.fat(stick, bits, many | inside | {"optb/reset.txt": TEXT})) == "reset"


def test_a_file_of_a_gigabyte_is_not_read(stick):
    sticks.reset_fat(stick, 32)
    octets = stick.read_bytes()
    place = octets.index(b"RESET   TXT")
    with stick.open("r+b") as stream:
        stream.seek(place + 28)
        stream.write((1 << 30).to_bytes(4, "little"))
    began = time.monotonic()
    assert reason(stick) == "too_large"
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("contiguous", [True, False])
def test_exfat_is_read_as_well(stick, contiguous):
    sticks.exfat(stick, {"optb/reset.txt": TEXT, "optb/x.txt": b"y", "z": b"z"}, contiguous=contiguous)
    sticks.tool("fsck.exfat", "-n", stick)
    assert reason(stick) == "reset"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"OPTB/reset.txt": TEXT}, "nothing"),
        ({"optb/Reset.txt": TEXT}, "no_file"),
        ({"optb/reset.txt": TEXT[1:]}, "wrong_text"),
        ({"optb/reset.txt": b"\xef\xbb\xbf" + TEXT + b"\r\n"}, "reset"),
        ({"optb/reset.txt": b"?" * 65}, "too_large"),
        ({"optb/reset.txt": b""}, "wrong_text"),
        ({"optb": TEXT}, "nothing"),
        ({"a long name of more than fifteen letters": b"1", "optb/" + "x" * 40: b"2", "optb/reset.txt": TEXT}, "reset"),
    ],
)
def test_the_same_rules_hold_on_exfat(stick, files, told):
    assert reason(sticks.exfat(stick, files)) == told


@pytest.mark.parametrize(
    ("table", "parts"),
    [
        ("dos", "-f"),
        ("gpt", "-f"),
        ("dos", "xf"),
        ("gpt", "xwf"),
        ("dos", "e"),
        ("gpt", "e"),
        (LOGICAL, "--f"),
    ],
)
def test_the_first_partition_with_a_valid_file_counts(tmp_path, stick, table, parts):
    made = {
        "-": None,
        "f": sticks.reset_fat(tmp_path / "f", 16),
        "w": sticks.reset_fat(tmp_path / "w", 12, b"wrong"),
        "x": sticks.fat(tmp_path / "x", 12, {"other.txt": b"1"}),
        "e": sticks.exfat(tmp_path / "e", {"optb/reset.txt": TEXT}),
    }
    assert reason(sticks.partitioned(stick, table, [made[each] for each in parts])) == "reset"


def test_where_none_is_valid_the_first_with_the_folder_is_told_of(tmp_path, stick):
    parts = [
        sticks.fat(tmp_path / "x", 12, {"other.txt": b"1"}),
        sticks.reset_fat(tmp_path / "w", 12, b"wrong"),
        sticks.fat(tmp_path / "n", 12, {"optb": None}),
    ]
    assert reason(sticks.partitioned(stick, "gpt", parts)) == "wrong_text"


def test_other_file_systems_are_left_alone(tmp_path, stick):
    (tmp_path / "tree/optb").mkdir(parents=True)
    (tmp_path / "tree/optb/reset.txt").write_bytes(TEXT)
    sticks.tool("mke2fs", "-q", "-t", "ext4", "-d", tmp_path / "tree", sticks.empty(stick, 4 * 1024 * 1024))
    assert reason(stick) == "nothing"
    assert reason(sticks.empty(stick, 0)) == "nothing"
    assert reason(sticks.empty(stick, 511)) == "nothing"
    assert reason(sticks.empty(stick, 1 << 40)) == "nothing"


def test_a_text_of_the_owners_own_counts_instead(stick):
    sticks.reset_fat(stick, 16, b"Kopi-Susu-7\n")
    assert seen(stick, Secret("Kopi-Susu-7")).reason is None
    assert seen(stick, Secret("kopi-susu-7")).reason == "wrong_text"
    assert seen(stick).reason == "wrong_text"
    for damaged in ("", "????"):
        sticks.reset_fat(stick, 16, damaged.encode())
        assert seen(stick, Secret(damaged)).reason == "wrong_text"


def test_a_stick_has_the_same_mark_until_its_file_is_written_anew(tmp_path, stick):
    first = seen(sticks.reset_fat(stick, 16, options=("-i", "11111111"))).mark
    assert seen(stick).mark == first
    assert seen(stick, stick="another").mark != first
    sticks.tool("mdel", "-i", stick, "::optb/reset.txt")
    sticks.tool("mcopy", "-i", stick, "-", "::optb/reset.txt", input=TEXT + b"\n")
    assert seen(stick).mark != first
    other = sticks.reset_fat(tmp_path / "other", 16, options=("-i", "22222222"))
    assert seen(other).mark != first
