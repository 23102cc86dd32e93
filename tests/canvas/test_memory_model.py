"""Random editing with hardly any memory: everything is compressed, spilled, dropped and read again.

The model is plain: a fingerprint of all pixels and properties after every step. Whatever is undone, redone, rolled
back or dropped from memory, the document must look exactly as it did then, and so must the file at the end.
"""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from PySide6.QtGui import QPainter

from canvas.adjustments import BrightnessContrast, HueSaturation, Levels
from canvas.brush import BrushSettings
from canvas.document import Document
from canvas.geometry import TILE, Bounds, TileKey
from canvas.guides import Guide
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, PaintLayer
from canvas.markings import GUIDES, REGIONS, ROUTE
from canvas.project.project import Project
from canvas.prompt_regions import PromptRegion
from canvas.routes import Route
from canvas.selection import Selection
from canvas.stroke import Stroke
from canvas.tile import TILE_BYTES
from tests.canvas.naive import noise, same, solid, words

WINDOW = Bounds(-384, -384, 768, 768)
Mode = QPainter.CompositionMode
spots = st.integers(-300, 200)
picks = st.integers(0, 9)
adjustments = st.sampled_from([Levels(black=0.2), HueSaturation(hue=90), BrightnessContrast(contrast=0.5)])


def fingerprint(document: Document) -> Any:
    """Everything that the file keeps of a document, so that two can be compared."""
    saved = [(name, _selection(one)) for name, one in document.saved_selections.items()]
    layers = tuple(_layer(child) for child in document.tree.root.children)
    return (
        layers,
        _selection(document.selection),
        saved,
        document.frame,
        document.guides,
        document.route,
        document.prompt_regions,
    )


def _selection(selection: Selection) -> Any:
    return selection.bounds, hashlib.sha1(selection.mask.tobytes(), usedforsecurity=False).hexdigest()


def _pixels(layer: PaintLayer) -> Any:
    image = words(layer.surface.read(WINDOW))
    return layer.offset, layer.alpha_locked, hashlib.sha1(image.data, usedforsecurity=False).hexdigest()


def _layer(layer: Layer) -> Any:
    look: list[Any] = [layer.id, layer.name, layer.visible, layer.opacity, layer.blend_mode, layer.clipped]
    if layer.mask is not None:
        look += [layer.mask.id, layer.mask.enabled, layer.mask.hides_outside, _pixels(layer.mask)]
    if isinstance(layer, PaintLayer):
        look.append(_pixels(layer))
    elif isinstance(layer, AdjustmentLayer):
        look.append(layer.adjustment)
    elif isinstance(layer, GroupLayer):
        look.append(tuple(_layer(child) for child in layer.children))
    return tuple(look)


class Forgetful(RuleBasedStateMachine):
    """One person with a small computer."""

    @initialize(undo=st.sampled_from([0, 3, 12]), tiles=st.sampled_from([0, 2, 6]), file=st.booleans())
    def begin(self, undo: int, tiles: int, file: bool) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.document = Document.new(Bounds(0, 0, 100, 100))
        self.project = Project.create(Path(self.folder.name) / "a.scroll", self.document) if file else None
        if self.project is not None:
            self.document.history.budget_bytes = undo * TILE_BYTES
            self.project.pager.budget_bytes = tiles * TILE_BYTES
        else:
            self.document.history.budget_bytes = 30 * TILE_BYTES
        self.seen = [fingerprint(self.document)]
        self.at = 0

    def teardown(self) -> None:
        if not hasattr(self, "document"):
            return
        wanted = fingerprint(self.document)
        if self.project is not None:
            self.project.close()
            again = Project.open(self.project.path)
            assert fingerprint(again.document) == wanted
            assert not again.complaints
            assert not self.project.complaints
            again.close()
        self.folder.cleanup()

    def _any(self, pick: int) -> Layer | None:
        layers = list(self.document.tree.walk())
        return layers[pick % len(layers)] if layers else None

    def _paintable(self, pick: int) -> PaintLayer | None:
        layers = list(self.document.tree.surfaces())
        return layers[pick % len(layers)] if layers else None

    def _stepped(self) -> None:
        now = fingerprint(self.document)
        if now != self.seen[self.at]:
            del self.seen[self.at + 1 :]
            self.seen.append(now)
            self.at += 1

    # Pixels

    @rule(pick=picks, x=spots, y=spots, seed=st.integers(0, 9), erase=st.booleans())
    def put(self, pick: int, x: int, y: int, seed: int, erase: bool) -> None:
        layer = self._paintable(pick)
        if layer is None:
            return
        mode = Mode.CompositionMode_DestinationOut if erase else Mode.CompositionMode_SourceOver
        wanted = layer.surface.read(WINDOW)
        with QPainter(wanted) as painter:
            painter.setCompositionMode(mode)
            painter.drawImage(
                x - layer.offset.x - WINDOW.x, y - layer.offset.y - WINDOW.y, noise(90 + 20 * seed, 70, seed)
            )
        self.document.put_image(layer, x, y, noise(90 + 20 * seed, 70, seed), mode)
        assert same(layer.surface.read(WINDOW), wanted)
        self._stepped()

    @rule(pick=picks, x=spots, y=spots, eraser=st.booleans())
    def stroke(self, pick: int, x: int, y: int, eraser: bool) -> None:
        layer = self._paintable(pick)
        if layer is not None:
            stroke = Stroke(layer, BrushSettings(size=50, eraser=eraser), (10, 200, 90), self.document.selection)
            for step in range(3):
                stroke.add(x + step * 17, y - step * 9)
            stroke.finish(self.document)
            self._stepped()

    @rule(pick=picks, key=st.tuples(st.integers(-1, 1), st.integers(-1, 1)), shade=st.integers(0, 3))
    def replace(self, pick: int, key: TileKey, shade: int) -> None:
        layer = self._paintable(pick)
        if layer is not None:
            tile = solid(TILE, TILE, (shade * 60, 9, 9, 255)) if shade else None
            if tile is None or layer.surface.tile(key) != tile:  # the same again is a step that changes nothing
                self.document.set_tiles(layer, {key: tile})
                self._stepped()

    @rule(pick=picks, all_of_it=st.booleans())
    def clear(self, pick: int, all_of_it: bool) -> None:
        layer = self._paintable(pick)
        if layer is not None:
            self.document.clear(layer, Selection.none() if all_of_it else self.document.selection)
            self._stepped()

    # Layers

    @rule(kind=st.sampled_from(["paint", "group", "adjustment"]), adjustment=adjustments, pick=picks)
    def add(self, kind: str, adjustment: Any, pick: int) -> None:
        groups = [one for one in self.document.tree.walk() if isinstance(one, GroupLayer)]
        parent = groups[pick % len(groups)] if groups and pick % 2 else None
        made = {"paint": PaintLayer, "group": GroupLayer}
        if len(list(self.document.tree.walk())) < 6:
            layer = made[kind]("new") if kind in made else AdjustmentLayer("new", adjustment)
            self.document.add_layer(layer, parent)
            self._stepped()

    @rule(pick=picks)
    def remove(self, pick: int) -> None:
        layer = self._any(pick)
        if layer is not None:
            self.document.remove_layer(layer)
            self._stepped()

    @rule(pick=picks)
    def duplicate(self, pick: int) -> None:
        layer = self._any(pick)
        if layer is not None and len(list(self.document.tree.walk())) < 5:
            self.document.duplicate_layer(layer)
            self._stepped()

    @rule(pick=picks, index=picks)
    def move(self, pick: int, index: int) -> None:
        layer = self._any(pick)
        if layer is not None:
            others = [one for one in self.document.tree.root.children if one is not layer]
            self.document.move_layer(layer, None, index % (len(others) + 1))
            self._stepped()

    @rule(pick=picks, opacity=st.sampled_from([0.0, 0.4]), mode=st.sampled_from(BlendMode), on=st.booleans())
    def set_properties(self, pick: int, opacity: float, mode: BlendMode, on: bool) -> None:
        layer = self._any(pick)
        if layer is not None:
            self.document.set_layer(layer, opacity=opacity, blend_mode=mode, visible=on, clipped=not on)
            self._stepped()

    @rule(pick=picks, adjustment=adjustments)
    def adjust(self, pick: int, adjustment: Any) -> None:
        layer = self._any(pick)
        if isinstance(layer, AdjustmentLayer):
            self.document.set_layer(layer, adjustment=adjustment)
            self._stepped()

    @rule(pick=picks, inside=st.booleans())
    def mask(self, pick: int, inside: bool) -> None:
        layer = self._any(pick)
        if layer is None:
            return
        if layer.mask is None:
            self.document.add_mask(layer, self.document.selection, hides_outside=inside)
        else:
            self.document.remove_mask(layer)
        self._stepped()

    @rule(pick=picks, on=st.booleans())
    def set_mask(self, pick: int, on: bool) -> None:
        layer = self._any(pick)
        if layer is not None and layer.mask is not None:
            self.document.set_layer(layer.mask, enabled=on, hides_outside=not on)
            self._stepped()

    @rule(pick=picks, dx=st.integers(-40, 40))
    def shift(self, pick: int, dx: int) -> None:
        layer = self._any(pick)
        if layer is not None:
            self.document.shift_layers([layer], dx, -dx)
            self._stepped()

    # The rest

    @rule(x=spots, side=st.integers(0, 300))
    def select(self, x: int, side: int) -> None:
        if not self.document.history.can_redo:
            self.document.set_selection(Selection.ellipse(Bounds(x, x, side, side)))
            self._stepped()

    @rule(name=st.sampled_from("ab"), forget=st.booleans())
    def save_selection(self, name: str, forget: bool) -> None:
        self.document.save_selection(name, None if forget else self.document.selection)
        self._stepped()

    @rule(x=spots)
    def frame(self, x: int) -> None:
        self.document.set_frame(Bounds(x, 0, 64, 64))
        self._stepped()

    @rule(x=spots)
    def guide(self, x: int) -> None:
        self.document.set_marking(GUIDES, (Guide(True, x),))
        self._stepped()

    @rule(x=spots, none=st.booleans())
    def route(self, x: int, none: bool) -> None:
        self.document.set_marking(ROUTE, None if none else Route(((x, 0), (x + 9, 4)), layer_id="x", painted=2))
        self._stepped()

    @rule(names=st.lists(st.sampled_from("abc"), max_size=2), typed=st.booleans())
    def regions(self, names: list[str], typed: bool) -> None:
        value = tuple(PromptRegion(name, "w", len(names)) for name in names)
        self.document.set_marking(REGIONS, value, "words" if typed else "")
        self.document.history.seal()  # or the next one would be a part of it
        self._stepped()

    @rule(pick=picks, seed=st.integers(0, 5), fails=st.booleans())
    def several(self, pick: int, seed: int, fails: bool) -> None:
        """A transaction over two layers, that may fail at its end."""
        layer = self._paintable(pick)
        if layer is None:
            return
        try:
            with self.document.transaction("several"):
                for n in range(3):
                    self.document.put_image(layer, n * 50, n * 30, noise(100, 100, seed + n))
                self.document.add_layer(PaintLayer("inner"))
                self.document.set_frame(Bounds(seed, 1, 5, 5))
                if fails:
                    raise InterruptedError
        except InterruptedError:
            assert fingerprint(self.document) == self.seen[self.at]
        self._stepped()

    @rule(pick=picks, seed=st.integers(0, 5))
    def begun_and_left(self, pick: int, seed: int) -> None:
        """A gesture of several steps that Esc takes back."""
        layer = self._paintable(pick)
        if layer is None:
            return
        before = (self.document.history.names, self.document.history.redo_names)
        mark = self.document.history.mark()
        self.document.put_image(layer, 5, 5, noise(300, 80, seed))
        for _ in range(3):
            self.document.shift_layers([layer], 3, 4, merge=True)
        self.document.roll_back(mark)
        assert before == (self.document.history.names, self.document.history.redo_names)

    @rule(times=st.integers(1, 5))
    def undo(self, times: int) -> None:
        for _ in range(times):
            if self.document.undo() is not None:
                self.at -= 1
            assert fingerprint(self.document) == self.seen[self.at]

    @rule(times=st.integers(1, 5))
    def redo(self, times: int) -> None:
        for _ in range(times):
            if self.document.redo() is not None:
                self.at += 1
            assert fingerprint(self.document) == self.seen[self.at]

    @rule()
    def jump(self) -> None:
        """All the way back."""
        while self.document.undo() is not None:
            self.at -= 1
        assert fingerprint(self.document) == self.seen[self.at]

    @rule(limit=st.sampled_from([0, 1, 2, 3, 5, 100, 100]))
    def keep_steps(self, limit: int) -> None:
        """Another number of steps that the file keeps."""
        if self.project is not None:
            self.project.kept_steps = limit

    @rule()
    def reopen(self) -> None:
        """Closed and opened again: the steps that the file keeps are there, those beyond are not."""
        if self.project is None:
            return
        project, history, limit = self.project, self.document.history, self.project.kept_steps
        back = min(len(history.names), max(limit - len(history.redo_names), limit // 2))
        ahead = min(len(history.redo_names), limit - back)
        names = (history.names[len(history.names) - back :], history.redo_names[:ahead])
        budgets = (history.budget_bytes, project.pager.budget_bytes)
        project.close()
        assert not project.complaints
        self.project = Project.open(project.path)
        self.document = self.project.document
        history = self.document.history
        assert not self.project.complaints
        assert (history.names, history.redo_names) == names
        self.project.kept_steps = limit
        history.budget_bytes, self.project.pager.budget_bytes = budgets
        self.seen = self.seen[self.at - back : self.at + ahead + 1]
        self.at = back

    @rule(wait=st.booleans())
    def rest(self, wait: bool) -> None:
        """The threads come to their end, or are met in the middle of it."""
        if self.project is None:
            return
        flushed = self.project.flush()
        if wait:
            self.document.history.settle()
            flushed.result(10)
        self.project.tend()

    @invariant()
    def looks_as_it_did(self) -> None:
        if hasattr(self, "document"):
            assert fingerprint(self.document) == self.seen[self.at]


TestForgetful = Forgetful.TestCase
TestForgetful.settings = settings(max_examples=10, stateful_step_count=25, deadline=None)


class ForgetfulForLong(Forgetful):
    """The same, for as long as a night has."""


TestForgetfulForLong = pytest.mark.slow(ForgetfulForLong.TestCase)
TestForgetfulForLong.settings = settings(
    max_examples=100, stateful_step_count=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)
