"""How a command ends badly."""

from __future__ import annotations

from pipelines.contract.errors import PipelineError


class InputError(PipelineError):
    """What the person gave cannot be used: a file, a size, a mask that does not fit. Exit code 2."""


class JobFailedError(PipelineError):
    """The engine could not make the picture. Exit code 1."""
