"""Another VAE than the model's own: from a folder or a file, in the original layout or diffusers' names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import diffusers
import torch
from accelerate import init_empty_weights
from safetensors import SafetensorError

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo
from pipelines.engine.conditioning.addons import AddOns
from pipelines.engine.folders import weight_files
from pipelines.engine.loader import LoadedModel, prepare_vae
from pipelines.engine.memory import is_out_of_memory
from pipelines.engine.original_names import in_names_of
from pipelines.engine.run import Run
from pipelines.engine.stored import StoredTensor, stored_tensors
from pipelines.engine.weights import EmptyNetwork, network_from_folder

_PREFIXES = ("first_stage_model.", "vae.")
_ALIKE = (
    frozenset({Family.SD1, Family.SD2}),
    frozenset({Family.FLUX, Family.Z_IMAGE}),
    frozenset({Family.QWEN_IMAGE, Family.WAN}),
)
"""Families that read each other's latents."""
_TINY = "AutoencoderTiny"


@dataclass(eq=False)
class OtherVae:
    """A VAE, and what a model remembers of its own."""

    vae: Any
    preview_matrix: torch.Tensor | None = None
    encoded: dict[bytes, torch.Tensor] = field(default_factory=dict)

    @property
    def size_bytes(self) -> int:
        """Of its weights."""
        return sum(weight.numel() * weight.element_size() for weight in self.vae.parameters())


@contextmanager
def another_vae(run: Run, addons: AddOns) -> Iterator[None]:
    """Within it the run's model has the request's VAE; its own waits. Raises ModelError, as sentences."""
    asked, model = run.job.request.vae, run.model
    if not asked:
        yield
        return
    info = addons.library.resolve(asked)
    _check_family(info, model)
    other = addons.read(info, lambda info: _loaded(info, run, addons), place=model.info.path)
    own = OtherVae(model.vae, model.preview_matrix, model.encoded)
    other.vae.to(torch.device("cpu") if model.offloaded else model.device)
    _give(model, other)
    try:
        yield
    finally:
        other.preview_matrix = model.preview_matrix
        _give(model, own)


def _give(model: LoadedModel, one: OtherVae) -> None:
    model.components["vae"] = one.vae
    model.preview_matrix, model.encoded = one.preview_matrix, one.encoded


def _check_family(info: ModelInfo, model: LoadedModel) -> None:
    ours, theirs = model.info.family, info.family
    if info.problem:
        raise ModelError(info.problem)
    alike = ours is theirs or any({ours, theirs} <= group for group in _ALIKE)
    if not alike and Family.UNKNOWN not in (ours, theirs):
        raise ModelError(
            f"The VAE '{info.name}' is made for {theirs.value}, and the model '{model.info.name}' is {ours.value}. "
            "Choose another VAE, or the model's own."
        )


def _loaded(info: ModelInfo, run: Run, addons: AddOns) -> OtherVae:
    model, path = run.model, Path(info.path)
    try:
        empty = _from_folder(info, path, model) if path.is_dir() else _from_file(info, path, model)
        _check_latents(info, empty.network, model)
        empty.fill(torch.device("cpu") if model.offloaded else model.device, run.check)
    except (OSError, ValueError, KeyError, IndexError, RuntimeError, TypeError, SafetensorError) as error:
        if is_out_of_memory(error):
            raise
        first = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise ModelError(
            f"The VAE '{info.name}' at {path} cannot be read: {first}. Copy or download it again, or use the model's "
            "own."
        ) from error
    vae = empty.network.eval().requires_grad_(requires_grad=False)
    prepare_vae(vae, model.architecture, addons.interrupt)
    return OtherVae(vae)


def _from_folder(info: ModelInfo, path: Path, model: LoadedModel) -> EmptyNetwork:
    folder = path if (path / "config.json").is_file() else path / "vae"
    kind = json.loads((folder / "config.json").read_text("utf-8")).get("_class_name", "")
    if not kind.startswith("Autoencoder"):
        raise ModelError(f"'{info.name}' is a {kind or 'folder of another kind'}, not a VAE. Choose another one.")
    return network_from_folder(getattr(diffusers, kind), folder, weight_files(folder)[0], model.vae.dtype)


def _from_file(info: ModelInfo, path: Path, model: LoadedModel) -> EmptyNetwork:
    if path.suffix != ".safetensors":
        raise ModelError(f"'{info.name}' is a {path.suffix} file, which can run foreign code. Use a .safetensors file.")
    stored = _bare(stored_tensors([path]))
    if not any(name.startswith("decoder.") for name in stored):
        raise ModelError(f"'{info.name}' holds no VAE: it has no decoder. Choose another file.")
    kind, config = _configured(stored, model)
    with init_empty_weights():
        network = getattr(diffusers, kind).from_config(config)
    return EmptyNetwork(network, in_names_of(network, config, stored), model.vae.dtype)


def _bare(stored: dict[str, StoredTensor]) -> dict[str, StoredTensor]:
    for prefix in _PREFIXES:
        inside = {name.removeprefix(prefix): tensor for name, tensor in stored.items() if name.startswith(prefix)}
        if any(name.startswith("decoder.") for name in inside):
            return inside
    return {name: tensor for name, tensor in stored.items() if not name.startswith(("model_ema.", "loss."))}


def _configured(stored: dict[str, StoredTensor], model: LoadedModel) -> tuple[str, dict[str, Any]]:
    """The class, and a configuration: what a file's shapes do not tell is as in the model's own VAE."""
    if "decoder.layers.0.weight" in stored:
        channels = stored["decoder.layers.0.weight"].shape[1]
        return _TINY, {"latent_channels": channels}
    own = dict(model.vae.config)
    if type(model.vae).__name__ == _TINY:
        kept = ("scaling_factor", "shift_factor")
        own = {name: own[name] for name in kept if own.get(name)} | {"norm_num_groups": 32}
        return "AutoencoderKL", own | _widths(stored, model)
    return type(model.vae).__name__, own | _widths(stored, model)


def _widths(stored: dict[str, StoredTensor], model: LoadedModel) -> dict[str, Any]:
    """Blocks and channels of an AutoencoderKL, from the shapes of its tensors in either layout."""
    if not hasattr(model.vae.config, "block_out_channels"):
        return {}
    ways = ("encoder.down.{}.block.{}.conv1.weight", "encoder.down_blocks.{}.resnets.{}.conv1.weight")
    way = next((way for way in ways if way.format(0, 0) in stored), None)
    latent = stored.get("decoder.conv_in.weight")
    if way is None or latent is None:
        return {}
    levels = next(number for number in range(64) if way.format(number, 0) not in stored)
    layers = next(number for number in range(64) if way.format(0, number) not in stored)
    return {
        "block_out_channels": tuple(stored[way.format(level, 0)].shape[0] for level in range(levels)),
        "layers_per_block": layers,
        "down_block_types": ("DownEncoderBlock2D",) * levels,
        "up_block_types": ("UpDecoderBlock2D",) * levels,
        "latent_channels": latent.shape[1],
        "use_quant_conv": "quant_conv.weight" in stored,
        "use_post_quant_conv": "post_quant_conv.weight" in stored,
    }


def _check_latents(info: ModelInfo, vae: Any, model: LoadedModel) -> None:
    ours, theirs = (_latents_of(one) for one in (model.vae, vae))
    if ours != theirs:
        raise ModelError(
            f"The VAE '{info.name}' has latents of {theirs[0]} channels at 1/{theirs[1]} of the size, and the model "
            f"'{model.info.name}' wants {ours[0]} at 1/{ours[1]}. Choose a VAE made for {model.info.family.value}."
        )


def _latents_of(vae: Any) -> tuple[int, int]:
    """Channels, and pixels to a latent."""
    config = vae.config
    channels = getattr(config, "latent_channels", None) or getattr(config, "z_dim", 0)
    blocks = getattr(config, "block_out_channels", None) or getattr(config, "encoder_block_out_channels", None)
    return int(channels), 2 ** (len(blocks) - 1) if blocks else 8
