"""How the document tells what happened: one small event type and one kind of message. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from canvas.geometry import NOTHING, Bounds, TileKey

T = TypeVar("T")


class Event(Generic[T]):
    """A list of listeners; what a listener raises reaches whoever emitted."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[T], object]] = []

    def connect(self, listener: Callable[[T], object]) -> Callable[[], None]:
        """Call the listener on every emit, in order of connection; returns what disconnects it."""
        self._listeners.append(listener)

        def disconnect() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return disconnect

    def emit(self, value: T) -> None:
        """Call every listener connected now."""
        for listener in tuple(self._listeners):
            listener(value)


class ChangeKind(StrEnum):
    """What part of the document changed."""

    TILES = "tiles"
    LAYER_ADDED = "layer-added"
    LAYER_REMOVED = "layer-removed"
    LAYER_MOVED = "layer-moved"
    LAYER_SET = "layer-set"
    ACTIVE = "active"
    SELECTION = "selection"
    FRAME = "frame"
    HISTORY = "history"
    GENERATIONS = "generations"
    CHOSEN = "chosen"
    SAVED_SELECTIONS = "saved-selections"
    GUIDES = "guides"
    ROUTE = "route"
    REGIONS = "regions"
    LOADED = "loaded"


@dataclass(frozen=True)
class DocumentChange:
    """One thing that just happened to the document."""

    kind: ChangeKind
    "What part changed."
    layer_id: str = ""
    "The layer it happened to, if any."
    bounds: Bounds = NOTHING
    "Canvas pixels that may look different now."
    origin: str = ""
    "What caused it: 'edit', 'undo', 'redo', 'rollback', or the id of a generation record."
    keys: frozenset[TileKey] = field(default_factory=frozenset)
    "Layer-local keys of the tiles that were replaced."
