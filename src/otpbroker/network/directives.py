"""nginx's configuration language: directives made of words, some with a block of further ones."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_BARE: Final = re.compile(r"[A-Za-z0-9$@/.:~=*+_!^-]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
MAX_WORD_OCTETS: Final = 4000  # nginx reads by a buffer of 4096


@dataclass(frozen=True, slots=True)
class Directive:
    """`block` None: it ends with a semicolon."""

    name: str
    words: tuple[str, ...] = ()
    block: "tuple[Directive, ...] | None" = None


def line(name: str, *words: str | int) -> Directive:
    return Directive(name, tuple(map(str, words)))


def block(name: str, *words: str | int, holds: Iterable[Directive]) -> Directive:
    return Directive(name, tuple(map(str, words)), tuple(holds))


def literal(text: str) -> str:
    """`text` where nginx would look for variables. Raises ValueError where there is a `$`, which nothing can escape."""
    if "$" in text:
        raise ValueError("a dollar sign stands for a variable")
    return text


def written(directives: Iterable[Directive]) -> str:
    """As nginx reads it. Raises ValueError for a word that it could not read as one."""
    return "".join(f"{each}\n" for each in _lines(directives, ""))


def _lines(directives: Iterable[Directive], margin: str) -> Iterator[str]:
    for each in directives:
        head = margin + " ".join(map(_word, (each.name, *each.words)))
        if each.block is None:
            yield f"{head};"
        else:
            yield f"{head} {{"
            yield from _lines(each.block, f"{margin}  ")
            yield f"{margin}}}"


def _word(text: str) -> str:
    if _CONTROL.search(text) or len(text.encode(errors="surrogatepass")) > MAX_WORD_OCTETS:
        raise ValueError("no word of nginx's language")
    if _BARE.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
