"""The brush of the tool in hand: what is changed every minute first, everything else in sections that open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from canvas.brush import BRUSH_MODES, FOLLOWS, STABILISERS, BrushSettings
from canvas.grains import GRAINS
from canvas.layers import BlendMode
from desktop.brush_store import shown_name
from desktop.late import Late
from desktop.naming import named
from desktop.panels.blend_modes import blend_name
from desktop.panels.brush_rows import (
    BASIC,
    FOLLOW_NAMES,
    GRAIN,
    GRAIN_NAMES,
    PAINT,
    SCATTER,
    SECTION_NAMES,
    STABILISER_NAMES,
    STROKE,
    TIP,
)
from desktop.panels.glyphs import glyph
from desktop.panels.section import Section
from desktop.panels.stroke_preview import StrokePreview
from desktop.panels.tip_chooser import NAMES as TIP_NAMES
from desktop.panels.tip_chooser import TipChooser
from desktop.panels.value_row import LABEL_WIDTH, ValueRow, ValueSpec
from desktop.preset_choice import PresetChoice
from desktop.view.canvas_view import CanvasView

if TYPE_CHECKING:
    from desktop.panels.dynamics_editor import DynamicsEditor


class BrushPanel(QWidget):
    """The settings of the tool's own brush, and of the brush while the tool has none."""

    presetsWanted = Signal()
    """The stroke was clicked: the person looks for another one."""

    def __init__(self, view: CanvasView, choice: PresetChoice | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("brushPanel")
        self._view, self._choice = view, choice
        self.rows: dict[str, ValueRow] = {}
        self.title = named(QLabel(self), "brushTitle", role="heading")
        self.reset_button = named(QToolButton(self), "brushReset", autoRaise=True)
        self.preview = StrokePreview(view, self)
        self.pressure = named(QLabel(self), "brushPressureLabel")
        self.pressure_size = named(QCheckBox(self), "brushPressureSize")
        self.pressure_opacity = named(QCheckBox(self), "brushPressureOpacity")
        self.pressure_flow = named(QCheckBox(self), "brushPressureFlow")
        self._pressures = (self.pressure_size, self.pressure_opacity, self.pressure_flow)
        names = ("tip", "paint", "grain", "scatter", "stroke", "dynamics")
        self._section = {name: Section(f"brush-{name}", self) for name in names}
        self.sections = tuple(self._section.values())
        self._make_controls()
        self._lay_out()
        self._connect()
        self.retranslate()

    # --- building

    def _make_controls(self) -> None:
        body = {name: section.body for name, section in self._section.items()}
        self.tips = TipChooser(body["tip"])
        self.follows, self.follows_label = _choice_in(body["tip"], "brushAngleFollows")
        self.mode, self.mode_label = _choice_in(body["paint"], "brushMode")
        self.build_up = named(QCheckBox(body["paint"]), "brushBuildUp")
        self.grain, self.grain_label = _choice_in(body["grain"], "brushGrain")
        self.stabiliser, self.stabiliser_label = _choice_in(body["stroke"], "brushStabiliser")
        self._dynamics = Late(self._make_dynamics)

    @property
    def dynamics(self) -> DynamicsEditor:
        """What pressure, tilt and speed do; made when its section is opened first."""
        return self._dynamics()

    def _make_dynamics(self) -> DynamicsEditor:
        from desktop.panels.dynamics_editor import DynamicsEditor

        body = self._section["dynamics"].body
        editor = DynamicsEditor(body)
        layout = body.layout()
        if layout is not None:
            layout.addWidget(editor)
        editor.changed.connect(lambda: self._view.set_brush(replace(self._view.brush, dynamics=editor.dynamics)))
        self._name_dynamics(editor)
        editor.show_dynamics(self._view.brush.dynamics)
        return editor

    def _name_dynamics(self, editor: DynamicsEditor) -> None:
        from desktop.panels.dynamics_editor import INPUT_NAMES, TARGET_NAMES

        editor.set_names(_all(INPUT_NAMES), _all(TARGET_NAMES))
        editor.retranslate()

    def _lay_out(self) -> None:
        head, toggles, layout = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        head.addWidget(self.title, 1)
        head.addWidget(self.reset_button)
        self.reset_button.setVisible(self._choice is not None)
        toggles.addWidget(self.pressure)
        for check in self._pressures:
            toggles.addWidget(check)
        toggles.addStretch(1)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.preview)
        layout.addLayout(self._grid(BASIC, self))
        layout.addLayout(toggles)
        for section in self.sections:
            layout.addWidget(section)
        layout.addStretch(1)
        self._fill_sections()
        self.size_row, self.hardness = self.rows["size"], self.rows["hardness"]
        self.strength, self.flow, self.smoothing = (self.rows[name] for name in ("opacity", "flow", "smoothing"))
        self._dress()

    def _fill_sections(self) -> None:
        specs = {"tip": TIP, "paint": PAINT, "grain": GRAIN, "scatter": SCATTER, "stroke": STROKE, "dynamics": ()}
        first = {
            "paint": (self.mode_label, self.mode),
            "grain": (self.grain_label, self.grain),
            "stroke": (self.stabiliser_label, self.stabiliser),
        }
        for name, section in self._section.items():
            box = QVBoxLayout(section.body)
            box.setContentsMargins(2, 2, 0, 6)
            if name == "tip":
                box.addWidget(self.tips)
            grid = self._grid(specs[name], section.body, 1)
            if name in first:
                grid.addWidget(first[name][0], 0, 0)
                grid.addWidget(first[name][1], 0, 1, 1, 2)
            box.addLayout(grid)
            if name == "tip":
                grid.addWidget(self.follows_label, len(TIP) + 1, 0)
                grid.addWidget(self.follows, len(TIP) + 1, 1, 1, 2)
            elif name == "paint":
                box.addWidget(self.build_up)

    def _grid(self, specs: Sequence[ValueSpec], parent: QWidget, line: int = 0) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for offset, spec in enumerate(specs):
            row = self.rows[spec.field] = ValueRow(spec, parent)
            row.add_to(grid, line + offset)
        return grid

    def _connect(self) -> None:
        for row in self.rows.values():
            row.changed.connect(self._apply)
        for check in self._pressures:
            check.toggled.connect(self._apply_pressure)
        self.build_up.toggled.connect(self._apply)
        for combo in (self.follows, self.mode, self.grain, self.stabiliser):
            combo.currentIndexChanged.connect(self._apply)
        self.tips.chosen.connect(lambda tip: self._view.set_brush(replace(self._view.brush, tip=tip)))
        self._section["dynamics"].opened.connect(lambda on: self._dynamics() if on else None)
        self._section["tip"].opened.connect(lambda on: self.tips.draw() if on else None)
        self.preview.clicked.connect(self.presetsWanted)
        self._view.brushChanged.connect(self._show)
        if self._choice is not None:
            self.reset_button.clicked.connect(self._choice.reset)
            self._choice.changed.connect(self._show_title)

    def _dress(self) -> None:
        self.reset_button.setIcon(glyph("reset", self.palette().windowText().color()))

    # --- texts

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        for row in self.rows.values():
            row.set_texts(_tr(row.spec.label), _tr(row.spec.tip))
        for name, section in self._section.items():
            section.set_title(*(_tr(text) for text in SECTION_NAMES[name]))
        self.pressure.setText(self.tr("Pressure:"))
        self.pressure.setToolTip(self.tr("What pressing the pen harder changes"))
        self.pressure_size.setText(self.tr("size", "pressure changes"))
        self.pressure_size.setToolTip(self.tr("Pressing harder makes the line wider"))
        self.pressure_opacity.setText(self.tr("opacity", "pressure changes"))
        self.pressure_opacity.setToolTip(self.tr("Pressing harder makes the line more opaque"))
        self.pressure_flow.setText(self.tr("flow", "pressure changes"))
        self.pressure_flow.setToolTip(self.tr("Pressing harder leaves more paint"))
        self.build_up.setText(self.tr("Build up within a stroke"))
        self.build_up.setToolTip(self.tr("Passing over the same place again in one stroke adds paint"))
        self.reset_button.setToolTip(self.tr("Make the brush what its preset says"))
        self.preview.setToolTip(self.tr("A stroke with this brush; click to see the presets"))
        self._retranslate_choices()
        self._show()

    def _retranslate_choices(self) -> None:
        self.follows_label.setText(self.tr("Turns with"))
        self.follows.setToolTip(self.tr("What turns the tip while you paint"))
        self.mode_label.setText(self.tr("Mode"))
        self.mode.setToolTip(self.tr("How the stroke meets what is on the layer"))
        self.grain_label.setText(self.tr("Paper"))
        self.grain.setToolTip(self.tr("The texture that shows through the paint"))
        self.stabiliser_label.setText(self.tr("Stabiliser"))
        self.stabiliser.setToolTip(self.tr("Calm the hand's tremor, or pull the brush on a string"))
        self.tips.set_names(_all(TIP_NAMES))
        if self._dynamics.made is not None:
            self._name_dynamics(self._dynamics.made)
        _fill(self.follows, FOLLOWS, _all(FOLLOW_NAMES))
        _fill(self.mode, BRUSH_MODES, {mode: blend_name(mode) for mode in BRUSH_MODES})
        _fill(self.grain, ("", *GRAINS), _all(GRAIN_NAMES))
        _fill(self.stabiliser, STABILISERS, _all(STABILISER_NAMES))

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or language."""
        super().changeEvent(event)
        if not hasattr(self, "size_row"):
            return
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._dress()
            if self._section["tip"].is_open:
                self.tips.draw()

    # --- showing and changing

    def _show(self) -> None:
        brush = self._view.brush
        for field, row in self.rows.items():
            row.show_value(getattr(brush, field))
        flags = (brush.pressure_size, brush.pressure_opacity, brush.pressure_flow)
        for check, on in zip((*self._pressures, self.build_up), (*flags, brush.build_up), strict=True):
            with QSignalBlocker(check):
                check.setChecked(on)
        for combo, value in (
            (self.follows, brush.angle_follows),
            (self.mode, brush.mode),
            (self.grain, brush.grain),
            (self.stabiliser, brush.stabiliser),
        ):
            with QSignalBlocker(combo):
                combo.setCurrentIndex(combo.findData(value))
        self.mode.setEnabled(not brush.eraser)
        self.tips.show_tip(brush.tip)
        if self._dynamics.made is not None:
            self._dynamics.made.show_dynamics(brush.dynamics)
        self.rows["smoothing"].set_enabled(brush.stabiliser == "smooth")
        self.rows["string_length"].set_enabled(brush.stabiliser == "string")
        for field in ("grain_strength", "grain_scale"):
            self.rows[field].set_enabled(brush.grain != "")
        self._show_title()
        self.preview.update()

    def _show_title(self) -> None:
        names = {
            "eraser": self.tr("Eraser"),
            "smudge": self.tr("Smudge"),
            "clone": self.tr("Clone"),
            "selection-brush": self.tr("Selection Brush"),
        }
        tool = self._view.tool_id if self._view.tool_id in self._view.brush_tools else "brush"
        title = names.get(tool, self.tr("Brush"))
        preset = None if self._choice is None else self._choice.preset
        if preset is not None:
            text = self.tr("{tool}: {preset}, changed") if self._is_different else self.tr("{tool}: {preset}")
            title = text.format(tool=title, preset=shown_name(preset))
        self.title.setText(title)

    @property
    def _is_different(self) -> bool:
        return self._choice is not None and self._choice.is_different

    def _apply(self) -> None:
        brush = self._view.brush
        values: dict[str, Any] = {field: row.applied(getattr(brush, field)) for field, row in self.rows.items()}
        values["count"] = round(values["count"])
        self._view.set_brush(
            replace(
                brush,
                **values,
                build_up=self.build_up.isChecked(),
                angle_follows=self.follows.currentData(),
                mode=BlendMode(self.mode.currentData()),
                grain=self.grain.currentData(),
                stabiliser=self.stabiliser.currentData(),
            )
        )

    def _apply_pressure(self) -> None:
        size, opacity, flow = (check.isChecked() for check in self._pressures)
        brush: BrushSettings = self._view.brush.with_pressure(size=size, opacity=opacity, flow=flow)
        self._view.set_brush(brush)


def _tr(text: str) -> str:
    return QCoreApplication.translate("BrushPanel", text)


def _all(names: Mapping[str, str]) -> dict[str, str]:
    return {key: _tr(text) for key, text in names.items()}


def _choice_in(parent: QWidget, name: str) -> tuple[QComboBox, QLabel]:
    label = named(QLabel(parent), f"{name}Label")
    label.setMinimumWidth(LABEL_WIDTH)
    return named(QComboBox(parent), name), label


def _fill(combo: QComboBox, values: Sequence[str], names: Mapping[str, str]) -> None:
    """Values under their names; the choice stays."""
    with QSignalBlocker(combo):
        now = combo.currentData()
        combo.clear()
        for value in values:
            combo.addItem(names.get(value, value), value)
        combo.setCurrentIndex(max(0, combo.findData(now)))
