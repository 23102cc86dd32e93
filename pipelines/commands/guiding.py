"""What guides a picture besides its prompt: regions, variations of a seed, and references."""

from __future__ import annotations

import re
import secrets
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.commands.errors import InputError
from pipelines.commands.pictures import read_picture
from pipelines.commands.wording import Vocabulary
from pipelines.contract.models import ModelKind
from pipelines.contract.request import NoiseTurn, Pixels, ReferenceImage
from pipelines.planning.box import Box

_NUMBER = r"(?:\d+\.?\d*|\.\d+)"
_TURN = re.compile(rf"(?P<seed>\d+):(?P<strength>{_NUMBER})")


def variation(args: Namespace) -> dict[str, Any]:
    """The request's fields for `--variation-path`, `--variation-seed` and `--variation-strength`. Raises InputError."""
    seed, strength = args.variation_seed, args.variation_strength
    path = {"variation_path": tuple(_turn(text) for text in args.variation_path)} if args.variation_path else {}
    if strength is None and seed is None:
        return path
    if strength is None:
        raise InputError("--variation-seed does nothing alone; say with --variation-strength how far, between 0 and 1.")
    drawn = secrets.randbelow(2**32) if seed is None else seed
    return {"variation_strength": strength, "variation_seed": drawn, **path}


def _turn(text: str) -> NoiseTurn:
    found = _TURN.fullmatch(text)
    if found is None:
        raise InputError(
            f"--variation-path '{text}' cannot be read: give a seed and how far towards it, 0 to 1, such as 1234:0.2."
        )
    return NoiseTurn(int(found["seed"]), float(found["strength"]))


def regions(texts: Sequence[str], size: tuple[int, int], box: Box) -> list[tuple[str, Pixels]]:
    """Words and mask for each `MASK.png:PROMPT`, the mask cut to `box`.

    Masks have the picture's `size` (width, height). Raises InputError naming the region.
    """
    found: list[tuple[str, Pixels]] = []
    for text in texts:
        path, words = _split(text)
        found.append((words, np.ascontiguousarray(_read(path, size)[box.slices])))
    return found


def references(texts: Sequence[str], vocabulary: Vocabulary) -> tuple[ReferenceImage, ...]:
    """One for each `IMAGE[:MODEL[:WEIGHT]]`; without a model the painting one looks itself.

    Raises InputError or ModelError.
    """
    found: list[ReferenceImage] = []
    for text in texts:
        path, rest = _file_and_rest(text)
        name, _, weight = rest.rpartition(":") if re.fullmatch(rf".+:{_NUMBER}", rest) else (rest, "", "1")
        model = vocabulary.addon(name, (ModelKind.IP_ADAPTER,), "--reference").id if name else ""
        found.append(ReferenceImage(read_picture(path).rgba, model, float(weight)))
    return tuple(found)


def _file_and_rest(text: str) -> tuple[Path, str]:
    """A file that is there, and what stands behind the colon after it."""
    for place in [len(text), *(found.start() for found in re.finditer(":", text))]:
        if Path(text[:place]).is_file():
            return Path(text[:place]), text[place + 1 :]
    raise InputError(
        f"--reference '{text}' names no picture that is there: give one, and after a colon an IP-Adapter if the model "
        "itself does not look at pictures."
    )


def _split(text: str) -> tuple[Path, str]:
    """Mask and prompt. The first colon parts them, but for that of a drive's letter."""
    path, colon, words = text.partition(":")
    if len(path) == 1 and words[:1] in ("\\", "/"):
        rest, colon, words = words.partition(":")
        path = f"{path}:{rest}"
    if not colon or not path or not words.strip():
        raise InputError(
            f"--region '{text}' cannot be read: give a mask and its prompt, such as sky.png:\"red clouds\"."
        )
    return Path(path), words.strip()


def _read(path: Path, size: tuple[int, int]) -> Pixels:
    picture = read_picture(path)
    if picture.size != size:
        raise InputError(
            f"The region's mask {path.name} is {picture.size[0]} x {picture.size[1]} pixels, but the picture is "
            f"{size[0]} x {size[1]}; both must be of the same size."
        )
    rgba = picture.rgba.astype(np.float32)
    mask = np.rint(rgba[..., :3] @ np.array([0.299, 0.587, 0.114], np.float32) * rgba[..., 3] / 255.0)
    if not mask.any():
        raise InputError(
            f"The region's mask {path.name} is all black: its prompt would count nowhere. White means here."
        )
    return mask.astype(np.uint8)
