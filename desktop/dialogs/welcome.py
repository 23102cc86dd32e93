"""The welcome card: three things to try, each with one click. It lies beside the frame and never blocks painting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from desktop.naming import named
from desktop.view.canvas_view import CanvasView
from desktop.view.floating import floating

WIDTH = 296
GAP = 16


class Trials(Protocol):
    """Who does what the card offers."""

    def try_painting(self, prompt: str) -> None:
        """Paints an empty frame from these words."""
        ...

    def try_lasso(self, prompt: str) -> None:
        """Lassos a place and fills it with these words."""
        ...

    def try_growing(self, direction: int) -> None:
        """Lets the picture grow to the right (+1) or left (-1)."""
        ...

    def try_scroll(self) -> None:
        """Opens a painting that begins with a painted scroll."""
        ...


class WelcomeCard(QFrame):
    """A card over the left side of the canvas. It goes with its cross; Help > Welcome brings it back."""

    def __init__(self, view: CanvasView, trials: Trials) -> None:
        super().__init__(view)
        self.setObjectName("welcomeCard")
        self._view, self._trials = view, trials
        self.setFixedWidth(WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)  # a click here is not a dab on the canvas
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.title = named(QLabel(self), "welcomeTitle", wordWrap=True)
        self.title.setProperty("role", "title")
        self.intro = named(QLabel(self), "welcomeIntro", wordWrap=True)
        self.intro.setProperty("role", "dim")
        self.dismiss = named(QToolButton(self), "welcomeClose", autoRaise=True, text="✕")
        self.dismiss.clicked.connect(self.hide)
        self.headings = [named(QLabel(self), f"welcomeHeading{n}", wordWrap=True) for n in range(3)]
        self.notes = [named(QLabel(self), f"welcomeNote{n}", wordWrap=True) for n in range(3)]
        self.chips = [self._make_chips(n, count) for n, count in enumerate((3, 3, 2))]
        self.begin_scroll = named(QPushButton(self), "welcomeScroll", focusPolicy=Qt.FocusPolicy.NoFocus)
        self.begin_scroll.setCursor(Qt.CursorShape.PointingHandCursor)
        self.begin_scroll.clicked.connect(self._trials.try_scroll)
        self._lay_out()
        self._connect()
        view.installEventFilter(self)
        floating(view).covers(self)
        self.retranslate()
        self.hide()

    def _make_chips(self, row: int, count: int) -> list[QPushButton]:
        chips = [named(QPushButton(self), f"welcomeChip{row}{n}") for n in range(count)]
        for chip in chips:
            chip.setProperty("chip", True)
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chip.setCursor(Qt.CursorShape.PointingHandCursor)
        return chips

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 12, 16)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.intro)
        for heading, note, chips in zip(self.headings, self.notes, self.chips, strict=True):
            heading.setProperty("role", "heading")
            note.setProperty("role", "dim")
            layout.addSpacing(6)
            layout.addWidget(heading)
            layout.addWidget(note)
            self._add_chips(layout, chips)
        layout.addSpacing(10)
        layout.addWidget(self.begin_scroll)

    def _add_chips(self, layout: QVBoxLayout, chips: list[QPushButton]) -> None:
        if len(chips) == 2:
            row = QHBoxLayout()
            for chip in chips:
                row.addWidget(chip)
            row.addStretch(1)
            layout.addLayout(row)
            return
        for chip in chips:
            layout.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)

    def _connect(self) -> None:
        acts: tuple[Callable[[QPushButton], None], ...] = (
            lambda chip: self._trials.try_painting(chip.text()),
            lambda chip: self._trials.try_lasso(chip.text()),
            lambda chip: self._trials.try_growing(int(chip.property("direction"))),
        )
        for row, act in zip(self.chips, acts, strict=True):
            for chip in row:
                chip.clicked.connect(lambda _=False, pressed=chip, do=act: self._try(pressed, do))
        for chip, direction in zip(self.chips[2], (-1, 1), strict=True):
            chip.setProperty("direction", direction)
        self._view.document.changed.connect(lambda _: self._refresh() if self.isVisible() else None)

    def _try(self, chip: QPushButton, do: Callable[[QPushButton], None]) -> None:
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        do(chip)

    def open(self) -> None:
        """Shows the card."""
        self._refresh()
        self._fit()
        self.show()
        self.raise_()
        self._place()

    def _refresh(self) -> None:
        """The second and third thing need a picture to work on."""
        painted = any(len(layer.surface) for layer in self._view.document.tree.paint_layers())
        painted = painted or not self._view.document.generations.is_empty
        for chip in (*self.chips[1], *self.chips[2]):
            chip.setEnabled(painted)

    def _fit(self) -> None:
        """As high as the wrapped texts need; a layout's own hint does not know the width."""
        self.ensurePolished()
        for label in (self.intro, *self.notes):
            label.setMinimumHeight(label.heightForWidth(WIDTH - 28))
        self.resize(WIDTH, self.heightForWidth(WIDTH))

    def _place(self) -> None:
        top = max(GAP, (self._view.height() - self.height()) // 2)
        self.move(GAP, top)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays in the middle of the left side."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self._fit()
            self._place()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.title.setText(self.tr("Three things to try"))
        self.intro.setText(self.tr("Painting and everything else goes on meanwhile. F1 brings this card back."))
        self.dismiss.setToolTip(self.tr("Close this card; F1 brings it back"))
        headings = (self.tr("1  Paint from words"), self.tr("2  Lasso and type"), self.tr("3  Let it grow"))
        notes = (
            self.tr("A click paints the empty frame. Enter keeps the picture, ← → show the others of its batch."),
            self.tr("Draw around a place (L), type, Enter. A click does it in the middle of the frame."),
            self.tr("Move the frame (C) half out of the picture and generate. A click does it."),
        )
        for label, text in zip((*self.headings, *self.notes), (*headings, *notes), strict=True):
            label.setText(text)
        texts = (
            (
                self.tr("misty mountains, pines"),
                self.tr("dusk, river, a boat"),
                self.tr("snow, mountains, a pavilion"),
            ),
            (self.tr("a red sun"), self.tr("a small boat"), self.tr("bamboo")),
            (self.tr("← to the left"), self.tr("to the right →")),
        )
        self.begin_scroll.setText(self.tr("Or begin with a painted scroll"))
        self.begin_scroll.setToolTip(self.tr("A handscroll in layers, painted anew each time (Ctrl+Alt+N)"))
        for row, words in zip(self.chips, texts, strict=True):
            for chip, word in zip(row, words, strict=True):
                chip.setText(word)
                chip.setToolTip(self.tr("Click to try it"))
