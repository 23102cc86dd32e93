"""What pressure, tilt, speed and chance do to the brush: a list to switch, and the curve of the chosen row."""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import QEvent, QPointF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from canvas.adjustments import STRAIGHT, CurvePoints
from canvas.dynamics import INPUTS, TARGETS, Dynamic, factors
from desktop.i18n import mark
from desktop.naming import named
from desktop.panels.curve_editor import CurveEditor
from desktop.panels.glyphs import glyph

Key: TypeAlias = tuple[str, str]
"""Input and target."""
KEY = Qt.ItemDataRole.UserRole
USUAL: tuple[Key, ...] = (("pressure", "size"), ("pressure", "opacity"), ("pressure", "flow"))
CURVE_ICON = QSize(30, 16)
INPUT_NAMES = {
    "pressure": mark("BrushPanel", "Pressure"),
    "tilt": mark("BrushPanel", "Tilt"),
    "speed": mark("BrushPanel", "Speed"),
    "length": mark("BrushPanel", "Stroke length"),
    "random": mark("BrushPanel", "Chance"),
    "direction": mark("BrushPanel", "Direction"),
}
TARGET_NAMES = {
    "size": mark("BrushPanel", "Size"),
    "opacity": mark("BrushPanel", "Opacity"),
    "flow": mark("BrushPanel", "Flow"),
    "hardness": mark("BrushPanel", "Hardness"),
    "angle": mark("BrushPanel", "Angle"),
    "roundness": mark("BrushPanel", "Roundness"),
    "scatter": mark("BrushPanel", "Scatter"),
    "grain": mark("BrushPanel", "Grain"),
}


class DynamicsEditor(QWidget):
    """Shows and changes the dynamics of a brush."""

    changed = Signal()
    """A person changed `dynamics`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("dynamicsEditor")
        self._curves: dict[Key, CurvePoints] = dict.fromkeys(USUAL, STRAIGHT)
        self._on: list[Key] = []
        self._names: tuple[dict[str, str], dict[str, str]] = (INPUT_NAMES, TARGET_NAMES)
        self.list = named(QListWidget(self), "dynamicsList")
        self.list.setIconSize(CURVE_ICON)
        self.list.setFixedHeight(112)
        self.title = named(QLabel(self), "dynamicsTitle")
        self.reset_button = named(QToolButton(self), "dynamicsReset", autoRaise=True)
        self.curve = CurveEditor("dynamicsCurve", self, factors)
        self.inputs = named(QComboBox(self), "dynamicsInput")
        self.targets = named(QComboBox(self), "dynamicsTarget")
        self.add_button = named(QToolButton(self), "dynamicsAdd", autoRaise=True)
        self._lay_out()
        self.list.itemChanged.connect(self._switched)
        self.list.currentItemChanged.connect(lambda *_: self._show_curve())
        self.curve.changed.connect(self._bent)
        self.reset_button.clicked.connect(self.curve.reset)
        self.add_button.clicked.connect(self._add)

    def _lay_out(self) -> None:
        head, foot, layout = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        head.addWidget(self.title, 1)
        head.addWidget(self.reset_button)
        for widget in (self.inputs, self.targets):
            foot.addWidget(widget, 1)
        foot.addWidget(self.add_button)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.list)
        layout.addLayout(foot)
        layout.addLayout(head)
        layout.addWidget(self.curve)
        self._dress()

    def _dress(self) -> None:
        ink = self.palette().windowText().color()
        self.add_button.setIcon(glyph("plus", ink))
        self.reset_button.setIcon(glyph("reset", ink))

    @property
    def dynamics(self) -> tuple[Dynamic, ...]:
        """What is switched on."""
        return tuple(Dynamic(*key, self._curves[key]) for key in self._on)

    def show_dynamics(self, dynamics: tuple[Dynamic, ...]) -> None:
        """Show these; rows that were switched off stay in the list with their curves."""
        if dynamics == self.dynamics and self.list.count():
            return
        self._on = list(dict.fromkeys((dynamic.input, dynamic.target) for dynamic in dynamics))
        self._curves.update({(dynamic.input, dynamic.target): dynamic.curve for dynamic in reversed(dynamics)})
        self._fill()

    def set_names(self, inputs: dict[str, str], targets: dict[str, str]) -> None:
        """Translated names of inputs and targets."""
        self._names = (inputs, targets)
        for combo, keys, names in ((self.inputs, INPUTS, inputs), (self.targets, TARGETS, targets)):
            now = combo.currentData()
            combo.clear()
            for key in keys:
                combo.addItem(names.get(key, key), key)
            combo.setCurrentIndex(max(0, combo.findData(now)))
        self._fill()

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        self.list.setToolTip(self.tr("What changes the brush while it paints; choose a row to bend its curve"))
        self.list.setAccessibleName(self.tr("Dynamics"))
        self.inputs.setToolTip(self.tr("What the new row follows"))
        self.targets.setToolTip(self.tr("What the new row changes"))
        self.add_button.setToolTip(self.tr("Add this row"))
        self.reset_button.setToolTip(self.tr("Straighten the curve"))

    def _text(self, key: Key) -> str:
        inputs, targets = self._names
        return f"{inputs.get(key[0], key[0])} → {targets.get(key[1], key[1])}"

    def _key(self) -> Key | None:
        item = self.list.currentItem()
        return None if item is None else tuple(item.data(KEY))

    def _fill(self) -> None:
        chosen = self._key() or (self._on[0] if self._on else USUAL[0])
        order = {key: (INPUTS.index(key[0]), TARGETS.index(key[1])) for key in self._curves}
        with QSignalBlocker(self.list):
            self.list.clear()
            for key in sorted(order, key=order.__getitem__):
                item = QListWidgetItem(self._text(key), self.list)
                item.setData(KEY, key)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if key in self._on else Qt.CheckState.Unchecked)
                self._draw_icon(item)
                if key == chosen:
                    self.list.setCurrentItem(item)
        self._show_curve()

    def _draw_icon(self, item: QListWidgetItem) -> None:
        key = item.data(KEY)
        ink = self.palette().text().color() if tuple(key) in self._on else self.palette().placeholderText().color()
        item.setIcon(curve_icon(self._curves[tuple(key)], ink, self.devicePixelRatioF()))

    def _show_curve(self) -> None:
        key = self._key()
        self.curve.setEnabled(key is not None)
        self.reset_button.setEnabled(key is not None)
        self.title.setText("" if key is None else self._text(key))
        if key is not None:
            self.curve.set_points(self._curves[key])

    def _switched(self, item: QListWidgetItem) -> None:
        key, on = tuple(item.data(KEY)), item.checkState() == Qt.CheckState.Checked
        if on == (key in self._on):
            return
        self._on = [*self._on, key] if on else [other for other in self._on if other != key]
        with QSignalBlocker(self.list):
            self.list.setCurrentItem(item)
            self._draw_icon(item)
        self._show_curve()
        self.changed.emit()

    def _bent(self) -> None:
        """A curve that is bent is wanted: its row is switched on."""
        item = self.list.currentItem()
        if item is None:
            return
        key = tuple(item.data(KEY))
        self._curves[key] = self.curve.points
        if key not in self._on:
            self._on.append(key)
        with QSignalBlocker(self.list):
            item.setCheckState(Qt.CheckState.Checked)
            self._draw_icon(item)
        self.changed.emit()

    def _add(self) -> None:
        key: Key = (self.inputs.currentData(), self.targets.currentData())
        self._curves.setdefault(key, STRAIGHT)
        fresh = key not in self._on
        if fresh:
            self._on.append(key)
        self._fill()
        for row in range(self.list.count()):
            if tuple(self.list.item(row).data(KEY)) == key:
                self.list.setCurrentRow(row)
        if fresh:
            self.changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "add_button"):
            self._dress()
            self._fill()


def curve_icon(curve: CurvePoints, ink: QColor, ratio: float) -> QIcon:
    """The curve, small."""
    width, height = CURVE_ICON.width(), CURVE_ICON.height()
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    heights = factors(curve)[::16]
    path = QPainterPath()
    for index, value in enumerate(heights):
        place = QPointF(2 + (width - 4) * index / (len(heights) - 1), height - 3 - (height - 6) * value)
        path.lineTo(place) if index else path.moveTo(place)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPath(path)
    return QIcon(pixmap)
