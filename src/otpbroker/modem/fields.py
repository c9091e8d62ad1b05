"""Parameters of an information response (pure; ITU-T V.250 §5.4.2)."""


def fields(line: str, prefix: str = "") -> list[str]:
    """`+COPS: 0,0,"A, B",7` → `0`, `0`, `A, B`, `7`: commas within quotes stay, quotes go."""
    found: list[str] = []
    piece: list[str] = []
    quoted = False
    for character in line.removeprefix(prefix):
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            found.append("".join(piece).strip())
            piece.clear()
        else:
            piece.append(character)
    found.append("".join(piece).strip())
    return found


def number(text: str) -> int | None:
    """A decimal number, None where the modem left it out or wrote something else."""
    return int(text) if text.isascii() and text.isdigit() else None
