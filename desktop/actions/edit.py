"""Undo, the clipboard, the palette of actions, preferences."""

from PySide6.QtGui import QAction

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

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
