"""Symmetry as the painting tools offer it: its options, its centre, and the lines that show it."""

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from canvas.symmetry import KINDS, Symmetry
from desktop.i18n import mark
from desktop.view.tools.base import ToolHost
from desktop.view.tools.options import ToolOption

GROUP = "symmetry"
KIND = ToolOption(
    "kind",
    mark("tools", "Symmetry"),
    mark("tools", "Paints every stroke mirrored or turned as well"),
    "none",
    choices=(
        ("none", mark("tools", "None")),
        ("vertical", mark("tools", "Left and right")),
        ("horizontal", mark("tools", "Above and below")),
        ("both", mark("tools", "All four corners")),
        ("radial", mark("tools", "Around the centre")),
    ),
    group=GROUP,
)
COUNT = ToolOption(
    "count",
    mark("tools", "Copies"),
    mark("tools", "How often a stroke is repeated around the centre"),
    6,
    low=2,
    high=32,
    group=GROUP,
    only_if=("kind", ("radial",)),
)
OPTIONS = (KIND, COUNT)
LINE = QColor(230, 80, 150, 210)
FAR = 100_000.0  # logical pixels: past every screen


def symmetry_of(host: ToolHost, tool_id: str) -> Symmetry | None:
    """What is set now, around its centre; None while there is none."""
    kind = str(host.option(tool_id, KIND))
    if kind not in KINDS:
        return None
    x, y = host.symmetry_center or _middle(host)
    return Symmetry(kind, x, y, int(host.option(tool_id, COUNT)))


def paint_symmetry(host: ToolHost, tool_id: str, painter: QPainter) -> None:
    """Thin lines from the centre outwards, and a ring around it."""
    symmetry = symmetry_of(host, tool_id)
    if symmetry is None:
        return
    camera = host.camera
    middle = QPointF(*camera.to_view(symmetry.x, symmetry.y))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(255, 255, 255, 110), 2.4), (LINE, 1.0)):
        painter.setPen(QPen(colour, width))
        for end in _ends(host, symmetry):
            painter.drawLine(middle, end)
        painter.drawEllipse(middle, 5, 5)
    painter.restore()


def _ends(host: ToolHost, symmetry: Symmetry) -> list[QPointF]:
    """Where the lines leave the screen, in the view's logical pixels."""
    camera = host.camera
    reach = FAR * camera.ratio / camera.zoom
    turns = (math.radians(degrees) for degrees in symmetry.axes())
    places = ((symmetry.x + reach * math.cos(turn), symmetry.y + reach * math.sin(turn)) for turn in turns)
    return [QPointF(*camera.to_view(x, y)) for x, y in places]


def _middle(host: ToolHost) -> tuple[float, float]:
    frame = host.document.frame
    x, y = host.camera.center if frame.is_empty else frame.center
    return x, y
