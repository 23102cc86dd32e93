"""Safetensors files made of a header and of nothing: sparse files with the keys and shapes of real ones."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_UNET = "model.diffusion_model."


def header_bytes(
    shapes: Mapping[str, tuple[int, ...]], metadata: Mapping[str, str] | None = None, dtype: str = "F16"
) -> tuple[bytes, int]:
    """The JSON header and the length of the data it promises."""
    table: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    place = 0
    for key, shape in shapes.items():
        end = place + (1 if dtype.startswith("F8") else 2) * math.prod(shape)
        table[key] = {"dtype": dtype, "shape": list(shape), "data_offsets": [place, end]}
        place = end
    return json.dumps(table).encode(), place


def write_raw(path: Path, header: bytes, data_bytes: int = 0, length: int | None = None) -> Path:
    """A file with this header; `length` is what it claims the header's length to be."""
    with path.open("wb") as file:
        file.write((len(header) if length is None else length).to_bytes(8, "little"))
        file.write(header)
        file.truncate(8 + len(header) + data_bytes)
    return path


def write_shapes(
    path: Path,
    shapes: Mapping[str, tuple[int, ...]],
    metadata: Mapping[str, str] | None = None,
    dtype: str = "F16",
) -> Path:
    """A sound file with these tensors, all zero."""
    header, data_bytes = header_bytes(shapes, metadata, dtype)
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


def under(prefix: str, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """The same tensors with something before every name."""
    return {prefix + key: shape for key, shape in shapes.items()}


def adapted(
    layers: Mapping[str, tuple[int, int]], down: str = ".lora_down.weight", up: str = ".lora_up.weight", rank: int = 8
) -> dict[str, tuple[int, ...]]:
    """A LoRA over layers of these names and (outputs, inputs)."""
    pairs = ((name + down, (rank, i), name + up, (o, rank)) for name, (o, i) in layers.items())
    return {key: shape for pair in pairs for key, shape in ((pair[0], pair[1]), (pair[2], pair[3]))}


def gguf_bytes(
    tensors: Mapping[str, tuple[int, ...]],
    notes: Mapping[str, str | int] | None = None,
    kind: int = 8,
    version: int = 3,
) -> bytes:
    """The header of a GGUF file; `kind` is the number of the tensors' format (8: Q8_0)."""
    notes = notes or {}
    out = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(notes))
    for name, value in notes.items():
        out += _text(name)
        out += struct.pack("<I", 8) + _text(value) if isinstance(value, str) else struct.pack("<II", 4, value)
    for name, shape in tensors.items():
        out += _text(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *reversed(shape))
        out += struct.pack("<IQ", kind, 0)
    return out


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()
