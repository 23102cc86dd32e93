"""Networks that look at control pictures beside a transformer: the ControlNets of FLUX, SD3, Qwen-Image and
Z-Image.

They are shown the picture as the painting network's VAE encodes it, and speak to each of its blocks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional

from pipelines.contract.control import ControlKind
from pipelines.contract.request import ControlImage
from pipelines.engine.conditioning.control_guides import Call, Guide, Steering, on_black
from pipelines.engine.latents import encode_picture
from pipelines.planning.box import Box

if TYPE_CHECKING:
    from pipelines.engine.run import Run

_FLUX_MODES = {
    ControlKind.CANNY: 0,
    ControlKind.LINEART: 0,
    ControlKind.SOFTEDGE: 0,
    ControlKind.SCRIBBLE: 0,
    ControlKind.TILE: 1,
    ControlKind.DEPTH: 2,
    ControlKind.BLUR: 3,
    ControlKind.POSE: 4,
    ControlKind.GRAY: 5,
}
"""How the FLUX Union networks count what they follow (InstantX, Shakker Labs)."""


_EYES = (
    "t_scale",
    "t_embedder",
    "all_x_embedder",
    "cap_embedder",
    "rope_embedder",
    "noise_refiner",
    "context_refiner",
    "x_pad_token",
    "cap_pad_token",
)
"""What Z-Image lends its control networks."""


class _TransformerGuide(Guide):
    """Sees the control picture as a map of latents."""

    def __init__(self, control: ControlImage, network: Any) -> None:
        super().__init__(control, network)
        self._map = torch.empty(0)

    def make_ready(self, run: Run) -> None:
        """Encodes the picture before the steps begin: while they run the VAE may wait outside the device."""
        with torch.inference_mode():
            self._map = encode_picture(run.model, on_black(self._cropped(run), *run.size))

    def _part(self, run: Run, call: Call) -> torch.Tensor:
        """The part of the map that the call is about."""
        rows, columns = run.model.architecture.layout.grid(call.args, call.kwargs)
        place = Box(run.view.left, run.view.top, columns, rows)
        return self._map[(..., *place.slices)]


class FluxGuide(_TransformerGuide):
    """FLUX.1: ControlNets of one kind, and Union networks that are told what the picture shows."""

    @property
    def knows_kind(self) -> bool:
        """As `Guide`."""
        modes = self.network.config.num_mode
        return modes is None or _FLUX_MODES.get(self.control.kind, modes) < modes

    def steer(self, run: Run, call: Call, steering: Steering) -> None:
        """As `Guide`."""
        part = self._part(run, call)
        kwargs, own = call.kwargs, part.shape[-2] * part.shape[-1] // 4
        tokens = call.sample[:, :own, : self.network.config.in_channels]  # behind them are further pictures, masks
        shown = run.model.architecture.layout.pack(part).to(tokens).expand(len(tokens), -1, -1)
        ids = kwargs["img_ids"]
        more: dict[str, Any] = {}
        if self.network.config.num_mode is not None:
            mode = torch.tensor(_FLUX_MODES[self.control.kind], device=tokens.device)
            more["controlnet_mode"] = mode.expand(len(tokens), 1)
        if self.network.config.guidance_embeds:
            scale = torch.full((len(tokens),), run.job.request.guidance_scale, device=tokens.device)
            more["guidance"] = scale if kwargs.get("guidance") is None else kwargs["guidance"]
        double, single = self.network(
            hidden_states=tokens,
            controlnet_cond=shown,
            conditioning_scale=float(self.control.weight),
            encoder_hidden_states=call.words,
            pooled_projections=kwargs["pooled_projections"],
            timestep=call.timestep,
            img_ids=ids[:, :own] if ids.ndim == 3 else ids[:own],
            txt_ids=kwargs["txt_ids"],
            return_dict=False,
            **more,
        )
        painting = run.model.network
        for name, said, blocks in (
            ("controlnet_block_samples", double, painting.transformer_blocks),
            ("controlnet_single_block_samples", single, painting.single_transformer_blocks),
        ):
            if said:
                steering.add(name, _padded(_spread(said, len(blocks)), call.sample.shape[1]))


class QwenGuide(_TransformerGuide):
    """Qwen-Image."""

    def steer(self, run: Run, call: Call, steering: Steering) -> None:
        """As `Guide`."""
        part = self._part(run, call)
        kwargs, own = call.kwargs, part.shape[-2] * part.shape[-1] // 4
        tokens = call.sample[:, :own]
        said = self.network(
            hidden_states=tokens,
            controlnet_cond=run.model.architecture.layout.pack(part).to(tokens).expand(len(tokens), -1, -1),
            conditioning_scale=float(self.control.weight),
            encoder_hidden_states=call.words,
            encoder_hidden_states_mask=kwargs.get("encoder_hidden_states_mask"),
            timestep=call.timestep,
            img_shapes=[shapes[:1] for shapes in kwargs["img_shapes"]],
            return_dict=False,
        )
        said = _spread(said, len(run.model.network.transformer_blocks))
        steering.add("controlnet_block_samples", _padded(said, call.sample.shape[1]))


class ZImageGuide(_TransformerGuide):
    """Z-Image, with control networks that look with the painting network's own eyes: its embedders and refiners."""

    def steer(self, run: Run, call: Call, steering: Steering) -> None:
        """As `Guide`."""
        frames = list(call.sample)
        shown = self._part(run, call).unsqueeze(2).to(frames[0])
        missing = self.network.config.control_in_dim - shown.shape[1]
        shown = functional.pad(shown, (0, 0, 0, 0, 0, 0, 0, missing))[0]  # newer ones could see a mask, too
        with _lent_eyes(self.network, run.model.network):
            said = self.network(
                frames,
                call.timestep,
                list(call.words),
                [shown] * len(frames),
                conditioning_scale=float(self.control.weight),
            )
        steering.add("controlnet_block_samples", said)


class Sd3Guide(_TransformerGuide):
    """SD3 and SD3.5."""

    def steer(self, run: Run, call: Call, steering: Steering) -> None:
        """As `Guide`."""
        config, sample = self.network.config, call.sample
        part, pooled = self._part(run, call).to(sample), call.kwargs["pooled_projections"]
        if config.force_zeros_for_pooled_projection:  # these were trained without the VAE's shift, too
            vae = run.model.vae.config
            part = part + (vae.shift_factor or 0.0) * vae.scaling_factor
            pooled = torch.zeros_like(pooled)
        (said,) = self.network(
            hidden_states=sample,
            controlnet_cond=part.expand(len(sample), -1, -1, -1),
            conditioning_scale=float(self.control.weight),
            encoder_hidden_states=None if config.joint_attention_dim is None else call.words,
            pooled_projections=pooled,
            timestep=call.timestep,
            return_dict=False,
        )
        blocks = len(run.model.network.transformer_blocks)
        share = blocks / len(said)
        steering.add("block_controlnet_hidden_states", [said[int(block / share)] for block in range(blocks)])


@contextmanager
def _lent_eyes(network: Any, painting: Any) -> Iterator[None]:
    """Within it the control network has what it shares with the painting one. Only then: it may outlive that one, and
    is moved and counted by itself."""
    type(network).from_transformer(network, painting)
    try:
        yield
    finally:
        for name in _EYES:
            delattr(network, name)
            setattr(network, name, None)


def _spread(said: Sequence[torch.Tensor], blocks: int) -> list[torch.Tensor]:
    """What a network with fewer blocks says to each of `blocks`, so that several networks add up."""
    share = math.ceil(blocks / len(said))
    return [said[block // share] for block in range(blocks)]


def _padded(said: Sequence[torch.Tensor], tokens: int) -> list[torch.Tensor]:
    """Nothing is said to the tokens of further pictures, which stand behind those of the painted one."""
    missing = tokens - said[0].shape[1]
    return [functional.pad(one, (0, 0, 0, missing)) for one in said] if missing else list(said)
