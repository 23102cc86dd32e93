"""One look at one picture, as those that do it see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipelines.contract.events import EngineEvent
from pipelines.contract.looking import LookRequest

Asked = TypeVar("Asked", bound=LookRequest)
Model = TypeVar("Model")


@dataclass(frozen=True, eq=False)
class Glance(Generic[Asked, Model]):
    """What is looked at, with what, and who hears of it."""

    job_id: str
    request: Asked
    models: Sequence[Model]
    """In the order in which the request names them."""
    emit: Callable[[EngineEvent], None]
    interrupt: Callable[[], None]
    """Raises JobCancelled once nobody wants the answer."""
