"""Photoshop files (.psd) out: layers, groups, masks, clipping and adjustments as Photoshop knows them.

psd-tools writes the records; the pixels are packed here, 256 rows at a time: memory stays near one packed layer.
"""

import struct
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import ImageCms
from psd_tools.compression import rle_impl  # pyright: ignore[reportAttributeAccessIssue] - C, or Python
from psd_tools.constants import BlendMode as PhotoshopMode
from psd_tools.constants import ChannelID, Clipping, Compression, SectionDivider, Tag
from psd_tools.psd.layer_and_mask import ChannelInfo, LayerFlags, LayerRecord, MaskData, MaskFlags
from psd_tools.psd.tagged_blocks import SectionDividerSetting, TaggedBlock

from canvas.errors import CanvasError
from canvas.formats.layered import LayeredPicture, Progress, check_side, coverage_of, rgba_of
from canvas.formats.pictures import replacing
from canvas.formats.psd_adjustments import put_blocks
from canvas.formats.psd_expression import Entry, express
from canvas.formats.psd_names import TO_PHOTOSHOP
from canvas.geometry import NOTHING, Bounds
from canvas.layers import AdjustmentLayer, GroupLayer, PaintLayer
from canvas.surface import TiledSurface

MAX_SIDE = 30_000
MAX_LAYERS = 8000
MAX_BYTES = 2_000_000_000
"Photoshop reads no larger .psd."
ROWS = 256
COLOURS = (ChannelID.TRANSPARENCY_MASK, ChannelID.CHANNEL_0, ChannelID.CHANNEL_1, ChannelID.CHANNEL_2)
PLACE_IN_RGBA = (3, 0, 1, 2)
EMPTY_CHANNEL = struct.pack(">H", Compression.RAW)
GROUP_END = "</Layer group>"
RESOLUTION, PROFILE = 1005, 1039
"Numbers of image resources."


@dataclass(eq=False)
class _Row:
    """One record of the file's list of layers, and where its pixels come from."""

    record: LayerRecord
    pixels: PaintLayer | None = None
    bounds: Bounds = NOTHING
    mask_pixels: Callable[[Bounds], NDArray[np.uint8]] | None = None
    mask_bounds: Bounds = NOTHING

    @property
    def area(self) -> int:
        """Pixels to pack."""
        return self.bounds.width * self.bounds.height + self.mask_bounds.width * self.mask_bounds.height


def write_psd(path: Path, picture: LayeredPicture, progress: Progress | None = None) -> str:
    """Writes the file; an old one is replaced only when all went well. Any thread. Raises CanvasError.

    `picture.merged` must be there. Returns what other programs will see otherwise, as a sentence; empty if nothing.
    What `progress` raises ends the work and leaves no file.
    """
    check_writable(picture)
    entries, notes = express(picture.layers)
    listing = _Listing(notes=notes)
    listing.add(entries)
    if len(listing.rows) > MAX_LAYERS:
        raise CanvasError(f"Photoshop files can have {MAX_LAYERS} layers; merge some first.")
    with replacing(path) as temporary, temporary.open("wb") as file:
        _Writing(file, picture, listing.rows, progress).write()
    return " ".join(dict.fromkeys(listing.notes))


def check_writable(picture: LayeredPicture) -> None:
    """Raises CanvasError when a picture is too large for the format."""
    check_side(picture.width, picture.height, MAX_SIDE, "Photoshop")


@dataclass(eq=False)
class _Listing:
    """The records while they grow, the lowest layer first."""

    notes: list[str]
    rows: list[_Row] = field(default_factory=list[_Row])

    def add(self, entries: Sequence[Entry]) -> None:
        """Adds entries; a group is its end, what it holds, and its head."""
        for entry in entries:
            if entry.children is None:
                self.rows.append(self.row(entry))
                continue
            end = LayerRecord(name=GROUP_END, channel_info=[ChannelInfo(channel) for channel in COLOURS])
            divider = SectionDivider.BOUNDING_SECTION_DIVIDER
            end.tagged_blocks[Tag.SECTION_DIVIDER_SETTING] = _divider(divider, None)
            end.tagged_blocks.set_data(Tag.UNICODE_LAYER_NAME, GROUP_END)
            self.rows.append(_Row(end))
            self.add(entry.children)
            head = self.row(entry)
            setting = _divider(SectionDivider.OPEN_FOLDER, head.record.blend_mode)
            head.record.tagged_blocks[Tag.SECTION_DIVIDER_SETTING] = setting
            self.rows.append(head)

    def row(self, entry: Entry) -> _Row:
        """A layer, or the head of a group."""
        layer = entry.layer
        record = LayerRecord(name=layer.name.encode("ascii", "replace").decode()[:200])
        record.opacity = round(layer.opacity * 255)
        record.blend_mode = TO_PHOTOSHOP.get(entry.blend_mode, PhotoshopMode.NORMAL)
        record.clipping = Clipping.NON_BASE if entry.clipped else Clipping.BASE
        seen = layer.visible and not layer.apart
        record.flags = LayerFlags(visible=seen, pixel_data_irrelevant=not isinstance(layer, PaintLayer))
        row = _Row(record)
        if isinstance(layer, GroupLayer) and not entry.isolated:
            record.blend_mode = PhotoshopMode.PASS_THROUGH
        blocks = record.tagged_blocks
        blocks.set_data(Tag.UNICODE_LAYER_NAME, layer.name)
        if isinstance(layer, AdjustmentLayer) and not put_blocks(layer.adjustment, blocks):
            self.notes.append("Adjustment layers may look a little different in other programs.")
        if isinstance(layer, PaintLayer):
            row.pixels, row.bounds = layer, layer.content_bounds()
            record.flags.transparency_protected = layer.alpha_locked
        locks = 7 if layer.locked else int(isinstance(layer, PaintLayer) and layer.alpha_locked)
        if locks:
            blocks.set_data(Tag.PROTECTED_SETTING, locks)
        record.left, record.top, record.right, record.bottom = _edges(row.bounds)
        record.channel_info = [ChannelInfo(channel) for channel in COLOURS]
        self.put_mask(row, entry)
        return row

    @staticmethod
    def put_mask(row: _Row, entry: Entry) -> None:
        """The mask as Photoshop has it: 255 is seen, and one value for all around it."""
        mask, strength = entry.mask, entry.mask_strength
        if mask is None:
            return
        row.mask_bounds = mask.content_bounds()
        left, top, right, bottom = _edges(row.mask_bounds)
        outside = 0 if mask.hides_outside else 255
        flags = MaskFlags(mask_disabled=not mask.enabled)
        row.record.mask_data = MaskData(top, left, bottom, right, outside, flags)
        row.record.channel_info.append(ChannelInfo(ChannelID.USER_LAYER_MASK))

        def pixels(bounds: Bounds) -> NDArray[np.uint8]:
            found = coverage_of(mask, bounds)
            if strength < 1.0:  # of a layer that erases
                found = (255.5 - (255 - found.astype(np.float32)) * strength).astype(np.uint8)
            return found

        row.mask_pixels = pixels


@dataclass(eq=False)
class _Writing:
    """What goes on while one file is written."""

    file: IO[bytes]
    picture: LayeredPicture
    rows: Sequence[_Row]
    progress: Progress | None
    done: int = 0

    def write(self) -> None:
        """Everything, in the order of the format."""
        file, picture = self.file, self.picture
        file.write(struct.pack(">4sH6xHIIHH", b"8BPS", 1, len(COLOURS), picture.height, picture.width, 8, 3))
        file.write(struct.pack(">I", 0))  # RGB needs no table of colours
        self.block(self.resources)
        self.block(lambda: self.block(self.layers, 2))
        merged = PaintLayer("", picture.merged or TiledSurface())
        counts, packed = self.pack(picture.bounds, lambda band: _merged_planes(rgba_of(merged, band)))
        file.write(struct.pack(">H", Compression.RLE))
        for part in (*counts, *packed):
            file.write(part)
        self.tell(0)

    @property
    def total(self) -> int:
        """Pixels to pack in all."""
        return sum(row.area for row in self.rows) + self.picture.width * self.picture.height

    def block(self, inner: Callable[[], None], padding: int = 1) -> None:
        """Something with its length in front."""
        start = self.file.tell()
        self.file.write(bytes(4))
        inner()
        self.file.write(bytes(-(self.file.tell() - start) % padding))
        end = self.file.tell()
        self.file.seek(start)
        self.file.write(struct.pack(">I", end - start - 4))
        self.file.seek(end)

    def resources(self) -> None:
        """The resolution, and that the colours are sRGB."""
        dpi = round((self.picture.dpi or 72.0) * 65536)
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        for number, data in ((RESOLUTION, struct.pack(">IHHIHH", dpi, 1, 1, dpi, 1, 1)), (PROFILE, profile)):
            self.file.write(struct.pack(">4sHHI", b"8BIM", number, 0, len(data)) + data + bytes(len(data) % 2))

    def layers(self) -> None:
        """The records, and then the pixels of each; the lengths in the records are known only after those."""
        start = self.file.tell()
        self.records()
        for row in self.rows:
            self.pixels(row)
        end = self.file.tell()
        self.file.seek(start)
        self.records()
        self.file.seek(end)

    def records(self) -> None:
        """How many (negative: the merged picture has transparency), and each."""
        self.file.write(struct.pack(">h", -len(self.rows)))
        for row in self.rows:
            row.record.write(self.file)

    def pixels(self, row: _Row) -> None:
        """The channels of one record, in its order."""
        channels: list[tuple[bytes, bytes]] = []
        if row.pixels is not None and not row.bounds.is_empty:
            source = row.pixels
            counts, packed = self.pack(row.bounds, lambda band: _planes(rgba_of(source, band)))
            channels.extend(zip(counts, packed, strict=True))
        else:
            channels.extend([(b"", b"")] * len(COLOURS))
        if row.mask_pixels is not None:
            own = row.mask_pixels
            counts, packed = self.pack(row.mask_bounds, lambda band: [own(band)])
            channels.extend(zip(counts, packed, strict=True) if counts[0] else [(b"", b"")])
        for info, (count, data) in zip(row.record.channel_info, channels, strict=True):
            head = struct.pack(">H", Compression.RLE) if count else EMPTY_CHANNEL
            info.length = len(head) + len(count) + len(data)
            for part in (head, count, data):
                self.file.write(part)
        if self.file.tell() > MAX_BYTES:
            raise CanvasError(
                "The file would be larger than 2 GB, which Photoshop does not read. Export OpenRaster instead."
            )

    def pack(
        self, bounds: Bounds, planes_of: Callable[[Bounds], Sequence[NDArray[np.uint8]]]
    ) -> tuple[list[bytes], list[bytes]]:
        """For each plane: the lengths of its packed rows, and the rows."""
        lengths: list[array[int]] = []
        packed: list[list[bytes]] = []
        for band in _bands(bounds):
            for number, plane in enumerate(planes_of(band)):
                if number == len(lengths):
                    lengths.append(array("H"))
                    packed.append([])
                rows = [rle_impl.encode(line.tobytes()) for line in plane]
                lengths[number].extend(map(len, rows))
                packed[number].append(b"".join(rows))
            self.tell(band.width * band.height)
        return [_big_endian(one) for one in lengths] or [b""], [b"".join(one) for one in packed] or [b""]

    def tell(self, pixels: int) -> None:
        """So many more are packed."""
        self.done += pixels
        if self.progress is not None:
            self.progress(min(self.done / max(self.total, 1), 1.0))


def _planes(rgba: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    return [rgba[..., place] for place in PLACE_IN_RGBA]


def _merged_planes(rgba: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Red, green, blue on white, as Photoshop keeps a merged picture, and alpha."""
    alpha = rgba[..., 3]
    if alpha.min() < 255:
        weight = alpha[..., None].astype(np.uint16)
        mixed = rgba[..., :3] * weight + 255 * (255 - weight)
        rgba = np.dstack([((mixed + 127) // 255).astype(np.uint8), alpha])
    return [rgba[..., place] for place in range(4)]


def _bands(bounds: Bounds) -> Iterator[Bounds]:
    for top in range(bounds.y, bounds.bottom, ROWS):
        yield Bounds(bounds.x, top, bounds.width, min(ROWS, bounds.bottom - top))


def _big_endian(lengths: "array[int]") -> bytes:
    return np.frombuffer(lengths, np.uint16).astype(">u2").tobytes()


def _edges(bounds: Bounds) -> tuple[int, int, int, int]:
    return bounds.x, bounds.y, bounds.right, bounds.bottom


def _divider(kind: SectionDivider, mode: PhotoshopMode | None) -> TaggedBlock:
    signature = None if mode is None else b"8BIM"
    setting = SectionDividerSetting(kind, signature, mode)
    return TaggedBlock(key=Tag.SECTION_DIVIDER_SETTING, data=setting)  # pyright: ignore[reportArgumentType]
