"""The layers: order, names, visibility, locks, masks, opacity and blend modes. Everything here can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QMenu, QToolButton, QTreeWidgetItem, QVBoxLayout, QWidget

from canvas import arranging
from canvas.changes import ChangeKind, DocumentChange
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.layers import AdjustmentLayer, GroupLayer, Layer, LayerMask
from desktop.layer_edits import LayerEdits
from desktop.naming import named
from desktop.panels.layer_controls import LayerControls
from desktop.panels.layer_rows import EYE, ID_ROLE, LOCK, NAME, ROW_HEIGHT, Zone
from desktop.panels.layer_tree import ALT, LayerTree
from desktop.panels.shrinking import LEAST, Shrinking
from desktop.panels.thumbnail import LayerPictures

STRUCTURE = (ChangeKind.LAYER_ADDED, ChangeKind.LAYER_REMOVED, ChangeKind.LAYER_MOVED, ChangeKind.LOADED)
BAR = (
    "layer.add", "layer.group", "mask.fitting", "adjust", "control.use", "layer.duplicate", "layer.merge-down", "",
    "layer.delete",
)  # fmt: skip
ADJUST = ("adjust.levels", "adjust.curves", "adjust.hue-saturation", "adjust.brightness-contrast")
MENU = (
    "layer.rename", "layer.duplicate", "layer.group", "layer.ungroup", "", "mask.add", "mask.from-selection",
    "mask.toggle", "mask.apply", "mask.remove", "", "control.use", "control.reference", "control.toggle",
    "control.apart", "", "layer.clip", "layer.alpha-lock", "layer.lock", "",
    "layer.merge-down", "layer.merge-chosen", "", "layer.delete",
)  # fmt: skip
"""The menu of a row; an empty name is a line."""


class LayersPanel(QWidget):
    """The tree of layers with its controls."""

    grows = Signal(bool)
    """What stands below the rows will be seen, or no longer."""
    editWanted = Signal()
    """The active adjustment is to be edited."""

    def __init__(self, document: Document, compositor: Compositor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layersPanel")
        self._document = document
        self._compositor = compositor
        self._items: dict[str, QTreeWidgetItem] = {}
        self._layers: dict[str, Layer] = {}
        self._actions: Mapping[str, QAction] = {}
        self._filling = self._stale = False
        self.trouble: Callable[[Layer], str] = lambda _: ""
        """Why a control layer would not work now, as a sentence."""
        self.edits = LayerEdits(document)
        self.pictures = LayerPictures(document, self)
        self.controls = LayerControls(document, self.edits, self)
        self.tree = LayerTree("layerTree", self, self)
        self._bar = QHBoxLayout()
        self._bar.setSpacing(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.controls)
        layout.addWidget(self.tree, 1)
        layout.addLayout(self._bar)
        self._connect()
        self.retranslate()
        self._disconnect = document.changed.connect(self._changed)
        self._rebuild()

    def _connect(self) -> None:
        tree = self.tree
        tree.itemSelectionChanged.connect(self._selection_changed)
        tree.itemChanged.connect(self._renamed)
        tree.eyesSwept.connect(self._show_swept)
        tree.zoneClicked.connect(self._zone_clicked)
        tree.editWanted.connect(self._edit)
        tree.moveWanted.connect(self._move)
        tree.deleteWanted.connect(self.edits.delete)
        tree.toggleWanted.connect(lambda: self.edits.toggle("visible"))
        tree.customContextMenuRequested.connect(self._open_menu)
        self.pictures.ready.connect(lambda _: tree.viewport().update())

    def use_actions(self, actions: Mapping[str, QAction]) -> None:
        """Fills the bar below with what the window's actions do; the rows' menu is made of them too."""
        self._actions = actions
        self.controls.use_actions(actions)
        for name in BAR:
            if not name:
                self._bar.addStretch(1)
                continue
            button = named(QToolButton(self), f"layerButton-{name.rpartition('.')[2]}")
            button.setAutoRaise(True)
            button.setIconSize(QSize(18, 18))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            if name == "adjust":
                self.adjust_menu = named(QMenu(button), "layerAdjustMenu")
                self.adjust_menu.addActions([actions[kind] for kind in ADJUST])
                button.setMenu(self.adjust_menu)
                button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
                button.setProperty("menuless", True)
                self.adjust_button = button
            else:
                button.setDefaultAction(actions[name])
            self._bar.addWidget(button)
        self.dress()
        self.retranslate()

    def add_below(self, widget: QWidget, least: int = LEAST) -> None:
        """Something about the layer that is worked on, between the rows and the bar; `least` pixels of it are seen."""
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            below = Shrinking(widget, self, least)
            below.turned.connect(self.grows)
            layout.insertWidget(layout.count() - 1, below)
            self.tree.setMinimumHeight(2 * ROW_HEIGHT)

    def dress(self) -> None:
        """Takes the icons of the theme for what has no action of its own."""
        if self._actions:
            self.adjust_button.setIcon(self._actions[ADJUST[3]].icon())

    def release_document(self) -> None:
        """Stop listening; the panel is about to go."""
        self.pictures.stop()
        self._disconnect()

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        self.tree.setAccessibleName(self.tr("Layers"))
        if self._actions:
            self.adjust_button.setToolTip(
                self.tr("Add an adjustment: levels, curves, hue and saturation, brightness and contrast")
            )

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "tree"):
            self.retranslate()
            self.tree.viewport().update()

    # -- what the rows ask -----------------------------------------------------------------------------

    @property
    def active(self) -> Layer | None:
        """The layer, or mask, that tools work on."""
        return self._document.active

    def layer_of(self, layer_id: str) -> Layer | None:
        """The layer of a row."""
        return self._layers.get(layer_id)

    def picture(self, layer_id: str) -> QPixmap | None:
        """The picture of a layer or mask, asked for when it is first seen."""
        ratio = self.devicePixelRatioF()
        if ratio != self.pictures.ratio:
            self.pictures.ratio = ratio
            for known in (*self._layers.values(), *(one.mask for one in self._layers.values() if one.mask)):
                self.pictures.refresh(known.id)
        self.pictures.want(layer_id)
        return self.pictures.picture(layer_id)

    def seen(self, layer: Layer) -> bool:
        """Whether the row's eye is open, as a sweep over the eyes has it now."""
        return self.tree.swept.get(layer.id, layer.visible)

    # -- what the person does ----------------------------------------------------------------------

    def rename(self) -> None:
        """Edits the name of the active layer in its row."""
        item = self._item_of(self._document.active)
        if item is not None and self.tree.state() != QAbstractItemView.State.EditingState:
            self.tree.scrollToItem(item)
            self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.tree.editItem(item, NAME)

    def _selection_changed(self) -> None:
        """What is selected in the tree is chosen in the document."""
        if self._filling:
            return
        selected = [self._layers[item.data(NAME, ID_ROLE)] for item in self.tree.selectedItems()]
        current = self.tree.currentItem()
        self._filling = True
        if not selected:
            self._filling = False
            self._show_chosen()
            return
        lead = self._layers[current.data(NAME, ID_ROLE)] if current is not None and current.isSelected() else None
        self._lead(lead or selected[0])
        self._document.choose(selected)
        self._filling = False
        self._show_chosen(keep_rows=True)

    def _lead(self, layer: Layer) -> None:
        active = self._document.active
        if not (isinstance(active, LayerMask) and active.owner is layer):
            self._document.active = layer

    def _show_swept(self, ids: list[str], on: bool) -> None:
        layers = [layer for key in ids if (layer := self._layers.get(key)) is not None]
        chosen = self._document.chosen
        if len(layers) == 1 and layers[0] in chosen:
            layers = list(chosen)  # one click goes to all that are chosen
        name = "Show layer" if on else "Hide layer"
        arranging.set_visible(self._document, dict.fromkeys(layers, on), name)
        self.tree.viewport().update()

    def _zone_clicked(self, layer_id: str, zone: Zone, keys: Qt.KeyboardModifier) -> None:
        layer = self._layers.get(layer_id)
        if layer is None:
            return
        chosen = self._document.chosen
        if zone is Zone.EYE and keys & ALT:
            self.edits.show_only(layer)
        elif zone is Zone.LOCK:
            self.edits.toggle("locked", chosen if layer in chosen else [layer])
        elif zone is Zone.MASK and keys & Qt.KeyboardModifier.ShiftModifier:
            self.edits.toggle_mask(layer)
        elif zone is Zone.MASK and layer.mask is not None:
            self.edits.work_on(layer.mask)
        elif zone is Zone.PICTURE:
            self.edits.work_on(layer)

    def _edit(self, layer_id: str) -> None:
        layer = self._layers.get(layer_id)
        if isinstance(layer, AdjustmentLayer):
            self._document.active = layer
            self.editWanted.emit()

    def _renamed(self, item: QTreeWidgetItem, column: int) -> None:
        layer = self._layers.get(item.data(NAME, ID_ROLE))
        if self._filling or column != NAME or layer is None:
            return
        name = item.text(NAME).strip()
        if name and name != layer.name:
            self._document.set_layer(layer, name=name)
        else:
            self._show_layer(layer)

    def _move(self, ids: list[str], parent_id: str, row: int) -> None:
        """Rows are counted from the top, the document's indices from the bottom."""
        parent = self._layers.get(parent_id) if parent_id else self._document.tree.root
        layers = [layer for layer in self._document.tree.walk() if layer.id in ids]
        if isinstance(parent, GroupLayer) and layers:
            arranging.move_layers(self._document, layers, parent, len(parent.children) - row)

    def _open_menu(self, at: QPoint) -> None:
        if not self._actions or self.tree.itemAt(at) is None:
            return
        menu = named(QMenu(self), "layerMenu", toolTipsVisible=True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in MENU:
            if name:
                menu.addAction(self._actions[name])
            else:
                menu.addSeparator()
        menu.popup(self.tree.viewport().mapToGlobal(at))

    # -- what the document says --------------------------------------------------------------------

    def _changed(self, change: DocumentChange) -> None:
        if change.kind in STRUCTURE:
            self._stale = True
            if change.origin not in ("edit", "undo", "redo"):
                self._rebuild()
        elif change.kind is ChangeKind.HISTORY:
            if self._stale:
                self._rebuild()  # one step may move many layers: the rows follow once, at its end
        elif change.kind in (ChangeKind.ACTIVE, ChangeKind.CHOSEN):
            if not self._filling:
                self._show_chosen()
        elif change.kind is ChangeKind.LAYER_SET:
            layer = self._layers.get(change.layer_id)
            if layer is not None:
                self._show_layer(layer)
            else:
                self.pictures.refresh(change.layer_id)  # a mask was turned round
                self.tree.viewport().update()
        elif change.kind is ChangeKind.TILES:
            self.pictures.refresh(change.layer_id)

    def _rebuild(self) -> None:
        """New rows from the tree; pictures of layers that were there are kept."""
        self._stale = False
        closed = {key for key, item in self._items.items() if item.childCount() and not item.isExpanded()}
        self._filling = True
        blocked = self.tree.blockSignals(True)
        self.tree.clear()
        self._items.clear()
        self._layers.clear()
        self._add_rows(self._document.tree.root, self.tree.invisibleRootItem())
        for key, item in self._items.items():
            item.setExpanded(key not in closed)
        self.tree.blockSignals(blocked)
        masks = {layer.mask.id for layer in self._layers.values() if layer.mask is not None}
        self.pictures.keep_only(set(self._items) | masks)
        self._filling = False
        self._show_chosen()

    def _add_rows(self, group: GroupLayer, parent: QTreeWidgetItem) -> None:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled
        for layer in reversed(group.children):
            item = QTreeWidgetItem(parent)
            item.setFlags(flags | Qt.ItemFlag.ItemIsDropEnabled if isinstance(layer, GroupLayer) else flags)
            item.setData(NAME, ID_ROLE, layer.id)
            item.setSizeHint(NAME, QSize(0, ROW_HEIGHT))
            self._items[layer.id] = item
            self._layers[layer.id] = layer
            item.setText(NAME, layer.name)
            if isinstance(layer, GroupLayer):
                self._add_rows(layer, item)

    def _show_layer(self, layer: Layer) -> None:
        item = self._items.get(layer.id)
        if item is None:
            return
        filling, self._filling = self._filling, True
        item.setText(NAME, layer.name)
        self._filling = filling
        if layer in (self.edits.owner, self._document.active):
            self.controls.show_state()
        self.tree.viewport().update()

    def tip(self, layer: Layer, column: int) -> str:
        """What the pointer is told over a column of the layer's row."""
        if column == EYE:
            return self.tr("Click: hide or show. Drag: several. Alt+click: only this one")
        if column == LOCK:
            return self.tr("Unlock") if layer.locked else self.tr("Lock")
        lines = [layer.name]
        if layer.control is not None:
            lines.append(self.trouble(layer) or self.tr("A control layer: generation follows it, or looks at it"))
        if isinstance(layer, AdjustmentLayer):
            lines.append(self.tr("Double-click the icon to change the adjustment"))
        if layer.mask is not None:
            lines.append(self.tr("Click the mask to paint on it, Shift+click to switch it off and on"))
        lines.append(self.tr("Double-click the name to rename, drag to reorder, Ctrl or Shift+click for several"))
        return "\n".join(lines)

    def _show_chosen(self, keep_rows: bool = False) -> None:
        filling, self._filling = self._filling, True
        item = self._item_of(self._document.active)
        flag = QItemSelectionModel.SelectionFlag
        if item is None:
            self.tree.clearSelection()
        elif not keep_rows:
            index = self.tree.indexFromItem(item, NAME)
            self.tree.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
            for layer in self._document.chosen:
                if layer.id in self._items:
                    self._items[layer.id].setSelected(True)
        elif item is not self.tree.currentItem():
            self.tree.selectionModel().setCurrentIndex(self.tree.indexFromItem(item, NAME), flag.NoUpdate)
        self._filling = filling
        self.controls.show_state()
        self.tree.viewport().update()

    def _item_of(self, layer: Layer | None) -> QTreeWidgetItem | None:
        owner = layer.owner if isinstance(layer, LayerMask) else layer
        return self._items.get(owner.id) if owner is not None else None
