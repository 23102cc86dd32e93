"""Which add-ons fit which models."""

from __future__ import annotations

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo


def same_family(kind: str, addon: ModelInfo, model: ModelInfo) -> None:
    """Raises ModelError when both families are known and differ. `kind` is what people call the add-on: `LoRA`."""
    if addon.problem:
        raise ModelError(addon.problem)
    if Family.UNKNOWN in (addon.family, model.family) or addon.family is model.family:
        return
    raise ModelError(
        f"The {kind} '{addon.name}' is made for {addon.family.value}, and the model '{model.name}' is "
        f"{model.family.value}. Choose another {kind}, or another model."
    )
