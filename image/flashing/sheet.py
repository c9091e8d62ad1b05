"""The brochure: one A4 sheet to fold, Indonesian on the left, English on the right."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from image.flashing import wifi
from image.flashing.words import FlashError, say
from otpbroker.secrets import Secret
from otpbroker.texts import Language

SIZE: Final = landscape(A4)
_MARGIN: Final = 24.0
_QR: Final = 112.0  # points: read from an arm's length
_QUIET: Final = 4  # modules that stay white around a code (ISO/IEC 18004)
_INK, _ACCENT, _GREY, _TINT = HexColor("#15262b"), HexColor("#0c5c66"), HexColor("#5b6b70"), HexColor("#eef5f5")
_LANGUAGES: Final[tuple[Language, ...]] = ("id", "en")
_OTHER_FONT: Final = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf")
_LINE: Final = 15.0  # between the lines of the notes


@dataclass(frozen=True, slots=True)
class Device:
    """What the sheet is about."""

    ssid: str
    passphrase: Secret
    address: str
    port: int
    reset_text: Secret

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}/"


def pdf(device: Device) -> bytes:
    """Raises `FlashError` where no font has the letters of the name."""
    told = io.BytesIO()
    canvas = Canvas(told, pagesize=SIZE, invariant=1)
    canvas.setTitle(f"OTP Broker: {device.ssid}")
    width = SIZE[0] / 2
    for column, language in enumerate(_LANGUAGES):
        _Half(canvas, device, language, column * width + _MARGIN, width - 2 * _MARGIN).draw()
    canvas.setStrokeColor(_GREY)
    canvas.setDash(2, 4)
    canvas.line(width, 0, width, SIZE[1])
    canvas.save()
    return told.getvalue()


class _Half:
    """Drawn from above; `y` is how far."""

    def __init__(self, canvas: Canvas, device: Device, language: Language, left: float, width: float) -> None:
        self._canvas = canvas
        self._device = device
        self._language = language
        self._left = left
        self._width = width
        self._y = SIZE[1] - _MARGIN

    def draw(self) -> None:
        self._head()
        self._codes()
        self._names()
        self._steps()
        self._reset()
        self._notes()

    def _say(self, key: str, **params: str) -> str:
        return say(f"brochure.{key}", self._language, **params)

    def _head(self) -> None:
        self._text("OTP Broker", 19, "Helvetica-Bold", _ACCENT, gap=0)
        self._canvas.setFont("Helvetica", 8.5)
        self._canvas.setFillColor(_GREY)
        self._canvas.drawRightString(self._left + self._width, self._y, self._say("language"))
        self._y -= 5
        self._paragraph(self._say("about"), 8, _GREY, gap=6)

    def _codes(self) -> None:
        half = self._width / 2
        wanted = (
            ("caption_join", wifi.code(self._device.ssid, self._device.passphrase.reveal()), ""),
            ("caption_open", self._device.url, self._device.url),
        )
        top = self._y
        for column, (caption, content, below) in enumerate(wanted):
            middle = self._left + half * column + half / 2
            self._canvas.setFillColor(_INK)
            self._canvas.setFont("Helvetica-Bold", 11)
            self._canvas.drawCentredString(middle, top - 10, self._say(caption))
            _draw_code(self._canvas, content, middle - _QR / 2, top - 13 - _QR)
            self._canvas.setFont("Helvetica-Bold", 9.5)
            self._canvas.drawCentredString(middle, top - 19 - _QR, below)
        self._y = top - _QR - 27

    def _names(self) -> None:
        """What is typed where no code can be scanned: large."""
        height = 67.0
        self._box(height)
        self._y -= 4
        for key, value, font in (
            ("network", self._device.ssid, _font_of(self._device.ssid, "Helvetica-Bold")),
            ("passphrase", self._device.passphrase.reveal(), "Courier-Bold"),
        ):
            self._text(self._say(key), 8, "Helvetica", _GREY, gap=0, inset=8)
            self._fitting(value, font, 19)
        self._y -= 10

    def _fitting(self, value: str, font: str, size: float) -> None:
        room = self._width - 16
        size = min(size, size * room / pdfmetrics.stringWidth(value, font, size))
        self._canvas.setFillColor(_INK)
        self._canvas.setFont(font, size)
        self._y -= 19
        self._canvas.drawString(self._left + 8, self._y, value)
        self._y -= 3

    def _steps(self) -> None:
        self._text(self._say("first"), 11, "Helvetica-Bold", _ACCENT, gap=3)
        for number in range(1, 6):
            self._canvas.setFillColor(_ACCENT)
            self._canvas.setFont("Helvetica-Bold", 9)
            self._canvas.drawString(self._left, self._y - 9, f"{number}")
            self._paragraph(self._say(f"step_{number}", url=f"<b>{self._device.url}</b>"), 9, _INK, gap=2.5, inset=14)
        self._paragraph(self._say("without"), 8, _GREY, gap=6, inset=14)

    def _reset(self) -> None:
        self._text(self._say("reset"), 11, "Helvetica-Bold", _ACCENT, gap=3)
        self._paragraph(self._say("reset_1"), 9, _INK, gap=4)
        text = self._device.reset_text.reveal()
        self._box(20)
        size = min(13.0, 13.0 * (self._width - 16) / pdfmetrics.stringWidth(text, "Courier-Bold", 13))
        self._canvas.setFillColor(_INK)
        self._canvas.setFont("Courier-Bold", size)
        self._canvas.drawCentredString(self._left + self._width / 2, self._y - 14, text)
        self._y -= 24
        self._paragraph(self._say("reset_2"), 9, _INK, gap=5)

    def _notes(self) -> None:
        """What is left of the page."""
        self._text(self._say("notes"), 8, "Helvetica", _GREY, gap=0)
        self._canvas.setStrokeColor(_GREY)
        self._canvas.setLineWidth(0.4)
        while self._y - _LINE >= _MARGIN:
            self._y -= _LINE
            self._canvas.line(self._left, self._y, self._left + self._width, self._y)

    def _box(self, height: float) -> None:
        self._canvas.setFillColor(_TINT)
        self._canvas.roundRect(self._left, self._y - height, self._width, height, 5, stroke=0, fill=1)

    def _text(self, text: str, size: float, font: str, colour: HexColor, *, gap: float, inset: float = 0) -> None:
        self._canvas.setFillColor(colour)
        self._canvas.setFont(font, size)
        self._y -= size
        self._canvas.drawString(self._left + inset, self._y, text)
        self._y -= gap

    def _paragraph(self, text: str, size: float, colour: HexColor, *, gap: float, inset: float = 0) -> None:
        style = ParagraphStyle("", fontName="Helvetica", fontSize=size, leading=size * 1.22, textColor=colour)
        style.alignment = TA_LEFT
        paragraph = Paragraph(text, style)
        _, height = paragraph.wrap(self._width - inset, SIZE[1])
        paragraph.drawOn(self._canvas, self._left + inset, self._y - height)
        self._y -= height + gap


def _font_of(text: str, font: str) -> str:
    """The built-in fonts have the letters of western Europe; another is only loaded for what they lack."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return _other_font(text)
    return font


def _other_font(text: str) -> str:
    try:
        font = TTFont("Other", _OTHER_FONT)
    except (TTFError, OSError):
        raise FlashError("flash.no_font", text=text) from None
    if any(ord(char) not in font.face.charToGlyph for char in text):
        raise FlashError("flash.no_font", text=text)
    pdfmetrics.registerFont(font)
    return "Other"


def _draw_code(canvas: Canvas, content: str, left: float, bottom: float) -> None:
    """As black bars, sharp in any size; the quiet zone is within the square."""
    matrix = [list(row) for row in segno.make(content, error="m", micro=False, encoding="utf-8").matrix]
    module = _QR / (len(matrix) + 2 * _QUIET)
    canvas.setFillColor(HexColor("#000000"))
    for row, modules in enumerate(matrix):
        y = bottom + _QR - (row + _QUIET + 1) * module
        for start, end in _runs(modules):
            canvas.rect(left + (start + _QUIET) * module, y, (end - start) * module, module * 1.01, stroke=0, fill=1)


def _runs(modules: list[int]) -> Iterator[tuple[int, int]]:
    start: Callable[[int], bool] = lambda at: bool(modules[at]) and not (at and modules[at - 1])  # noqa: E731
    for at in range(len(modules)):
        if start(at):
            end = next((next_ for next_ in range(at, len(modules)) if not modules[next_]), len(modules))
            yield at, end
