"""What looks at reference pictures, from disk: IP-Adapters, and the vision networks that they see with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from accelerate import init_empty_weights
from diffusers.models.embeddings import ImageProjection
from safetensors import SafetensorError, safe_open
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.sources import ModelSource
from pipelines.engine.loader import LoadedModel
from pipelines.engine.memory import is_out_of_memory
from pipelines.engine.weights import EmptyNetwork, stored_tensors

_ENCODERS = {768: "CLIP ViT-L/14", 1024: "CLIP ViT-H/14", 1280: "CLIP ViT-bigG/14"}
"""By the width of what they say of a picture as a whole."""
_HEADS = 16
"""Of every CLIP vision network that IP-Adapters were trained with."""
_UNREADABLE = (OSError, ValueError, KeyError, IndexError, RuntimeError, TypeError, SafetensorError)


@dataclass(eq=False)
class IpAdapter:
    """One IP-Adapter in memory (Ye et al. 2023)."""

    info: ModelInfo
    projection: torch.nn.Module
    """From what the vision network says to tokens beside those of the prompt."""
    attention: torch.nn.ParameterList
    """Keys and values by turns, for each cross attention in the order of the UNet's attention processors."""
    sees_patches: bool
    """It looks at what the vision network says of each patch (plus), not of the picture as a whole."""
    encoder_width: int
    tokens: dict[Any, tuple[torch.Tensor, torch.Tensor]] = field(default_factory=dict)
    """Of pictures seen before, and of nothing, by their content, oldest first."""

    @property
    def size_bytes(self) -> int:
        """Of its weights."""
        parts = (*self.projection.parameters(), *self.attention)
        return sum(weight.numel() * weight.element_size() for weight in parts)

    @property
    def layers(self) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """Keys and values of each cross attention."""
        weights = list(self.attention)
        return list(zip(weights[::2], weights[1::2], strict=True))


@dataclass(eq=False)
class ImageEncoder:
    """A vision network in memory."""

    network: Any

    @property
    def size_bytes(self) -> int:
        """Of its weights."""
        return sum(weight.numel() * weight.element_size() for weight in self.network.parameters())


def load_ip_adapter(info: ModelInfo, model: LoadedModel) -> IpAdapter:
    """The adapter of that file. Raises ModelError, as a sentence, when it is damaged or does not fit the model."""
    path = Path(info.path)
    if path.suffix != ".safetensors":
        raise ModelError(
            f"'{info.name}' is no .safetensors file; other kinds can run foreign code. Use that of its kind."
        )
    try:
        with safe_open(str(path), framework="pt") as file:
            stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dictionary
        projecting = {
            name.removeprefix("image_proj."): one for name, one in stored.items() if name.startswith("image_")
        }
        _refuse_faces(info, projecting)
        projection = model.unet._convert_ip_adapter_image_proj_to_diffusers(projecting, low_cpu_mem_usage=False)
        sees_patches = not isinstance(projection, ImageProjection)
        width = _input_width(projecting)
        attention = torch.nn.ParameterList(_attention_weights(stored))
    except _UNREADABLE as error:
        if is_out_of_memory(error):
            raise
        raise ModelError(f"The IP-Adapter '{info.name}' at {path} cannot be read: {first_line(error)}") from error
    device = torch.device("cpu") if model.offloaded else model.device
    for part in (projection, attention):
        part.to(device, model.network.dtype).requires_grad_(requires_grad=False)
    return IpAdapter(info, projection.eval(), attention, sees_patches, width)


def _attention_weights(stored: dict[str, torch.Tensor]) -> Iterator[torch.nn.Parameter]:
    numbers = sorted({int(name.split(".")[1]) for name in stored if name.startswith("ip_adapter.")})
    for number in numbers:
        for end in ("to_k_ip", "to_v_ip"):
            yield torch.nn.Parameter(stored[f"ip_adapter.{number}.{end}.weight"], requires_grad=False)


def _refuse_faces(info: ModelInfo, projecting: dict[str, torch.Tensor]) -> None:
    faces = "perceiver_resampler.proj_in.weight" in projecting or (
        "norm.weight" in projecting
        and "proj.weight" not in projecting
        and "proj.3.weight" not in projecting
        and "latents" not in projecting
    )
    if faces:
        raise ModelError(
            f"'{info.name}' looks at faces through a recognition network (FaceID), which this version cannot use. "
            "Choose a plain, plus or full-face IP-Adapter."
        )


def _input_width(projecting: dict[str, torch.Tensor]) -> int:
    """Of what the vision network must say."""
    if "proj.weight" in projecting:
        return projecting["proj.weight"].shape[-1]
    if "proj.3.weight" in projecting:
        return projecting["proj.0.weight"].shape[-1]
    return projecting["proj_in.weight"].shape[-1]


def encoder_for(adapter: IpAdapter, library: ModelSource) -> ModelInfo:
    """The vision network that fits the adapter: its companion, one of the library, or one that lies beside it.

    Raises ModelError, as a sentence, when there is none.
    """
    for info in encoders_near(adapter.info, library):
        whole, patches = _widths(Path(info.path))
        if (patches if adapter.sees_patches else whole) == adapter.encoder_width:
            return info
    wanted = f"{adapter.encoder_width} numbers wide"
    if not adapter.sees_patches:
        wanted = _ENCODERS.get(adapter.encoder_width, wanted)
    raise ModelError(
        f"The IP-Adapter '{adapter.info.name}' needs the vision network that it sees with ({wanted}). "
        "Put it into a model folder of the library, or as 'image_encoder' beside the adapter."
    )


def encoders_near(info: ModelInfo, library: ModelSource) -> Iterator[ModelInfo]:
    """Vision networks that an adapter may see with: its companions, the library's, and those that lie beside it."""
    paths = [Path(one.path) for one in info.companions if one.part == "image_encoder"]
    yield from (_encoder_info(path) for path in paths if path.exists())
    yield from (one for one in library.models() if one.kind is ModelKind.IMAGE_ENCODER and not one.problem)
    folder = Path(info.path).parent
    beside = (folder / "image_encoder", folder.parent / "image_encoder", folder.parent / "models" / "image_encoder")
    yield from (_encoder_info(path) for path in beside if path.is_dir())


def _encoder_info(path: Path) -> ModelInfo:
    return ModelInfo(str(path), path.name, str(path), ModelKind.IMAGE_ENCODER, Family.UNKNOWN)


def _widths(path: Path) -> tuple[int, int]:
    """How wide what it says of the whole picture is, and what it says of a patch; zeros for what it cannot be."""
    try:
        if path.is_dir():
            config = json.loads((path / "config.json").read_text("utf-8"))
            return int(config["projection_dim"]), int(config["hidden_size"])
        shape = stored_tensors([path])["visual_projection.weight"].shape
    except (OSError, ValueError, KeyError):
        return 0, 0
    return shape[0], shape[1]


def load_encoder(info: ModelInfo, model: LoadedModel, interrupt: Callable[[], None]) -> ImageEncoder:
    """The vision network of that folder or file. Raises ModelError, as a sentence, when it is damaged."""
    path = Path(info.path)
    kind: Any = CLIPVisionModelWithProjection
    try:
        if path.is_dir():
            network = kind.from_pretrained(str(path), dtype=model.network.dtype, local_files_only=True)
            network = network.to(model.device)
        else:
            stored = stored_tensors([path])
            with init_empty_weights():
                network = kind(_vision_config({name: one.shape for name, one in stored.items()}))
            EmptyNetwork(network, stored, model.network.dtype).fill(model.device, interrupt)
    except _UNREADABLE as error:
        if is_out_of_memory(error):
            raise
        raise ModelError(f"The vision network '{info.name}' at {path} cannot be read: {first_line(error)}") from error
    return ImageEncoder(network.eval().requires_grad_(requires_grad=False))


def _vision_config(shapes: dict[str, tuple[int, ...]]) -> CLIPVisionConfig:
    start = "vision_model."
    width, _, patch, _ = shapes[f"{start}embeddings.patch_embedding.weight"]
    places = shapes[f"{start}embeddings.position_embedding.weight"][0] - 1
    layers = {int(match[1]) for name in shapes if (match := re.search(r"encoder\.layers\.(\d+)\.", name))}
    projection = shapes["visual_projection.weight"][0]
    return CLIPVisionConfig(
        hidden_size=width,
        intermediate_size=shapes[f"{start}encoder.layers.0.mlp.fc1.weight"][0],
        projection_dim=projection,
        num_hidden_layers=len(layers),
        num_attention_heads=_HEADS,
        image_size=round(places**0.5) * patch,
        patch_size=patch,
        hidden_act="quick_gelu" if projection <= 768 else "gelu",
    )


def first_line(error: BaseException) -> str:
    """What went wrong, for the end of a sentence."""
    text = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return text if text.endswith(".") else text + "."
