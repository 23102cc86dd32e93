"""Models that look at pictures and say what they show: one row for each kind, read from Hugging Face's folders.

Code that comes with a model is never run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
import transformers
from PIL import Image
from transformers import AutoTokenizer, SmolVLMImageProcessorPil

from pipelines.contract.errors import ModelError
from pipelines.contract.models import DescriptionStyle, ModelInfo, ModelKind
from pipelines.contract.request import Pixels
from pipelines.engine.memory import Device
from pipelines.engine.picture_preparation import preparation_in, prepared
from pipelines.engine.seeing_networks import before_layers, folder_of, network_in, reading

_WORDS = ("tokenizer.json", "vocab.txt", "vocab.json")
"""Files that hold a vocabulary; without one a tokenizer loads silently as an empty one."""

Inputs = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Row:
    """How one kind of captioning model is asked."""

    network: str
    """Its class in transformers."""
    ask: Callable[[Captioner, Pixels, DescriptionStyle], Inputs]
    """What it is given: its tensors for an RGB picture."""
    skip: Callable[[Inputs], int]
    """How many tokens of what it gives back are not its own words."""
    settings: Mapping[DescriptionStyle, Mapping[str, Any]]
    """For `generate`: the most tokens, beams and the like."""
    gives_tags: bool = False
    """Whether it can be told to answer with tags; the others' sentences are taken apart."""


@dataclass(eq=False)
class Captioner:
    """One captioning model in memory."""

    info: ModelInfo
    row: Row
    network: Any
    tokenizer: Any
    preparation: Mapping[str, Any] = field(default_factory=dict)
    """Its preprocessor_config.json."""

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return next(self.network.parameters()).device

    @torch.inference_mode()
    def describe(self, rgb: Pixels, style: DescriptionStyle, watch: Any) -> str:
        """What the RGB picture (h, w, 3) shows, as the model says it; `watch` is asked before each further token."""
        asked = self.row.ask(self, rgb, style)
        dtype = next(self.network.parameters()).dtype
        inputs = {
            name: value.to(self.device, dtype if value.is_floating_point() else None) for name, value in asked.items()
        }
        said = self.network.generate(**inputs, do_sample=False, stopping_criteria=[watch], **self.row.settings[style])
        return str(self.tokenizer.decode(said[0][self.row.skip(asked) :], skip_special_tokens=True))


def load_captioner(info: ModelInfo, device: Device, interrupt: Callable[[], None]) -> Captioner:
    """Reads a captioning model; `interrupt` is called while it is read and between its layers in every later run.

    Raises ModelError, as a sentence, when it is missing, damaged or no such model; what torch raises without memory.
    """
    folder = folder_of(info, ModelKind.CAPTIONER, "describe pictures")
    row = ROWS.get(info.variant)
    if row is None:
        raise ModelError(
            f"'{info.name}' is a captioning model of a kind ({info.variant or 'unknown'}) that is not known."
        )
    if not any((folder / name).is_file() for name in _WORDS):
        raise ModelError(
            f"The model '{info.name}' has no vocabulary in {folder}: copy tokenizer.json from where it came."
        )
    with reading(info, "captioning model"):
        network = network_in(folder, getattr(transformers, row.network), device, interrupt)
        tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
        preparation = preparation_in(folder)
    before_layers(network, interrupt)
    return Captioner(info, row, network, tokenizer, preparation)


# --- the kinds


def _pixels(captioner: Captioner, rgb: Pixels, side: int) -> torch.Tensor:
    return torch.from_numpy(prepared(rgb, captioner.preparation, side))[None]


def _ask_blip(captioner: Captioner, rgb: Pixels, _style: DescriptionStyle) -> Inputs:
    side = int(captioner.network.config.vision_config.image_size)
    return {"pixel_values": _pixels(captioner, rgb, side)}


_FLORENCE_SIDE = 768
_FLORENCE_QUESTIONS = {
    DescriptionStyle.SENTENCE: "What does the image describe?",
    DescriptionStyle.DETAILED: "Describe with a paragraph what is shown in the image.",
    DescriptionStyle.TAGS: "Describe in detail what is shown in the image.",
}
"""The words that the tasks CAPTION, MORE_DETAILED_CAPTION and DETAILED_CAPTION stand for in its training."""


def _ask_florence(captioner: Captioner, rgb: Pixels, style: DescriptionStyle) -> Inputs:
    pixels, tokenizer = _pixels(captioner, rgb, _FLORENCE_SIDE), captioner.tokenizer
    config = captioner.network.config
    marks = [config.image_token_id] * _florence_tokens(config.vision_config, pixels.shape[-2:])
    words = tokenizer(_FLORENCE_QUESTIONS[style], add_special_tokens=False).input_ids
    ids = torch.tensor([[*marks, tokenizer.bos_token_id, *words, tokenizer.eos_token_id]])
    return {"pixel_values": pixels, "input_ids": ids, "attention_mask": torch.ones_like(ids)}


def _florence_tokens(vision: Any, size: Sequence[int]) -> int:
    """How many tokens a picture of that height and width becomes: one for each place of the last map, one for all."""
    sides = list(size)
    for kernel, stride, padding in zip(vision.patch_size, vision.patch_stride, vision.patch_padding, strict=True):
        sides = [(side + 2 * padding - kernel) // stride + 1 for side in sides]
    return math.prod(sides) + 1


_CHAT_QUESTIONS = {
    DescriptionStyle.SENTENCE: "Describe this picture in one sentence.",
    DescriptionStyle.DETAILED: "Describe this picture in detail: what it shows, its style, light and colours.",
    DescriptionStyle.TAGS: "List what this picture shows as short tags, separated by commas. Write nothing else.",
}


def _ask_chat(captioner: Captioner, rgb: Pixels, style: DescriptionStyle) -> Inputs:
    config = captioner.network.config
    side = int(config.vision_config.image_size)
    known = {"image_mean", "image_std", "resample", "size", "rescale_factor"} & captioner.preparation.keys()
    processor = SmolVLMImageProcessorPil(
        **{name: captioner.preparation[name] for name in known},
        max_image_size={"longest_edge": side},
        do_image_splitting=False,
    )
    shown: Any = [[Image.fromarray(np.ascontiguousarray(rgb))]]
    seen: Any = processor(images=shown, return_tensors="pt")
    count = (side // int(config.vision_config.patch_size)) ** 2 // int(config.scale_factor) ** 2
    fence = "<fake_token_around_image>"
    picture = f"{fence}<global-img>{'<image>' * count}{fence}"
    asked = f"<|im_start|>User:{picture}{_CHAT_QUESTIONS[style]}<end_of_utterance>\nAssistant:"
    words = captioner.tokenizer([asked], add_special_tokens=False, return_tensors="pt")
    return {
        "pixel_values": seen["pixel_values"],
        "pixel_attention_mask": seen["pixel_attention_mask"],
        "input_ids": words["input_ids"],
        "attention_mask": words["attention_mask"],
    }


_BEAMS: Mapping[DescriptionStyle, Mapping[str, Any]] = {
    DescriptionStyle.SENTENCE: {"max_new_tokens": 40, "num_beams": 3},
    DescriptionStyle.DETAILED: {"max_new_tokens": 75, "min_new_tokens": 20, "num_beams": 3, "repetition_penalty": 1.3},
    DescriptionStyle.TAGS: {"max_new_tokens": 60, "num_beams": 3},
}
_LONG: Mapping[DescriptionStyle, Mapping[str, Any]] = {
    DescriptionStyle.SENTENCE: {"max_new_tokens": 60, "num_beams": 3},
    DescriptionStyle.DETAILED: {"max_new_tokens": 320, "num_beams": 3},
    DescriptionStyle.TAGS: {"max_new_tokens": 160, "num_beams": 3},
}
_CHAT: Mapping[DescriptionStyle, Mapping[str, Any]] = {
    DescriptionStyle.SENTENCE: {"max_new_tokens": 80},
    DescriptionStyle.DETAILED: {"max_new_tokens": 320, "repetition_penalty": 1.1},
    DescriptionStyle.TAGS: {"max_new_tokens": 120, "repetition_penalty": 1.1},
}

_CHATTING = Row(
    "SmolVLMForConditionalGeneration",
    _ask_chat,
    lambda asked: asked["input_ids"].shape[1],
    _CHAT,
    gives_tags=True,
)

ROWS: Mapping[str, Row] = {
    "blip": Row("BlipForConditionalGeneration", _ask_blip, lambda _asked: 1, _BEAMS),
    "florence2": Row("Florence2ForConditionalGeneration", _ask_florence, lambda _asked: 1, _LONG),
    "smolvlm": _CHATTING,
    "idefics3": replace(_CHATTING, network="Idefics3ForConditionalGeneration"),
}
"""By the library's `variant`."""
