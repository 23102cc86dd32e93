"""The names of undo steps: the document has them in English, the window shows them in its language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.i18n import mark

STEPS: dict[str, str] = {
    mark("history", "Add adjustment"): "palette",
    mark("history", "Add layer"): "layer-add",
    mark("history", "Add mask"): "quick-mask",
    mark("history", "Add region"): "regions",
    mark("history", "Apply mask"): "quick-mask",
    mark("history", "Blend mode"): "layers",
    mark("history", "Border of selection"): "combine-replace",
    mark("history", "Bring back generation"): "undo",
    mark("history", "Brush stroke"): "brush",
    mark("history", "Change adjustment"): "palette",
    mark("history", "Change control"): "control",
    mark("history", "Change layer"): "layers",
    mark("history", "Clear"): "delete",
    mark("history", "Clip layer"): "layers",
    mark("history", "Clone"): "clone",
    mark("history", "Cut"): "cut",
    mark("history", "Delete generation"): "delete",
    mark("history", "Delete region"): "delete",
    mark("history", "Disable mask"): "quick-mask",
    mark("history", "Duplicate layer"): "duplicate",
    mark("history", "Enable mask"): "quick-mask",
    mark("history", "Erase"): "eraser",
    mark("history", "Feather selection"): "lasso",
    mark("history", "Fill"): "palette",
    mark("history", "Flatten"): "merge-down",
    mark("history", "Forget selection"): "lasso",
    mark("history", "Frame"): "frame",
    mark("history", "Frame as layer"): "animate",
    mark("history", "Frames as layers"): "animate",
    mark("history", "Generate"): "spark",
    mark("history", "Gradient"): "palette",
    mark("history", "Group layers"): "group",
    mark("history", "Grow selection"): "combine-add",
    mark("history", "Guides"): "rulers",
    mark("history", "Hide layer"): "eye-off",
    mark("history", "Import pictures"): "import",
    mark("history", "Invert mask"): "quick-mask",
    mark("history", "Keep sweep"): "grid",
    mark("history", "Layer opacity"): "layers",
    mark("history", "Layer to the bottom"): "arrow-down",
    mark("history", "Layer to the top"): "arrow-up",
    mark("history", "Layer from control"): "control",
    mark("history", "Lock layer"): "lock",
    mark("history", "Lock transparency"): "alpha-lock",
    mark("history", "Lower layer"): "arrow-down",
    mark("history", "Merge layers"): "merge-down",
    mark("history", "Move layer pixels"): "move",
    mark("history", "Move layer"): "layers",
    mark("history", "Move layers"): "layers",
    mark("history", "Move selection"): "lasso",
    mark("history", "New layer from visible"): "layer-add",
    mark("history", "Note"): "text",
    mark("history", "Paint selection"): "selection-brush",
    mark("history", "Paint"): "brush",
    mark("history", "Plain layer"): "layers",
    mark("history", "Put image"): "paste",
    mark("history", "Raise layer"): "arrow-up",
    mark("history", "Release clipping"): "layers",
    mark("history", "Remove layer"): "delete",
    mark("history", "Remove layers"): "delete",
    mark("history", "Remove mask"): "delete",
    mark("history", "Remove regions"): "delete",
    mark("history", "Remove route"): "delete",
    mark("history", "Remove star"): "star",
    mark("history", "Region place"): "regions",
    mark("history", "Regions"): "regions",
    mark("history", "Rename layer"): "layers",
    mark("history", "Rename region"): "regions",
    mark("history", "Route window"): "route",
    mark("history", "Route"): "route",
    mark("history", "Save selection"): "lasso",
    mark("history", "Select"): "lasso",
    mark("history", "Shape"): "rectangle",
    mark("history", "Show layer"): "eye",
    mark("history", "Shrink selection"): "combine-subtract",
    mark("history", "Smooth selection"): "lasso",
    mark("history", "Smudge"): "smudge",
    mark("history", "Star"): "star",
    mark("history", "Text"): "new",
    mark("history", "Ungroup"): "group",
    mark("history", "Unlock layer"): "unlock",
    mark("history", "Unlock transparency"): "alpha-lock",
    mark("history", "Upscale"): "zoom-in",
    mark("history", "Use as control"): "control",
    mark("history", "Use as reference"): "control",
    mark("history", "Use settings"): "again",
}
"""Name of a step -> the icon beside it. A step that is not here was named by the window, in its language."""


def step_text(name: str) -> str:
    """A step's name in the present language."""
    return QCoreApplication.translate("history", name) if name in STEPS else name


def step_icon(name: str) -> str:
    """The icon of a step, empty when it has none of its own."""
    return STEPS.get(name, "")
