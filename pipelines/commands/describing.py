"""describe: what pictures show, in words, by a captioning model of the library."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from pipelines.commands import jobs
from pipelines.commands.errors import InputError
from pipelines.commands.finding import find_named
from pipelines.commands.pictures import read_picture
from pipelines.contract.looking import DescriptionRequest
from pipelines.contract.models import DescriptionStyle, ModelInfo, ModelKind
from pipelines.library.families import kind_label
from pipelines.library.registry import Library, default_index
from pipelines.planning.description import worth_describing


def describe(args: Namespace) -> int:
    """A line for each picture; with several their names stand before them."""
    library = Library(index=default_index())
    info = _captioner(library, args.model)
    style = DescriptionStyle(args.style)
    requests = [DescriptionRequest(info.id, worth_describing(read_picture(one).rgba), style) for one in args.pictures]
    rows = asyncio.run(_describe_all(requests, library, args))
    if args.json:
        named = [{"picture": str(path), **row} for path, row in zip(args.pictures, rows, strict=True)]
        sys.stdout.write(json.dumps({"model": info.id, "style": args.style, "rows": named}, ensure_ascii=False) + "\n")
        return 0
    for path, row in zip(args.pictures, rows, strict=True):
        sys.stdout.write((f"{path}: " if len(rows) > 1 else "") + row["text"] + "\n")
    return 0


async def _describe_all(
    requests: Sequence[DescriptionRequest], library: Library, args: Namespace
) -> list[dict[str, Any]]:
    client = jobs.open_engine(library, jobs.EngineChoice(args.device, args.dtype))
    rows: list[dict[str, Any]] = []
    try:
        for request in requests:
            started = time.perf_counter()
            said = await jobs.describe(request, client, jobs.ProgressBar("Describing").show)
            rows.append({"text": said.text, "seconds": round(time.perf_counter() - started, 2)})
    finally:
        await client.close()
    return rows


def _captioner(library: Library, wanted: str) -> ModelInfo:
    """The captioning model of that name, id or path; without a name the first that can be used.

    Raises InputError or ModelError.
    """
    if not wanted:
        usable = [info for info in library.models({ModelKind.CAPTIONER}) if not info.problem]
        if usable:
            return usable[0]
        raise InputError(
            "There is no captioning model in the library. Give a folder with BLIP, Florence-2 or SmolVLM to --model, "
            "or add one: handscroll models add FOLDER."
        )
    info = find_named(library, wanted, {ModelKind.CAPTIONER})
    if info.kind is not ModelKind.CAPTIONER:
        raise InputError(f"{info.name} is {kind_label(info.kind)}, which cannot describe pictures.")
    return info
