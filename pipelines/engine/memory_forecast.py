"""How much memory a job is expected to take, before it is begun and for the record of it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.contract.request import GenerationRequest
from pipelines.contract.sources import ModelSource
from pipelines.engine.conditioning.reference_files import encoders_near
from pipelines.engine.loader import LoadedModel
from pipelines.engine.memory import Device
from pipelines.planning.beside import beside, worn_in
from pipelines.planning.memory_cost import MEGAPIXEL, PROGRAM_BYTES, RunSize
from pipelines.planning.sizes import limits_of, run_size


def foreseen(request: GenerationRequest, info: ModelInfo, library: ModelSource, device: Device) -> RunSize:
    """What of a job decides about memory, by the request. Raises ModelError for what is not in the library."""
    width, height = run_size(*request.result_size, limits_of(info))
    return sized(request, info, library, device, (width, height))


def sized(
    request: GenerationRequest, info: ModelInfo, library: ModelSource, device: Device, size: tuple[int, int]
) -> RunSize:
    """The same for a job that paints at that size (width, height), pixels."""
    known = {name: library.resolve(name) for name in request.addons}
    adapters = [one for one in known.values() if one.kind is ModelKind.IP_ADAPTER]
    near = [one for adapter in adapters for one in encoders_near(adapter, library)]
    near.sort(key=lambda one: bool(one.variant))  # where both have one, the library's, which knows its kind, counts
    known |= {one.id: _weighed(one) for one in near}
    added = beside(info, worn_in(request, known, info), device.dtype_name)
    megapixels = size[0] * size[1] / MEGAPIXEL
    own = megapixels if added.sees_own and request.image is not None and request.moments == 1 else 0.0
    weights = added.size_bytes, added.looking_bytes
    return RunSize(info.family, megapixels, request.moments, *weights, own + added.most_seen)


def memory_facts(model: LoadedModel, run: RunSize, device: Device) -> dict[str, Any]:
    """On which rung it was painted, and what was expected of that: `peak_memory_bytes` is what became of it."""
    expected = model.placement.expected_bytes(run)
    program = PROGRAM_BYTES if device.name == "cpu" else 0.0
    return {"memory_rung": model.placement.rung.value, "predicted_memory_bytes": int(expected + program)}


def _weighed(encoder: ModelInfo) -> ModelInfo:
    """With the size of its files, where the library has not looked at it."""
    if encoder.parameters or encoder.size_bytes:
        return encoder
    path = Path(encoder.path)
    files = list(path.glob("*.safetensors")) if path.is_dir() else [path]
    return replace(encoder, size_bytes=sum(os.path.getsize(one) for one in files if one.is_file()))  # noqa: PTH202
