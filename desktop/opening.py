"""Opens a painting whatever is the matter with its file: in place, as a copy, or rescued from a damaged one."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from canvas.errors import CanvasError
from canvas.project.care import free_names
from canvas.project.file_lock import BusyError, ReadOnlyError
from canvas.project.reader import DamagedError, snapshot
from desktop.session import UNTITLED_FOLDER, Session

if TYPE_CHECKING:
    from canvas.project.salvage import Losses

translate = QCoreApplication.translate


async def open_painting(path: Path, data_dir: Path, copy_busy: bool = True) -> Session:
    """The painting of a file; `Session.notice` says what is unusual. The file of a damaged one is only read.

    A place that cannot be written, and with `copy_busy` a file that is open elsewhere, gives a copy as an untitled
    painting. Raises CanvasError when nothing can be had, or the file is not ours, newer or busy.
    """
    path = await asyncio.to_thread(path.resolve)
    try:
        return Session.open(path, data_dir)
    except BusyError:
        if not copy_busy:
            raise
        words = translate("Opening", "{name} is open in another window or another Handscroll.")
        return await _copy(path, data_dir, words.format(name=path.name))
    except ReadOnlyError:
        words = translate("Opening", "{name} or its folder cannot be written.")
        return await _copy(path, data_dir, words.format(name=path.name))
    except CanvasError as error:
        if not await asyncio.to_thread(path.is_file):
            raise
        return await _rescue(path, data_dir, error)


async def _copy(path: Path, data_dir: Path, reason: str) -> Session:
    """An untitled painting that begins with what is in the file now."""
    target = await asyncio.to_thread(_copy_file, path, data_dir)
    if target is None:
        return await _rescue(path, data_dir, CanvasError(reason), beside=False)
    try:
        session = Session.open(target, data_dir)
    except DamagedError as error:
        await asyncio.to_thread(target.unlink, missing_ok=True)
        return await _rescue(path, data_dir, error, beside=False)
    session.origin = path
    words = translate("Opening", "This is a copy: paint on, and give it a name and a place of its own with Save As….")
    session.notice = f"{reason} {words}"
    return session


def _copy_file(path: Path, data_dir: Path) -> Path | None:
    """The copy among the untitled paintings, or None when the file cannot be copied as a whole."""
    folder = data_dir / UNTITLED_FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CanvasError(f"The folder {folder} for copies cannot be made: {error.strerror or error}.") from error
    target = _free(folder / path.name, "copy")
    try:
        snapshot(path, target)
    except CanvasError:
        target.unlink(missing_ok=True)
        return None
    return target


async def _rescue(path: Path, data_dir: Path, reason: CanvasError, beside: bool = True) -> Session:
    """What can be read of a damaged file, as a painting of its own. Raises the reason when that is nothing."""
    try:
        target, losses = await asyncio.to_thread(_salvage, path, data_dir, beside)
    except CanvasError as error:
        raise (error if isinstance(reason, DamagedError) else reason) from error
    session = Session.open(target, data_dir)
    session.notice = rescue_sentence(path, losses, target)
    return session


def _salvage(path: Path, data_dir: Path, beside: bool) -> tuple[Path, Losses]:
    from canvas.project.salvage import salvage  # hardly ever needed

    failure = CanvasError(f"{path.name} cannot be rescued.")
    for target in rescue_places(path, data_dir, beside):
        try:
            return target, salvage(path, target)
        except CanvasError as error:
            failure = error
    raise failure


def rescue_places(path: Path, data_dir: Path, beside: bool = True) -> Iterator[Path]:
    """Where a rescued painting may go on: beside the damaged file, else in the data folder."""
    if beside:
        yield _free(path, "rescued")
    folder = data_dir / UNTITLED_FOLDER
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if folder != path.parent or not beside:
        yield _free(folder / path.name, "rescued")


def _free(path: Path, word: str) -> Path:
    """A free name in the folder; a word that is there already is not said twice."""
    plain = path.with_name(re.sub(rf" \({word}( \d+)?\)$", "", path.stem) + path.suffix)
    return next(name for name in free_names(plain, word) if not name.exists())


def rescue_sentence(path: Path, losses: Losses, target: Path) -> str:
    """What is missing, and where the painting goes on."""
    missing = lost_parts(losses)
    if missing:
        words = translate("Opening", "{name} is damaged. Missing: {parts}.")
        first = words.format(name=path.name, parts=", ".join(missing))
    else:
        words = translate("Opening", "{name} is damaged, but everything of the painting could be read.")
        first = words.format(name=path.name)
    second = translate("Opening", "The painting goes on in {target}; the damaged file stays as it is.")
    return f"{first} {second.format(target=target)}"


def lost_parts(losses: Losses) -> list[str]:
    """The losses in words, one each."""
    found: list[str] = []
    if losses.tiles:
        whole = losses.lost_tiles + losses.tiles_kept
        names = ", ".join(f"'{name}'" for name in list(losses.tiles)[:3])
        words = translate("Opening", "{lost} of {whole} tiles of the picture (in {layers})")
        found.append(words.format(lost=losses.lost_tiles, whole=whole, layers=names))
    if losses.doubtful_places:
        found.append(translate("Opening", "some pieces of the picture, which may also lie in the wrong place"))
    if losses.layers_made_up:
        words = translate("Opening", "name, order and properties of {count} layers")
        found.append(words.format(count=losses.layers_made_up))
    elif losses.doubtful_layers:
        found.append(translate("Opening", "some layers or their properties"))
    if losses.selections:
        found.append(translate("Opening", "selections"))
    if losses.generations:
        found.append(translate("Opening", "some entries of the generation history"))
    if losses.pictures:
        words = translate("Opening", "{count} pictures of generations")
        found.append(words.format(count=losses.pictures))
    if losses.undo:
        found.append(translate("Opening", "the undo list"))
    return found
