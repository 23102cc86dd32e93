"""The window's commands of the menu File."""

from __future__ import annotations

import asyncio
import os
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from shiboken6 import isValid

from desktop.dialogs.files import choose_files, choose_target
from desktop.session import SUFFIX
from desktop.slots import Handler

if TYPE_CHECKING:
    from desktop.export_pictures import ExportPlan
    from desktop.main_window import MainWindow

translate = QCoreApplication.translate
LAYERED = "*.ora *.psd *.psb *.kra"
PICTURES = "*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif *.avif *.heic *.heif *.jxl"


class FileCommands:
    """New, open, import, save, export, close."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._program = window, window.program
        self._last_export: ExportPlan | None = None

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        return {
            "file.new": lambda: self._program.new_window() and None,
            "file.new-scroll": self.new_scroll,
            "file.open": self.open,
            "file.import": self.import_pictures,
            "file.export": self.export,
            "file.export-again": self.export_again,
            "file.time-lapse": self.time_lapse,
            "file.save": self.save,
            "file.save-as": self.save_as,
            "file.properties": self.properties,
            "file.clear-recent": self._program.settings.clear_recent,
            "file.close": self._window.close_soon,
            "file.quit": self._program.quit,
        }

    async def new_scroll(self) -> None:
        """A painting that begins with a scroll of its own; it takes the place of an untouched one."""
        from desktop.painted_scroll import painted_session

        self._window.note(translate("FileCommands", "Painting a scroll …"))
        session = await painted_session(random.SystemRandom().randrange(1_000_000), self._program.folders.data)
        self._program.add_window(session)
        if self._window.session.untitled and self._window.session.is_untouched:
            self._window.close_soon()

    def folder(self) -> str:
        """Where file dialogs begin: the folder used last, else Pictures."""
        last = self._program.settings.remembered.folder
        if last and Path(last).is_dir():
            return last
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)

    def _used(self, path: Path) -> None:
        self._program.settings.remember(folder=str(path.parent))

    async def open(self) -> None:
        """Asks for paintings or pictures and opens them."""
        filters = [
            translate("FileCommands", "Paintings and pictures") + f" (*{SUFFIX} {LAYERED} {PICTURES})",
            translate("FileCommands", "Paintings") + f" (*{SUFFIX} {LAYERED})",
        ]
        title = translate("FileCommands", "Open")
        paths = await choose_files(self._window, title, self.folder(), filters)
        if paths:
            self._used(paths[0])
            await self._program.open_files(paths, self._window)

    async def import_pictures(self) -> None:
        """Asks for pictures and puts them on the canvas."""
        filters = [translate("FileCommands", "Pictures") + f" ({PICTURES})"]
        title = translate("FileCommands", "Import pictures")
        paths = await choose_files(self._window, title, self.folder(), filters)
        if paths:
            self._used(paths[0])
            await self._window.importer.import_files(paths)
            await self._window.recipes.offer_imported(paths)

    async def save(self) -> None:
        """Makes sure that everything is on disk; an untitled painting is asked for its place."""
        if self._window.session.untitled:
            await self.save_as()
            return
        await self._window.session.save()
        saved = translate("FileCommands", "Saved: {0}")
        self._window.note(saved.format(self._window.session.path))

    async def save_as(self) -> None:
        """Asks for a place and goes on there."""
        title = translate("FileCommands", "Save as")
        filters = [translate("FileCommands", "Paintings") + f" (*{SUFFIX})"]
        proposal = Path(self.folder()) / f"{self._window.session.title}{SUFFIX}"
        path = await choose_target(self._window, title, proposal, filters)
        if path is None:
            return
        self._used(path)
        await self._window.session.save_as(path)
        self._program.settings.add_recent(self._window.session.path)
        self._program.note_open()
        saved = translate("FileCommands", "Saved: {0}")
        self._window.note(saved.format(self._window.session.path))

    def export(self) -> None:
        """Opens the export dialog."""
        from desktop.dialogs.export import ExportDialog, ExportPlace  # with Pillow: not at the start

        view = self._window.view
        place = ExportPlace(self._window.session, self._program.settings, Path(self.folder()), view.visible_bounds())
        dialog = ExportDialog(place, self._window)
        dialog.exported.connect(self._exported)
        dialog.noted.connect(self._window.say)
        dialog.open()

    def _exported(self, plan: ExportPlan, paths: tuple[Path, ...]) -> None:
        self._last_export = plan
        self._used(paths[0])
        one, many = translate("FileCommands", "Exported: {0}"), translate("FileCommands", "Exported {0} files to {1}")
        self._window.note(one.format(paths[0]) if len(paths) == 1 else many.format(len(paths), paths[0].parent))

    async def export_again(self) -> None:
        """The last export of this window once more; the dialog where there was none."""
        if self._last_export is None:
            self.export()
            return
        from desktop.export_run import run_again

        view = self._window.view
        plan = replace(self._last_export, visible=view.visible_bounds())
        outcome = await run_again(self._window.session, plan, view)
        if outcome is not None:
            self._exported(plan, outcome.paths)

    def time_lapse(self) -> None:
        """Opens the time-lapse dialog."""
        from desktop.dialogs.time_lapse import TimeLapseDialog  # with Pillow, as above

        dialog = TimeLapseDialog(self._window.session, Path(self.folder()), self._window)
        dialog.done_with.connect(self._used)
        dialog.done_with.connect(lambda path: self._window.note(translate("FileCommands", "Written: {0}").format(path)))
        dialog.open()

    def properties(self) -> None:
        """What is in the painting's file."""
        from desktop.dialogs.properties import PropertiesDialog  # not at the start

        PropertiesDialog(self._window.session, self._window).open()

    def fill_recent(self, menu: QMenu) -> None:
        """The submenu of recent files, made anew whenever it opens."""
        menu.clear()
        listed: dict[Path, QAction] = {}
        for path in self._program.settings.recent():
            listed[path] = menu.addAction(path.stem, self._window.slots.wrap(lambda one=path: self._open_recent(one)))
            listed[path].setToolTip(str(path))
            listed[path].setStatusTip(str(path))
        none = menu.addAction(translate("FileCommands", "Nothing yet"))
        none.setEnabled(False)
        none.setVisible(not listed)
        menu.addSeparator()
        menu.addAction(self._window.actions_by_id["file.clear-recent"])
        if listed:
            self._window.slots.start(self._hide_gone(listed, none))

    async def _hide_gone(self, listed: dict[Path, QAction], none: QAction) -> None:
        """Takes files off the menu that are no more; a drive that sleeps keeps nobody waiting meanwhile."""
        gone = await asyncio.to_thread(lambda: [path for path in listed if not os.path.exists(path)])  # noqa: PTH110
        if isValid(none):  # else the menu was made anew
            for path in gone:
                listed[path].setVisible(False)
            none.setVisible(len(gone) == len(listed))

    async def _open_recent(self, path: Path) -> None:
        await self._program.open_files([path], self._window)
