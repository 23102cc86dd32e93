"""What is dragged onto the canvas: pictures from a folder or a browser, generations from the history."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QImage

RECORD_TYPE = "application/x-handscroll-generation"


@dataclass(frozen=True)
class DroppedRecord:
    """A picture of a logged generation."""

    document_id: str
    "The painting whose log has it."
    record_id: str
    index: int = 0
    "Which candidate, from 0."


def record_mime(dropped: DroppedRecord) -> QMimeData:
    """What a drag of a generation carries."""
    mime = QMimeData()
    words = f"{dropped.document_id}\n{dropped.record_id}\n{dropped.index}"
    mime.setData(RECORD_TYPE, QByteArray(words.encode()))
    return mime


def has_pictures(mime: QMimeData) -> bool:
    """Whether a drop would bring files, a picture or a generation."""
    return mime.hasFormat(RECORD_TYPE) or mime.hasImage() or any(url.isLocalFile() for url in mime.urls())


def dropped_record(mime: QMimeData) -> DroppedRecord | None:
    """The generation that a drag carries, else None."""
    if not mime.hasFormat(RECORD_TYPE):
        return None
    parts = bytes(mime.data(RECORD_TYPE).data()).decode("utf-8", "replace").split("\n")
    if len(parts) != 3 or not parts[2].isdecimal():
        return None
    return DroppedRecord(parts[0], parts[1], int(parts[2][:6]))


def dropped_pictures(mime: QMimeData) -> list[Path] | QImage | None:
    """The local files, else the picture itself (a browser's drag carries it), else None."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if files:
        return files
    if mime.hasImage():
        picture = mime.imageData()
        if isinstance(picture, QImage) and not picture.isNull():
            return picture
    return None
