"""Round arrows outside the frame's edges: a click lets the picture grow there."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton

from canvas.changes import ChangeKind, DocumentChange
from canvas.compositor import Compositor
from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from desktop.naming import named
from desktop.view.canvas_view import CanvasView
from desktop.view.overlays import ACCENT

SIDES: dict[str, tuple[int, int]] = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
DIAMETER = 26
AWAY = 22
"""Logical pixels from the frame's edge to the middle of an arrow."""
LABEL = 26
"""What the frame's label takes below it while its tool is chosen, logical pixels."""
SMALLEST_FRAME = 90
"""Logical pixels: beside a smaller frame arrows would only be in the way."""
STRIP = 8
"""Canvas pixels on both sides of an edge that are looked at."""
SETTLE_MS = 200
FRAME_TOOLS = ("frame", "extend")
OTHER_WAYS = ("route",)
"""Tools that let the picture grow in their own way: arrows would be in theirs."""
QUIET = (ChangeKind.ACTIVE, ChangeKind.GENERATIONS, ChangeKind.HISTORY, ChangeKind.SELECTION)
"""Changes that no edge depends on."""


class EdgeArrow(QAbstractButton):
    """One arrow; it points where it leads, however the paper is turned."""

    def __init__(self, side: str, view: CanvasView) -> None:
        super().__init__(view)
        self.setObjectName(f"edgeArrow-{side}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the canvas keeps the keys
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(DIAMETER, DIAMETER)
        self.side = side
        self.angle = 0.0
        self.retranslate()
        self.hide()

    def sizeHint(self) -> QSize:
        """Always the same."""
        return QSize(DIAMETER, DIAMETER)

    def enterEvent(self, event: QEnterEvent) -> None:
        """It lights up."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """It no longer does."""
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A disc with an arrow."""
        del event
        lit = self.underMouse() or self.isDown()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(DIAMETER / 2, DIAMETER / 2)
            painter.setPen(QPen(QColor(255, 255, 255, 210), 1.2))
            disc = QColor(ACCENT) if lit else QColor(24, 28, 36)
            disc.setAlpha(255 if lit else 190)
            painter.setBrush(disc)
            painter.drawEllipse(QPointF(0, 0), DIAMETER / 2 - 1.5, DIAMETER / 2 - 1.5)
            painter.rotate(self.angle)
            painter.setPen(QPen(QColor(255, 255, 255), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(-5, 0), QPointF(5, 0))
            painter.drawPolyline(QPolygonF([QPointF(1, -4), QPointF(5, 0), QPointF(1, 4)]))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        tips = {
            "left": self.tr("Let the picture grow to the left (Alt+Left)"),
            "right": self.tr("Let the picture grow to the right (Alt+Right)"),
            "up": self.tr("Let the picture grow upwards (Alt+Up)"),
            "down": self.tr("Let the picture grow downwards (Alt+Down)"),
        }
        self.setToolTip(tips[self.side])
        self.setAccessibleName(tips[self.side])


class EdgeArrows(QObject):
    """The four arrows of one view: all while the frame is in hand, else those at whose edge a picture ends."""

    wanted = Signal(int, int)
    """Across (-1 left, 1 right) and down (-1 up, 1 down)."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self._on = True
        self._reasons: set[str] = set()
        self._touching: set[str] = set()
        self.arrows = {side: EdgeArrow(side, view) for side in SIDES}
        for side, arrow in self.arrows.items():
            arrow.clicked.connect(lambda _=False, way=SIDES[side]: self.wanted.emit(*way))
        self._settle = named(QTimer(self), "edgeTimer", interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._look)
        self._disconnect = view.document.changed.connect(self._changed)
        view.viewChanged.connect(self.follow)
        view.toolChanged.connect(lambda _: self.follow())
        view.gestureStarted.connect(self.follow)
        view.gestureFinished.connect(self.follow)
        self._settle.start()

    def set_on(self, on: bool) -> None:
        """Whether there are any."""
        self._on = on
        self._look()

    def stand_back(self, reason: str, back: bool) -> None:
        """Hides them as long as one reason for it holds: something else is at the frame's edges."""
        if back != (reason in self._reasons):
            (self._reasons.add if back else self._reasons.discard)(reason)
            self.follow()

    def release_document(self) -> None:
        """Listens no longer; the view is about to go."""
        self._settle.stop()
        self._disconnect()

    def _changed(self, change: DocumentChange) -> None:
        if change.kind in (ChangeKind.FRAME, ChangeKind.LOADED):
            self._touching = set()
            self.follow()
        if change.kind not in QUIET:
            self._settle.start()

    def _look(self) -> None:
        document = self._view.document
        self._touching = touched_sides(document.frame, self._view.compositor) if self._on else set()
        self.follow()

    def follow(self) -> None:
        """Shows each arrow where its edge is now, and hides those that mean nothing."""
        view, frame = self._view, self._view.document.frame
        all_sides = view.tool_id in FRAME_TOOLS
        corners = [view.canvas_to_widget(x, y) for x in (frame.x, frame.right) for y in (frame.y, frame.bottom)]
        wide = max(x for x, _ in corners) - min(x for x, _ in corners)
        high = max(y for _, y in corners) - min(y for _, y in corners)
        possible = self._on and not self._reasons and view.tool_id not in OTHER_WAYS
        possible = possible and not view.gesture_running and min(wide, high) >= SMALLEST_FRAME
        middle = view.canvas_to_widget(*frame.center)
        for side, arrow in self.arrows.items():
            across, down = SIDES[side]
            edge = view.canvas_to_widget(
                frame.center.x + across * frame.width / 2, frame.center.y + down * frame.height / 2
            )
            dx, dy = edge[0] - middle[0], edge[1] - middle[1]
            length = math.hypot(dx, dy) or 1.0
            away = AWAY + (LABEL if view.tool_id == "frame" and dy > abs(dx) else 0)
            x, y = edge[0] + dx / length * away, edge[1] + dy / length * away
            arrow.angle = math.degrees(math.atan2(dy, dx))
            arrow.move(round(x - DIAMETER / 2), round(y - DIAMETER / 2))
            inside = view.drawing_area().contains(arrow.geometry())
            arrow.setVisible(possible and inside and (all_sides or side in self._touching))


def touched_sides(frame: Bounds, compositor: Compositor) -> set[str]:
    """The sides of a frame at which a picture reaches the edge and ends there."""
    found: set[str] = set()
    for side, (across, down) in SIDES.items():
        inner = edge_strip(frame, across, down, inside=True)
        outer = edge_strip(frame, across, down, inside=False)
        if ((_alpha(compositor, inner) >= 128) & (_alpha(compositor, outer) < 128)).any():
            found.add(side)
    return found


def edge_strip(frame: Bounds, across: int, down: int, inside: bool) -> Bounds:
    """STRIP canvas pixels along one edge of a frame, on its inner or its outer side."""
    shift = 0 if inside else STRIP
    if across:
        x = frame.right - STRIP + shift if across > 0 else frame.x - shift
        return Bounds(x, frame.y, STRIP, frame.height)
    y = frame.bottom - STRIP + shift if down > 0 else frame.y - shift
    return Bounds(frame.x, y, frame.width, STRIP)


def _alpha(compositor: Compositor, strip: Bounds) -> NDArray[np.uint8]:
    return to_rgba(compositor.flatten(strip, scale=1 / STRIP))[..., 3]
