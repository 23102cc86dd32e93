"""The card over the canvas that paints a route: its words, start and stop, how far it is, its seed."""

from __future__ import annotations

import secrets
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QProgressBar, QToolButton, QVBoxLayout

from canvas.changes import ChangeKind, DocumentChange
from canvas.markings import ROUTE
from canvas.routes import MOST_SEED, Route
from desktop.generation.route import RouteRun, RouteState
from desktop.naming import named
from desktop.theme import Theme, make_icon
from desktop.view.canvas_view import CanvasView
from desktop.view.floating import Rank, floating
from desktop.view.placing import place_at_bottom
from desktop.view.route_drawing import stretch_colour
from desktop.view.tools.route import RouteTool

WIDTH = 560
PARTS = 1000


class RouteCard(QFrame):
    """Shown while there is a route and its tool is in hand or it is being painted."""

    def __init__(self, view: CanvasView, run: RouteRun, tool: RouteTool) -> None:
        super().__init__(view)
        self.setObjectName("routeCard")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click here is not a point on the canvas
        self._view, self._run, self._tool = view, run, tool
        self.stretch = named(QLabel(self), "routeStretch")
        self.previous = self._button("routePreviousStretch", "‹")
        self.next = self._button("routeNextStretch", "›")
        self.join = self._button("routeJoin")
        self.prompt = named(QLineEdit(self, clearButtonEnabled=True), "routePrompt")
        self.start = self._button("routeStart")
        self.start.setProperty("primary", True)
        self.status = named(QLabel(self), "routeStatus")
        self.bar = named(QProgressBar(self, textVisible=False), "routeProgress")
        self.bar.setRange(0, PARTS)
        self.bar.setFixedHeight(5)
        self.seed = named(QLineEdit(self), "routeSeed")
        self.seed.setFixedWidth(104)
        self.dice = self._button("routeNewSeed")
        self.remove = self._button("routeRemove")
        self._lay_out()
        self._connect()
        self.setFixedWidth(WIDTH)
        self.hide()
        self.retranslate()

    def _button(self, name: str, text: str = "") -> QToolButton:
        button = named(QToolButton(self), name, text=text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the canvas keeps the keys
        return button

    def _lay_out(self) -> None:
        words, work, middle, rows = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(), QVBoxLayout(self)
        for widget in (self.previous, self.stretch, self.next):
            words.addWidget(widget)
        words.addWidget(self.prompt, 1)
        words.addWidget(self.join)
        middle.setSpacing(4)
        middle.addWidget(self.status)
        middle.addWidget(self.bar)
        work.addWidget(self.start)
        work.addLayout(middle, 1)
        for widget in (self.seed, self.dice, self.remove):
            work.addWidget(widget)
        rows.setContentsMargins(10, 10, 10, 10)
        rows.setSpacing(8)
        rows.addLayout(words)
        rows.addLayout(work)

    def _connect(self) -> None:
        self._run.changed.connect(self.refresh)
        self._view.toolChanged.connect(lambda _: self.refresh())
        floating(self._view).add(self, Rank.TOOL, self._place)
        self._disconnect = self._view.document.changed.connect(self._document_changed)
        self._tool.stretch_chosen = self._stretch_chosen
        self.previous.clicked.connect(lambda: self.choose(self._tool.chosen - 1))
        self.next.clicked.connect(lambda: self.choose(self._tool.chosen + 1))
        self.join.clicked.connect(self.join_stretch)
        self.prompt.textEdited.connect(self._prompt_edited)
        self.seed.editingFinished.connect(self._seed_edited)
        self.dice.clicked.connect(self.new_seed)
        self.start.clicked.connect(self.toggle)
        self.remove.clicked.connect(lambda: self._view.document.set_marking(ROUTE, None))
        for field in (self.prompt, self.seed):
            field.installEventFilter(self)

    # --- what it does

    @property
    def _route(self) -> Route | None:
        return self._view.document.route

    def toggle(self) -> None:
        """Start, stop after this window, or at once when it is stopping already."""
        if self._run.state is RouteState.RESTING:
            self._run.start()
        elif self._run.state is RouteState.PAINTING:
            self._run.stop()
        else:
            self._run.stop_now()

    def choose(self, stretch: int) -> None:
        """Show the words of a stretch."""
        route = self._route
        if route is not None:
            self._tool.chosen = min(max(stretch, 0), len(route.stretches) - 1)
            self._view.refresh_overlay()
            self.refresh()

    def join_stretch(self) -> None:
        """Make the shown stretch a part of the one before it."""
        route = self._route
        if route is not None and len(route.stretches) > 1:
            shown = self._tool.chosen
            self._tool.chosen = max(shown - 1, 0)
            self._view.document.set_marking(ROUTE, route.joined(shown))

    def new_seed(self) -> None:
        """What comes next is painted from another noise."""
        if self._route is not None:
            self._view.document.set_marking(ROUTE, replace(self._route, seed=secrets.randbelow(2**32)))

    def _stretch_chosen(self, stretch: int) -> None:
        self.choose(stretch)
        if self.isVisible():
            self.prompt.setFocus(Qt.FocusReason.PopupFocusReason)
            self.prompt.selectAll()

    def _prompt_edited(self, text: str) -> None:
        route = self._route
        if route is not None:
            self._view.document.set_marking(ROUTE, route.with_prompt(self._tool.chosen, text), merge="words")

    def _seed_edited(self) -> None:
        route, text = self._route, self.seed.text().strip()
        if route is not None and text.isdecimal() and int(text) <= MOST_SEED:
            self._view.document.set_marking(ROUTE, replace(route, seed=int(text)))
        self.refresh()

    # --- what it shows

    def refresh(self) -> None:
        """Show what is true now, or hide."""
        route = self._route
        if route is None or not (self._run.running or self._view.tool_id == self._tool.id):
            self._leave()
            return
        self._tool.chosen = min(self._tool.chosen, len(route.stretches) - 1)
        self._show_words(route)
        self.start.setText(self._start_word(route))
        self.start.setEnabled(self._run.running or self._run.left > 0 or route.painted == 0)
        self.status.setText(self._status_text(route))
        done = route.painted + self._run.fraction
        self.bar.setValue(round(PARTS * done / max(self._run.total, 1)))
        if not self.seed.hasFocus():
            self.seed.setText(str(route.seed))
        self._view.refresh_overlay()
        if not self.isVisible():
            self.show()
            self._place()

    def _leave(self) -> None:
        if self.isVisible():
            self._view.refresh_overlay()  # the line has gone, or its tool
            if self.prompt.hasFocus() or self.seed.hasFocus():
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            self.hide()

    def _show_words(self, route: Route) -> None:
        several, shown = len(route.stretches) > 1, self._tool.chosen
        for widget in (self.stretch, self.previous, self.next, self.join):
            widget.setVisible(several)
        self.previous.setEnabled(shown > 0)
        self.next.setEnabled(shown < len(route.stretches) - 1)
        self.stretch.setText(self.tr("{number} of {count}").format(number=shown + 1, count=len(route.stretches)))
        self.stretch.setStyleSheet(f"color: {stretch_colour(shown).name()}; font-weight: bold;")
        words = route.stretches[shown].prompt
        if self.prompt.text() != words:
            with QSignalBlocker(self.prompt):
                self.prompt.setText(words)
        what = self.tr("What is along this stretch?") if several else self.tr("What is along the route?")
        self.prompt.setPlaceholderText(what)

    def _start_word(self, route: Route) -> str:
        if self._run.state is RouteState.PAINTING:
            return self.tr("Stop")
        if self._run.state is RouteState.STOPPING:
            return self.tr("Stop now")
        return self.tr("Go on") if route.painted else self.tr("Start")

    def _status_text(self, route: Route) -> str:
        run = self._run
        if run.state is RouteState.STOPPING:
            return self.tr("Stops after window {number}").format(number=run.number)
        if run.state is RouteState.PAINTING:
            text = self.tr("Window {number} of {count}").format(number=run.number, count=run.total)
            left = run.seconds_left
            return text if left is None else self.tr("{text}, {time} left").format(text=text, time=clock(left))
        if run.left == 0 and route.painted:
            return self.tr("Painted to its end: {count} windows").format(count=route.painted)
        if route.painted:
            return self.tr("{number} of {count} windows painted").format(number=route.painted, count=run.total)
        if run.left == 1:
            return self.tr("1 window to paint")
        return self.tr("{count} windows to paint").format(count=run.left)

    def _place(self) -> None:
        """At the bottom of the view, in the middle."""
        if self.isVisible():
            self.adjustSize()
            place_at_bottom(self, self._view)

    def _document_changed(self, change: DocumentChange) -> None:
        if change.kind is ChangeKind.ROUTE:
            self.refresh()

    def release_document(self) -> None:
        """Listen no longer."""
        self._disconnect()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Esc in a field give the keyboard back to the canvas."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in keys:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().eventFilter(watched, event)

    def dress(self, theme: Theme) -> None:
        """Draws the icons in the theme's ink."""
        for button, icon in ((self.dice, "again"), (self.remove, "delete"), (self.join, "merge-down")):
            button.setIcon(make_icon(icon, theme))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.prompt.setToolTip(self.tr("What is painted along the route, or along the stretch that you clicked"))
        self.previous.setToolTip(self.tr("The stretch before"))
        self.next.setToolTip(self.tr("The next stretch"))
        self.join.setToolTip(self.tr("Join this stretch to the one before it"))
        self.start.setToolTip(
            self.tr("Paint window after window; stopping waits for the window in work, twice does not")
        )
        self.seed.setToolTip(self.tr("Seed of the noise that all windows share; another one changes what comes next"))
        self.dice.setToolTip(self.tr("Another seed for what comes next"))
        self.remove.setToolTip(self.tr("Remove the route; what is painted stays"))
        self.refresh()


def clock(seconds: float) -> str:
    """Minutes and seconds, as 2:05."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
