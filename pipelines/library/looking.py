"""One look at one path: what it is, what is worth knowing about it; from memory where nothing changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelKind
from pipelines.library.details import family_in, from_beside, from_metadata, merged
from pipelines.library.index import Found
from pipelines.library.probe import Stamp, damaged, examine, stamp_of
from pipelines.library.said import Said
from pipelines.library.scan import Sighting

_OF_A_FAMILY = frozenset(
    {ModelKind.LORA, ModelKind.TEXTUAL_INVERSION, ModelKind.CONTROLNET, ModelKind.T2I_ADAPTER, ModelKind.IP_ADAPTER}
)
"""Add-ons, whose headers do not always tell what they are for."""
_DOUBTFUL = frozenset({".pth", ".pt", ".bin"})
"""Everything of the world of torch may lie about under these suffixes."""


def is_offered(info_kind: ModelKind, path: str) -> bool:
    """Whether something found is worth a line in the library: of doubtful suffixes only what was recognised."""
    return info_kind is not ModelKind.UNKNOWN or Path(path).suffix.lower() not in _DOUBTFUL


def look(sighting: Sighting, said: Said) -> Found:
    """What is at that path now. Raises ModelError when there is nothing or it is damaged."""
    path = sighting.path
    examined, beside = examine(path, said), from_beside(path, sighting.beside)
    details = merged(beside, from_metadata(examined.metadata))
    guess = family_in(beside.base) if said.family is None and examined.info.family is Family.UNKNOWN else Family.UNKNOWN
    if guess is not Family.UNKNOWN and examined.info.kind in _OF_A_FAMILY:
        examined = examine(path, replace(said, family=guess))
        details = replace(details, family_is_guess=True)
    stamp = Stamp(examined.info.size_bytes, examined.info.modified_ns)
    return Found(stamp, examined.info, _beside(sighting), examined.holds, details)


def look_again(sighting: Sighting, before: Found | None, said: Said) -> Found | None:
    """The same, from memory when it did not change; with the reason when it is damaged; None when it vanished."""
    path = sighting.path
    try:
        stamp = stamp_of(path)
    except OSError:
        return None
    if before is not None and before.stamp == stamp and before.beside == _beside(sighting):
        return before
    try:
        return look(sighting, said)
    except ModelError as error:
        return Found(stamp, damaged(path, stamp, str(error)), _beside(sighting))


def moved(gone: Mapping[str, Found], fresh: Mapping[str, Found]) -> dict[str, str]:
    """Old path -> new path of what was moved or renamed: the same size and time of change, once on either side."""
    before, after = (_by_stamp(entries) for entries in (gone, fresh))
    return {before[stamp]: after[stamp] for stamp in before.keys() & after.keys()}


def _by_stamp(entries: Mapping[str, Found]) -> dict[Stamp, str]:
    counts = Counter(entry.stamp for entry in entries.values())
    return {entry.stamp: path for path, entry in entries.items() if counts[entry.stamp] == 1 and entry.stamp.size_bytes}


def _beside(sighting: Sighting) -> str:
    """Changes when the files beside the model do."""
    marks: list[str] = []
    for name in sighting.beside:
        try:
            marks.append(f"{name}:{sighting.path.with_name(name).stat().st_mtime_ns}")
        except OSError:
            continue
    return "/".join(marks)
