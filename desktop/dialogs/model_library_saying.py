"""`This is …`: the person says what a model is, which wins over what its file seems to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.dialogs.model_library_words import FAMILIES, KINDS, family_word, kind_word, prediction_word
from desktop.naming import named
from pipelines.contract.models import Family, ModelInfo, ModelKind, Prediction
from pipelines.library.said import Said

VARIANTS: dict[Family, tuple[str, ...]] = {
    Family.SD1: ("inpaint", "lcm", "turbo"),
    Family.SD2: ("inpaint", "turbo"),
    Family.SDXL: ("inpaint", "turbo", "lightning", "hyper", "lcm", "pony", "illustrious", "noobai", "refiner"),
    Family.SD3: ("large", "large-turbo", "3.5-medium", "turbo"),
    Family.FLUX: ("schnell", "krea", "fill", "kontext"),
    Family.FLUX2: ("klein", "klein-base", "klein-9b"),
    Family.QWEN_IMAGE: ("edit", "edit-plus", "lightning"),
    Family.Z_IMAGE: ("turbo",),
}
"""What can be chosen; any other word can be typed."""
_PREDICTIONS = (Prediction.EPSILON, Prediction.V_PREDICTION, Prediction.FLOW)


class SayingForm(QFrame):
    """Four choices, each with `as found`."""

    said = Signal(object)
    """A Said; an empty one takes back what was said."""

    def __init__(self, parent: QWidget) -> None:
        """An empty frame: `build` fills it."""
        super().__init__(parent)
        self.setObjectName("modelSaying")
        self.setProperty("card", True)
        self._kept = Said()
        self._info: ModelInfo | None = None

    def build(self) -> Iterator[None]:
        """Steps that fill it."""
        self.heading = named(QLabel(self), "modelSayingHeading", wordWrap=True, role="dim")
        self.apply = named(QPushButton(self), "modelSayingApply", autoDefault=False, primary=True)
        self.take_back = named(QPushButton(self), "modelSayingTakeBack", autoDefault=False)
        self._labels = {name: QLabel(self) for name in ("kind", "family", "variant", "prediction")}
        yield
        self.kind = self._box("modelSayingKind")
        yield
        self.family = self._box("modelSayingFamily")
        yield
        self.variant = self._box("modelSayingVariant")
        yield
        self.variant.setEditable(True)
        yield
        self.prediction = self._box("modelSayingPrediction")
        yield
        self._lay_out()
        yield
        self.family.activated.connect(lambda _: self._fill_variants(self.variant.currentText()))
        self.apply.clicked.connect(self._say)
        self.take_back.clicked.connect(lambda: self.said.emit(Said(companions=self._kept.companions)))
        self.retranslate()
        yield

    def _box(self, name: str) -> QComboBox:
        box = named(QComboBox(self), name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        return box

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        for name, label in self._labels.items():
            box: QComboBox = getattr(self, name)
            form.addRow(label, box)
        buttons = QHBoxLayout()
        buttons.addWidget(self.apply)
        buttons.addWidget(self.take_back)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.addWidget(self.heading)
        layout.addLayout(form)
        layout.addLayout(buttons)

    def fill(self, info: ModelInfo, said: Said) -> Iterator[None]:
        """What was said of it so far, in steps; the rest is as found."""
        self._info, self._kept = info, said
        for value, box in ((said.kind, self.kind), (said.family, self.family), (said.prediction, self.prediction)):
            box.setCurrentIndex(max(box.findData(str(value or "")), 0))
        self._fill_variants(said.variant or "")
        self.take_back.setEnabled(any((said.kind, said.family, said.variant is not None, said.prediction)))
        yield

    def _list(self, box: QComboBox, rows: Iterable[tuple[str, str]]) -> None:
        """Lists these values and words anew; the chosen value stays."""
        chosen = box.currentData()
        with QSignalBlocker(box):
            box.clear()
            for value, words in (("", self.tr("As found")), *rows):
                box.addItem(words, value)
            box.setCurrentIndex(max(box.findData(chosen or ""), 0))

    def _fill_variants(self, typed: str) -> None:
        chosen = self.family.currentData()
        family = Family(chosen) if chosen else self._info.family if self._info is not None else Family.UNKNOWN
        self.variant.clear()
        self.variant.addItems(["", *VARIANTS.get(family, ())])
        self.variant.setCurrentText(typed)

    def _say(self) -> None:
        kind, family, prediction = (box.currentData() for box in (self.kind, self.family, self.prediction))
        variant = self.variant.currentText().strip()
        self.said.emit(
            Said(
                ModelKind(kind) if kind else None,
                Family(family) if family else None,
                variant or None,
                Prediction(prediction) if prediction else None,
                self._kept.companions,
            )
        )

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.heading.setText(self.tr("What you say here wins over what the file seems to be, and is remembered."))
        texts = {
            "kind": (self.tr("Kind"), self.tr("What the file holds")),
            "family": (self.tr("Family"), self.tr("The network it was made for")),
            "variant": (self.tr("Variant"), self.tr("What sets it apart in its family; any word can be typed")),
            "prediction": (self.tr("Prediction"), self.tr("What the network tells; pictures of pure noise or of "
                                                         "burnt colours mean that it is the other one")),
        }  # fmt: skip
        for name, (words, tip) in texts.items():
            self._labels[name].setText(words)
            getattr(self, name).setToolTip(tip)
        line = self.variant.lineEdit()
        if line is not None:
            line.setPlaceholderText(self.tr("As found"))
        self.apply.setText(self.tr("Remember"))
        self.apply.setToolTip(self.tr("From now on it counts as this"))
        self.take_back.setText(self.tr("As Found"))
        self.take_back.setToolTip(self.tr("Take back what was said; the file decides again"))
        self._list(self.kind, [(str(one), kind_word(one)) for one in KINDS if one is not ModelKind.UNKNOWN])
        nameless = (Family.UNKNOWN, Family.STARTER)
        self._list(self.family, [(str(one), family_word(one)) for one in FAMILIES if one not in nameless])
        self._list(self.prediction, [(str(one), prediction_word(one)) for one in _PREDICTIONS])
