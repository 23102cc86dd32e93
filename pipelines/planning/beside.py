"""What add-ons add to the work and the memory of the model that they are used with. Pure arithmetic.

How much is told by their parameters: the library counts them in a file's header. Measured with networks of the size of
SD1.5 at 512 x 512 in bf16 on one thread: a ControlNet with 0.42 of the UNet's parameters takes 0.38 of its time, a LoRA
of rank 32 with 0.014 of them 0.085. Factors are thin, and a UNet has few weights where it has many pixels; transformers
see as many tokens in every layer, so that there only the first counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import GenerationRequest
from pipelines.planning.memory_cost import network_share
from pipelines.planning.seen_cost import looked_at, seer_of, sees_pictures

_CALLS: Mapping[ModelKind, float] = {
    ModelKind.CONTROLNET: 0.9,
    ModelKind.LORA: 2.0,
    ModelKind.IP_ADAPTER: 1.0,
    ModelKind.T2I_ADAPTER: 0.0,
    ModelKind.IMAGE_ENCODER: 0.0,
}
"""What kinds cost in each call, as a part of the network's own for each part of its parameters that they have; an
adapter of the kind T2I, and what references are seen with, look once at a picture, before the steps. Other kinds take
another part's place."""
_LORA_ON_UNET = 6.0
_UNETS = frozenset({Family.STARTER, Family.SD1, Family.SD2, Family.SDXL})
_USUAL_BYTES = 2.0
"""Of a number in a file that does not say."""
_PACKED_BYTES: Mapping[str, float] = {"fp8": 1.0, "nf4": 0.56}
_EXACT = "fp32"


@dataclass(frozen=True)
class Worn:
    """An add-on in a job."""

    info: ModelInfo
    share: float = 1.0
    """Part of the steps in which it acts, 0..1."""
    megapixels: float = 0.0
    """What the network is shown through it in each call; for a model that looks by itself, `info` is that model."""


@dataclass(frozen=True)
class Beside:
    """What all of a job's add-ons add."""

    calls: float = 0.0
    """To each call of the network, as a part of its own work; the mean over the steps."""
    size_bytes: float = 0.0
    """Of their weights, as they are computed with."""
    looking_bytes: float = 0.0
    """Of the weights of vision networks, which are done before the steps begin."""
    seen: float = 0.0
    """Megapixels that the network is shown beside the picture; the mean over the steps."""
    most_seen: float = 0.0
    """The same when all of it is shown at once."""
    sees_own: bool = False
    """Whether the model is also shown the picture that it paints over."""


def beside(info: ModelInfo, worn: Iterable[Worn], dtype: str = "") -> Beside:
    """What add-ons add to jobs of the model `info`, computed with in numbers of that name (`bf16`, `fp32` …)."""
    worn = tuple(worn)
    rows = [one for one in worn if one.info.kind in _CALLS]
    network = parameters_of(info) * network_share(info)
    calls = sum(_each_call(one.info.kind, info.family) * parameters_of(one.info) * one.share for one in rows)
    files = {one.info.id: one.info for one in rows}
    looking = sum(parameters_of(one) for one in files.values() if one.kind is ModelKind.IMAGE_ENCODER)
    acting = sum(parameters_of(one) for one in files.values()) - looking
    return Beside(
        calls / network if network > 0 else 0.0,
        acting * bytes_each(dtype),
        looking * bytes_each(dtype),
        sum(one.megapixels * one.share for one in worn),
        sum(one.megapixels for one in worn),
        sees_pictures(info),
    )


def _each_call(kind: ModelKind, family: Family) -> float:
    return _LORA_ON_UNET if kind is ModelKind.LORA and family in _UNETS else _CALLS[kind]


def parameters_of(info: ModelInfo) -> float:
    """Numbers in its weights: as counted, else by the size of its file; 0 where not even that is known."""
    if info.parameters > 0:
        return float(info.parameters)
    return info.size_bytes / _PACKED_BYTES.get(info.quantized, _USUAL_BYTES)


def bytes_each(dtype: str) -> float:
    """Of a number that is computed with."""
    return 4.0 if dtype == _EXACT else 2.0


def worn_in(
    request: GenerationRequest, known: Mapping[str, ModelInfo], painter: ModelInfo | None = None
) -> tuple[Worn, ...]:
    """What a request wears, follows or looks at; what is not known is left out.

    `known` has the vision networks of adapters as well; `painter`: the model that paints, which may look by itself.
    """
    rows = [Worn(known[one.model]) for one in request.loras if one.model in known]
    rows += [
        Worn(known[one.model], one.end - one.start)
        for one in request.controls
        if one.weight > 0.0 and one.model in known
    ]
    for one in request.references:
        if one.weight > 0.0:
            height, width = one.image.shape[:2]
            looker = known.get(one.model) if one.model else painter
            rows += [] if looker is None else looking_at((width, height), looker, one.end - one.start, known)
    return tuple(rows)


def looking_at(
    size: tuple[int, int], looker: ModelInfo, share: float, known: Mapping[str, ModelInfo]
) -> tuple[Worn, ...]:
    """What a reference of that size (width, height) costs while a part of the steps runs: with `looker`, an adapter or
    the model that paints, and with what of `known` an adapter sees through."""
    rows = [Worn(looker, share, looked_at(size, looker))]
    seer = seer_of(looker, known.values())
    return tuple(rows if seer is None else [*rows, Worn(seer, share)])
