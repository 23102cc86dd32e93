"""What the history panel looks for: a search line and chips that narrow it down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QEvent, Signal
from PySide6.QtWidgets import (
    QDateEdit,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from canvas.generations import LogQuery
from canvas.geometry import NOTHING, Bounds
from desktop.naming import named
from desktop.panels.flow_layout import FlowLayout

PLAIN_CHIPS = ("kept", "starred", "failed", "deleted")
ROOMY = 380
"""Logical pixels: the height from which a panel has room for all chips."""
DAYS = {"any": 0, "today": 1, "week": 7, "month": 30}


class HistoryFilters(QWidget):
    """Emits `changed` whenever another question is put."""

    changed = Signal()

    def __init__(self, place: Callable[[], Bounds], models: Callable[[], Iterable[str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("historyFilters")
        self._find_place, self._find_models = place, models
        self.place, self.model = NOTHING, ""
        self._folded_by_hand = False
        self.since: date | None = None
        self.until: date | None = None
        self.search = named(QLineEdit(self), "historyFilter", clearButtonEnabled=True)
        self.unfold = named(QToolButton(self), "historyUnfold", checkable=True, autoRaise=True, segment="panel")
        self.chips = {name: self._chip(name) for name in PLAIN_CHIPS}
        self.place_chip = self._chip("place")
        self.model_chip = self._chip("model")
        self.date_chip = self._chip("date")
        self.model_menu = named(QMenu(self), "historyModelMenu")
        self.date_menu = named(QMenu(self), "historyDateMenu")
        self._lay_out()
        self._connect()
        self.retranslate()

    def _chip(self, name: str) -> QPushButton:
        chip = named(QPushButton(self), f"historyChip-{name}", checkable=True, autoDefault=False)
        chip.setProperty("filter", True)
        return chip

    def _lay_out(self) -> None:
        self.chip_row = named(QWidget(self), "historyChips", visible=False)
        row = FlowLayout(self.chip_row, spacing=4)
        for chip in (*self.chips.values(), self.place_chip, self.model_chip, self.date_chip):
            row.addWidget(chip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.search, 1)
        line.addWidget(self.unfold)
        layout.addLayout(line)
        layout.addWidget(self.chip_row)

    def _connect(self) -> None:
        self.unfold.clicked.connect(self._fold)
        self.unfold.toggled.connect(self.chip_row.setVisible)
        self.search.textChanged.connect(lambda _: self.changed.emit())
        for chip in self.chips.values():
            chip.toggled.connect(lambda _: self.changed.emit())
        self.place_chip.clicked.connect(self.set_place_filter)
        self.model_chip.clicked.connect(lambda: self._open(self.model_chip, self.model_menu))
        self.date_chip.clicked.connect(lambda: self._open(self.date_chip, self.date_menu))
        self.model_menu.aboutToShow.connect(self._fill_models)
        self.date_menu.aboutToShow.connect(self._fill_dates)

    def _fold(self) -> None:
        self._folded_by_hand = True

    def make_room(self, height: int) -> None:
        """Folds the chips away in a panel of this height that is too low for them, unless one of them is on."""
        if not self._folded_by_hand:
            self.unfold.setChecked(height >= ROOMY or self.narrows)

    # -- the question ------------------------------------------------------------------------------

    @property
    def only_deleted(self) -> bool:
        """Whether what was deleted is shown, and nothing else."""
        return self.chips["deleted"].isChecked()

    def query(self) -> LogQuery:
        """What is looked for."""
        words = [self.search.text(), f'"{self.model}"' if self.model else ""]
        return LogQuery(
            words=" ".join(part for part in words if part),
            kept=self.chips["kept"].isChecked(),
            starred=self.chips["starred"].isChecked(),
            statuses=frozenset({"failed"} if self.chips["failed"].isChecked() else ()),
            place=self.place,
            since=start_of(self.since) if self.since else "",
            until=start_of(self.until + timedelta(days=1)) if self.until else "",
            deleted=self.only_deleted,
        )

    @property
    def narrows(self) -> bool:
        """Whether anything is filtered."""
        return self.query() != LogQuery()

    def clear(self) -> None:
        """Shows everything again."""
        self.blockSignals(True)
        self.search.clear()
        for chip in self.chips.values():
            chip.setChecked(False)
        self.place, self.model, self.since, self.until = NOTHING, "", None, None
        self.blockSignals(False)
        self._show_choices()
        self.changed.emit()

    def set_place_filter(self, on: bool) -> None:
        """Only what overlaps the place chosen now, or everything again."""
        self.place = self._find_place() if on else NOTHING
        self._show_choices()
        self.changed.emit()

    def set_model(self, model: str) -> None:
        """Only what this model made; empty for all."""
        self.model = model
        self._show_choices()
        self.changed.emit()

    def set_days(self, since: date | None, until: date | None = None) -> None:
        """Only what was made on these days and between; None leaves an end open."""
        self.since, self.until = since, until
        self._show_choices()
        self.changed.emit()

    # -- menus -------------------------------------------------------------------------------------

    def _open(self, chip: QPushButton, menu: QMenu) -> None:
        self._show_choices()  # a click has toggled the chip; only a choice does
        menu.popup(chip.mapToGlobal(chip.rect().bottomLeft()))

    def _fill_models(self) -> None:
        self.model_menu.clear()
        for model in ("", *sorted(set(self._find_models()))):
            action = self.model_menu.addAction(model or self.tr("All models"))
            action.setCheckable(True)
            action.setChecked(model == self.model)
            action.triggered.connect(lambda _=False, chosen=model: self.set_model(chosen))

    def _fill_dates(self) -> None:
        self.date_menu.clear()
        today = datetime.now().astimezone().date()
        for name, days in DAYS.items():
            since = today - timedelta(days=days - 1) if days else None
            action = self.date_menu.addAction(day_words()[name])
            action.setCheckable(True)
            action.setChecked(since == self.since and self.until is None)
            action.triggered.connect(lambda _=False, first=since: self.set_days(first))
        self.date_menu.addSeparator()
        fields = QWidget(self.date_menu)
        form = QFormLayout(fields)
        form.setContentsMargins(26, 4, 12, 6)
        first = self._day_field("historySince", self.since or today)
        last = self._day_field("historyUntil", self.until or today)
        for field in (first, last):
            field.dateChanged.connect(lambda _: self._range_typed(first, last))
        form.addRow(self.tr("From"), first)
        form.addRow(self.tr("To"), last)
        action = QWidgetAction(self.date_menu)
        action.setDefaultWidget(fields)
        self.date_menu.addAction(action)

    def _day_field(self, name: str, day: date) -> QDateEdit:
        return named(QDateEdit(QDate(day.year, day.month, day.day)), name, calendarPopup=True)

    def _range_typed(self, first: QDateEdit, last: QDateEdit) -> None:
        days = sorted(_as_date(field.date()) for field in (first, last))
        self.set_days(days[0], days[1])

    # -- words -------------------------------------------------------------------------------------

    def _show_choices(self) -> None:
        self.place_chip.setChecked(not self.place.is_empty)
        self.model_chip.setChecked(bool(self.model))
        self.model_chip.setText((self.model or self.tr("Model")) + " ▾")
        self.date_chip.setChecked(self.since is not None or self.until is not None)
        self.date_chip.setText(self._date_words() + " ▾")

    def _date_words(self) -> str:
        if self.since is None and self.until is None:
            return self.tr("Date")
        today = datetime.now().astimezone().date()
        for name, days in DAYS.items():
            if days and self.until is None and self.since == today - timedelta(days=days - 1):
                return day_words()[name]
        ends = [f"{day:%Y-%m-%d}" if day else "…" for day in (self.since, self.until)]
        return " – ".join(ends)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "date_menu"):
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.search.setPlaceholderText(self.tr("Search: words, model, seed, date, note"))
        self.search.setToolTip(
            self.tr('Shows only the generations in which every word occurs; "several words" must stand in a row')
        )
        self.unfold.setToolTip(self.tr("Filters: kept, starred, failed, this place, model, date"))
        self.search.setAccessibleName(self.tr("Search the history"))
        words = {
            "kept": (self.tr("Kept"), self.tr("Only those of which a picture became a layer")),
            "starred": (self.tr("Starred"), self.tr("Only those with a star")),
            "failed": (self.tr("Failed"), self.tr("Only those that ended with an error")),
            "deleted": (self.tr("Deleted"), self.tr("What was deleted; nothing is lost, and all can be brought back")),
        }
        for name, (text, tip) in words.items():
            self.chips[name].setText(text)
            self.chips[name].setToolTip(tip)
        self.place_chip.setText(self.tr("This place"))
        self.place_chip.setToolTip(
            self.tr("Only those that overlap the selection, else the frame, else what the window shows")
        )
        self.model_chip.setToolTip(self.tr("Only those that one model made"))
        self.date_chip.setToolTip(self.tr("Only those of some days"))
        self._show_choices()


def start_of(day: date) -> str:
    """The first moment of a day here, as the log writes moments (UTC)."""
    return datetime.combine(day, time()).astimezone().astimezone(UTC).isoformat(timespec="milliseconds")


def day_words() -> dict[str, str]:
    """The date ranges of the menu."""
    translate = QCoreApplication.translate
    return {
        "any": translate("HistoryFilters", "Any time"),
        "today": translate("HistoryFilters", "Today"),
        "week": translate("HistoryFilters", "Last 7 days"),
        "month": translate("HistoryFilters", "Last 30 days"),
    }


def _as_date(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())
