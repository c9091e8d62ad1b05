"""The tables behind GSM-7: default alphabet, national locking and single shift (3GPP TS 23.038 §6.2.1, Annex A).

A locking shift table is a string of 128 characters by code, with the escape at 0x1B; a single shift table maps codes to
characters. Both are keyed by the national language identifier of the user data header (§6.2.1.2.4), 0 = default.
"""

from typing import Final

LOCKING_SHIFT: Final[dict[int, str]] = {
    0: (
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
        "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
    ),
}
SINGLE_SHIFT: Final[dict[int, dict[int, str]]] = {
    0: {
        0x0A: "\f",
        0x14: "^",
        0x28: "{",
        0x29: "}",
        0x2F: "\\",
        0x3C: "[",
        0x3D: "~",
        0x3E: "]",
        0x40: "|",
        0x65: "€",
    },
}
