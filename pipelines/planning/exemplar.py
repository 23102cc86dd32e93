"""A hole closed with pieces of what is around it, so that edges run through and textures go on.

Every small patch that touches the hole looks for its likest among the wholly known ones, and every pixel of the hole
becomes the mean of what the patches over it found; this in turns, from a very small picture to a larger one. After
Wexler, Shechtman and Irani, "Space-time completion of video" (2007); the search from a coarser picture's finds and from
the neighbours' after Barnes et al., "PatchMatch" (2009); what is sure counts for more after Criminisi, Perez and
Toyama, "Region filling and object removal by exemplar-based image inpainting" (2004).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pipelines.planning.membrane import spread

Field = NDArray[np.float32]
Area = NDArray[np.bool_]
Places = NDArray[np.intp]
"""(n, 2) rows and columns of the upper left corners of patches."""
_PATCH = 7
"""Side of a patch, pixels of the picture at hand."""
_HALF = _PATCH // 2
_FINEST, _COARSEST = 96, 26
"""Longest side of the largest picture searched and of the smallest, pixels."""
_MOST_HOLE = 2200
"""A hole of more pixels is searched in a smaller picture."""
_LEAST_SOURCES = 24
"""Fewer wholly known patches say too little."""
_TURNS = 4
"""Rounds of search and mean in the smallest picture."""
_MOST_STEP = 24.0
"""Largest step at the rim that is taken away, levels of 255."""
_FALL = 1.25
"""By how much a pixel of the hole counts for less than one a pixel nearer to what is known."""


@dataclass(eq=False)
class _Level:
    """One size of the picture."""

    picture: Field
    """(h, w, 3), 0..255; the hole holds the present guess."""
    hole: Area
    sure: Field
    """(h, w): 1 where known, falling with the depth in the hole."""
    targets: Places
    sources: Places
    allowed: Area
    """Where a wholly known patch may begin."""


def close_hole(rgb: Field, hole: Area) -> Field | None:
    """(h, w, 3) float32 0..255 with `hole` (h, w) replaced; None when too little is known to take pieces from."""
    level: _Level | None = None
    found: Places | None = None
    for size in _sizes(hole):
        finer = _level(rgb, hole, size, None if level is None else level.picture)
        if len(finer.sources) < _LEAST_SOURCES or not len(finer.targets):
            return None
        if level is None or found is None:
            _peel(finer)
            for _ in range(_TURNS):
                found = _whole_search(finer)
                _vote(finer, found)
        else:
            found = _carried(level, found, finer)
            _vote(finer, found)
            found = _near_search(finer, found)
        level = finer
    assert level is not None  # noqa: S101 - there is always a size
    assert found is not None  # noqa: S101
    _meet(level, found)
    return _with_detail(rgb, hole, level, found)


def _sizes(hole: Area) -> list[tuple[int, int]]:
    """(width, height) of the pictures searched, the smallest first."""
    height, width = hole.shape
    scale = min(1.0, _FINEST / max(height, width), (_MOST_HOLE / max(1, int(hole.sum()))) ** 0.5)
    sizes = []
    while True:
        size = max(_PATCH + 1, round(width * scale)), max(_PATCH + 1, round(height * scale))
        sizes.insert(0, size)
        if max(size) <= 1.5 * _COARSEST:
            return sizes
        scale /= 2


def _level(rgb: Field, hole: Area, size: tuple[int, int], guess: Field | None) -> _Level:
    known = (~hole).astype(np.float32)
    weight = np.asarray(cv2.resize(known, size, interpolation=cv2.INTER_AREA), np.float32)
    total = np.asarray(cv2.resize(rgb * known[..., None], size, interpolation=cv2.INTER_AREA), np.float32)
    small = weight < 0.5
    sharp = (total / np.maximum(weight, 1e-6)[..., None]).astype(np.float32)
    if guess is None:
        fresh = spread(sharp, (~small).astype(np.float32))
    else:
        fresh = np.asarray(cv2.resize(guess, size, interpolation=cv2.INTER_LINEAR), np.float32)
    picture = np.where(small[..., None], fresh, sharp).astype(np.float32)
    depth = cv2.distanceTransform(np.pad(small, 1, mode="edge").astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    touched = _touched(small)
    sure = (_FALL ** -np.asarray(depth, np.float32)).astype(np.float32)
    return _Level(picture, small, sure, np.argwhere(touched), np.argwhere(~touched), ~touched)


def _touched(area: Area) -> Area:
    """(rows, columns): whether the patch that begins there holds anything of the area."""
    whole = cv2.dilate(area.astype(np.uint8), np.ones((_PATCH, _PATCH), np.uint8))
    return np.asarray(whole, np.uint8)[_HALF:-_HALF, _HALF:-_HALF] > 0


def _peel(level: _Level) -> None:
    """A first guess from the rim inwards, ring by ring, each from what is known by then: edges run on straight."""
    filled = ~level.hole
    while not filled.all():
        ring = (cv2.dilate(filled.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & ~filled
        middle = (filled | ring)[_HALF:-_HALF, _HALF:-_HALF]
        targets = np.argwhere(_touched(ring) & middle)
        if len(targets):
            step = replace(level, hole=ring, sure=(level.sure * filled).astype(np.float32), targets=targets)
            _vote(step, _whole_search(step))
        filled |= ring


def _patches(values: Field) -> Field:
    """(rows, columns, ...) view of every patch by its upper left corner."""
    return sliding_window_view(values, (_PATCH, _PATCH), axis=(0, 1))  # type: ignore[return-value]


def _whole_search(level: _Level) -> Places:
    """For every target the likest of all sources, weighted by how sure each pixel is."""
    patches, sure = _patches(level.picture), _patches(level.sure)
    source = patches[level.sources[:, 0], level.sources[:, 1]]
    target = patches[level.targets[:, 0], level.targets[:, 1]]
    weight = sure[level.targets[:, 0], level.targets[:, 1]]
    squares = (source**2).sum(axis=1).reshape(len(source), -1)
    weighed = (target * weight[:, None]).reshape(len(target), -1)
    apart = weight.reshape(len(target), -1) @ squares.T - 2.0 * (weighed @ source.reshape(len(source), -1).T)
    return level.sources[apart.argmin(axis=1)]


def _carried(coarse: _Level, found: Places, level: _Level) -> Places:
    """What the coarser picture's patches found, in this one's pixels."""
    field = _as_field(coarse, found)
    scale = np.array(level.hole.shape) / np.array(coarse.hole.shape)
    middle = (level.targets + _PATCH // 2 + 0.5) / scale - _PATCH // 2 - 0.5
    at = np.clip(np.rint(middle).astype(np.intp), 0, np.array(field.shape[:2]) - 1)
    return _fitting(level, level.targets + np.rint(field[at[:, 0], at[:, 1]] * scale).astype(np.intp))


def _as_field(level: _Level, found: Places) -> Field:
    """(rows, columns, 2) offsets from each target to its source; 0 where a patch is its own source."""
    field = np.zeros((*level.allowed.shape, 2), np.float32)
    field[level.targets[:, 0], level.targets[:, 1]] = found - level.targets
    return field


def _fitting(level: _Level, wanted: Places) -> Places:
    """The wanted places, or the wholly known ones nearest to them."""
    rows, columns = level.allowed.shape
    inside = np.clip(wanted, 0, (rows - 1, columns - 1))
    _, labels = cv2.distanceTransformWithLabels(
        (~level.allowed).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    labels = np.asarray(labels, np.intp)
    place_of = np.zeros((int(labels.max()) + 1, 2), np.intp)
    place_of[labels[level.sources[:, 0], level.sources[:, 1]]] = level.sources
    return place_of[labels[inside[:, 0], inside[:, 1]]]


def _near_search(level: _Level, found: Places) -> Places:
    """The best of what each target has, what lies a pixel beside it, and what its neighbours' finds point to."""
    patches, sure = _patches(level.picture), _patches(level.sure)
    target = patches[level.targets[:, 0], level.targets[:, 1]]
    weight = sure[level.targets[:, 0], level.targets[:, 1]][:, None]
    best, least = found, np.full(len(found), np.inf, np.float32)
    field = _as_field(level, found)
    rows, columns = level.allowed.shape
    ways = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)]
    neighbours = [(0, 3), (0, -3), (3, 0), (-3, 0)]
    for way in [*ways, *neighbours]:
        if way in ways:
            wanted = found + way
        else:
            beside = np.clip(level.targets + way, 0, (rows - 1, columns - 1))
            wanted = level.targets + field[beside[:, 0], beside[:, 1]].astype(np.intp)
        inside = np.clip(wanted, 0, (rows - 1, columns - 1))
        fits = level.allowed[inside[:, 0], inside[:, 1]]
        inside = np.where(fits[:, None], inside, best)
        apart = (((patches[inside[:, 0], inside[:, 1]] - target) ** 2) * weight).sum(axis=(1, 2, 3))
        better = apart < least
        best, least = np.where(better[:, None], inside, best), np.where(better, apart, least)
    return best


def _vote(level: _Level, found: Places) -> None:
    """Sets every pixel of the hole to the mean of what the patches over it found."""
    mean, told = _mean(level, found)
    level.picture[level.hole & told] = mean[level.hole & told]


def _meet(level: _Level, found: Places) -> None:
    """The last vote, and what is left of a step at the rim taken away: there it is known how wrong the finds are."""
    mean, told = _mean(level, found)
    rim = told & ~level.hole
    wrong = np.where(rim[..., None], np.clip(level.picture - mean, -_MOST_STEP, _MOST_STEP), 0.0).astype(np.float32)
    mended = np.clip(mean + spread(wrong, rim.astype(np.float32)), 0, 255)
    level.picture[level.hole & told] = mended[level.hole & told]


def _mean(level: _Level, found: Places) -> tuple[Field, Area]:
    """(h, w, 3) what the patches found for every pixel that they lie over, the likest counting most, and where."""
    height, width = level.hole.shape
    sums = np.zeros((height * width, 4), np.float32)
    rows, columns = level.targets.T
    sure = _patches(level.sure)[rows, columns]
    apart = _patches(level.picture)[found[:, 0], found[:, 1]] - _patches(level.picture)[rows, columns]
    unlike = np.einsum("ncyx,nyx->n", apart * apart, sure) / sure.sum(axis=(1, 2))
    usual = max(float(np.percentile(unlike, 75)), 1.0)
    weight = np.exp(-unlike / (2.0 * usual)) * sure.mean(axis=(1, 2)) + 1e-6
    ones = np.dstack([level.picture, np.ones((height, width), np.float32)]).reshape(-1, 4)
    corners, sources, share = rows * width + columns, found[:, 0] * width + found[:, 1], weight[:, None]
    for down in range(_PATCH):
        for across in range(_PATCH):
            step = down * width + across
            sums[corners + step] += ones.take(sources + step, axis=0) * share
    sums = sums.reshape(height, width, 4)
    return (sums[..., :3] / np.maximum(sums[..., 3:], 1e-9)).astype(np.float32), sums[..., 3] > 0


def _with_detail(rgb: Field, hole: Area, level: _Level, found: Places) -> Field:
    """The last guess at full size, with the fine detail of the places it was taken from."""
    height, width = hole.shape
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    smooth = np.asarray(cv2.resize(level.picture, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    result = rgb.copy()
    result[part] = np.where(hole[part][..., None], smooth[part], rgb[part])
    scale = np.array([height, width], np.float32) / np.array(level.hole.shape, np.float32)
    if scale.max() <= 1.0:
        return result
    # Every pixel takes the detail that the patch around it found; beside the hole there is none to be known.
    offsets = np.pad(_as_field(level, found), ((_HALF, _HALF), (_HALF, _HALF), (0, 0)), mode="edge") * scale
    field = cv2.resize(offsets.astype(np.float32), (width, height), interpolation=cv2.INTER_NEAREST)[part]
    sure = cv2.erode((~level.hole).astype(np.uint8), np.ones((3, 3), np.uint8))
    sharp = cv2.resize(sure, (width, height), interpolation=cv2.INTER_NEAREST)[..., None] > 0
    detail = np.where(sharp, rgb - smooth, np.float32(0.0))
    y, x = np.mgrid[part].astype(np.float32)
    taken = cv2.remap(detail, x + field[..., 1], y + field[..., 0], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    result[part] += np.where(hole[part][..., None], np.asarray(taken, np.float32), np.float32(0.0))
    return np.clip(result, 0, 255)
