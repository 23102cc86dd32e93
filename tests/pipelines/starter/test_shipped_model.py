"""The shipped folder loads with the stock pipeline, offline, and paints what it is asked for."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from pipelines.prompting.words import VOCABULARY_FILE
from pipelines.starter.export import vocabulary_text
from pipelines.starter.places import MODEL_FOLDER
from pipelines.starter.sampling import load_folder, reference_picture
from pipelines.starter.vae import rim_bias

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def pipeline():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield load_folder(MODEL_FOLDER)


def test_the_list_of_words_is_the_painters():
    assert (MODEL_FOLDER / VOCABULARY_FILE).read_text(encoding="utf-8") == vocabulary_text()


def paint(pipeline, prompt: str, seed: int) -> np.ndarray:
    made = pipeline(
        prompt, width=256, height=256, num_inference_steps=6, guidance_scale=2.0,
        generator=torch.Generator().manual_seed(seed),
    )  # fmt: skip
    return np.asarray(made.images[0], np.float32)


def test_folder_is_small_stock_and_tells_its_licence():
    size = sum(path.stat().st_size for path in MODEL_FOLDER.rglob("*") if path.is_file())
    assert size < 40e6
    index = json.loads((MODEL_FOLDER / "model_index.json").read_text())
    assert index["_class_name"] == "StableDiffusionPipeline"
    assert "license: apache-2.0" in (MODEL_FOLDER / "README.md").read_text(encoding="utf-8")
    for path in MODEL_FOLDER.rglob("config.json"):
        assert "_name_or_path" not in json.loads(path.read_text())


@pytest.mark.slow
def test_reference_picture(pipeline):
    wanted = np.asarray(Image.open(MODEL_FOLDER / "reference.png").convert("RGB"), np.float32)
    difference = np.abs(reference_picture(pipeline).astype(np.float32) - wanted)
    assert difference.mean() < 2


@pytest.mark.slow
def test_pictures_have_no_frame(pipeline):
    rim, inside = rim_bias(pipeline.vae, 6)
    assert rim < inside + 1


def test_night_is_darker_than_dawn(pipeline):
    night, dawn = (paint(pipeline, f"{mood}, mountains, lake", 1) for mood in ("night", "dawn"))
    assert night.mean() < 0.75 * dawn.mean()


@pytest.mark.slow
def test_snow_is_whiter_than_autumn_in_chinese(pipeline):
    def tint(picture: np.ndarray) -> float:
        colour = picture.mean((0, 1))
        return float(colour.max() - colour.min())

    assert tint(paint(pipeline, "雪，山，水", 2)) < tint(paint(pipeline, "秋，山，水", 2))


@pytest.mark.slow
def test_words_it_does_not_know_do_no_harm(pipeline):
    picture = paint(pipeline, "a spaceship over Zürich 🚀, mountains", 3)
    assert np.isfinite(picture).all()
    assert picture.std() > 2
