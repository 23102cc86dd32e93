"""How the program looks: two calm themes, one style sheet, line icons in the theme's ink."""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

ICON_FOLDER = Path(__file__).resolve().parents[1] / "resources" / "icons"
SHEET_FILE = ICON_FOLDER.parent / "handscroll.qss"


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, as #rrggbb."""

    name: str
    window: str
    """Panels and bars."""
    base: str
    """Fields and lists."""
    raised: str
    """Buttons and cards."""
    line: str
    """Borders and separators."""
    text: str
    dim: str
    """Less important text."""
    faint: str
    """Disabled text and icons."""
    accent: str
    on_accent: str
    """Text on the accent."""
    warning: str
    surround: str
    """Behind the paper, where there is any."""


DARK = Theme(
    "dark", window="#26282b", base="#1d1f21", raised="#33363a", line="#3d4146", text="#dfe1e3", dim="#a3a8ad",
    faint="#63686e", accent="#c9785a", on_accent="#ffffff", warning="#e2b04a", surround="#18191b",
)  # fmt: skip
LIGHT = Theme(
    "light", window="#eeeeec", base="#fbfbfa", raised="#ffffff", line="#cfcfcb", text="#26282a", dim="#62666a",
    faint="#a5a8aa", accent="#b4573a", on_accent="#ffffff", warning="#9a6b00", surround="#d5d5d2",
)  # fmt: skip
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dresses the whole program; may be called again at any time."""
    app.setStyle("Fusion")
    app.styleHints().setColorScheme(Qt.ColorScheme.Dark if theme.name == "dark" else Qt.ColorScheme.Light)
    app.setPalette(make_palette(theme))
    app.setFont(ui_font(app))
    app.setStyleSheet(style_sheet(theme))


def ui_font(app: QApplication) -> QFont:
    """The system's font, a little smaller, with simplified Chinese where it lacks glyphs."""
    font = QFont(app.font())
    if sys.platform != "darwin":
        families = [f for f in font.families() if f not in _CJK_FAMILIES]
        font.setFamilies([*families, *_CJK_FAMILIES])
    font.setPointSizeF(9.5 if sys.platform != "darwin" else 12.0)
    return font


_CJK_FAMILIES = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei UI", "WenQuanYi Micro Hei")


def make_palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    colours = {
        role.Window: theme.window, role.WindowText: theme.text, role.Base: theme.base,
        role.AlternateBase: theme.window, role.Text: theme.text, role.Button: theme.raised,
        role.ButtonText: theme.text, role.BrightText: theme.warning, role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent, role.ToolTipBase: theme.raised, role.ToolTipText: theme.text,
        role.PlaceholderText: theme.dim, role.Link: theme.accent, role.LinkVisited: theme.accent,
        role.Light: theme.line, role.Midlight: theme.raised, role.Mid: theme.line, role.Dark: theme.base,
        role.Shadow: "#000000", role.Accent: theme.accent,
    }  # fmt: skip
    for where, colour in colours.items():
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(group.Disabled, where, QColor(theme.faint))
    palette.setColor(group.Disabled, role.Highlight, QColor(theme.line))
    return palette


def make_icon(name: str, theme: Theme) -> QIcon:
    """The icon in the theme's text colour, with a faint disabled form; crisp at any size, and drawn when it is seen.

    Raises FileNotFoundError for a name that resources/icons lacks.
    """
    file = ICON_FOLDER / f"{name}.svg"
    if not file.is_file():
        raise FileNotFoundError(f"There is no icon {file}.")
    return QIcon(_InkEngine(file, theme))


class _InkEngine(QIconEngine):
    """Draws a line icon in the theme's ink. There are more icons in menus than a window ever shows."""

    def __init__(self, file: Path, theme: Theme) -> None:
        super().__init__()
        self._file, self._theme = file, theme
        self._drawn: dict[tuple[str, int, int], QPixmap] = {}

    def clone(self) -> QIconEngine:
        """Another one of the same."""
        return _InkEngine(self._file, self._theme)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The icon at `size`, device pixels."""
        del state
        theme = self._theme
        colour = {QIcon.Mode.Disabled: theme.faint, QIcon.Mode.Selected: theme.on_accent}.get(mode, theme.text)
        key = colour, size.width(), size.height()
        if key not in self._drawn:
            source = self._file.read_text(encoding="utf-8").replace("currentColor", colour)
            self._drawn[key] = _render(QSvgRenderer(QByteArray(source.encode())), size)
        return self._drawn[key]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draws it into `rect`, logical pixels."""
        painter.drawPixmap(rect, self.pixmap(rect.size() * painter.device().devicePixelRatioF(), mode, state))


def _render(renderer: QSvgRenderer, size: QSize) -> QPixmap:
    """The square picture in the middle of `size`."""
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    if not size.isEmpty():
        side = min(size.width(), size.height())
        with QPainter(pixmap) as painter:
            renderer.render(painter, QRectF((size.width() - side) / 2, (size.height() - side) / 2, side, side))
    return pixmap


def window_icon() -> QIcon:
    """The program's own picture."""
    renderer = QSvgRenderer(str(ICON_FOLDER / "handscroll.svg"))
    icon = QIcon()
    for side in (16, 32, 48, 64, 128, 256):
        icon.addPixmap(_render(renderer, QSize(side, side)))
    return icon


def style_sheet(theme: Theme) -> str:
    """What the palette cannot say. Kept small: metrics, borders, docks, tabs, primary buttons."""
    sheet = SHEET_FILE.read_text(encoding="utf-8")
    for field in fields(theme):
        sheet = sheet.replace(f"«{field.name}»", getattr(theme, field.name))
    return sheet.replace("«icons»", ICON_FOLDER.as_posix())
