"""Which of our languages a visitor reads."""

from typing import cast

from otpbroker.texts import Language
from otpbroker.web.languages import preferred


def chosen(cookie: str, accepted: str, fallback: Language) -> Language:
    """The one chosen before, else the one the browser prefers, else `fallback`."""
    if cookie in ("en", "id"):
        return cast(Language, cookie)
    return preferred(accepted) or fallback
