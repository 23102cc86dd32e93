"""The compositor: what the layers look like together, in tiles kept until something changes.

Works on demand and only where asked: a change marks what it touches, and the next `tile()` recomputes just
those pixels. For the thread of the window only.
"""

from collections.abc import Callable, Iterable

import cv2
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

from canvas.changes import ChangeKind, DocumentChange, Event
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.geometry import NOTHING, TILE, Bounds, Point, TileKey, tile_bounds
from canvas.layers import GroupLayer, Layer, PaintLayer
from canvas.live import Live, LiveSet
from canvas.pixels import view, writable_view
from canvas.reach import Reach, any_touches, reaches
from canvas.render import (
    RenderOp,
    is_covered,
    is_plain,
    mip_area,
    paint,
    plan,
    render_ops,
    run,
    single_layer_op,
)
from canvas.tile import FORMAT
from canvas.tile_cache import WHOLE, Entry, TileCache

DEFAULT_BUDGET = 384 << 20
MAX_LEVEL = 12
HALF = TILE // 2
SHAPE = frozenset(
    {
        ChangeKind.LAYER_ADDED,
        ChangeKind.LAYER_REMOVED,
        ChangeKind.LAYER_MOVED,
        ChangeKind.LAYER_SET,
    }
)
Touches = Callable[[Bounds], bool]


class Compositor:
    """Composite tiles of a document over a paper colour, with mip levels, within a budget of memory."""

    def __init__(self, document: Document, paper: QColor, budget_bytes: int = DEFAULT_BUDGET) -> None:
        self.updated: Event[Bounds] = Event()
        self._document = document
        self._paper = QColor(paper)
        self._cache = TileCache(budget_bytes, MAX_LEVEL + 1)
        self._live: Live | LiveSet | None = None
        self.shows_apart = False
        "Whether the tiles show layers that are no part of the picture."
        self._ops: tuple[RenderOp, ...] = ()
        self._picture_ops: tuple[RenderOp, ...] = ()
        self._shown: tuple[PaintLayer, ...] = ()
        self._known: dict[str, tuple[PaintLayer, Point]] = {}
        self._reaches: dict[str, tuple[tuple[PaintLayer, ...], bool]] = {}
        self._unread: set[TileKey] = set()
        self._read_tree()
        self._disconnect = document.changed.connect(self._on_change)

    @property
    def live(self) -> Live | LiveSet | None:
        """The stroke being painted now."""
        return self._live

    @property
    def paper(self) -> QColor:
        """The colour under everything."""
        return QColor(self._paper)

    @property
    def held_bytes(self) -> int:
        """Memory of the cached tiles."""
        return self._cache.held

    def close(self) -> None:
        """Stop listening and forget all tiles."""
        self._disconnect()
        self._live = None
        self._forget()

    def set_live(self, live: Live | LiveSet | None) -> None:
        """Show a change before it is made, or stop showing it."""
        both = [self._live] if live is self._live else [self._live, live]
        for one in both:
            if isinstance(one, LiveSet):
                self._mark(one.bounds)
            elif one is not None:
                self._mark_tiles(one.layer, one.keys(), one.bounds)
        old, self._live = self._live, live
        reached = (old.bounds if old else NOTHING).united(live.bounds if live else NOTHING)
        if not reached.is_empty:
            self.updated.emit(reached)

    def set_paper(self, paper: QColor) -> None:
        """Another colour under everything."""
        self._paper = QColor(paper)
        self._forget()
        self.updated.emit(self._document.tree.root.tile_extent())

    def invalidate(self, bounds: Bounds) -> None:
        """Compute these canvas pixels again when they are next asked for."""
        if not bounds.is_empty:
            self._mark(bounds)
            self.updated.emit(bounds)

    def try_again(self) -> None:
        """Compute again what could not be read."""
        unread, self._unread = self._unread, set()
        for key in unread:
            self._cache.take((*key, 0))
            self.invalidate(tile_bounds(key))

    def tile(self, key: TileKey, level: int = 0) -> QImage | None:
        """An RGB32 tile, None where nothing is painted. At level n, keys count tiles of the canvas / 2^n.

        Draw it at once and do not keep it: the next change is painted into the same image.
        """
        cached = (key[0], key[1], level)
        if not 0 <= level <= MAX_LEVEL:
            raise CanvasError(f"There are mip levels 0 to {MAX_LEVEL}, not {level}.")
        entry = self._cache.get(cached)
        if entry is not None and entry.is_right:
            self._cache.touch(cached)
            return entry.image
        self._cache.take(cached)
        entry = entry or Entry(level)
        if level == 0:
            self._composite(entry, key)
        else:
            self._shrink(entry, key, level)
        self._cache.put(cached, entry)
        return entry.image

    def kept(self, key: TileKey, level: int = 0) -> tuple[QImage | None, bool]:
        """What is in the cache for a tile, and whether it is all there and up to date; computes nothing."""
        entry = self._cache.get((key[0], key[1], level))
        if entry is None:
            return None, False
        return entry.image, entry.is_right

    def refine(self, key: TileKey, level: int, go_on: Callable[[], bool]) -> bool:
        """Bring a tile up to date while `go_on` says so, at least by one small step; True when it is done.

        What was reached is kept, quarter by quarter: a mip tile over thousands of tiles is made in slices of
        a few milliseconds, and shows meanwhile what it has.
        """
        cached = (key[0], key[1], level)
        entry = self._cache.get(cached)
        if level == 0 or not is_covered(self._shown, mip_area(key, level), self._live):
            self.tile(key, level)
            return True
        if entry is None:
            entry = Entry(level)
            self._cache.put(cached, entry)
        self._cache.touch(cached)
        for quarter in range(4):
            if not entry.stale >> quarter & 1:
                continue
            child = (2 * key[0] + (quarter & 1), 2 * key[1] + (quarter >> 1))
            if not self.refine(child, level - 1, go_on):
                return False
            rest, entry.stale = entry.stale & ~(1 << quarter), 1 << quarter
            self._cache.take(cached)
            self._shrink(entry, key, level)
            entry.stale = rest
            self._cache.put(cached, entry)
            if rest and not go_on():
                return False
        return True

    def picture(self, area: Bounds, level: int = 0) -> QImage:
        """As `flatten`, with the live stroke and at a mip level, for `area` in canvas pixels / 2^level."""
        from canvas.flattening import flat_part  # a start does without

        scale = 1 << level
        whole = Bounds(area.x * scale, area.y * scale, area.width * scale, area.height * scale)
        image = flat_part(self._picture_ops, whole, Bounds(0, 0, *area[2:]), (area.width, area.height), self._live)
        if image is None:
            image = QImage(area.width, area.height, FORMAT)
            image.fill(0)
        return image

    def flatten(self, bounds: Bounds, layer: Layer | None = None, scale: float = 1.0) -> QImage:
        """The exact pixels of an area, premultiplied, transparent where empty, without paper or live stroke.

        Layers that stand apart from the picture are left out. With a layer, only its own pixels, or what a group
        holds, whatever its visibility and opacity.
        A scale below 1 averages; the size is rounded and at least 1 x 1.
        """
        from canvas.flattening import flattened  # a start does without

        return flattened(self._ops_of(layer), bounds, scale)

    # Computing

    def _composite(self, entry: Entry, key: TileKey) -> None:
        """Bring a composite tile up to date inside its dirty rectangle."""
        rect, entry.dirty = entry.dirty, NOTHING
        area = rect.translated(key[0] * TILE, key[1] * TILE)
        try:
            draws = plan(self._ops, area, self._live)
        except CanvasError:  # the file says so itself; here it is seen where
            self._unread.add(key)
            entry.image = _hatched(self._paper)
            return
        if not draws and (entry.image is None or rect == WHOLE):
            entry.image = None
            return
        if entry.image is None:
            entry.image = QImage(TILE, TILE, QImage.Format.Format_RGB32)
            entry.image.fill(self._paper)
        buffer = None
        if not is_plain(draws):
            buffer = QImage(rect.width, rect.height, FORMAT)
            buffer.fill(0)
            paint(buffer, draws)
        with QPainter(entry.image) as painter:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(*rect, self._paper)
            if buffer is None:
                run(painter, draws, rect.x, rect.y)
            else:
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
                painter.drawImage(rect.x, rect.y, buffer)

    def _shrink(self, entry: Entry, key: TileKey, level: int) -> None:
        """Bring a mip tile up to date in those quarters whose larger tile changed."""
        stale, entry.stale = entry.stale, 0
        if not is_covered(self._shown, mip_area(key, level), self._live):
            entry.image = None
            return
        for quarter in range(4):
            if not stale >> quarter & 1:
                continue
            qx, qy = quarter & 1, quarter >> 1
            larger = self.tile((2 * key[0] + qx, 2 * key[1] + qy), level - 1)
            if entry.image is None:
                if larger is None:
                    continue
                entry.image = QImage(TILE, TILE, QImage.Format.Format_RGB32)
                entry.image.fill(self._paper)
            if larger is None:
                with QPainter(entry.image) as painter:
                    painter.fillRect(qx * HALF, qy * HALF, HALF, HALF, self._paper)
            else:
                small = cv2.resize(view(larger), (HALF, HALF), interpolation=cv2.INTER_AREA)
                target = writable_view(entry.image)
                target[qy * HALF : (qy + 1) * HALF, qx * HALF : (qx + 1) * HALF] = small

    def _forget(self) -> None:
        self._cache.clear()

    # Marking

    def _on_change(self, change: DocumentChange) -> None:
        if change.kind is ChangeKind.LOADED:
            self._read_tree()
            self._forget()
            self.updated.emit(self._document.tree.root.tile_extent())
        elif change.kind is ChangeKind.TILES:
            known = self._known.get(change.layer_id)
            if known is not None:
                self._mark_tiles(known[0], change.keys, change.bounds)
            else:
                self._mark(change.bounds)
            self.updated.emit(change.bounds)
        elif change.kind in SHAPE:
            before = self._reach(change.layer_id)
            self._read_tree()
            after = self._reach(change.layer_id)
            if change.kind is not ChangeKind.LAYER_SET or not change.bounds.is_empty:
                self._mark_reach(before, after, change.bounds)

    def _read_tree(self) -> None:
        """Remember what to render, and where every layer was when it was last looked at."""
        root = self._document.tree.root
        self.shows_apart = any(layer.apart and layer.shown for layer in root.walk())
        self._ops = render_ops(root, with_apart=True)
        self._picture_ops = render_ops(root) if self.shows_apart else self._ops
        self._shown = tuple(op.layer for op in self._ops if op.layer is not None)
        self._known = {surface.id: (surface, surface.offset) for surface in self._document.tree.surfaces()}
        self._reaches = reaches(self._document.tree.root)

    def _reach(self, layer_id: str) -> Reach:
        """Where a layer is seen as last known, each surface with its offset of that time."""
        surfaces, everywhere = self._reaches.get(layer_id, ((), False))
        return [self._known[surface.id] for surface in surfaces], everywhere

    def _mark_reach(self, before: Reach, after: Reach, bounds: Bounds) -> None:
        """Mark where a layer was seen before a change and is after it."""
        extents = [*before[0], *after[0]]
        if before[1] or after[1]:
            extents = list(self._known.values())
            bounds = bounds.united(self._document.tree.root.tile_extent())
        for surface, at in extents:
            bounds = bounds.united(surface.surface.bounds().translated(*at))
        if not bounds.is_empty:
            self._mark(bounds, lambda area: any_touches(extents, area))
            self.updated.emit(bounds)

    def _mark_tiles(self, layer: PaintLayer, keys: Iterable[TileKey], bounds: Bounds) -> None:
        """Mark layer-local tiles as changed, as far as they lie in the bounds (canvas pixels)."""
        for key in keys:
            self._mark(tile_bounds(key).translated(*layer.offset).intersected(bounds))

    def _mark(self, area: Bounds, touches: Touches | None = None) -> None:
        """Mark canvas pixels as changed; `touches` can say that a tile is not concerned after all."""
        if area.is_empty or not len(self._cache):
            return
        if area.width * area.height > len(self._cache) * TILE * TILE:
            for (tx, ty, level), entry in self._cache.items():
                shown = mip_area((tx, ty), level).intersected(area)
                if not shown.is_empty and (touches is None or touches(shown)):
                    _spoil(entry, (tx, ty), level, shown)
            return
        for level in self._cache.levels:
            shift = 8 + level
            for ty in range(area.y >> shift, ((area.bottom - 1) >> shift) + 1):
                for tx in range(area.x >> shift, ((area.right - 1) >> shift) + 1):
                    entry = self._cache.get((tx, ty, level))
                    if entry is not None:
                        shown = mip_area((tx, ty), level).intersected(area)
                        if touches is None or touches(shown):
                            _spoil(entry, (tx, ty), level, shown)

    def _ops_of(self, layer: Layer | None) -> tuple[RenderOp, ...]:
        if isinstance(layer, PaintLayer):
            return single_layer_op(layer)
        return render_ops(layer) if isinstance(layer, GroupLayer) else self._picture_ops


def _hatched(paper: QColor) -> QImage:
    """In the place of pixels that cannot be read at present."""
    image = QImage(TILE, TILE, QImage.Format.Format_RGB32)
    image.fill(paper)
    line = QColor("black") if paper.lightnessF() > 0.5 else QColor("white")
    line.setAlpha(70)
    with QPainter(image) as painter:
        painter.fillRect(0, 0, TILE, TILE, QBrush(line, Qt.BrushStyle.BDiagPattern))
    return image


def _spoil(entry: Entry, key: TileKey, level: int, shown: Bounds) -> None:
    """Note in a cached tile that these canvas pixels of it changed."""
    if level == 0:
        entry.dirty = entry.dirty.united(shown.translated(-key[0] * TILE, -key[1] * TILE))
        return
    shift = 7 + level
    for cy in range(shown.y >> shift, ((shown.bottom - 1) >> shift) + 1):
        for cx in range(shown.x >> shift, ((shown.right - 1) >> shift) + 1):
            entry.stale |= 1 << ((cy & 1) * 2 + (cx & 1))
