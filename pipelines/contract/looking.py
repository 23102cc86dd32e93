"""What is asked of a model that looks at a picture: words about it, or another picture that says what is seen in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from pipelines.contract.control import ControlKind
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.models import DescriptionStyle
from pipelines.contract.request import MAX_SIDE, Pixels

SEEN = frozenset({ControlKind.DEPTH, ControlKind.NORMAL, ControlKind.POSE, ControlKind.SEGMENTATION})
"""Kinds of control pictures that only a network, or a person, sees in a picture."""


@dataclass(frozen=True, eq=False)
class LookRequest:
    """A picture that is to be looked at; its kinds say for what."""

    name: ClassVar[str] = ""
    """The kind's name where it travels."""

    model: str
    """Id in the model library, of a model that does this."""
    image: Pixels
    """(height, width, 4) straight RGBA; what is transparent counts as white paper."""
    priority: int = field(default=0, kw_only=True)
    """Higher runs first; equal ones in order of arrival, pictures that are painted among them."""

    def check(self) -> None:
        """Raises InvalidRequestError naming the first bad field. Never repairs anything."""
        if not self.model:
            raise InvalidRequestError(
                "model", "No model that looks at pictures is chosen. Choose one in the model library."
            )
        shape = self.image.shape
        if self.image.dtype != np.uint8 or len(shape) != 3 or shape[2] != 4 or not shape[0] * shape[1]:
            raise InvalidRequestError("image", "The picture must be uint8 RGBA and hold a pixel at least.")
        if max(shape) > MAX_SIDE:
            raise InvalidRequestError(
                "image", f"The picture is {shape[1]} x {shape[0]} pixels; at most {MAX_SIDE} a side can be looked at."
            )
        if not self.image[..., 3].any():
            raise InvalidRequestError("image", "Nothing is painted there. Select something, or move the frame.")

    @property
    def models(self) -> tuple[str, ...]:
        """Ids of all models it names."""
        return (self.model,)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form without the pixels."""
        return {"model": self.model, "priority": self.priority}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], image: Pixels) -> Self:
        """Reads what `to_dict` wrote. Raises InvalidRequestError."""
        try:
            return cls.read(data, image)
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidRequestError("request", f"The request cannot be read: {error}.") from error

    @classmethod
    def read(cls, data: Mapping[str, Any], image: Pixels) -> Self:
        """As `from_dict`; raises KeyError, TypeError or ValueError."""
        return cls(str(data["model"]), image, priority=int(data["priority"]))


@dataclass(frozen=True, eq=False)
class DescriptionRequest(LookRequest):
    """A picture that is to be described."""

    name: ClassVar[str] = "description"

    style: DescriptionStyle = DescriptionStyle.SENTENCE

    def to_dict(self) -> dict[str, Any]:
        """The JSON form without the pixels."""
        return {**super().to_dict(), "style": str(self.style)}

    @classmethod
    def read(cls, data: Mapping[str, Any], image: Pixels) -> Self:
        """As `from_dict`; raises KeyError, TypeError or ValueError."""
        return cls(str(data["model"]), image, DescriptionStyle(data["style"]), priority=int(data["priority"]))


@dataclass(frozen=True, eq=False)
class AnnotationRequest(LookRequest):
    """A picture in which depth, poses or the like are to be seen; the answer is a picture of the same size."""

    name: ClassVar[str] = "annotation"

    kind: ControlKind = ControlKind.DEPTH
    """Of `SEEN`."""
    finder: str = ""
    """For poses: id of the model that finds the people first; empty: there is one, and he fills the picture."""

    def check(self) -> None:
        """Raises InvalidRequestError naming the first bad field."""
        super().check()
        if self.kind not in SEEN:
            known = ", ".join(sorted(SEEN))
            raise InvalidRequestError("kind", f"No network sees '{self.kind}' in a picture. Choose one of {known}.")

    @property
    def models(self) -> tuple[str, ...]:
        """Ids of all models it names."""
        return tuple(name for name in (self.model, self.finder) if name)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form without the pixels."""
        return {**super().to_dict(), "kind": str(self.kind), "finder": self.finder}

    @classmethod
    def read(cls, data: Mapping[str, Any], image: Pixels) -> Self:
        """As `from_dict`; raises KeyError, TypeError or ValueError."""
        kind, finder = ControlKind(data["kind"]), str(data["finder"])
        return cls(str(data["model"]), image, kind, finder, priority=int(data["priority"]))
