"""Reads a model from disk: diffusers folders and single files in the original layout, offline, safetensors only."""

from __future__ import annotations

import hashlib
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
from pipelines.contract.request import Pixels
from pipelines.engine.architectures import Architecture, architecture_of
from pipelines.engine.borders import without_borders
from pipelines.engine.folders import from_folder
from pipelines.engine.memory import Device, is_out_of_memory
from pipelines.engine.rungs import Placement
from pipelines.engine.single_files import Assembly, from_single_file
from pipelines.engine.speech import Speech
from pipelines.engine.upsampling import fold_upsampling
from pipelines.planning.memory_cost import MemoryRung, PartSizes

_BLOCKS = (
    "ResnetBlock2D",
    "Transformer2DModel",
    "Downsample2D",
    "Upsample2D",
    "Attention",
    "AutoencoderTinyBlock",
    "WanTransformerBlock",
)
"""Modules before which the engine looks whether its job was cancelled: some 25 to 100 places per pass."""
_LONG_MODULES = ("Conv2d", "Conv3d", "WanCausalConv3d", "QwenImageCausalConv3d")
"""Of the VAE, whose blocks at full size take as long as a step."""
_READERS = ("tokenizer", "text_encoder")
"""Beginnings of names of parts that a folder may say it does without, as SD3 without T5."""
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
    prompts: dict[tuple[str, str | None, bool, str], dict[str, torch.Tensor]] = field(default_factory=dict)
    """Encoded prompts, oldest first."""
    preview_matrix: torch.Tensor | None = None
    """(channels + 1, 3): latents and a constant to RGB in 0..1; measured once by `preview.py`."""
    encoded: dict[bytes, torch.Tensor] = field(default_factory=dict)
    """What the VAE made of pictures, by their content, oldest first; see `latents.py`."""
    settings: dict[str, bool] = field(default_factory=dict)
    """What its folder says of the pipeline as a whole: whether it was distilled, what an empty prompt becomes."""
    shown: tuple[Pixels, ...] = ()
    """RGB pictures that its prompts are read with in the pass that runs."""
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    """Where it computes, wherever its parts wait."""
    placement: Placement = field(default_factory=lambda: Placement(torch.device("cpu")))
    """Where its parts wait, and what brings them."""
    guests: list[torch.nn.Module] = field(default_factory=list)
    """Networks of add-ons that work beside its own in each step of the job that runs."""
    wording: Any = None
    """How the prompts of the job that runs are read; see `conditioning/words.py`."""
    readings: dict[tuple[Any, ...], dict[tuple[str, str | None, bool, str], dict[str, torch.Tensor]]] = field(
        default_factory=dict
    )
    """Encoded prompts that were read in other ways, by these."""
    outfit: Any = None
    """The LoRAs of the last job, ready to be worn again; see `conditioning/lora.py`."""
    rungs: dict[tuple[str, tuple[int, ...]], tuple[int, float]] = field(default_factory=dict)
    """By stage and size: how far thrift had to climb, and when."""
    _classes: dict[str, Any] = field(default_factory=dict)

    @property
    def offloaded(self) -> bool:
        """Whether parts that are not at work wait in the system's memory."""
        return self.placement.offloaded

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
    def speech(self) -> Speech:
        """How it is spoken to, with the pictures that it is shown."""
        return self.architecture.speech.seeing(self.shown)

    @property
    def latent_channels(self) -> int:
        """Of a map that the VAE encodes to."""
        config = self.vae.config
        return int(config.z_dim if "z_dim" in config else config.latent_channels)

    @property
    def text_encoders(self) -> list[Any]:
        """Every network that reads prompts."""
        named = ((name, part) for name, part in self.components.items() if name.startswith("text_encoder"))
        return [part for _, part in named if isinstance(part, torch.nn.Module)]

    @property
    def is_inpaint_model(self) -> bool:
        """Whether a UNet takes mask and masked picture as further channels."""
        return "unet" in self.components and self.unet.config.in_channels == 9

    def pipeline(self, class_name: str, scheduler: Any) -> Any:
        """A diffusers pipeline of that class around these weights. Cheap: nothing is copied."""
        parts = {**self.components, "scheduler": scheduler}
        if class_name not in self._classes:
            # Pipelines compute where their first part lies, and with thrift that part may wait elsewhere.
            placed = {"_execution_device": self.device}
            self._classes[class_name] = type(class_name, (_pipeline_class(class_name),), placed)
        pipe = self._classes[class_name](**_accepted(class_name, {**self.settings, **parts}))
        pipe.set_progress_bar_config(disable=True)
        return pipe


def load_model(
    info: ModelInfo,
    device: Device,
    config_dir: Path,
    interrupt: Callable[[], None],
    rung_for: Callable[[PartSizes], MemoryRung] = lambda _sizes: MemoryRung.ALL,
) -> LoadedModel:
    """Reads the model's weights in the device's number format. `interrupt` is called while it reads and between blocks
    of every later run; `rung_for` is asked where its parts are to wait, once it is known how large they are.

    Raises ModelError, as a sentence, when files are missing, damaged or of a kind that cannot be used.
    """
    architecture = architecture_of(info)
    path = Path(info.path)
    if not path.exists():
        raise ModelError(f"The model '{info.name}' is no longer at {path}. Put it back or remove it from the library.")
    try:
        if info.kind is ModelKind.DIFFUSERS:
            pipe = from_folder(info, architecture, device.dtype)
        elif info.kind in (ModelKind.CHECKPOINT, ModelKind.TRANSFORMER):
            pipe = from_single_file(info, config_dir, device.dtype)
        else:
            raise ModelError(f"'{info.name}' is a {info.kind.value}, not a whole model. Choose a model that paints.")
        sizes = _sizes(pipe, device.dtype)
        placement = Placement(device.torch_device, rung_for(sizes), interrupt, sizes=sizes)
        placement.fill(pipe)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, AttributeError, SafetensorError) as error:
        if is_out_of_memory(error):
            raise
        raise ModelError(f"The model '{info.name}' at {path} cannot be read: {_first_line(error)}") from error
    for component in pipe.components.values():
        if isinstance(component, torch.nn.Module):
            component.eval().requires_grad_(requires_grad=False)
    model = LoadedModel(info, architecture, dict(pipe.components), header_hash(path), _weight_bytes(pipe))
    model.device, model.placement = device.torch_device, placement
    placement.settle(model, pipe.empty, device.dtype)
    model.settings = {name: value for name, value in pipe.config.items() if isinstance(value, bool)}
    model.weights_hash = weights_hash(path)
    prepare_vae(model.vae, architecture, interrupt)
    _install_interrupt(model.network, _BLOCKS, interrupt)
    return model


def prepare_vae(vae: Any, architecture: Architecture, interrupt: Callable[[], None]) -> None:
    """Makes a VAE faster, right at borders for models that want that, and ready to be stopped between its blocks."""
    _make_vae_faster(vae)
    if architecture.windows_of_latents:
        without_borders(vae)
    _install_interrupt(vae, (*_BLOCKS, *_LONG_MODULES), interrupt)


def header_hash(path: Path) -> str:
    """sha256 over what describes the model without reading its weights: file names, sizes, configurations, headers."""
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in (".json", ".safetensors"))
    for file in files:
        name = file.name if file is path else file.relative_to(path).as_posix()
        digest.update(f"{name}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes() if file.suffix == ".json" else _safetensors_header(file))
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


def _pipeline_class(name: str) -> Any:
    return getattr(diffusers, name)


def _accepted(class_name: str, parts: dict[str, Any]) -> dict[str, Any]:
    """What the pipeline's constructor takes of the components, and none of its questions about safety checkers."""
    expected, optional = _pipeline_class(class_name)._get_signature_keys(_pipeline_class(class_name))
    accepted = {name: parts.get(name) for name in expected}
    accepted |= {name: value for name, value in parts.items() if name in optional and isinstance(value, bool)}
    if "requires_safety_checker" in optional:
        accepted["requires_safety_checker"] = False
    return accepted


def _install_interrupt(network: torch.nn.Module, kinds: tuple[str, ...], interrupt: Callable[[], None]) -> None:
    def before(_module: torch.nn.Module, _inputs: Any) -> None:
        interrupt()

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


def _sizes(pipe: Assembly, dtype: torch.dtype) -> PartSizes:
    """Of the parts as they will be in memory; they are still empty."""
    found = {"text": 0, "network": 0, "vae": 0}
    for name, part in pipe.components.items():
        if isinstance(part, torch.nn.Module):
            role = name if name == "vae" else "text" if name.startswith("text_encoder") else "network"
            found[role] += sum(
                weight.numel() * dtype.itemsize if weight.is_meta else weight.nbytes for weight in part.parameters()
            )
    return PartSizes(**found)


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
