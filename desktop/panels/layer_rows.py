"""How one row of the layers panel looks, and what lies where in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QIcon,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QToolTip, QWidget

from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, LayerMask
from desktop.naming import named
from desktop.panels.blend_modes import blend_name
from desktop.panels.glyphs import glyph
from desktop.panels.thumbnail import SIZE

EYE, NAME, LOCK = 0, 1, 2
ID_ROLE = Qt.ItemDataRole.UserRole
ROW_HEIGHT = SIZE.height() + 7
ICON = 18
GAP = 6
HOOK = 15  # how far a clipped layer stands in
Index = QModelIndex | QPersistentModelIndex


class Zone(Enum):
    """The parts of a row that answer to a click of their own."""

    EYE = "eye"
    LOCK = "lock"
    PICTURE = "picture"
    MASK = "mask"
    TEXT = "text"


@dataclass(frozen=True)
class RowPlaces:
    """Where things are in the middle column of a row, in the tree's logical pixels."""

    hook: QRect
    "The bent arrow of a clipped layer; empty for others."
    picture: QRect
    "The layer's picture or sign."
    mask: QRect
    "The mask's picture; empty without one."
    text: QRect
    "Name and remarks."


def places_in(rect: QRect, layer: Layer) -> RowPlaces:
    """The places for a layer whose middle column is this rectangle."""
    left, top = rect.left() + 2, rect.top() + (rect.height() - SIZE.height()) // 2
    hook = QRect(left, top, HOOK if layer.clipped else 0, SIZE.height())
    left += hook.width()
    picture = QRect(left, top, SIZE.width(), SIZE.height())
    left += SIZE.width() + GAP
    mask = QRect(left, top, SIZE.width(), SIZE.height()) if layer.mask is not None else QRect()
    left += 0 if mask.isEmpty() else SIZE.width() + GAP
    return RowPlaces(hook, picture, mask, QRect(left + 2, rect.top(), rect.right() - left - 2, rect.height()))


class RowSource(Protocol):
    """What the rows need to know."""

    @property
    def active(self) -> Layer | None:
        """The layer, or mask, that tools work on."""
        ...

    def layer_of(self, layer_id: str) -> Layer | None:
        """The layer of a row."""
        ...

    def picture(self, layer_id: str) -> QPixmap | None:
        """The picture of a layer or mask."""
        ...

    def tip(self, layer: Layer, column: int) -> str:
        """What the pointer is told over a column of the layer's row."""
        ...

    @property
    def trouble(self) -> Callable[[Layer], str]:
        """Why a control layer would not work now, as a sentence; empty when it would."""
        ...

    def seen(self, layer: Layer) -> bool:
        """Whether the row's eye is open, as a sweep over the eyes has it now."""
        ...


class RowPainter(QStyledItemDelegate):
    """Draws all three columns of a row; the tree has drawn what is behind."""

    def __init__(self, source: RowSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("layerRowPainter")
        self._source = source
        self._icons: dict[tuple[str, int], QIcon] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows are of one height."""
        del option, index
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell."""
        layer = self._source.layer_of(index.sibling(index.row(), NAME).data(ID_ROLE) or "")
        if layer is None:
            return
        rect: QRect = option.rect  # type: ignore[attr-defined]
        palette: QPalette = option.palette  # type: ignore[attr-defined]
        ink = palette.color(QPalette.ColorRole.Text)
        painter.save()
        if index.column() == EYE:
            self._draw_icon(painter, rect, "eye" if self._source.seen(layer) else "hidden", ink, dim=not layer.shown)
        elif index.column() == LOCK:
            self._draw_locks(painter, rect, layer, ink)
        else:
            self._paint_middle(painter, rect, layer, palette)
        painter.restore()

    def _paint_middle(self, painter: QPainter, rect: QRect, layer: Layer, palette: QPalette) -> None:
        places, active = places_in(rect, layer), self._source.active
        ink, accent = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Accent)
        frame = QColor(ink)
        frame.setAlpha(60)
        faded = 1.0 if self._source.seen(layer) and layer.shown else 0.45
        if layer.clipped:
            _draw_hook(painter, places.hook, ink)
        painter.setOpacity(faded)
        if isinstance(layer, GroupLayer):
            self._draw_icon(painter, places.picture, "folder", ink)
        elif isinstance(layer, AdjustmentLayer):
            self._draw_icon(painter, places.picture, layer.adjustment.kind, ink)
        else:
            _draw_picture(painter, places.picture, self._source.picture(layer.id))
        if layer.mask is not None:
            _draw_picture(painter, places.mask, self._source.picture(layer.mask.id))
        painter.setOpacity(1.0)
        if layer.mask is not None:
            on_mask = isinstance(active, LayerMask) and active is layer.mask
            _draw_frame(painter, places.mask, accent if on_mask else frame, on_mask)
            if not layer.mask.enabled:
                _draw_cross(painter, places.mask)
        if not isinstance(layer, GroupLayer | AdjustmentLayer):
            chosen = active is layer and layer.mask is not None
            _draw_frame(painter, places.picture, accent if chosen else frame, chosen)
        elif active is layer and layer.mask is not None:
            _draw_frame(painter, places.picture, accent, True)
        self._draw_text(painter, places.text, layer, palette, faded)

    def _draw_text(self, painter: QPainter, rect: QRect, layer: Layer, palette: QPalette, faded: float) -> None:
        font, note = QFont(painter.font()), remarks(layer)
        ink = QColor(palette.color(QPalette.ColorRole.Text))
        ink.setAlphaF(0.55 if faded < 1.0 else 1.0)
        painter.setPen(ink)
        metrics = QFontMetrics(font)
        name = metrics.elidedText(layer.name, Qt.TextElideMode.ElideRight, rect.width())
        if not note and layer.control is None:
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
            return
        small = QFont(font)
        small.setPointSizeF(max(6.5, font.pointSizeF() * 0.84))
        lower = QFontMetrics(small)
        top = rect.top() + (rect.height() - metrics.height() - lower.height()) // 2
        painter.drawText(QRect(rect.left(), top, rect.width(), metrics.height()), Qt.AlignmentFlag.AlignVCenter, name)
        ink.setAlphaF(0.6 if faded == 1.0 else 0.45)
        painter.setFont(small)
        under = QRect(rect.left(), top + metrics.height(), rect.width(), lower.height())
        if layer.control is not None:
            from desktop.panels.control_chip import draw_chip  # few paintings have one

            under.setLeft(draw_chip(painter, under, layer.control, palette, bool(self._source.trouble(layer))))
        painter.setPen(ink)
        note = lower.elidedText(note, Qt.TextElideMode.ElideRight, under.width())
        painter.drawText(under, Qt.AlignmentFlag.AlignVCenter, note)

    def _draw_icon(self, painter: QPainter, rect: QRect, name: str, ink: QColor, dim: bool = False) -> None:
        key = (name, ink.rgba())
        if key not in self._icons:
            self._icons[key] = glyph(name, ink)
        side = ICON if name != "folder" else 22
        at = QRect(0, 0, side, side)
        at.moveCenter(rect.center())
        before = painter.opacity()
        painter.setOpacity(before * (0.4 if dim else 1.0))
        self._icons[key].paint(painter, at)
        painter.setOpacity(before)

    def _draw_locks(self, painter: QPainter, rect: QRect, layer: Layer, ink: QColor) -> None:
        alpha = bool(getattr(layer, "alpha_locked", False))
        upper = QRect(rect.left(), rect.top() + 3, rect.width(), rect.height() // 2 - 3) if alpha else rect
        self._draw_icon(painter, upper, "lock" if layer.locked else "unlocked", ink)
        if alpha:
            lower = QRect(rect.left(), rect.center().y(), rect.width(), rect.height() // 2 - 2)
            self._draw_icon(painter, lower, "alpha-lock", ink)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """What can be done with what lies under the pointer."""
        layer = self._source.layer_of(index.sibling(index.row(), NAME).data(ID_ROLE) or "")
        if event.type() != QEvent.Type.ToolTip or layer is None:
            return super().helpEvent(event, view, option, index)  # type: ignore[arg-type]
        QToolTip.showText(event.globalPos(), self._source.tip(layer, index.column()), view)
        return True

    # -- renaming --------------------------------------------------------------------------------------

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field for the name."""
        del option, index
        editor = named(QLineEdit(parent), "layerNameEditor")
        palette = editor.palette()
        palette.setColor(QPalette.ColorRole.Highlight, palette.color(QPalette.ColorRole.Accent))
        editor.setPalette(palette)
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """The field stands where the name stood."""
        layer = self._source.layer_of(index.data(ID_ROLE))
        if layer is not None:
            text = places_in(option.rect, layer).text  # type: ignore[attr-defined]
            height = min(text.height(), editor.sizeHint().height())
            editor.setGeometry(text.left() - 5, text.center().y() - height // 2, text.width() + 5, height)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hands the name on."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())  # type: ignore[arg-type]


def remarks(layer: Layer) -> str:
    """What is unusual about how the layer is blended: `Multiply · 60 %`; empty for a plain one."""
    found: list[str] = []
    if layer.blend_mode is not BlendMode.NORMAL:
        found.append(blend_name(layer.blend_mode))
    if layer.opacity < 1.0:
        found.append(f"{round(layer.opacity * 100)} %")
    return " · ".join(found)


def _draw_picture(painter: QPainter, rect: QRect, picture: QPixmap | None) -> None:
    clip = QPainterPath()
    clip.addRoundedRect(QRectF(rect), 3, 3)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(clip)
    if picture is None:
        painter.fillRect(rect, QColor(128, 128, 128, 60))
    else:
        painter.drawPixmap(rect, picture)
    painter.restore()


def _draw_frame(painter: QPainter, rect: QRect, colour: QColor, strong: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2.0 if strong else 1.0))
    edge = 1.0 if strong else 0.0
    painter.drawRoundedRect(QRectF(rect).adjusted(-edge, -edge, edge, edge), 3, 3)


def _draw_cross(painter: QPainter, rect: QRect) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pen in (QPen(QColor(255, 255, 255, 200), 4.0), QPen(QColor(214, 40, 40), 2.0)):
        painter.setPen(pen)
        inner = QRectF(rect).adjusted(4, 4, -4, -4)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())


def _draw_hook(painter: QPainter, rect: QRect, ink: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    x, y, bottom = rect.left() + 4.0, rect.center().y() - 4.0, rect.center().y() + 9.0
    painter.drawPolyline([QPointF(x + 6, y), QPointF(x, y), QPointF(x, bottom)])
    painter.drawPolyline([QPointF(x - 2.5, bottom - 3), QPointF(x, bottom), QPointF(x + 2.5, bottom - 3)])
