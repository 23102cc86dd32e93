"""Random editing, undoing and redoing, against a model that simply keeps copies of everything."""

from typing import Any, NamedTuple

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from PySide6.QtGui import QColor, QImage, QPainter

from canvas.brush import BrushSettings
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import TILE, Bounds, Point
from canvas.layers import BlendMode, GroupLayer, Layer, PaintLayer
from canvas.selection import Selection
from canvas.stroke import Stroke
from tests.canvas.naive import merged, noise, on_paper, same, words

WINDOW = Bounds(-512, -512, 1024, 1024)
PAPER = QColor(240, 235, 220)
spots = st.integers(-420, 400)
picks = st.integers(0, 7)
modes = st.sampled_from(
    [QPainter.CompositionMode.CompositionMode_SourceOver, QPainter.CompositionMode.CompositionMode_DestinationOut]
)


class Photo(NamedTuple):
    """Everything about a document, copied."""

    tree: Any
    selection: tuple[Bounds, bytes]
    frame: Bounds


def photo(document: Document) -> Photo:
    chosen = document.selection
    return Photo(_layer(document.tree.root), (chosen.bounds, chosen.mask.tobytes()), document.frame)


def _layer(layer: Layer) -> Any:
    look = (layer.id, layer.visible, layer.opacity, layer.blend_mode)
    if isinstance(layer, GroupLayer):
        return (*look, tuple(_layer(child) for child in layer.children))
    assert isinstance(layer, PaintLayer)
    return (*look, layer.offset, words(layer.surface.read(WINDOW)).tobytes())


class Editing(RuleBasedStateMachine):
    """One person who changes their mind a lot."""

    @initialize()
    def begin(self) -> None:
        self.document = Document.new(Bounds(0, 0, 100, 100))
        self.compositor = Compositor(self.document, PAPER, budget_bytes=14 << 18)
        self.photos = [photo(self.document)]
        self.at = 0

    def _layers(self) -> list[Layer]:
        return list(self.document.tree.walk())

    def _paint_layer(self, pick: int) -> PaintLayer | None:
        found = list(self.document.tree.paint_layers())
        return found[pick % len(found)] if found else None

    def _stepped(self) -> None:
        """Take a photo if there is a new step."""
        now = photo(self.document)
        if now != self.photos[self.at]:
            del self.photos[self.at + 1 :]
            self.photos.append(now)
            self.at += 1

    @rule(pick=picks, x=spots, y=spots, seed=st.integers(0, 9), mode=modes)
    def put(self, pick: int, x: int, y: int, seed: int, mode: Any) -> None:
        layer = self._paint_layer(pick)
        if layer is not None:
            self.document.put_image(layer, x, y, noise(90 + 20 * seed, 70, seed), mode)
            self._stepped()

    @rule(pick=picks, x=spots, y=spots, eraser=st.booleans(), selected=st.booleans())
    def stroke(self, pick: int, x: int, y: int, eraser: bool, selected: bool) -> None:
        layer = self._paint_layer(pick)
        if layer is None:
            return
        settings_ = BrushSettings(size=50, eraser=eraser, opacity=0.7)
        chosen = self.document.selection if selected else Selection.none()
        stroke = Stroke(layer, settings_, (10, 200, 90), chosen)
        self.compositor.set_live(stroke)
        for step in range(4):
            self.compositor.invalidate(stroke.add(x + step * 17, y - step * 9, 0.5 + step / 10))
            self.compositor.tile((x // TILE, y // TILE))
        stroke.finish(self.document)
        self.compositor.set_live(None)
        self._stepped()

    @rule(pick=picks, group=st.booleans())
    def add(self, pick: int, group: bool) -> None:
        if len(self._layers()) > 6:
            return
        groups = [one for one in self._layers() if isinstance(one, GroupLayer)]
        parent = groups[pick % len(groups)] if groups and pick % 2 else None
        self.document.add_layer(GroupLayer("g") if group else PaintLayer("p"), parent)
        self._stepped()

    @precondition(lambda self: self._layers())
    @rule(pick=picks)
    def remove(self, pick: int) -> None:
        layers = self._layers()
        self.document.remove_layer(layers[pick % len(layers)])
        self._stepped()

    @precondition(lambda self: 0 < len(self._layers()) < 5)
    @rule(pick=picks)
    def duplicate(self, pick: int) -> None:
        layers = self._layers()
        self.document.duplicate_layer(layers[pick % len(layers)])
        self._stepped()

    @precondition(lambda self: self._layers())
    @rule(pick=picks, index=picks)
    def move(self, pick: int, index: int) -> None:
        layer = self._layers()[pick % len(self._layers())]
        others = len([one for one in self.document.tree.root.children if one is not layer])
        self.document.move_layer(layer, None, index % (others + 1))
        self._stepped()

    @precondition(lambda self: self._layers())
    @rule(
        pick=picks,
        values=st.fixed_dictionaries(
            {},
            optional={
                "visible": st.booleans(),
                "opacity": st.sampled_from([0.0, 0.4, 1.0]),
                "blend_mode": st.sampled_from(list(BlendMode)),
            },
        ),
        offset=st.one_of(st.none(), st.tuples(st.integers(-60, 60), st.integers(-60, 60))),
    )
    def set_properties(self, pick: int, values: dict[str, Any], offset: tuple[int, int] | None) -> None:
        layer = self._layers()[pick % len(self._layers())]
        if offset is not None and isinstance(layer, PaintLayer):
            values = {**values, "offset": Point(*offset)}
        self.document.set_layer(layer, **values)
        self._stepped()

    @rule(x=spots, y=spots, side=st.integers(0, 200))
    def select(self, x: int, y: int, side: int) -> None:
        if not self.document.history.can_redo:
            self.document.set_selection(Selection.ellipse(Bounds(x, y, side, side)))
            self._stepped()

    @rule(x=spots)
    def frame(self, x: int) -> None:
        self.document.set_frame(Bounds(x, 0, 64, 64))
        self._stepped()

    @rule(pick=picks)
    def clear(self, pick: int) -> None:
        layer = self._paint_layer(pick)
        if layer is not None:
            self.document.clear(layer, self.document.selection)
            self._stepped()

    @rule(times=st.integers(1, 4))
    def undo(self, times: int) -> None:
        for _ in range(times):
            if self.document.undo() is not None:
                self.at -= 1
            assert photo(self.document) == self.photos[self.at]

    @rule(times=st.integers(1, 4))
    def redo(self, times: int) -> None:
        for _ in range(times):
            if self.document.redo() is not None:
                self.at += 1
            assert photo(self.document) == self.photos[self.at]

    @rule(x=st.integers(-2, 1), y=st.integers(-2, 1), level=st.integers(0, 2))
    def look(self, x: int, y: int, level: int) -> None:
        self.compositor.tile((x, y), level)

    @rule()
    def compare(self) -> None:
        shown = QImage(WINDOW.width, WINDOW.height, QImage.Format.Format_RGB32)
        shown.fill(PAPER)
        with QPainter(shown) as painter:
            for x in range(-2, 2):
                for y in range(-2, 2):
                    tile = self.compositor.tile((x, y))
                    if tile is not None:
                        painter.drawImage(x * TILE - WINDOW.x, y * TILE - WINDOW.y, tile)
        wanted = on_paper(self.document, WINDOW, PAPER)
        assert np.abs(words(shown)[..., :3].astype(int) - words(wanted)[..., :3]).max() <= 2
        assert same(self.compositor.flatten(WINDOW), merged(self.document.tree.root, WINDOW))

    @invariant()
    def active_layer_exists(self) -> None:
        if hasattr(self, "document") and self.document.active is not None:
            assert self.document.active in self.document.tree


TestEditing = Editing.TestCase
TestEditing.settings = settings(max_examples=8, stateful_step_count=20, deadline=None)
