"""The box with the models that paint. Thousands cost no more than a few: rows are read when they are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QListView, QWidget

from desktop.generation.form import GenerationForm
from desktop.naming import named
from desktop.panels.elided_box import ElidedBox
from pipelines.contract.models import ModelInfo

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
SHOWN = 20
"""Models that the open box shows at a time."""


class ModelRows(QAbstractListModel):
    """Models as rows: name, id and path."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("modelRows")
        self._models: Sequence[ModelInfo] = ()
        self._places: dict[str, int] = {}

    def show_models(self, models: Sequence[ModelInfo]) -> None:
        """Takes other rows."""
        self.beginResetModel()
        self._models = models
        self._places = {info.id: row for row, info in enumerate(models)}
        self.endResetModel()

    def row_of(self, model_id: str) -> int:
        """Where a model stands; -1 for one that is not there."""
        return self._places.get(model_id, -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many models there are."""
        return 0 if parent.isValid() else len(self._models)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The name; the id as the user's data; the path as a tip."""
        if not index.isValid():
            return None
        info = self._models[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return info.name
        return {int(Qt.ItemDataRole.UserRole): info.id, int(Qt.ItemDataRole.ToolTipRole): info.path}.get(int(role))


class ModelBox(ElidedBox):
    """Chooses the form's model and shows it."""

    def __init__(self, form: GenerationForm, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("model")
        self._form = form
        self.rows = ModelRows(self)
        shown = named(QListView(self), "modelList", uniformItemSizes=True)
        shown.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setView(shown)
        self.setModel(self.rows)
        self.setMaxVisibleItems(SHOWN)
        self.setStyleSheet("QComboBox { combobox-popup: 0; }")  # as a menu, Qt would ask for the place of every row
        self.activated.connect(lambda row: form.choose_model(self.itemData(row)))
        form.models_changed.connect(self._fill)
        form.changed.connect(self._form_changed)
        self._fill()

    def _fill(self) -> None:
        self.rows.show_models(self._form.models)
        self._select()

    def _form_changed(self, names: set[str]) -> None:
        if "model" in names:
            self._select()

    def _select(self) -> None:
        self.setCurrentIndex(self.rows.row_of(self._form.settings.model))
