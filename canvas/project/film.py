"""The film of a painting: small pictures of what changed, one after the other. Time-lapses are made of it."""

from concurrent.futures import Future
from dataclasses import dataclass

from canvas.errors import CanvasError
from canvas.geometry import Bounds
from canvas.project.batch import Batch, FilmPatch
from canvas.project.reader import Reader
from canvas.project.writer import Writer


@dataclass(frozen=True)
class FilmEntry:
    """A patch without its picture."""

    number: int
    "Its place in the file's order."
    at: str
    "ISO 8601, UTC."
    bounds: Bounds
    "Canvas pixels that it covers."


class Film:
    """What a project file holds of its own past. Any thread."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self._reader, self._writer = reader, writer

    def add(self, patch: FilmPatch) -> None:
        """Hands a patch to the writer."""
        self._writer.submit(Batch(film=[patch]))

    def entries(self) -> list[FilmEntry]:
        """All patches in the file, oldest first, without their pictures. Raises CanvasError."""
        rows = self._reader.rows("SELECT number, at, x, y, width, height FROM film ORDER BY number")
        return [FilmEntry(number, at, Bounds(*place)) for number, at, *place in rows]

    def picture(self, number: int) -> bytes:
        """The WebP of a patch. Raises CanvasError."""
        rows = self._reader.rows("SELECT data FROM film WHERE number = ?", (number,))
        if not rows:
            raise CanvasError(f"The film has no picture with the number {number}.")
        return bytes(rows[0][0])

    def size(self) -> tuple[int, int]:
        """How many patches there are, and their bytes. Raises CanvasError."""
        count, size = self._reader.rows("SELECT count(*), coalesce(sum(length(data)), 0) FROM film")[0]
        return count, size

    def forget(self) -> "Future[None]":
        """Removes the film from the file; completes when that is done."""
        self._writer.submit(Batch(forget_film=True), now=True)
        return self._writer.flush()
