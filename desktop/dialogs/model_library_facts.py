"""What is gathered about one model for its page: on a thread, from the library and from the painting's log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from canvas.document import Document
from canvas.errors import CanvasError
from canvas.generations import GenerationLog, LogQuery
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.library.details import ModelDetails
from pipelines.library.families import GENERATION_KINDS
from pipelines.library.probe import STARTER_ID
from pipelines.library.registry import Library
from pipelines.library.said import Said
from pipelines.planning.memory_cost import PartSizes

MOST_COUNTED = 500
"""Generations of the log that are looked at."""


@dataclass(frozen=True)
class Part:
    """A part that a model takes from another file."""

    name: str
    """As in diffusers: `text_encoder_2`, `vae`."""
    path: str
    """The file that serves as it; empty when none was found."""
    by_person: bool
    """Whether the person chose it."""
    candidates: tuple[ModelInfo, ...]
    """Files of the library that might serve."""


class Guided(NamedTuple):
    """A control layer."""

    id: str
    name: str


@dataclass(frozen=True)
class ModelFacts:
    """All that the page shows."""

    details: ModelDetails
    partners: tuple[ModelInfo, ...] = ()
    said: Said = field(default_factory=Said)
    """What the person said that it is."""
    uses: int | None = None
    """Generations of this painting that it was used for; None where the log does not tell."""
    layers: tuple[Guided, ...] = ()
    """Layers of this painting that guide generation with it."""
    has_own_picture: bool = False
    parts: tuple[Part, ...] = ()
    sizes: PartSizes | None = None
    """Of its weights; None for what does not paint, or where nothing can be said."""


def guided_by(document: Document, info: ModelInfo) -> tuple[Guided, ...]:
    """The control layers that name a model; the window's thread only."""
    controls = [(layer, layer.control) for layer in document.tree.walk()]
    return tuple(Guided(layer.id, layer.name) for layer, control in controls if control and control.model == info.id)


def facts_about(library: Library, log: GenerationLog, info: ModelInfo, layers: tuple[Guided, ...] = ()) -> ModelFacts:
    """Gathers it; takes milliseconds, for a thread. Raises ModelError when the model is gone."""
    said = Said() if info.id == STARTER_ID else library.said(info.id)
    return ModelFacts(
        library.details(info.id),
        tuple(library.partners(info.id)),
        said,
        _uses(log, info),
        layers,
        library.has_own_thumbnail(info.id),
        _parts(library, info, said),
        _sizes(info),
    )


_KIND_OF = {"vae": ModelKind.VAE, "image_encoder": ModelKind.IMAGE_ENCODER}


def _parts(library: Library, info: ModelInfo, said: Said) -> tuple[Part, ...]:
    from pipelines.library.companions import needs_of

    if info.kind not in GENERATION_KINDS:
        return ()
    paths = {one.part: one.path for one in info.companions}
    lacking = [need.part for need in needs_of(info)] if info.kind is ModelKind.TRANSFORMER else []
    names = dict.fromkeys([*lacking, *paths])
    if not names:
        return ()
    shelf = library.models({*_KIND_OF.values(), ModelKind.TEXT_ENCODER})
    chosen = {one.part for one in said.companions}
    return tuple(
        Part(
            name,
            paths.get(name, ""),
            name in chosen,
            tuple(one for one in shelf if one.kind is _KIND_OF.get(name, ModelKind.TEXT_ENCODER)),
        )
        for name in names
    )


def _sizes(info: ModelInfo) -> PartSizes | None:
    if info.kind not in GENERATION_KINDS:
        return None
    if not info.companions:
        return PartSizes.of(info) if info.kind is not ModelKind.TRANSFORMER else None
    sizes = {one.part: _bytes_of(Path(one.path)) for one in info.companions}
    vae = sizes.pop("vae", 0)
    return PartSizes(float(sum(sizes.values())), float(info.size_bytes), float(vae))


def _bytes_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


_PARTS = frozenset({ModelKind.TEXT_ENCODER, ModelKind.IMAGE_ENCODER, ModelKind.UNKNOWN})
"""Kinds that no request names: they come along with a model."""


def query_for(info: ModelInfo) -> str:
    """What to search the log for to see where a model was used; empty where that cannot be searched."""
    if info.kind in GENERATION_KINDS:
        return f'model:"{info.id if info.id == STARTER_ID else Path(info.path).name}"'
    if info.kind in _PARTS or info.kind in (ModelKind.CAPTIONER, ModelKind.ANNOTATOR):
        return ""
    return f'lora:"{Path(info.path).stem}"'


def _uses(log: GenerationLog, info: ModelInfo) -> int | None:
    words = query_for(info)
    if not words:
        return None
    try:
        found = log.find(LogQuery(words=words), limit=MOST_COUNTED)
    except CanvasError:
        return None
    return sum(info.id in _named(record.request) for record in found)


def _named(request: Mapping[str, Any]) -> set[object]:
    """Every model that a request names."""
    rows = [row for field in ("loras", "embeddings", "controls", "references") for row in request.get(field) or ()]
    return {request.get("model"), request.get("vae"), request.get("upscaler"), *(row.get("model") for row in rows)}
