"""Prompts that are read together with pictures: what Qwen-Image-Edit does.

transformers' own processor for it needs torchvision because of videos, which nobody shows it here; the part for still
pictures does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import diffusers
import numpy as np
import torch
from PIL import Image
from transformers import BatchFeature, Qwen2VLImageProcessorPil
from typing_extensions import override

from pipelines.contract.request import Pixels
from pipelines.engine.speech import MaskedSpeech, Words

_PAD = "<|image_pad|>"
"""Stands for a picture in a text; once for each of the tokens that the picture becomes."""
_MULTIPLE = 32
"""Sides of pictures that are read."""
_MOST = 12_845_056
"""Pixels of a picture above which it is made smaller."""
_LEAST = 56 * 56


class StillProcessor:
    """Texts and pictures to the tensors that Qwen2.5-VL reads, as transformers' Qwen2VLProcessor makes them."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.image_processor = Qwen2VLImageProcessorPil(size={"longest_edge": _MOST, "shortest_edge": _LEAST})

    def __call__(self, text: Sequence[str], images: Any = None, **settings: Any) -> BatchFeature:
        """`input_ids`, `attention_mask`, `pixel_values`, `image_grid_thw`."""
        shown = images if isinstance(images, list) else [images]
        seen: Any = self.image_processor(images=shown, return_tensors="pt")
        counts = [int(grid.prod()) // self.image_processor.merge_size**2 for grid in seen["image_grid_thw"]]
        words = self.tokenizer([self._spread(one, counts) for one in text], **settings)
        return BatchFeature({**words, **seen})

    def _spread(self, text: str, counts: Sequence[int]) -> str:
        first, *rest = text.split(_PAD)
        return first + "".join(_PAD * count + part for count, part in zip(counts, rest, strict=True))


@dataclass(frozen=True, eq=False)
class SeeingSpeech(MaskedSpeech):
    """Qwen-Image's way of speaking, with pictures between the words where there are some."""

    pipeline: str = ""
    """Name in diffusers of the pipeline that knows how pictures are spoken of."""
    pictures: tuple[Pixels, ...] = ()
    """RGB."""

    def seeing(self, pictures: Sequence[Pixels]) -> SeeingSpeech:
        """The same way, with these pictures (RGB of any size) being spoken of."""
        return replace(self, pictures=tuple(self._fitted(rgb) for rgb in pictures[: self.most_pictures]))

    @override
    def prepare(self, pipe: Any) -> None:
        plain = pipe.encode_prompt

        def uncut(prompt: Any = None, *args: Any, **more: Any) -> Any:
            """The pipeline would cut off what it is given after 1024 tokens, and a picture alone can have more."""
            if more.get("prompt_embeds") is None:
                return plain(prompt, *args, **more)
            return more["prompt_embeds"], more.get("prompt_embeds_mask")

        pipe.encode_prompt = uncut

    @override
    def encode(self, pipe: Any, prompt: str, negative: str | None, guided: bool, device: torch.device) -> Words:
        if not self.pictures:
            return super().encode(pipe, prompt, negative, guided, device)
        reader = getattr(diffusers, self.pipeline)(**pipe.components, processor=StillProcessor(pipe.tokenizer))
        pictures: Any = [Image.fromarray(rgb) for rgb in self.pictures]
        shown = pictures if self.most_pictures > 1 else pictures[0]
        said = {"prompt_embeds": prompt} | ({"negative_prompt_embeds": negative or " "} if guided else {})
        words: Words = {}
        for name, text in said.items():
            words[name], words[f"{name}_mask"] = reader.encode_prompt(text or " ", image=shown, device=device)
        return {name: value for name, value in words.items() if value is not None}

    def _fitted(self, rgb: Pixels) -> Pixels:
        """As many pixels as it is read with, its sides multiples."""
        ratio = rgb.shape[1] / rgb.shape[0]
        width, height = (self.pixels_read * ratio) ** 0.5, (self.pixels_read / ratio) ** 0.5
        across, down = (max(_MULTIPLE, round(side / _MULTIPLE) * _MULTIPLE) for side in (width, height))
        return np.asarray(Image.fromarray(rgb).resize((across, down), Image.Resampling.LANCZOS))
