"""How what was asked of the writer ends: told, done, or explained in a sentence with what to do."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from canvas.errors import CanvasError
from canvas.project.batch import Batch, Place
from canvas.project.whole_copy import is_damage


def tell(batch: Batch, written: Mapping[Place, str]) -> None:
    """Everybody who waits for this batch hears that it is in the file."""
    for tell in batch.after_commit:
        tell(written)
    for made in batch.generations:
        if made.done is not None:
            made.done.set_result(made.record)


class DamagedFileError(OSError):
    """Nothing may be written: what is there is damaged and must stay as it is."""


def explain(path: Path, error: Exception) -> str:
    """Why a project file cannot be written, as a sentence with what to do."""
    words = str(error)
    goes_on = "Painting goes on in memory and is written as soon as that works."
    if isinstance(error, DamagedFileError) or is_damage(error):
        return f"{path} is damaged and stays as it is. Save the painting elsewhere: what can be read comes along."
    if isinstance(error, FileNotFoundError):
        return f"{path} was moved or removed while it is open. Put it back, or save the painting elsewhere. {goes_on}"
    if "full" in words:
        return f"There is no room left for {path}. Free some room, or save the painting elsewhere. {goes_on}"
    if "readonly" in words or isinstance(error, PermissionError):
        return f"{path} may not be written any more. Allow it, or save the painting elsewhere. {goes_on}"
    return f"{path} cannot be written ({words}). Save the painting elsewhere if this stays. {goes_on}"


def complete(future: Future[Any], task: Callable[[], Any], trouble: str, path: Path) -> None:
    """Does what was asked and tells the one who waits; with `trouble`, a sentence, only that."""
    if trouble:
        future.set_exception(CanvasError(trouble))
        return
    try:
        result = task()
    except CanvasError as error:
        future.set_exception(error)
    except Exception as error:  # noqa: BLE001 - the border of this thread: the one who asked is told
        future.set_exception(CanvasError(explain(path, error)))
    else:
        future.set_result(result)
