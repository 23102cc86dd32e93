"""What undo keeps of old pixels: first as they are, then compressed, at last in the project file."""

import math
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.errors import CanvasError
from canvas.geometry import TILE, Bounds
from canvas.project.codec import Packed, pack
from canvas.selection import Selection
from canvas.surface import TileRef
from canvas.tile import FORMAT

Pixels: TypeAlias = NDArray[np.uint8]
AT_ONCE = 64
"Pictures that are compressed between two looks at the budget."
PAUSE = 0.05
"Seconds before compressing begins: first the screen shows what was just done."
SMALL_MASK = 1 << 14
"Bytes of a selection that is not worth compressing."


class Pin(Protocol):
    """Keeps pixels in the project file for as long as it lives."""

    @property
    def digest(self) -> str:
        """Their hash."""
        ...

    def read(self) -> Pixels:
        """The pixels; empty ones, with a complaint, if the file cannot give them any more."""
        ...

    def hold(self) -> None:
        """Keep them from now on, whoever else kept them until now."""
        ...


class Vault(Protocol):
    """A project file that takes what memory cannot hold. Safe to call from any thread."""

    def spill(self, packed: Sequence[Packed], done: Callable[[Sequence[Pin]], None]) -> None:
        """Writes pixels; calls back on another thread after COMMIT. CanvasError when the file is closed."""
        ...


class Kept:
    """The pixels of one tile or mask. A `TileRef`, so that a surface can have it as it is."""

    __slots__ = ("__weakref__", "_packed", "_pin", "_raw", "_ref", "_shape", "_shelf", "claims", "filed")

    def __init__(self, shelf: "Shelf", raw: QImage | Pixels | None, shape: tuple[int, ...]) -> None:
        self._shelf, self._shape = shelf, shape
        self._raw, self._packed, self._pin = raw, None, None
        self._ref: TileRef | None = None
        self.filed = 0
        "Bytes it takes in the file, beyond what the painting itself takes there."
        self.claims = 0
        "Steps that alone need it."

    def __del__(self) -> None:
        if self.claims:
            self._shelf.count(self, -1)

    @property
    def digest(self) -> str:
        """Its hash in the project file, once it is kept there; else empty."""
        if self._ref is not None:
            return self._ref.digest
        return "" if self._pin is None else self._pin.digest

    @property
    def vault(self) -> Vault | None:
        """Where it is or would be kept on disk."""
        return self._shelf.vault

    @property
    def packed(self) -> Packed | None:
        """Its compressed form, while it has that."""
        return self._packed

    @property
    def image(self) -> QImage | None:
        """The tile, while it is in memory as it is."""
        return self._raw if isinstance(self._raw, QImage) else None

    @property
    def is_tile(self) -> bool:
        """Whether it holds a tile, not a mask."""
        return len(self._shape) == 3

    def is_of(self, mask: Pixels) -> bool:
        """Whether it holds this very mask as it is."""
        return self._raw is mask

    def load(self) -> QImage:
        """The tile, wherever it is now."""
        raw = self._raw
        if isinstance(raw, QImage):
            return raw
        if self._ref is not None:
            return self._ref.load()
        found = self.pixels()
        return QImage(found.data, TILE, TILE, TILE * 4, FORMAT).copy()

    def pixels(self) -> Pixels:
        """As an array of bytes; not to be written to."""
        # Each form is let go of only after the next is there: looking in this order always finds one.
        raw, packed, pin = self._raw, self._packed, self._pin
        if raw is not None:
            return np.frombuffer(raw.constBits(), np.uint8).reshape(self._shape) if isinstance(raw, QImage) else raw
        if packed is not None:
            return packed.pixels()
        if pin is None:
            return self._late()
        return self._fitting(pin.read())

    def hold(self) -> None:
        """What it has in memory it holds by itself; what a step of an earlier session left in the file is held now."""
        where = self._pin if self._ref is None else self._ref
        if where is not None:
            where.hold()

    def form(self) -> "QImage | Pixels | Packed | TileRef | Pin":
        """What it is at present, for the writer: pixels, their compressed form, or where they are. Any thread."""
        # Each form is let go of only after the next is there: looking in this order always finds one.
        raw, packed, pin = self._raw, self._packed, self._pin
        if raw is not None:
            return raw
        found = packed or self._ref or pin or self._ref or self._packed or self._pin
        assert found is not None  # noqa: S101 - it has one of the forms
        return found

    def compress(self) -> None:
        """Replace the raw form by the compressed one. Any thread."""
        raw = self._raw
        if raw is None:
            return
        packed = pack(self.pixels())
        with self._shelf.lock:
            self._shelf.count(self, -1)
            self._packed, self._raw = packed, None
            self._shelf.count(self, 1)

    def spilled(self, pin: Pin) -> None:
        """The file has it now. Any thread."""
        with self._shelf.lock:
            self._shelf.count(self, -1)
            self.filed = len(self._packed.data) if self._packed is not None else 0
            self._pin, self._packed, self._raw = pin, None, None
            self._shelf.count(self, 1)

    def found_in_file(self, ref: TileRef) -> None:
        """The file has it anyway, as a tile that a layer shows."""
        ref.hold()
        with self._shelf.lock:
            self._shelf.count(self, -1)
            self._ref, self._packed, self._raw = ref, None, None
            self._shelf.count(self, 1)

    @property
    def bytes_by_form(self) -> tuple[int, int]:
        """Memory it takes raw, and compressed."""
        if self._raw is not None:
            return math.prod(self._shape), 0
        return (0, len(self._packed.data)) if self._packed is not None else (0, 0)

    def _late(self) -> Pixels:
        """Another thread moved it between our two looks."""
        if self._packed is not None:
            return self._packed.pixels()
        assert self._pin is not None  # noqa: S101 - it has one of the three forms
        return self._fitting(self._pin.read())

    def _fitting(self, found: Pixels) -> Pixels:
        return found if found.shape == self._shape else np.zeros(self._shape, np.uint8)


class KeptSelection:
    """A selection whose mask may be compressed or in the file."""

    def __init__(self, bounds: Bounds, kept: Kept) -> None:
        self.bounds, self.kept = bounds, kept

    def selection(self) -> Selection:
        """The selection itself."""
        return Selection(self.bounds, self.kept.pixels())


class Shelf:
    """All that undo keeps, and how much of it memory may hold."""

    def __init__(self, budget_bytes: int) -> None:
        self.budget_bytes = budget_bytes
        "What may be held in memory; half of it as it is, the rest compressed."
        self.vault: Vault | None = None
        "Where the rest goes; None keeps it in memory."
        self.lock = threading.RLock()
        self._raw = self._packed = self._filed = 0
        self._images: weakref.WeakValueDictionary[int, Kept] = weakref.WeakValueDictionary()
        self._masks: weakref.WeakValueDictionary[int, Kept] = weakref.WeakValueDictionary()
        self._line: deque[weakref.ref[Kept]] = deque()
        self._squeezed: deque[weakref.ref[Kept]] = deque()
        self._on_the_way = 0
        self._worker: threading.Thread | None = None

    @property
    def held_bytes(self) -> int:
        """Memory that only undo needs."""
        return self._raw + self._packed

    @property
    def filed_bytes(self) -> int:
        """What the project file has only for undo."""
        return self._filed

    @property
    def is_busy(self) -> bool:
        """Whether something is being compressed or written, so that less will be held soon."""
        return self._worker is not None and self._worker.is_alive()

    def keep(self, tile: QImage | TileRef) -> Kept:
        """The one box for a tile."""
        if isinstance(tile, Kept):
            return tile
        if not isinstance(tile, QImage):
            kept = Kept(self, None, (TILE, TILE, 4))
            kept.found_in_file(tile)
            return kept
        found = self._images.get(tile.cacheKey())
        if found is None or found.image is None:
            found = Kept(self, tile, (TILE, TILE, 4))
            self._images[tile.cacheKey()] = found
        return found

    def keep_selection(self, selection: Selection) -> KeptSelection | Selection:
        """The one box for a selection's mask that is worth one: what one step came to is what the next one left."""
        mask = selection.mask
        if mask.nbytes < SMALL_MASK:
            return selection
        found = self._masks.get(id(mask))
        if found is None or not found.is_of(mask):
            found = self._masks[id(mask)] = Kept(self, mask, mask.shape)
        return KeptSelection(selection.bounds, found)

    def stored(self, pin: Pin, shape: tuple[int, ...]) -> Kept:
        """A box for pixels that the file has already, a tile's or a mask's."""
        kept = Kept(self, None, shape)
        kept.spilled(pin)
        return kept

    def found_in_file(self, tile: QImage, ref: TileRef) -> None:
        """A tile that leaves a surface's memory because the file has it: undo need not hold it either."""
        kept = self._images.get(tile.cacheKey())
        if kept is not None and kept.image is not None:
            kept.found_in_file(ref)

    def claim(self, kept: Kept) -> None:
        """Only undo needs it now: it counts, and may be compressed."""
        with self.lock:
            kept.claims += 1
            if kept.claims == 1:
                self.count(kept, 1)
                (self._line if kept.packed is None else self._squeezed).append(weakref.ref(kept))

    def unclaim(self, kept: Kept) -> None:
        """The painting itself shows it again."""
        with self.lock:
            if kept.claims == 1:
                self.count(kept, -1)
            kept.claims = max(kept.claims - 1, 0)

    def count(self, kept: Kept, sign: int) -> None:
        """Add what a claimed box takes to the sums, or take it away."""
        if kept.claims:
            raw, packed = kept.bytes_by_form
            self._raw += sign * raw
            self._packed += sign * packed
            self._filed += sign * kept.filed

    def tidy(self) -> None:
        """Begin to compress and write, in a thread, if too much is held. Returns at once."""
        if not self._too_much() or self.is_busy:
            return
        self._worker = threading.Thread(target=self._work, name="undo packer", daemon=True)
        self._worker.start()

    def settle(self) -> None:
        """Wait until all that can be compressed is compressed (tests and measuring)."""
        while self.is_busy or self._too_much():
            if self._worker is not None:
                self._worker.join()
            self.tidy()
            if not self.is_busy and not self._line and (self.vault is None or not self._squeezed):
                return

    def _too_much(self) -> bool:
        if self._raw > self.budget_bytes // 2 and self._line:
            return True
        return self.vault is not None and self._over() and bool(self._squeezed or self._line)

    def _over(self) -> bool:
        return self._raw + self._packed - self._on_the_way > self.budget_bytes

    def _work(self) -> None:
        """The thread: until enough is compressed, and the rest handed to the file."""
        time.sleep(PAUSE)
        while self._raw > self.budget_bytes // 4 and self._line:
            for kept in self._oldest(self._line):
                kept.compress()
                self._squeezed.append(weakref.ref(kept))
        while self.vault is not None and self._over() and self._squeezed:
            if not self._spill(self.vault, self._oldest(self._squeezed)):
                return

    def _oldest(self, line: "deque[weakref.ref[Kept]]") -> list[Kept]:
        found: list[Kept] = []
        while line and len(found) < AT_ONCE:
            kept = line.popleft()()
            if kept is not None and kept.claims and any(kept.bytes_by_form):
                found.append(kept)
        return found

    def _spill(self, vault: Vault, boxes: list[Kept]) -> bool:
        packed = [(kept, kept.packed) for kept in boxes if kept.packed is not None]
        size = sum(len(one.data) for _, one in packed)

        def done(pins: Sequence[Pin]) -> None:
            for (kept, _), pin in zip(packed, pins, strict=True):
                kept.spilled(pin)
            with self.lock:
                self._on_the_way -= size

        with self.lock:
            self._on_the_way += size
        try:
            vault.spill([one for _, one in packed], done)
        except CanvasError:  # the file was closed meanwhile; what it would have taken stays in memory
            with self.lock:
                self._on_the_way -= size
            return False
        return True
