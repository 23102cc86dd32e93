"""Every tool there is. Its action is `tool.<id>`."""

from desktop.view.tools.base import Tool
from desktop.view.tools.cloning import CloneTool
from desktop.view.tools.extend import ExtendTool
from desktop.view.tools.filling import FillTool
from desktop.view.tools.gradient import GradientTool
from desktop.view.tools.lasso import LassoTool, PolygonLassoTool
from desktop.view.tools.magnetic import MagneticLassoTool
from desktop.view.tools.moving import MoveTool
from desktop.view.tools.painting import BrushTool, EraserTool
from desktop.view.tools.picking import EyedropperTool
from desktop.view.tools.placing import FrameTool, HandTool
from desktop.view.tools.route import RouteTool
from desktop.view.tools.selecting import EllipseTool, RectangleTool
from desktop.view.tools.selection_brush import SelectionBrushTool
from desktop.view.tools.shapes import ShapesTool
from desktop.view.tools.smudging import SmudgeTool
from desktop.view.tools.text import TextTool
from desktop.view.tools.transforming import TransformTool
from desktop.view.tools.wand import SelectColorTool, WandTool
from desktop.view.tools.zooming import ZoomTool

TOOL_CLASSES: tuple[type[Tool], ...] = (
    BrushTool,
    EraserTool,
    SmudgeTool,
    CloneTool,
    EyedropperTool,
    LassoTool,
    PolygonLassoTool,
    MagneticLassoTool,
    RectangleTool,
    EllipseTool,
    WandTool,
    SelectColorTool,
    SelectionBrushTool,
    FillTool,
    GradientTool,
    ShapesTool,
    TextTool,
    FrameTool,
    ExtendTool,
    RouteTool,
    MoveTool,
    TransformTool,
    HandTool,
    ZoomTool,
)
TOOL_IDS = tuple(tool.id for tool in TOOL_CLASSES)
