"""The LoRAs under the prompt: one row each, with its weight, and the words that wake it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QVBoxLayout, QWidget

from desktop.generation.form import GenerationForm
from desktop.naming import named
from desktop.slots import Slots
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import LoraWeight
from pipelines.library.families import label_of
from pipelines.library.wording import fits

MOST_WORDS = 30
"""Trigger words in a row's menu."""
TriggerWords = Callable[[str], Awaitable[tuple[str, ...]]]


class LoraName(QLabel):
    """A name that is cut off in its middle: versions stand at the end."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setObjectName("loraName")
        self.setMinimumWidth(40)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much of it as there is room for."""
        del event
        with QPainter(self) as painter:
            shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
            role = self.foregroundRole()
            left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            self.style().drawItemText(painter, self.rect(), int(left), self.palette(), self.isEnabled(), shown, role)


class LoraRow(QWidget):
    """One LoRA. `wanted` tells another weight, None for none any more."""

    wanted = Signal(object)
    asked = Signal()
    """Its trigger words are wanted."""

    def __init__(self, parent: QWidget, number: int, lora: LoraWeight, info: ModelInfo | None) -> None:
        super().__init__(parent)
        self.setObjectName(f"lora-{number}")
        self.lora, self.info = lora, info
        self.name = LoraName(info.name if info is not None else lora.model, self)
        self.slider = named(QSlider(Qt.Orientation.Horizontal, self), "loraSlider", minimum=-100, maximum=200)
        self.slider.setFixedWidth(64)
        self.weight = named(QDoubleSpinBox(self), "loraWeight", minimum=-10.0, maximum=10.0, singleStep=0.05)
        self.weight.setKeyboardTracking(False)
        self.weight.setFixedWidth(64)
        self.words = named(QToolButton(self), "loraWords", text="✎", autoRaise=True)
        self.remove = named(QToolButton(self), "loraRemove", text="✕", autoRaise=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.name, 1)
        for widget in (self.slider, self.weight, self.words, self.remove):
            layout.addWidget(widget)
        self.show_weight(lora)
        self.slider.valueChanged.connect(lambda value: self.wanted.emit(value / 100))
        self.weight.valueChanged.connect(lambda value: self.wanted.emit(value))
        self.remove.clicked.connect(lambda: self.wanted.emit(None))
        self.words.clicked.connect(self.asked)

    def show_weight(self, lora: LoraWeight) -> None:
        """Takes the weight over, quietly."""
        self.lora = lora
        with QSignalBlocker(self.slider), QSignalBlocker(self.weight):
            self.slider.setValue(round(lora.weight * 100))
            self.weight.setValue(lora.weight)

    def say(self, family: Family) -> None:
        """Texts in the present language, and whether the chosen model can use it."""
        unfit = self.info is not None and not fits(self.info, family)
        for widget in (self.name, self.slider, self.weight, self.words):
            widget.setEnabled(not unfit)
        tip = f"{self.info.name}\n{self.info.path}" if self.info is not None else self.lora.model
        if unfit and self.info is not None:
            tip = self.tr("Made for {own}: left out with the chosen model").format(own=label_of(self.info.family))
        self.name.setToolTip(tip)
        weight = self.tr("How strongly the LoRA acts: 1 as it was made, 0 not at all")
        self.slider.setToolTip(weight)
        self.weight.setToolTip(weight)
        self.words.setToolTip(self.tr("Words that wake this LoRA; a click puts one into the prompt"))
        self.remove.setToolTip(self.tr("Take this LoRA off"))


class LoraList(QWidget):
    """The form's LoRAs; hidden while there is none."""

    wordChosen = Signal(str)
    """A trigger word for the prompt."""

    def __init__(self, form: GenerationForm, trigger_words: TriggerWords | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loraList")
        self._form, self._trigger_words = form, trigger_words
        self._slots = Slots(self)
        self.rows: list[LoraRow] = []
        self.menu = named(QMenu(self), "loraWordsMenu")
        self.menu.triggered.connect(lambda action: self.wordChosen.emit(action.text()))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        form.changed.connect(self._form_changed)
        form.wording_changed.connect(self._rebuild)
        self._rebuild()

    def add(self, model_id: str, weight: float = 1.0) -> None:
        """Another LoRA at the end; one that is there already stays as it is."""
        loras = self._form.settings.loras
        if model_id not in [lora.model for lora in loras]:
            self._form.set(loras=(*loras, LoraWeight(model_id, weight)))

    def fill_menu(self, menu: QMenu) -> None:
        """The LoRAs that suit the chosen model and are not in the list."""
        menu.clear()
        wording, taken = self._form.wording, {lora.model for lora in self._form.settings.loras}
        for info in wording.fitting(ModelKind.LORA, wording.family_of(self._form.settings.model)):
            if info.id not in taken:
                action = menu.addAction(info.name)
                action.setToolTip(info.path)
                action.setData(info.id)
        if menu.isEmpty():
            menu.addAction(self.tr("No other LoRA of the library suits this model")).setEnabled(False)

    def _form_changed(self, names: set[str]) -> None:
        if "loras" in names and [row.lora.model for row in self.rows] == [x.model for x in self._form.settings.loras]:
            for row, lora in zip(self.rows, self._form.settings.loras, strict=True):
                row.show_weight(lora)
        elif "loras" in names:
            self._rebuild()
        elif "model" in names:
            self.retranslate()

    def _rebuild(self) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        wording = self._form.wording
        self.rows = [
            LoraRow(self, number, lora, wording.addon(lora.model))
            for number, lora in enumerate(self._form.settings.loras)
        ]
        for number, row in enumerate(self.rows):
            self._layout.addWidget(row)
            row.wanted.connect(lambda weight, number=number: self._want(number, weight))
            row.asked.connect(lambda row=row: self._slots.start(self._show_words(row)))
        self.setVisible(bool(self.rows))
        self.retranslate()

    def _want(self, number: int, weight: float | None) -> None:
        loras = list(self._form.settings.loras)
        if weight is None:
            del loras[number]
        else:
            loras[number] = replace(loras[number], weight=round(weight, 2))
        self._form.set(loras=tuple(loras))

    async def _show_words(self, row: LoraRow) -> None:
        """The trigger words as a menu, read beside."""
        words = await self._trigger_words(row.lora.model) if self._trigger_words is not None else ()
        self.menu.clear()
        for word in words[:MOST_WORDS]:
            self.menu.addAction(word)
        if not words:
            self.menu.addAction(self.tr("Its file names no words")).setEnabled(False)
        self.menu.popup(row.words.mapToGlobal(QPoint(0, row.words.height())))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        family = self._form.wording.family_of(self._form.settings.model)
        for row in self.rows:
            row.say(family)
