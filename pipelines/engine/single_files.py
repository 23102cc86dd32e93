"""Opens single files: whole checkpoints in the original layouts, and transformers whose other parts lie beside them.

Nothing is asked of a network: what the networks look like is in `resources/configs`, words are in the vocabularies that
the set-up unpacks, and weights are read once, from the file to their place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import diffusers
import torch
import transformers

from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelInfo, Prediction
from pipelines.engine.layout_files import Layout, Part, layouts_of
from pipelines.engine.original_names import in_names_of
from pipelines.engine.quantized_files import gguf_network, is_gguf, require_gguf
from pipelines.engine.sentence_pieces import MOST_BYTES, read_pieces, tokenizer_from
from pipelines.engine.stored import StoredTensor, stored_tensors
from pipelines.engine.vocabularies import tokenizer_of
from pipelines.engine.weights import EmptyNetwork, empty_network
from pipelines.library.gguf import read_gguf
from pipelines.library.header import read_header

_NETWORK_PREFIXES = ("model.diffusion_model.", "diffusion_model.")
_CARRIED_WORDS = "spiece_model"
"""End of the name of a tensor whose bytes are a SentencePiece model."""
_ZERO_SNR_KEY, _V_KEY = "ztsnr", "v_pred"
"""Tensors without meaning that training programs put into a file to say how it was trained."""
_PREDICTIONS = {
    "epsilon": Prediction.EPSILON,
    "v": Prediction.V_PREDICTION,
    "v_prediction": Prediction.V_PREDICTION,
    "v-prediction": Prediction.V_PREDICTION,
}
_IN_DIFFUSERS = {Prediction.EPSILON: "epsilon", Prediction.V_PREDICTION: "v_prediction"}

Stored = dict[str, StoredTensor]
Named = TypeVar("Named")


@dataclass(eq=False)
class Assembly:
    """A pipeline's components, some of them networks that are still empty."""

    components: dict[str, Any]
    empty: list[EmptyNetwork]
    config: dict[str, Any]
    """What the pipeline itself is told."""

    def fill(self, place: torch.device, interrupt: Callable[[], None]) -> None:
        """Reads all weights onto the device; `interrupt` is called in between. Raises ValueError."""
        for network in self.empty:
            network.fill(place, interrupt)

    def to(self, place: torch.device) -> None:
        """Moves what else is in the networks."""
        for part in self.components.values():
            if isinstance(part, torch.nn.Module):
                part.to(place)


def from_single_file(info: ModelInfo, config_dir: Path, dtype: torch.dtype) -> Assembly:
    """The components of the model in the file `info.path` and its companions.

    Raises ModelError for what the person can mend; ValueError and OSError for damaged files.
    """
    path = Path(info.path)
    if path.suffix not in (".safetensors", ".sft", ".gguf"):
        raise ModelError(f"'{info.name}' is a {path.suffix} file, which can run foreign code. Use a .safetensors file.")
    packed = is_gguf(path)
    whole: Stored = {} if packed else stored_tensors([path])
    inner = _inner(whole)
    shapes = _inner(read_gguf(path).shapes) if packed else {name: tensor.shape for name, tensor in inner.items()}
    layout = _fitting(info, layouts_of(config_dir, info.family), shapes)
    components: dict[str, Any] = {"scheduler": _scheduler(info, layout, whole)}
    empty: list[EmptyNetwork] = []
    for name, part in layout.networks.items():
        if packed and name == layout.network:
            components[name] = _packed_network(info, part, path, dtype)
            continue
        stored = inner if name == layout.network else _stored_of(info, layout, name, whole)
        network = _empty(info, part, stored, dtype) if stored else None
        components[name] = network.network if network else None
        empty += [network] if network else []
    for name, part in layout.tokenizers.items():
        needed = components.get(name.replace("tokenizer", "text_encoder")) is not None
        components[name] = _tokenizer(info, part, whole) if needed else None
    if components.get("image_encoder") is not None:
        side = components["image_encoder"].config.image_size
        sized = {"size": {"shortest_edge": side}, "crop_size": {"height": side, "width": side}}
        processor_class: Any = transformers.CLIPImageProcessorPil
        components["image_processor"] = processor_class(**sized)
    return Assembly(components, empty, dict(layout.settings))


def _fitting(info: ModelInfo, layouts: list[Layout], shapes: Mapping[str, tuple[int, ...]]) -> Layout:
    for layout in layouts:
        if layout.fits(shapes):
            return layout
    known = ", ".join(layout.name for layout in layouts)
    raise ModelError(
        f"'{info.name}' is not laid out like a {info.family.value} model that Handscroll knows ({known}). If it is of "
        "another family, say so in the library; if it is not, use its diffusers folder."
    )


def _stored_of(info: ModelInfo, layout: Layout, name: str, whole: Stored) -> Stored | None:
    """The part's weights, from the file itself or from its companion; None for one that may be left out."""
    part = layout.parts[name]
    if inside := _without_prefix(whole, part.prefixes):
        return inside
    for companion in info.companions:
        if companion.part == name:
            return _companion(info, part, Path(companion.path))
    if name in layout.optional:
        return None
    such = f", such as {part.file}," if part.file else ""
    raise ModelError(
        f"'{info.name}' holds no {part.label or name}. Add a file with it{such} to the library, and choose it on the "
        "model's page."
    )


def _companion(info: ModelInfo, part: Part, path: Path) -> Stored:
    if not path.exists():
        raise ModelError(
            f"'{info.name}' needs the {part.label} from {path}, which is no longer there. Put it back, or choose "
            "another file on the model's page in the library."
        )
    if is_gguf(path):
        raise ModelError(
            f"{path.name} is a GGUF file; of these only transformers can be read. Use a .safetensors file."
        )
    stored = stored_tensors([path] if path.is_file() else sorted(path.glob("*.safetensors")))
    return _without_prefix(stored, part.prefixes) or stored


def _tokenizer(info: ModelInfo, part: Part, whole: Stored) -> Any:
    """Words that the file or its text encoder carries; else those that the set-up has unpacked."""
    readable = (Path(one.path) for one in info.companions if one.part.startswith("text_encoder"))
    beside = [path for path in readable if path.suffix in (".safetensors", ".sft") and path.is_file()]
    for stored in (whole, *(stored_tensors([path]) for path in beside)):
        for name, tensor in stored.items():
            if name.endswith(_CARRIED_WORDS) and tensor.dtype is torch.uint8:
                found = read_pieces(_bytes_of(tensor), tensor.file.name)
                return tokenizer_from(found, tensor.file.name, int(part.config.get("model_max_length", 512)))
    return tokenizer_of(info.name, part.kind, part.vocabulary, part.config)


def _bytes_of(tensor: StoredTensor) -> bytes:
    size = min(math.prod(tensor.shape), MOST_BYTES + 1)
    with tensor.file.open("rb") as stream:
        stream.seek(tensor.begin)
        return stream.read(size)


def _inner(named: Mapping[str, Named]) -> dict[str, Named]:
    """What belongs to the denoising network; all of it where nothing says so."""
    return _without_prefix(named, _NETWORK_PREFIXES) or dict(named)


def _without_prefix(named: Mapping[str, Named], prefixes: tuple[str, ...]) -> dict[str, Named]:
    for prefix in prefixes:
        found = {name.removeprefix(prefix): value for name, value in named.items() if name.startswith(prefix)}
        if found:
            return found
    return {}


def class_of(kind: str) -> Any:
    """The class of a part, of diffusers or of transformers."""
    return getattr(diffusers, kind) if hasattr(diffusers, kind) else getattr(transformers, kind)


def _empty(info: ModelInfo, part: Part, stored: Stored, dtype: torch.dtype) -> EmptyNetwork:
    network = empty_network(class_of(part.kind), part.config)
    for name in part.without:
        network.set_submodule(name, torch.nn.Identity())
    with _naming(info, part, next(iter(stored.values())).file):
        return EmptyNetwork(network, in_names_of(network, part.config, stored), dtype)


def _packed_network(info: ModelInfo, part: Part, path: Path, dtype: torch.dtype) -> Any:
    require_gguf(info.name)
    with _naming(info, part, path):
        return gguf_network(class_of(part.kind), part.config, path, dtype)


@contextmanager
def _naming(info: ModelInfo, part: Part, file: Path) -> Iterator[None]:
    """A file with other weights than were looked for gets a sentence."""
    try:
        yield
    except (KeyError, IndexError, ValueError, AttributeError, StopIteration) as error:
        raise ModelError(
            f"{file.name} does not hold the {part.label or part.kind} that '{info.name}' needs ({_words(error)}). "
            "Choose another file, or say in the library what this one is."
        ) from error


def _words(error: Exception) -> str:
    """What is wrong, for the middle of a sentence."""
    missing = isinstance(error, KeyError) and error.args
    return f"{error.args[0]} is missing" if missing else str(error).removesuffix(".") or "it is empty"


def _scheduler(info: ModelInfo, layout: Layout, whole: Stored) -> Any:
    settings = dict(layout.scheduler)
    kind = getattr(diffusers, settings.pop("_class_name"))
    notes = read_header(Path(info.path)).metadata if whole else {}
    prediction = info.prediction or _PREDICTIONS.get(notes.get("modelspec.prediction_type", "").lower(), "")
    if not prediction and _V_KEY in whole:
        prediction = Prediction.V_PREDICTION
    if prediction in _IN_DIFFUSERS and "prediction_type" in settings:
        settings["prediction_type"] = _IN_DIFFUSERS[Prediction(prediction)]
    if (info.zero_terminal_snr or _ZERO_SNR_KEY in whole) and "prediction_type" in settings:
        settings |= {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
    return kind(**settings)
