"""The history panel: every generation of this painting, to be looked at, applied again or repeated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication, QIcon, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from canvas.generations import GenerationLog, GenerationRecord
from desktop.generation.controller import GenerationController
from desktop.generation.modes import mode_word
from desktop.naming import named
from pipelines.contract.request import Task

RECORD_ROLE = Qt.ItemDataRole.UserRole
ICON_SIDE = 64


class HistoryModel(QAbstractListModel):
    """The log as a list, newest first, filtered by words."""

    def __init__(self, log: GenerationLog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = log
        self._filter = ""
        self._shown: list[GenerationRecord] = []
        self._icons: dict[str, QIcon] = {}
        self._stop_listening = log.changed.connect(self._log_changed)
        self.destroyed.connect(self._stop_listening)
        self._refill()

    def set_filter(self, words: str) -> None:
        """Keeps the records in which every word occurs (prompt, model, task, seed, date, status)."""
        self._filter = words
        self._refill()

    def _refill(self) -> None:
        self.beginResetModel()
        words = self._filter.casefold().split()
        self._shown = [r for r in reversed(self._log.records) if all(w in search_text(r) for w in words)]
        self.endResetModel()

    def _log_changed(self, record_id: str) -> None:
        rows = [row for row, record in enumerate(self._shown) if record.id == record_id]
        if rows:
            index = self.index(rows[0])
            self.dataChanged.emit(index, index)
            return
        record = self._log.get(record_id)
        if all(word in search_text(record) for word in self._filter.casefold().split()):
            self.beginInsertRows(QModelIndex(), 0, 0)
            self._shown.insert(0, record)
            self.endInsertRows()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Records that pass the filter."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, thumbnail and the record itself."""
        if not index.isValid():
            return None
        record = self._shown[index.row()]
        if role == RECORD_ROLE:
            return record
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(record)
        if role == Qt.ItemDataRole.DisplayRole:
            star = "★ " if self._log.kept(record.id) else ""
            prompt = str(record.request.get("prompt", "")) or "–"
            return f"{star}{prompt}\n{self._subtitle(record)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return details_text(record)
        return None

    def _subtitle(self, record: GenerationRecord) -> str:
        if record.status == "failed":
            return self.tr("failed: {0}").format(record.sentence)
        if record.status == "cancelled":
            return self.tr("cancelled")
        return f"{mode_word(Task(record.task))} · {local_time(record.created)}"

    def _icon(self, record: GenerationRecord) -> QIcon:
        if record.id not in self._icons:
            pixmap = QPixmap()
            if not (record.thumbnail and pixmap.loadFromData(record.thumbnail)):
                pixmap = QPixmap(ICON_SIDE, ICON_SIDE)
                pixmap.fill(Qt.GlobalColor.transparent)
            self._icons[record.id] = QIcon(pixmap)
        return self._icons[record.id]


class HistoryPanel(QWidget):
    """List, filter, details and what can be done with a record."""

    def __init__(self, controller: GenerationController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyPanel")
        self._controller = controller
        self.filter = named(QLineEdit(self), "historyFilter", clearButtonEnabled=True)
        self.model = HistoryModel(controller.session.document.generations, self)
        self.list = named(QListView(self), "historyList", uniformItemSizes=True, wordWrap=True)
        self.list.setModel(self.model)
        self.list.setIconSize(QSize(ICON_SIDE, ICON_SIDE))
        self.details = named(QLabel(self), "historyDetails", wordWrap=True)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.candidate = named(QSpinBox(self), "historyCandidate", minimum=1, visible=False)
        self.apply = named(QPushButton(self), "historyApply", enabled=False)
        self.reuse = named(QPushButton(self), "historyReuse", enabled=False)
        self.copy = named(QPushButton(self), "historyCopy", enabled=False)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for widget in (self.candidate, self.apply, self.reuse, self.copy):
            buttons.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.filter)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.details)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.filter.textChanged.connect(self.model.set_filter)
        self.list.selectionModel().selectionChanged.connect(lambda *_: self._selected())
        self.model.modelReset.connect(self._selected)
        self.list.doubleClicked.connect(lambda _: self._apply())
        self.candidate.valueChanged.connect(lambda _: self._show_in_place())
        self.apply.clicked.connect(self._apply)
        self.reuse.clicked.connect(lambda: self._with_record(lambda r: self._controller.reuse(r.id)))
        self.copy.clicked.connect(
            lambda: self._with_record(lambda r: QGuiApplication.clipboard().setText(details_text(r)))
        )

    def record(self) -> GenerationRecord | None:
        """The selected record."""
        indexes = self.list.selectedIndexes()
        return indexes[0].data(RECORD_ROLE) if indexes else None

    def _with_record(self, act: Callable[[GenerationRecord], None]) -> None:
        record = self.record()
        if record is not None:
            act(record)

    def _selected(self) -> None:
        record = self.record()
        for button in (self.reuse, self.copy):
            button.setEnabled(record is not None)
        pictures = len(record.candidates) if record else 0
        self.apply.setEnabled(pictures > 0)
        self.candidate.setVisible(pictures > 1)
        self.candidate.setMaximum(max(pictures, 1))
        self.candidate.setSuffix(f" / {pictures}")
        self.details.setText(details_text(record) if record else "")
        self._show_in_place()

    def _show_in_place(self) -> None:
        record = self.record()
        if record is None or not record.candidates or not self.isVisible():
            self._controller.show_record(None)
        else:
            self._controller.show_record(record.id, self.candidate.value() - 1)

    def _apply(self) -> None:
        record = self.record()
        if record is not None and record.candidates:
            self._controller.apply_record(record.id, self.candidate.value() - 1)
            self.list.clearSelection()

    def leaveEvent(self, event: QEvent) -> None:
        """The picture in place is a look, not a change: it goes when the pointer leaves the panel."""
        self._controller.show_record(None)
        super().leaveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """And comes back with it."""
        self._show_in_place()
        super().enterEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.filter.setPlaceholderText(self.tr("Search: words, model, seed, date"))
        self.filter.setToolTip(self.tr("Shows only the generations in which every word occurs"))
        self.list.setToolTip(self.tr("Every generation of this painting. Double-click puts it on the canvas again"))
        self.candidate.setToolTip(self.tr("Which picture of the batch"))
        self.apply.setText(self.tr("Apply"))
        self.apply.setToolTip(self.tr("Put it on the canvas again, at its old place, as a new layer"))
        self.reuse.setText(self.tr("Use settings"))
        self.reuse.setToolTip(self.tr("Restore every setting of this generation, seed and place included"))
        self.copy.setText(self.tr("Copy"))
        self.copy.setToolTip(self.tr("Copy all its parameters as text"))


def local_time(created: str) -> str:
    """A record's time of day on this computer's clock."""
    return datetime.fromisoformat(created).astimezone().strftime("%H:%M")


def search_text(record: GenerationRecord) -> str:
    """Everything of a record that a search looks at."""
    request = record.request
    parts = [str(request.get(k, "")) for k in ("prompt", "negative_prompt", "model", "seed", "scheduler")]
    return " ".join([*parts, record.task, record.status, record.created]).casefold()


def details_text(record: GenerationRecord) -> str:
    """All parameters of a record, one a line."""
    request = record.request
    order = (
        "prompt", "negative_prompt", "model", "num_inference_steps", "guidance_scale", "strength", "scheduler",
        "seed", "num_images_per_prompt", "mask_grow", "mask_feather", "fill",
    )  # fmt: skip
    lines = [f"{name}: {request[name]}" for name in order if request.get(name) not in (None, "")]
    b = record.bounds
    lines.append(f"region: {b.width} x {b.height} at {b.x}, {b.y}")
    seconds = record.facts.get("total_s")
    if seconds is not None:
        lines.append(f"time: {seconds:.1f} s on {record.facts.get('device', '?')} {record.facts.get('dtype', '')}")
    if record.parent_id:
        lines.append(f"grown from: {record.parent_id[:8]}")
    return "\n".join(lines)
