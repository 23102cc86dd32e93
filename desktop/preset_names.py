"""The shipped presets' names and groups, for the translators: the engine's room has no translations."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.i18n import mark

GROUPS = (
    mark("presets", "Pencils"),
    mark("presets", "Ink"),
    mark("presets", "Paint"),
    mark("presets", "Dry"),
    mark("presets", "Effects"),
    mark("presets", "Erasers"),
    mark("presets", "Own"),
)
"""Groups in the order in which they are shown."""

NAMES = (
    mark("presets", "Pencil"),
    mark("presets", "Shading Pencil"),
    mark("presets", "Fine Liner"),
    mark("presets", "Ink Pen"),
    mark("presets", "Ink Brush"),
    mark("presets", "Calligraphy Pen"),
    mark("presets", "Ink Wash"),
    mark("presets", "Hard Round"),
    mark("presets", "Soft Round"),
    mark("presets", "Airbrush"),
    mark("presets", "Flat Brush"),
    mark("presets", "Dry Bristle"),
    mark("presets", "Square Brush"),
    mark("presets", "Watercolour"),
    mark("presets", "Charcoal"),
    mark("presets", "Chalk"),
    mark("presets", "Pastel"),
    mark("presets", "Marker"),
    mark("presets", "Highlighter"),
    mark("presets", "Glaze"),
    mark("presets", "Glow"),
    mark("presets", "Splatter"),
    mark("presets", "Foliage"),
    mark("presets", "Stars"),
    mark("presets", "Hard Eraser"),
    mark("presets", "Soft Eraser"),
    mark("presets", "Kneaded Eraser"),
)
"""A test holds them against `canvas.brush_presets`."""


def translated(text: str) -> str:
    """A shipped name or group in the present language."""
    return QCoreApplication.translate("presets", text)
