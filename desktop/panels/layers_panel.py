"""The layers: order, names, visibility, locks, opacity and blend modes. Everything here can be undone."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QDropEvent, QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QSlider,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from canvas.changes import ChangeKind, DocumentChange
from canvas.compositor import Compositor
from canvas.document import Document
from canvas.errors import CanvasError
from canvas.layers import BlendMode, GroupLayer, Layer, PaintLayer
from desktop.naming import named
from desktop.panels.glyphs import glyph
from desktop.panels.thumbnail import SIZE, layer_thumbnail

EYE, NAME, LOCK = 0, 1, 2
ID_ROLE = Qt.ItemDataRole.UserRole
THUMBNAIL_MS = 250
STRUCTURE = (ChangeKind.LAYER_ADDED, ChangeKind.LAYER_REMOVED, ChangeKind.LAYER_MOVED, ChangeKind.LOADED)


class LayerTreeWidget(QTreeWidget):
    """A tree that asks for a move instead of moving rows itself: the document decides, the rows follow."""

    moveWanted = Signal(str, str, int)
    """Layer id, id of the new group ("" = the root), rows above it there counted from the top."""

    def dropEvent(self, event: QDropEvent) -> None:
        """Translate the place of the drop into a group and a row."""
        dragged, target = self.currentItem(), self.itemAt(event.position().toPoint())
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if dragged is None or target is dragged:
            return
        place = self.dropIndicatorPosition()
        self.moveWanted.emit(dragged.data(NAME, ID_ROLE), *self._place(target, place))

    def _place(self, target: QTreeWidgetItem | None, where: QAbstractItemView.DropIndicatorPosition) -> tuple[str, int]:
        positions = QAbstractItemView.DropIndicatorPosition
        if target is None or where == positions.OnViewport:
            return "", self.topLevelItemCount()
        if where == positions.OnItem and target.flags() & Qt.ItemFlag.ItemIsDropEnabled:
            return target.data(NAME, ID_ROLE), 0
        parent = target.parent()
        row = parent.indexOfChild(target) if parent is not None else self.indexOfTopLevelItem(target)
        row += where == positions.BelowItem
        return (parent.data(NAME, ID_ROLE) if parent is not None else ""), row


class LayersPanel(QWidget):
    """The tree of layers with its controls."""

    def __init__(self, document: Document, compositor: Compositor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layersPanel")
        self._document = document
        self._compositor = compositor
        self._items: dict[str, QTreeWidgetItem] = {}
        self._icons: dict[str, QIcon] = {}
        self._stale: set[str] = set()
        self._filling = False
        self._timer = named(QTimer(self), "timer", interval=THUMBNAIL_MS, singleShot=True)
        self._timer.timeout.connect(self._refresh_thumbnails)
        self._build()
        self.retranslate()
        self._disconnect = document.changed.connect(self._changed)
        self._rebuild()

    def release_document(self) -> None:
        """Stop listening; the panel is about to go."""
        self._timer.stop()
        self._disconnect()

    # -- widgets -----------------------------------------------------------------------------------

    def _build(self) -> None:
        self.blend = named(QComboBox(self), "layerBlendMode")
        self.blend.addItems([""] * len(BlendMode))
        for row, mode in enumerate(BlendMode):
            self.blend.setItemData(row, mode)
        self.blend.activated.connect(self._choose_blend)
        self.opacity = named(QSlider(Qt.Orientation.Horizontal, self), "layerOpacity")
        self.opacity.setRange(0, 100)
        self.opacity.valueChanged.connect(self._choose_opacity)
        self.opacity.sliderPressed.connect(self._end_opacity_drag)
        self.opacity.sliderReleased.connect(self._end_opacity_drag)
        self.opacity_text = named(QLabel(self), "layerOpacityText")
        self.opacity_text.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %"))
        self.opacity_text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._build_tree()
        self.add_button = self._button("layerAdd", "plus", self.add_layer)
        self.group_button = self._button("layerGroup", "folder", self.group_layer)
        self.duplicate_button = self._button("layerDuplicate", "copy", self.duplicate_layer)
        self.delete_button = self._button("layerDelete", "bin", self.delete_layer)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.blend, 2)
        top.addWidget(self.opacity, 3)
        top.addWidget(self.opacity_text)
        for button in (self.add_button, self.group_button, self.duplicate_button):
            bottom.addWidget(button)
        bottom.addStretch(1)
        bottom.addWidget(self.delete_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.tree, 1)
        layout.addLayout(bottom)

    def _build_tree(self) -> None:
        self.tree = LayerTreeWidget(self)
        self.tree.setObjectName("layerTree")
        self.tree.setColumnCount(3)
        self.tree.setHeaderHidden(True)
        self.tree.setTreePosition(NAME)
        self.tree.setIndentation(14)
        self.tree.setIconSize(SIZE)
        self.tree.setUniformRowHeights(True)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(26)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (EYE, LOCK):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, 28)
        triggers = QAbstractItemView.EditTrigger
        self.tree.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.tree.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.itemClicked.connect(self._clicked)
        self.tree.itemChanged.connect(self._renamed)
        self.tree.currentItemChanged.connect(self._chosen)
        self.tree.moveWanted.connect(self._move)
        self.tree.customContextMenuRequested.connect(self._open_menu)

    def _button(self, name: str, drawing: str, handler: object) -> QToolButton:
        button = named(QToolButton(self), name)
        button.setIcon(glyph(drawing, self.palette().windowText().color()))
        button.setIconSize(QSize(18, 18))
        button.setAutoRaise(True)
        button.setProperty("glyph", drawing)
        button.clicked.connect(handler)
        return button

    def retranslate(self) -> None:
        """Set every text in the language that is chosen now."""
        names = self._blend_names()
        for row, mode in enumerate(BlendMode):
            self.blend.setItemText(row, names.get(mode, str(mode)))
        self.blend.setToolTip(self.tr("Blend mode: how this layer mixes with what is below"))
        self.opacity.setToolTip(self.tr("Opacity of the layer"))
        self.tree.setToolTip(self.tr("Drag to reorder, double-click to rename"))
        self.add_button.setToolTip(self.tr("Add an empty layer"))
        self.group_button.setToolTip(self.tr("Put this layer into a new group"))
        self.duplicate_button.setToolTip(self.tr("Duplicate the layer"))
        self.delete_button.setToolTip(self.tr("Delete the layer"))

    def _blend_names(self) -> dict[BlendMode, str]:
        return {
            BlendMode.NORMAL: self.tr("Normal"),
            BlendMode.MULTIPLY: self.tr("Multiply"),
            BlendMode.SCREEN: self.tr("Screen"),
            BlendMode.OVERLAY: self.tr("Overlay"),
            BlendMode.DARKEN: self.tr("Darken"),
            BlendMode.LIGHTEN: self.tr("Lighten"),
            BlendMode.COLOR_DODGE: self.tr("Colour dodge"),
            BlendMode.COLOR_BURN: self.tr("Colour burn"),
            BlendMode.HARD_LIGHT: self.tr("Hard light"),
            BlendMode.SOFT_LIGHT: self.tr("Soft light"),
            BlendMode.DIFFERENCE: self.tr("Difference"),
            BlendMode.EXCLUSION: self.tr("Exclusion"),
            BlendMode.PLUS: self.tr("Add"),
            BlendMode.ATOP: self.tr("Clip to below"),
            BlendMode.ERASE: self.tr("Erase"),
        }

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "delete_button"):
            for button in (self.add_button, self.group_button, self.duplicate_button, self.delete_button):
                button.setIcon(glyph(button.property("glyph"), self.palette().windowText().color()))
            for layer in self._document.tree.walk():
                self._show_layer(layer)
        elif event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    # -- what the person does ----------------------------------------------------------------------

    def add_layer(self) -> None:
        """An empty layer above the active one."""
        layer = PaintLayer(self._free_name(self.tr("Layer {number}")))
        parent, index = self._above_active()
        self._document.add_layer(layer, parent, index)
        self._document.active = layer

    def group_layer(self) -> None:
        """A new group in the place of the active layer, holding it."""
        layer = self._document.active
        if layer is None or layer.parent is None:
            return
        group = GroupLayer(self._free_name(self.tr("Group {number}")))
        with self._document.transaction(self.tr("Group layer")):
            self._document.add_layer(group, layer.parent, layer.parent.children.index(layer) + 1)
            self._document.move_layer(layer, group, 0)
        self._document.active = layer

    def duplicate_layer(self) -> None:
        """A copy above the active layer, active from now on."""
        if self._document.active is not None:
            original = self._document.active
            with self._document.transaction(self.tr("Duplicate layer")):
                copy = self._document.duplicate_layer(original)
                self._document.set_layer(copy, name=self.tr("{0} copy").format(original.name))
            self._document.active = copy

    def delete_layer(self) -> None:
        """Remove the active layer; its neighbour becomes active."""
        layer = self._document.active
        if layer is None or layer.parent is None:
            return
        siblings = layer.parent.children
        at = siblings.index(layer)
        near = siblings[at - 1] if at > 0 else (siblings[1] if len(siblings) > 1 else None)
        if near is None and layer.parent is not self._document.tree.root:
            near = layer.parent
        self._document.remove_layer(layer)
        if self._document.active is None or self._document.active not in self._document.tree:
            self._document.active = near

    def _choose_blend(self, row: int) -> None:
        layer = self._document.active
        mode = BlendMode(self.blend.itemData(row))
        if layer is not None and mode is not layer.blend_mode:
            self._document.set_layer(layer, blend_mode=mode)

    def _choose_opacity(self, percent: int) -> None:
        self.opacity_text.setText(f"{percent} %")
        layer = self._document.active
        if layer is None or self._filling or round(layer.opacity * 100) == percent:
            return
        self._document.set_layer(layer, opacity=percent / 100, merge=self.opacity.isSliderDown())

    def _end_opacity_drag(self) -> None:
        """One drag is one step: neither what was before nor what comes after joins it."""
        self._document.history.seal()

    def _clicked(self, item: QTreeWidgetItem, column: int) -> None:
        layer = self._layer_of(item)
        if layer is not None and column == EYE:
            self._document.set_layer(layer, visible=not layer.visible)
        elif layer is not None and column == LOCK:
            self._document.set_layer(layer, locked=not layer.locked)

    def _renamed(self, item: QTreeWidgetItem, column: int) -> None:
        layer = self._layer_of(item)
        if self._filling or column != NAME or layer is None:
            return
        name = item.text(NAME).strip()
        if name and name != layer.name:
            self._document.set_layer(layer, name=name)
        else:
            self._show_layer(layer)

    def _chosen(self, item: QTreeWidgetItem | None) -> None:
        if not self._filling and item is not None:
            self._document.active = self._layer_of(item)

    def _move(self, layer_id: str, parent_id: str, row: int) -> None:
        """Rows are counted from the top, the document's indices from the bottom."""
        layer = self._document.tree.find(layer_id)
        parent = self._document.tree.find(parent_id) if parent_id else self._document.tree.root
        if not isinstance(parent, GroupLayer) or parent is layer or _is_inside(parent, layer):
            return
        index = len(parent.children) - row
        if layer.parent is parent and parent.children.index(layer) < index:
            index -= 1  # the document counts without the layer that moves
        if layer.parent is parent and parent.children.index(layer) == index:
            return
        self._document.move_layer(layer, parent, index)

    def _open_menu(self, at: QPoint) -> None:
        item = self.tree.itemAt(at)
        layer = self._layer_of(item) if item is not None else None
        if item is None or layer is None:
            return
        menu = named(QMenu(self), "layerMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Rename"), lambda: self.tree.editItem(item, NAME))
        menu.addAction(self.tr("Duplicate"), self.duplicate_layer)
        menu.addAction(self.tr("Put into a new group"), self.group_layer)
        if isinstance(layer, PaintLayer):
            keep = QAction(self.tr("Lock transparent pixels"), menu, checkable=True, checked=layer.alpha_locked)
            keep.triggered.connect(lambda on: self._document.set_layer(layer, alpha_locked=on))
            menu.addAction(keep)
        menu.addSeparator()
        menu.addAction(self.tr("Delete"), self.delete_layer)
        menu.popup(self.tree.viewport().mapToGlobal(at))

    # -- what the document says --------------------------------------------------------------------

    def _changed(self, change: DocumentChange) -> None:
        if change.kind in STRUCTURE:
            self._rebuild()
        elif change.kind is ChangeKind.ACTIVE:
            self._show_active()
        elif change.kind is ChangeKind.LAYER_SET and change.layer_id in self._items:
            self._show_layer(self._document.tree.find(change.layer_id))
        elif change.kind is ChangeKind.TILES and change.layer_id in self._items:
            self._stale.add(change.layer_id)
            self._timer.start()

    def _rebuild(self) -> None:
        """New rows from the tree; pictures of layers that were there are kept."""
        closed = {key for key, item in self._items.items() if item.childCount() and not item.isExpanded()}
        self._filling = True
        self.tree.clear()
        self._items.clear()
        self._add_rows(self._document.tree.root, self.tree.invisibleRootItem())
        for key, item in self._items.items():
            item.setExpanded(key not in closed)
        self._icons = {key: icon for key, icon in self._icons.items() if key in self._items}
        self._filling = False
        self._show_active()

    def _add_rows(self, group: GroupLayer, parent: QTreeWidgetItem) -> None:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled
        for layer in reversed(group.children):
            item = QTreeWidgetItem(parent)
            item.setFlags(flags | Qt.ItemFlag.ItemIsDropEnabled if isinstance(layer, GroupLayer) else flags)
            item.setData(NAME, ID_ROLE, layer.id)
            item.setSizeHint(NAME, QSize(0, SIZE.height() + 8))
            self._items[layer.id] = item
            if layer.id not in self._icons:
                self._stale.add(layer.id)
                self._timer.start()
            self._show_layer(layer)
            if isinstance(layer, GroupLayer):
                self._add_rows(layer, item)

    def _show_layer(self, layer: Layer) -> None:
        item = self._items.get(layer.id)
        if item is None:
            return
        filling, self._filling = self._filling, True
        ink = self.palette().text().color()
        item.setText(NAME, layer.name)
        item.setToolTip(EYE, self.tr("Hide") if layer.visible else self.tr("Show"))
        item.setToolTip(LOCK, self.tr("Unlock") if layer.locked else self.tr("Lock"))
        item.setIcon(EYE, glyph("eye" if layer.visible else "hidden", ink))
        item.setIcon(LOCK, glyph("lock" if layer.locked else "unlocked", ink))
        if layer.id in self._icons:
            item.setIcon(NAME, self._icons[layer.id])
        self._filling = filling
        if layer is self._document.active:
            self._show_controls()

    def _show_active(self) -> None:
        active = self._document.active
        self._filling = True
        item = self._items.get(active.id) if active is not None else None
        if item is not None:
            self.tree.setCurrentItem(item, NAME)
        else:
            self.tree.clearSelection()
        self._filling = False
        self._show_controls()

    def _show_controls(self) -> None:
        layer = self._document.active
        for widget in (self.blend, self.opacity, self.duplicate_button, self.group_button, self.delete_button):
            widget.setEnabled(layer is not None)
        if layer is None:
            return
        filling, self._filling = self._filling, True
        self.blend.setCurrentIndex(list(BlendMode).index(layer.blend_mode))
        self.opacity.setValue(round(layer.opacity * 100))
        self.opacity_text.setText(f"{round(layer.opacity * 100)} %")
        self._filling = filling

    def _refresh_thumbnails(self) -> None:
        stale, self._stale = self._stale, set()
        for layer in self._document.tree.walk():
            if layer.id in stale:
                picture = layer_thumbnail(layer, self.devicePixelRatioF())
                icon = QIcon(picture)
                icon.addPixmap(picture, QIcon.Mode.Selected)  # Qt would tint it with the accent
                self._icons[layer.id] = icon
                self._show_layer(layer)

    # -- finding things ------------------------------------------------------------------------------

    def _layer_of(self, item: QTreeWidgetItem) -> Layer | None:
        try:
            return self._document.tree.find(item.data(NAME, ID_ROLE))
        except CanvasError:
            return None

    def _above_active(self) -> tuple[GroupLayer, int]:
        active = self._document.active
        if active is None or active.parent is None:
            root = self._document.tree.root
            return root, len(root.children)
        if isinstance(active, GroupLayer):
            return active, len(active.children)
        return active.parent, active.parent.children.index(active) + 1

    def _free_name(self, pattern: str) -> str:
        taken = {layer.name for layer in self._document.tree.walk()}
        number = 1
        while pattern.format(number=number) in taken:
            number += 1
        return pattern.format(number=number)


def _is_inside(layer: Layer, group: Layer) -> bool:
    above = layer.parent
    while above is not None and above is not group:
        above = above.parent
    return above is group
