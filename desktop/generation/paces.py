"""How fast each model is on this machine, kept beside the settings and learned from every finished job."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.preset_files import replace_file
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import GenerationRequest
from pipelines.planning.beside import Worn, beside
from pipelines.planning.cost import Pace, Sample, passes_of, work_of
from pipelines.planning.sizes import limits_of

log = logging.getLogger(__name__)

MOST_MODELS = 64
"""Models and devices whose pace is kept; the ones that were used longest ago go."""
MOST_BYTES = 4 << 20


class PaceBook(QObject):
    """Paces by model, device and number format. A damaged file is forgotten: it only ever held guesses."""

    changed = Signal()

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        """Reads `path` if it is there; None keeps nothing."""
        super().__init__(parent)
        self._path = path
        self._paces = _stored(path)
        self._writing = threading.Lock()

    def pace(self, model: str, device: str, dtype: str) -> Pace:
        """What is known about a model there; an empty pace when it never ran."""
        return self._paces.get(_key(model, device, dtype), Pace())

    async def learn(
        self, request: GenerationRequest, info: ModelInfo, facts: Mapping[str, Any], worn: tuple[Worn, ...] = ()
    ) -> None:
        """Takes the facts of a job finished with these add-ons in and writes them down. Facts without times teach
        nothing."""
        sample = await asyncio.to_thread(_sample, request, info, facts, worn)
        if sample is None:
            return
        key = _key(request.model, str(facts.get("device", "")), str(facts.get("dtype", "")))
        known = self._paces.pop(key, Pace())
        self._paces[key] = known.learned(sample)  # the last one is the one used last
        while len(self._paces) > MOST_MODELS:
            del self._paces[next(iter(self._paces))]
        self.changed.emit()
        await asyncio.to_thread(self._write, {key: pace.to_list() for key, pace in self._paces.items()})

    def _write(self, paces: dict[str, list[dict[str, float]]]) -> None:
        """Any thread. A disk that refuses is noted in the log: guesses are not worth a message."""
        if self._path is None:
            return
        try:
            with self._writing:
                replace_file(self._path, json.dumps({"paces": paces}, indent=1))
        except OSError as error:
            log.warning("The paces could not be written to %s: %s", self._path, error)


def _sample(
    request: GenerationRequest, info: ModelInfo, facts: Mapping[str, Any], worn: tuple[Worn, ...]
) -> Sample | None:
    work = work_of(request, passes_of(request, limits_of(info)))
    return Sample.of(work.with_addons(beside(info, worn, str(facts.get("dtype", "")))), facts)


def _key(model: str, device: str, dtype: str) -> str:
    return f"{device}|{dtype}|{model}"


def _stored(path: Path | None) -> dict[str, Pace]:
    if path is None:
        return {}
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("it is too large")
        found = json.loads(path.read_text(encoding="utf-8"))["paces"]
        paces = {str(key): Pace.from_list(samples) for key, samples in found.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        log.warning("The paces in %s cannot be read and are learned anew: %s", path, error)
        return {}
    return {key: pace for key, pace in list(paces.items())[-MOST_MODELS:] if pace.samples}
