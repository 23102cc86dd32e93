"""animate: a picture from a file, or words alone, made into a clip."""

from __future__ import annotations

import json
import sys
import time
from argparse import Namespace
from typing import Any

from pipelines.commands.clip_files import FASTEST, check_clip_output, write_clip
from pipelines.commands.errors import InputError
from pipelines.commands.painting import embedded, find_model, new_request, notes_in, run
from pipelines.commands.pictures import read_picture
from pipelines.commands.wording import Vocabulary
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import Task
from pipelines.library.families import animates, animates_words, only_animates

_STRENGTH = 0.8
"""How far a picture that stands still is painted over by a model that cannot be shown it: less hardly moves."""


def animate(args: Namespace) -> int:
    """A clip that begins with the picture."""
    started = time.perf_counter()
    check_clip_output(args.out)
    if not 1.0 <= args.fps <= FASTEST:
        raise InputError(f"--fps is {args.fps:g}; a clip has from 1 to {FASTEST} pictures a second.")
    picture = None if args.picture is None else read_picture(args.picture)
    library, model = find_model(args.model)
    _check(args, model)
    side = model.defaults.native_size
    size = (args.width or side, args.height or side) if picture is None else picture.size
    shown: dict[str, Any] = {"image": None if picture is None else picture.rgba, "strength": _strength(args, model)}
    vocabulary = Vocabulary(library, model)
    request = new_request(args, vocabulary, Task.ANIMATE, width=size[0], height=size[1], frames=args.frames, **shown)
    finished = run(request, library, args)
    facts = dict(finished.facts)
    write_clip(args.out, finished.patches, args.fps, embedded(request, 0, facts))
    height, width = finished.patches[0].shape[:2]
    seconds = round(time.perf_counter() - started, 3)
    report = {
        "files": [str(args.out)],
        "seed": request.seed,
        "frames": len(finished.patches),
        "fps": args.fps,
        "width": width,
        "height": height,
        "request": request.to_dict(),
        "timings": {"command_s": seconds} | {name: value for name, value in facts.items() if name.endswith("_s")},
        "facts": facts,
    }
    if args.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(f"{args.out}\n")
        sys.stderr.write(
            f"{len(finished.patches)} pictures of {width} x {height}, seed {request.seed}, {seconds:.1f} s\n"
        )
        sys.stderr.writelines(f"{note}\n" for note in notes_in(facts))
    return 0


def _check(args: Namespace, model: ModelInfo) -> None:
    if model.problem:
        raise InputError(model.problem)
    if not animates(model):
        raise InputError(
            f"{model.name} paints pictures that stand still. Give --model a Wan model: its diffusers folder or file."
        )
    if args.picture is None and not animates_words(model):
        raise InputError(f"{model.name} lets a picture move and needs one. Name its file before the options.")
    if args.picture is not None and (args.width or args.height):
        raise InputError("--width and --height are for clips of words alone; a picture brings its own size.")


def _strength(args: Namespace, model: ModelInfo) -> float:
    if args.picture is None:
        return 1.0
    if only_animates(model):
        if args.strength is not None:
            sys.stderr.write(f"--strength counts for nothing here: {model.name} is shown the picture.\n")
        return 1.0
    return _STRENGTH if args.strength is None else float(args.strength)
