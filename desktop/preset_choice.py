"""Which preset each tool holds, and the brushes themselves over restarts."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from canvas.brush import BrushSettings
from canvas.brush_presets import BrushPreset
from canvas.errors import CanvasError
from desktop.brush_store import BrushStore
from desktop.naming import named
from desktop.settings import Settings
from desktop.view.canvas_view import CanvasView

log = logging.getLogger(__name__)

SAVE_MS = 1500
KEEPS_TOOL = ("brush", "smudge", "clone")
"""Tools that go on with another tip in hand; from any other one a preset takes the brush."""


class PresetChoice(QObject):
    """Takes presets in hand for a view, and remembers what the hand holds."""

    changed = Signal()
    """Another preset, or the brush differs from it now."""

    def __init__(self, view: CanvasView, store: BrushStore, settings: Settings | None = None) -> None:
        """Puts the brushes of the last time into the view; without settings nothing is remembered."""
        super().__init__(view)
        self._view, self.store, self._settings = view, store, settings
        self._chosen: dict[str, str] = {}
        self._first = {tool: view.brush_of(tool) for tool in view.brush_tools}
        self._timer = named(QTimer(self), "timer", interval=SAVE_MS, singleShot=True)
        self._timer.timeout.connect(self.save)
        self._restore({} if settings is None else settings.remembered.brushes)
        view.brushChanged.connect(self._brush_changed)
        store.changed.connect(self.changed)

    @property
    def _owner(self) -> str:
        """The tool whose brush the view shows."""
        return self._view.tool_id if self._view.tool_id in self._first else "brush"

    @property
    def preset(self) -> BrushPreset | None:
        """What the tool in hand took last, if it is still there."""
        return self.store.find(self._chosen.get(self._owner, ""))

    @property
    def is_different(self) -> bool:
        """Whether the brush is no longer as its preset says; the size does not count, it changes all the time."""
        preset, brush = self.preset, self._view.brush
        return preset is not None and replace(preset.settings, size=brush.size, eraser=brush.eraser) != brush

    def take(self, preset_id: str) -> None:
        """Take a preset in hand: the tool becomes the eraser or, where it cannot use a tip, the brush."""
        preset = self.store.find(preset_id)
        if preset is None:
            return
        tool = self._view.tool_id
        wanted = "eraser" if preset.settings.eraser else (tool if tool in KEEPS_TOOL else "brush")
        self._view.set_tool(wanted)
        self._chosen[self._owner] = preset_id
        self._view.set_brush(preset.settings)
        self.store.used(preset_id)
        self._brush_changed()

    def chose(self, preset_id: str) -> None:
        """The brush in hand is this preset now, because it was made from it."""
        self._chosen[self._owner] = preset_id
        self._brush_changed()

    def step(self, direction: int) -> BrushPreset | None:
        """Take the next (+1) or the previous (-1) preset of the list; which one."""
        presets = self.store.presets()
        if not presets:
            return None
        names = [preset.id for preset in presets]
        now = self._chosen.get(self._owner, "")
        at = names.index(now) + direction if now in names else (0 if direction > 0 else -1)
        chosen = presets[at % len(presets)]
        self.take(chosen.id)
        return chosen

    def reset(self) -> None:
        """The brush as its preset says; without one, as the program begins."""
        preset = self.preset
        self._view.set_brush(self._first[self._owner] if preset is None else preset.settings)

    def save(self) -> None:
        """Write the brushes to the settings."""
        self._timer.stop()
        if self._settings is not None:
            tools = self._view.brush_tools
            self._settings.remember(
                brushes={
                    "tools": {tool: self._view.brush_of(tool).to_dict() for tool in tools},
                    "chosen": dict(self._chosen),
                }
            )

    def _brush_changed(self) -> None:
        self._timer.start()
        self.changed.emit()

    def _restore(self, stored: Mapping[str, Any]) -> None:
        tools, chosen = stored.get("tools"), stored.get("chosen")
        for tool, settings in tools.items() if isinstance(tools, dict) else ():
            if tool not in self._first or not isinstance(settings, dict):
                continue
            try:
                self._view.put_brush(tool, BrushSettings.from_dict(settings))
            except CanvasError as error:
                log.warning("The stored brush of the tool %s is left out: %s", tool, error)
        for tool, preset_id in chosen.items() if isinstance(chosen, dict) else ():
            if isinstance(preset_id, str) and self.store.find(preset_id) is not None:
                self._chosen[tool] = preset_id
