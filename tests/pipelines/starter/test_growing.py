"""The shipped model goes on from what it sees: where a picture grows, sky, ridges and shore go on at their height."""

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from pipelines.contract.request import Task
from pipelines.engine.surroundings import SEES_SURROUNDINGS
from pipelines.starter.gates import Picture
from pipelines.starter.joins import prompt_of
from pipelines.starter.painter.scroll import FlatScroll, paint_flat
from pipelines.starter.places import MODEL_FOLDER
from pipelines.starter.program_gates import Painting, laid_over, opaque
from pipelines.starter.shards import HELD_OUT_SEED

torch.set_num_threads(1)


def apart(picture: Picture) -> float:
    """How far the colours of the rows on both sides of the middle lie apart, mean Lab levels."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    left, right = (np.median(lab[:, columns], 1) for columns in (slice(64, 120), slice(136, 192)))
    return float(np.abs(left - right).mean())


def grown(painting: Painting, scroll: FlatScroll, index: int) -> Picture:
    """The first window of the scroll with its right half painted anew."""
    rgba = opaque(scroll.rgb[:, :256])
    rgba[:, 128:] = 0
    patch = painting.patch(Task.OUTPAINT, rgba, 255 - rgba[..., 3], prompt_of(scroll, 0, index), 70 + index)
    return laid_over(rgba[..., :3], patch)


def blindfolded(folder: Path) -> Path:
    """The same weights, shown what lies around a hole under noise."""
    shutil.copytree(MODEL_FOLDER, folder)
    path = folder / "unet" / "config.json"
    config = json.loads(path.read_text("utf-8"))
    assert config.pop(SEES_SURROUNDINGS) is True
    path.write_text(json.dumps(config), "utf-8")
    return folder


@pytest.mark.slow
def test_a_picture_goes_on_at_the_height_where_it_was(tmp_path: Path) -> None:
    scrolls = [paint_flat(HELD_OUT_SEED + 50 + i, 640, 256) for i in range(8)]
    true = float(np.mean([apart(scroll.rgb[:, :256]) for scroll in scrolls]))
    found: list[float] = []
    for folder in (MODEL_FOLDER, blindfolded(tmp_path / "blind")):
        with Painting(folder) as painting:
            found.append(float(np.mean([apart(grown(painting, scroll, i)) for i, scroll in enumerate(scrolls)])))
    seeing, blind = found
    assert seeing - true < 0.6 * (blind - true), (seeing, blind, true)
