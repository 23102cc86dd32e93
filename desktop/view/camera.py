"""Where the view stands over the endless canvas: pure arithmetic, no widgets.

Three planes: canvas (pixels of the painting), device (pixels of the screen, origin at the view's corner) and view
(Qt's logical pixels = device / ratio). A Camera never changes; every motion returns a new one.
"""

import math
from dataclasses import dataclass, replace

from canvas.geometry import Bounds, PointF

MIN_ZOOM = 1 / 64
MAX_ZOOM = 64.0


@dataclass(frozen=True)
class Camera:
    """Centre, zoom, rotation and mirroring of one view of a given size."""

    center: PointF = PointF(0.0, 0.0)
    """Canvas point in the middle of the view."""
    zoom: float = 1.0
    """Device pixels per canvas pixel: 1.0 shows every painted pixel as one pixel of the screen."""
    rotation: float = 0.0
    """Clockwise degrees in (-180, 180]."""
    mirrored: bool = False
    """True: left and right are exchanged on the screen."""
    width: int = 1
    """Logical pixels."""
    height: int = 1
    """Logical pixels."""
    ratio: float = 1.0
    """Device pixels per logical pixel."""

    @property
    def device_size(self) -> tuple[int, int]:
        """Width and height of the view in device pixels."""
        return max(1, math.ceil(self.width * self.ratio)), max(1, math.ceil(self.height * self.ratio))

    @property
    def scale_key(self) -> tuple[float, float, bool, float, tuple[int, int]]:
        """Equal for two cameras that differ by a shift only."""
        return self.zoom, self.rotation, self.mirrored, self.ratio, self.device_size

    @property
    def is_upright(self) -> bool:
        """True when neither rotated nor mirrored: tiles may be copied straight to the screen."""
        return self.rotation == 0.0 and not self.mirrored

    def linear(self) -> tuple[float, float, float, float]:
        """(m11, m12, m21, m22) from canvas to device in QTransform's order, without the shift."""
        cosine, sine = _turn(self.rotation)
        flip = -1.0 if self.mirrored else 1.0
        return self.zoom * flip * cosine, self.zoom * flip * sine, -self.zoom * sine, self.zoom * cosine

    @property
    def origin(self) -> tuple[float, float]:
        """Device position of the canvas point (0, 0): always whole pixels, so that panning never resamples."""
        m11, m12, m21, m22 = self.linear()
        width, height = self.device_size
        x = width / 2 - (m11 * self.center.x + m21 * self.center.y)
        y = height / 2 - (m12 * self.center.x + m22 * self.center.y)
        return math.floor(x + 0.5), math.floor(y + 0.5)

    def to_device(self, x: float, y: float) -> tuple[float, float]:
        """Canvas point to device pixels."""
        m11, m12, m21, m22 = self.linear()
        left, top = self.origin
        return m11 * x + m21 * y + left, m12 * x + m22 * y + top

    def from_device(self, x: float, y: float) -> tuple[float, float]:
        """Device pixels to the canvas point."""
        m11, m12, m21, m22 = self.linear()
        left, top = self.origin
        x, y = x - left, y - top
        determinant = m11 * m22 - m21 * m12
        return (m22 * x - m21 * y) / determinant, (m11 * y - m12 * x) / determinant

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """Canvas point to logical pixels of the view."""
        x, y = self.to_device(x, y)
        return x / self.ratio, y / self.ratio

    def to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Logical pixels of the view to the canvas point."""
        return self.from_device(x * self.ratio, y * self.ratio)

    def device_bounds(self, bounds: Bounds, margin: int = 0) -> Bounds:
        """The device rectangle around a canvas rectangle, `margin` device pixels wider on every side."""
        return Bounds.around(self.to_device(x, y) for x, y in _corners(bounds)).expanded(margin)

    def canvas_bounds(self, device: Bounds) -> Bounds:
        """The canvas rectangle that covers a device rectangle."""
        return Bounds.around(self.from_device(x, y) for x, y in _corners(device))

    def visible_bounds(self) -> Bounds:
        """The canvas rectangle that covers the view."""
        width, height = self.device_size
        return self.canvas_bounds(Bounds(0, 0, width, height))

    def panned(self, dx: float, dy: float) -> "Camera":
        """The picture moved by (dx, dy) logical pixels, rounded to whole device pixels."""
        width, height = self.device_size
        left, top = round(dx * self.ratio), round(dy * self.ratio)
        middle = self._exact_from_center(width / 2 - left, height / 2 - top)
        return replace(self, center=middle)

    def zoomed(self, zoom: float, anchor: tuple[float, float] | None = None) -> "Camera":
        """At another zoom, clamped to 1/64 .. 64; the canvas point under `anchor` (logical pixels) stays there."""
        return self._anchored(replace(self, zoom=min(MAX_ZOOM, max(MIN_ZOOM, zoom))), anchor)

    def turned(self, rotation: float, anchor: tuple[float, float] | None = None) -> "Camera":
        """At another rotation in degrees, about `anchor` (logical pixels; the middle when None)."""
        return self._anchored(replace(self, rotation=_wrapped(rotation)), anchor)

    def flipped(self) -> "Camera":
        """The mirror image of what is on the screen now."""
        return replace(self, mirrored=not self.mirrored, rotation=_wrapped(-self.rotation))

    def resized(self, width: int, height: int, ratio: float) -> "Camera":
        """For a view of another size or pixel density; the centre stays."""
        return replace(self, width=max(1, width), height=max(1, height), ratio=ratio)

    def fitted(self, bounds: Bounds, margin: float = 0.06, nearest: float = 1.0) -> "Camera":
        """Showing the whole of `bounds`, with a margin as a share of the view; never nearer than `nearest`."""
        if bounds.is_empty:
            return replace(self, center=PointF(0.0, 0.0), zoom=1.0)
        flat = replace(self, zoom=1.0)
        around = flat.device_bounds(bounds)
        width, height = self.device_size
        room = 1 - 2 * margin
        zoom = min(width * room / around.width, height * room / around.height, nearest)
        middle = PointF(bounds.x + bounds.width / 2, bounds.y + bounds.height / 2)
        return replace(self, zoom=max(MIN_ZOOM, zoom), center=middle)

    def fitted_into(self, bounds: Bounds, room: Bounds, nearest: float = 1.0) -> "Camera":
        """As `fitted`, but within this part of the view (logical pixels): something lies over the rest."""
        part = self.resized(room.width, room.height, self.ratio).fitted(bounds, nearest=nearest)
        right, down = room.x + (room.width - self.width) / 2, room.y + (room.height - self.height) / 2
        return part.resized(self.width, self.height, self.ratio).panned(right, down)

    def holding(self, point: tuple[float, float], at: tuple[float, float]) -> "Camera":
        """Moved so that a canvas point lies at a place of the view (logical pixels)."""
        width, height = self.device_size
        m11, m12, m21, m22 = self.linear()
        x, y = at[0] * self.ratio - width / 2, at[1] * self.ratio - height / 2
        determinant = m11 * m22 - m21 * m12
        dx, dy = (m22 * x - m21 * y) / determinant, (m11 * y - m12 * x) / determinant
        return replace(self, center=PointF(point[0] - dx, point[1] - dy))

    def _anchored(self, other: "Camera", anchor: tuple[float, float] | None) -> "Camera":
        return other if anchor is None else other.holding(self.to_canvas(*anchor), anchor)

    def _exact_from_center(self, x: float, y: float) -> PointF:
        """As from_device, but measured from the unrounded centre: many small pans add up without drift."""
        m11, m12, m21, m22 = self.linear()
        width, height = self.device_size
        x, y = x - width / 2, y - height / 2
        determinant = m11 * m22 - m21 * m12
        dx, dy = (m22 * x - m21 * y) / determinant, (m11 * y - m12 * x) / determinant
        return PointF(self.center.x + dx, self.center.y + dy)


def mip_level(zoom: float) -> int:
    """The mip plane to draw from: the one whose pixels are then scaled by 0.75 to 1.5."""
    return max(0, math.ceil(math.log2(0.75 / zoom)))


def _turn(degrees: float) -> tuple[float, float]:
    """(cosine, sine), exact at right angles so that pixels stay pixels."""
    exact = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), -90.0: (0.0, -1.0)}
    angle = math.radians(degrees)
    return exact.get(degrees) or (math.cos(angle), math.sin(angle))


def _wrapped(degrees: float) -> float:
    wrapped = math.fmod(degrees, 360.0)
    if wrapped > 180.0:
        wrapped -= 360.0
    elif wrapped <= -180.0:
        wrapped += 360.0
    return 0.0 if abs(wrapped) < 1e-9 else wrapped


def _corners(bounds: Bounds) -> tuple[tuple[float, float], ...]:
    return (
        (bounds.x, bounds.y),
        (bounds.right, bounds.y),
        (bounds.right, bounds.bottom),
        (bounds.x, bounds.bottom),
    )
