"""The window's commands of the menus Generate and Help, and the three things the welcome card tries."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from canvas.document import Document
from canvas.geometry import Bounds
from canvas.selection import Selection
from desktop.generation.apply import why_not_into
from desktop.generation.modes import MODES, Mode
from desktop.slots import Handler

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

GROW_PART = 0.5
"""How far the frame moves out of the picture when the welcome card lets it grow, as a part of its width."""


class GenerateCommands:
    """Running the engine, deciding about candidates, the dialogs around it."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._program = window, window.program
        self._controller = window.controller
        window.importer.placed_one.connect(lambda: self._controller.suggest_mode(Mode.REFINE))

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        controller = self._controller
        found: dict[str, Handler] = {
            "generate.run": lambda: controller.generate(),
            "generate.accept": lambda: controller.accept(),
            "generate.accept-into-layer": lambda: controller.accept(into_layer=True),
            "generate.keep-into-layer": self.toggle_keep_into_layer,
            "generate.other": lambda: controller.candidates.take_other(),
            "generate.discard": controller.discard,
            "generate.next": lambda: controller.next_candidate(),
            "generate.previous": controller.previous_candidate,
            "generate.again": controller.again,
            "generate.cancel": lambda: controller.cancel(),
            "generate.mode.auto": lambda: controller.set_mode(None),
            "prompt.focus": self.focus_prompt,
            "edit.preferences": self.preferences,
            "palette.open": self._window.palette_frame.open,
            "help.welcome": lambda: self._window.welcome.open(),
            "help.shortcuts": self.shortcuts,
            "help.log": self.show_log,
            "help.about": self.about,
        }
        for mode in MODES:
            found[f"generate.mode.{mode}"] = lambda chosen=mode: controller.set_mode(chosen)
        return found

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {
            "candidates": lambda: self._controller.current is not None,
            "candidates-into": lambda: self._controller.current is not None and not why_not_into(self._document),
            "other-candidates": lambda: len(self._controller.candidates) > 1,
            "jobs": lambda: bool(self._controller.jobs),
        }

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action id -> whether it is on."""
        form = self._window.form
        found: dict[str, Callable[[], bool]] = {"generate.mode.auto": lambda: form.settings.mode is None}
        for mode in MODES:
            found[f"generate.mode.{mode}"] = lambda chosen=mode: form.settings.mode is chosen
        found["generate.keep-into-layer"] = lambda: form.settings.keep_into_layer
        return found

    @property
    def _document(self) -> Document:
        return self._window.session.document

    def toggle_keep_into_layer(self) -> None:
        """Whether Enter keeps a candidate in the active layer or as a new one."""
        form = self._window.form
        form.set(keep_into_layer=not form.settings.keep_into_layer)
        self._window.refresh_actions()

    def focus_prompt(self) -> None:
        """Shows the prompt panel and puts the keyboard into it."""
        self._window.show_dock("prompt")
        field = self._window.prompt_panel.prompt
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.selectAll()

    def preferences(self) -> None:
        """Opens the preferences."""
        from desktop.dialogs.preferences import PreferencesDialog  # here and below: not for every start

        dialog = PreferencesDialog(self._program, self._window)
        dialog.folders_wanted.connect(self._window.slots.wrap(self._window.library_commands.show_folders))
        dialog.open()

    def shortcuts(self) -> None:
        """Opens the page of all keys."""
        from desktop.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(self._window).show()

    def about(self) -> None:
        """Opens the about page."""
        from desktop.dialogs.about import AboutDialog

        AboutDialog(self._program, self._window).open()

    def show_log(self) -> None:
        """Opens the folder in which the log lies."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._program.folders.log_file.parent)))

    # --- what the welcome card tries

    def try_painting(self, prompt: str) -> None:
        """Paints an empty frame from these words; a frame that holds something moves to an empty place first."""
        document = self._settled_document()
        content = document.content_bounds()
        document.set_selection(Selection.none())
        if not content.intersected(document.frame).is_empty:
            frame = document.frame
            document.set_frame(Bounds(content.right + 64, frame.y, frame.width, frame.height))
            self._window.view.fit(content.united(document.frame))
        self._run(prompt)

    def try_scroll(self) -> None:
        """Opens a painting that begins with a painted scroll."""
        self._window.actions_by_id["file.new-scroll"].trigger()

    def try_lasso(self, prompt: str) -> None:
        """Lassos a place in the middle of the frame, as a hand would, and fills it with these words."""
        document = self._settled_document()
        self._window.view.set_tool("lasso")
        document.set_selection(Selection.polygon(loop_in(document.frame)))
        self._run(prompt)

    def try_growing(self, direction: int) -> None:
        """Moves the frame half out of the picture, to the right (+1) or left (-1), and lets it grow there."""
        document = self._settled_document()
        document.set_selection(Selection.none())
        frame, content = document.frame, document.content_bounds()
        edge = content.right if direction > 0 else content.x
        left = edge - round(frame.width * GROW_PART)
        document.set_frame(Bounds(left, frame.y, frame.width, frame.height))
        self._window.view.fit(content.united(document.frame))
        self._run(self._window.form.settings.prompt)

    def _settled_document(self) -> Document:
        """The document, after candidates on show were kept."""
        if self._controller.current is not None:
            self._controller.accept()
        return self._window.session.document

    def _run(self, prompt: str) -> None:
        self._window.form.set(prompt=prompt, mode=None)
        self._controller.refresh_mode()
        self._controller.generate()


def loop_in(frame: Bounds) -> list[tuple[float, float]]:
    """A wobbly closed line around the middle of a frame, about half as wide and high."""
    middle_x, middle_y = frame.x + frame.width / 2, frame.y + frame.height * 0.55
    points = []
    for step in range(64):
        angle = step / 64 * math.tau
        reach = 0.24 + 0.03 * math.sin(3 * angle) + 0.015 * math.sin(7 * angle + 1)
        across, down = math.cos(angle) * reach * frame.width, math.sin(angle) * reach * frame.height
        points.append((middle_x + across, middle_y + down))
    return points
