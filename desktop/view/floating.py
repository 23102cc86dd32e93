"""Bars and cards over the canvas make room for each other: each knows which go before it and moves out of their way."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSizeF, QTimer
from PySide6.QtWidgets import QWidget

from desktop.naming import named

GAP = 10
"""Logical pixels between two of them, and between one and the view's edge."""
LEAST_SHARE = 0.3
"""A picture that would be smaller than this beside bars and cards is rather shown under them."""
_MOVES = frozenset({QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Move, QEvent.Type.Resize})


class Rank(IntEnum):
    """Who stays where it is: the lower goes before."""

    EDGE = 0
    """At an edge of the view for as long as something runs."""
    TOOL = 1
    """Belongs to the tool in hand."""
    CARD = 2
    """Tells about a region."""
    PLACE = 3
    """Belongs to a place of the canvas and is put beside it."""


NOBODY = Rank.PLACE + 1


class Floating(QObject):
    """The bars and cards of one view."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.setObjectName("floating")
        self._view = view
        self._ranked: dict[QWidget, tuple[Rank, Callable[[], None]]] = {}
        self._regions: list[Callable[[], QRect]] = []
        self._cards: list[Callable[[], QRect]] = []
        self._from = NOBODY
        self._timer = named(QTimer(self), "floatingTimer", interval=0, singleShot=True)
        self._timer.timeout.connect(self._make_room)
        view.installEventFilter(self)

    def add(self, widget: QWidget, rank: Rank, place: Callable[[], None]) -> None:
        """From now on `place`, which moves the widget, is called whenever another that goes before it has moved, and
        when the view gets another size. The widget lives as long as the view."""
        self._ranked[widget] = (rank, place)
        widget.installEventFilter(self)

    def keep_free(self, region: Callable[[], QRect]) -> None:
        """Those beside a place of the canvas keep off this region, too; empty when there is none."""
        self._regions.append(region)

    def covers(self, card: QWidget) -> None:
        """This widget stays where it is: the others keep off it while it is seen, and pictures are fitted beside it."""

        def region() -> QRect:
            return card.geometry() if card.isVisible() else QRect()

        self._regions.append(region)
        self._cards.append(region)

    def taken(self, widget: QWidget) -> list[QRect]:
        """Where this one should not stand."""
        mine = self._ranked[widget][0] if widget in self._ranked else Rank.PLACE
        before = [one.geometry() for one, (rank, _) in self._ranked.items() if rank < mine and one.isVisible()]
        regions = [region() for region in self._regions] if mine is Rank.PLACE else []
        return [*before, *(region for region in regions if not region.isEmpty())]

    @property
    def covered(self) -> list[QRect]:
        """What of the view cannot be seen whatever it shows; those beside a place of the canvas move along."""
        ranked = [one.geometry() for one, (rank, _) in self._ranked.items() if rank < Rank.PLACE and one.isVisible()]
        return [*ranked, *(region for one in self._cards if not (region := one()).isEmpty())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Somebody came, went or moved."""
        if event.type() in _MOVES:
            if watched is self._view and event.type() == QEvent.Type.Resize:
                self._from = Rank.EDGE
                self._timer.start()
            elif isinstance(watched, QWidget) and watched in self._ranked:
                self._from = min(self._from, self._ranked[watched][0] + 1)
                self._timer.start()
        return False

    def _make_room(self) -> None:
        first, self._from = self._from, NOBODY
        for widget, (rank, place) in sorted(self._ranked.items(), key=lambda item: item[1][0]):
            if rank >= first and widget.isVisible():
                place()


def floating(view: QWidget) -> Floating:
    """Those of this view."""
    return view.findChild(Floating) or Floating(view)


def free_spot(size: QRect, wanted: list[tuple[float, float]], room: QRect, taken: list[QRect]) -> tuple[int, int]:
    """The first of the wanted places, upper left corners, at which a widget as large as `size` overlaps nothing that is
    taken, moved into the room. Where all are taken, above or below what is in the way, nearest to the first."""

    def inside(x: float, y: float) -> QRect:
        left = min(max(x, room.left()), max(room.left(), room.right() + 1 - size.width()))
        top = min(max(y, room.top()), max(room.top(), room.bottom() + 1 - size.height()))
        return QRect(round(left), round(top), size.width(), size.height())

    def is_free(spot: QRect) -> bool:
        return not any(spot.intersects(one.adjusted(-1, -1, 1, 1)) for one in taken)

    spots = [inside(x, y) for x, y in wanted]
    first = spots[0]
    levels = [top for one in taken for top in (one.top() - GAP - size.height(), one.bottom() + GAP)]
    levels.sort(key=lambda top: abs(top - first.top()))
    spots += [inside(first.left(), top) for top in levels]
    found = next((spot for spot in spots if is_free(spot)), first)
    return found.left(), found.top()


def freest(room: QRect, taken: list[QRect], shape: QSizeF, nearest: float) -> QRect:
    """The part of the room beside all that is taken in which a picture can be largest, up to `nearest` times `shape`.

    All of the room where it would be too small everywhere else.
    """

    def zoom(spot: QRect) -> float:
        return min(spot.width() / max(shape.width(), 1.0), spot.height() / max(shape.height(), 1.0), nearest)

    spots = [room]
    for one in taken:
        spots = [part for spot in spots for part in _beside(spot, one)]
    best = max(spots, key=lambda spot: (zoom(spot), spot.width() * spot.height()), default=room)
    return best if zoom(best) >= LEAST_SHARE * zoom(room) else room


def _beside(spot: QRect, taken: QRect) -> list[QRect]:
    if not spot.intersects(taken):
        return [spot]
    left, top, right, bottom = spot.left(), spot.top(), spot.right(), spot.bottom()
    parts = (
        QRect(QPoint(left, top), QPoint(taken.left() - 1, bottom)),
        QRect(QPoint(taken.right() + 1, top), QPoint(right, bottom)),
        QRect(QPoint(left, top), QPoint(right, taken.top() - 1)),
        QRect(QPoint(left, taken.bottom() + 1), QPoint(right, bottom)),
    )
    return [part for part in parts if part.isValid()]
