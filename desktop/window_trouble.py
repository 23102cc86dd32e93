"""What a window does in trouble, with its painting's file or with a job: says so, offers what helps, and asks before
losing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from canvas.errors import CanvasError
from desktop.spoken import spoken
from pipelines.contract.events import EngineEvent, Failed, FailureKind

if TYPE_CHECKING:
    from desktop.main_window import MainWindow
    from desktop.window_banner import Action

translate = QCoreApplication.translate
UNWRITTEN, NOTICE, FAILED = "unwritten", "notice", "failed"
_MODELS_FAULT = frozenset({FailureKind.MODEL_MISSING, FailureKind.MODEL_UNUSABLE})


class TroubleWatch:
    """Follows the session of one window."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._session = window, window.session
        self._rescuing = self._asking = False
        self._session.problem.connect(self.say_problem)
        self._session.damaged.connect(lambda _: window.slots.start(self._rescue()))
        self._session.saveStateChanged.connect(self._state_changed)
        self._failed: Failed | None = None
        """The job that the banner tells about."""
        window.controller.started.connect(lambda _: self._forget_failure())
        window.controller.ended.connect(self._job_ended)

    def say_problem(self, sentence: str) -> None:
        """The file cannot be written: stays, with its buttons, until that works again."""
        self._window.banner.keep(UNWRITTEN, spoken(sentence), self._actions())

    def say_notice(self) -> None:
        """What was unusual about opening this painting."""
        for sentence in self._session.project.complaints:
            self._window.say(spoken(sentence))
        self._keep_notice()

    def _keep_notice(self) -> None:
        if self._session.notice:
            actions: list[Action] = []
            if self._session.untitled:
                actions.append(self._save_as_action())
            self._window.banner.keep(NOTICE, self._session.notice, actions)

    def retranslate(self) -> None:
        """Buttons in the present language; sentences stay as they were said."""
        banner = self._window.banner
        if banner.key == UNWRITTEN:
            banner.keep(UNWRITTEN, banner.lasting.text(), self._actions())
        elif banner.key == NOTICE:
            self._keep_notice()
        elif banner.key == FAILED and self._failed is not None:
            banner.keep(FAILED, banner.lasting.text(), self._remedies(self._failed))

    async def ask_before_losing(self, error: CanvasError) -> bool:
        """The painting cannot be written and its window was closed: whether to close it all the same."""
        if self._asking:
            return False
        self._asking = True
        from desktop.dialogs.unwritten import Choice, ask_about_unwritten

        choice = await ask_about_unwritten(self._window, self._session.title, spoken(str(error)))
        self._asking = False
        if choice is Choice.SAVE_AS:
            await self._window.file_commands.save_as()
            if self._session.save_state != "problem":
                self._window.close_soon()
        elif choice is Choice.RETRY:
            self._window.close_soon()
        return choice is Choice.LOSE

    def _actions(self) -> list[Action]:
        again = translate("TroubleWatch", "Try Again")
        return [self._save_as_action(), ("bannerRetry", again, self._session.project.care.retry)]

    def _save_as_action(self) -> Action:
        save_as = translate("TroubleWatch", "Save As…")
        return ("bannerSaveAs", save_as, self._window.slots.wrap(self._window.file_commands.save_as))

    def _state_changed(self, state: str) -> None:
        if state == "saved":
            self._window.banner.retract(UNWRITTEN)

    # --- jobs

    def _job_ended(self, _job_id: str, event: EngineEvent) -> None:
        """Why there is no picture stays until the next job begins, unless something worse stands there."""
        if isinstance(event, Failed) and self._window.banner.key != UNWRITTEN:
            from desktop.generation.failures import failure_sentence  # a start does without

            self._failed = event
            self._window.banner.keep(FAILED, failure_sentence(event), self._remedies(event))

    def _forget_failure(self) -> None:
        self._failed = None
        self._window.banner.retract(FAILED)

    def _remedies(self, event: Failed) -> list[Action]:
        actions = self._window.actions_by_id
        again = ("bannerAgain", translate("TroubleWatch", "Try Again"), actions["generate.run"].trigger)
        library = (
            "bannerLibrary",
            translate("TroubleWatch", "Model Library…"),
            lambda: self._show_culprit(event.sentence),
        )
        copy = ("bannerCopy", translate("TroubleWatch", "Copy"), lambda: copy_report(event))
        if event.kind in _MODELS_FAULT:
            return [library, again, copy]
        return [copy] if event.kind is FailureKind.INVALID_REQUEST else [again, copy]

    def _show_culprit(self, sentence: str) -> None:
        """The library, at the model that the sentence names first."""
        self._window.slots.start(self._window.library_commands.show_named(sentence))

    async def _rescue(self) -> None:
        """The painting goes on in a new file; a rescue that fails is a problem like any other."""
        if self._rescuing:
            return
        self._rescuing = True
        try:
            await self._session.rescue()
        except CanvasError as error:
            self.say_problem(spoken(str(error)))
            return
        finally:
            self._rescuing = False
        self._window.banner.retract(UNWRITTEN)
        self._keep_notice()  # it sums up the complaints, which name hashes
        self._window.program.note_open()
        if not self._session.untitled:
            self._window.program.settings.add_recent(self._session.path)


def copy_report(event: Failed) -> None:
    """What went wrong as text, with what a report of it needs, onto the clipboard."""
    QGuiApplication.clipboard().setText("\n\n".join(filter(None, (event.sentence, event.detail))))
