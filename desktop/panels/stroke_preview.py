"""One real stroke with the brush as it is now, drawn small and without making anybody wait."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.panels.stroke_sample import SamplePainter, SampleSpec
from desktop.view.canvas_view import CanvasView

PREVIEW = QSize(220, 64)


class StrokePreview(QWidget):
    """The stroke on a plate; while a new one is being painted, the old one stays."""

    clicked = Signal()

    def __init__(self, view: CanvasView, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("brushPreview")
        self._view = view
        self._samples = SamplePainter(self)
        self._shown: QImage | None = None
        self.setMinimumHeight(PREVIEW.height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._samples.ready.connect(self._refresh)
        view.viewChanged.connect(self._refresh)
        view.colorChanged.connect(self._refresh)

    def _refresh(self, *_: object) -> None:
        self.update()

    @property
    def busy(self) -> bool:
        """Whether the stroke is still being painted."""
        return self._samples.busy

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return PREVIEW

    def spec(self) -> SampleSpec:
        """The sample that fits brush, zoom, theme and density."""
        ratio, brush = self.devicePixelRatioF(), self._view.brush
        ink = self._view.color if brush.jitters else self.palette().color(QPalette.ColorRole.Text)
        zoom = self._view.camera.zoom / ratio
        return SampleSpec(brush, round(self.width() * ratio), round(self.height() * ratio), ink.rgba(), ratio, zoom)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Plate and stroke."""
        del event
        self._samples.forget_waiting()
        picture = self._samples.picture(self.spec())
        if picture is not None:
            self._shown = picture
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            plate = QPainterPath()
            plate.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.fillPath(plate, self.palette().color(QPalette.ColorRole.Base))
            painter.setClipPath(plate)
            if self._shown is not None:
                painter.drawImage(0, 0, self._shown)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the stroke asks for the presets."""
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: the old stroke has the wrong colour."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._shown = None
