"""The window's commands about words: weights, styles, earlier prompts, LoRAs, word lists."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from desktop.panels.prompt_keys import STEP, PromptKeys
from desktop.slots import Handler

if TYPE_CHECKING:
    from desktop.main_window import MainWindow


class WordCommands:
    """What the line under the prompt does, by name."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._store = window, window.program.words
        self._panel, self._form = window.prompt_panel, window.form
        self._last = self._panel.keys
        window.controller.started.connect(self._note_prompt)
        self._panel.stylesWanted.connect(self.own_styles)
        self._window.program.app.focusChanged.connect(self._focus_changed)

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        panel = self._panel
        return {
            "prompt.heavier": lambda: self._keys().weigh(STEP),
            "prompt.lighter": lambda: self._keys().weigh(-STEP),
            "prompt.earlier": lambda: panel.keys.walk(1),
            "prompt.later": lambda: panel.keys.walk(-1),
            "prompt.history": lambda: self._open(panel.foot.open_past),
            "prompt.styles": lambda: self._open(panel.foot.open_styles),
            "prompt.no-styles": lambda: self._form.set(styles=()),
            "prompt.own-styles": self.own_styles,
            "prompt.add-lora": lambda: self._open(panel.foot.open_loras),
            "prompt.no-loras": lambda: self._form.set(loras=()),
            "prompt.from-novelai": self.convert,
            "prompt.wildcards-folder": lambda: self._show_folder(self._store.wildcards.folder),
            "prompt.tags-folder": lambda: self._show_folder(self._store.tags_folder),
        }

    def own_styles(self) -> None:
        """Opens the person's own styles."""
        from desktop.dialogs.styles import StylesDialog  # not for every start

        dialog = StylesDialog(self._store, self._form, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def convert(self) -> None:
        """NovelAI's weights in both prompts become those that are understood here."""
        from pipelines.prompting.novelai import from_novelai, is_novelai  # not for every start

        for name in ("prompt", "negative_prompt"):
            text = getattr(self._form.settings, name)
            if is_novelai(text):
                self._form.set(**{name: from_novelai(text)})

    def _keys(self) -> PromptKeys:
        """Those of the field that had the keyboard last."""
        return self._last

    def _focus_changed(self, _old: object, now: object) -> None:
        fields = {
            self._panel.prompt: self._panel.keys,
            self._panel.negative: self._panel.negative_keys,
            self._window.inline_prompt.field: self._window.inline_prompt.keys,
        }
        self._last = next((keys for field, keys in fields.items() if field is now), self._last)

    def _open(self, menu: Handler) -> None:
        self._window.show_dock("prompt")
        menu()

    def _note_prompt(self, job_id: str) -> None:
        captured = self._window.controller.capture_of(job_id)
        if captured is not None:
            self._store.note_prompt(str(captured.form.get("prompt", "")))

    async def _show_folder(self, folder: Path) -> None:
        """Opens a folder, made if need be; what is put there is read when the models are looked through next."""
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def release_document(self) -> None:
        """Listens no longer; the window is about to go, the program stays."""
        self._window.program.app.focusChanged.disconnect(self._focus_changed)
