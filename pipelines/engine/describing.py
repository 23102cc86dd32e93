"""Describing: a picture goes in, words come out."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch
from transformers import StoppingCriteria
from typing_extensions import override

from pipelines.contract.events import EngineEvent, Progress, Started
from pipelines.contract.looking import DescriptionRequest
from pipelines.contract.models import DescriptionStyle
from pipelines.engine.captioners import Captioner
from pipelines.engine.glance import Glance
from pipelines.engine.picture_preparation import on_white
from pipelines.prompting.captions import listed, plain, tags_of


def describe(glance: Glance[DescriptionRequest, Captioner]) -> tuple[str, dict[str, Any]]:
    """What the picture shows, as it was asked for, and facts about it."""
    captioner, style = glance.models[0], glance.request.style
    most = int(captioner.row.settings[style]["max_new_tokens"])
    glance.emit(Started(glance.job_id, steps=most))
    watch = _Watch(glance.job_id, most, glance.emit, glance.interrupt)
    said = captioner.describe(on_white(glance.request.image), style, watch)
    if style is DescriptionStyle.TAGS:
        text = listed(said) if captioner.row.gives_tags else tags_of(said)
    else:
        text = plain(said)
    return text, {"tokens": watch.tokens, "said": said.strip()}


class _Watch(StoppingCriteria):
    """Asked after each token: tells how far it is, and leaves by the interrupt's exception."""

    def __init__(
        self, job_id: str, most: int, emit: Callable[[EngineEvent], None], interrupt: Callable[[], None]
    ) -> None:
        self._job_id, self._most, self._emit, self._interrupt = job_id, most, emit, interrupt
        self._began = time.perf_counter()
        self.tokens = 0

    @override
    def __call__(self, input_ids: Any, scores: Any, **_more: Any) -> Any:
        del scores
        self._interrupt()
        self.tokens += 1
        left = (time.perf_counter() - self._began) / self.tokens * max(0, self._most - self.tokens)
        self._emit(Progress(self._job_id, min(self.tokens, self._most), self._most, seconds_left=left))
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)
