"""The table of everything a person can do: stable ids, texts, keys, places in the menus."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence


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


_N = QT_TRANSLATE_NOOP
_A = ActionSpec

FILE = (
    _A("file.new", _N("actions", "New"), _N("actions", "A new painting in a window of its own"),
       ("Ctrl+N",), menu="file", icon="new"),
    _A("file.open", _N("actions", "Open…"), _N("actions", "Open a painting (.scroll, .ora) or a picture"),
       ("Ctrl+O",), menu="file", icon="open"),
    _A("file.import", _N("actions", "Import Pictures…"),
       _N("actions", "Put picture files on the canvas, each as a layer of its own"),
       ("Ctrl+Shift+I",), menu="file", icon="import", separator=True),
    _A("file.export", _N("actions", "Export…"),
       _N("actions", "Write the frame, the selection or everything as PNG, JPEG, WebP, TIFF or OpenRaster"),
       ("Ctrl+E",), menu="file", icon="export"),
    _A("file.save", _N("actions", "Save"),
       _N("actions", "Everything is kept as you paint; this makes sure that it is on disk now"),
       ("Ctrl+S",), menu="file", icon="save", separator=True),
    _A("file.save-as", _N("actions", "Save As…"),
       _N("actions", "Give the painting a name and a place, and go on there"),
       ("Ctrl+Shift+S",), menu="file"),
    _A("file.clear-recent", _N("actions", "Clear Recent Files"), _N("actions", "Forget the list of recent files")),
    _A("file.close", _N("actions", "Close Window"), _N("actions", "Close this painting; it is kept as it is"),
       ("Ctrl+W",), menu="file", separator=True),
    _A("file.quit", _N("actions", "Quit"), _N("actions", "Close all paintings; the next start opens them again"),
       ("Ctrl+Q",), menu="file", role=QAction.MenuRole.QuitRole),
)  # fmt: skip

EDIT = (
    _A("edit.undo", _N("actions", "Undo"), _N("actions", "Take the last step back"),
       ("Ctrl+Z",), menu="edit", icon="undo", needs="undo"),
    _A("edit.redo", _N("actions", "Redo"), _N("actions", "Do the step again that was taken back"),
       ("Ctrl+Shift+Z", "Ctrl+Y"), menu="edit", icon="redo", needs="redo"),
    _A("edit.cut", _N("actions", "Cut"), _N("actions", "Move the selected pixels of this layer to the clipboard"),
       ("Ctrl+X",), menu="edit", icon="cut", needs="paintable", separator=True),
    _A("edit.copy", _N("actions", "Copy"), _N("actions", "Copy the selection, as it looks, to the clipboard"),
       ("Ctrl+C",), menu="edit", icon="copy"),
    _A("edit.copy-layer", _N("actions", "Copy from Layer"),
       _N("actions", "Copy the selected pixels of this layer only"),
       ("Ctrl+Shift+C",), menu="edit", needs="paintable"),
    _A("edit.paste", _N("actions", "Paste"), _N("actions", "Put the clipboard's picture on the canvas as a new layer"),
       ("Ctrl+V",), menu="edit", icon="paste"),
    _A("edit.clear", _N("actions", "Clear"), _N("actions", "Clear the selected pixels, or the whole layer"),
       ("Del",), menu="edit", needs="paintable"),
    _A("palette.open", _N("actions", "Find an Action…"),
       _N("actions", "Search everything the program can do and run it"),
       ("Ctrl+K",), menu="edit", icon="search", separator=True),
    _A("edit.preferences", _N("actions", "Preferences…"), _N("actions", "Theme, language, undo memory, engine"),
       ("Ctrl+,",), menu="edit", icon="settings", role=QAction.MenuRole.PreferencesRole),
)  # fmt: skip

SELECT = (
    _A("select.all", _N("actions", "Select Frame"),
       _N("actions", "Select the whole frame"), ("Ctrl+A",), menu="select"),
    _A("select.none", _N("actions", "Deselect"), _N("actions", "Drop the selection"),
       ("Ctrl+D", "Ctrl+Shift+A"), menu="select", needs="selection"),
    _A("select.invert", _N("actions", "Invert Selection"),
       _N("actions", "Select what is not selected, within the frame and the selection"),
       ("Ctrl+I",), menu="select", needs="selection"),
    _A("select.grow", _N("actions", "Grow by 8 Pixels"), _N("actions", "Move the selection's edge 8 pixels outwards"),
       menu="select", needs="selection", separator=True),
    _A("select.shrink", _N("actions", "Shrink by 8 Pixels"),
       _N("actions", "Move the selection's edge 8 pixels inwards"),
       menu="select", needs="selection"),
    _A("select.feather", _N("actions", "Feather by 8 Pixels"), _N("actions", "Make the selection's edge soft"),
       menu="select", needs="selection"),
    _A("select.frame", _N("actions", "Frame around Selection"), _N("actions", "Put the frame around the selection"),
       menu="select", needs="selection", separator=True),
)  # fmt: skip

LAYER = (
    _A("layer.add", _N("actions", "New Layer"), _N("actions", "A new empty layer above this one"),
       ("Ctrl+Shift+N",), menu="layer", icon="layer-add"),
    _A("layer.group", _N("actions", "New Group"), _N("actions", "Put this layer into a new group"),
       ("Ctrl+G",), menu="layer", icon="group"),
    _A("layer.duplicate", _N("actions", "Duplicate Layer"), _N("actions", "A copy of this layer, above it"),
       ("Ctrl+J",), menu="layer", icon="duplicate", needs="layer"),
    _A("layer.delete", _N("actions", "Delete Layer"), _N("actions", "Take this layer out of the painting"),
       ("Shift+Del",), menu="layer", icon="delete", needs="layer"),
    _A("layer.merge-down", _N("actions", "Merge Down"), _N("actions", "Make this layer one with the layer below"),
       ("Ctrl+Shift+E",), menu="layer", icon="merge-down", needs="layer-below"),
    _A("layer.rename", _N("actions", "Rename Layer"), _N("actions", "Give this layer another name"),
       ("F2",), menu="layer", needs="layer", separator=True),
    _A("layer.toggle-visible", _N("actions", "Show or Hide Layer"), _N("actions", "Hide this layer, or show it again"),
       ("Ctrl+H",), menu="layer", icon="eye", needs="layer"),
    _A("layer.lock", _N("actions", "Lock or Unlock Layer"), _N("actions", "Protect this layer from changes"),
       ("Ctrl+/",), menu="layer", icon="lock", needs="layer"),
    _A("layer.up", _N("actions", "Raise Layer"), _N("actions", "Move this layer one place up"),
       ("Ctrl+]",), menu="layer", icon="arrow-up", needs="layer", separator=True),
    _A("layer.down", _N("actions", "Lower Layer"), _N("actions", "Move this layer one place down"),
       ("Ctrl+[",), menu="layer", icon="arrow-down", needs="layer"),
)  # fmt: skip

TOOL = (
    _A("tool.brush", _N("actions", "Brush"), _N("actions", "Paint"),
       ("B",), menu="tool", icon="brush", checkable=True, group="tool"),
    _A("tool.eraser", _N("actions", "Eraser"), _N("actions", "Erase"),
       ("E",), menu="tool", icon="eraser", checkable=True, group="tool"),
    _A("tool.eyedropper", _N("actions", "Eyedropper"), _N("actions", "Take a colour from the canvas"),
       ("I",), menu="tool", icon="eyedropper", checkable=True, group="tool"),
    _A("tool.lasso", _N("actions", "Lasso"),
       _N("actions", "Draw around what should change, then type (Shift adds, Alt takes away)"),
       ("L",), menu="tool", icon="lasso", checkable=True, group="tool"),
    _A("tool.rectangle", _N("actions", "Rectangle Selection"),
       _N("actions", "Select a rectangle, then type (Shift adds, Alt takes away)"),
       ("M",), menu="tool", icon="rectangle", checkable=True, group="tool"),
    _A("tool.frame", _N("actions", "Frame"), _N("actions", "Move and resize the frame: the place that is generated"),
       ("C",), menu="tool", icon="frame", checkable=True, group="tool"),
    _A("tool.move", _N("actions", "Move Layer"), _N("actions", "Move this layer"),
       ("V",), menu="tool", icon="move", checkable=True, group="tool"),
    _A("tool.hand", _N("actions", "Hand"), _N("actions", "Move the view (hold Space with any tool)"),
       ("H",), menu="tool", icon="hand", checkable=True, group="tool"),
    _A("brush.larger", _N("actions", "Larger Brush"), _N("actions", "Make the brush larger"),
       ("]",), menu="tool", separator=True),
    _A("brush.smaller", _N("actions", "Smaller Brush"), _N("actions", "Make the brush smaller"), ("[",), menu="tool"),
    _A("brush.harder", _N("actions", "Harder Brush"), _N("actions", "Make the brush's edge harder"),
       ("Shift+]", "}"), menu="tool"),
    _A("brush.softer", _N("actions", "Softer Brush"), _N("actions", "Make the brush's edge softer"),
       ("Shift+[", "{"), menu="tool"),
    _A("color.swap", _N("actions", "Swap Colours"), _N("actions", "Swap the colour with the one before it"),
       ("X",), menu="tool", icon="swap", separator=True),
    _A("color.default", _N("actions", "Black and White"), _N("actions", "Paint black, with white in reserve"),
       ("D",), menu="tool"),
)  # fmt: skip

VIEW = (
    _A("view.zoom-in", _N("actions", "Zoom In"), _N("actions", "See it larger"),
       ("Ctrl++", "Ctrl+=", "+", "="), menu="view", icon="zoom-in"),
    _A("view.zoom-out", _N("actions", "Zoom Out"), _N("actions", "See more of it"),
       ("Ctrl+-", "-"), menu="view", icon="zoom-out"),
    _A("view.fit", _N("actions", "Fit Painting"), _N("actions", "Show everything that is painted, and the frame"),
       ("Ctrl+0",), menu="view", icon="fit"),
    _A("view.fit-frame", _N("actions", "Fit Frame"), _N("actions", "Show the frame as large as it fits"),
       ("Ctrl+Shift+0", "Ctrl+)"), menu="view"),
    _A("view.100", _N("actions", "Actual Pixels"), _N("actions", "One pixel of the painting is one of the screen"),
       ("Ctrl+1",), menu="view"),
    _A("view.rotate-left", _N("actions", "Rotate Left"), _N("actions", "Turn the view 15° to the left"),
       ("Ctrl+Left",), menu="view", icon="rotate-left", separator=True),
    _A("view.rotate-right", _N("actions", "Rotate Right"), _N("actions", "Turn the view 15° to the right"),
       ("Ctrl+Right",), menu="view", icon="rotate-right"),
    _A("view.reset", _N("actions", "Reset Rotation"), _N("actions", "Turn the view upright again"),
       ("Ctrl+Up",), menu="view"),
    _A("view.mirror", _N("actions", "Mirror View"), _N("actions", "See the painting mirrored; nothing is changed"),
       ("Ctrl+Shift+M",), menu="view", icon="mirror", checkable=True),
    _A("view.canvas-only", _N("actions", "Canvas Only"), _N("actions", "Hide everything but the painting"),
       ("F11",), ("Tab",), menu="view", icon="canvas-only", checkable=True, separator=True),
    _A("panel.prompt", _N("actions", "Prompt Panel"), _N("actions", "Show or hide the prompt panel"),
       ("F5",), menu="view/panels", checkable=True),
    _A("panel.layers", _N("actions", "Layers Panel"), _N("actions", "Show or hide the layers panel"),
       ("F6",), menu="view/panels", checkable=True),
    _A("panel.brush", _N("actions", "Brush Panel"), _N("actions", "Show or hide the brush panel"),
       ("F7",), menu="view/panels", checkable=True),
    _A("panel.colour", _N("actions", "Colour Panel"), _N("actions", "Show or hide the colour panel"),
       ("F8",), menu="view/panels", checkable=True),
    _A("panel.history", _N("actions", "History Panel"), _N("actions", "Show or hide the history of generations"),
       ("F9",), menu="view/panels", checkable=True),
    _A("panel.queue", _N("actions", "Queue Panel"), _N("actions", "Show or hide the queue of jobs"),
       ("F10",), menu="view/panels", checkable=True),
    _A("panel.reset", _N("actions", "Default Layout"), _N("actions", "Put all panels back to where they were at first"),
       menu="view/panels", separator=True),
    _A("theme.dark", _N("actions", "Dark Theme"), _N("actions", "Dark surroundings"),
       menu="view/theme", checkable=True, group="theme"),
    _A("theme.light", _N("actions", "Light Theme"), _N("actions", "Light surroundings"),
       menu="view/theme", checkable=True, group="theme"),
    _A("language.system", _N("actions", "Language of the System"), _N("actions", "Use the system's language"),
       menu="view/language", checkable=True, group="language"),
    _A("language.en", "English", "Use English", menu="view/language", checkable=True, group="language"),
    _A("language.zh_CN", "简体中文", "使用简体中文", menu="view/language", checkable=True, group="language"),
)  # fmt: skip

GENERATE = (
    _A("generate.accept", _N("actions", "Keep Candidate"), _N("actions", "Keep the shown picture as a new layer"),
       ("Ctrl+Shift+Return",), ("Return", "Enter"), menu="generate", icon="check", needs="candidates"),
    _A("generate.run", _N("actions", "Generate"),
       _N("actions", "Paint what the wide button says: the selection or the frame"),
       ("Ctrl+Return", "Ctrl+Enter"), ("Return", "Enter"), menu="generate", icon="generate"),
    _A("generate.discard", _N("actions", "Drop Candidates"),
       _N("actions", "Take the candidates off the canvas; the history keeps them"),
       ("Ctrl+Shift+Backspace",), ("Esc",), menu="generate", icon="close", needs="candidates"),
    _A("generate.next", _N("actions", "Next Candidate"), _N("actions", "Show the next picture of the batch"),
       (), ("Right",), menu="generate", needs="candidates"),
    _A("generate.previous", _N("actions", "Previous Candidate"),
       _N("actions", "Show the picture of the batch before this one"),
       (), ("Left",), menu="generate", needs="candidates"),
    _A("generate.again", _N("actions", "Again"), _N("actions", "Another batch of the same with a new seed"),
       ("Ctrl+R",), menu="generate", icon="again"),
    _A("generate.cancel", _N("actions", "Cancel Job"), _N("actions", "Cancel this painting's newest job"),
       ("Shift+Esc",), menu="generate", icon="stop", needs="jobs"),
    _A("generate.mode.auto", _N("actions", "Decide by the Picture"),
       _N("actions", "Frame, selection and what is painted decide what is generated"),
       menu="generate/mode", checkable=True, group="mode", separator=True),
    _A("generate.mode.text-to-image", _N("actions", "Text to Image"),
       _N("actions", "Always paint from the words alone"),
       menu="generate/mode", checkable=True, group="mode"),
    _A("generate.mode.image-to-image", _N("actions", "Image to Image"),
       _N("actions", "Always repaint what the frame holds"),
       menu="generate/mode", checkable=True, group="mode"),
    _A("generate.mode.inpaint", _N("actions", "Inpaint"), _N("actions", "Always repaint the selection"),
       menu="generate/mode", checkable=True, group="mode"),
    _A("generate.mode.outpaint", _N("actions", "Outpaint"),
       _N("actions", "Always grow into the empty part of the frame"),
       menu="generate/mode", checkable=True, group="mode"),
    _A("prompt.focus", _N("actions", "Go to the Prompt"), _N("actions", "Type in the prompt panel"),
       ("Ctrl+P",), menu="generate", separator=True),
    _A("models.folders", _N("actions", "Model Folders…"), _N("actions", "Add folders with models of your own"),
       menu="generate", icon="folder"),
)  # fmt: skip

HELP = (
    _A("help.welcome", _N("actions", "Welcome"),
       _N("actions", "Three things to try"), ("F1",), menu="help", icon="spark"),
    _A("help.shortcuts", _N("actions", "Keyboard Shortcuts"), _N("actions", "All keys on one page"),
       ("Ctrl+F1",), menu="help"),
    _A("help.log", _N("actions", "Show Log File"),
       _N("actions", "Open the folder with the program's log"), menu="help"),
    _A("help.about", _N("actions", "About Handscroll"), _N("actions", "Version and licences"),
       menu="help", separator=True, role=QAction.MenuRole.AboutRole),
)  # fmt: skip

ACTIONS: tuple[ActionSpec, ...] = FILE + EDIT + SELECT + LAYER + TOOL + VIEW + GENERATE + HELP

MENUS: tuple[tuple[str, str], ...] = (
    ("file", _N("actions", "&File")),
    ("edit", _N("actions", "&Edit")),
    ("select", _N("actions", "&Select")),
    ("layer", _N("actions", "&Layer")),
    ("tool", _N("actions", "&Tools")),
    ("generate", _N("actions", "&Generate")),
    ("generate/mode", _N("actions", "Mode")),
    ("view", _N("actions", "&View")),
    ("view/panels", _N("actions", "Panels")),
    ("view/theme", _N("actions", "Theme")),
    ("view/language", _N("actions", "Language")),
    ("help", _N("actions", "&Help")),
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
