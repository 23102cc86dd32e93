"""The window's commands of live painting, and of strokes that running jobs take in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from desktop.generation.amending import Amending
from desktop.generation.live_settings import LivePlace, LiveSettings
from desktop.late import Late
from desktop.naming import named
from desktop.slots import Handler

if TYPE_CHECKING:
    from desktop.generation.live import LivePainting
    from desktop.main_window import MainWindow
    from desktop.view.live_bar import LiveBar

REMEMBER_MS = 1000
PEEK_KEY = Qt.Key.Key_QuoteLeft


class LiveCommands(QObject):
    """Live painting of one window: its actions, its bar, and which window it runs in."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._settings = window, window.program.settings
        self._late = Late(self._make)
        self._bar: LiveBar | None = None
        self.amending = Amending(window.controller, self)
        self._was_on, self._had_picture = False, False
        self._timer = named(QTimer(self), "liveSettingsTimer", interval=REMEMBER_MS, singleShot=True)
        self._timer.timeout.connect(self._remember)
        self._settings.changed.connect(self._preferences_changed)
        self._preferences_changed(set())
        window.installEventFilter(self)
        window.view.installEventFilter(self)

    @property
    def painting(self) -> LivePainting:
        """The live painting of this window; made when it is wanted first."""
        return self._late()

    @property
    def bar(self) -> LiveBar:
        """What is set about it, over the canvas."""
        self._late()
        assert self._bar is not None  # noqa: S101 - made together
        return self._bar

    def _make(self) -> LivePainting:
        from desktop.generation.live import LivePainting  # many modules: not for every start
        from desktop.view.live_bar import LiveBar

        window = self._window
        painting = LivePainting(window.session, window.view, window.form, window.program.router, self)
        painting.settings = self._remembered()
        self._bar = LiveBar(window.view, painting)
        self._bar.use_actions(window.actions_by_id)
        painting.message.connect(window.say)
        painting.changed.connect(self._changed)
        painting.settings_changed.connect(self._settings_of_live_changed)
        return painting

    def _remembered(self) -> LiveSettings:
        return LiveSettings.from_dict(self._settings.remembered.live)

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        return {
            "live.toggle": self.toggle,
            "live.keep": lambda: self.painting.keep(),
            "live.new-seed": lambda: self.painting.new_seed(),
            "live.peek": lambda: self.painting.peek(not self.painting.peeking),
            "live.place-over": lambda: self.painting.set(place=LivePlace.OVER),
            "live.place-beside": lambda: self.painting.set(place=LivePlace.BESIDE),
            "generate.take-in-strokes": lambda: self._settings.update(take_in_strokes=not self.amending.on),
        }

    @property
    def is_on(self) -> bool:
        """Whether this window paints live."""
        made = self._late.made
        return made is not None and made.on

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {
            "live": lambda: self.is_on,
            "live-picture": lambda: (made := self._late.made) is not None and made.picture is not None,
        }

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action id -> whether it is on."""
        return {
            "live.toggle": lambda: self.is_on,
            "live.peek": lambda: (made := self._late.made) is not None and made.peeking,
            "live.place-over": lambda: self._place() is LivePlace.OVER,
            "live.place-beside": lambda: self._place() is LivePlace.BESIDE,
            "generate.take-in-strokes": lambda: self.amending.on,
        }

    def _place(self) -> LivePlace:
        made = self._late.made
        return (made.settings if made is not None else self._remembered()).place

    def toggle(self) -> None:
        """Begins or ends live painting here."""
        self.painting.turn(not self.painting.on)
        self._claim()

    def _claim(self) -> None:
        """The window that is worked in paints live; the others rest."""
        for other in self._window.program.windows:
            other.live_commands.set_active(other is self._window)

    def set_active(self, active: bool) -> None:
        """Whether this is the window that is worked in."""
        if self._late.made is not None:
            self._late.made.set_active(active)

    def _changed(self) -> None:
        beside = self.painting.on and self.painting.settings.place is LivePlace.BESIDE
        self._window.expand_commands.arrows.stand_back("live", beside)  # the picture stands there
        now = (self.painting.on, self.painting.picture is not None)
        if now != (self._was_on, self._had_picture):
            self._was_on, self._had_picture = now
            self._window.refresh_actions()

    def _settings_of_live_changed(self) -> None:
        self._timer.start()
        self._window.refresh_actions()

    def _remember(self) -> None:
        self._timer.stop()
        self._settings.remember(live=self.painting.settings.to_dict())

    def _preferences_changed(self, _names: set[str]) -> None:
        self.amending.on = self._settings.preferences.take_in_strokes

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window that comes to the front paints live; a held key shows the canvas without the live picture."""
        if event.type() == QEvent.Type.WindowActivate and watched is self._window:
            self._claim()
        if self.is_on and isinstance(event, QKeyEvent) and event.key() == PEEK_KEY:
            if event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) and not event.isAutoRepeat():
                self.painting.peek(event.type() == QEvent.Type.KeyPress)
            return event.type() != QEvent.Type.ShortcutOverride
        return super().eventFilter(watched, event)

    async def finish(self) -> None:
        """Ends live painting; the window is about to go."""
        made = self._late.made
        if made is not None:
            self._remember()
            await made.finish()

    def release_document(self) -> None:
        """Listens no longer."""
        self._settings.changed.disconnect(self._preferences_changed)
        if self._late.made is not None:
            self._late.made.release_document()
        self.amending.release_document()
