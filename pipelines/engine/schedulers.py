"""Schedulers by the names people know, made from the model's own configuration so that its training is respected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import diffusers
import torch

from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.models import SchedulerName


@dataclass(frozen=True)
class _Row:
    """A diffusers class and what differs from the model's own configuration."""

    class_name: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    zero_snr: bool = True
    """Whether it stands a schedule whose last step is pure noise (zero terminal signal)."""
    flow: bool = False
    """Whether it steps along straight lines from noise to picture (flow matching)."""

    def suits(self, own: Any) -> bool:
        """Whether a model whose own scheduler is `own` was trained for it."""
        if self.flow is not is_flow(own):
            return False
        return self.zero_snr or not own.config.get("rescale_betas_zero_snr")


_ROWS: dict[SchedulerName, _Row] = {
    SchedulerName.EULER: _Row("EulerDiscreteScheduler"),
    SchedulerName.EULER_A: _Row("EulerAncestralDiscreteScheduler"),
    SchedulerName.EULER_FLOW: _Row("FlowMatchEulerDiscreteScheduler", flow=True),
    SchedulerName.HEUN_FLOW: _Row("FlowMatchHeunDiscreteScheduler", flow=True),
    SchedulerName.DPMPP_2M: _Row("DPMSolverMultistepScheduler", {"use_karras_sigmas": False}),
    SchedulerName.DPMPP_2M_KARRAS: _Row("DPMSolverMultistepScheduler", {"use_karras_sigmas": True}, zero_snr=False),
    SchedulerName.DPMPP_SDE: _Row("DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}),
    SchedulerName.UNIPC: _Row("UniPCMultistepScheduler"),
    SchedulerName.DDIM: _Row("DDIMScheduler"),
    SchedulerName.HEUN: _Row("HeunDiscreteScheduler", zero_snr=False),
    SchedulerName.LCM: _Row("LCMScheduler"),
}
_EVERYWHERE = {"clip_sample": False, "set_alpha_to_one": False}


def is_flow(scheduler: Any) -> bool:
    """Whether a diffusers scheduler steps along straight lines from noise to picture."""
    return "FlowMatch" in type(scheduler).__name__ or bool(scheduler.config.get("use_flow_sigmas"))


def flow_match(kind: Any, own: Any, **changes: Any) -> Any:
    """A flow-match scheduler of that class with the training facts of `own`: solvers along straight lines call the
    shift of their noise levels differently."""
    if own.config.get("use_flow_sigmas"):
        changes["shift"] = own.config.get("flow_shift", 1.0)
    return kind.from_config(own.config, **changes)


def noised(scheduler: Any, clean: torch.Tensor, noise: torch.Tensor, timesteps: torch.Tensor) -> torch.Tensor:
    """`clean` under so much noise as there is at that time, `timesteps` (1,) of the schedule that was set."""
    if not is_flow(scheduler):
        return scheduler.add_noise(clean, noise, timesteps.to(clean.device))
    sigma = (timesteps / scheduler.config.num_train_timesteps).to(clean)
    return sigma * noise + (1.0 - sigma) * clean


def fitting_schedulers(own: Any) -> tuple[SchedulerName, ...]:
    """The schedulers that suit a model with the scheduler `own`, `DEFAULT` first."""
    return (SchedulerName.DEFAULT, *(name for name, row in _ROWS.items() if row.suits(own)))


def make_scheduler(own: Any, name: SchedulerName) -> Any:
    """A fresh scheduler of that name with the training facts of `own`, the model's scheduler.

    Raises InvalidRequestError when the model was trained with a schedule that the wanted one cannot follow.
    """
    if name is SchedulerName.DEFAULT:
        return type(own).from_config(own.config)
    row = _ROWS[name]
    if not row.suits(own):
        fitting = ", ".join(fitting_schedulers(own))
        raise InvalidRequestError(
            "scheduler", f"The scheduler {name} does not suit this model's noise schedule. Suitable: {fitting}."
        )
    kind = getattr(diffusers, row.class_name)
    changes = {key: value for key, value in _EVERYWHERE.items() if key in own.config}
    if row.flow:
        return flow_match(kind, own, **changes, **row.changes)
    return kind.from_config(own.config, **changes, **row.changes)


def scheduler_facts(own: Any, name: SchedulerName) -> dict[str, str]:
    """Class and a hash of the whole configuration of what `make_scheduler` gives: the same facts, the same steps."""
    made = make_scheduler(own, name)
    config = {key: value for key, value in made.config.items() if not key.startswith("_")}
    text = json.dumps(config, sort_keys=True, default=str)
    return {"class": type(made).__name__, "config_hash": hashlib.sha256(text.encode()).hexdigest()[:16]}
