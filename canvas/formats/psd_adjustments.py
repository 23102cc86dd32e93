"""Photoshop's adjustment layers and ours: levels, curves, hue and saturation, brightness and contrast, invert."""

import struct
from collections.abc import Sequence

import numpy as np
from psd_tools.constants import Tag
from psd_tools.psd import adjustments as photoshop
from psd_tools.psd.tagged_blocks import TaggedBlock, TaggedBlocks

from canvas.adjustments import Adjustment, BrightnessContrast, CurvePoints, Curves, HueSaturation, Levels, curve_table

LEVEL_RECORDS = 29
MOST_POINTS = 19
"Of a curve, in the file."

OTHERS = (
    Tag.BLACK_AND_WHITE,
    Tag.CHANNEL_MIXER,
    Tag.COLOR_BALANCE,
    Tag.COLOR_LOOKUP,
    Tag.EXPOSURE,
    Tag.GRADIENT_MAP,
    Tag.HUE_SATURATION_V4,
    Tag.PHOTO_FILTER,
    Tag.POSTERIZE,
    Tag.SELECTIVE_COLOR,
    Tag.THRESHOLD,
    Tag.VIBRANCE,
)
"Adjustments that have no counterpart here."
KNOWN = (Tag.LEVELS, Tag.CURVES, Tag.HUE_SATURATION, Tag.BRIGHTNESS_AND_CONTRAST, Tag.INVERT)


def is_adjustment(blocks: TaggedBlocks) -> bool:
    """Whether a layer with these blocks changes colours and has no pixels of its own."""
    return any(tag in blocks for tag in (*KNOWN, *OTHERS))


def from_blocks(blocks: TaggedBlocks) -> tuple[Adjustment | None, bool]:
    """The adjustment that looks most the same, None without any; and whether it looks exactly the same."""
    if Tag.INVERT in blocks:
        return Curves(all=((0.0, 1.0), (1.0, 0.0))), True
    levels = blocks.get_data(Tag.LEVELS)
    if isinstance(levels, photoshop.Levels) and len(levels):
        plain = all(_is_plain(record) for record in list(levels)[1:4])
        return _from_levels(levels[0]), plain
    curves = blocks.get_data(Tag.CURVES)
    if isinstance(curves, photoshop.Curves):
        return _from_curves(curves)
    hue = blocks.get_data(Tag.HUE_SATURATION)
    if isinstance(hue, photoshop.HueSaturation):
        return _from_hue(hue), not hue.enable and not any(any(values) for _, values in hue.items)
    return _from_brightness(blocks), False


def _is_plain(record: photoshop.LevelRecord) -> bool:
    return (record.input_floor, record.output_floor, record.gamma) == (0, 0, 100) and (
        record.input_ceiling,
        record.output_ceiling,
    ) == (255, 255)


def _from_levels(record: photoshop.LevelRecord) -> Levels:
    return Levels(
        min(record.input_floor, 253) / 255,
        min(max(record.input_ceiling, record.input_floor + 1, 2), 255) / 255,
        min(max(record.gamma / 100, 0.1), 10.0),
        min(record.output_floor, 255) / 255,
        min(record.output_ceiling, 255) / 255,
    )


def _from_curves(curves: photoshop.Curves) -> tuple[Curves | None, bool]:
    found: dict[int, CurvePoints] = {}
    if isinstance(curves.extra, photoshop.CurvesExtraMarker):
        for item in curves.extra:
            found[int(item.channel_id)] = _points(item.points)
    else:
        bits = [bit for bit in range(32) if curves.version == 1 and curves.count_map >> bit & 1]
        channels = bits or range(len(curves.data))
        found = {channel: _points(points) for channel, points in zip(channels, curves.data, strict=False)}
    if not found:
        return None, False
    straight = ((0.0, 0.0), (1.0, 1.0))
    every, red, green, blue = (found.get(channel, straight) for channel in range(4))
    return Curves(every, red, green, blue), False


def _points(raw: Sequence[int] | Sequence[Sequence[int]]) -> CurvePoints:
    """Points of a curve (the file has output before input, 0..255) or a table of 256 outputs."""
    if len(raw) == 256 and isinstance(raw[0], int):
        at = np.linspace(0, 255, MOST_POINTS).round().astype(int)
        return tuple((int(x) / 255, int(np.asarray(raw)[x]) / 255) for x in at)
    pairs = sorted(
        {min(int(point[1]), 255): min(int(point[0]), 255) for point in raw if not isinstance(point, int)}.items()
    )
    if len(pairs) < 2:
        return ((0.0, 0.0), (1.0, 1.0))
    return tuple((x / 255, y / 255) for x, y in pairs)


def _from_hue(hue: photoshop.HueSaturation) -> HueSaturation:
    if hue.enable:
        turn, strength, light = hue.colorization
        turn = (turn + 180) % 360 - 180
        return HueSaturation(float(turn), _hundredths(strength) * 2 - 1, _hundredths(light), colorize=True)
    turn, strength, light = hue.master
    return HueSaturation(float(min(max(turn, -180), 180)), _hundredths(strength), _hundredths(light))


def _hundredths(value: int) -> float:
    return min(max(value / 100, -1.0), 1.0)


def _from_brightness(blocks: TaggedBlocks) -> BrightnessContrast | None:
    newer = blocks.get_data(Tag.CONTENT_GENERATOR_EXTRA_DATA)
    brightness = contrast = None
    if newer is not None and b"Brgh" in newer:
        brightness, contrast = (getattr(newer.get(key), "value", 0) for key in (b"Brgh", b"Cntr"))
    elif Tag.BRIGHTNESS_AND_CONTRAST in blocks:
        older = blocks.get_data(Tag.BRIGHTNESS_AND_CONTRAST)
        signed = np.array([older.brightness, older.contrast], np.uint16).astype(np.int16)
        brightness, contrast = int(signed[0]), int(signed[1])
    if brightness is None or contrast is None:
        return None
    return BrightnessContrast(min(max(brightness / 255, -1.0), 1.0), _hundredths(int(contrast)))


# Writing


def put_blocks(adjustment: Adjustment, blocks: TaggedBlocks) -> bool:
    """Adds what Photoshop needs for an adjustment; whether it looks exactly the same there."""
    if isinstance(adjustment, BrightnessContrast):
        adjustment = _as_levels(adjustment)
    if isinstance(adjustment, Levels):
        tag, raw = Tag.LEVELS, _raw_levels(adjustment)
    elif isinstance(adjustment, Curves):
        tag, raw = Tag.CURVES, _raw_curves(adjustment)
    else:
        tag, raw = Tag.HUE_SATURATION, _raw_hue(adjustment)
    blocks[tag] = TaggedBlock(key=tag, data=raw)
    return tag is Tag.LEVELS


def _as_levels(values: BrightnessContrast) -> Levels:
    """The same straight line as levels: exact."""
    slope = float(np.tan((min(values.contrast, 0.998) + 1) * np.pi / 4))
    if slope < 1e-6:
        grey = min(max(0.5 + values.brightness, 0.0), 1.0)
        return Levels(out_black=grey, out_white=grey)

    def becomes(x: float) -> float:
        return min(max((x - 0.5) * slope + 0.5 + values.brightness, 0.0), 1.0)

    black = min(max(0.5 - (0.5 + values.brightness) / slope, 0.0), 1 - 2 / 255)
    white = min(max(0.5 + (0.5 - values.brightness) / slope, black + 1 / 255), 1.0)
    return Levels(black, white, 1.0, becomes(black), becomes(white))


def _raw_levels(levels: Levels) -> bytes:
    ends = [_byte(one) for one in (levels.black, levels.white, levels.out_black, levels.out_white)]
    gamma = min(max(round(levels.gamma * 100), 10), 999)
    records = [struct.pack(">5H", *ends, gamma)] + [struct.pack(">5H", 0, 255, 0, 255, 100)] * (LEVEL_RECORDS - 1)
    return struct.pack(">H", 2) + b"".join(records)


def _raw_curves(curves: Curves) -> bytes:
    channels = [_raw_points(points) for points in (curves.all, curves.red, curves.green, curves.blue)]
    numbered = [struct.pack(">H", number) + raw for number, raw in enumerate(channels)]
    head = struct.pack(">BHI", 0, 1, 0b1111) + b"".join(channels)
    return head + b"Crv " + struct.pack(">HI", 4, len(channels)) + b"".join(numbered)


def _raw_points(points: CurvePoints) -> bytes:
    if len(points) > MOST_POINTS:
        table = curve_table(points)
        at = np.linspace(0, 255, MOST_POINTS).round().astype(int)
        points = tuple((int(x) / 255, float(table[x])) for x in at)
    pairs = {_byte(x): _byte(y) for x, y in points}
    return struct.pack(">H", len(pairs)) + b"".join(struct.pack(">2H", y, x) for x, y in pairs.items())


def _raw_hue(values: HueSaturation) -> bytes:
    parts = [round(values.saturation * 100), round(values.lightness * 100)]
    if values.colorize:
        own = (round(values.hue) % 360, round((values.saturation + 1) * 50), parts[1])
        head = struct.pack(">HBx3h3h", 2, 1, *own, 0, 0, 0)
    else:
        head = struct.pack(">HBx3h3h", 2, 0, 0, 25, 0, round(values.hue), *parts)
    ranges = b"".join(
        struct.pack(">4h3h", *((start + turn) % 360 for turn in (0, 30, 60, 90)), 0, 0, 0)
        for start in (315, 15, 75, 135, 195, 255)
    )
    return head + ranges


def _byte(value: float) -> int:
    return min(max(round(value * 255), 0), 255)
