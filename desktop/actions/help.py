"""Help."""

from PySide6.QtGui import QAction

from desktop.actions.spec import ActionSpec
from desktop.i18n import mark

_A = ActionSpec

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
