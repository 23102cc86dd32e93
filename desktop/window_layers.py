"""The window's commands of the menu Layer. Adding, grouping and deleting are the panel's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from canvas.layers import GroupLayer, Layer, PaintLayer
from desktop.pieces import pieces
from desktop.slots import Handler

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

translate = QCoreApplication.translate
CHUNK = 1024
"""Side in pixels of the pieces in which layers are merged."""


class LayerCommands:
    """What can be done with the active layer."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._document = window.session.document

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        panel = self._window.layers_panel
        return {
            "layer.add": panel.add_layer,
            "layer.group": panel.group_layer,
            "layer.duplicate": panel.duplicate_layer,
            "layer.delete": panel.delete_layer,
            "layer.merge-down": self.merge_down,
            "layer.rename": self.rename,
            "layer.toggle-visible": lambda: self._with_active(
                lambda layer: self._document.set_layer(layer, visible=not layer.visible)
            ),
            "layer.lock": lambda: self._with_active(
                lambda layer: self._document.set_layer(layer, locked=not layer.locked)
            ),
            "layer.up": lambda: self._with_active(lambda layer: self._shift(layer, +1)),
            "layer.down": lambda: self._with_active(lambda layer: self._shift(layer, -1)),
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {
            "layer": lambda: self._document.active is not None,
            "layer-below": lambda: self._below() is not None,
        }

    def _with_active(self, act: Callable[[Layer], object]) -> None:
        if self._document.active is not None:
            act(self._document.active)

    def rename(self) -> None:
        """Shows the panel and edits the name in its row."""
        self._window.show_dock("layers")
        tree = self._window.layers_panel.tree
        item = tree.currentItem()
        if item is not None:
            tree.setFocus(Qt.FocusReason.ShortcutFocusReason)
            tree.editItem(item, 1)

    def _shift(self, layer: Layer, step: int) -> None:
        """One place up or down; out of its group at the group's end."""
        parent = layer.parent
        if parent is None:
            return
        index = parent.children.index(layer) + step
        if 0 <= index < len(parent.children):
            neighbour = parent.children[index]
            if isinstance(neighbour, GroupLayer):
                self._document.move_layer(layer, neighbour, 0 if step > 0 else len(neighbour.children))
            else:
                self._document.move_layer(layer, parent, index)
        elif parent.parent is not None:
            outer = parent.parent
            place = outer.children.index(parent)
            self._document.move_layer(layer, outer, place + 1 if step > 0 else place)

    def _below(self) -> PaintLayer | None:
        layer = self._document.active
        if not isinstance(layer, PaintLayer) or layer.parent is None or layer.protected:
            return None
        index = layer.parent.children.index(layer)
        below = layer.parent.children[index - 1] if index > 0 else None
        return below if isinstance(below, PaintLayer) and not below.locked else None

    def merge_down(self) -> None:
        """Draws the active layer, with its opacity and blend mode, into the one below: one undo step."""
        upper, lower = self._document.active, self._below()
        if lower is None or not isinstance(upper, PaintLayer):
            return
        compositor = self._window.session.compositor
        with self._document.transaction(translate("LayerCommands", "Merge down")):
            if upper.visible:
                mode, opacity = upper.blend_mode.composition, upper.opacity
                for piece in pieces(upper.content_bounds(), CHUNK):
                    image = compositor.flatten(piece, upper)
                    self._document.put_image(lower, piece.x, piece.y, faded(image, opacity), mode)
            self._document.remove_layer(upper)
        self._document.active = lower


def faded(image: QImage, opacity: float) -> QImage:
    """The image with its alpha multiplied by `opacity`, 0..1."""
    if opacity >= 1.0:
        return image
    with QPainter(image) as painter:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.fillRect(image.rect(), QColor(0, 0, 0, round(opacity * 255)))
    return image
