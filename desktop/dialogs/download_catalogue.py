"""The catalogue's page: well-known models by family, with what they are good for. Looking at it asks no site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.dialogs.model_library_words import FAMILY_NAMES
from desktop.naming import named
from pipelines.contract.models import ModelKind
from pipelines.library.downloads.catalogue import CatalogueEntry


class CataloguePage(QWidget):
    """A list with a search above and a description below."""

    install = Signal(object)
    """The entry to be had."""

    def __init__(self, entries: Sequence[CatalogueEntry], language: str, parent: QWidget) -> None:
        """An empty page: `build` fills it."""
        super().__init__(parent)
        self.setObjectName("cataloguePage")
        self._entries, self.language = list(entries), language
        self._installed: frozenset[str] = frozenset()

    def build(self) -> Iterator[None]:
        """Steps that fill it, each a few milliseconds."""
        self.search = named(QLineEdit(self), "catalogueSearch")
        self.search.setClearButtonEnabled(True)
        self.family = named(QComboBox(self), "catalogueFamily")
        yield
        self.tree = named(QTreeWidget(self), "catalogueList")
        yield
        self.tree.setRootIsDecorated(False)
        self.tree.setColumnCount(4)
        self.tree.setUniformRowHeights(True)
        yield
        self.about = named(QLabel(self), "catalogueAbout", wordWrap=True, openExternalLinks=True)
        self.about.setMinimumHeight(64)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.get = named(QPushButton(self), "catalogueInstall", enabled=False, autoDefault=False, primary=True)
        yield
        self._lay_out()
        yield
        self._say_words()
        yield
        self._fill_families()
        yield
        self._fill()
        yield
        self.search.textChanged.connect(self._fill)
        self.family.currentIndexChanged.connect(self._fill)
        self.tree.currentItemChanged.connect(lambda *_: self._describe())
        self.tree.itemActivated.connect(lambda *_: self._install())
        self.get.clicked.connect(self._install)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.family)
        bottom = QHBoxLayout()
        bottom.addWidget(self.about, 1)
        bottom.addWidget(self.get, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 8, 2, 4)
        layout.addLayout(top)
        layout.addWidget(self.tree, 1)
        layout.addLayout(bottom)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    @property
    def chosen(self) -> CatalogueEntry | None:
        """The entry that is selected."""
        item = self.tree.currentItem()
        return None if item is None else item.data(0, Qt.ItemDataRole.UserRole)

    def mark_installed(self, ids: frozenset[str]) -> None:
        """Says of these entries that they are there already."""
        if ids != self._installed:
            self._installed = ids
            for row in range(self.tree.topLevelItemCount()):
                item = self.tree.topLevelItem(row)
                if item is not None:
                    item.setText(0, self._name_of(item.data(0, Qt.ItemDataRole.UserRole)))
            self._describe()

    def _name_of(self, entry: CatalogueEntry) -> str:
        return f"{entry.name}  ✓" if entry.id in self._installed else entry.name

    def _install(self) -> None:
        if (entry := self.chosen) is not None:
            self.install.emit(entry)

    def _fill(self) -> None:
        """Shows what fits search and family, and keeps the selection."""
        with QSignalBlocker(self.tree):
            self._fill_tree()
        self._describe()

    def _fill_tree(self) -> None:
        before = self.chosen
        family = self.family.currentData()
        self.tree.clear()
        kinds = self._kinds()
        items: list[QTreeWidgetItem] = []
        chosen: QTreeWidgetItem | None = None
        for entry in self._entries:
            if (family and entry.family != family) or not entry.matches(self.search.text()):
                continue
            memory = self.tr("{0} GB").format(f"{entry.vram_gb:g}")
            family_name = FAMILY_NAMES.get(entry.family, self.tr("all"))
            item = QTreeWidgetItem([self._name_of(entry), family_name, kinds.get(entry.kind, entry.kind), memory])
            item.setData(0, Qt.ItemDataRole.UserRole, entry)
            item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(0, entry.good_for_in(self.language))
            items.append(item)
            if before is not None and before.id == entry.id:
                chosen = item
        self.tree.addTopLevelItems(items)
        if items:
            self.tree.setCurrentItem(chosen or items[0])

    def _describe(self) -> None:
        entry = self.chosen
        self.get.setEnabled(entry is not None)
        if entry is None:
            self.about.setText(escape(self.tr("No model of the catalogue says this. Search with fewer words.")))
            return
        licence = f'<a href="{escape(entry.licence.url, quote=True)}">{escape(entry.licence.name)}</a>'
        lines = [
            escape(entry.good_for_in(self.language)),
            self.tr("Licence: {name}").format(name=licence) + " · " + escape(self.tr("needs network")),
        ]
        if entry.id in self._installed:
            lines.append(escape("✓ " + self.tr("It is in the model folder.")))
        elif entry.gated:
            lines.append(escape(self.tr("Its terms have to be accepted on its page first, with an account there.")))
        self.about.setText("<br>".join(lines))

    def _kinds(self) -> dict[ModelKind, str]:
        return {
            ModelKind.CHECKPOINT: self.tr("Model"),
            ModelKind.DIFFUSERS: self.tr("Model, folder"),
            ModelKind.TRANSFORMER: self.tr("Model, files"),
            ModelKind.LORA: self.tr("LoRA"),
            ModelKind.CONTROLNET: self.tr("ControlNet"),
            ModelKind.T2I_ADAPTER: self.tr("T2I-Adapter"),
            ModelKind.IP_ADAPTER: self.tr("Reference"),
            ModelKind.VAE: self.tr("VAE"),
            ModelKind.UPSCALER: self.tr("Upscaler"),
            ModelKind.CAPTIONER: self.tr("Captioning model"),
            ModelKind.ANNOTATOR: self.tr("Sees depth or poses"),
        }

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self._say_words()
        self._fill_families()
        self._fill()

    def _say_words(self) -> None:
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setToolTip(self.tr("Words that its name or its description must hold"))
        self.family.setToolTip(self.tr("Only models of this family"))
        self.tree.setToolTip("")
        self.tree.setHeaderLabels([self.tr("Name"), self.tr("Family"), self.tr("Kind"), self.tr("Graphics memory")])
        self.tree.headerItem().setToolTip(3, self.tr("Roughly, with all of it there; less will do, more slowly"))
        self.get.setText(self.tr("Install…"))
        self.get.setToolTip(self.tr("Ask the site for its files, and show size and licence; needs network"))

    def _fill_families(self) -> None:
        kept = self.family.currentData()
        self.family.blockSignals(True)
        self.family.clear()
        self.family.addItem(self.tr("All families"), "")
        for family, name in FAMILY_NAMES.items():
            self.family.addItem(name, family)
        self.family.setCurrentIndex(max(self.family.findData(kept), 0))
        self.family.blockSignals(False)
