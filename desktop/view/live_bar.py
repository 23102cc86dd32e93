"""The bar of live painting: how far it goes, its seed, where it is shown, keep, and how quickly pictures come."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSlider, QToolButton

from desktop.generation.live import LivePainting, LiveState
from desktop.generation.live_settings import LivePlace
from desktop.naming import named
from desktop.panels.parameter_rows import SCHEDULER_WORDS
from desktop.view.canvas_view import CanvasView
from desktop.view.floating import Rank, floating
from desktop.view.placing import place_at_bottom
from pipelines.contract.models import SchedulerName

SLIDER_WIDTH = 96
RATE_MS = 500
STEPS = (2, 3, 4, 6, 8, 12)
PLACES = {LivePlace.OVER: "live.place-over", LivePlace.BESIDE: "live.place-beside"}
DOTS = {LiveState.PAINTING: "#e0603c", LiveState.RESTING: "#4caf6d"}
"""Colour of the dot; grey otherwise."""


class LiveBar(QFrame):
    """At the lower edge of the canvas while live painting is on. Never modal, never with the keyboard."""

    def __init__(self, view: CanvasView, live: LivePainting) -> None:
        super().__init__(view)
        self.setObjectName("liveBar")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click here is not a dab on the canvas
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._view, self._live = view, live
        self.dot = named(QLabel("●", self), "liveDot")
        self.rate = named(QLabel(self), "liveRate")
        self.strength_word = named(QLabel(self), "liveStrengthWord")
        self.strength = self._slider("liveStrength", 5)
        self.strength_figure = named(QLabel(self), "liveStrengthFigure")
        self.seed = self._button("liveSeed")
        self.places = {place: self._button(f"live-{place}", checkable=True) for place in LivePlace}
        self.opacity = self._slider("liveOpacity", 10)
        self.peek = self._button("livePeek", checkable=True)
        self.more = self._button("liveMore")
        self.keep = self._button("liveKeep")
        self.keep.setProperty("primary", True)
        self.stop = self._button("liveStop")
        self.stop.setText("✕")
        self._lay_out()
        self._make_menu()
        self._timer = named(QTimer(self), "liveRateTimer", interval=RATE_MS)
        self._timer.timeout.connect(self._show_rate)
        self._connect()
        self.hide()
        self.retranslate()

    # --- building

    def _slider(self, name: str, least: int) -> QSlider:
        slider = named(QSlider(Qt.Orientation.Horizontal, self), name, minimum=least, maximum=100)
        slider.setFixedWidth(SLIDER_WIDTH)
        slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return slider

    def _button(self, name: str, *, checkable: bool = False) -> QToolButton:
        button = named(QToolButton(self), name, checkable=checkable, iconSize=QSize(16, 16))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the canvas keeps the keys
        return button

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 6)
        layout.setSpacing(5)
        self.rate.setMinimumWidth(self.fontMetrics().horizontalAdvance("00.0 / s "))
        self.strength_figure.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %"))
        row = (self.dot, self.rate, self.strength_word, self.strength, self.strength_figure, self.seed)
        for widget in (*row, *self.places.values(), self.opacity, self.peek, self.more, self.keep, self.stop):
            layout.addWidget(widget)

    def _make_menu(self) -> None:
        menu = named(QMenu(self.more), "liveMenu")
        self.steps_menu, self.scheduler_menu = menu.addMenu(""), menu.addMenu("")
        self._steps = self._choices(self.steps_menu, STEPS)
        self._schedulers = self._choices(self.scheduler_menu, (None, *SchedulerName))
        self.steps_menu.triggered.connect(lambda one: self._live.set(num_inference_steps=one.data()))
        self.scheduler_menu.triggered.connect(lambda one: self._live.set(scheduler=one.data()))
        self.more.setMenu(menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _choices(self, menu: QMenu, values: tuple[object, ...]) -> dict[object, QAction]:
        group, found = QActionGroup(menu), {}
        for value in values:
            action = menu.addAction(str(value))
            action.setData(value)
            action.setCheckable(True)
            group.addAction(action)
            found[value] = action
        return found

    def _connect(self) -> None:
        live = self._live
        self.strength.valueChanged.connect(lambda value: live.set(strength=value / 100))
        self.opacity.valueChanged.connect(lambda value: live.set(opacity=value / 100))
        self.seed.clicked.connect(live.new_seed)
        self.peek.toggled.connect(live.peek)
        self.stop.clicked.connect(lambda: live.turn(False))
        for place, button in self.places.items():
            button.clicked.connect(lambda _=False, chosen=place: live.set(place=chosen))
        live.changed.connect(self._refresh)
        live.settings_changed.connect(self._show_settings)
        floating(self._view).add(self, Rank.EDGE, self._fit)

    def use_actions(self, actions: Mapping[str, QAction]) -> None:
        """Takes icons, and for Keep the handler, from the window's actions."""
        self.keep.clicked.connect(actions["live.keep"].trigger)
        for button, name in ((self.seed, "live.new-seed"), (self.peek, "live.peek")):
            action = actions[name]
            action.changed.connect(lambda one=button, taken=action: one.setIcon(taken.icon()))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    # --- what it shows

    def _refresh(self) -> None:
        live = self._live
        if live.on and self.isHidden():
            self._show_settings()
            self.show()
            self.raise_()
            self._timer.start()
        elif not live.on:
            self.hide()
            self._timer.stop()
            return
        colour = f"color: {DOTS.get(live.state, '#888888')}"
        if self.dot.styleSheet() != colour:  # style sheets are slow, and this comes with every stroke
            self.dot.setStyleSheet(colour)
        tip = self._state_words()[live.state]
        if live.picture is not None:
            seconds = self.tr("The picture on show came {0} s after the stroke").format(f"{live.picture.seconds:.1f}")
            tip = f"{tip}\n{seconds}"
        self.dot.setToolTip(tip)
        self.keep.setEnabled(live.picture is not None)
        with QSignalBlocker(self.peek):
            self.peek.setChecked(live.peeking)
        self._show_rate()

    def _show_rate(self) -> None:
        live = self._live
        if live.state in (LiveState.RESTING, LiveState.PAINTING):
            rate = live.rate
            word = self.tr("{0} / s").format(f"{rate:.1f}") if rate else self.tr("Live")
            word = word if live.picture is not None else self.tr("Begins")
        else:
            word = self._short_words()[live.state]
        if self.rate.text() != word:
            self.rate.setText(word)
            self._fit()

    def _show_settings(self) -> None:
        settings = self._live.settings
        for slider, value in ((self.strength, settings.strength), (self.opacity, settings.opacity)):
            with QSignalBlocker(slider):
                slider.setValue(round(value * 100))
        self.strength_figure.setText(f"{settings.strength * 100:.0f} %")
        for place, button in self.places.items():
            button.setChecked(place is settings.place)
        over = settings.place is LivePlace.OVER
        self.opacity.setVisible(over)
        self.peek.setVisible(over)
        for value, action in self._steps.items():
            action.setChecked(value == settings.num_inference_steps)
        for value, action in self._schedulers.items():
            action.setChecked(value == settings.scheduler)
        self.seed.setToolTip(
            self.tr("Other noise: another picture of the same strokes (now {0})").format(settings.seed)
        )
        self._fit()

    def _fit(self) -> None:
        """As wide as it needs, centred over the lower edge of the canvas."""
        self.adjustSize()
        place_at_bottom(self, self._view)

    # --- words

    def _short_words(self) -> dict[LiveState, str]:
        return {
            LiveState.OFF: "",
            LiveState.WAITING: self.tr("Waits"),
            LiveState.LOST: self.tr("Engine restarts"),
            LiveState.ELSEWHERE: self.tr("Elsewhere"),
        }

    def _state_words(self) -> dict[LiveState, str]:
        return {
            LiveState.OFF: "",
            LiveState.RESTING: self.tr("Live painting: the picture is up to date"),
            LiveState.PAINTING: self.tr("Live painting: the next picture is on its way"),
            LiveState.WAITING: self.tr("Live painting waits: what you asked for is painted first"),
            LiveState.LOST: self.tr("Live painting waits: the engine is on its way back"),
            LiveState.ELSEWHERE: self.tr("Live painting rests here while you work in another window"),
        }

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_timer"):
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.strength_word.setText(self.tr("Strength"))
        self.strength.setToolTip(self.tr("How far live pictures may go from what is painted"))
        self.rate.setToolTip(self.tr("Live pictures a second"))
        self.seed.setText(self.tr("Seed"))
        self.places[LivePlace.OVER].setText(self.tr("Over"))
        self.places[LivePlace.OVER].setToolTip(self.tr("Show it on the frame, under your newest strokes"))
        self.places[LivePlace.BESIDE].setText(self.tr("Beside"))
        self.places[LivePlace.BESIDE].setToolTip(self.tr("Show it next to the frame"))
        self.opacity.setToolTip(self.tr("Opacity of the live picture over the frame"))
        self.peek.setToolTip(self.tr("Hide it, so that you see what is painted (hold ` over the canvas)"))
        self.more.setText("⋯")
        self.more.setToolTip(self.tr("Steps and scheduler"))
        self.steps_menu.setTitle(self.tr("Steps"))
        self.scheduler_menu.setTitle(self.tr("Scheduler"))
        for value, action in self._schedulers.items():
            action.setText(self.tr("Fitting") if value is None else SCHEDULER_WORDS[SchedulerName(str(value))])
        self.keep.setText(self.tr("Keep"))
        self.keep.setToolTip(self.tr("Make a new layer of exactly this picture (Ctrl+Alt+Space)"))
        self.stop.setToolTip(self.tr("End live painting (Ctrl+Shift+Space)"))
        self._show_settings()
        self._refresh()
