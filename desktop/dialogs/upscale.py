"""The page where a selection or the frame is made larger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSlider,
    QWidget,
)

from canvas.geometry import Bounds
from desktop.dialogs.page_layout import lay_out_page
from desktop.generation.remaining import time_text
from desktop.generation.upscaling import (
    LEAST_SCALE,
    MOST_DETAIL,
    MOST_SCALE,
    Enlargement,
    Place,
    result_size,
    why_not,
)
from desktop.naming import named
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import LANCZOS

SCALES = (1.5, 2.0, 3.0, 4.0)

Foretell = Callable[[Enlargement], float | None]
"""Seconds that it will take; None where that is not known."""


class UpscaleDialog(QDialog):
    """Says what size comes out and about how long it takes, before it is begun."""

    decided = Signal(object)
    """The Enlargement."""

    def __init__(
        self,
        region: tuple[Bounds, bool],
        wanted: Enlargement,
        upscalers: Sequence[ModelInfo],
        foretell: Foretell,
        parent: QWidget,
    ) -> None:
        """`region`: what is made larger, canvas pixels, and whether it is a selection."""
        super().__init__(parent)
        self.setObjectName("upscaleDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._region, self._selected = region
        self._upscalers, self._foretell = upscalers, foretell
        self._labels = {name: QLabel(self) for name in ("region", "scale", "method", "detail", "prompt", "place")}
        self.region = named(QLabel(self), "upscaleRegion")
        self.scale = named(QDoubleSpinBox(self), "upscaleScale", decimals=2, singleStep=0.5)
        self.scale.setRange(LEAST_SCALE, MOST_SCALE)
        self.scale.setValue(wanted.scale)
        self.quick = [named(QPushButton(f"{one:g} ×", self), f"upscaleScale-{one:g}") for one in SCALES]
        self.method = named(QComboBox(self), "upscaleMethod")
        self.method.addItem("Lanczos", LANCZOS)
        for info in upscalers:
            self.method.addItem(info.name, info.id)
        self.method.setCurrentIndex(max(0, self.method.findData(wanted.upscaler)))
        self.method_note = named(QLabel(self), "upscaleMethodNote", wordWrap=True, role="dim")
        self.detail = named(QSlider(Qt.Orientation.Horizontal, self), "upscaleDetail")
        self.detail.setRange(0, round(MOST_DETAIL * 100))
        self.detail.setValue(round(wanted.detail * 100))
        self.detail_figure = named(QLabel(self), "upscaleDetailFigure")
        self.prompt = named(QLineEdit(wanted.prompt, self), "upscalePrompt")
        self.places = {place: named(QRadioButton(self), f"upscale-{place}") for place in Place}
        self.places[wanted.place].setChecked(True)
        self.outcome = named(QLabel(self), "upscaleOutcome", wordWrap=True)
        self.problem = named(QLabel(self), "upscaleProblem", wordWrap=True)
        self.buttons = named(QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self), "upscaleButtons")
        self.run = self.buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.run.setObjectName("upscaleRun")
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        scales, detail, places = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for button in self.quick:
            button.setProperty("filter", True)
            button.setCheckable(True)
            button.setAutoDefault(False)
            scales.addWidget(button)
        scales.addWidget(self.scale)
        scales.addStretch(1)
        detail.addWidget(self.detail, 1)
        self.detail_figure.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %"))
        detail.addWidget(self.detail_figure)
        group = QButtonGroup(self)
        for button in self.places.values():
            group.addButton(button)
            places.addWidget(button)
        places.addStretch(1)
        form = QFormLayout()
        form.addRow(self._labels["region"], self.region)
        form.addRow(self._labels["scale"], scales)
        form.addRow(self._labels["method"], self.method)
        form.addRow("", self.method_note)
        form.setRowVisible(self.method_note, not self._upscalers)
        form.addRow(self._labels["detail"], detail)
        form.addRow(self._labels["prompt"], self.prompt)
        form.addRow(self._labels["place"], places)
        lay_out_page(self, form, (self.outcome, self.problem), self.buttons)
        self.setMinimumWidth(520)

    def _connect(self) -> None:
        for button, scale in zip(self.quick, SCALES, strict=True):
            button.clicked.connect(lambda _=False, one=scale: (self.scale.setValue(one), self._refresh()))
        self.scale.valueChanged.connect(lambda _: self._refresh())
        self.method.currentIndexChanged.connect(lambda _: self._refresh())
        self.detail.valueChanged.connect(lambda _: self._refresh())
        for button in self.places.values():
            button.toggled.connect(lambda _: self._refresh())
        self.buttons.accepted.connect(self._decide)
        self.buttons.rejected.connect(self.reject)

    @property
    def wanted(self) -> Enlargement:
        """What is set."""
        place = next(place for place, button in self.places.items() if button.isChecked())
        chosen = Enlargement(upscaler=str(self.method.currentData()), place=place, prompt=self.prompt.text())
        return replace(chosen, scale=self.scale.value(), detail=self.detail.value() / 100)

    def _refresh(self) -> None:
        wanted = self.wanted
        problem = why_not(self._region, wanted.scale)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.run.setEnabled(not problem)
        self.prompt.setEnabled(wanted.detail > 0)
        percent = self.detail.value()
        self.detail_figure.setText(f"{percent} %" if percent else self.tr("none"))
        for button, scale in zip(self.quick, SCALES, strict=True):
            button.setChecked(abs(scale - wanted.scale) < 0.001)
        width, height = result_size(self._region, wanted.scale)
        words = self.tr("{width} × {height} pixels").format(width=width, height=height)
        seconds = None if problem else self._foretell(wanted)
        if seconds is not None:
            words += self.tr(", about {time}").format(time=time_text(seconds))
        self.outcome.setText("" if problem else words)

    def _decide(self) -> None:
        if not why_not(self._region, self.scale.value()):
            self.decided.emit(self.wanted)
            self.accept()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "run"):
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Upscale"))
        texts = {
            "region": (self.tr("What"), ""),
            "scale": (self.tr("Scale"), self.tr("How many times as wide and high")),
            "method": (self.tr("Method"), self.tr("Lanczos is exact and quick; a model makes edges sharp")),
            "detail": (
                self.tr("Add detail"),
                self.tr("How far the chosen model paints over the enlarged picture, in overlapping windows"),
            ),
            "prompt": (self.tr("Words"), self.tr("What the added detail is of")),
            "place": (self.tr("Place"), ""),
        }
        for name, (text, tip) in texts.items():
            self._labels[name].setText(text)
            self._labels[name].setToolTip(tip)
        for widget, name in ((self.scale, "scale"), (self.method, "method"), (self.detail, "detail")):
            widget.setToolTip(texts[name][1])
        self.prompt.setToolTip(texts["prompt"][1])
        self.prompt.setPlaceholderText(self.tr("Nothing in particular"))
        kind = self.tr("The selection") if self._selected else self.tr("The frame")
        self.region.setText(f"{kind}, {self._region.width} × {self._region.height}")
        self.method_note.setText(
            self.tr("Models that enlarge (the ESRGAN family) are offered here once a model folder holds some.")
        )
        self.places[Place.BESIDE].setText(self.tr("Beside everything painted"))
        self.places[Place.BESIDE].setToolTip(self.tr("To the right, where nothing is"))
        self.places[Place.OVER].setText(self.tr("Over it"))
        self.places[Place.OVER].setToolTip(self.tr("At the same top left corner; it covers what lies around"))
        self.run.setText(self.tr("Upscale"))
        self.run.setToolTip(self.tr("Make it, as a new layer with the frame around it (Enter)"))
        self._refresh()
