"""The table of all actions and menus, and how a row becomes a Qt action."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from desktop.actions.controls import CONTROLS
from desktop.actions.edit import EDIT
from desktop.actions.file import FILE
from desktop.actions.generate import GENERATE
from desktop.actions.help import HELP
from desktop.actions.layer import LAYER
from desktop.actions.live import LIVE
from desktop.actions.log import LOG
from desktop.actions.models import MODELS
from desktop.actions.prompt import PROMPT
from desktop.actions.regions import REGIONS
from desktop.actions.route import ROUTE
from desktop.actions.select import SELECT
from desktop.actions.spec import ActionSpec
from desktop.actions.sweeps import SWEEPS
from desktop.actions.tool import TOOL
from desktop.actions.view import VIEW
from desktop.i18n import mark

ACTIONS: tuple[ActionSpec, ...] = (
    FILE
    + EDIT
    + SELECT
    + LAYER
    + CONTROLS
    + TOOL
    + VIEW
    + GENERATE
    + PROMPT
    + MODELS
    + SWEEPS
    + REGIONS
    + ROUTE
    + LIVE
    + LOG
    + HELP
)

MENUS: tuple[tuple[str, str], ...] = (
    ("file", mark("actions", "&File")),
    ("edit", mark("actions", "&Edit")),
    ("edit/transform", mark("actions", "Transform")),
    ("edit/align", mark("actions", "Align")),
    ("edit/nudge", mark("actions", "Nudge")),
    ("select", mark("actions", "&Select")),
    ("select/combine", mark("actions", "New Shapes")),
    ("select/saved", mark("actions", "Saved Selections")),
    ("layer", mark("actions", "&Layer")),
    ("layer/mask", mark("actions", "Mask")),
    ("layer/adjust", mark("actions", "New Adjustment")),
    ("layer/control", mark("actions", "Control")),
    ("layer/follow", mark("actions", "What to Follow")),
    ("layer/merge", mark("actions", "Merge")),
    ("layer/order", mark("actions", "Order")),
    ("tool", mark("actions", "&Tools")),
    ("tool/symmetry", mark("actions", "Symmetry")),
    ("tool/presets", mark("actions", "Brush Presets")),
    ("generate", mark("actions", "&Generate")),
    ("generate/mode", mark("actions", "Mode")),
    ("generate/expand", mark("actions", "Expand by a Step")),
    ("generate/words", mark("actions", "Prompt")),
    ("generate/describe", mark("actions", "Describe")),
    ("generate/regions", mark("actions", "Regions")),
    ("generate/vary", mark("actions", "Vary")),
    ("generate/sweep", mark("actions", "Sweep on the Canvas")),
    ("generate/route", mark("actions", "Route")),
    ("generate/live", mark("actions", "Live Painting")),
    ("generate/history", mark("actions", "History")),
    ("generate/models", mark("actions", "Models")),
    ("view", mark("actions", "&View")),
    ("view/aids", mark("actions", "Grids, Rulers and Guides")),
    ("view/panels", mark("actions", "Panels")),
    ("view/theme", mark("actions", "Theme")),
    ("view/language", mark("actions", "Language")),
    ("help", mark("actions", "&Help")),
)
"""Menus in the order of the menu bar; a submenu follows its parent."""


def translate(text: str) -> str:
    """A text of the table in the present language."""
    return QCoreApplication.translate("actions", text)


def make_action(spec: ActionSpec, parent: QObject) -> QAction:
    """The Qt action of a row, with its name, keys and texts; its icon and handler are the window's business."""
    action = QAction(parent)
    action.setObjectName(spec.id)
    action.setCheckable(spec.checkable)
    action.setMenuRole(spec.role)
    action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setAutoRepeat(spec.id.startswith(("brush.", "view.", "edit.undo", "edit.redo", "edit.nudge")))
    set_texts(action, spec)
    return action


def set_texts(action: QAction, spec: ActionSpec) -> None:
    """Sets text and tool tip in the present language; the tip ends with the shortcut."""
    action.setText(translate(spec.text))
    tip, keys = translate(spec.tip), native_shortcut(spec)
    title = translate(spec.text).rstrip("…")
    action.setStatusTip(tip)
    action.setToolTip(f"{title} ({keys})\n{tip}" if keys else f"{title}\n{tip}")


def native_shortcut(spec: ActionSpec) -> str:
    """The shortcut as this system writes it."""
    text = QKeySequence(spec.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
    if sys.platform != "darwin":
        text = text.replace("Return", "Enter")
    return text
