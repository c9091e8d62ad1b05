import io
import lzma
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from image.flashing import xz
from image.flashing.source import image
from image.flashing.words import FlashError


@pytest.mark.parametrize("size", [0, 1, 127, 128, 70_000, 5_000_000])
@pytest.mark.parametrize("check", [lzma.CHECK_NONE, lzma.CHECK_CRC64, lzma.CHECK_SHA256])
def test_the_size_is_that_of_what_comes_out(tmp_path, size, check):
    path = tmp_path / "x.img.xz"
    content = random.Random(size).randbytes(size // 10) + bytes(size - size // 10)
    path.write_bytes(lzma.compress(content, check=check, preset=0))
    found = image(path)
    assert (found.packed, found.size) == (True, size)
    assert b"".join(found.chunks()) == content


@given(st.binary(max_size=40))
def test_no_octets_are_an_error(octets):
    xz.index_octets(octets)
    xz.unpacked_octets(octets)


def test_an_index_that_is_longer_than_the_file_tells_nothing(tmp_path):
    path = tmp_path / "x.img.xz"
    path.write_bytes(xz.MAGIC + bytes(10) + b"\xff\xff\xff\x7f\0\4YZ")
    assert image(path).size is None


def test_a_plain_file_is_as_large_as_it_is(tmp_path):
    path = tmp_path / "x.img"
    path.write_bytes(b"x" * 1000)
    assert (image(path).packed, image(path).size) == (False, 1000)
    assert b"".join(image(path).chunks()) == b"x" * 1000


def test_a_file_that_breaks_off_or_lies_is_told(tmp_path):
    path = tmp_path / "x.img.xz"
    whole = lzma.compress(random.Random(1).randbytes(100_000))
    for damaged in (whole[:50_000], whole[:50_000] + b"!" + whole[50_001:]):
        path.write_bytes(damaged)
        sink = io.BytesIO()
        with pytest.raises(FlashError) as told:
            sink.writelines(image(path).chunks())
        assert told.value.key == "flash.image_damaged"


def test_what_is_not_there_is_told(tmp_path):
    with pytest.raises(FlashError) as told:
        image(tmp_path / "none")
    assert told.value.params["reason"] == "No such file or directory"
