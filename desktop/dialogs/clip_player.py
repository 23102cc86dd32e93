"""A clip that plays: beside the painting, as long as it is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from canvas.errors import CanvasError
from canvas.generations import GenerationRecord
from desktop.clip_frames import ClipFrames
from desktop.clip_layers import clip_name, frame_as_layer, frames_as_layers
from desktop.dialogs.files import choose_target
from desktop.generation.clip_records import FASTEST, SLOWEST, fps_of
from desktop.naming import named
from desktop.session import Session
from desktop.slots import Slots
from desktop.theme import Theme, make_icon

FORMATS = (("WebP", ".webp"), ("MP4", ".mp4"), ("GIF", ".gif"), ("APNG", ".png"), ("WebM", ".webm"))
"""Name and suffix."""
LARGEST, SMALLEST = QSize(720, 540), QSize(320, 180)
"""Of the picture when the player opens, logical pixels."""
PART_OF_SCREEN = 0.6
AROUND = QColor(16, 18, 22)
SHOW_PROGRESS_MS = 400
ICON = 18


class ClipStage(QWidget):
    """Shows one frame as large as there is room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("clipStage")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(SMALLEST / 2)
        self._image: QImage | None = None
        self._wanted = SMALLEST

    @property
    def image(self) -> QImage | None:
        """What is shown."""
        return self._image

    def show_image(self, image: QImage) -> None:
        """Shows this one; the first decides how large the player opens."""
        if self._image is None:
            room = (self.screen().availableSize() * PART_OF_SCREEN).boundedTo(LARGEST)
            shape = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            self._wanted = shape.expandedTo(SMALLEST)
            self.updateGeometry()
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        """As the first frame is shaped."""
        return self._wanted

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The frame in the middle."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), AROUND)
            if self._image is not None:
                size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
                place = QRectF(0, 0, size.width(), size.height())
                place.moveCenter(QRectF(self.rect()).center())
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(place, self._image)


class ClipPlayer(QDialog):
    """Not modal: painting goes on. Frames come from the painting's file; what is not there yet is waited for."""

    written = Signal(object)
    """The path of a file that was written."""
    said = Signal(str)
    """A sentence for the banner of the window."""

    def __init__(self, session: Session, record: GenerationRecord, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("clipPlayer")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.record, self._session, self._folder = record, session, folder
        self._slots = Slots(self)
        self._work: asyncio.Task[None] | None = None
        self._closed = False
        self._theme: Theme | None = None
        self.frames = ClipFrames(session.project, record.candidates, self)
        self.number = 0
        """The frame on show, from 0."""
        self.stage = ClipStage(self)
        self.scrub = named(QSlider(Qt.Orientation.Horizontal, self), "clipScrub", maximum=max(len(self.frames) - 1, 0))
        self.buttons = {name: named(QToolButton(self), f"clip-{name}") for name in ("back", "play", "forward", "loop")}
        self.where = named(QLabel(self), "clipWhere", role="dim")
        self.fps = named(QSpinBox(self), "clipFps", minimum=SLOWEST, maximum=FASTEST, value=fps_of(record))
        self.one = named(QPushButton(self), "clipFrameAsLayer", autoDefault=False)
        self.all = named(QPushButton(self), "clipFramesAsLayers", autoDefault=False)
        self.format = named(QComboBox(self), "clipFormat")
        self.format.addItems([name for name, _ in FORMATS])
        self.save = named(QPushButton(self), "clipSave", autoDefault=False)
        self.problem = named(QLabel(self), "clipProblem", wordWrap=True, visible=False)
        self.bar = named(QProgressBar(self), "clipProgress", maximum=1000, textVisible=False, visible=False)
        self.bar.setFixedHeight(4)
        self.stop = named(QPushButton(self), "clipStop", autoDefault=False, visible=False)
        self._clock = named(QTimer(self), "clipClock", timerType=Qt.TimerType.PreciseTimer)
        self._lay_out()
        self._connect()
        self.retranslate()
        self.show_frame(0)

    def _lay_out(self) -> None:
        for name in ("play", "loop"):
            self.buttons[name].setCheckable(True)
        self.buttons["loop"].setChecked(True)
        controls, below, work = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for button in self.buttons.values():
            button.setIconSize(QSize(ICON, ICON))
            button.setAutoRaise(True)
            controls.addWidget(button)
        controls.addWidget(self.scrub, 1)
        controls.addWidget(self.where)
        controls.addWidget(self.fps)
        below.addWidget(self.one)
        below.addWidget(self.all)
        below.addStretch(1)
        below.addWidget(self.format)
        below.addWidget(self.save)
        work.addWidget(self.bar, 1)
        work.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.stage, 1)
        for row in (controls, below):
            layout.addLayout(row)
        layout.addWidget(self.problem)
        layout.addLayout(work)

    def _connect(self) -> None:
        self.frames.ready.connect(self._came)
        self.frames.problem.connect(self._complain)
        self._clock.timeout.connect(self._tick)
        self.scrub.valueChanged.connect(self._scrubbed)
        self.scrub.sliderPressed.connect(lambda: self.play(False))
        self.buttons["play"].toggled.connect(self.play)
        self.buttons["back"].clicked.connect(lambda: self.step(-1))
        self.buttons["forward"].clicked.connect(lambda: self.step(1))
        self.fps.valueChanged.connect(lambda _: self._clock.setInterval(self._interval))
        self.fps.valueChanged.connect(lambda _: self._show_where())
        self.one.clicked.connect(lambda: self._begin(self._one_as_layer()))
        self.all.clicked.connect(lambda: self._begin(self._all_as_layers()))
        self.save.clicked.connect(self._slots.wrap(self._save))
        self.stop.clicked.connect(self._cancel)
        self._slots.failed.connect(self._complain)
        for key, act in (
            (Qt.Key.Key_Space, lambda: self.play(not self.playing)),
            (Qt.Key.Key_Left, lambda: self.step(-1)),
            (Qt.Key.Key_Right, lambda: self.step(1)),
            (Qt.Key.Key_Home, lambda: self.step(-self.number)),
            (Qt.Key.Key_End, lambda: self.step(len(self.frames) - 1 - self.number)),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setObjectName(f"clipKey-{key.name}")
            shortcut.activated.connect(act)

    # --- playing

    @property
    def playing(self) -> bool:
        """Whether it moves."""
        return self._clock.isActive()

    @property
    def _interval(self) -> int:
        return round(1000 / self.fps.value())

    def play(self, on: bool) -> None:
        """Lets it move, from its beginning where it stands at its end; or stops it."""
        if on == self.playing:
            return
        if on:
            if self.number == len(self.frames) - 1:
                self.show_frame(0)
            self._clock.start(self._interval)
        else:
            self._clock.stop()
        self.buttons["play"].setChecked(on)
        self._show_play()

    def step(self, by: int) -> None:
        """Another frame, and it stands still."""
        self.play(False)
        self.show_frame((self.number + by) % len(self.frames))

    def show_frame(self, number: int) -> None:
        """Shows frame `number`, from 0, as soon as it is there."""
        self.number = number
        self.frames.want(number)
        image = self.frames.image(number)
        if image is not None:
            self.stage.show_image(image)
        self.scrub.blockSignals(True)
        self.scrub.setValue(number)
        self.scrub.blockSignals(False)
        self._show_where()

    def _tick(self) -> None:
        following = (self.number + 1) % len(self.frames)
        if following == 0 and not self.buttons["loop"].isChecked():
            self.play(False)
        elif self.frames.is_settled(following):
            self.show_frame(following)
        else:  # the picture stands until the file has given the next one
            self.frames.want(self.number)

    def _came(self, number: int) -> None:
        image = self.frames.image(number)
        if number == self.number and image is not None:
            first = self.stage.image is None
            self.stage.show_image(image)
            if first:
                self.resize(self.sizeHint())

    def _scrubbed(self, number: int) -> None:
        self.play(False)
        self.show_frame(number)

    def _show_where(self) -> None:
        words = self.tr("{number} / {count} · {seconds} s")
        seconds = f"{self.number / self.fps.value():.2f}"
        self.where.setText(words.format(number=self.number + 1, count=len(self.frames), seconds=seconds))

    # --- using it

    @property
    def busy(self) -> bool:
        """Whether a file or layers are being made of it."""
        return self._work is not None

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """One piece of work at a time, with a bar and a way to stop it."""
        self._work = self._slots.start(work)
        self._work.add_done_callback(lambda _: self._ended())
        self.problem.hide()
        for widget in (self.one, self.all, self.save, self.format):
            widget.setEnabled(False)
        self.bar.setValue(0)
        QTimer.singleShot(SHOW_PROGRESS_MS, self, self._show_work)

    def _show_work(self) -> None:
        self.bar.setVisible(self.busy)
        self.stop.setVisible(self.busy)

    def _ended(self) -> None:
        self._work = None
        if self._closed:
            return
        self._show_work()
        for widget in (self.one, self.all, self.save, self.format):
            widget.setEnabled(True)

    def _cancel(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def _progress(self, part: float) -> None:
        if not self._closed:
            self.bar.setValue(round(part * 1000))

    async def _one_as_layer(self) -> None:
        layer = await frame_as_layer(self._session, self.record, self.number)
        self.said.emit(self.tr("{name} is a layer now.").format(name=layer.name))

    async def _all_as_layers(self) -> None:
        await frames_as_layers(self._session, self.record, self._progress)
        words = self.tr("{count} frames are layers of a group now; the first is shown.")
        self.said.emit(words.format(count=len(self.frames)))

    @property
    def suffix(self) -> str:
        """Of the chosen format."""
        return FORMATS[self.format.currentIndex()][1]

    async def _save(self) -> None:
        name, suffix = FORMATS[self.format.currentIndex()]
        letters = "".join(c if c.isalnum() or c in " -_" else "_" for c in clip_name(self.record)).strip()
        proposal = self._folder / f"{letters}{suffix}"
        path = await choose_target(self, self.tr("Save the clip as"), proposal, [f"{name} (*{suffix})"])
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Writes it there in the format of the suffix, at the speed at which it plays."""
        self._begin(self._write(path))

    async def _write(self, path: Path) -> None:
        from desktop.clip_writing import ClipJob, write_clip  # with Pillow: not for every look at a clip
        from desktop.export_provenance import Seen, provenance_of

        if not await asyncio.to_thread(path.parent.is_dir):
            raise CanvasError(self.tr("There is no folder {0}. Choose another place.").format(path.parent))
        provenance = provenance_of([Seen(self.record, 1.0)])
        job = ClipJob(path, self.record.candidates, float(self.fps.value()), provenance)
        await write_clip(self._session.project, job, self._progress)
        self._folder = path.parent
        self.written.emit(path)

    def _complain(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()

    # --- life

    def done(self, result: int) -> None:
        """Closed, by whatever way: what is under way is taken back."""
        self._closed = True
        self._clock.stop()
        self._cancel()
        self.frames.close()
        super().done(result)

    def dress(self, theme: Theme) -> None:
        """Icons in the theme's ink."""
        self._theme = theme
        for name, icon in (("back", "step-back"), ("forward", "step-forward"), ("loop", "loop")):
            self.buttons[name].setIcon(make_icon(icon, theme))
        self._show_play()

    def _show_play(self) -> None:
        if self._theme is not None:
            self.buttons["play"].setIcon(make_icon("pause" if self.playing else "play", self._theme))

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "_clock"):
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Clip: {name}").format(name=clip_name(self.record)))
        texts = {
            "back": self.tr("One frame back (Left)"),
            "play": self.tr("Play or pause (Space)"),
            "forward": self.tr("One frame on (Right)"),
            "loop": self.tr("Play over and over"),
        }
        for name, text in texts.items():
            self.buttons[name].setToolTip(text)
            self.buttons[name].setAccessibleName(text)
        self.scrub.setToolTip(self.tr("Any frame; Home and End are the first and the last"))
        self.scrub.setAccessibleName(self.tr("Frame"))
        self.fps.setSuffix(self.tr(" a second"))
        self.fps.setToolTip(self.tr("How fast it plays, and how fast the file will"))
        self.one.setText(self.tr("Frame as Layer"))
        self.one.setToolTip(self.tr("The frame on show as a new layer at its place"))
        self.all.setText(self.tr("All Frames as Layers"))
        self.all.setToolTip(self.tr("A group with a layer for each frame; the first is shown"))
        self.format.setToolTip(self.tr("MP4 and WebM are small; WebP, GIF and APNG play where pictures are shown"))
        self.save.setText(self.tr("Save As…"))
        self.save.setToolTip(self.tr("Write the clip into a file; the painting keeps it, too"))
        self.stop.setText(self.tr("Stop"))
        self.stop.setToolTip(self.tr("Take it back; nothing of it remains"))
        self._show_where()
