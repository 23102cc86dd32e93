"""The configuration files of a diffusers model folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def tidy_configs(folder: Path) -> None:
    """Make the folder load without care: full precision by default, no machine's paths, no unknown keys.

    Without a `float32` in its config the text encoder would keep the file's fp16 while the rest becomes float32: every
    call would fail. And the VAE's class refuses a key that it writes itself.
    """
    for path in folder.rglob("config.json"):
        config = _read(path, "_name_or_path")
        if path.parent.name == "vae":
            config.pop("block_out_channels", None)
        if "dtype" in config:
            config["dtype"] = "float32"
        _write(path, config)
    index = folder / "model_index.json"
    if index.exists():
        _write(index, _read(index, "_name_or_path"))
    for path in folder.rglob("tokenizer_config.json"):
        _write(path, _read(path, "is_local", "local_files_only"))  # how it was read last, not what it is


def _read(path: Path, *unwanted: str) -> dict[str, Any]:
    config = json.loads(path.read_text(encoding="utf-8"))
    return {key: value for key, value in config.items() if key not in unwanted}


def _write(path: Path, config: dict[str, Any]) -> None:
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
