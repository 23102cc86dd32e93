"""LoRAs on a loaded model: put on without a copy of it, taken off without a trace.

A plain LoRA acts beside the weight: its two factors are one more branch of the module, several LoRAs are one branch
together. That is exact in any number format, needs a hundredth of the model's memory, and is put on in milliseconds.
Measured against melting it into the weights (linear layers of SD1.5 at 512 x 512, bf16, one thread): rank 32 adds 0.3 s
to the 2.6 s of a step's linear layers where peft adds 1.2 s; melting takes 1.7 s and a second copy of the weights.
What has no such factors (LoHa, LoKr, DoRA, differences) stands in the weight's place as a tensor of its own, kept while
there is room and otherwise computed for each call: the same numbers either way, so that a seed repeats its picture.
The model's own tensors are never written to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.nn import functional

from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelInfo
from pipelines.contract.request import GenerationRequest
from pipelines.engine.conditioning.addons import AddOns
from pipelines.engine.conditioning.lora_files import fitted, read_lora
from pipelines.engine.conditioning.weight_changes import WeightChange
from pipelines.engine.run import Run

Asked = tuple[tuple[ModelInfo, float], ...]
"""LoRAs and their strengths."""


@dataclass(eq=False)
class Outfit:
    """LoRAs made ready for one model; worn by it during jobs."""

    key: tuple[Any, ...]
    """Which files, how strongly."""
    branches: list[Branch] = field(default_factory=list)
    replacements: list[Replacement] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Sentences about what was left out."""

    @contextmanager
    def worn(self) -> Iterator[None]:
        """Within it the LoRAs act."""
        with ExitStack() as stack:
            for piece in (*self.branches, *self.replacements):
                stack.callback(piece.put_on())
            yield


@dataclass(eq=False)
class Branch:
    """Factors of all plain LoRAs of one module, side by side."""

    module: Any
    down: torch.Tensor
    """(rank, in) or (rank, in, k, k)."""
    up: torch.Tensor
    """(out, rank), the strengths multiplied in."""

    def put_on(self) -> Callable[[], None]:
        """Begins to act; returns what ends it."""
        act = _beside_convolution if self.down.ndim > 2 else _beside_linear
        handle = self.module.register_forward_hook(lambda module, args, output: act(self, module, args[0], output))
        return handle.remove


@dataclass(eq=False)
class Replacement:
    """Weight and bias that stand in the place of a module's own."""

    module: Any
    changes: list[tuple[WeightChange, float]]
    kept: torch.Tensor | None = None
    """The weight, where there is room to keep it."""

    def weight(self) -> torch.Tensor:
        """The module's weight as changed, made anew each time."""
        own = self.module.weight
        total = sum(change.difference(own) * strength for change, strength in self.changes if change.has_weight)
        return (own.float() + total).to(own.dtype) if isinstance(total, torch.Tensor) else own

    def put_on(self) -> Callable[[], None]:
        """Begins to act; returns what ends it."""
        module, own = self.module, dict(self.module._parameters)
        bias = self._bias(own)

        def put(*_: Any) -> None:
            weight = self.weight() if self.kept is None else self.kept
            module._parameters["weight"] = torch.nn.Parameter(weight, requires_grad=False)
            if bias is not None:
                module._parameters["bias"] = torch.nn.Parameter(bias, requires_grad=False)

        def off(*_: Any) -> None:
            module._parameters.update(own)

        if self.kept is not None:
            put()
            return off
        handles = (module.register_forward_pre_hook(put), module.register_forward_hook(off, always_call=True))

        def end() -> None:
            for handle in handles:
                handle.remove()
            off()

        return end

    def _bias(self, own: dict[str, Any]) -> torch.Tensor | None:
        changes = [(change.bias(), strength) for change, strength in self.changes]
        added = [
            bias.to(own["weight"].device, torch.float32) * strength for bias, strength in changes if bias is not None
        ]
        if not added:
            return None
        total = torch.stack([one.flatten() for one in added]).sum(dim=0)
        old = own.get("bias")
        return (total if old is None else old.float() + total).to(own["weight"].dtype)


@contextmanager
def wearing_loras(run: Run, addons: AddOns) -> Iterator[None]:
    """Within it the request's LoRAs act on the run's model. Raises ModelError, as sentences, and JobCancelled."""
    asked = asked_loras(run.job.request, addons)
    if not asked:
        yield
        return
    outfit = _outfit(run, asked, addons)
    run.notes += outfit.notes
    with outfit.worn():
        yield


def asked_loras(request: GenerationRequest, addons: AddOns) -> Asked:
    """The request's LoRAs that do anything. Raises ModelError for one that the library does not have."""
    resolved = ((addons.library.resolve(lora.model), lora.weight) for lora in request.loras)
    return tuple((info, weight) for info, weight in resolved if weight != 0.0)


def changes_words(asked: Asked, addons: AddOns) -> tuple[Any, ...]:
    """What tells apart how prompts are read with these LoRAs: those that act on text encoders."""
    return tuple(
        (info.path, info.modified_ns, weight)
        for info, weight in asked
        if any(component != "network" for component, _ in addons.read(info, read_lora).changes)
    )


def _outfit(run: Run, asked: Asked, addons: AddOns) -> Outfit:
    """The one from the last job where that wore the same."""
    key = tuple((info.path, info.modified_ns, weight) for info, weight in asked)
    worn = run.model.outfit
    if worn is None or worn.key != key:
        run.model.outfit = None  # its memory is free before the next one's is taken
        run.model.outfit = _tailored(run, asked, addons, key)
    return run.model.outfit


def _tailored(run: Run, asked: Asked, addons: AddOns, key: tuple[Any, ...]) -> Outfit:
    gathered: dict[int, list[tuple[WeightChange, float]]] = defaultdict(list)
    modules: dict[int, Any] = {}
    outfit, room = Outfit(key), addons.limit
    for info, strength in asked:
        fit = fitted(info, addons.read(info, read_lora), run.model)
        outfit.notes += [fit.note] if fit.note else []
        for _, module, change in fit.changes:
            modules[id(module)] = module
            gathered[id(module)].append((change, strength))
    for place, changes in gathered.items():
        run.check()
        module = modules[place]
        if all(change.is_plain for change, _ in changes):
            outfit.branches.append(_branch(module, changes, run.model.device))
            continue
        if not module.weight.is_floating_point():
            raise ModelError(
                f"The LoRA '{asked[0][0].name}' replaces whole weights, and those of '{run.model.info.name}' are "
                f"packed ({run.model.info.quantized}). Use a plain LoRA, or a model that is not packed."
            )
        replacement = Replacement(module, changes)
        room -= module.weight.nbytes
        if room >= 0:
            replacement.kept = replacement.weight()
        outfit.replacements.append(replacement)
    return outfit


def _branch(module: Any, changes: list[tuple[WeightChange, float]], device: torch.device) -> Branch:
    """On the device where the model computes, wherever its weights wait meanwhile."""
    factors = [(change.factors(), strength) for change, strength in changes]
    downs = [one.down for one, _ in factors if one is not None]
    ups = [one.up.float() * strength for one, strength in factors if one is not None]
    weight = module.weight
    dtype = weight.dtype if weight.dtype in (torch.float32, torch.float16, torch.bfloat16) else torch.float32
    kernel = tuple(getattr(module, "kernel_size", ()))
    whole = [down.reshape(*down.shape[:2], *(kernel if down.ndim > 2 else (1,) * len(kernel))) for down in downs]
    return Branch(
        module,
        torch.cat(whole).to(device, dtype).contiguous(),
        torch.cat(ups, dim=1).to(device, dtype).contiguous(),
    )


def _beside_linear(branch: Branch, _module: Any, sample: torch.Tensor, output: torch.Tensor) -> torch.Tensor:
    inner = functional.linear(sample.to(branch.down.dtype), branch.down)
    output = output.contiguous()  # fresh from the module, and nobody else's
    flat = output.view(-1, output.shape[-1])
    flat.addmm_(inner.view(-1, inner.shape[-1]).to(output.dtype), branch.up.T.to(output.dtype))
    return output


def _beside_convolution(branch: Branch, module: Any, sample: torch.Tensor, output: torch.Tensor) -> torch.Tensor:
    inner = module._conv_forward(sample.to(branch.down.dtype), branch.down, None)  # its own stride and padding
    return output.add_(functional.conv2d(inner, branch.up[:, :, None, None]).to(output.dtype))
