"""The page beside a generation that is made again: before, now, and the verdict in a sentence."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from canvas.pixels import from_rgba
from desktop.generation.factors import factors_sentence, verdict_sentence
from desktop.generation.reproduce import Outcome
from desktop.naming import named
from desktop.session import PAPER

SIDE = 260
"""Longest side of a picture here, pixels on the screen."""


class ReproductionDialog(QDialog):
    """Follows one reproduction. Not modal: the painting goes on meanwhile."""

    cancelled = Signal()
    kept = Signal(int)
    """Number of the candidate to put on the canvas."""

    def __init__(self, prompt: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("reproductionDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._prompt, self._outcome = prompt, None
        self._pictures: dict[tuple[str, int], QPixmap] = {}
        self._failure = ""
        self.title = named(QLabel(prompt, self), "reproductionPrompt", wordWrap=True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.verdict = named(QLabel(self), "reproductionVerdict", wordWrap=True)
        self.causes = named(QLabel(self), "reproductionCauses", wordWrap=True, visible=False)
        for label in (self.verdict, self.causes):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        bold = self.verdict.font()
        bold.setBold(True)
        self.verdict.setFont(bold)
        self.progress = named(QProgressBar(self), "reproductionProgress", textVisible=False)
        self.progress.setRange(0, 0)
        self.progress.setFixedHeight(6)
        self.frames = {name: named(QLabel(self), f"reproduction-{name}") for name in ("before", "now")}
        self.captions = {name: named(QLabel(self), f"reproductionCaption-{name}") for name in ("before", "now")}
        self.candidate = named(QSpinBox(self), "reproductionCandidate", minimum=1, visible=False)
        self.keep = named(QPushButton(self), "reproductionKeep", autoDefault=False, visible=False)
        self.stop = named(QPushButton(self), "reproductionStop", autoDefault=False)
        self._lay_out()
        self.candidate.valueChanged.connect(lambda _: self._show_pictures())
        self.keep.clicked.connect(self._keep)
        self.stop.clicked.connect(self.close)
        self.retranslate()

    def _lay_out(self) -> None:
        self.pictures = named(QWidget(self), "reproductionPictures", visible=False)
        grid = QGridLayout(self.pictures)
        grid.setContentsMargins(0, 0, 0, 0)
        for column, name in enumerate(("before", "now")):
            grid.addWidget(self.captions[name], 0, column)
            grid.addWidget(self.frames[name], 1, column, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        buttons = QHBoxLayout()
        buttons.addWidget(self.candidate)
        buttons.addStretch(1)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        for widget in (self.title, self.progress, self.pictures, self.verdict, self.causes):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self.setMinimumWidth(420)

    # --- what happens

    def advance(self, part: float) -> None:
        """How much is done, 0 to 1."""
        self.progress.setRange(0, 1000)
        self.progress.setValue(round(part * 1000))

    def show_failure(self, sentence: str) -> None:
        """There will be no verdict."""
        self._failure = sentence
        self._end()

    def show_outcome(self, outcome: Outcome) -> None:
        """The verdict, and both pictures."""
        self._outcome = outcome
        self._end()
        count = len(outcome.likenesses)
        self.candidate.setMaximum(max(count, 1))
        self.candidate.setSuffix(f" / {count}")
        self.candidate.setVisible(count > 1)
        self.pictures.show()
        self.keep.show()
        self._show_pictures()
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
            layout.activate()
        self.resize(self.sizeHint().expandedTo(self.minimumSizeHint()))

    def _end(self) -> None:
        self.progress.hide()
        self.retranslate()

    def _keep(self) -> None:
        self.kept.emit(self.candidate.value() - 1)
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing while it is painted takes the job back."""
        if self._outcome is None and not self._failure:
            self.cancelled.emit()
        super().closeEvent(event)

    # --- showing

    def _show_pictures(self) -> None:
        outcome, index = self._outcome, self.candidate.value() - 1
        if outcome is None or index >= len(outcome.likenesses):
            return
        for name, picture in (("before", outcome.replay.originals[index]), ("now", outcome.patches[index])):
            if (name, index) not in self._pictures:
                self._pictures[name, index] = small_picture(picture)
            self.frames[name].setPixmap(self._pictures[name, index])
        one = outcome.likenesses[index]
        self.verdict.setText(verdict_sentence([one]))
        causes = factors_sentence(outcome.factors, [one])
        self.causes.setText(causes)
        self.causes.setVisible(bool(causes))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Reproduce"))
        self.title.setText(self._prompt or self.tr("(no prompt)"))
        self.captions["before"].setText(self.tr("Before"))
        self.captions["now"].setText(self.tr("Now"))
        self.candidate.setToolTip(self.tr("Which picture of the batch"))
        self.keep.setText(self.tr("Keep the New One"))
        self.keep.setToolTip(self.tr("Put the picture made now on the canvas as a new layer"))
        over = self._outcome is not None or bool(self._failure)
        self.stop.setText(self.tr("Close") if over else self.tr("Cancel"))
        if self._outcome is None:
            self.verdict.setText(self._failure or self.tr("Painting it again, with everything as it was …"))
        else:
            self._show_pictures()


def small_picture(rgba: NDArray[np.uint8]) -> QPixmap:
    """An (h, w, 4) picture on paper, at most SIDE pixels a side."""
    height, width = rgba.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.asarray(cv2.resize(rgba, size, interpolation=cv2.INTER_AREA), np.uint8)
    image = from_rgba(np.ascontiguousarray(small))
    shown = QImage(size[0], size[1], QImage.Format.Format_RGB32)
    shown.fill(QColor(PAPER))
    with QPainter(shown) as painter:
        painter.drawImage(0, 0, image)
    return QPixmap.fromImage(shown)
