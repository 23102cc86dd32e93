"""Writing OpenRaster: layers become PNG in two threads, a few at a time, and go into the file in order."""

import math
import zipfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image
from PySide6.QtGui import QImage

from canvas.document import Document
from canvas.formats import ora
from canvas.formats.archive import UNREADABLE
from canvas.formats.layered import LayeredPicture, Progress, check_side, from_document, rgba_of, settle
from canvas.formats.ora_expression import Entry, Expression
from canvas.formats.pictures import MAX_SIDE, replacing
from canvas.formats.png_rows import image_png, layer_png
from canvas.geometry import TILE, Bounds
from canvas.layer_packet import pack
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, PaintLayer
from canvas.png_copy import PngCopy, images_of
from canvas.surface import TiledSurface

THREADS = 2
AHEAD = 3
"Encoded parts that may wait for the file."
STAMPED = "adjustments are pictures of the colours that they made"
APPLIED = "masks and clipping are applied"
UNCOMMON = "the blend modes exclusion and behind may be shown as normal"


@dataclass(frozen=True)
class Part:
    """Bytes for one member of the archive, made by a thread."""

    name: str
    make: Callable[[], bytes]
    element: ElementTree.Element | None = None
    "Whose `stands-for` is to hold the checksum of the bytes."
    shown: "Written | None" = None
    "The layer that the bytes are a copy of."


class Written:
    """A layer while it is written, to be noted once the file is there."""

    def __init__(self, layer: PaintLayer, bounds: Bounds) -> None:
        self._note, self._bounds, self._images = layer.in_file, bounds, images_of(layer.surface)

    def lies_in(self, archive: Path, member: str, crc: int) -> None:
        """Note the copy that was made."""
        self._note.copy = PngCopy(archive, member, crc, self._bounds, self._images)


class _Copies:
    """PNG of unchanged layers in files that are there already; opened when first asked for."""

    def __init__(self) -> None:
        self._archives: dict[Path, zipfile.ZipFile | None] = {}

    def of(self, layer: PaintLayer) -> PngCopy | None:
        """The copy of a layer's pixels, if there is one."""
        copy = layer.in_file.copy
        if copy is None or not copy.shows(layer.surface):
            return None
        archive = self._opened(copy.archive)
        known = None if archive is None else archive.NameToInfo.get(copy.member)
        return copy if known is not None and copy.crc == known.CRC else None

    def read(self, copy: PngCopy | None) -> bytes | None:
        """Its bytes; None when they cannot be had any more."""
        archive = None if copy is None else self._archives.get(copy.archive)
        if archive is None or copy is None:
            return None
        try:
            return archive.read(copy.member)
        except (KeyError, *UNREADABLE):
            return None

    def close(self) -> None:
        """Let go of the files."""
        for archive in self._archives.values():
            if archive is not None:
                archive.close()

    def _opened(self, path: Path) -> zipfile.ZipFile | None:
        if path not in self._archives:
            try:
                self._archives[path] = zipfile.ZipFile(path)
            except UNREADABLE:
                self._archives[path] = None
        return self._archives[path]


@dataclass
class _Listing:
    """The list of layers while it grows, and the parts that it names."""

    dpi: float
    root: ElementTree.Element
    copies: _Copies
    parts: list[Part] = field(default_factory=list[Part])
    pictures: int = 0
    packets: int = 0

    def stack(self, parent: ElementTree.Element, entries: Sequence[Entry]) -> None:
        """Adds entries to a stack, the topmost first, as OpenRaster wants it."""
        for entry in reversed(entries):
            attributes = _attributes(entry.layer)
            if entry.children is None:
                self._layer(ElementTree.SubElement(parent, "layer", attributes), entry)
                continue
            isolated = isinstance(entry.layer, GroupLayer) and entry.layer.isolated
            inner = ElementTree.SubElement(parent, "stack", attributes, isolation="isolate" if isolated else "auto")
            self.stack(inner, entry.children)

    def _layer(self, element: ElementTree.Element, entry: Entry) -> None:
        pixels = entry.pixels or PaintLayer()
        copy = self.copies.of(pixels)
        content = copy.bounds.translated(*pixels.offset) if copy is not None else pixels.content_bounds()
        source = f"data/layer{self.pictures:03}.png"
        self.pictures += 1
        element.set("src", source)
        element.set("x", str(content.x))
        element.set("y", str(content.y))
        area = Bounds(0, 0, 1, 1) if content.is_empty else content
        if isinstance(entry.layer, PaintLayer) and entry.layer.alpha_locked and not entry.originals:
            element.set(f"handscroll:{ora.ALPHA_LOCKED}", "true")
        if entry.originals:
            member = f"handscroll/{self.packets:03}.layers"
            self.packets += 1
            element.set(f"handscroll:{ora.ORIGINALS}", member)
            element.set(f"handscroll:{ora.LOCKS}", "".join(str(int(one.locked)) for one in entry.originals))
            originals = tuple(entry.originals)
            self.parts.append(Part(member, lambda: pack(originals)))
        marked = element if entry.originals else None
        shown = None if entry.originals else Written(pixels, area.translated(-pixels.offset.x, -pixels.offset.y))

        def made() -> bytes:
            return self.copies.read(copy) or layer_png(pixels, area, self.dpi)

        self.parts.append(Part(source, made, marked, shown))


def ora_from_document(document: Document, area: Bounds | None = None) -> Expression:
    """A document ready to be written, all at one go. The window's thread. Raises CanvasError."""
    picture = from_document(document, area)
    if area is None:
        settle(picture)
    expression = express(picture)
    expression.advance()
    return expression


def express(picture: LayeredPicture) -> Expression:
    """The layers of a picture as OpenRaster can hold them; to be advanced until it is done. Raises CanvasError."""
    check_side(picture.width, picture.height, MAX_SIDE, "OpenRaster")
    return Expression(picture)


def write_ora(path: Path, expression: Expression, progress: Progress | None = None) -> str:
    """Writes the file; an old one is replaced only when all went well. Any thread. Raises CanvasError.

    Returns what other programs will not see as it is here, as a sentence; empty when they see everything.
    """
    copies = _Copies()
    try:
        _write(path, expression, copies, progress)
    finally:
        copies.close()
    return lost_by(expression)


def _write(path: Path, expression: Expression, copies: _Copies, progress: Progress | None) -> None:
    picture, listing = expression.picture, _listing(expression, copies)
    written: list[tuple[Written, str, int]] = []
    merged = PaintLayer("", picture.merged or TiledSurface())
    listing.parts.append(Part("mergedimage.png", lambda: layer_png(merged, picture.bounds, picture.dpi)))
    listing.parts.append(Part("Thumbnails/thumbnail.png", lambda: _thumbnail(merged, picture.bounds)))
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", ora.MIMETYPE)  # first and uncompressed, so that file type detection works
        for number, (part, data) in enumerate(_made(listing.parts)):
            archive.writestr(part.name, data)
            crc = archive.getinfo(part.name).CRC
            if part.shown is not None:
                written.append((part.shown, part.name, crc))
            if part.element is not None:
                place = f"{part.element.get('x')} {part.element.get('y')}"
                part.element.set(f"handscroll:{ora.MADE_FROM}", f"{crc:08x} {place}")
            if progress is not None:
                progress((number + 1) / (len(listing.parts) + 1))
        listed = ElementTree.tostring(listing.root, "utf-8", xml_declaration=True)
        archive.writestr("stack.xml", listed, zipfile.ZIP_DEFLATED)
        copies.close()  # one of them may be the file that is replaced now
    for shown, member, crc in written:
        shown.lies_in(path, member, crc)
    if progress is not None:
        progress(1.0)


def lost_by(expression: Expression) -> str:
    """What other programs see otherwise than we do, as a sentence."""
    lost: set[str] = set()
    waiting = list(expression.entries)
    while waiting:
        entry = waiting.pop()
        waiting.extend(entry.children or ())
        if entry.layer.blend_mode in (BlendMode.EXCLUSION, BlendMode.BEHIND):
            lost.add(UNCOMMON)
        if entry.originals:
            lost.add(STAMPED if isinstance(entry.originals[0], AdjustmentLayer) else APPLIED)
    if not lost:
        return ""
    return f"In other programs {', '.join(sorted(lost))}; Handscroll opens all as it is."


def _listing(expression: Expression, copies: _Copies) -> _Listing:
    picture = expression.picture
    root = ElementTree.Element("image", version=ora.VERSION, w=str(picture.width), h=str(picture.height))
    root.set("xmlns:handscroll", ora.NAMESPACE)
    root.set("xmlns:mypaint", ora.MYPAINT)
    root.set(f"mypaint:{ora.EOTF}", "1.0")  # else it may blend in linear light, by what its preferences say
    if picture.dpi > 0:
        root.set("xres", str(round(picture.dpi)))
        root.set("yres", str(round(picture.dpi)))
    listing = _Listing(picture.dpi, root, copies)
    plain = {"composite-op": "svg:src-over", "opacity": "1", "isolation": "isolate"}  # MyPaint takes no op for pigment
    listing.stack(ElementTree.SubElement(root, "stack", plain), expression.entries)
    return listing


def _attributes(layer: Layer) -> dict[str, str]:
    attributes = {
        "name": _xml_text(layer.name),
        "opacity": f"{layer.opacity:.9g}",
        "visibility": "visible" if layer.visible and not layer.apart else "hidden",
        "composite-op": ora.operator_of(layer.blend_mode),
    }
    if layer.locked:
        attributes["edit-locked"] = "true"
    return attributes


def _made(parts: Sequence[Part]) -> Iterator[tuple[Part, bytes]]:
    """All parts with their bytes, in order, made by threads that are at most a few parts ahead."""
    waiting: deque[tuple[Part, Future[bytes]]] = deque()
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="ora")
    try:
        for part in parts:
            waiting.append((part, pool.submit(part.make)))
            if len(waiting) >= THREADS + AHEAD:
                first, future = waiting.popleft()
                yield first, future.result()
        for part, future in waiting:
            yield part, future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _thumbnail(merged: PaintLayer, bounds: Bounds) -> bytes:
    """At most 256 pixels a side, averaged from strips so that the picture is never whole in memory."""
    scale = max(bounds.width, bounds.height, ora.THUMBNAIL_SIDE) / ora.THUMBNAIL_SIDE
    width, height = max(1, round(bounds.width / scale)), max(1, round(bounds.height / scale))
    coarse = max(1, math.floor(scale))
    small = Image.new("RGBa", (math.ceil(bounds.width / coarse), math.ceil(bounds.height / coarse)))
    rows = max(1, TILE // coarse) * coarse
    for top in range(0, bounds.height, rows):
        strip = Bounds(0, top, bounds.width, min(rows, bounds.height - top))
        piece = Image.fromarray(rgba_of(merged, strip)).convert("RGBa")
        small.paste(piece.reduce(coarse), (0, top // coarse))
    rgba = small.resize((width, height), Image.Resampling.BOX).convert("RGBA")
    image = QImage(rgba.tobytes(), width, height, width * 4, QImage.Format.Format_RGBA8888)
    return image_png(image)


def _xml_text(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in text if c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
