"""The main window: one painting, its tools at the left, its panels at the right."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QImage, QShowEvent
from PySide6.QtWidgets import QTabWidget

from canvas.changes import ChangeKind, DocumentChange
from desktop.actions.table import ACTIONS
from desktop.dialogs.welcome import WelcomeCard
from desktop.docked_window import DockedWindow
from desktop.film import FilmRecorder
from desktop.generation.controller import GenerationController
from desktop.generation.form import GenerationForm, GenerationSettings
from desktop.import_pictures import Importer
from desktop.naming import named
from desktop.palette import CommandPalette
from desktop.panels.adjustment_panel import AdjustmentPanel
from desktop.panels.brush_panel import BrushPanel
from desktop.panels.colour_panel import ColourPanel
from desktop.panels.history_panel import HistoryPanel
from desktop.panels.layers_panel import LayersPanel
from desktop.panels.navigator_panel import NavigatorPanel
from desktop.panels.preset_panel import PresetPanel
from desktop.panels.prompt_panel import PromptPanel
from desktop.panels.queue_panel import QueuePanel
from desktop.panels.regions_panel import RegionsPanel
from desktop.panels.tool_panel import ToolOptionsBar
from desktop.panels.undo_panel import UndoPanel
from desktop.preset_choice import PresetChoice
from desktop.session import Session
from desktop.slots import Slots
from desktop.spoken import spoken
from desktop.view.candidate_bar import CandidateBar
from desktop.view.canvas_view import CanvasView
from desktop.view.inline_prompt import InlinePrompt
from desktop.view_memory import ViewMemory
from desktop.window_banner import Banner
from desktop.window_brushes import BrushCommands
from desktop.window_clips import ClipCommands
from desktop.window_controls import ControlCommands
from desktop.window_describe import DescribeCommands
from desktop.window_docks import Lender, TabTitles, make_docks, title_docks
from desktop.window_edit import EditCommands
from desktop.window_expand import ExpandCommands
from desktop.window_file import FileCommands
from desktop.window_generate import GenerateCommands
from desktop.window_layers import LayerCommands
from desktop.window_library import LibraryCommands
from desktop.window_live import LiveCommands
from desktop.window_log import LogCommands
from desktop.window_menus import ActionSet, add_canvas_keys
from desktop.window_models import ModelCommands
from desktop.window_progress import ProgressWatch
from desktop.window_recipes import RecipeCommands
from desktop.window_regions import RegionCommands
from desktop.window_route import RouteCommands
from desktop.window_select import SelectCommands
from desktop.window_sight import SightCommands
from desktop.window_status import StatusStrip
from desktop.window_sweeps import SweepCommands
from desktop.window_tools import ToolCommands
from desktop.window_transform import TransformCommands
from desktop.window_trouble import TroubleWatch
from desktop.window_view import ViewCommands
from desktop.window_words import WordCommands

if TYPE_CHECKING:
    from desktop.program import Program
    from desktop.view.popup_palette import PopupPalette

MEGABYTE = 2**20
NOTE_MS = 5000


class MainWindow(DockedWindow):
    """Everything a person sees of one session. `closed` comes when all of it is on disk."""

    closed = Signal(object)

    def __init__(self, program: Program, session: Session) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.program, self.session = program, session
        self.slots = Slots(self)
        self.closing = self._fitted = False
        self._make_centre()
        self._make_panels()
        self._make_commands()
        self._connect()
        self.restore_layout(*program.settings.window)
        self.apply_undo_budget()
        self.dress()
        self.retranslate()
        self.refresh_actions()

    # --- building

    def _make_centre(self) -> None:
        """The canvas, and what lies over it."""
        session, program = self.session, self.program
        self.view = CanvasView(session.document, session.compositor, self)
        self.view.options.restore(program.settings.remembered.tool_options)
        self.setCentralWidget(self.view)
        self.form = GenerationForm(program.usable_models(), self)
        self.form.set_wording(program.words.wording)
        if program.settings.remembered.form:
            self.form.restore(GenerationSettings.from_dict(program.settings.remembered.form))
        self.controller = GenerationController(session, self.view, self.form, program.router, self)
        self.inline_prompt = InlinePrompt(self.view, self.form, self.controller, program.words.prompts)
        self.candidate_bar = CandidateBar(self.view, self.controller)
        self.importer = Importer(session, self.view, self)
        self.film = FilmRecorder(session, self.view, program.settings, self)
        self.banner = Banner(self.view)

    def _make_panels(self) -> None:
        document, compositor = self.session.document, self.session.compositor
        self.prompt_panel = PromptPanel(self.form, self.controller, self.program.words)
        self.regions_panel = RegionsPanel(self.form, self.controller, self.slots)
        self.layers_panel = LayersPanel(document, compositor)
        self.adjustment_panel = AdjustmentPanel(document)
        self.history_panel = HistoryPanel(self.controller, self.slots)
        self.undo_panel = UndoPanel(self.view)
        self.queue_panel = QueuePanel(self.program.router, self.controller)
        self.presets = PresetChoice(self.view, self.program.brush_store, self.program.settings)
        self.brush_panel = BrushPanel(self.view, self.presets)
        self.colour_panel = ColourPanel(self.view, self.program.colours)
        self.navigator_panel = NavigatorPanel(self.view)
        self.preset_panel = PresetPanel(self.view, self.presets, self.program.samples)
        self.setDockNestingEnabled(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        panels = {
            "prompt": self.prompt_panel,
            "regions": self.regions_panel,
            "layers": self.layers_panel,
            "adjustment": self.adjustment_panel,
            "history": self.history_panel,
            "undo": self.undo_panel,
            "queue": self.queue_panel,
            "presets": self.preset_panel,
            "brush": self.brush_panel,
            "colour": self.colour_panel,
            "navigator": self.navigator_panel,
        }
        self.docks = make_docks(self, panels)
        self._tab_titles = TabTitles(self, self.docks)
        self.lender = Lender(self, self.docks)
        self.layers_panel.grows.connect(self.lender.lend_to_layers)
        self.prompt_panel.room_changed.connect(self.lender.lend_to_prompt)
        self.options_bar = ToolOptionsBar(self.view, self)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.options_bar)
        self.status = StatusStrip(self.view, self.session, self.form, self.program.router, self)
        self.setStatusBar(self.status)
        self.progress = ProgressWatch(self)

    def _make_commands(self) -> None:
        """Handlers by action id, then the actions, menus, bar and palette made from the table."""
        self.actions_by_id = {}
        self.palette_frame = CommandPalette(self)
        self.file_commands, generate = FileCommands(self), GenerateCommands(self)
        edit, select, layers = EditCommands(self), SelectCommands(self), LayerCommands(self)
        tools, view, brushes = ToolCommands(self), ViewCommands(self), BrushCommands(self)
        self.brush_commands, self.view_commands = brushes, view
        self.transform = TransformCommands(self)
        self.welcome = WelcomeCard(self.view, generate)
        self.log_commands = log = LogCommands(self)
        self.live_commands, self.expand_commands = live, expand = LiveCommands(self), ExpandCommands(self)
        self.recipes, self.route_commands = RecipeCommands(self), RouteCommands(self)
        groups = (self.file_commands, edit, select, layers, tools, self.transform, brushes, view, generate, log)
        self.sight_commands = sight = SightCommands(self)
        self.region_commands = regions = RegionCommands(self)
        self.sweep_commands = sweeps = SweepCommands(self)
        self.model_commands = models = ModelCommands(self)
        self.word_commands = words = WordCommands(self)
        self.library_commands = library = LibraryCommands(self)
        self.control_commands = controls = ControlCommands(self)
        self.describe_commands = describe = DescribeCommands(self)
        groups = (*groups, self.recipes, live, self.route_commands, expand, sight, regions, sweeps, models, words)
        self.clip_commands = clips = ClipCommands(self)
        groups = (*groups, controls, library, describe, clips)
        self.handlers = {name: handler for group in groups for name, handler in group.handlers().items()}
        asking = (edit, select, layers, self.transform, view, generate, log, live, self.route_commands, sight, regions)
        asking = (*asking, sweeps, models, controls, library, describe, clips)
        self.conditions = {name: holds for group in asking for name, holds in group.conditions().items()}
        checking = (select, layers, tools, view, generate, log, live, expand, sight, regions, controls, describe)
        self.checked = {name: on for group in checking for name, on in group.checked().items()}
        self.action_set = ActionSet(self, self.handlers, self.slots)
        self.actions_by_id = self.action_set.actions
        self.layers_panel.use_actions(self.actions_by_id)
        controls.follow()
        describe.follow()
        self.history_panel.use_actions(self.actions_by_id)
        self.regions_panel.use_actions(self.actions_by_id)
        self.candidate_bar.use_actions(self.actions_by_id)
        self.palette_frame.fill(ACTIONS, self.actions_by_id, self.action_set.menu_path)
        self.tool_bar = self.action_set.make_bar()
        self.bars = (self.menuBar(), self.status, self.tool_bar, self.options_bar)
        saved = self.action_set.menus["select/saved"]
        saved.aboutToShow.connect(lambda: select.fill_saved(saved))
        add_canvas_keys(self.view, self.actions_by_id)
        self.recent_menu = self.action_set.add_recent_menu(self.file_commands.fill_recent)

    def _connect(self) -> None:
        session, view, controller = self.session, self.view, self.controller
        self.slots.failed.connect(self.say)
        self.trouble, self.view_memory = TroubleWatch(self), ViewMemory(self)
        session.titleChanged.connect(lambda _: self._show_title())
        self.progress.changed.connect(self._show_title)
        session.saveStateChanged.connect(self._save_state_changed)
        self._disconnect = session.document.changed.connect(self._document_changed)
        view.message.connect(self.note)
        view.dropped.connect(self.slots.wrap(self._dropped))
        view.toolChanged.connect(lambda _: self.refresh_actions())
        view.viewChanged.connect(self.refresh_actions)
        controller.message.connect(self.say)
        controller.candidates_changed.connect(self.refresh_actions)
        self.importer.message.connect(self.say)
        self.form.changed.connect(self._form_changed)
        self.program.router.changed.connect(self.refresh_actions)
        self.program.router.engine_lost.connect(self.say)
        self.program.theme_changed.connect(self.dress)
        self.canvas_only_changed.connect(self.refresh_actions)
        self.program.settings.changed.connect(self._preferences_changed)
        for dock in self.docks.values():
            dock.visibilityChanged.connect(lambda _: self.refresh_actions())
        self._form_timer = named(QTimer(self), "timer", interval=1000, singleShot=True)
        self._form_timer.timeout.connect(self._remember_form)
        self._options_timer = named(QTimer(self), "optionsTimer", interval=1000, singleShot=True)
        self._options_timer.timeout.connect(self._remember_options)
        view.options.changed.connect(lambda *_: self._options_timer.start())
        if self.program.engine[0]:
            self.status.engine_state(*self.program.engine)

    # --- what others ask for

    @cached_property
    def popup_palette(self) -> PopupPalette:
        """Brushes and colours at the pointer; made when it is opened first."""
        from desktop.view.popup_palette import PopupPalette

        return PopupPalette(self.view, self.presets, self.program.colours, self.program.samples)

    def say(self, sentence: str) -> None:
        """Shows a sentence over the canvas."""
        self.banner.say(sentence)

    def note(self, sentence: str) -> None:
        """Shows a sentence in the status bar for a moment."""
        self.status.showMessage(spoken(sentence), NOTE_MS)

    def apply_undo_budget(self) -> None:
        """Gives the history, and the painting itself, the memory of the preferences."""
        preferences = self.program.settings.preferences
        self.session.document.history.budget_bytes = preferences.undo_megabytes * MEGABYTE
        self.session.project.kept_steps = preferences.undo_steps_in_file
        self.session.project.pager.budget_bytes = preferences.tile_memory * MEGABYTE

    def reset_layout(self) -> None:
        """All panels, and the bar of options, back to their first places."""
        super().reset_layout()
        self.options_bar.show()

    def refresh_actions(self) -> None:
        """Enables and checks actions as the document now allows."""
        if not self.closing:
            self.action_set.refresh(self.conditions, self.checked)

    def close_soon(self) -> None:
        """Closes after the handler that asked for it has returned."""
        QTimer.singleShot(0, self.close)

    # --- reacting

    def _document_changed(self, change: DocumentChange) -> None:
        # One step may bring or take many layers; the end of the step, undo or redo is told as well.
        travels = change.kind is not ChangeKind.HISTORY and change.origin in ("undo", "redo")
        in_a_step = change.kind is ChangeKind.LAYER_ADDED and self.session.document.in_transaction
        if change.kind is not ChangeKind.TILES and not in_a_step and not travels:
            self.refresh_actions()

    def _form_changed(self, names: set[str]) -> None:
        self._form_timer.start()
        if "model" in names:
            self.program.reading_ahead.ask(self.form.settings.model)
        if "mode" in names:
            self.refresh_actions()

    def _remember_options(self) -> None:
        self._options_timer.stop()
        self.program.settings.remember(tool_options=self.view.options.to_dict())

    def _preferences_changed(self, _names: set[str]) -> None:
        self.refresh_actions()

    def _remember_form(self) -> None:
        self.program.settings.remember(form=self.form.settings.to_dict())

    def _save_state_changed(self, state: str) -> None:
        self.setWindowModified(state != "saved")

    def _show_title(self) -> None:
        self.setWindowTitle(f"{self.progress.prefix}{self.session.title}[*] – Handscroll")

    async def _dropped(self, pictures: list[Path] | QImage, x: float, y: float) -> None:
        from desktop.program import is_painting

        if isinstance(pictures, QImage):
            await self.importer.import_dropped(pictures, (x, y))
            return
        pictures = await self.library_commands.take(pictures)
        paintings = [path for path in pictures if is_painting(path)]
        if paintings:
            await self.program.open_files(paintings, self)
        others = await self.recipes.take_texts([path for path in pictures if path not in paintings])
        if others:
            await self.importer.import_dropped(others, (x, y))
            await self.recipes.offer_imported(others)

    def dress(self) -> None:
        """Draws the icons in the theme's ink."""
        self.action_set.dress(self.program.theme)
        self.transform.dress()
        self.layers_panel.dress()
        self.undo_panel.dress(self.program.theme)
        self.route_commands.dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "recent_menu"):
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.action_set.retranslate()
        self.recent_menu.setTitle(self.tr("Open Recent"))
        self.tool_bar.setWindowTitle(self.tr("Tools"))
        title_docks(self.docks)
        self.trouble.retranslate()
        self._show_title()

    # --- life

    def showEvent(self, event: QShowEvent) -> None:
        """The first time: the welcome card over an empty painting, and the frame in the middle beside it."""
        super().showEvent(event)
        if not self._fitted:
            self._fitted = True
            QTimer.singleShot(0, self._first_look)

    def _first_look(self) -> None:
        document = self.session.document
        area = document.content_bounds().united(document.frame)
        if self.session.is_untouched and self.program.settings.preferences.show_welcome:
            self.welcome.open()
        if not self.view_memory.restore():
            self.view.fit(area)
        self.session.project.look_ahead(self.view.visible_bounds())
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.trouble.say_notice()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Never asks: hides at once, then writes what is left."""
        from desktop.window_closing import finish  # nothing that a start waits for

        if self.closing:
            event.accept()
            return
        event.ignore()
        self.closing = True
        if layout := self.kept_layout():
            self.program.settings.remember_window(*layout)
        self.view_memory.note()
        self._remember_form()
        self._remember_options()
        self.presets.save()
        self.colour_panel.save()
        self.hide()
        self.program.slots.start(finish(self))

    def release_document(self) -> None:
        """Listens to the document no longer."""
        self._disconnect()
