"""Safetensors files made of a header and of nothing: sparse files with the keys and shapes of real ones."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_UNET = "model.diffusion_model."


def header_bytes(shapes: Mapping[str, tuple[int, ...]], metadata: Mapping[str, str] | None = None) -> tuple[bytes, int]:
    """The JSON header and the length of the data it promises."""
    table: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    place = 0
    for key, shape in shapes.items():
        end = place + 2 * math.prod(shape)
        table[key] = {"dtype": "F16", "shape": list(shape), "data_offsets": [place, end]}
        place = end
    return json.dumps(table).encode(), place


def write_raw(path: Path, header: bytes, data_bytes: int = 0, length: int | None = None) -> Path:
    """A file with this header; `length` is what it claims the header's length to be."""
    with path.open("wb") as file:
        file.write((len(header) if length is None else length).to_bytes(8, "little"))
        file.write(header)
        file.truncate(8 + len(header) + data_bytes)
    return path


def write_shapes(path: Path, shapes: Mapping[str, tuple[int, ...]], metadata: Mapping[str, str] | None = None) -> Path:
    """A sound file with these tensors, all zero."""
    header, data_bytes = header_bytes(shapes, metadata)
    return write_raw(path, header, data_bytes)


def checkpoint(text_encoder: str, channels: int = 4) -> dict[str, tuple[int, ...]]:
    """Keys by which a Stable Diffusion checkpoint is told from others."""
    return {
        f"{_UNET}input_blocks.0.0.weight": (32, channels, 3, 3),
        f"{_UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (32, 24),
        "first_stage_model.encoder.conv_in.weight": (8, 3, 3, 3),
        "first_stage_model.decoder.conv_in.weight": (8, 4, 3, 3),
        text_encoder: (8, 8),
    }


SD1 = checkpoint("cond_stage_model.transformer.text_model.embeddings.position_embedding.weight")
SD1_INPAINT = checkpoint("cond_stage_model.transformer.text_model.embeddings.position_embedding.weight", channels=9)
SD2 = checkpoint("cond_stage_model.model.token_embedding.weight")
SDXL = checkpoint("conditioner.embedders.1.model.positional_embedding")
