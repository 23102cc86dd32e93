"""The strip under the prompt that offers the settings of a picture or of a pasted text, part by part."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from canvas.document import Document
from desktop.generation.form import GenerationForm, GenerationSettings
from desktop.naming import named

if TYPE_CHECKING:
    from desktop.generation.recipes import Part, RecipePlan
    from pipelines.prompting.recipes.recipe import Recipe

LONGEST_TIP = 2000


class PartBox(QCheckBox):
    """One part of a recipe with a box to leave it out; its text is cut to the room there is."""

    def __init__(self, part: Part, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"recipePart-{part.name}")
        self.part = part
        value = " ".join(part.value.split())
        self._words = f"{label}: {value}"
        self._remark = f" ({part.remark})" if part.remark else ""
        self.setChecked(part.usable)
        self.setEnabled(part.usable)
        self.setToolTip(f"{label}: {part.value[:LONGEST_TIP]}{self._remark}")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._cut()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(40, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cuts the text anew; what is said about it stays whole."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        metrics, room = self.fontMetrics(), self.width() - 30
        room -= metrics.horizontalAdvance(self._remark)
        shown = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, max(room, 40))
        self.setText(shown.replace("&", "&&") + self._remark.replace("&", "&&"))


class RecipeBar(QFrame):
    """Offers a recipe; after *Use* it offers to take that back. Hidden otherwise."""

    def __init__(self, form: GenerationForm, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recipeBar")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._form, self._document = form, document
        self.plan: RecipePlan | None = None
        self._title: Callable[[], str] = str
        self._previous: GenerationSettings | None = None
        self._previous_frame = document.frame
        self._used = False
        self.boxes: list[PartBox] = []
        self.title = named(QLabel(self), "recipeTitle", wordWrap=True)
        self.remark = named(QLabel(self), "recipeRemark", wordWrap=True, visible=False)
        self.close_button = named(QToolButton(self), "recipeClose", autoRaise=True, text="✕")
        self.use = named(QToolButton(self), "recipeUse")
        self.use.setProperty("primary", True)
        self.back = named(QToolButton(self), "recipeRestore", visible=False)
        self._lay_out()
        self.use.clicked.connect(self.take)
        self.back.clicked.connect(self.restore)
        self.close_button.clicked.connect(self.dismiss)
        self.retranslate()
        self.hide()

    def _lay_out(self) -> None:
        """The button stands above the parts: a low panel must not hide it."""
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        for button in (self.use, self.close_button):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 6, 8)
        layout.setSpacing(5)
        layout.addLayout(top)
        layout.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(self._rows)
        layout.addWidget(self.remark)

    # --- what can be done

    def offer_file(self, recipe: Recipe, name: str) -> None:
        """Offers the settings of a file."""
        self._offer(recipe, lambda: self.tr("Settings in {name} ({source})").format(name=name, source=recipe.source))

    def offer_pasted(self, recipe: Recipe, before: GenerationSettings) -> None:
        """Offers the settings in a text that was pasted; `before` is what stood in the form until then."""
        self._offer(
            recipe,
            lambda: self.tr("This looks like a whole recipe ({source}). Use all of it?").format(source=recipe.source),
        )
        self._previous = before

    def take(self) -> None:
        """Sets the chosen parts."""
        if self.plan is None or self._used:
            return
        chosen = {box.part.name for box in self.boxes if box.isChecked()}
        self._previous = self._previous or self._form.settings
        self._previous_frame = self._document.frame
        from desktop.generation.reuse import STEP

        with self._document.transaction(STEP):
            self._document.set_frame(self.plan.frame(self._previous_frame, chosen))
        self._form.restore(self.plan.settings(self._form.settings, chosen))
        self._used = True
        self._show_state()

    def restore(self) -> None:
        """Puts the settings and the frame back as they were before `take`."""
        if self._used and self._previous is not None:
            from desktop.generation.reuse import STEP

            with self._document.transaction(STEP):
                self._document.set_frame(self._previous_frame)
            self._form.restore(self._previous)
        self.dismiss()

    def dismiss(self) -> None:
        """Goes; nothing changes."""
        self.plan, self._previous, self._used = None, None, False
        self._clear()
        self.hide()

    # --- showing

    def _offer(self, recipe: Recipe, title: Callable[[], str]) -> None:
        self.dismiss()
        from desktop.generation.recipes import RecipePlan  # nothing that the first paint should wait for

        addons, present = self._form.wording.addons, self._form.model_info()
        self.plan, self._title = RecipePlan(recipe, self._form.models, addons, present), title
        self._fill()
        self._show_state()
        self.show()

    def _fill(self) -> None:
        """A box for each part; those that were unchecked stay so."""
        left_out = {box.part.name for box in self.boxes if box.part.usable and not box.isChecked()}
        self._clear()
        labels = self._labels()
        for part in self.plan.parts if self.plan is not None else ():
            box = PartBox(part, labels[part.name], self)
            box.setChecked(part.usable and part.name not in left_out)
            box.toggled.connect(lambda _: self._show_state())
            self._rows.addWidget(box)
            self.boxes.append(box)

    def _clear(self) -> None:
        for box in self.boxes:
            self._rows.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = []

    def _show_state(self) -> None:
        refused = self.plan.refused if self.plan is not None else ()
        self.title.setText(self.tr("These settings are in use now.") if self._used else self._title())
        self.remark.setText(self.tr("Left out, because the value makes no sense: {0}.").format(", ".join(refused)))
        self.remark.setVisible(bool(refused) and not self._used)
        self.use.setVisible(not self._used)
        self.use.setEnabled(any(box.isChecked() for box in self.boxes))
        self.back.setVisible(self._used)
        for box in self.boxes:
            box.setVisible(not self._used)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _labels(self) -> dict[str, str]:
        return {
            "prompt": self.tr("Prompt"),
            "negative_prompt": self.tr("Not wanted"),
            "model": self.tr("Model"),
            "size": self.tr("Size"),
            "seed": self.tr("Seed"),
            "steps": self.tr("Steps"),
            "sampler": self.tr("Scheduler"),
            "strength": self.tr("Strength"),
            "loras": self.tr("LoRAs"),
        }

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.use.setText(self.tr("Use"))
        self.use.setToolTip(self.tr("Put what is ticked into the form; the size becomes that of the frame"))
        self.back.setText(self.tr("Restore Previous Settings"))
        self.back.setToolTip(self.tr("Put form and frame back as they were"))
        self.close_button.setToolTip(self.tr("Close; nothing changes"))
        if self.plan is not None:
            self.plan = self.plan.in_present_language()
            self._fill()
            self._show_state()
