"""The pictures of models: read and made small on a thread of their own, the last ones kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap

from pipelines.contract.errors import ModelError

KEPT = 600
SIDE = 320
"""Pixels of the shorter side; a card shows less."""
MOST_WAITING = 300
"""What was asked for earlier was scrolled past; what is still seen asks again."""
REST_SECONDS = 3.0
"""A thread that has nothing to do waits so long: beginning one takes longer than painting a card."""
MOST_MEGABYTES = 256
"""Memory that one picture may take while it is decoded."""


class ModelPictures(QObject):
    """Pictures by the id of their model."""

    ready = Signal(str)
    """The picture of this model is here."""
    _arrived = Signal(str, int, QImage)

    def __init__(self, read: Callable[[str], bytes], parent: QObject) -> None:
        """`read` gives a picture file's bytes, on a thread."""
        super().__init__(parent)
        self.setObjectName("modelPictures")
        self._read = read
        self._kept: OrderedDict[str, QPixmap] = OrderedDict()
        self._waiting: OrderedDict[str, None] = OrderedDict()
        self._asked: set[str] = set()
        self._round = 0
        self._lock = threading.Condition()
        self._worker: threading.Thread | None = None
        self._ended = False
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)  # the worker emits

    def picture(self, model_id: str) -> QPixmap | None:
        """The picture, a null one where a model has none; None: it comes, and `ready` tells when."""
        found = self._kept.get(model_id)
        if found is not None:
            self._kept.move_to_end(model_id)
            return found
        if model_id not in self._asked and not self._ended:
            self._asked.add(model_id)
            with self._lock:
                self._waiting[model_id] = None
                while len(self._waiting) > MOST_WAITING:
                    self._asked.discard(self._waiting.popitem(last=False)[0])
                self._lock.notify()
                if self._worker is None:
                    self._worker = threading.Thread(target=self._work, name="model pictures", daemon=True)
                    self._worker.start()
        return None

    def forget(self, model_id: str = "") -> None:
        """The picture of a model is another one now; without an id: of all."""
        self._round += 1
        if model_id:
            self._kept.pop(model_id, None)
            self._asked.discard(model_id)
        else:
            self._kept.clear()
            self._asked.clear()

    def end(self) -> None:
        """Nobody looks any more; never waits for a slow drive."""
        with self._lock:  # whoever holds it tells nothing after this
            self._ended = True
            self._waiting.clear()
            self._lock.notify()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._lock.wait(REST_SECONDS)
                if not self._waiting:
                    self._worker = None
                    return
                model_id, _ = self._waiting.popitem()  # asked for last: seen now
            number = self._round
            try:
                picture = small_picture(self._read(model_id))
            except ModelError:  # it vanished meanwhile
                picture = QImage()
            with self._lock:
                if self._ended:
                    return
                self._arrived.emit(model_id, number, picture)

    def _take(self, model_id: str, number: int, picture: QImage) -> None:
        if number != self._round and model_id not in self._asked:
            return
        self._asked.discard(model_id)
        self._kept[model_id] = QPixmap.fromImage(picture)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.ready.emit(model_id)


def small_picture(data: bytes, side: int = SIDE) -> QImage:
    """The picture of a file's bytes, its shorter side `side` pixels at most; a null one when it is none. Any thread."""
    if not data:
        return QImage()
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size: QSize = reader.size()
    if size.isValid() and size.width() * size.height() * 4 > MOST_MEGABYTES << 20:
        return QImage()
    if size.isValid() and min(size.width(), size.height()) > side:
        reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    return reader.read()
