"""What guides a picture besides its prompt: regions with prompts of their own, and variations of a seed."""

from __future__ import annotations

import secrets
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.commands.errors import InputError
from pipelines.commands.pictures import read_picture
from pipelines.contract.request import Pixels, RegionPrompt
from pipelines.planning.box import Box
from pipelines.prompting.wildcards import choose_words


def variation(args: Namespace) -> dict[str, Any]:
    """The request's fields for `--variation-seed` and `--variation-strength`. Raises InputError."""
    seed, strength = args.variation_seed, args.variation_strength
    if strength is None and seed is None:
        return {}
    if strength is None:
        raise InputError("--variation-seed does nothing alone; say with --variation-strength how far, between 0 and 1.")
    return {"variation_strength": strength, "variation_seed": secrets.randbelow(2**32) if seed is None else seed}


def regions(texts: Sequence[str], prompt: str, seed: int, size: tuple[int, int], box: Box) -> tuple[RegionPrompt, ...]:
    """One RegionPrompt for each `MASK.png:PROMPT`, cut to `box`; the picture's own `prompt` goes before its words.

    Masks have the picture's `size` (width, height). Raises InputError naming the region.
    """
    found: list[RegionPrompt] = []
    for text in texts:
        path, words = _split(text)
        mask = np.ascontiguousarray(_read(path, size)[box.slices])
        whole = ", ".join(part for part in (prompt.strip(), words) if part)
        found.append(RegionPrompt(choose_words(whole, seed), mask))
    return tuple(found)


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
