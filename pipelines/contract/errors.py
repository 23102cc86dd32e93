"""The errors of the pipelines room. Each message is a sentence for a painter: what, where, what to do."""

from __future__ import annotations


class PipelineError(Exception):
    """Base of everything this package raises on purpose."""


class InvalidRequestError(PipelineError):
    """A request that must not be sent; `field` names the parameter at fault."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class ModelError(PipelineError):
    """A model file or folder that is missing, damaged or of a kind that cannot be used here."""


class EngineLostError(PipelineError):
    """The engine's process ended; the painting is untouched."""


class JobCancelled(PipelineError):  # noqa: N818 - it is an outcome, not a fault
    """Raised inside the engine to leave a job that was cancelled."""
