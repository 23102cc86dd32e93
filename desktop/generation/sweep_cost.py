"""How long a sweep will take: what every cell costs that is not like another one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from desktop.generation.capture import Capture, Terms, capture_in_slices
from desktop.generation.controller import GenerationController
from desktop.generation.sweep import Scope, Sweep
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import GenerationRequest
from pipelines.planning.masks import Rim
from pipelines.planning.sizes import limits_of

SecondsOf = Callable[[GenerationRequest, ModelInfo], float | None]
COSTLY = ("model", "num_inference_steps", "guidance_scale", "strength", "scheduler", "mask_feather")
"""What makes one cell take longer than another."""


class SweepCost:
    """Reckons with the place as it is when it is asked first."""

    def __init__(self, controller: GenerationController, scope: Scope, seconds_of: SecondsOf) -> None:
        self._controller, self._scope, self._seconds_of = controller, scope, seconds_of
        self._base: Capture | None = None
        self._known: dict[tuple[object, ...], float | None] = {}

    async def foretell(self, sweep: Sweep) -> float | None:
        """Seconds for all of it; None where nothing like it was painted here yet. Raises what a capture raises."""
        scope, session = self._scope, self._controller.session
        if self._base is None:
            settings = replace(scope.settings, mode=scope.mode, num_images_per_prompt=1)
            terms = Terms(context=self._controller.context_override, wording=self._controller.form.wording)
            info = self._controller.form.model_info()
            terms = replace(terms, limits=limits_of(info)) if info is not None else terms
            self._base = await capture_in_slices(session.document, session.compositor, settings, terms)
        return await asyncio.to_thread(self._sum, sweep, self._base.request)

    def _sum(self, sweep: Sweep, base: GenerationRequest) -> float | None:
        scope, total = self._scope, 0.0
        rim = Rim(base.mask_grow, base.mask_feather, base.mask_blend)
        kinds: Counter[tuple[object, ...]] = Counter()
        for cell in sweep.cells():
            one = sweep.settings(scope.settings, scope.mode, cell, rim)
            strength = getattr(one, scope.mode.strength_field) if scope.mode.strength_field else base.strength
            feather = base.mask_feather if one.auto_rim else one.mask_feather
            kinds[one.model, one.num_inference_steps, one.guidance_scale, strength, one.scheduler, feather] += 1
        for kind, count in kinds.items():
            if kind not in self._known:
                self._known[kind] = self._of(base, kind)
            seconds = self._known[kind]
            if seconds is None:
                return None
            total += count * seconds
        return total

    def _of(self, base: GenerationRequest, kind: tuple[object, ...]) -> float | None:
        info = next((one for one in self._scope.models if one.id == kind[0]), None)
        request = replace(base, **dict(zip(COSTLY, kind, strict=True)))  # type: ignore[arg-type]
        return None if info is None else self._seconds_of(request, info)
