"""The engine's page of the preferences: where it computes, in which numbers, and how it deals with memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop.machine_words import machine_words
from desktop.naming import named
from desktop.window_models import freed_words
from pipelines.planning.memory_cost import MemoryRung, rungs_for

if TYPE_CHECKING:
    from desktop.program import Program

DEVICES = ("", "cpu", "cuda", "mps", "xpu")
DTYPES = ("", "bf16", "fp16", "fp32")


class EnginePage(QWidget):
    """Every change counts at once: the engine starts anew by itself when it is idle."""

    def __init__(self, program: Program, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("enginePage")
        self._settings, self._router, self._slots = program.settings, program.router, program.slots
        self.now = named(QLabel(self), "engineNow", wordWrap=True)
        self.device = named(QComboBox(self), "preferencesDevice")
        self.dtype = named(QComboBox(self), "preferencesDtype")
        self.memory = named(QComboBox(self), "preferencesMemory")
        self.models = named(QSpinBox(self), "preferencesModelPercent", minimum=0, maximum=95, singleStep=5, suffix=" %")
        self.idle = named(QSpinBox(self), "preferencesIdle", minimum=0, maximum=1440, singleStep=5)
        self.ahead = named(QCheckBox(self), "preferencesReadAhead")
        self.threads = named(QSpinBox(self), "preferencesThreads", minimum=0, maximum=1024)
        self.release = named(QPushButton(self), "preferencesRelease", autoDefault=False)
        self.freed = named(QLabel(self), "preferencesFreed", wordWrap=True, role="dim", visible=False)
        self.note = named(QLabel(self), "engineNote", wordWrap=True)
        self.note.setProperty("role", "dim")
        self._labels: dict[str, QLabel] = {}
        self._fill()
        self._lay_out()
        self._show_values()
        self._connect()
        self.retranslate()

    def _fill(self) -> None:
        for box, values in ((self.device, DEVICES), (self.dtype, DTYPES), (self.memory, ("", *MemoryRung))):
            for value in values:
                box.addItem("", str(value))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        rows = (
            ("now", self.now), ("device", self.device), ("dtype", self.dtype), ("threads", self.threads),
            ("memory", self.memory), ("models", self.models), ("idle", self.idle),
        )  # fmt: skip
        for name, widget in rows:
            self._labels[name] = QLabel(self)
            self._labels[name].setBuddy(widget)
            form.addRow(self._labels[name], widget)
        form.addRow("", self.ahead)
        line = QHBoxLayout()
        line.addWidget(self.release)
        line.addStretch(1)
        form.addRow("", line)
        form.addRow("", self.freed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(14)
        layout.addLayout(form)
        layout.addWidget(self.note)
        layout.addStretch(1)

    def _show_values(self) -> None:
        chosen = self._settings.preferences
        said = ((self.device, chosen.engine_device), (self.dtype, chosen.engine_dtype))
        for box, value in (*said, (self.memory, chosen.engine_memory)):
            box.setCurrentIndex(max(0, box.findData(value)))
        self.threads.setValue(chosen.engine_threads)
        self.models.setValue(chosen.engine_model_percent)
        self.idle.setValue(chosen.engine_idle_minutes)
        self.ahead.setChecked(chosen.read_ahead)

    def _connect(self) -> None:
        update = self._settings.update
        self.device.activated.connect(lambda _: update(engine_device=self.device.currentData()))
        self.dtype.activated.connect(lambda _: update(engine_dtype=self.dtype.currentData()))
        self.memory.activated.connect(lambda _: update(engine_memory=self.memory.currentData()))
        self.threads.valueChanged.connect(lambda value: update(engine_threads=value))
        self.models.valueChanged.connect(lambda value: update(engine_model_percent=value))
        self.idle.valueChanged.connect(lambda value: update(engine_idle_minutes=value))
        self.ahead.toggled.connect(lambda on: update(read_ahead=on))
        self._router.engine_ready.connect(self._engine_ready)
        self._router.engine_released.connect(self._released)
        self.release.clicked.connect(self._slots.wrap(self._router.release))

    def _engine_ready(self, _device: str, _dtype: str) -> None:
        self._show_now()

    def _released(self, models: int, freed: float) -> None:
        self.freed.setText(freed_words(models, freed))
        self.freed.show()

    def _show_now(self) -> None:
        engine = self._router.engine
        self.now.setText("\n".join(machine_words(engine)) or self.tr("The engine has not come up yet"))
        here = rungs_for(engine.device) if engine is not None else tuple(MemoryRung)
        model = self.memory.model()
        for row in range(1, self.memory.count()):
            item = getattr(model, "item")(row)  # noqa: B009 - a QStandardItemModel, which Qt's types do not say
            item.setEnabled(self.memory.itemData(row) in here)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        labels = {
            "now": self.tr("Now"), "device": self.tr("Engine computes on"), "dtype": self.tr("Numbers"),
            "threads": self.tr("Threads on a CPU"), "memory": self.tr("Models in memory"),
            "models": self.tr("Memory for other models"), "idle": self.tr("Models leave after"),
        }  # fmt: skip
        for name, text in labels.items():
            self._labels[name].setText(text)
        devices = (self.tr("Best there is"), "CPU", "CUDA / ROCm", "MPS (Apple)", "XPU (Intel)")
        dtypes = (self.tr("What fits the device"), "bf16", "fp16", "fp32")
        for box, texts in ((self.device, devices), (self.dtype, dtypes)):
            for row, text in enumerate(texts):
                box.setItemText(row, text)
        self.memory.setItemText(0, self.tr("The fastest way that fits"))
        for row, rung in enumerate(MemoryRung, start=1):
            self.memory.setItemText(row, rung_words(rung))
        self.device.setToolTip(self.tr("Where pictures are painted"))
        self.dtype.setToolTip(
            self.tr("bf16 and fp16 take half the memory of fp32; the same seed paints a slightly different picture")
        )
        self.memory.setToolTip(
            self.tr("What the models' parts do while they are not at work; further down: less memory, more time")
        )
        self.models.setSuffix(" %")
        self.models.setToolTip(self.tr("Part of the device's memory that models may fill which were used before"))
        self.idle.setSuffix(self.tr(" minutes"))
        self.idle.setSpecialValueText(self.tr("Never"))
        self.idle.setToolTip(self.tr("When nothing was painted for so long, models leave memory until they are wanted"))
        self.ahead.setText(self.tr("Read the chosen model ahead"))
        self.ahead.setToolTip(
            self.tr("While nothing else waits and memory allows it, so that the first picture begins at once")
        )
        self.release.setText(self.tr("Free Memory Now"))
        self.release.setToolTip(
            self.tr("Take every model out of memory, after the job that runs; the next picture reads its model anew")
        )
        self.threads.setSpecialValueText(self.tr("Automatic"))
        self.threads.setToolTip(self.tr("More than the processor has cores make it slower"))
        self.note.setText(self.tr("The engine starts anew by itself with every change, after the jobs that are open."))
        self._show_now()


def rung_words(rung: MemoryRung) -> str:
    """What parts of a model do while they are not at work, for people."""
    return {
        MemoryRung.ALL: QCoreApplication.translate("EnginePage", "Everything stays"),
        MemoryRung.TEXT_OFF: QCoreApplication.translate("EnginePage", "Text encoders leave"),
        MemoryRung.PARTS: QCoreApplication.translate("EnginePage", "One part at a time"),
        MemoryRung.EIGHT_BITS: QCoreApplication.translate("EnginePage", "One part at a time, in 8 bits"),
        MemoryRung.BLOCKS: QCoreApplication.translate("EnginePage", "One block at a time (slow)"),
    }[rung]
