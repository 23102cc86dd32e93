"""The window's commands of the menu Select: what changes the selection as a whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QInputDialog, QMenu

from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.layers import Layer, LayerMask
from canvas.selection import MAX_SIDE, Combine, Selection
from desktop.dialogs.selection_edge import EDGES, EdgeChange, SelectionEdgeDialog
from desktop.slots import Handler
from desktop.view.selection_overlay import OUTLINE
from desktop.view.tools.selecting import COMBINE, SelectingTool

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

translate = QCoreApplication.translate
NEAR, FAR = 1, 10
"""Pixels of a nudge, without and with Shift."""
DIRECTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class SelectCommands:
    """The selection as a whole: all, none, its edge, its place, and what is kept under a name."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._view = window, window.view
        self._document = window.session.document
        self._overlay = window.view.selection_overlay
        self._overlay.quickMaskChanged.connect(lambda _: window.refresh_actions())
        self._overlay.outline = bool(self._view.options.value("", OUTLINE))
        self._view.options.changed.connect(self._option_changed)

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        document = self._document
        found: dict[str, Handler] = {
            "select.all": lambda: self._select(Selection.rectangle(document.frame)),
            "select.content": self.select_content,
            "select.none": lambda: self._select(Selection.none()),
            "select.reselect": lambda: self._select(self._overlay.last),
            "select.invert": self.invert,
            "select.from-layer": self.select_active,
            "select.frame": lambda: document.set_frame(document.selection.bounds),
            "select.save": self.save,
            "select.saved": self.show_saved,
            "select.quick-mask": self.toggle_quick_mask,
            "view.selection-outline": self.toggle_outline,
        }
        for edge in EDGES:
            found[f"select.{edge.name}"] = lambda edge=edge: self.change_edge(edge)
        for how in Combine:
            found[f"select.combine-{how.value}"] = lambda how=how: self.combine_by(how)
        for name, (x, y) in DIRECTIONS.items():
            found[f"select.nudge-{name}"] = lambda x=x, y=y: self.nudge(x * NEAR, y * NEAR)
            found[f"select.nudge-{name}-far"] = lambda x=x, y=y: self.nudge(x * FAR, y * FAR)
        return found

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        document = self._document
        return {
            "selection": lambda: not document.selection.is_empty,
            "reselect": lambda: not self._overlay.last.is_empty and self._overlay.last is not document.selection,
            "saved-selections": lambda: bool(document.saved_selections),
            "nudge": self._can_nudge,
        }

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action id -> whether it is on."""
        found: dict[str, Callable[[], bool]] = {
            "select.quick-mask": lambda: self._overlay.quick_mask,
            "view.selection-outline": lambda: self._overlay.outline,
        }
        for how in Combine:
            found[f"select.combine-{how.value}"] = lambda how=how: self._view.options.value("", COMBINE) == how.value
        return found

    # -- all, none, layers -------------------------------------------------------------------------

    async def invert(self) -> None:
        """What is not selected, within frame and selection."""
        selection = self._document.selection
        within = self._document.frame.united(selection.bounds)
        self._select(await asyncio.to_thread(selection.inverted, within))

    async def select_content(self) -> None:
        """Everything painted, as opaque as it is seen."""
        await self._select_alpha(self._document.content_bounds(), None)

    async def select_active(self) -> None:
        """What the active layer holds, or its mask shows."""
        if self._document.active is not None:
            await self.select_layer(self._document.active)

    async def select_layer(self, layer: Layer, how: Combine = Combine.REPLACE) -> None:
        """What a layer or group holds, or a mask shows, combined with the selection."""
        if not isinstance(layer, LayerMask) or layer.hides_outside:
            await self._select_alpha(layer.content_bounds(), layer, how)
            return
        bounds = layer.owner.content_bounds()
        if bounds.is_empty:
            raise CanvasError(_nothing_there())
        _check(bounds)
        from desktop.view.sampling import alpha_of

        hidden = await alpha_of(self._window.session.compositor, bounds, layer, lambda _: None)
        await self._put(Selection.from_mask(bounds, 255 - hidden), how)

    async def _select_alpha(self, bounds: Bounds, layer: Layer | None, how: Combine = Combine.REPLACE) -> None:
        if bounds.is_empty:
            raise CanvasError(_nothing_there())
        _check(bounds)
        from desktop.view.sampling import alpha_of

        alpha = await alpha_of(self._window.session.compositor, bounds, layer, self._show_progress)
        await self._put(await asyncio.to_thread(Selection.from_mask, bounds, alpha), how)

    async def _put(self, shape: Selection, how: Combine) -> None:
        before = self._document.selection
        self._select(await asyncio.to_thread(before.combined, shape, how))

    def _show_progress(self, part: float) -> None:
        pattern = translate("SelectCommands", "Looking at the painting… {percent} %")
        self._window.note(pattern.format(percent=round(part * 100)))

    def _select(self, selection: Selection) -> None:
        self._document.set_selection(selection)

    # -- the edge ----------------------------------------------------------------------------------

    def change_edge(self, edge: EdgeChange) -> None:
        """Asks for pixels, with the result on the canvas meanwhile."""
        options = self._view.options
        pixels = int(options.value("", edge.option))
        dialog = SelectionEdgeDialog(edge, self._document.selection, self._overlay, pixels, self._window)

        def decided(selection: Selection) -> None:
            options.set_value("", edge.option, dialog.pixels.value())
            with self._document.transaction(edge.step):
                self._select(selection)

        dialog.decided.connect(self._window.slots.wrap(decided))
        dialog.open()

    # -- its place ---------------------------------------------------------------------------------

    def nudge(self, dx: int, dy: int) -> None:
        """Moves the outline; nudges in a row are one step."""
        self._document.set_selection(self._document.selection.translated(dx, dy), merge=True)

    def _can_nudge(self) -> bool:
        tool = self._view.tools[self._view.tool_id]
        selecting = isinstance(tool, SelectingTool) or tool.id == "selection-brush"
        free = not self._window.conditions["candidates"]()
        return selecting and free and not tool.busy and not self._document.selection.is_empty

    # -- how it is made and shown ------------------------------------------------------------------

    def combine_by(self, how: Combine) -> None:
        """New shapes meet the selection like this from now on."""
        self._view.options.set_value("", COMBINE, how.value)
        self._window.refresh_actions()

    def toggle_quick_mask(self) -> None:
        """In and out of the red film."""
        self._view.cancel_gesture()
        self._overlay.quick_mask = not self._overlay.quick_mask
        if self._overlay.quick_mask:
            self._window.note(
                translate(
                    "SelectCommands",
                    "Quick mask: light colours select, dark ones protect, the eraser takes the film away.",
                )
            )

    def toggle_outline(self) -> None:
        """Shows or hides the ants, in later paintings too."""
        self._view.options.set_value("", OUTLINE, not self._overlay.outline)

    def _option_changed(self, owner: str, name: str) -> None:
        if (owner, name) == (OUTLINE.group, OUTLINE.name):
            self._overlay.outline = bool(self._view.options.value("", OUTLINE))
        if (owner, name) in ((OUTLINE.group, OUTLINE.name), (COMBINE.group, COMBINE.name)):
            self._window.refresh_actions()

    # -- kept under a name -------------------------------------------------------------------------

    def fill_saved(self, menu: QMenu) -> None:
        """The submenu of kept selections, made anew whenever it opens: four ways to load each, and delete."""
        for child in menu.findChildren(QMenu):
            child.deleteLater()
        menu.clear()
        actions = self._window.actions_by_id
        menu.addAction(actions["select.save"])
        menu.addAction(actions["select.saved"])
        menu.addSeparator()
        ways = (
            (Combine.REPLACE, translate("SelectCommands", "Load")),
            (Combine.ADD, translate("SelectCommands", "Add")),
            (Combine.SUBTRACT, translate("SelectCommands", "Take away")),
            (Combine.INTERSECT, translate("SelectCommands", "Intersect")),
        )
        wrap = self._window.slots.wrap
        for name in self._document.saved_selections:
            child = QMenu(name.replace("&", "&&"), menu)
            child.setObjectName(f"menu-saved-{name}")
            for how, text in ways:
                child.addAction(text, wrap(lambda name=name, how=how: self.load(name, how)))
            child.addSeparator()
            child.addAction(translate("SelectCommands", "Delete"), wrap(lambda name=name: self.forget(name)))
            menu.addMenu(child)

    def save(self) -> None:
        """Asks for a name and keeps the selection under it."""
        dialog = QInputDialog(self._window)
        dialog.setObjectName("saveSelectionDialog")
        dialog.setWindowTitle(translate("SelectCommands", "Save selection"))
        dialog.setLabelText(translate("SelectCommands", "Name (one that is there is replaced)"))
        dialog.setTextValue(self._free_name())
        dialog.textValueSelected.connect(self._window.slots.wrap(self.save_as))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_as(self, name: str) -> None:
        """Keeps the selection under a name."""
        name = name.strip()
        if not name:
            raise CanvasError(translate("SelectCommands", "A saved selection needs a name. Nothing was saved."))
        self._document.save_selection(name, self._document.selection)

    def show_saved(self) -> None:
        """The list of kept selections."""
        from desktop.dialogs.saved_selections import SavedSelectionsDialog  # not for every start

        dialog = SavedSelectionsDialog(self._document, self._window)
        dialog.chosen.connect(self._window.slots.wrap(lambda name, how: self.load(name, Combine(how))))
        dialog.deleted.connect(self._window.slots.wrap(self.forget))
        dialog.open()

    async def load(self, name: str, how: Combine) -> None:
        """Selects what was kept, in one of four ways."""
        await self._put(self._document.saved_selections[name], how)

    def forget(self, name: str) -> None:
        """Deletes a kept selection."""
        self._document.save_selection(name, None)

    def _free_name(self) -> str:
        number = len(self._document.saved_selections) + 1
        pattern = translate("SelectCommands", "Selection {number}")
        while pattern.format(number=number) in self._document.saved_selections:
            number += 1
        return pattern.format(number=number)


def _nothing_there() -> str:
    return translate("SelectCommands", "There is nothing painted to select. Paint something, or choose another layer.")


def _check(bounds: Bounds) -> None:
    if max(bounds.width, bounds.height) > MAX_SIDE:
        pattern = translate(
            "SelectCommands",
            "What is painted there is {width} × {height} pixels; a selection may be at most {most} wide and high. "
            "Select a part of it with a rectangle.",
        )
        raise CanvasError(pattern.format(width=bounds.width, height=bounds.height, most=MAX_SIDE))
