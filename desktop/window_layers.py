"""The window's commands of the menu Layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from canvas import arranging
from canvas.layers import AdjustmentLayer, GroupLayer, LayerMask, PaintLayer
from desktop.layer_edits import ADJUSTMENTS
from desktop.layer_merging import LayerMerging
from desktop.slots import Handler

if TYPE_CHECKING:
    from desktop.main_window import MainWindow


class LayerCommands:
    """What can be done with the chosen layers; most of it is `LayerEdits`, which the panel uses too."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._document = window.session.document
        self._edits = window.layers_panel.edits
        self.merging = LayerMerging(self._document, window.view, window.say)
        window.layers_panel.editWanted.connect(self.edit_adjustment)

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        edits, merging = self._edits, self.merging
        return {
            "layer.add": edits.add,
            "layer.group": edits.group,
            "layer.ungroup": edits.ungroup,
            "layer.duplicate": edits.duplicate,
            "layer.delete": edits.delete,
            "layer.rename": self.rename,
            "layer.toggle-visible": lambda: edits.toggle("visible"),
            "layer.show-only": self.show_only,
            "layer.lock": lambda: edits.toggle("locked"),
            "layer.alpha-lock": lambda: edits.toggle("alpha_locked"),
            "layer.clip": lambda: edits.toggle("clipped"),
            "layer.merge-down": merging.merge_down,
            "layer.merge-chosen": merging.merge_chosen,
            "layer.merge-visible": merging.merge_visible,
            "layer.flatten": merging.flatten,
            "layer.stamp": merging.stamp,
            **self._order_handlers(),
            **self._mask_handlers(),
            **{f"adjust.{kind}": self._adjust(kind) for kind in ADJUSTMENTS},
            "adjust.edit": self.edit_adjustment,
        }

    def _order_handlers(self) -> dict[str, Handler]:
        document = self._document
        return {
            "layer.up": lambda: arranging.shift_places(document, document.chosen, up=True),
            "layer.down": lambda: arranging.shift_places(document, document.chosen, up=False),
            "layer.top": lambda: arranging.move_to_end(document, document.chosen, top=True),
            "layer.bottom": lambda: arranging.move_to_end(document, document.chosen, top=False),
            "layer.next": lambda: self._go(up=True),
            "layer.previous": lambda: self._go(up=False),
        }

    def _mask_handlers(self) -> dict[str, Handler]:
        edits = self._edits
        return {
            "mask.fitting": edits.add_fitting_mask,
            "mask.add": edits.add_mask,
            "mask.hide-all": lambda: edits.add_mask(hide_all=True),
            "mask.from-selection": lambda: edits.add_mask(selected=True),
            "mask.paint": edits.switch_to_mask,
            "mask.toggle": lambda: edits.toggle_mask(),
            "mask.invert": edits.invert_mask,
            "mask.apply": self.apply_mask,
            "mask.remove": edits.remove_mask,
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        document, edits, merging = self._document, self._edits, self.merging
        return {
            "layer": lambda: document.active is not None,
            "layers": lambda: bool(document.tree.root.children),
            "layer-below": lambda: len(document.chosen) > 1 or bool(merging.pair()),
            "mergeable": lambda: bool(merging.chosen()),
            "group": lambda: any(isinstance(layer, GroupLayer) for layer in document.chosen),
            "pixels": lambda: any(isinstance(layer, PaintLayer) for layer in document.chosen),
            "mask": lambda: edits.mask is not None,
            "no-mask": lambda: edits.owner is not None and edits.mask is None,
            "no-mask-selected": lambda: (
                edits.owner is not None and edits.mask is None and not document.selection.is_empty
            ),
            "mask-on-pixels": lambda: edits.mask is not None and isinstance(edits.owner, PaintLayer),
            "adjustment": lambda: isinstance(edits.owner, AdjustmentLayer),
        }

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action -> whether it is on."""
        edits, document = self._edits, self._document
        return {
            "layer.lock": lambda: edits.owner is not None and edits.owner.locked,
            "layer.alpha-lock": lambda: bool(getattr(edits.owner, "alpha_locked", False)),
            "layer.clip": lambda: edits.owner is not None and edits.owner.clipped,
            "mask.paint": lambda: isinstance(document.active, LayerMask),
            "mask.toggle": lambda: edits.mask is not None and not edits.mask.enabled,
        }

    def rename(self) -> None:
        """Shows the panel and edits the name in its row."""
        self._window.show_dock("layers")
        self._window.layers_panel.rename()

    def show_only(self) -> None:
        """Hides all other layers, or brings them back."""
        if self._edits.owner is not None:
            self._edits.show_only(self._edits.owner)

    def apply_mask(self) -> None:
        """Bakes the mask into the layer's pixels."""
        from canvas.merging import apply_mask  # a start does without

        owner = self._edits.owner
        if isinstance(owner, PaintLayer):
            apply_mask(self._document, owner)

    def edit_adjustment(self) -> None:
        """Shows the panel of the active adjustment."""
        self._window.show_dock("adjustment")

    def _adjust(self, kind: str) -> Callable[[], None]:
        def add() -> None:
            self._edits.add_adjustment(kind)
            self.edit_adjustment()

        return add

    def _go(self, up: bool) -> None:
        layer = arranging.neighbour(self._document, self._edits.owner, up)
        if layer is not None:
            self._document.active = layer
