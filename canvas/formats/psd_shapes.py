"""Vector masks of Photoshop files as coverage: Bezier outlines, filled with smooth edges and combined."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from psd_tools.constants import Tag
from psd_tools.psd.tagged_blocks import TaggedBlocks
from psd_tools.psd.vector import Subpath, VectorMaskSetting

from canvas.errors import CanvasError
from canvas.geometry import Bounds

Points = NDArray[np.float64]
MAX_KNOTS = 20_000
MAX_PIXELS = 64_000_000
STEPS = 16
"Straight pieces of a curve between two knots."
FRACTION_BITS = 4
FINER = 4
"How many times finer outlines are drawn than they end up; cv2's own smooth edges are half a pixel too fat."
BAND = 256
"Rows that are drawn at a time."
FARTHEST = 4.0
"How far outside a point may lie, in widths and heights of the picture."
SUBTRACT, INTERSECT, EXCLUDE, CONTINUE = 2, 3, 0, -1


def vector_mask(blocks: TaggedBlocks) -> VectorMaskSetting | None:
    """The vector mask of a layer, if it has one that is in use."""
    for tag in (Tag.VECTOR_MASK_SETTING1, Tag.VECTOR_MASK_SETTING2):
        found = blocks.get_data(tag)
        if isinstance(found, VectorMaskSetting) and found.path is not None and not found.disable:
            return found
    return None


def coverage_of_shape(mask: VectorMaskSetting, picture: Bounds) -> NDArray[np.uint8]:
    """(h, w) over the picture: 255 is inside. CanvasError for a shape that is too large or has too many knots."""
    if picture.width * picture.height > MAX_PIXELS:
        raise CanvasError("its outline is too large to be drawn")
    subpaths = [one for one in mask.path or () if isinstance(one, Subpath)]
    if sum(len(one) for one in subpaths) > MAX_KNOTS:
        raise CanvasError("its outline has too many points")
    parts: list[tuple[int, list[Points]]] = []
    for subpath in subpaths:
        outline = _outline(subpath, picture)
        if subpath.operation == CONTINUE and parts:
            parts[-1][1].append(outline)
        else:
            parts.append((subpath.operation, [outline]))
    begins_full = bool(parts) and parts[0][0] in (SUBTRACT, INTERSECT)
    whole = np.full((picture.height, picture.width), 255 if begins_full else 0, np.uint8)
    for operation, outlines in parts:
        shape = _filled(outlines, picture)
        if operation == SUBTRACT:
            whole = cv2.min(whole, cv2.bitwise_not(shape))
        elif operation == INTERSECT:
            whole = cv2.min(whole, shape)
        elif operation == EXCLUDE:
            whole = cv2.absdiff(whole, shape)
        else:
            whole = cv2.max(whole, shape)
    whole = np.asarray(whole, np.uint8)
    return 255 - whole if mask.invert else whole


def _outline(subpath: Subpath, picture: Bounds) -> Points:
    """(n, 2) points x, y of a closed outline in pixels."""
    knots = [(one.preceding, one.anchor, one.leaving) for one in subpath]
    if len(knots) < 2:
        return np.empty((0, 2))
    points = np.clip(np.array(knots, np.float64)[..., ::-1], -FARTHEST, FARTHEST)
    points *= (picture.width, picture.height)
    t = np.linspace(0, 1, STEPS, endpoint=False)[None, :, None]
    start, out = points[:, 1][:, None], points[:, 2][:, None]
    into, end = np.roll(points[:, 0], -1, 0)[:, None], np.roll(points[:, 1], -1, 0)[:, None]
    curve = (1 - t) ** 3 * start + 3 * (1 - t) ** 2 * t * out + 3 * (1 - t) * t**2 * into + t**3 * end
    return curve.reshape(-1, 2)


def _filled(outlines: Sequence[Points], picture: Bounds) -> NDArray[np.uint8]:
    """What several outlines enclose together; where two overlap is outside."""
    shape = np.zeros((picture.height, picture.width), np.uint8)
    scale = FINER << FRACTION_BITS
    whole = [np.round(one * scale - (1 << FRACTION_BITS) / 2).astype(np.int32) for one in outlines if len(one)]
    for top in range(0, picture.height if whole else 0, BAND):
        rows = min(BAND, picture.height - top)
        fine = np.zeros((rows * FINER, picture.width * FINER), np.uint8)
        moved = [one - np.array([0, top * scale], np.int32) for one in whole]
        cv2.fillPoly(fine, moved, 255, cv2.LINE_8, FRACTION_BITS)
        shape[top : top + rows] = cv2.resize(fine, (picture.width, rows), interpolation=cv2.INTER_AREA)
    return shape
