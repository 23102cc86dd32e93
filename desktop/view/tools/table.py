"""All tools by their id, in the order of the tool bar. Each is imported and made when it is first taken in hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from desktop.view.tools.base import Tool, ToolHost

TOOL_PLACES = {
    "brush": ("painting", "BrushTool"),
    "eraser": ("painting", "EraserTool"),
    "smudge": ("smudging", "SmudgeTool"),
    "clone": ("cloning", "CloneTool"),
    "eyedropper": ("picking", "EyedropperTool"),
    "lasso": ("lasso", "LassoTool"),
    "polygon-lasso": ("lasso", "PolygonLassoTool"),
    "magnetic-lasso": ("magnetic", "MagneticLassoTool"),
    "rectangle": ("selecting", "RectangleTool"),
    "ellipse": ("selecting", "EllipseTool"),
    "wand": ("wand", "WandTool"),
    "select-color": ("wand", "SelectColorTool"),
    "selection-brush": ("selection_brush", "SelectionBrushTool"),
    "fill": ("filling", "FillTool"),
    "gradient": ("gradient", "GradientTool"),
    "shapes": ("shapes", "ShapesTool"),
    "text": ("text", "TextTool"),
    "frame": ("placing", "FrameTool"),
    "extend": ("extend", "ExtendTool"),
    "route": ("route", "RouteTool"),
    "move": ("moving", "MoveTool"),
    "transform": ("transforming", "TransformTool"),
    "hand": ("placing", "HandTool"),
    "zoom": ("zooming", "ZoomTool"),
}
"""Id -> (module of this package, class)."""
TOOL_IDS = tuple(TOOL_PLACES)


def tool_class(tool_id: str) -> type[Tool]:
    """The class of a tool. KeyError for an id that no tool has."""
    module, name = TOOL_PLACES[tool_id]
    return getattr(import_module(f"{__package__}.{module}"), name)


class Toolbox(Mapping[str, Tool]):
    """The tools of one view."""

    def __init__(self, host: ToolHost) -> None:
        self._host = host
        self._made: dict[str, Tool] = {}

    def __getitem__(self, tool_id: str) -> Tool:
        if tool_id not in self._made:
            self._made[tool_id] = tool_class(tool_id)(self._host)
        return self._made[tool_id]

    def __setitem__(self, tool_id: str, tool: Tool) -> None:
        self._made[tool_id] = tool

    def __iter__(self) -> Iterator[str]:
        return iter(TOOL_IDS)

    def __len__(self) -> int:
        return len(TOOL_IDS)
