"""Bars and cards over the canvas keep off each other."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QFrame
from pytestqt.qtbot import QtBot

from canvas.geometry import Bounds
from desktop.view.canvas_view import CanvasView
from desktop.view.floating import Rank, floating, free_spot
from desktop.view.placing import place_at_bottom, place_near


def bar(view: CanvasView, rank: Rank, place: Callable[[QFrame], None], width: int = 200, height: int = 40) -> QFrame:
    made = QFrame(view)
    made.resize(width, height)
    floating(view).add(made, rank, lambda: place(made))
    made.hide()
    return made


def appear(*bars: QFrame) -> None:
    for one in bars:
        one.show()


def test_who_comes_later_stands_above(qtbot: QtBot, view: CanvasView) -> None:
    tool = bar(view, Rank.TOOL, lambda one: place_at_bottom(one, view), height=60)
    edge = bar(view, Rank.EDGE, lambda one: place_at_bottom(one, view))
    appear(tool)
    place_at_bottom(tool, view)
    assert tool.geometry().bottom() > view.height() - 20
    appear(edge)
    place_at_bottom(edge, view)
    qtbot.waitUntil(lambda: not tool.geometry().intersects(edge.geometry()))
    assert tool.geometry().bottom() < edge.y()
    edge.hide()
    qtbot.waitUntil(lambda: tool.geometry().bottom() > view.height() - 20)


def test_a_bar_at_a_place_keeps_off_the_others_and_off_what_is_looked_at(qtbot: QtBot, view: CanvasView) -> None:
    place = Bounds(40, 40, 150, 150)
    edge = bar(view, Rank.EDGE, lambda one: place_at_bottom(one, view), width=400)
    near = bar(view, Rank.PLACE, lambda one: place_near(one, view, place))
    appear(near)
    place_near(near, view, place)
    edge.setGeometry(near.geometry().adjusted(-30, -10, 30, 10))
    appear(edge)
    qtbot.waitUntil(lambda: not near.geometry().intersects(edge.geometry()))
    looked_at = QRect(near.geometry())
    floating(view).keep_free(lambda: looked_at)
    place_near(near, view, place)
    assert not near.geometry().intersects(looked_at)
    assert not near.geometry().intersects(edge.geometry())
    assert view.rect().contains(near.geometry())


def test_a_spot_is_always_inside_the_room() -> None:
    room, size = QRect(0, 0, 300, 100), QRect(0, 0, 80, 30)
    everywhere = [QRect(-10, -10, 400, 200)]
    assert free_spot(size, [(500, 500)], room, everywhere) == (220, 70)
    assert free_spot(size, [(-50, 20)], room, []) == (0, 20)
