"""Marching ants: the edge of a selection, at a cost that does not depend on how ragged it is."""

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter

from canvas.geometry import Bounds
from canvas.selection import Selection
from desktop.view.camera import Camera

DASH = 4  # device pixels of one ant at ratio 1
Indices = NDArray[np.intp]
LIGHT, DARK = np.uint32(0xFFFFFFFF), np.uint32(0xFF202020)


class MarchingAnts:
    """The edge of the selection in the view's own resolution: found once, then only recoloured."""

    def __init__(self) -> None:
        self._selection: Selection | None = None
        self._camera: Camera | None = None
        self._edge: tuple[Indices, Indices, Indices] | None = None
        self._corner = QPoint(0, 0)
        self._image = QImage()
        self.computed = 0  # how often the edge was looked for, for tests

    def area(self, selection: Selection, camera: Camera) -> Bounds:
        """The device rectangle that the ants cover; empty when none is in sight."""
        if selection.is_empty:
            return Bounds(0, 0, 0, 0)
        width, height = camera.device_size
        return camera.device_bounds(selection.bounds, 3).intersected(Bounds(0, 0, width, height))

    def paint(self, painter: QPainter, selection: Selection, camera: Camera, phase: int) -> None:
        """Draw into a painter in device pixels; `phase` moves the dashes."""
        if selection is not self._selection or camera != self._camera:
            self._selection, self._camera = selection, camera
            self._find_edge(selection, camera)
        if self._edge is None:
            return
        rows, columns, along = self._edge
        dash = max(1, round(DASH * camera.ratio))
        pixels = np.frombuffer(self._image.bits(), np.uint32).reshape(self._image.height(), -1)
        pixels[rows, columns] = np.where(((along - phase) // dash) % 2 == 0, LIGHT, DARK)
        painter.drawImage(self._corner, self._image)

    def _find_edge(self, selection: Selection, camera: Camera) -> None:
        self._edge = None
        self.computed += 1
        area = self.area(selection, camera)
        if area.is_empty:
            return
        inside = (view_mask(selection, camera, area) > 127).astype(np.uint8)
        contours, _ = cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        if not contours:
            return
        # Counting along each line keeps the dashes even in every direction.
        points = np.concatenate(contours)[:, 0, :].astype(np.intp)
        along = np.concatenate([np.arange(len(line)) for line in contours])
        columns, rows = points[:, 0], points[:, 1]
        # Where the view cuts the selection there is no edge.
        width, height = camera.device_size
        x, y = columns + area.x, rows + area.y
        kept = (x > 0) & (y > 0) & (x < width - 1) & (y < height - 1)
        rows, columns, along = rows[kept], columns[kept], along[kept]
        if camera.ratio >= 1.5:
            rows, columns, along = _thickened(rows, columns, along, (area.height, area.width))
        self._edge = (rows, columns, along)
        self._corner = QPoint(area.x, area.y)
        self._image = QImage(area.width, area.height, QImage.Format.Format_ARGB32_Premultiplied)
        self._image.fill(0)


def _thickened(
    rows: Indices, columns: Indices, along: Indices, shape: tuple[int, int]
) -> tuple[Indices, Indices, Indices]:
    """Every pixel as a block of 2 x 2, inside the picture."""
    rows = np.concatenate([np.minimum(rows + dy, shape[0] - 1) for dy in (0, 1) for _ in (0, 1)])
    columns = np.concatenate([np.minimum(columns + dx, shape[1] - 1) for _ in (0, 1) for dx in (0, 1)])
    return rows, columns, np.tile(along, 4)


def view_mask(selection: Selection, camera: Camera, area: Bounds) -> NDArray[np.uint8]:
    """The selection's coverage, (area.height, area.width), as seen in a device rectangle."""
    step = max(1, int(0.5 / camera.zoom))
    seen = camera.canvas_bounds(area).expanded(2 * step).intersected(selection.bounds)
    if seen.is_empty:
        return np.zeros((area.height, area.width), np.uint8)
    left, top = seen.x - selection.bounds.x, seen.y - selection.bounds.y
    part = np.ascontiguousarray(selection.mask[top : top + seen.height : step, left : left + seen.width : step])
    m11, m12, m21, m22 = camera.linear()
    # Sample (0, 0) of the part stands for the middle of canvas pixel `seen.x, seen.y`; device pixels likewise.
    x, y = camera.to_device(seen.x + 0.5, seen.y + 0.5)
    matrix = np.array([[m11 * step, m21 * step, x - area.x - 0.5], [m12 * step, m22 * step, y - area.y - 0.5]])
    flags = cv2.INTER_NEAREST if camera.zoom >= 2.0 else cv2.INTER_LINEAR
    seen_now = cv2.warpAffine(part, matrix, (area.width, area.height), flags=flags, borderValue=0)
    return seen_now.astype(np.uint8, copy=False)
