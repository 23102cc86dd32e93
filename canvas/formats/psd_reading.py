"""Photoshop files (.psd, .psb) in: layers, groups, masks, clipping, adjustments, names; pixels of any depth and colour.

psd-tools parses the structure, under limits; the pixels are unpacked here, a row of tiles at a time. What is hostile
or damaged ends in a `CanvasError`, or in a layer without pixels and a note. Works on any thread.
"""

import contextlib
import logging
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from psd_tools.constants import BlendMode as PhotoshopMode
from psd_tools.constants import ChannelID, Clipping, Compression, Resource, SectionDivider, Tag
from psd_tools.psd.color_mode_data import ColorModeData
from psd_tools.psd.document import PSD
from psd_tools.psd.image_data import ImageData
from psd_tools.psd.layer_and_mask import (
    ChannelDataList,
    LayerAndMaskInformation,
    LayerInfo,
    LayerRecord,
)
from psd_tools.psd.parse_limits import ParseLimits

from canvas.errors import CanvasError
from canvas.formats import psd_adjustments
from canvas.formats.isolation import isolate, reaches_below
from canvas.formats.layered import LayeredPicture, Progress, put_coverage
from canvas.formats.psd_channels import Colours
from canvas.formats.psd_header import MAX_LAYERS, Header, check_sections, read_header
from canvas.formats.psd_names import FROM_PHOTOSHOP, NEAREST
from canvas.formats.psd_pixels import Pixels
from canvas.formats.psd_shapes import coverage_of_shape, vector_mask
from canvas.geometry import Bounds
from canvas.layers import AdjustmentLayer, BlendMode, GroupLayer, Layer, LayerMask, PaintLayer
from canvas.surface import TiledSurface

MAX_DEPTH = 50
MAX_TOTAL_PIXELS = 512_000_000
"Of all layers and masks together."
FREE_PIXELS, PIXELS_PER_BYTE = 64_000_000, 64
"A file of few bytes may hold so many pixels, and so many more for each byte."
MAX_NAME = 500
BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"What damaged files make the parser raise."


def read(path: Path, progress: Progress | None = None) -> LayeredPicture:
    """Reads a file. Raises CanvasError for what is damaged, hostile or too large; `progress` may raise to end it."""
    header = read_header(path)
    merged_at = check_sections(path, header)
    with _quiet():
        try:
            with path.open("rb") as file:
                parsed, note = PSD.read(file, parse_limits=_limits(path.stat().st_size)), ""
        except BROKEN as error:
            parsed = _merged_only(path, merged_at, header.version)
            note = f"Its layers are damaged ({_first_line(error)}): this is the merged picture of the file."
        try:
            picture = _Reading(path, header, parsed, progress).picture()
        except BROKEN as error:
            raise CanvasError(f"{path.name} is damaged and cannot be opened ({_first_line(error)}).") from error
    if note:
        picture.notes.insert(0, note)
    return picture


def _limits(size: int) -> ParseLimits:
    return ParseLimits(max_read_bytes=size + 4096, max_total_bytes=4 * size + (64 << 20), max_nesting_depth=MAX_DEPTH)


def _merged_only(path: Path, merged_at: int, version: int) -> PSD:
    """A file of which only the colour table and the merged picture are read."""
    with path.open("rb") as file:
        file.seek(26)
        table = file.read(int.from_bytes(file.read(4), "big"))
        file.seek(int.from_bytes(file.read(4), "big"), 1)
        count = int.from_bytes(file.read(2 + 8 * version)[-2:], "big", signed=True)
        file.seek(merged_at)
        packing, data = file.read(2), file.read()
    if packing not in (b"\0\0", b"\0\1") or not data:
        raise CanvasError(f"{path.name} is damaged and cannot be opened.")
    return PSD(
        color_mode_data=ColorModeData(table),
        layer_and_mask_information=LayerAndMaskInformation(LayerInfo(count)),  # its sign says whether there is alpha
        image_data=ImageData(Compression(packing[1]), data),
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The parser's warnings about strange files are nobody's concern."""
    logger = logging.getLogger("psd_tools")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


class _Reading:
    """What goes on while one file is read."""

    def __init__(self, path: Path, header: Header, parsed: PSD, progress: Progress | None) -> None:
        self.path, self.header, self.parsed, self.progress = path, header, parsed, progress
        self.notes: list[str] = []
        size = path.stat().st_size
        profile = parsed.image_resources.get_data(Resource.ICC_PROFILE)
        try:
            palette = bytes(parsed.color_mode_data.value)
            profile = profile if isinstance(profile, bytes) else b""
            colours = Colours(header.mode, palette, profile, header.depth == 32)
        except CanvasError as error:
            raise CanvasError(f"{path.name} cannot be opened: {error}.") from error
        most = min(MAX_TOTAL_PIXELS, FREE_PIXELS + size * PIXELS_PER_BYTE)
        self.pixels = Pixels(path, header, colours, most, self.tell)
        self.done = self.total = 0

    def picture(self) -> LayeredPicture:
        picture = LayeredPicture(self.header.width, self.header.height)
        info = self.parsed._get_layer_info()  # the only way to the layers of 16 and 32 bits
        records = list(info.layer_records) if info is not None else []
        if len(records) > MAX_LAYERS:
            raise CanvasError(f"{self.path.name} has more than {MAX_LAYERS} layers, which is more than can be opened.")
        self.total = max(1, len(records))
        if info is not None and records:
            picture.layers = self.tree(list(zip(records, info.channel_image_data, strict=True)))
        if not picture.layers:
            picture.layers = [self.pixels.flat(self.parsed, info.layer_count if info is not None else 0)]
        if self.header.depth > 8:
            self.notes.append(f"Its {self.header.depth} bits per channel were reduced to 8.")
        picture.notes = self.pixels.colours.notes + self.notes
        return picture

    def tree(self, rows: Sequence[tuple[LayerRecord, ChannelDataList]]) -> list[Layer]:
        """The layers of the root; the file lists them from the lowest, a group's head after what it holds."""
        open_groups: list[list[Layer]] = [[]]
        for record, channels in rows:
            kind = _divider(record)
            if kind is SectionDivider.BOUNDING_SECTION_DIVIDER:
                open_groups.append([])
                if len(open_groups) > MAX_DEPTH:
                    raise CanvasError(f"{self.path.name} has groups inside groups more than {MAX_DEPTH} deep.")
            elif kind in (SectionDivider.OPEN_FOLDER, SectionDivider.CLOSED_FOLDER) and len(open_groups) > 1:
                group = GroupLayer(_name(record))
                for child in open_groups.pop():
                    group.children.append(child)
                    child.parent = group
                self.dress(group, record, channels)
                self.keep_apart(group, record)
                open_groups[-1].append(group)
            else:
                open_groups[-1].append(self.layer(record, channels))
            self.done += 1
            self.tell(0.0)
        while len(open_groups) > 1:  # groups whose head is missing
            last = open_groups.pop()
            open_groups[-1].extend(last)
        return open_groups[0]

    def keep_apart(self, group: GroupLayer, record: LayerRecord) -> None:
        """Groups that pass through do so here, too, and the others do not; as far as that can be said here."""
        if _group_mode(record) is not PhotoshopMode.PASS_THROUGH:
            isolate(group)
        elif group.isolated and reaches_below(group):
            self.note("What is in the group '{}' no longer blends with what is below the group.", group.name)

    def tell(self, part: float) -> None:
        if self.progress is not None:
            self.progress(min((self.done + part) / self.total, 1.0))

    def layer(self, record: LayerRecord, channels: ChannelDataList) -> Layer:
        """A layer with pixels, or an adjustment."""
        name, blocks = _name(record), record.tagged_blocks
        if psd_adjustments.is_adjustment(blocks):
            adjustment, exact = psd_adjustments.from_blocks(blocks)
            if adjustment is not None:
                if not exact:
                    self.note("The adjustment of the layer '{}' may look a little different here.", name)
                made: Layer = AdjustmentLayer(name, adjustment)
                self.dress(made, record, channels)
                return made
            self.note("The adjustment of the layer '{}' is not known here and does nothing.", name)
        painted = PaintLayer(name)
        self.dress(painted, record, channels)
        try:
            self.fill(painted, record, channels)
        except (CanvasError, *BROKEN) as error:
            painted.surface = TiledSurface()
            self.note(f"The pixels of the layer '{{}}' are missing: {_first_line(error)}.", name)
        return painted

    def note(self, sentence: str, name: str) -> None:
        self.notes.append(sentence.replace("{}", name[:60]))

    def dress(self, layer: Layer, record: LayerRecord, channels: ChannelDataList) -> None:
        """Everything but pixels."""
        blocks = record.tagged_blocks
        fill = blocks.get_data(Tag.BLEND_FILL_OPACITY, 255)
        layer.opacity = record.opacity / 255 * (fill / 255 if isinstance(fill, int) else 1.0)
        layer.visible = record.flags.visible
        layer.clipped = record.clipping is Clipping.NON_BASE
        locks = blocks.get_data(Tag.PROTECTED_SETTING, 0)
        locks = locks if isinstance(locks, int) else 0
        layer.locked = bool(locks & 0x8000_0002)
        if isinstance(layer, PaintLayer):
            layer.alpha_locked = bool(locks & 1) or record.flags.transparency_protected
        layer.blend_mode = self.mode(record, layer)
        if any(tag in blocks for tag in _EFFECTS):
            self.note("The effects (shadows, glows and the like) of the layer '{}' were left out.", layer.name)
        if not isinstance(layer, PaintLayer) or not _is_drawn_shape(record):
            try:
                layer.mask = self.mask(layer, record, channels)
            except (CanvasError, *BROKEN) as error:
                self.note(f"The mask of the layer '{{}}' is missing: {_first_line(error)}.", layer.name)

    def mode(self, record: LayerRecord, layer: Layer) -> BlendMode:
        theirs = _group_mode(record) if isinstance(layer, GroupLayer) else record.blend_mode
        found = FROM_PHOTOSHOP.get(theirs)
        if found is None:
            found = NEAREST.get(theirs, BlendMode.NORMAL)
            words = theirs.name.lower().replace("_", " ")
            self.note(f"The blend mode {words} of the layer '{{}}' is not known here: it is {found} now.", layer.name)
        return found

    def fill(self, layer: PaintLayer, record: LayerRecord, channels: ChannelDataList) -> None:
        bounds = Bounds(record.left, record.top, record.right - record.left, record.bottom - record.top)
        if bounds.is_empty:
            self.fill_plain(layer, record)
            return
        by_id = {info.id: data for info, data in zip(record.channel_info, channels, strict=False)}
        self.pixels.fill(layer.surface, by_id, bounds)

    def fill_plain(self, layer: PaintLayer, record: LayerRecord) -> None:
        """A fill layer has a colour instead of pixels; other layers without pixels are empty."""
        blocks = record.tagged_blocks
        colour = _plain_colour(blocks.get_data(Tag.SOLID_COLOR_SHEET_SETTING))
        if colour is not None:
            self.pixels.fill_plain(layer.surface, colour)
        elif any(tag in blocks for tag in _WITHOUT_PIXELS):
            self.note("The layer '{}' is a shape or fill without pixels of its own; it stays empty.", layer.name)

    def mask(self, layer: Layer, record: LayerRecord, channels: ChannelDataList) -> LayerMask | None:
        """The mask made of pixels; without one the vector mask."""
        data = record.mask_data
        if data is None:
            outline = vector_mask(record.tagged_blocks)
            if outline is None:
                return None
            made = LayerMask(layer, hides_outside=True)
            put_coverage(made, coverage_of_shape(outline, Bounds(0, 0, self.header.width, self.header.height)), 0, 0)
            return made
        by_id = {info.id: found for info, found in zip(record.channel_info, channels, strict=False)}
        which, outside = ChannelID.USER_LAYER_MASK, data.background_color
        edges = (data.left, data.top, data.right, data.bottom)
        if data.real_flags is not None and ChannelID.REAL_USER_LAYER_MASK in by_id:
            which, outside = ChannelID.REAL_USER_LAYER_MASK, data.real_background_color or 0
            edges = (data.real_left or 0, data.real_top or 0, data.real_right or 0, data.real_bottom or 0)
        bounds = Bounds(edges[0], edges[1], edges[2] - edges[0], edges[3] - edges[1])
        if which not in by_id or (bounds.is_empty and outside == 255):
            return None
        made = LayerMask(layer, hides_outside=outside < 128)
        made.enabled = not data.flags.mask_disabled
        if bounds.is_empty:
            return made
        density = data.parameters.user_mask_density if data.parameters is not None else None
        for (x, top), coverage in self.pixels.coverage(by_id, which, bounds):
            put_coverage(made, _weaker(coverage, density), x, top)
        return made


_EFFECTS = (
    Tag.EFFECTS_LAYER,
    Tag.OBJECT_BASED_EFFECTS_LAYER_INFO,
    Tag.OBJECT_BASED_EFFECTS_LAYER_INFO_V0,
    Tag.OBJECT_BASED_EFFECTS_LAYER_INFO_V1,
)
_WITHOUT_PIXELS = (
    Tag.SOLID_COLOR_SHEET_SETTING,
    Tag.GRADIENT_FILL_SETTING,
    Tag.PATTERN_FILL_SETTING,
    Tag.VECTOR_STROKE_CONTENT_DATA,
)


def _is_drawn_shape(record: LayerRecord) -> bool:
    """Whether a shape's pixels have its outline already."""
    drawn = record.right > record.left and record.mask_data is None
    return drawn and any(tag in record.tagged_blocks for tag in _WITHOUT_PIXELS)


def _divider(record: LayerRecord) -> SectionDivider:
    for tag in (Tag.SECTION_DIVIDER_SETTING, Tag.NESTED_SECTION_DIVIDER_SETTING):
        setting = record.tagged_blocks.get_data(tag)
        if setting is not None:
            return setting.kind
    return SectionDivider.OTHER


def _group_mode(record: LayerRecord) -> PhotoshopMode:
    for tag in (Tag.SECTION_DIVIDER_SETTING, Tag.NESTED_SECTION_DIVIDER_SETTING):
        setting = record.tagged_blocks.get_data(tag)
        if setting is not None and setting.blend_mode is not None:
            return setting.blend_mode
    return record.blend_mode


def _name(record: LayerRecord) -> str:
    name = record.tagged_blocks.get_data(Tag.UNICODE_LAYER_NAME)
    text = name if isinstance(name, str) else record.name
    return "".join(letter for letter in text if letter >= " " and not "\ud800" <= letter <= "\udfff")[:MAX_NAME]


def _plain_colour(setting: Any) -> tuple[int, int, int, int] | None:
    colour = setting.get(b"Clr ") if setting is not None else None
    if colour is None or any(key not in colour for key in (b"Rd  ", b"Grn ", b"Bl  ")):
        return None
    red, green, blue = (round(min(max(float(colour[key].value), 0.0), 255.0)) for key in (b"Rd  ", b"Grn ", b"Bl  "))
    return red, green, blue, 255


def _weaker(coverage: NDArray[np.uint8], density: int | None) -> NDArray[np.uint8]:
    """A mask of less than full density hides less."""
    if density is None or density >= 255:
        return coverage
    return cv2.convertScaleAbs(coverage, alpha=density / 255, beta=255 - density).astype(np.uint8, copy=False)


def _first_line(error: BaseException) -> str:
    return (str(error).split("\n", 1)[0] or type(error).__name__)[:200].rstrip(".")
