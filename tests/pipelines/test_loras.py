"""LoRAs and LyCORIS on real networks: what they change, and that nothing is left of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from pipelines.contract.errors import ModelError
from pipelines.contract.events import Loading
from pipelines.contract.models import Family, ModelKind
from pipelines.contract.request import GenerationRequest, LoraWeight
from pipelines.miniatures import addons
from pipelines.miniatures.addons import Naming, addon_info, lora_tensors, write_lora
from pipelines.miniatures.families import miniature_of
from pipelines.miniatures.writing import info_of, write_folder
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import sample
from tests.pipelines.worktop import Worktop, weights_hash

_MAKERS = {"loha": addons.hadamard, "lokr": addons.kronecker, "dora": addons.dora, "diff": addons.difference}


@pytest.fixture(scope="module")
def pipes(tiny_models: Shelf) -> dict[str, Any]:
    """The miniatures again, to be changed by diffusers and peft themselves."""
    from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline

    kinds: dict[str, Any] = {"sd1": StableDiffusionPipeline, "sdxl": StableDiffusionXLPipeline}
    return {name: kind.from_pretrained(tiny_models.resolve(name).path) for name, kind in kinds.items()}


@pytest.fixture(scope="module")
def worktop(tiny_models: Shelf, pipes: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Worktop:
    folder = tmp_path_factory.mktemp("loras")
    files = {f"sd1-{name}": lora_tensors(pipes["sd1"], Naming(name)) for name in ("kohya", "diffusers")}
    files |= {f"sd1-{name}": lora_tensors(pipes["sd1"], make=make) for name, make in _MAKERS.items()}
    files |= {"sd1-other": lora_tensors(pipes["sd1"], seed=2, words=False)}
    files |= {f"sdxl-{name}": lora_tensors(pipes["sdxl"], Naming(name)) for name in ("kohya", "sgm", "diffusers")}
    foreign = {"down.weight": torch.zeros(2, 32), "up.weight": torch.zeros(32, 2), "alpha": torch.tensor(2.0)}
    strange = {f"lora_unet_double_blocks_0_img_attn_qkv.lora_{end}": one for end, one in foreign.items()}
    strange["lora_unet_double_blocks_0_img_attn_qkv.alpha"] = strange.pop(
        "lora_unet_double_blocks_0_img_attn_qkv.lora_alpha"
    )
    mixed = {**files["sd1-kohya"], **strange, "emb_params": torch.zeros(2)}
    infos = [addon_info(write_lora(mixed, folder / "mixed.safetensors"), ModelKind.LORA, Family.SD1)]
    for name, tensors in files.items():
        family = Family.SD1 if name.startswith("sd1") else Family.SDXL
        infos.append(addon_info(write_lora(tensors, folder / f"{name}.safetensors"), ModelKind.LORA, family))
    whole = (folder / "sd1-kohya.safetensors").read_bytes()
    (folder / "cut.safetensors").write_bytes(whole[: len(whole) // 2])
    save_file({"noise": torch.zeros(2)}, str(folder / "empty.safetensors"))
    (folder / "code.pt").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    oft = {"lora_unet_down_blocks_0_resnets_0_conv1.oft_blocks": torch.zeros(2, 4, 4)}
    save_file(oft, str(folder / "oft.safetensors"))
    bad = [("cut.safetensors", "cut"), ("empty.safetensors", "empty"), ("code.pt", "code"), ("oft.safetensors", "oft")]
    infos += [addon_info(folder / file, ModelKind.LORA, Family.SD1, name) for file, name in bad]
    unsaid = addon_info(folder / "sdxl-sgm.safetensors", ModelKind.LORA, Family.UNKNOWN, "unsaid")
    return Worktop(*tiny_models.models(), *infos, unsaid)


def _asked(model: str, *loras: tuple[str, float], **changes: Any) -> GenerationRequest:
    worn = tuple(LoraWeight(name, weight) for name, weight in loras)
    return sample(**{"model": model, "loras": worn, "num_inference_steps": 2, **changes})


@pytest.mark.slow
@pytest.mark.parametrize(("model", "naming"), [("sd1", "kohya"), ("sdxl", "kohya"), ("sdxl", "diffusers")])
def test_paints_what_diffusers_and_peft_paint(worktop: Worktop, pipes: dict[str, Any], model: str, naming: str) -> None:
    pipe, name = pipes[model], f"{model}-{naming}"
    asked = _asked(model, (name, 0.7))
    pipe.load_lora_weights(worktop.library.resolve(name).path, adapter_name="one")
    pipe.set_adapters(["one"], [0.7])
    try:
        theirs = pipe(
            asked.prompt,
            num_inference_steps=2,
            guidance_scale=asked.guidance_scale,
            width=128,
            height=128,
            generator=torch.Generator().manual_seed(asked.seed),
            output_type="np",
        ).images[0]
    finally:
        pipe.unload_lora_weights()
    ours = worktop.paint(asked)
    assert np.abs(ours[..., :3] - theirs * 255).max() <= 1.5
    assert np.abs(ours - worktop.paint(_asked(model))).max() > 20, "the LoRA changes the picture"


@pytest.mark.parametrize("name", ["sd1-kohya", "sd1-diffusers", *(f"sd1-{name}" for name in _MAKERS)])
def test_taking_off_restores_the_model_bit_for_bit(worktop: Worktop, name: str) -> None:
    plain = worktop.paint(_asked("sd1"))
    before = weights_hash(worktop.model("sd1"))
    changed = worktop.paint(_asked("sd1", (name, 1.0)))
    assert weights_hash(worktop.model("sd1")) == before
    assert np.abs(changed - plain).max() > 5
    assert np.array_equal(worktop.paint(_asked("sd1")), plain)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(_MAKERS))
def test_whole_weights_are_the_same_without_room_to_keep_them(worktop: Worktop, name: str) -> None:
    asked = _asked("sd1", (f"sd1-{name}", 0.8))
    kept = worktop.paint(asked)
    before, addons_of = weights_hash(worktop.model("sd1")), worktop.studio._addons
    limit, addons_of.limit = addons_of.limit, 0
    worktop.model("sd1").outfit = None
    try:
        assert np.array_equal(worktop.paint(asked), kept)
    finally:
        addons_of.limit = limit
    assert weights_hash(worktop.model("sd1")) == before


@pytest.mark.slow
def test_files_of_every_naming_paint_alike(worktop: Worktop) -> None:
    for model, names in (("sd1", ("diffusers",)), ("sdxl", ("diffusers", "sgm"))):
        known = worktop.paint(_asked(model, (f"{model}-kohya", 1.0)))
        for naming in names:
            assert np.abs(worktop.paint(_asked(model, (f"{model}-{naming}", 1.0))) - known).max() <= 1, naming


def test_several_act_together_and_weights_count(worktop: Worktop) -> None:
    plain = worktop.paint(_asked("sd1"))
    one, two = ("sd1-kohya", 0.6), ("sd1-other", -0.7)
    both = worktop.paint(_asked("sd1", one, two))
    assert np.abs(both - worktop.paint(_asked("sd1", one))).max() > 2
    assert np.abs(both - worktop.paint(_asked("sd1", two))).max() > 2
    assert np.abs(worktop.paint(_asked("sd1", ("sd1-other", 0.7))) - worktop.paint(_asked("sd1", two))).max() > 2
    assert np.array_equal(worktop.paint(_asked("sd1", ("sd1-kohya", 0.0))), plain)
    opposite = _asked("sd1", ("sd1-kohya", 0.5), ("sd1-kohya", -0.5))
    assert np.abs(worktop.paint(opposite) - plain).max() <= 1


def test_switching_never_loads_the_model_again(worktop: Worktop) -> None:
    worktop.paint(_asked("sd1"))
    worktop.events.clear()
    for lora in ("sd1-kohya", "sd1-other", "sd1-loha"):
        worktop.paint(_asked("sd1", (lora, 1.0)))
    assert not [event for event in worktop.events if isinstance(event, Loading)]


@pytest.mark.slow
def test_a_job_that_fails_leaves_nothing_behind(worktop: Worktop) -> None:
    plain = worktop.paint(_asked("sd1"))
    model = worktop.model("sd1")
    before = weights_hash(model)

    def stumble(*_: Any) -> None:
        raise ZeroDivisionError

    stone = model.unet.conv_out.register_forward_pre_hook(stumble)
    for lora in ("sd1-kohya", "sd1-dora"):
        with pytest.raises(ZeroDivisionError):
            worktop.paint(_asked("sd1", (lora, 1.0)))
    stone.remove()
    assert weights_hash(model) == before
    assert np.array_equal(worktop.paint(_asked("sd1")), plain)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sdxl-kohya", "made for sdxl"),
        ("unsaid", "'sdxl-sgm' does not fit"),
        ("cut", "damaged"),
        ("empty", "holds no LoRA"),
        ("code", "pickled"),
        ("oft", "oft_blocks"),
        ("gone", "gone"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(worktop: Worktop, name: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        worktop.paint(_asked("sd1", (name, 1.0)))


@pytest.mark.parametrize("shape", [(6, 8), (6, 8, 3, 3)])
@pytest.mark.parametrize("method", ["loha", "lokr", "dora", "lora"])
def test_the_arithmetic_is_that_of_peft(method: str, shape: tuple[int, ...]) -> None:
    import peft

    from pipelines.engine.conditioning.lora_names import named
    from pipelines.engine.conditioning.weight_changes import WeightChange

    torch.manual_seed(3)
    module = torch.nn.Linear(8, 6) if len(shape) == 2 else torch.nn.Conv2d(8, 6, 3, padding=1)
    own = module.weight.detach().clone()
    settings: dict[str, Any] = {
        "loha": lambda: peft.LoHaConfig(r=2, alpha=3, target_modules=["0"], use_effective_conv2d=True),
        "lokr": lambda: peft.LoKrConfig(r=1, alpha=3, target_modules=["0"], use_effective_conv2d=True),
        "dora": lambda: peft.LoraConfig(r=2, lora_alpha=3, target_modules=["0"], use_dora=True),
        "lora": lambda: peft.LoraConfig(r=2, lora_alpha=3, target_modules=["0"]),
    }
    model: Any = peft.get_peft_model(torch.nn.Sequential(module), settings[method]())
    for name, parameter in model.named_parameters():
        if "base_layer" not in name:
            parameter.data = parameter.data.abs() + torch.rand_like(parameter) * 0.3
    tensors = {named(name.replace(".default", "")).part: value for name, value in model.named_parameters()}
    parts = {part: tensor.detach() for part, tensor in tensors.items() if part}
    change = WeightChange({**parts, "alpha": torch.tensor(3.0)})
    merged = model.merge_and_unload()[0].weight
    assert torch.allclose(own + change.difference(own), merged, atol=1e-4)


_FLUX_NAMES = {
    "double_blocks_0_img_attn_qkv": [f"transformer_blocks.0.attn.to_{one}" for one in "qkv"],
    "double_blocks_0_img_mlp_0": ["transformer_blocks.0.ff.net.0.proj"],
    "single_blocks_1_linear2": ["single_transformer_blocks.1.proj_out"],
}


def _kohya_flux(pipe: Any) -> dict[str, torch.Tensor]:
    """kohya's names for FLUX: queries, keys and values are one matrix there."""
    rng, tensors = torch.Generator().manual_seed(4), dict[str, torch.Tensor]()
    for name, modules in _FLUX_NAMES.items():
        weights = [pipe.transformer.get_submodule(module).weight for module in modules]
        tensors[f"lora_unet_{name}.lora_down.weight"] = torch.randn(4, weights[0].shape[1], generator=rng) * 0.5
        tensors[f"lora_unet_{name}.lora_up.weight"] = torch.randn(sum(map(len, weights)), 4, generator=rng) * 0.5
        tensors[f"lora_unet_{name}.alpha"] = torch.tensor(2.0)
    return tensors


_FUSED = {
    Family.FLUX: {
        "double_blocks_0_img_attn_qkv": [f"transformer_blocks.0.attn.to_{one}" for one in "qkv"],
        "double_blocks_0_txt_attn_qkv": [f"transformer_blocks.0.attn.add_{one}_proj" for one in "qkv"],
        "double_blocks_0_img_mod_lin": ["transformer_blocks.0.norm1.linear"],
        "single_blocks_0_linear1": [
            *(f"single_transformer_blocks.0.attn.to_{one}" for one in "qkv"), "single_transformer_blocks.0.proj_mlp",
        ],
        "final_layer_adaLN_modulation_1": ["norm_out.linear"],
    },
    Family.FLUX2: {
        "double_blocks_0_img_attn_qkv": [f"transformer_blocks.0.attn.to_{one}" for one in "qkv"],
        "single_blocks_0_linear1": ["single_transformer_blocks.0.attn.to_qkv_mlp_proj"],
    },
    Family.Z_IMAGE: {"layers_0_attention_qkv": [f"layers.0.attention.to_{one}" for one in "qkv"]},
    Family.SD3: {"joint_blocks_0_x_block_attn_qkv": [f"transformer_blocks.0.attn.to_{one}" for one in "qkv"]},
}  # fmt: skip
"""What the original layouts keep in one weight, and diffusers in these modules."""


@pytest.mark.parametrize("family", list(_FUSED))
@pytest.mark.parametrize("method", ["loha", "lokr", "dora", "diff", "plain"])
def test_each_module_takes_its_rows_of_what_the_original_layout_has_in_one(
    family: Family, method: str, tmp_path: Path
) -> None:
    from types import SimpleNamespace

    from pipelines.engine.conditioning.lora_files import fitted, read_lora
    from pipelines.engine.conditioning.weight_changes import WeightChange

    pipe = miniature_of(family, "klein" if family is Family.FLUX2 else "").build()
    network, make = pipe.transformer, {**_MAKERS, "plain": addons.plain}[method]
    rng, tensors, wanted = torch.Generator().manual_seed(6), dict[str, torch.Tensor](), dict[str, torch.Tensor]()
    for name, modules in _FUSED[family].items():
        weight = torch.cat([network.get_submodule(module).weight for module in modules])
        if name.startswith("final_layer"):
            weight = torch.cat(weight.chunk(2)[::-1])
        whole = torch.nn.Linear(weight.shape[1], weight.shape[0])
        whole.weight.data = weight
        parts = make(whole, rng)
        if method == "dora":  # a magnitude for every output, as peft has it
            parts["dora_scale"] = torch.linalg.vector_norm(weight, dim=1, keepdim=True) * 1.1
        tensors |= {f"lora_unet_{name}.{end}": tensor for end, tensor in parts.items()}
        ends = {"lora_down.weight": "down", "lora_up.weight": "up", "dora_scale": "dora"}
        change = WeightChange({ends.get(end, end): tensor for end, tensor in parts.items()}).difference(weight)
        change = torch.cat(change.chunk(2)[::-1]) if name.startswith("final_layer") else change
        sizes = [len(network.get_submodule(module).weight) for module in modules]
        wanted |= dict(zip(modules, change.split(sizes), strict=True))
    info = addon_info(write_lora(tensors, tmp_path / "fused.safetensors"), ModelKind.LORA, family)
    model: Any = SimpleNamespace(info=info, components=pipe.components, network=network, architecture=None)
    found = fitted(info, read_lora(info), model).changes
    names = {id(module): name for name, module in network.named_modules()}
    assert {names[id(module)] for _, module, _ in found} == wanted.keys()
    for _, module, change in found:
        assert isinstance(module.weight, torch.Tensor)
        assert torch.allclose(change.difference(module.weight), wanted[names[id(module)]], atol=1e-6)
        if change.is_plain:
            factors = change.factors()
            assert torch.allclose(factors.up @ factors.down, wanted[names[id(module)]], atol=1e-6)


def test_names_that_a_model_lacks_are_told(tmp_path: Path) -> None:
    from types import SimpleNamespace

    from pipelines.engine.architectures import architecture_of
    from pipelines.engine.conditioning.lora_files import fitted, read_lora

    pipe = miniature_of(Family.FLUX).build()
    layer = torch.nn.Linear(32, 32)
    names = [f"double_blocks_{number}_img_attn_qkv" for number in range(3, 8)]
    tensors = {
        f"lora_unet_{name}.{end}": tensor
        for name in names
        for end, tensor in addons.hadamard(layer, torch.Generator().manual_seed(1)).items()
    }
    info = addon_info(write_lora(tensors, tmp_path / "strange.safetensors"), ModelKind.LORA, Family.FLUX)
    row = architecture_of(info)
    model: Any = SimpleNamespace(info=info, components=pipe.components, network=pipe.transformer, architecture=row)
    with pytest.raises(ModelError, match=f"it lacks {', '.join(names[:3])} and 2 others"):
        fitted(info, read_lora(info), model)


def test_what_is_left_out_of_a_file_is_told(worktop: Worktop) -> None:
    first, again, plain = (
        worktop.finish(_asked("sd1", *worn, num_inference_steps=1)).facts
        for worn in ([("mixed", 1.0)], [("mixed", 1.0)], [("sd1-kohya", 1.0)])
    )
    whole = len(load_file(worktop.library.resolve("mixed").path))
    said = f"4 of {whole} tensors of 'mixed' do not belong to this model and were left out."
    assert first["notes"] == again["notes"] == [said]
    assert plain["notes"] == []


@pytest.mark.slow
@pytest.mark.parametrize("family", [Family.FLUX, Family.SD3, Family.Z_IMAGE, Family.QWEN_IMAGE])
def test_transformers_wear_loras_too(family: Family, tmp_path: Path) -> None:
    pipe = miniature_of(family).build()
    info = info_of(write_folder(pipe, tmp_path / "model"), family, "model")
    files = {
        "plain": lora_tensors(pipe, Naming.DIFFUSERS, words=False),
        "loha": lora_tensors(pipe, make=addons.hadamard),
    }
    if family is Family.FLUX:
        files["kohya"] = _kohya_flux(pipe)
    paths = {name: write_lora(tensors, tmp_path / f"{name}.safetensors") for name, tensors in files.items()}
    worktop = Worktop(info, *(addon_info(path, ModelKind.LORA, family, name) for name, path in paths.items()))
    plain = worktop.paint(_asked("model"))
    before = weights_hash(worktop.model("model"))
    for name in files:
        worn = worktop.paint(_asked("model", (name, 1.0)))
        assert weights_hash(worktop.model("model")) == before, name
        assert np.abs(worn - plain).max() > 1, name
    assert np.array_equal(worktop.paint(_asked("model")), plain)
