"""Files with layers: paintings out and in. What draws goes in slices, files are read and written in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from canvas.errors import CanvasError
from canvas.formats.layered import Flattening, LayeredPicture, Progress, from_document, settle, to_document
from canvas.geometry import Bounds
from desktop.layered_pictures import in_slices, in_thread, part_of
from desktop.progress_card import with_card
from desktop.session import Session, remove_project_file, untitled_project

if TYPE_CHECKING:
    from canvas.document import Document
    from canvas.project.project import Project

READABLE = (".ora", ".psd", ".psb", ".kra")
"""Suffixes of the files with layers that open as paintings; the same as `desktop.program.LAYERED`."""
WRITABLE = (".ora", ".psd")
SHOWN_SECONDS = 0.1
"""Between two looks at how far it is, without a window."""

MOST_NOTES = 4
"""Sentences that a banner can hold."""

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Opened:
    """A painting made of a file."""

    session: Session
    note: str
    """What could not be kept, in a few sentences; empty when everything was."""


def is_layered(path: Path) -> bool:
    """Whether a file opens as a painting of its layers."""
    return path.suffix.casefold() in READABLE


# Out


async def export_layered(session: Session, path: Path, progress: Progress) -> str:
    """Writes all layers and the flat picture, as they are at this moment; the painter may go on.

    Returns what other programs will see otherwise, as a sentence; empty when they see everything. Raises CanvasError;
    a cancelled task leaves no file.
    """
    picture = from_document(session.document)

    def settled(_: Progress) -> None:
        import canvas.formats.ora_writing  # here, for Pillow takes its time; below it is there already
        import canvas.formats.psd_writing  # noqa: F401

        settle(picture)

    await in_thread(settled, lambda _: None)
    if path.suffix.casefold() == ".ora":
        from canvas.formats.ora_writing import express, write_ora

        expression = express(picture)
        await in_slices(expression, part_of(progress, 0.0, 0.4))

        def written(progress: Progress) -> str:
            try:
                return write_ora(path, expression, progress)
            finally:
                expression.forget()

        return await in_thread(written, part_of(progress, 0.4, 1.0))
    from canvas.formats.psd_writing import check_writable, write_psd

    check_writable(picture)
    whole = Flattening(picture.layers, picture.bounds)
    await in_slices(whole, part_of(progress, 0.0, 0.4))
    picture.merged = whole.surface
    return await in_thread(lambda sign: write_psd(path, picture, sign), part_of(progress, 0.4, 1.0))


async def export_ora(session: Session, path: Path, progress: Progress) -> bool:
    """As `export_layered`; whether other programs will find every layer as it is here."""
    return not await export_layered(session, path, progress)


def write_layered(document: Document, path: Path, bounds: Bounds, progress: Progress = lambda _: None) -> str:
    """A part of a document to a file with layers, at one go and without a window. As `export_layered`."""
    if path.suffix.casefold() == ".ora":
        from canvas.formats.ora_writing import express, write_ora

        expression = express(from_document(document, bounds))
        while not expression.advance(SHOWN_SECONDS):
            progress(expression.progress * 0.4)
        return write_ora(path, expression, part_of(progress, 0.4, 1.0))
    from canvas.formats.psd_writing import check_writable, write_psd

    picture = from_document(document, bounds)
    check_writable(picture)
    whole = Flattening(picture.layers, picture.bounds)
    while not whole.advance(SHOWN_SECONDS):
        progress(whole.progress * 0.4)
    picture.merged = whole.surface
    return write_psd(path, picture, part_of(progress, 0.4, 1.0))


# In


def read_layered(path: Path, progress: Progress | None = None) -> LayeredPicture:
    """The layers of a file, by its suffix; any thread. Raises CanvasError for what is damaged, hostile or too large."""
    suffix = path.suffix.casefold()
    if suffix == ".ora":
        from canvas.formats.ora_reading import read_ora

        return read_ora(path, progress)
    if suffix == ".kra":
        from canvas.formats import kra

        return kra.read(path, progress)
    if suffix in (".psd", ".psb"):
        from canvas.formats import psd_reading

        return psd_reading.read(path, progress)
    raise CanvasError(f"{path.name} is no file with layers that can be opened here ({', '.join(READABLE)}).")


async def open_layered(path: Path, data_dir: Path, progress: Progress = lambda _: None) -> Opened:
    """An untitled painting with the layers of a file; the file itself stays as it is.

    Raises CanvasError when it is damaged or too large; a cancelled task opens nothing.
    """

    def made(progress: Progress) -> tuple[Document, str]:
        picture = read_layered(path, progress)
        return to_document(picture), shortened(picture.notes)

    document, note = await in_thread(made, progress)
    return Opened(Session(await _begun(document, data_dir, path.stem), data_dir), note)


def shortened(notes: Sequence[str]) -> str:
    """The first few sentences, and how many more there are."""
    found = list(dict.fromkeys(notes))
    if len(found) > MOST_NOTES:
        more = translate("LayeredFiles", "({count} more of this kind.)").format(count=len(found) - MOST_NOTES)
        found = [*found[:MOST_NOTES], more]
    return " ".join(found)


async def _begun(document: Document, data_dir: Path, name: str) -> Project:
    """A project file that begins with a document, made in a thread; a cancelled task leaves none."""
    work = asyncio.ensure_future(asyncio.to_thread(untitled_project, document, data_dir, name))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        project = await work
        await asyncio.to_thread(project.abandon)
        await asyncio.to_thread(remove_project_file, Path(project.path))
        raise


async def session_from_ora(path: Path, data_dir: Path, progress: Progress = lambda _: None) -> Session:
    """As `open_layered`, for what only wants the painting."""
    return (await open_layered(path, data_dir, progress)).session


async def open_with_card(path: Path, data_dir: Path, host: QWidget | None) -> Opened | None:
    """As `open_layered`, with a progress card over `host`; None when the person stopped it."""
    if host is None:
        return await open_layered(path, data_dir)
    title = translate("LayeredFiles", "Opening {name} …").format(name=path.name)
    return await with_card(host, title, lambda advance: open_layered(path, data_dir, advance))
