"""Reference pictures through IP-Adapters: every cross attention looks at tokens of the pictures beside the prompt's.

The network's own attention stays whatever it is (LoRA, slices); what the adapter adds is added to its answer (decoupled
cross attention: Ye et al. 2023).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import Pixels, ReferenceImage
from pipelines.engine.conditioning.addons import AddOns
from pipelines.engine.conditioning.course import acts_now, roles_of, telling_rows
from pipelines.engine.conditioning.reference_files import (
    ImageEncoder,
    IpAdapter,
    encoder_for,
    load_encoder,
    load_ip_adapter,
)
from pipelines.engine.network import Predict, predicting

if TYPE_CHECKING:
    from pipelines.engine.run import Run

_MEAN = (0.48145466, 0.4578275, 0.40821073)
_SPREAD = (0.26862954, 0.26130258, 0.27577711)
"""Of the pictures that CLIP was trained on, RGB in 0..1."""
_PAPER = 255
"""What stands where a reference is transparent: white, as behind most pictures that CLIP has seen cut out."""
_SEEN = 16
"""Pictures whose tokens an adapter remembers."""


@contextmanager
def looking_at_references(run: Run, addons: AddOns) -> Iterator[None]:
    """Within it the run's network looks at the request's references through their adapters; afterwards it is as it was.

    References without an adapter are the painting model's own business. To be entered before other wrappers are put
    around the network. Raises ModelError, as a sentence, for adapters that are damaged or do not fit.
    """
    asked = [one for one in run.job.request.references if one.model and one.weight > 0.0]
    if not asked or run.model.info.family is Family.FLUX:  # there Redux speaks in the prompt's own tokens
        yield
        return
    looks = [_look_for(reference, run, addons) for reference in asked]
    unet = run.model.unet
    plain: dict[str, Any] = dict(unet.attn_processors)
    guests = list({id(look.adapter): look.adapter.attention for look in looks}.values())
    run.model.guests += guests
    run.outer.append(telling_rows(run))
    try:
        unet.set_attn_processor(_looking(plain, looks))
        with predicting(unet, [lambda predict: _Showing(predict, run, looks).predict]):
            yield
    finally:
        unet.set_attn_processor(plain)
        run.outer.pop()
        for guest in guests:
            run.model.guests.remove(guest)


class _Look:
    """One reference, seen through its adapter."""

    def __init__(
        self, reference: ReferenceImage, adapter: IpAdapter, tokens: tuple[torch.Tensor, torch.Tensor]
    ) -> None:
        self.reference, self.adapter = reference, adapter
        self._something, self._nothing = tokens
        self.shown: torch.Tensor | None = None
        """(rows, tokens, width) of the call that is made; None while it does not act."""

    def show(self, roles: torch.Tensor, sample: torch.Tensor) -> None:
        """To rows that follow the prompt the picture, to the others nothing."""
        share = roles.to(sample).view(-1, 1, 1)
        something, nothing = self._something.to(sample), self._nothing.to(sample)
        self.shown = something * share + nothing * (1.0 - share)


class _Showing:
    """The network's `forward` with references."""

    def __init__(self, predict: Predict, run: Run, looks: Sequence[_Look]) -> None:
        self._inner, self._run, self._looks = predict, run, looks

    def predict(self, sample: torch.Tensor, *args: Any, **more: Any) -> Any:
        """The network's output for `sample` (rows, channels, h, w)."""
        for look in self._looks:
            if acts_now(look.reference, self._run):
                look.show(roles_of(more, len(sample)), sample)
            else:
                look.shown = None
        return self._inner(sample, *args, **more)


@dataclass(frozen=True, eq=False)
class _LookingAttention:
    """An attention processor that adds what is seen in the references to what another one answers."""

    inner: Any
    looks: Sequence[tuple[_Look, torch.Tensor, torch.Tensor]]
    """With keys and values of each, for this attention."""

    def __call__(
        self,
        attn: Any,
        hidden_states: torch.Tensor,
        encoder_hidden_states: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        temb: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The processor's own arguments; hidden states (rows, pixels, channels)."""
        answer = self.inner(attn, hidden_states, encoder_hidden_states, attention_mask, temb)
        if all(look.shown is None for look, _, _ in self.looks):
            return answer
        query = _in_heads(attn.to_q(hidden_states), attn.heads)
        found = torch.zeros_like(query)
        for look, to_keys, to_values in self.looks:
            if look.shown is not None:
                keys = _in_heads(functional.linear(look.shown, to_keys), attn.heads)
                values = _in_heads(functional.linear(look.shown, to_values), attn.heads)
                found += functional.scaled_dot_product_attention(query, keys, values) * look.reference.weight
        outward = attn.to_out[0]
        more = outward(found.transpose(1, 2).flatten(2))
        more = more if outward.bias is None else more - outward.bias  # the answer has it already
        return answer + more / attn.rescale_output_factor


def _in_heads(states: torch.Tensor, heads: int) -> torch.Tensor:
    return states.unflatten(-1, (heads, -1)).transpose(1, 2)


def _looking(plain: dict[str, Any], looks: Sequence[_Look]) -> dict[str, Any]:
    """The processors with those of cross attention looking."""
    crossing = [name for name in plain if not name.endswith("attn1.processor")]
    processors = dict(plain)
    for place, name in enumerate(crossing):
        processors[name] = _LookingAttention(plain[name], [(look, *look.adapter.layers[place]) for look in looks])
    return processors


def _look_for(reference: ReferenceImage, run: Run, addons: AddOns) -> _Look:
    info, model = addons.library.resolve(reference.model), run.model
    if info.problem:
        raise ModelError(info.problem)
    if info.kind is not ModelKind.IP_ADAPTER:
        raise ModelError(
            f"'{info.name}' is a {info.kind.value}, which cannot look at references. Choose an IP-Adapter."
        )
    if "unet" not in model.components:
        raise ModelError(
            f"Models of the family {model.info.family.value} cannot look at references through an IP-Adapter. "
            "Take the reference away, or choose a model of Stable Diffusion or FLUX."
        )
    if info.family not in (Family.UNKNOWN, model.info.family):
        raise ModelError(
            f"The IP-Adapter '{info.name}' ({info.family.value}) does not fit '{model.info.name}' "
            f"({model.info.family.value}). Choose one of the same family, or take the reference away."
        )

    def read_adapter(found: ModelInfo) -> IpAdapter:
        return load_ip_adapter(found, model)

    adapter = addons.read(info, read_adapter)
    _refuse_unfitting(adapter, run)
    return _Look(reference, adapter, _tokens(reference, adapter, run, addons))


def _refuse_unfitting(adapter: IpAdapter, run: Run) -> None:
    unet = run.model.unet
    crossing = [name for name in unet.attn_processors if not name.endswith("attn1.processor")]
    wanted = [tuple(unet.get_submodule(name.removesuffix(".processor")).to_k.weight.shape) for name in crossing]
    if [tuple(keys.shape) for keys, _ in adapter.layers] != wanted:
        raise ModelError(
            f"The IP-Adapter '{adapter.info.name}' was made for another family than '{run.model.info.name}' "
            f"({run.model.info.family.value}). Choose one of the same family."
        )


@torch.inference_mode()
def _tokens(
    reference: ReferenceImage, adapter: IpAdapter, run: Run, addons: AddOns
) -> tuple[torch.Tensor, torch.Tensor]:
    """(1, tokens, width) of the picture, and of nothing."""
    info, model = encoder_for(adapter, addons.library), run.model
    content = hashlib.sha256(np.ascontiguousarray(reference.image).tobytes()).digest()
    key = (info.path, info.modified_ns, reference.image.shape, content)
    if key not in adapter.tokens:

        def read_encoder(found: ModelInfo) -> ImageEncoder:
            return load_encoder(found, model, run.check)

        encoder = addons.read(info, read_encoder).network
        encoder.to(model.device)
        pixels = _clip_pixels(reference.image, int(encoder.config.image_size)).to(encoder.device, encoder.dtype)
        projection = adapter.projection.to(model.device)
        said = [_said(encoder, one, patches=adapter.sees_patches) for one in (pixels, torch.zeros_like(pixels))]
        if not adapter.sees_patches:
            said[1] = torch.zeros_like(said[0])  # as it was trained: no picture is a zero, not a grey picture
        adapter.tokens[key] = projection(said[0]), projection(said[1])
        if model.offloaded:
            encoder.to("cpu")
        while len(adapter.tokens) > _SEEN:
            del adapter.tokens[next(iter(adapter.tokens))]
    return adapter.tokens[key]


def _said(encoder: Any, pixels: torch.Tensor, *, patches: bool) -> torch.Tensor:
    if patches:
        return encoder(pixels, output_hidden_states=True).hidden_states[-2]
    return encoder(pixels).image_embeds


def _clip_pixels(image: Pixels, side: int) -> torch.Tensor:
    """(1, 3, side, side): the middle square, as CLIP is shown pictures."""
    alpha = image[..., 3:].astype(np.uint16)
    on_paper = ((image[..., :3] * alpha + _PAPER * (255 - alpha) + 127) // 255).astype(np.uint8)
    height, width = on_paper.shape[:2]
    size = (int(side * width / height), side) if height <= width else (side, int(side * height / width))
    small = np.asarray(Image.fromarray(on_paper).resize(size, Image.Resampling.BICUBIC), np.float32) / 255.0
    top, left = (size[1] - side) // 2, (size[0] - side) // 2
    square = (small[top : top + side, left : left + side] - np.array(_MEAN, np.float32)) / np.array(_SPREAD, np.float32)
    return torch.from_numpy(np.ascontiguousarray(square)).permute(2, 0, 1)[None]
