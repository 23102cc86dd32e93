"""What the person says a model is: it wins over what the file seems to be, and is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from pipelines.contract.models import Companion, Family, ModelKind, Prediction


@dataclass(frozen=True)
class Said:
    """The person's word about one model; None: not said, so the file decides."""

    kind: ModelKind | None = None
    family: Family | None = None
    variant: str | None = None
    prediction: Prediction | None = None
    companions: tuple[Companion, ...] = ()
    """Parts that the person chose for it; the library looks for the others."""

    def __bool__(self) -> bool:
        return self != Said()

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Reads what `to_dict` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        kind, family, prediction = data.get("kind"), data.get("family"), data.get("prediction")
        variant = data.get("variant")
        return cls(
            kind=None if kind is None else ModelKind(kind),
            family=None if family is None else Family(family),
            variant=None if variant is None else str(variant),
            prediction=None if prediction is None else Prediction(prediction),
            companions=tuple(Companion(str(one["part"]), str(one["path"])) for one in data.get("companions", ())),
        )
