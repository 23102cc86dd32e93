"""The window's commands about brush presets, the pop-up palette and swatches."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QCursor

from desktop.brush_store import shown_name
from desktop.dialogs.files import choose_files, choose_target
from desktop.preset_files import SUFFIX, read_presets, write_presets
from desktop.slots import Handler

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

translate = QCoreApplication.translate


class BrushCommands:
    """Presets, palette, swatches."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._view = window, window.view
        window.view.paletteWanted.connect(lambda x, y: window.popup_palette.open_at(x, y))
        window.preset_panel.message.connect(window.note)
        window.brush_panel.presetsWanted.connect(lambda: window.show_dock("presets"))
        window.preset_panel.actionWanted.connect(lambda name: window.actions_by_id[name].trigger())

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        return {
            "brush.popup": self.toggle_palette,
            "brush.next-preset": lambda: self.step(+1),
            "brush.previous-preset": lambda: self.step(-1),
            "brush.reset": self._window.presets.reset,
            "brush.save-preset": self.save_preset,
            "brush.import-presets": self.import_presets,
            "brush.export-presets": self.export_presets,
            "color.add-swatch": self.add_swatch,
        }

    def toggle_palette(self) -> None:
        """Opens the palette at the pointer, or in the middle when the pointer is elsewhere; closes an open one."""
        view = self._view
        at = view.mapFromGlobal(QCursor.pos())
        place = at if view.rect().contains(at) else view.rect().center()
        self._window.popup_palette.toggle_at(place.x(), place.y())

    def step(self, direction: int) -> None:
        """Takes the next or the previous preset and says which."""
        preset = self._window.presets.step(direction)
        if preset is not None:
            self._window.note(shown_name(preset))

    def save_preset(self) -> None:
        """Keeps the brush in hand as a preset and lets the person name it."""
        self._window.show_dock("presets")
        self._window.preset_panel.add()

    def add_swatch(self) -> None:
        """Keeps the colour in hand, and says when it is there already or the box is full."""
        colour = self._view.color
        added = self._window.program.colours.add_swatch(colour)
        text = translate("presets", "{colour} is among the swatches now.")
        if not added:
            text = translate("presets", "{colour} was not added: it is there already, or the swatches are full.")
        self._window.note(text.format(colour=colour.name()))

    async def import_presets(self) -> None:
        """Adds the presets of files that the person chooses."""
        title, filters = translate("presets", "Import Brush Presets"), [_file_kind()]
        folder = self._window.program.settings.remembered.folder
        count = 0
        for path in await choose_files(self._window, title, folder, filters):
            count += await self.take_file(path)
        if count:
            self._window.note(translate("presets", "{count} presets were imported.").format(count=count))

    async def take_file(self, path: Path) -> int:
        """Adds the presets of a file; how many. Raises CanvasError for a file that makes no sense."""
        presets = await asyncio.to_thread(read_presets, path)
        return len(self._window.program.brush_store.add_all(presets))

    async def export_presets(self) -> None:
        """Writes the presets that the panel shows into a file."""
        folder = self._window.program.settings.remembered.folder or str(Path.home())
        proposal = Path(folder) / f"{translate('presets', 'brushes')}{SUFFIX}"
        title = translate("presets", "Export the Presets that the Panel Shows")
        path = await choose_target(self._window, title, proposal, [_file_kind()])
        if path is None:
            return
        presets = [replace(preset, name=shown_name(preset)) for preset in self._window.preset_panel.shown()]
        await asyncio.to_thread(write_presets, path, presets)
        text = translate("presets", "{count} presets were written to {path}.")
        self._window.note(text.format(count=len(presets), path=path))


def _file_kind() -> str:
    return translate("presets", "Brush presets (*{suffix})").format(suffix=SUFFIX)
