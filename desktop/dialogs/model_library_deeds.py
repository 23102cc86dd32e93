"""What is done with one model of the library: verify, convert, bin, its picture, its folder, where it was used."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QFile, QIODevice, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import QMessageBox

from canvas.errors import CanvasError
from desktop.dialogs.files import choose_files, finished
from desktop.dialogs.model_library_facts import query_for
from desktop.dialogs.model_library_pictures import small_picture
from desktop.dialogs.model_library_words import hash_words
from desktop.naming import named
from desktop.spoken import spoken
from pipelines.contract.errors import JobCancelled, ModelError
from pipelines.contract.models import ModelInfo
from pipelines.library.details import names_beside
from pipelines.library.families import GENERATION_KINDS
from pipelines.library.probe import STARTER_ID

if TYPE_CHECKING:
    from desktop.dialogs.model_library import ModelLibraryDialog
    from desktop.main_window import MainWindow
    from pipelines.library.verifying import Verdict

SIDE = 512
"""Pixels of the longer side of a picture that is kept."""
PICTURES = "*.png *.jpg *.jpeg *.webp"
_HUB = "models--"


class ModelDeeds:
    """The deeds of a dialog; each is told of on its page."""

    def __init__(self, window: MainWindow, dialog: ModelLibraryDialog) -> None:
        self._window, self._dialog = window, dialog
        self._program, self._library = window.program, window.program.library

    async def do(self, deed: str, info: ModelInfo) -> None:
        """One of them by its name; what goes wrong is told on the page."""
        deeds: dict[str, Callable[[ModelInfo], Awaitable[None]]] = {
            "verify": self.verify,
            "convert": self.convert,
            "bin": self.move_to_bin,
            "folder": self.open_folder,
            "copy-path": self.copy_path,
            "picture": self.take_picture,
            "picture-file": self.choose_picture,
            "no-picture": self.drop_picture,
            "uses": self.show_uses,
        }
        try:
            await deeds[deed](info)
        except (ModelError, CanvasError) as error:
            self._say(spoken(str(error)))

    def _say(self, sentence: str) -> None:
        self._dialog.page.head.say_outcome(sentence)

    # --- long work

    async def verify(self, info: ModelInfo) -> None:
        """Reads every byte and compares."""
        work = self._dialog.page.head.work
        if work.busy:
            return
        self._say("")
        words = self._dialog.tr("Verifying {name}…").format(name=info.name)
        try:
            verdict = await work.run(words, lambda tell, stop: self._library.verify(info.id, tell, stop))
        except JobCancelled:
            self._say(self._dialog.tr("Stopped; nothing is known."))
            return
        self._say(self._verdict(verdict))

    def _verdict(self, verdict: Verdict) -> str:
        from pipelines.library.verifying import Witness

        tr = self._dialog.tr
        sentences = {
            (Witness.BEFORE, True): tr("It is byte for byte what it was when it was read before."),
            (Witness.BEFORE, False): tr("Its bytes are others than before, although nobody wrote to it: the drive may "
                                        "be failing. Get the file again."),
            (Witness.SITE, True): tr("It is the file that its site describes."),
            (Witness.SITE, False): tr("It is not the file that its site describes: damaged, or another one of the "
                                      "same name."),
            (Witness.TRAINER, True): tr("Its weights are those that its trainer wrote."),
            (Witness.TRAINER, False): tr("Its weights are others than its trainer wrote: it was changed since, or "
                                         "damaged."),
        }  # fmt: skip
        told = [sentences[one, False] for one in verdict.differs] + [sentences[one, True] for one in verdict.agrees]
        if not told:
            told = [tr("It can be read to the end. Nothing is known to compare it with; from now on its hash is.")]
        return "\n".join([*told, f"SHA-256 {hash_words(verdict.file_hash)}"])

    async def convert(self, info: ModelInfo) -> None:
        """Has a pickled file written as safetensors, beside it."""
        from pipelines.library.converting import convert

        work = self._dialog.page.head.work
        if work.busy:
            return
        self._say("")
        words = self._dialog.tr("Converting {name}…").format(name=info.name)
        try:
            made = await work.run(words, lambda tell, stop: convert(Path(info.path), None, tell, stop))
        except JobCancelled:
            self._say(self._dialog.tr("Stopped; nothing was written."))
            return
        await self._program.rescan()
        await self._dialog.look()
        if self._dialog.chosen is not None and self._dialog.chosen.id == info.id:  # else the person has gone on
            self._dialog.show_model(made.as_posix())
        self._say(self._dialog.tr("Written as {name}; the old file is still there.").format(name=made.name))

    # --- the bin

    async def move_to_bin(self, info: ModelInfo) -> None:
        """Asks once, then moves the model and what describes it."""
        if info.id == STARTER_ID:
            raise ModelError(self._dialog.tr("The starter model belongs to Handscroll and stays."))
        targets = await asyncio.to_thread(targets_of, Path(info.path))
        if not await self._is_sure(info, targets):
            return
        failed = await asyncio.to_thread(_bin, targets)
        if not failed:
            self._dialog.grid.choose(self._dialog.entries.neighbour_of(info.id))
        await self._program.rescan()
        if failed:
            sentence = self._dialog.tr("{path} could not be moved to the bin. It may lie on a drive without one.")
            self._say(sentence.format(path=failed))
        else:
            self._dialog.say(self._dialog.tr("{name} is in the bin.").format(name=info.name))

    async def _is_sure(self, info: ModelInfo, targets: list[Path]) -> bool:
        tr = self._dialog.tr
        box = named(QMessageBox(self._dialog), "modelBinDialog")
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(tr("Move to Bin"))
        box.setText(tr("Move {name} to the bin?").format(name=info.name))
        box.setInformativeText("\n".join(map(str, targets)))
        yes = named(box.addButton(tr("Move to Bin"), QMessageBox.ButtonRole.DestructiveRole), "modelBinYes")
        no = named(box.addButton(tr("Keep It"), QMessageBox.ButtonRole.RejectRole), "modelBinNo")
        box.setDefaultButton(no)
        box.setEscapeButton(no)
        try:
            await finished(box)
            return box.clickedButton() is yes
        finally:
            box.deleteLater()

    # --- its picture

    async def take_picture(self, info: ModelInfo) -> None:
        """The candidate on show, else what is visible of the selection or the frame."""
        from canvas.pixels import from_rgba
        from desktop.gathering import gather
        from desktop.generation.upscaling import cut_out, region_of

        current = self._window.controller.current
        if current is not None:
            picture = QImage(current.image())
        else:
            document = self._window.session.document
            region, selection = region_of(document), document.selection
            flat = await gather(document, self._window.session.compositor, region)
            rgba = await asyncio.to_thread(cut_out, flat, selection, region)
            if not rgba[..., 3].any():
                raise ModelError(
                    self._dialog.tr("Nothing is painted there. Generate or select something, or move the frame.")
                )
            picture = await asyncio.to_thread(from_rgba, rgba)
        await self._keep_picture(info, picture)

    async def choose_picture(self, info: ModelInfo) -> None:
        """A picture file."""
        title = self._dialog.tr("Picture of the model")
        files = await choose_files(self._dialog, title, str(Path(info.path).parent), [f"{title} ({PICTURES})"])
        if not files:
            return
        try:
            data = await asyncio.to_thread(files[0].read_bytes)
        except OSError as error:
            raise ModelError(f"{files[0]}: {error.strerror or error}.") from error
        picture = await asyncio.to_thread(small_picture, data, SIDE)
        if picture.isNull():
            raise ModelError(self._dialog.tr("{name} is not a picture that can be read.").format(name=files[0].name))
        await self._keep_picture(info, picture)

    async def drop_picture(self, info: ModelInfo) -> None:
        """Back to what lies beside the file."""
        await asyncio.to_thread(self._library.set_thumbnail, info.id, b"")
        await self._picture_changed(info)

    async def _keep_picture(self, info: ModelInfo, picture: QImage) -> None:
        data = await asyncio.to_thread(_encoded, picture)
        await asyncio.to_thread(self._library.set_thumbnail, info.id, data)
        await self._picture_changed(info)

    async def _picture_changed(self, info: ModelInfo) -> None:
        self._dialog.pictures.forget(info.id)
        self._dialog.refresh_chosen()

    # --- places

    async def open_folder(self, info: ModelInfo) -> None:
        """Shows the folder it lies in."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(info.path).parent)))

    async def copy_path(self, info: ModelInfo) -> None:
        """Puts its path on the clipboard."""
        QGuiApplication.clipboard().setText(info.path)
        self._say(self._dialog.tr("The path is on the clipboard."))

    async def show_uses(self, info: ModelInfo) -> None:
        """Shows in the history what it was used for."""
        words = query_for(info)
        if not words:
            return
        filters = self._window.history_panel.filters
        self._window.show_dock("history")
        filters.clear()
        if info.kind in GENERATION_KINDS:
            filters.set_model(info.id)
        else:
            filters.search.setText(words)


def targets_of(path: Path) -> list[Path]:
    """What belongs to a model: itself and the notes and pictures beside it that no other model shares.

    Of a repository in a Hugging Face cache all of it: its snapshots are links into it.
    """
    repository = next((parent for parent in (path, *path.parents) if parent.name.startswith(_HUB)), None)
    if repository is not None:
        return [repository]
    if path.is_dir():
        return [path]
    twins = [one for one in _siblings(path) if one.stem == path.stem and one.suffix.lower() in _SUFFIXES]
    beside = [] if twins else [path.with_name(name) for name in names_beside(path.name)]
    return [path, *(one for one in beside if one.is_file())]


def _siblings(path: Path) -> Iterable[Path]:
    return [one for one in path.parent.iterdir() if one != path]


_SUFFIXES = frozenset({".safetensors", ".sft", ".gguf", ".ckpt", ".pth", ".pt", ".bin"})


def _bin(targets: Iterable[Path]) -> Path | None:
    """Moves them; the first that could not be moved. For a thread."""
    home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    with suppress(OSError):
        Path(home).mkdir(parents=True, exist_ok=True)  # Qt makes the bin in it, but not the folder itself
    for target in targets:
        moved: object = QFile.moveToTrash(str(target))
        done = moved[0] if isinstance(moved, tuple) else moved
        if not done:
            return target
    return None


def _encoded(picture: QImage) -> bytes:
    """A PNG, its longer side SIDE pixels at most. Any thread."""
    small = picture
    if max(picture.width(), picture.height()) > SIDE:
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        small = picture.scaled(SIDE, SIDE, keep, smooth)
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    small.save(buffer, "PNG")  # pyright: ignore[reportCallIssue, reportArgumentType]
    buffer.close()
    return bytes(kept.data())
