"""What keeps pixels in the project file although no layer names them: undo, copies, layers that were taken out."""

import threading
import weakref
from collections import deque
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtGui import QImage

from canvas.errors import CanvasError
from canvas.geometry import TILE, TileKey
from canvas.project.absence import Absence
from canvas.project.ahead import LookAhead
from canvas.project.batch import Batch, Keep, Pixels
from canvas.project.checks import tile_sum
from canvas.project.codec import Packed
from canvas.project.reader import Reader, UnreachableError
from canvas.project.writer import Writer
from canvas.tile import FORMAT, new_tile
from canvas.tile import pixels as writable


class FilePin:
    """One hash that must stay in the file for as long as this object lives."""

    __slots__ = ("__weakref__", "_pins", "digest")

    def __init__(self, pins: "FilePins", digest: str) -> None:
        self._pins, self.digest = pins, digest

    def __del__(self) -> None:
        # Only noted: a collection may run anywhere, also inside the writer's lock.
        self._pins.let_go.append(self.digest)

    def read(self) -> Pixels:
        """The pixels; empty ones, with a complaint, if they cannot be read."""
        try:
            return self._pins.reader.blob(self.digest)
        except UnreachableError:
            raise
        except CanvasError as error:
            self._pins.complain(f"A part of the undo history cannot be read: {error}")
            return np.zeros((TILE, TILE, 4), np.uint8)

    def hold(self) -> None:
        """It does already."""


class FilePins:
    """All pins of one project; the vault of its undo history. Any thread."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self.reader, self.writer = reader, writer
        self.complain: Callable[[str], None] = writer.problem.emit
        "Told in a sentence about what cannot be read."
        self.let_go: deque[str] = deque()
        self._alive: weakref.WeakValueDictionary[str, FilePin] = weakref.WeakValueDictionary()
        self._lock = threading.RLock()

    def pin(self, digest: str) -> tuple[FilePin, bool]:
        """The one pin of a hash, and whether it is new: then `Batch.keeps` must tell the file."""
        with self._lock:
            found = self._alive.get(digest)
            fresh = found is None
            if found is None:
                found = self._alive[digest] = FilePin(self, digest)
            return found, fresh

    def spill(self, packed: Sequence[Packed], done: Callable[[Sequence[FilePin]], None]) -> None:
        """Writes pixels; calls back on the writer's thread after COMMIT. CanvasError when the file is closed."""
        pins = [self.pin(one.digest)[0] for one in packed]
        keeps: dict[str, Keep] = {one.digest: one for one in packed}
        self.writer.submit(Batch(keeps=keeps, after_commit=[lambda _: done(pins)]))

    def released(self) -> dict[str, Keep]:
        """What need not be kept any more, for `Batch.keeps`."""
        gone: dict[str, Keep] = {}
        with self._lock:
            while self.let_go:
                digest = self.let_go.popleft()
                if digest not in self._alive:
                    gone[digest] = False
        return gone


class StoredTile:
    """One tile that the file has."""

    __slots__ = ("_pin", "digest", "source")

    def __init__(self, source: "StoredTiles", digest: str) -> None:
        self.source, self.digest = source, digest
        self._pin: FilePin | None = None

    @property
    def packed(self) -> Packed | None:
        """None: it is read when it is needed."""
        return None

    def load(self) -> QImage:
        """The pixels; empty ones, with a complaint, when they are damaged, so that the rest can be seen.

        Raises UnreachableError while the file cannot be read at all.
        """
        return self.source.load(self.digest)

    def hold(self) -> None:
        """Keeps it in the file, whatever happens to the layer."""
        if self._pin is None:
            self._pin = self.source.pin(self.digest)


class StoredPixels:
    """Pixels of an undo step, which the file has for as long as it has the step."""

    __slots__ = ("_pin", "_source", "digest")

    def __init__(self, source: "StoredTiles", digest: str) -> None:
        self._source, self.digest = source, digest
        self._pin: FilePin | None = None

    def read(self) -> Pixels:
        """The pixels; empty ones, with a complaint, if they cannot be read."""
        return self._source.pixels_of_undo(self.digest)

    def hold(self) -> None:
        """Keeps them in the file when the step leaves it."""
        if self._pin is None:
            self._pin = self._source.pin(self.digest)


class StoredTiles:
    """Where the tiles of one project come from."""

    def __init__(self, reader: Reader, complain: Callable[[str], None]) -> None:
        self._reader = reader
        self.absence = Absence(reader)
        "Notices when the file cannot be reached."
        self.ahead = LookAhead(reader)
        "Reads what will be looked at next."
        self.complain = complain
        "Told in a sentence about each tile that cannot be read; runs in the thread that looks."
        self.pins: FilePins | None = None
        "Set when the project is open."
        self.keeps: dict[str, Keep] = {}
        "New pins, which go into the file with the next change."
        self.unread: set[str] = set()
        "Hashes that could not be read; their tiles are shown empty."
        self.sum = 0
        "Of all rows that were listed, to be compared with what the file says (`checks`)."

    def of_layer(self, layer_id: str) -> dict[TileKey, StoredTile]:
        """All tiles of a layer. Raises CanvasError when the file cannot be read."""
        found = self._reader.rows("SELECT tx, ty, hash FROM tile WHERE layer_id = ?", (layer_id,))
        self.sum += tile_sum(layer_id, found)
        return {(tx, ty): StoredTile(self, digest) for tx, ty, digest in found}

    def close(self) -> None:
        """Nobody reads ahead or looks for the file any more."""
        self.absence.close()
        self.ahead.close()

    def pin(self, digest: str) -> FilePin | None:
        """Keeps pixels in the file; None while it is only read."""
        if self.pins is None:
            return None
        pin, _ = self.pins.pin(digest)
        self.keeps[digest] = True
        return pin

    def pixels_of_undo(self, digest: str) -> Pixels:
        """What an undo step needs; empty, with a complaint, if it cannot be read."""
        try:
            return self._reader.blob(digest)
        except UnreachableError as error:
            self.absence.notice(error)
            raise
        except CanvasError as error:
            self.complain(f"A part of the undo history cannot be read: {error}")
            return np.zeros((TILE, TILE, 4), np.uint8)

    def load(self, digest: str) -> QImage:
        """One stored tile; a damaged one is empty and complained about.

        Raises UnreachableError while the file cannot be read at all.
        """
        ready = self.ahead.take(digest)
        if ready is not None:
            return ready
        tile = QImage(TILE, TILE, FORMAT)
        try:
            pixels = self._reader.blob(digest, room=writable(tile))
            if pixels.shape != (TILE, TILE, 4):
                raise CanvasError(f"A tile has the impossible size {pixels.shape}.")
        except UnreachableError as error:
            # Not shown as empty: whoever then paints there would lose what the file has.
            self.absence.notice(error)
            raise
        except CanvasError as error:
            self.complain(
                f"A part of the painting cannot be shown: {error} It is shown empty; keep a copy of the file."
            )
            self.unread.add(digest)
            return new_tile()
        return tile
