"""The tree of rows: what mouse and keys do with it. It asks for changes; the document decides, the rows follow."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from canvas.layers import Layer
from desktop.panels.layer_drops import MIME, DropPlace, drop_place, ids_in, mime_of
from desktop.panels.layer_rows import EYE, ID_ROLE, LOCK, NAME, Index, RowPainter, RowSource, Zone, places_in
from desktop.panels.thumbnail import SIZE

INDENT = 16
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


class LayerTree(QTreeWidget):
    """Rows of layers with zones to click, sweeping over eyes, several chosen at once, and dragging."""

    eyesSwept = Signal(list, bool)
    """Layer ids, and whether they are to be seen."""
    zoneClicked = Signal(str, object, object)
    """Layer id, Zone, keyboard modifiers; for pictures, masks, locks and Alt+eye."""
    editWanted = Signal(str)
    """Double click on a layer's picture."""
    moveWanted = Signal(list, str, int)
    """Layer ids, id of the new group ("" = the root), rows above them there counted from the top."""
    deleteWanted = Signal()
    """The key Delete."""
    toggleWanted = Signal()
    """The space bar: show or hide."""

    def __init__(self, name: str, source: RowSource, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._source = source
        self._place: DropPlace | None = None
        self._sweep: bool | None = None
        self.swept: dict[str, bool] = {}
        "Eyes that a sweep has touched so far."
        self.setColumnCount(3)
        self.setHeaderHidden(True)
        self.setTreePosition(NAME)
        self.setIndentation(INDENT)
        self.setIconSize(SIZE)
        self.setUniformRowHeights(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(False)
        self.setExpandsOnDoubleClick(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setItemDelegate(RowPainter(source, self))
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(26)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (EYE, LOCK):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, 30)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The row that is worked on stays in sight when a panel below takes room from the list."""
        row = self.currentIndex()
        before = self.visualRect(row)
        super().resizeEvent(event)
        if row.isValid() and before.bottom() >= 0 and before.top() < event.oldSize().height():
            self.scrollTo(row)

    # -- where things are --------------------------------------------------------------------------------

    def layer_at(self, at: QPoint) -> Layer | None:
        """The layer whose row is there."""
        item = self.itemAt(at)
        return self._source.layer_of(item.data(NAME, ID_ROLE)) if item is not None else None

    def middle_of(self, item: QTreeWidgetItem) -> QRect:
        """The rectangle of a row's middle column, right of its indentation."""
        return self.visualRect(self.indexFromItem(item, NAME))

    def zone_at(self, at: QPoint) -> Zone:
        """What lies there in its row."""
        item, layer = self.itemAt(at), self.layer_at(at)
        column = self.columnAt(at.x())
        if item is None or layer is None or column not in (EYE, LOCK):
            if item is not None and layer is not None:
                places = places_in(self.middle_of(item), layer)
                if places.picture.contains(at):
                    return Zone.PICTURE
                if places.mask.contains(at):
                    return Zone.MASK
            return Zone.TEXT
        return Zone.EYE if column == EYE else Zone.LOCK

    # -- mouse and keys ------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Zones of their own answer first; the rest chooses rows."""
        at = event.position().toPoint()
        layer = self.layer_at(at)
        if layer is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        zone, keys = self.zone_at(at), event.modifiers()
        if zone is Zone.EYE and not keys & ALT:
            self._sweep = not layer.visible
            self.swept = {layer.id: self._sweep}
            self.viewport().update()
        elif zone in (Zone.EYE, Zone.LOCK) or (zone is Zone.MASK and keys & SHIFT):
            self.zoneClicked.emit(layer.id, zone, keys)
        else:
            super().mousePressEvent(event)
            if zone in (Zone.PICTURE, Zone.MASK) and keys == Qt.KeyboardModifier.NoModifier:
                self.zoneClicked.emit(layer.id, zone, keys)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Eyes that are swept over follow the first one."""
        if self._sweep is None:
            super().mouseMoveEvent(event)
            return
        layer = self.layer_at(QPoint(self.columnViewportPosition(EYE) + 4, event.position().toPoint().y()))
        if layer is not None and layer.id not in self.swept:
            self.swept[layer.id] = self._sweep
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a sweep is one step."""
        if self._sweep is None:
            super().mouseReleaseEvent(event)
            return
        ids, on = list(self.swept), self._sweep
        self.swept, self._sweep = {}, None
        self.eyesSwept.emit(ids, on)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the name: rename. On the picture: edit what is behind it. On the eye: another click."""
        at = event.position().toPoint()
        item, layer = self.itemAt(at), self.layer_at(at)
        if item is None or layer is None or event.button() != Qt.MouseButton.LeftButton:
            super().mouseDoubleClickEvent(event)
            return
        zone = self.zone_at(at)
        if zone is Zone.TEXT:
            self.editItem(item, NAME)
        elif zone is Zone.PICTURE:
            self.editWanted.emit(layer.id)
        else:
            self.mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Delete belongs to the layers while they have the keyboard."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Space)
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete, Space, Escape; arrows and F2 are the tree's own."""
        if event.key() == Qt.Key.Key_Delete:
            self.deleteWanted.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.toggleWanted.emit()
        elif event.key() == Qt.Key.Key_Escape and self._sweep is not None:
            self.swept, self._sweep = {}, None
            self.viewport().update()
        else:
            super().keyPressEvent(event)

    # -- dragging ------------------------------------------------------------------------------------------

    def startDrag(self, supported: Qt.DropAction) -> None:
        """Takes the chosen rows along, with a picture of them."""
        del supported
        rows = [item for item in self.selectedItems() if not _parent_chosen(item)]
        if not rows:
            return
        drag = QDrag(self)
        drag.setMimeData(mime_of([item.data(NAME, ID_ROLE) for item in rows]))
        drag.setPixmap(self._picture_of(rows))
        drag.setHotSpot(QPoint(12, 12))
        drag.exec(Qt.DropAction.MoveAction)
        self._forget_place()

    def _picture_of(self, rows: list[QTreeWidgetItem]) -> QPixmap:
        first = self.middle_of(rows[0])
        height = first.height()
        shown = rows[:4]
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(220 * ratio), round(height * len(shown) * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setOpacity(0.85)
            for at, item in enumerate(shown):
                option = QStyleOptionViewItem()
                self.initViewItemOption(option)
                option.rect = QRect(0, at * height, 220, height)  # type: ignore[attr-defined]
                painter.fillRect(option.rect, self.palette().base())  # type: ignore[attr-defined]
                self.itemDelegate().paint(painter, option, self.indexFromItem(item, NAME))
        return picture

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Rows of layers, and nothing else."""
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Shows where the rows would go."""
        super().dragMoveEvent(event)  # scrolls near the edges
        if not event.mimeData().hasFormat(MIME):
            event.ignore()
            return
        self._place = drop_place(self, event.position().toPoint(), ids_in(event.mimeData()))
        self.viewport().update()
        if self._place is None:
            event.ignore()
        else:
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The rows stay."""
        super().dragLeaveEvent(event)
        self._forget_place()

    def dropEvent(self, event: QDropEvent) -> None:
        """Asks for the move."""
        ids = ids_in(event.mimeData())
        place = drop_place(self, event.position().toPoint(), ids)
        self._forget_place()
        if place is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.MoveAction)
        event.accept()
        self.stopAutoScroll()
        self.setState(QAbstractItemView.State.NoState)
        self.moveWanted.emit(ids, place.group, place.row)

    def _forget_place(self) -> None:
        self._place = None
        self.viewport().update()

    # -- drawing -------------------------------------------------------------------------------------------

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A calm tint behind chosen rows, stronger behind the active one; then the cells."""
        tint = self._tint(index)
        if tint is not None:
            painter.fillRect(option.rect, tint)  # type: ignore[attr-defined]
        plain = QStyleOptionViewItem(option)
        plain.palette.setColor(QPalette.ColorRole.Highlight, QColor(0, 0, 0, 0))  # type: ignore[attr-defined]
        super().drawRow(painter, plain, index)  # type: ignore[arg-type]

    def _tint(self, index: Index) -> QColor | None:
        model = self.selectionModel()
        tint = QColor(self.palette().color(QPalette.ColorRole.Accent))
        current = self.currentIndex()
        row = QModelIndex(index).siblingAtColumn(NAME)  # type: ignore[arg-type]
        if current.isValid() and current.siblingAtColumn(NAME) == row:
            tint.setAlpha(88)
        elif model.isSelected(row):
            tint.setAlpha(46)
        else:
            return None
        return tint

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and over them where dragged ones would go."""
        super().paintEvent(event)
        if self._place is None:
            return
        mark, accent = self._place.mark, self.palette().color(QPalette.ColorRole.Accent)
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(accent, 2.5))
            if mark.height() > 0:
                painter.drawRoundedRect(QRectF(mark), 4, 4)
            else:
                y = max(mark.y(), 2)
                painter.drawEllipse(QRectF(mark.left() - 7, y - 3.5, 7, 7))
                painter.drawLine(mark.left(), y, mark.right(), y)


def _parent_chosen(item: QTreeWidgetItem) -> bool:
    above = item.parent()
    while above is not None:
        if above.isSelected():
            return True
        above = above.parent()
    return False
