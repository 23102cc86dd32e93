"""Requests and pictures that several tests paint with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import cv2
import numpy as np

from pipelines.contract.events import TERMINAL, EngineEvent
from pipelines.contract.request import GenerationRequest, Pixels, Task


def picture(width: int, height: int, seed: int = 3) -> Pixels:
    """A smooth opaque RGBA picture with some structure."""
    coarse = np.random.default_rng(seed).integers(40, 216, (6, 6, 3)).astype(np.uint8)
    rgb = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    return np.dstack([rgb, np.full((height, width), 255, np.uint8)])


def box_mask(width: int, height: int) -> Pixels:
    """255 in the middle third."""
    mask = np.zeros((height, width), np.uint8)
    mask[height // 3 : 2 * height // 3 + 1, width // 3 : 2 * width // 3 + 1] = 255
    return mask


def sample(task: Task = Task.TEXT_TO_IMAGE, width: int = 128, height: int = 128, **changes: Any) -> GenerationRequest:
    """A quick, complete request of any task; `changes` replace fields."""
    values: dict[str, Any] = {
        "task": task,
        "model": "starter",
        "prompt": "a boat under the moon",
        "num_inference_steps": 4,
        "guidance_scale": 3.0,
        "seed": 11,
        "width": width,
        "height": height,
        "mask_grow": 2,
        "mask_feather": 8,
    }
    if task is not Task.TEXT_TO_IMAGE:
        values["image"] = picture(width, height)
    if task is Task.INPAINT:
        values["mask"] = box_mask(width, height)
    if task is Task.OUTPAINT:
        values["image"][:, width // 2 :] = 0
        values["mask"] = 255 - values["image"][..., 3]
    return GenerationRequest(**(values | changes))


async def until_done(events: AsyncIterator[EngineEvent], *job_ids: str, limit: float = 120.0) -> list[EngineEvent]:
    """Everything heard until each of the jobs has ended."""
    heard: list[EngineEvent] = []
    open_jobs = set(job_ids)
    async with asyncio.timeout(limit):
        while open_jobs:
            event = await anext(events)
            heard.append(event)
            if isinstance(event, TERMINAL):
                open_jobs.discard(event.job_id)
    return heard


async def until(events: AsyncIterator[EngineEvent], kind: type[EngineEvent], limit: float = 120.0) -> list[EngineEvent]:
    """Everything heard up to and with the first event of that kind."""
    heard: list[EngineEvent] = []
    async with asyncio.timeout(limit):
        while not heard or not isinstance(heard[-1], kind):
            heard.append(await anext(events))
    return heard
