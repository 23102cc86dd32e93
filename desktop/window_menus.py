"""Menus, tool bar and canvas keys, all made from the table of actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QToolButton, QWidget

from desktop.actions.table import ACTIONS, MENUS, ActionSpec, make_action, set_texts, translate
from desktop.panels.glyphs import glyph
from desktop.slots import Handler, Slots
from desktop.theme import Theme, make_icon
from desktop.tool_families import FAMILIES, FamilyButton

BAR = (
    "tool.brush", "tool.eraser", "tool.smudge", "tool.eyedropper", "", "tool.lasso", "tool.rectangle",
    "tool.wand", "tool.selection-brush", "",
    "tool.fill", "tool.gradient", "tool.shapes", "tool.text", "", "tool.frame", "tool.route",
    "tool.move", "tool.transform",
    "tool.hand", "", "color.swap", "edit.undo", "edit.redo", "", "view.fit", "view.mirror", "palette.open",
)  # fmt: skip
"""The tool bar from top to bottom; an empty name is a line."""
ICON = 20


class ActionSet:
    """The window's Qt actions with their menus."""

    def __init__(self, window: QMainWindow, handlers: Mapping[str, Handler], slots: Slots) -> None:
        self.actions: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self._window = window
        self._groups: dict[str, QActionGroup] = {}
        for spec in ACTIONS:
            action = make_action(spec, window)
            action.triggered.connect(slots.wrap(handlers[spec.id]))
            if spec.group:
                self._group(spec.group).addAction(action)
            window.addAction(action)  # its keys work even while the menu bar is hidden
            self.actions[spec.id] = action
        self._make_menus()
        self.retranslate()

    def _group(self, name: str) -> QActionGroup:
        if name not in self._groups:
            self._groups[name] = QActionGroup(self._window)
        return self._groups[name]

    def _make_menus(self) -> None:
        bar = self._window.menuBar()
        for name, _title in MENUS:
            menu = QMenu(bar)
            menu.setObjectName(f"menu-{name}")
            menu.setToolTipsVisible(True)
            self.menus[name] = menu
            if "/" not in name:
                bar.addMenu(menu)
        placed: set[str] = set()
        for spec in ACTIONS:
            if not spec.menu:
                continue
            parent, _, child = spec.menu.partition("/")
            if child and spec.menu not in placed:
                self.menus[parent].addMenu(self.menus[spec.menu])
                placed.add(spec.menu)
            if spec.separator and self.menus[spec.menu].actions():
                self.menus[spec.menu].addSeparator()
            self.menus[spec.menu].addAction(self.actions[spec.id])

    def add_recent_menu(self, fill: Callable[[QMenu], None]) -> QMenu:
        """The submenu of recent files, after Open; `fill` makes it anew whenever it opens."""
        menu = QMenu(self.menus["file"])
        menu.setObjectName("menu-recent")
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(lambda: fill(menu))
        self.menus["file"].insertMenu(self.menus["file"].actions()[2], menu)
        return menu

    def menu_path(self, spec: ActionSpec) -> str:
        """Where an action stands, as `View › Panels`."""
        titles = dict(MENUS)
        parts = spec.menu.split("/")
        names = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        return " › ".join(plain(translate(titles[name])) for name in names if name in titles)

    def make_bar(self) -> QToolBar:
        """The slim bar at the left."""
        bar = QToolBar(self._window)
        bar.setObjectName("toolBar")
        bar.setMovable(False)
        bar.setOrientation(Qt.Orientation.Vertical)
        bar.setIconSize(QSize(ICON, ICON))
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for name in BAR:
            if not name:
                bar.addSeparator()
                continue
            family = next((names for names in FAMILIES if names[0] == name), ())
            if family:
                button = FamilyButton([self.actions[one] for one in family], bar)
                bar.addWidget(button)
            else:
                bar.addAction(self.actions[name])
                button = bar.widgetForAction(self.actions[name])
            if button is not None:
                button.setObjectName(f"bar-{name}")
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._window.addToolBar(Qt.ToolBarArea.LeftToolBarArea, bar)
        return bar

    def dress(self, theme: Theme) -> None:
        """Draws every icon in the theme's ink."""
        for spec in ACTIONS:
            if spec.icon:
                self.actions[spec.id].setIcon(make_icon(spec.icon, theme))
        bar = self._window.findChild(QToolBar, "toolBar")
        more = bar.findChild(QToolButton, "qt_toolbar_ext_button") if bar is not None else None
        if more is not None:  # Qt's own arrow for what finds no room is black on dark ground
            more.setIcon(glyph("more", self._window.palette().windowText().color()))

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        for spec in ACTIONS:
            set_texts(self.actions[spec.id], spec)
        for name, title in MENUS:
            self.menus[name].setTitle(translate(title))

    def refresh(self, conditions: Mapping[str, Callable[[], bool]], checked: Mapping[str, Callable[[], bool]]) -> None:
        """Enables what is possible and checks what is on."""
        holds = {name: condition() for name, condition in conditions.items()}
        for spec in ACTIONS:
            if spec.needs:
                self.actions[spec.id].setEnabled(holds[spec.needs])
            if spec.checkable:
                self.actions[spec.id].setChecked(checked[spec.id]())


def plain(title: str) -> str:
    """A menu title without its accelerator: `&File` and `文件(&F)` alike."""
    head, _, _ = title.partition("(&")
    return head.replace("&", "")


def add_canvas_keys(canvas: QWidget, actions: Mapping[str, QAction]) -> None:
    """Keys that work while the canvas itself has the keyboard; the first enabled action of a key runs."""
    by_key: dict[str, list[QAction]] = {}
    for spec in ACTIONS:
        for key in spec.canvas_keys:
            by_key.setdefault(key, []).append(actions[spec.id])
    for key, candidates in by_key.items():
        shortcut = QShortcut(QKeySequence(key), canvas)
        shortcut.setObjectName(f"key-{key}")
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(lambda found=candidates: _run_first(found))


def _run_first(actions: list[QAction]) -> None:
    for action in actions:
        if action.isEnabled():
            action.trigger()
            return
