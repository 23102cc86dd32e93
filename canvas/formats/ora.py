"""OpenRaster (.ora): layers, groups, opacity, blend modes; a zip that Krita, MyPaint and GIMP open.

`document_to_ora` and `ora_to_document` touch Qt and belong to the window's thread; `write` and `read` do the
heavy work on any thread.
"""

import contextlib
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage

from canvas.copying import copied
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.formats.pictures import MAX_SIDE, read_picture, replacing
from canvas.geometry import Bounds, Point
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, PaintLayer
from canvas.merging import Merge
from canvas.pixels import from_rgba, to_rgba

MIMETYPE = "image/openraster"
MAX_LAYERS = 2000
MAX_DEPTH = 50
MAX_STACK_BYTES = 8 << 20
MAX_MEMBER_BYTES = 1 << 30
MAX_TOTAL_PIXELS = 512_000_000
"Painted pixels of all layers together."
THUMBNAIL_SIDE = 256

_TO_OPERATOR = {
    BlendMode.NORMAL: "svg:src-over",
    BlendMode.EXCLUSION: "krita:exclusion",
    BlendMode.ATOP: "svg:src-atop",
    BlendMode.ERASE: "svg:dst-out",
}
_FROM_OPERATOR = {
    "svg:src-over": BlendMode.NORMAL,
    "svg:exclusion": BlendMode.EXCLUSION,
    "krita:exclusion": BlendMode.EXCLUSION,
    "svg:add": BlendMode.PLUS,
    "svg:src-atop": BlendMode.ATOP,
    "svg:dst-out": BlendMode.ERASE,
    "krita:erase": BlendMode.ERASE,
}


@dataclass
class OraLayer:
    """One layer or, with `children`, one group."""

    name: str
    x: int = 0
    "Left edge in the picture's pixels; groups leave it 0."
    y: int = 0
    opacity: float = 1.0
    visible: bool = True
    locked: bool = False
    blend_mode: BlendMode = BlendMode.NORMAL
    rgba: NDArray[np.uint8] | None = None
    "(h, w, 4), straight alpha; None for groups and for empty layers."
    children: "list[OraLayer] | None" = None
    "The group's layers, lowest first; None for a layer with pixels."


@dataclass
class OraDocument:
    """A picture of layers, lowest first."""

    width: int
    height: int
    layers: list[OraLayer] = field(default_factory=list)
    merged: NDArray[np.uint8] | None = None
    "(height, width, 4): how all layers look together. Needed to write, not filled by `read`."
    note: str = ""
    "What could not be kept, as a sentence."


def operator_of(mode: BlendMode) -> str:
    """The composite-op that OpenRaster readers know."""
    return _TO_OPERATOR.get(mode, f"svg:{mode}")


def mode_of(operator: str) -> BlendMode | None:
    """The blend mode of a composite-op; None for one that is not known."""
    if operator in _FROM_OPERATOR:
        return _FROM_OPERATOR[operator]
    name = operator.removeprefix("svg:")
    return BlendMode(name) if operator.startswith("svg:") and name in {str(m) for m in BlendMode} else None


# Writing


def document_to_ora(
    document: Document, flatten: Callable[[Bounds], QImage], bounds: Bounds | None = None
) -> OraDocument:
    """Gathers the pixels of a document; `flatten` is the compositor's. The picture covers content and frame.

    OpenRaster knows neither masks nor clipping nor adjustments: masks are applied, layers clipped to another are
    merged with it, and adjustments stay out; `note` says so.
    """
    area = bounds or document.content_bounds().united(document.frame)
    if max(area.width, area.height) > MAX_SIDE:
        raise CanvasError(
            f"The painting is {area.width} x {area.height} pixels; OpenRaster files can have {MAX_SIDE} a side here. "
            "Export the frame instead."
        )

    def gather(layer: Layer) -> OraLayer:
        made = OraLayer(layer.name, 0, 0, layer.opacity, layer.visible, layer.locked, layer.blend_mode)
        if isinstance(layer, GroupLayer):
            made.children = [gather(child) for child in _expressible(layer.children, lost)]
        elif isinstance(layer, PaintLayer):
            content = layer.content_bounds()
            if not content.is_empty:
                local = content.translated(-layer.offset.x, -layer.offset.y)
                made.rgba = to_rgba(layer.surface.read(local))
                made.x, made.y = content.x - area.x, content.y - area.y
        return made

    lost: set[str] = set()
    layers = [gather(layer) for layer in _expressible(document.tree.root.children, lost)]
    note = f"OpenRaster cannot hold {' and '.join(sorted(lost))}." if lost else ""
    return OraDocument(area.width, area.height, layers, to_rgba(flatten(area)), note)


def _expressible(layers: Sequence[Layer], lost: set[str]) -> list[Layer]:
    """Layers without masks, clipping and adjustments that look as much the same as OpenRaster allows."""
    found: list[Layer] = []
    index = 0
    while index < len(layers):
        base, index = layers[index], index + 1
        if isinstance(base, AdjustmentLayer):
            lost.add("adjustment layers, which were left out")
            continue
        together: list[Layer] = [base]
        while index < len(layers) and layers[index].clipped:
            together.append(layers[index])
            index += 1
        if len(together) == 1 and base.mask is None:
            found.append(base)
            continue
        lost.add("masks and clipping, which were applied")
        twins = [copied(layer) for layer in together]
        twins[0].visible, twins[0].opacity = True, 1.0
        merge = Merge(twins)
        merge.advance()
        made = merge.layer(base.name)
        made.visible, made.locked = base.visible, base.locked
        made.opacity, made.blend_mode = base.opacity, base.blend_mode
        found.append(made)
    return found


def write(path: Path, ora: OraDocument, progress: Callable[[float], None] | None = None) -> None:
    """Writes the file; an old one is replaced only when all went well. Raises CanvasError. `progress` gets 0..1."""
    merged = np.zeros((ora.height, ora.width, 4), np.uint8) if ora.merged is None else ora.merged
    pictures: list[NDArray[np.uint8]] = []
    root = ElementTree.Element("image", version="0.0.6", w=str(ora.width), h=str(ora.height))
    _add_stack(ElementTree.SubElement(root, "stack"), ora.layers, pictures)
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", MIMETYPE)  # first and uncompressed, so that file type detection works
        archive.writestr("stack.xml", ElementTree.tostring(root, "utf-8", xml_declaration=True), zipfile.ZIP_DEFLATED)
        for number, rgba in enumerate(pictures):
            archive.writestr(f"data/layer{number:03}.png", _png(rgba))
            if progress is not None:
                progress((number + 1) / (len(pictures) + 1))
        archive.writestr("mergedimage.png", _png(merged))
        thumbnail = Image.fromarray(merged)
        thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        archive.writestr("Thumbnails/thumbnail.png", _png(np.asarray(thumbnail)))
    if progress is not None:
        progress(1.0)


def _add_stack(stack: ElementTree.Element, layers: Sequence[OraLayer], pictures: list[NDArray[np.uint8]]) -> None:
    for layer in reversed(layers):  # OpenRaster lists the topmost first
        attributes = {
            "name": _xml_text(layer.name),
            "opacity": f"{layer.opacity:.6g}",
            "visibility": "visible" if layer.visible else "hidden",
            "composite-op": operator_of(layer.blend_mode),
        }
        if layer.locked:
            attributes["edit-locked"] = "true"
        if layer.children is not None:
            alone = layer.opacity < 1.0 or layer.blend_mode is not BlendMode.NORMAL
            inner = ElementTree.SubElement(stack, "stack", attributes, isolation="isolate" if alone else "auto")
            _add_stack(inner, layer.children, pictures)
            continue
        attributes |= {"x": str(layer.x), "y": str(layer.y), "src": f"data/layer{len(pictures):03}.png"}
        ElementTree.SubElement(stack, "layer", attributes)
        pictures.append(np.zeros((1, 1, 4), np.uint8) if layer.rgba is None else layer.rgba)


def _png(rgba: NDArray[np.uint8]) -> bytes:
    buffer = BytesIO()
    Image.fromarray(np.ascontiguousarray(rgba)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _xml_text(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in text if c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")


# Reading


def read(path: Path, progress: Callable[[float], None] | None = None) -> OraDocument:
    """Reads a file; nothing is unpacked to disk. Raises CanvasError for what is damaged, hostile or too large."""
    with _unpacked(path) as archive:
        root = _parse(_member(archive, "stack.xml", MAX_STACK_BYTES, path), path)
        stack = root.find("stack")
        if root.tag != "image" or stack is None:
            raise CanvasError(f"{path.name} is not an OpenRaster file: its stack.xml lists no layers.")
        if sum(1 for _ in root.iter("layer")) > MAX_LAYERS:
            raise CanvasError(f"{path.name} has more than {MAX_LAYERS} layers, which is more than can be opened.")
        reading = _Reading(path, archive, sum(1 for _ in root.iter("layer")), progress)
        layers = reading.stack(stack, 0)
        sides = tuple(min(max(_whole(root.get(side)), 1), 1 << 30) for side in "wh")
    return OraDocument(sides[0], sides[1], layers, None, " ".join(sorted(reading.notes)))


class _Reading:
    """What goes on while one file is read."""

    def __init__(
        self, path: Path, archive: zipfile.ZipFile, count: int, progress: Callable[[float], None] | None
    ) -> None:
        self.path, self.archive, self.count, self.progress = path, archive, count, progress
        self.notes: set[str] = set()
        self.done = self.pixels = 0

    def stack(self, stack: ElementTree.Element, depth: int) -> list[OraLayer]:
        if depth > MAX_DEPTH:
            raise CanvasError(f"{self.path.name} has groups inside groups more than {MAX_DEPTH} deep.")
        layers: list[OraLayer] = []
        for element in reversed(list(stack)):
            if element.tag == "stack":
                group = self.plain(element)
                group.children = self.stack(element, depth + 1)
                layers.append(group)
            elif element.tag == "layer":
                layers.append(self.layer(element))
        return layers

    def plain(self, element: ElementTree.Element) -> OraLayer:
        """Everything but pixels and place."""
        operator = element.get("composite-op", "svg:src-over")
        mode = mode_of(operator)
        if mode is None:
            self.notes.add(f"The blend mode {operator[:40]} is not known here and was replaced by normal.")
        opacity = _number(element.get("opacity", "1"))
        return OraLayer(
            element.get("name", "")[:500],
            opacity=min(max(opacity, 0.0), 1.0),
            visible=element.get("visibility", "visible") != "hidden",
            locked=element.get("edit-locked") == "true",
            blend_mode=mode or BlendMode.NORMAL,
        )

    def layer(self, element: ElementTree.Element) -> OraLayer:
        layer = self.plain(element)
        source = element.get("src", "")
        parts = PurePosixPath(source).parts
        if not source or source.startswith("/") or ".." in parts or "\\" in source or ":" in source:
            raise CanvasError(f"{self.path.name} names a picture outside of itself ('{source[:60]}').")
        data = _member(self.archive, source, MAX_MEMBER_BYTES, self.path)
        try:
            rgba = read_picture(data).rgba
        except CanvasError as error:
            raise CanvasError(f"The layer '{layer.name}' of {self.path.name} cannot be read: {error}") from error
        box = Image.fromarray(rgba[..., 3]).getbbox()
        if box is not None:
            left, top, right, bottom = box
            layer.rgba = np.ascontiguousarray(rgba[top:bottom, left:right])
            layer.x = _whole(element.get("x")) + left
            layer.y = _whole(element.get("y")) + top
            self.pixels += layer.rgba.shape[0] * layer.rgba.shape[1]
        if self.pixels > MAX_TOTAL_PIXELS:
            raise CanvasError(
                f"The layers of {self.path.name} hold more than {MAX_TOTAL_PIXELS // 10**6} megapixels together, "
                "which is more than can be opened."
            )
        self.done += 1
        if self.progress is not None:
            self.progress(self.done / max(self.count, 1))
        return layer


@contextlib.contextmanager
def _unpacked(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            if _member(archive, "mimetype", 100, path).strip() != MIMETYPE.encode():
                raise CanvasError(f"{path.name} is not an OpenRaster file.")
            yield archive
    except FileNotFoundError as error:
        raise CanvasError(f"There is no file {path}.") from error
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise CanvasError(f"{path.name} is damaged or not an OpenRaster file ({error}).") from error


def _member(archive: zipfile.ZipFile, name: str, limit: int, path: Path) -> bytes:
    """The bytes of one member, never more than the limit, whatever its header claims."""
    try:
        with archive.open(name) as file:
            data = file.read(limit + 1)
    except KeyError as error:
        raise CanvasError(f"{path.name} is incomplete: '{name[:60]}' is missing.") from error
    if len(data) > limit:
        raise CanvasError(f"{path.name} holds a part that is too large ('{name[:60]}').")
    return data


def _parse(data: bytes, path: Path) -> ElementTree.Element:
    if b"<!" in data.replace(b"\0", b"").replace(b"<!--", b""):
        raise CanvasError(f"{path.name} has declarations in its stack.xml that no drawing needs; it is not opened.")
    try:
        return ElementTree.fromstring(data)  # noqa: S314 - entities were refused above
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
        raise CanvasError(f"The layer list of {path.name} is damaged ({error}).") from error


def _number(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if abs(value) < 1 << 30 else 0.0  # also refuses NaN


def _whole(text: str | None) -> int:
    return round(_number(text))


def ora_to_document(ora: OraDocument) -> Document:
    """A document with these layers, the picture's corner at (0, 0) and the frame around it. Nothing to undo."""
    document = Document(Bounds(0, 0, ora.width, ora.height))
    _fill(document.tree.root, ora.layers)
    layers = list(document.tree.paint_layers())
    if not layers:
        _place(PaintLayer("Layer 1"), document.tree.root)
        layers = list(document.tree.paint_layers())
    document.active = layers[-1]
    return document


def _fill(group: GroupLayer, layers: Sequence[OraLayer]) -> None:
    for source in layers:
        if source.children is not None:
            made: Layer = GroupLayer(source.name)
        else:
            made = PaintLayer(source.name)
            made.offset = Point(0, 0)
            if source.rgba is not None:
                made.surface.write_image(source.x, source.y, from_rgba(source.rgba))
        made.opacity, made.visible, made.locked = source.opacity, source.visible, source.locked
        made.blend_mode = source.blend_mode
        _place(made, group)
        if isinstance(made, GroupLayer):
            _fill(made, source.children or [])


def _place(layer: Layer, group: GroupLayer) -> None:
    group.children.append(layer)
    layer.parent = group
