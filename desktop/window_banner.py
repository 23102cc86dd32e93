"""The strip that says what went wrong or what just happened; never in the way, never with the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QSizeF, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop.naming import named
from desktop.spoken import spoken
from desktop.view.floating import floating, freest

SHOW_MS = 9000
GAP = 12
MAX_WIDTH = 620
Action = tuple[str, str, Callable[[], object]]
"""Object name, words, what a click does."""


class Banner(QFrame):
    """Sentences over the top of `host`: one that stays, with buttons, and passing ones below it."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("banner")
        self._host = host
        self._key = ""
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click here is not a dab on the canvas
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.lasting = self._label("bannerLasting")
        self.text = self._label("bannerText")
        self.dismiss = named(QToolButton(self), "bannerClose", autoRaise=True)
        self.dismiss.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.dismiss.setText("✕")
        self.dismiss.clicked.connect(self.clear)
        self._buttons = QHBoxLayout()
        self._buttons.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout()
        column.setSpacing(6)
        self._buttons.setSpacing(8)
        column.addWidget(self.lasting)
        column.addLayout(self._buttons)
        column.addWidget(self.text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.addLayout(column, 1)
        layout.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self._timer = named(QTimer(self), "timer", interval=SHOW_MS, singleShot=True)
        self._timer.timeout.connect(self._passed)
        host.installEventFilter(self)
        self.retranslate()
        self.clear()

    def _label(self, name: str) -> QLabel:
        label = named(QLabel(self), name, wordWrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return label

    @property
    def key(self) -> str:
        """What the sentence that stays is about, empty when there is none."""
        return self._key

    def say(self, sentence: str) -> None:
        """Shows a sentence for a while; several that come together stand below each other."""
        sentence = spoken(sentence)
        if self._key and sentence == self.lasting.text():
            return  # it stands there already, and stays
        if self._timer.isActive() and sentence not in self.text.text():
            sentence = "\n".join([*self.text.text().split("\n"), sentence][-4:])
        self.text.setText(sentence)
        self._timer.start()
        self._show()

    def keep(self, key: str, sentence: str, actions: Sequence[Action] = ()) -> None:
        """Shows a sentence, with a button for each action, until it is dismissed or `retract`ed by its key."""
        self._key = key
        self.lasting.setText(spoken(sentence))
        if self.text.text() == self.lasting.text():
            self._timer.stop()
            self.text.clear()
        self._empty_buttons()
        for name, words, run in actions:
            button = named(QPushButton(words, self), name)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, run=run: run())
            self._buttons.addWidget(button)
            button.show()  # else it counts for the height only later, when the banner is there already
        self._buttons.addStretch(1)
        self._show()

    def retract(self, key: str) -> None:
        """The sentence about this is not true any more."""
        if key == self._key:
            self._key = ""
            self._empty_buttons()
            self._show()

    def clear(self) -> None:
        """Nothing is left to say."""
        self._timer.stop()
        self.text.clear()
        self._key = ""
        self._empty_buttons()
        self._show()

    def _empty_buttons(self) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _passed(self) -> None:
        self.text.clear()
        self._show()

    def _show(self) -> None:
        self.lasting.setVisible(bool(self._key))
        self.text.setVisible(bool(self.text.text()))
        self.setVisible(bool(self._key or self.text.text()))
        if not self.isHidden():
            self.raise_()
            self._place()

    def _place(self) -> None:
        room, covered = self._host.rect(), floating(self._host).covered
        self._fit(room)
        if any(self.geometry().intersects(one) for one in covered):
            self._fit(freest(room, covered, QSizeF(self.size()), 1.0))

    def _fit(self, room: QRect) -> None:
        """At the top of this part of the host, as high as its sentences are in that width."""
        self.setFixedWidth(max(min(MAX_WIDTH, room.width() - 2 * GAP), 120))
        layout = self.layout()
        if layout is None:
            return
        layout.invalidate()
        layout.activate()
        height = layout.totalHeightForWidth(self.width())
        self.resize(self.width(), height if height > 0 else self.sizeHint().height())
        self.move(room.x() + (room.width() - self.width()) // 2, room.y() + GAP)

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
