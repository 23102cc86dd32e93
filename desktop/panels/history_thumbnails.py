"""The small pictures of the history panel: decoded when they are seen, in slices, the last ones kept."""

from __future__ import annotations

import time
from collections import OrderedDict

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, QTimer, Signal
from PySide6.QtGui import QImageReader, QPixmap

from canvas.generations import GenerationRecord
from desktop.naming import named

KEPT = 400
SLICE_SECONDS = 0.004
LARGEST = 256
"""Pixels a side that are believed: thumbnails have at most 128."""


class Thumbnails(QObject):
    """Pictures by the id of their record."""

    ready = Signal()
    "Some more were decoded."

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("historyThumbnails")
        self._kept: OrderedDict[str, QPixmap] = OrderedDict()
        self._wanted: dict[str, bytes] = {}
        self._timer = named(QTimer(self), "timer", singleShot=True, interval=0)
        self._timer.timeout.connect(self._decode_some)

    def picture(self, record: GenerationRecord) -> QPixmap | None:
        """The picture, or None and it is decoded soon; a null one where a record has none."""
        found = self._kept.get(record.id)
        if found is not None:
            self._kept.move_to_end(record.id)
            return found
        if not record.thumbnail:
            return QPixmap()
        self._wanted[record.id] = record.thumbnail
        if not self._timer.isActive():
            self._timer.start()
        return None

    @property
    def held(self) -> int:
        """Pictures that are decoded now."""
        return len(self._kept)

    def _decode_some(self) -> None:
        until = time.perf_counter() + SLICE_SECONDS
        while self._wanted and time.perf_counter() < until:
            record_id, data = self._wanted.popitem()  # asked for last: seen now
            self._kept[record_id] = decoded(data)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        if len(self._wanted) > KEPT:
            self._wanted.clear()  # scrolled past; what is still seen asks again
        self.ready.emit()
        if self._wanted:
            self._timer.start()


def decoded(data: bytes) -> QPixmap:
    """A thumbnail's picture; a null one when it is damaged or larger than any that this program wrote."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size: QSize = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > LARGEST:
        return QPixmap()
    return QPixmap.fromImageReader(reader)
