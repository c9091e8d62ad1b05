import pytest

from otpbroker.sms import deliver, gsm7, national
from otpbroker.sms.national import LOCKING_SHIFT, SINGLE_SHIFT

# Words as their speakers write them, and the same in septets, typed from the tables of TS 23.038 Annex A.
LOCKED = {
    national.TURKISH: ("I\u015f\u0131\u011f\u0131", "49 1D 07 0C 07"),
    national.PORTUGUESE: ("ações", "61 09 7C 65 73"),
    national.BENGALI: ("বাংলা", "40 50 01 46 50"),
    national.GUJARATI: ("ગુજરાતી", "17 53 1D 44 50 27 52"),
    national.HINDI: ("हिन्दी", "4D 51 2F 5F 2B 52"),
    national.KANNADA: ("ಕನ್ನಡ", "15 2F 5F 2F 24"),
    national.MALAYALAM: ("മലയാളം", "42 46 43 50 47 01"),
    national.ORIYA: ("ଓଡ଼ିଆ", "13 24 4E 51 04"),
    national.PUNJABI: ("ਪੰਜਾਬੀ", "3D 7B 1D 50 40 52"),
    national.TAMIL: ("தமிழ்", "27 42 51 48 5F"),
    national.TELUGU: ("తెలుగు", "27 58 46 53 17 53"),
    national.URDU: ("اردو", "00 25 1A 53"),
}
# What stands at 0x60 and 0x7B to 0x7F, and how many places the standard reserves.
ENDS = {
    national.BENGALI: ("09CE 09D7 09DC 09DD 09F0 09F1", 13),
    national.GUJARATI: ("0AD0 0AE0 0AE1 0AE2 0AE3 0AF1", 7),
    national.HINDI: ("0950 0972 097B 097C 097E 097F", 0),
    national.KANNADA: ("0CD5 0CD6 0CE0 0CE1 0CE2 0CE3", 7),
    national.MALAYALAM: ("0D57 0D60 0D61 0D62 0D63 0D79", 7),
    national.ORIYA: ("0B56 0B57 0B60 0B61 0B62 0B63", 11),
    national.PUNJABI: ("0A51 0A70 0A71 0A72 0A73 0A74", 17),
    national.TAMIL: ("0BD0 0BD7 0BF0 0BF1 0BF2 0BF9", 25),
    national.TELUGU: ("0C55 0C56 0C60 0C61 0C62 0C63", 7),
    national.URDU: ("0654 0655 0651 0653 0656 0670", 0),
}
SHIFTED = {
    national.TURKISH: ("ĞİŞçğış", "47 49 53 63 67 69 73"),
    national.SPANISH: ("çÁÍÓÚáíóú", "09 41 49 4F 55 61 69 6F 75"),
    national.PORTUGUESE: ("êçÔôÁáΦΓΩΠΨΣΘÊÀÍÓÚÃÕÂíóúãõâ",
        "05 09 0B 0C 0E 0F 12 13 15 16 17 18 19 1F 41 49 4F 55 5B 5C 61 69 6F 75 7B 7C 7F"),
    national.HINDI: ("।॥०९@A€", "19 1A 1C 25 00 41 65"),
    national.TELUGU: ("౦౯౿", "1C 25 32"),
    national.URDU: ("۰۹\u06d4", "1C 25 3F"),
}  # fmt: skip


@pytest.mark.parametrize("language", LOCKED)
def test_locking_shift(language):
    word, codes = LOCKED[language]
    assert gsm7.text(bytes.fromhex(codes), locking=language) == word


@pytest.mark.parametrize("language", ENDS)
def test_ends_and_reserved_places(language):
    characters, reserved = ENDS[language]
    shown = gsm7.text(b"\x60\x7b\x7c\x7d\x7e\x7f", locking=language)
    assert [f"{ord(character):04X}" for character in shown] == characters.split()
    assert LOCKING_SHIFT[language].count(" ") == reserved + 1


@pytest.mark.parametrize("language", SHIFTED)
def test_single_shift(language):
    word, codes = SHIFTED[language]
    escaped = b"".join(bytes((gsm7.ESCAPE, code)) for code in bytes.fromhex(codes))
    assert gsm7.text(escaped, single=language) == word


def test_every_table_is_whole():
    for language, table in LOCKING_SHIFT.items():
        assert (language, len(table), table[0x0A], table[0x0D], table[0x1B]) == (language, 128, "\n", "\r", "\x1b")
        assert len(set(table) - {" "}) == 128 - table.count(" ")
    for table in SINGLE_SHIFT.values():
        assert 0x1B not in table
        assert all(0 <= code < 128 and len(character) == 1 for code, character in table.items())
        assert {table[code] for code in (0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65)} == set("{}\\[~]|\u20ac")


def test_an_unknown_language_means_the_default_tables():
    assert gsm7.text(b"\x04\x1be", locking=99, single=99) == "\u00e8\u20ac"


def test_an_escape_under_a_locking_shift_falls_back_to_that_table():
    assert gsm7.text(b"\x1b\x0b", locking=national.TURKISH, single=national.TURKISH) == "\u011e"


def test_the_header_names_the_tables():
    # Turkish locking and single shift: a header of 7 octets and 8 septets, then "ş" locked and "ğ" escaped.
    packed = gsm7.pack(bytes(8) + b"\x1d\x1bg")[7:].hex()
    user_data = "0B" + "06" + "250101" + "240101" + packed
    found = deliver.decode("00" + "44" + "0491" + "2143" + "0000" + "62301021005082" + user_data)
    assert found.user_data.text == "\u015f\u011f"
