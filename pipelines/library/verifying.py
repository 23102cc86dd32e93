"""Is a model file as it should be: every byte read, its SHA-256 compared with all that is known of it.

Three things may know it: this library, which worked it out before; the site it came from, whose answer other programs
put beside the file (`hashes.SHA256` in `NAME.civitai.info`); and kohya's trainer, which writes the SHA-256 of the
weights without the header into the header (`sshs_model_hash`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from pipelines.contract.errors import JobCancelled, ModelError
from pipelines.contract.models import ModelInfo
from pipelines.library.details import NOTES
from pipelines.library.file_hashes import WEIGHTS
from pipelines.library.header import SAFETENSORS, read_notes

_CHUNK = 1 << 20
_MAX_NOTE_BYTES = 4_000_000
_LENGTH_BYTES = 8


class Witness(StrEnum):
    """Who knows what the hash should be."""

    BEFORE = "before"
    """It was worked out here earlier, and the file has not been written since."""
    SITE = "site"
    TRAINER = "trainer"


@dataclass(frozen=True)
class Verdict:
    """What came out."""

    file_hash: str
    """SHA-256 in hex: of the file, or of a folder's list of such."""
    agrees: tuple[Witness, ...] = ()
    differs: tuple[Witness, ...] = ()
    """Any: the file is damaged, or not the one it is said to be."""


@dataclass
class _Reading:
    """How far the reading is."""

    total: int
    progress: Callable[[int, int], None]
    is_cancelled: Callable[[], bool]
    done: int = 0

    def chunks(self, path: Path) -> Iterator[bytes]:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if self.is_cancelled():
                    raise JobCancelled
                yield chunk
                self.done += len(chunk)
                self.progress(self.done, self.total)


def verify(
    info: ModelInfo, known: str, progress: Callable[[int, int], None], is_cancelled: Callable[[], bool]
) -> Verdict:
    """Reads the model; `known` is the SHA-256 of an earlier time, or empty.

    Raises ModelError when it cannot be read; JobCancelled when `is_cancelled` says so, asked for every megabyte.
    """
    path = Path(info.path)
    try:
        if path.is_dir():
            found, weights = _of_folder(path, progress, is_cancelled), ""
            expected = {Witness.BEFORE: known}
        else:
            found, weights = _of_file(path, _Reading(path.stat().st_size, progress, is_cancelled))
            expected = {Witness.BEFORE: known, Witness.SITE: _of_site(path)}
    except OSError as error:
        raise ModelError(f"{info.name} cannot be read: {error.strerror or error}. Its drive may be failing.") from error
    told = {witness: (found, hash_) for witness, hash_ in expected.items() if hash_}
    if weights and (trained := _of_trainer(path)):
        told[Witness.TRAINER] = (weights, trained)
    agrees = tuple(witness for witness, (one, other) in told.items() if one == other)
    return Verdict(found, agrees, tuple(witness for witness in told if witness not in agrees))


def _of_file(path: Path, reading: _Reading) -> tuple[str, str]:
    """The hash of the file, and that of what follows a safetensors header."""
    whole, weights, header = hashlib.sha256(), hashlib.sha256(), 0
    seen = 0
    for chunk in reading.chunks(path):
        if not seen and path.suffix.lower() in SAFETENSORS:
            header = _LENGTH_BYTES + int.from_bytes(chunk[:_LENGTH_BYTES], "little")
        whole.update(chunk)
        if header:
            weights.update(chunk[max(header - seen, 0) :])
        seen += len(chunk)
    return whole.hexdigest(), weights.hexdigest() if header else ""


def _of_folder(path: Path, progress: Callable[[int, int], None], is_cancelled: Callable[[], bool]) -> str:
    files = sorted(file for file in path.rglob("*") if file.is_file() and file.suffix in WEIGHTS)
    files.sort(key=lambda file: file.relative_to(path).as_posix())
    reading = _Reading(sum(file.stat().st_size for file in files), progress, is_cancelled)
    lines = [f"{_of_file(file, reading)[0]}  {file.relative_to(path).as_posix()}\n" for file in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _of_trainer(path: Path) -> str:
    said = read_notes(path).get("sshs_model_hash", "").strip().lower()
    return said if _is_hash(said) else ""


def _of_site(path: Path) -> str:
    """What the files beside the model say that its SHA-256 is; empty when they do not."""
    for ending in NOTES:
        beside = path.with_name(path.stem + ending)
        try:
            if beside.stat().st_size > _MAX_NOTE_BYTES:
                continue
            data = json.loads(beside.read_text("utf-8-sig", errors="replace"))
        except (OSError, ValueError, RecursionError):
            continue
        if found := _hash_in(data, path.name):
            return found
    return ""


def _hash_in(data: object, name: str) -> str:
    """In a version's answer the list `files` has one entry for each file; managers write `sha256` themselves."""
    if not isinstance(data, dict):
        return ""
    table = cast("dict[str, Any]", data)
    own = str(table.get("sha256") or "").strip().lower()
    if _is_hash(own):
        return own
    files = table.get("files")
    rows = cast("list[object]", files) if isinstance(files, list) else []
    listed = [cast("dict[str, Any]", one) for one in rows if isinstance(one, dict)]
    named = [one for one in listed if one.get("name") == name] or (listed if len(listed) == 1 else [])
    for one in named:
        hashes = one.get("hashes")
        said = str(cast("dict[str, Any]", hashes).get("SHA256") or "").lower() if isinstance(hashes, dict) else ""
        if _is_hash(said):
            return said
    nested = table.get("civitai")
    return _hash_in(nested, name) if isinstance(nested, dict) else ""


def _is_hash(text: str) -> bool:
    return len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)
