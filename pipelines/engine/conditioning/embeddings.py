"""Textual inversions: words of a prompt that stand for trained vectors (Gal et al. 2022).

Nothing is added to tokenizer or text encoder: while a prompt is read, the vectors are put where the words stand.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from pipelines.contract.errors import InvalidRequestError, ModelError
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import GenerationRequest
from pipelines.engine.conditioning.addons import AddOns
from pipelines.engine.conditioning.families import same_family
from pipelines.engine.loader import LoadedModel

_LARGEST = 64 * 2**20
"""Bytes; true ones have some hundred kilobytes."""
_ENCODERS = {"clip_l": "text_encoder", "clip_g": "text_encoder_2"}
_PLACES = tuple[int, int, torch.Tensor]


@dataclass(frozen=True, eq=False)
class EmbeddingFile:
    """The vectors of a file."""

    vectors: Mapping[str, torch.Tensor]
    """(count, width) each, by their names in the file."""

    @property
    def size_bytes(self) -> int:
        """Of its weights."""
        return sum(tensor.nbytes for tensor in self.vectors.values())

    def by_encoder(self, info: ModelInfo, model: LoadedModel) -> dict[str, torch.Tensor]:
        """The vectors for each of the model's text encoders. Raises ModelError when it is not made for them."""
        found: dict[str, torch.Tensor] = {}
        encoders = {name: part for name, part in model.components.items() if name.startswith("text_encoder") and part}
        widths = {name: part.get_input_embeddings().embedding_dim for name, part in encoders.items()}
        for encoder, width in widths.items():
            named = [tensor for name, tensor in self.vectors.items() if _ENCODERS.get(name) == encoder]
            fitting = [tensor for tensor in (*named, *self.vectors.values()) if tensor.shape[1] == width]
            if fitting:
                found[encoder] = fitting[0]
        if found.keys() != widths.keys():
            has = ", ".join(str(tensor.shape[1]) for tensor in self.vectors.values())
            wants = " and ".join(str(width) for width in widths.values())
            raise ModelError(
                f"The embedding '{info.name}' has vectors of {has} numbers, and the model '{model.info.name}' "
                f"reads {wants}. Choose an embedding made for {model.info.family.value}."
            )
        return found


@dataclass(frozen=True, eq=False)
class Inverted:
    """A word of the prompts and its vectors."""

    word: str
    info: ModelInfo
    vectors: Mapping[str, torch.Tensor]
    """(count, width), by text encoder."""


def read_embedding(info: ModelInfo) -> EmbeddingFile:
    """Reads a file. Pickled ones only as far as they are plain tensors. Raises ModelError when it cannot be used."""
    path = Path(info.path)
    try:
        if path.stat().st_size > _LARGEST:
            raise ModelError(f"'{info.name}' is far too large for an embedding. Say in the model library what it is.")
        if path.suffix == ".safetensors":
            found: Any = load_file(info.path)
        else:
            found = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, SafetensorError, ValueError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise ModelError(
            f"The embedding '{info.name}' at {path} cannot be read: {first}. Copy or download it again."
        ) from error
    vectors = _vectors_in(found)
    if not vectors:
        raise ModelError(f"'{info.name}' holds no embedding: there are no vectors in it.")
    return EmbeddingFile(vectors)


def inverted_words(model: LoadedModel, request: GenerationRequest, addons: AddOns) -> tuple[Inverted, ...]:
    """The request's embeddings, read. Raises ModelError and InvalidRequestError, as sentences."""
    found: list[Inverted] = []
    for asked in request.embeddings:
        if not asked.word.strip():
            raise InvalidRequestError("embeddings", "An embedding has no word in the prompt. Give it one.")
        info = addons.library.resolve(asked.model)
        same_family("embedding", info, model.info)
        vectors = addons.read(info, read_embedding).by_encoder(info, model)
        found.append(Inverted(asked.word.strip(), info, vectors))
    return tuple(found)


@contextmanager
def vectors_at(encoder: Any, places: list[_PLACES]) -> Iterator[None]:
    """Within it the encoder reads those vectors at (row, position) instead of what its tokens stand for."""

    def put(_module: Any, _inputs: Any, output: torch.Tensor) -> torch.Tensor:
        output = output.clone()
        for row, position, vector in places:
            output[row, position] = vector.to(output)
        return output

    handle = encoder.get_input_embeddings().register_forward_hook(put)
    try:
        yield
    finally:
        handle.remove()


def _vectors_in(found: Any) -> dict[str, torch.Tensor]:
    """`emb_params`, `clip_l` and `clip_g`, `string_to_param` of A1111, or diffusers' `<word>`."""
    if isinstance(found, Mapping) and isinstance(found.get("string_to_param"), Mapping):
        found = found["string_to_param"]
    if isinstance(found, torch.Tensor):
        found = {"vectors": found}
    if not isinstance(found, Mapping):
        return {}
    vectors = {str(name): tensor for name, tensor in found.items() if isinstance(tensor, torch.Tensor)}
    shaped = {name: tensor.detach()[None] if tensor.ndim == 1 else tensor.detach() for name, tensor in vectors.items()}
    return {name: tensor for name, tensor in shaped.items() if tensor.ndim == 2 and tensor.is_floating_point()}
