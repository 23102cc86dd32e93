"""The noise a picture begins with: of its seed, turned towards another seed, or belonging to places on the canvas."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from diffusers.utils.torch_utils import randn_tensor
from numpy.typing import NDArray

from pipelines.contract.request import GenerationRequest
from pipelines.engine.latents import generator_for
from pipelines.planning.box import Box

_ORIGIN = 1 << 40
"""Added to cell coordinates: Philox' counters are unsigned and must not run over in the middle of a canvas."""
_SEEDS = 2**63


@dataclass(frozen=True)
class NoisePlace:
    """Where the latents of a run lie in the canvas' grid of latent cells, at the scale of the run."""

    column: int = 0
    """Of the leftmost cell, any sign."""
    row: int = 0
    """Of the topmost cell, any sign."""


def noise_place(request: GenerationRequest, crop: Box, size: tuple[int, int], cell: int = 8) -> NoisePlace:
    """The place of the part `crop` of the request's region (canvas pixels) that is painted at `size` (width, height).

    A cell is `cell` pixels of the run wide; an offset that is no whole number of them is rounded.
    """
    column = (request.x + crop.left) * size[0] / crop.width / cell
    row = (request.y + crop.top) * size[1] / crop.height / cell
    return NoisePlace(math.floor(column + 0.5), math.floor(row + 0.5))


def first_noise(
    request: GenerationRequest,
    index: int,
    shape: tuple[int, ...],
    device: torch.device,
    dtype: torch.dtype,
    place: NoisePlace,
) -> torch.Tensor:
    """Unit noise of picture `index`, `shape` (1, channels, rows, columns).

    Without variation and canvas noise it is, bit for bit, what a diffusers pipeline draws from a generator seeded with
    seed + index. A variation turns the noise of `seed` by spherical interpolation towards that of variation_seed +
    index: all pictures of the batch are variations of one, which may be a variation itself (`variation_path`).
    """

    def drawn(seed: int) -> torch.Tensor:
        if request.canvas_noise:
            return torch.from_numpy(canvas_noise(seed % _SEEDS, shape, place)).to(device, dtype)
        return randn_tensor(shape, generator=generator_for(seed), device=device, dtype=dtype)

    noise = drawn(request.seed_of(index))
    for turn in request.variation_path:
        noise = _turned(noise, drawn(turn.seed), turn.strength)
    if request.variation_strength == 0.0:
        return noise
    other = drawn(request.variation_seed + index)
    return _turned(noise, other, request.variation_strength)


def _turned(noise: torch.Tensor, other: torch.Tensor, strength: float) -> torch.Tensor:
    return other if strength == 1.0 else _slerp(noise, other, strength)


def canvas_noise(seed: int, shape: tuple[int, ...], place: NoisePlace) -> NDArray[np.float32]:
    """Unit noise of `shape` (1, channels, rows, columns) in which each cell depends on the seed and its own place only.

    Philox is a generator by counters (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): the counter
    is the place, so any two runs agree wherever they overlap. Four 64-bit words for each count become four normal
    numbers (Box and Muller, 1958).
    """
    _, channels, rows, columns = shape
    groups = math.ceil(channels / 4)
    raw = np.empty((groups, rows, columns, 4), np.uint64)
    for group in range(groups):
        for row in range(rows):
            start = [place.column + _ORIGIN, place.row + row + _ORIGIN, group, 0]
            raw[group, row] = np.random.Philox(counter=start, key=seed).random_raw(columns * 4).reshape(columns, 4)
    even = ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    radius, angle = np.sqrt(-2.0 * np.log(even[..., :2])), 2.0 * np.pi * even[..., 2:]
    normal = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    stacked = normal.transpose(0, 3, 1, 2).reshape(1, groups * 4, rows, columns)
    return np.ascontiguousarray(stacked[:, :channels], np.float32)


def begin_with_noise(pipe: Any, request: GenerationRequest, place: NoisePlace, index: Callable[[], int]) -> None:
    """Lets a pipeline made for one job begin with `first_noise`, whichever of its kinds it is. `index` tells which
    picture of the batch it is called for.

    The pipeline draws as ever before its own noise is put aside, so that what its scheduler draws later is what it
    would have drawn.
    """
    if not (request.canvas_noise or request.variation_path or request.variation_strength > 0.0):
        return
    plain = pipe.prepare_latents
    signature = inspect.signature(plain)

    def prepare(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        values = given.arguments
        pure = values.get("is_strength_max", "timestep" not in values)
        wants_picture = values.get("return_image_latents", False)
        if "return_image_latents" in values and not pure:
            values["return_image_latents"] = True
        made = plain(*given.args, **given.kwargs)
        latents = made[0] if isinstance(made, tuple) else made
        noise = first_noise(request, index(), tuple(latents.shape), latents.device, latents.dtype, place)
        if pure:
            begun = noise * pipe.scheduler.init_noise_sigma
        else:
            picture = made[2] if isinstance(made, tuple) else values["image"].to(latents)
            begun = pipe.scheduler.add_noise(picture, noise, values["timestep"])
        if not isinstance(made, tuple):
            return begun
        return (begun, noise, *made[2:]) if wants_picture else (begun, noise)

    pipe.prepare_latents = prepare


def _slerp(first: torch.Tensor, second: torch.Tensor, part: float) -> torch.Tensor:
    """From one noise to another along the sphere on which both lie (Shoemake 1985): its spread stays 1."""
    one, two = first.to("cpu", torch.float64), second.to("cpu", torch.float64)
    cosine = float((one * two).sum() / (one.norm() * two.norm()))
    angle = math.acos(min(max(cosine, -1.0), 1.0))
    if math.sin(angle) < 1e-6:
        return first
    turned = math.sin((1.0 - part) * angle) * one + math.sin(part * angle) * two
    return (turned / math.sin(angle)).to(first.device, first.dtype)
