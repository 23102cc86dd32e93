"""Text as pixels: lines in a font of so many canvas pixels, laid out by Qt."""

from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPainter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)

from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds
from canvas.tile import FORMAT

MAX_SIDE = 16384
MAX_PIXELS = 1 << 26


class Align(StrEnum):
    """Where lines stand beside the point that was clicked."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True)
class LetteringSettings:
    """What a text looks like, wherever it stands."""

    family: str = ""
    """Font family; empty is the system's own."""
    size: float = 48.0
    """Canvas pixels of the font's em square."""
    bold: bool = False
    italic: bool = False
    align: Align = Align.LEFT
    spacing: float = 1.0
    """Distance of lines as a multiple of the font's own."""
    smooth: bool = True
    """Whether edges are antialiased."""
    color: tuple[int, int, int] = (0, 0, 0)
    """RGB, 0..255."""


class Lettering:
    """A text laid out. It stands at its anchor: on the first line's baseline, at the side that the lines align to."""

    def __init__(self, text: str, settings: LetteringSettings) -> None:
        """Lines end at line breaks only."""
        self.text, self.settings = text, settings
        self._document = QTextDocument()
        self._document.setUndoRedoEnabled(False)
        self._document.setDocumentMargin(0)
        self._document.setDefaultFont(font_of(settings))
        option = QTextOption(_ALIGN[settings.align])
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._document.setDefaultTextOption(option)
        self._document.setPlainText(text)
        self._dress()
        self._document.setTextWidth(self._document.idealWidth())
        first = self._document.firstBlock().layout().lineAt(0)
        place = self._document.documentLayout().blockBoundingRect(self._document.firstBlock())
        self._baseline = place.top() + first.y() + first.ascent()

    def _dress(self) -> None:
        """The line distance and the colour of everything."""
        cursor = QTextCursor(self._document)
        cursor.select(QTextCursor.SelectionType.Document)
        block = QTextBlockFormat()
        height = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
        block.setLineHeight(self.settings.spacing * 100, height)
        cursor.mergeBlockFormat(block)
        ink = QTextCharFormat()
        ink.setForeground(QColor(*self.settings.color))
        cursor.mergeCharFormat(ink)

    @property
    def corner(self) -> tuple[float, float]:
        """The layout's top left corner as seen from the anchor."""
        width = self._document.textWidth()
        share = {Align.LEFT: 0.0, Align.CENTER: 0.5, Align.RIGHT: 1.0}[self.settings.align]
        return -width * share, -self._baseline

    def box(self, anchor: tuple[float, float]) -> QRectF:
        """The layout's rectangle (canvas pixels); a line's height even for an empty text."""
        left, top = self.corner
        return QRectF(QPointF(anchor[0] + left, anchor[1] + top), self._document.size())

    def caret(self, anchor: tuple[float, float], position: int) -> QRectF:
        """Where the caret stands (canvas pixels) before the character of this number; as wide as nothing."""
        position = min(max(position, 0), self._document.characterCount() - 1)
        block = self._document.findBlock(position)
        line = block.layout().lineForTextPosition(position - block.position())
        place = self._document.documentLayout().blockBoundingRect(block)
        x = cast("tuple[float, int]", line.cursorToX(position - block.position()))[0]  # the stubs promise too little
        left, top = self.corner
        y = anchor[1] + top + place.top() + line.y()
        return QRectF(anchor[0] + left + place.left() + x, y, 0.0, line.height())

    def draw(self, anchor: tuple[float, float]) -> tuple[Bounds, QImage | None]:
        """The canvas pixels that hold its ink, and the premultiplied picture of that size; None without ink.

        CanvasError for a text larger than a layer takes in one piece.
        """
        if not self.text.strip():
            return NOTHING, None
        margin = round(self.settings.size)  # italics and accents reach over their boxes
        box = self.box(anchor)
        whole = Bounds.around([(box.left(), box.top()), (box.right(), box.bottom())]).expanded(margin)
        if max(whole.width, whole.height) > MAX_SIDE or whole.width * whole.height > MAX_PIXELS:
            raise CanvasError(
                f"This text would be {whole.width} x {whole.height} pixels, which is too large. "
                "Choose a smaller size or write it in parts."
            )
        image = QImage(whole.width, whole.height, FORMAT)
        image.fill(0)
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.TextAntialiasing, self.settings.smooth)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.settings.smooth)
            painter.translate(box.left() - whole.x, box.top() - whole.y)
            self._document.drawContents(painter)
        return whole, image


_ALIGN = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft,
    Align.CENTER: Qt.AlignmentFlag.AlignHCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight,
}


def font_of(settings: LetteringSettings) -> QFont:
    """The font, measured in pixels, never hinted: text keeps its shape at every size."""
    font = QFont()
    if settings.family:
        font.setFamilies([settings.family, *font.families()])
    font.setPixelSize(max(1, round(settings.size)))
    font.setBold(settings.bold)
    font.setItalic(settings.italic)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if not settings.smooth:
        font.setStyleStrategy(QFont.StyleStrategy.NoAntialias)
    return font


def layer_name(text: str, most: int = 32) -> str:
    """A name for the layer that holds a text: its first line, shortened."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
