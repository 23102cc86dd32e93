"""Reading OpenRaster: layers are unpacked in two threads, right into tiles; no file from outside is trusted."""

import contextlib
import threading
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from canvas.errors import CanvasError
from canvas.formats import ora
from canvas.formats.archive import number, read_member, unpacked, whole
from canvas.formats.layered import LayeredPicture, Progress, put_in, put_pixels
from canvas.formats.png_rows import decoded, png_size
from canvas.geometry import TILE, Bounds
from canvas.layer_packet import unpack
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, PaintLayer
from canvas.png_copy import PngCopy, images_of

MAX_STACK_BYTES = 8 << 20
MAX_MEMBER_BYTES = 1 << 30
MAX_TILES = 8192
"Of all layers together: 2 GB."
MAX_NAME = 500
THREADS = 2
LARGE_PIXELS = 32_000_000
"Pictures above this are unpacked one after the other."


@dataclass(eq=False)
class _Pixels:
    """A layer whose pixels are still to be read, and where the list says they are."""

    layer: PaintLayer
    source: str
    x: int
    y: int


def read_ora(path: Path, progress: Progress | None = None) -> LayeredPicture:
    """Reads a file; nothing is unpacked to disk. Any thread.

    Raises CanvasError for what is damaged, hostile or too large.
    """
    with unpacked(path, ora.MIMETYPE, "an OpenRaster") as archive:
        root = _parse(read_member(archive, "stack.xml", MAX_STACK_BYTES, path), path)
        stack = root.find("stack")
        if root.tag != "image" or stack is None:
            raise CanvasError(f"{path.name} is not an OpenRaster file: its stack.xml lists no layers.")
        if sum(1 for _ in root.iter("layer")) + sum(1 for _ in root.iter("stack")) > ora.MAX_LAYERS:
            raise CanvasError(f"{path.name} has more than {ora.MAX_LAYERS} layers, which is more than can be opened.")
        reading = _Reading(path, archive, progress)
        if number(root.get(f"{{{ora.MYPAINT}}}{ora.EOTF}", "1")) != 1:
            reading.notes.add("MyPaint blended it in linear light: soft and see-through parts look different here.")
        top = GroupLayer()
        reading.stack(stack, top, 0)
        reading.unpack_all()
        width, height = (min(max(whole(root.get(side)), 1), 1 << 30) for side in "wh")
        dpi = min(max(number(root.get("xres")), 0.0), 100_000.0)
    for layer in top.children:
        layer.parent = None
    return LayeredPicture(width, height, top.children, None, sorted(reading.notes), dpi)


class _Reading:
    """What goes on while one file is read."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, progress: Progress | None) -> None:
        self.path, self.archive, self.progress = path, archive, progress
        self.notes: set[str] = set()
        self._waiting: list[_Pixels] = []
        self._tiles = self._done = self._originals = 0
        self._lock, self._large = threading.Lock(), threading.Lock()

    def stack(self, stack: ElementTree.Element, group: GroupLayer, depth: int) -> None:
        """Makes the layers of a list, without their pixels, inside a group."""
        if depth > ora.MAX_DEPTH:
            raise CanvasError(f"{self.path.name} has groups inside groups more than {ora.MAX_DEPTH} deep.")
        for element in reversed(list(stack)):
            if element.tag == "stack":
                inner = GroupLayer()
                self._dress(inner, element)
                put_in(inner, group)
                self.stack(element, inner, depth + 1)
            elif element.tag == "layer":
                for layer in self._originals_of(element) or [self._layer(element)]:
                    put_in(layer, group)

    def unpack_all(self) -> None:
        """Reads the pixels of all layers. What fails first ends it."""
        pool = ThreadPoolExecutor(THREADS, thread_name_prefix="ora")
        try:
            for _ in pool.map(self._unpack, self._waiting):
                self._done += 1
                if self.progress is not None:
                    self.progress(self._done / len(self._waiting))
        finally:
            pool.shutdown(cancel_futures=True)

    def _dress(self, layer: Layer, element: ElementTree.Element) -> None:
        """Everything but pixels and place."""
        operator = element.get("composite-op", "svg:src-over")
        mode = ora.mode_of(operator)
        if mode is None:
            self.notes.add(f"The blend mode {operator[:40]} is not known here and was replaced by normal.")
        layer.name = element.get("name", "")[:MAX_NAME]
        layer.opacity = min(max(number(element.get("opacity", "1")), 0.0), 1.0)
        layer.visible = element.get("visibility", "visible") != "hidden"
        layer.locked = element.get("edit-locked") == "true"
        layer.blend_mode = mode or BlendMode.NORMAL

    def _layer(self, element: ElementTree.Element) -> PaintLayer:
        layer = PaintLayer()
        self._dress(layer, element)
        layer.alpha_locked = ora.private(element, ora.ALPHA_LOCKED) == "true"
        source = self._checked(element.get("src", ""))
        self._waiting.append(_Pixels(layer, source, whole(element.get("x")), whole(element.get("y"))))
        return layer

    def _checked(self, source: str) -> str:
        parts = PurePosixPath(source).parts
        if not source or source.startswith("/") or ".." in parts or "\\" in source or ":" in source:
            raise CanvasError(f"{self.path.name} names a picture outside of itself ('{source[:60]}').")
        return source

    def _originals_of(self, element: ElementTree.Element) -> Sequence[Layer]:
        """The layers that we wrote beside a picture of them, if the picture is still the same; else none."""
        member = ora.private(element, ora.ORIGINALS)
        if not member:
            return ()
        source = self._checked(element.get("src", ""))
        try:
            known = f"{self.archive.getinfo(source).CRC:08x} {element.get('x')} {element.get('y')}"
        except KeyError:
            return ()
        if ora.private(element, ora.MADE_FROM) != known:
            return ()
        try:
            data = read_member(self.archive, self._checked(member), MAX_MEMBER_BYTES, self.path)
            layers = unpack(data, MAX_TILES - self._tiles)
        except CanvasError:
            name = element.get("name", "")[:MAX_NAME]
            self.notes.add(f"The masks and clipped layers of '{name}' could not be read; they are applied.")
            return ()
        self._count(sum(len(one.surface) for layer in layers for one in _surfaces(layer)))
        base, locks = layers[0], ora.private(element, ora.LOCKS)
        mode = base.blend_mode
        self._dress(base, element)
        if isinstance(base, AdjustmentLayer):
            base.blend_mode = mode
        for layer, lock in zip(layers, locks, strict=False):
            layer.locked = lock == "1"
        return layers

    def _unpack(self, pixels: _Pixels) -> None:
        """Reads one picture into its layer. Any thread."""
        layer = pixels.layer
        data = read_member(self.archive, pixels.source, MAX_MEMBER_BYTES, self.path)
        width, height = png_size(data) or (LARGE_PIXELS, 2)
        try:
            with self._large if width * height > LARGE_PIXELS else contextlib.nullcontext():
                rgba, form, _ = decoded(data)
                put_pixels(layer.surface, rgba, pixels.x, pixels.y, form)
        except CanvasError as error:
            raise CanvasError(f"The layer '{layer.name}' of {self.path.name} cannot be read: {error}") from error
        self._count(len(layer.surface))
        place = Bounds(pixels.x, pixels.y, rgba.shape[1], rgba.shape[0])
        crc = self.archive.getinfo(pixels.source).CRC
        layer.in_file.copy = PngCopy(self.path, pixels.source, crc, place, images_of(layer.surface))

    def _count(self, tiles: int) -> None:
        with self._lock:
            self._tiles += tiles
            if self._tiles > MAX_TILES:
                raise CanvasError(
                    f"The layers of {self.path.name} hold more than {MAX_TILES * TILE * TILE // 10**6} megapixels "
                    "together, which is more than can be opened."
                )


def _surfaces(layer: Layer) -> Iterator[PaintLayer]:
    inside = [*(layer.walk() if isinstance(layer, GroupLayer) else ()), layer]
    for one in inside:
        if one.mask is not None:
            yield one.mask
        if isinstance(one, PaintLayer):
            yield one


def _parse(data: bytes, path: Path) -> ElementTree.Element:
    if b"<!" in data.replace(b"\0", b"").replace(b"<!--", b""):
        raise CanvasError(f"{path.name} has declarations in its stack.xml that no drawing needs; it is not opened.")
    try:
        return ElementTree.fromstring(data)  # noqa: S314 - entities were refused above
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise CanvasError(f"The layer list of {path.name} is damaged ({error}).") from error
