"""Wan from single files and from parts, and the vocabulary that its text encoder's file carries."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.contract.errors import InvalidRequestError, ModelError
from pipelines.contract.models import Family, ModelDefaults, ModelInfo, ModelKind
from pipelines.contract.request import GenerationRequest, Task
from pipelines.library.families import only_animates
from pipelines.library.probe import probe
from pipelines.planning.cost import passes_of, work_of
from pipelines.planning.sizes import clip_size, limits_of

VARIANTS = ("", "i2v", "ti2v")


class Files:
    """One miniature of Wan as one file and as parts, its layout and its words beside it."""

    def __init__(self, root: Path, variant: str) -> None:
        from pipelines.miniatures.families import miniature_of
        from pipelines.miniatures.writing import info_of, write_layout, write_single_file, write_transformer

        miniature = miniature_of(Family.WAN, variant)
        self.root, self.configs, self.words = root, root / "configs", root / "words"
        self.pipe = miniature.build()
        write_layout(self.pipe, self.configs, miniature.layout, self.words)
        network, companions = write_transformer(self.pipe, root / "parts")
        whole = write_single_file(self.pipe, root / "whole.safetensors")
        self.whole = info_of(whole, Family.WAN, "whole", variant)
        self.parts = info_of(network, Family.WAN, "parts", variant, companions)

    def loaded(self, info: ModelInfo, words: Path | None = None) -> dict[str, Any]:
        """The components that come out of that entry's files."""
        import torch

        from pipelines.engine.single_files import from_single_file

        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HANDSCROLL_VOCABULARIES", str(words or self.words))
            assembly = from_single_file(info, self.configs, torch.float32)
        assembly.fill(torch.device("cpu"), lambda: None)
        return assembly.components


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_weight_and_word_arrives_bit_for_bit(tmp_path: Path, variant: str) -> None:
    import torch

    files = Files(tmp_path, variant)
    for info in (files.whole, files.parts):
        assert probe(info.path).variant == variant
        loaded = files.loaded(info)
        for name, part in files.pipe.components.items():
            if isinstance(part, torch.nn.Module):
                arrived = loaded[name].state_dict()
                assert all(torch.equal(value, arrived[key]) for key, value in part.state_dict().items()), name
        assert loaded["tokenizer"]("a cat, x").input_ids == files.pipe.tokenizer("a cat, x").input_ids
        if variant == "i2v":
            shown = np.random.default_rng(1).integers(0, 256, (40, 50, 3)).astype(np.uint8)
            eyes = loaded["image_processor"], files.pipe.image_processor
            one, two = (eye(images=shown, return_tensors="np")["pixel_values"] for eye in eyes)
            assert np.array_equal(one, two)


def test_large_layouts_have_the_published_sizes() -> None:
    from pipelines.engine.layout_files import layouts_of
    from pipelines.engine.single_files import class_of
    from pipelines.engine.weights import empty_network

    folder = Path(__file__).resolve().parents[2] / "resources" / "configs"
    sizes: dict[str, float] = {}
    for layout in layouts_of(folder, Family.WAN):
        part = layout.parts["transformer"]
        network = empty_network(class_of(part.kind), part.config)
        sizes[layout.name] = sum(weight.numel() for weight in network.parameters()) / 1e9
        assert layout.fits({name: tuple(value.shape) for name, value in network.state_dict().items()})
    assert {name: round(size, 1) for name, size in sizes.items()} == {
        "wan-1.3b": 1.4,
        "wan-14b": 14.3,
        "wan-i2v-14b": 16.4,
        "wan-ti2v-5b": 5.0,
    }


PIECES = [("<pad>", 0.0, 3), ("</s>", 0.0, 3), ("<s>", 0.0, 3), ("<unk>", 0.0, 2)]
PIECES += [(f"<0x{byte:02X}>", -9.0, 6) for byte in range(256)]
PIECES += [("\u2581", -2.0, 1), ("\u2581moon", -4.0, 1), ("\u2581m", -3.5, 1), ("oo", -3.0, 1), ("n", -3.0, 1)]


def model(pieces: list[tuple[str, float, int]] = PIECES, kind: int = 1) -> bytes:
    """A SentencePiece model as programs write it."""
    data = b""
    for text, score, what in pieces:
        one = _sized(1, text.encode()) + b"\x15" + struct.pack("<f", score) + b"\x18" + _varint(what)
        data += _sized(1, one)
    return data + _sized(2, b"\x18" + _varint(kind)) + _sized(3, _sized(1, b"identity"))


def _sized(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    made = b""
    while value > 0x7F:
        made, value = made + bytes([value & 0x7F | 0x80]), value >> 7
    return made + bytes([value])


def test_a_text_encoder_that_carries_its_words_needs_no_others(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    files = Files(tmp_path, "")
    path = next(Path(one.path) for one in files.parts.companions if one.part == "text_encoder")
    nowhere = tmp_path / "nowhere"
    with pytest.raises(ModelError, match="UMT5 vocabulary is needed"):
        files.loaded(files.parts, nowhere)
    save_file(load_file(path) | {"spiece_model": np.frombuffer(model(), np.uint8)}, path)
    words = files.loaded(files.parts, nowhere)["tokenizer"]
    first = len(PIECES) - 5
    assert words("moon  moon").input_ids == [first + 1, first + 1, 1]
    assert words("mn").input_ids == [first + 2, first + 4, 1]  # the likeliest way to spell it
    assert words("é", add_special_tokens=False).input_ids == [first, 4 + 0xC3, 4 + 0xA9]  # byte by byte
    padded = words("moon", padding="max_length", max_length=4)
    assert (padded.input_ids, padded.attention_mask) == ([first + 1, 1, 0, 0], [1, 1, 0, 0])
    save_file(load_file(path) | {"spiece_model": np.frombuffer(model()[:-200], np.uint8)}, path)
    with pytest.raises(ModelError, match=r"vocabulary in text_encoder.safetensors cannot be read"):
        files.loaded(files.parts, nowhere)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (model()[:100], "ends too early"),
        (b"\xff" * 40, "number without an end"),
        (b"\x0b\x00", "begins nothing"),
        (_sized(1, _sized(1, b"a" * 2000)), "more than 1024 bytes"),
        (_sized(1, _sized(1, b"\xff\xfe")), "utf-8"),
        (_sized(1, b"\x08\x05"), "a number stands"),
        (_sized(1, b"\x0a\x01a\x15" + struct.pack("<f", float("nan"))), "no likelihood"),
        (b"\x0a" + _varint(2**62) + b"x", "ends too early"),
        (model(kind=2), "no unigram"),
        (model(PIECES[:2]), "no word for what is unknown"),
    ],
)
def test_a_damaged_vocabulary_gets_a_sentence(data: bytes, said: str) -> None:
    from pipelines.engine.sentence_pieces import read_pieces

    with pytest.raises(ModelError, match=said):
        read_pieces(data, "umt5.safetensors")


def test_a_vocabulary_of_another_kind_gets_a_sentence() -> None:
    from pipelines.engine.sentence_pieces import MOST_BYTES, read_pieces, tokenizer_from

    with pytest.raises(ModelError, match="not one of T5's kind"):
        tokenizer_from(read_pieces(model(PIECES[2:]), "llama.safetensors"), "llama.safetensors", 512)
    with pytest.raises(ModelError, match="bytes long"):
        read_pieces(bytes(MOST_BYTES + 1), "large.safetensors")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"frames": 6}, "frames"), ({"frames": 165}, "frames"), ({"frames": 1}, "frames"),
     ({"num_images_per_prompt": 2}, "num_images_per_prompt"), ({"image": np.zeros((8, 8, 4), np.uint8)}, "image")],
)  # fmt: skip
def test_what_no_clip_can_be_is_refused_by_its_name(changes: dict[str, Any], field: str) -> None:
    asked = GenerationRequest(Task.ANIMATE, "wan", "waves")
    asked.check()  # a picture is not needed
    assert (asked.moments, replace(asked, task=Task.TEXT_TO_IMAGE).moments) == (9, 1)
    with pytest.raises(InvalidRequestError) as caught:
        replace(asked, **changes).check()
    assert caught.value.field == field


def test_a_window_of_a_clip_keeps_the_times_of_its_tokens() -> None:
    import torch

    from pipelines.engine.layouts import CLIPS
    from pipelines.planning.box import Box

    latents = torch.arange(2 * 8 * 12.0).view(1, 1, 2, 8, 12)
    times = latents[0, 0, :, ::2, ::2].reshape(1, -1)  # of each token the number of its first cell
    _, part = CLIPS.cut((), {"hidden_states": latents, "timestep": times}, Box(4, 2, 6, 4))
    assert part["hidden_states"].shape == (1, 1, 2, 4, 6)
    assert torch.equal(part["timestep"], part["hidden_states"][0, 0, :, ::2, ::2].reshape(1, -1))


def test_a_clip_counts_its_moments() -> None:
    limits = limits_of(_info())
    asked = GenerationRequest(Task.ANIMATE, "wan", "waves", width=1280, height=960, frames=17)
    (whole,) = passes_of(asked, limits)
    assert (whole.width * whole.height <= 640 * 640, whole.windowed) == (True, False)
    work, one = work_of(asked, (whole,)), work_of(replace(asked, task=Task.TEXT_TO_IMAGE), (whole,))
    assert work.steps == one.steps == asked.num_inference_steps
    assert work.megapixels == pytest.approx(5 * one.megapixels)
    across, down = clip_size(1280, 960, limits)
    assert across * down <= 640 * 640 < (across + 16) * (down + 16)
    assert across / down == pytest.approx(4 / 3, abs=0.01)
    assert clip_size(320, 200, limits) == (320, 200)


def test_rows_and_library_agree_on_what_is_shown_the_picture() -> None:
    from pipelines.engine.architectures import architecture_of
    from pipelines.miniatures.families import MINIATURES

    wans = [one for one in MINIATURES if one.family is Family.WAN]
    infos = [replace(_info(), variant=one.variant) for one in wans]
    for info in infos:
        clips = architecture_of(info).clips
        assert clips is not None
        assert only_animates(info) is bool(clips.from_picture) is not clips.pictures


def _info() -> ModelInfo:
    defaults = ModelDefaults(native_size=640, min_size=480)
    return ModelInfo("wan", "Wan", "/nowhere", ModelKind.DIFFUSERS, Family.WAN, defaults=defaults)
