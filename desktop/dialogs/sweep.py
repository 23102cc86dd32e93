"""The page where a sweep is set up: what changes from column to column, and from row to row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.generation.remaining import time_text
from desktop.generation.sweep import (
    Scope,
    Sweep,
    SweepField,
    field_hint,
    field_word,
    make_sweep,
    read_axis,
    why_not,
)
from desktop.generation.sweep_values import SweepError
from desktop.naming import named
from desktop.panels.parameter_rows import SCHEDULER_WORDS
from desktop.slots import Slots
from desktop.spoken import spoken

SETTLE_MS = 150
"""The cost is reckoned this long after the last key."""
NONE = ""
"""Data of the rows' choice `nothing`."""

Foretell = Callable[[Sweep], Awaitable[float | None]]
"""Seconds that a sweep will take; None where that is not known."""


@dataclass(frozen=True)
class Typed:
    """What stood in the fields; they open with it again."""

    across: SweepField = SweepField.SEED
    across_text: str = "?, ?, ?"
    down: SweepField | None = SweepField.GUIDANCE
    down_text: str = "1, 2, 4"


class AxisRow:
    """Which setting, its values, a button that offers names, and the line that says how they are written."""

    def __init__(self, parent: QWidget, name: str, optional: bool) -> None:
        self.label = named(QLabel(parent), f"{name}Label")
        self.field = named(QComboBox(parent), f"{name}Field")
        self.text = named(QLineEdit(parent), f"{name}Values")
        self.offer = named(QToolButton(parent), f"{name}Offer", text="+")
        self.hint = named(QLabel(parent), f"{name}Hint", wordWrap=True)
        self.hint.setProperty("role", "dim")
        self.text.setMinimumWidth(300)
        self.text.setMaxLength(4000)
        self.label.setBuddy(self.field)
        self._optional = optional

    def fill(self, scope: Scope, chosen: SweepField | None, nothing: str) -> None:
        """Offers every setting; those that mean nothing in this mode are greyed and say why."""
        if self._optional:
            self.field.addItem(nothing, NONE)
        for one in SweepField:
            self.field.addItem(field_word(one), one.value)
            problem, model = why_not(one, scope.mode), self.field.model()
            if problem and isinstance(model, QStandardItemModel):
                item = model.item(self.field.count() - 1)
                item.setEnabled(False)
                item.setToolTip(problem)
        place = self.field.findData(chosen.value if chosen is not None else NONE)
        usable = chosen is None or not why_not(chosen, scope.mode)
        self.field.setCurrentIndex(place if usable and place >= 0 else self.field.findData(SweepField.SEED.value))

    @property
    def chosen(self) -> SweepField | None:
        """The setting; None for no rows."""
        data = self.field.currentData()
        return SweepField(data) if data else None

    def refresh(self) -> None:
        """Hint and button of the chosen setting."""
        chosen = self.chosen
        self.hint.setText(field_hint(chosen) if chosen else "")
        self.text.setEnabled(chosen is not None)
        self.offer.setVisible(chosen in (SweepField.SCHEDULER, SweepField.MODEL))


class SweepDialog(QDialog):
    """Says at once what cannot be read, how many pictures there will be and about how long they take."""

    decided = Signal(object, object)
    """The Sweep, and what was Typed."""

    def __init__(self, scope: Scope, typed: Typed, foretell: Foretell, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sweepDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._scope, self._foretell, self._slots = scope, foretell, Slots(self)
        self._sweep: Sweep | None = None
        self._asked = 0
        self.across, self.down = AxisRow(self, "sweepAcross", False), AxisRow(self, "sweepDown", True)
        self.across.fill(scope, typed.across, "")
        self.down.fill(scope, typed.down, self.tr("Nothing"))
        self.across.text.setText(typed.across_text)
        self.down.text.setText(typed.down_text)
        self.count = named(QLabel(self), "sweepCount", wordWrap=True)
        self.problem = named(QLabel(self), "sweepProblem", wordWrap=True)
        self.buttons = named(QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self), "sweepButtons")
        self.run = self.buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.run.setObjectName("sweepRun")
        self._settle = named(QTimer(self), "sweepSettle", interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._slots.wrap(self._reckon))
        self._lay_out()
        self._connect()
        self.retranslate()
        self._read()
        self.across.text.setFocus()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setColumnStretch(2, 1)
        for number, row in enumerate((self.across, self.down)):
            for column, widget in enumerate((row.label, row.field, row.text, row.offer)):
                grid.addWidget(widget, 2 * number, column)
            grid.addWidget(row.hint, 2 * number + 1, 1, 1, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 12)
        layout.setSpacing(10)
        layout.addLayout(grid)
        layout.addWidget(self.count)
        layout.addWidget(self.problem)
        layout.addStretch(1)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(700)

    def _connect(self) -> None:
        for row in (self.across, self.down):
            row.field.currentIndexChanged.connect(lambda _: self._read())
            row.text.textChanged.connect(lambda _: self._read())
            row.offer.clicked.connect(lambda _=False, one=row: self._offer(one))
        self.buttons.accepted.connect(self._decide)
        self.buttons.rejected.connect(self.reject)
        self._slots.failed.connect(self.problem.setText)

    @property
    def typed(self) -> Typed:
        """What stands in the fields."""
        across = self.across.chosen or SweepField.SEED
        return Typed(across, self.across.text.text(), self.down.chosen, self.down.text.text())

    # --- reading

    def _read(self) -> None:
        """The sweep of what is typed, or the sentence why there is none."""
        for row in (self.across, self.down):
            row.refresh()
        self._sweep, problem = None, ""
        try:
            self._sweep = self._made()
        except SweepError as error:
            problem = spoken(str(error))
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.run.setEnabled(self._sweep is not None)
        self._show_count(None)
        self._asked += 1
        self._settle.start()

    def _made(self) -> Sweep:
        across = self.across.chosen
        if across is None:
            raise SweepError(self.tr("Choose what changes from column to column."))
        columns, rows = read_axis(across, self.across.text.text(), self._scope), None
        if self.down.chosen is not None:
            rows = read_axis(self.down.chosen, self.down.text.text(), self._scope)
        return make_sweep(columns, rows)

    def _show_count(self, seconds: float | None) -> None:
        sweep = self._sweep
        if sweep is None:
            self.count.clear()
            return
        pattern = self.tr("{columns} × {rows} = {count} pictures")
        words = pattern.format(columns=sweep.columns, rows=sweep.rows, count=sweep.columns * sweep.rows)
        if seconds is not None:
            words += self.tr(", about {time}").format(time=time_text(seconds))
        self.count.setText(words)

    async def _reckon(self) -> None:
        asked, sweep = self._asked, self._sweep
        if sweep is None:
            return
        seconds = await self._foretell(sweep)
        if asked == self._asked:
            self._show_count(seconds)

    def _offer(self, row: AxisRow) -> None:
        """A menu of names; one that is chosen is put behind the others."""
        menu = named(QMenu(self), "sweepOfferMenu")
        names = [info.name for info in self._scope.models]
        if row.chosen is SweepField.SCHEDULER:
            names = list(SCHEDULER_WORDS.values())
        every = menu.addAction(self.tr("All of them"))
        every.triggered.connect(lambda: row.text.setText(", ".join(_quoted(name) for name in names)))
        menu.addSeparator()
        for name in names:
            menu.addAction(name).triggered.connect(lambda _=False, one=name: _append(row.text, one))
        menu.popup(row.offer.mapToGlobal(QPoint(0, row.offer.height())))

    def _decide(self) -> None:
        if self._sweep is not None:
            self.decided.emit(self._sweep, self.typed)
            self.accept()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_settle"):
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Sweep"))
        self.across.label.setText(self.tr("Columns"))
        self.down.label.setText(self.tr("Rows"))
        for row in (self.across, self.down):
            row.field.setToolTip(self.tr("The setting that is another one in each"))
            row.text.setToolTip(self.tr("Its values, with commas between them"))
            row.offer.setToolTip(self.tr("Choose from all names"))
        self.run.setText(self.tr("Paint"))
        self.run.setToolTip(self.tr("Paint the grid beside everything that is painted (Enter)"))


def _quoted(name: str) -> str:
    return f'"{name}"' if "," in name else name


def _append(line: QLineEdit, name: str) -> None:
    before = line.text().strip().rstrip(",")
    line.setText(f"{before}, {_quoted(name)}" if before else _quoted(name))
