import os

import pytest

from otpbroker.system import wiping

SECRET = b"passphrase: kopi-susu-gula\n" * 60  # more than a sector


@pytest.fixture
def path(tmp_path):
    return tmp_path / "otpbroker.yaml"


def test_what_is_wiped_was_overwritten_where_it_lay(path):
    path.write_bytes(SECRET)
    with path.open("rb") as still_open:
        wiping.wipe(path)
        assert not path.exists()
        assert not still_open.read().strip(b"\0")


def test_a_file_that_is_only_deleted_would_be_found(path):
    path.write_bytes(SECRET)
    with path.open("rb") as still_open:
        path.unlink()
        assert SECRET in still_open.read()


def test_what_is_not_there_is_gone(path):
    wiping.wipe(path)


def test_a_link_is_not_followed(path, tmp_path):
    other = tmp_path / "other"
    other.write_bytes(SECRET)
    path.symlink_to(other)
    with pytest.raises(OSError, match="symbolic"):
        wiping.wipe(path)
    with pytest.raises(OSError, match="symbolic"):
        wiping.read(path, 10)
    assert other.read_bytes() == SECRET


def test_a_folder_in_its_place_is_told(path):
    path.mkdir()
    for refused in (lambda: wiping.read(path, 10), lambda: wiping.wipe(path)):
        with pytest.raises(IsADirectoryError):
            refused()


def test_a_pipe_in_its_place_holds_nobody_up(path):
    os.mkfifo(path)
    assert wiping.read(path, 10) == b""


def test_no_more_is_read_than_tells_that_it_is_too_much(path):
    path.write_bytes(b"x" * 100)
    assert len(wiping.read(path, 10)) == 11


def test_one_whose_wiping_was_cut_off_is_known(path):
    assert wiping.is_being_wiped(bytes(512) + SECRET)
    assert wiping.is_being_wiped(bytes(20))
    assert wiping.is_being_wiped(b"")
    assert not wiping.is_being_wiped(SECRET)
    assert not wiping.is_being_wiped(b"\0" * 100 + SECRET)


def test_what_lies_there_already_is_not_written_again(path):
    wiping.place(path, b"one")
    first = path.stat().st_ino
    wiping.place(path, b"one")
    assert path.stat().st_ino == first
    with path.open("rb") as still_open:
        wiping.place(path, b"two")
        assert still_open.read() == b"\0\0\0" + bytes(os.fstat(still_open.fileno()).st_size - 3)
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
