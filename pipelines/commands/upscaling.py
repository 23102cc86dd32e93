"""upscale: a picture from a file made larger, its detail painted anew on demand."""

from __future__ import annotations

import time
from argparse import Namespace
from dataclasses import replace

from pipelines.commands.errors import InputError
from pipelines.commands.finding import find_named
from pipelines.commands.painting import deliver, find_model, new_request, run
from pipelines.commands.pictures import check_output, read_picture
from pipelines.commands.wording import Vocabulary
from pipelines.contract.models import ModelKind
from pipelines.contract.request import LANCZOS, MAX_SIDE, Task
from pipelines.library.families import kind_label
from pipelines.library.registry import Library


def upscale(args: Namespace) -> int:
    """A picture several times as large; its transparency is kept."""
    started = time.perf_counter()
    check_output(args.out)
    picture = read_picture(args.image)
    width, height = picture.size
    if not 1.0 <= args.scale <= 8.0:
        raise InputError(f"--scale is {args.scale:g}; it must be between 1 and 8.")
    if max(width, height) * args.scale > MAX_SIDE:
        largest = MAX_SIDE / max(width, height)
        advice = f"Choose a --scale up to {int(largest * 10) / 10:g}." if largest >= 1.1 else "It is too large already."
        size = f"{args.image.name} is {width} x {height} pixels"
        raise InputError(f"{size}; {args.scale:g} times that is more than {MAX_SIDE} a side. {advice}")
    library, model = find_model(args.model)
    request = new_request(
        args,
        Vocabulary(library, model),
        Task.UPSCALE,
        width=width,
        height=height,
        image=picture.rgba,
        scale=args.scale,
        upscaler=_upscaler(library, args.upscaler),
        strength=args.strength,
    )
    finished = run(request, library, args)
    pictures = [replace(picture, rgba=patch) for patch in finished.patches]
    return deliver(args, request, pictures, finished, started)


def _upscaler(library: Library, wanted: str) -> str:
    """`lanczos`, or the id of the upscaling model of that id, path or name. Raises InputError or ModelError."""
    if wanted == LANCZOS:
        return LANCZOS
    info = find_named(library, wanted, {ModelKind.UPSCALER})
    if info.kind is not ModelKind.UPSCALER:
        raise InputError(
            f"{info.name} is {kind_label(info.kind)}, not an upscaling model. Give one to --upscaler, or lanczos."
        )
    return info.id
