"""Carries out one plan: files come into a hidden folder beside the models, and move when all of them are right."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from pipelines.library.downloads.errors import DownloadError, KeyNeededError
from pipelines.library.downloads.fetching import Line, Phase, fetch, room_for
from pipelines.library.downloads.file_names import is_model_file
from pipelines.library.downloads.keys import Site
from pipelines.library.downloads.plan import Plan, RemoteFile
from pipelines.library.downloads.stop import Stop
from pipelines.library.downloads.transport import Http

STAGING = ".incoming"
"""Hidden, so that the library does not look into it; in the model folder, so that moving costs nothing."""

Tell = Callable[[Phase, int, int | None], None]
"""Phase, bytes of the whole plan that are there, bytes in all where every size is known."""


@dataclass(frozen=True)
class Terms:
    """How a plan is carried out."""

    root: Path
    """The model folder."""
    http: Http
    stop: Stop
    tell: Tell
    key: str = ""
    pauses: tuple[float, ...] | None = None


def staging_of(root: Path, plan: Plan) -> Path:
    """Where the files of a plan are while they come."""
    return root / STAGING / plan.id


def install(plan: Plan, terms: Terms) -> list[Path]:
    """Brings everything and gives where it lies now: one folder, or each file.

    Raises StoppedError and BrokenConnectionError (what came stays), and DownloadError.
    """
    plan.check()
    staging = staging_of(terms.root, plan)
    try:
        staging.mkdir(parents=True, exist_ok=True)
        with _alone(staging):
            room_for(staging, max((plan.estimate or 0) - _bytes_in(staging), 0))
            _bring(plan, staging, terms)
            terms.stop.check()
            places = _move(plan, staging, terms.root)
        shutil.rmtree(staging, ignore_errors=True)
        _remove_if_empty(staging.parent)
    except OSError as error:
        raise DownloadError(f"{terms.root} cannot be written to: {error.strerror or error}.") from error
    return places


def discard(root: Path, plan: Plan) -> None:
    """Takes away what came of a plan so far."""
    shutil.rmtree(staging_of(root, plan), ignore_errors=True)
    _remove_if_empty(root / STAGING)


def bytes_there(root: Path, plan: Plan) -> int:
    """What came of a plan so far."""
    return _bytes_in(staging_of(root, plan))


def place_of(root: Path, plan: Plan) -> list[Path]:
    """Where the files of a plan go if nothing of these names is there yet."""
    folder = root / plan.folder
    return [folder / plan.whole] if plan.whole else [folder / file.path for file in plan.files]


def already_there(root: Path, plan: Plan) -> bool:
    """Whether all of it was downloaded before, by names and sizes; unknown sizes are taken as fitting."""
    folder = root / plan.folder / plan.whole
    paths = [folder / file.path for file in plan.files]
    pairs = zip(paths, plan.files, strict=True)
    return all(path.is_file() and file.size in (None, path.stat().st_size) for path, file in pairs)


def _bring(plan: Plan, staging: Path, terms: Terms) -> None:
    before = 0
    for file in plan.files:
        target = staging / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file():
            part = target.with_name(target.name + ".part")
            report = _Sum(terms.tell, before, plan.size)
            line = Line(terms.http, terms.stop, report, terms.key)
            if terms.pauses is not None:
                line = Line(terms.http, terms.stop, report, terms.key, terms.pauses)
            try:
                fetch(file, part, line)
            except KeyNeededError as error:
                error.site = error.site or plan.site.value
                raise
            part.replace(target)
        before += target.stat().st_size


class _Sum:
    """Tells of one file as a part of all."""

    def __init__(self, tell: Tell, before: int, total: int | None) -> None:
        self._tell, self._before, self._total = tell, before, total

    def __call__(self, phase: Phase, done: int, of: int | None) -> None:
        total = self._total if self._total is not None or self._before else of
        self._tell(phase, self._before + done, total)


def _move(plan: Plan, staging: Path, root: Path) -> list[Path]:
    """To their names; what is there already under them stays, and the new one gets a number."""
    folder = root / plan.folder
    folder.mkdir(parents=True, exist_ok=True)
    if plan.whole:
        place = _free(folder / plan.whole)
        done = staging / plan.whole
        done.mkdir(exist_ok=True)
        for file in plan.files:
            _rename(staging / file.path, done / file.path)
        done.replace(place)
        return [place]
    places: list[Path] = []
    for file in plan.files:
        place = _free(folder / file.path)
        _rename(staging / file.path, place)
        _write_beside(place, plan, file)
        places.append(place)
    return places


def _rename(source: Path, target: Path) -> None:
    if source.exists():  # not when it was moved before a power cut
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)


def _write_beside(place: Path, plan: Plan, file: RemoteFile) -> None:
    """What the site said, as other programs keep it beside a model, and as the library reads it."""
    if not plan.licence.name:
        return
    facts: dict[str, Any] = {
        "model": {"name": plan.title},
        "license": "; ".join(filter(None, (plan.licence.name, plan.licence.note))),
        "description": plan.page,
        "files": [{"name": file.path, "hashes": {"SHA256": file.digest.removeprefix("sha256:").upper()}}],
    }
    if plan.site is Site.CIVITAI:
        facts |= {"baseModel": plan.base, "trainedWords": list(plan.words)}
        if number := re.search(r"/models/(\d+)", plan.page):
            facts["modelId"] = int(number[1])
    beside = place.with_suffix(".civitai.info" if plan.site is Site.CIVITAI else ".metadata.json")
    with suppress(OSError):  # the model is there, whether or not its notes could be written
        beside.write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")


def _free(place: Path) -> Path:
    ending = place.suffix if is_model_file(place.name) else ""  # a folder's name may hold a dot
    stem = place.name.removesuffix(ending)
    for name in (place.name, *(f"{stem} {number}{ending}" for number in range(2, 1000))):
        if not os.path.lexists(place.with_name(name)):
            return place.with_name(name)
    raise DownloadError(f"There are too many files called {place.name} already.")


@contextmanager
def _alone(staging: Path) -> Iterator[None]:
    """No two processes write the same download. The number of a process that is gone does not count."""
    lock = staging / ".lock"
    for _ in range(2):
        try:
            handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            break
        except FileExistsError:
            if _owner_lives(lock):
                raise DownloadError("This is being downloaded by another window of Handscroll already.") from None
            lock.unlink(missing_ok=True)
    else:
        raise DownloadError("This is being downloaded by another window of Handscroll already.")
    with os.fdopen(handle, "w") as file:
        file.write(f"{os.getpid()} {psutil.Process().create_time()}")
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _owner_lives(lock: Path) -> bool:
    try:
        number, began = lock.read_text().split()
        return abs(psutil.Process(int(number)).create_time() - float(began)) < 1
    except psutil.Error:
        return False
    except (OSError, ValueError, OverflowError):
        with suppress(OSError):
            return time.time() - lock.stat().st_mtime < 2  # it is just being written
        return False


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*") if folder.is_dir() else ():
        with suppress(OSError):
            if path.is_file() and not path.name.endswith(".part.json"):
                total += path.stat().st_size
    return total


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
