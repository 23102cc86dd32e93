"""The engine without its thread: a test paints in its own and looks at the models afterwards."""

from __future__ import annotations

import hashlib
from typing import Any

import torch

from pipelines.contract.events import EngineEvent, Finished
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import GenerationRequest, Pixels
from pipelines.engine.engine import EngineSettings
from pipelines.engine.job_queue import Job
from pipelines.engine.loader import LoadedModel
from pipelines.engine.studio import Studio
from tests.pipelines.conftest import Shelf


class Worktop:
    """One studio for many jobs."""

    def __init__(self, *models: ModelInfo) -> None:
        self.events: list[EngineEvent] = []
        self.library = Shelf(*models)
        self.studio = Studio(self.events.append, self.library, EngineSettings().config_dir, lambda: None)
        self._jobs = 0

    def finish(self, request: GenerationRequest) -> Finished:
        """The job's end. Raises what the studio raises."""
        request.check()
        self._jobs += 1
        return self.studio.paint(Job(str(self._jobs), request, self._jobs))

    def paint(self, request: GenerationRequest) -> Pixels:
        """The first patch as int, so that two can be subtracted."""
        return self.finish(request).patches[0].astype(int)

    def model(self, name: str) -> LoadedModel:
        """What is loaded of that model."""
        info = self.library.resolve(name)
        return self.studio._cache.acquire(info, lambda: None)


def weights_hash(model: LoadedModel) -> str:
    """sha256 over every tensor of the model, its name and where it lies in memory."""
    digest = hashlib.sha256()
    parts: list[Any] = [model.network, model.vae, *model.text_encoders]
    for part in parts:
        for name, tensor in part.state_dict().items():
            digest.update(f"{name} {tensor.data_ptr()} {tensor.dtype}".encode())
            digest.update(tensor.contiguous().flatten().view(torch.uint8).numpy().tobytes())
        for name, module in part.named_modules():
            hooks = len(module._forward_hooks) + 1000 * len(module._forward_pre_hooks)
            digest.update(f"{name} {type(module).__name__} {hooks} {'forward' in module.__dict__}".encode())
    return digest.hexdigest()
