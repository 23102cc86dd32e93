"""The model library: what there is, what it is, and what can be done with it. Stays open beside the painting."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop.ahead import in_slices, polished
from desktop.dialogs.model_library_entries import Asked, Entry, ModelEntries, Seen, counted, entries_of
from desktop.dialogs.model_library_facts import facts_about, guided_by
from desktop.dialogs.model_library_filters import ModelFilters, Sort
from desktop.dialogs.model_library_folders import FoldersPage
from desktop.dialogs.model_library_middle import ModelMiddle
from desktop.dialogs.model_library_page import ModelPage
from desktop.dialogs.model_library_pictures import ModelPictures
from desktop.naming import named
from desktop.slots import Slots
from desktop.spoken import spoken
from desktop.still_tabs import StillTabs
from desktop.view.drops import dropped_pictures
from pipelines.contract.errors import ModelError
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.library.said import Said

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

PATIENCE = 0.5
"""Seconds that the window waits for what the library says; then it is shown without it, and the rest follows."""
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
        """An empty frame: `fill` fills it."""
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
        self.tabs = named(StillTabs(self), "modelLibraryTabs")

    async def fill(self) -> None:
        """Fills it in short steps, while the library is looked at in a thread; then it may be shown."""
        async with self._looking:
            seeing = asyncio.ensure_future(asyncio.to_thread(self._see, self.entries.all, Asked()))
            await in_slices(self._build())
            await asyncio.wait({seeing}, timeout=PATIENCE)
            if seeing.done():
                await in_slices(self._take(seeing.result()))
                await in_slices(self._show_in_steps(self.chosen))
                self._facts_timer.stop()
                await asyncio.wait({self.slots.start(self._gather())}, timeout=PATIENCE)
            await in_slices(polished(self))
        if seeing.done():
            self.slots.start(self.folders.look(seeing.result().counts.folders))
        else:  # another program holds the library: it comes when it comes
            self.slots.start(self.look())

    def _build(self) -> Iterator[None]:
        self.resize(1080, 680)
        models = named(QWidget(self.tabs), "modelsPage")
        self.tabs.addTab(models, "")  # a widget that gets another parent later is dressed again, with all in it
        self.splitter = named(QSplitter(models), "modelLibrarySplitter")
        yield
        self.filters = ModelFilters(self.splitter)
        yield from self.filters.build()
        self.middle = ModelMiddle(self.entries, self.splitter)
        yield from self.middle.build(self.pictures)
        self.grid = self.middle.grid
        self.page = ModelPage(self.splitter)
        self.page.engine = lambda: self._program.router.engine
        yield
        yield from self.page.build()
        self.note = named(QLabel(self), "modelLibraryNote", wordWrap=True, visible=False)
        self._lay_out(models)
        yield
        self.folders = FoldersPage(self._program, self.slots, self.tabs)
        yield from self.folders.build()
        self.tabs.addTab(self.folders, "")
        yield
        self._facts_timer = named(QTimer(self), "modelFactsTimer", interval=FACTS_MS, singleShot=True)
        self._page_timer = named(QTimer(self), "modelPageTimer", interval=0, singleShot=True)
        self._connect()
        yield
        self.retranslate()
        self.middle.show_as(cards=self._program.settings.remembered.model_cards)
        yield

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """What takes longest to paint."""
        return self.tabs, self.filters, self.middle, self.page

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
        self.middle.look_chosen.connect(self._remember_look)
        self.middle.folder_wanted.connect(self.slots.wrap(self.folders.add_folder))
        self.middle.catalogue_wanted.connect(lambda: self._window.actions_by_id["models.catalogue"].trigger())
        self.grid.delete.connect(lambda: self._deed("bin"))
        find = named(QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self), "modelFind")
        find.activated.connect(self.filters.search.setFocus)
        self._facts_timer.timeout.connect(self.slots.wrap(self._gather))
        self._page_timer.timeout.connect(self.slots.wrap(self._show_page))
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
        self.middle.show_count(self.filters.asked)
        yield
        if not self.grid.chosen_id and seen.entries:
            self.grid.choose(self._window.form.settings.model)
        elif self.entries.entry_of(self.grid.chosen_id) is None:
            self.grid.forget()
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
            self.middle.show_count(asked)

    # --- the chosen one

    @property
    def chosen(self) -> ModelInfo | None:
        """The model that the page shows."""
        entry = self.entries.entry_of(self.grid.chosen_id)
        return entry.info if entry is not None else None

    def show_model(self, model_id: str) -> None:
        """Chooses a model; filters that hide it go. What is said after this is said on its page."""
        self.tabs.setCurrentIndex(0)
        self.grid.choose(model_id)
        self.page.show_model(self.chosen)
        if self.entries.entry_of(model_id) is not None and self.entries.row_of(model_id) < 0:
            self.filters.clear()

    def _show_chosen(self) -> None:
        """Shows it in the window's next turn, however often it is asked to."""
        if not self._ended:
            self._page_timer.start()

    async def _show_page(self) -> None:
        if not self._ended:
            await in_slices(self._show_in_steps(self.chosen))

    def _show_in_steps(self, info: ModelInfo | None) -> Iterator[None]:
        self.page.show_model(info)
        yield
        if self._ended or self.page.info is not info:
            return
        if info is not None:
            self.page.head.picture.show_picture(self.pictures.picture(info.id))
            words, tip, possible = self._window.library_commands.offer(info)
            self.page.head.show_use(words, tip, possible=possible)
            self._facts_timer.start()
        yield
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

    def _remember_look(self, cards: bool) -> None:
        self.middle.show_as(cards=cards)
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
        self._page_timer.stop()
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
        self.grid.setToolTip("")
