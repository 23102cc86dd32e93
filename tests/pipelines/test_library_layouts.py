"""Other programs' model folders are recognised, and only their models are looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelKind
from pipelines.library.layouts import LayoutName, layout_of
from pipelines.library.registry import Library
from tests.pipelines import header_files as files
from tests.pipelines import model_headers as headers


def _put(path: Path, shapes: dict[str, tuple[int, ...]] = files.SD1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return files.write_shapes(path, shapes)


def _names(library: Library) -> set[str]:
    return {info.name for info in library.models(frozenset(ModelKind))}


def _a1111(root: Path) -> Path:
    _put(root / "models" / "Stable-diffusion" / "anime" / "a.safetensors")
    _put(root / "models" / "Lora" / "b.safetensors", {"lora_te2_x.lora_down.weight": (4, 8)})
    _put(root / "models" / "VAE" / "ae.safetensors", headers.AE)
    _put(root / "embeddings" / "c.safetensors", {"emb_params": (4, 768)})
    _put(root / "extensions" / "sd-webui-controlnet" / "models" / "d.safetensors", {"control_model.x": (2, 2)})
    _put(root / "venv" / "lib" / "not-a-model.safetensors")
    return root


def test_a1111_and_forge(tmp_path: Path) -> None:
    root = _a1111(tmp_path / "stable-diffusion-webui")
    found = layout_of(root)
    assert found.name is LayoutName.A1111
    assert [path.relative_to(root).as_posix() for path in found.folders] == [
        "models",
        "embeddings",
        "extensions/sd-webui-controlnet/models",
    ]
    library = Library(starter=None)
    library.add_folder(root)
    assert _names(library) == {"a", "b", "ae", "c", "d"}
    (root / "modules_forge").mkdir()
    assert layout_of(root).name is LayoutName.FORGE


def test_comfyui_and_its_list_of_other_places(tmp_path: Path) -> None:
    webui = _a1111(tmp_path / "webui")
    root = tmp_path / "ComfyUI"
    _put(root / "models" / "diffusion_models" / "flux1-dev.safetensors", headers.flux())
    _put(root / "models" / "text_encoders" / "clip_l.safetensors", headers.clip(768))
    _put(
        root / "models" / "clip_vision" / "eye.safetensors",
        {"vision_model.embeddings.patch_embedding.weight": (1280, 3)},
    )
    _put(root / "output" / "no.safetensors")
    text = (
        f"a111:\n    base_path: {webui}\n    is_default: true\n    checkpoints: models/Stable-diffusion\n"
        "    loras: |\n        models/Lora\n        models/LyCORIS\n"
        "other:\n    vae: ../webui/models/VAE\n    upscale_models: ~nobody-of-that-name/x\n"
    )
    (root / "extra_model_paths.yaml").write_text(text)
    found = layout_of(root)
    assert found.name is LayoutName.COMFYUI
    assert len(found.folders) == 4
    library = Library(starter=None)
    library.add_folder(root)
    assert _names(library) == {"flux1-dev", "clip_l", "eye", "a", "b", "ae"}
    alone = Library(starter=None)
    alone.add_folder(root / "extra_model_paths.yaml")
    assert _names(alone) == {"a", "b", "ae"}


@pytest.mark.parametrize(
    "text", ["a: [1, 2", "- just\n- a list\n", "!!python/object/apply:os.system ['x']", "x" * 200_000]
)
def test_a_damaged_list_of_places_is_harmless(tmp_path: Path, text: str) -> None:
    path = tmp_path / "extra_model_paths.yaml"
    path.write_text(text)
    library = Library(starter=None)
    if text.startswith("- "):
        library.add_folder(path)
        assert library.models() == []
    else:
        with pytest.raises(ModelError, match=r"extra_model_paths\.yaml"):
            library.add_folder(path)
        assert library.folders == []


def test_invokeai(tmp_path: Path) -> None:
    root = tmp_path / "invokeai"
    _put(root / "models" / "sd-1" / "main" / "a.safetensors")
    _put(root / "models" / "sdxl" / "main" / "b.safetensors", files.SDXL)
    _put(root / "outputs" / "no.safetensors")
    assert layout_of(root / "models").name is LayoutName.INVOKEAI
    (root / "invokeai.yaml").write_text("schema_version: 4\n")
    assert layout_of(root) == (LayoutName.INVOKEAI, (root / "models",))
    library = Library([root], starter=None)
    assert _names(library) == {"a", "b"}


def test_a_hugging_face_cache(tmp_path: Path) -> None:
    hub = tmp_path / "huggingface" / "hub"
    repository = hub / "models--black-forest-labs--FLUX.1-dev"
    for revision in ("aaaa1111", "bbbb2222"):
        blob = _put(repository / "blobs" / f"blob-{revision}", headers.flux())
        (repository / "snapshots" / revision).mkdir(parents=True)
        (repository / "snapshots" / revision / "flux1-dev.safetensors").symlink_to(blob)
    part = repository / "snapshots" / "bbbb2222" / "text_encoder"
    _put(part / "model.safetensors", headers.clip(768))
    (part / "config.json").write_text('{"architectures": ["CLIPTextModel"], "hidden_size": 768}')
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("bbbb2222")
    assert layout_of(tmp_path / "huggingface") == (LayoutName.HUGGING_FACE, (hub,))
    library = Library([tmp_path / "huggingface"], starter=None)
    assert _names(library) == {"FLUX.1-dev/flux1-dev", "FLUX.1-dev/text_encoder"}
    (info,) = library.models({ModelKind.TEXT_ENCODER})
    assert (info.variant, info.problem) == ("clip-l", "")
    (repository / "refs" / "main").unlink()
    assert len(library.refresh()) == 2  # without a branch every revision counts


def test_a_diffusers_folder_and_a_plain_one(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model_index.json").write_text("{}")
    assert layout_of(tmp_path / "model").name is LayoutName.DIFFUSERS
    assert layout_of(tmp_path) == (LayoutName.PLAIN, (tmp_path,))


@pytest.mark.parametrize(
    ("config", "kind", "variant"),
    [
        ('{"_class_name": "ControlNetModel", "cross_attention_dim": 768}', ModelKind.CONTROLNET, ""),
        ('{"_class_name": "ControlNetUnionModel"}', ModelKind.CONTROLNET, "union"),
        ('{"_class_name": "T2IAdapter", "adapter_type": "full_adapter_xl"}', ModelKind.T2I_ADAPTER, ""),
        ('{"_class_name": "AutoencoderKL", "latent_channels": 16}', ModelKind.VAE, "16-channel"),
        ('{"_class_name": "FluxTransformer2DModel"}', ModelKind.TRANSFORMER, ""),
        (
            '{"architectures": ["CLIPVisionModelWithProjection"], "hidden_size": 1280}',
            ModelKind.IMAGE_ENCODER,
            "clip-vit-h",
        ),
        (
            '{"architectures": ["T5EncoderModel"], "model_type": "t5", "d_model": 4096}',
            ModelKind.TEXT_ENCODER,
            "t5-xxl",
        ),
        ('{"architectures": ["SomethingElse"]}', ModelKind.UNKNOWN, ""),
        ('{"architectures": []}', ModelKind.UNKNOWN, ""),
    ],
)
def test_a_folder_of_one_part_is_told_by_its_config(tmp_path: Path, config: str, kind: ModelKind, variant: str) -> None:
    folder = tmp_path / "part"
    _put(folder / "diffusion_pytorch_model.safetensors", {"a": (2,)})
    (folder / "config.json").write_text(config)
    (info,) = Library([tmp_path], starter=None).models(frozenset(ModelKind))
    assert (info.name, info.kind, info.variant) == ("part", kind, variant)
