"""How the rows of the history panel look: headings, records with words, a grid of pictures, a tree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

from desktop.generation.clip_records import is_clip
from desktop.panels.history_drawing import (
    column_x,
    draw_branch,
    draw_count,
    draw_failed,
    draw_kept,
    draw_note_mark,
    draw_picture,
    draw_play,
    draw_star,
)
from desktop.panels.history_layout import RowSizes
from desktop.panels.history_rows import Grouping, Row, Shown
from desktop.panels.history_text import Words
from desktop.panels.history_thumbnails import Thumbnails
from desktop.panels.history_words import subtitle

HEADING = 30
PLACE_HEADING = 46
GAP_BETWEEN_TREES = 10
WORDS = 66
TREE = 50
LARGE_TREE = 84
CELL = 92
"""At least; cells grow until they fill the width."""
STAR = 20
"""Logical pixels of the corner that takes a click for the star."""


class RowSize(StrEnum):
    """How large a record is drawn."""

    WORDS = "words"
    PICTURES = "pictures"


@dataclass(frozen=True)
class RowState:
    """What is true of a row apart from its record."""

    chosen: bool = False
    hovered: bool = False
    first: bool = False
    "Whether it is at the top of the list."


class HistoryDelegate:
    """Draws rows; the view asks it how large they are and where the star is."""

    def __init__(self, view: QWidget, thumbnails: Thumbnails) -> None:
        self._view, self._thumbnails = view, thumbnails
        self.grouping, self.size = Grouping.TIME, RowSize.WORDS
        self.words = Words()

    @property
    def is_grid(self) -> bool:
        """Whether pictures stand side by side."""
        return self.size is RowSize.PICTURES and self.grouping is not Grouping.TREE

    def sizes(self, width: int) -> RowSizes:
        """How large rows are in a list of this width, logical pixels."""
        heading = {Grouping.TIME: HEADING, Grouping.PLACE: PLACE_HEADING, Grouping.TREE: GAP_BETWEEN_TREES}
        if self.is_grid:
            columns = max(width // CELL, 1)
            side = max(width // columns, 1)
            return RowSizes(side, side, heading[self.grouping], columns)
        height = WORDS
        if self.grouping is Grouping.TREE:
            height = LARGE_TREE if self.size is RowSize.PICTURES else TREE
        return RowSizes(width, height, heading[self.grouping])

    def begin(self, painter: QPainter) -> None:
        """Prepares a painter for rows."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(self._view.font())

    def draw(self, painter: QPainter, box: QRectF, row: Row, state: RowState) -> None:
        """Draws one row."""
        painter.save()
        if row.heading:
            self._paint_heading(painter, box, row, state.first)
        elif row.shown is not None:
            self._paint_ground(painter, box, state)
            if self.is_grid:
                self._paint_cell(painter, box, row.shown, state.hovered)
            else:
                self._paint_record(painter, box, row, state.hovered)
        painter.restore()

    def star_place(self, box: QRectF) -> QPointF:
        """The middle of the star of a record's row."""
        inset = 13.0 if self.is_grid else 15.0
        return QPointF(box.right() - inset, box.top() + inset)

    # -- parts -------------------------------------------------------------------------------------

    def _colour(self, role: QPalette.ColorRole, alpha: int = 255) -> QColor:
        colour = QColor(self._view.palette().color(role))
        colour.setAlpha(alpha)
        return colour

    @property
    def _dim(self) -> QColor:
        return self._view.palette().color(QPalette.ColorRole.PlaceholderText)

    def _paint_ground(self, painter: QPainter, box: QRectF, state: RowState) -> None:
        inner = box.adjusted(2, 1, -2, -1)
        accent = QPalette.ColorRole.Highlight
        painter.setPen(QPen(self._colour(accent), 1.4) if state.chosen else Qt.PenStyle.NoPen)
        if state.chosen:
            painter.setBrush(self._colour(accent, 46))
        elif state.hovered:
            painter.setBrush(self._colour(QPalette.ColorRole.Text, 18))
        else:
            return
        painter.drawRoundedRect(inner.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)

    def _paint_heading(self, painter: QPainter, box: QRectF, row: Row, first: bool) -> None:
        if self.grouping is Grouping.TREE:
            return
        left = box.left() + 8
        if self.grouping is Grouping.PLACE and row.shown is not None:
            side = box.height() - 12
            picture = QRectF(left, box.top() + 8, side, side)
            draw_picture(painter, picture, self._thumbnails.picture(row.shown.record), self._plate(), cover=True)
            painter.setPen(QPen(self._colour(QPalette.ColorRole.Text, 28), 1.0))
            if not first:
                painter.drawLine(QPointF(box.left() + 8, box.top() + 2), QPointF(box.right() - 8, box.top() + 2))
            left = picture.right() + 8
        bold = QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(self._colour(QPalette.ColorRole.Text))
        words = QRectF(left, box.top() + (4 if row.detail else 0), box.right() - left - 8, box.height())
        if not row.detail:
            painter.drawText(words.adjusted(0, 6, 0, 0), Qt.AlignmentFlag.AlignVCenter, row.title)
            return
        height = self.words.draw(painter, words.adjusted(0, 6, 0, 0), row.title, 1)
        painter.setFont(self._view.font())
        painter.setPen(self._dim)
        self.words.draw(painter, words.adjusted(0, 6 + height, 0, 0), row.detail, 1)

    def _plate(self) -> QColor:
        return self._colour(QPalette.ColorRole.Text, 22)

    def _paint_picture(self, painter: QPainter, box: QRectF, shown: Shown, cover: bool = False) -> None:
        """The thumbnail with its badges."""
        filled = draw_picture(painter, box, self._thumbnails.picture(shown.record), self._plate(), cover)
        record = shown.record
        if not record.candidates:
            draw_failed(painter, box, self._dim)
        if is_clip(record) and record.candidates:
            draw_play(painter, filled.center())
        elif len(record.candidates) > 1:
            draw_count(painter, filled.bottomLeft() + QPointF(3, -3), len(record.candidates), painter.font())
        if shown.kept:
            accent = self._colour(QPalette.ColorRole.Highlight)
            draw_kept(painter, filled.bottomRight() + QPointF(-9, -9), accent)

    def _paint_cell(self, painter: QPainter, box: QRectF, shown: Shown, hovered: bool) -> None:
        self._dim_deleted(painter, shown)
        self._paint_picture(painter, box.adjusted(4, 4, -4, -4), shown, cover=True)
        if shown.annotation.starred or hovered:
            middle = self.star_place(box)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(16, 18, 22, 150))
            painter.drawEllipse(middle, 10, 10)
            draw_star(painter, middle, shown.annotation.starred, QColor(255, 255, 255))

    def _paint_record(self, painter: QPainter, box: QRectF, row: Row, hovered: bool) -> None:
        shown, left = row.shown, box.left() + 8
        if shown is None:
            return
        tree = self.grouping is Grouping.TREE
        if tree:
            dot = self._colour(QPalette.ColorRole.Highlight) if shown.kept else self._dim
            draw_branch(painter, box, row.branch, self._colour(QPalette.ColorRole.Text, 90), dot)
            left = box.left() + column_x(row.branch.column) + 12
        self._dim_deleted(painter, shown)
        side = box.height() - (10 if tree else 14)
        picture = QRectF(left, box.top() + (box.height() - side) / 2, side, side)
        self._paint_picture(painter, picture, shown)
        starred = shown.annotation.starred
        right = box.right() - (28 if starred or hovered or shown.annotation.note else 8)
        words = QRectF(picture.right() + 10, box.top(), right - picture.right() - 10, box.height())
        self._paint_words(painter, words, shown, 1 if tree and self.size is RowSize.WORDS else 2)
        middle = self.star_place(box)
        if starred or hovered:
            draw_star(painter, middle, starred, self._dim)
        if shown.annotation.note:
            draw_note_mark(painter, middle + QPointF(0, 20), self._dim)

    def _paint_words(self, painter: QPainter, box: QRectF, shown: Shown, lines: int) -> None:
        prompt = str(shown.record.request.get("prompt", "")).strip()
        painter.setPen(self._colour(QPalette.ColorRole.Text))
        lines = self.words.lines(painter, box.width(), prompt, lines)
        room = painter.fontMetrics().height() * (lines + 1)
        top = box.adjusted(0, max((box.height() - room) / 2, 2), 0, 0)
        taken = self.words.draw(painter, top, prompt or "–", lines)
        failed = shown.record.status == "failed"
        painter.setPen(self._view.palette().color(QPalette.ColorRole.BrightText) if failed else self._dim)
        with_day = self.grouping is not Grouping.TIME
        self.words.draw(painter, top.adjusted(0, taken + 1, 0, 0), subtitle(shown.record, with_day), 1)

    @staticmethod
    def _dim_deleted(painter: QPainter, shown: Shown) -> None:
        if shown.annotation.deleted:
            painter.setOpacity(0.45)
