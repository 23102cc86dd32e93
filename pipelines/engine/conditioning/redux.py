"""Reference pictures of FLUX: Redux turns what a vision network sees into further tokens of the prompt."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from accelerate import init_empty_weights
from diffusers.pipelines.flux.modeling_flux import ReduxImageEncoder
from PIL import Image
from safetensors import SafetensorError
from transformers import SiglipVisionConfig, SiglipVisionModel

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import Pixels, ReferenceImage
from pipelines.engine.conditioning.addons import AddOns
from pipelines.engine.conditioning.course import acts_now
from pipelines.engine.conditioning.reference_files import ImageEncoder, encoders_near, first_line
from pipelines.engine.loader import LoadedModel
from pipelines.engine.memory import is_out_of_memory
from pipelines.engine.network import Predict, predicting
from pipelines.engine.weights import EmptyNetwork, StoredTensor, stored_tensors

if TYPE_CHECKING:
    from pipelines.engine.run import Run

_HEADS = 16
"""Of the SigLIP network that Redux was trained with."""
_SEEN = 16
"""Pictures whose tokens are remembered."""
_UNREADABLE = (OSError, ValueError, KeyError, IndexError, RuntimeError, TypeError, SafetensorError)


@dataclass(eq=False)
class Redux:
    """One Redux adapter in memory."""

    info: ModelInfo
    network: Any
    tokens: dict[Any, torch.Tensor] = field(default_factory=dict)
    """Of pictures seen before, by their content, oldest first."""

    @property
    def size_bytes(self) -> int:
        """Of its weights."""
        return sum(weight.numel() * weight.element_size() for weight in self.network.parameters())


@contextmanager
def reading_references(run: Run, addons: AddOns) -> Iterator[None]:
    """Within it a FLUX network reads the request's references after the prompt; afterwards it is as it was.

    To be entered before other wrappers are put around the network. Raises ModelError, as a sentence, for adapters that
    are damaged or do not fit.
    """
    asked = [one for one in run.job.request.references if one.model and one.weight > 0.0]
    if not asked or run.model.info.family is not Family.FLUX:
        yield
        return
    read = [(reference, _tokens(reference, run, addons)) for reference in asked]
    with predicting(run.model.network, [_speaking_too(run, read)]):
        yield


def _speaking_too(run: Run, read: Sequence[tuple[ReferenceImage, torch.Tensor]]) -> Callable[[Predict], Predict]:
    def wrap(predict: Predict) -> Predict:
        def forward(*args: Any, **kwargs: Any) -> Any:
            words, places = kwargs["encoder_hidden_states"], kwargs["txt_ids"]
            acting = [(one.weight, tokens) for one, tokens in read if acts_now(one, run)]
            more = [weight * tokens.to(words).expand(len(words), -1, -1) for weight, tokens in acting]
            joined = torch.cat([words, *more], dim=1)
            # A token of the prompt has no place in the picture: all zeros.
            ids = places.new_zeros((*places.shape[:-2], joined.shape[1], places.shape[-1]))
            return predict(*args, **{**kwargs, "encoder_hidden_states": joined, "txt_ids": ids})

        return forward

    return wrap


@torch.inference_mode()
def _tokens(reference: ReferenceImage, run: Run, addons: AddOns) -> torch.Tensor:
    """(1, tokens, width) of the picture."""
    info, model = addons.library.resolve(reference.model), run.model
    if info.problem:
        raise ModelError(info.problem)
    if info.kind is not ModelKind.IP_ADAPTER or info.family not in (Family.UNKNOWN, Family.FLUX):
        raise ModelError(
            f"'{info.name}' ({info.kind.value}, {info.family.value}) cannot look at references for "
            f"'{model.info.name}'. Choose FLUX Redux, or take the reference away."
        )

    def read_redux(found: ModelInfo) -> Redux:
        return _load_redux(found, model, run.check)

    def read_vision(found: ModelInfo) -> ImageEncoder:
        return _load_vision(found, model, run.check)

    redux = addons.read(info, read_redux)
    image = np.ascontiguousarray(reference.image)
    key = (image.shape, hashlib.sha256(image.tobytes()).digest())
    if key not in redux.tokens:
        vision = addons.read(_vision_for(redux, addons), read_vision).network.to(model.device)
        pixels = _siglip_pixels(image, int(vision.config.image_size)).to(model.device, vision.dtype)
        seen = vision(pixels).last_hidden_state
        redux.tokens[key] = redux.network.to(model.device)(seen).image_embeds
        if model.offloaded:
            vision.to("cpu")
            redux.network.to("cpu")
        while len(redux.tokens) > _SEEN:
            del redux.tokens[next(iter(redux.tokens))]
    return redux.tokens[key]


def _load_redux(info: ModelInfo, model: LoadedModel, interrupt: Callable[[], None]) -> Redux:
    path = Path(info.path)
    files = sorted(path.rglob("*.safetensors")) if path.is_dir() else [path]
    try:
        stored = stored_tensors(files)
        up, down = stored["redux_up.weight"].shape, stored["redux_down.weight"].shape
        if down[0] != model.network.config.joint_attention_dim:
            raise ModelError(f"The Redux adapter '{info.name}' was made for another model than '{model.info.name}'.")
        with init_empty_weights():
            network: Any = ReduxImageEncoder(redux_dim=up[1], txt_in_features=down[0])
        wanted = {name: one for name, one in stored.items() if name.startswith("redux_")}
        EmptyNetwork(network, wanted, model.network.dtype).fill(model.device, interrupt)
    except _UNREADABLE as error:
        if is_out_of_memory(error):
            raise
        raise ModelError(f"The Redux adapter '{info.name}' at {path} cannot be read: {first_line(error)}") from error
    return Redux(info, network.eval().requires_grad_(requires_grad=False))


def _vision_for(redux: Redux, addons: AddOns) -> ModelInfo:
    wanted = redux.network.config.redux_dim
    for info in encoders_near(redux.info, addons.library):
        if _width_of(Path(info.path)) == wanted:
            return info
    raise ModelError(
        f"The Redux adapter '{redux.info.name}' needs the vision network that it sees with (SigLIP, {wanted} numbers "
        "wide). Put it into a model folder of the library, or as 'image_encoder' beside the adapter."
    )


def _vision_files(path: Path) -> list[Path]:
    return sorted(path.glob("*.safetensors")) if path.is_dir() else [path]


def _width_of(path: Path) -> int:
    """How wide what it says of a patch is; 0 for what is no SigLIP network."""
    try:
        stored = _bare(stored_tensors(_vision_files(path)))
    except (OSError, ValueError, KeyError):
        return 0
    if "embeddings.class_embedding" in stored or "embeddings.patch_embedding.weight" not in stored:
        return 0
    return stored["embeddings.patch_embedding.weight"].shape[0]


def _bare(stored: dict[str, StoredTensor]) -> dict[str, StoredTensor]:
    return {name.removeprefix("vision_model."): one for name, one in stored.items()}


def _load_vision(info: ModelInfo, model: LoadedModel, interrupt: Callable[[], None]) -> ImageEncoder:
    path = Path(info.path)
    try:
        stored = _bare(stored_tensors(_vision_files(path)))
        with init_empty_weights():
            network: Any = SiglipVisionModel(_vision_config({name: one.shape for name, one in stored.items()}))
        prefix = "vision_model." if any(name.startswith("vision_model.") for name in network.state_dict()) else ""
        named = {prefix + name: one for name, one in stored.items()}
        EmptyNetwork(network, named, model.network.dtype).fill(model.device, interrupt)
    except _UNREADABLE as error:
        if is_out_of_memory(error):
            raise
        raise ModelError(f"The vision network '{info.name}' at {path} cannot be read: {first_line(error)}") from error
    return ImageEncoder(network.eval().requires_grad_(requires_grad=False))


def _vision_config(shapes: dict[str, tuple[int, ...]]) -> SiglipVisionConfig:
    width, _, patch, _ = shapes["embeddings.patch_embedding.weight"]
    places = shapes["embeddings.position_embedding.weight"][0]
    layers = {int(match[1]) for name in shapes if (match := re.match(r"encoder\.layers\.(\d+)\.", name))}
    return SiglipVisionConfig(
        hidden_size=width,
        intermediate_size=shapes["encoder.layers.0.mlp.fc1.weight"][0],
        num_hidden_layers=len(layers),
        num_attention_heads=_HEADS,
        image_size=round(places**0.5) * patch,
        patch_size=patch,
    )


def _siglip_pixels(image: Pixels, side: int) -> torch.Tensor:
    """(1, 3, side, side) in -1..1: the whole picture as a square, transparent as white, as SigLIP is shown pictures."""
    alpha = image[..., 3:].astype(np.uint16)
    on_paper = ((image[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
    square = np.asarray(Image.fromarray(on_paper).resize((side, side), Image.Resampling.BICUBIC), np.float32)
    return torch.from_numpy(np.ascontiguousarray(square / 127.5 - 1.0)).permute(2, 0, 1)[None]
