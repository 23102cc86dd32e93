"""The dot grid of the empty canvas: seen only where the paper is, fading in and out as one zooms."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage

from desktop.view.camera import Camera

SPACING = 32.0  # logical pixels between dots at 100 %
STRENGTH = 0.14  # how far a dot's colour lies from the paper's towards black or white


def draw_dots(buffer: QImage, camera: Camera, rect: QRect, paper: QColor) -> None:
    """Set dots inside a device rectangle of an RGB32 buffer, on pixels that show bare paper and nothing else.

    The spacing doubles and halves with the zoom; dots that are about to vanish are fainter.
    """
    zoom = camera.zoom / camera.ratio
    octave = 2.0 ** math.floor(math.log2(zoom))
    spacing = SPACING / octave  # canvas pixels: on the screen between one and two SPACINGs
    strength = zoom / octave - 1.0  # of every second dot: 0 just appearing .. 1 as strong as the others
    if camera.is_upright:
        _draw_straight(buffer, camera, rect, (paper, spacing, strength))
        return
    points, coarse = _grid(camera, rect, spacing)
    if not len(points):
        return
    pixels = np.frombuffer(buffer.bits(), np.uint32).reshape(buffer.height(), -1)
    bare = np.uint32(paper.rgb())
    size = max(1, round(1.5 * camera.ratio))
    for chosen, share in ((points[coarse], 1.0), (points[~coarse], strength)):
        colour = np.uint32(_tinted(paper, STRENGTH * share).rgb())
        if colour != bare:
            _stamp(pixels, chosen, size, rect, (bare, colour))


def _draw_straight(buffer: QImage, camera: Camera, rect: QRect, look: tuple[QColor, float, float]) -> None:
    """On an upright view dots are rows by columns, which numpy takes at once."""
    paper, spacing, strength = look
    pixels = np.frombuffer(buffer.bits(), np.uint32).reshape(buffer.height(), -1)
    bare = np.uint32(paper.rgb())
    size = max(1, round(1.5 * camera.ratio))
    columns = _places(camera, spacing, (rect.left(), rect.right()), 0)
    rows = _places(camera, spacing, (rect.top(), rect.bottom()), 1)
    strong, faint = (np.uint32(_tinted(paper, STRENGTH * share).rgb()) for share in (1.0, strength))
    for (x, x_coarse), (y, y_coarse) in ((c, r) for c in columns for r in rows):
        colour = strong if x_coarse and y_coarse else faint
        if colour == bare:
            continue
        wide = _inside((x[:, None] + np.arange(size)).ravel(), rect.left(), rect.right())
        high = _inside((y[:, None] + np.arange(size)).ravel(), rect.top(), rect.bottom())
        place = high[:, None], wide[None, :]
        part = pixels[place]
        empty = part == bare
        if empty.any():
            pixels[place] = np.where(empty, colour, part)


def _inside(places: NDArray[np.int64], low: int, high: int) -> NDArray[np.int64]:
    return places[(places >= low) & (places <= high)]


def _places(camera: Camera, spacing: float, ends: tuple[int, int], axis: int) -> list[tuple[NDArray[np.int64], bool]]:
    """Device positions of the dots along one axis: those that stay when zooming out, and the others."""
    zero = camera.origin[axis]
    first = math.floor((ends[0] - 4 - zero) / camera.zoom / spacing)
    last = math.ceil((ends[1] + 5 - zero) / camera.zoom / spacing)
    numbers = np.arange(first, last + 1)
    places = np.floor(camera.zoom * (numbers * spacing) + zero + 0.5).astype(np.int64)
    return [(places[numbers % 2 == 0], True), (places[numbers % 2 == 1], False)]


def _grid(camera: Camera, rect: QRect, spacing: float) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Device positions (n, 2) of the dots near the rectangle, and which of them stay when zooming out."""
    corners = [
        camera.from_device(x, y)
        for x in (rect.left() - 4, rect.right() + 5)
        for y in (rect.top() - 4, rect.bottom() + 5)
    ]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    columns = np.arange(math.floor(min(xs) / spacing), math.ceil(max(xs) / spacing) + 1)
    rows = np.arange(math.floor(min(ys) / spacing), math.ceil(max(ys) / spacing) + 1)
    column, row = (grid.ravel() for grid in np.meshgrid(columns, rows))
    m11, m12, m21, m22 = camera.linear()
    left, top = camera.origin
    x, y = column * spacing, row * spacing
    places = np.stack([m11 * x + m21 * y + left, m12 * x + m22 * y + top], axis=1)
    return np.floor(places + 0.5).astype(np.int64), (column % 2 == 0) & (row % 2 == 0)


def _stamp(
    pixels: NDArray[np.uint32],
    points: NDArray[np.int64],
    size: int,
    rect: QRect,
    colours: tuple[np.uint32, np.uint32],
) -> None:
    bare, colour = colours
    for dx in range(size):
        for dy in range(size):
            x, y = points[:, 0] + dx, points[:, 1] + dy
            inside = (x >= rect.left()) & (x <= rect.right()) & (y >= rect.top()) & (y <= rect.bottom())
            x, y = x[inside], y[inside]
            empty = pixels[y, x] == bare
            pixels[y[empty], x[empty]] = colour


def _tinted(paper: QColor, amount: float) -> QColor:
    target = 0 if paper.lightness() > 127 else 255
    return QColor(*(round(c + (target - c) * amount) for c in (paper.red(), paper.green(), paper.blue())))
