"""The move tool: the chosen layers, or the pixels that are selected of one, follow the pointer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QPainter

from canvas.copying import copied
from canvas.document import Document
from canvas.edits import Edit, ShiftEdit
from canvas.errors import CanvasError
from canvas.geometry import tile_bounds
from canvas.layers import AdjustmentLayer, Layer, LayerMask, PaintLayer
from canvas.matrices import translation
from canvas.pixel_edits import PlaceEdit
from canvas.resample import Filter
from canvas.tile import read_words
from canvas.transform import Transformation, surfaces_of
from desktop.spoken import spoken
from desktop.view.overlays import draw_label
from desktop.view.tools.base import ALT, CONTROL, SHIFT, Tool, ToolEvent, ToolHost, layer_problem
from desktop.view.tools.floating import Floating, Watch

translate = QCoreApplication.translate
SOLID = 12
"""Alpha 0..255 from which a click with Ctrl finds a layer."""


@dataclass
class LayerDrag:
    """Whole layers that follow: moved for the eye only, so that Esc leaves nothing behind."""

    document: Document
    layers: tuple[Layer, ...]
    copies: list[PlaceEdit] = field(default_factory=list)
    """Copies that stand in for the layers when the originals stay."""
    shown: ShiftEdit | None = None
    """How far they seem to be moved."""

    @property
    def moving(self) -> tuple[Layer, ...]:
        """What follows the pointer."""
        return tuple(edit.layer for edit in self.copies) or self.layers

    def copy(self) -> None:
        """From now on copies follow, each above its original."""
        for layer in self.layers:
            if layer.parent is not None:
                place = (layer.parent, layer.parent.children.index(layer) + 1)
                edit = PlaceEdit(copied(layer), None, place)
                edit.apply(self.document, "preview")
                self.copies.append(edit)

    def show(self, dx: int, dy: int) -> None:
        """They seem to be moved so far."""
        sofar = (self.shown.dx, self.shown.dy) if self.shown is not None else (0, 0)
        if (dx, dy) != sofar:
            surfaces = tuple(surfaces_of(self.moving))
            ShiftEdit(surfaces, dx - sofar[0], dy - sofar[1]).apply(self.document, "preview")
            self.shown = ShiftEdit(surfaces, dx, dy)

    def take_back(self) -> None:
        """Everything stands where it was, and the copies are gone."""
        shown, self.shown = self.shown, None
        edits: list[Edit] = [*self.copies, *([shown] if shown is not None else [])]
        for edit in reversed(edits):
            edit.revert(self.document, "preview")
        self.copies = []

    def keep(self) -> None:
        """What is seen becomes one undo step."""
        shown, copies = self.shown, self.copies
        self.take_back()
        if shown is None:
            return
        name = translate("tools", "Move a copy") if copies else translate("tools", "Move")
        with self.document.transaction(name):
            for edit in copies:
                if edit.after is not None:
                    self.document.add_layer(edit.layer, *edit.after)
            moved = [edit.layer for edit in copies] or list(self.layers)
            self.document.shift_layers(moved, shown.dx, shown.dy)
        if copies:
            self.document.active = copies[-1].layer
            self.document.choose([edit.layer for edit in copies])


class MoveTool(Tool):
    """One drag is one undo step, seen live; a press with Ctrl takes the layer under the pointer."""

    id = "move"

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._drag: LayerDrag | None = None
        self._floating: Floating | None = None
        self._pressed = False
        self._start = (0.0, 0.0)
        self._before = (0, 0)
        self._way = (0, 0)

    @property
    def busy(self) -> bool:
        """Whether something is held or floats."""
        return self._drag is not None or self._floating is not None

    @property
    def cursor(self) -> Qt.CursorShape:
        """Four arrows."""
        return Qt.CursorShape.SizeAllCursor

    def press(self, event: ToolEvent) -> None:
        """Take the layers or the selected pixels, or say why they cannot be moved."""
        if self._floating is not None and self._floating.applying:
            return
        self._start, self._before, self._pressed = (event.x, event.y), self._way, True
        if self._floating is not None:
            return  # what the arrow keys have lifted is taken in hand
        if event.modifiers & CONTROL:
            self._choose_under(event)
        self._take(copy=bool(event.modifiers & ALT))
        self._before = self._way = (0, 0)

    def move(self, event: ToolEvent) -> None:
        """They follow by whole pixels; Shift keeps them to one axis."""
        if not self._pressed:
            return
        dx, dy = event.x - self._start[0], event.y - self._start[1]
        if event.modifiers & SHIFT:
            dx, dy = (dx, 0.0) if abs(dx) >= abs(dy) else (0.0, dy)
        self._show(self._before[0] + round(dx), self._before[1] + round(dy))

    def release(self, event: ToolEvent) -> None:
        """Let go: one undo step."""
        if not self._pressed:
            return
        self.move(event)
        self._pressed = False
        drag, self._drag = self._drag, None
        if drag is not None:
            drag.keep()
        elif self._floating is not None:
            self._apply()
        self.host.refresh_overlay()

    def nudge(self, dx: int, dy: int) -> None:
        """The arrow keys: layers move at once, selected pixels float until Enter, a press or another tool."""
        if self._drag is not None or (self._floating is not None and self._floating.applying):
            return
        document = self.host.document
        if self._floating is None and not self._lifts():
            self._refuse_protected(self._layers())
            document.shift_layers(self._layers(), dx, dy, merge=True)
            return
        if self._floating is None:
            self._take(copy=False)
            self._before = self._way = (0, 0)
        self._show(self._way[0] + dx, self._way[1] + dy)
        self.host.gesture_changed(self)

    def key(self, key: Qt.Key) -> bool:
        """Enter puts floating pixels down."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._floating is not None and not self._pressed:
            self._apply()
        return True

    def cancel(self) -> None:
        """Back where it was, without a trace."""
        self._pressed = False
        drag, self._drag = self._drag, None
        if drag is not None:
            drag.take_back()
        if self._floating is not None:
            self._floating.drop()
        self.host.refresh_overlay()

    def leave(self) -> None:
        """Another tool is chosen: what floats is put down where it is."""
        if self._floating is not None and not self._pressed and not self._floating.applying:
            self._floating.finish(Filter.NEAREST, translate("tools", "Move selected pixels"))

    def paint_overlay(self, painter: QPainter) -> None:
        """How far it has come."""
        if not self._pressed or self._way == (0, 0):
            return
        dx, dy = self._way
        x, y = self.host.camera.to_view(self._start[0] + dx - self._before[0], self._start[1] + dy - self._before[1])
        text = translate("tools", "{x}, {y} px").format(x=f"{dx:+d}", y=f"{dy:+d}")
        draw_label(painter, QPointF(x, y + 18), text)

    def _layers(self) -> tuple[Layer, ...]:
        document = self.host.document
        return (document.active,) if isinstance(document.active, LayerMask) else document.chosen

    def _lifts(self) -> bool:
        """Whether selected pixels move rather than whole layers."""
        layers = self._layers()
        return not self.host.document.selection.is_empty and len(layers) == 1 and isinstance(layers[0], PaintLayer)

    def _take(self, copy: bool) -> None:
        layers = self._layers()
        document = self.host.document
        self._way = (0, 0)
        try:
            self._refuse_protected(layers)
            if self._lifts():
                transformation = Transformation(document, layers, keep=copy)
                self._floating = Floating(self.host, transformation, Watch(lambda _: None, self._ended))
                self._floating.how = Filter.NEAREST
                return
        except CanvasError as error:
            self._pressed = False
            self.host.say(spoken(str(error)))
            return
        document.history.seal()  # two drags in a row are two steps
        self._drag = LayerDrag(document, layers)
        if copy and not isinstance(document.active, LayerMask):
            self._drag.copy()

    def _refuse_protected(self, layers: tuple[Layer, ...]) -> None:
        if not layers or all(isinstance(layer, AdjustmentLayer) and layer.mask is None for layer in layers):
            raise CanvasError(layer_problem("none"))
        if not any(layer.shown for layer in layers):
            raise CanvasError(layer_problem("hidden"))
        if any(one.protected for one in (*layers, *surfaces_of(layers))):
            raise CanvasError(layer_problem("locked"))

    def _choose_under(self, event: ToolEvent) -> None:
        found = layer_at(self.host.document, int(event.x // 1), int(event.y // 1))
        if found is not None and found not in self.host.document.chosen:
            self.host.document.active = found

    def _show(self, dx: int, dy: int) -> None:
        self._way = (dx, dy)
        if self._drag is not None:
            self._drag.show(dx, dy)
        elif self._floating is not None:
            self._floating.show(translation(dx, dy))
        self.host.refresh_overlay()

    def _apply(self) -> None:
        if self._floating is not None:
            if self._way == (0, 0):
                self._floating.drop()
            else:
                self._floating.apply(translate("tools", "Move selected pixels"))

    def _ended(self, done: bool) -> None:
        del done
        self._floating = None
        self._way = (0, 0)
        self.host.gesture_changed(self)
        self.host.refresh_overlay()


def layer_at(document: Document, x: int, y: int) -> PaintLayer | None:
    """The highest paint layer that shows something at a canvas pixel."""
    for layer in _from_the_top(document):
        spot = (x - layer.offset.x, y - layer.offset.y)
        key = (spot[0] // 256, spot[1] // 256)
        tile = layer.surface.tile(key)
        if tile is None:
            continue
        place = tile_bounds(key)
        if int(read_words(tile)[spot[1] - place.y, spot[0] - place.x] >> 24) >= SOLID:
            return layer
    return None


def _from_the_top(document: Document) -> Iterator[PaintLayer]:
    layers = [layer for layer in document.tree.paint_layers() if layer.shown and layer.opacity > 0]
    return reversed(layers)
