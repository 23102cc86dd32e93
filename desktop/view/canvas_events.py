"""The part of the canvas that listens: Qt's events go to the router of input, drops go to the window."""

from PySide6.QtCore import QChildEvent, QEvent, QObject, QPointF, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QShowEvent,
    QTabletEvent,
    QTouchEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from desktop.view.drops import dropped_pictures, dropped_record, has_pictures
from desktop.view.fingers import Fingers
from desktop.view.painted_view import PaintedView
from desktop.view.touches import Touch, touch_of


class CanvasEvents(PaintedView):
    """Hands mouse, pen, fingers and keys to whoever decides about them."""

    cursorMoved = Signal(float, float)
    dropped = Signal(object, float, float)
    recordDropped = Signal(object, float, float)
    "A DroppedRecord, and where on the canvas."

    _fingers: Fingers

    def say(self, sentence: str) -> None:
        """Show a sentence beside the pointer."""
        raise NotImplementedError

    # -- events ------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keys that the view needs even where the window has a shortcut; touchpad pinches; fingers."""
        if isinstance(event, QTouchEvent):
            self._fingers.touch(event)
            event.accept()
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._input.wants(event):
            event.accept()
            return True
        if isinstance(event, QNativeGestureEvent) and self._input.pinch(event):
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.set_camera(self._camera)
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The centre stays in the middle."""
        super().resizeEvent(event)
        self.set_camera(self._camera)

    def showEvent(self, event: QShowEvent) -> None:
        """Ants walk only while they are seen."""
        super().showEvent(event)
        self.set_camera(self._camera)
        self.selection_overlay.tend()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ants rest."""
        super().hideEvent(event)
        self.selection_overlay.rest()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Listen to the document no longer."""
        self.release_document()
        super().closeEvent(event)

    def release_document(self) -> None:
        """Drop the running gesture and stop listening; the view is about to go."""
        self._input.cancel()
        self.selection_overlay.rest()
        while self._disconnects:
            self._disconnects.pop()()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A gesture or a motion begins."""
        self._point_at(event.position())
        event.setAccepted(self._input.press(touch_of(event)))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of two."""
        self._point_at(event.position())
        event.setAccepted(self._input.press(touch_of(event), double=True))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The gesture goes on, or the pointer hovers."""
        self._moved(touch_of(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The gesture ends."""
        self._input.release(touch_of(event))

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen: as the mouse, with pressure; its other end erases."""
        touch = touch_of(event)
        self._input.pen_here()
        if event.type() == QEvent.Type.TabletPress:
            self._point_at(touch.at)
            self._input.press(touch)
        elif event.type() == QEvent.Type.TabletRelease:
            self._input.release(touch)
        else:
            self._moved(touch)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor, or pan with a touchpad."""
        self._input.wheel(event)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Held keys, Esc, Enter."""
        if not self._input.key(event, down=True):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A held key is let go."""
        if not self._input.key(event, down=False):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys let go elsewhere are not heard here."""
        self._input.forget_keys()
        super().focusOutEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The outline of the brush appears."""
        self._point_at(event.position())
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The outline of the brush goes."""
        self._pointer = None
        self._update_circle()
        super().leaveEvent(event)

    def childEvent(self, event: QChildEvent) -> None:
        """Cards over the canvas are watched: the pointer that enters one does not leave this widget for Qt."""
        if event.added():
            event.child().installEventFilter(self)
        super().childEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """No brush outline while the pointer is over a card."""
        if event.type() == QEvent.Type.Enter and isinstance(watched, QWidget):
            self._pointer = None
            self._update_circle()
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and pictures are welcome."""
        if has_pictures(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """They may land anywhere."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell the window what came, and where on the canvas."""
        record = dropped_record(event.mimeData())
        if record is not None:
            event.acceptProposedAction()
            self.recordDropped.emit(record, *self._camera.to_canvas(event.position().x(), event.position().y()))
            return
        pictures = dropped_pictures(event.mimeData())
        if pictures is None:
            self.say(self.tr("There is no picture in what was dropped. Drop the picture itself or an image file."))
            return
        x, y = self._camera.to_canvas(event.position().x(), event.position().y())
        event.acceptProposedAction()
        self.dropped.emit(pictures, x, y)

    def _moved(self, touch: Touch) -> None:
        self._point_at(touch.at)
        self._input.move(touch)
        self.cursorMoved.emit(*self._camera.to_canvas(touch.at.x(), touch.at.y()))

    def _point_at(self, at: QPointF) -> None:
        self._pointer = at
        self._update_circle()
