"""What `handscroll reproduce` does: a logged generation painted again by the real engine, and a verdict.

Exit codes as in pipelines.cli; 3 when the picture is another one. The file is only read.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from desktop.document_files import opened_copy
from desktop.generation.likeness import Verdict, worst
from desktop.generation.reproduce import Outcome, Pixels, Replay, judge, load_replay
from desktop.headless import ensure_qt
from pipelines.cli import FAILED, OK
from pipelines.client.child import ChildSettings
from pipelines.client.process import ProcessClient
from pipelines.commands.errors import InputError
from pipelines.commands.jobs import run_request
from pipelines.contract.engine import EngineClient
from pipelines.library.registry import Library, default_index

ANOTHER_PICTURE = 3
"""Exit code: reproduced, and different."""
_SHORTEST_ID = 4

MakeClient = Callable[[Library, Mapping[str, str]], EngineClient]
"""(library, environment of the engine) -> an engine to be closed by whoever asked."""


def process_client(library: Library, environment: Mapping[str, str]) -> EngineClient:
    """The same engine the window has: a child process with these variables in its environment."""
    return ProcessClient(library, ChildSettings(environment=environment))


def reproduce(args: argparse.Namespace, make_client: MakeClient = process_client) -> int:
    """Reproduces the record `args.record` (or the newest) of `args.project`. Raises PipelineError with a sentence."""
    started = time.perf_counter()
    application = ensure_qt()
    try:
        replay = _load(args)
        library = Library(index=default_index())
        library.resolve(replay.request.model)
        environment = engine_environment(replay.record.facts, args.device, args.dtype)
        finished = run_request(replay.request, make_client(library, environment))
        outcome = judge(replay, finished)
    except CanvasError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    finally:
        del application
    _tell(args, outcome, time.perf_counter() - started)
    return ANOTHER_PICTURE if worst(outcome.likenesses).verdict is Verdict.DIFFERENT else OK


def engine_environment(facts: Mapping[str, Any], device: str, dtype: str) -> dict[str, str]:
    """What the engine is told so that it computes as it did then; what the person says comes first.

    A GPU is not insisted on: without it the engine takes what is here, and the verdict names the difference.
    """
    if not device and facts.get("device") == "cpu":
        device = "cpu"
    if not dtype and facts.get("dtype") in ("bf16", "fp32"):  # fp16 is refused by a CPU
        dtype = str(facts["dtype"])
    found = {"HANDSCROLL_DEVICE": device, "HANDSCROLL_DTYPE": dtype}
    threads = facts.get("threads")
    if isinstance(threads, int) and 0 < threads <= (os.cpu_count() or 1) and not os.environ.get("HANDSCROLL_THREADS"):
        found["HANDSCROLL_THREADS"] = str(threads)
    return {name: value for name, value in found.items() if value}


def find_record(document: Document, wanted: str) -> GenerationRecord:
    """The record of that id or of the only one that begins so; without one the newest that made a picture.

    Raises InputError.
    """
    records = list(document.generations.records)
    if not wanted:
        made = [record for record in records if record.candidates and "reproduction" not in record.facts]
        if not made:
            raise InputError("No generation in this project made a picture, so there is nothing to reproduce.")
        return made[-1]
    found = [record for record in records if record.id.startswith(wanted.casefold())]
    if len(wanted) < _SHORTEST_ID or not found:
        raise InputError(f"This project has no generation with the id {wanted}; give at least four letters of it.")
    if len(found) > 1:
        raise InputError(f"{len(found)} generations of this project begin with {wanted}; give more letters.")
    return found[0]


def _load(args: argparse.Namespace) -> Replay:
    with opened_copy(args.project) as document:
        blobs = document.generations.blobs

        async def load(digest: str) -> Pixels:
            return blobs.get(digest)

        return asyncio.run(load_replay(find_record(document, args.record), load))


def _tell(args: argparse.Namespace, outcome: Outcome, seconds: float) -> None:
    record = outcome.replay.record
    if args.json:
        answer = {
            "file": str(args.project),
            "record": record.id,
            **outcome.to_dict(),
            "sentence": outcome.sentences(),
            "facts": outcome.facts,
            "seconds": round(seconds, 3),
        }
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    prompt = str(record.request.get("prompt", "")) or "no prompt"
    sys.stdout.write(f"{record.id[:8]}  seed {record.request.get('seed')}  {prompt[:70]}\n{outcome.sentences()}\n")
