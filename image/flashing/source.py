"""The image to write: a plain file, or one packed by xz, which is unpacked on the way."""

import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from image.flashing import xz
from image.flashing.words import FlashError

CHUNK: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Image:
    """`size` is that of the unpacked image, in octets; None where the file does not tell it."""

    path: Path
    packed: bool
    size: int | None

    def chunks(self) -> Iterator[bytes]:
        """The unpacked image. Raises `FlashError` where it is damaged, at the latest at its end."""
        try:
            with self._opened() as stream:
                while chunk := stream.read(CHUNK):
                    yield chunk
        except (lzma.LZMAError, EOFError) as error:
            raise FlashError("flash.image_damaged", image=self.path.name, reason=str(error)) from None

    def _opened(self) -> BinaryIO:
        return cast(BinaryIO, lzma.open(self.path)) if self.packed else self.path.open("rb")


def image(path: Path) -> Image:
    """Raises `FlashError` for what cannot be read."""
    try:
        with path.open("rb") as stream:
            packed = stream.read(len(xz.MAGIC)) == xz.MAGIC
            size = _unpacked(stream) if packed else stream.seek(0, 2)
    except OSError as error:
        raise FlashError("flash.refused", target=str(path), reason=error.strerror or "") from None
    return Image(path, packed, size)


def _unpacked(stream: BinaryIO) -> int | None:
    end = stream.seek(0, 2)
    stream.seek(max(0, end - xz.FOOTER))
    length = xz.index_octets(stream.read())
    if length is None or length > end - xz.FOOTER:
        return None
    start = end - xz.FOOTER - length
    stream.seek(start)
    return xz.unpacked_octets(stream.read(length))
