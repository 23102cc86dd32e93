"""Control layers in a whole window: commands, panel, rows, preview, undo."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QScrollArea
from safetensors.numpy import save_file

from canvas.geometry import Bounds
from canvas.layer_control import LayerControl, Source
from canvas.layers import GroupLayer, PaintLayer
from canvas.pixels import from_rgba
from canvas.selection import Selection
from desktop.generation.apply import why_not_into
from desktop.main_window import MainWindow
from desktop.panels.control_chip import chip_text
from desktop.panels.control_panel import ControlPanel
from desktop.program import Program
from desktop.session import Session
from desktop.settings import Folders
from pipelines.contract.models import Family, ModelInfo, ModelKind
from tests.desktop.conftest import Scenario, until

pytestmark = pytest.mark.usefixtures("loop_never_rests")

FRAME = Bounds(0, 0, 128, 128)


def addon(name: str, kind: ModelKind = ModelKind.CONTROLNET) -> ModelInfo:
    return ModelInfo(f"/m/{name}", name, f"/m/{name}", kind, Family.SD1)


CANNY, DEPTH = addon("control_sd15_canny"), addon("control_sd15_depth")


def give(window: MainWindow, *addons: ModelInfo) -> None:
    """A library with these, and a model that they fit."""
    painter = ModelInfo(window.form.settings.model, "sd15", "/m/sd15", ModelKind.CHECKPOINT, Family.SD1)
    window.form.set_wording(replace(window.form.wording, models=(painter,), addons=addons))


def picture() -> np.ndarray:
    rgba = np.full((128, 128, 4), 255, np.uint8)
    rgba[30:70, 30:70, :3] = 20
    return rgba


def photo_layer(window: MainWindow, pixels: np.ndarray) -> PaintLayer:
    """The active layer of a painting whose frame these pixels fill."""
    document = window.session.document
    document.set_frame(FRAME)
    made = PaintLayer("Photo")
    document.add_layer(made)
    document.put_image(made, 0, 0, from_rgba(pixels))
    document.active = made
    return made


@pytest.fixture
def layer(window: MainWindow) -> PaintLayer:
    give(window, CANNY, DEPTH)
    return photo_layer(window, picture())


def panel_of(window: MainWindow) -> ControlPanel | None:
    return window.layers_panel.findChild(ControlPanel, "controlPanel")


def do(window: MainWindow, name: str) -> None:
    assert window.actions_by_id[name].isEnabled(), name
    window.actions_by_id[name].trigger()


def test_the_button_makes_it_one_and_makes_it_plain_again(window: MainWindow, layer: PaintLayer) -> None:
    window.show()
    assert panel_of(window) is None  # it is made when it is wanted first
    do(window, "control.use")
    assert layer.control == LayerControl("canny")
    panel = panel_of(window)
    assert panel is not None
    assert panel.isVisibleTo(window)
    assert window.actions_by_id["control.use"].isChecked()
    assert window.actions_by_id["control.follow-canny"].isChecked()
    assert "control_sd15_canny" in panel.model.currentText()
    assert panel.trouble.isHidden()
    do(window, "control.use")
    assert layer.control is None
    assert panel.isHidden()
    assert window.session.document.undo() == "Plain layer"
    assert window.session.document.undo() == "Use as control"


def test_every_kind_by_name_and_the_reference(window: MainWindow, layer: PaintLayer) -> None:
    do(window, "control.follow-depth")
    do(window, "control.follow-softedge")
    assert layer.control == LayerControl("softedge")
    do(window, "control.reference")
    assert layer.control == LayerControl("reference")
    assert not window.actions_by_id["control.preview"].isEnabled()
    assert not window.actions_by_id["control.use"].isChecked()
    do(window, "control.use")
    assert layer.control == LayerControl("canny")
    do(window, "control.toggle")
    do(window, "control.apart")
    assert layer.control == (off := LayerControl("canny", on=False, apart=False))
    assert chip_text(off) == "Edges (Canny) · off"


def test_what_is_chosen_again_stays_and_plain_is_a_command(window: MainWindow, layer: PaintLayer) -> None:
    document = window.session.document
    for _ in range(2):
        do(window, "control.follow-depth")
        assert layer.control == LayerControl("depth")
        assert window.actions_by_id["control.follow-depth"].isChecked()
        assert not window.actions_by_id["control.follow-canny"].isChecked()
    do(window, "control.plain")
    assert layer.control is None
    assert not window.actions_by_id["control.plain"].isEnabled()
    assert document.undo() == "Plain layer"
    assert document.undo() == "Use as control", "choosing it again was no step"
    do(window, "control.reference")
    do(window, "control.reference")
    assert layer.control is None


def test_what_is_chosen_again_reaches_the_others(window: MainWindow, layer: PaintLayer) -> None:
    document, other = window.session.document, PaintLayer("Other")
    document.add_layer(other)
    document.active = layer
    do(window, "control.follow-depth")
    document.choose([layer, other])
    do(window, "control.follow-depth")
    assert layer.control == other.control == LayerControl("depth")


def companions_of(program: Program, model_id: str) -> list[str]:
    """The encoders that the window knows an adapter by."""
    info = program.words.wording.addon(model_id)
    return [one.path for one in info.companions] if info is not None else []


def test_an_adapter_sees_with_the_encoder_that_is_chosen(
    window: MainWindow, program: Program, layer: PaintLayer, run: Scenario, tmp_path: Path
) -> None:
    patch, encoder = (
        "vision_model.embeddings.patch_embedding.weight",
        "vision_model.encoder.layers.0.layer_norm1.weight",
    )
    files = {
        "look/clip-a": {patch: (1280, 3, 1, 1), encoder: (1280,), "visual_projection.weight": (1024, 1280)},
        "look/clip-b": {patch: (1280, 3, 1, 1), encoder: (1280,), "visual_projection.weight": (1024, 1280)},
        "look/siglip": {patch: (1152, 3, 1, 1), encoder: (1152,), patch.replace("weight", "bias"): (1152,)},
        "ip-adapter_sd15": {"ip_adapter.1.to_k_ip.weight": (320, 768), "image_proj.proj.weight": (3072, 1024)},
    }
    for name, shapes in files.items():
        path = tmp_path / "models" / f"{name}.safetensors"
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file({key: np.zeros(shape, np.float16) for key, shape in shapes.items()}, path)

    async def story() -> None:
        await asyncio.to_thread(program.library.add_folder, tmp_path / "models")
        await program.rescan()
        painter = ModelInfo(window.form.settings.model, "sd15", "/m/sd15", ModelKind.CHECKPOINT, Family.SD1)
        program.words.take_addons((painter,), program.words.wording.addons)
        do(window, "control.follow-canny")
        panel = panel_of(window)
        assert panel is not None
        row, box = panel.encoder, panel.encoder.box
        assert row.isHidden()
        do(window, "control.reference")
        assert "ip-adapter_sd15" in panel.model.currentText()
        assert not row.isHidden()
        assert [box.itemText(place).split(" ")[0] for place in range(box.count())][1:] == ["clip-a", "clip-b"]
        wanted = str(tmp_path / "models" / "look" / "clip-b.safetensors")
        adapter = next(one for one in program.words.wording.addons if one.kind is ModelKind.IP_ADAPTER)
        assert len(adapter.companions) == 3
        for path, kept in ((wanted, [wanted]), ("", [one.path for one in adapter.companions])):
            box.setCurrentIndex(box.findData(path))
            box.activated.emit(box.currentIndex())
            await until(lambda kept=kept: [one.path for one in program.library.resolve(adapter.id).companions] == kept)
            await until(lambda kept=kept: companions_of(program, adapter.id) == kept)
            program.words.take_addons((painter,), program.words.wording.addons)  # the library has none
            assert box.currentData() == path

    run(story())


def test_what_the_panel_sets_can_be_undone_step_by_step(window: MainWindow, layer: PaintLayer) -> None:
    document = window.session.document
    do(window, "control.use")
    panel = panel_of(window)
    assert panel is not None
    for value in (90, 80, 70):
        panel.fields["weight"].set_value(value)
    panel.fields["end"].set_value(50)
    panel.fields["start"].set_value(60)  # pushes the end along
    panel.source.setCurrentIndex(panel.source.findData("made"))
    panel.source.activated.emit(panel.source.currentIndex())
    panel.model.setCurrentIndex(panel.model.findData(CANNY.id))
    panel.model.activated.emit(panel.model.currentIndex())
    panel.on.click()
    assert layer.control == LayerControl("canny", CANNY.id, 0.7, 0.6, 0.6, on=False, source=Source.MADE)
    for wanted in (
        LayerControl("canny", CANNY.id, 0.7, 0.6, 0.6, source=Source.MADE),
        LayerControl("canny", "", 0.7, 0.6, 0.6, source=Source.MADE),
        LayerControl("canny", "", 0.7, 0.6, 0.6),
        LayerControl("canny", "", 0.7, 0.0, 0.5),
        LayerControl("canny", "", 0.7),
        LayerControl("canny"),
    ):
        document.undo()
        assert layer.control == wanted
        assert panel.fields["weight"].value == round(wanted.weight * 100)
    panel.kind.setCurrentIndex(panel.kind.findData("depth"))
    panel.kind.activated.emit(panel.kind.currentIndex())
    assert layer.control == LayerControl("depth")
    assert not panel.source.isHidden()
    panel.kind.setCurrentIndex(panel.kind.findData("inpaint"))
    panel.kind.activated.emit(panel.kind.currentIndex())
    assert panel.source.isHidden()


def test_several_layers_and_groups_at_once(window: MainWindow, layer: PaintLayer) -> None:
    document, group = window.session.document, GroupLayer("Group")
    document.add_layer(group)
    document.active = layer
    document.choose([layer, group])
    do(window, "control.follow-canny")
    assert layer.control == group.control == LayerControl("canny")
    panel = panel_of(window)
    assert panel is not None
    panel.fields["weight"].set_value(40)
    assert layer.control is not None
    assert group.control is not None
    assert (layer.control.weight, group.control.weight) == (0.4, 0.4)
    document.undo()
    document.undo()
    assert layer.control is group.control is None


def test_without_a_model_it_says_so_in_row_panel_and_at_generate(
    window: MainWindow, layer: PaintLayer, run: Scenario
) -> None:
    do(window, "control.follow-depth")
    assert not window.layers_panel.trouble(layer)
    give(window, CANNY)
    assert "Depth" in window.layers_panel.trouble(layer)
    assert "Depth" in window.layers_panel.tip(layer, 1)
    panel = panel_of(window)
    assert panel is not None
    assert not panel.catalogue.isHidden()
    assert "Depth" in panel.trouble.text()
    said = list[str]()
    window.controller.message.connect(said.append)

    async def story() -> None:
        assert not await window.controller.generate()

    run(story())
    assert "“Photo”" in said[0]


def test_the_preview_follows_layer_frame_and_selection(window: MainWindow, layer: PaintLayer, run: Scenario) -> None:
    document, view = window.session.document, window.view
    do(window, "control.use")

    def lit() -> int:
        """How many pixels of the canvas are nearly white."""
        shown = view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        x, y = view.camera.to_view(4, 4)
        return shown.pixelColor(int(x), int(y)).lightness()

    async def story() -> None:
        window.show()
        view.fit(FRAME)
        plain = lit()
        do(window, "control.preview")
        preview = window.control_commands.preview
        await until(lambda: preview.bounds == FRAME)
        assert plain > 200
        assert lit() < 100
        document.set_selection(Selection.rectangle(Bounds(20, 20, 40, 30)))
        await until(lambda: preview.bounds == Bounds(20, 20, 40, 30))
        assert lit() == plain
        seen = list[int]()
        preview.shown.connect(lambda: seen.append(1))
        for value in range(40, 60):
            document.put_image(layer, value, 30, from_rgba(picture()[:8, :8]))
        await until(lambda: seen)
        await asyncio.sleep(0.05)
        assert len(seen) < 10  # the newest wins
        document.active = document.tree.root.children[0]
        await until(lambda: preview.bounds is None)
        document.active = layer
        await until(lambda: preview.bounds is not None)
        do(window, "control.preview")
        await until(lambda: preview.bounds is None)
        assert not window.actions_by_id["control.preview"].isChecked()

    run(story())


def test_a_layer_is_made_of_what_is_followed(window: MainWindow, layer: PaintLayer, run: Scenario) -> None:
    document = window.session.document

    async def story() -> None:
        do(window, "control.use")
        do(window, "control.make-layer")
        await until(lambda: document.active is not layer)

    run(story())
    made = document.active
    assert made is not None
    assert made.name == "Edges (Canny) of Photo"
    assert made.control == LayerControl("canny", source=Source.READY)
    assert layer.control == LayerControl("canny", on=False)
    assert made.content_bounds() == FRAME
    assert document.undo() == "Layer from control"
    assert layer.control == LayerControl("canny")


def test_a_model_of_the_library_is_put_to_work(window: MainWindow, layer: PaintLayer) -> None:
    looker = addon("ip-adapter_sd15", ModelKind.IP_ADAPTER)
    give(window, CANNY, DEPTH, looker)
    for info, kind in ((DEPTH, "depth"), (looker, "reference"), (addon("union"), "canny")):
        assert window.control_commands.use_model(info)
        assert layer.control == LayerControl(kind, info.id)
        window.session.document.undo()
    assert layer.control is None


def test_nothing_is_kept_into_a_control_layer(window: MainWindow, layer: PaintLayer) -> None:
    assert not why_not_into(window.session.document)
    do(window, "control.use")
    assert "no part of the picture" in why_not_into(window.session.document)
    do(window, "control.apart")
    assert not why_not_into(window.session.document)


async def _copied(window: MainWindow) -> QImage:
    QApplication.clipboard().clear()  # another test's picture may be there
    do(window, "edit.copy")
    await until(lambda: not QApplication.clipboard().image().isNull())
    return QApplication.clipboard().image()


def test_copied_alone_it_is_a_picture(window: MainWindow, layer: PaintLayer, run: Scenario) -> None:
    do(window, "control.use")
    assert layer.content_bounds() == FRAME
    image = run(_copied(window))
    assert image.size().toTuple() == (128, 128)
    assert image.pixelColor(50, 50).red() == 20


def test_languages_and_gone_layers(window: MainWindow, layer: PaintLayer) -> None:
    do(window, "control.use")
    panel = panel_of(window)
    assert panel is not None
    QApplication.sendEvent(panel, QEvent(QEvent.Type.LanguageChange))
    assert panel.source.currentData() == "auto"
    window.session.document.remove_layer(layer)
    assert panel.isHidden()
    window.session.document.undo()
    window.session.document.active = layer
    assert not panel.isHidden()


def test_the_panel_takes_no_room_that_a_small_screen_has_not(window: MainWindow, layer: PaintLayer) -> None:
    window.show()
    QApplication.processEvents()
    before = window.minimumSizeHint().height()
    do(window, "control.use")
    QApplication.processEvents()
    area = window.findChild(QScrollArea, "controlPanelScroll")
    assert area is not None
    assert area.isVisible()
    assert window.minimumSizeHint().height() <= max(before, 768)
    do(window, "edit.undo")
    QApplication.processEvents()
    assert not area.isVisible()


def test_a_painting_that_was_left_on_a_control_layer_opens(program: Program, folders: Folders, run: Scenario) -> None:
    session = Session.new(folders.data)
    left = PaintLayer("Photo")
    session.document.add_layer(left)
    session.document.set_layer(left, control=LayerControl("canny"))
    session.document.active = left

    async def open_it() -> MainWindow:
        return program.add_window(session)

    panel = panel_of(run(open_it()))
    assert panel is not None
    assert not panel.isHidden()
    assert panel.kind.currentData() == "canny"
