"""How pages that say what comes of a choice are laid out: the form, what is said about it, and the buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout


def lay_out_page(page: QDialog, form: QFormLayout, said: Sequence[QLabel], buttons: QDialogButtonBox) -> None:
    """Puts them one beneath the other, the buttons at the bottom however high the page is."""
    layout = QVBoxLayout(page)
    layout.setContentsMargins(18, 16, 18, 12)
    layout.setSpacing(10)
    layout.addLayout(form)
    for label in said:
        layout.addWidget(label)
    layout.addStretch(1)
    layout.addWidget(buttons)


def grow_to_fit(page: QDialog) -> None:
    """Makes an open page higher when more is said on it than there is room for: labels that wrap do not do it alone."""
    layout = page.layout()
    needed = layout.heightForWidth(page.width()) if layout is not None else 0
    if page.isVisible() and needed > page.height():
        page.resize(page.width(), needed)
