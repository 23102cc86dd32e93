"""generate, inpaint and outpaint: from arguments and files to a request, and from patches to PNG files."""

from __future__ import annotations

import json
import math
import secrets
import sys
import time
from argparse import Namespace
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.commands.control_pictures import controls
from pipelines.commands.errors import InputError
from pipelines.commands.finding import find_named
from pipelines.commands.guiding import references, regions, variation
from pipelines.commands.jobs import EngineChoice, open_engine, run_request
from pipelines.commands.pictures import (
    Picture,
    check_output,
    fade_in,
    join_colours,
    output_paths,
    paste,
    read_mask,
    read_picture,
    region_around,
    write_pictures,
)
from pipelines.commands.wording import Vocabulary
from pipelines.contract.events import Finished
from pipelines.contract.models import ModelInfo, ModelKind, SchedulerName
from pipelines.contract.request import MAX_SIDE, Fill, GenerationRequest, Pixels, RegionPrompt, Task
from pipelines.library.families import GENERATION_KINDS, kind_label, nearest_scheduler
from pipelines.library.probe import STARTER_ID
from pipelines.library.registry import Library, default_index
from pipelines.planning.box import Box
from pipelines.planning.context import bounds_of
from pipelines.planning.masks import rim_for
from pipelines.planning.sizes import limits_of

_FILES = ("model", "annotator", "finder")
"""Ids of the library in rows of a request."""


def generate(args: Namespace) -> int:
    """A new picture from a prompt."""
    started = time.perf_counter()
    check_output(args.out)
    library, model = find_model(args.model)
    side = model.defaults.native_size
    width = args.width if args.width is not None else side
    height = args.height if args.height is not None else side
    guiding = _Guiding((width, height), Box(0, 0, width, height))
    request = new_request(args, Vocabulary(library, model), Task.TEXT_TO_IMAGE, guiding, width=width, height=height)
    finished = run(request, library, args)
    pictures = [Picture(patch, has_alpha=False) for patch in finished.patches]
    return deliver(args, request, pictures, finished, started)


def inpaint(args: Namespace) -> int:
    """A picture whose white-masked part is painted anew; everything under black stays bit for bit."""
    started = time.perf_counter()
    check_output(args.out)
    picture = read_picture(args.image)
    mask = read_mask(args.mask, picture.size)
    library, model = find_model(args.model)
    box, place = _place(picture.rgba, mask, model, args.strength)
    part = mask[box.slices]
    guiding = _Guiding(picture.size, box)
    vocabulary = Vocabulary(library, model)
    request = new_request(args, vocabulary, Task.INPAINT, guiding, strength=args.strength, **place)
    finished = run(request, library, args)
    patches = [join_colours(picture.rgba[box.slices], patch, part) for patch in finished.patches]
    pictures = [replace(picture, rgba=paste(picture.rgba, patch, fade_in(part), box)) for patch in patches]
    return deliver(args, request, pictures, finished, started)


def outpaint(args: Namespace) -> int:
    """A picture grown at its edges; the old pixels stay bit for bit."""
    started = time.perf_counter()
    check_output(args.out)
    margins = ((args.top, args.bottom), (args.left, args.right), (0, 0))
    if min(map(min, margins)) < 0 or not any(map(any, margins)):
        raise InputError("Say with --left, --top, --right or --bottom by how many pixels the picture is to grow.")
    if max(map(max, margins)) > MAX_SIDE:
        raise InputError(f"A picture can grow by at most {MAX_SIDE} pixels at once on each side.")
    picture = read_picture(args.image)
    wide = np.pad(picture.rgba, margins)
    mask = np.pad(np.zeros(picture.rgba.shape[:2], np.uint8), margins[:2], constant_values=255)
    library, model = find_model(args.model)
    box, place = _place(wide, mask, model, 1.0)
    guiding = _Guiding((wide.shape[1], wide.shape[0]), box)
    request = new_request(args, Vocabulary(library, model), Task.OUTPAINT, guiding, fill=Fill.BORDER, **place)
    finished = run(request, library, args)
    patches = [join_colours(wide[box.slices], patch, mask[box.slices]) for patch in finished.patches]
    # The edge pixels drawn out are what the new part fades in from, so that no seam shows.
    drawn_out = np.pad(picture.rgba, margins, mode="edge")
    weight = _fade_from_edge(drawn_out[box.slices], mask[box.slices])
    pictures = [replace(picture, rgba=paste(drawn_out, patch, weight, box)) for patch in patches]
    return deliver(args, request, pictures, finished, started)


def _fade_from_edge(drawn_out: Pixels, mask: Pixels) -> Pixels:
    """Where the old edge is opaque the new part fades in; where it is transparent there is nothing to fade from."""
    return np.where(drawn_out[..., 3] == 255, fade_in(mask), mask).astype(np.uint8)


def find_model(wanted: str) -> tuple[Library, ModelInfo]:
    """The library, and the model of that name or id or at that path. Raises InputError or ModelError."""
    library = Library(index=default_index())
    model = library.resolve(wanted) if wanted == STARTER_ID else find_named(library, wanted, GENERATION_KINDS)
    if model.kind not in GENERATION_KINDS:
        raise InputError(
            f"{model.name} is {kind_label(model.kind)}, which cannot paint by itself. Choose a whole model."
        )
    return library, model


@dataclass(frozen=True)
class _Guiding:
    """Where a command's regions lie."""

    size: tuple[int, int]
    """Width and height of the picture and so of the regions' masks, pixels."""
    box: Box
    """The part of it that is asked for."""


def new_request(
    args: Namespace, vocabulary: Vocabulary, task: Task, guiding: _Guiding | None = None, **more: Any
) -> GenerationRequest:
    """The request with the model's defaults where the person said nothing.

    `guiding` for commands that take regions, variations and pictures to follow. Raises InputError, ModelError or
    InvalidRequestError.
    """
    model, defaults = vocabulary.model, vocabulary.model.defaults
    seed = args.seed if args.seed is not None else secrets.randbelow(2**32)
    own: list[tuple[str, Pixels]] = []
    if guiding is not None:
        own = [
            (vocabulary.known.choose_own(words, seed), mask)
            for words, mask in regions(getattr(args, "region", ()), guiding.size, guiding.box)
        ]
        more |= variation(args) if "variation_seed" in args else {}
        more["controls"] = controls(args.control, vocabulary, guiding.size, guiding.box)
        more["references"] = references(args.reference, vocabulary)
    words = vocabulary.words(args, seed, [said for said, _mask in own])
    more["regions"] = tuple(
        RegionPrompt(", ".join(part for part in (words.prompt, said) if part), mask) for said, mask in own
    )
    more |= words.fields() | {"clip_skip": args.clip_skip}
    more["vae"] = vocabulary.addon(args.vae, (ModelKind.VAE,), "--vae").id if args.vae else ""
    request = GenerationRequest(
        task=task,
        model=model.id,
        num_inference_steps=args.steps if args.steps is not None else defaults.num_inference_steps,
        guidance_scale=args.guidance_scale if args.guidance_scale is not None else defaults.guidance_scale,
        scheduler=_scheduler(args.scheduler, model) if args.scheduler else defaults.scheduler,
        seed=seed,
        num_images_per_prompt=args.num_images,
        **more,
    )
    request.check()
    return request


def _scheduler(name: str, model: ModelInfo) -> SchedulerName:
    """The method of that name as the model knows it; one that does not suit it stays, and is refused by the engine."""
    nearest, same = nearest_scheduler(SchedulerName(name), model)
    return nearest if same else SchedulerName(name)


def _place(rgba: Pixels, mask: Pixels, model: ModelInfo, strength: float) -> tuple[Box, dict[str, Any]]:
    """The region of a picture that is sent along, and what a request says of it: planned as in the window."""
    selected = bounds_of(mask)
    rim = rim_for(math.hypot(selected.width, selected.height) if selected else 0.0, strength)
    box = region_around(mask, rim, limits_of(model), strength)
    return box, {
        "x": box.left,
        "y": box.top,
        "width": box.width,
        "height": box.height,
        "image": np.ascontiguousarray(rgba[box.slices]),
        "mask": np.ascontiguousarray(mask[box.slices]),
        "mask_grow": rim.grow,
        "mask_feather": rim.feather,
        "mask_blend": rim.blend,
    }


def run(request: GenerationRequest, library: Library, args: Namespace) -> Finished:
    """Runs the request on the engine the arguments choose. Raises InputError, JobFailedError or KeyboardInterrupt."""
    return run_request(request, open_engine(library, EngineChoice(args.device, args.dtype)))


def deliver(
    args: Namespace, request: GenerationRequest, pictures: list[Picture], finished: Finished, started: float
) -> int:
    """Writes the pictures with their parameters and says so on the terminal; the exit code."""
    paths = output_paths(args.out, len(pictures))
    facts = dict(finished.facts)
    write_pictures(paths, pictures, [embedded(request, number, facts) for number in range(len(pictures))])
    seconds = round(time.perf_counter() - started, 3)
    report = {
        "files": [str(path) for path in paths],
        "seed": request.seed,
        "request": request.to_dict(),
        "timings": {"command_s": seconds} | {name: value for name, value in facts.items() if name.endswith("_s")},
        "facts": facts,
    }
    if args.json:
        sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{path}\n" for path in paths)
        turned = f", variation seed {request.variation_seed}" if request.variation_strength else ""
        sys.stderr.write(f"seed {request.seed}{turned}, {seconds:.1f} s\n")
        sys.stderr.writelines(f"{note}\n" for note in notes_in(facts))
    return 0


def notes_in(facts: dict[str, Any]) -> list[str]:
    """What the engine did otherwise than asked, as sentences."""
    return [note for note in (*facts.get("notes", ()), facts.get("thrift_sentence", "")) if note]


def embedded(request: GenerationRequest, number: int, facts: dict[str, Any]) -> dict[str, Any]:
    """What the PNG of picture `number` says about itself. No paths: pictures are given away, and paths name people."""
    own: dict[str, Any] = request.with_seed(request.seed + number).to_dict() | {"num_images_per_prompt": 1}
    own["variation_seed"] = request.variation_seed + (number if request.variation_strength else 0)
    for name in ("model", "upscaler", "vae"):
        own[name] = Path(own[name]).stem
    for name in ("loras", "embeddings", "controls", "references"):
        own[name] = [row | {key: Path(row[key]).stem for key in _FILES if key in row} for row in own[name]]
    files = {Path(name).stem: value for name, value in dict(facts.get("files", {})).items()}
    told = {name: value for name, value in facts.items() if name != "model_path"} | {"files": files}
    return {"request": own, "facts": told}
