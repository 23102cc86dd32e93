"""How a family is spoken to: which embeddings its pipeline takes for a prompt, and how guidance is said.

To a request, guidance is one number: at 1 and below the negative prompt counts for nothing.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from typing_extensions import override

from pipelines.contract.request import Pixels

Words = dict[str, Any]
"""Arguments of the pipeline's call: embeddings, by their names there."""


@dataclass(frozen=True)
class Speech:
    """Classifier-free guidance with one text encoder: Stable Diffusion 1 and 2. The base of the others."""

    longest: int = 0
    """Tokens of a prompt that are read; 0: what the text encoder is made for."""
    most_pictures: int = 0
    """That are read together with a prompt."""
    pixels_read: int = 0
    """Of each of them."""

    def seeing(self, _pictures: Sequence[Pixels]) -> Speech:
        """The same way, with pictures (RGB of any size) being spoken of where the family does so."""
        return self

    def guided(self, _network: Any, guidance_scale: float) -> bool:
        """Whether a negative prompt counts."""
        return guidance_scale > 1.0

    def prepare(self, pipe: Any) -> None:
        """Called with every pipeline before it is spoken to."""

    def encode(self, pipe: Any, prompt: str, negative: str | None, guided: bool, device: torch.device) -> Words:
        """Embeddings of a prompt and, where `guided`, of what it is led away from."""
        return _named(_PLAIN, pipe.encode_prompt(prompt, device, 1, guided, negative))

    def guidance(self, _network: Any, guidance_scale: float) -> dict[str, Any]:
        """The arguments of the pipeline's call that say how strongly it is guided."""
        return {"guidance_scale": guidance_scale}

    def heard(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Sequence[torch.Tensor]:
        """(tokens, width) of the words that each row of a call of the network hears."""
        del args
        return list(kwargs["encoder_hidden_states"])

    def speak(self, args: tuple[Any, ...], kwargs: dict[str, Any], words: Words) -> tuple[tuple[Any, ...], Words]:
        """The same call of the network, of one row, with other words."""
        said = {argument: words[name] for argument, name in _HEARD.items() if argument in kwargs and name in words}
        if "encoder_hidden_states_mask" in kwargs:
            said["encoder_hidden_states_mask"] = words.get("prompt_embeds_mask")
        return args, {**kwargs, **{name: _like(value, kwargs[name]) for name, value in said.items()}}

    def most(self) -> dict[str, int]:
        """The argument of the pipeline that says how many tokens it reads."""
        return {"max_sequence_length": self.longest} if self.longest else {}


@dataclass(frozen=True)
class PooledSpeech(Speech):
    """The same with a second, pooled kind of embedding: SDXL, SD3."""

    @override
    def encode(self, pipe: Any, prompt: str, negative: str | None, guided: bool, device: torch.device) -> Words:
        more: dict[str, Any] = dict(self.most())
        if "prompt_3" in _parameters(pipe.encode_prompt):
            more |= {"prompt_2": None, "prompt_3": None}
        encoded = pipe.encode_prompt(
            prompt=prompt,
            device=device,
            num_images_per_prompt=1,
            do_classifier_free_guidance=guided,
            negative_prompt=negative,
            **more,
        )
        return _named(_POOLED, encoded)


@dataclass(frozen=True)
class DistilledSpeech(Speech):
    """Guidance that the network was distilled on and takes as a number; where it was not, true guidance with a second
    call of the network: FLUX. A distilled network knows no negative prompt."""

    @override
    def guided(self, network: Any, guidance_scale: float) -> bool:
        return guidance_scale > 1.0 and not network.config.guidance_embeds

    @override
    def encode(self, pipe: Any, prompt: str, negative: str | None, guided: bool, device: torch.device) -> Words:
        embeds, pooled, _places = pipe.encode_prompt(prompt, None, device=device, **self.most())
        words = {"prompt_embeds": embeds, "pooled_prompt_embeds": pooled}
        if guided:
            embeds, pooled, _places = pipe.encode_prompt(negative or "", None, device=device, **self.most())
            words |= {"negative_prompt_embeds": embeds, "negative_pooled_prompt_embeds": pooled}
        return words

    @override
    def guidance(self, network: Any, guidance_scale: float) -> dict[str, Any]:
        true = guidance_scale if self.guided(network, guidance_scale) else 1.0
        return {"guidance_scale": guidance_scale, "true_cfg_scale": true}


@dataclass(frozen=True)
class SentenceSpeech(Speech):
    """True guidance with one text encoder whose prompts are filled up to one length: Wan."""

    @override
    def encode(self, pipe: Any, prompt: str, negative: str | None, guided: bool, device: torch.device) -> Words:
        return _named(_PLAIN, pipe.encode_prompt(prompt, negative, guided, device=device, **self.most()))


@dataclass(frozen=True)
class ListedSpeech(Speech):
    """Embeddings as lists, one for each prompt: Z-Image. Its pipeline counts guidance from 0, where all others count
    from 1."""

    @override
    def encode(self, pipe: Any, prompt: str, negative: str | None, guided: bool, device: torch.device) -> Words:
        return _named(_PLAIN, pipe.encode_prompt(prompt, device, guided, negative or "", **self.most()))

    @override
    def heard(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Sequence[torch.Tensor]:
        return args[2]

    @override
    def speak(self, args: tuple[Any, ...], kwargs: dict[str, Any], words: Words) -> tuple[tuple[Any, ...], Words]:
        return (*args[:2], list(words["prompt_embeds"]), *args[3:]), kwargs

    @override
    def guidance(self, _network: Any, guidance_scale: float) -> dict[str, Any]:
        return {"guidance_scale": max(0.0, guidance_scale - 1.0)}


@dataclass(frozen=True)
class MaskedSpeech(Speech):
    """Embeddings with masks beside them, and true guidance: Qwen-Image."""

    @override
    def encode(self, pipe: Any, prompt: str, negative: str | None, guided: bool, device: torch.device) -> Words:
        said = {"prompt_embeds": prompt} | ({"negative_prompt_embeds": negative or " "} if guided else {})
        words: Words = {}
        for name, text in said.items():
            words[name], words[f"{name}_mask"] = pipe.encode_prompt(text or " ", device=device, **self.most())
        return {name: value for name, value in words.items() if value is not None}

    @override
    def guidance(self, network: Any, guidance_scale: float) -> dict[str, Any]:
        own = guidance_scale if network.config.guidance_embeds else None
        return {"guidance_scale": own, "true_cfg_scale": guidance_scale}


@dataclass(frozen=True)
class LayeredSpeech(Speech):
    """Several layers of a language model side by side: FLUX.2, distilled, and Klein with true guidance."""

    @override
    def guided(self, network: Any, guidance_scale: float) -> bool:
        return guidance_scale > 1.0 and not network.config.guidance_embeds

    @override
    def encode(self, pipe: Any, prompt: str, negative: str | None, guided: bool, device: torch.device) -> Words:
        layers = _layers_of(pipe)
        embeds, _places = pipe.encode_prompt(prompt, device=device, **layers, **self.most())
        if not guided or "negative_prompt_embeds" not in _parameters(type(pipe).__call__):
            return {"prompt_embeds": embeds}
        others, _places = pipe.encode_prompt(negative or "", device=device, **layers, **self.most())
        return {"prompt_embeds": embeds, "negative_prompt_embeds": others}


_PLAIN = ("prompt_embeds", "negative_prompt_embeds")
_POOLED = (*_PLAIN, "pooled_prompt_embeds", "negative_pooled_prompt_embeds")


_HEARD = {"encoder_hidden_states": "prompt_embeds", "pooled_projections": "pooled_prompt_embeds"}


def _like(value: Any, other: Any) -> Any:
    return value.to(other) if isinstance(value, torch.Tensor) and isinstance(other, torch.Tensor) else value


def _named(names: tuple[str, ...], encoded: Any) -> Words:
    return {name: value for name, value in zip(names, encoded, strict=True) if value is not None}


def _parameters(function: Any) -> Any:
    return inspect.signature(function).parameters


def _layers_of(pipe: Any) -> dict[str, Any]:
    """Which layers of the language model are read: as many as the network takes, spread as in the large models."""
    config = pipe.text_encoder.config
    text = getattr(config, "text_config", config)
    wanted = pipe.transformer.config.joint_attention_dim // text.hidden_size
    usual = inspect.signature(pipe.encode_prompt).parameters["text_encoder_out_layers"].default
    if wanted == len(usual) and max(usual) < text.num_hidden_layers + 1:
        return {}
    return {"text_encoder_out_layers": tuple(range(1, wanted + 1))}
