"""What people read on the boot partition and on the console, in both languages. Pure.

Lines end as Notepad wants them; agetty's own signs are doubled.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from otpbroker.config.sections.network import WlanSection
from otpbroker.secrets import Secret
from otpbroker.texts import Language, translate
from otpbroker.verbs.apply import Problem

_LANGUAGES: Final[tuple[tuple[Language, str], ...]] = (("id", "Bahasa Indonesia"), ("en", "English"))
_LOCAL_NAME: Final = "otpbroker.local"
MAX_OCTETS: Final = 8 * 1024  # more than any of them has


class WayIn(Struct, frozen=True):
    """How the first administrator gets in: by the access point, or where there is a `code`, over Ethernet with it."""

    wlan: WlanSection
    port: int
    code: Secret

    def facts(self, ethernet: str) -> list[tuple[str, str]]:
        """Text keys with what they name. `ethernet` is what is known of the address there."""
        if self.code:
            return [("access.address", f"http://{ethernet}:{self.port}/"), ("access.code", self.code.reveal())]
        return [
            ("access.network", self.wlan.ssid),
            ("access.passphrase", self.wlan.passphrase.reveal()),
            ("access.address", f"http://{self.wlan.address}:{self.port}/"),
        ]

    @property
    def steps(self) -> tuple[str, ...]:
        way = "ethernet" if self.code else "wlan"
        return tuple(f"access.{way}_{number}" for number in (1, 2, 3))


def access_file(way: WayIn) -> bytes:
    return _file("OTP Broker", (_access(way, language) for language, _ in _LANGUAGES))


def _access(way: WayIn, language: Language) -> list[str]:
    steps = [f"{number}. {translate(key, {}, language)}" for number, key in enumerate(way.steps, 1)]
    facts = _table(way.facts(_LOCAL_NAME), language)
    return [
        translate("access.intro", {}, language),
        "",
        *facts,
        "",
        *steps,
        "",
        translate("access.outro", {}, language),
    ]


def _table(facts: Sequence[tuple[str, str]], language: Language) -> list[str]:
    names = [translate(key, {}, language) for key, _ in facts]
    width = max(map(len, names))
    return [f"   {name:{width}} : {value}" for name, (_, value) in zip(names, facts, strict=True)]


def console(way: WayIn) -> bytes:
    r"""An issue file (agetty(8)); `\4` in it is the address that the machine has."""
    lines = []
    for language, _ in _LANGUAGES:
        lines += ["", f"  {translate('access.intro', {}, language)}"]
        lines += [line.replace("\\", "\\\\") for line in _table(way.facts("\0"), language)]
    return ("\n".join(lines).replace("\0", "\\4") + "\n\n").encode()


def errors(problems: Iterable[Problem]) -> bytes:
    """What of the card's file was not taken; never a secret."""
    told = list(problems)
    return _file("OTP Broker: otpbroker.yaml", (_errors(told, language) for language, _ in _LANGUAGES))


def _errors(problems: Sequence[Problem], language: Language) -> list[str]:
    lines = []
    for problem in problems:
        sentence = translate(problem.key, problem.params, language)
        lines.append(f" - {problem.path or translate('card.whole', {}, language)}: {sentence}")
    return [translate("card.defaults", {}, language), *lines, "", translate("card.again", {}, language)]


def _file(title: str, parts: Iterable[Sequence[str]]) -> bytes:
    lines = [title, "=" * len(title)]
    for (_, name), part in zip(_LANGUAGES, parts, strict=True):
        lines += ["", name, "-" * len(name), *part]
    return ("\r\n".join(lines) + "\r\n").encode()
