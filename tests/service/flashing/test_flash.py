"""The command as somebody runs it, on files laid out like a card, and on a block device where one can be had."""

import hashlib
import lzma
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fakes import card_images
from fakes.first_boot import Fresh
from fakes.sticks import tool
from otpbroker.firstboot import card
from running import PROJECT


def run(program, *argv, stdin="", language="en"):
    command = [sys.executable, "-m", f"image.flashing.{program}", *map(str, argv)]
    environment = os.environ | {"OTPB_LANG": language}
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, check=False, cwd=PROJECT, env=environment, timeout=50
    )


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    return card_images.make(tmp_path_factory.mktemp("image") / "otp-broker.img")


@pytest.fixture(scope="module")
def packed(image):
    path = image.with_suffix(".img.xz")
    path.write_bytes(lzma.compress(image.read_bytes(), preset=0))
    return path


def told(done):
    """What it says of the device, by name."""
    return dict(line.strip().split(": ", 1) for line in done.stdout.splitlines()[1:])


def test_a_card_with_all_that_was_given(packed, image, tmp_path):
    out, sheet = tmp_path / "card.img", tmp_path / "sheet.pdf"
    given = ("--ssid", "Toko Melati", "--passphrase", "-", "--country", "sg", "--language", "en")
    done = run(
        "flash", packed, out, *given, "--reset-text", "kembali ke awal", "--brochure", sheet, stdin="kopi-susu-gula\n"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert hashlib.sha256(image.read_bytes()).hexdigest() in done.stdout
    assert set(card_images.listed(out)) == {"config.txt", card.NAME}
    found = card.read(card_images.read(out, card.NAME))
    assert not found.problems
    assert (found.card.ssid, found.card.country, found.card.language) == ("Toko Melati", "SG", "en")
    assert told(done)["Passphrase"] == found.card.passphrase.reveal() == "kopi-susu-gula"
    assert told(done)["Reset text"] == found.card.reset_text.reveal() == "kembali ke awal"
    text = tool("pdftotext", sheet, "-").decode()
    for wanted in ("Toko Melati", "kopi-susu-gula", "kembali ke awal"):
        assert text.count(wanted) == 2
    assert sheet.stat().st_mode & 0o777 == 0o600


def test_everything_else_is_as_in_the_image(image, tmp_path):
    out = tmp_path / "card.img"
    assert run("flash", image, out).returncode == 0
    before, after = image.read_bytes(), out.read_bytes()
    assert len(before) == len(after)
    end = (card_images.START + card_images.SECTORS[32]) * card_images.SECTOR
    assert (before[: card_images.START * 512], before[end:]) == (after[: card_images.START * 512], after[end:])
    assert card_images.read(out, "config.txt") == b"arm_64bit=1\n"


def test_what_is_not_given_is_made_and_the_device_takes_it(image, tmp_path):
    names = []
    for number in range(2):
        out = tmp_path / f"{number}.img"
        done = run("flash", image, out, language="id")
        device = Fresh(tmp_path / str(number))
        device.give(card_images.read(out, card.NAME))
        device.start()
        assert told(done)["Nama Wi-Fi (SSID)"] == device.wlan.ssid
        assert told(done)["Passphrase"] == device.wlan.passphrase.reveal()
        assert told(done)["Alamat"] == f"http://{device.wlan.address}:8888/"
        assert told(done)["Teks reset"] == "?" * 16
        assert device.files == {}
        names.append(device.wlan.ssid)
    assert names[0] != names[1]


@pytest.mark.parametrize(("fat", "table"), [(12, "mbr"), (16, "mbr"), (32, "gpt")])
def test_other_cards(fat, table, tmp_path):
    image = card_images.make(tmp_path / "other.img", fat, table)
    out = tmp_path / "card.img"
    assert run("flash", image, out, "--ssid", "Toko").returncode == 0
    assert b"Toko" in card_images.read(out, card.NAME)


def test_a_card_is_flashed_again(image, tmp_path):
    out = tmp_path / "card.img"
    run("flash", image, out, "--ssid", "Satu")
    refused = run("flash", image, out, "--ssid", "Dua")
    assert refused.returncode == 1
    assert "--yes" in refused.stderr
    assert b"Satu" in card_images.read(out, card.NAME)
    assert run("flash", image, out, "--ssid", "Dua", "--yes").returncode == 0
    assert b"Dua" in card_images.read(out, card.NAME)


def test_values_that_the_device_would_not_take_are_refused_at_once(image, tmp_path):
    out = tmp_path / "card.img"
    given = ("--ssid", "x" * 33, "--passphrase", "short", "--country", "Q", "--reset-text", "y")
    refused = run("flash", image, out, *given)
    assert refused.returncode == 1
    for name in ("--ssid", "--passphrase", "--country", "--reset-text"):
        assert name in refused.stderr
    assert not out.exists()


def test_what_is_no_image_is_not_written(tmp_path):
    out, other = tmp_path / "card.img", tmp_path / "holiday.img"
    other.write_bytes(b"\xff\xd8" * 100_000)
    refused = run("flash", other, out)
    assert (refused.returncode, out.exists()) == (1, False)
    assert "FAT" in refused.stderr
    assert "No such file" in run("flash", tmp_path / "none.img", out).stderr


def test_an_image_that_breaks_off_is_told(packed, tmp_path):
    half = tmp_path / "half.img.xz"
    half.write_bytes(packed.read_bytes()[:-2000])
    refused = run("flash", half, tmp_path / "card.img")
    assert refused.returncode == 1
    assert "damaged" in refused.stderr


def test_a_brochure_that_cannot_be_kept_is_told_before_anything_is_written(image, tmp_path):
    refused = run("flash", image, tmp_path / "card.img", "--brochure", tmp_path / "none/sheet.pdf")
    assert refused.returncode == 1
    assert not (tmp_path / "card.img").exists()


def test_the_image_is_not_its_own_target(image):
    before = image.stat().st_mtime_ns
    assert run("flash", image, image, "--yes").returncode == 1
    assert image.stat().st_mtime_ns == before


def test_a_folder_is_no_target(image, tmp_path):
    assert "neither" in run("flash", image, tmp_path).stderr


@pytest.fixture
def disk(tmp_path):
    """A block device of 80 MiB with something else on it."""
    if not Path("/sys/class/block").is_dir():
        pytest.skip("/sys is not mounted")
    backing = tmp_path / "disk"
    backing.write_bytes(b"old" * 1000)
    os.truncate(backing, 80 * 1024 * 1024)
    try:
        made = tool("losetup", "--find", "--show", backing).decode().strip()
    except subprocess.CalledProcessError:
        pytest.skip("no loop devices here")
    yield made
    tool("losetup", "--detach", made)


def test_a_device_is_asked_about_and_written(image, disk):
    fixed = run("flash", image, disk, "--yes")
    assert fixed.returncode == 1
    assert "--force" in fixed.stderr
    for answer in ("", "no\n"):
        aborted = run("flash", image, disk, "--force", stdin=answer)
        assert aborted.returncode == 1
        assert "84 MB" in aborted.stderr
    done = run("flash", image, disk, "--force", "--ssid", "Toko", stdin="yes\n")
    assert done.returncode == 0, done.stderr
    assert b"Toko" in card_images.read(disk, card.NAME)


def test_a_device_that_is_too_small(tmp_path, disk):
    image = card_images.make(tmp_path / "large.img")
    os.truncate(image, 81 * 1024 * 1024)
    refused = run("flash", image, disk, "--force", "--yes")
    assert (refused.returncode, "85 MB" in refused.stderr) == (1, True)


def test_a_sheet_for_a_device_that_is_there(tmp_path):
    out = tmp_path / "sheet.pdf"
    given = ("--ssid", "Toko", "--passphrase", "kopi-susu-gula", "--address", "10.0.0.1", "--out", out)
    done = run("brochure", *given)
    assert (done.returncode, done.stdout.strip()) == (0, str(out))
    text = tool("pdftotext", out, "-").decode()
    assert text.count("http://10.0.0.1:8888/") == 4
    assert run("brochure", "--ssid", "Toko", "--passphrase", "short", "--out", out).returncode == 1
    assert run("brochure", "--ssid", "Toko").returncode == 2
    assert run("brochure", *given[:-4], "--address", "10.0.0", "--out", out).returncode == 2
