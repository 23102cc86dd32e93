"""The model library: what there is, what it is, and what can be done with it. Stays open beside the painting."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ahead import in_slices, polished
from desktop.dialogs.model_library_cards import ModelGrid
from desktop.dialogs.model_library_entries import Asked, Entry, ModelEntries, Seen, counted, entries_of
from desktop.dialogs.model_library_facts import facts_about, guided_by
from desktop.dialogs.model_library_filters import ModelFilters, Sort
from desktop.dialogs.model_library_folders import FoldersPage
from desktop.dialogs.model_library_page import ModelPage
from desktop.dialogs.model_library_pictures import ModelPictures
from desktop.naming import named
from desktop.slots import Slots
from desktop.spoken import spoken
from desktop.view.drops import dropped_pictures
from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.library.probe import STARTER_ID
from pipelines.library.said import Said

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

FACTS_MS = 60
"""While somebody runs through the list with the arrow keys nothing is gathered."""


class ModelLibraryDialog(QDialog):
    """Filters, list, page; and the folders behind a second tab. Files are read in threads."""

    use = Signal(object)
    """A ModelInfo that shall be used."""
    deed = Signal(str, object)
    """Something else that shall be done with a ModelInfo: as of the page."""
    files_dropped = Signal(list)

    def __init__(self, window: MainWindow) -> None:
        """An empty frame: `build` fills it."""
        super().__init__(window)
        self.setObjectName("modelLibraryDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self._window, self._program = window, window.program
        self._library = self._program.library
        self.slots = Slots(self)
        self._looking, self._ended = asyncio.Lock(), False
        self.entries = ModelEntries(self)
        self.entries.is_in_use = self._is_in_use
        self.pictures = ModelPictures(self._library.thumbnail, self)
        self.tabs = named(QTabWidget(self), "modelLibraryTabs")

    def build(self) -> Iterator[None]:
        """Steps that fill it, each a few milliseconds; then it may be shown."""
        self.resize(1080, 680)
        models = named(QWidget(self.tabs), "modelsPage")
        self.tabs.addTab(models, "")  # a widget that gets another parent later is dressed again, with all in it
        self.splitter = named(QSplitter(models), "modelLibrarySplitter")
        self.filters = ModelFilters(self.splitter)
        yield
        self._make_middle()
        yield
        self.page = ModelPage(self.splitter)
        self.page.engine = lambda: self._program.router.engine
        yield from self.page.build()
        self.note = named(QLabel(self), "modelLibraryNote", wordWrap=True, visible=False)
        self._lay_out(models)
        yield
        self.folders = FoldersPage(self._program, self.slots, self.tabs)
        self.tabs.addTab(self.folders, "")
        yield
        self._facts_timer = named(QTimer(self), "modelFactsTimer", interval=FACTS_MS, singleShot=True)
        self._connect()
        yield
        self.retranslate()
        self.show_as(cards=self._program.settings.remembered.model_cards)
        yield
        yield from polished(self)
        self.slots.start(self.look())

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """What takes longest to paint."""
        return self.filters, self.grid, self.page

    def _make_middle(self) -> None:
        """The list, with what stands over and under it."""
        middle = QWidget(self.splitter)
        self.grid = ModelGrid(self.entries, self.pictures, middle)
        self.count = named(QLabel(middle), "modelCount", role="dim")
        self.as_cards = named(QToolButton(middle), "modelAsCards", text="▦", checkable=True, segment="panel")
        self.as_rows = named(QToolButton(middle), "modelAsRows", text="☰", checkable=True, segment="panel")
        self._make_empty(middle)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        line.addWidget(self.count, 1)
        line.addWidget(self.as_cards)
        line.addWidget(self.as_rows)
        column.addLayout(line)
        column.addWidget(self.grid, 1)
        column.addWidget(self.empty)
        middle.setMinimumWidth(200)

    def _make_empty(self, middle: QWidget) -> None:
        """What stands under the list while there is little in it."""
        self.empty = named(QFrame(middle), "modelsEmpty", visible=False)
        self.empty.setProperty("card", True)
        self.empty_words = named(QLabel(self.empty), "modelsEmptyWords", wordWrap=True)
        self.empty_add = named(QPushButton(self.empty), "modelsEmptyAdd", autoDefault=False, primary=True)
        self.empty_catalogue = named(QPushButton(self.empty), "modelsEmptyCatalogue", autoDefault=False)
        layout = QVBoxLayout(self.empty)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.addWidget(self.empty_words)
        buttons = QHBoxLayout()
        buttons.addWidget(self.empty_add)
        buttons.addWidget(self.empty_catalogue)
        buttons.addStretch(1)
        layout.addLayout(buttons)

    def _lay_out(self, models: QWidget) -> None:
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(9)
        self.filters.setMinimumWidth(170)
        self.page.setMinimumWidth(290)
        self.splitter.setSizes([200, 500, 330])
        self.splitter.setStretchFactor(1, 1)
        inside = QVBoxLayout(models)
        inside.setContentsMargins(0, 8, 0, 0)
        inside.addWidget(self.splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.addWidget(self.note)
        layout.addWidget(self.tabs, 1)

    def _connect(self) -> None:
        self.filters.asked_changed.connect(self.slots.wrap(self._ask))
        self.grid.chosen.connect(lambda _: self._show_chosen())
        self.grid.use.connect(lambda _: self._use())
        self.grid.customContextMenuRequested.connect(self._open_menu)
        self.page.wanted.connect(self._deed)
        self.page.word_chosen.connect(self._window.prompt_panel.add_words)
        self.page.partner_chosen.connect(self._partner)
        self.page.layer_chosen.connect(self._choose_layer)
        self.page.partners_wanted.connect(self._list_partners)
        self.page.parts.chosen.connect(self.slots.wrap(self._choose_part))
        self.page.said.connect(self.slots.wrap(self._say_what_it_is))
        self.page.noted.connect(self.slots.wrap(self._note))
        self.pictures.ready.connect(self._picture_ready)
        self.as_cards.clicked.connect(lambda: self._remember_look(cards=True))
        self.as_rows.clicked.connect(lambda: self._remember_look(cards=False))
        self.empty_add.clicked.connect(self.slots.wrap(self.folders.add_folder))
        self.empty_catalogue.clicked.connect(lambda: self._window.actions_by_id["models.catalogue"].trigger())
        self.grid.delete.connect(lambda: self._deed("bin"))
        find = named(QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self), "modelFind")
        find.activated.connect(self.filters.search.setFocus)
        self._facts_timer.timeout.connect(self.slots.wrap(self._gather))
        self.slots.failed.connect(self.say)
        self._program.models_changed.connect(self._models_changed)
        self._window.form.changed.connect(self._form_changed)

    # --- what there is

    def _models_changed(self) -> None:
        self.slots.start(self.look())

    async def look(self) -> None:
        """Shows what the library holds by now."""
        async with self._looking:  # else an older look could come last
            seen = await asyncio.to_thread(self._see, self.entries.all, self.filters.asked)
            if not self._ended:
                await in_slices(self._take(seen))
            if not self._ended:
                await self.folders.look(seen.counts.folders)

    def _take(self, seen: Seen) -> Iterator[None]:
        self.filters.take(seen.counts, seen.folders)
        yield
        self.entries.take(seen)
        yield
        if not self.grid.chosen_id and seen.entries:
            self.grid.choose(self._window.form.settings.model)
        elif self.entries.entry_of(self.grid.chosen_id) is None:
            self.grid.forget()
        yield
        self._show_count(self.filters.asked)
        self._show_chosen()
        yield

    def _see(self, before: Sequence[Entry], asked: Asked) -> Seen:
        """In a thread."""
        library, folders = self._library, self._library.folders
        infos = library.models(frozenset(ModelKind))
        words = library.words()
        fresh = entries_of(infos, library.tags(), folders, lambda info: words.get(info.path, ""))
        known = {entry.info.id: entry for entry in before}
        entries = [kept if (kept := known.get(entry.info.id, entry)) == entry else entry for entry in fresh]
        return Seen(entries, counted(entries), [str(folder) for folder in folders], asked, asked.chosen(entries))

    async def _ask(self, asked: Asked) -> None:
        """Filters in a thread; the newest question wins."""
        entries = self.entries.all
        shown = await asyncio.to_thread(asked.chosen, entries)
        if asked == self.filters.asked and entries is self.entries.all and not self._ended:
            self.entries.show(shown)
            self._show_count(asked)

    def _show_count(self, asked: Asked) -> None:
        shown, all_ = len(self.entries.shown), len(self.entries.all)
        words = self.tr("Models: {count}") if asked == Asked() else self.tr("Models: {count} of {all}")
        self.count.setText(words.format(count=shown, all=all_))
        only_starter = all(entry.info.id == STARTER_ID for entry in self.entries.all)
        self.empty.setVisible(only_starter or not shown)
        if only_starter:
            self.empty_words.setText(
                self.tr(
                    "The starter model paints small ink landscapes. Models of your own come in from any folder: of "
                    "A1111, Forge, ComfyUI, InvokeAI or the Hugging Face cache. Add it here or drop it on this "
                    "window; nothing is copied. The catalogue brings well-known ones from the network."
                )
            )
        else:
            self.empty_words.setText(self.tr("Nothing was found. Take ticks or words away, or add more folders."))

    # --- the chosen one

    @property
    def chosen(self) -> ModelInfo | None:
        """The model that the page shows."""
        entry = self.entries.entry_of(self.grid.chosen_id)
        return entry.info if entry is not None else None

    def show_model(self, model_id: str) -> None:
        """Chooses a model; filters that hide it go."""
        self.tabs.setCurrentIndex(0)
        self.grid.choose(model_id)
        if self.entries.entry_of(model_id) is not None and self.entries.row_of(model_id) < 0:
            self.filters.clear()

    def _show_chosen(self) -> None:
        if self._ended:
            return
        info = self.chosen
        self.page.show_model(info)
        if info is not None:
            self.page.head.picture.show_picture(self.pictures.picture(info.id))
            words, tip, possible = self._window.library_commands.offer(info)
            self.page.head.show_use(words, tip, possible=possible)
            self._facts_timer.start()
        self._window.refresh_actions()

    def refresh_chosen(self) -> None:
        """Something of the chosen model is different now."""
        self._show_chosen()
        self.grid.viewport().update()

    async def _gather(self) -> None:
        info = self.chosen
        if info is None:
            return
        document = self._window.session.document
        layers = guided_by(document, info)
        try:
            facts = await asyncio.to_thread(facts_about, self._library, document.generations, info, layers)
        except ModelError:
            return  # it went; the next look takes it out of the list
        if self.page.info is not None and self.page.info.id == info.id:
            await in_slices(self.page.fill(facts))

    def _picture_ready(self, model_id: str) -> None:
        info = self.page.info
        if info is not None and info.id == model_id:
            self.page.head.picture.show_picture(self.pictures.picture(model_id))

    async def _say_what_it_is(self, said: Said) -> None:
        info = self.page.info
        if info is not None:
            await asyncio.to_thread(self._library.say, info.id, said)
            self.page.head.say.setChecked(False)
            await self._program.rescan()

    async def _choose_part(self, part: str, path: str) -> None:
        info = self.page.info
        if info is not None:
            await asyncio.to_thread(self._library.choose_companion, info.id, part, path or None)
            await self._program.rescan()

    async def _note(self, model_id: str, note: str, tags: tuple[str, ...]) -> None:
        def write() -> None:
            self._library.set_note(model_id, note)
            self._library.set_tags(model_id, tags)

        await asyncio.to_thread(write)
        await self.look()

    def _partner(self, model_id: str) -> None:
        """What goes with the chosen one: a LoRA goes into the list under the prompt, anything else is shown."""
        entry = self.entries.entry_of(model_id)
        if entry is not None and entry.info.kind is ModelKind.LORA:
            self.use.emit(entry.info)
        elif entry is not None:
            self.show_model(model_id)

    def _choose_layer(self, layer_id: str) -> None:
        document = self._window.session.document
        layer = next((one for one in document.tree.walk() if one.id == layer_id), None)
        if layer is not None:
            document.active = layer
            self._window.show_dock("layers")

    def _list_partners(self, kinds: frozenset[ModelKind]) -> None:
        info = self.page.info
        if info is not None:
            self.filters.only({Sort.KIND: kinds, Sort.FAMILY: [info.family]})

    def _use(self) -> None:
        info = self.chosen
        if info is not None:
            self.use.emit(info)

    def _deed(self, name: str) -> None:
        info = self.page.info
        if name == "use":
            self._use()
        elif info is not None:
            self.deed.emit(name, info)

    def _open_menu(self, at: QPoint) -> None:
        index = self.grid.indexAt(at)
        if index.isValid():
            self.grid.setCurrentIndex(index)
            self.page.head.menu.popup(self.grid.viewport().mapToGlobal(at))

    def _is_in_use(self, model_id: str) -> bool:
        settings = self._window.form.settings
        return model_id in (settings.model, settings.vae, *(lora.model for lora in settings.loras))

    def _form_changed(self, names: set[str]) -> None:
        if names & {"model", "vae", "loras"}:
            self.grid.viewport().update()
            self._show_chosen()

    # --- looks

    def say(self, sentence: str) -> None:
        """Shows a sentence above everything; empty takes it away."""
        self.note.setText(spoken(sentence))
        self.note.setVisible(bool(sentence))

    def show_as(self, *, cards: bool) -> None:
        """Cards with pictures, or rows."""
        self.as_cards.setChecked(cards)
        self.as_rows.setChecked(not cards)
        self.grid.show_as(cards=cards)

    def _remember_look(self, *, cards: bool) -> None:
        self.show_as(cards=cards)
        self._program.settings.remember(model_cards=cards)

    def show_folders(self) -> None:
        """Brings the folders to the front."""
        self.tabs.setCurrentWidget(self.folders)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files and folders, but not its own."""
        if event.source() is not self.grid and isinstance(dropped_pictures(event.mimeData()), list):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Model files and folders."""
        files: object = dropped_pictures(event.mimeData())
        if isinstance(files, list):
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    def done(self, result: int) -> None:
        """Work that runs is stopped; notes are written down."""
        self._ended = True
        self._facts_timer.stop()
        self.page.write_down()
        self.page.head.work.cancel()
        self.pictures.end()
        super().done(result)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self._show_chosen()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Models"))
        self.tabs.setTabText(0, self.tr("Models"))
        self.tabs.setTabText(1, self.tr("Folders"))
        self.tabs.setTabToolTip(0, self.tr("Everything in the library"))
        self.tabs.setTabToolTip(1, self.tr("Where models are looked for"))
        self.as_cards.setToolTip(self.tr("Cards with pictures"))
        self.as_rows.setToolTip(self.tr("Rows"))
        self.empty_add.setText(self.tr("Add Folder…"))
        self.empty_add.setToolTip(self.tr("Add a folder with models; nothing is copied"))
        self.empty_catalogue.setText(self.tr("Catalogue…"))
        self.empty_catalogue.setToolTip(self.tr("Well-known models of every family, from the network"))
        self.grid.setToolTip("")
        self._show_count(self.filters.asked)
