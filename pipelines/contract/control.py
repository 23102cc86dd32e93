"""What a control picture shows."""

from __future__ import annotations

from enum import StrEnum


class ControlKind(StrEnum):
    """Kinds of control pictures by the names people know. Lines and edges are white on black."""

    UNKNOWN = ""
    """Nobody said; a network that follows one kind needs no word."""
    CANNY = "canny"
    LINEART = "lineart"
    SOFTEDGE = "softedge"
    SCRIBBLE = "scribble"
    DEPTH = "depth"
    """White is near."""
    NORMAL = "normal"
    POSE = "pose"
    SEGMENTATION = "segmentation"
    TILE = "tile"
    INPAINT = "inpaint"
    """The picture itself, transparent where it is to be made anew."""
    BLUR = "blur"
    GRAY = "gray"


LINES = frozenset({ControlKind.CANNY, ControlKind.LINEART, ControlKind.SOFTEDGE, ControlKind.SCRIBBLE})
"""Kinds whose pictures are lines."""
