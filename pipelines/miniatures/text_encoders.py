"""Text encoders of the transformer families at small size."""

from __future__ import annotations

from typing import Any

from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    Qwen3Config,
    T5Config,
    T5EncoderModel,
    UMT5Config,
    UMT5EncoderModel,
)

_START, _END = 512, 513


def clip(*, projection: bool, width: int = 32, activation: str = "quick_gelu") -> Any:
    """CLIP of two layers for `clip_tokenizer`."""
    config = CLIPTextConfig(
        vocab_size=514,
        hidden_size=width,
        intermediate_size=2 * width,
        num_attention_heads=2,
        num_hidden_layers=2,
        max_position_embeddings=77,
        projection_dim=width,
        bos_token_id=_START,
        eos_token_id=_END,
        pad_token_id=_END,
        hidden_act=activation,
    )
    return (CLIPTextModelWithProjection if projection else CLIPTextModel)(config).eval()


def t5(width: int) -> Any:
    """The encoder half of a T5 of two layers for `t5_tokenizer`."""
    return T5EncoderModel(T5Config(d_model=width, d_ff=64, num_heads=4, **_T5)).eval()


def umt5(width: int) -> Any:
    """The same of UMT5, which speaks more languages and knows places in every layer."""
    return UMT5EncoderModel(UMT5Config(d_model=width, d_ff=32, num_heads=2, **_T5)).eval()


_T5: dict[str, Any] = {
    "vocab_size": 128,
    "d_kv": 8,
    "num_layers": 2,
    "feed_forward_proj": "gated-gelu",
    "is_encoder_decoder": False,
    "use_cache": False,
}


def qwen3_config(layers: int) -> Qwen3Config:
    """Qwen3 of width 16 for `qwen_tokenizer`."""
    return Qwen3Config(
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=layers,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=8,
        vocab_size=266,
        max_position_embeddings=1024,
    )
