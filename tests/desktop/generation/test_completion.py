"""Prompt completion offers what the model knows and never gets in the way of Enter."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from desktop.generation.completion import PhraseCompleter
from desktop.generation.offers import Offer, last_phrase, matching

WORDS = ["bamboo", "bamboo grove", "fishing boat", "pine", "misty mountains", "松树", "松林", "雪"]


def offers(before: str) -> list[Offer]:
    begun = last_phrase(before)
    return [Offer(phrase, len(begun)) for phrase in matching(begun, WORDS)]


@pytest.mark.parametrize(
    ("begun", "offered"),
    [
        ("ba", ["bamboo", "bamboo grove"]),
        ("BO", ["fishing boat"]),
        ("b", []),
        ("松", ["松树", "松林"]),
        ("雪", []),
        ("bamboo", []),
        ("zebra", []),
        ("", []),
    ],
)
def test_phrases_that_begin_so(begun: str, offered: list[str]) -> None:
    assert matching(begun, WORDS) == offered


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_typing_completes_the_phrase_under_the_cursor(
    qapp: QApplication, kind: type[QLineEdit | QPlainTextEdit]
) -> None:
    field = kind()
    completion = PhraseCompleter(field, offers)
    field.show()
    field.activateWindow()
    field.setFocus()
    QTest.qWaitForWindowActive(field)
    popup = completion.list
    QTest.keyClicks(field, "snow, fishing")
    assert popup.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    text = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
    assert text == "snow, fishing boat"
    assert not popup.isVisible()
    QTest.keyClicks(field, ", ba")
    assert popup.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    field.close()


def test_enter_submits_unless_a_phrase_is_chosen(qapp: QApplication) -> None:
    field, submitted = QLineEdit(), []
    PhraseCompleter(field, offers)
    field.returnPressed.connect(lambda: submitted.append(field.text()))
    field.show()
    field.activateWindow()
    field.setFocus()
    QTest.qWaitForWindowActive(field)
    QTest.keyClicks(field, "pin")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert submitted == ["pin"]
    QTest.keyClicks(field, " ")
    field.setText("")
    QTest.keyClicks(field, "ba")
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "bamboo grove"
    assert submitted == ["pin"]
    field.close()
