"""Looking after a project file while it is open: trouble, rescue, figures, and room that can be given back."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from canvas.changes import Event
from canvas.project.batch import Batch
from canvas.project.ledger import Ledger
from canvas.project.reader import Reader
from canvas.project.writer import Writer

if TYPE_CHECKING:
    from canvas.project.salvage import Losses
    from canvas.project.space import Figures


class Care:
    """Belongs to one project and to the window's thread, but for `complain`, which any thread may call."""

    def __init__(self, writer: Writer, reader: Reader, ledger: Ledger) -> None:
        self.damaged = writer.damaged
        "The file is broken, in a sentence; nothing is written to it any more. May come from any thread."
        self.unreachable: Event[str] = ledger.tiles.absence.began
        "Pixels cannot be read for the time being, in a sentence. May come from any thread, as `reachable`."
        self.reachable: Event[None] = ledger.tiles.absence.ended
        "They can be read again: look again at what raised UnreachableError."
        self.complaints: list[str] = []
        "What could not be read, in the order in which it was noticed."
        self._writer, self._ledger = writer, ledger
        self._lock = threading.Lock()
        self._told = self._rescued = False
        self.write_steps: Callable[[], None] = lambda: None
        "Writes the undo list into a file that may have nothing of it."
        reader.damage = self.notice

    def complain(self, sentence: str) -> None:
        """Something that the file names is not in it. After a rescue that is known already."""
        self._writer.keep_unused = True
        self.complaints.append(sentence)
        if not self._rescued:
            self.notice(sentence)

    def notice(self, sentence: str) -> None:
        """A part of the file cannot be read: from now on it is not written. Told once."""
        with self._lock:
            first, self._told = not self._told, True
        if first:
            self._writer.freeze()
            self.damaged.emit(sentence)

    def rescue(self, target: Path) -> "Future[Losses]":
        """What can be read, and what is in memory, goes on in the new file `target`. Call `rescued` after it."""
        return self._writer.rescue(target)

    def rescued(self, losses: "Losses") -> None:
        """Writes the tiles that only memory still has."""
        self._told, self._rescued = False, True
        self.damaged.settle()
        batch = Batch()
        for layer in self._ledger.painted():
            keys = [key for key in layer.surface.backed() if (layer.id, *key) in losses.places]
            good = [key for key in keys if layer.surface.backed()[key].digest not in self._ledger.tiles.unread]
            self._ledger.gather_tiles(batch, layer, good)
        self._writer.submit(batch)
        self.write_steps()

    def retry(self) -> None:
        """Tries at once what could not be written."""
        self._writer.retry()

    def figures(self) -> "Future[Figures]":
        """What is in the file and how much room it takes."""
        from canvas.project.space import measure  # asked for by a person

        return self._writer.run(lambda store: measure(store.connection, self._writer.path))

    def remove_unkept(self) -> "Future[int]":
        """Removes the pictures of generations of which none was kept and that have no star; how many went."""
        from canvas.project.space import remove_unkept

        return self._writer.run(lambda store: remove_unkept(store.connection))

    def compact(self) -> "Future[None]":
        """Writes the file anew, as small as it can be. `stop` ends it early and leaves the file as it was."""
        return self._writer.compact()

    def grown(self) -> int:
        """Bytes that a running copy has written so far."""
        growing = self._writer.copying
        try:
            return growing.stat().st_size if growing is not None else 0
        except OSError:
            return 0

    def stop(self) -> None:
        """Ends `compact` early."""
        self._writer.stop_copying()


def free_names(path: Path, word: str) -> Iterator[Path]:
    """`NAME (word).scroll`, `NAME (word 2).scroll` … in the folder of `path`."""
    yield path.with_name(f"{path.stem} ({word}){path.suffix}")
    for number in range(2, 10_000):
        yield path.with_name(f"{path.stem} ({word} {number}){path.suffix}")
