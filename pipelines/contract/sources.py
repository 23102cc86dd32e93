"""Where model ids become models: what clients and engine need of a model library, and nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pipelines.contract.models import ModelInfo


class ModelSource(Protocol):
    """A model library as engine and clients see it. Both calls are quick and safe from any one thread at a time."""

    def resolve(self, model_id: str) -> ModelInfo:
        """The model of that id. Raises ModelError, as a sentence, when there is none."""
        ...

    def models(self) -> Sequence[ModelInfo]:
        """Everything on offer, the starter first."""
        ...
