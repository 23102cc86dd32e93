"""Where the starter's training keeps its data, checkpoints and logs, and where the shipped model lies."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

MODEL_FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "starter"
"""The shipped model, a stock diffusers folder."""


def training_folder() -> Path:
    """Return the folder of all training data, outside the repository; HANDSCROLL_TRAINING_DIR moves it."""
    chosen = os.environ.get("HANDSCROLL_TRAINING_DIR")
    if chosen:
        return Path(chosen)
    data_home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data_home) / "handscroll" / "training"


def shards_folder(encoder_mark: str) -> Path:
    """Return the folder of painted scrolls encoded by the VAE with this mark; latents of two encoders never mix."""
    return training_folder() / "shards" / encoder_mark


def pause_file() -> Path:
    """Return the file whose presence makes every training process sleep."""
    return training_folder() / "pause"


def stop_file() -> Path:
    """Return the file whose presence makes the training save and end; it is removed at the next start."""
    return training_folder() / "stop"
