"""Single files of every family paint what the folder of the same model paints, with no network anywhere."""

from __future__ import annotations

import functools
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import numpy as np
import pytest

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Companion, Family, ModelInfo, Prediction
from pipelines.contract.request import Task
from pipelines.planning.memory_cost import MemoryRung
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import sample
from tests.pipelines.studio import Studio

CONFIGS = Path(__file__).resolve().parents[2] / "resources" / "configs"
LAYOUTS = {
    (Family.SD1, ""): "sd1",
    (Family.SD1, "inpaint"): "sd1-inpaint",
    (Family.SD2, ""): "sd2",
    (Family.SDXL, ""): "sdxl",
    (Family.SDXL, "refiner"): "sdxl-refiner",
    (Family.SD3, ""): "sd3-medium",
    (Family.FLUX, ""): "flux-dev",
    (Family.FLUX, "schnell"): "flux-schnell",
    (Family.Z_IMAGE, ""): "z-image",
    (Family.FLUX2, ""): "flux2-dev",
    (Family.FLUX2, "klein"): "flux2-klein-4b",
    (Family.QWEN_IMAGE, ""): "qwen-image",
}
"""Of each miniature the layout that it stands for."""


@pytest.fixture(scope="module", autouse=True)
def no_network() -> Iterator[None]:
    """Whoever reaches for the network fails."""

    def refuse(*_args: Any, **_settings: Any) -> NoReturn:
        raise AssertionError("Something reached for the network.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield


class Files:
    """One miniature in all its forms, its layout and vocabularies beside it."""

    def __init__(self, root: Path, family: Family, variant: str) -> None:
        from pipelines.miniatures.families import miniature_of
        from pipelines.miniatures.sd import sd2_pipeline
        from pipelines.miniatures.writing import info_of, write_layout, write_single_file, write_transformer

        self.root, self.family, self.variant = root, family, variant
        self.configs, self.words = root / "configs", root / "words"
        self.pipe = sd2_pipeline() if family is Family.SD2 else miniature_of(family, variant).build()
        write_layout(self.pipe, self.configs, LAYOUTS[family, variant], self.words)
        network, companions = write_transformer(self.pipe, root / "parts")
        self.whole = info_of(write_single_file(self.pipe, root / "whole.safetensors"), family, "whole", variant)
        self.parts = info_of(network, family, "parts", variant, companions)

    def loaded(self, info: ModelInfo) -> dict[str, Any]:
        """The components that come out of that entry's files."""
        import torch

        from pipelines.engine.single_files import from_single_file

        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HANDSCROLL_VOCABULARIES", str(self.words))
            assembly = from_single_file(info, self.configs, torch.float32)
        assembly.fill(torch.device("cpu"), lambda: None)
        return assembly.components

    def refusal(self, info: ModelInfo) -> str:
        """The sentence with which that entry is refused."""
        with pytest.raises(ModelError) as caught:
            self.loaded(info)
        return str(caught.value)

    def picture(self, info: ModelInfo) -> np.ndarray[Any, Any]:
        """What that model paints, in the engine."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HANDSCROLL_VOCABULARIES", str(self.words))
            studio = Studio(Shelf(info), config_dir=self.configs)
            try:
                task = Task.IMAGE_TO_IMAGE if info.variant == "refiner" else Task.TEXT_TO_IMAGE
                return studio.paint(sample(task, model=info.id)).patches[0].astype(int)
            finally:
                studio.engine.close()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Family, str], Files]:
    """Makes each miniature's files once."""

    @functools.cache
    def files(family: Family, variant: str = "") -> Files:
        return Files(tmp_path_factory.mktemp(LAYOUTS[family, variant]), family, variant)

    return files


Bookcase = Callable[..., Files]


@pytest.mark.parametrize(("family", "variant"), LAYOUTS)
def test_every_weight_and_word_arrives_bit_for_bit(shelf: Bookcase, family: Family, variant: str) -> None:
    import torch

    files = shelf(family, variant)
    for info in (files.whole, files.parts):
        loaded = files.loaded(info)
        for name, part in files.pipe.components.items():
            if isinstance(part, torch.nn.Module):
                arrived, own = loaded[name].state_dict(), part.state_dict()
                if type(part) is not type(loaded[name]):  # only as much of it as is read
                    own = {key: own[f"model.language_model.{key}"] for key in arrived}
                for key, value in own.items():
                    assert torch.equal(value, arrived[key]), f"{info.id}: {name} {key}"
            elif name.startswith("tokenizer") and part is not None:
                assert loaded[name]("a cat, x").input_ids == part("a cat, x").input_ids
        ours, theirs = (dict(one.config) for one in (loaded["scheduler"], files.pipe.scheduler))
        assert {name: value for name, value in ours.items() if theirs[name] != value and name[0] != "_"} == {}


@pytest.mark.slow
@pytest.mark.parametrize(("family", "variant"), LAYOUTS)
def test_single_files_paint_what_the_folder_paints(shelf: Bookcase, family: Family, variant: str) -> None:
    from pipelines.miniatures.writing import info_of, write_folder

    files = shelf(family, variant)
    folder = files.picture(info_of(write_folder(files.pipe, files.root / "folder"), family, "folder", variant))
    # The last bit depends on where weights lie in memory.
    assert np.abs(files.picture(files.whole) - folder).max() <= 1
    assert np.abs(files.picture(files.parts) - folder).max() <= 1


def test_what_is_missing_is_named(shelf: Bookcase, tmp_path: Path) -> None:
    files = shelf(Family.FLUX)
    others = tuple(one for one in files.parts.companions if one.part != "text_encoder_2")
    sentence = files.refusal(replace(files.parts, companions=others))
    assert "holds no text encoder T5-XXL" in sentence
    assert "t5xxl_fp16.safetensors" in sentence
    gone = (*others, Companion("text_encoder_2", str(tmp_path / "gone.safetensors")))
    assert "no longer there" in files.refusal(replace(files.parts, companions=gone))
    swapped = (*others, Companion("text_encoder_2", str(files.root / "parts" / "text_encoder.safetensors")))
    assert "does not hold the text encoder T5-XXL" in files.refusal(replace(files.parts, companions=swapped))


def test_a_missing_vocabulary_is_named_with_the_command_that_brings_it(
    shelf: Bookcase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from pipelines.engine.single_files import from_single_file

    files = shelf(Family.SD1)
    monkeypatch.setenv("HANDSCROLL_VOCABULARIES", str(tmp_path))
    with pytest.raises(ModelError) as caught:
        from_single_file(files.whole, files.configs, torch.float32)
    assert "CLIP vocabulary" in str(caught.value)
    assert "python3 -m installer vocabularies" in str(caught.value)


def test_files_of_another_family_and_half_files_get_a_sentence(shelf: Bookcase, tmp_path: Path) -> None:
    files = shelf(Family.SD1)
    flux = shelf(Family.FLUX)
    path = Path(files.whole.path)
    assert "not laid out like a flux model" in flux.refusal(replace(flux.whole, path=str(path)))
    assert "cannot be opened yet" in files.refusal(replace(files.whole, family=Family.WAN))
    cut = tmp_path / "cut.safetensors"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ValueError, match="ends too early"):
        files.loaded(replace(files.whole, path=str(cut)))
    cut.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ValueError, match="not a whole safetensors file"):
        files.loaded(replace(files.whole, path=str(cut)))


def test_sd3_does_without_t5(shelf: Bookcase) -> None:
    files = shelf(Family.SD3)
    others = tuple(one for one in files.parts.companions if one.part != "text_encoder_3")
    loaded = files.loaded(replace(files.parts, companions=others))
    assert loaded["text_encoder_3"] is None
    assert loaded["tokenizer_3"] is None


@pytest.mark.parametrize(
    ("notes", "said", "expected"),
    [
        ({}, {}, ("v_prediction", False)),
        ({"modelspec.prediction_type": "epsilon"}, {}, ("epsilon", False)),
        ({"modelspec.prediction_type": "v"}, {"prediction": Prediction.EPSILON}, ("epsilon", False)),
        ({}, {"prediction": Prediction.V_PREDICTION, "zero_terminal_snr": True}, ("v_prediction", True)),
    ],
)
def test_prediction_comes_from_the_person_then_the_file_then_the_family(
    shelf: Bookcase, tmp_path: Path, notes: dict[str, str], said: dict[str, Any], expected: tuple[str, bool]
) -> None:
    from pipelines.miniatures.writing import write_single_file

    files = shelf(Family.SD2)
    path = write_single_file(files.pipe, tmp_path / "one.safetensors", **notes)
    config = files.loaded(replace(files.whole, path=str(path), **said))["scheduler"].config
    assert (config.prediction_type, bool(config.get("rescale_betas_zero_snr"))) == expected


def test_marks_among_the_weights_say_how_a_model_was_trained(shelf: Bookcase, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    files = shelf(Family.SDXL)
    tensors = {**load_file(files.whole.path), "v_pred": torch.empty(0), "ztsnr": torch.empty(0)}
    save_file(tensors, str(tmp_path / "noob.safetensors"))
    config = files.loaded(replace(files.whole, path=str(tmp_path / "noob.safetensors")))["scheduler"].config
    assert config.prediction_type == "v_prediction"
    assert config.rescale_betas_zero_snr


def test_eight_bit_files_with_factors_are_read(shelf: Bookcase, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    files = shelf(Family.FLUX)
    tensors = load_file(files.parts.path)
    name = "double_blocks.0.img_attn.qkv.weight"
    packed = {**tensors, name: (tensors[name] * 4).to(torch.float8_e4m3fn), "scaled_fp8": torch.empty(0)}
    packed["double_blocks.0.img_attn.qkv.scale_weight"] = torch.tensor([0.25])
    save_file(packed, str(tmp_path / "small.safetensors"))
    network = files.loaded(replace(files.parts, path=str(tmp_path / "small.safetensors")))["transformer"]
    expected = packed[name].float() * 0.25
    found = [network.state_dict()[f"transformer_blocks.0.attn.to_{letter}.weight"] for letter in "qkv"]
    assert torch.equal(torch.cat(found), expected)


@pytest.mark.parametrize("wide", [False, True])
def test_eight_bit_files_with_a_factor_for_each_row_are_read(shelf: Bookcase, tmp_path: Path, wide: bool) -> None:
    """Also where the weight is cut into parts (`linear1`), and where its halves change places (`final_layer`)."""
    import torch
    from safetensors.torch import load_file, save_file

    files = shelf(Family.FLUX)
    tensors = load_file(files.parts.path)
    expected: dict[str, torch.Tensor] = {}
    for name in ("single_blocks.0.linear1", "final_layer.adaLN_modulation.1"):
        weight = tensors[f"{name}.weight"]
        factors = torch.linspace(0.1, 2.0, len(weight))
        eight = (weight / factors[:, None]).to(torch.float8_e4m3fn)
        tensors[f"{name}.weight"] = eight
        tensors[f"{name}.weight_scale"] = factors[:, None].clone() if wide else factors
        expected[name] = eight.float() * factors[:, None]
    save_file(tensors, str(tmp_path / "rows.safetensors"))
    network = files.loaded(replace(files.parts, path=str(tmp_path / "rows.safetensors")))["transformer"].state_dict()
    place = "single_transformer_blocks.0"
    parts = [network[f"{place}.{end}.weight"] for end in ("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp")]
    assert torch.equal(torch.cat(parts), expected["single_blocks.0.linear1"])
    shift, scale = expected["final_layer.adaLN_modulation.1"].chunk(2)
    assert torch.equal(network["norm_out.linear.weight"], torch.cat([scale, shift]))


def test_plain_eight_bits_are_read_as_they_are_and_other_packings_refused(shelf: Bookcase, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    files = shelf(Family.FLUX)
    tensors = load_file(files.parts.path)
    path, info = tmp_path / "eight.safetensors", replace(files.parts, path=str(tmp_path / "eight.safetensors"))
    name = "double_blocks.0.img_attn.proj.weight"
    for kind in (torch.float8_e4m3fn, torch.float8_e5m2):
        save_file({**tensors, name: tensors[name].to(kind)}, str(path))
        found = files.loaded(info)["transformer"].state_dict()["transformer_blocks.0.attn.to_out.0.weight"]
        assert torch.equal(found, tensors[name].to(kind).float())
    for factor in ({"weight_scale": torch.ones(3)}, {"weight_scale_inv": torch.ones(1, 1)}):
        ((end, value),) = factor.items()
        save_file({**tensors, name.replace("weight", end): value}, str(path))
        with pytest.raises(ValueError, match="packs its weights in a way that cannot be read here"):
            files.loaded(info)


@pytest.mark.slow
def test_a_network_in_plain_eight_bits_paints_the_same_when_it_is_kept_so(
    shelf: Bookcase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    files = shelf(Family.FLUX)
    eight = {name: value.to(torch.float8_e4m3fn) for name, value in load_file(files.parts.path).items()}
    save_file(eight, str(tmp_path / "eight.safetensors"))
    info = replace(files.parts, id="eight", path=str(tmp_path / "eight.safetensors"), quantized="fp8")
    wide = files.picture(info)
    monkeypatch.setenv("HANDSCROLL_MEMORY", MemoryRung.EIGHT_BITS)
    assert (files.picture(info) == wide).all()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"quant_method": "bitsandbytes", "load_in_4bit": True, "bnb_4bit_quant_type": "nf4"}, "nf4 (bitsandbytes)"),
        ({"quant_method": "bitsandbytes", "load_in_8bit": True}, "int8 (bitsandbytes)"),
        ({"quant_method": "svdquant"}, "nothing here unpacks that"),
    ],
)
def test_folders_packed_by_packages_that_are_not_there_get_a_sentence(
    shelf: Bookcase, tmp_path: Path, told: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    import torch

    from pipelines.engine.architectures import architecture_of
    from pipelines.engine.folders import from_folder
    from pipelines.miniatures.writing import info_of, write_folder

    monkeypatch.setitem(sys.modules, "bitsandbytes", None)
    folder = write_folder(shelf(Family.FLUX).pipe, tmp_path / "packed")
    config = folder / "transformer" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text("utf-8")), "quantization_config": told}), "utf-8")
    info = info_of(folder, Family.FLUX)
    with pytest.raises(ModelError) as caught:
        from_folder(info, architecture_of(info), torch.float32)
    assert "In the folder of 'packed', transformer is packed as" in str(caught.value)
    assert said in str(caught.value)


def test_what_only_a_gpu_unpacks_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from pipelines.engine.quantized_files import require_unpacker

    there = ModuleType("bitsandbytes")
    there.__spec__ = ModuleSpec("bitsandbytes", None)
    monkeypatch.setitem(sys.modules, "bitsandbytes", there)
    told = {"quant_method": "bitsandbytes", "load_in_4bit": True, "bnb_4bit_quant_type": "nf4"}
    if torch.cuda.is_available() or torch.xpu.is_available():
        require_unpacker("painter", "transformer", told)
        return
    with pytest.raises(ModelError, match="on GPUs alone"):
        require_unpacker("painter", "transformer", told)


@pytest.mark.slow
@pytest.mark.parametrize("family", [Family.SD3, Family.FLUX, Family.QWEN_IMAGE])
def test_gguf_transformers_stay_packed_and_paint_nearly_the_same(
    shelf: Bookcase, tmp_path: Path, family: Family
) -> None:
    files = shelf(family)
    path = _write_gguf(files.pipe, tmp_path / "network.gguf")
    info = replace(files.parts, id="packed", path=str(path), quantized="gguf-q8_0")
    kinds = {type(weight).__name__ for weight in files.loaded(info)["transformer"].parameters()}
    assert "GGUFParameter" in kinds
    difference = np.abs(files.picture(info) - files.picture(files.parts))
    assert 0 < difference.mean() < 4


def _write_gguf(pipe: Any, path: Path) -> Path:
    """The network's matrices in eight bits, in blocks of 32, all else as it is."""
    gguf = pytest.importorskip("gguf")
    from pipelines.miniatures.writing import network_keys

    eight = gguf.GGMLQuantizationType.Q8_0
    writer = gguf.GGUFWriter(str(path), "handscroll-test")
    for name, weight in network_keys(pipe).items():
        values = weight.detach().float().contiguous().numpy()
        if values.ndim == 2 and values.shape[1] % 32 == 0 and "attn" in name:
            writer.add_tensor(name, gguf.quants.quantize(values, eight), raw_dtype=eight)
        else:
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_gguf_without_its_package_gets_a_sentence(shelf: Bookcase, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.engine import quantized_files

    monkeypatch.setattr(quantized_files.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ModelError, match="pip install --no-deps gguf"):
        quantized_files.require_gguf("model")


@pytest.mark.slow
@pytest.mark.parametrize("family", sorted({family for family, _ in LAYOUTS}))
def test_the_shipped_layouts_fit_networks_of_full_size(family: Family) -> None:
    """Names and shapes only; no weights are made."""
    import torch

    from pipelines.engine.layout_files import layouts_of
    from pipelines.engine.original_names import in_names_of
    from pipelines.engine.single_files import class_of
    from pipelines.engine.stored import StoredTensor
    from pipelines.engine.weights import empty_network
    from pipelines.miniatures.original_layout import unet_keys
    from pipelines.miniatures.original_transformers import transformer_keys

    layouts = layouts_of(CONFIGS, family)
    for layout in layouts:
        part = layout.parts[layout.network]
        network = empty_network(class_of(part.kind), part.config)
        original = (unet_keys if layout.network == "unet" else transformer_keys)(network)
        stored = {n: StoredTensor(Path(n), 0, torch.float16, tuple(t.shape)) for n, t in original.items()}
        assert next(one for one in layouts if one.fits({n: t.shape for n, t in stored.items()})) is layout
        sources = in_names_of(network, part.config, stored)
        shapes = {name: tuple(weight.shape) for name, weight in network.state_dict().items()}
        assert {name: sources[name].shape for name in shapes} == shapes
