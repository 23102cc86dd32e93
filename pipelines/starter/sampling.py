"""Pipelines made of a checkpoint or of the shipped folder, and fixed-seed pictures and sheets of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import StableDiffusionInpaintPipeline, StableDiffusionPipeline
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from pipelines.engine.surroundings import SEES_SURROUNDINGS
from pipelines.starter.checkpoint import Counters, latest_checkpoint
from pipelines.starter.data import load_vae
from pipelines.starter.errors import StarterError
from pipelines.starter.network import Network, load_network, noise_schedule, run_tokenizer, widen
from pipelines.starter.places import MODEL_FOLDER

STEPS, GUIDANCE = 14, 2.0
SHEET_PROMPTS = (
    "misty mountains, lake",
    "blue-green, high peaks, fishing boat",
    "night, full moon, mountains, water",
    "snow, mountains, hut, bare tree",
    "autumn, red maple trees, river, pavilion",
    "sunset, distant hills, boat with a sail",
    "spring, peach blossom, bridge, water",
    "rain, black ink, pines, rocks",
    "青绿山水，高山，瀑布，松树",
    "月夜，江，渔船，远山",
    "黄昏，亭子，柳树，飞鸟",
    "bamboo, rocks, dawn, red sun, lake",
)


def checkpoint_parts(run: Path) -> tuple[Network, Counters]:
    """Return the mean weights of a run's newest checkpoint as a network. Raises StarterError where there is none."""
    found = latest_checkpoint(run)
    if found is None:
        raise StarterError(f"There is no checkpoint in {run}; train first: python -m pipelines.starter.train.")
    network = load_network(MODEL_FOLDER, run_tokenizer(run))
    wide = found.mean["unet.conv_in.weight"].shape[1] > network.unet.conv_in.in_channels
    network.unet.register_to_config(**{SEES_SURROUNDINGS: not wide})
    if wide:
        widen(network)
    network.take(found.mean)
    return network, found.counters


def checkpoint_pipeline(run: Path) -> tuple[StableDiffusionPipeline, Counters]:
    """Return the stock pipeline of a run's newest checkpoint, in float32."""
    network, counters = checkpoint_parts(run)
    pipeline = StableDiffusionPipeline(
        vae=load_vae(str(run if (run / "vae").is_dir() else MODEL_FOLDER)),  # type: ignore[arg-type]
        text_encoder=network.text_encoder.eval(),
        tokenizer=network.tokenizer,
        unet=network.unet.eval(),
        scheduler=noise_schedule(),  # type: ignore[arg-type]
        safety_checker=None,  # type: ignore[arg-type]
        feature_extractor=None,  # type: ignore[arg-type]
        requires_safety_checker=False,
    )
    return quiet(pipeline), counters


def quiet(pipeline: Any) -> Any:
    """Return the pipeline without progress bars."""
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def inpainter(pipeline: StableDiffusionPipeline) -> StableDiffusionInpaintPipeline:
    """Return an inpaint pipeline of the same parts; `from_pipe` refuses this VAE's class."""
    return quiet(StableDiffusionInpaintPipeline(**pipeline.components, requires_safety_checker=False))


def paint(
    pipeline: Any, prompts: Sequence[str], size: tuple[int, int] = (256, 256), seed: int = 0, steps: int = STEPS
) -> list[NDArray[np.uint8]]:
    """Return one picture (height, width, 3) per prompt, `size` being width and height; picture i uses seed + i."""
    pictures: list[NDArray[np.uint8]] = []
    for first in range(0, len(prompts), 4):
        part = list(prompts[first : first + 4])
        generators = [torch.Generator().manual_seed(seed + first + i) for i in range(len(part))]
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            made = pipeline(
                part,
                width=size[0],
                height=size[1],
                num_inference_steps=steps,
                guidance_scale=GUIDANCE,
                generator=generators,
            )
        pictures += [np.asarray(image) for image in made.images]
    return pictures


def reference_picture(pipeline: Any) -> NDArray[np.uint8]:
    """Return the picture by which an exported model is recognised: full precision, one fixed prompt and seed."""
    made = pipeline(
        "snow, mountains, pavilion",
        width=256,
        height=256,
        num_inference_steps=8,
        guidance_scale=GUIDANCE,
        generator=torch.Generator().manual_seed(20),
    )
    return np.asarray(made.images[0])


def load_folder(folder: Path) -> Any:
    """Return the stock pipeline of a model folder, in float32."""
    return quiet(StableDiffusionPipeline.from_pretrained(folder, torch_dtype=torch.float32))


def contact_sheet(pictures: Sequence[NDArray[np.uint8]], columns: int, captions: Sequence[str] = ()) -> Image.Image:
    """Return the pictures side by side, each with its caption below where it can be written in Latin letters."""
    height, width = pictures[0].shape[:2]
    cell = height + (16 if captions else 4)
    rows = (len(pictures) + columns - 1) // columns
    sheet = Image.new("RGB", (columns * (width + 4), rows * cell), "white")
    draw = ImageDraw.Draw(sheet)
    for i, picture in enumerate(pictures):
        x, y = (i % columns) * (width + 4), (i // columns) * cell
        sheet.paste(Image.fromarray(picture), (x, y))
        if captions and captions[i].isascii():
            draw.text((x + 2, y + height + 2), captions[i][: width // 6], fill="black")
    return sheet
