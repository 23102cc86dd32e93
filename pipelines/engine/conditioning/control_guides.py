"""Networks that look at control pictures beside a UNet: ControlNet, ControlNet Union, T2I-Adapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

from pipelines.contract.control import ControlKind
from pipelines.contract.request import ControlImage, Pixels
from pipelines.engine.conditioning.course import roles_of
from pipelines.planning.patch import resize

if TYPE_CHECKING:
    from pipelines.engine.run import Run

UNION_TYPES = {
    ControlKind.POSE: 0,
    ControlKind.DEPTH: 1,
    ControlKind.SOFTEDGE: 2,
    ControlKind.SCRIBBLE: 2,
    ControlKind.CANNY: 3,
    ControlKind.LINEART: 3,
    ControlKind.NORMAL: 4,
    ControlKind.SEGMENTATION: 5,
    ControlKind.TILE: 6,
    ControlKind.BLUR: 6,
    ControlKind.INPAINT: 7,
}
"""How the SDXL Union networks count what they follow (xinsir's ControlNet++; six kinds, with `promax` eight)."""
_REMOVED = -1.0
"""What the inpainting ControlNet sees where the picture is to be made anew."""


_PARTS_KEPT = 16
"""Of a picture in windows: features of so many parts are remembered."""


Values = Sequence[torch.Tensor] | Mapping[int, torch.Tensor]
"""What is added to the features behind blocks."""


@dataclass(frozen=True, eq=False)
class Call:
    """One call of the painting network, by its own arguments."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def sample(self) -> torch.Tensor:
        """What it looks at: latents (rows, channels, h, w), or tokens."""
        return self.args[0] if self.args else self.kwargs["sample" if "sample" in self.kwargs else "hidden_states"]

    @property
    def timestep(self) -> Any:
        """As the network takes it."""
        return self.args[1] if len(self.args) > 1 else self.kwargs["timestep"]

    @property
    def words(self) -> torch.Tensor:
        """(rows, tokens, width) of the prompt."""
        return self.args[2] if len(self.args) > 2 else self.kwargs["encoder_hidden_states"]


class Steering:
    """What is to be added to the painting network's features in one call, of all its guides together."""

    def __init__(self) -> None:
        self._sums: dict[str, dict[int, torch.Tensor]] = {}
        self._forms: dict[str, Callable[[dict[int, torch.Tensor]], Any]] = {}

    def add(self, argument: str, values: Values, *, single: bool = False) -> None:
        """What one guide says, by the argument of the painting network's forward that takes it: to each of its blocks,
        or to some by their numbers; `single`: it takes one tensor and no list of them."""
        by_number = isinstance(values, Mapping)
        sums = self._sums.setdefault(argument, {})
        for number, one in values.items() if by_number else enumerate(values):
            sums[number] = sums[number] + one if number in sums else one
        self._forms[argument] = dict if by_number else _first_of if single else _listed

    @property
    def arguments(self) -> dict[str, Any]:
        """Further arguments of the painting network's forward; some networks empty the lists that they are given."""
        return {name: self._forms[name](sums) for name, sums in self._sums.items()}


def _first_of(sums: dict[int, torch.Tensor]) -> torch.Tensor:
    return sums[0]


def _listed(sums: dict[int, torch.Tensor]) -> list[torch.Tensor]:
    return list(sums.values())


class Guide:
    """One control picture and the network that looks at it."""

    def __init__(self, control: ControlImage, network: Any) -> None:
        self.control, self.network = control, network
        self._fitted: tuple[Any, torch.Tensor] = (None, torch.empty(0))

    @property
    def knows_kind(self) -> bool:
        """Whether the network can follow pictures of this kind, as far as it must know."""
        return True

    def make_ready(self, run: Run) -> None:
        """Called before each pass."""

    def steer(self, run: Run, call: Call, steering: Steering) -> None:
        """Looks, and adds what it finds."""
        raise NotImplementedError

    def _picture(self, run: Run, sample: torch.Tensor) -> torch.Tensor:
        """(1, channels, h, w) of the part of the picture that this call is about, a latent's pixels for each latent."""
        key = (run.crop, run.size)
        if self._fitted[0] != key:
            self._fitted = key, self._fit(run).to(sample)
        cell = int(run.pipe.vae_scale_factor)
        left, top = run.view.left * cell, run.view.top * cell
        rows, columns = sample.shape[-2] * cell, sample.shape[-1] * cell
        return self._fitted[1][..., top : top + rows, left : left + columns]

    def _fit(self, run: Run) -> torch.Tensor:
        shown = np.ascontiguousarray(self._seen(self._cropped(run), *run.size))
        picture = torch.from_numpy(shown).permute(2, 0, 1)[None]
        config = self.network.config
        channels = config.conditioning_channels if "conditioning_channels" in config else config.in_channels
        return picture if channels == 3 else picture.mean(dim=1, keepdim=True)

    def _cropped(self, run: Run) -> Pixels:
        image = self.control.image
        return image if run.crop is None else np.ascontiguousarray(image[run.crop.slices])

    def _seen(self, image: Pixels, width: int, height: int) -> np.ndarray:
        """(height, width, 3) in 0..1: transparent is black, or removed."""
        if self.control.kind is ControlKind.INPAINT:
            colour = resize(np.ascontiguousarray(image[..., :3]), width, height).astype(np.float32) / 255.0
            there = resize(np.ascontiguousarray(image[..., 3]), width, height)
            return np.where(there[..., None] > 127, colour, np.float32(_REMOVED))
        return on_black(image, width, height).astype(np.float32) / 255.0


class ControlNetGuide(Guide):
    """Sees picture, latents and words."""

    def steer(self, run: Run, call: Call, steering: Steering) -> None:
        """As `Guide`."""
        sample = call.sample[:, : self.network.config.in_channels]  # behind them are mask and masked picture
        skips, middle = self.network(
            sample,
            call.timestep,
            encoder_hidden_states=call.words,
            conditioning_scale=float(self.control.weight),
            added_cond_kwargs=call.kwargs.get("added_cond_kwargs"),
            return_dict=False,
            **self._looking(self._picture(run, call.sample).expand(len(sample), -1, -1, -1)),
        )
        if self.network.config.global_pool_conditions:  # made to follow the prompt's rows alone
            roles = roles_of(call.kwargs, len(sample)).to(middle).view(-1, 1, 1, 1)
            skips, middle = [skip * roles for skip in skips], middle * roles
        steering.add("down_block_additional_residuals", skips)
        steering.add("mid_block_additional_residual", [middle], single=True)

    def _looking(self, picture: torch.Tensor) -> dict[str, Any]:
        return {"controlnet_cond": picture}


class UnionGuide(ControlNetGuide):
    """Is told what the picture shows."""

    @property
    def knows_kind(self) -> bool:
        """As `Guide`."""
        kinds = self.network.config.num_control_type
        return UNION_TYPES.get(self.control.kind, kinds) < kinds

    def _looking(self, picture: torch.Tensor) -> dict[str, Any]:
        kinds = self.network.config.num_control_type
        number = UNION_TYPES[self.control.kind]
        kind = torch.zeros(len(picture), kinds, device=picture.device, dtype=picture.dtype)
        kind[:, number] = 1.0
        return {"controlnet_cond": [picture], "control_type": kind, "control_type_idx": [number]}


class AdapterGuide(Guide):
    """Sees the picture alone, so that it looks once at each part of it."""

    def __init__(self, control: ControlImage, network: Any) -> None:
        super().__init__(control, network)
        self._features: dict[Any, list[torch.Tensor]] = {}

    def steer(self, run: Run, call: Call, steering: Steering) -> None:
        """As `Guide`."""
        key = (run.crop, run.size, run.view.left, run.view.top, call.sample.shape[-2:])
        if key not in self._features:
            if len(self._features) >= _PARTS_KEPT:
                self._features.clear()
            picture = self._padded(self._picture(run, call.sample))
            self._features[key] = [one * self.control.weight for one in self.network(picture)]
        rows = len(call.sample)
        features = [one.expand(rows, -1, -1, -1) for one in self._features[key]]
        steering.add("down_intrablock_additional_residuals", features)

    def _padded(self, picture: torch.Tensor) -> torch.Tensor:
        step = self.network.config.downscale_factor
        across, down = (-picture.shape[-1]) % step, (-picture.shape[-2]) % step
        return functional.pad(picture, (0, across, 0, down), mode="replicate") if across or down else picture


def on_black(image: Pixels, width: int, height: int) -> Pixels:
    """RGB of an RGBA picture at another size."""
    shown = image[..., :3].astype(np.uint16) * image[..., 3:] // 255
    return resize(np.ascontiguousarray(shown, np.uint8), width, height)
