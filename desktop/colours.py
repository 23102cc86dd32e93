"""The colours at hand: the last ones painted with, and the swatches that a person keeps. Every window shares them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from desktop.settings import Settings

RECENT = 12
"""How many of the last colours are kept."""
MOST_SWATCHES = 96
FIRST_SWATCHES = (
    "#000000", "#3c3c3c", "#7f7f7f", "#bfbfbf", "#ffffff", "#8c2b2b", "#d8553d", "#f0a35a",
    "#f6d67a", "#8fb357", "#3f7d4f", "#2f6f78", "#5aa9c9", "#34599c", "#4b3f83", "#8d5a9e",
    "#d98bad", "#f3cdb4", "#d9a17c", "#a5673f", "#6b4026", "#3a2418",
)  # fmt: skip
"""A small box of paints to begin with: greys, a circle of hues, skin and earth."""


class ColourSet(QObject):
    """Recent colours and swatches, kept in the settings."""

    changed = Signal()

    def __init__(self, settings: Settings | None = None, parent: QObject | None = None) -> None:
        """Without settings nothing is remembered."""
        super().__init__(parent)
        self._settings = settings
        stored = {} if settings is None else settings.remembered.colours
        self.recent = _colours(stored.get("recent"))[:RECENT]
        "The newest first."
        known = isinstance(stored.get("swatches"), list)
        self.swatches = _colours(stored["swatches"] if known else FIRST_SWATCHES)[:MOST_SWATCHES]
        self.current = next(iter(_colours([stored.get("current")])), None)
        "What was painted with when the program was closed."
        self.other = next(iter(_colours([stored.get("other")])), QColor("white"))
        "The colour in reserve."

    def remember(self, colour: QColor) -> None:
        """Put a colour first among the last ones used."""
        if self.recent[:1] != [colour]:
            self.recent = [QColor(colour), *(old for old in self.recent if old != colour)][:RECENT]
            self.changed.emit()

    def add_swatch(self, colour: QColor) -> bool:
        """Keep a colour; False when it is there already or no more can be kept."""
        if colour in self.swatches or len(self.swatches) >= MOST_SWATCHES:
            return False
        self.swatches = [*self.swatches, QColor(colour)]
        self._swatches_changed()
        return True

    def replace_swatch(self, index: int, colour: QColor) -> None:
        """Put another colour in its place. IndexError when there is none."""
        self.swatches[index] = QColor(colour)
        self._swatches_changed()

    def remove_swatch(self, index: int) -> None:
        """Let one go. IndexError when there is none."""
        del self.swatches[index]
        self._swatches_changed()

    def _swatches_changed(self) -> None:
        self.save()
        self.changed.emit()

    def save(self) -> None:
        """Write all of it to the settings."""
        if self._settings is not None:
            self._settings.remember(
                colours={
                    "recent": [colour.name() for colour in self.recent],
                    "swatches": [colour.name() for colour in self.swatches],
                    "current": "" if self.current is None else self.current.name(),
                    "other": self.other.name(),
                }
            )


def _colours(stored: object) -> list[QColor]:
    """The valid ones among stored names."""
    names: Iterable[object] = stored if isinstance(stored, (list, tuple)) else ()
    found = [QColor(name) for name in names if isinstance(name, str) and name.startswith("#")]
    return [colour for colour in found if colour.isValid()]
