"""Files: new, open, import, export, save."""

from PySide6.QtGui import QAction

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

FILE = (
    _A("file.new", mark("actions", "New"), mark("actions", "A new painting in a window of its own"),
       ("Ctrl+N",), menu="file", icon="new"),
    _A("file.new-scroll", mark("actions", "New Painted Scroll"),
       mark("actions", "A handscroll painted for you, in layers: lasso it, repaint it, let it grow"),
       ("Ctrl+Alt+N",), menu="file"),
    _A("file.open", mark("actions", "Open…"), mark("actions", "Open a painting (.scroll .ora .psd .kra) or a picture"),
       ("Ctrl+O",), menu="file", icon="open"),
    _A("file.import", mark("actions", "Import Pictures…"),
       mark("actions", "Put picture files on the canvas, each as a layer of its own"),
       ("Ctrl+Shift+I",), menu="file", icon="import", separator=True),
    _A("file.export", mark("actions", "Export…"),
       mark("actions", "Write the frame, the selection, everything or each layer: PNG, JPEG, WebP, TIFF, PSD …"),
       ("Ctrl+E",), menu="file", icon="export"),
    _A("file.export-again", mark("actions", "Export Again"),
       mark("actions", "Write the last export of this window once more, without asking"),
       ("Ctrl+Alt+X",), menu="file"),
    _A("file.time-lapse", mark("actions", "Time-Lapse…"),
       mark("actions", "Write a film of how the painting came to be"), ("Ctrl+Alt+T",), menu="file"),
    _A("file.save", mark("actions", "Save"),
       mark("actions", "Everything is kept as you paint; this makes sure that it is on disk now"),
       ("Ctrl+S",), menu="file", icon="save", separator=True),
    _A("file.save-as", mark("actions", "Save As…"),
       mark("actions", "Give the painting a name and a place, and go on there"),
       ("Ctrl+Shift+S",), menu="file"),
    _A("file.properties", mark("actions", "Properties…"),
       mark("actions", "Where the file is, what takes its room, and what can be removed from it"),
       ("Alt+Return",), menu="file"),
    _A("file.clear-recent", mark("actions", "Clear Recent Files"), mark("actions", "Forget the list of recent files")),
    _A("file.close", mark("actions", "Close Window"), mark("actions", "Close this painting; it is kept as it is"),
       ("Ctrl+W",), menu="file", separator=True),
    _A("file.quit", mark("actions", "Quit"), mark("actions", "Close all paintings; the next start opens them again"),
       ("Ctrl+Q",), menu="file", role=QAction.MenuRole.QuitRole),
)  # fmt: skip
