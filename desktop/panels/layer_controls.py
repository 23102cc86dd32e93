"""Blend mode, opacity and locks of the chosen layers, above their rows."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QToolButton, QVBoxLayout, QWidget

from canvas.document import Document
from desktop.layer_edits import LayerEdits
from desktop.naming import named
from desktop.panels.blend_modes import BlendBox

TOGGLES = ("layer.alpha-lock", "layer.lock", "layer.clip")


class LayerControls(QWidget):
    """Each change goes to all chosen layers and is one undo step, as is one drag of the slider."""

    def __init__(self, document: Document, edits: LayerEdits, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("layerControls")
        self._document, self._edits = document, edits
        self.blend = BlendBox("layerBlendMode", self)
        self.blend.activated.connect(self._choose_blend)
        self.opacity = named(QSlider(Qt.Orientation.Horizontal, self), "layerOpacity")
        self.opacity.setRange(0, 100)
        self.opacity.valueChanged.connect(self._choose_opacity)
        self.opacity.sliderPressed.connect(document.history.seal)
        self.opacity.sliderReleased.connect(document.history.seal)
        self.percent = named(QSpinBox(self), "layerOpacityPercent")
        self.percent.setRange(0, 100)
        self.percent.setSuffix(" %")
        self.percent.setKeyboardTracking(False)
        self.percent.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.percent.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.percent.setFixedWidth(self.fontMetrics().horizontalAdvance("100 %") + 22)
        self.percent.valueChanged.connect(self._choose_opacity)
        self.percent.editingFinished.connect(document.history.seal)
        self.toggles: list[QToolButton] = []
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        self._top, below, rows = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        self._top.setSpacing(2)
        self._top.addWidget(self.blend, 1)
        self._top.addSpacing(4)
        below.addWidget(self.opacity, 1)
        below.addWidget(self.percent)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addLayout(self._top)
        rows.addLayout(below)

    def use_actions(self, actions: Mapping[str, QAction]) -> None:
        """Adds the buttons for what the window's actions switch."""
        for name in TOGGLES:
            button = named(QToolButton(self), f"layerToggle-{name.partition('.')[2]}")
            button.setAutoRaise(True)
            button.setIconSize(QSize(18, 18))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setDefaultAction(actions[name])
            self.toggles.append(button)
            self._top.addWidget(button)

    def show_state(self) -> None:
        """What the active layer has; nothing can be set without one."""
        layer = self._edits.owner
        for widget in (self.blend, self.opacity, self.percent):
            widget.setEnabled(layer is not None)
        if layer is None:
            return
        with QSignalBlocker(self.opacity), QSignalBlocker(self.percent):
            self.opacity.setValue(round(layer.opacity * 100))
            self.percent.setValue(round(layer.opacity * 100))
        self.opacity.update()
        self.blend.set_mode(layer.blend_mode)

    def _choose_blend(self) -> None:
        self._edits.set_chosen("Blend mode", blend_mode=self.blend.mode)

    def _choose_opacity(self, percent: int) -> None:
        layer = self._edits.owner
        if layer is not None:
            self._edits.set_chosen("Layer opacity", merge=True, opacity=percent / 100)
            if self.sender() is self.opacity and not self.opacity.isSliderDown():
                self._document.history.seal()  # a click or a key on the slider is a step of its own

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        self.blend.setToolTip(
            self.tr("Blend mode: how the chosen layers mix with what is below (wheel and arrows step)")
        )
        self.opacity.setToolTip(self.tr("Opacity of the chosen layers"))
        self.percent.setToolTip(self.tr("Opacity of the chosen layers in percent"))
