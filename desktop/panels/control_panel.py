"""The control of the layer that is worked on, under the layers: what is followed, by which model, how strongly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from canvas.document import Document
from canvas.layer_control import MOST_WEIGHT, REFERENCE, LayerControl, Source
from canvas.layers import Layer, LayerMask
from desktop import control_edits
from desktop.generation.control_models import (
    LABELS,
    choices,
    eyes_for,
    label_of_kind,
    painter_of,
    sees,
    trouble_of,
)
from desktop.generation.form import GenerationForm
from desktop.generation.seeing import note_on
from desktop.naming import named
from desktop.panels.control_annotator import AnnotatorRow
from desktop.panels.control_encoder import EncoderRow
from desktop.panels.elided_box import ElidedBox
from desktop.panels.number_field import NumberField, NumberRange
from pipelines.contract.control import LINES
from pipelines.contract.looking import SEEN
from pipelines.contract.models import ModelInfo
from pipelines.planning.control import MADE

BUTTONS = ("control.preview",)
MENU = ("control.apart", "control.make-layer", "control.annotator", "", "control.plain")
CATALOGUE = "models.catalogue"
LEAST_SEEN = 96
"""Pixels in height that are seen wherever the panel stands: what is followed, by which model, and how strongly."""
WEIGHT, START, END, DETAIL, THICKNESS = "weight", "start", "end", "detail", "thickness"
_PERCENT = NumberRange(0, 100, 0, suffix=" %")
NUMBERS: Mapping[str, NumberRange] = {
    WEIGHT: NumberRange(0, MOST_WEIGHT * 100, 100, suffix=" %"),
    START: _PERCENT,
    END: NumberRange(0, 100, 100, suffix=" %"),
    DETAIL: NumberRange(0, 100, 50, suffix=" %"),
    THICKNESS: NumberRange(0, 100, 50, suffix=" %"),
}


class ControlPanel(QWidget):
    """Seen while a control layer is worked on. Every change is undoable, as is one drag of a bar."""

    encoderChosen = Signal(str, str)
    """An adapter's id, and the path of the image encoder it is to see with; empty for what the library finds."""

    def __init__(self, document: Document, form: GenerationForm, actions: Mapping[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("controlPanel")
        self._document, self._form, self._actions = document, form, actions
        self._layer: Layer | None = None
        self.on = named(QCheckBox(self), "controlOn")
        self.buttons = {name: self._button(name) for name in BUTTONS}
        self.more = named(QToolButton(self), "controlMore", text="⋯", autoRaise=True)
        self.kind = named(QComboBox(self), "controlKind")
        self.model = named(ElidedBox(self), "controlModel")
        self.source = named(QComboBox(self), "controlSource")
        self.annotator = AnnotatorRow(self)
        self.encoder = EncoderRow(self)
        self.fields = {name: self._field(name) for name in NUMBERS}
        self.trouble = named(QLabel(self), "controlTrouble", wordWrap=True)
        self.note = named(QLabel(self), "controlNote", wordWrap=True)
        self.catalogue = named(QToolButton(self), "controlCatalogue", plain=True)
        self.catalogue.setDefaultAction(actions[CATALOGUE])
        self.catalogue.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._make_menu()
        self._lay_out()
        self.on.clicked.connect(lambda on: self._set(on=on))
        self.kind.activated.connect(lambda: self._use_kind(str(self.kind.currentData())))
        self.model.activated.connect(lambda: self._set(model=str(self.model.currentData())))
        self.source.activated.connect(lambda: self._set(source=Source(self.source.currentData())))
        self.annotator.chosen.connect(lambda chosen: self._set(annotator=chosen))
        self.encoder.chosen.connect(self.encoderChosen)
        form.changed.connect(self._form_changed)
        form.wording_changed.connect(self.refresh)
        self.retranslate()

    def _button(self, name: str) -> QToolButton:
        button = named(QToolButton(self), f"controlButton-{name.partition('.')[2]}", autoRaise=True)
        button.setIconSize(QSize(18, 18))
        button.setDefaultAction(self._actions[name])
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _field(self, name: str) -> NumberField:
        field = NumberField(f"control{name.title()}", NUMBERS[name], self)
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        field.setMinimumSize(80, field.sizeHint().height())
        field.changed.connect(lambda value: self._drag(name, value / 100))
        return field

    def _make_menu(self) -> None:
        menu = named(QMenu(self.more), "controlMenu", toolTipsVisible=True)
        for name in MENU:
            if name:
                menu.addAction(self._actions[name])
            else:
                menu.addSeparator()
        self.more.setMenu(menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setProperty("menuless", True)

    def _lay_out(self) -> None:
        head, grid, rows = QHBoxLayout(), QGridLayout(), QVBoxLayout(self)
        head.setSpacing(2)
        head.addWidget(self.on)
        head.addWidget(self.kind, 1)
        for widget in (*self.buttons.values(), self.more):
            head.addWidget(widget)
        for box in (self.kind, self.source):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(6)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.addWidget(self.model, 0, 0, 1, 2)
        grid.addWidget(self.fields[WEIGHT], 1, 0, 1, 2)
        grid.addWidget(self.fields[START], 2, 0)
        grid.addWidget(self.fields[END], 2, 1)
        grid.addWidget(self.source, 3, 0)
        grid.addWidget(self.fields[DETAIL], 3, 1)
        grid.addWidget(self.fields[THICKNESS], 4, 0, 1, 2)
        grid.addWidget(self.annotator, 5, 0, 1, 2)
        grid.addWidget(self.encoder, 6, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        rows.setContentsMargins(0, 2, 0, 2)
        rows.setSpacing(4)
        rows.addLayout(head)
        rows.addLayout(grid)
        rows.addWidget(self.trouble)
        rows.addWidget(self.note)
        rows.addWidget(self.catalogue, 0, Qt.AlignmentFlag.AlignLeft)

    # --- what it shows

    def show_layer(self, layer: Layer | None) -> None:
        """Shows the control of a layer; nothing for one that has none."""
        self._layer = layer
        self.refresh()

    @property
    def control(self) -> LayerControl | None:
        """What is shown."""
        return self._layer.control if self._layer is not None else None

    def refresh(self) -> None:
        """Shows everything as it is now."""
        control = self.control
        self.setVisible(control is not None)
        if control is None:
            return
        self.on.setChecked(control.on)
        self._fill_kinds(control)
        self._fill_models(control)
        values = {WEIGHT: control.weight, START: control.start, END: control.end}
        values |= {DETAIL: control.detail, THICKNESS: control.thickness}
        for name, field in self.fields.items():
            field.show_value(values[name] * 100)
        made = control.kind in MADE
        lines = control.kind in LINES
        with QSignalBlocker(self.source):
            self.source.setCurrentIndex(self.source.findData(control.source.value))
        self.source.setVisible(made or control.kind in SEEN)
        self.annotator.show_control(control, self._form.wording)
        self.fields[DETAIL].setVisible(made and control.kind != "gray")
        self.fields[DETAIL].setEnabled(control.source in (Source.AUTO, Source.MADE))
        self.fields[THICKNESS].setVisible(made and control.kind == "scribble")
        drawn = self.source.findData(Source.DRAWN.value)
        self.source.model().setData(
            self.source.model().index(drawn, 0), 33 if lines else 0, Qt.ItemDataRole.UserRole - 1
        )
        wording, model = self._form.wording, self._form.settings.model
        alone = control.is_reference and not control.model and sees(painter_of(wording, model))
        self.fields[WEIGHT].setEnabled(not alone)  # a painting model looks wholly or not at all
        trouble = trouble_of(control, wording, model)
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        note = "" if trouble else note_on(control, wording)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        blind = bool(note) and eyes_for(control, wording) is None
        self.catalogue.setVisible(bool(trouble) or blind)

    def showEvent(self, event: QShowEvent) -> None:
        """Rows that came or went before the window was there leave no gaps."""
        super().showEvent(event)
        rows = self.layout()
        if rows is not None:
            rows.invalidate()
            rows.activate()

    def _fill_kinds(self, control: LayerControl) -> None:
        with QSignalBlocker(self.kind):
            self.kind.clear()
            for kind in LABELS:
                if kind == REFERENCE:
                    self.kind.insertSeparator(self.kind.count())
                self.kind.addItem(label_of_kind(kind), str(kind))
            if control.kind not in LABELS:
                self.kind.addItem(control.kind, control.kind)
            self.kind.setCurrentIndex(self.kind.findData(control.kind))

    def _fill_models(self, control: LayerControl) -> None:
        wording, painter = self._form.wording, self._form.settings.model
        found = choices(control.kind, wording, painter)
        best = self.tr("Best: {name}").format(name=found[0].name) if found else self.tr("No model")
        if control.is_reference and sees(painter_of(wording, painter)):
            best = self.tr("The model itself")
        with QSignalBlocker(self.model):
            self.model.clear()
            self.model.addItem(best, "")
            for info in found:
                self.model.addItem(info.name, info.id)
                self.model.setItemData(self.model.count() - 1, info.path, Qt.ItemDataRole.ToolTipRole)
            if control.model and self.model.findData(control.model) < 0:
                gone = wording.addon(control.model)
                self.model.addItem(gone.name if gone is not None else control.model.rpartition("/")[2], control.model)
            self.model.setCurrentIndex(self.model.findData(control.model))
        self.model.setToolTip(self.tr("Which model of the library follows it"))
        self.encoder.show_adapter(self._adapter(control), wording)

    def _adapter(self, control: LayerControl) -> ModelInfo | None:
        """What looks at a reference layer; None where the painting model does, or nothing."""
        wording, painter = self._form.wording, self._form.settings.model
        if not control.is_reference:
            return None
        if control.model:
            return wording.addon(control.model)
        found = () if sees(painter_of(wording, painter)) else choices(control.kind, wording, painter)
        return found[0] if found else None

    def _form_changed(self, names: set[str]) -> None:
        if "model" in names:
            self.refresh()

    # --- what a person does

    def _chosen(self) -> list[Layer]:
        """All chosen control layers, if the shown one is among them."""
        chosen = list(self._document.chosen)
        if self._layer is None:
            return []
        return chosen if self._layer in chosen else [self._layer]

    def _set(self, **values: Any) -> None:
        control_edits.change(self._document, self._chosen(), values)

    def _use_kind(self, kind: str) -> None:
        control_edits.use(self._document, self._chosen(), kind, self._form.wording, self._form.settings.model)

    def _drag(self, name: str, value: float) -> None:
        control = self.control
        if control is None:
            return
        values = {name: value}
        if name == START and value > control.end:
            values[END] = value
        elif name == END and value < control.start:
            values[START] = value
        control_edits.change(self._document, self._chosen(), values, dragged=name)

    # --- language

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "catalogue"):
            self.retranslate()

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.on.setText(self.tr("Control"))
        self.on.setToolTip(self.tr("Whether the control layer acts, or rests for a while"))
        self.more.setToolTip(self.tr("More about this control layer"))
        self.kind.setToolTip(self.tr("What is followed of the layer, or whether it is looked at as a reference"))
        self.source.setToolTip(self.tr("How the layer's picture becomes what is followed"))
        sources = {
            Source.AUTO: self.tr("Automatic"),
            Source.MADE: self.tr("Made from the picture"),
            Source.DRAWN: self.tr("Lines drawn by hand"),
            Source.READY: self.tr("Ready as it is"),
        }
        with QSignalBlocker(self.source):
            self.source.clear()
            for source, text in sources.items():
                self.source.addItem(text, source.value)
        texts: dict[str, tuple[str, str]] = {
            WEIGHT: (self.tr("Strength"), self.tr("How strongly it is followed: 100 % as the model was made")),
            START: (self.tr("From"), self.tr("Part of the steps after which it begins to act")),
            END: (
                self.tr("To"),
                self.tr("Part of the steps after which it acts no more; lower leaves finer things free"),
            ),
            DETAIL: (self.tr("Detail"), self.tr("How faint an edge may be to be followed, or how much detail is left")),
            THICKNESS: (self.tr("Thickness"), self.tr("How thick scribbled lines are")),
        }
        for name, (label, tip) in texts.items():
            self.fields[name].set_label(label)
            self.fields[name].setToolTip(tip)
        self.refresh()


def owner_of(layer: Layer | None) -> Layer | None:
    """The layer whose control is shown while this one, or its mask, is worked on."""
    return layer.owner if isinstance(layer, LayerMask) else layer
