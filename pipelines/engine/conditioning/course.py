"""What a guide must know of the call it takes part in: how far the picture is, and whose rows it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from pipelines.contract.request import ControlImage, ReferenceImage, Task
from pipelines.engine.network import Predict

if TYPE_CHECKING:
    from pipelines.engine.run import Run

_ROLES = "rows_with_prompt"
"""Among the network's added conditions: one number for each row, which travels with it through regions and batches."""
_ROUNDING = 1e-6


def acts_now(guide: ControlImage | ReferenceImage, run: Run) -> bool:
    """Whether the step that is just made lies wholly within the guide's range, as diffusers counts.

    Where a picture is painted in several passes, the later ones only add detail to what the first has made: they count
    as the end of its steps, as far back as they go.
    """
    whole = 1.0 if run.job.request.task is Task.TEXT_TO_IMAGE else max(run.job.request.strength, _ROUNDING)
    reach = min(1.0, run.strength / whole)
    count = max(1, run.pipe.num_timesteps)
    begin, end = (1.0 - reach * (1.0 - step / count) for step in (run.step, run.step + 1))
    return guide.weight > 0.0 and begin >= guide.start - _ROUNDING and end <= guide.end + _ROUNDING


def telling_rows(run: Run) -> Any:
    """A wrapper that tells in each call which rows follow the prompt; the others, of a guided call, know nothing of it
    or follow the negative one. To stand outermost."""

    def wrap(predict: Predict) -> Predict:
        def forward(sample: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
            rows = sample.shape[0]
            guided = bool(getattr(run.pipe, "do_classifier_free_guidance", False)) and rows % 2 == 0
            roles = torch.ones(rows, device=sample.device, dtype=sample.dtype)
            roles[: rows // 2 if guided else 0] = 0.0
            added = {**(kwargs.get("added_cond_kwargs") or {}), _ROLES: roles}
            return predict(sample, *args, **{**kwargs, "added_cond_kwargs": added})

        return forward

    return wrap


def roles_of(arguments: dict[str, Any], rows: int) -> torch.Tensor:
    """(rows,): 1 where a row of this call follows the prompt, 0 where not."""
    roles = (arguments.get("added_cond_kwargs") or {}).get(_ROLES)
    return torch.ones(rows) if roles is None else roles
