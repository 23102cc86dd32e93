"""Every tool there is. Its action is `tool.<id>`."""

from desktop.view.tools.base import Tool
from desktop.view.tools.painting import BrushTool, EraserTool, EyedropperTool
from desktop.view.tools.placing import FrameTool, HandTool, MoveTool
from desktop.view.tools.selecting import LassoTool, RectangleTool

TOOL_CLASSES: tuple[type[Tool], ...] = (
    BrushTool,
    EraserTool,
    EyedropperTool,
    LassoTool,
    RectangleTool,
    FrameTool,
    MoveTool,
    HandTool,
)
TOOL_IDS = tuple(tool.id for tool in TOOL_CLASSES)
