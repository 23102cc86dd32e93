"""The command palette: type a few letters of anything the program can do, in either language, and run it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QPainter, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.actions.table import ActionSpec, native_shortcut, translate
from desktop.naming import named

ID_ROLE = Qt.ItemDataRole.UserRole
KEYS_ROLE = Qt.ItemDataRole.UserRole + 1
PATH_ROLE = Qt.ItemDataRole.UserRole + 2
WIDTH, HEIGHT, ROW = 560, 396, 30
SHOWN = 60


@dataclass(frozen=True)
class Entry:
    """One action as the palette searches it."""

    spec: ActionSpec
    text: str
    """In the present language."""
    path: str
    """Its menu, in the present language."""

    @property
    def words(self) -> tuple[tuple[str, float], ...]:
        """What is searched, and how much a hit there counts."""
        english = self.spec.text.replace("…", "")
        return (
            (self.text, 1.0), (english, 0.95), (f"{self.path} {self.text}", 0.8), (self.spec.id, 0.7),
            (translate(self.spec.tip), 0.45), (self.spec.tip, 0.4),
        )  # fmt: skip


def score(query: str, text: str) -> float:
    """How well `text` answers `query`, 0 (not at all) to 1 (it is the same): whole words beat beginnings of words,
    those beat letters in the middle, those beat scattered letters in order.
    """
    wanted, given = query.casefold().strip(), text.casefold()
    if not wanted:
        return 0.5
    place = given.find(wanted)
    if place == 0:
        return 0.9 + 0.1 * len(wanted) / len(given)
    if place > 0:
        at_word = not given[place - 1].isalnum() or not wanted.isascii()
        return (0.8 if at_word else 0.6) + 0.1 * len(wanted) / len(given)
    parts = wanted.split()
    if len(parts) > 1:
        return 0.95 * min(score(part, text) for part in parts)
    return _scattered(wanted, given)


def _scattered(wanted: str, given: str) -> float:
    """Letters in order with gaps: 0 .. 0.5; each must begin a word or follow the letter before it."""
    spot, hits = -1, 0.0
    for letter in wanted:
        following = spot + 1
        if following < len(given) and given[following] == letter and spot >= 0:
            spot, gain = following, 1.0
        else:
            spot = _next_word_start(given, letter, following)
            gain = 0.8
        if spot < 0:
            return 0.0
        hits += gain
    return 0.5 * hits / len(wanted)


def _next_word_start(given: str, letter: str, start: int) -> int:
    for place in range(max(start, 0), len(given)):
        if given[place] == letter and (place == 0 or not given[place - 1].isalnum()):
            return place
    return -1


def find(entries: Sequence[Entry], query: str) -> list[Entry]:
    """The entries that answer the query, the best first; all of them, in table order, for an empty one."""
    if not query.strip():
        return list(entries)
    scored = [(max(weight * score(query, text) for text, weight in entry.words), entry) for entry in entries]
    return [entry for points, entry in sorted(scored, key=lambda pair: -pair[0]) if points >= 0.2]


class PaletteRow(QStyledItemDelegate):
    """Icon, text, menu path in a weaker colour, shortcut at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One height for all."""
        del index
        return QSize(option.rect.width(), ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draws the row."""
        option = QStyleOptionViewItem(option)
        self.initStyleOption(option, index)
        option.text, option.icon = "", QIcon()
        QApplication.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        group = QPalette.ColorGroup.Normal if enabled else QPalette.ColorGroup.Disabled
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        weak = role if selected else QPalette.ColorRole.PlaceholderText
        area = option.rect.adjusted(10, 0, -10, 0)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(icon, QIcon):
            mode = QIcon.Mode.Selected if selected else QIcon.Mode.Normal if enabled else QIcon.Mode.Disabled
            icon.paint(painter, QRect(area.left(), area.top() + 6, 18, 18), Qt.AlignmentFlag.AlignCenter, mode)
        area.setLeft(area.left() + 28)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(option.palette.color(group, role))
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        painter.drawText(area, left, text)
        painter.setPen(option.palette.color(group, weak))
        after = area.adjusted(option.fontMetrics.horizontalAdvance(text) + 12, 0, 0, 0)
        painter.drawText(after, left, str(index.data(PATH_ROLE)))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(area, right, str(index.data(KEYS_ROLE)))


class CommandPalette(QFrame):
    """A field and a list over the window. Enter runs, Esc goes back to where the keyboard was."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("commandPalette")
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click here is not one on what lies below
        self._specs: Sequence[ActionSpec] = ()
        self._actions: Mapping[str, QAction] = {}
        self._menu_path: Callable[[ActionSpec], str] = lambda spec: spec.menu
        self._entries: list[Entry] = []
        self._before: QWidget | None = None
        self.field = named(QLineEdit(self), "commandPaletteField")
        self.model = QStandardItemModel(self)
        self.list = named(QListView(self), "commandPaletteList", uniformItemSizes=True)
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaletteRow(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list.clicked.connect(lambda _: self._run())
        self.hide()

    def fill(
        self, specs: Sequence[ActionSpec], actions: Mapping[str, QAction], menu_path: Callable[[ActionSpec], str]
    ) -> None:
        """Takes the actions to search, and how to say where one stands in the menus."""
        self._specs, self._actions, self._menu_path = specs, actions, menu_path

    def open(self) -> None:
        """Shows the palette over the upper middle of the window and takes the keyboard."""
        self._before = QApplication.focusWidget()
        self._entries = [Entry(spec, translate(spec.text), self._menu_path(spec)) for spec in self._specs]
        self.field.setPlaceholderText(self.tr("What do you want to do?"))
        self.field.setToolTip(self.tr("Type a few letters, choose with the arrow keys, run with Enter"))
        self.list.setToolTip(self.tr("Click to run"))
        self.field.clear()
        self._search("")
        width, height = min(WIDTH, self._window.width() - 40), min(HEIGHT, self._window.height() - 120)
        self.setGeometry((self._window.width() - width) // 2, 64, width, height)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_palette(self) -> None:
        """Hides and gives the keyboard back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)

    def _search(self, query: str) -> None:
        self.model.clear()
        for entry in find(self._entries, query)[:SHOWN]:
            action = self._actions[entry.spec.id]
            item = QStandardItem(action.icon(), entry.text)
            item.setData(entry.spec.id, ID_ROLE)
            item.setData(native_shortcut(entry.spec), KEYS_ROLE)
            item.setData(entry.path, PATH_ROLE)
            item.setToolTip(translate(entry.spec.tip))
            item.setEnabled(action.isEnabled())
            self.model.appendRow(item)
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0, 0))

    def _step(self, rows: int) -> None:
        count = self.model.rowCount()
        if count:
            row = min(max(self.list.currentIndex().row() + rows, 0), count - 1)
            self.list.setCurrentIndex(self.model.index(row, 0))

    def _run(self) -> None:
        index = self.list.currentIndex()
        if not index.isValid():
            return
        action = self._actions[str(index.data(ID_ROLE))]
        if action.isEnabled():
            self.close_palette()
            action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field's arrow keys move in the list; leaving the field closes the palette."""
        if event.type() == QEvent.Type.FocusOut:
            now = QApplication.focusWidget()
            if now is None or not self.isAncestorOf(now):
                self.hide()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
            key = Qt.Key(event.key())
            if key in steps:
                self._step(steps[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
            if key == Qt.Key.Key_Escape:
                self.close_palette()
                return True
        return super().eventFilter(watched, event)
