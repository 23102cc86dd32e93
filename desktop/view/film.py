"""The red film of the quick mask: everything that is not selected, in the view's own resolution."""

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter

from canvas.geometry import TILE, Bounds
from canvas.live import Live
from canvas.selection import Selection
from canvas.tile import FORMAT
from desktop.view.ants import view_mask
from desktop.view.camera import Camera
from desktop.view.renderer import device_transform

RED = QColor(235, 40, 50)
STRENGTH = 0.5
Mode = QPainter.CompositionMode


class MaskFilm:
    """Computed once per selection and camera, then only drawn."""

    def __init__(self) -> None:
        self._selection: Selection | None = None
        self._camera: Camera | None = None
        self._film = QImage()
        self._table = _film_table()

    def paint(self, painter: QPainter, selection: Selection, camera: Camera, stroke: tuple[Live, bool] | None) -> None:
        """Draw into a painter in device pixels. `stroke` is what is being painted, and whether it selects.

        An empty selection restricts nothing, so there is no film until a stroke selects something.
        """
        if selection is not self._selection or camera != self._camera:
            self._selection, self._camera = selection, camera
            self._film = self._developed(selection, camera)
        film = self._film
        if stroke is not None:
            film = QImage(film)
            live, selects = stroke
            if selects and selection.is_empty:
                film.fill(RED)
            with QPainter(film) as worker:
                draw_live(worker, camera, live, Mode.CompositionMode_DestinationOut if selects else None)
        painter.save()
        painter.setOpacity(STRENGTH)
        painter.drawImage(QPoint(0, 0), film)
        painter.restore()

    def _developed(self, selection: Selection, camera: Camera) -> QImage:
        width, height = camera.device_size
        film = QImage(width, height, FORMAT)
        film.fill(0)
        if not selection.is_empty:
            mask = view_mask(selection, camera, Bounds(0, 0, width, height))
            words = np.frombuffer(film.bits(), np.uint32).reshape(height, width)
            np.take(self._table, mask, out=words, mode="clip")  # without "clip" numpy works on a copy
        return film


def draw_live(painter: QPainter, camera: Camera, live: Live, mode: Mode | None = None) -> None:
    """Draw what is being painted, tinted as its tiles are, into a painter in device pixels."""
    painter.save()
    painter.setTransform(device_transform(camera), combine=True)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, camera.zoom < 2)
    if mode is not None:
        painter.setCompositionMode(mode)
    for key in tuple(live.keys()):
        tile = live.tile(key)
        if tile is not None:
            painter.drawImage(key[0] * TILE, key[1] * TILE, tile)
    painter.restore()


def _film_table() -> np.ndarray:
    """Coverage 0..255 to a premultiplied word: red where nothing is selected."""
    alpha = 255 - np.arange(256)
    parts = (RED.red(), RED.green(), RED.blue())
    red, green, blue = ((alpha * part + 127) // 255 for part in parts)
    return ((alpha << 24) | (red << 16) | (green << 8) | blue).astype(np.uint32)
