"""The status bar: where the view stands, what the engine uses, whether the painting is on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from desktop.generation.form import GenerationForm
from desktop.generation.jobs import JobRouter
from desktop.naming import named
from desktop.session import Session
from desktop.slots import Slots
from desktop.view.canvas_view import CanvasView

SAMPLE_MS = 2000


class StatusStrip(QStatusBar):
    """Labels that keep themselves right. Memory is read in a thread every two seconds."""

    def __init__(
        self, view: CanvasView, session: Session, form: GenerationForm, router: JobRouter, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("statusStrip")
        self.setSizeGripEnabled(False)
        self._view, self._session, self._form, self._router = view, session, form, router
        self._slots = Slots(self)
        self._device: tuple[str, str] = ("", "")
        self._where = ""
        self._lost = False
        self._at: tuple[float, float] | None = None
        self.position, self.zoom = self._label("statusPosition"), self._label("statusZoom")
        self.device, self.model = self._label("statusDevice"), self._label("statusModel")
        self.memory, self.saved = self._label("statusMemory"), self._label("statusSaved")
        self._timer = named(QTimer(self), "timer", interval=SAMPLE_MS)
        self._timer.timeout.connect(self._slots.wrap(self._sample))
        self._connect()
        self.retranslate()

    def _label(self, name: str) -> QLabel:
        label = named(QLabel(self), name)
        self.addPermanentWidget(label)
        return label

    def _connect(self) -> None:
        self._view.viewChanged.connect(self._show_zoom)
        self._view.cursorMoved.connect(self._moved)
        self._session.saveStateChanged.connect(lambda _: self._show_saved())
        self._form.changed.connect(lambda _: self._show_model())
        self._form.models_changed.connect(self._show_model)
        self._router.engine_ready.connect(self._ready)
        self._router.engine_lost.connect(self._gone)  # a method: a lambda would outlive this window
        self._timer.start()

    def engine_state(self, device: str, dtype: str) -> None:
        """What a window that opens late is told about an engine that came up before it."""
        self._ready(device, dtype)

    def _ready(self, device: str, dtype: str) -> None:
        self._device, self._lost = (device, dtype), False
        self._show_device()

    def _gone(self, _sentence: str) -> None:
        self._lost = True
        self._show_device()

    def _moved(self, x: float, y: float) -> None:
        self._at = (x, y)
        self.position.setText(f"{x:.0f}, {y:.0f}")

    def _show_zoom(self) -> None:
        camera = self._view.camera
        turned = f"  {camera.rotation:.0f}°" if camera.rotation else ""
        mirrored = "  ⇋" if camera.mirrored else ""
        percent = camera.zoom * 100
        self.zoom.setText((f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %") + turned + mirrored)

    def _show_model(self) -> None:
        info = self._form.model_info()
        self.model.setText(info.name if info else self.tr("no model"))
        self.model.setToolTip(info.path if info else "")

    def _show_device(self) -> None:
        device, dtype = self._device
        if self._lost:
            self.device.setText(self.tr("engine restarts"))
        elif device:
            self.device.setText(f"{device} · {dtype}")
            from desktop.machine_words import machine_words  # when the engine has told

            self.device.setToolTip("\n".join((self._where, *machine_words(self._router.engine))))
        else:
            self.device.setText(self.tr("engine starts"))

    def _show_saved(self) -> None:
        words = {"saved": self.tr("Saved"), "saving": self.tr("Saving…"), "problem": self.tr("Not saved")}
        self.saved.setText(words.get(self._session.save_state, self._session.save_state))
        self.saved.setToolTip(str(self._session.path))

    async def _sample(self) -> None:
        pid = getattr(self._router.client, "pid", None)
        window = await asyncio.to_thread(memory_of, None)
        engine = await asyncio.to_thread(memory_of, pid) if pid else 0
        self.memory.setText(f"{megabytes(window + engine)}")
        self.memory.setToolTip(
            self.tr("Memory: window {0}, engine {1}").format(megabytes(window), megabytes(engine) if engine else "–")
        )

    async def stop(self) -> None:
        """Takes no further samples."""
        self._timer.stop()
        await self._slots.finish(1.0)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.position.setToolTip(self.tr("Where the pointer is on the canvas, in pixels"))
        self.zoom.setToolTip(self.tr("Zoom and rotation of the view"))
        self._where = self.tr("Where the engine computes, and in which number format")
        self.device.setToolTip(self._where)
        self.memory.setToolTip(self.tr("Memory of window and engine"))
        shows: tuple[Callable[[], None], ...] = (self._show_zoom, self._show_model, self._show_device, self._show_saved)
        for show in shows:
            show()


def memory_of(pid: int | None) -> int:
    """Resident bytes of a process; this one for None, 0 for one that is gone."""
    import psutil  # not before the window is there

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def megabytes(size: int) -> str:
    """Bytes for people."""
    if size >= 2**30:
        return f"{size / 2**30:.1f} GB"
    return f"{size / 2**20:.0f} MB" if size >= 2**20 or not size else f"{max(1, round(size / 2**10))} KB"
