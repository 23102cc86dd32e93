"""The command palette: type a few letters of anything the program can do, in either language, and run it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QPainter, QPalette
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
WIDTH, HEIGHT, ROW = 560, 396, 30
SHOWN = 60
AT_A_TIME = 40
"""Actions that are made ready for the search between two events."""
ENOUGH = 0.2
"""Points below which an action does not answer."""
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class Text:
    """One text as it is searched: folded once, with the places where words begin."""

    __slots__ = ("folded", "letters", "starts")

    def __init__(self, text: str) -> None:
        folded = text.casefold()
        self.folded = folded
        self.letters = frozenset(folded)
        before = " " + folded
        self.starts = tuple(place for place in range(len(folded)) if not before[place].isalnum())


class Entry:
    """One action as the palette searches it. What costs time is found out once, when it is first searched or shown."""

    def __init__(self, spec: ActionSpec, text: str, path: str) -> None:
        """`text` and `path`, its menu, are in the present language."""
        self.spec, self.text, self.path = spec, text, path

    @cached_property
    def words(self) -> tuple[tuple[Text, float], ...]:
        """What is searched, and how much a hit there counts; the weightiest first, nothing twice."""
        english = self.spec.text.replace("…", "")
        texts = (
            (self.text, 1.0), (english, 0.95), (f"{self.path} {self.text}", 0.8), (self.spec.id, 0.7),
            (self.tip, 0.45), (self.spec.tip, 0.4),
        )  # fmt: skip
        weights: dict[str, float] = {}
        for text, weight in texts:
            weights.setdefault(text, weight)
        return tuple((Text(text), weight) for text, weight in weights.items())

    @cached_property
    def tip(self) -> str:
        """In the present language."""
        return translate(self.spec.tip)

    @cached_property
    def shortcut(self) -> str:
        """As this system writes it."""
        return native_shortcut(self.spec)


def score(query: str, text: str) -> float:
    """How well `text` answers `query`, 0 (not at all) to 1 (it is the same): whole words beat beginnings of words,
    those beat letters in the middle, those beat scattered letters in order.
    """
    return _score(query.casefold().strip(), Text(text))


def _score(wanted: str, text: Text) -> float:
    given = text.folded
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
        worst = 1.0
        for part in parts:
            worst = min(worst, _score(part, text))
            if not worst:
                break
        return 0.95 * worst
    return _scattered(wanted, text)


def _scattered(wanted: str, text: Text) -> float:
    """Letters in order with gaps: 0 .. 0.5; each must begin a word or follow the letter before it."""
    if not text.letters.issuperset(wanted):
        return 0.0
    given, starts = text.folded, text.starts
    spot, hits = -1, 0.0
    for letter in wanted:
        following = spot + 1
        if spot >= 0 and following < len(given) and given[following] == letter:
            spot, gain = following, 1.0
        else:
            spot = next((place for place in starts if place >= following and given[place] == letter), -1)
            gain = 0.8
        if spot < 0:
            return 0.0
        hits += gain
    return 0.5 * hits / len(wanted)


def find(entries: Sequence[Entry], query: str) -> list[Entry]:
    """The entries that answer the query, the best first; all of them, in table order, for an empty one."""
    wanted = query.casefold().strip()
    if not wanted:
        return list(entries)
    scored = [(_points(entry, wanted), entry) for entry in entries]
    return [entry for points, entry in sorted(scored, key=lambda pair: -pair[0]) if points >= ENOUGH]


def _points(entry: Entry, wanted: str) -> float:
    best = 0.0
    for text, weight in entry.words:
        if weight <= best:  # nothing that follows can be better
            break
        best = max(best, weight * _score(wanted, text))
    return best


class PaletteRows(QAbstractListModel):
    """What was found, as rows; everything about a row is looked up when it is drawn."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._entries: Sequence[Entry] = ()
        self._actions: Mapping[str, QAction] = {}

    def show_entries(self, entries: Sequence[Entry], actions: Mapping[str, QAction]) -> None:
        """Takes other rows."""
        self.beginResetModel()
        self._entries, self._actions = entries, actions
        self.endResetModel()

    def row(self, number: int) -> tuple[Entry, QAction]:
        """What stands there."""
        entry = self._entries[number]
        return entry, self._actions[entry.spec.id]

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many were found."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, icon, tip and the action's id, for whoever asks by roles."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.text
            case Qt.ItemDataRole.DecorationRole:
                return self._actions[entry.spec.id].icon()
            case Qt.ItemDataRole.ToolTipRole:
                return entry.tip
            case _:
                return entry.spec.id if role == ID_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What cannot be done now is grey."""
        able = index.isValid() and self._actions[self._entries[index.row()].spec.id].isEnabled()
        selectable = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return selectable | Qt.ItemFlag.ItemIsEnabled if able else selectable


class PaletteRow(QStyledItemDelegate):
    """Icon, text, menu path in a weaker colour, shortcut at the right."""

    def __init__(self, rows: PaletteRows, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One height for all."""
        del index
        return QSize(option.rect.width(), ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draws the row."""
        entry, action = self._rows.row(index.row())  # not role by role: each costs a way through Qt
        style = option.widget.style() if option.widget is not None else QApplication.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        enabled = action.isEnabled()
        group = QPalette.ColorGroup.Normal if enabled else QPalette.ColorGroup.Disabled
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        weak = role if selected else QPalette.ColorRole.PlaceholderText
        area = option.rect.adjusted(10, 0, -10, 0)
        mode = QIcon.Mode.Selected if selected else QIcon.Mode.Normal if enabled else QIcon.Mode.Disabled
        action.icon().paint(painter, QRect(area.left(), area.top() + 6, 18, 18), Qt.AlignmentFlag.AlignCenter, mode)
        area.setLeft(area.left() + 28)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(option.palette.color(group, role))
        painter.drawText(area, left, entry.text)
        painter.setPen(option.palette.color(group, weak))
        after = area.adjusted(option.fontMetrics.horizontalAdvance(entry.text) + 12, 0, 0, 0)
        painter.drawText(after, left, entry.path)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(area, right, entry.shortcut)


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
        self._ready = 0
        self._readying = named(QTimer(self), "paletteReadying", interval=0)
        self._readying.timeout.connect(self._make_ready)
        self.field = named(QLineEdit(self), "commandPaletteField")
        self.model = PaletteRows(self)
        self.list = named(QListView(self), "commandPaletteList", uniformItemSizes=True)
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaletteRow(self.model, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
        self._entries = []

    def open(self) -> None:
        """Shows the palette over the upper middle of the window and takes the keyboard."""
        self._before = QApplication.focusWidget()
        if not self._entries:
            self._entries = [Entry(spec, translate(spec.text), self._menu_path(spec)) for spec in self._specs]
            self._ready = 0
            self._readying.start()
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

    def _make_ready(self) -> None:
        """The next few actions, so that the first letter need not wait for all of them."""
        for entry in self._entries[self._ready : self._ready + AT_A_TIME]:
            _ = entry.words
        self._ready += AT_A_TIME
        if self._ready >= len(self._entries):
            self._readying.stop()

    def _search(self, query: str) -> None:
        self.model.show_entries(find(self._entries, query)[:SHOWN], self._actions)
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

    def changeEvent(self, event: QEvent) -> None:
        """In another language everything is called otherwise."""
        if event.type() == QEvent.Type.LanguageChange:
            self._entries = []
        super().changeEvent(event)

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
