"""FLUX.2 dev at small size: it reads with Mistral Small 3, and is guided by a number."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import Flux2Pipeline
from transformers import Mistral3Config, Mistral3ForConditionalGeneration

from pipelines.miniatures.flux2 import flux2_parts
from pipelines.miniatures.tokenizers import MISTRAL_WORDS, mistral_tokenizer

_LAYERS = 3
"""Of the language model, side by side."""


def flux2_dev_pipeline() -> Any:
    """Flux2Pipeline. Its reader has a layer more than is read, as the large one has ten."""
    torch.manual_seed(62)
    kind: Any = Flux2Pipeline
    reader = Mistral3ForConditionalGeneration(_reader_config(_LAYERS + 1)).eval()
    return kind(**flux2_parts(_LAYERS, guided=True), text_encoder=reader, tokenizer=mistral_tokenizer())


def _reader_config(layers: int) -> Mistral3Config:
    return Mistral3Config(
        text_config={
            "model_type": "mistral",
            "hidden_size": 16,
            "intermediate_size": 32,
            "num_hidden_layers": layers,
            "num_attention_heads": 2,
            "num_key_value_heads": 2,
            "head_dim": 8,
            "vocab_size": MISTRAL_WORDS,
            "max_position_embeddings": 1024,
            "sliding_window": None,
        },
        vision_config={
            "model_type": "pixtral",
            "hidden_size": 16,
            "intermediate_size": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "head_dim": 8,
            "patch_size": 14,
            "image_size": 28,
        },
    )
