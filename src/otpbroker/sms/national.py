"""The tables behind GSM-7: default alphabet, national locking and single shift (3GPP TS 23.038 §6.2.1, Annex A).

A locking shift table is a string of 128 characters by code, with the escape at 0x1B and a space for a reserved code; a
single shift table maps codes to characters. Both are keyed by the national language identifier of the user data header
(§6.2.1.2.4), 0 = default.
"""

from typing import Final

TURKISH: Final = 1
SPANISH: Final = 2
PORTUGUESE: Final = 3
BENGALI: Final = 4
GUJARATI: Final = 5
HINDI: Final = 6
KANNADA: Final = 7
MALAYALAM: Final = 8
ORIYA: Final = 9
PUNJABI: Final = 10
TAMIL: Final = 11
TELUGU: Final = 12
URDU: Final = 13

_DEFAULT: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def _coded(pairs: str) -> dict[int, str]:
    """Each pair is two hexadecimal digits and the character at that code."""
    return {int(pair[:2], 16): pair[2:] for pair in pairs.split(" ")}


def _changed(pairs: str) -> str:
    return _DEFAULT.translate({ord(_DEFAULT[code]): character for code, character in _coded(pairs).items()})


_EXTENSION: Final = _coded("0A\f 14^ 28{ 29} 2F\\ 3C[ 3D~ 3E] 40| 65€")

# The tables of India and Pakistan share one form; each language fills the places that are `\0` here, in this order.
_LOCKING_FORM: Final = (
    "\0\0\0\0\0\0\0\0\0\0\n\0\0\r\0\0\0\0\0\0\0\0\0\0\0\0\0\x1b\0\0\0\0 !\0\0\0\0\0\0)(\0\0,\0.\0"
    "0123456789:;\0\0\0?\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0abcdefghijklmnopqrstuvwxyz\0\0\0\0\0"
)
_SINGLE_FORM: Final = (
    "@£$¥¿\"¤%&'\f*+ -/<=>¡^¡_#*\0\0 \0\0\0\0\0\0\0\0\0\0\0\0{}\0\0\0\0\0\\"
    "\0\0\0\0\0\0\0\0\0\0\0\0[~]\0|ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)


def _filled(form: str, characters: str) -> str:
    places = iter(characters.ljust(form.count("\0")))
    return "".join(next(places) if character == "\0" else character for character in form)


def _spelt(codes: str) -> str:
    """Characters by hexadecimal code; `66-6F` is a range, `.` a reserved place."""
    spelt = ""
    for code in codes.split():
        first, _, last = code.partition("-")
        spelt += " " if code == "." else "".join(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return spelt


def _locking(block: int, reserved: str, last: str) -> str:
    """Scripts whose Unicode blocks share one order: their letters and signs by offset, then six more."""
    gaps = bytes.fromhex(reserved)
    offsets = (*range(0x01, 0x04), *range(0x05, 0x3A), *range(0x3C, 0x4E))
    letters = "".join(" " if offset in gaps else chr(block + offset) for offset in offsets)
    return _filled(_LOCKING_FORM, letters + "".join(chr(block + offset) for offset in bytes.fromhex(last)))


def _single(codes: str) -> dict[int, str]:
    filled = _filled(_SINGLE_FORM, _spelt(codes))
    return {code: character for code, character in enumerate(filled) if character != " "} | _coded("65€")


LOCKING_SHIFT: Final[dict[int, str]] = {
    0: _DEFAULT,
    TURKISH: _changed("04€ 07\u0131 0BĞ 0Cğ 1CŞ 1Dş 40İ 60ç"),
    PORTUGUESE: _changed(
        "04ê 06ú 07í 08ó 09ç 0BÔ 0Cô 0EÁ 0Fá 12ª 13Ç 14À 15∞ 16^ 17\\ 18€ 19Ó 1A| 1CÂ 1Dâ 1EÊ 24º 40Í"
        " 5BÃ 5CÕ 5DÚ 60~ 7Bã 7Cõ 7D`"
    ),
    BENGALI: _locking(0x0980, "0D 0E 11 12 29 31 33 34 35 45 46 49 4A", "4E 57 5C 5D 70 71"),
    GUJARATI: _locking(0x0A80, "0E 12 29 31 34 46 4A", "50 60 61 62 63 71"),
    HINDI: _locking(0x0900, "", "50 72 7B 7C 7E 7F"),
    KANNADA: _locking(0x0C80, "01 0D 11 29 34 45 49", "55 56 60 61 62 63"),
    MALAYALAM: _locking(0x0D00, "01 0D 11 29 3C 45 49", "57 60 61 62 63 79"),
    ORIYA: _locking(0x0B00, "0D 0E 11 12 29 31 34 45 46 49 4A", "56 57 60 61 62 63"),
    PUNJABI: _locking(0x0A00, "0B 0C 0D 0E 11 12 29 31 34 37 3D 43 44 45 46 49 4A", "51 70 71 72 73 74"),
    TAMIL: _locking(
        0x0B80,
        "01 0B 0C 0D 11 16 17 18 1B 1D 20 21 22 25 26 27 2B 2C 2D 3C 3D 43 44 45 49",
        "50 57 70 71 72 79",
    ),
    TELUGU: _locking(0x0C00, "0D 11 29 34 3C 45 49", "55 56 60 61 62 63"),
    URDU: _filled(
        _LOCKING_FORM,
        _spelt(
            "627 622 628 67B 680 67E 6A6 62A 6C2 67F 679 67D 67A 67C 62B 62C 681 684 683 685 686 687 62D-62F 68C"
            " 688-68A 68F 68D 630 631 691 693 699 632 696 698 69A 633-639 641 642 6A9-6AB 6AF 6B3 6B1 644-646"
            " 6BA-6BC 648 6C4 6D5 6C1 6BE 621 6CC 6D0 6D2 64D 650 64F 657 654 655 651 653 656 670"
        ),
    ),
}
SINGLE_SHIFT: Final[dict[int, dict[int, str]]] = {
    0: _EXTENSION,
    TURKISH: _EXTENSION | _coded("47Ğ 49İ 53Ş 63ç 67ğ 69\u0131 73ş"),
    SPANISH: _EXTENSION | _coded("09ç 41Á 49Í 4FÓ 55Ú 61á 69í 6Fó 75ú"),
    PORTUGUESE: _EXTENSION
    | _coded(
        "05ê 09ç 0BÔ 0Cô 0EÁ 0Fá 12Φ 13Γ 15Ω 16Π 17Ψ 18Σ 19Θ 1FÊ 41À 49Í 4FÓ 55Ú 5BÃ 5CÕ 61Â 69í 6Fó 75ú 7Bã 7Cõ 7Fâ"
    ),
    BENGALI: _single("9E6-9EF 9DF 9E0-9E3 9F2-9FA"),
    GUJARATI: _single("964 965 AE6-AEF"),
    HINDI: _single("964 965 966-96F 951-954 958-963 970 971"),
    KANNADA: _single("964 965 CE6-CEF CDE CF1 CF2"),
    MALAYALAM: _single("964 965 D66-D6F D70-D75 D7A-D7F"),
    ORIYA: _single("964 965 B66-B6F B5C B5D B5F B70 B71"),
    PUNJABI: _single("964 965 A66-A6F A59-A5C A5E A75"),
    TAMIL: _single("964 965 BE6-BEF BF3-BF8 BFA"),
    TELUGU: _single(". . C66-C6F C58 C59 C78-C7F"),
    URDU: _single("600 601 6F0-6F9 60C-614 61B 61F 640 652 658 66B 66C 672 673 6CD 6D4"),
}
