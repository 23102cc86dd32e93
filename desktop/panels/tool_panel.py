"""The bar over the canvas: the tool in hand, what can be set about it, and how it is used."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolBar, QToolButton, QWidget

from desktop.actions.table import ACTIONS
from desktop.i18n import mark
from desktop.naming import named
from desktop.panels.glyphs import glyph
from desktop.panels.option_widgets import OptionWidget, option_widget
from desktop.view.canvas_view import CanvasView
from desktop.view.tools.base import Tool
from desktop.view.tools.options import OptionValue, ToolOption

HEIGHT = 38
NAME_WIDTH = 96
translate = QCoreApplication.translate
HAND = "brush in hand"
"""Group of the bar's own numbers: they are not options, but the settings of the brush."""
BRUSH_FIELDS = (
    ToolOption("size", mark("tools", "Size"), mark("tools", "Diameter in canvas pixels ([ and ])"),
               24, 1, 1000, " px", kind="log", group=HAND),
    ToolOption("hardness", mark("tools", "Hardness"), mark("tools", "How sharp the edge is"),
               75, 0, 100, " %", group=HAND),
    ToolOption("opacity", mark("tools", "Opacity"), mark("tools", "The most that one stroke covers"),
               100, 0, 100, " %", group=HAND),
    ToolOption("flow", mark("tools", "Flow"), mark("tools", "How much paint each touch leaves"),
               100, 0, 100, " %", group=HAND),
)  # fmt: skip


class HelpLine(QLabel):
    """A line that is cut off with dots where there is no room; it never asks for any."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolHelp")
        self.setProperty("role", "dim")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """As little as possible."""
        return QSize(8, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """As little as possible."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text as far as it goes, at the right."""
        del event
        with QPainter(self) as painter:
            area = self.rect().adjusted(12, 0, -10, 0)
            text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
            if len(text) > 8 or text == self.text():
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)


class ToolOptionsBar(QToolBar):
    """Shows the options of the chosen tool; each tool's widgets are made once and then only shown or hidden."""

    def __init__(self, view: CanvasView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolOptionsBar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setMinimumHeight(HEIGHT)
        self._view = view
        self._texts = {spec.id: spec for spec in ACTIONS}
        self._pages: dict[str, list[tuple[OptionWidget, QAction]]] = {}
        self.title = named(QLabel(self), "toolName", role="heading")
        self.title.setMinimumWidth(NAME_WIDTH)
        self.title.setContentsMargins(8, 0, 8, 0)
        self.help = HelpLine(self)
        self.addWidget(self.title)
        self._end = self.addWidget(self.help)
        self._more = self.findChild(QToolButton, "qt_toolbar_ext_button")
        self._dress()
        view.toolChanged.connect(lambda _: self.show_tool())
        view.options.changed.connect(self._option_changed)
        view.brushChanged.connect(self._brush_changed)
        self.show_tool()
        self.retranslate()

    @property
    def tool(self) -> Tool:
        """The tool in hand."""
        return self._view.tools[self._view.tool_id]

    def widget_of(self, name: str) -> OptionWidget:
        """The widget of one option of the tool in hand. KeyError when it has no such option."""
        found = {widget.option.name: widget for widget, _ in self._page(self.tool)}
        return found[name]

    def offers(self, name: str) -> bool:
        """Whether an option of the tool in hand means something now, and so is shown."""
        return any(widget.option.name == name and action.isVisible() for widget, action in self._page(self.tool))

    def show_tool(self) -> None:
        """The widgets of the tool in hand, all others hidden."""
        page = self._page(self.tool)
        self.setUpdatesEnabled(False)
        for other in self._pages.values():
            if other is not page:
                for _, action in other:
                    action.setVisible(False)
        for widget, _ in page:
            widget.show_value(self._value(widget.option))
        self._show_fitting()
        self._show_texts()
        self.setUpdatesEnabled(True)

    def _page(self, tool: Tool) -> list[tuple[OptionWidget, QAction]]:
        if tool.id not in self._pages:
            page: list[tuple[OptionWidget, QAction]] = []
            painting = tool.id in self._view.brush_tools
            for option in (*(BRUSH_FIELDS if painting else ()), *tool.options):
                widget = option_widget(option, tool.id, self)
                widget.changed.connect(lambda value, chosen=option, owner=tool.id: self._set(owner, chosen, value))
                _set_texts(widget)
                page.append((widget, self.insertWidget(self._end, widget)))
            self._pages[tool.id] = page
        return self._pages[tool.id]

    def _value(self, option: ToolOption) -> OptionValue:
        if option.group == HAND:
            value = getattr(self._view.brush, option.name)
            return round(value if option.name == "size" else value * 100)
        return self._view.options.value(self.tool.id, option)

    def _set(self, tool_id: str, option: ToolOption, value: OptionValue) -> None:
        if option.group == HAND:
            number = float(value)
            self._view.set_brush(
                replace(self._view.brush, **{option.name: number if option.name == "size" else number / 100})
            )
        else:
            self._view.options.set_value(tool_id, option, value)

    def _brush_changed(self) -> None:
        for widget, _ in self._page(self.tool):
            if widget.option.group == HAND:
                widget.show_value(self._value(widget.option))

    def _option_changed(self, owner: str, name: str) -> None:
        """Another value, set here or elsewhere: by a key, or by another tool that shares the option."""
        for widget, _ in self._page(self.tool):
            option = widget.option
            if option.name == name and owner == (option.group or self.tool.id):
                widget.show_value(self._value(option))
        self._show_fitting()
        self._view.refresh_overlay()

    def _show_fitting(self) -> None:
        """Hide what means nothing with the options as they are."""
        page = self._page(self.tool)
        values = {widget.option.name: self._value(widget.option) for widget, _ in page}
        for widget, action in page:
            name, wanted = widget.option.only_if
            action.setVisible(not name or values.get(name) in wanted)

    def _show_texts(self) -> None:
        spec = self._texts.get(f"tool.{self.tool.id}")
        self.title.setText(translate("actions", spec.text) if spec is not None else self.tool.id)
        if self.tool.help:
            text = translate("tools", self.tool.help)
        else:
            text = translate("actions", spec.tip) if spec is not None else ""
        self.help.setText(text)
        self.help.setToolTip(text)
        self.title.setToolTip(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The help line may be cut elsewhere."""
        super().resizeEvent(event)
        self.help.update()

    def _dress(self) -> None:
        """Qt's arrow for what finds no room is black on dark ground."""
        if isinstance(self._more, QToolButton):
            self._more.setIcon(glyph("more", self.palette().windowText().color()))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language and of theme."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_more"):
            self._dress()
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_end"):
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Tool Options"))
        for page in self._pages.values():
            for widget, _ in page:
                _set_texts(widget)
        self._show_texts()


def _set_texts(widget: OptionWidget) -> None:
    option = widget.option
    widget.set_texts(translate("tools", option.label), translate("tools", option.tip))
