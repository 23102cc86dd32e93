"""How models look in a list: cards with a picture, or rows. Drawn by hand, so that thousands scroll smoothly."""

from __future__ import annotations

import time
from collections import OrderedDict

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.dialogs.model_library_entries import ENTRY, Entry, ModelEntries
from desktop.dialogs.model_library_pictures import ModelPictures
from desktop.dialogs.model_library_words import COLOURS, facts_of, family_of, kind_word
from desktop.naming import named
from desktop.panels.history_drawing import draw_kept
from pipelines.contract.models import ModelInfo

CARD = QSize(156, 196)
"""At least as wide; cards grow until they fill the width."""
ROW = 56
WORDS = 54
"""Logical pixels under the picture of a card."""
MOST_DRAWN = 120
"""Cards that are kept as pictures; some 20 MB."""
DRAW_SECONDS = 0.0015
"""How long one pass draws cards that were not seen before; the others follow, a few with each of the next."""
FEW = 3
_SEEN = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver
AnyIndex = QModelIndex | QPersistentModelIndex


class CardDelegate(QStyledItemDelegate):
    """Draws one model, once as long as it looks the same."""

    def __init__(self, view: ModelGrid, pictures: ModelPictures) -> None:
        super().__init__(view)
        self._view, self._pictures = view, pictures
        self._drawn: OrderedDict[tuple[object, ...], tuple[ModelInfo, QPixmap]] = OrderedDict()
        self._until, self._scale = 0.0, 1.0
        self.late: list[QRect] = []
        """Places of cards that were left out so far."""

    def begin_pass(self, region: QRegion) -> None:
        """The view is being painted: what has to be drawn anew is drawn as far as the window can wait."""
        self._until = time.perf_counter() + DRAW_SECONDS
        self._scale = self._view.devicePixelRatioF()
        self.late = [rect for rect in self.late if not region.intersects(rect)]

    def forget(self) -> None:
        """Fonts, colours or words are others now."""
        self._drawn.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """The cell's size."""
        del option, index
        return self._view.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draws a card or a row."""
        view, rect = self._view, QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state: QStyle.StateFlag = option.state & _SEEN  # pyright: ignore[reportAttributeAccessIssue]
        info = view.entries.shown[index.row()].info
        picture = self._pictures.picture(info.id)
        mark = None if picture is None else picture.cacheKey()
        key = (info.id, mark, rect.width(), rect.height(), self._scale, state.value, view.entries.is_in_use(info.id))
        drawn = self._drawn.get(key)
        if drawn is not None and (drawn[0] is info or drawn[0] == info):
            card = drawn[1]
            self._drawn.move_to_end(key)
        elif time.perf_counter() > self._until:
            self.late.append(rect)
            return
        else:
            card = self._draw(info, rect.size(), self._scale, state)
            self._drawn[key] = info, card
            if len(self._drawn) > MOST_DRAWN:
                self._drawn.popitem(last=False)
        painter.drawPixmap(rect.topLeft(), card)

    def _draw(self, info: ModelInfo, size: QSize, scale: float, state: QStyle.StateFlag) -> QPixmap:
        card = QPixmap(size * scale)
        card.setDevicePixelRatio(scale)
        card.fill(self._view.palette().color(QPalette.ColorRole.Base))
        with QPainter(card) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setFont(self._view.font())
            box = QRectF(0, 0, size.width(), size.height()).adjusted(4, 4, -4, -4)
            self._ground(painter, box, state)
            (self._card if self._view.shows_cards else self._row)(painter, box, info)
        return card

    def _colour(self, role: QPalette.ColorRole, alpha: int = 255) -> QColor:
        colour = QColor(self._view.palette().color(role))
        colour.setAlpha(alpha)
        return colour

    def _ground(self, painter: QPainter, box: QRectF, state: QStyle.StateFlag) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        accent = QPalette.ColorRole.Highlight
        painter.setPen(QPen(self._colour(accent), 1.6) if chosen else Qt.PenStyle.NoPen)
        ground = self._colour(QPalette.ColorRole.Text, 20 if hovered else 10)
        painter.setBrush(self._colour(accent, 46) if chosen else ground)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _card(self, painter: QPainter, box: QRectF, info: ModelInfo) -> None:
        picture = box.adjusted(5, 5, -5, -WORDS)
        self._picture(painter, picture, info)
        self._marks(painter, picture.topRight() + QPointF(-11, 11), info)
        left, width = box.left() + 8, box.width() - 16
        painter.setFont(_bold(self._view.font()))
        painter.setPen(self._pen(info))
        line = QRectF(left, picture.bottom() + 5, width, 18)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, _elided(painter, info.name, width))
        self._line(painter, QRectF(left, line.bottom() + 3, width, 18), info)

    def _row(self, painter: QPainter, box: QRectF, info: ModelInfo) -> None:
        side = box.height() - 8
        picture = QRectF(box.left() + 4, box.top() + 4, side, side)
        self._picture(painter, picture, info)
        left = picture.right() + 10
        width = box.right() - left - 30
        painter.setFont(_bold(self._view.font()))
        painter.setPen(self._pen(info))
        line = QRectF(left, box.top() + 4, width, 19)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, _elided(painter, info.name, width))
        self._line(painter, QRectF(left, line.bottom() + 1, width, 18), info)
        self._marks(painter, QPointF(box.right() - 16, box.center().y()), info)

    def _pen(self, info: ModelInfo) -> QColor:
        role = QPalette.ColorRole.PlaceholderText if info.problem else QPalette.ColorRole.Text
        return self._view.palette().color(role)

    def _line(self, painter: QPainter, box: QRectF, info: ModelInfo) -> None:
        """The family's chip, then kind, variant and size as far as there is room."""
        small = QFont(self._view.font())
        small.setPointSizeF(small.pointSizeF() - 1)
        painter.setFont(small)
        family = family_of(info)
        chip = draw_chip(painter, box.topLeft(), family, QColor(COLOURS[info.family])) + 6 if family else 0
        painter.setPen(self._view.palette().color(QPalette.ColorRole.PlaceholderText))
        rest = box.adjusted(chip, 0, 0, 0)
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, _elided(painter, facts_of(info), rest.width()))

    def _picture(self, painter: QPainter, box: QRectF, info: ModelInfo) -> None:
        picture = self._pictures.picture(info.id)
        path = QPainterPath()
        path.addRoundedRect(box, 4, 4)
        painter.save()
        painter.setClipPath(path)
        if info.problem:
            painter.setOpacity(0.55)
        if picture is not None and not picture.isNull():
            painter.drawPixmap(box, picture, _covering(picture, box))
        else:
            self._plate(painter, box, info)
        painter.restore()

    def _plate(self, painter: QPainter, box: QRectF, info: ModelInfo) -> None:
        """Instead of a picture: the kind in the family's colour."""
        tint = QColor(COLOURS[info.family])
        tint.setAlpha(54)
        painter.fillRect(box, tint)
        if box.width() < 80:
            return
        tint.setAlpha(255)
        painter.setPen(tint.lighter(130) if self._colour(QPalette.ColorRole.Base).lightness() < 128 else tint)
        font = _bold(self._view.font())
        font.setPointSizeF(font.pointSizeF() + 2)
        painter.setFont(font)
        painter.drawText(box.adjusted(6, 6, -6, -6), _MIDDLE, kind_word(info.kind))

    def _marks(self, painter: QPainter, at: QPointF, info: ModelInfo) -> None:
        if info.problem:
            draw_trouble(painter, at, self._view.palette().color(QPalette.ColorRole.BrightText))
        elif self._view.entries.is_in_use(info.id):
            draw_kept(painter, at, self._colour(QPalette.ColorRole.Highlight))


_LOOKS = (
    QEvent.Type.PaletteChange,
    QEvent.Type.StyleChange,
    QEvent.Type.FontChange,
    QEvent.Type.LanguageChange,
)
_MIDDLE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


class ModelGrid(QListView):
    """The list; `use` tells of a double click or Enter."""

    use = Signal(str)
    """Id of a model."""
    delete = Signal()
    """The Delete key: the chosen model goes to the bin, if so confirmed."""
    chosen = Signal(str)
    """Id of the model that is chosen now, or empty."""

    def __init__(self, entries: ModelEntries, pictures: ModelPictures, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("modelGrid")
        self.entries, self.shows_cards = entries, True
        self._chosen_id = self._wanted = ""
        self.setModel(entries)
        self._cards = CardDelegate(self, pictures)
        self.setItemDelegate(self._cards)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.activated.connect(lambda index: self.use.emit(index.data(ENTRY).info.id))
        self.selectionModel().currentChanged.connect(lambda *_: self._current_changed())
        entries.modelReset.connect(self._choose_again)
        pictures.ready.connect(self._picture_ready)
        self._timer = named(QTimer(self), "modelGridTimer", interval=0, singleShot=True)
        self._timer.timeout.connect(self._paint_late)
        self.show_as(cards=True)

    @property
    def chosen_id(self) -> str:
        """Id of the chosen model, or empty."""
        return self._chosen_id

    def choose(self, model_id: str) -> None:
        """Chooses a model and brings it into view, as soon as it is among the rows."""
        row = self.entries.row_of(model_id)
        self._wanted = "" if row >= 0 else model_id
        if row >= 0:
            index = self.entries.index(row)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def forget(self) -> None:
        """The chosen model is gone."""
        self._chosen_id = ""
        self.chosen.emit("")

    def show_as(self, *, cards: bool) -> None:
        """Cards with pictures, or rows."""
        self.shows_cards = cards
        self.setFlow(QListView.Flow.LeftToRight if cards else QListView.Flow.TopToBottom)
        self.setWrapping(cards)  # Qt's icon mode looks the same and lays 2 000 items out three times as slowly
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self._fit()

    def _fit(self) -> None:
        width = max(self.viewport().width() - 2, 1)
        if self.shows_cards:
            columns = max(width // CARD.width(), 1)
            size = QSize(width // columns, CARD.height() + (width // columns - CARD.width()) // 2)
        else:
            size = QSize(width, ROW)
        if size != self.gridSize():
            self.setGridSize(size)
            self.verticalScrollBar().setSingleStep(max(size.height() // 3, 1))
            if self.currentIndex().isValid():
                self.scrollTo(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete asks whether the model goes to the bin."""
        if event.key() == Qt.Key.Key_Delete and self._chosen_id:
            self.delete.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fills the width."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As far as the window can wait; the rest at once after."""
        self._cards.begin_pass(event.region())
        super().paintEvent(event)
        if self._cards.late:
            self._timer.start()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """What was left out moves along."""
        super().scrollContentsBy(dx, dy)
        self._cards.late = [rect.translated(dx, dy) for rect in self._cards.late]

    def _paint_late(self) -> None:
        """A few of the cards that the last pass left out."""
        for rect in self._cards.late[:FEW]:
            self.viewport().update(rect)

    def changeEvent(self, event: QEvent) -> None:
        """Other colours, fonts or words: every card is drawn anew."""
        if event.type() in _LOOKS:
            self._cards.forget()
        super().changeEvent(event)

    def _picture_ready(self, model_id: str) -> None:
        row = self.entries.row_of(model_id)
        if row >= 0:
            self.update(self.entries.index(row))

    def _current_changed(self) -> None:
        entry = self.currentIndex().data(ENTRY)
        if isinstance(entry, Entry) and entry.info.id != self._chosen_id:
            self._chosen_id = entry.info.id
            self.chosen.emit(self._chosen_id)

    def _choose_again(self) -> None:
        """Other rows are here: the same model stays chosen, if it is among them."""
        wanted = next((one for one in (self._wanted, self._chosen_id) if self.entries.row_of(one) >= 0), "")
        if wanted:
            self.choose(wanted)
        self.viewport().update()


def draw_chip(painter: QPainter, corner: QPointF, text: str, colour: QColor) -> float:
    """A plate with white words, its upper left corner here; gives its width."""
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 10
    plate = QRectF(corner.x(), corner.y() + 1, width, 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(plate, 4, 4)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
    return width


def draw_trouble(painter: QPainter, middle: QPointF, colour: QColor) -> None:
    """A round badge with an exclamation mark: it cannot be used."""
    painter.setPen(QPen(QColor(0, 0, 0, 60), 1.0))
    painter.setBrush(colour)
    painter.drawEllipse(middle, 7.0, 7.0)
    painter.setPen(QPen(QColor(24, 20, 8), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(middle + QPointF(0, -3.6), middle + QPointF(0, 0.8))
    painter.drawPoint(middle + QPointF(0, 3.6))


def _covering(picture: QPixmap, box: QRectF) -> QRectF:
    """The part of a picture, upper middle, that fills a box of that shape."""
    width, height = picture.width(), picture.height()
    scale = max(box.width() / width, box.height() / height)
    part_width, part_height = box.width() / scale, box.height() / scale
    return QRectF((width - part_width) / 2, (height - part_height) / 3, part_width, part_height)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold


def _elided(painter: QPainter, text: str, width: float) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(int(width), 0))
