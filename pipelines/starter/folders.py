"""The configuration files of a diffusers model folder."""

from __future__ import annotations

import json
from pathlib import Path


def tidy_configs(folder: Path) -> None:
    """Make the folder load without care: full precision by default, no machine's paths, no unknown keys.

    Without a `float32` in its config the text encoder would keep the file's fp16 while the rest becomes float32: every
    call would fail. And the VAE's class refuses a key that it writes itself.
    """
    for path in folder.rglob("config.json"):
        config = json.loads(path.read_text(encoding="utf-8"))
        config.pop("_name_or_path", None)
        if path.parent.name == "vae":
            config.pop("block_out_channels", None)
        if "dtype" in config:
            config["dtype"] = "float32"
        path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    index = folder / "model_index.json"
    if not index.exists():
        return
    data = json.loads(index.read_text(encoding="utf-8"))
    data.pop("_name_or_path", None)
    index.write_text(json.dumps(data, indent=2, sort_keys=True) + "\n", encoding="utf-8")
