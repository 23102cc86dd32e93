"""A header made quick to ask: does a name occur, does one begin so, does one contain this, what shape has it."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import NamedTuple

from pipelines.contract.models import Family, ModelKind, Prediction
from pipelines.library.header import Header

CONTEXT_WIDTHS = {768: Family.SD1, 1024: Family.SD2, 2048: Family.SDXL}
"""Width of the text states that a UNet's cross attention reads."""


class Identity(NamedTuple):
    """What a file was recognised as."""

    kind: ModelKind
    family: Family = Family.UNKNOWN
    variant: str = ""
    prediction: Prediction = Prediction.UNKNOWN
    zero_terminal_snr: bool = False
    quantized: str = ""
    holds: tuple[str, ...] = ()
    """Parts of a pipeline that a checkpoint has in it: `unet` or `transformer`, `vae`, `text_encoder` …"""


class Tensors:
    """The names and shapes of one file."""

    def __init__(self, header: Header) -> None:
        self.shapes = header.shapes
        self.metadata = header.metadata
        self.names_only = header.names_only

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.shapes)

    @cached_property
    def _text(self) -> str:
        return "\n" + "\n".join(self.shapes) + "\n"

    def has(self, *names: str) -> bool:
        """Whether all of these names occur."""
        return all(name in self.shapes for name in names)

    def begins(self, *prefixes: str) -> bool:
        """Whether a name begins with one of these."""
        return any(self.first(prefix) is not None for prefix in prefixes)

    def first(self, prefix: str) -> str | None:
        """The first name, in alphabetical order, that begins so."""
        at = bisect_left(self._sorted, prefix)
        found = self._sorted[at] if at < len(self._sorted) else ""
        return found if found.startswith(prefix) and found else None

    def contains(self, *parts: str) -> bool:
        """Whether one of these occurs in a name."""
        return any(part in self._text for part in parts)

    def shape(self, *names: str) -> tuple[int, ...]:
        """The shape of the first of these names that is there and whose shape is known; else empty."""
        return next((shape for name in names if (shape := self.shapes.get(name, ()))), ())

    def side(self, at: int, *names: str) -> int:
        """One side of `shape(*names)`; 0 where it is not known."""
        shape = self.shape(*names)
        return shape[at] if -len(shape) <= at < len(shape) else 0

    def width_of(self, ending: str, at: int = 1, *, within: str = "") -> int:
        """That side of the first tensor whose name ends so and contains `within`; 0 where there is none."""
        if ending not in self._text:
            return 0
        for name, shape in self.shapes.items():
            if name.endswith(ending) and within in name and len(shape) > at:
                return shape[at]
        return 0

    def prefix_of(self, *names: str) -> str | None:
        """What stands before one of these names in this file: a wrapping of `WRAPPINGS`; None where none occurs."""
        for wrapping in WRAPPINGS:
            if any(wrapping + name in self.shapes for name in names):
                return wrapping
        return None


WRAPPINGS = ("", "model.diffusion_model.", "diffusion_model.", "transformer.", "unet.", "model.", "net.")
"""What stands before a network's names in files of different origin."""
