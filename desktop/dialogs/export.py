"""Export: which part of the canvas, in which format, where to."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
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
from canvas.geometry import Bounds
from desktop.dialogs.files import choose_target
from desktop.export_pictures import OPAQUE_SUFFIXES, ExportJob, export_picture
from desktop.layered_files import export_ora
from desktop.naming import named
from desktop.session import Session
from desktop.slots import Slots

FORMATS = (("PNG", ".png"), ("JPEG", ".jpg"), ("WebP", ".webp"), ("TIFF", ".tiff"), ("OpenRaster", ".ora"))
SHOW_PROGRESS_MS = 500


class ExportDialog(QDialog):
    """Stays open while it writes; Cancel stops at any moment and leaves no half file."""

    done_with = Signal(object)
    """The path, when the file is written."""
    noted = Signal(str)
    """A sentence about what the file cannot hold."""

    def __init__(self, session: Session, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Export"))
        self._session, self._slots = session, Slots(self)
        self._task: asyncio.Task[None] | None = None
        self.area = named(QComboBox(self), "exportArea")
        self.format = named(QComboBox(self), "exportFormat")
        self.format.addItems([name for name, _ in FORMATS])
        self.paper = named(QCheckBox(self.tr("Paper behind what is transparent"), self), "exportPaper")
        self.quality = named(QSpinBox(self), "exportQuality", minimum=1, maximum=100, value=92)
        self.path = named(QLineEdit(self), "exportPath")
        self.browse = named(QPushButton(self.tr("Choose…"), self), "exportBrowse", autoDefault=False)
        self.size_text = named(QLabel(self), "exportSize")
        self.problem = named(QLabel(self), "exportProblem", wordWrap=True)
        self.bar = named(QProgressBar(self), "exportProgress", maximum=1000, textVisible=False, visible=False)
        self.bar.setFixedHeight(4)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.run = self.buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.run.setObjectName("exportRun")
        self.path.setText(str(folder / f"{session.title}.png"))
        self._fill_areas()
        self._lay_out()
        self._tips()
        self._connect()
        self._refresh()

    def _fill_areas(self) -> None:
        document = self._session.document
        everything = document.content_bounds()
        self.area.addItem(self.tr("The frame"), document.frame)
        if not document.selection.is_empty:
            self.area.addItem(self.tr("The selection's rectangle"), document.selection.bounds)
        if not everything.is_empty:
            self.area.addItem(self.tr("Everything painted"), everything)

    def _lay_out(self) -> None:
        place = QHBoxLayout()
        place.addWidget(self.path, 1)
        place.addWidget(self.browse)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        form.addRow(self.tr("Part"), self.area)
        form.addRow("", self.size_text)
        form.addRow(self.tr("Format"), self.format)
        form.addRow("", self.paper)
        form.addRow(self.tr("Quality"), self.quality)
        form.addRow(self.tr("File"), place)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(12)
        layout.addLayout(form)
        for widget in (self.problem, self.bar, self.buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(520)

    def _tips(self) -> None:
        self.size_text.setProperty("role", "dim")
        self.run.setProperty("primary", True)
        self.area.setToolTip(self.tr("Which part of the canvas is written"))
        self.format.setToolTip(self.tr("OpenRaster keeps the layers; the others are flat"))
        self.paper.setToolTip(self.tr("JPEG has no transparency and always has the paper"))
        self.quality.setToolTip(self.tr("For JPEG and WebP: larger is better and bigger"))
        self.path.setToolTip(self.tr("The file to write"))
        self.browse.setToolTip(self.tr("Choose folder and name"))
        self.run.setToolTip(self.tr("Write the file"))

    def _connect(self) -> None:
        self.area.currentIndexChanged.connect(lambda _: self._refresh())
        self.format.currentIndexChanged.connect(self._format_chosen)
        self.browse.clicked.connect(self._slots.wrap(self._browse))
        self.run.clicked.connect(self._slots.wrap(self._run))
        self.buttons.rejected.connect(self.reject)
        self._slots.failed.connect(self._failed)

    @property
    def suffix(self) -> str:
        """The chosen format's."""
        return FORMATS[self.format.currentIndex()][1]

    def _format_chosen(self, _row: int) -> None:
        self.path.setText(str(Path(self.path.text()).with_suffix(self.suffix)))
        self._refresh()

    def _refresh(self) -> None:
        bounds: Bounds = self.area.currentData()
        self.size_text.setText(self.tr("{0} x {1} pixels").format(bounds.width, bounds.height))
        layered = self.suffix == ".ora"
        self.area.setEnabled(not layered)
        self.size_text.setVisible(not layered)
        self.paper.setEnabled(not layered and self.suffix not in OPAQUE_SUFFIXES)
        self.quality.setEnabled(self.suffix in (".jpg", ".webp"))

    async def _browse(self) -> None:
        name = FORMATS[self.format.currentIndex()][0]
        path = await choose_target(self, self.tr("Export to"), Path(self.path.text()), [f"{name} (*{self.suffix})"])
        if path is not None:
            self.path.setText(str(path))

    def _wanted(self) -> Path:
        """The typed path, with the format's suffix."""
        path = Path(self.path.text()).expanduser()
        return path if path.suffix.casefold() == self.suffix else path.with_name(path.name + self.suffix)

    async def _run(self) -> None:
        path = self._wanted()
        if not path.parent.is_dir():
            raise CanvasError(self.tr("There is no folder {0}. Choose another place.").format(path.parent))
        self._busy(True)
        self._task = asyncio.current_task()
        try:
            if self.suffix == ".ora":
                if not await export_ora(self._session, path, self._progress):
                    self.noted.emit(
                        self.tr(
                            "OpenRaster has no masks, clipping and adjustments: in the file, masks and clipping are "
                            "applied and adjustment layers left out."
                        )
                    )
            else:
                job = ExportJob(path, self.area.currentData(), self.paper.isChecked(), self.quality.value())
                await export_picture(self._session, job, self._progress)
        finally:
            self._task = None
            self._busy(False)
        self.done_with.emit(path)
        self.accept()

    def _busy(self, on: bool) -> None:
        for widget in (self.area, self.format, self.paper, self.quality, self.path, self.browse, self.run):
            widget.setEnabled(not on)
        self.problem.clear()
        if on:
            QTimer.singleShot(SHOW_PROGRESS_MS, self, lambda: self.bar.setVisible(self._task is not None))
        else:
            self.bar.hide()
            self._refresh()

    def _progress(self, part: float) -> None:
        self.bar.setValue(round(part * 1000))

    def _failed(self, sentence: str) -> None:
        self.problem.setText(sentence)

    def reject(self) -> None:
        """Cancel: the running export first, the dialog when nothing runs."""
        if self._task is not None:
            self._task.cancel()
            return
        super().reject()
