"""Time-lapse: the painting's film as a file that moves."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds
from desktop.dialogs.files import choose_target
from desktop.naming import named
from desktop.session import Session
from desktop.slots import Slots
from desktop.time_lapse import LapseJob, export_time_lapse

FORMATS = (
    ("MP4", ".mp4", 24),
    ("WebM", ".webm", 24),
    ("WebP", ".webp", 12),
    ("GIF", ".gif", 12),
    ("APNG", ".png", 12),
)
"""Name, suffix, frames per second."""
SHOW_PROGRESS_MS = 500


class TimeLapseDialog(QDialog):
    """Stays open while it writes; Cancel stops at any moment and leaves no half file."""

    done_with = Signal(object)
    """The path, when the file is written."""

    def __init__(self, session: Session, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("timeLapseDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Time-Lapse"))
        self._session, self._slots = session, Slots(self)
        self._task: asyncio.Task[None] | None = None
        self._confirmed: Path | None = None
        self.state = named(QLabel(self), "timeLapseState", wordWrap=True)
        self.area = named(QComboBox(self), "timeLapseArea")
        self.format = named(QComboBox(self), "timeLapseFormat")
        self.format.addItems([name for name, _, _ in FORMATS])
        self.seconds = named(QSpinBox(self), "timeLapseSeconds", minimum=1, maximum=600, value=20)
        self.side = named(QSpinBox(self), "timeLapseSide", minimum=64, maximum=4096, singleStep=160, value=960)
        self.path = named(QLineEdit(self), "timeLapsePath")
        self.browse = named(QPushButton(self.tr("Choose…"), self), "timeLapseBrowse", autoDefault=False)
        self.problem = named(QLabel(self), "timeLapseProblem", wordWrap=True)
        self.bar = named(QProgressBar(self), "timeLapseProgress", maximum=1000, textVisible=False, visible=False)
        self.bar.setFixedHeight(4)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.run = self.buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.run.setObjectName("timeLapseRun")
        self.path.setText(str(folder / f"{session.title}.mp4"))
        self.area.addItem(self.tr("Everything painted"), NOTHING)
        self.area.addItem(self.tr("The frame"), session.document.frame)
        self._lay_out()
        self._tips()
        self._connect()
        self._slots.start(self._look())

    def _lay_out(self) -> None:
        place = QHBoxLayout()
        place.addWidget(self.path, 1)
        place.addWidget(self.browse)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        form.addRow(self.tr("Part"), self.area)
        form.addRow(self.tr("Length"), self.seconds)
        form.addRow(self.tr("Largest side"), self.side)
        form.addRow(self.tr("Format"), self.format)
        form.addRow(self.tr("File"), place)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(12)
        layout.addWidget(self.state)
        layout.addLayout(form)
        for widget in (self.problem, self.bar, self.buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(520)

    def _tips(self) -> None:
        self.state.setProperty("role", "dim")
        self.run.setProperty("primary", True)
        self.seconds.setSuffix(self.tr(" s"))
        self.side.setSuffix(" px")
        self.area.setToolTip(self.tr("Which part of the canvas the film shows"))
        self.seconds.setToolTip(self.tr("How long the film takes; the finished painting stays two seconds more"))
        self.side.setToolTip(self.tr("The film keeps the proportions of the painting"))
        self.format.setToolTip(self.tr("MP4 and WebM are small; WebP, GIF and APNG play where pictures are shown"))
        self.path.setToolTip(self.tr("The file to write"))
        self.browse.setToolTip(self.tr("Choose folder and name"))
        self.run.setToolTip(self.tr("Write the file"))

    def _connect(self) -> None:
        self.format.currentIndexChanged.connect(
            lambda _: self.path.setText(str(Path(self.path.text()).with_suffix(self.suffix)))
        )
        self.browse.clicked.connect(self._slots.wrap(self._browse))
        self.run.clicked.connect(self._slots.wrap(self._run))
        self.buttons.rejected.connect(self.reject)
        self.path.textChanged.connect(self._forget_question)
        self._slots.failed.connect(self.problem.setText)

    async def _look(self) -> None:
        """Says how much film there is."""
        entries = await asyncio.to_thread(self._session.project.film.entries)
        if not entries:
            self.state.setText(
                self.tr("There is no film of this painting yet: it grows by a small picture every few seconds.")
            )
            return
        first, last = (datetime.fromisoformat(entry.at).astimezone() for entry in (entries[0], entries[-1]))
        sentence = self.tr("{count} pictures, from {first} to {last}.")
        form = "%Y-%m-%d %H:%M"
        self.state.setText(sentence.format(count=len(entries), first=first.strftime(form), last=last.strftime(form)))

    @property
    def suffix(self) -> str:
        """The chosen format's."""
        return FORMATS[self.format.currentIndex()][1]

    async def _browse(self) -> None:
        name = FORMATS[self.format.currentIndex()][0]
        path = await choose_target(self, self.tr("Export to"), Path(self.path.text()), [f"{name} (*{self.suffix})"])
        if path is not None:
            self.path.setText(str(path))

    def _job(self) -> LapseJob:
        path = Path(self.path.text()).expanduser()
        path = path if path.suffix.casefold() == self.suffix else path.with_name(path.name + self.suffix)
        area: Bounds = self.area.currentData()
        fps = FORMATS[self.format.currentIndex()][2]
        return LapseJob(path, Bounds(*area), float(self.seconds.value()), fps, self.side.value())

    async def _run(self) -> None:
        job = self._job()
        if not job.path.parent.is_dir():
            raise CanvasError(self.tr("There is no folder {0}. Choose another place.").format(job.path.parent))
        if job.path != self._confirmed and await asyncio.to_thread(job.path.exists):
            self._ask(job.path)
            return
        self._busy(True)
        self._task = asyncio.current_task()
        try:
            await export_time_lapse(self._session, job, lambda part: self.bar.setValue(round(part * 1000)))
        finally:
            self._task = None
            self._busy(False)
        self.done_with.emit(job.path)
        self.accept()

    def _ask(self, path: Path) -> None:
        """Asks inline: the button says Replace until another file is named."""
        self._confirmed = path
        sentence = self.tr("{name} is there already. Press Replace to write over it, or choose another name.")
        self.problem.setText(sentence.format(name=path.name))
        self.run.setText(self.tr("Replace"))

    def _forget_question(self) -> None:
        self._confirmed = None
        self.problem.clear()
        self.run.setText(self.tr("Export"))

    def _busy(self, on: bool) -> None:
        for widget in (self.area, self.format, self.seconds, self.side, self.path, self.browse, self.run):
            widget.setEnabled(not on)
        self.problem.clear()
        if on:
            QTimer.singleShot(SHOW_PROGRESS_MS, self, lambda: self.bar.setVisible(self._task is not None))
        else:
            self.bar.hide()

    def reject(self) -> None:
        """Cancel: the running export first, the dialog when nothing runs."""
        if self._task is not None:
            self._task.cancel()
            return
        super().reject()
