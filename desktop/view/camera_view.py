"""A widget that looks at the canvas through a camera: where it stands, and how it is moved."""

from PySide6.QtCore import QSizeF, Signal
from PySide6.QtWidgets import QWidget

from canvas.geometry import Bounds
from desktop.view.camera import MAX_ZOOM, Camera
from desktop.view.floating import floating, freest


class CameraView(QWidget):
    """Pan, zoom, rotate, mirror, fit. None of it changes the document."""

    viewChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._camera = Camera()

    @property
    def camera(self) -> Camera:
        """Where the view stands."""
        return self._camera

    def set_camera(self, camera: Camera) -> None:
        """Stand somewhere else; size and pixel ratio stay those of the widget."""
        camera = camera.resized(self.width(), self.height(), self.devicePixelRatioF())
        if camera != self._camera:
            self._camera = camera
            self.update()
            self.viewChanged.emit()

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by logical pixels."""
        self.set_camera(self._camera.panned(dx, dy))

    def fit(self, bounds: Bounds) -> None:
        """Show all of these canvas pixels, beside what lies over the view."""
        self.set_camera(self._camera.fitted_into(bounds, self.room_for(bounds)))

    def fit_close(self, bounds: Bounds) -> None:
        """Show these canvas pixels as large as they fit, nearer than 100 % too."""
        if not bounds.is_empty:
            self.set_camera(self._camera.fitted_into(bounds, self.room_for(bounds, MAX_ZOOM), MAX_ZOOM))

    def room_for(self, bounds: Bounds, nearest: float = 1.0) -> Bounds:
        """The part of the view, in its logical pixels, in which these canvas pixels can be seen best."""
        room, taken = self.rect(), floating(self).covered
        shape = self._camera.zoomed(1.0).device_bounds(bounds)
        ratio = self.devicePixelRatioF()
        best = freest(room, taken, QSizeF(shape.width / ratio, shape.height / ratio), nearest) if taken else room
        return Bounds(best.x(), best.y(), best.width(), best.height())

    def zoom_by(self, factor: float, anchor: tuple[float, float] | None = None) -> None:
        """Nearer (> 1) or further; the point under the anchor (logical pixels) stays."""
        self.set_camera(self._camera.zoomed(self._camera.zoom * factor, anchor))

    def zoom_to(self, zoom: float, anchor: tuple[float, float] | None = None) -> None:
        """1.0 = 100 %: one canvas pixel is one pixel of the screen."""
        self.set_camera(self._camera.zoomed(zoom, anchor))

    def rotate_by(self, degrees: float, anchor: tuple[float, float] | None = None) -> None:
        """Turn the paper clockwise."""
        self.set_camera(self._camera.turned(self._camera.rotation + degrees, anchor))

    def rotate_to(self, degrees: float) -> None:
        """Turn the paper to an angle."""
        self.set_camera(self._camera.turned(degrees))

    def reset_rotation(self) -> None:
        """Upright again."""
        self.set_camera(self._camera.turned(0.0))

    def mirror(self) -> None:
        """Exchange left and right on the screen; the document stays as it is."""
        self.set_camera(self._camera.flipped())

    def visible_bounds(self) -> Bounds:
        """The canvas pixels in sight."""
        return self._camera.visible_bounds()

    def canvas_to_widget(self, x: float, y: float) -> tuple[float, float]:
        """Canvas pixels to logical pixels of this widget."""
        return self._camera.to_view(x, y)
