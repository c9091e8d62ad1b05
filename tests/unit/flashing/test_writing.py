import hashlib
import os
from unittest import mock

import pytest
from image.flashing import source, writing
from image.flashing.target import Target
from image.flashing.words import FlashError

from fakes.card_images import mbr

CONTENT = mbr((0x0C, 1, 8)) + bytes(3 * source.CHUNK) + b"behind" * 1000


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "x.img"
    path.write_bytes(CONTENT)
    return source.image(path)


@pytest.fixture
def target(tmp_path):
    return Target(tmp_path / "card", is_device=False)


def test_what_was_written_is_read_back(image, target):
    told = []
    digest = writing.write(image, target, lambda *step: told.append(step))
    assert digest == hashlib.sha256(CONTENT).hexdigest()
    assert target.path.read_bytes() == CONTENT
    assert target.path.stat().st_blocks * 512 < 2.1 * source.CHUNK  # zeros take no room in a file
    size = len(CONTENT)
    assert [step for step in told if step[1] == size] == [
        ("flash.writing", size, size),
        ("flash.verifying", size, size),
    ]


def test_a_card_that_forgets_is_found_out(image, target):
    def forgetful(descriptor, octets, at):
        return os_pwrite(descriptor, octets[:-1] + b"!", at)

    os_pwrite = os.pwrite
    with mock.patch.object(os, "pwrite", forgetful), pytest.raises(FlashError) as told:
        writing.write(image, target, lambda *_: None)
    assert told.value.key == "flash.unverified"


def test_a_card_that_ends_early_is_found_out(tmp_path, image):
    small = Target(tmp_path / "card", is_device=False, size=2 * source.CHUNK)
    with pytest.raises(FlashError) as told:
        writing.write(image, small, lambda *_: None)
    assert told.value.key == "flash.too_small"


def test_what_may_not_be_written_is_told(image, tmp_path):
    for error, key in ((PermissionError(13, "Permission denied"), "not_allowed"), (OSError(5, "I/O error"), "refused")):
        with mock.patch.object(os, "open", side_effect=error), pytest.raises(FlashError) as told:
            writing.write(image, Target(tmp_path / "card", is_device=False), lambda *_: None)
        assert told.value.key == f"flash.{key}"
