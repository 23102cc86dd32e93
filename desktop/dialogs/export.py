"""Export: which part of the canvas, how large, in which format, where to; with a preview and the size of the file."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from canvas.errors import CanvasError
from canvas.geometry import Bounds
from desktop.dialogs.export_form import ExportForm
from desktop.dialogs.export_preview import ExportPreview
from desktop.dialogs.files import choose_folder
from desktop.export_choices import ExportChoices, Part
from desktop.export_estimate import Estimate, estimate, preview
from desktop.export_pictures import ExportJob, ExportPlan, bounds_of, check_size, layers_of
from desktop.export_run import Outcome, named_targets, run_export, targets_of
from desktop.naming import named
from desktop.session import Session
from desktop.settings import Settings
from desktop.slots import Slots
from desktop.spoken import spoken

LOOK_MS = 250
"""How long the choices must rest before the picture is looked at."""
SHOW_PROGRESS_MS = 500


@dataclass(frozen=True)
class ExportPlace:
    """What the dialog exports from and where it begins."""

    session: Session
    settings: Settings
    folder: Path
    visible: Bounds
    """What the view shows, canvas pixels."""


class ExportDialog(QDialog):
    """Stays open while it writes; Cancel stops at any moment and leaves no half file."""

    exported = Signal(object, object)
    """The ExportPlan and the paths, when everything is written."""
    noted = Signal(str)
    """A sentence about what the file cannot hold."""

    def __init__(self, place: ExportPlace, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place, self._slots = place, Slots(self)
        self._task: asyncio.Task[None] | None = None
        self._look_task: asyncio.Task[None] | None = None
        self._estimate: Estimate | None = None
        self._confirmed: tuple[Path, ...] = ()
        choices = ExportChoices.from_dict(place.settings.remembered.export)
        says_how = place.settings.preferences.write_provenance
        self.form = ExportForm(_parts(place), choices, says_how, self)
        self.folder = named(QLineEdit(str(place.folder), self), "exportFolder")
        self.name = named(QLineEdit(choices.name, self), "exportName")
        self.browse = named(QPushButton(self), "exportBrowse", autoDefault=False)
        self._folder_label = named(QLabel(self), "exportLabelFolder")
        self._name_label = named(QLabel(self), "exportLabelName")
        self.picture = ExportPreview(self)
        self.size_text = named(QLabel(self), "exportSize")
        self.bytes_text = named(QLabel(self), "exportBytes")
        self.target_text = named(QLabel(self), "exportTarget", wordWrap=True)
        self.problem = named(QLabel(self), "exportProblem", wordWrap=True, visible=False)
        self.bar = named(QProgressBar(self), "exportProgress", maximum=1000, textVisible=False, visible=False)
        self.buttons = named(QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self), "exportButtons")
        self.run = self.buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.run.setObjectName("exportRun")
        self._rest = named(QTimer(self), "exportRest", interval=LOOK_MS, singleShot=True)
        self._lay_out()
        self.retranslate()
        self._connect()
        self._changed()

    def _lay_out(self) -> None:
        for label in (self.size_text, self.bytes_text, self.target_text):
            label.setProperty("role", "dim")
        self.run.setProperty("primary", True)
        self.bar.setFixedHeight(4)
        folder = QHBoxLayout()
        folder.setSpacing(8)
        folder.addWidget(self.folder, 1)
        folder.addWidget(self.browse)
        self._files = QFormLayout()
        self._files.setVerticalSpacing(8)
        self._files.setHorizontalSpacing(16)
        self._files.addRow(self._folder_label, folder)
        self._files.addRow(self._name_label, self.name)
        self._files.addRow("", self.target_text)
        facts = QHBoxLayout()
        facts.addWidget(self.size_text)
        facts.addStretch(1)
        facts.addWidget(self.bytes_text)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.picture, 1)
        left.addLayout(facts)
        top = QHBoxLayout()
        top.setSpacing(22)
        top.addLayout(left)
        right = QVBoxLayout()
        right.addWidget(self.form)
        right.addStretch(1)
        top.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(14)
        layout.addLayout(top, 1)
        layout.addLayout(self._files)
        for widget in (self.problem, self.bar, self.buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(720)

    def _connect(self) -> None:
        self.form.changed.connect(self._changed)
        for line in (self.folder, self.name):
            line.textChanged.connect(lambda _: self._changed())
        self.browse.clicked.connect(self._slots.wrap(self._browse))
        self.run.clicked.connect(self._slots.wrap(self._run))
        self.buttons.rejected.connect(self.reject)
        self._rest.timeout.connect(self._look)
        self._slots.failed.connect(self._complain)

    def plan(self) -> ExportPlan:
        """What is asked for now."""
        folder = Path(self.folder.text()).expanduser()
        says_how = self.form.says_how.isChecked()
        expected = 0 if self._estimate is None else self._estimate.size
        choices = replace(self.form.choices(), name=self.name.text().strip() or "{title}")
        return ExportPlan(choices, folder, self._place.visible, says_how, expected)

    def _changed(self) -> None:
        """Another choice: what is known about the file is no longer true."""
        self._confirmed, self._estimate = (), None
        self._complain("")
        self.run.setText(self.tr("Export"))
        self.bytes_text.setText(" ")
        plan = self.plan()
        self.size_text.setText(self._size_words(plan))
        self._show_targets(named_targets(self._place.session, plan))
        self._rest.start()

    def _show_targets(self, paths: tuple[Path, ...]) -> None:
        names = [path.name for path in paths]
        self.target_text.setText(f"{names[0]} … {names[-1]}" if len(names) > 1 else "".join(names))

    def _size_words(self, plan: ExportPlan) -> str:
        choices = plan.choices
        if choices.is_layered:
            return self.tr("All layers, as large as the painting")
        if choices.part.is_many:
            count = len(layers_of(self._place.session, choices.part))
            return self.tr("{number} files").format(number=count)
        width, height = choices.size_of(bounds_of(self._place.session, choices.part, plan.visible))
        return self.tr("{width} × {height} pixels").format(width=width, height=height)

    def _look(self) -> None:
        if self._look_task is not None:
            self._look_task.cancel()
        self._look_task = self._start(self._show_what_comes())

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        return self._slots.start(work)

    async def _show_what_comes(self) -> None:
        """Preview and size of the file, for the choices as they are."""
        plan = self.plan()
        self._show_targets(await targets_of(self._place.session, plan))
        job = self._first_job(plan)
        if job is None:
            self.picture.show_word(self.tr("Nothing is painted there."))
            return
        try:
            check_size(job.bounds)
            check_size(Bounds(0, 0, *job.size))
            self.picture.show_picture(await preview(self._place.session, job, self.picture.pixels))
            if plan.choices.is_layered:
                return
            self.bytes_text.setText("…")
            found = await estimate(self._place.session, job)
        except CanvasError as error:
            self.bytes_text.setText(" ")
            self.picture.show_word(spoken(str(error)))
            return
        self._estimate = found
        size = QLocale().formattedDataSize(found.size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)
        words = "{size}" if found.is_exact else self.tr("about {size}")
        if plan.choices.part.is_many:
            words = self.tr("the first: {size}")
        self.bytes_text.setText(words.format(size=size))

    def _first_job(self, plan: ExportPlan) -> ExportJob | None:
        session, choices = self._place.session, plan.choices
        layer = None
        if choices.is_layered:
            choices = replace(choices, suffix=".png", part=Part.EVERYTHING, percent=100, side=0)
        bounds = bounds_of(session, choices.part, plan.visible)
        if choices.part.is_many:
            layer = next(iter(layers_of(session, choices.part)), None)
            if layer is None:
                return None
            bounds = layer.content_bounds() if choices.trim else bounds
        if bounds.is_empty:
            return None
        path = plan.folder / f"picture{choices.suffix}"
        in_shape = choices.part is Part.SHAPE
        return ExportJob(path, bounds, choices.size_of(bounds), layer, in_shape, choices.ground(), choices.writing())

    async def _browse(self) -> None:
        folder = await choose_folder(self, self.tr("Export to"), self.folder.text())
        if folder is not None:
            self.folder.setText(str(folder))

    async def _run(self) -> None:
        plan = self.plan()
        if not await asyncio.to_thread(plan.folder.is_dir):
            raise CanvasError(self.tr("There is no folder {0}. Choose another place.").format(plan.folder))
        paths = await targets_of(self._place.session, plan)
        there = await asyncio.to_thread(_there, paths)
        if there and there != self._confirmed:
            self._ask(there)
            return
        self._busy(True)
        self._task = asyncio.current_task()
        try:
            outcome = await run_export(self._place.session, plan, self._progress)
        finally:
            self._task = None
            self._busy(False)
        self._finish(plan, outcome)

    def _ask(self, there: tuple[Path, ...]) -> None:
        """Asks inline: the button says Replace until another choice is made."""
        self._confirmed = there
        one = self.tr("{name} is there already. Press Replace to write over it, or choose another name.")
        many = self.tr("{name} and others are there already. Press Replace to write over them, or choose another name.")
        self._complain((one if len(there) == 1 else many).format(name=there[0].name))
        self.run.setText(self.tr("Replace"))

    def _finish(self, plan: ExportPlan, outcome: Outcome) -> None:
        self._place.settings.remember(export=plan.choices.to_dict())
        if outcome.note:
            self.noted.emit(outcome.note)
        self.exported.emit(plan, outcome.paths)
        self.accept()

    def _complain(self, sentence: str) -> None:
        self.problem.setText(spoken(sentence))
        self.problem.setVisible(bool(sentence))

    def _busy(self, on: bool) -> None:
        for widget in (self.form, self.folder, self.name, self.browse, self.run):
            widget.setEnabled(not on)
        self._complain("")
        if on:
            self._rest.stop()
            if self._look_task is not None:
                self._look_task.cancel()
            QTimer.singleShot(SHOW_PROGRESS_MS, self, lambda: self.bar.setVisible(self._task is not None))
        else:
            self.bar.hide()

    def _progress(self, part: float) -> None:
        self.bar.setValue(round(part * 1000))

    def reject(self) -> None:
        """Cancel: the running export first, the dialog when nothing runs."""
        if self._task is not None:
            self._task.cancel()
            self._complain(self.tr("Stopping …"))
            return
        super().reject()

    def done(self, code: int) -> None:
        """Leaves nothing running behind."""
        self._rest.stop()
        if self._look_task is not None:
            self._look_task.cancel()
        super().done(code)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self._changed()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Export"))
        self._folder_label.setText(self.tr("Folder"))
        self._name_label.setText(self.tr("Name"))
        width = max(
            self.form.label_width(), *(label.sizeHint().width() for label in (self._folder_label, self._name_label))
        )
        self.form.set_label_width(width)
        for label in (self._folder_label, self._name_label):
            label.setMinimumWidth(width)
        self.browse.setText(self.tr("Choose…"))
        self.browse.setToolTip(self.tr("Choose the folder"))
        self.folder.setToolTip(self.tr("The folder to write into"))
        self.name.setToolTip(
            self.tr(
                "Without suffix; {title}, {date}, {time}, {number} and {layer} are filled in", "do not translate braces"
            )
        )
        self.run.setToolTip(self.tr("Write the file"))


def _there(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(path for path in paths if path.exists())


def _parts(place: ExportPlace) -> tuple[Part, ...]:
    """Those that there are."""
    document = place.session.document
    missing: set[Part] = set()
    if document.selection.is_empty:
        missing |= {Part.SELECTION, Part.SHAPE}
    if document.content_bounds().is_empty:
        missing |= {Part.EVERYTHING, Part.LAYERS, Part.GROUPS}
    if place.visible.is_empty:
        missing.add(Part.VIEW)
    return tuple(part for part in Part if part not in missing)
