"""Everything about one logged generation: its parameters, what it grew from, the painter's note."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QTextBrowser, QVBoxLayout, QWidget

from canvas.generations import GenerationLog, GenerationRecord
from desktop.generation.clip_records import is_clip
from desktop.naming import named
from desktop.panels.history_rows import local_time
from desktop.panels.history_words import details, task_word

SHORTEST = 40


class NoteLine(QLineEdit):
    """A line of text that is taken when it is left or by Enter; Esc takes it back."""

    noted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("historyNote")
        self._before = ""

    def show_note(self, note: str) -> None:
        """Shows what is noted now, unless somebody types."""
        self._before = note
        if not (self.hasFocus() and self.isModified()):
            self.setText(note)

    def take(self) -> None:
        """Hands over what was typed, if it is something else."""
        text = self.text().strip()
        self.setModified(False)
        if text != self._before:
            self._before = text
            self.noted.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes it, Esc brings the old text back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setText(self._before)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed is not lost when the pointer goes elsewhere."""
        self.take()
        super().focusOutEvent(event)


class HistoryDetails(QFrame):
    """Shows one record."""

    recordWanted = Signal(str)
    "The id of a record that was clicked: the one this grew from, or one that grew from it."
    noted = Signal(str, str)
    "Record id and the new note."
    candidateChanged = Signal(int)

    def __init__(self, log: GenerationLog, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("historyDetailsFrame")
        self._log = log
        self._record: GenerationRecord | None = None
        self.text = named(QTextBrowser(self), "historyDetails", openLinks=False)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setMinimumHeight(SHORTEST)
        self.text.document().setDocumentMargin(2)
        self.note = NoteLine(self)
        self.which = named(QLabel(self), "historyWhich")
        self.candidate = named(QSpinBox(self), "historyCandidate", minimum=1)
        line = QHBoxLayout()
        line.addWidget(self.note, 1)
        line.addWidget(self.which)
        line.addWidget(self.candidate)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.text, 1)
        layout.addLayout(line)
        self.text.anchorClicked.connect(self._clicked)
        self.note.noted.connect(self._noted)
        self.candidate.valueChanged.connect(lambda value: self.candidateChanged.emit(value - 1))
        self.retranslate()
        self.show_record(None)

    @property
    def index(self) -> int:
        """The candidate chosen, from 0."""
        return self.candidate.value() - 1

    def show_record(self, record: GenerationRecord | None) -> None:
        """Shows this one, or nothing."""
        self.note.take()
        same = record is not None and self._record is not None and record.id == self._record.id
        self._record = record
        pictures = len(record.candidates) if record else 0
        several = pictures > 1
        self.which.setText(self._which())
        self.which.setVisible(several)
        self.candidate.setVisible(several)
        self.candidate.blockSignals(True)
        self.candidate.setMaximum(max(pictures, 1))
        self.candidate.setSuffix(f" / {pictures}")
        if not same and record is not None:
            kept = self._log.kept(record.id)
            self.candidate.setValue(kept[0] + 1 if kept else 1)
        self.candidate.blockSignals(False)
        self.note.setVisible(record is not None)
        self.note.show_note(self._log.annotation(record.id).note if record else "")
        self._write()

    def _which(self) -> str:
        clip = self._record is not None and is_clip(self._record)
        return self.tr("Frame") if clip else self.tr("Picture")

    def _write(self) -> None:
        record = self._record
        if record is None:
            self.text.clear()
            return
        from html import escape  # when a generation is looked at

        dim = self.palette().color(QPalette.ColorRole.PlaceholderText).name()
        rows = [(label, escape(value).replace("\n", "<br>")) for label, value in details(record)]
        rows.extend(self._relations(record))
        cells = "".join(
            f'<tr><td style="color:{dim}; padding-right:10px; padding-bottom:2px">{escape(label)}</td>'
            f'<td style="padding-bottom:2px">{value}</td></tr>'
            for label, value in rows
        )
        at = self.text.verticalScrollBar().value()
        self.text.setHtml(f'<table cellspacing="0" cellpadding="0">{cells}</table>')
        self.text.verticalScrollBar().setValue(at)

    def _relations(self, record: GenerationRecord) -> list[tuple[str, str]]:
        """Links to its parent and to what grew from it."""
        rows: list[tuple[str, str]] = []
        if record.parent_id:
            rows.append((self.tr("Grown from"), self._link(record.parent_id)))
        children = self._log.children(record.id)
        if children:
            links = ", ".join(self._link(child) for child in children[-8:])
            rows.append((self.tr("Became"), ("… " if len(children) > 8 else "") + links))
        return rows

    def _link(self, record_id: str) -> str:
        from html import escape

        record = self._log.get(record_id)
        words = f"{task_word(record.task, record.form)} {local_time(record.created)}"
        colour = self.palette().color(QPalette.ColorRole.Link).name()
        return f'<a href="record:{record_id}" style="color:{colour}">{escape(words)}</a>'

    def _clicked(self, link: QUrl) -> None:
        if link.scheme() == "record":
            self.recordWanted.emit(link.path())

    def _noted(self, note: str) -> None:
        if self._record is not None:
            self.noted.emit(self._record.id, note)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language or of the theme."""
        if hasattr(self, "candidate"):
            if event.type() == QEvent.Type.LanguageChange:
                self.retranslate()
            if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
                self._write()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.text.setAccessibleName(self.tr("Details of the generation"))
        self.note.setPlaceholderText(self.tr("Note"))
        self.note.setToolTip(self.tr("What you want to remember; Enter keeps it, Esc brings the old text back"))
        self.note.setAccessibleName(self.tr("Note"))
        self.which.setText(self._which())
        self.candidate.setToolTip(self.tr("Which picture of the batch, or which frame of the clip"))
