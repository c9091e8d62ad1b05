"""Which of our languages a client prefers (RFC 9110 §12.5.4)."""

import re
from typing import Final

from otpbroker.texts import Language

_LANGUAGE: Final = re.compile(r"(en|id)(?:-[a-z0-9-]+)?(?:;q=(0(?:\.[0-9]{1,3})?|1(?:\.0{1,3})?))?")


def preferred(header: str) -> Language | None:
    """By the Accept-Language `header`; None where it names none of ours."""
    best: Language | None = None
    best_quality = 0.0
    for part in header.lower().split(","):
        match = _LANGUAGE.fullmatch(part.replace(" ", ""))
        quality = float(match[2] or 1) if match else 0.0
        if match and quality > best_quality:
            best, best_quality = ("id" if match[1] == "id" else "en"), quality
    return best
