"""Reads the file: pixels on demand, and what `handscroll info` says about it."""

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

from canvas.errors import CanvasError
from canvas.generations import blob_hash
from canvas.project.batch import Pixels
from canvas.project.codec import Codec, decode
from canvas.project.schema import check_identity, connect

VERDICTS = "SELECT generation_id, idx, layer_id FROM verdict ORDER BY number"


class Reader:
    """A read-only connection that any thread may ask; it can be pointed at another file (Save As)."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._path = path
        # At first without a trace: until it is known that the file is ours, nothing may appear beside it.
        self._connection: sqlite3.Connection | None = connect_quietly(path)

    def rows(self, sql: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query. Raises CanvasError when the file cannot be read."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = connect(self._path, "ro")
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise damaged(self._path, error) from error

    def blob(self, digest: str) -> Pixels:
        """The pixels of a hash. Raises CanvasError when they are missing or damaged."""
        found = self.rows("SELECT codec, width, height, channels, data FROM blob WHERE hash = ?", (digest,))
        if not found:
            raise CanvasError(f"The pixels {digest[:12]}… are missing from {self._path.name}.")
        codec, width, height, channels, data = found[0]
        shape = (height, width, channels) if channels else (height, width)
        pixels = decode(codec, data, shape)
        # A zstd frame carries a checksum of its own; a plain colour has only its hash.
        if codec == Codec.PLAIN and blob_hash(pixels) != digest:
            raise CanvasError(f"The pixels {digest[:12]}… in {self._path.name} are damaged.")
        return pixels

    def point_at(self, path: Path) -> None:
        """Goes on with another file that holds the same blobs."""
        with self._lock:
            self._disconnect()
            self._path = path

    def close(self) -> None:
        """Lets go of the file; a later question opens it again."""
        with self._lock:
            self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def sizes(path: Path) -> dict[str, Any]:
    """What is in a project file, without opening the painting; another program may be painting in it.

    Raises CanvasError for files that are missing, foreign, newer or damaged.
    """
    if not path.is_file():
        raise CanvasError(f"There is no file {path}.")
    try:
        connection = connect_quietly(path)
        try:
            major, minor = check_identity(connection, path)
            counts = {
                name: connection.execute(sql).fetchone()[0]
                for name, sql in {
                    "layers": "SELECT count(*) FROM layer",
                    "tiles": "SELECT count(*) FROM tile",
                    "generations": "SELECT count(*) FROM generation",
                    "kept": "SELECT count(DISTINCT generation_id || '/' || idx) FROM verdict",
                    "blobs": "SELECT count(*) FROM blob",
                    "blob_bytes": "SELECT coalesce(sum(length(data)), 0) FROM blob",
                }.items()
            }
            meta = {k: json.loads(v) for k, v in connection.execute("SELECT key, value FROM meta")}
        finally:
            connection.close()
    except (sqlite3.Error, ValueError) as error:
        raise damaged(path, error) from error
    return {
        "file": str(path),
        "bytes": path.stat().st_size,
        "version": f"{major}.{minor}",
        "document": meta.get("document", ""),
        "created": meta.get("created", ""),
        "frame": meta.get("frame", []),
        **counts,
    }


def snapshot(path: Path, target: Path) -> None:
    """Copies the last committed state of a project, open or not, to a new file. Raises CanvasError."""
    if not path.is_file():
        raise CanvasError(f"There is no file {path}.")
    try:
        connection = connect_quietly(path)
        try:
            check_identity(connection, path)
            connection.execute("VACUUM INTO ?", (str(target),))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise damaged(path, error) from error


def connect_quietly(path: Path) -> sqlite3.Connection:
    """A reading connection that leaves nothing beside the file, even in folders that cannot be written."""
    resting = not path.with_name(path.name + "-wal").exists()
    return connect(path, "ro&immutable=1" if resting else "ro")


def damaged(path: Path, error: Exception) -> CanvasError:
    """The sentence for a file that SQLite cannot read."""
    return CanvasError(
        f"{path.name} cannot be read as a Handscroll painting ({error}). The file has not been changed; "
        "open a copy of it from a backup if you have one."
    )
