"""Reads a model from disk: diffusers folders and single files in the original layout, offline, safetensors only."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import diffusers
import torch
from safetensors import SafetensorError

from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.engine.architectures import Architecture, architecture_of
from pipelines.engine.borders import without_borders
from pipelines.engine.memory import Device, is_out_of_memory
from pipelines.engine.upsampling import fold_upsampling
from pipelines.engine.weights import EmptyNetwork, network_from_folder, network_from_single_file

_BLOCKS = (
    "ResnetBlock2D",
    "Transformer2DModel",
    "Downsample2D",
    "Upsample2D",
    "Attention",
    "AutoencoderTinyBlock",
)
"""Modules before which the engine looks whether its job was cancelled: some 25 to 100 places per pass."""
_LONG_MODULES = ("Conv2d", "Conv3d")
"""Of the VAE, whose blocks at full size take as long as a step."""
_WEIGHT_FILE = re.compile(r"diffusion_pytorch_model(?P<variant>\.fp16)?(-\d+-of-\d+)?\.safetensors")
_SAMPLES = 64
_SAMPLE_BYTES = 16_384


@dataclass(eq=False)
class LoadedModel:
    """One set of weights in memory; every pipeline of the four modes is built around the same components."""

    info: ModelInfo
    architecture: Architecture
    components: dict[str, Any]
    header_hash: str
    """sha256 over configurations, tensor names, shapes and sizes: quick, and enough to tell models apart."""
    size_bytes: int
    weights_hash: str = ""
    """sha256 over samples of the weights: tells two trainings of the same shape apart, which `header_hash` does not."""
    prompts: dict[tuple[str, str | None, bool], dict[str, torch.Tensor]] = field(default_factory=dict)
    """Encoded prompts, oldest first."""
    preview_matrix: torch.Tensor | None = None
    """(channels + 1, 3): latents and a constant to RGB in 0..1; measured once by `preview.py`."""
    encoded: dict[bytes, torch.Tensor] = field(default_factory=dict)
    """What the VAE made of pictures, by their content, oldest first; see `latents.py`."""
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    """Where it computes, wherever its parts wait."""
    offloaded: bool = False
    """Parts that are not at work wait in the system's memory."""
    rungs: dict[tuple[str, tuple[int, ...]], tuple[int, float]] = field(default_factory=dict)
    """By stage and size: how far thrift had to climb, and when."""
    _classes: dict[str, Any] = field(default_factory=dict)

    @property
    def network(self) -> Any:
        """The denoising network: a UNet or a transformer."""
        return self.components["unet" if "unet" in self.components else "transformer"]

    @property
    def unet(self) -> Any:
        """The denoising network of the families that have a UNet."""
        return self.components["unet"]

    @property
    def vae(self) -> Any:
        """The picture encoder and decoder."""
        return self.components["vae"]

    @property
    def text_encoders(self) -> list[Any]:
        """Every network that reads prompts."""
        named = ((name, part) for name, part in self.components.items() if name.startswith("text_encoder"))
        return [part for _, part in named if isinstance(part, torch.nn.Module)]

    @property
    def is_inpaint_model(self) -> bool:
        """Whether the UNet takes mask and masked picture as further channels."""
        return self.unet.config.in_channels == 9

    def pipeline(self, class_name: str, scheduler: Any) -> Any:
        """A diffusers pipeline of that class around these weights. Cheap: nothing is copied."""
        parts = {**self.components, "scheduler": scheduler}
        if class_name not in self._classes:
            # Pipelines compute where their first part lies, and with thrift that part may wait elsewhere.
            placed = {"_execution_device": self.device}
            self._classes[class_name] = type(class_name, (_pipeline_class(class_name),), placed)
        pipe = self._classes[class_name](**_accepted(class_name, parts))
        pipe.set_progress_bar_config(disable=True)
        return pipe


def load_model(
    info: ModelInfo, device: Device, config_dir: Path, interrupt: Callable[[], None], *, offloaded: bool = False
) -> LoadedModel:
    """Reads the model's weights in the device's number format. `interrupt` is called while it reads and between blocks
    of every later run. With `offloaded` the parts stay in the system's memory until they are at work.

    Raises ModelError, as a sentence, when files are missing, damaged or of a kind that cannot be used.
    """
    architecture = architecture_of(info)
    path = Path(info.path)
    if not path.exists():
        raise ModelError(f"The model '{info.name}' is no longer at {path}. Put it back or remove it from the library.")
    place = torch.device("cpu") if offloaded else device.torch_device
    try:
        if info.kind is ModelKind.DIFFUSERS:
            pipe, network = _from_folder(info, path, architecture, device)
        elif info.kind is ModelKind.CHECKPOINT:
            pipe, network = _from_single_file(info, path, architecture, device, config_dir)
        else:
            raise ModelError(f"'{info.name}' is a {info.kind.value}, not a whole model. Choose a model that paints.")
        network.fill(place, interrupt)  # last: what the libraries needed to read the others is free again
        pipe.to(place)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, AttributeError, SafetensorError) as error:
        if is_out_of_memory(error):
            raise
        raise ModelError(f"The model '{info.name}' at {path} cannot be read: {_first_line(error)}") from error
    for component in pipe.components.values():
        if isinstance(component, torch.nn.Module):
            component.eval().requires_grad_(requires_grad=False)
    model = LoadedModel(info, architecture, dict(pipe.components), header_hash(path), _weight_bytes(pipe))
    model.device, model.offloaded = device.torch_device, offloaded
    model.weights_hash = weights_hash(path)
    _make_vae_faster(model.vae)
    if architecture.windows_of_latents:
        without_borders(model.vae)
    _install_interrupt(model, interrupt)
    return model


def header_hash(path: Path) -> str:
    """sha256 over what describes the model without reading its weights: file names, sizes, configurations, headers."""
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in (".json", ".safetensors"))
    for file in files:
        name = file.name if file is path else file.relative_to(path).as_posix()
        digest.update(f"{name}\0{file.stat().st_size}\0".encode())
        digest.update(_safetensors_header(file) if file.suffix == ".safetensors" else file.read_bytes())
    return digest.hexdigest()


def weights_hash(path: Path) -> str:
    """sha256 over evenly spread samples of every weight file: a few milliseconds, whatever the size of the model."""
    digest = hashlib.sha256()
    for file in [path] if path.is_file() else sorted(path.rglob("*.safetensors")):
        size = file.stat().st_size
        with file.open("rb") as weights:
            for number in range(_SAMPLES):
                weights.seek(max(0, size - _SAMPLE_BYTES) * number // (_SAMPLES - 1))
                digest.update(weights.read(_SAMPLE_BYTES))
    return digest.hexdigest()


def _from_folder(info: ModelInfo, path: Path, row: Architecture, device: Device) -> tuple[Any, EmptyNetwork]:
    """The pipeline, its network still empty, and that network."""
    for tokenizer in row.tokenizers:
        if not has_vocabulary(path / tokenizer):
            raise ModelError(
                f"The model '{info.name}' has no vocabulary in {path / tokenizer}: copy tokenizer.json, or vocab.json "
                "and merges.txt, from the place the model came from."
            )
    index = json.loads((path / "model_index.json").read_text("utf-8"))
    settings: dict[str, Any] = {name: None for name in row.unused if name in index}
    if "safety_checker" in settings:
        settings["requires_safety_checker"] = False
    part = _network_part(index)
    files, variant = _weight_files(path / part)
    if variant:
        settings["variant"] = variant
    network = network_from_folder(getattr(diffusers, index[part][1]), path / part, files, device.dtype)
    settings[part] = network.network
    pipe = _pipeline_class(row.text_to_image).from_pretrained(
        str(path),
        dtype=device.dtype,
        local_files_only=True,
        use_safetensors=True,
        low_cpu_mem_usage=True,
        **settings,
    )
    return pipe, network


def _from_single_file(
    info: ModelInfo, path: Path, row: Architecture, device: Device, config_dir: Path
) -> tuple[Any, EmptyNetwork]:
    """The pipeline, its network still empty, and that network."""
    if path.suffix != ".safetensors":
        raise ModelError(f"'{info.name}' is a {path.suffix} file, which can run foreign code. Use a .safetensors file.")
    config = config_dir / row.config_folder
    if not row.config_folder or not config.is_dir():
        raise ModelError(
            f"Single files of the family {row.family.value} cannot be opened yet. Use the model's diffusers folder."
        )
    for tokenizer in row.tokenizers:
        if not has_vocabulary(config / tokenizer):
            raise ModelError(
                f"To open the single file '{info.name}', the CLIP vocabulary (vocab.json and merges.txt) must lie in "
                f"{config / tokenizer}. Copy it from any diffusers folder of the same family, or use such a folder."
            )
    class_name = row.inpaint if info.variant == "inpaint" else row.text_to_image
    settings: dict[str, Any] = {"safety_checker": None} if "safety_checker" in row.unused else {}
    index = json.loads((config / "model_index.json").read_text("utf-8"))
    part = _network_part(index)
    network = network_from_single_file(getattr(diffusers, index[part][1]), config / part, path, device.dtype)
    settings[part] = network.network
    pipe = _pipeline_class(class_name).from_single_file(
        str(path), config=str(config), dtype=device.dtype, local_files_only=True, **settings
    )
    return pipe, network


def has_vocabulary(folder: Path) -> bool:
    """Whether a tokenizer folder holds its words; without them it would load silently as an empty one."""
    if (folder / "tokenizer.json").is_file():
        return True
    return (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file()


def _network_part(index: dict[str, Any]) -> str:
    return "unet" if "unet" in index else "transformer"


def _weight_files(folder: Path) -> tuple[list[Path], str | None]:
    """The files of a folder's weights, in shards or whole, and `fp16` when only that variant is there."""
    named = {file: _WEIGHT_FILE.fullmatch(file.name) for file in sorted(folder.glob("*.safetensors"))}
    plain = [file for file, match in named.items() if match and not match["variant"]]
    fp16 = [file for file, match in named.items() if match and match["variant"]]
    if not plain and not fp16:
        raise OSError(f"there are no weights (diffusion_pytorch_model.safetensors) in {folder}.")
    return (plain, None) if plain else (fp16, "fp16")


def _pipeline_class(name: str) -> Any:
    return getattr(diffusers, name)


def _accepted(class_name: str, parts: dict[str, Any]) -> dict[str, Any]:
    """What the pipeline's constructor takes of the components, and none of its questions about safety checkers."""
    expected, optional = _pipeline_class(class_name)._get_signature_keys(_pipeline_class(class_name))
    accepted = {name: part for name, part in parts.items() if name in expected}
    if "requires_safety_checker" in optional:
        accepted["requires_safety_checker"] = False
    return accepted


def _install_interrupt(model: LoadedModel, interrupt: Callable[[], None]) -> None:
    def before(_module: torch.nn.Module, _inputs: Any) -> None:
        interrupt()

    for network, kinds in ((model.network, _BLOCKS), (model.vae, (*_BLOCKS, *_LONG_MODULES))):
        for module in network.modules():
            if type(module).__name__ in kinds:
                module.register_forward_pre_hook(before)


def _make_vae_faster(vae: Any) -> None:
    """A tenth to a fifth of its time for nothing but another order of the same sums."""
    if all(weight.ndim <= 4 for weight in vae.parameters()):
        vae.to(memory_format=torch.channels_last)
        fold_upsampling(vae)
        for module in vae.modules():
            # What a norm has made is read by nobody else, so that the activation may overwrite it. Where time comes in
            # the same activation is also given what others still need.
            if type(module).__name__ == "ResnetBlock2D" and module.time_emb_proj is None:
                _overwrite(module, "nonlinearity")
            elif hasattr(module, "conv_norm_out"):
                _overwrite(module, "conv_act")


def _overwrite(module: Any, name: str) -> None:
    if type(getattr(module, name, None)) is torch.nn.SiLU:
        setattr(module, name, torch.nn.SiLU(inplace=True))


def _weight_bytes(pipe: Any) -> int:
    networks = [part for part in pipe.components.values() if isinstance(part, torch.nn.Module)]
    return sum(weight.numel() * weight.element_size() for network in networks for weight in network.parameters())


def _safetensors_header(path: Path) -> bytes:
    with path.open("rb") as stream:
        start = stream.read(8)
        (length,) = struct.unpack("<Q", start) if len(start) == 8 else (0,)
        return stream.read(min(length, 64 * 2**20))


def _first_line(error: BaseException) -> str:
    text = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return text if text.endswith(".") else text + "."
