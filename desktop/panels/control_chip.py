"""The mark of a control layer in its row: what is followed and how strongly, and whether it rests or cannot work."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QPen

from canvas.layer_control import LayerControl
from desktop.generation.control_models import label_of_kind

PAD = 6
GAP = 6
FAINT = 0.5


def chip_text(control: LayerControl) -> str:
    """`Depth · 80 %`; `Depth · off`."""
    off = QCoreApplication.translate("controls", "off")
    state = f"{round(control.weight * 100)} %" if control.on else off
    return f"{label_of_kind(control.kind)} · {state}"


def draw_chip(painter: QPainter, rect: QRect, control: LayerControl, palette: QPalette, trouble: bool) -> int:
    """Draws the chip at the left of a line of text, in the painter's font; gives the place right of it."""
    metrics = QFontMetrics(painter.font())
    text = ("⚠ " if trouble else "") + chip_text(control)
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, rect.width() - 2 * PAD))
    plate = QRectF(rect.left(), rect.top() - 1.5, metrics.horizontalAdvance(text) + 2 * PAD, rect.height() + 1)
    warning, accent = palette.color(QPalette.ColorRole.BrightText), palette.color(QPalette.ColorRole.Accent)
    rim = QColor(warning if trouble else accent)
    fill = QColor(rim)
    fill.setAlphaF(0.22)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(painter.opacity() * (FAINT if not control.acts else 1.0))
    rim.setAlphaF(0.75)
    painter.setPen(QPen(rim, 1.0))
    painter.setBrush(fill)
    painter.drawRoundedRect(plate, plate.height() / 2, plate.height() / 2)
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
    return round(plate.right()) + GAP
