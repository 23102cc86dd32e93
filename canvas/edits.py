"""Reversible edits of properties and selections; pixel_edits.py has those of pixels and of the tree."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from canvas.changes import ChangeKind, DocumentChange
from canvas.generations import Annotation
from canvas.geometry import NOTHING, Bounds, Point
from canvas.kept import KeptSelection
from canvas.layers import Layer, PaintLayer
from canvas.markings import Marking
from canvas.selection import Selection


class Editable(Protocol):
    """What edits need of a document."""

    @property
    def active(self) -> Layer | None:
        """The layer that tools work on."""
        ...

    @active.setter
    def active(self, layer: Layer | None) -> None: ...

    def replace_selection(self, selection: Selection) -> None:
        """Put another selection in place, without a step of its own."""
        ...

    def replace_frame(self, frame: Bounds) -> None:
        """Put another frame in place, without a step of its own."""
        ...

    def replace_marking(self, marking: Marking[Any], value: Any) -> None:
        """Put another value of a marking in place, without a step of its own."""
        ...

    def replace_saved_selections(self, saved: Mapping[str, Selection]) -> None:
        """Put other saved selections in place, without a step of its own."""
        ...

    def replace_annotation(self, record_id: str, annotation: Annotation) -> None:
        """Say something else of a logged generation, without a step of its own."""
        ...

    def notify(self, change: DocumentChange) -> None:
        """Tell the listeners."""
        ...

    def step_off(self, fallback: Layer | None) -> bool:
        """If the active layer has left the tree, make another one active; whether it did."""
        ...


class Edit(Protocol):
    """One reversible change."""

    def apply(self, document: Editable, origin: str) -> None:
        """Make the change (again)."""
        ...

    def revert(self, document: Editable, origin: str) -> None:
        """Take the change back."""
        ...


@dataclass
class ShiftEdit:
    """Layers and masks moved by the same way."""

    surfaces: tuple[PaintLayer, ...]
    "Everything with pixels that moves."
    dx: int
    "Canvas pixels to the right."
    dy: int
    "Canvas pixels down."

    def apply(self, document: Editable, origin: str) -> None:
        """Move there."""
        self._move(self.dx, self.dy, document, origin)

    def revert(self, document: Editable, origin: str) -> None:
        """Move back."""
        self._move(-self.dx, -self.dy, document, origin)

    def _move(self, dx: int, dy: int, document: Editable, origin: str) -> None:
        for layer in self.surfaces:
            bounds = layer.tile_extent()
            layer.offset = Point(layer.offset.x + dx, layer.offset.y + dy)
            bounds = bounds.united(layer.tile_extent())
            document.notify(DocumentChange(ChangeKind.LAYER_SET, layer.id, bounds, origin))


QUIET = frozenset({"name", "locked", "alpha_locked", "control"})


@dataclass
class PropertiesEdit:
    """Properties of one layer."""

    layer: Layer
    "Whose properties."
    before: dict[str, Any]
    "The old values by name."
    after: dict[str, Any]
    "The new values by name."

    def apply(self, document: Editable, origin: str) -> None:
        """Set the new values."""
        self._set(self.after, document, origin)

    def revert(self, document: Editable, origin: str) -> None:
        """Set the old values."""
        self._set(self.before, document, origin)

    def _set(self, values: Mapping[str, Any], document: Editable, origin: str) -> None:
        apart = self.layer.apart
        bounds = NOTHING if QUIET.issuperset(values) else self.layer.tile_extent()
        for name, value in values.items():
            setattr(self.layer, name, value)
        if self.layer.apart != apart:
            bounds = self.layer.tile_extent()
        if not bounds.is_empty:
            bounds = bounds.united(self.layer.tile_extent())
        document.notify(DocumentChange(ChangeKind.LAYER_SET, self.layer.id, bounds, origin))


@dataclass
class SelectionEdit:
    """Another selection."""

    before: Selection | KeptSelection
    "The old one."
    after: Selection | KeptSelection
    "The new one."

    def apply(self, document: Editable, origin: str) -> None:
        """Select the new one."""
        self._select(self.after, self.before, document, origin)

    def revert(self, document: Editable, origin: str) -> None:
        """Select the old one."""
        self._select(self.before, self.after, document, origin)

    def _select(
        self, new: Selection | KeptSelection, old: Selection | KeptSelection, document: Editable, origin: str
    ) -> None:
        document.replace_selection(_unboxed(new))
        where = new.bounds.united(old.bounds)
        document.notify(DocumentChange(ChangeKind.SELECTION, bounds=where, origin=origin))


@dataclass
class SavedSelectionsEdit:
    """Other selections kept under a name."""

    before: Mapping[str, Selection | KeptSelection]
    "The old ones."
    after: Mapping[str, Selection | KeptSelection]
    "The new ones."

    def apply(self, document: Editable, origin: str) -> None:
        """Keep the new ones."""
        self._keep(self.after, document, origin)

    def revert(self, document: Editable, origin: str) -> None:
        """Keep the old ones."""
        self._keep(self.before, document, origin)

    def _keep(self, saved: Mapping[str, Selection | KeptSelection], document: Editable, origin: str) -> None:
        document.replace_saved_selections({name: _unboxed(one) for name, one in saved.items()})
        document.notify(DocumentChange(ChangeKind.SAVED_SELECTIONS, origin=origin))


def _unboxed(selection: Selection | KeptSelection) -> Selection:
    return selection.selection() if isinstance(selection, KeptSelection) else selection


@dataclass
class MarkingEdit:
    """Another value of a marking."""

    marking: Marking[Any]
    "Which one."
    before: Any
    "The old value."
    after: Any
    "The new value."

    def apply(self, document: Editable, origin: str) -> None:
        """Set the new value."""
        self._set(self.after, document, origin)

    def revert(self, document: Editable, origin: str) -> None:
        """Set the old value."""
        self._set(self.before, document, origin)

    def _set(self, value: Any, document: Editable, origin: str) -> None:
        document.replace_marking(self.marking, value)
        document.notify(DocumentChange(self.marking.change, origin=origin))


@dataclass
class FrameEdit:
    """Another frame."""

    before: Bounds
    "The old one."
    after: Bounds
    "The new one."

    def apply(self, document: Editable, origin: str) -> None:
        """Set the new frame."""
        document.replace_frame(self.after)
        document.notify(DocumentChange(ChangeKind.FRAME, bounds=self.after.united(self.before), origin=origin))

    def revert(self, document: Editable, origin: str) -> None:
        """Set the old frame."""
        document.replace_frame(self.before)
        document.notify(DocumentChange(ChangeKind.FRAME, bounds=self.after.united(self.before), origin=origin))
