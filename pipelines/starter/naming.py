"""How much naming a thing helps the model to find it in noise: whether words are learned, with far less chance in it
than looking for objects in made pictures.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any, Final

import numpy as np
import torch

from pipelines.starter.gates import Gate
from pipelines.starter.labels import JUDGED
from pipelines.starter.network import noise_schedule
from pipelines.starter.painter.captions import plain_caption
from pipelines.starter.reading import KINDS
from pipelines.starter.shards import HELD_OUT_SEED, encode_scroll, training_scroll
from pipelines.starter.tokens import LONGEST_PROMPT
from pipelines.starter.windows import Sample, Windows

TIMES: Final = (999, 900, 800, 600)
_SCROLLS, _FIRST, _BATCH = 24, HELD_OUT_SEED + 9000, 8


def naming(pipeline: Any, count: int) -> list[Gate]:
    """Return by how many per cent the wrong name of a thing raises the error in its cells, at each of `TIMES`.

    `count` held-out windows, each around a thing of a kind drawn evenly; the captions are alike but for that name.
    """
    rng = random.Random(11)
    windows = Windows([encode_scroll(pipeline.vae, training_scroll(_FIRST + i)) for i in range(_SCROLLS)])
    samples: list[Sample] = []
    while len(samples) < count:
        sample = windows.draw(rng, 32, 32)
        if sample.focus in JUDGED and sample.focus in sample.content.objects:
            samples.append(sample)
    right = [_caption(s, str(s.focus)) for s in samples]
    absent = [[kind for kind in JUDGED if kind not in s.content.objects] for s in samples]
    wrong = [_caption(s, rng.choice(kinds)) for s, kinds in zip(samples, absent, strict=True)]
    gates: list[Gate] = []
    for time in TIMES:
        true, false = (_errors(pipeline, samples, captions, time) for captions in (right, wrong))
        note = f"{count} windows; error {true:.3f} by the right name, {false:.3f} by a wrong one"
        gates.append(Gate(f"what a name tells at time {time}, %", 100 * (false / true - 1), "large", note))
    return gates


def _caption(sample: Sample, kind: str) -> str:
    return plain_caption(replace(sample.content, objects=(kind,)), "en")


@torch.inference_mode()
def _errors(pipeline: Any, samples: list[Sample], captions: list[str], time: int) -> float:
    """Return the mean squared error of the velocity over the cells of the things, the same noise every time."""
    alpha = noise_schedule().alphas_cumprod[time]
    scale = float(pipeline.vae.config.scaling_factor)
    errors: list[torch.Tensor] = []
    for first in range(0, len(samples), _BATCH):
        part = samples[first : first + _BATCH]
        clean = torch.from_numpy(np.stack([s.latents for s in part])).float() * scale
        noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(first))
        prompts = captions[first : first + _BATCH]
        made = pipeline.tokenizer(prompts, padding="max_length", max_length=LONGEST_PROMPT, truncation=True)
        ids = torch.tensor(made.input_ids)
        with torch.autocast("cpu", torch.bfloat16):
            context = pipeline.text_encoder(ids).last_hidden_state
            velocity = pipeline.unet(alpha.sqrt() * clean + (1 - alpha).sqrt() * noise, time, context).sample
        error = (velocity.float() - (alpha.sqrt() * noise - (1 - alpha).sqrt() * clean)).pow(2).mean(1)
        cells = torch.from_numpy(np.stack([s.things[KINDS.index(str(s.focus))] for s in part]))
        errors.append(error[cells])
    return float(torch.cat(errors).mean())
