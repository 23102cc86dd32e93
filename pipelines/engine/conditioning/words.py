"""Weighted words, long prompts, embeddings and clip skip for the families whose networks read CLIP's tokens.

Weights and chunks are A1111's way, so that prompts of the world mean here what they mean there: prompts are read in
chunks of 75 tokens, each between a start and an end of its own; a token's vector is multiplied by its weight, and the
chunk is scaled back to the mean it had (`modules/sd_hijack_clip.py` and `sd_emphasis.py` of its documentation call it
"Original"). Clip skip leaves out layers for both prompts.

Families that read with T5 or a language model understand sentences instead: brackets and weights are taken off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from pipelines.engine.conditioning.embeddings import Inverted, vectors_at
from pipelines.engine.loader import LoadedModel
from pipelines.engine.speech import Words
from pipelines.prompting.weights import Piece, parse, plain

_COMMA_REACH = 20
"""Tokens before a chunk's end in which a comma is looked for, so that what belongs together stays together."""
_TRUST = 5.0
"""Scaling back to a mean close to zero would blow everything up: further than this it is left out."""


@dataclass(frozen=True, eq=False)
class Wording:
    """How the prompts of one job are read."""

    key: tuple[Any, ...]
    """Tells apart what reads the same words differently."""
    embeddings: tuple[Inverted, ...] = ()
    clip_skip: int = 0
    chunks: int = 1
    """In how many chunks every prompt of the job is read, at least; all must be of one length."""

    @property
    def is_plain(self) -> bool:
        """Whether nothing but weights could set it apart from what diffusers does."""
        return not self.embeddings and not self.clip_skip and self.chunks == 1


@dataclass(frozen=True, slots=True)
class _Token:
    id: int
    weight: float = 1.0
    source: tuple[Inverted, int] | None = None
    """An embedding and which of its vectors."""


def encode_words(model: LoadedModel, pipe: Any, prompt: str, negative: str | None, *, guided: bool) -> Words:
    """The embedding arguments of the pipeline's call; exactly diffusers' where nothing asks for more."""
    speech, device = model.speech, model.device
    wording: Wording = model.wording or Wording(())
    if not reads_clip(model):
        said = None if negative is None else plain(negative)
        return speech.encode(pipe, plain(prompt), said, guided, device)
    texts = [prompt, *([negative or ""] if guided else [])]
    if wording.is_plain and all(_is_plain(text) and chunks_of(model, text, wording) == 1 for text in texts):
        said = None if negative is None else plain(negative)
        return speech.encode(pipe, plain(prompt), said, guided, device)
    chunks = max(wording.chunks, *(chunks_of(model, text, wording) for text in texts))
    words = _encoded(model, texts[0], wording, chunks)
    if not guided:
        return words
    others = _encoded(model, texts[1], wording, chunks)
    if negative is None and getattr(pipe.config, "force_zeros_for_empty_prompt", False):
        others = {name: torch.zeros_like(value) for name, value in others.items()}
    return words | {f"negative_{name}": value for name, value in others.items()}


def reads_clip(model: LoadedModel) -> bool:
    """Whether the network attends to the tokens of CLIP and nothing else: every family with a UNet."""
    return "unet" in model.components


def chunks_of(model: LoadedModel, text: str, wording: Wording) -> int:
    """In how many chunks the prompt is read."""
    return len(_chunks(model, text, wording))


def _is_plain(text: str) -> bool:
    pieces = parse(text)
    return all(piece.weight == 1.0 and not piece.is_break for piece in pieces)


def _room(model: LoadedModel) -> int:
    """Tokens of a chunk, without its start and its end."""
    name = _readers(model)[0]
    tokenizer, encoder = model.components[_words_of(name)], model.components[name]
    return min(tokenizer.model_max_length, encoder.config.max_position_embeddings) - 2


def _readers(model: LoadedModel) -> list[str]:
    """Names of the text encoders that are there, in their order; a refiner has the second alone."""
    return [name for name in ("text_encoder", "text_encoder_2") if model.components.get(name) is not None]


def _words_of(encoder: str) -> str:
    return encoder.replace("text_encoder", "tokenizer")


def _chunks(model: LoadedModel, text: str, wording: Wording, reader: str = "") -> list[list[_Token]]:
    """The prompt's tokens in chunks; one empty chunk for an empty prompt."""
    tokenizer, room = model.components[_words_of(reader or _readers(model)[0])], _room(model)
    comma = tokenizer.convert_tokens_to_ids(",</w>")
    chunks: list[list[_Token]] = [[]]
    last_comma = 0
    for group in _groups(tokenizer, parse(text), wording.embeddings):
        if group is None or (chunks[-1] and len(chunks[-1]) + len(group) > room):
            rest: list[_Token] = []
            if group is not None and 0 < last_comma < len(chunks[-1]) and len(chunks[-1]) - last_comma <= _COMMA_REACH:
                rest = chunks[-1][last_comma:]
                del chunks[-1][last_comma:]
            chunks.append(rest)
            last_comma = 0
        for token in group or ():
            if len(chunks[-1]) == room:
                chunks.append([])
            chunks[-1].append(token)
            if token.id == comma and token.source is None:
                last_comma = len(chunks[-1])
    return chunks


def _groups(tokenizer: Any, pieces: Sequence[Piece], embeddings: Sequence[Inverted]) -> Iterator[list[_Token] | None]:
    """Tokens that must stand in one chunk; None for a BREAK."""
    by_word = {one.word.lower(): one for one in embeddings}
    words = "|".join(re.escape(word) for word in sorted(by_word, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:embedding:)?({words})(?!\w)", re.IGNORECASE) if words else None
    for piece in pieces:
        if piece.is_break:
            yield None
            continue
        parts = pattern.split(piece.text) if pattern else [piece.text]
        for place, part in enumerate(parts):
            if place % 2:
                one = by_word[part.lower()]
                count = len(next(iter(one.vectors.values())))
                yield [_Token(tokenizer.unk_token_id, piece.weight, (one, number)) for number in range(count)]
            elif part.strip():
                ids = tokenizer(part, add_special_tokens=False, truncation=False).input_ids
                yield from ([_Token(token, piece.weight)] for token in ids)


def _encoded(model: LoadedModel, text: str, wording: Wording, chunks: int) -> Words:
    """`prompt_embeds` (1, chunks x length, width) and, with a second encoder, `pooled_prompt_embeds`."""
    states: list[torch.Tensor] = []
    pooled: torch.Tensor | None = None
    encoders = _readers(model)
    is_pooled = "text_encoder_2" in encoders
    for encoder in encoders:
        read, first = _read(model, encoder, text, wording, chunks, penultimate=is_pooled)
        states.append(read)
        pooled = first
    embeds = torch.cat(states, dim=-1).to(model.network.dtype)
    return {"prompt_embeds": embeds} | ({"pooled_prompt_embeds": pooled} if is_pooled else {})


def _read(
    model: LoadedModel, name: str, text: str, wording: Wording, chunks: int, *, penultimate: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """(1, chunks x length, width) of one text encoder, and what it makes of the first chunk as a whole."""
    encoder, tokenizer = model.components[name], model.components[_words_of(name)]
    cut = _chunks(model, text, wording, name)
    cut += [[]] * (chunks - len(cut))
    length = _room(model) + 2
    ids = torch.full((chunks, length), tokenizer.pad_token_id, dtype=torch.long)
    weights = torch.ones(chunks, length)
    places: list[tuple[int, int, torch.Tensor]] = []
    for row, tokens in enumerate(cut):
        ids[row, 0], ids[row, len(tokens) + 1] = tokenizer.bos_token_id, tokenizer.eos_token_id
        for position, token in enumerate(tokens, start=1):
            ids[row, position], weights[row, position] = token.id, token.weight
            if token.source is not None:
                inverted, number = token.source
                places.append((row, position, inverted.vectors[name][number]))
                ids[row, position] = 0  # any but the end: CLIP looks for that by its number
    with vectors_at(encoder, places):
        output = encoder(ids.to(model.device), output_hidden_states=penultimate or wording.clip_skip > 0)
    return _emphasised(_states(encoder, output, wording.clip_skip, penultimate=penultimate), weights), output[0][:1]


def _states(encoder: Any, output: Any, clip_skip: int, *, penultimate: bool) -> torch.Tensor:
    """What the network is to see: the last layer, the one before it as SDXL, or an earlier one."""
    if penultimate:
        return output.hidden_states[-(clip_skip + 2)]
    if not clip_skip:
        return output.last_hidden_state
    norm = next(module for name, module in encoder.named_modules() if name.endswith("final_layer_norm"))
    return norm(output.hidden_states[-(clip_skip + 1)])


def _emphasised(states: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """(chunks, length, width) multiplied by (chunks, length), each chunk with the mean it had; in one row."""
    rows: list[torch.Tensor] = []
    for state, weight in zip(states.float(), weights.to(states.device), strict=True):
        if bool((weight != 1.0).any()):
            changed = state * weight[:, None]
            ratio = float(state.mean() / changed.mean())
            rows.append(changed * ratio if 1 / _TRUST <= ratio <= _TRUST else changed)
        else:
            rows.append(state)
    return torch.cat(rows)[None].to(states.dtype)
