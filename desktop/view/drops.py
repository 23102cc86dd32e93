"""Pictures that are dragged in from a folder or a browser."""

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage


def has_pictures(mime: QMimeData) -> bool:
    """Whether a drop would bring files or a picture."""
    return mime.hasImage() or any(url.isLocalFile() for url in mime.urls())


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
