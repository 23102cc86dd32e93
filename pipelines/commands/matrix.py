"""Which model family does what, found out by doing it: small pictures of every family in every task with every add-on.

Models of the person are run as they are; without them, miniatures of every family: real classes, random weights.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from tqdm import tqdm

from pipelines.client.child import ChildSettings
from pipelines.client.process import ProcessClient
from pipelines.commands.errors import InputError, JobFailedError
from pipelines.commands.jobs import EngineChoice, finish
from pipelines.commands.trials import TASKS, Trial, addon_trials, plain_request, task_trials
from pipelines.contract.engine import EngineClient
from pipelines.contract.errors import ModelError, PipelineError
from pipelines.contract.events import EngineEvent, Failed, FailureKind
from pipelines.contract.models import Family, ModelInfo
from pipelines.contract.request import GenerationRequest, Pixels, Task
from pipelines.library.families import SUPPORTED, label_of
from pipelines.planning.seen_cost import sees_pictures
from pipelines.prompting.tokens import unweighed

Row = dict[str, Any]
"""{family, variant, task, source, addon, ok, seconds, reason}; `seconds` is None where nothing ran."""
_ENGINES = 2
"""At work side by side: small models leave most of a machine idle."""
_ROOT = Path(__file__).resolve().parents[2]
_REFUSALS = (FailureKind.INVALID_REQUEST, FailureKind.MODEL_MISSING, FailureKind.MODEL_UNUSABLE)
_SAME = "The picture is the same as without it."
_LEFT_OVER = "The picture is not what it was before: something stayed on the model."


def fill_matrix(models: Sequence[ModelInfo], client: EngineClient) -> list[Row]:
    """Rows of the person's own models: each model times each task, then each family without a model.

    Closes the client.
    """
    trials = [_Cell(model, "", Trial(plain_request(model, task))) for model in models for task in TASKS]
    rows = asyncio.run(_run([trials], [client]))
    present = {Family.UNKNOWN} | {model.family for model in models}
    return rows + [_absent(family, str(task)) for family in Family if family not in present for task in TASKS]


def fill_matrix_of_miniatures(families: Sequence[Family], choice: EngineChoice) -> list[Row]:
    """Rows of every family's miniatures: family x task x source without add-ons, then family x add-on once.

    Raises JobFailedError when the miniatures cannot be made, and KeyboardInterrupt after a clean cancel.
    """
    with tempfile.TemporaryDirectory(prefix="handscroll-matrix-", ignore_cleanup_errors=True) as folder:
        return asyncio.run(_exhibition(Path(folder), families, choice))


class _Miniatures:
    """The models that were made, as clients see a library."""

    def __init__(self, models: Iterable[ModelInfo]) -> None:
        self._models = {info.id: info for info in models}

    def resolve(self, model_id: str) -> ModelInfo:
        """By its id. Raises ModelError when there is none."""
        if model_id not in self._models:
            raise ModelError(f"There is no miniature '{model_id}'.")
        return self._models[model_id]

    def models(self) -> list[ModelInfo]:
        """All of them."""
        return list(self._models.values())


async def _exhibition(folder: Path, families: Sequence[Family], choice: EngineChoice) -> list[Row]:
    shelf = await _shelf(folder / "shelf", families)
    models = {info.id: info for info in map(ModelInfo.from_dict, shelf["models"])}
    places = {
        "HANDSCROLL_LAYOUTS": str(folder / "shelf" / "configs"),
        "HANDSCROLL_VOCABULARIES": str(folder / "shelf" / "vocabularies"),
    }
    count = min(_ENGINES, len(shelf["exhibits"]))
    threads = {"HANDSCROLL_THREADS": str(max(1, (os.cpu_count() or 1) // count))} if count > 1 else {}
    settings = ChildSettings(environment=threads | choice.environment() | places)
    library = _Miniatures(models.values())
    groups = [_cells(exhibit, models) for exhibit in shelf["exhibits"]]
    rows = await _run(groups, [ProcessClient(library, settings) for _ in range(count)])
    shown = set(families) or set(Family)
    absent = shown - {model.family for model in models.values()} - {Family.UNKNOWN}
    return rows + [_absent(family, str(task)) for family in Family if family in absent for task in TASKS]


async def _shelf(folder: Path, families: Sequence[Family]) -> Row:
    """Has the miniatures made in a process of their own; what it says of them."""
    if sys.stderr.isatty():
        sys.stderr.write("Making small models of every family ...\n")
    environment = dict(os.environ) | {"PYTHONPATH": str(_ROOT), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pipelines.miniatures.shelf", str(folder), *map(str, families),
        env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        _out, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no word of it"]
        raise JobFailedError(f"The small models could not be made: {last[0]}.")
    return json.loads((folder / "shelf.json").read_text("utf-8"))


class _Cell(NamedTuple):
    model: ModelInfo
    source: str
    trial: Trial


def _cells(exhibit: Mapping[str, Any], models: Mapping[str, ModelInfo]) -> list[_Cell]:
    """What is tried with one miniature."""
    cells: list[_Cell] = []
    for source, name in exhibit["sources"].items():
        model = models[name]
        side = model.defaults.native_size if model.family is Family.STARTER else model.defaults.min_size
        cells += [_Cell(model, source, trial) for trial in task_trials(model, side, looks=sees_pictures(model))]
        if source == "folder":
            cells += [_Cell(model, source, trial) for trial in addon_trials(model, side, exhibit["addons"])]
    return cells


async def _run(groups: Sequence[Sequence[_Cell]], clients: Sequence[EngineClient]) -> list[Row]:
    """One row a cell, in their order; every client takes whole groups. Closes the clients."""
    rows: dict[int, list[Row]] = {}
    waiting = iter(enumerate(groups))
    total, quiet = sum(map(len, groups)), not sys.stderr.isatty()
    with tqdm(total=total, desc="Models", unit="run", file=sys.stderr, disable=quiet) as bar:

        async def work(client: EngineClient) -> None:
            kept = _Kept(client)
            for number, cells in waiting:
                rows[number] = []
                for cell in cells:
                    rows[number].append(await _row(cell, kept))
                    bar.update()

        try:
            await asyncio.gather(*map(work, clients))
        finally:
            await asyncio.gather(*(client.close() for client in clients))
    return [row for number in sorted(rows) for row in rows[number]]


@dataclass(frozen=True)
class _Answer:
    patches: tuple[Pixels, ...] = ()
    reason: str = ""
    refused: bool = False
    seconds: float = 0.0


class _Kept:
    """Runs requests; the pictures that others are compared with are painted once."""

    def __init__(self, client: EngineClient) -> None:
        self._client = client
        self._pictures: dict[str, _Answer] = {}

    async def answer(self, request: GenerationRequest) -> _Answer:
        """What the engine makes of it."""
        failures: list[Failed] = []

        def listen(event: EngineEvent) -> None:
            if isinstance(event, Failed):
                failures.append(event)

        started = time.perf_counter()
        try:
            finished = await finish(request, self._client, listen)
        except (InputError, JobFailedError, PipelineError) as error:
            refused = bool(failures) and failures[-1].kind in _REFUSALS
            return _Answer((), str(error), refused, time.perf_counter() - started)
        seconds = float(finished.facts.get("total_s", time.perf_counter() - started))  # without the engine's start
        return _Answer(tuple(finished.patches), _fault(finished.patches, _wanted(request)), False, seconds)

    async def compared(self, request: GenerationRequest) -> _Answer:
        """The same from memory, where it was asked before."""
        key = json.dumps(request.to_dict(), default=str)
        if key not in self._pictures:
            self._pictures = {key: await self.answer(request)} | dict(list(self._pictures.items())[-3:])
        return self._pictures[key]


async def _row(cell: _Cell, kept: _Kept) -> Row:
    model, source, trial = cell
    row: Row = {
        "family": str(model.family),
        "variant": model.variant,
        "task": trial.task or str(trial.request.task),
        "source": source or model.id,
        "addon": trial.addon,
    }
    if model.problem:
        return row | {"ok": False, "seconds": None, "reason": model.problem}
    before = None if trial.against is None else await kept.compared(trial.against)
    answer = await kept.answer(trial.request)
    reason = answer.reason
    if not reason and before is not None and before.patches:
        alike = np.array_equal(before.patches[-1], answer.patches[-1])  # a clip begins with what it is shown
        reason = "" if alike is trial.same else _LEFT_OVER if trial.same else _SAME
    unread = unweighed(trial.request.prompt, model.family) if reason == _SAME else ""
    reason = unread or reason
    seconds = None if answer.refused or unread else round(answer.seconds, 3)
    return row | {"ok": not reason, "seconds": seconds, "reason": reason}


def _wanted(request: GenerationRequest) -> int:
    return request.frames if request.task is Task.ANIMATE else 1


def _fault(patches: Sequence[Pixels], wanted: int) -> str:
    if len(patches) != wanted:
        return f"The engine gave {len(patches)} pictures instead of {wanted}."
    if patches[0][..., :3].std() == 0:
        return "The engine gave a picture of one single colour."
    return ""


def _absent(family: Family, task: str) -> Row:
    if family in SUPPORTED:
        reason = "No model of this family is in the library."
    else:
        reason = f"This version of Handscroll cannot run {label_of(family)} yet."
    nothing = {"variant": "", "source": "", "addon": "", "ok": False, "seconds": None}
    return {"family": str(family), "task": task, **nothing, "reason": reason}
