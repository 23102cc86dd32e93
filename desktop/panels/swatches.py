"""Small fields of colour: single ones, and a grid of them that mouse and keys walk through."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

CELL = 20
GAP = 3
RADIUS = 4.0
REMOVES = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class Swatch(QWidget):
    """A field of one colour that can be clicked."""

    clicked = Signal()

    def __init__(self, name: str, size: QSize, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFixedSize(size)
        self._colour: QColor | None = None
        self._tip = ""

    @property
    def colour(self) -> QColor | None:
        """What it shows."""
        return self._colour

    def show_colour(self, colour: QColor | None) -> None:
        """None: an empty place."""
        self._colour = colour
        self.setCursor(Qt.CursorShape.ArrowCursor if colour is None else Qt.CursorShape.PointingHandCursor)
        self._show_tip()
        self.update()

    def set_tip(self, text: str) -> None:
        """What it is for, shown over the colour's name."""
        self._tip = text
        self.setAccessibleName(text)
        self._show_tip()

    def _show_tip(self) -> None:
        name = "" if self._colour is None else self._colour.name()
        self.setToolTip("\n".join(part for part in (self._tip, name) if part))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded field with a faint rim."""
        del event
        with QPainter(self) as painter:
            draw_field(painter, self.rect(), self._colour, self.palette().windowText().color())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        if self._colour is not None and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class SwatchGrid(QWidget):
    """Colours in rows as wide as there is room. Arrow keys walk, Enter and Space choose, Delete removes."""

    chosen = Signal(QColor)
    removed = Signal(int)
    replaced = Signal(int)
    """Put the present colour in the place of this one."""
    added = Signal()
    """Keep the present colour."""

    def __init__(self, name: str, parent: QWidget, editable: bool = False) -> None:
        """An editable grid ends with a field that adds, and has a menu at its fields."""
        super().__init__(parent)
        self.setObjectName(name)
        self._editable = editable
        self._colours: list[QColor] = []
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def colours(self) -> list[QColor]:
        """What it shows."""
        return list(self._colours)

    def show_colours(self, colours: Sequence[QColor]) -> None:
        """Show these."""
        self._colours = list(colours)
        self._at = min(self._at, max(0, self._count - 1))
        self.updateGeometry()
        self.update()

    @property
    def _count(self) -> int:
        return len(self._colours) + self._editable

    @property
    def _columns(self) -> int:
        return self._columns_in(self.width())

    @staticmethod
    def _columns_in(width: int) -> int:
        return max(1, (width + GAP) // (CELL + GAP))

    def hasHeightForWidth(self) -> bool:
        """Narrow grids are tall."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All rows."""
        rows = max(1, -(-self._count // self._columns_in(width)))
        return rows * (CELL + GAP) - GAP

    def sizeHint(self) -> QSize:
        """A row of twelve, or all there are."""
        width = 12 * (CELL + GAP) - GAP
        return QSize(width, self.heightForWidth(max(self.width(), width)))

    def minimumSizeHint(self) -> QSize:
        """Half a row wide; as high as the present width needs."""
        return QSize(6 * (CELL + GAP), self.heightForWidth(self.width()))

    def cell(self, index: int) -> QRect:
        """Where a field is; the one after the last colour adds."""
        row, column = divmod(index, self._columns)
        return QRect(column * (CELL + GAP), row * (CELL + GAP), CELL, CELL)

    def index_at(self, at: QPoint) -> int | None:
        """Which field is there."""
        return next((index for index in range(self._count) if self.cell(index).contains(at)), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fields, the sign that adds, and where the keys are."""
        del event
        ink = self.palette().windowText().color()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index, colour in enumerate(self._colours):
                draw_field(painter, self.cell(index), colour, ink)
            if self._editable:
                self._draw_plus(painter, self.cell(len(self._colours)), ink)
            if self.hasFocus() and self._count:
                painter.setPen(QPen(self.palette().highlight().color(), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(self.cell(self._at).toRectF().adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    @staticmethod
    def _draw_plus(painter: QPainter, cell: QRect, ink: QColor) -> None:
        draw_field(painter, cell, None, ink)
        faint = QColor(ink)
        faint.setAlpha(170)
        painter.setPen(QPen(faint, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        middle = cell.toRectF().center()
        painter.drawLine(int(middle.x()) - 4, int(middle.y()), int(middle.x()) + 4, int(middle.y()))
        painter.drawLine(int(middle.x()), int(middle.y()) - 4, int(middle.x()), int(middle.y()) + 4)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose, or add."""
        index = self.index_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self._choose(index)

    def _choose(self, index: int) -> None:
        self._at = index
        self.update()
        if index < len(self._colours):
            self.chosen.emit(QColor(self._colours[index]))
        elif self._editable:
            self.added.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, choose, remove."""
        key = Qt.Key(event.key())
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
        }
        if key in steps and 0 <= self._at + steps[key] < self._count:
            self._at += steps[key]
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._count:
            self._choose(self._at)
        elif key in REMOVES and self._editable and self._at < len(self._colours):
            self.removed.emit(self._at)
        elif key not in steps:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a swatch."""
        index = self.index_at(event.pos())
        if not self._editable or index is None or index >= len(self._colours):
            return
        menu = QMenu(self)
        menu.setObjectName("swatchMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Replace by the Current Colour")).triggered.connect(lambda: self.replaced.emit(index))
        menu.addAction(self.tr("Remove")).triggered.connect(lambda: self.removed.emit(index))
        menu.popup(event.globalPos())

    def event(self, event: QEvent) -> bool:
        """A tool tip for each field; Delete removes a swatch here, and does not clear the layer as in the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in REMOVES:
            event.accept()
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.index_at(event.pos())
            if index is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.tip_of(index), self)
            return True
        return super().event(event)

    def tip_of(self, index: int) -> str:
        """What the field does."""
        if index >= len(self._colours):
            return self.tr("Add the current colour")
        name = self._colours[index].name()
        return self.tr("{colour} (right click: replace or remove)").format(colour=name) if self._editable else name


def draw_field(painter: QPainter, place: QRect, colour: QColor | None, ink: QColor) -> None:
    """A rounded field with a faint rim; without a colour, the rim alone."""
    rim = QColor(ink)
    rim.setAlpha(60 if colour is not None else 30)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(rim)
    painter.setBrush(colour if colour is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
