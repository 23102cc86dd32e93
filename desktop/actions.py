"""The table of everything a person can do: stable ids, texts, keys, places in the menus."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from desktop.i18n import mark


@dataclass(frozen=True)
class ActionSpec:
    """One action. Texts are English sources of the context `actions`."""

    id: str
    """Stable name, `<menu>.<verb>`."""
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    """Shortcuts that work in the whole window; the first is shown. Text fields keep plain letters for themselves."""
    canvas_keys: tuple[str, ...] = ()
    """Keys that work while the canvas has the keyboard. Several actions may share one: the first enabled runs."""
    menu: str = ""
    """Menu, or `menu/submenu`; empty keeps it out of the menus (the palette shows it all the same)."""
    icon: str = ""
    """Name of an SVG in resources/icons."""
    needs: str = ""
    """Name of a condition in `MainWindow.conditions`; empty is always possible."""
    checkable: bool = False
    group: str = ""
    """Checkable actions of one group exclude each other."""
    separator: bool = False
    """A line above it in the menu."""
    role: QAction.MenuRole = QAction.MenuRole.NoRole
    """Where macOS moves it."""

    @property
    def shortcut(self) -> str:
        """What is shown as its shortcut, portable text."""
        keys = self.keys or self.canvas_keys
        return keys[0] if keys else ""


_A = ActionSpec

FILE = (
    _A("file.new", mark("actions", "New"), mark("actions", "A new painting in a window of its own"),
       ("Ctrl+N",), menu="file", icon="new"),
    _A("file.open", mark("actions", "Open…"), mark("actions", "Open a painting (.scroll, .ora) or a picture"),
       ("Ctrl+O",), menu="file", icon="open"),
    _A("file.import", mark("actions", "Import Pictures…"),
       mark("actions", "Put picture files on the canvas, each as a layer of its own"),
       ("Ctrl+Shift+I",), menu="file", icon="import", separator=True),
    _A("file.export", mark("actions", "Export…"),
       mark("actions", "Write the frame, the selection or everything as PNG, JPEG, WebP, TIFF or OpenRaster"),
       ("Ctrl+E",), menu="file", icon="export"),
    _A("file.save", mark("actions", "Save"),
       mark("actions", "Everything is kept as you paint; this makes sure that it is on disk now"),
       ("Ctrl+S",), menu="file", icon="save", separator=True),
    _A("file.save-as", mark("actions", "Save As…"),
       mark("actions", "Give the painting a name and a place, and go on there"),
       ("Ctrl+Shift+S",), menu="file"),
    _A("file.clear-recent", mark("actions", "Clear Recent Files"), mark("actions", "Forget the list of recent files")),
    _A("file.close", mark("actions", "Close Window"), mark("actions", "Close this painting; it is kept as it is"),
       ("Ctrl+W",), menu="file", separator=True),
    _A("file.quit", mark("actions", "Quit"), mark("actions", "Close all paintings; the next start opens them again"),
       ("Ctrl+Q",), menu="file", role=QAction.MenuRole.QuitRole),
)  # fmt: skip

EDIT = (
    _A("edit.undo", mark("actions", "Undo"), mark("actions", "Take the last step back"),
       ("Ctrl+Z",), menu="edit", icon="undo", needs="undo"),
    _A("edit.redo", mark("actions", "Redo"), mark("actions", "Do the step again that was taken back"),
       ("Ctrl+Shift+Z", "Ctrl+Y"), menu="edit", icon="redo", needs="redo"),
    _A("edit.cut", mark("actions", "Cut"), mark("actions", "Move the selected pixels of this layer to the clipboard"),
       ("Ctrl+X",), menu="edit", icon="cut", needs="paintable", separator=True),
    _A("edit.copy", mark("actions", "Copy"), mark("actions", "Copy the selection, as it looks, to the clipboard"),
       ("Ctrl+C",), menu="edit", icon="copy"),
    _A("edit.copy-layer", mark("actions", "Copy from Layer"),
       mark("actions", "Copy the selected pixels of this layer only"),
       ("Ctrl+Shift+C",), menu="edit", needs="paintable"),
    _A("edit.paste", mark("actions", "Paste"),
       mark("actions", "Put the clipboard's picture on the canvas as a new layer"),
       ("Ctrl+V",), menu="edit", icon="paste"),
    _A("edit.clear", mark("actions", "Clear"), mark("actions", "Clear the selected pixels, or the whole layer"),
       ("Del",), menu="edit", needs="paintable"),
    _A("palette.open", mark("actions", "Find an Action…"),
       mark("actions", "Search everything the program can do and run it"),
       ("Ctrl+K",), menu="edit", icon="search", separator=True),
    _A("edit.preferences", mark("actions", "Preferences…"), mark("actions", "Theme, language, undo memory, engine"),
       ("Ctrl+,",), menu="edit", icon="settings", role=QAction.MenuRole.PreferencesRole),
)  # fmt: skip

SELECT = (
    _A("select.all", mark("actions", "Select Frame"),
       mark("actions", "Select the whole frame"), ("Ctrl+A",), menu="select"),
    _A("select.none", mark("actions", "Deselect"), mark("actions", "Drop the selection"),
       ("Ctrl+D", "Ctrl+Shift+A"), menu="select", needs="selection"),
    _A("select.invert", mark("actions", "Invert Selection"),
       mark("actions", "Select what is not selected, within the frame and the selection"),
       ("Ctrl+I",), menu="select", needs="selection"),
    _A("select.grow", mark("actions", "Grow by 8 Pixels"),
       mark("actions", "Move the selection's edge 8 pixels outwards"),
       menu="select", needs="selection", separator=True),
    _A("select.shrink", mark("actions", "Shrink by 8 Pixels"),
       mark("actions", "Move the selection's edge 8 pixels inwards"),
       menu="select", needs="selection"),
    _A("select.feather", mark("actions", "Feather by 8 Pixels"), mark("actions", "Make the selection's edge soft"),
       menu="select", needs="selection"),
    _A("select.frame", mark("actions", "Frame around Selection"), mark("actions", "Put the frame around the selection"),
       menu="select", needs="selection", separator=True),
)  # fmt: skip

LAYER = (
    _A("layer.add", mark("actions", "New Layer"), mark("actions", "A new empty layer above this one"),
       ("Ctrl+Shift+N",), menu="layer", icon="layer-add"),
    _A("layer.group", mark("actions", "New Group"), mark("actions", "Put this layer into a new group"),
       ("Ctrl+G",), menu="layer", icon="group"),
    _A("layer.duplicate", mark("actions", "Duplicate Layer"), mark("actions", "A copy of this layer, above it"),
       ("Ctrl+J",), menu="layer", icon="duplicate", needs="layer"),
    _A("layer.delete", mark("actions", "Delete Layer"), mark("actions", "Take this layer out of the painting"),
       ("Shift+Del",), menu="layer", icon="delete", needs="layer"),
    _A("layer.merge-down", mark("actions", "Merge Down"), mark("actions", "Make this layer one with the layer below"),
       ("Ctrl+Shift+E",), menu="layer", icon="merge-down", needs="layer-below"),
    _A("layer.rename", mark("actions", "Rename Layer"), mark("actions", "Give this layer another name"),
       ("F2",), menu="layer", needs="layer", separator=True),
    _A("layer.toggle-visible", mark("actions", "Show or Hide Layer"),
       mark("actions", "Hide this layer, or show it again"),
       ("Ctrl+H",), menu="layer", icon="eye", needs="layer"),
    _A("layer.lock", mark("actions", "Lock or Unlock Layer"), mark("actions", "Protect this layer from changes"),
       ("Ctrl+/",), menu="layer", icon="lock", needs="layer"),
    _A("layer.up", mark("actions", "Raise Layer"), mark("actions", "Move this layer one place up"),
       ("Ctrl+]",), menu="layer", icon="arrow-up", needs="layer", separator=True),
    _A("layer.down", mark("actions", "Lower Layer"), mark("actions", "Move this layer one place down"),
       ("Ctrl+[",), menu="layer", icon="arrow-down", needs="layer"),
)  # fmt: skip

TOOL = (
    _A("tool.brush", mark("actions", "Brush"), mark("actions", "Paint"),
       ("B",), menu="tool", icon="brush", checkable=True, group="tool"),
    _A("tool.eraser", mark("actions", "Eraser"), mark("actions", "Erase"),
       ("E",), menu="tool", icon="eraser", checkable=True, group="tool"),
    _A("tool.eyedropper", mark("actions", "Eyedropper"), mark("actions", "Take a colour from the canvas"),
       ("I",), menu="tool", icon="eyedropper", checkable=True, group="tool"),
    _A("tool.lasso", mark("actions", "Lasso"),
       mark("actions", "Draw around what should change, then type (Shift adds, Alt takes away)"),
       ("L",), menu="tool", icon="lasso", checkable=True, group="tool"),
    _A("tool.rectangle", mark("actions", "Rectangle Selection"),
       mark("actions", "Select a rectangle, then type (Shift adds, Alt takes away)"),
       ("M",), menu="tool", icon="rectangle", checkable=True, group="tool"),
    _A("tool.frame", mark("actions", "Frame"),
       mark("actions", "Move and resize the frame: the place that is generated"),
       ("C",), menu="tool", icon="frame", checkable=True, group="tool"),
    _A("tool.move", mark("actions", "Move Layer"), mark("actions", "Move this layer"),
       ("V",), menu="tool", icon="move", checkable=True, group="tool"),
    _A("tool.hand", mark("actions", "Hand"), mark("actions", "Move the view (hold Space with any tool)"),
       ("H",), menu="tool", icon="hand", checkable=True, group="tool"),
    _A("brush.larger", mark("actions", "Larger Brush"), mark("actions", "Make the brush larger"),
       ("]",), menu="tool", separator=True),
    _A("brush.smaller", mark("actions", "Smaller Brush"),
       mark("actions", "Make the brush smaller"), ("[",), menu="tool"),
    _A("brush.harder", mark("actions", "Harder Brush"), mark("actions", "Make the brush's edge harder"),
       ("Shift+]", "}"), menu="tool"),
    _A("brush.softer", mark("actions", "Softer Brush"), mark("actions", "Make the brush's edge softer"),
       ("Shift+[", "{"), menu="tool"),
    _A("color.swap", mark("actions", "Swap Colours"), mark("actions", "Swap the colour with the one before it"),
       ("X",), menu="tool", icon="swap", separator=True),
    _A("color.default", mark("actions", "Black and White"), mark("actions", "Paint black, with white in reserve"),
       ("D",), menu="tool"),
)  # fmt: skip

VIEW = (
    _A("view.zoom-in", mark("actions", "Zoom In"), mark("actions", "See it larger"),
       ("Ctrl++", "Ctrl+=", "+", "="), menu="view", icon="zoom-in"),
    _A("view.zoom-out", mark("actions", "Zoom Out"), mark("actions", "See more of it"),
       ("Ctrl+-", "-"), menu="view", icon="zoom-out"),
    _A("view.fit", mark("actions", "Fit Painting"), mark("actions", "Show everything that is painted, and the frame"),
       ("Ctrl+0",), menu="view", icon="fit"),
    _A("view.fit-frame", mark("actions", "Fit Frame"), mark("actions", "Show the frame as large as it fits"),
       ("Ctrl+Shift+0", "Ctrl+)"), menu="view"),
    _A("view.100", mark("actions", "Actual Pixels"), mark("actions", "One pixel of the painting is one of the screen"),
       ("Ctrl+1",), menu="view"),
    _A("view.rotate-left", mark("actions", "Rotate Left"), mark("actions", "Turn the view 15° to the left"),
       ("Ctrl+Left",), menu="view", icon="rotate-left", separator=True),
    _A("view.rotate-right", mark("actions", "Rotate Right"), mark("actions", "Turn the view 15° to the right"),
       ("Ctrl+Right",), menu="view", icon="rotate-right"),
    _A("view.reset", mark("actions", "Reset Rotation"), mark("actions", "Turn the view upright again"),
       ("Ctrl+Up",), menu="view"),
    _A("view.mirror", mark("actions", "Mirror View"), mark("actions", "See the painting mirrored; nothing is changed"),
       ("Ctrl+Shift+M",), menu="view", icon="mirror", checkable=True),
    _A("view.canvas-only", mark("actions", "Canvas Only"), mark("actions", "Hide everything but the painting"),
       ("F11",), ("Tab",), menu="view", icon="canvas-only", checkable=True, separator=True),
    _A("panel.prompt", mark("actions", "Prompt Panel"), mark("actions", "Show or hide the prompt panel"),
       ("F5",), menu="view/panels", checkable=True),
    _A("panel.layers", mark("actions", "Layers Panel"), mark("actions", "Show or hide the layers panel"),
       ("F6",), menu="view/panels", checkable=True),
    _A("panel.brush", mark("actions", "Brush Panel"), mark("actions", "Show or hide the brush panel"),
       ("F7",), menu="view/panels", checkable=True),
    _A("panel.colour", mark("actions", "Colour Panel"), mark("actions", "Show or hide the colour panel"),
       ("F8",), menu="view/panels", checkable=True),
    _A("panel.history", mark("actions", "History Panel"), mark("actions", "Show or hide the history of generations"),
       ("F9",), menu="view/panels", checkable=True),
    _A("panel.queue", mark("actions", "Queue Panel"), mark("actions", "Show or hide the queue of jobs"),
       ("F10",), menu="view/panels", checkable=True),
    _A("panel.reset", mark("actions", "Default Layout"),
       mark("actions", "Put all panels back to where they were at first"),
       menu="view/panels", separator=True),
    _A("theme.dark", mark("actions", "Dark Theme"), mark("actions", "Dark surroundings"),
       menu="view/theme", checkable=True, group="theme"),
    _A("theme.light", mark("actions", "Light Theme"), mark("actions", "Light surroundings"),
       menu="view/theme", checkable=True, group="theme"),
    _A("language.system", mark("actions", "Language of the System"), mark("actions", "Use the system's language"),
       menu="view/language", checkable=True, group="language"),
    _A("language.en", "English", "Use English", menu="view/language", checkable=True, group="language"),
    _A("language.zh_CN", "简体中文", "使用简体中文", menu="view/language", checkable=True, group="language"),
)  # fmt: skip

GENERATE = (
    _A("generate.accept", mark("actions", "Keep Candidate"), mark("actions", "Keep the shown picture as a new layer"),
       ("Ctrl+Shift+Return",), ("Return", "Enter"), menu="generate", icon="check", needs="candidates"),
    _A("generate.run", mark("actions", "Generate"),
       mark("actions", "Paint what the wide button says: the selection or the frame"),
       ("Ctrl+Return", "Ctrl+Enter"), ("Return", "Enter"), menu="generate", icon="generate"),
    _A("generate.discard", mark("actions", "Drop Candidates"),
       mark("actions", "Take the candidates off the canvas; the history keeps them"),
       ("Ctrl+Shift+Backspace",), ("Esc",), menu="generate", icon="close", needs="candidates"),
    _A("generate.next", mark("actions", "Next Candidate"), mark("actions", "Show the next picture of the batch"),
       (), ("Right",), menu="generate", needs="candidates"),
    _A("generate.previous", mark("actions", "Previous Candidate"),
       mark("actions", "Show the picture of the batch before this one"),
       (), ("Left",), menu="generate", needs="candidates"),
    _A("generate.again", mark("actions", "Again"), mark("actions", "Another batch of the same with a new seed"),
       ("Ctrl+R",), menu="generate", icon="again"),
    _A("generate.cancel", mark("actions", "Cancel Job"), mark("actions", "Cancel this painting's newest job"),
       ("Shift+Esc",), menu="generate", icon="stop", needs="jobs"),
    _A("generate.mode.auto", mark("actions", "Decide by the Picture"),
       mark("actions", "Frame, selection and what is painted decide what is generated"),
       menu="generate/mode", checkable=True, group="mode", separator=True),
    _A("generate.mode.text-to-image", mark("actions", "Text to Image"),
       mark("actions", "Always paint from the words alone"),
       menu="generate/mode", checkable=True, group="mode"),
    _A("generate.mode.image-to-image", mark("actions", "Image to Image"),
       mark("actions", "Always repaint what the frame holds"),
       menu="generate/mode", checkable=True, group="mode"),
    _A("generate.mode.inpaint", mark("actions", "Inpaint"), mark("actions", "Always repaint the selection"),
       menu="generate/mode", checkable=True, group="mode"),
    _A("generate.mode.outpaint", mark("actions", "Outpaint"),
       mark("actions", "Always grow into the empty part of the frame"),
       menu="generate/mode", checkable=True, group="mode"),
    _A("prompt.focus", mark("actions", "Go to the Prompt"), mark("actions", "Type in the prompt panel"),
       ("Ctrl+P",), menu="generate", separator=True),
    _A("models.folders", mark("actions", "Model Folders…"), mark("actions", "Add folders with models of your own"),
       menu="generate", icon="folder"),
)  # fmt: skip

HELP = (
    _A("help.welcome", mark("actions", "Welcome"),
       mark("actions", "Three things to try"), ("F1",), menu="help", icon="spark"),
    _A("help.shortcuts", mark("actions", "Keyboard Shortcuts"), mark("actions", "All keys on one page"),
       ("Ctrl+F1",), menu="help"),
    _A("help.log", mark("actions", "Show Log File"),
       mark("actions", "Open the folder with the program's log"), menu="help"),
    _A("help.about", mark("actions", "About Handscroll"), mark("actions", "Version and licences"),
       menu="help", separator=True, role=QAction.MenuRole.AboutRole),
)  # fmt: skip

ACTIONS: tuple[ActionSpec, ...] = FILE + EDIT + SELECT + LAYER + TOOL + VIEW + GENERATE + HELP

MENUS: tuple[tuple[str, str], ...] = (
    ("file", mark("actions", "&File")),
    ("edit", mark("actions", "&Edit")),
    ("select", mark("actions", "&Select")),
    ("layer", mark("actions", "&Layer")),
    ("tool", mark("actions", "&Tools")),
    ("generate", mark("actions", "&Generate")),
    ("generate/mode", mark("actions", "Mode")),
    ("view", mark("actions", "&View")),
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
    action.setAutoRepeat(spec.id.startswith(("brush.", "view.", "edit.undo", "edit.redo")))
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
