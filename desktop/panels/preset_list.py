"""The presets as cards: a painted stroke, and the name under it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPalette, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from canvas.brush_presets import BrushPreset
from canvas.errors import CanvasError
from desktop.brush_store import BrushStore, shown_name
from desktop.panels.stroke_sample import SamplePainter, SampleSpec
from desktop.spoken import spoken

CARD_WIDTH = 88
CARD_HEIGHT = 66
STROKE_HEIGHT = 42
ZOOM = 0.6
AnyIndex = QModelIndex | QPersistentModelIndex
PRESET = Qt.ItemDataRole.UserRole


class PresetModel(QAbstractListModel):
    """The presets that the filter leaves."""

    refused = Signal(str)
    """A sentence: why a preset cannot be called so."""

    def __init__(self, store: BrushStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._store = store
        self._rows: list[BrushPreset] = []

    def show_presets(self, presets: Sequence[BrushPreset]) -> None:
        """These, in this order."""
        if list(presets) != self._rows:
            self.beginResetModel()
            self._rows = list(presets)
            self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def preset(self, row: int) -> BrushPreset:
        """The one in a row."""
        return self._rows[row]

    def row_of(self, preset_id: str) -> int | None:
        """Where a preset is, if it is shown."""
        return next((row for row, preset in enumerate(self._rows) if preset.id == preset_id), None)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, tool tip, preset."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        preset = self._rows[index.row()]
        if role == PRESET:
            return preset
        texts = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.AccessibleTextRole)
        if role in texts or role == Qt.ItemDataRole.ToolTipRole:
            return shown_name(preset)
        return None

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Another name."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        try:
            self._store.rename(self._rows[index.row()].id, str(value))
        except CanvasError as error:
            self.refused.emit(spoken(str(error)))
            return False
        return True

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Cards can be chosen and named."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable


class PresetDelegate(QStyledItemDelegate):
    """Draws a card."""

    def __init__(self, store: BrushStore, samples: SamplePainter, parent: QWidget) -> None:
        super().__init__(parent)
        self._store, self._samples = store, samples
        self.chosen = ""
        "Id of the preset in hand."
        self.different = False
        "Whether the brush in hand is no longer as that preset says."

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """The view's grid decides."""
        del option, index
        return QSize(CARD_WIDTH, CARD_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Plate, stroke, name, marks."""
        preset: BrushPreset = index.data(PRESET)
        rect, palette = QRect(option.rect), option.palette  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        plate = QRectF(rect.left() + 2, rect.top() + 2, rect.width() - 4, STROKE_HEIGHT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(plate, 5, 5)
        painter.fillPath(path, plate_colour(preset, palette))
        self._draw_stroke(painter, plate, preset, palette)
        self._draw_rim(
            painter, path, palette, (preset.id == self.chosen, bool(state & QStyle.StateFlag.State_HasFocus))
        )
        self._draw_marks(painter, plate, preset, palette)
        text = QRect(rect.left() + 3, int(plate.bottom()) + 1, rect.width() - 6, rect.bottom() - int(plate.bottom()))
        chosen = preset.id == self.chosen
        painter.setPen(palette.color(QPalette.ColorRole.Text if chosen else QPalette.ColorRole.PlaceholderText))
        font = option.font  # type: ignore[attr-defined]
        font.setPointSizeF(font.pointSizeF() * 0.88)
        painter.setFont(font)
        name = painter.fontMetrics().elidedText(shown_name(preset), Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, name)
        painter.restore()

    def _draw_stroke(self, painter: QPainter, plate: QRectF, preset: BrushPreset, palette: QPalette) -> None:
        ratio = painter.device().devicePixelRatioF()
        spec = sample_spec(preset, plate.size().toSize(), ratio, palette)
        picture = self._samples.picture(spec)
        if picture is not None:
            painter.drawImage(plate.topLeft(), picture)
            return
        faint = QColor(palette.color(QPalette.ColorRole.Text))
        faint.setAlpha(35)
        painter.setPen(QPen(faint, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        middle = plate.center().y()
        painter.drawLine(QPointF(plate.left() + 16, middle), QPointF(plate.right() - 16, middle))

    @staticmethod
    def _draw_rim(painter: QPainter, path: QPainterPath, palette: QPalette, state: tuple[bool, bool]) -> None:
        chosen, focused = state
        rim = QColor(palette.color(QPalette.ColorRole.Text))
        rim.setAlpha(130 if focused else 22)
        if chosen:
            rim = palette.color(QPalette.ColorRole.Highlight)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(rim, 2.0 if chosen else 1.0))
        painter.drawPath(path)

    def _draw_marks(self, painter: QPainter, plate: QRectF, preset: BrushPreset, palette: QPalette) -> None:
        """A star for a favourite; a dot where the brush in hand differs from its preset."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
        if self._store.is_favourite(preset.id):
            painter.drawPolygon(star(QPointF(plate.right() - 8, plate.top() + 8), 5.0))
        if preset.id == self.chosen and self.different:
            painter.drawEllipse(QPointF(plate.left() + 8, plate.top() + 8), 3, 3)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Over the name, as wide as the card."""
        del index
        rect = QRect(option.rect)  # type: ignore[attr-defined]
        editor.setGeometry(rect.left(), rect.bottom() - 23, rect.width(), 24)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        """One line."""
        del option, index
        editor = QLineEdit(parent)
        editor.setObjectName("presetName")
        return editor


class PresetView(QListView):
    """Cards in as many columns as there is room for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("presetList")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMinimumHeight(2 * CARD_HEIGHT // 3)  # scrolls; the panels above need the room on a small screen

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cards share the whole width."""
        bar = self.verticalScrollBar().sizeHint().width()  # kept free, so that columns stay when it comes and goes
        room = self.width() - 2 * self.frameWidth() - bar - 4
        columns = max(1, room // CARD_WIDTH)
        self.setGridSize(QSize(room // columns, CARD_HEIGHT))
        super().resizeEvent(event)


def plate_colour(preset: BrushPreset, palette: QPalette) -> QColor:
    """An eraser takes away from a plate that is painted already."""
    if not preset.settings.erases:
        return palette.color(QPalette.ColorRole.Base)
    ink, base = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
    return QColor(*((part * 2 + other * 3) // 5 for part, other in zip(_rgb(ink), _rgb(base), strict=True)))


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def sample_spec(preset: BrushPreset, size: QSize, ratio: float, palette: QPalette) -> SampleSpec:
    """The sample of a preset for a plate of this size in logical pixels."""
    ink = palette.color(QPalette.ColorRole.Text)
    if preset.settings.jitters:
        ink = palette.color(QPalette.ColorRole.Highlight)  # grey has no hue to play with
    if preset.settings.erases:
        ink = palette.color(QPalette.ColorRole.Base)
    return SampleSpec(
        preset.settings, round(size.width() * ratio), round(size.height() * ratio), ink.rgba(), ratio, ZOOM
    )


def star(middle: QPointF, radius: float) -> QPolygonF:
    """Five points, one of them upwards."""
    outline = QPolygonF()
    for corner in range(10):
        away, turn = radius * (1.0 if corner % 2 == 0 else 0.42), corner * math.pi / 5
        outline.append(middle + QPointF(math.sin(turn), -math.cos(turn)) * away)
    return outline
