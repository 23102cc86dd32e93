"""The upper part of a model's page: its picture, what it is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.dialogs.model_library_saying import SayingForm
from desktop.dialogs.model_library_words import facts_of, family_of, family_word, kind_word, prediction_word
from desktop.dialogs.model_library_work import WorkBar
from desktop.naming import named
from desktop.spoken import spoken
from pipelines.contract.models import ModelInfo, ModelKind, Prediction
from pipelines.library.probe import PICKLED, STARTER_ID

PICTURE = QSize(300, 190)


class Picture(QWidget):
    """A model's picture, whole, on a plate."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("modelPicture")
        self.setFixedHeight(PICTURE.height())
        self._picture: QPixmap | None = None
        self.words = ""
        """What stands there without a picture."""

    def show_picture(self, picture: QPixmap | None) -> None:
        """Another picture, or none."""
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        del event
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            box = QRectF(self.rect())
            path = QPainterPath()
            path.addRoundedRect(box, 6, 6)
            painter.setClipPath(path)
            painter.fillRect(box, self.palette().base())
            picture = self._picture
            if picture is None or picture.isNull():
                painter.setPen(self.palette().color(self.palette().ColorRole.PlaceholderText))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.words)
                return
            size = picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio).toSizeF()
            left, top = (box.width() - size.width()) / 2, (box.height() - size.height()) / 2
            painter.drawPixmap(QRectF(left, top, size.width(), size.height()), picture, QRectF(picture.rect()))


class ModelHead(QWidget):
    """Shows; what is wanted is told by `wanted` with the name of a deed."""

    wanted = Signal(str)
    """`use`, `verify`, `convert`, `bin`, `folder`, `copy-path`, `picture`, `picture-file`, `no-picture`."""

    def __init__(self, parent: QWidget) -> None:
        """An empty widget: `build` fills it."""
        super().__init__(parent)
        self.setObjectName("modelHead")
        self.info: ModelInfo | None = None
        self.has_own_picture = False
        self._first = "use"
        """The deed of the large button."""

    def build(self) -> Iterator[None]:
        """Steps that fill it."""
        self.picture = Picture(self)
        self.change_picture = named(QToolButton(self), "modelChangePicture", text="✎", plain=True)
        self.picture_menu = named(QMenu(self), "modelPictureMenu", toolTipsVisible=True)
        self.name = named(QLabel(self), "modelName", wordWrap=True, role="title")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        yield
        self.line = named(QLabel(self), "modelFacts", wordWrap=True, role="dim")
        self.guess = named(QLabel(self), "modelGuess", wordWrap=True, role="dim", visible=False)
        self.problem = named(QLabel(self), "modelProblem", wordWrap=True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.use = named(QPushButton(self), "modelUse", primary=True, autoDefault=False)
        self.say = named(QPushButton(self), "modelSay", autoDefault=False, checkable=True)
        yield
        self.more = named(QToolButton(self), "modelMore", plain=True)
        self.menu = named(QMenu(self), "modelMenu", toolTipsVisible=True)
        self.work = WorkBar(self)
        self.outcome = named(QLabel(self), "modelOutcome", wordWrap=True, visible=False)
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        self.outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        yield
        for button, menu in ((self.change_picture, self.picture_menu), (self.more, self.menu)):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setMenu(menu)
        self._lay_out()
        self._connect()
        self.retranslate()
        yield
        self.form = SayingForm(self)
        self.form.hide()
        yield from self.form.build()
        self._column.addWidget(self.form)
        yield

    def _lay_out(self) -> None:
        top, buttons = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.name, 1)
        top.addWidget(self.change_picture, 0, Qt.AlignmentFlag.AlignTop)
        buttons.addWidget(self.use, 1)
        buttons.addWidget(self.say)
        buttons.addWidget(self.more)
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.picture)
        layout.addLayout(top)
        layout.addWidget(self.line)
        layout.addWidget(self.guess)
        layout.addWidget(self.problem)
        layout.addLayout(buttons)
        layout.addWidget(self.work)
        layout.addWidget(self.outcome)

    def _connect(self) -> None:
        self.use.clicked.connect(lambda: self.wanted.emit(self._first))
        self.say.toggled.connect(self._open_form)
        self.work.busy_changed.connect(self._show_buttons)
        for menu, fill in ((self.menu, self._fill_menu), (self.picture_menu, self._fill_picture_menu)):
            menu.triggered.connect(lambda action: self.wanted.emit(str(action.data())))
            menu.aboutToShow.connect(fill)

    def _open_form(self, on: bool) -> None:
        at = QApplication.focusWidget()
        if not on and at is not None and self.form.isAncestorOf(at):
            self.say.setFocus()  # else Qt would hand the keyboard to the tags below
        self.form.setVisible(on)

    def show_model(self, info: ModelInfo) -> None:
        """What it is, in words."""
        if self.info is None or info.id != self.info.id:
            self.say_outcome("")
            self.show_guess(on=False)
            self.say.setChecked(False)
            self.has_own_picture = False
        self.info = info
        self.name.setText(info.name)
        prediction = prediction_word(info.prediction) if info.prediction is not Prediction.UNKNOWN else ""
        self.line.setText(" · ".join(filter(None, (family_of(info), facts_of(info), prediction))))
        self.problem.setText(spoken(info.problem))
        self.problem.setVisible(bool(info.problem))
        self.picture.words = kind_word(info.kind)
        self._show_buttons()

    def show_use(self, words: str, tip: str, *, possible: bool) -> None:
        """What the button will do with the model; a pickled one has to be converted before anything else."""
        self._first = "use"
        if not possible and self._pickled and self.info is not None and self.info.kind is not ModelKind.UNKNOWN:
            self._first, possible = "convert", True
            words, tip = self.tr("Convert"), self._convert_words()[1]
        self.use.setText(words)
        self.use.setToolTip(tip)
        self.use.setProperty("possible", possible)
        self._show_buttons()

    def show_guess(self, *, on: bool) -> None:
        """Whether the family is only what notes beside the file say."""
        if on and self.info is not None:
            words = self.tr(
                "The file does not tell what it is for: {family} is what the notes beside it say. Correct it by "
                "“This is…” if that is wrong."
            )
            self.guess.setText(words.format(family=family_word(self.info.family)))
        self.guess.setVisible(on)

    def say_outcome(self, sentence: str) -> None:
        """A sentence under the buttons: how something ended."""
        self.outcome.setText(sentence)
        self.outcome.setVisible(bool(sentence))

    def _show_buttons(self) -> None:
        busy = self.work.busy
        self.use.setEnabled(bool(self.use.property("possible")) and not (busy and self._first == "convert"))
        self.say.setEnabled(not busy and self.info is not None and self.info.id != STARTER_ID)
        self.more.setEnabled(not busy)

    # --- what can be done

    def deeds(self) -> dict[str, bool]:
        """Deed -> whether it is possible with this model now."""
        info = self.info
        if info is None:
            return {}
        own, free = info.id != STARTER_ID, not self.work.busy
        convert = free and self._pickled
        return {"folder": True, "verify": free, "convert": convert, "copy-path": True, "bin": free and own}

    @property
    def _pickled(self) -> bool:
        info = self.info
        return info is not None and Path(info.path).suffix.lower() in PICKLED and info.kind is not ModelKind.UPSCALER

    def _convert_words(self) -> tuple[str, str]:
        tip = self.tr("Write what the pickled file holds as a file that cannot run code; the old one stays")
        return self.tr("Convert to Safetensors"), tip

    def _fill_menu(self) -> None:
        texts = {
            "folder": (self.tr("Open Folder"), self.tr("Show the folder it lies in")),
            "copy-path": (self.tr("Copy Path"), self.tr("Put the file's path on the clipboard")),
            "verify": (self.tr("Verify"), self.tr("Read every byte and compare its SHA-256 with all that is known")),
            "convert": self._convert_words(),
            "bin": (self.tr("Move to Bin…"), self.tr("Move the file into the system's bin; asks first")),
        }  # fmt: skip
        possible = self.deeds()
        self.menu.clear()
        for name, (words, tip) in texts.items():
            if name == "convert" and not possible.get(name):
                continue
            action = self.menu.addAction(words)
            action.setData(name)
            action.setToolTip(tip)
            action.setEnabled(possible.get(name, False))

    def _fill_picture_menu(self) -> None:
        self.picture_menu.clear()
        rows = [
            ("picture", self.tr("Use the Picture on the Canvas"),
             self.tr("The candidate on show, else the selection or the frame")),
            ("picture-file", self.tr("Use a Picture File…"), self.tr("Choose a picture from a folder")),
        ]  # fmt: skip
        if self.has_own_picture:
            rows.append(("no-picture", self.tr("Take Own Picture Away"), self.tr("Back to the one beside the file")))
        for name, words, tip in rows:
            action = self.picture_menu.addAction(words)
            action.setData(name)
            action.setToolTip(tip)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.change_picture.setToolTip(self.tr("Choose the model's picture"))
        self.say.setText(self.tr("This is…"))
        self.say.setToolTip(self.tr("Say what this model is, if it was recognised wrongly or not at all"))
        self.more.setText(self.tr("More"))
        self.more.setToolTip(self.tr("Folder, verify, convert, bin"))
        if self.info is not None:
            self.show_model(self.info)
