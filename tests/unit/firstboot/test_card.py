import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.firstboot import card
from otpbroker.firstboot.card import Card
from otpbroker.secrets import Secret

ASCII = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=32).filter(str.isprintable)
CARDS = st.builds(
    Card,
    ssid=PRINTABLE.filter(lambda name: len(name.encode()) <= 32),
    passphrase=(st.just("") | st.text(ASCII, min_size=8, max_size=63)).map(Secret),
    country=st.sampled_from(["", "ID", "SG", "NO"]),
    language=st.sampled_from(["", "id", "en"]),
    reset_text=(st.just("") | st.text(ASCII, min_size=8, max_size=48).filter(lambda each: each == each.strip())).map(
        Secret
    ),
)


def keys(found):
    return {problem.path: problem.key.removeprefix("settings.") for problem in found.problems}


@given(CARDS)
def test_whatever_is_written_is_read_back_equal(one):
    assert card.read(card.write(one), frozenset({"ID", "SG", "NO"})) == (one, [])


@given(CARDS, st.sampled_from(["utf-8-sig", "utf-16"]))
def test_whatever_an_editor_makes_of_it(one, encoding):
    saved = card.write(one).decode().replace("\n", "\r\n").encode(encoding)
    assert card.read(saved) == (one, [])


@given(st.binary(max_size=300))
def test_no_octets_are_an_error_that_stops(content):
    found = card.read(content)
    assert found.problems or found.card is not None


@given(st.text(max_size=200))
def test_no_text_is_an_error_that_stops(content):
    card.read(content.encode(errors="surrogatepass"))


def test_a_file_written_by_hand():
    found = card.read(
        b"ssid: Kantor Pusat\npassphrase: 1234567890\ncountry: id\nlanguage: EN\nreset_text: kembali-awal\n"
    )
    wanted = Card(
        ssid="Kantor Pusat",
        passphrase=Secret("1234567890"),
        country="ID",
        language="en",
        reset_text=Secret("kembali-awal"),
    )
    assert found == (wanted, [])


def test_what_is_left_out_or_empty_is_nothing():
    for content in (b"", b"# only a remark\n", b"ssid:\npassphrase: ''\nreset_text: \"\"\n", b"{}"):
        assert card.read(content) == (Card(), [])


def test_what_is_wrong_is_told_and_the_rest_taken():
    found = card.read(
        b"ssid: Toko\npassphrase: short\ncountry: XX\nlanguage: fr\nreset_text: x\npasphrase: a good one\n",
        frozenset({"ID"}),
    )
    assert found.card == Card(ssid="Toko")
    assert keys(found) == {
        "passphrase": "expect_passphrase",
        "country": "expect_country",
        "language": "expect_language",
        "reset_text": "expect_reset_text",
        "pasphrase": "unknown_key",
    }


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"ssid: [\n", "not_yaml"),
        (b"ssid: &a x\npassphrase: *a\n", "no_anchors"),
        (b"ssid: a\nssid: b\n", "double_key"),
        (b"- ssid\n", "expect_mapping"),
        (b"just words\n", "expect_mapping"),
        (b"\xe9\xff", "not_text"),
        (b"\xff\xfea", "not_text"),
        (b"#" * (card.MAX_OCTETS + 1), "too_large"),
        (b"[" * 5000, "not_yaml"),
    ],
)
def test_a_file_of_which_nothing_can_be_taken(content, key):
    found = card.read(content)
    assert found.card == Card()
    assert [problem.key for problem in found.problems] == [f"settings.{key}"]


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ("ssid: " + "ü" * 17, "ssid"),
        ("ssid: " + "x" * 33, "ssid"),
        ('ssid: "a\\nb"', "ssid"),
        ("ssid: [a]", "ssid"),
        ("passphrase: {a: b}", "passphrase"),
        ("passphrase: " + "x" * 64, "passphrase"),
        ("passphrase: kopi-süsse-gula", "passphrase"),
        ('reset_text: " begins with a blank"', "reset_text"),
        ("reset_text: " + "x" * 49, "reset_text"),
        ("country: IDN", "country"),
    ],
)
def test_values_that_are_not_taken(content, path):
    found = card.read(content.encode())
    assert found.card == Card()
    assert [problem.path for problem in found.problems] == [path]


def test_no_secret_is_told():
    found = card.read(b"passphrase: geheim\nreset_text: rahasia\n" + b"x: " + b"y" * 100)
    assert "geheim" not in str(found.problems)
    assert "rahasia" not in str(found.problems)
