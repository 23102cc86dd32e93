"""The card beside what the model sees: which layers are shown, at what size it runs, what it will take."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout

from canvas.geometry import Bounds
from desktop.generation.foresight import Foresight
from desktop.generation.modes import Mode, mode_word
from desktop.generation.shortage import picture_shortage
from desktop.naming import named
from desktop.view.canvas_view import CanvasView
from desktop.view.floating import Rank, floating
from desktop.view.model_sight_look import COLOURS, SightLayer
from pipelines.planning.cost import Cost
from pipelines.planning.masks import Rim
from pipelines.planning.passes import Pass

translate = QCoreApplication.translate
GAP = 12
DOT = 12
WIDTH = 320
ROWS = ("region", "run", "cost", "rim")


class SightCard(QFrame):
    """Shown while the overlay is; it only tells and asks."""

    layersChanged = Signal(object)
    """The layers that are on now, a frozenset."""
    resetWanted = Signal()
    closeWanted = Signal()
    languageChanged = Signal()

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self.setObjectName("modelSightCard")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click here is not a dab on the canvas
        self._view = view
        self._foresight: Foresight | None = None
        floating(view).add(self, Rank.CARD, self.place)
        self.title = named(QLabel(self), "modelSightTitle")
        self.close_button = named(QToolButton(self), "modelSightClose", text="×", plain=True)
        self.switches = {layer: named(QToolButton(self), f"modelSight-{layer}") for layer in SightLayer}
        self.names = {row: named(QLabel(self), f"modelSightName-{row}") for row in ROWS}
        self.values = {row: named(QLabel(self), f"modelSightValue-{row}") for row in ROWS}
        self.shortage = named(QLabel(self), "sightShortage")
        self.problem = named(QLabel(self), "modelSightProblem")
        self.reset_button = named(QToolButton(self), "modelSightReset", plain=True)
        self._build()
        self.hide()
        self.retranslate()

    def _build(self) -> None:
        head, row, grid = QHBoxLayout(), QHBoxLayout(), QGridLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        row.setSpacing(2)
        for layer, button in self.switches.items():
            button.setProperty("segment", "panel")
            button.setCheckable(True)
            button.setChecked(True)
            button.setIcon(_dot(COLOURS[layer]))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.toggled.connect(self._switched)
            row.addWidget(button)
        row.addStretch(1)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for place, name in enumerate(ROWS):
            self.names[name].setProperty("role", "hint")
            self.values[name].setWordWrap(True)
            grid.addWidget(self.names[name], place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self.values[name], place, 1)
        self.problem.setWordWrap(True)
        self.shortage.setWordWrap(True)
        for button in (self.close_button, self.reset_button, *self.switches.values()):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the canvas keeps the keys
        outer = QVBoxLayout(self)
        outer.setContentsMargins(10, 8, 10, 10)
        outer.setSpacing(6)
        for part in (head, row, grid):
            outer.addLayout(part)
        outer.addWidget(self.shortage)
        outer.addWidget(self.problem)
        outer.addWidget(self.reset_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFixedWidth(WIDTH)
        self.close_button.setFixedSize(28, 24)
        self.close_button.clicked.connect(self.closeWanted)
        self.reset_button.clicked.connect(self.resetWanted)

    @property
    def layers(self) -> frozenset[SightLayer]:
        """What is switched on."""
        return frozenset(layer for layer, button in self.switches.items() if button.isChecked())

    def _switched(self) -> None:
        self.layersChanged.emit(self.layers)

    def show_foresight(self, foresight: Foresight, automatic_rim: bool) -> None:
        """Tells what would be asked of the model now."""
        self._foresight, self._automatic = foresight, automatic_rim
        texts = {
            "region": region_words(foresight),
            "run": run_words(foresight),
            "cost": cost_words(foresight.cost),
            "rim": rim_words(foresight.rim, automatic_rim),
        }
        has_rim = not foresight.problem and foresight.mode not in (Mode.GENERATE,) and _has_mask(foresight)
        for row in ROWS:
            shown = not foresight.problem and (row != "rim" or has_rim)
            self.values[row].setText(texts[row])
            self.values[row].setVisible(shown)
            self.names[row].setVisible(shown)
        short = "" if foresight.problem else picture_shortage(foresight.cost)
        self.shortage.setText(short)
        self.shortage.setVisible(bool(short))
        self.problem.setText(foresight.problem)
        self.problem.setVisible(bool(foresight.problem))
        self.reset_button.setVisible(foresight.by_hand or (has_rim and not automatic_rim))
        self.place()

    def place(self) -> None:
        """Beside the region where there is room, else in the corner; always wholly inside the view."""
        if self._foresight is None:
            return
        layout = self.layout()
        if layout is not None:  # lines that wrap are as high as the width makes them
            layout.activate()
            self.resize(WIDTH, layout.totalHeightForWidth(WIDTH))
        around = on_screen(self._view, self._foresight.bounds)
        room = self._view.drawing_area().adjusted(GAP, GAP, -GAP, -GAP)
        y = min(max(around.top(), room.top()), max(room.top(), room.bottom() - self.height()))
        taken = floating(self._view).taken(self)
        beside = (around.right() + GAP, around.left() - GAP - self.width())
        spots = [QRect(x, y, self.width(), self.height()) for x in beside]
        spots += [
            QRect(x, y, self.width(), self.height())
            for y in (room.top(), room.bottom() - self.height())
            for x in (room.right() - self.width(), room.left())
        ]
        best = min(
            spots, key=lambda spot: _outside(spot, room) + sum(_area(spot.intersected(one)) for one in (around, *taken))
        )
        self.move(best.topLeft())

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self.languageChanged.emit()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.title.setText(self.tr("What the model sees"))
        self.close_button.setToolTip(self.tr("Close (Esc)"))
        words = {
            SightLayer.CROP: (
                self.tr("Region"),
                self.tr("What the model is shown; the rest is dimmed"),
            ),
            SightLayer.FILL: (self.tr("Fill"), self.tr("What stands there before the first step")),
            SightLayer.MASK: (
                self.tr("Mask"),
                self.tr("Where it may paint: strong colour from the first step, weak late"),
            ),
            SightLayer.RIM: (self.tr("Rim"), self.tr("Where the result goes over into the picture")),
        }
        for layer, (text, tip) in words.items():
            self.switches[layer].setText(text)
            self.switches[layer].setToolTip(tip)
        names = {
            "region": (self.tr("Region"), self.tr("Canvas pixels that are sent along. Drag its handles")),
            "run": (self.tr("Runs at"), self.tr("At what sizes the model paints, one after the other")),
            "cost": (self.tr("Takes"), self.tr("Learned from finished jobs of this model on this computer")),
            "rim": (self.tr("Rim"), self.tr("Canvas pixels around the selection: wholly painted, soft, faded over")),
        }
        for row, (text, tip) in names.items():
            self.names[row].setText(text)
            self.names[row].setToolTip(tip)
            self.values[row].setToolTip(tip)
        self.reset_button.setText(self.tr("Decide by itself"))
        self.reset_button.setToolTip(self.tr("Region and rim follow from the selection again"))
        if self._foresight is not None:
            self.show_foresight(self._foresight, self._automatic)


def _has_mask(foresight: Foresight) -> bool:
    sight = foresight.sight
    return foresight.selected or sight is None or bool((sight.selected < 255).any())


def region_words(foresight: Foresight) -> str:
    """What is done where."""
    bounds = foresight.bounds
    size = f"{bounds.width} × {bounds.height}"
    if foresight.by_hand:
        return translate("model-sight", "{mode}: {size} px, by hand").format(mode=mode_word(foresight.mode), size=size)
    return translate("model-sight", "{mode}: {size} px").format(mode=mode_word(foresight.mode), size=size)


def run_words(foresight: Foresight) -> str:
    """Sizes of the passes, and how many windows they have."""
    sight = foresight.sight
    if sight is None:
        return translate("model-sight", "looking …")
    if not sight.passes:
        return translate("model-sight", "nothing: the strength is too low to change anything")
    text = " → ".join(f"{one.width} × {one.height}" for one in sight.passes)
    parts = [text]
    if len(sight.passes) > 1:
        parts.append(translate("model-sight", "{number} passes").format(number=len(sight.passes)))
    windows = window_count(sight.passes)
    if windows > len(sight.passes):
        parts.append(translate("model-sight", "{number} windows").format(number=windows))
    return ", ".join(parts)


def window_count(passes: Sequence[Pass]) -> int:
    """Over all passes."""
    return sum(len(one.windows) for one in passes)


def cost_words(cost: Cost | None) -> str:
    """Seconds and memory, as far as they are known."""
    if cost is None:
        return translate("model-sight", "looking …")
    memory = "" if cost.memory_bytes is None else bytes_words(cost.memory_bytes)
    if cost.seconds is None:
        unknown = translate("model-sight", "time not measured yet")
        about = translate("model-sight", "about {memory}").format(memory=memory) if memory else ""
        return f"{unknown} · {about}" if about else unknown
    seconds = f"≈ {seconds_words(cost.seconds)}"
    return f"{seconds} · {memory}" if memory else seconds


def seconds_words(seconds: float) -> str:
    """`3.4 s`, `48 s`, `3 min 20 s`, `1 h 5 min`."""
    if seconds < 9.95:
        return translate("model-sight", "{seconds} s").format(seconds=f"{max(seconds, 0.1):.1f}")
    whole = round(seconds)
    if whole < 90:
        return translate("model-sight", "{seconds} s").format(seconds=whole)
    if whole < 3600:
        return translate("model-sight", "{minutes} min {seconds} s").format(minutes=whole // 60, seconds=whole % 60)
    return translate("model-sight", "{hours} h {minutes} min").format(hours=whole // 3600, minutes=whole % 3600 // 60)


def bytes_words(count: float) -> str:
    """`850 MB`, `1.2 GB`."""
    if count < 0.995e9:
        return translate("model-sight", "{number} MB").format(number=round(count / 1e7) * 10)
    return translate("model-sight", "{number} GB").format(number=f"{count / 1e9:.1f}")


def rim_words(rim: Rim, automatic: bool) -> str:
    """The three numbers."""
    text = translate("model-sight", "grow {grow}, feather {feather}, blend {blend} px").format(
        grow=rim.grow, feather=rim.feather, blend=rim.blend
    )
    return text if automatic else translate("model-sight", "{rim}, by hand").format(rim=text)


def on_screen(view: CanvasView, bounds: Bounds) -> QRect:
    """Logical pixels of the view around canvas pixels."""
    camera = view.camera
    around, ratio = camera.device_bounds(bounds), camera.ratio
    left, top = round(around.x / ratio), round(around.y / ratio)
    return QRect(left, top, round(around.right / ratio) - left, round(around.bottom / ratio) - top)


def _area(rect: QRect) -> int:
    return max(rect.width(), 0) * max(rect.height(), 0)


def _outside(spot: QRect, room: QRect) -> int:
    return _area(spot) - _area(spot.intersected(room))


def _dot(colour: QColor) -> QIcon:
    """Filled when it is on, a ring when it is off."""
    icon = QIcon()
    for state, inside, ring in (
        (QIcon.State.On, colour, QColor(0, 0, 0, 110)),
        (QIcon.State.Off, QColor(0, 0, 0, 0), QColor(128, 128, 128)),
    ):
        pixmap = QPixmap(DOT, DOT)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(ring, 1.2))
            painter.setBrush(inside)
            painter.drawEllipse(QPointF(DOT / 2, DOT / 2), DOT / 2 - 1.5, DOT / 2 - 1.5)
        icon.addPixmap(pixmap, QIcon.Mode.Normal, state)
    return icon
