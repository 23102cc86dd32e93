"""Project: a document and its file. Whatever happens to the document is in the file within a second."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from canvas.changes import ChangeKind, DocumentChange, Event
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.generations import REMOVED, Entry, GenerationRecord, LogQuery, blob_hash
from canvas.geometry import Bounds
from canvas.paging import Pager
from canvas.project.ahead import refs_in_sight
from canvas.project.assembly import SMALL, build_document, everything, restore_history, saved_pixels, selection_pixels
from canvas.project.batch import Batch, NewGeneration, Pixels, Verdict, now
from canvas.project.care import Care
from canvas.project.document_reader import read_document
from canvas.project.file_lock import FileLock
from canvas.project.film import Film
from canvas.project.ledger import Ledger
from canvas.project.log_archive import FileArchive
from canvas.project.pins import FilePins, StoredTile, StoredTiles
from canvas.project.reader import DamagedError, Reader, connect_quietly, damaged, look_through, sizes
from canvas.project.schema import MAJOR, MINOR, check_identity, create_file, migrate
from canvas.project.step_list import StepList
from canvas.project.writer import Writer

LAYER_KINDS = frozenset(
    {ChangeKind.LAYER_ADDED, ChangeKind.LAYER_REMOVED, ChangeKind.LAYER_MOVED, ChangeKind.LAYER_SET}
)


class FileBlobs:
    """The log's view of the pixels in the file."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self._reader, self._writer = reader, writer

    def put(self, pixels: Pixels) -> str:
        """Hands a copy to the writer; returns the hash."""
        digest = blob_hash(pixels)
        self._writer.submit(Batch(blobs={digest: pixels.copy()}))
        return digest

    def get(self, digest: str) -> Pixels:
        """Pixels by hash, also those still on their way. Raises CanvasError when there are none."""
        if not digest:
            raise CanvasError(REMOVED)
        found = self._writer.find_blob(digest)
        return self._reader.blob(digest) if found is None else found


class Project:
    """One open `.scroll` file and its document. All methods belong to the window's thread; none waits for the disk
    but `create`, `open` and `close`. `problem` and `state_changed` may be emitted from the writer's thread.
    """

    def __init__(self, document: Document, reader: Reader, writer: Writer, ledger: Ledger, steps: StepList) -> None:
        """Use `create` or `open`."""
        self.document = document
        self.problem: Event[str] = writer.problem
        self.state_changed: Event[str] = writer.state_changed
        self._reader, self._writer = reader, writer
        self._gathered = Batch()
        self._on_the_way: set[str] = set()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._ledger, self._steps = ledger, steps
        self._pins = ledger.tiles.pins = FilePins(reader, writer)
        self.film = Film(reader, writer)
        "Small pictures of what changed over time."
        self.pager = Pager(ledger.surfaces, document.history.shelf)
        "What of the painting is in memory."
        self._watch()
        document.history.shelf.vault = self._pins
        self._archive = FileArchive(reader, writer.path)
        document.generations.attach(self._archive)
        writer.readers += [reader, self._archive]
        self.care = Care(writer, reader, ledger)
        "Trouble, figures, and room that can be given back."
        ledger.tiles.complain = self._pins.complain = self.care.complain
        self.care.write_steps = self._write_steps_anew
        self._disconnect = document.changed.connect(self._listen)

    @classmethod
    def create(cls, path: Path, document: Document) -> "Project":
        """A new file for a document. Raises CanvasError when the name is taken or cannot be written."""
        path = path.absolute()
        lock = FileLock(path)
        try:
            create_file(path)
            writer, reader = Writer(path, lock), Reader(path)
        except (sqlite3.Error, CanvasError) as error:
            lock.release()
            raise error if isinstance(error, CanvasError) else damaged(path, error) from error
        writer.fresh = True
        tiles = StoredTiles(reader, writer.problem.emit)
        ledger = Ledger(document.tree, tiles)
        first = everything(document, ledger)
        document.generations.blobs = FileBlobs(reader, writer)
        steps = StepList()
        steps.gather(first, document.history, document.tree)
        ledger.seal(first)
        writer.submit(first, now=True)
        return cls(document, reader, writer, ledger, steps)

    @classmethod
    def open(cls, path: Path) -> "Project":
        """The painting in a file, tiles still on disk. Raises CanvasError; the file is then as it was."""
        path = path.resolve()
        if not path.is_file():
            raise CanvasError(f"There is no file {path}.")
        lock = FileLock(path)
        complaints: list[str] = []
        try:
            _check_and_migrate(path)
            reader = Reader(path)
            try:
                stored = read_document(reader, complaints.append)
            finally:
                reader.close()
            if complaints:
                raise DamagedError(complaints[0])
            writer = Writer(path, lock)
        except (sqlite3.Error, CanvasError) as error:
            lock.release()
            raise error if isinstance(error, CanvasError) else damaged(path, error) from error
        except BaseException:
            lock.release()
            raise
        document = build_document(stored, FileBlobs(reader, writer))
        steps = restore_history(document, stored, complaints.append)  # steps of a newer version are no damage
        project = cls(document, reader, writer, Ledger(document.tree, stored.tiles), steps)
        project.care.complaints.extend(complaints)
        writer.index_log()
        project._pool.submit(document.generations.count)  # so that the window never waits for it
        return project

    inspect = staticmethod(sizes)

    @property
    def path(self) -> Path:
        """Where the file is now."""
        return self._writer.path

    @property
    def state(self) -> str:
        """`saved`, `saving` or `problem`."""
        return self._writer.state

    @property
    def kept_steps(self) -> int:
        """How many undo steps the file keeps for the next session; older ones end with this one."""
        return self._steps.limit

    @kept_steps.setter
    def kept_steps(self, value: int) -> None:
        if value != self._steps.limit:
            self._steps.limit = value
            self._hand_over()

    def flush(self) -> Future[None]:
        """Completes when all that happened so far is committed; CanvasError when it cannot be."""
        self._hand_over()
        return self._writer.flush()

    def save(self) -> Future[None]:
        """As `flush`, and safe from a power cut: one whole file."""
        self._hand_over()
        return self._writer.flush(settle=True)

    def save_as(self, path: Path) -> Future[None]:
        """Goes on in another file, replacing what has that name; the old file stays as it was last written."""
        self._hand_over()
        path = path.absolute()
        if path.exists() and path.resolve() == self.path.resolve():
            return self._writer.flush(settle=True)
        return self._writer.save_as(path)

    def closing(self) -> Future[None]:
        """Writes what is left and lets go of the file without waiting; CanvasError, and open still, if that fails."""
        self._hand_over()
        self._ledger.tiles.close()
        self._reader.close()
        self._archive.close()
        future = self._writer.close()
        future.add_done_callback(self._after_close)
        return future

    def close(self) -> None:
        """As `closing`, and waits for it."""
        self.closing().result()

    def abandon(self) -> None:
        """Lets go of the file, giving up what could not be written."""
        self._ledger.tiles.close()
        self._reader.close()
        self._archive.close()
        future = self._writer.abandon()
        future.add_done_callback(self._after_close)
        future.result()

    def store_generation(
        self, record: GenerationRecord, patches: Sequence[Pixels], inputs: Mapping[str, Pixels]
    ) -> "Future[GenerationRecord]":
        """Writes a record and its pixels at once; completes after COMMIT with the record, hashes filled in.

        Append that one to the log then. Fails with NotStoredError when it must wait; it is then kept and retried.
        """
        pixels: dict[str, Pixels] = {}
        hashes: list[str] = []
        for patch in patches:
            hashes.append(blob_hash(patch))
            pixels[hashes[-1]] = patch
        named = {name: blob_hash(array) for name, array in inputs.items()}
        pixels.update((named[name], array) for name, array in inputs.items())
        record = replace(record, candidates=tuple(hashes), inputs=named)
        done: Future[GenerationRecord] = Future()
        self._on_the_way.add(record.id)
        self._writer.submit(Batch(generations=[NewGeneration(record, pixels, done)]), now=True)
        return done

    def search(self, query: LogQuery, limit: int = 100, before: str = "") -> "Future[tuple[GenerationRecord, ...]]":
        """`GenerationLog.find` on another thread. Fails with CanvasError."""
        return self._pool.submit(self.document.generations.find, query, limit, before)

    def search_entries(self, query: LogQuery, limit: int = 100, before: str = "") -> "Future[tuple[Entry, ...]]":
        """`GenerationLog.find_entries` on another thread. Fails with CanvasError."""
        return self._pool.submit(self.document.generations.find_entries, query, limit, before)

    def load_blob(self, digest: str) -> "Future[Pixels]":
        """The pixels of a hash, read on another thread. Fails with CanvasError."""
        return self._pool.submit(self.document.generations.blobs.get, digest)

    # From the document

    def _listen(self, change: DocumentChange) -> None:
        gathered, document = self._gathered, self.document
        if change.kind is ChangeKind.TILES:
            self._ledger.gather_tiles(gathered, document.tree.find(change.layer_id), change.keys)
        elif change.kind in LAYER_KINDS:
            self._ledger.gather_layers(gathered, document.tree)
            self._watch()
        elif change.kind is ChangeKind.SELECTION:
            gathered.selection = selection_pixels(document.selection)
        elif change.kind is ChangeKind.SAVED_SELECTIONS:
            gathered.saved = saved_pixels(document)
        elif change.kind in SMALL:
            gathered.meta[str(change.kind)] = json.dumps(SMALL[change.kind](document))
        elif change.kind is ChangeKind.ACTIVE:
            self._writer.submit(Batch(meta={"active": json.dumps(change.layer_id)}))
        elif change.kind is ChangeKind.GENERATIONS:
            self._listen_to_log(change.origin)
        elif change.kind is ChangeKind.HISTORY:
            # The last word of every step, undo and redo: until here the document was between two states.
            self._hand_over()
            self.tend()

    def look_ahead(self, area: Bounds) -> None:
        """These canvas pixels will be shown in a moment: threads begin to read them. Returns at once."""
        tiles = self._ledger.tiles
        refs = refs_in_sight(self._ledger.painted(), area)
        tiles.ahead.want(ref.digest for ref in refs if isinstance(ref, StoredTile) and ref.source is tiles)

    def tend(self) -> None:
        """Keep memory within its budget: drop tiles that are in the file. Quick; call it when the state is `saved`."""
        self._ledger.tiles.ahead.forget()
        self._ledger.settle()
        self.pager.make_room()

    def _watch(self) -> None:
        """Every surface says when it loads a tile."""
        for surface in self._ledger.surfaces():
            surface.loaded_from_afar = self.pager.one_more

    def _listen_to_log(self, record_id: str) -> None:
        log = self.document.generations
        news, batch = log.take_news(record_id), Batch()
        if news.record is not None and record_id not in self._on_the_way:
            batch.generations.append(NewGeneration(news.record, {}))
        self._on_the_way.discard(record_id)
        batch.verdicts.extend(Verdict(record_id, index, layer_id, now()) for index, layer_id in news.verdicts)
        if (entry := news.entry) is not None:
            if batch.is_empty and news.annotation is None:
                log.committed(entry)
            batch.after_commit.append(lambda _: log.committed(entry))
        if news.annotation is not None:  # part of a step, and written with the rest of it
            batch.annotations[record_id] = news.annotation
            self._gathered.add(batch)
        else:
            self._writer.submit(batch)

    def _write_steps_anew(self) -> None:
        self._steps.forget_file()
        self._hand_over()

    def _hand_over(self) -> None:
        if self.document.in_transaction:
            return
        gathered, self._gathered = self._gathered, Batch()
        self._steps.gather(gathered, self.document.history, self.document.tree)
        self._ledger.seal(gathered)
        self._writer.submit(gathered)

    def _after_close(self, future: "Future[None]") -> None:
        if future.exception() is None:
            self._disconnect()
            self.document.history.shelf.vault = None
            self._archive.close()
            self._pool.shutdown(wait=False)

    @property
    def complaints(self) -> tuple[str, ...]:
        """What could not be read from the file, in the order it was noticed."""
        return tuple(self.care.complaints)


def _check_and_migrate(path: Path) -> None:
    connection = connect_quietly(path)
    try:
        version = check_identity(connection, path)
    finally:
        connection.close()
    if version < (MAJOR, MINOR):
        look_through(path)  # a damaged file must not be written, and this changes it
    migrate(path, version)
