"""The page where the selection or the frame is let move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QSpinBox,
    QWidget,
)

from canvas.geometry import Bounds
from desktop.dialogs.page_layout import grow_to_fit, lay_out_page
from desktop.generation.clip_records import FASTEST, SLOWEST
from desktop.generation.clips import ClipWish, nearest_frames, usual_fps, why_not
from desktop.generation.remaining import time_text
from desktop.generation.shortage import GIGABYTE, clip_shortage
from desktop.naming import named
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import FRAME_STEP, MAX_FRAMES, MAX_SEED, MIN_FRAMES
from pipelines.library.families import animates_words, only_animates
from pipelines.planning.cost import Cost
from pipelines.planning.sizes import clip_size, limits_of

QUICK = (17, 33, 49, 81)
"""Frames that a click sets."""
MOST_STEPS = 200
PROMPT_LINES = 3

Foretell = Callable[[ModelInfo, ClipWish], Cost | None]
"""What it will take; None where not even that can be said."""


@dataclass(frozen=True)
class Scene:
    """What is there to move."""

    region: Bounds
    """Canvas pixels."""
    selected: bool
    """Whether that is a selection's; else it is the frame."""
    painted: bool
    """Whether anything is painted there."""


class AnimateDialog(QDialog):
    """Says what size comes out, how long it plays, and about what it takes, before it is begun."""

    decided = Signal(object)
    """The ClipWish."""

    def __init__(
        self, scene: Scene, wish: ClipWish, models: Sequence[ModelInfo], foretell: Foretell, parent: QWidget
    ) -> None:
        """`models`: those that make clips, at least one."""
        super().__init__(parent)
        self.setObjectName("animateDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._scene, self._models, self._foretell = scene, tuple(models), foretell
        names = ("region", "prompt", "model", "frames", "fps", "strength", "steps", "seed")
        self._labels = {name: QLabel(self) for name in names}
        self.region = named(QLabel(self), "animateRegion")
        self.picture = named(QCheckBox(self), "animateFromPicture", checked=wish.from_picture and scene.painted)
        self.prompt = named(QPlainTextEdit(wish.prompt, self), "animatePrompt", tabChangesFocus=True)
        self.model = named(QComboBox(self), "animateModel")
        for info in self._models:
            self.model.addItem(info.name, info.id)
        self.model.setCurrentIndex(max(0, self.model.findData(wish.model)))
        self.frames = named(QSpinBox(self), "animateFrames", minimum=MIN_FRAMES, maximum=MAX_FRAMES)
        self.frames.setSingleStep(FRAME_STEP)
        self.frames.setValue(wish.frames)
        self.quick = [named(QPushButton(str(one), self), f"animateFrames-{one}") for one in QUICK]
        self.fps = named(QSpinBox(self), "animateFps", minimum=SLOWEST, maximum=FASTEST)
        self.strength = named(QSlider(Qt.Orientation.Horizontal, self), "animateStrength")
        self.strength.setRange(5, 100)
        self.strength.setValue(round(wish.strength * 100))
        self.strength_figure = named(QLabel(self), "animateStrengthFigure")
        self.steps = named(QSpinBox(self), "animateSteps", minimum=1, maximum=MOST_STEPS)
        self.seed = named(QLineEdit("" if wish.seed is None else str(wish.seed), self), "animateSeed")
        self.outcome = named(QLabel(self), "animateOutcome", wordWrap=True)
        self.shortage = named(QLabel(self), "animateShortage", wordWrap=True)
        self.problem = named(QLabel(self), "animateProblem", wordWrap=True)
        self.buttons = named(QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self), "animateButtons")
        self.run = self.buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.run.setObjectName("animateRun")
        self.run.setProperty("primary", True)
        self._lay_out()
        self._connect()
        self._use_model()
        meant = wish.model in ("", self.info.id)  # else it was meant for a model that cannot make clips
        for box, value in ((self.steps, wish.steps), (self.fps, wish.fps)):
            if value and meant:
                box.setValue(value)
        self.retranslate()

    def _lay_out(self) -> None:
        frames, strength = QHBoxLayout(), QHBoxLayout()
        for button in self.quick:
            button.setProperty("filter", True)
            button.setCheckable(True)
            button.setAutoDefault(False)
            frames.addWidget(button)
        frames.addWidget(self.frames)
        frames.addStretch(1)
        strength.addWidget(self.strength, 1)
        self.strength_figure.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %"))
        strength.addWidget(self.strength_figure)
        self.prompt.setFixedHeight(self.fontMetrics().lineSpacing() * PROMPT_LINES + 14)
        self.seed.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]{0,19}"), self))
        for box in (self.fps, self.steps):
            box.setMaximumWidth(90)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        form.addRow(self._labels["region"], self.region)
        form.addRow("", self.picture)
        form.addRow(self._labels["prompt"], self.prompt)
        form.addRow(self._labels["model"], self.model)
        form.addRow(self._labels["frames"], frames)
        form.addRow(self._labels["fps"], self.fps)
        form.addRow(self._labels["strength"], strength)
        form.addRow(self._labels["steps"], self.steps)
        form.addRow(self._labels["seed"], self.seed)
        self._form, self._strength_row = form, strength
        lay_out_page(self, form, (self.outcome, self.shortage, self.problem), self.buttons)
        self.setMinimumWidth(540)

    def _connect(self) -> None:
        for button, frames in zip(self.quick, QUICK, strict=True):
            button.clicked.connect(lambda _=False, one=frames: (self.frames.setValue(one), self._refresh()))
        self.model.currentIndexChanged.connect(lambda _: (self._use_model(), self._refresh()))
        self.frames.editingFinished.connect(lambda: self.frames.setValue(nearest_frames(self.frames.value())))
        for box in (self.frames, self.fps, self.strength, self.steps):
            box.valueChanged.connect(lambda _: self._refresh())
        self.picture.toggled.connect(lambda _: self._refresh())
        self.prompt.textChanged.connect(self._refresh)
        self.seed.textChanged.connect(lambda _: self._refresh())
        self.buttons.accepted.connect(self._decide)
        self.buttons.rejected.connect(self.reject)

    @property
    def info(self) -> ModelInfo:
        """The chosen model."""
        return self._models[max(0, self.model.currentIndex())]

    @property
    def wish(self) -> ClipWish:
        """What is set."""
        chosen = ClipWish(self.info.id, self.prompt.toPlainText().strip(), nearest_frames(self.frames.value()))
        seed = self.seed.text()
        return replace(
            chosen,
            fps=self.fps.value(),
            from_picture=self.picture.isChecked(),
            strength=self.strength.value() / 100,
            steps=self.steps.value(),
            seed=int(seed) if seed else None,
        )

    def _use_model(self) -> None:
        """Steps, speed and choices that suit it."""
        info, painted = self.info, self._scene.painted
        self.fps.setValue(usual_fps(info))
        self.steps.setValue(info.defaults.num_inference_steps)
        self.picture.setEnabled(painted and animates_words(info))
        if not animates_words(info):
            self.picture.setChecked(painted)

    def _why_not(self) -> str:
        wish = self.wish
        if wish.seed is not None and wish.seed > MAX_SEED:
            return self.tr("The seed is too large; it goes up to {most}.").format(most=MAX_SEED)
        return why_not(self._scene.region, self.info, wish)

    def _refresh(self) -> None:
        wish, info, problem = self.wish, self.info, self._why_not()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.run.setEnabled(not problem)
        # A model that is shown the picture keeps it as its first frame: there is nothing to be set.
        self._form.setRowVisible(self._strength_row, wish.from_picture and not only_animates(info))
        self.strength_figure.setText(f"{self.strength.value()} %")
        for button, frames in zip(self.quick, QUICK, strict=True):
            button.setChecked(frames == wish.frames)
        cost = None if problem else self._foretell(info, wish)
        self.outcome.setText("" if problem else self._outcome(wish, info, cost))
        self.shortage.setText(
            clip_shortage(cost, wish.frames, lambda frames: self._foretell(info, replace(wish, frames=frames)))
        )
        self.shortage.setVisible(bool(self.shortage.text()))
        grow_to_fit(self)

    def _outcome(self, wish: ClipWish, info: ModelInfo, cost: Cost | None) -> str:
        region = self._scene.region
        width, height = clip_size(region.width, region.height, limits_of(info))
        words = self.tr("{frames} frames of {width} × {height} pixels, {seconds} s.")
        sentences = [
            words.format(frames=wish.frames, width=width, height=height, seconds=f"{wish.frames / wish.fps:.1f}")
        ]
        if cost is not None and cost.seconds is not None:
            sentences.append(self.tr("About {time}.").format(time=time_text(cost.seconds)))
        else:
            sentences.append(self.tr("How long it takes is known after the first clip."))
        if cost is not None and cost.memory_bytes is not None:
            gigabytes = f"{cost.memory_bytes / GIGABYTE:.1f}"
            sentences.append(self.tr("About {gigabytes} GB of memory.").format(gigabytes=gigabytes))
        return f"{sentences[0]}\n{' '.join(sentences[1:])}"

    def _decide(self) -> None:
        if not self._why_not():
            self.decided.emit(self.wish)
            self.accept()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "run"):
            self.retranslate()
        super().changeEvent(event)

    def _texts(self) -> dict[str, tuple[str, str]]:
        return {
            "region": (self.tr("What"), ""),
            "prompt": (self.tr("Prompt"), self.tr("What is seen, and above all what moves, and how")),
            "model": (self.tr("Model"), self.tr("The models of the library that make clips")),
            "frames": (
                self.tr("Frames"),
                self.tr("How many pictures the clip has: 5, 9, 13 … 161. Twice as many take more than twice as long"),
            ),
            "fps": (self.tr("Frames a second"), self.tr("How fast it plays; it can be changed later")),
            "strength": (
                self.tr("Strength"),
                self.tr("How far this model paints over the picture: the more, the more moves, and the less is kept"),
            ),
            "steps": (self.tr("Steps"), self.tr("More take longer and are cleaner")),
            "seed": (self.tr("Seed"), self.tr("The same seed gives the same clip; empty draws one")),
        }

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Animate the Frame"))
        widgets: dict[str, QWidget] = {
            "prompt": self.prompt,
            "model": self.model,
            "frames": self.frames,
            "fps": self.fps,
            "strength": self.strength,
            "steps": self.steps,
            "seed": self.seed,
        }
        for name, (text, tip) in self._texts().items():
            self._labels[name].setText(text)
            self._labels[name].setToolTip(tip)
            if name in widgets:
                widgets[name].setToolTip(tip)
                widgets[name].setAccessibleName(text)
        region = self._scene.region
        kind = self.tr("The selection") if self._scene.selected else self.tr("The frame")
        self.region.setText(f"{kind}, {region.width} × {region.height}")
        self.picture.setText(self.tr("Begin with what is painted there"))
        self.picture.setToolTip(
            self.tr("Without, the words alone say what is seen")
            if self._scene.painted
            else self.tr("Nothing is painted there; the words alone say what is seen")
        )
        for button, frames in zip(self.quick, QUICK, strict=True):
            button.setToolTip(self.tr("{count} frames").format(count=frames))
        self.seed.setPlaceholderText(self.tr("Random"))
        self.run.setText(self.tr("Animate"))
        self.run.setToolTip(self.tr("Make the clip; painting goes on meanwhile, and the canvas stays as it is (Enter)"))
        self._refresh()
