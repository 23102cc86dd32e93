"""Scrubbing a place back in time: a slider over everything that was generated there, oldest to newest."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QVBoxLayout, QWidget

from canvas.errors import CanvasError
from canvas.generations import GenerationLog, GenerationRecord, LogQuery
from canvas.geometry import Bounds
from canvas.project.project import Project
from desktop.generation.record_look import RecordLook
from desktop.generation.record_pictures import Pick, RecordPictures
from desktop.naming import named
from desktop.panels.history_words import moment
from desktop.spoken import spoken

PAGE = 200
AHEAD = 3
"""Neighbours on each side that are loaded before they are wanted."""


class HistoryScrub(QFrame):
    """Hidden until a place is scrubbed. Enter applies what is shown, Esc ends."""

    applied = Signal(object)
    ended = Signal()
    problem = Signal(str)
    _arrived = Signal(int, object)

    def __init__(self, project: Project, pictures: RecordPictures, look: RecordLook, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("historyScrub")
        self._project, self._pictures, self._look = project, pictures, look
        self._log: GenerationLog = project.document.generations
        self._picks: list[Pick] = []
        self._older: list[GenerationRecord] = []
        self._place: Bounds | None = None
        self._number = 0
        self.title = named(QLabel(self), "historyScrubTitle")
        self.prompt = named(QLabel(self), "historyScrubPrompt")
        self.slider = named(QSlider(Qt.Orientation.Horizontal, self), "historyScrubSlider")
        self.apply = named(QToolButton(self), "historyScrubApply")
        self.apply.setProperty("primary", True)
        self.close_button = named(QToolButton(self), "historyScrubEnd", text="✕", autoRaise=True)
        self._lay_out()
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)  # the reader's thread emits
        self.slider.valueChanged.connect(lambda _: self._moved())
        self.apply.clicked.connect(self._apply)
        self.close_button.clicked.connect(self.end)
        self.hide()
        self.retranslate()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.slider, 1)
        top.addWidget(self.apply)
        top.addWidget(self.close_button)
        self.prompt.setMinimumWidth(20)  # a long prompt is cut off; its tool tip has all of it
        self.prompt.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(self.title)
        said.addWidget(self.prompt, 1)
        layout.addLayout(said)

    @property
    def picks(self) -> tuple[Pick, ...]:
        """What the slider goes over, oldest first."""
        return tuple(self._picks)

    @property
    def running(self) -> bool:
        """Whether a place is scrubbed now."""
        return self._place is not None

    def begin(self, place: Bounds) -> None:
        """Looks up everything generated in this place; the slider comes when it is known."""
        self._number += 1
        self._place, self._older, self._picks = place, [], []
        self.slider.setEnabled(False)
        self.title.setText(self.tr("Looking …"))
        self.prompt.clear()
        self.show()
        self.slider.setFocus(Qt.FocusReason.OtherFocusReason)
        self._ask("")

    def _ask(self, before: str) -> None:
        number, place = self._number, self._place
        if place is not None:
            future = self._project.search(LogQuery(place=place), PAGE, before)
            future.add_done_callback(lambda done: self._arrived.emit(number, done))

    def _take(self, number: int, done: Future[tuple[GenerationRecord, ...]]) -> None:
        if number != self._number:
            return
        try:
            records = done.result()
        except (CanvasError, CancelledError) as error:
            self.end()
            self.problem.emit(spoken(str(error)) or self.tr("The search was broken off."))
            return
        self._older.extend(record for record in records if record.candidates)
        if len(records) == PAGE:
            self._ask(records[-1].id)
            return
        self._picks = [self._pick_of(record) for record in reversed(self._older)]
        if not self._picks:
            self.end()
            self.problem.emit(self.tr("Nothing was generated in this place yet."))
            return
        self.slider.setEnabled(len(self._picks) > 1)
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(self._picks) - 1)
        self.slider.setPageStep(max(len(self._picks) // 10, 1))
        self.slider.setValue(len(self._picks) - 1)
        self.slider.blockSignals(False)
        self.slider.setFocus(Qt.FocusReason.OtherFocusReason)
        self._moved()

    def _pick_of(self, record: GenerationRecord) -> Pick:
        kept = self._log.kept(record.id)
        return Pick(record, kept[0] if kept else 0)

    @property
    def pick(self) -> Pick | None:
        """What the slider stands on."""
        at = self.slider.value()
        return self._picks[at] if 0 <= at < len(self._picks) else None

    def _moved(self) -> None:
        pick, at = self.pick, self.slider.value()
        if pick is None:
            return
        self._look.want(pick, at_once=True)
        for away in range(1, AHEAD + 1):
            for neighbour in (at - away, at + away):
                if 0 <= neighbour < len(self._picks):
                    self._pictures.preload(self._picks[neighbour])
        self._write()

    def _write(self) -> None:
        pick = self.pick
        if pick is not None:
            self.title.setText(f"{self.slider.value() + 1} / {len(self._picks)} · {moment(pick.record.created)}")
            words = str(pick.record.request.get("prompt", "")) or "–"
            self.prompt.setText(words.replace("\n", " "))
            self.prompt.setToolTip(words)

    def _apply(self) -> None:
        pick = self.pick
        self.end()
        if pick is not None:
            self.applied.emit(pick)

    def end(self) -> None:
        """The place is as it was."""
        if self._place is None:
            return
        self._number += 1
        self._place = None
        self._picks, self._older = [], []
        self.hide()
        self._look.want(None)
        self.ended.emit()

    def event(self, event: QEvent) -> bool:
        """Enter and Esc are its own even where the window has a shortcut for them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter applies, Esc ends; the slider has taken its arrows already."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._apply()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "close_button"):
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.slider.setToolTip(self.tr("Back and forth in time; Enter applies what is shown, Esc ends"))
        self.slider.setAccessibleName(self.tr("Time"))
        self.apply.setText(self.tr("Apply"))
        self.apply.setToolTip(self.tr("Put what is shown on the canvas as a new layer (Enter)"))
        self.close_button.setToolTip(self.tr("Leave the place as it is (Esc)"))
        self._write()


KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
