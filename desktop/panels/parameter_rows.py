"""The parameters of a generation as labelled rows, each bound to one field of the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QSpinBox,
    QWidget,
)

from canvas.changes import ChangeKind, DocumentChange
from canvas.geometry import Bounds
from desktop.generation.capture import planned_rim
from desktop.generation.controller import GenerationController
from desktop.generation.form import POLICIES, Context, GenerationForm, SeedPolicy
from desktop.generation.modes import STRENGTHS
from desktop.naming import named
from pipelines.contract.models import ModelKind, SchedulerName
from pipelines.contract.request import MAX_SEED, MAX_SIDE, Fill
from pipelines.library.families import fitting_schedulers
from pipelines.library.wording import CLIP_FAMILIES

SCHEDULER_WORDS = {
    SchedulerName.DEFAULT: "Model's own",
    SchedulerName.EULER: "Euler",
    SchedulerName.EULER_A: "Euler a",
    SchedulerName.EULER_FLOW: "Euler (flow)",
    SchedulerName.HEUN_FLOW: "Heun (flow)",
    SchedulerName.DPMPP_2M: "DPM++ 2M",
    SchedulerName.DPMPP_2M_KARRAS: "DPM++ 2M Karras",
    SchedulerName.DPMPP_SDE: "DPM++ 2M SDE",
    SchedulerName.UNIPC: "UniPC",
    SchedulerName.DDIM: "DDIM",
    SchedulerName.HEUN: "Heun",
    SchedulerName.LCM: "LCM",
}


class ParameterRows(QWidget):
    """The folded part of the prompt panel. `always` holds the one row that is never folded: the strength."""

    def __init__(self, form: GenerationForm, controller: GenerationController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("parameterRows")
        self._form, self._controller = form, controller
        self._labels: dict[str, QLabel] = {}
        self._readers: dict[str, Callable[[Any], None]] = {}
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.always = self._make_strength()
        self._make_numbers()
        self._make_choices()
        self._make_seed()
        self._make_size()
        form.changed.connect(self._show)
        form.wording_changed.connect(self._fill_vaes)
        self._stop_listening = controller.session.document.changed.connect(self._document_changed)
        self.destroyed.connect(self._stop_listening)
        self.retranslate()
        self._show(set(self._readers))

    # --- rows

    def _row(self, name: str, widget: QWidget) -> None:
        self._labels[name] = QLabel(self)
        self._labels[name].setBuddy(widget)
        self._layout.addRow(self._labels[name], widget)

    def _make_strength(self) -> QWidget:
        """A slider with its figure; it speaks of the field that the mode uses."""
        row = QWidget(self.parentWidget())
        row.setObjectName("strengthRow")
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        self._labels["strength"] = QLabel(row)
        self.strength = named(QSlider(Qt.Orientation.Horizontal, row), "strength", minimum=1, maximum=100)
        self.strength_figure = named(QLabel(row), "strengthFigure")
        self.strength_figure.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %"))
        for widget in (self._labels["strength"], self.strength, self.strength_figure):
            layout.addWidget(widget)
        self.strength.valueChanged.connect(self._strength_moved)
        for name in STRENGTHS:
            self._readers[name] = lambda _: self._show_strength()
        return row

    def _strength_field(self) -> str:
        return self._controller.mode.strength_field or "strength"

    def _strength_moved(self, percent: int) -> None:
        self._form.set(**{self._strength_field(): percent / 100})

    def _show_strength(self) -> None:
        percent = round(getattr(self._form.settings, self._strength_field()) * 100)
        with QSignalBlocker(self.strength):
            self.strength.setValue(percent)
        self.strength_figure.setText(f"{percent} %")

    def _spin(self, name: str, low: int, high: int, suffix: str = "") -> QSpinBox:
        spin = named(QSpinBox(self), name, minimum=low, maximum=high, suffix=suffix)
        spin.setKeyboardTracking(False)
        spin.valueChanged.connect(lambda value: self._form.set(**{name: value}))
        self._readers[name] = spin.setValue
        self._row(name, spin)
        return spin

    def _make_numbers(self) -> None:
        self._spin("num_inference_steps", 1, 200)
        guidance = named(QDoubleSpinBox(self), "guidance_scale", maximum=50.0, singleStep=0.5, decimals=1)
        guidance.setKeyboardTracking(False)
        guidance.valueChanged.connect(lambda value: self._form.set(guidance_scale=value))
        self._readers["guidance_scale"] = guidance.setValue
        self._row("guidance_scale", guidance)
        self._spin("num_images_per_prompt", 1, 16)
        self.auto_rim = named(QCheckBox(self), "auto_rim")
        self.auto_rim.toggled.connect(lambda on: self._form.set(auto_rim=on))
        self._readers["auto_rim"] = lambda _: self._show_rim()
        self._row("auto_rim", self.auto_rim)
        self._rim = {
            name: self._spin(name, 0, high, " px")
            for name, high in (("mask_grow", 512), ("mask_feather", 1024), ("mask_blend", 1024))
        }
        for name in self._rim:
            self._readers[name] = lambda _: self._show_rim()

    def _make_choices(self) -> None:
        self.scheduler = named(QComboBox(self), "scheduler")
        self.fill = named(QComboBox(self), "fill")
        for fill in Fill:
            self.fill.addItem("", str(fill))
        self.scheduler.activated.connect(lambda i: self._form.set(scheduler=SchedulerName(self.scheduler.itemData(i))))
        self.fill.activated.connect(lambda i: self._form.set(fill=Fill(self.fill.itemData(i))))
        self._readers["scheduler"] = lambda _: self._fill_schedulers()
        self._readers["model"] = lambda _: self._model_changed()
        self._readers["fill"] = lambda v: self.fill.setCurrentIndex(self.fill.findData(str(v)))
        self.context = named(QComboBox(self), "context")
        for context in Context:
            self.context.addItem("", str(context))
        self.context.activated.connect(self._context_chosen)
        self._readers["context"] = lambda v: self.context.setCurrentIndex(self.context.findData(str(v)))
        self._row("scheduler", self.scheduler)
        self._row("fill", self.fill)
        self._row("context", self.context)
        self.vae = named(QComboBox(self), "vae")
        self.vae.activated.connect(lambda i: self._form.set(vae=self.vae.itemData(i)))
        self._readers["vae"] = lambda _: self._fill_vaes()
        self._row("vae", self.vae)
        self.clip_skip = self._spin("clip_skip", 0, 11)

    def _make_seed(self) -> None:
        row = QWidget(self)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        self.seed = named(QLineEdit(row), "seed")  # a spin box cannot hold 63 bits
        self.seed_policy = named(QComboBox(row), "seedPolicy")
        for policy in SeedPolicy:
            self.seed_policy.addItem("", str(policy))
        layout.addWidget(self.seed, 1)
        layout.addWidget(self.seed_policy)
        self.seed.editingFinished.connect(self._seed_typed)
        self.seed_policy.activated.connect(
            lambda i: self._form.set(**POLICIES[SeedPolicy(self.seed_policy.itemData(i))])
        )
        self._readers["seed"] = lambda value: self.seed.setText(str(value))
        self._readers["random_seed"] = self._readers["seed_advances"] = lambda _: self._show_policy()
        self._row("seed", row)

    def _show_policy(self) -> None:
        settings = self._form.settings
        chosen = SeedPolicy.NEXT if settings.seed_advances else SeedPolicy.FIXED
        chosen = SeedPolicy.RANDOM if settings.random_seed else chosen
        self.seed_policy.setCurrentIndex(self.seed_policy.findData(str(chosen)))

    def _seed_typed(self) -> None:
        text = self.seed.text().strip()
        valid = text.isascii() and text.isdigit() and int(text) <= MAX_SEED
        if not valid or int(text) == self._form.settings.seed:
            self.seed.setText(str(self._form.settings.seed))
            return
        self._form.set(seed=int(text), random_seed=False)

    def _make_size(self) -> None:
        row = QWidget(self)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        self.frame_width = named(QSpinBox(row), "frameWidth", minimum=64, maximum=MAX_SIDE, singleStep=64)
        self.frame_height = named(QSpinBox(row), "frameHeight", minimum=64, maximum=MAX_SIDE, singleStep=64)
        for spin in (self.frame_width, self.frame_height):
            spin.setKeyboardTracking(False)
            spin.setSuffix(" px")
            spin.valueChanged.connect(self._size_typed)
            layout.addWidget(spin)
        self._row("size", row)
        self._show_frame()

    def _size_typed(self) -> None:
        document = self._controller.session.document
        frame = document.frame
        document.set_frame(Bounds(frame.x, frame.y, self.frame_width.value(), self.frame_height.value()), merge=True)

    def _context_chosen(self, index: int) -> None:
        self._controller.set_context(None)  # what was dragged on the canvas
        self._form.set(context=Context(self.context.itemData(index)))

    def _document_changed(self, change: DocumentChange) -> None:
        if change.kind in (ChangeKind.FRAME, ChangeKind.LOADED):
            self._show_frame()
        if change.kind in (ChangeKind.FRAME, ChangeKind.SELECTION, ChangeKind.LOADED):
            self._show_rim()

    def _show_frame(self) -> None:
        frame = self._controller.session.document.frame
        for spin, value in ((self.frame_width, frame.width), (self.frame_height, frame.height)):
            with QSignalBlocker(spin):
                spin.setValue(value)

    # --- what suits the model

    def _model_changed(self) -> None:
        info = self._form.model_info()
        self._fill_schedulers()
        self._fill_vaes()
        self._layout.setRowVisible(self.clip_skip, info is None or info.family in CLIP_FAMILIES)

    def _fill_schedulers(self) -> None:
        """Those that suit the model; another one that is set is shown as well, so that it can be seen and changed."""
        chosen = self._form.settings.scheduler
        fitting = fitting_schedulers(self._form.model_info())
        self.scheduler.clear()
        for scheduler in fitting:
            self.scheduler.addItem(SCHEDULER_WORDS[scheduler], str(scheduler))
        self.scheduler.setItemText(0, self.tr("Model's own"))
        if chosen not in fitting:
            words = self.tr("{name} (does not suit this model)").format(name=SCHEDULER_WORDS[chosen])
            self.scheduler.addItem(words, str(chosen))
        self.scheduler.setCurrentIndex(self.scheduler.findData(str(chosen)))

    def _fill_vaes(self) -> None:
        wording, chosen = self._form.wording, self._form.settings.vae
        self.vae.clear()
        self.vae.addItem(self.tr("Model's own"), "")
        for info in wording.fitting(ModelKind.VAE, wording.family_of(self._form.settings.model)):
            self.vae.addItem(info.name, info.id)
            self.vae.setItemData(self.vae.count() - 1, info.path, Qt.ItemDataRole.ToolTipRole)
        if self.vae.findData(chosen) < 0:
            self.vae.addItem(self.tr("{name} (not in the library)").format(name=chosen), chosen)
        self.vae.setCurrentIndex(self.vae.findData(chosen))
        self._layout.setRowVisible(self.vae, self.vae.count() > 1)

    # --- showing

    def show_mode(self) -> None:
        """Shows the strength only where it means something, and of the right mode; the rim that suits it."""
        self.always.setVisible(bool(self._controller.mode.strength_field))
        self._show_strength()
        self._show_rim()

    def _show_rim(self) -> None:
        """The typed numbers, or, greyed, those that will be used."""
        document, settings = self._controller.session.document, self._form.settings
        shown = replace(settings, mode=self._controller.mode)
        rim = planned_rim(shown, document.selection.bounds, document.frame)
        values = {"mask_grow": rim.grow, "mask_feather": rim.feather, "mask_blend": rim.blend}
        with QSignalBlocker(self.auto_rim):
            self.auto_rim.setChecked(settings.auto_rim)
        for name, spin in self._rim.items():
            with QSignalBlocker(spin):
                spin.setValue(values[name])
            spin.setEnabled(not settings.auto_rim)

    def _show(self, names: set[str]) -> None:
        for name in names & set(self._readers):
            self._readers[name](getattr(self._form.settings, name))
        if names & STRENGTHS:
            self._show_rim()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        texts = {
            "strength": (self.tr("Strength"), self.tr("How far the result may leave what is there")),
            "num_inference_steps": (self.tr("Steps"), self.tr("Denoising steps: more is slower and often finer")),
            "guidance_scale": (self.tr("Guidance"), self.tr("How strictly the words are followed")),
            "num_images_per_prompt": (self.tr("Pictures"), self.tr("How many candidates one run makes")),
            "auto_rim": (self.tr("Soft rim"), self.tr("How the new picture is led over into the old one")),
            "mask_grow": (self.tr("Grow"), self.tr("How far the model may repaint around the selection")),
            "mask_feather": (self.tr("Feather"), self.tr("Width of the soft rim between old and new")),
            "mask_blend": (self.tr("Blend"), self.tr("How wide the edge of the new picture fades over the old one")),
            "scheduler": (self.tr("Scheduler"), self.tr("The method that walks from noise to picture")),
            "fill": (
                self.tr("Fill"),
                self.tr("What stands under the selection before painting begins, at full strength"),
            ),
            "context": (self.tr("Context"), self.tr("How much of the surroundings the model is shown of a selection")),
            "vae": (self.tr("VAE"), self.tr("What turns the model's numbers into a picture, instead of its own")),
            "clip_skip": (
                self.tr("CLIP skip"),
                self.tr("Layers of the text encoder that are left out at its end; 1 is what A1111 calls 2"),
            ),
            "seed": (self.tr("Seed"), self.tr("The same seed and settings make the same picture again")),
            "size": (self.tr("Frame"), self.tr("Width and height of the frame in canvas pixels")),
        }
        for name, (text, tip) in texts.items():
            self._labels[name].setText(text)
            self._labels[name].setToolTip(tip)
            buddy = self._labels[name].buddy()
            if buddy is not None:
                buddy.setToolTip(tip)
        self.strength.setToolTip(texts["strength"][1])
        policies = (self.tr("Random"), self.tr("Fixed"), self.tr("Next"))
        for index, word in enumerate(policies):
            self.seed_policy.setItemText(index, word)
        self.seed_policy.setToolTip(
            self.tr(
                "Random: a new seed for every run, shown and stored. Fixed: always this one. Next: the one behind the "
                "last picture's after every run"
            )
        )
        self.auto_rim.setText(self.tr("Follows the selection"))
        self.auto_rim.setToolTip(self.tr("Grow, feather and blend suit the size of the selection and the strength"))
        contexts = (self.tr("Automatic"), self.tr("Tight"), self.tr("Wide"), self.tr("The frame"))
        for index, word in enumerate(contexts):
            self.context.setItemText(index, word)
        self._model_changed()
        fills = fill_words()
        for index, fill in enumerate(Fill):
            self.fill.setItemText(index, fills[fill])


def fill_words() -> dict[Fill, str]:
    """What each filling is called, in the present language."""
    translate = QCoreApplication.translate
    return {
        Fill.ORIGINAL: translate("ParameterRows", "What is there"),
        Fill.BLUR: translate("ParameterRows", "Blurred surroundings"),
        Fill.BORDER: translate("ParameterRows", "Continue the border"),
        Fill.NEUTRAL: translate("ParameterRows", "Neutral grey"),
        Fill.NOISE: translate("ParameterRows", "Noise"),
    }
