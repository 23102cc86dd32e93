"""Krita files (.kra) in: layers, groups, masks, opacity, blend modes, clipping; where that fails, the merged picture.

Layers of 8 bit RGBA are read from Krita's own tiles (`kra_tiles`); other colour models and depths, and what is damaged,
give way to `mergedimage.png`. Works on any thread; nothing is unpacked to disk.
"""

import contextlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from canvas.errors import CanvasError
from canvas.formats.archive import number, read_member, unpacked, whole
from canvas.formats.isolation import isolate
from canvas.formats.kra_tiles import TileFile, read_tiles
from canvas.formats.layered import BAND, LayeredPicture, Progress, put_coverage, put_in, put_pixels
from canvas.formats.pictures import MAX_SIDE, read_picture
from canvas.geometry import Bounds
from canvas.layers import BlendMode, GroupLayer, Layer, LayerMask, PaintLayer

MIMETYPE = "application/x-krita"
MAX_LAYERS = 2000
MAX_DEPTH = 50
FARTHEST = 1 << 24
"Pixels; larger numbers in a list of layers are no numbers."
MAX_LIST_BYTES = 8 << 20
MAX_MEMBER_BYTES = 1 << 30
MAX_TOTAL_PIXELS = 512_000_000
"Of all layers and masks together."
FREE_PIXELS, SPARSE = 16_000_000, 64
"A layer may be so large, and so many times the area of its tiles."
MAX_PACKED_BYTES = 256 << 20
"Of tiles in one file; unpacking more would take minutes, so the merged picture has to do."
MAX_NAME = 500
DOCTYPE = b"<!DOCTYPE DOC PUBLIC '-//KDE//DTD krita 2.0//EN' 'http://www.calligra.org/DTD/krita-2.0.dtd'>"

_MODES = {
    "normal": BlendMode.NORMAL,
    "multiply": BlendMode.MULTIPLY,
    "screen": BlendMode.SCREEN,
    "overlay": BlendMode.OVERLAY,
    "darken": BlendMode.DARKEN,
    "lighten": BlendMode.LIGHTEN,
    "dodge": BlendMode.COLOR_DODGE,
    "burn": BlendMode.COLOR_BURN,
    "hard_light": BlendMode.HARD_LIGHT,
    "soft_light": BlendMode.SOFT_LIGHT,
    "soft_light_svg": BlendMode.SOFT_LIGHT,
    "diff": BlendMode.DIFFERENCE,
    "exclusion": BlendMode.EXCLUSION,
    "add": BlendMode.PLUS,
    "linear_dodge": BlendMode.PLUS,
    "erase": BlendMode.ERASE,
    "behind": BlendMode.BEHIND,
    "hue": BlendMode.HUE,
    "saturation": BlendMode.SATURATION,
    "color": BlendMode.COLOR,
    "luminize": BlendMode.LUMINOSITY,
}
"The names that Krita writes into the file."


class _OtherPixelsError(Exception):
    """The layers are of a kind that is not read here."""


def read(path: Path, progress: Progress | None = None) -> LayeredPicture:
    """Reads a file. Raises CanvasError for what is damaged, hostile or too large; `progress` may raise to end it."""
    with unpacked(path, MIMETYPE, "a Krita") as archive:
        image = _image(read_member(archive, "maindoc.xml", MAX_LIST_BYTES, path), path)
        width, height = whole(image.get("width"), FARTHEST), whole(image.get("height"), FARTHEST)
        if not 1 <= width <= MAX_SIDE or not 1 <= height <= MAX_SIDE:
            raise CanvasError(f"{path.name} claims to be {width} x {height} pixels, which is more than can be opened.")
        reading = _Reading(path, archive, image, progress)
        picture = LayeredPicture(width, height)
        picture.dpi = number(image.get("x-res"), FARTHEST)
        try:
            picture.layers = reading.layers_of(image, 0)
            picture.notes = reading.notes
        except _OtherPixelsError as why:
            picture.layers = [_merged(path, archive)]
            picture.notes = [f"Only the merged picture of {path.name} was opened: {why}."]
    if progress is not None:
        progress(1.0)
    return picture


@dataclass(eq=False)
class _Reading:
    """What goes on while one file is read."""

    path: Path
    archive: zipfile.ZipFile
    image: ElementTree.Element
    progress: Progress | None
    notes: list[str] = field(default_factory=list[str])
    pixels: int = 0
    packed: int = 0
    layers: int = 0

    def __post_init__(self) -> None:
        inside = [name for name in self.archive.namelist() if "/layers/" in name]
        folders = [name[: name.find("/layers/") + 8] for name in inside]
        own = f"{self.image.get('name', '')}/layers/"
        self.folder = own if own in folders or not folders else folders[0]  # some letters of the name are replaced
        self.total = max(1, sum(self.archive.getinfo(name).file_size for name in inside))
        self.read_bytes = 0
        if any(sum(1 for _ in self.image.iter(f"{_SPACE}{tag}")) > MAX_LAYERS for tag in ("layer", "mask")):
            raise CanvasError(f"{self.path.name} has more than {MAX_LAYERS} layers, which is more than can be opened.")

    def layers_of(self, element: ElementTree.Element, depth: int) -> list[Layer]:
        """The layers inside an element, the lowest first; the file lists the topmost first."""
        if depth > MAX_DEPTH:
            raise CanvasError(f"{self.path.name} has groups inside groups more than {MAX_DEPTH} deep.")
        found: list[Layer] = []
        for child in reversed(element.findall(f"{_SPACE}layers/{_SPACE}layer")):
            made = self.layer(child, depth)
            if made is not None:
                made.clipped = self.clipped(child, found)
                found.append(made)
        return found

    def layer(self, element: ElementTree.Element, depth: int) -> Layer | None:
        kind, name = element.get("nodetype", ""), element.get("name", "")[:MAX_NAME]
        if kind == "grouplayer":
            made: Layer = GroupLayer(name)
            for inner in self.layers_of(element, depth + 1):
                put_in(inner, made)
        elif kind == "paintlayer":
            made = PaintLayer(name)
            self.fill(made, element)
        else:
            made = PaintLayer(name)
            words = _KINDS.get(kind, "layer of an unknown kind")
            self.notes.append(f"'{name[:60]}' is a {words}, which cannot be read here; it stays empty.")
        made.opacity = min(max(number(element.get("opacity", "255"), FARTHEST) / 255, 0.0), 1.0)
        made.visible, made.locked = element.get("visible") != "0", element.get("locked") == "1"
        made.blend_mode = self.mode(element, name)
        if isinstance(made, PaintLayer):
            made.alpha_locked = element.get("channellockflags") == "1110"
        self.mask(made, element)
        if isinstance(made, GroupLayer) and element.get("passthrough") != "1":
            isolate(made)
        return made

    def mode(self, element: ElementTree.Element, name: str) -> BlendMode:
        theirs = element.get("compositeop", "normal")
        if theirs not in _MODES and theirs:
            self.notes.append(
                f"The blend mode {theirs[:40]} of the layer '{name[:60]}' is not known here and was replaced by normal."
            )
        return _MODES.get(theirs, BlendMode.NORMAL)

    @staticmethod
    def clipped(element: ElementTree.Element, below: list[Layer]) -> bool:
        """Krita's "inherit alpha": the layer is seen only where those below it in its group are."""
        return element.get("channelflags") == "1110" and bool(below)

    # Pixels

    def fill(self, layer: PaintLayer, element: ElementTree.Element) -> None:
        """The pixels of a paint layer."""
        space = element.get("colorspacename", self.image.get("colorspacename", "RGBA"))
        if space != "RGBA":
            raise _OtherPixelsError(f"its layers are in the colour space {space[:20]}, and only 8 bit RGBA can be read")
        for frame, rgba in self.pieces(element, element.get("filename", ""), 4):
            put_pixels(layer.surface, np.ascontiguousarray(rgba[..., [2, 1, 0, 3]]), frame.x, frame.y)

    def mask(self, layer: Layer, element: ElementTree.Element) -> None:
        """The transparency mask; further ones, and masks of other kinds, are left out."""
        for mask in element.findall(f"{_SPACE}masks/{_SPACE}mask"):
            if mask.get("nodetype") != "transparencymask" or layer.mask is not None:
                self.notes.append(
                    f"A mask of the layer '{layer.name[:60]}' was left out: only one of transparency is read."
                )
                continue
            filename = f"{mask.get('filename', '')}.pixelselection"
            outside = self.default(filename, 1)
            made = LayerMask(layer, hides_outside=outside[0] < 128)
            made.enabled = mask.get("visible") != "0"
            for frame, values in self.pieces(mask, filename, 1):
                put_coverage(made, values[..., 0], frame.x, frame.y)
            layer.mask = made

    def pieces(
        self, element: ElementTree.Element, filename: str, pixel_bytes: int
    ) -> Iterator[tuple[Bounds, NDArray[np.uint8]]]:
        """Places in the picture and what is there, in rows that lie within one row of our tiles."""
        member = self.folder + filename
        default = self.default(filename, pixel_bytes)
        tiles = self.tiles(member, pixel_bytes)
        area = tiles.bounds.translated(whole(element.get("x"), FARTHEST), whole(element.get("y"), FARTHEST))
        if area.is_empty:
            return
        self.pixels += area.width * area.height
        own = len(tiles.tiles) * 4096
        if area.width * area.height > FREE_PIXELS + SPARSE * own or self.pixels > MAX_TOTAL_PIXELS:
            raise _OtherPixelsError("its layers reach further than can be opened")
        start = self.read_bytes
        size = self.archive.getinfo(member).file_size
        try:
            pixels = tiles.unpack(default, lambda done: self.tell(start + size * done // max(len(tiles.tiles), 1)))
        except CanvasError as error:
            raise _OtherPixelsError(f"{filename[:60]} is damaged: {error}") from error
        self.read_bytes = start + size
        top = area.y
        while top < area.bottom:
            bottom = min((top // BAND + 1) * BAND, area.bottom)
            yield Bounds(area.x, top, area.width, bottom - top), pixels[top - area.y : bottom - area.y]
            top = bottom

    def tiles(self, member: str, pixel_bytes: int) -> TileFile:
        try:
            data = read_member(self.archive, member, MAX_MEMBER_BYTES, self.path)
            self.packed += len(data)
            if self.packed > MAX_PACKED_BYTES:
                raise _OtherPixelsError("it holds more packed pixels than can be read in reasonable time")
            return read_tiles(data, pixel_bytes)
        except CanvasError as error:
            raise _OtherPixelsError(f"the pixels of a layer cannot be read: {error}") from error

    def default(self, filename: str, pixel_bytes: int) -> bytes:
        """What is where no tile is."""
        with contextlib.suppress(CanvasError):
            data = read_member(self.archive, f"{self.folder}{filename}.defaultpixel", 64, self.path)
            if len(data) == pixel_bytes:
                return data
        return bytes(pixel_bytes)

    def tell(self, read_bytes: int) -> None:
        if self.progress is not None:
            self.progress(min(read_bytes / self.total, 1.0))


_SPACE = "{http://www.calligra.org/DTD/krita}"
_KINDS = {
    "adjustmentlayer": "filter layer",
    "clonelayer": "clone layer",
    "filelayer": "file layer",
    "generatorlayer": "fill layer",
    "shapelayer": "vector layer",
}


def _merged(path: Path, archive: zipfile.ZipFile) -> PaintLayer:
    """Krita's own picture of all layers."""
    data = read_member(archive, "mergedimage.png", MAX_MEMBER_BYTES, path)
    layer = PaintLayer(path.stem)
    put_pixels(layer.surface, read_picture(data).rgba, 0, 0)
    return layer


def _image(data: bytes, path: Path) -> ElementTree.Element:
    """The element of the picture. Entities and all other declarations but Krita's own are refused."""
    plain = data.replace(DOCTYPE, b"", 1)
    if b"<!" in plain.replace(b"\0", b"").replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        raise CanvasError(f"{path.name} has declarations that no drawing needs; it is not opened.")
    try:
        root = ElementTree.fromstring(plain)  # noqa: S314 - entities were refused above
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise CanvasError(f"The list of layers of {path.name} is damaged ({error}).") from error
    image = root.find(f"{_SPACE}IMAGE")
    if image is None:
        raise CanvasError(f"{path.name} is not a Krita file: it lists no picture.")
    return image
