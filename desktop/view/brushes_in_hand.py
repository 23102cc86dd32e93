"""What the hand holds: the settings of brush and eraser, the colour, and which tool is chosen."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from canvas.brush import BrushSettings
from desktop.view.camera_view import CameraView

BRUSH = BrushSettings(size=24, hardness=0.75, opacity=1.0, flow=1.0, smoothing=0.3)
ERASER = BrushSettings(size=48, hardness=0.75, opacity=1.0, flow=1.0, eraser=True, smoothing=0.2)
SELECTION_BRUSH = BrushSettings(size=48, hardness=0.8, opacity=1.0, flow=1.0, smoothing=0.2)
SMUDGE = BrushSettings(size=60, hardness=0.5, opacity=1.0, flow=0.8, spacing=0.08, smoothing=0.2)
CLONE = BrushSettings(size=60, hardness=0.7, opacity=1.0, flow=1.0, smoothing=0.2)
LARGEST = 1000


class BrushesInHand(CameraView):
    """A view that also knows what would be painted with."""

    brushChanged = Signal()
    colorChanged = Signal(QColor)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._brushes = {
            "brush": BRUSH,
            "eraser": ERASER,
            "selection-brush": SELECTION_BRUSH,
            "smudge": SMUDGE,
            "clone": CLONE,
        }
        self._color = QColor(32, 34, 40)
        self.symmetry_center: tuple[float, float] | None = None
        self._second_color = QColor(255, 255, 255)
        self._tool_id = "brush"

    @property
    def tool_id(self) -> str:
        """The chosen tool."""
        return self._tool_id

    @property
    def brush(self) -> BrushSettings:
        """The settings of the eraser while it is chosen, else of the brush."""
        return self.brush_of(self._tool_id)

    def brush_of(self, tool_id: str) -> BrushSettings:
        """The settings of the brush or the eraser."""
        return self._brushes[tool_id if tool_id in self._brushes else "brush"]

    def set_brush(self, settings: BrushSettings) -> None:
        """Change the settings of the eraser while it is chosen, else of the brush."""
        owner = self._tool_id if self._tool_id in self._brushes else "brush"
        settings = replace(settings, eraser=owner == "eraser")
        if settings != self.brush:
            self._brushes[owner] = settings
            self.update()
            self.refresh_cursor()
            self.brushChanged.emit()

    @property
    def brush_tools(self) -> tuple[str, ...]:
        """The tools that have a brush of their own."""
        return tuple(self._brushes)

    def put_brush(self, tool_id: str, settings: BrushSettings) -> None:
        """Give a tool a brush, as it was left the last time. KeyError for a tool without a brush of its own."""
        known = self._brushes[tool_id]
        self._brushes[tool_id] = replace(settings, eraser=known.eraser)
        self.update()
        self.refresh_cursor()
        self.brushChanged.emit()

    def step_brush_size(self, direction: int) -> None:
        """Larger (+1) or smaller (-1) by a tenth, at least one pixel."""
        size = self.brush.size
        step = max(1, round(size * 0.1))
        wanted = round(size) + (step if direction > 0 else -step)
        self.set_brush(replace(self.brush, size=min(LARGEST, max(1, wanted))))

    @property
    def color(self) -> QColor:
        """What the brush paints with."""
        return QColor(self._color)

    def set_color(self, color: QColor) -> None:
        """Paint with this, opaque."""
        opaque = QColor(color.red(), color.green(), color.blue())
        if opaque != self._color:
            self._color = opaque
            self.colorChanged.emit(QColor(opaque))

    @property
    def second_color(self) -> QColor:
        """The colour in reserve: where gradients lead to, and the inside of shapes."""
        return QColor(self._second_color)

    def set_second_color(self, color: QColor) -> None:
        """Keep this in reserve, opaque."""
        self._second_color = QColor(color.red(), color.green(), color.blue())

    def refresh_cursor(self) -> None:
        """The pointer's shape may have to change; views that have one override this."""
