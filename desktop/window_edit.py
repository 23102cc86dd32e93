"""The window's commands of the menu Edit: undo, the clipboard, layers from pixels."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.layers import Layer, LayerMask, PaintLayer
from canvas.stroke import why_not_paintable
from desktop.import_pictures import clipboard_pictures
from desktop.layer_clipboard import (
    PICTURE_LIMIT,
    cleared,
    content_bounds,
    detached,
    flattened,
    from_clipboard,
    lifted,
    picture_of,
    put,
    to_clipboard,
)
from desktop.slots import Handler
from desktop.view.tools.base import layer_problem

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

translate = QCoreApplication.translate


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
            "edit.copy-merged": self.copy_merged,
            "edit.paste": self.paste,
            "edit.paste-in-place": self.paste_in_place,
            "edit.paste-new": self.paste_new,
            "edit.duplicate-selection": lambda: self._layer_from(cut=False),
            "edit.cut-to-layer": lambda: self._layer_from(cut=True),
            "edit.clear": self.clear,
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {
            "undo": lambda: self._document.history.can_undo or self._window.view.gesture_running,
            "redo": lambda: self._document.history.can_redo,
            "paintable": lambda: isinstance(self._document.active, PaintLayer),
        }

    def undo(self) -> None:
        """Takes back a step inside the open box, or the running gesture, or the last step."""
        if self._window.transform.step_back():
            return
        if not self._window.view.cancel_gesture():
            self._document.undo()

    def redo(self) -> None:
        """Does the step again."""
        if not self._window.view.gesture_running:
            self._document.redo()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs it in slices; a gesture that is open is finished or dropped first."""
        self._window.view.start(work)

    # -- copying

    def _layers(self) -> tuple[Layer, ...]:
        active = self._document.active
        return (active.owner,) if isinstance(active, LayerMask) else self._document.chosen

    def copy(self) -> None:
        """The chosen layers, or the selected pixels of the active one, to the clipboard."""
        self._start(self._copy())

    async def _copy(self) -> None:
        await self._put_on_clipboard(await self._taken())

    async def _taken(self) -> list[Layer]:
        """Detached copies of what is chosen or selected."""
        selection, active = self._document.selection, self._document.active
        if not selection.is_empty and isinstance(active, PaintLayer):
            return [await lifted(active, selection)]
        return await detached(self._layers())

    async def _put_on_clipboard(self, layers: list[Layer]) -> None:
        if not layers:
            raise CanvasError(layer_problem("none"))
        bounds = content_bounds(layers)
        selection = self._document.selection
        if not selection.is_empty and len(layers) == 1 and isinstance(self._document.active, PaintLayer):
            bounds = selection.bounds
        if bounds.is_empty:
            raise CanvasError(translate("EditCommands", "There is nothing on this layer to copy."))
        plain = layers
        if len(layers) == 1:  # one layer is given to others as it is, not as faint or hidden as it is shown
            (plain,) = [await detached(layers)]
            plain[0].visible, plain[0].opacity, plain[0].clipped, plain[0].control = True, 1.0, False, None
        await to_clipboard(layers, await picture_of(plain, bounds))

    def copy_merged(self) -> None:
        """The selection as it looks, or the frame, to the clipboard."""
        self._start(self._copy_merged())

    async def _copy_merged(self) -> None:
        selection = self._document.selection
        bounds: Bounds = self._document.frame if selection.is_empty else selection.bounds
        if bounds.width * bounds.height > PICTURE_LIMIT:
            raise CanvasError(translate("EditCommands", "This is too large for the clipboard; use Export instead."))
        QGuiApplication.clipboard().setImage(await flattened(self._window.session.compositor, bounds, selection))

    def _paintable(self) -> PaintLayer | None:
        """The active layer if it may be changed; otherwise a sentence is said."""
        layer = self._document.active
        problem = why_not_paintable(layer)
        if problem or not isinstance(layer, PaintLayer):
            self._window.say(layer_problem(problem or "none"))
            return None
        return layer

    def cut(self) -> None:
        """Copies the selected pixels of the active layer, or all of it, and clears them: one undo step."""
        layer = self._paintable()
        if layer is not None:
            self._start(self._cut(layer))

    async def _cut(self, layer: PaintLayer) -> None:
        selection = self._document.selection
        taken = await lifted(layer, selection)
        await self._put_on_clipboard([taken])
        await self._clear(layer, translate("EditCommands", "Cut"))

    def _layer_from(self, cut: bool) -> None:
        layer = self._paintable()
        if layer is not None:
            self._start(self._make_layer(layer, cut))

    async def _make_layer(self, layer: PaintLayer, cut: bool) -> None:
        """The selected pixels, or all, on a layer of their own above: one undo step."""
        selection = self._document.selection
        twin = await lifted(layer, selection)
        words = translate("EditCommands", "{name} cut") if cut else translate("EditCommands", "{name} copy")
        twin.name = words.format(name=twin.name)
        name = translate("EditCommands", "Layer from cut") if cut else translate("EditCommands", "Layer from copy")
        tiles = await cleared(layer, selection) if cut else {}
        with self._document.transaction(name):
            self._document.set_tiles(layer, tiles)
            put(self._document, [twin], (0, 0), name)

    def clear(self) -> None:
        """Clears the selected pixels of the active layer, or all of it."""
        layer = self._paintable()
        if layer is not None:
            self._start(self._clear(layer, translate("EditCommands", "Clear")))

    async def _clear(self, layer: PaintLayer, name: str) -> None:
        selection = self._document.selection
        tiles = await cleared(layer, selection)
        with self._document.transaction(name):
            self._document.set_tiles(layer, tiles)

    # -- pasting

    async def paste(self) -> None:
        """The clipboard's layers, files or picture in the middle of the view."""
        layers = await from_clipboard()
        if layers is None:
            await self._paste_pictures()
            return
        bounds, (x, y) = content_bounds(layers), self._window.view.camera.center
        way = (0, 0) if bounds.is_empty else (round(x - bounds.center.x), round(y - bounds.center.y))
        self._put(layers, way)

    async def paste_in_place(self) -> None:
        """The clipboard's layers where they were copied; a picture comes into the middle of the view."""
        layers = await from_clipboard()
        if layers is None:
            await self._paste_pictures()
            return
        self._put(layers, (0, 0))
        bounds = content_bounds(layers)
        if not bounds.is_empty and bounds.intersected(self._window.view.visible_bounds()).is_empty:
            self._window.view.fit(bounds)

    async def paste_new(self) -> None:
        """The clipboard's layers or picture in a painting of their own."""
        layers, pictures = await from_clipboard(), clipboard_pictures()
        if layers is None and pictures is None:
            raise CanvasError(translate("EditCommands", "There is no picture in the clipboard."))
        fresh = self._window.program.new_window()
        if layers is not None:
            document = fresh.session.document
            with document.transaction(translate("EditCommands", "Paste")):
                put(document, layers, (0, 0), "")
                if not document.content_bounds().is_empty:
                    document.set_frame(document.content_bounds())
            fresh.view.fit(document.frame)
        elif pictures is not None:
            await fresh.importer.import_dropped(pictures, None)

    def _put(self, layers: list[Layer], way: tuple[int, int]) -> None:
        self._window.view.cancel_gesture()
        put(self._document, layers, way, translate("EditCommands", "Paste"))

    async def _paste_pictures(self) -> None:
        pictures = clipboard_pictures()
        if pictures is None:
            self._window.say(translate("EditCommands", "There is no picture in the clipboard."))
            return
        await self._window.importer.import_dropped(pictures, None)
