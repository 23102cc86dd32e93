"""The window's commands of the menus Edit and Select."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication, QImage

from canvas.geometry import Bounds
from canvas.layers import PaintLayer
from canvas.selection import Selection
from canvas.stroke import why_not_paintable
from desktop.import_pictures import clipboard_pictures
from desktop.slots import Handler
from desktop.view.tools.base import layer_problem

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

translate = QCoreApplication.translate
CLIPBOARD_LIMIT = 64_000_000
"""Most pixels that go to the clipboard in one piece."""


class EditCommands:
    """Undo and the clipboard."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._document = window.session.document

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        return {
            "edit.undo": self.undo,
            "edit.redo": self.redo,
            "edit.cut": self.cut,
            "edit.copy": self.copy,
            "edit.copy-layer": self.copy_layer,
            "edit.paste": self.paste,
            "edit.clear": self.clear,
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {
            "undo": lambda: self._document.history.can_undo,
            "redo": lambda: self._document.history.can_redo,
            "paintable": lambda: isinstance(self._document.active, PaintLayer),
        }

    def undo(self) -> None:
        """Takes the running gesture back, or the last step."""
        if not self._window.view.cancel_gesture():
            self._document.undo()

    def redo(self) -> None:
        """Does the step again."""
        if not self._window.view.gesture_running:
            self._document.redo()

    def _region(self) -> Bounds:
        """What a copy takes: the selection's bounds, else the frame."""
        selection = self._document.selection
        return self._document.frame if selection.is_empty else selection.bounds

    def copy(self) -> None:
        """The selection as it looks, or the frame, to the clipboard."""
        self._to_clipboard(None)

    def copy_layer(self) -> None:
        """The selected pixels of the active layer only."""
        if isinstance(self._document.active, PaintLayer):
            self._to_clipboard(self._document.active)

    def _to_clipboard(self, layer: PaintLayer | None) -> bool:
        bounds = self._region()
        if bounds.width * bounds.height > CLIPBOARD_LIMIT:
            self._window.say(translate("EditCommands", "This is too large for the clipboard; use Export instead."))
            return False
        image = self._window.session.compositor.flatten(bounds, layer)
        selection = self._document.selection
        if not selection.is_empty:
            keep_inside(image, selection.coverage(bounds))
        QGuiApplication.clipboard().setImage(image.convertToFormat(QImage.Format.Format_RGBA8888))
        return True

    def _paintable(self) -> PaintLayer | None:
        """The active layer if it may be changed; otherwise a sentence is said."""
        layer = self._document.active
        problem = why_not_paintable(layer)
        if problem or not isinstance(layer, PaintLayer):
            self._window.say(layer_problem(problem or "none"))
            return None
        return layer

    def cut(self) -> None:
        """Copies the selected pixels of the active layer and clears them: one undo step."""
        layer = self._paintable()
        if layer is not None and self._to_clipboard(layer):
            self._clear(layer, translate("EditCommands", "Cut"))

    def clear(self) -> None:
        """Clears the selected pixels of the active layer, or all of it."""
        layer = self._paintable()
        if layer is not None:
            self._clear(layer, translate("EditCommands", "Clear"))

    def _clear(self, layer: PaintLayer, name: str) -> None:
        selection = self._document.selection
        chosen = Selection.rectangle(layer.content_bounds()) if selection.is_empty else selection
        if not chosen.is_empty:
            with self._document.transaction(name):
                self._document.clear(layer, chosen)

    async def paste(self) -> None:
        """The clipboard's files or picture as layers in the middle of the view."""
        pictures = clipboard_pictures()
        if pictures is None:
            self._window.say(translate("EditCommands", "There is no picture in the clipboard."))
            return
        await self._window.importer.import_dropped(pictures, None)


def keep_inside(image: QImage, coverage: NDArray[np.uint8]) -> None:
    """Multiplies the alpha of a premultiplied image by an (h, w) coverage 0..255, in place."""
    cover = coverage.astype(np.uint16)[..., None]
    stride = image.bytesPerLine()
    pixels = np.frombuffer(image.bits(), np.uint8).reshape(image.height(), stride)
    view = pixels[:, : image.width() * 4].reshape(image.height(), image.width(), 4)
    view[:] = (view * cover + 127) // 255
