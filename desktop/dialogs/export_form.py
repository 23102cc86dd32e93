"""The fields of the export dialog: part, size, format, background, provenance."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QSpinBox,
    QWidget,
)

from desktop.export_choices import (
    FORMATS,
    LEAST_PERCENT,
    MOST_PERCENT,
    MOST_SIDE,
    Background,
    ExportChoices,
    Part,
)
from desktop.naming import named

FIRST_SIDE = 2048


class ExportForm(QWidget):
    """All that is chosen but the place; `changed` with every change by hand."""

    changed = Signal()

    def __init__(self, parts: tuple[Part, ...], choices: ExportChoices, says_how: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("exportForm")
        self._choices = choices
        self._labels: dict[str, QLabel] = {}
        self._lines: dict[QWidget, QHBoxLayout] = {}
        self.part = named(QComboBox(self), "exportPart")
        for part in parts:
            self.part.addItem("", part)
        self.trim = named(QCheckBox(self), "exportTrim")
        self.sizing = named(QComboBox(self), "exportSizing")
        self.sizing.addItems(["", ""])
        self.percent = named(QSpinBox(self), "exportPercent", minimum=LEAST_PERCENT, maximum=MOST_PERCENT)
        self.side = named(QSpinBox(self), "exportSide", minimum=1, maximum=MOST_SIDE, singleStep=64)
        self.format = named(QComboBox(self), "exportFormat")
        for suffix, name in FORMATS.items():
            self.format.addItem(f"{name} ({suffix})", suffix)
        self.quality = named(QSpinBox(self), "exportQuality", minimum=1, maximum=100)
        self.slider = named(QSlider(Qt.Orientation.Horizontal, self), "exportQualitySlider", minimum=1, maximum=100)
        self.lossless = named(QCheckBox(self), "exportLossless")
        self.background = named(QComboBox(self), "exportBackground")
        for ground in Background:
            self.background.addItem("", ground)
        self.colour = named(QPushButton(self), "exportColour", autoDefault=False)
        self.dpi = named(QSpinBox(self), "exportDpi", minimum=0, maximum=9600)
        self.says_how = named(QCheckBox(self), "exportSaysHow", checked=says_how)
        self._lay_out()
        self._show(choices)
        self.retranslate()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            ("part", (self.part,)), ("", (self.trim,)), ("size", (self.sizing, self.percent, self.side)),
            ("format", (self.format,)), ("quality", (self.slider, self.quality)), ("lossless", (self.lossless,)),
            ("background", (self.background, self.colour)), ("dpi", (self.dpi,)), ("how", (self.says_how,)),
        )  # fmt: skip
        for name, widgets in rows:
            label = named(QLabel(self), f"exportLabel{name.capitalize()}")
            label.setBuddy(widgets[0])
            self._labels[name] = label
            line = QHBoxLayout()
            line.setSpacing(8)
            for widget in widgets:
                line.addWidget(widget, 1 if widget in (self.slider, self.part, self.format) else 0)
            if widgets[0] not in (self.slider, self.part, self.format):
                line.addStretch(1)
            form.addRow(label, line)
            self._lines[widgets[0]] = line
        self.rows = form
        self.colour.setFixedWidth(44)

    def _show(self, choices: ExportChoices) -> None:
        self.part.setCurrentIndex(max(0, self.part.findData(choices.part)))
        self.trim.setChecked(choices.trim)
        self.sizing.setCurrentIndex(1 if choices.side else 0)
        self.percent.setValue(choices.percent)
        self.side.setValue(choices.side or FIRST_SIDE)
        self.format.setCurrentIndex(self.format.findData(choices.suffix))
        self.quality.setValue(choices.quality)
        self.slider.setValue(choices.quality)
        self.lossless.setChecked(choices.lossless)
        self.background.setCurrentIndex(self.background.findData(choices.background))
        self.dpi.setValue(choices.dpi)
        self._show_colour(choices.colour)

    def _connect(self) -> None:
        self.slider.valueChanged.connect(self.quality.setValue)
        self.quality.valueChanged.connect(self.slider.setValue)
        for combo in (self.part, self.sizing, self.format, self.background):
            combo.currentIndexChanged.connect(lambda _: self._refresh())
        for box in (self.percent, self.side, self.quality, self.dpi):
            box.valueChanged.connect(lambda _: self._refresh())
        for check in (self.trim, self.lossless, self.says_how):
            check.toggled.connect(lambda _: self._refresh())
        self.colour.clicked.connect(self._choose_colour)

    def choices(self) -> ExportChoices:
        """What is chosen now; the name is as it was."""
        return replace(
            self._choices,
            part=Part(self.part.currentData()),
            suffix=self.format.currentData(),
            percent=self.percent.value(),
            side=self.side.value() if self.sizing.currentIndex() else 0,
            background=Background(self.background.currentData()),
            quality=self.quality.value(),
            lossless=self.lossless.isChecked(),
            dpi=self.dpi.value(),
            trim=self.trim.isChecked(),
        )

    def label_width(self) -> int:
        """Pixels of the widest label."""
        return max(label.sizeHint().width() for label in self._labels.values())

    def set_label_width(self, pixels: int) -> None:
        """Keeps the fields where they are when rows come and go."""
        for label in self._labels.values():
            label.setMinimumWidth(pixels)

    def _refresh(self) -> None:
        """Shows the rows that matter to the format."""
        chosen = self.choices()
        flat = not chosen.is_layered
        shown = {
            self.part: flat,
            self.trim: flat and chosen.part.is_many, self.sizing: flat, self.slider: flat and chosen.is_lossy,
            self.lossless: chosen.suffix == ".webp", self.background: flat,
            self.dpi: chosen.suffix in (".png", ".jpg", ".tiff", ".bmp"),
            self.says_how: flat and chosen.suffix != ".bmp",
        }  # fmt: skip
        for first, is_shown in shown.items():
            self.rows.setRowVisible(self._lines[first], is_shown)
        by_side = bool(self.sizing.currentIndex())
        self.percent.setVisible(flat and not by_side)
        self.side.setVisible(flat and by_side)
        self.colour.setVisible(flat and chosen.background is Background.COLOUR)
        transparent = self.background.findData(Background.TRANSPARENT)
        self.background.setItemText(
            transparent, self.tr("Paper (no transparency here)") if chosen.is_opaque else self.tr("Transparent")
        )
        self.changed.emit()

    def _choose_colour(self) -> None:
        dialog = named(QColorDialog(QColor(self._choices.colour), self), "exportColourDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(self._colour_chosen)
        dialog.open()

    def _colour_chosen(self, colour: QColor) -> None:
        self._show_colour(colour.name())
        self._refresh()

    def _show_colour(self, colour: str) -> None:
        self._choices = replace(self._choices, colour=colour)
        self.colour.setStyleSheet(f"QPushButton {{ background: {colour}; }}")

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        labels = {
            "part": self.tr("Part"), "": "", "size": self.tr("Size"), "format": self.tr("Format"),
            "quality": self.tr("Quality"), "lossless": "", "background": self.tr("Background"),
            "dpi": self.tr("Print resolution"), "how": "",
        }  # fmt: skip
        for name, text in labels.items():
            self._labels[name].setText(text)
        parts = {
            Part.FRAME: self.tr("The frame"), Part.SELECTION: self.tr("The selection's rectangle"),
            Part.SHAPE: self.tr("The selection's shape"), Part.EVERYTHING: self.tr("Everything painted"),
            Part.VIEW: self.tr("What the window shows"), Part.LAYERS: self.tr("Each layer, as a file of its own"),
            Part.GROUPS: self.tr("Each layer and each whole group, as files"),
        }  # fmt: skip
        for row in range(self.part.count()):
            self.part.setItemText(row, parts[Part(self.part.itemData(row))])
        grounds = {
            Background.TRANSPARENT: self.tr("Transparent"), Background.PAPER: self.tr("Paper"),
            Background.WHITE: self.tr("White"), Background.BLACK: self.tr("Black"),
            Background.COLOUR: self.tr("A colour"),
        }  # fmt: skip
        for row in range(self.background.count()):
            self.background.setItemText(row, grounds[Background(self.background.itemData(row))])
        self.sizing.setItemText(0, self.tr("Percent"))
        self.sizing.setItemText(1, self.tr("Longest side"))
        self.percent.setSuffix(" %")
        self.side.setSuffix(" px")
        self.trim.setText(self.tr("Cut each to what is painted on it"))
        self.lossless.setText(self.tr("Lossless"))
        self.dpi.setSuffix(" dpi")
        self.dpi.setSpecialValueText(self.tr("Not set"))
        self.says_how.setText(self.tr("Write how it was made into the file"))
        self._set_tips()

    def _set_tips(self) -> None:
        self.part.setToolTip(self.tr("Which part of the canvas is written"))
        self.trim.setToolTip(
            self.tr("Without it all files have the size of everything painted, so that they lie on each other")
        )
        for widget in (self.sizing, self.percent, self.side):
            widget.setToolTip(self.tr("How large the picture in the file is"))
        self.format.setToolTip(self.tr("OpenRaster and Photoshop keep the layers; the others are flat"))
        for widget in (self.slider, self.quality):
            widget.setToolTip(self.tr("Larger is better and bigger"))
        self.lossless.setToolTip(self.tr("Every pixel stays as it is"))
        self.background.setToolTip(self.tr("What lies behind what is transparent"))
        self.colour.setToolTip(self.tr("Choose the background's colour"))
        self.dpi.setToolTip(self.tr("Pixels per inch, noted for printing; the pixels stay the same"))
        self.says_how.setToolTip(
            self.tr(
                "Prompts and settings of the generations in the picture, and the mark that it was made with AI. "
                "Without it the file says nothing of that."
            )
        )
