"""How quickly the library knows its files: `python -m tests.benchmarks.bench_models [--json] [--full]`.

With `--full` also what opening a single file of full size takes.
"""

from __future__ import annotations

import json
import struct
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from pipelines.library.registry import Library
from tests.benchmarks.rows import Row, median, report
from tests.benchmarks.single_file_rows import single_file_rows

FILES = 2000


def _write_headers(folder: Path) -> list[Path]:
    """Files with a real SD1.5-like header and no weights behind it, a tenth of them LoRAs."""
    checkpoint = {
        "model.diffusion_model.input_blocks.0.0.weight": (320, 4, 3, 3),
        "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (320, 768),
        "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight": (49408, 768),
    }
    lora = {f"lora_unet_down_blocks_{i}.lora_down.weight": (8, 320) for i in range(200)}
    paths = []
    for number in range(FILES):
        tensors = lora if number % 10 == 0 else checkpoint
        entries = {k: {"dtype": "F16", "shape": list(s), "data_offsets": [0, 0]} for k, s in tensors.items()}
        header = json.dumps(entries).encode()
        path = folder / f"sub{number % 20}" / f"model-{number:04}.safetensors"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(struct.pack("<Q", len(header)) + header)
        paths.append(path)
    return paths


def measure() -> Sequence[Row]:
    """Cold and warm scans against opening the same files bare."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "models"
        folder.mkdir()
        paths = _write_headers(folder)
        began = time.perf_counter()
        for path in paths:
            with path.open("rb") as file:
                json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        bare = time.perf_counter() - began
        library = Library([folder], index=Path(home) / "models.sqlite")
        began = time.perf_counter()
        library.refresh()
        cold = time.perf_counter() - began
        warm = []
        for _ in range(5):
            began = time.perf_counter()
            library.refresh()
            warm.append(time.perf_counter() - began)
        began = time.perf_counter()
        Library([folder], index=Path(home) / "models.sqlite").models()
        restart = time.perf_counter() - began
    return [
        Row(f"{FILES} files, first scan", cold, "s", None, f"{cold / bare:.1f}x reading the same headers bare"),
        Row(f"{FILES} files, warm scan", median(warm), "s", 5.0, f"{median(warm) / bare:.1f}x reading them bare"),
        Row(f"{FILES} files, first look after a restart", restart, "s", 5.0, "nothing is opened that did not change"),
    ]


if __name__ == "__main__":
    report(__doc__ or "", measure, full=single_file_rows)
