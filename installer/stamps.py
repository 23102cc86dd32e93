"""Remembers which steps of a set-up are done, and with what, so that the next start is quick."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path


def key_of(*parts: str | Path) -> str:
    """Return one short key for texts and for the content of files; a missing file counts as empty."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else (part.read_bytes() if part.is_file() else b"")
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:32]


@dataclass(frozen=True)
class Stamp:
    """What is known about one finished step."""

    key: str
    """The inputs that it was done with."""
    seconds: float = 0.0
    """How long it took."""
    facts: dict[str, str] = field(default_factory=dict[str, str])
    """What later runs want to know about it."""


def read_stamp(folder: Path, step: str) -> Stamp | None:
    """Return a step's stamp, None where it was never finished or the file is damaged."""
    try:
        data = json.loads((folder / f"{step}.json").read_text(encoding="utf-8"))
        return Stamp(str(data["key"]), float(data["seconds"]), {str(k): str(v) for k, v in data["facts"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_stamp(folder: Path, step: str, stamp: Stamp) -> None:
    """Write a step's stamp in one go, so that a stop in the middle leaves none."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{step}.json.new"
    content = {"key": stamp.key, "seconds": round(stamp.seconds, 2), "facts": stamp.facts}
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(folder / f"{step}.json")


def drop_stamp(folder: Path, step: str) -> None:
    """Forget that a step was done."""
    (folder / f"{step}.json").unlink(missing_ok=True)
