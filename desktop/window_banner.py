"""The strip that says what went wrong or what just happened; never in the way, never with the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from desktop.naming import named

SHOW_MS = 9000
GAP = 12
MAX_WIDTH = 620


class Banner(QFrame):
    """A sentence over the top of `host`; it goes by itself unless it must stay."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("banner")
        self._host = host
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click here is not a dab on the canvas
        self.text = named(QLabel(self), "bannerText", wordWrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.dismiss = named(QToolButton(self), "bannerClose", autoRaise=True)
        self.dismiss.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.dismiss.setText("✕")
        self.dismiss.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = named(QTimer(self), "timer", interval=SHOW_MS, singleShot=True)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        self.retranslate()
        self.hide()

    def say(self, sentence: str, *, stay: bool = False) -> None:
        """Shows a sentence; several that come together stand below each other."""
        if self.isVisible() and self._timer.isActive() and sentence not in self.text.text():
            sentence = "\n".join([*self.text.text().split("\n"), sentence][-4:])
        self.text.setText(sentence)
        self._timer.stop()
        if not stay:
            self._timer.start()
        self.show()
        self.raise_()
        self._place()

    def _place(self) -> None:
        width = min(MAX_WIDTH, self._host.width() - 2 * GAP)
        self.setFixedWidth(max(width, 120))
        self.adjustSize()
        height = max(self.sizeHint().height(), self.heightForWidth(self.width()))
        self.resize(self.width(), height)
        self.move((self._host.width() - self.width()) // 2, GAP)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays in the middle when the host changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.dismiss.setToolTip(self.tr("Close this message"))
