"""The file of a painting: where it is, what takes its room, and what of it a person may do without."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QEvent, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from canvas.changes import ChangeKind, DocumentChange
from canvas.errors import CanvasError
from canvas.project.space import Figures
from desktop.dialogs.files import finished
from desktop.naming import named
from desktop.session import Session
from desktop.slots import Slots
from desktop.spoken import spoken

LOOK_MS = 100
BAR_HEIGHT = 14
COLOURS = {
    "layers": "#4a90d9",
    "kept": "#59a869",
    "unkept": "#d9a343",
    "inputs": "#9b7fc7",
    "undo": "#c76f6f",
    "film": "#5fb3b3",
    "unused": "#8a8a8a",
    "rest": "#5c5c62",
}


@dataclass(frozen=True)
class _Part:
    """One kind of pixels in the bar."""

    name: str
    bytes: int


class PartsBar(QWidget):
    """Kinds of pixels side by side, as wide as they are large."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("propertiesBar")
        self.parts: tuple[_Part, ...] = ()
        self.setMinimumHeight(BAR_HEIGHT)

    def sizeHint(self) -> QSize:
        """As wide as the dialog."""
        return QSize(320, BAR_HEIGHT)

    def show_parts(self, parts: tuple[_Part, ...]) -> None:
        """New figures."""
        self.parts = parts
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws them; an empty file has an empty bar."""
        whole = sum(part.bytes for part in self.parts)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            left = 0.0
            for part in self.parts:
                width = self.width() * part.bytes / whole if whole else 0.0
                painter.setBrush(QColor(COLOURS[part.name]))
                painter.drawRect(QRectF(left, 0, width, self.height()))
                left += width


class PropertiesDialog(QDialog):
    """Everything is read and done on the writer's thread; the window goes on."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("propertiesDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._slots = session, Slots(self)
        self._figures: Figures | None = None
        self._working = self._closing = False
        self.facts = {name: _value(self, name) for name in ("path", "size", "version", "created", "inside", "steps")}
        self.kinds = {name: _value(self, name) for name in COLOURS}
        self._labels = {name: QLabel(self) for name in (*self.facts, *self.kinds)}
        self.bar = PartsBar(self)
        self.compact, self.remove, self.forget, self.forget_film, self.stop = (
            named(QPushButton(self), f"properties{name}", autoDefault=False)
            for name in ("Compact", "RemoveUnkept", "ForgetSteps", "ForgetFilm", "Stop")
        )
        self.progress = named(QProgressBar(self), "propertiesProgress", maximum=100)
        self.note = named(QLabel(self), "propertiesNote", wordWrap=True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self._lay_out()
        self._slots.failed.connect(self.note.setText)
        self.compact.clicked.connect(self._slots.wrap(self._compact))
        self.remove.clicked.connect(self._slots.wrap(self._remove))
        self.forget.clicked.connect(self._slots.wrap(self._forget))
        self.forget_film.clicked.connect(self._slots.wrap(self._forget_film))
        self.stop.clicked.connect(lambda: self._session.project.care.stop())
        self.buttons.rejected.connect(self.reject)
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setFocus()
        self._set_working(False)
        self.retranslate()
        self._slots.start(self.refresh())

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(6)
        for name, value in self.facts.items():
            form.addRow(self._labels[name], value)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        for row, (name, value) in enumerate(self.kinds.items()):
            spot = QLabel(self)
            spot.setFixedSize(12, 12)
            spot.setStyleSheet(f"background: {COLOURS[name]}; border-radius: 2px;")
            grid.addWidget(spot, row, 0)
            grid.addWidget(self._labels[name], row, 1)
            grid.addWidget(value, row, 2, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(10)
        layout.addLayout(form)
        layout.addWidget(self.bar)
        layout.addLayout(grid)
        forgetting = QHBoxLayout()
        forgetting.addWidget(self.forget)
        forgetting.addWidget(self.forget_film)
        layout.addWidget(self.remove)
        layout.addLayout(forgetting)
        layout.addWidget(self.compact)
        layout.addWidget(self.progress)
        layout.addWidget(self.stop)
        layout.addWidget(self.note)
        layout.addStretch(1)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(460)

    async def refresh(self) -> None:
        """Reads the figures anew."""
        project = self._session.project
        try:
            await asyncio.wrap_future(project.flush())
            self._figures = await asyncio.wrap_future(project.care.figures())
        except CanvasError as error:
            self.note.setText(spoken(str(error)))
        self._show()

    # --- what the buttons do

    async def _compact(self) -> None:
        before = self._figures.bytes if self._figures else 0
        care = self._session.project.care
        self._set_working(True)
        running = asyncio.ensure_future(asyncio.wrap_future(care.compact()))
        try:
            while not running.done():
                await asyncio.wait([running], timeout=LOOK_MS / 1000)
                self.progress.setValue(min(99, care.grown() * 100 // max(before, 1)))
            await running
            await self.refresh()
            gained = max(0, before - (self._figures.bytes if self._figures else 0))
            self.note.setText(self.tr("Done: {size} given back.").format(size=_size(gained)))
        except CanvasError as error:
            stopped = "interrupted" in str(error)
            self.note.setText(self.tr("Stopped; the file is as it was.") if stopped else spoken(str(error)))
        finally:
            self._set_working(False)

    async def _remove(self) -> None:
        figures = self._figures
        if figures is None:
            return
        words = self.tr(
            "Remove {count} pictures of generations that were never kept? They take {size}.\n\n"
            "Their records, settings and thumbnails stay; those with a star keep their pictures. "
            "The removed pictures can only be generated again. This cannot be undone."
        )
        sure = self.tr("Remove the Pictures")
        if not await self._asks(words.format(count=figures.unkept, size=_size(figures.unkept_bytes)), sure):
            return
        self._set_working(True)
        try:
            gone = await asyncio.wrap_future(self._session.project.care.remove_unkept())
            await asyncio.to_thread(self._session.document.generations.reread)
            await self.refresh()
            words = self.tr("{count} pictures are gone. Compact the file to give their room back.")
            self.note.setText(words.format(count=gone))
        except CanvasError as error:
            self.note.setText(spoken(str(error)))
        finally:
            self._set_working(False)

    async def _forget(self) -> None:
        words = self.tr("Forget all steps that could be undone or redone? The painting stays as it is now.")
        if not await self._asks(words, self.tr("Forget Them")):
            return
        document = self._session.document
        document.history.clear()
        document.notify(DocumentChange(ChangeKind.HISTORY))
        await self.refresh()
        self.note.setText(self.tr("The undo list is empty. Its pixels leave the file when the painting is closed."))

    async def _forget_film(self) -> None:
        words = self.tr("Forget the film of this painting? A time-lapse then shows only what is painted from now on.")
        if not await self._asks(words, self.tr("Forget It")):
            return
        await asyncio.wrap_future(self._session.project.film.forget())
        await self.refresh()
        self.note.setText(self.tr("The film is gone. Compact the file to give its room back."))

    async def _asks(self, words: str, sure: str) -> bool:
        box = named(QMessageBox(self), "propertiesQuestion")
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(words)
        yes = named(box.addButton(sure, QMessageBox.ButtonRole.DestructiveRole), "propertiesSure")
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        try:
            await finished(box)
            return box.clickedButton() is yes
        finally:
            box.deleteLater()

    # --- showing

    def _set_working(self, working: bool) -> None:
        self._working = working
        self.progress.setValue(0)
        self.progress.setVisible(working)
        self.stop.setVisible(working)
        self._enable()
        if self._closing and not working:
            self.reject()

    def _enable(self) -> None:
        known = self._figures
        idle = not self._working and known is not None and self._session.save_state != "problem"
        history = self._session.document.history
        self.compact.setEnabled(idle)
        self.remove.setEnabled(idle and known is not None and known.unkept > 0)
        self.forget.setEnabled(idle and (history.can_undo or history.can_redo))
        self.forget_film.setEnabled(idle and known is not None and known.film_bytes > 0)

    def _show(self) -> None:
        self._enable()
        known = self._figures
        if known is None:
            return
        frame = self.tr("{layers} layers, {tiles} tiles, {generations} generations ({kept} pictures kept)")
        values = {
            "path": str(known.path),
            "size": _size(known.bytes),
            "version": known.version,
            "created": _moment(known.created),
            "inside": frame.format(
                layers=known.layers, tiles=known.tiles, generations=known.generations, kept=known.kept
            ),
            "steps": str(known.steps),
        }
        for name, words in values.items():
            self.facts[name].setText(words)
        parts = (
            _Part("layers", known.layer_bytes),
            _Part("kept", known.kept_bytes),
            _Part("unkept", known.unkept_bytes),
            _Part("inputs", known.input_bytes),
            _Part("undo", known.undo_bytes),
            _Part("film", known.film_bytes),
            _Part("unused", known.unused_bytes),
        )
        parts = (*parts, _Part("rest", max(0, known.bytes - sum(part.bytes for part in parts))))
        for part in parts:
            self.kinds[part.name].setText(_size(part.bytes))
        self.bar.show_parts(parts)

    def reject(self) -> None:
        """While something runs, closing stops it first."""
        if self._working:
            self._closing = True
            self._session.project.care.stop()
            return
        super().reject()

    def event(self, event: QEvent) -> bool:
        """As high as its rows need, when they come, go or take more lines: a window does not do that by itself."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # and only then: after the last event there is no dialog left
            layout = self.layout()
            needed = layout.totalHeightForWidth(self.width()) if layout is not None else 0
            if needed > 0 and needed != self.height():
                self.resize(self.width(), needed)
        return done

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Properties of {name}").format(name=self._session.title))
        names = {
            "path": self.tr("File"),
            "size": self.tr("On disk"),
            "version": self.tr("File version"),
            "created": self.tr("Created"),
            "inside": self.tr("Contents"),
            "steps": self.tr("Steps to undo"),
            "layers": self.tr("Layers, masks and selections"),
            "kept": self.tr("Generations that were kept or have a star"),
            "unkept": self.tr("Generations that were never kept"),
            "inputs": self.tr("What went into generations"),
            "undo": self.tr("Needed by undo only"),
            "film": self.tr("Film for time-lapses"),
            "unused": self.tr("Unused"),
            "rest": self.tr("Records, lists and the file's own order"),
        }
        for name, words in names.items():
            self._labels[name].setText(words)
        self.compact.setText(self.tr("Compact"))
        self.compact.setToolTip(self.tr("Write the file anew without unused room; the painting stays as it is"))
        self.remove.setText(self.tr("Remove Pictures of Generations That Were Never Kept…"))
        self.remove.setToolTip(self.tr("Asks first; records, settings and thumbnails stay"))
        self.forget.setText(self.tr("Forget Undo List…"))
        self.forget.setToolTip(self.tr("Asks first; nothing can be undone afterwards"))
        self.forget_film.setText(self.tr("Forget Film…"))
        self.forget_film.setToolTip(self.tr("Asks first; the painting and its history stay"))
        self.stop.setText(self.tr("Stop"))
        self.stop.setToolTip(self.tr("End it here; the file stays as it was"))
        self._show()


def _value(parent: QWidget, name: str) -> QLabel | QLineEdit:
    if name == "path":  # any length, and what is copied is the path itself
        return named(QLineEdit("…", parent), "properties-path", readOnly=True)
    label = named(QLabel("…", parent), f"properties-{name}", wordWrap=name == "inside")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _size(count: int) -> str:
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text).astimezone()
    except ValueError:
        return text
    return moment.strftime("%Y-%m-%d %H:%M")
