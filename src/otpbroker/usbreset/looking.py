"""What a stick wants: reading only, and every stick comes to an end (SPEC §8 *Reset*)."""

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

from otpbroker.secrets import Secret
from otpbroker.usbreset import text
from otpbroker.usbreset.exfat import ExfatVolume
from otpbroker.usbreset.fat import FatVolume
from otpbroker.usbreset.medium import Broken, Medium
from otpbroker.usbreset.partitions import partitions
from otpbroker.usbreset.volume import Item, Volume, named

FOLDER: Final = "optb"
FILE: Final = "reset.txt"
_BOOT_OCTETS: Final = 512
Reason = Literal["no_file", "not_a_file", "too_large", "wrong_text"]


@dataclass(frozen=True, slots=True)
class Plea:
    """A stick with the folder /optb, where its `folder` is, and why it is no reset (None: it is one). `mark` tells
    stick, file system and file from others, and from the same file written anew.
    """

    volume: Volume
    folder: Item
    reason: Reason | None
    mark: str


def look(medium: Medium, wanted: Secret, stick: str) -> Plea | None:
    """The first volume with a valid reset file, else the first with the folder /optb; None where no volume has one.
    `stick` is what the device is known by. Raises OSError where the device fails.
    """
    pleas = [plea for volume in _volumes(medium) if (plea := _plea(volume, wanted, stick)) is not None]
    return next((plea for plea in pleas if plea.reason is None), pleas[0] if pleas else None)


def _volumes(medium: Medium) -> list[Volume]:
    """Of a stick with or without a partition table, as far as they can be read."""
    whole = _volume(medium)
    if whole is not None:
        return [whole]
    return [volume for part in partitions(medium) if (volume := _volume(part)) is not None]


def _volume(medium: Medium) -> Volume | None:
    try:
        boot = medium.read(0, _BOOT_OCTETS)
        return FatVolume.open(medium, boot) or ExfatVolume.open(medium, boot)
    except Broken:
        return None


def _plea(volume: Volume, wanted: Secret, stick: str) -> Plea | None:
    try:
        folder = named(volume.root(), FOLDER)
        if folder is None or not folder.is_folder:
            return None
        reason, file = _judged(volume, folder, wanted)
    except Broken:
        return None
    stamp = file.stamp if file else b""
    seal = hashlib.sha256(b"\0".join((stick.encode(), volume.mark, stamp)))
    return Plea(volume, folder, reason, seal.hexdigest()[:32])


def _judged(volume: Volume, folder: Item, wanted: Secret) -> tuple[Reason | None, Item | None]:
    file = named(volume.inside(folder), FILE)
    if file is None:
        return "no_file", None
    if not file.is_file:
        return "not_a_file", file
    if file.size > text.MOST_OCTETS:
        return "too_large", file
    return (None if text.matches(volume.content(file), wanted) else "wrong_text"), file
