"""The undo panel: every step of this painting; a click goes back to it, or forward again."""

from __future__ import annotations

import time

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QGuiApplication, QHideEvent, QIcon, QKeyEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListView, QProgressBar, QPushButton, QVBoxLayout, QWidget

from canvas.changes import ChangeKind, DocumentChange
from canvas.document import Document
from desktop.naming import named
from desktop.theme import DARK, Theme, make_icon
from desktop.view.canvas_view import CanvasView

SLICE_SECONDS = 0.006
"""The window's thread is asked for no more than this at a time; one step may take longer."""
LONG = 24
"""Steps from which on a journey shows how far it is."""
MEGABYTE = 1 << 20
ICON_SIDE = 16


class StepModel(QAbstractListModel):
    """The beginning, the steps that are done, and those that can be redone, oldest first."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._names: tuple[str, ...] = ()
        self.present = 0
        """The row of the step that was made last; 0 is the beginning."""
        self._theme = DARK
        self._icons: dict[str, QIcon] = {}
        self.refresh()

    def refresh(self) -> None:
        """Takes over what the history says now."""
        history = self._document.history
        names, present = (*history.names, *history.redo_names), len(history.names)
        old, self.present = self._names, present
        common = 0
        for one, other in zip(old, names, strict=False):
            if one != other:
                break
            common += 1
        if len(old) > common:
            self.beginRemoveRows(QModelIndex(), common + 1, len(old))
            self._names = names[:common]
            self.endRemoveRows()
        if len(names) > common:
            self.beginInsertRows(QModelIndex(), common + 1, len(names))
            self._names = names
            self.endInsertRows()
        self.dataChanged.emit(self.index(0), self.index(len(names)))

    def dress(self, theme: Theme) -> None:
        """Icons that are seen on this theme."""
        self._theme = theme
        self._icons.clear()
        self.dataChanged.emit(self.index(0), self.index(len(self._names)))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """The steps, and the beginning before them."""
        return 0 if parent.isValid() else 1 + len(self._names)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, icon, and how it stands to the present."""
        if not index.isValid():
            return None
        from desktop.step_names import step_icon, step_text  # a start does without

        row = index.row()
        name = self._names[row - 1] if row else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return step_text(name) if row else self.tr("Beginning")
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(step_icon(name) if row else "new")
        if role == Qt.ItemDataRole.ForegroundRole and row > self.present:
            return QGuiApplication.palette().brush(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
        if role == Qt.ItemDataRole.FontRole and row == self.present:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _icon(self, name: str) -> QIcon | None:
        if name and name not in self._icons:
            self._icons[name] = make_icon(name, self._theme)
        return self._icons.get(name)


class UndoPanel(QWidget):
    """The list, how much memory it takes, and a way to forget it."""

    def __init__(self, view: CanvasView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("undoPanel")
        self._view, self._document = view, view.document
        self.model = StepModel(self._document, self)
        self.list = named(QListView(self), "undoList", uniformItemSizes=True)
        self.list.setModel(self.model)
        self.list.setIconSize(QSize(ICON_SIDE, ICON_SIDE))
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.progress = named(QProgressBar(self), "undoProgress", textVisible=False, visible=False)
        self.progress.setFixedHeight(4)
        self.memory = named(QLabel(self), "undoMemory", wordWrap=True)
        self.forget = named(QPushButton(self), "undoForget")
        self.question = self._make_question()
        self._lay_out()
        self._goal: int | None = None
        self._start = 0
        self._travel = named(QTimer(self), "undoTravel", interval=0)
        self._travel.timeout.connect(self._go_on)
        self._late = named(QTimer(self), "undoRefresh", interval=0, singleShot=True)
        self._late.timeout.connect(self._refresh)
        self._watch = named(QTimer(self), "undoWatch", interval=1000)
        self._watch.timeout.connect(self._show_memory)
        self.list.clicked.connect(lambda index: self.go_to(index.row()))
        self.list.activated.connect(lambda index: self.go_to(index.row()))
        self.forget.clicked.connect(self._ask)
        self.yes.clicked.connect(self._forget)
        self.no.clicked.connect(self._answered)
        self._disconnect = self._document.changed.connect(self._changed)
        self.retranslate()
        self._refresh()

    def _make_question(self) -> QFrame:
        """The bar that asks before everything is forgotten."""
        bar = named(QFrame(self), "undoQuestion", visible=False)
        self.asked = named(QLabel(bar), "undoAsked", wordWrap=True)
        self.yes = named(QPushButton(bar), "undoForgetYes")
        self.no = named(QPushButton(bar), "undoForgetNo")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.no)
        buttons.addWidget(self.yes)
        layout = QVBoxLayout(bar)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.asked)
        layout.addLayout(buttons)
        return bar

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.memory, 1)
        foot.addWidget(self.forget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.progress)
        layout.addLayout(foot)
        layout.addWidget(self.question)

    def dress(self, theme: Theme) -> None:
        """Takes the icons of a theme."""
        self.model.dress(theme)

    def release_document(self) -> None:
        """Stop listening; the panel is about to go."""
        self._stop()
        self._watch.stop()
        self._disconnect()

    # --- the journey

    def go_to(self, row: int) -> None:
        """Undoes or redoes until the step of this row is the last one made; 0 is the beginning. In slices."""
        self._view.cancel_gesture()
        self._goal = row
        self._start = len(self._document.history.names)
        self.progress.setRange(0, max(abs(row - self._start), 1))
        self.progress.setValue(0)
        self.progress.setVisible(abs(row - self._start) >= LONG)
        self._travel.start()
        self._go_on()

    def _go_on(self) -> None:
        """One slice of the journey."""
        end = time.perf_counter() + SLICE_SECONDS
        document, history = self._document, self._document.history
        while self._goal is not None and time.perf_counter() < end:
            at = history.steps_done
            if document.in_transaction or at == self._goal or not self._one_step(at < self._goal):
                self._stop()
                return
        self.progress.setValue(abs(history.steps_done - self._start))

    def _one_step(self, forward: bool) -> bool:
        return (self._document.redo() if forward else self._document.undo()) is not None

    def _stop(self) -> None:
        self._goal = None
        self._travel.stop()
        self.progress.hide()
        self._late.start()

    @property
    def travels(self) -> bool:
        """Whether a journey is under way."""
        return self._goal is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc stops a journey where it is, or takes the question away."""
        if event.key() == Qt.Key.Key_Escape and (self.travels or not self.question.isHidden()):
            self._stop()
            self._answered()
            return
        super().keyPressEvent(event)

    # --- what is shown

    def _changed(self, change: DocumentChange) -> None:
        if change.kind is ChangeKind.HISTORY:
            if self.travels and change.origin not in ("undo", "redo"):
                self._stop()  # somebody painted on: that is where they want to be
            if not self._late.isActive() and not self.travels:
                self._late.start()

    def _refresh(self) -> None:
        self.model.refresh()
        index = self.model.index(self.model.present)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)
        self._show_memory()

    def _show_memory(self) -> None:
        history = self._document.history
        held, filed = history.held_bytes, history.shelf.filed_bytes
        words = self.tr("{memory} MB in memory, {file} MB in the file") if filed else self.tr("{memory} MB in memory")
        words = words.format(memory=_megabytes(held), file=_megabytes(filed))
        self.memory.setText(words)
        self.forget.setEnabled(history.can_undo or history.can_redo)

    def showEvent(self, event: QShowEvent) -> None:
        """Only a panel that is seen looks at the memory."""
        super().showEvent(event)
        self._watch.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rests."""
        super().hideEvent(event)
        self._watch.stop()

    # --- forgetting

    def _ask(self) -> None:
        self.question.show()
        self.no.setFocus()

    def _answered(self) -> None:
        self.question.hide()

    def _forget(self) -> None:
        self._answered()
        self._view.cancel_gesture()
        self._stop()
        self._document.forget_steps()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "model"):
            self.retranslate()
            self._refresh()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.list.setAccessibleName(self.tr("Steps"))
        self.list.setToolTip(self.tr("Every step of this painting. A click goes back to it, or forward again"))
        self.memory.setToolTip(self.tr("What the steps hold; old ones are compressed, then kept in the project file"))
        self.progress.setToolTip(self.tr("On the way to the step; Esc stops here"))
        self.forget.setText(self.tr("Forget…"))
        self.forget.setToolTip(self.tr("Forget all steps and give their memory back; the painting stays as it is"))
        self.asked.setText(
            self.tr("Forget all steps? The painting stays as it is, but nothing can be undone any more.")
        )
        self.yes.setText(self.tr("Forget"))
        self.yes.setToolTip(self.tr("Forget all steps"))
        self.no.setText(self.tr("Keep"))
        self.no.setToolTip(self.tr("Keep the steps"))


def _megabytes(count: int) -> str:
    return f"{count / MEGABYTE:.0f}" if count >= 10 * MEGABYTE else f"{count / MEGABYTE:.1f}"
