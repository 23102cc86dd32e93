"""Miniatures on disk, as folders and as single files, and the library's entries for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from pipelines.contract.models import Companion, Family, ModelDefaults, ModelInfo, ModelKind
from pipelines.miniatures.original_layout import clip_keys, open_clip_keys, unet_keys, vae_keys
from pipelines.miniatures.original_transformers import transformer_keys, wan_vae_keys
from pipelines.miniatures.sd import NATIVE

_CONFIGS = Path(__file__).resolve().parents[2] / "resources" / "configs"
_NETWORK = "model.diffusion_model."
_UNREAD = ("model.vision_tower.", "model.multi_modal_projector.")
"""What a text encoder sees pictures with, and files of the encoder alone do not have."""
_ROLES = ("bos_token", "eos_token", "unk_token", "pad_token")

Tensors = dict[str, torch.Tensor]


def write_folder(pipe: Any, folder: Path) -> Path:
    """Saves a pipeline as a diffusers folder and returns it."""
    pipe.save_pretrained(str(folder))
    if hasattr(pipe, "processor"):  # ours; on disk it is transformers' own, which needs torchvision to be loaded
        pipe.processor.image_processor.save_pretrained(str(folder / "processor"))
        index = json.loads((folder / "model_index.json").read_text("utf-8"))
        index["processor"] = ["transformers", "Qwen2VLProcessor"]
        (folder / "model_index.json").write_text(json.dumps(index, indent=2), "utf-8")
    if type(pipe).__name__ == "Flux2Pipeline":
        index = json.loads((folder / "model_index.json").read_text("utf-8"))
        index["tokenizer"] = ["transformers", "PixtralProcessor"]
        (folder / "model_index.json").write_text(json.dumps(index, indent=2), "utf-8")
    return folder


def write_single_file(pipe: Any, path: Path, **notes: str) -> Path:
    """Saves a pipeline as one safetensors file in the original layout (LDM, SGM, or that of SD3 and FLUX programs) and
    returns it; `notes` go into its header."""
    tensors = {_NETWORK + name: value for name, value in network_keys(pipe).items()}
    tensors |= {f"{'first_stage_model' if _old(pipe) else 'vae'}.{name}": v for name, v in _vae_keys(pipe.vae).items()}
    for name, encoder in _encoders(pipe).items():
        tensors |= _encoder_keys(name, encoder, pipe)
    tensors |= {f"clip_vision.{name}": value for name, value in _vision_keys(pipe).items()}
    return _save(tensors, path, notes)


def write_transformer(pipe: Any, folder: Path) -> tuple[Path, tuple[Companion, ...]]:
    """Saves the parts of a pipeline each as a file of its own, as ComfyUI has them: the path of the denoising network
    and the others as its companions."""
    folder.mkdir(parents=True)
    network = _save(network_keys(pipe), folder / "network.safetensors")
    parts = {"vae": _save(_vae_keys(pipe.vae), folder / "vae.safetensors")}
    for name, encoder in _encoders(pipe).items():
        parts[name] = _save(_whole_encoder(encoder), folder / f"{name}.safetensors")
    if vision := _vision_keys(pipe):
        parts["image_encoder"] = _save(vision, folder / "image_encoder.safetensors")
    return network, tuple(Companion(name, str(path)) for name, path in parts.items())


def write_layout(pipe: Any, config_dir: Path, like: str, vocabularies: Path) -> Path:
    """Writes what `resources/configs` would say if the miniature were the layout `like`, and its tokenizers' words."""
    said = json.loads((_CONFIGS / f"{like}.json").read_text("utf-8"))
    for name, part in said["parts"].items():
        basis = part if isinstance(part, str) else part["like"]
        made = json.loads((_CONFIGS / "parts" / f"{basis}.json").read_text("utf-8"))
        component = pipe.components[name]
        if "vocabulary" in made:
            component.save_pretrained(str(vocabularies / made["vocabulary"]))
            roles = {role: str(token) for role in _ROLES if (token := getattr(component, role, None))}
            made["config"] = {"model_max_length": component.model_max_length, **roles}
        elif "without" in made:  # the language model alone, as deep as it is read
            text = component.config.text_config
            read = pipe.transformer.config.joint_attention_dim // text.hidden_size
            made["config"] = {**text.to_dict(), "num_hidden_layers": read}
        elif hasattr(component.config, "to_dict"):
            made["config"] = component.config.to_dict()
        else:
            made["config"] = _plain(component.config)
        said["parts"][name] = made
    said["scheduler"] = {"_class_name": type(pipe.scheduler).__name__, **_plain(pipe.scheduler.config)}
    said["marks"] = _marks(said.get("marks", {}), network_keys(pipe))
    config_dir.mkdir(parents=True, exist_ok=True)
    path = config_dir / f"{like}.json"
    path.write_text(json.dumps(said, default=str), "utf-8")
    return path


def _marks(marks: dict[str, Any], network: Tensors) -> dict[str, list[int] | None]:
    """What tells the layout from others of its family, in the miniature's own sizes."""
    own: dict[str, list[int] | None] = {}
    for names, shape in marks.items():
        found = next((network[name] for name in names.split(" or ") if name in network), None)
        if found is not None:
            own[names] = list(found.shape) if shape else None
    return own


def info_of(
    path: Path, family: Family, model_id: str = "", variant: str = "", companions: tuple[Companion, ...] = ()
) -> ModelInfo:
    """The library's entry for a tiny model."""
    kind = ModelKind.DIFFUSERS if path.is_dir() else (ModelKind.TRANSFORMER if companions else ModelKind.CHECKPOINT)
    defaults = ModelDefaults(num_inference_steps=4, guidance_scale=3.0, native_size=NATIVE, min_size=64)
    name = model_id or path.stem
    return ModelInfo(
        name, path.stem, str(path), kind, family, variant, 10**6, 1, defaults, companions=companions
    )  # fmt: skip


def network_keys(pipe: Any) -> Tensors:
    """The denoising network's weights by their names in the original layout, without the prefix."""
    return unet_keys(pipe.unet) if "unet" in pipe.components else transformer_keys(pipe.transformer)


def _old(pipe: Any) -> bool:
    return "unet" in pipe.components


def _vae_keys(vae: Any) -> Tensors:
    kind = type(vae).__name__
    if kind in ("AutoencoderKLQwenImage", "AutoencoderKLWan"):
        return wan_vae_keys(vae)
    keys = vae_keys(vae)
    if kind == "AutoencoderKLFlux2":
        inside = {"quant_conv": "encoder.quant_conv", "post_quant_conv": "decoder.post_quant_conv"}
        keys = {
            (f"{inside[head]}.{name.partition('.')[2]}" if (head := name.partition(".")[0]) in inside else name): value
            for name, value in keys.items()
        }
    return keys


def _encoders(pipe: Any) -> dict[str, Any]:
    return {name: part for name, part in pipe.components.items() if name.startswith("text_encoder") and part}


def _vision_keys(pipe: Any) -> Tensors:
    """What a model of Wan 2.1 looks at the first frame with; empty for others."""
    seer = pipe.components.get("image_encoder")
    weights = seer.state_dict().items() if type(seer).__name__ == "CLIPVisionModel" else ()
    return {f"vision_model.{name.removeprefix('vision_model.')}": value for name, value in weights}


def _encoder_keys(name: str, encoder: Any, pipe: Any) -> Tensors:
    """The weights as they stand in a whole checkpoint."""
    if _old(pipe):
        if name == "text_encoder_2":
            place = 0 if pipe.components.get("text_encoder") is None else 1
            return open_clip_keys(encoder, f"conditioner.embedders.{place}.model.")
        if pipe.unet.config.use_linear_projection and "text_encoder_2" not in pipe.components:
            return open_clip_keys(encoder, "cond_stage_model.model.")
        xl = "text_encoder_2" in pipe.components
        head = "conditioner.embedders.0.transformer." if xl else "cond_stage_model.transformer."
        return clip_keys(encoder, head + "text_model.")
    kind = type(encoder).__name__
    plain = {
        "T5EncoderModel": "t5xxl",
        "UMT5EncoderModel": "umt5xxl",
        "Qwen3Model": "qwen3_4b",
        "Qwen2_5_VLForConditionalGeneration": "qwen25_7b",
        "Mistral3ForConditionalGeneration": "mistral3_24b",
    }
    clip = "clip_g" if name == "text_encoder_2" else "clip_l"
    place = f"text_encoders.{plain.get(kind, 'qwen3_4b' if kind == 'Qwen3ForCausalLM' else clip)}.transformer."
    return {place + key: value for key, value in _whole_encoder(encoder).items()}


def _whole_encoder(encoder: Any) -> Tensors:
    """The weights as they stand in a file of the encoder alone, in the names of older versions of transformers."""
    tensors: Tensors = {}
    for name, value in encoder.state_dict().items():
        if name.startswith(_UNREAD):
            continue
        if type(encoder).__name__.startswith("CLIP") and not name.startswith(("text_model.", "text_projection.")):
            name = f"text_model.{name}"
        elif type(encoder).__name__ == "Qwen3Model":
            name = f"model.{name}"
        elif name.startswith("model.visual."):
            name = name.removeprefix("model.")
        tensors[name.replace("model.language_model.", "model.")] = value
    tensors.pop("encoder.embed_tokens.weight", None)  # the same as shared.weight
    return tensors


def _plain(config: Any) -> dict[str, Any]:
    return {name: value for name, value in dict(config).items() if not name.startswith("_")}


def _save(tensors: Tensors, path: Path, notes: dict[str, str] | None = None) -> Path:
    save_file({name: value.contiguous().clone() for name, value in tensors.items()}, str(path), notes or None)
    return path
