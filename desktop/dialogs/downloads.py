"""Downloads: a field for what is wanted, what that would bring, the list of downloads, and the catalogue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
)

from desktop.ahead import polished
from desktop.dialogs.download_catalogue import CataloguePage
from desktop.dialogs.download_list import DownloadList
from desktop.dialogs.download_offer import OfferCard
from desktop.dialogs.files import choose_folder
from desktop.naming import named
from desktop.slots import Slots
from desktop.spoken import spoken
from desktop.still_tabs import StillTabs
from pipelines.library.downloads.addresses import HubSource, Source, parse
from pipelines.library.downloads.catalogue import CatalogueEntry, plan_for
from pipelines.library.downloads.errors import DownloadError, KeyNeededError, StoppedError
from pipelines.library.downloads.keys import Keys, Site
from pipelines.library.downloads.plan import Plan
from pipelines.library.downloads.planning import make_plan
from pipelines.library.downloads.queue import Download
from pipelines.library.downloads.stop import Stop
from pipelines.library.downloads.transport import Http

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

VARIANT = "fp16"
"""Half the bytes, and no difference that could be seen; `owner/name:full` brings the plain files."""
Ask = Callable[[Http, Keys, Stop], Plan]


class DownloadsDialog(QDialog):
    """Stays open beside the painting. Sites are asked in a thread, and only after a click."""

    def __init__(self, window: MainWindow, entries: Sequence[CatalogueEntry]) -> None:
        """An empty frame: `build` fills it. The downloads must have been opened (`Downloads.open`)."""
        super().__init__(window)
        self.setObjectName("downloadsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        program = window.program
        self._window, self._program, self._downloads = window, program, program.downloads
        self._slots = Slots(self)
        self._entries = entries
        self._stop: Stop | None = None
        self._ask: Ask | None = None
        self._source: Source | None = None

    def build(self) -> Iterator[None]:
        """Steps that fill it, each a few milliseconds; then it may be shown."""
        program = self._program
        self.resize(760, 640)
        self.address = named(QLineEdit(self), "downloadAddress")
        self.address.setClearButtonEnabled(True)
        yield
        self.look_up = named(QPushButton(self), "downloadLookUp", enabled=False)
        self.look_up.setDefault(True)
        self.bar = named(QProgressBar(self), "downloadAsking", textVisible=False)
        self.bar.setFixedHeight(4)
        self.bar.setRange(0, 1)
        yield
        self.offer = OfferCard(self)
        yield from self.offer.build()
        self.note = named(QLabel(self), "downloadsNote", wordWrap=True, role="dim")
        self.tabs = named(StillTabs(self), "downloadTabs")
        self.catalogue = CataloguePage(self._entries, program.languages.code, self.tabs)
        yield
        yield from self.catalogue.build()
        self.tabs.addTab(self.catalogue, "")
        yield
        self.list = DownloadList(program.theme, self.tabs)
        self.tabs.addTab(self.list, "")
        yield
        self.folder = named(QLabel(self), "downloadFolder", role="dim")
        self.change_folder = named(QPushButton(self), "downloadChangeFolder", autoDefault=False)
        self.keys = named(QPushButton(self), "downloadKeys", autoDefault=False)
        self._key_menu = named(QMenu(self), "downloadKeysMenu", toolTipsVisible=True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        yield
        self._lay_out()
        yield
        self._connect()
        yield
        self.retranslate()
        yield
        yield from self.list.fill(self._downloads.listed())
        yield from polished(self)
        self._slots.start(self._mark_installed())

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.address, 1)
        top.addWidget(self.look_up)
        foot = QHBoxLayout()
        foot.addWidget(self.folder, 1)
        foot.addWidget(self.change_folder)
        foot.addWidget(self.keys)
        foot.addWidget(self.buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.bar)
        layout.addWidget(self.offer)
        layout.addWidget(self.note)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.address.textChanged.connect(lambda text: self.look_up.setEnabled(bool(text.strip()) or self._busy))
        self.look_up.clicked.connect(self._slots.wrap(self._look_up))
        self.offer.agreed.connect(self._slots.wrap(self._start))
        self.offer.chosen.connect(self._slots.wrap(self._choose))
        self.offer.key_given.connect(self._slots.wrap(self._keep_key))
        self.catalogue.install.connect(self._slots.wrap(self._install))
        self.list.wanted.connect(self._slots.wrap(self._act))
        self.change_folder.clicked.connect(self._slots.wrap(self._choose_folder))
        self.buttons.rejected.connect(self.close)
        self.keys.setMenu(self._key_menu)
        self._key_menu.aboutToShow.connect(self._fill_key_menu)
        self._slots.failed.connect(self._say)
        self._downloads.changed.connect(self._show_list)
        self._downloads.arrived.connect(self._slots.wrap(self._mark_installed))
        self._program.theme_changed.connect(self._dress)

    # --- what is asked for

    @property
    def _busy(self) -> bool:
        return self._stop is not None

    async def _look_up(self) -> None:
        """Asks the site about what was typed; while it asks, the button stops that."""
        if self._stop is not None:
            self._stop.throw()
            return
        try:
            typed = parse(self.address.text(), VARIANT)
        except DownloadError as error:
            self.offer.explain(error)
            return
        if typed.key:
            self._downloads.queue.keys.use_for_now(Site.CIVITAI, typed.key)
            self.address.clear()
        self._source = typed.source
        await self._plan(lambda http, keys, stop: make_plan(typed.source, http, keys, stop))

    async def _install(self, entry: CatalogueEntry) -> None:
        """Asks the site about an entry of the catalogue."""
        self._source = None
        await self._plan(lambda http, keys, stop: plan_for(entry, http, keys, stop))

    async def _choose(self, path: str) -> None:
        """One file of a repository was chosen."""
        if isinstance(self._source, HubSource):
            source = self._source = replace(self._source, path=path)
            await self._plan(lambda http, keys, stop: make_plan(source, http, keys, stop))

    async def _plan(self, ask: Ask) -> None:
        if self._stop is not None:
            return
        self._ask, stop = ask, Stop()
        self._stop = stop
        self.offer.clear()
        self.note.hide()
        self._show_busy()
        # A name that is looked up cannot be interrupted: whoever stops does not wait for it.
        asking = asyncio.create_task(self._downloads.plan(ask, stop))
        try:
            while not asking.done() and not stop.thrown:
                await asyncio.wait({asking}, timeout=0.05)
            if stop.thrown:
                asking.add_done_callback(lambda task: task.cancelled() or task.exception())
                return
            self.offer.offer(asking.result())
        except StoppedError:
            return
        except DownloadError as error:
            self.offer.explain(error)
        finally:
            self._stop = None
            self._show_busy()

    async def _keep_key(self, site: str, key: str) -> None:
        """Keeps a key, and asks again with it or goes on with the download that wanted it."""
        sentence = await self._downloads.keep_key(Site(site), key)
        self._say(sentence or self.tr("The key is in the system's keyring."))
        ask = self._ask
        if ask is not None:
            await self._plan(ask)
            if sentence:
                self._say(sentence)
        else:
            self.offer.clear()
            for one in self._downloads.listed():
                if one.key_of == site:
                    self._downloads.act("resume", one.id)

    def _fill_key_menu(self) -> None:
        """What can be done about keys; anew each time, in the present language."""
        self._key_menu.clear()
        names = {Site.CIVITAI: "Civitai", Site.HUGGING_FACE: "Hugging Face"}
        for site, name in names.items():
            action = self._key_menu.addAction(self.tr("Key of {site}…").format(site=name))
            action.setObjectName(f"downloadKey-{site}")
            action.triggered.connect(lambda _=False, site=site: self.ask_for_key(site))
        self._key_menu.addSeparator()
        self._key_menu.addAction(self._window.actions_by_id["models.forget-keys"])

    def ask_for_key(self, site: Site) -> None:
        """Shows the field for a key of that site."""
        self._ask = None
        pages = {Site.CIVITAI: "civitai.com/user/account", Site.HUGGING_FACE: "huggingface.co/settings/tokens"}
        told = self.tr("Make a key at {page} and paste it here. A key that is kept already is replaced.")
        self.offer.explain(KeyNeededError(site.value, told.format(page=pages[site])))
        self.offer.key.setFocus()

    async def _start(self) -> None:
        plan = self.offer.plan
        if plan is None:
            return
        try:
            await self._downloads.start(plan)
        except DownloadError as error:
            self.offer.explain(error)
            return
        self.offer.clear()
        self.address.clear()
        self._ask = None
        self.show_list()

    async def _mark_installed(self) -> None:
        """Looks which entries of the catalogue are there already."""
        folder = self._downloads.folder
        found = await asyncio.to_thread(lambda: frozenset(one.id for one in self._entries if one.is_in(folder)))
        self.catalogue.mark_installed(found)

    # --- the list

    def _act(self, verb: str, download_id: str) -> None:
        one = next((one for one in self._downloads.listed() if one.id == download_id), None)
        if one is None:
            return
        if verb == "open":
            self._open_folder(one)
        elif verb == "key":
            self._ask = None
            self.offer.explain(KeyNeededError(one.key_of, spoken(one.sentence)))
        else:
            self._downloads.act(verb, download_id)

    def _open_folder(self, one: Download) -> None:
        place = one.places[0] if one.places else one.root
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(place.parent)))

    def _show_list(self) -> None:
        self.list.show_all(self._downloads.listed())
        count = len(self._downloads.listed())
        self.tabs.setTabText(1, self.tr("Downloads") + (f" ({count})" if count else ""))

    def show_list(self, *, has_entries_only: bool = False) -> None:
        """Brings the list to the front; only where it is not empty, if so wanted."""
        if not has_entries_only or self._downloads.listed():
            self.tabs.setCurrentWidget(self.list)

    def show_catalogue(self) -> None:
        """Brings the catalogue to the front, ready to be searched."""
        self.tabs.setCurrentWidget(self.catalogue)
        self.catalogue.search.setFocus()

    async def _choose_folder(self) -> None:
        path = await choose_folder(self, self.tr("Folder for downloaded models"), str(self._downloads.folder))
        if path is not None:
            self._downloads.choose_folder(path)
            self._show_folder()
            await self._mark_installed()

    # --- looks

    def _say(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def _show_busy(self) -> None:
        self.bar.setRange(0, 0 if self._busy else 1)
        self.look_up.setText(self.tr("Stop") if self._busy else self.tr("Look Up"))
        self.look_up.setEnabled(self._busy or bool(self.address.text().strip()))
        self.catalogue.get.setEnabled(not self._busy and self.catalogue.chosen is not None)

    def _show_folder(self) -> None:
        folder: Path = self._downloads.folder
        text = self.tr("Models go to {folder}").format(folder=folder)
        self.folder.setText(self.folder.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, 430))
        self.folder.setToolTip(str(folder))

    def _dress(self) -> None:
        self.list.dress(self._program.theme)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks no longer; downloads go on."""
        if self._stop is not None:
            self._stop.throw()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.catalogue.language = self._program.languages.code
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.setWindowTitle(self.tr("Download models"))
        self.address.setPlaceholderText(self.tr("owner/name, civitai:1234, or an address that begins with https://"))
        self.address.setToolTip(
            self.tr("A repository of Hugging Face, a model of Civitai, or the address of a model file")
        )
        self.look_up.setToolTip(
            self.tr("Ask the site what this is: size and licence are shown before anything is fetched")
        )
        self.tabs.setTabText(0, self.tr("Catalogue"))
        self.tabs.setTabToolTip(0, self.tr("Well-known models of every family"))
        self.tabs.setTabToolTip(1, self.tr("What is being downloaded, and what was"))
        self.change_folder.setText(self.tr("Change…"))
        self.change_folder.setToolTip(self.tr("Choose another folder for downloaded models"))
        self.keys.setText(self.tr("Keys"))
        self.keys.setToolTip(self.tr("Your keys of model sites; they are kept by the system's keyring only"))
        self.buttons.button(QDialogButtonBox.StandardButton.Close).setToolTip(
            self.tr("Close this window; downloads go on")
        )
        self.note.setVisible(bool(self.note.text()))
        self._show_folder()
        self._show_busy()
        self._show_list()
