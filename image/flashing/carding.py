"""`otpbroker.yaml` into the FAT partition of a card, by mtools: nothing is mounted, and a file needs no root."""

from pathlib import Path
from typing import Final

from image.flashing import partitions
from image.flashing.words import FlashError
from otpbroker.firstboot import card
from otpbroker.firstboot.card import Card
from otpbroker.system import command

_DEADLINE_S: Final = 60.0
_AS_IT_IS: Final = ("env", "MTOOLS_SKIP_CHECK=1")  # no opinion on geometries that no card has


def put(target: Path, given: Card) -> None:
    """Raises `FlashError`, also where the card does not hold it afterwards."""
    content = card.write(given)
    image = f"{target}@@{boot_partition(target)}"
    there = f"::{card.NAME}"
    _run("flash.card_unwritten", "mcopy", "-o", "-i", image, "-", there, stdin=content)
    if _run("flash.card_unread", "mcopy", "-n", "-i", image, there, "-").encode() != content:
        raise FlashError("flash.unverified", target=str(target))


def boot_partition(target: Path) -> int:
    """Where it begins, in octets. Raises `FlashError`."""
    try:
        with target.open("rb") as stream:
            for start in partitions.candidates(stream.read(partitions.HEAD)):
                stream.seek(start)
                if partitions.is_fat(stream.read(partitions.SECTOR)):
                    return start
    except OSError as error:
        raise FlashError("flash.refused", target=str(target), reason=error.strerror or "") from None
    raise FlashError("flash.no_boot", image=target.name)


def _run(key: str, *argv: str, stdin: bytes = b"") -> str:
    try:
        done = command.run([*_AS_IT_IS, *argv], timeout_s=_DEADLINE_S, stdin=stdin)
    except (OSError, TimeoutError) as error:
        raise FlashError(key, name=card.NAME, reason=str(error)) from None
    if done.returncode == 127:
        raise FlashError("flash.no_mtools")
    if done.returncode:
        raise FlashError(key, name=card.NAME, reason=done.stderr.strip()[-200:])
    return done.stdout
