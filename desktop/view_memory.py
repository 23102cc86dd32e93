"""Where each painting was looked at: the next start, after a crash too, shows the same place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from canvas.geometry import PointF
from desktop.naming import named
from desktop.view.camera import MAX_ZOOM, MIN_ZOOM

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

SETTLE_MS = 1500
LIMIT = 100
"""Paintings whose place is remembered; the oldest are forgotten."""
FAR = 1e9


class ViewMemory:
    """Notes the camera of one window in the settings, a moment after it has come to rest."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._settings = window, window.program.settings
        self._timer = named(QTimer(window), "viewMemoryTimer", interval=SETTLE_MS, singleShot=True)
        self._timer.timeout.connect(self.note)
        window.view.viewChanged.connect(self._timer.start)

    def note(self) -> None:
        """Writes the camera down."""
        self._timer.stop()
        camera, name = self._window.view.camera, str(self._window.session.path)
        now = [camera.center.x, camera.center.y, camera.zoom, camera.rotation, camera.mirrored]
        views = {key: value for key, value in self._settings.remembered.views.items() if key != name}
        newest = [*views.items(), (name, now)][-LIMIT:]
        self._settings.remember(views=dict(newest))

    def restore(self) -> bool:
        """Looks at the place of the last time; False where there was none."""
        found = self._settings.remembered.views.get(str(self._window.session.path))
        if not isinstance(found, list) or len(found) != 5:
            return False
        x, y, zoom, rotation, mirrored = found
        if not all(isinstance(number, int | float) and abs(number) < FAR for number in (x, y, zoom, rotation)):
            return False
        view = self._window.view
        zoom = min(max(float(zoom), MIN_ZOOM), MAX_ZOOM)
        place = replace(view.camera, center=PointF(float(x), float(y)), zoom=zoom, mirrored=bool(mirrored))
        view.set_camera(place.turned(float(rotation)))
        return True
