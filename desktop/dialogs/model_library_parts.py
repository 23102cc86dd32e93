"""The parts that a model takes from files of their own, each with a menu of others; and the memory that it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QMenu, QToolButton, QWidget

from desktop.dialogs.model_library_facts import Part
from desktop.dialogs.preferences_engine import rung_words
from desktop.naming import named
from desktop.spoken import spoken
from pipelines.contract.events import EngineReady
from pipelines.contract.models import ModelInfo
from pipelines.planning.memory_cost import (
    MEGAPIXEL,
    PROGRAM_BYTES,
    MemoryRung,
    PartSizes,
    RunSize,
    choose_rung,
    memory_by_rung,
    rungs_for,
)

GIGABYTE = 1e9
WIDTH = 200
"""Logical pixels of a file's name."""


class PartRows(QWidget):
    """One row for each part: what it is, and the file that serves as it."""

    chosen = Signal(str, str)
    """A part and the path of its file; an empty path leaves the choice to the library."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("modelParts")
        self._parts: tuple[Part, ...] = ()
        self.buttons: dict[str, QToolButton] = {}
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def fill(self, parts: Sequence[Part]) -> Iterator[None]:
        """Shows these instead of those before, in steps."""
        if tuple(parts) == self._parts and self.buttons:
            return
        fresh: dict[str, QToolButton] = {}
        for part in parts:
            fresh[part.name] = self._make(part)
            yield
        while self._layout.rowCount():
            self._layout.removeRow(0)
        for name, button in fresh.items():
            self._layout.addRow(part_word(name), button)
            button.show()
        self._parts, self.buttons = tuple(parts), fresh
        yield

    def _make(self, part: Part) -> QToolButton:
        button = named(QToolButton(self), f"modelPart-{part.name}", plain=True, visible=False)
        words = Path(part.path).name if part.path else self.tr("missing")
        button.setText(button.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, WIDTH))
        button.setToolTip(part.path or self.tr("Choose the file that serves as this part"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = named(QMenu(button), f"modelPartMenu-{part.name}", toolTipsVisible=True)
        menu.aboutToShow.connect(lambda: self._fill_menu(menu, part))
        menu.triggered.connect(lambda action, name=part.name: self.chosen.emit(name, str(action.data())))
        button.setMenu(menu)
        return button

    def _fill_menu(self, menu: QMenu, part: Part) -> None:
        menu.clear()
        automatic = menu.addAction(self.tr("What the library finds"))
        automatic.setData("")
        automatic.setCheckable(True)
        automatic.setChecked(not part.by_person)
        menu.addSeparator()
        for info in part.candidates:
            action = menu.addAction(" · ".join(filter(None, (info.name, spoken(info.variant)))))
            action.setData(info.path)
            action.setToolTip(info.path)
            action.setCheckable(True)
            action.setChecked(info.path == part.path)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            parts, self._parts = self._parts, ()
            for _ in self.fill(parts):
                pass
        super().changeEvent(event)


def part_word(part: str) -> str:
    """A part by the name people use; `text_encoder_2` and the like are counted."""
    stem, _, number = part.rpartition("_")
    if not number.isdecimal():
        stem, number = part, ""
    words = {
        "text_encoder": QCoreApplication.translate("models", "Text encoder"),
        "image_encoder": QCoreApplication.translate("models", "Image encoder"),
        "vae": QCoreApplication.translate("models", "VAE"),
    }.get(stem, stem)
    return f"{words} {number}".rstrip()


def memory_text(info: ModelInfo, sizes: PartSizes, engine: EngineReady | None) -> str:
    """A table of what each way of running the model takes, as rich text; the one that would be chosen is bold."""
    side = info.defaults.native_size
    run = RunSize(info.family, side * side / MEGAPIXEL)
    device = engine.device if engine is not None else ""
    likely = choose_rung(device, engine.free_bytes, sizes, run) if engine is not None and engine.free_bytes else None
    extra = PROGRAM_BYTES if device == "cpu" else 0.0
    rows = [
        _row(rung_words(rung), taken + extra, rung is likely)
        for rung, taken in memory_by_rung(sizes, run, rungs_for(device) if device else MemoryRung).items()
    ]
    translate = QCoreApplication.translate
    title = translate("models", "About, for a picture of {side} × {side}:").format(side=side)
    return f"{escape(title)}<table>{''.join(rows)}</table>"


def _row(words: str, taken: float, bold: bool) -> str:
    cell = f"<td>{escape(words)}</td><td align='right'>&nbsp;&nbsp;&nbsp;{taken / GIGABYTE:.1f} GB</td>"
    if bold:
        mark = QCoreApplication.translate("models", "fits here")
        cell = cell.replace("<td>", "<td><b>", 1).replace("</td>", "</b></td>", 1) + f"<td>&nbsp;{escape(mark)}</td>"
    return f"<tr>{cell}</tr>"
