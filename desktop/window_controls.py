"""The window's commands about control layers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from canvas.changes import ChangeKind, DocumentChange
from canvas.layer_control import REFERENCE
from canvas.layers import GroupLayer, Layer, LayerMask, PaintLayer
from desktop.late import Late
from desktop.slots import Handler
from pipelines.contract.errors import JobCancelled

if TYPE_CHECKING:
    from desktop.main_window import MainWindow
    from desktop.panels.control_panel import ControlPanel
    from desktop.panels.control_preview import ControlPreview, Sight
    from pipelines.contract.models import ModelInfo

translate = QCoreApplication.translate
KINDS = (
    "canny", "lineart", "softedge", "scribble", "depth", "normal", "pose", "segmentation", "tile", "inpaint", "blur",
    "gray",
)  # fmt: skip
"""Kinds with a command of their own."""
PART = "image_encoder"
FOLLOWED = frozenset({ChangeKind.ACTIVE, ChangeKind.LAYER_SET, ChangeKind.HISTORY, ChangeKind.LOADED})


class ControlCommands:
    """Layers that generation follows or looks at. Panel and preview are made when the first one is worked on."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._document = window, window.session.document
        self._panel, self._preview = Late(self._make_panel), Late(self._make_preview)
        window.layers_panel.trouble = self.trouble
        self._disconnect = self._document.changed.connect(self._document_changed)
        window.form.wording_changed.connect(self._models_changed)
        window.form.changed.connect(self._form_changed)

    # --- made late

    @property
    def panel(self) -> ControlPanel:
        """Under the layers, while a control layer is worked on."""
        return self._panel()

    @property
    def preview(self) -> ControlPreview:
        """What is followed, over the canvas."""
        return self._preview()

    def _make_panel(self) -> ControlPanel:
        from desktop.panels.control_panel import LEAST_SEEN, ControlPanel

        panel = ControlPanel(self._document, self._window.form, self._window.actions_by_id)
        panel.encoderChosen.connect(self._window.slots.wrap(self._choose_encoder))
        self._window.layers_panel.add_below(panel, LEAST_SEEN)
        return panel

    def _make_preview(self) -> ControlPreview:
        from desktop.panels.control_preview import ControlPreview

        window = self._window
        preview = ControlPreview(window.session, window.view, window.slots, self._sight())
        preview.stopped.connect(window.refresh_actions)
        return preview

    def _sight(self) -> Sight:
        from desktop.generation.seeing import Seer
        from desktop.panels.control_preview import Sight

        form = self._window.form
        return Sight(lambda: form.wording, Seer(self._window.program.router, self._window.session.title))

    # --- the table of actions

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        return {
            "control.use": lambda: self.make_plain() if self._followed() else self.use(""),
            "control.reference": lambda: self.make_plain() if self._kind() == REFERENCE else self.use(REFERENCE),
            "control.plain": self.make_plain,
            "control.toggle": lambda: self._switch("on"),
            "control.apart": lambda: self._switch("apart"),
            "control.preview": self.turn_preview,
            "control.make-layer": self.make_layer,
            "control.annotator": self.choose_annotator,
            **{f"control.follow-{kind}": lambda kind=kind: self.use(kind) for kind in KINDS},
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        return {
            "controllable": lambda: any(isinstance(one, PaintLayer | GroupLayer) for one in self._document.chosen),
            "control": lambda: any(one.control is not None for one in self._document.chosen),
            "followed": lambda: self._followed() is not None,
            "annotators": self._has_annotators,
        }

    def checked(self) -> dict[str, Callable[[], bool]]:
        """Checkable action id -> whether it is on."""
        return {
            "control.use": lambda: self._followed() is not None,
            "control.reference": lambda: self._kind() == REFERENCE,
            "control.toggle": lambda: (
                (layer := self.owner) is not None and layer.control is not None and layer.control.on
            ),
            "control.apart": lambda: (layer := self.owner) is not None and layer.apart,
            "control.preview": lambda: self._preview.made is not None and self._preview.made.on,
            **{f"control.follow-{kind}": lambda kind=kind: self._kind() == kind for kind in KINDS},
        }

    # --- what a person does

    def use(self, kind: str) -> None:
        """Makes the chosen layers control layers of that kind ("" for what suits each); those that are so stay so."""
        from desktop import control_edits

        form = self._window.form
        control_edits.use(self._document, self._document.chosen, kind, form.wording, form.settings.model)
        self._window.show_dock("layers")
        self._window.refresh_actions()  # Qt took the tick from what was chosen again

    def make_plain(self) -> None:
        """The chosen layers are no control layers any more."""
        from desktop import control_edits

        control_edits.release(self._document, self._document.chosen)

    def use_model(self, info: ModelInfo) -> bool:
        """Lets a control model or adapter work with the chosen layers; False where none of them can be guided by it."""
        from desktop import control_edits
        from desktop.generation.control_models import kind_for

        layers = control_edits.controllable(self._document.chosen)
        if not layers:
            return False
        form, kind = self._window.form, kind_for(info, self._kind())
        with self._document.transaction("Use as reference" if kind == REFERENCE else "Use as control"):
            control_edits.use(self._document, layers, kind, form.wording, form.settings.model)
            control_edits.change(self._document, layers, {"model": info.id})
        self._window.show_dock("layers")
        return True

    def use_annotator(self, info: ModelInfo) -> str:
        """Lets a network see what is followed of the chosen layers; gives a sentence of what was done, or why not."""
        from desktop import control_edits
        from desktop.generation.control_models import label_of_kind
        from pipelines.library.sight import sees

        layers, kinds = control_edits.controllable(self._document.chosen), sorted(sees(info))
        if not layers or not kinds:
            return translate("ControlCommands", "Choose a layer with pixels first: it will be looked at.")
        form, kind = self._window.form, self._kind() if self._kind() in kinds else str(kinds[0])
        with self._document.transaction("Use as control"):
            control_edits.use(self._document, layers, kind, form.wording, form.settings.model)
            control_edits.change(self._document, layers, {"annotator": info.id})
        self._window.show_dock("layers")
        sentence = translate("ControlCommands", "{name} sees “{kind}” in the chosen layer.")
        return sentence.format(name=info.name, kind=label_of_kind(kind))

    def choose_annotator(self) -> None:
        """Opens the list of networks that can look at the layer that is worked on."""
        self._window.show_dock("layers")
        self.follow()
        self.panel.annotator.open_list()

    def turn_preview(self) -> None:
        """Shows what is followed of the layer that is worked on, or no longer."""
        self.preview.set_on(not self.preview.on)
        self.follow()
        self._window.refresh_actions()

    async def _choose_encoder(self, adapter: str, path: str) -> None:
        """What an adapter sees with from now on; the library remembers it."""
        program = self._window.program
        await asyncio.to_thread(program.library.choose_companion, adapter, PART, path or None)
        await program.words.look(program.library)

    async def make_layer(self) -> None:
        """What is followed in the selection or the frame becomes a layer of its own."""
        from desktop import control_edits
        from desktop.panels.control_preview import followed, place_of

        layer = self._followed()
        if layer is None:
            return
        bounds = place_of(self._window.session)
        most = max(bounds.width, bounds.height)
        try:
            rgba = await followed(self._window.session, layer, bounds, self._sight(), most)
        except JobCancelled as stopped:
            self._window.note(str(stopped))
            return
        if layer in self._document.tree:
            control_edits.make_layer(self._document, layer, rgba, bounds)

    def _switch(self, name: str) -> None:
        from desktop import control_edits

        control_edits.switch(self._document, self._document.chosen, name)

    # --- what there is

    @property
    def owner(self) -> Layer | None:
        """The layer that is worked on; of a mask its owner."""
        active = self._document.active
        return active.owner if isinstance(active, LayerMask) else active

    def _kind(self) -> str:
        layer = self.owner
        return layer.control.kind if layer is not None and layer.control is not None else ""

    def _has_annotators(self) -> bool:
        layer = self._followed()
        if layer is None:
            return False
        from desktop.panels.control_annotator import has_choice

        return has_choice(layer.control, self._window.form.wording)

    def _followed(self) -> Layer | None:
        layer = self.owner
        return layer if self._kind() not in ("", REFERENCE) else None

    def trouble(self, layer: Layer) -> str:
        """Why a control layer would not work now; empty when it would."""
        from desktop.generation.control_models import trouble_of

        return trouble_of(layer.control, self._window.form.wording, self._window.form.settings.model)

    # --- following

    def follow(self) -> None:
        """Shows the panel for the layer that is worked on if it is a control layer; the window has its actions."""
        layer = self.owner
        if layer is not None and layer.control is None:
            layer = None
        if layer is not None or self._panel.made is not None:
            self.panel.show_layer(layer)
        if self._preview.made is not None:
            self._preview.made.follow(layer)

    def _document_changed(self, change: DocumentChange) -> None:
        if change.kind in FOLLOWED:
            self.follow()

    def _models_changed(self) -> None:
        self._window.layers_panel.tree.viewport().update()
        if self._preview.made is not None:
            self._preview.made.models_changed()
        if self._followed() is not None:
            self._window.refresh_actions()

    def _form_changed(self, names: set[str]) -> None:
        if "model" in names:
            self._models_changed()

    def release_document(self) -> None:
        """Listens no longer; the window is about to go."""
        self._disconnect()
        if self._preview.made is not None:
            self._preview.made.release_document()
