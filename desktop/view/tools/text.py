"""Text: click, type, and it becomes a new layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from canvas.errors import CanvasError
from canvas.geometry import NOTHING, Bounds
from canvas.layers import GroupLayer, Layer, LayerMask, PaintLayer
from canvas.lettering import Align, Lettering, LetteringSettings, layer_name
from desktop.i18n import mark
from desktop.spoken import spoken
from desktop.view.overlays import draw_label, draw_preview, outline_pens
from desktop.view.tools.base import Tool, ToolEvent, ToolHost
from desktop.view.tools.laying import rgb
from desktop.view.tools.options import SMOOTH, ToolOption

if TYPE_CHECKING:
    from desktop.view.canvas_view import CanvasView
    from desktop.view.text_card import TextCard

GAP = 12  # logical pixels between text and card
MARGIN = 6.0  # logical pixels around the text that still hold it


class TextTool(Tool):
    """A click opens the card; what is typed is seen at once and becomes a layer at the end."""

    id = "text"
    help = mark("tools", "Click and type. Drag the text to move it; click elsewhere or press Ctrl+Enter to finish.")
    options = (
        ToolOption("family", mark("tools", "Font"), mark("tools", "Font family"), "", kind="font"),
        ToolOption("size", mark("tools", "Size"), mark("tools", "Height of the letters' square in canvas pixels"),
                   64, 4, 1000, " px", kind="log"),
        ToolOption("bold", mark("tools", "Bold"), mark("tools", "Bold letters"), False),
        ToolOption("italic", mark("tools", "Italic"), mark("tools", "Slanted letters"), False),
        ToolOption("align", mark("tools", "Align"), mark("tools", "Where lines stand beside the point you clicked"),
                   Align.LEFT.value,
                   choices=((Align.LEFT.value, mark("tools", "Left")), (Align.CENTER.value, mark("tools", "Centre")),
                            (Align.RIGHT.value, mark("tools", "Right")))),
        ToolOption("spacing", mark("tools", "Line spacing"), mark("tools", "Distance of lines"), 100, 50, 300, " %"),
        SMOOTH,
    )  # fmt: skip

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._card: TextCard | None = None
        self._anchor = (0.0, 0.0)
        self._open = False
        self._held: tuple[float, float] | None = None
        self._laid: Lettering | None = None
        self._picture: tuple[Bounds, QImage | None] = (NOTHING, None)
        self._problem = ""

    @property
    def busy(self) -> bool:
        """Whether a text is being typed."""
        return self._open

    @property
    def cursor(self) -> Qt.CursorShape:
        """The bar of text fields."""
        return Qt.CursorShape.IBeamCursor

    @property
    def card(self) -> TextCard:
        """The editor over the canvas, made when it is first needed."""
        if self._card is None:
            from desktop.view.text_card import TextCard

            view = cast("CanvasView", self.host)
            self._card = TextCard(view)
            self._card.changed.connect(self._changed)
            self._card.accepted.connect(self._accept)
            self._card.dismissed.connect(self._dismiss)
            for signal in (view.viewChanged, view.colorChanged, view.options.changed):
                signal.connect(lambda *_: self._changed())
        return self._card

    def _changed(self) -> None:
        if self._open:
            self._place_card()
            self.host.refresh_overlay()

    def _accept(self) -> None:
        self.finish()
        self.host.gesture_changed(self)

    def press(self, event: ToolEvent) -> None:
        """Open the card here; take hold of the text; or, beside it, finish it."""
        if not self._open:
            self._open, self._anchor, self._laid = True, (event.x, event.y), None
            self.card.open()
            self._place_card()
            self.host.refresh_overlay()
        elif self._inside(event):
            self._held = (event.x - self._anchor[0], event.y - self._anchor[1])
        else:
            self.finish()

    def double_click(self, event: ToolEvent) -> None:
        """The second press of two neither moves nor ends a text."""
        if not self._open:
            self.press(event)

    def move(self, event: ToolEvent) -> None:
        """Move the text."""
        if self._held is None:
            return
        self._anchor = (event.x - self._held[0], event.y - self._held[1])
        self._laid = None
        self._place_card()
        self.host.refresh_overlay()

    def release(self, event: ToolEvent) -> None:
        """Let the text go; the card keeps the keyboard."""
        self.move(event)
        self._held = None
        if self._open:
            self.card.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def finish(self) -> None:
        """The text becomes a new layer above the active one: one undo step. Without letters nothing happens."""
        if not self._open:
            return
        self._lettering()
        if self._problem:
            self.host.say(self._problem)
            return
        (bounds, image), text, document = self._picture, self.card.text, self.host.document
        self._close()
        if image is None:
            return
        layer = PaintLayer(layer_name(text))
        group, index = self._place()
        with document.transaction("Text"):
            document.add_layer(layer, group, index)
            document.put_image(layer, bounds.x, bounds.y, image)
            trimmed = layer.content_bounds()
            if trimmed.is_empty:
                document.remove_layer(layer)
        if not trimmed.is_empty:
            document.active = layer

    def leave(self) -> None:
        """Another tool: the text stays, as with a click beside it."""
        self.finish()

    def cancel(self) -> None:
        """Drop the text."""
        if self._open:
            self._close()

    def _dismiss(self) -> None:
        self.cancel()
        self.host.gesture_changed(self)

    def _close(self) -> None:
        self._open, self._held, self._laid = False, None, None
        self._picture = (NOTHING, None)
        self.card.hide()
        cast("CanvasView", self.host).setFocus(Qt.FocusReason.OtherFocusReason)
        self.host.refresh_overlay()

    def _place(self) -> tuple[GroupLayer | None, int | None]:
        """Above the active layer; at the very top where its group is locked or there is none."""
        active: Layer | None = self.host.document.active
        if isinstance(active, LayerMask):
            active = active.owner
        if active is None or active.parent is None or active.parent.protected:
            return None, None
        return active.parent, active.parent.children.index(active) + 1

    def _settings(self) -> LetteringSettings:
        return LetteringSettings(
            family=str(self.option("family")),
            size=float(self.option("size")),
            bold=bool(self.option("bold")),
            italic=bool(self.option("italic")),
            align=Align(str(self.option("align"))),
            spacing=float(self.option("spacing")) / 100,
            smooth=bool(self.option("smooth")),
            color=rgb(self.host.color),
        )

    def _lettering(self) -> Lettering:
        """The text as it is now; laid out anew only when something is different."""
        settings, text = self._settings(), self.card.text
        if self._laid is None or (self._laid.text, self._laid.settings) != (text, settings):
            self._laid, self._problem = Lettering(text, settings), ""
            try:
                self._picture = self._laid.draw(self._anchor)
            except CanvasError as error:
                self._picture, self._problem = (NOTHING, None), spoken(str(error))
        return self._laid

    def _inside(self, event: ToolEvent) -> bool:
        camera = self.host.camera
        slack = MARGIN * camera.ratio / camera.zoom
        box = self._lettering().box(self._anchor).adjusted(-slack, -slack, slack, slack)
        return bool(self.card.text) and box.contains(QPointF(event.x, event.y))

    def _place_card(self) -> None:
        """Under the text, above it where there is no room, always inside the view."""
        card, parent = self.card, cast("CanvasView", self.host)
        around = self._outline(self._lettering().box(self._anchor)).boundingRect()
        x = min(max(around.left(), GAP), max(GAP, parent.width() - card.width() - GAP))
        y = around.bottom() + GAP
        if y + card.height() + GAP > parent.height():
            y = around.top() - GAP - card.height()
        card.move(round(x), round(min(max(y, GAP), max(GAP, parent.height() - card.height() - GAP))))

    def _outline(self, box: QRectF) -> QPolygonF:
        corners = (box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft())
        return QPolygonF([QPointF(*self.host.camera.to_view(point.x(), point.y())) for point in corners])

    def paint_overlay(self, painter: QPainter) -> None:
        """The text as it will be, a thin frame around it, and the caret."""
        if not self._open:
            return
        lettering, camera = self._lettering(), self.host.camera
        bounds, image = self._picture
        if image is not None:
            painter.save()
            painter.scale(1 / camera.ratio, 1 / camera.ratio)
            draw_preview(painter, camera, bounds, image)
            painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(128, 128, 128, 180), 1, Qt.PenStyle.DotLine))
        painter.drawPolygon(self._outline(lettering.box(self._anchor)))
        caret = lettering.caret(self._anchor, self.card.caret)
        ends = [QPointF(*camera.to_view(point.x(), point.y())) for point in (caret.topLeft(), caret.bottomLeft())]
        outline_pens(painter, lambda: painter.drawLine(*ends))
        if self._problem:
            draw_label(painter, ends[1] + QPointF(0, 8), self._problem)
