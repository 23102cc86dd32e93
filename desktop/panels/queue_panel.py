"""The queue panel: what runs, what waits, and a way to take each back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop.generation.controller import GenerationController
from desktop.generation.jobs import Job, JobRouter
from desktop.generation.remaining import Outlook, Reckoning, outlook_text, time_text
from desktop.naming import named
from desktop.panels.history_words import task_word
from pipelines.contract.looking import AnnotationRequest, LookRequest


class JobRow(QWidget):
    """One job: prompt, state, progress, cancel."""

    def __init__(self, job: Job, panel: QueuePanel) -> None:
        super().__init__(panel)
        self.setObjectName(f"job-{job.id}")
        self._panel = panel
        self.title = QLabel(self)
        self.state = QLabel(self)
        self.bar = QProgressBar(self, textVisible=False)
        self.bar.setFixedHeight(4)
        self.cancel = named(QToolButton(self), "cancelJob", text="✕", autoRaise=True)
        self.cancel.setToolTip(panel.tr("Cancel this job"))
        self.cancel.clicked.connect(lambda: panel.controller.cancel(job.id))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        for widget in (self.title, self.state, self.bar):
            texts.addWidget(widget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.addLayout(texts, 1)
        layout.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignTop)
        self.show_job(job)

    def show_job(self, job: Job) -> None:
        """Takes over the job's present state."""
        prompt = self._panel.title_text(job)
        self.title.setText(self.fontMetrics().elidedText(prompt, Qt.TextElideMode.ElideRight, 220))
        self.title.setToolTip(f"{job.title}\n{prompt}")
        self.state.setText(self._panel.state_text(job))
        self.bar.setRange(0, max(job.steps, 1) if job.state != "loading" else 0)
        self.bar.setValue(job.step)


class QueuePanel(QWidget):
    """Jobs of all windows, the running one first."""

    def __init__(self, router: JobRouter, controller: GenerationController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queuePanel")
        self._router, self.controller = router, controller
        self._rows: dict[str, JobRow] = {}
        self._reckoning, self._outlook = Reckoning(), Outlook()
        self.empty = named(QLabel(self), "queueEmpty", wordWrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.total = named(QLabel(self), "queueTotal", visible=False, role="dim")
        self.cancel_all = named(QPushButton(self), "cancelAll", visible=False)
        self.cancel_all.clicked.connect(controller.cancel_all)
        self._list = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.empty)
        layout.addWidget(self.total)
        layout.addLayout(self._list)
        layout.addStretch(1)
        layout.addWidget(self.cancel_all)
        router.changed.connect(self._refresh)
        self.retranslate()
        self._refresh()

    def _refresh(self) -> None:
        self._outlook = self._reckoning.outlook(self._router.jobs)
        self.total.setText(outlook_text(self._outlook))
        self.total.setVisible(self._outlook.jobs > 1)
        jobs = {name: job for name, job in self._router.jobs.items() if job.request.priority >= 0}  # not live ones
        for job_id in [i for i in self._rows if i not in jobs]:
            row = self._rows.pop(job_id)
            self._list.removeWidget(row)
            row.deleteLater()
        for job in jobs.values():
            if job.id in self._rows:
                self._rows[job.id].show_job(job)
            else:
                self._rows[job.id] = JobRow(job, self)
                self._list.addWidget(self._rows[job.id])
        self.empty.setVisible(not jobs)
        self.cancel_all.setVisible(len(jobs) > 1)

    def title_text(self, job: Job) -> str:
        """What the job is about: its prompt, where it has one."""
        request = job.request
        if isinstance(request, AnnotationRequest):
            from desktop.generation.control_models import label_of_kind  # few jobs are such

            return self.tr("See what is followed: {kind}").format(kind=label_of_kind(request.kind))
        if isinstance(request, LookRequest):
            return self.tr("Describe the picture")
        return request.prompt or task_word(str(request.task))

    def state_text(self, job: Job) -> str:
        """The state in words, with the remaining time where it is known."""
        if job.state == "running":
            words = self.tr("step {step} of {steps}, about {time} left")
            return words.format(step=job.step, steps=job.steps, time=time_text(job.seconds_left))
        soon = self._outlook.by_job.get(job.id)
        if job.state == "waiting" and soon is not None:
            return self.tr("waiting, done in about {time}").format(time=time_text(soon))
        words = {
            "waiting": self.tr("waiting, {0} before it").format(job.position),
            "loading": self.tr("loading the model"),
            "finishing": self.tr("finishing"),
        }
        return words[job.state]

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.empty.setText(self.tr("Nothing runs. Jobs of all paintings appear here."))
        self.cancel_all.setText(self.tr("Cancel all"))
        self.cancel_all.setToolTip(self.tr("Take every running and waiting job back"))
        for row in self._rows.values():
            row.cancel.setToolTip(self.tr("Cancel this job"))
