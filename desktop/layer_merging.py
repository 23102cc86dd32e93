"""Merging from the menu: which layers, what stands against it, and the work in slices beside the window's events."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from canvas.changes import ChangeKind, DocumentChange
from canvas.document import Document
from canvas.layers import AdjustmentLayer, GroupLayer, Layer, PaintLayer
from desktop.layer_edits import owner_of

if TYPE_CHECKING:
    from canvas.merging import Merge

translate = QCoreApplication.translate
SLICE_SECONDS = 0.005
Work: TypeAlias = Coroutine[Any, Any, None] | None
MOST_STARTS = 20
DRAWS = frozenset(
    {
        ChangeKind.TILES,
        ChangeKind.LAYER_ADDED,
        ChangeKind.LAYER_REMOVED,
        ChangeKind.LAYER_MOVED,
        ChangeKind.LAYER_SET,
        ChangeKind.LOADED,
    }
)


class LayerMerging:
    """Gathers first, in slices, then changes the document at once: one undo step, or none if it is stopped."""

    def __init__(self, document: Document, host: QWidget, say: Callable[[str], None]) -> None:
        """`say` shows a sentence: why something is not merged."""
        self._document, self._host, self._say = document, host, say
        self._busy = False

    # -- which layers ----------------------------------------------------------------------------------

    def pair(self) -> tuple[Layer, ...]:
        """The active layer with what lies below it, as far down as clipping ties them; empty if there is nothing."""
        upper = owner_of(self._document.active)
        if upper is None or upper.parent is None:
            return ()
        siblings = upper.parent.children
        at = siblings.index(upper)
        start = at - 1
        while start > 0 and siblings[start].clipped and not upper.clipped:
            start -= 1  # a clipped layer looks the same only together with its base
        if start < 0 or isinstance(siblings[start], AdjustmentLayer):
            return ()
        return tuple(siblings[start : at + 1])

    def chosen(self) -> tuple[Layer, ...]:
        """Several chosen layers, or the one chosen group."""
        chosen = self._document.chosen
        return chosen if len(chosen) > 1 or any(isinstance(layer, GroupLayer) for layer in chosen) else ()

    def _shown(self) -> list[Layer]:
        return [layer for layer in self._document.tree.root.children if layer.visible and not layer.apart]

    # -- the commands ----------------------------------------------------------------------------------

    def merge_down(self) -> Work:
        """The active layer and the one below become one; several chosen layers become one."""
        layers = self.chosen() if len(self._document.chosen) > 1 else self.pair()
        if layers:
            return self._replace(layers, layers[0].name, translate("LayerMerging", "Merging layers…"))
        return None

    def merge_chosen(self) -> Work:
        """The chosen layers become one."""
        layers = self.chosen()
        if layers:
            name = layers[0].name if len(layers) == 1 else layers[-1].name
            return self._replace(layers, name, translate("LayerMerging", "Merging layers…"))
        return None

    def merge_visible(self) -> Work:
        """What is shown becomes one layer; hidden layers stay."""
        shown = self._shown()
        if not shown:
            self._say(translate("LayerMerging", "No layer is shown. Show a layer first, then merge."))
            return None
        return self._replace(shown, shown[-1].name, translate("LayerMerging", "Merging what is visible…"))

    def flatten(self) -> Work:
        """Everything becomes one layer; hidden layers go."""
        layers, shown = tuple(self._document.tree.root.children), self._shown()
        if not shown:
            self._say(translate("LayerMerging", "No layer is shown: flattening would leave nothing. Show one first."))
            return None
        if self._locked(layers):
            return None
        name = shown[0].name

        def apply(merge: Merge) -> None:
            with self._document.transaction("Flatten"):
                merge.apply(self._document, name)
                for layer in layers:
                    if layer in self._document.tree and not layer.apart:
                        self._document.remove_layer(layer)

        return self._gather(shown, translate("LayerMerging", "Flattening…"), apply)

    def stamp(self) -> Work:
        """A new layer at the top with what is seen."""
        shown = self._shown()
        if not shown:
            self._say(translate("LayerMerging", "No layer is shown, so there is nothing to copy. Show one first."))
            return None
        name = translate("LayerMerging", "What was visible")

        def apply(merge: Merge) -> None:
            merge.advance()
            made: PaintLayer = merge.layer(name)
            with self._document.transaction("New layer from visible"):
                self._document.add_layer(made)
            self._document.active = made

        return self._gather(shown, translate("LayerMerging", "Gathering what is visible…"), apply)

    # -- the work --------------------------------------------------------------------------------------

    def _replace(self, layers: Sequence[Layer], name: str, title: str) -> Work:
        if not self._locked(layers) and not self._hidden(layers):
            return self._gather(layers, title, lambda merge: merge.apply(self._document, name))
        return None

    def _locked(self, layers: Sequence[Layer]) -> bool:
        locked = next((layer for layer in layers if layer.protected), None)
        if locked is not None:
            sentence = translate(
                "LayerMerging", "The layer “{name}” is locked. Unlock it in the layers panel, then merge."
            )
            self._say(sentence.format(name=locked.name))
        return locked is not None

    def _hidden(self, layers: Sequence[Layer]) -> bool:
        hidden = next((layer for layer in layers if not layer.shown), None)
        if hidden is not None:
            sentence = translate(
                "LayerMerging",
                "The layer “{name}” is hidden: merging would lose its pixels. Show it or delete it first.",
            )
            self._say(sentence.format(name=hidden.name))
        return hidden is not None

    def _gather(self, layers: Sequence[Layer], title: str, apply: Callable[[Merge], object]) -> Work:
        """What one slice is enough for is done at once; the rest is a coroutine for the event loop."""
        if self._busy:
            self._say(translate("LayerMerging", "Layers are being merged already. Wait, or stop that with Esc."))
            return None
        from canvas.merging import Merge  # here and below: a start does without

        merge = Merge(layers)
        if merge.advance(SLICE_SECONDS):
            apply(merge)
            return None
        return self._go_on(layers, title, apply)

    async def _go_on(self, layers: Sequence[Layer], title: str, apply: Callable[[Merge], object]) -> None:
        """Draws, begins again whenever the painting changes meanwhile, and applies what is of one moment."""
        from canvas.merging import Merge
        from desktop.progress_card import ProgressCard

        self._busy = True
        card = ProgressCard(self._host, title)
        asked: list[str] = []
        card.stopped.connect(lambda: asked.append("stop"))
        disconnect = self._document.changed.connect(lambda change: _note(change, asked))
        try:
            starts, merge = 1, Merge(layers)
            while not merge.advance(SLICE_SECONDS):
                card.advance(merge.progress)
                await asyncio.sleep(0)
                if "stop" in asked:
                    return
                if asked:
                    asked.clear()
                    if starts >= MOST_STARTS or any(layer not in self._document.tree for layer in layers):
                        self._say(
                            translate("LayerMerging", "The painting changed while its layers were merged. Merge again.")
                        )
                        return
                    starts, merge = starts + 1, Merge(layers)
            disconnect()
            apply(merge)
        finally:
            disconnect()
            card.finish()
            self._busy = False


def _note(change: DocumentChange, asked: list[str]) -> None:
    if change.kind in DRAWS:
        asked.append("changed")
