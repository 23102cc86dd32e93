"""The prompt panel in a window: Generate is always seen, thousands of models cost nothing, losses are said once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.main_window import MainWindow
from desktop.panels.elided_box import ElidedBox
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import LoraWeight
from tests.desktop.conftest import Scenario, until

pytestmark = pytest.mark.usefixtures("loop_never_rests")


def info(name: str, kind: ModelKind = ModelKind.CHECKPOINT) -> ModelInfo:
    return ModelInfo(f"/m/{name}", name, f"/m/{name}.safetensors", kind, Family.SD1)


def seen(widget: QWidget, window: MainWindow) -> bool:
    """Whether all of it is on the window, under nothing that scrolls."""
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    return (
        widget.isVisible() and widget.visibleRegion().boundingRect() == widget.rect() and window.rect().contains(place)
    )


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_generate_is_seen_whatever_the_panel_holds(window: MainWindow, language: str) -> None:
    window.program.settings.update(language=language)
    window.resize(1280, 800)
    window.show()
    panel, form = window.prompt_panel, window.form
    addons = (info("ink", ModelKind.LORA), info("lines", ModelKind.LORA), info("canny", ModelKind.CONTROLNET))
    form.set_wording(replace(form.wording, models=(info("sd15"),), addons=addons))
    grow = (
        lambda: form.set(negative_prompt="people, houses"),
        lambda: form.set(loras=(LoraWeight("/m/ink"), LoraWeight("/m/lines"))),
        lambda: panel.fold.setChecked(True),
        lambda: panel.prompt.setPlainText("a __gone__ boat"),
        panel.trouble.look,
        window.actions_by_id["control.use"].trigger,
    )
    for deed in grow:
        deed()
        settle()
        assert window.height() == 800
        assert seen(panel.run, window)
        assert seen(panel.mode_label, window) or panel.mode_label.text() in panel.run.toolTip()
    assert panel.negative.isVisibleTo(panel)
    assert not seen(panel.rows, window), "the rest scrolls, or nothing was tested"


def test_cancel_and_progress_stand_with_it(window: MainWindow, run: Scenario) -> None:
    window.resize(1280, 800)
    window.show()
    bar = window.prompt_panel.run_bar

    async def story() -> None:
        height = bar.height()
        QTest.mouseClick(bar.run, Qt.MouseButton.LeftButton)
        await until(lambda: bar.stop.isVisible() and bar.progress.isVisible())
        assert bar.height() == height, "nothing jumps when a job begins"
        await until(lambda: not bar.stop.isVisible())

    run(story())


def test_rows_are_made_when_they_are_looked_at(window: MainWindow) -> None:
    class Asked(list[ModelInfo]):
        """Notes which of its rows are looked at one by one."""

        def __getitem__(self, row: Any) -> Any:
            asked.add(str(row))
            return super().__getitem__(row)

    panel, asked = window.prompt_panel, set[str]()
    many = Asked(info(f"model {number}") for number in range(3000))
    window.show()
    panel.model.rows.show_models(many)
    settle()
    assert panel.model.count() == 3000
    assert len(asked) <= 3
    panel.model.setCurrentIndex(20)
    assert panel.model.currentText() == "model 20"
    assert "20" in asked, "or nothing was counted"
    window.form.set_models(many)
    window.form.choose_model("/m/model 2345")
    assert panel.model.currentText() == "model 2345"
    panel.model.activated.emit(7)
    assert window.form.settings.model == "/m/model 7"
    assert panel.model.itemData(7, Qt.ItemDataRole.ToolTipRole) == "/m/model 7.safetensors"
    window.form.set_models(many[:5])
    assert panel.model.count() == 5


def test_long_names_are_cut_in_their_middle(qapp: QApplication) -> None:
    box = ElidedBox()
    box.addItem("control_v11p_sd15_canny_fp16_of_a_very_long_name.v2")
    box.resize(150, 28)
    assert "…" in box.shown_text
    assert box.shown_text.startswith("contr")
    assert box.shown_text.endswith("v2")
    assert box.minimumSizeHint().width() < 150
    box.resize(900, 28)
    assert box.shown_text == box.currentText()


def test_a_lost_engine_is_said_once(window: MainWindow, run: Scenario) -> None:
    async def story() -> None:
        assert await window.controller.generate()
        window.program.client.lose_engine()  # type: ignore[attr-defined]
        await until(lambda: window.session.document.generations.count())
        banner = window.banner
        await until(lambda: banner.key == "failed")
        assert banner.lasting.text().count("stopped from outside") == 1
        await asyncio.sleep(0.05)  # the window is told by the engine, too
        assert not banner.text.text()
        again, copy = (banner.findChild(QPushButton, name) for name in ("bannerAgain", "bannerCopy"))
        assert again is not None
        assert copy is not None
        copy.click()
        assert "stopped from outside" in QApplication.clipboard().text()
        await until(lambda: not window.program.router.jobs)
        again.click()
        await until(lambda: not banner.key)  # the next job begins: the reason is past
        await until(lambda: window.controller.current is not None)

    run(story())
