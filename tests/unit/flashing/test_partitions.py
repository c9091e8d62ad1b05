import pytest
from hypothesis import given
from hypothesis import strategies as st
from image.flashing import partitions

from fakes.card_images import EFI, LINUX, gpt, mbr


def test_the_fat_partitions_of_a_table():
    assert partitions.candidates(mbr((0x0C, 8192, 1000), (0x83, 9192, 1000))) == [8192 * 512]
    assert partitions.candidates(mbr((0x83, 2048, 1), (0xEF, 4096, 1), (0x0B, 9999, 1))) == [4096 * 512, 9999 * 512]
    assert partitions.candidates(gpt((LINUX, 90, 99), (EFI, 2048, 4095))) == [2048 * 512]


@pytest.mark.parametrize("head", [b"", b"\x55\xaa", bytes(512), mbr((0x83, 2048, 1)), mbr((0xEE, 1, 1)) + bytes(999)])
def test_what_has_none(head):
    assert partitions.candidates(head) == []


@given(st.binary(max_size=2048), st.booleans())
def test_whatever_a_table_holds_is_no_error(content, protective):
    head = mbr((0xEE, 1, 1)) + b"EFI PART" + content if protective else content[:510].ljust(510, b"\0") + b"\x55\xaa"
    assert all(start % 512 == 0 for start in partitions.candidates(head))
