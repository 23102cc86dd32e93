"""Which tiles of the painting the file has just as they are: what is to be written, and what memory may drop."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from PySide6.QtGui import QImage

from canvas.geometry import TileKey
from canvas.kept import Kept
from canvas.layers import Layer, LayerTree, PaintLayer
from canvas.project.batch import Batch, Place, Stored, layer_rows
from canvas.project.pins import StoredTile, StoredTiles
from canvas.surface import TiledSurface, TileRef


class Ledger:
    """Follows every surface of a document. Belongs to the window's thread, but for the reports of commits."""

    def __init__(self, tree: LayerTree, tiles: StoredTiles) -> None:
        """For a tree that is in the file already, or is about to be gathered as a whole."""
        self.tiles = tiles
        "Where tiles come back from."
        self._known: dict[str, PaintLayer] = {layer.id: layer for layer in tree.surfaces()}
        self._dirty: dict[Place, int] = {}
        self._serial = 1
        self._commits: deque[tuple[int, Mapping[Place, str]]] = deque()

    def surfaces(self) -> Iterator[TiledSurface]:
        """All surfaces that the document shows."""
        return (layer.surface for layer in self._known.values())

    def painted(self) -> Iterator[PaintLayer]:
        """All layers and masks with pixels that the document shows."""
        return iter(tuple(self._known.values()))

    def gather_all(self, batch: Batch, tree: LayerTree) -> None:
        """Everything there is, into a batch."""
        batch.layers = layer_rows(tree)
        self._known = {layer.id: layer for layer in tree.surfaces()}
        for layer in self._known.values():
            self._gather_surface(batch, layer)

    def gather_layers(self, batch: Batch, tree: LayerTree) -> None:
        """All rows, the pixels of layers and masks that came, and a hold on those that went."""
        batch.layers = layer_rows(tree)
        now = {layer.id: layer for layer in tree.surfaces()}
        before, self._known = self._known, now
        for layer_id, layer in before.items():
            if now.get(layer_id) is not layer:
                self._let_go(layer)
        for layer_id, layer in now.items():
            if before.get(layer_id) is not layer:
                self._gather_surface(batch, layer)

    def gather_tiles(self, batch: Batch, layer: Layer, keys: Iterable[TileKey]) -> None:
        """Some tiles as they are now."""
        if isinstance(layer, PaintLayer):
            for key in keys:
                place = (layer.id, key)
                batch.tiles[place] = self._frozen(layer.surface, key)
                self._dirty[place] = self._serial

    def seal(self, batch: Batch) -> None:
        """The batch goes to the writer now; hear when it is in the file."""
        serial = self._serial
        self._serial += 1
        batch.keeps.update(self.tiles.keeps)
        self.tiles.keeps.clear()
        if self.tiles.pins is not None:
            batch.keeps.update(self.tiles.pins.released())
        if batch.tiles:
            batch.after_commit.append(lambda written: self._commits.append((serial, written)))

    def settle(self) -> None:
        """Take in what was committed meanwhile: those tiles need not stay in memory."""
        while self._commits:
            serial, written = self._commits.popleft()
            for place, digest in written.items():
                if self._dirty.get(place, serial + 1) > serial:
                    continue
                del self._dirty[place]
                layer = self._known.get(place[0])
                if layer is not None:
                    layer.surface.back(place[1], StoredTile(self.tiles, digest))

    def _let_go(self, layer: PaintLayer) -> None:
        for ref in layer.surface.away().values():
            ref.hold()
        layer.surface.unback()
        layer.surface.loaded_from_afar = None
        for place in [place for place in self._dirty if place[0] == layer.id]:
            del self._dirty[place]

    def _gather_surface(self, batch: Batch, layer: PaintLayer) -> None:
        """All its pixels replace what the file holds of it."""
        layer.surface.unback()
        fresh = Batch(rewritten={layer.id})
        self.gather_tiles(fresh, layer, sorted(layer.surface.keys()))
        batch.add(fresh)

    def _frozen(self, surface: TiledSurface, key: TileKey) -> Stored:
        """The tile as it is now: an image object of its own that shares the pixels, or where they are."""
        held = surface.held(key)
        if held is None or isinstance(held, QImage):
            return None if held is None else QImage(held)
        if self._is_ours(held):
            return held.digest
        packed = held.packed
        if packed is not None:
            return packed
        tile = held.load()
        surface.set_tile(key, tile)  # not to be dropped again: the other file may go
        return QImage(tile)

    def _is_ours(self, ref: TileRef) -> bool:
        """Whether this very file has the pixels: a layer may come from another painting."""
        if isinstance(ref, StoredTile):
            return ref.source is self.tiles
        return bool(ref.digest) and isinstance(ref, Kept) and ref.vault is self.tiles.pins
