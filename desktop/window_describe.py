"""The window's commands that put the picture into words for the prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from desktop.late import Late
from desktop.naming import named
from desktop.slots import Handler
from pipelines.contract.errors import JobCancelled
from pipelines.contract.models import DescriptionStyle, ModelInfo, ModelKind

if TYPE_CHECKING:
    from desktop.describing import PictureDescriber, Subject
    from desktop.main_window import MainWindow

translate = QCoreApplication.translate
ICON = 18
MISSING = "captioner"
"""Key of the sentence about it in the banner."""
_MENU = (
    "prompt.describe",
    "prompt.describe-layer",
    "prompt.describe-stop",
    "",
    *(f"prompt.describe-{style}" for style in DescriptionStyle),
    "",
    "prompt.describe-with",
)


class DescribeCommands:
    """Describing what is painted; which model does it and how is remembered."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._settings = window, window.program.settings
        self._late = Late(self._make)
        self._seen: object = None
        self._models = Late(self._make_models)
        self._usable: list[ModelInfo] = []

    def _make(self) -> PictureDescriber:
        from desktop.describing import PictureDescriber  # not for every start

        made = PictureDescriber(self._window.session, self._window.program.router, self._window)
        made.changed.connect(self._changed)
        return made

    @property
    def describer(self) -> PictureDescriber:
        """What asks the engine."""
        return self._late()

    @property
    def running(self) -> bool:
        """Whether a picture is being described."""
        return self._late.made is not None and self._late.made.running

    @property
    def style(self) -> DescriptionStyle:
        """How pictures are described now."""
        told = str(self._settings.remembered.describing.get("style", ""))
        return DescriptionStyle(told) if told in list(DescriptionStyle) else DescriptionStyle.SENTENCE

    @property
    def model(self) -> str:
        """Id of the captioning model that was chosen; empty: the first of the library."""
        return str(self._settings.remembered.describing.get("model", ""))

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        found: dict[str, Handler] = {
            "prompt.describe": self.describe,
            "prompt.describe-layer": self.describe_layer,
            "prompt.describe-stop": self.stop,
            "prompt.describe-with": self.choose_model,
        }
        for style in DescriptionStyle:
            found[f"prompt.describe-{style}"] = lambda chosen=style: self.use_style(chosen)
        return found

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {
            "describing": lambda: self.running,
            "not-describing": lambda: not self.running,
            "describable-layer": lambda: not self.running and self._window.session.document.active is not None,
        }

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action id -> whether it is on."""
        return {f"prompt.describe-{style}": lambda one=style: self.style is one for style in DescriptionStyle}

    def follow(self) -> None:
        """Puts the button at the prompt to work; the window's actions are there now."""
        button, actions = self._window.prompt_panel.foot.describe, self._window.actions_by_id
        button.setIconSize(QSize(ICON, ICON))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = named(QMenu(button), "promptDescribeMenu")
        menu.setToolTipsVisible(True)
        for name in _MENU:
            if name:
                menu.addAction(actions[name])
            else:
                menu.addSeparator()
        button.setMenu(menu)
        self._show_button()

    # --- what is done

    async def describe(self) -> None:
        """Describes the selection, else the frame, as it looks."""
        from desktop.describing import Subject

        await self._describe(Subject.seen(self._window.session))

    async def describe_layer(self) -> None:
        """Describes the layer that is worked on, by itself."""
        from desktop.describing import Subject

        document = self._window.session.document
        if document.active is not None:
            await self._describe(Subject.alone(document, document.active))

    async def stop(self) -> None:
        """Takes it back."""
        if self.running:
            await self.describer.cancel()

    def use_style(self, style: DescriptionStyle) -> None:
        """Sentences, longer ones or tags, from now on."""
        self._settings.remember(describing={**self._settings.remembered.describing, "style": str(style)})
        self._window.refresh_actions()

    def use_model(self, model_id: str) -> None:
        """That captioning model from now on."""
        self._settings.remember(describing={**self._settings.remembered.describing, "model": model_id})
        self._window.banner.retract(MISSING)

    async def choose_model(self) -> None:
        """Shows the captioning models of the library at the prompt's button; without one the banner says what to do."""
        info = await self._find_model()
        if info is None:
            return
        self._window.show_dock("prompt")
        button, menu = self._window.prompt_panel.foot.describe, self._models()
        self._list_models(menu, info.id if info.id == self.model else "")
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _make_models(self) -> QMenu:
        button = self._window.prompt_panel.foot.describe
        menu = named(QMenu(button), "promptDescribeModels", toolTipsVisible=True)
        menu.triggered.connect(self._window.slots.wrap(self._use_chosen))
        return menu

    def _list_models(self, menu: QMenu, chosen: str) -> None:
        menu.clear()
        group, first = QActionGroup(menu), self._usable[0]
        automatic = translate("DescribeCommands", "Automatic: {name}").format(name=first.name)
        rows = ((one.name, one.id, one.path) for one in self._usable)
        for text, model_id, tip in ((automatic, "", first.path), *rows):
            action = menu.addAction(text.replace("&", "&&"))
            action.setToolTip(tip)
            action.setData(model_id)
            action.setActionGroup(group)
            action.setCheckable(True)
            action.setChecked(model_id == chosen)
            if not model_id:
                menu.addSeparator()

    def _use_chosen(self, action: QAction) -> None:
        self.use_model(str(action.data()))
        name = action.text().replace("&&", "&")
        self._window.note(translate("DescribeCommands", "Pictures are described by: {name}").format(name=name))

    async def _describe(self, subject: Subject) -> None:
        from desktop.describing import put_into

        if self.running:
            return
        info = await self._find_model()
        if info is None:
            return
        try:
            text = await self.describer.describe(subject, info.id, self.style)
        except JobCancelled as stopped:
            self._window.note(str(stopped))
            return
        if not text:
            sentence = translate(
                "DescribeCommands", "{name} found no words for it. Try another model or another style."
            )
            self._window.say(sentence.format(name=info.name))
            return
        self._window.show_dock("prompt")
        put_into(self._window.prompt_panel.prompt, text)
        done = translate("DescribeCommands", "The picture is described in the prompt.")
        if self.model and self.model != info.id:
            done = translate(
                "DescribeCommands",
                "Described in the prompt by {name}; the model that was chosen for it cannot be used now.",
            ).format(name=info.name)
        self._window.note(done)

    async def _find_model(self) -> ModelInfo | None:
        """The chosen captioning model, else the first that can be used; without one the banner says what to do."""
        models = await asyncio.to_thread(self._window.program.library.models, {ModelKind.CAPTIONER})
        self._usable = [info for info in models if not info.problem]
        if self._usable:
            self._window.banner.retract(MISSING)
            return next((info for info in self._usable if info.id == self.model), self._usable[0])
        sentence = translate(
            "DescribeCommands",
            "Describing pictures needs a captioning model (BLIP, Florence-2 or SmolVLM), and the library has none. "
            "Install one from the catalogue, or add a folder that holds one.",
        )
        self._window.banner.keep(
            MISSING,
            models[0].problem if models else sentence,
            [
                ("describeCatalogue", translate("DescribeCommands", "Catalogue…"), self._open_catalogue),
                ("describeLibrary", translate("DescribeCommands", "Model Library…"), self._open_library),
            ],
        )
        return None

    def _open_catalogue(self) -> None:
        self._window.slots.start(self._window.model_commands.search_catalogue(str(ModelKind.CAPTIONER)))

    def _open_library(self) -> None:
        self._window.actions_by_id["models.library"].trigger()

    # --- showing

    def _changed(self) -> None:
        state = (self.running, self.describer.job_id)
        if state != self._seen:  # not for every word
            self._seen = state
            self._window.refresh_actions()
            self._show_button()

    def _show_button(self) -> None:
        name = "prompt.describe-stop" if self.running else "prompt.describe"
        self._window.prompt_panel.foot.describe.setDefaultAction(self._window.actions_by_id[name])

    async def finish(self) -> None:
        """Takes it back, because the window closes."""
        await self.stop()
