"""What OpenRaster can say of a picture: layers without masks, clipping and adjustments that look the same."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtGui import QImage

from canvas.blending import make_opaque
from canvas.copying import frozen
from canvas.formats.layered import Flattening, LayeredPicture
from canvas.geometry import Bounds, TileKey
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, LayerMask, PaintLayer
from canvas.merging import Merge
from canvas.pixels import writable_view
from canvas.render import OpKind, RenderOp, ops_of
from canvas.surface import TiledSurface


@dataclass(eq=False)
class Entry:
    """One layer, or with `children` one group, as OpenRaster can hold it."""

    layer: Layer
    "Name, opacity, mode, visibility, lock; and pixels, if it is a layer."
    pixels: PaintLayer | None = None
    "None for a group."
    children: "list[Entry] | None" = None
    "The lowest first."
    originals: Sequence[Layer] = ()
    "The layers that the pixels were made of, the lowest first; empty when nothing was lost."


@dataclass(eq=False)
class _Job:
    """Something to draw, and what to do with it."""

    work: Merge | Flattening
    done: Callable[[], None]


@dataclass(eq=False)
class Expression:
    """Turns the layers of a picture into entries, and draws the picture itself; the window's thread, in slices."""

    picture: LayeredPicture
    entries: list[Entry] = field(default_factory=list[Entry])
    "The lowest first; complete once `advance` has said so."

    def __post_init__(self) -> None:
        self._jobs: list[_Job] = []
        self._done = 0
        self.entries = self._expressed(self.picture.layers, [])
        whole = Flattening(self.picture.layers, self.picture.bounds)
        self._jobs.append(_Job(whole, lambda: self._merged(whole)))

    @property
    def progress(self) -> float:
        """How much is drawn, 0 to 1."""
        if self._done == len(self._jobs):
            return 1.0
        return (self._done + self._jobs[self._done].work.progress) / len(self._jobs)

    def advance(self, seconds: float = 1e9) -> bool:
        """Draw for about so long, one tile at least; whether all is drawn."""
        if self._done < len(self._jobs):
            job = self._jobs[self._done]
            if job.work.advance(seconds):
                job.done()
                self._done += 1
        if seconds >= 1e9 and self._done < len(self._jobs):
            return self.advance(seconds)
        return self._done == len(self._jobs)

    def forget(self) -> None:
        """Let all pixels go: to be called in the thread that wrote them, for giving memory back takes time as well."""
        self.entries.clear()
        self.picture.layers.clear()
        self.picture.merged = None
        self._jobs.clear()
        self._done = 0

    def _merged(self, whole: Flattening) -> None:
        self.picture.merged = whole.surface

    def _expressed(self, layers: Sequence[Layer], below: list[RenderOp]) -> list[Entry]:
        """`below` is all that is drawn so far where an adjustment would change it; what is drawn here is added."""
        entries: list[Entry] = []
        for run in _runs(layers):
            base = run[0]
            if isinstance(base, AdjustmentLayer):
                entries.append(self._stamp(base, below))
                below.extend(ops_of(run))
            elif len(run) > 1 or base.mask is not None:
                entries.append(self._together(run))
                below.extend(ops_of(run))
            elif isinstance(base, GroupLayer):
                entries.append(self._group(base, below))
            elif isinstance(base, PaintLayer):
                entries.append(Entry(base, base))
                below.extend(ops_of(run))
        return entries

    def _group(self, group: GroupLayer, below: list[RenderOp]) -> Entry:
        passes = group.visible and not group.isolated
        inside = below if passes else []
        entry = Entry(group, None, self._expressed(group.children, inside))
        if not passes:
            below.extend(ops_of([group]))
        return entry

    def _together(self, run: Sequence[Layer]) -> Entry:
        """A layer with its mask and what is clipped to it, as one."""
        entry = Entry(run[0], PaintLayer(), originals=run)
        twins = [frozen(layer) for layer in run]
        twins[0].visible, twins[0].opacity, twins[0].blend_mode = True, 1.0, BlendMode.NORMAL
        merge = Merge(twins)

        def done() -> None:
            entry.pixels = merge.layer("")

        self._jobs.append(_Job(merge, done))
        return entry

    def _stamp(self, layer: AdjustmentLayer, below: Sequence[RenderOp]) -> Entry:
        """An adjustment as a picture of the colours that it made: laid atop of what is below, it looks the same."""
        look = PaintLayer(layer.name)
        look.visible, look.opacity, look.locked = layer.visible, layer.opacity, layer.locked
        look.blend_mode = BlendMode.ATOP
        entry = Entry(look, PaintLayer(), originals=[layer])
        if layer.visible and below:
            adjusting = RenderOp(OpKind.ADJUST, adjustment=layer.adjustment)
            drawn = _Stamping([*below, adjusting], self.picture.bounds, layer.mask)

            def done() -> None:
                entry.pixels = PaintLayer("", drawn.surface)

            self._jobs.append(_Job(drawn, done))
        return entry


class _Stamping(Flattening):
    """What some operations make of the picture, opaque wherever anything is."""

    def __init__(self, ops: Sequence[RenderOp], area: Bounds, mask: LayerMask | None) -> None:
        super().__init__((), area)
        self._mask = mask if mask is not None and mask.enabled else None
        self.use(ops)

    def finished(self, key: TileKey, image: QImage) -> QImage:
        """Full alpha where there is any, then the mask."""
        opaque = make_opaque(image)
        pixels = writable_view(opaque)
        pixels[writable_view(image)[..., 3] == 0] = 0
        if self._mask is None:
            return opaque
        surface = TiledSurface()
        surface.set_tile(key, opaque)
        masked = PaintLayer("", surface)
        masked.mask = self._mask
        merge = Merge([masked])
        merge.advance()
        return merge.layer("").surface.tile(key) or QImage(opaque.size(), opaque.format())


def _runs(layers: Sequence[Layer]) -> Iterator[list[Layer]]:
    """A layer and those that are clipped to it, together; adjustments have none (`render.ops_of` does the same)."""
    index = 0
    while index < len(layers):
        run = [layers[index]]
        index += 1
        while not isinstance(run[0], AdjustmentLayer) and index < len(layers) and layers[index].clipped:
            run.append(layers[index])
            index += 1
        yield run
