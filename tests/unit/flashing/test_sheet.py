import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from image.flashing import wifi
from image.flashing.sheet import Device, pdf
from image.flashing.words import FlashError

from fakes.sticks import tool
from otpbroker.secrets import Secret

ASCII = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=8, max_size=63)
NAMES = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=32)


def parsed(code):
    """A Wi-Fi code as a phone reads it: fields end at a semicolon that no backslash stands before."""
    assert code.startswith("WIFI:")
    return {name: re.sub(r"\\(.)", r"\1", value) for name, value in re.findall(r"(\w):((?:\\.|[^\\;])*);", code[5:])}


@given(NAMES, ASCII)
def test_a_phone_reads_back_what_was_written(ssid, passphrase):
    assert parsed(wifi.code(ssid, passphrase)) == {"T": "WPA", "S": ssid, "P": passphrase}


def test_the_five_signs_are_escaped():
    assert wifi.code('a;b,c:d"e\\', "12345678") == 'WIFI:T:WPA;S:a\\;b\\,c\\:d\\"e\\\\;P:12345678;;'


def device(ssid="OTP-Broker-7K3MQ9", passphrase="kqvm-wehd-abcr-tuyz-mnps", reset_text="?" * 16):
    return Device(ssid, Secret(passphrase), "192.168.0.11", 8888, Secret(reset_text))


def printed(content):
    """The sheet's words."""
    return " ".join(tool("pdftotext", "-layout", "-", "-", input=content).decode().split())


def decoded(content):
    """What a camera reads from it, each code once."""
    picture = tool("pdftoppm", "-r", "120", "-gray", "-singlefile", "-", input=content)
    return tool("zbarimg", "-q", "--raw", "--nodbus", "-Sbinary", "PGM:-", input=picture)


def test_it_says_all_that_is_needed_in_both_languages():
    text = printed(pdf(device()))
    for wanted in (
        "OTP-Broker-7K3MQ9",
        "kqvm-wehd-abcr-tuyz-mnps",
        "http://192.168.0.11:8888/",
        "????????????????",
        "optb",
        "reset.txt",
        "Switch mobile data off",
        "Matikan data seluler",
        "Catatan",
        "Notes",
    ):
        assert text.count(wanted) >= (1 if wanted[0] in "SMCN" else 2), wanted


@pytest.mark.parametrize(
    ("ssid", "passphrase"),
    [
        ("OTP-Broker-7K3MQ9", "kqvm-wehd-abcr-tuyz-mnps"),
        ('Toko "Melati"; \\,: Jaya', 'a;b,c:d"e\\ f'),
        ("Café Ünal", "1234567890"),
        ("W" * 32, "W" * 63),
    ],
)
def test_a_camera_reads_its_codes(ssid, passphrase):
    found = decoded(pdf(device(ssid, passphrase)))
    for wanted in (wifi.code(ssid, passphrase), "http://192.168.0.11:8888/"):
        assert found.count(wanted.encode()) == 2, found


@settings(max_examples=25)
@given(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_categories=["C"]), min_size=1, max_size=32)
)
def test_any_name_of_western_letters_fits(ssid):
    assert pdf(device(ssid)).startswith(b"%PDF")


@pytest.mark.parametrize("one", [device(), device("W" * 32, "W" * 63, "W" * 48)])
def test_there_is_room_for_notes_whatever_is_printed(one):
    boxes = tool("pdftotext", "-bbox", "-", "-", input=pdf(one)).decode()
    for word in ("Catatan", "Notes"):
        (bottom,) = re.findall(rf'yMax="([0-9.]+)">{word}</word>', boxes)
        assert 595 - float(bottom) > 24 + 2 * 15  # the margin, and two lines


def test_letters_that_no_font_here_has_are_told():
    with pytest.raises(FlashError) as told:
        pdf(device("\U000104a0"))  # Osage
    assert told.value.key == "flash.no_font"
