"""What is done with the chosen layers, for the menu and the layers panel alike. Each call is one undo step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from canvas import arranging
from canvas.adjustments import Adjustment, BrightnessContrast, Curves, HueSaturation, Levels
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.layers import AdjustmentLayer, GroupLayer, Layer, LayerMask, PaintLayer

translate = QCoreApplication.translate
ADJUSTMENTS: Mapping[str, type[Adjustment]] = {
    "levels": Levels,
    "curves": Curves,
    "hue-saturation": HueSaturation,
    "brightness-contrast": BrightnessContrast,
}


def adjustment_name(kind: str) -> str:
    """What an adjustment of this kind is called in the present language."""
    names = {
        "levels": translate("LayerEdits", "Levels"),
        "curves": translate("LayerEdits", "Curves"),
        "hue-saturation": translate("LayerEdits", "Hue and saturation"),
        "brightness-contrast": translate("LayerEdits", "Brightness and contrast"),
    }
    return names[kind]


class LayerEdits:
    """Works on what `document.chosen` and `document.active` say at the moment of the call."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._solo: tuple[Layer, dict[Layer, bool]] | None = None

    @property
    def owner(self) -> Layer | None:
        """The active layer; the masked one while its mask is active."""
        return owner_of(self._document.active)

    # -- adding and removing ---------------------------------------------------------------------------

    def add(self) -> None:
        """An empty layer above the active one, which becomes active."""
        self._add(PaintLayer(self.free_name(translate("LayerEdits", "Layer {number}"))))

    def add_adjustment(self, kind: str) -> AdjustmentLayer:
        """An adjustment above the active layer; what is selected becomes its mask."""
        layer = AdjustmentLayer(self.free_name(f"{adjustment_name(kind)} {{number}}"), ADJUSTMENTS[kind]())
        selection = self._document.selection
        with self._document.transaction("Add adjustment"):
            self._add(layer)
            if not selection.is_empty:
                self._document.add_mask(layer, selection)
        return layer

    def _add(self, layer: Layer) -> None:
        active, root = self.owner, self._document.tree.root
        parent, index = root, len(root.children)
        if isinstance(active, GroupLayer):
            parent, index = active, len(active.children)
        elif active is not None and active.parent is not None:
            parent, index = active.parent, active.parent.children.index(active) + 1
        with self._document.transaction("Add layer"):
            self._document.add_layer(layer, parent, index)
            if _clipped_at(parent, index + 1):
                self._document.set_layer(layer, clipped=True)  # between clipped layers it belongs to them
        self._document.active = layer

    def group(self) -> None:
        """A new group in the place of the topmost chosen layer, holding all of them; an empty one if none is."""
        chosen = self._document.chosen
        group = GroupLayer(self.free_name(translate("LayerEdits", "Group {number}")))
        if chosen:
            arranging.put_into_group(self._document, chosen, group)
        else:
            self._document.add_layer(group)
        self._document.active = group

    def ungroup(self) -> None:
        """Puts what the chosen groups hold in their places."""
        freed: list[Layer] = []
        with self._document.transaction("Ungroup"):
            for layer in self._document.chosen:
                if isinstance(layer, GroupLayer):
                    freed.extend(arranging.ungroup(self._document, layer))
        if freed:
            self.choose(freed)

    def duplicate(self) -> None:
        """Copies of the chosen layers, each above its original; the copies are chosen from now on."""
        copies: list[Layer] = []
        with self._document.transaction("Duplicate layer"):
            for layer in self._document.chosen:
                copy = self._document.duplicate_layer(layer)
                self._document.set_layer(copy, name=translate("LayerEdits", "{name} copy").format(name=layer.name))
                copies.append(copy)
        self.choose(copies)

    def delete(self) -> None:
        """Takes the chosen layers out; while a mask is active, only the mask."""
        active = self._document.active
        if isinstance(active, LayerMask):
            self._document.remove_mask(active.owner)
        elif self._document.chosen:
            arranging.remove_layers(self._document, self._document.chosen)

    def choose(self, layers: Sequence[Layer]) -> None:
        """Makes the topmost of these active and chooses all of them."""
        if layers:
            self._document.active = layers[-1]
            self._document.choose(layers)

    # -- properties ------------------------------------------------------------------------------------

    def set_chosen(self, name: str, merge: bool = False, **values: Any) -> None:
        """Sets properties of all chosen layers that have them; `merge` joins a slider's drag into one step."""
        chosen = [layer for layer in self._document.chosen if all(hasattr(layer, key) for key in values)]
        key = (name, *values, *(layer.id for layer in chosen)) if merge else ()
        with self._document.transaction(name, key):
            for layer in chosen:
                self._document.set_layer(layer, **values)

    def toggle(self, key: str, layers: Sequence[Layer] = ()) -> None:
        """Turns a yes-or-no property of layers, or of those chosen: on, or off where all of them have it on."""
        chosen = [layer for layer in layers or self._document.chosen if hasattr(layer, key)]
        on = not all(getattr(layer, key) for layer in chosen)
        names = {
            "visible": "Show layer" if on else "Hide layer",
            "locked": "Lock layer" if on else "Unlock layer",
            "alpha_locked": "Lock transparency" if on else "Unlock transparency",
            "clipped": "Clip layer" if on else "Release clipping",
        }
        with self._document.transaction(names[key]):
            for layer in chosen:
                self._document.set_layer(layer, **{key: on})

    def show_only(self, layer: Layer) -> None:
        """Hides all others; again on the same layer shows what was shown before."""
        others = arranging.others_of(layer)
        if not any(one.visible for one in others):
            before = self._solo[1] if self._solo and self._solo[0] is layer else dict.fromkeys(others, True)
            self._solo = None
            arranging.set_visible(self._document, before, "Show all layers")
            return
        path = [one for one in (layer, *_groups_around(layer)) if not one.visible]
        wanted = dict.fromkeys(others, False) | dict.fromkeys(path, True)
        self._solo = (layer, {one: one.visible for one in others})
        arranging.set_visible(self._document, wanted, "Show only this layer")

    # -- masks -----------------------------------------------------------------------------------------

    def add_mask(self, hide_all: bool = False, selected: bool = False) -> None:
        """A mask for the active layer, painted on from now on."""
        owner, selection = self.owner, self._document.selection
        if owner is None:
            return
        if selected and selection.is_empty:
            raise CanvasError("Nothing is selected. Select a part of the canvas, then make it a mask.")
        mask = self._document.add_mask(owner, selection if selected else None, hides_outside=hide_all)
        self._document.active = mask

    def add_fitting_mask(self) -> None:
        """What the mask button does: a mask from the selection if there is one, else one that shows all."""
        self.add_mask(selected=not self._document.selection.is_empty)

    def remove_mask(self) -> None:
        """Takes the active layer's mask away; all of the layer is seen again."""
        if (owner := self.owner) is not None:
            self._document.remove_mask(owner)

    def invert_mask(self) -> None:
        """Shows what the mask hid and hides what it showed."""
        mask = self.mask
        if mask is not None:
            self._document.set_layer(mask, hides_outside=not mask.hides_outside)

    def toggle_mask(self, layer: Layer | None = None) -> None:
        """Lets the mask of a layer, or of the active one, rest, or work again."""
        mask = layer.mask if layer is not None else self.mask
        if mask is not None:
            self._document.set_layer(mask, enabled=not mask.enabled)

    def switch_to_mask(self) -> None:
        """Tools work on the mask from now on, or on the layer again."""
        active = self._document.active
        if isinstance(active, LayerMask):
            self._activate(active.owner)
        elif self.mask is not None:
            self._activate(self.mask)

    def _activate(self, layer: Layer) -> None:
        chosen = self._document.chosen
        self._document.active = layer
        if len(chosen) > 1:
            self._document.choose(chosen)

    def work_on(self, layer: Layer) -> None:
        """Tools work on this layer, or mask; what else is chosen stays so if the layer is among it."""
        if layer is not self._document.active:
            if owner_of(layer) in self._document.chosen:
                self._activate(layer)
            else:
                self._document.active = layer

    @property
    def mask(self) -> LayerMask | None:
        """The mask of the active layer."""
        owner = self.owner
        return owner.mask if owner is not None else None

    # -- names -----------------------------------------------------------------------------------------

    def free_name(self, pattern: str) -> str:
        """The pattern with the lowest {number} that no layer has yet."""
        taken = {layer.name for layer in self._document.tree.walk()}
        number = 1
        while pattern.format(number=number) in taken:
            number += 1
        return pattern.format(number=number)


def owner_of(layer: Layer | None) -> Layer | None:
    """The layer itself; of a mask the layer that it masks."""
    return layer.owner if isinstance(layer, LayerMask) else layer


def _groups_around(layer: Layer) -> list[Layer]:
    found: list[Layer] = []
    above = layer.parent
    while above is not None and above.parent is not None:
        found.append(above)
        above = above.parent
    return found


def _clipped_at(parent: GroupLayer, index: int) -> bool:
    return 0 <= index < len(parent.children) and parent.children[index].clipped
