"""See what the model sees: one key, an overlay, grips that change the next request, a card that tells what it takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from canvas.geometry import Bounds
from canvas.layer_control import LayerControl
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba, to_rgba
from canvas.selection import Selection
from desktop.generation.capture import Capture, Terms, capture
from desktop.generation.foresight import Foresight, Sight
from desktop.generation.modes import Mode
from desktop.generation.paces import PaceBook
from desktop.main_window import MainWindow
from desktop.view.camera import Camera
from desktop.view.model_sight import ModelSight, widened
from desktop.view.model_sight_card import bytes_words, cost_words, rim_words, run_words, seconds_words
from desktop.view.model_sight_grips import Grip, pulled
from desktop.view.model_sight_look import RimPart, SightLayer, outlines, rays_of
from desktop.view.model_sight_overlay import draw, sharpened
from pipelines.client.fake import FakeLibrary
from pipelines.contract.events import EngineReady
from pipelines.contract.models import ModelInfo, ModelKind
from pipelines.contract.request import GenerationRequest, Task
from pipelines.planning.cost import Cost, Work
from pipelines.planning.masks import Masks, Rim
from pipelines.planning.sizes import limits_of
from tests.desktop.conftest import Scenario, until

pytestmark = pytest.mark.usefixtures("loop_never_rests")

PICTURE = Bounds(0, 0, 512, 512)
SELECTED = Bounds(200, 180, 100, 120)


def paint(window: MainWindow, bounds: Bounds = PICTURE) -> None:
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (bounds.height, bounds.width, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    document = window.session.document
    layer = document.active
    assert isinstance(layer, PaintLayer)
    document.put_image(layer, bounds.x, bounds.y, from_rgba(pixels))
    window.controller.refresh_mode()


def select(window: MainWindow, bounds: Bounds = SELECTED) -> None:
    window.session.document.set_selection(Selection.ellipse(bounds))
    window.controller.refresh_mode()


Play = Callable[[Callable[[], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def play(window: MainWindow, run: Scenario) -> Play:
    """Runs a scenario and closes the overlay while the loop still turns."""

    def runner(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async def whole() -> None:
            await scenario()
            sight = window.sight_commands.sight
            sight.set_open(False)
            await until(lambda: not sight.busy)

        run(whole())

    return runner


async def settled(window: MainWindow) -> Foresight:
    sight = window.sight_commands.sight

    def quiet() -> bool:
        latest = sight.loop.latest
        if latest is None or sight.loop.busy:
            return False
        drawn = sight.overlay.drawn
        return latest.sight is None or (drawn is not None and drawn.sight is latest.sight)

    await until(quiet)
    assert sight.loop.latest is not None
    return sight.loop.latest


async def opened(window: MainWindow) -> ModelSight:
    window.resize(1400, 900)
    window.view.fit(Bounds(0, 0, 512, 512))
    window.actions_by_id["view.model-sight"].trigger()
    await settled(window)
    return window.sight_commands.sight


def captured(window: MainWindow) -> Capture:
    """What the button would ask for now."""
    controller, info = window.controller, window.form.model_info()
    assert info is not None
    terms = Terms(limits=limits_of(info), context=controller.context_override)
    return capture(window.session.document, window.session.compositor, window.form.settings, terms)


def drag(grip: Grip, dx: int, dy: int) -> None:
    middle = grip.rect().center()
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=middle)
    for way in (QPoint(dx // 2, dy // 2), QPoint(dx - dx // 2, dy - dy // 2)):  # it follows in between
        QTest.mouseMove(grip, middle + way)
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=middle)


def test_one_key_opens_and_closes_it(window: MainWindow, play: Play) -> None:
    async def scenario() -> None:
        action, sight = window.actions_by_id["view.model-sight"], window.sight_commands.sight
        assert action.shortcut().toString() == "Y"
        assert not window.actions_by_id["view.model-sight-end"].isEnabled()
        await opened(window)
        assert action.isChecked()
        assert sight.card.isVisible()
        assert sight.overlay.isVisible()
        window.view.setFocus()
        QTest.keyClick(window.view, Qt.Key.Key_Escape)
        window.actions_by_id["view.model-sight-end"].trigger()
        assert not sight.is_open
        assert not sight.card.isVisible()
        assert not sight.overlay.isVisible()
        assert not sight.loop.running
        action.trigger()
        action.trigger()
        assert not sight.is_open

    play(scenario)


def test_it_shows_the_request_that_follows(window: MainWindow, play: Play) -> None:
    async def scenario() -> None:
        paint(window)
        select(window)
        await opened(window)
        foresight = await settled(window)
        asked = captured(window)
        assert foresight.mode is Mode.FILL
        assert foresight.bounds == asked.bounds
        rim = foresight.rim
        request = asked.request
        assert (rim.grow, rim.feather, rim.blend) == (request.mask_grow, request.mask_feather, request.mask_blend)
        assert foresight.sight is not None
        before = foresight.sight
        window.form.set(prompt="a boat", seed=7)  # nothing that is seen
        assert not window.sight_commands.sight.loop.busy
        window.form.set(inpaint_strength=0.3)
        weaker = await settled(window)
        assert weaker.sight is not before
        assert weaker.rim.feather < rim.feather
        select(window, Bounds(40, 50, 60, 60))
        moved = await settled(window)
        assert moved.bounds == captured(window).bounds != foresight.bounds

    play(scenario)


def test_handles_choose_the_region(window: MainWindow, play: Play) -> None:
    async def scenario() -> None:
        paint(window)
        select(window)
        sight = await opened(window)
        before = await settled(window)
        steps = window.session.document.history.can_undo
        drag(sight.handles[(1, 0)], 60, 0)
        after = await settled(window)
        assert after.by_hand
        assert after.bounds.right > before.bounds.right
        assert after.bounds.x == before.bounds.x
        assert captured(window).bounds == after.bounds
        assert sight.card.reset_button.isVisible()
        assert sight.overlay.ruler is None
        assert window.session.document.history.can_undo == steps  # a setting, not a change of the picture
        drag(sight.handles[(-1, -1)], 2000, 2000)  # never into the selection or its rim
        held = (await settled(window)).bounds
        assert held.contains(SELECTED.expanded(before.rim.reach))
        sight.card.reset_button.click()
        assert (await settled(window)).bounds == before.bounds
        drag(sight.handles[(0, 1)], 0, 40)
        QTest.mouseDClick(sight.handles[(0, 1)], Qt.MouseButton.LeftButton)
        assert not (await settled(window)).by_hand

    play(scenario)


def test_grips_choose_the_rim(window: MainWindow, play: Play) -> None:
    async def scenario() -> None:
        paint(window)
        select(window)
        sight = await opened(window)
        before = await settled(window)
        assert window.form.settings.auto_rim
        drag(sight.grips[RimPart.FEATHER], 24, 0)
        after = await settled(window)
        assert not window.form.settings.auto_rim
        assert after.rim.feather > before.rim.feather
        assert after.rim.grow == before.rim.grow
        assert captured(window).request.mask_feather == after.rim.feather
        assert captured(window).bounds.contains(SELECTED.expanded(after.rim.reach))
        assert "by hand" in sight.card.values["rim"].text()
        QTest.mouseDClick(sight.grips[RimPart.FEATHER], Qt.MouseButton.LeftButton)
        assert (await settled(window)).rim == before.rim
        drag(sight.grips[RimPart.BLEND], -400, 400)
        assert (await settled(window)).rim.reach == before.rim.reach
        window.actions_by_id["view.model-sight-reset"].trigger()
        assert window.form.settings.auto_rim

    play(scenario)


def test_modes_without_a_selection(window: MainWindow, play: Play) -> None:
    async def scenario() -> None:
        document = window.session.document
        sight = await opened(window)
        empty = await settled(window)
        assert (empty.mode, empty.bounds) == (Mode.GENERATE, document.frame)
        assert not sight.handles[(1, 1)].isVisible()
        assert not sight.grips[RimPart.GROW].isVisible()
        assert not sight.card.values["rim"].isVisible()
        paint(window, Bounds(0, 0, 300, 512))
        grown = await settled(window)
        await until(lambda: sight.loop.latest is not None and sight.loop.latest.mode is Mode.EXPAND)
        grown = await settled(window)
        assert grown.sight is not None
        assert (grown.sight.selected[:, :300] == 0).all()
        assert (grown.sight.selected[:, 300:] == 255).all()
        assert sight.grips[RimPart.GROW].isVisible()
        assert sight.card.values["rim"].isVisible()
        paint(window)
        window.controller.refresh_mode()
        refined = await settled(window)
        assert refined.mode is Mode.REFINE
        window.form.set(mode=Mode.REMOVE)  # needs a selection
        refused = await settled(window)
        assert "lasso" in refused.problem
        assert refused.problem == sight.card.problem.text()
        assert not sight.handles[(1, 1)].isVisible()
        select(window, Bounds(5000, 5000, 40, 40))  # far from everything that is painted
        far = await settled(window)
        assert not far.problem
        assert far.bounds.contains(Bounds(5000, 5000, 40, 40))

    play(scenario)


def test_layers_are_switched_on_and_off(window: MainWindow, play: Play) -> None:
    async def scenario() -> None:
        paint(window)
        select(window)
        sight = await opened(window)
        await settled(window)
        drawn = sight.overlay.drawn
        assert drawn is not None
        whole = to_rgba(drawn.image)
        for button in sight.card.switches.values():
            button.click()
        await until(lambda: sight.overlay.drawn is not None and not sight.overlay.drawn.layers)
        assert sight.overlay.drawn is not None
        assert whole.any()
        assert not to_rgba(sight.overlay.drawn.image).any()
        assert not any(grip.isVisible() for grip in (*sight.handles.values(), *sight.grips.values()))

    play(scenario)


def test_strokes_have_the_canvas_for_themselves(window: MainWindow, play: Play) -> None:
    async def scenario() -> None:
        paint(window)
        select(window)
        sight = await opened(window)
        view = window.view
        view.set_tool("lasso")
        at = QPoint(*(round(value) for value in view.canvas_to_widget(250, 240)))
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
        QTest.mouseMove(view, at + QPoint(40, 0))
        assert not any(grip.isVisible() for grip in sight.handles.values())
        QTest.mouseMove(view, at + QPoint(40, 40))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at + QPoint(0, 40))
        await settled(window)
        assert all(grip.isVisible() for grip in sight.handles.values())

    play(scenario)


def test_candidates_have_the_place_for_themselves(window: MainWindow, play: Play) -> None:
    async def scenario() -> None:
        paint(window)
        select(window)
        sight = await opened(window)
        assert sight.handles[(1, 1)].isVisible()
        window.controller.generate()
        await until(lambda: window.controller.current is not None)
        assert sight.overlay.resting
        assert not window.actions_by_id["view.model-sight-end"].isEnabled()  # Esc drops the candidates
        assert not sight.handles[(1, 1)].isVisible()
        window.controller.discard()
        assert not sight.overlay.resting
        assert window.actions_by_id["view.model-sight-end"].isEnabled()
        assert sight.handles[(1, 1)].isVisible()

    play(scenario)


def test_it_is_told_what_was_learned(window: MainWindow, play: Play) -> None:
    async def scenario() -> None:
        sight = await opened(window)
        await settled(window)
        assert "not measured" in sight.card.values["cost"].text()
        info = window.form.model_info()
        assert info is not None
        window.program.engine = ("cpu", "bf16")
        facts = {
            "device": "cpu", "dtype": "bf16", "steps_run": 28, "encode_s": 0.1, "denoise_s": 2.8, "decode_s": 0.2,
            "peak_memory_bytes": 1.2e9,
        }  # fmt: skip
        await window.program.paces.learn(captured(window).request, info, facts)
        await settled(window)
        assert sight.card.values["cost"].text() == "≈ 3.1 s · 1.2 GB"
        ink = ModelInfo("ink", "ink", "ink", ModelKind.LORA, info.family, parameters=100_000_000)
        net = ModelInfo("net", "net-canny", "net", ModelKind.CONTROLNET, info.family, parameters=350_000_000)
        window.form.set_wording(replace(window.form.wording, models=(info,), addons=(ink, net)))
        window.form.set(prompt="a pine <lora:ink>")
        layer = PaintLayer("Lines")
        window.session.document.add_layer(layer)
        window.session.document.put_image(layer, 100, 100, from_rgba(np.full((64, 64, 4), 255, np.uint8)))
        for control, told in ((None, "1.4 GB"), (LayerControl("canny"), "2.1 GB")):
            window.session.document.set_layer(layer, control=control)
            sight.loop.look()
            await settled(window)
            assert sight.card.values["cost"].text().endswith(told)
        assert not sight.card.shortage.isVisible()
        window.session.document.set_layer(layer, control=None)
        window.form.set(prompt="a pine")
        window.program.router.engine = EngineReady("", "cuda", "bf16", 8 * 10**9, free_bytes=10**9)
        sight.loop.look()
        await settled(window)
        assert sight.card.shortage.text().startswith("It needs about 1.2 GB of memory, and 1.0 GB are free.")
        await window.controller.generate()
        await until(lambda: not window.controller.jobs)  # the engine has come up, and said what it is
        window.program.engine = ("cpu", "bf16")
        window.program.router.engine = EngineReady("", "cuda", "bf16", 8 * 10**9, free_bytes=10**9)
        said: list[str] = []
        window.status.messageChanged.connect(said.append)
        await window.controller.generate()
        await until(lambda: any("1.0 GB are free" in one for one in said))
        await until(lambda: not window.controller.jobs)

    play(scenario)


# --- words and geometry


def test_words() -> None:
    said = {0.01: "0.1 s", 3.42: "3.4 s", 48.2: "48 s", 200: "3 min 20 s", 3900: "1 h 5 min"}
    assert {seconds: seconds_words(seconds) for seconds in said} == said
    assert [bytes_words(b) for b in (8.51e8, 1.24e9)] == ["850 MB", "1.2 GB"]
    assert cost_words(Cost(None, None, measured=False)) == "time not measured yet"
    assert cost_words(Cost(None, 6e8, measured=False)) == "time not measured yet · about 600 MB"
    assert cost_words(Cost(3.4, 1.2e9, measured=True)) == "≈ 3.4 s · 1.2 GB"
    assert rim_words(Rim(1, 2, 3), automatic=True) == "grow 1, feather 2, blend 3 px"
    assert run_words(Foresight(Mode.FILL, PICTURE, Rim(0, 0, 0), True, False)) == "looking …"


@pytest.mark.parametrize(
    ("side", "to", "wanted"),
    [
        ((1, 0), (300.0, 0.0), Bounds(0, 0, 304, 256)),
        ((-1, 0), (-20.0, 0.0), Bounds(-24, 0, 280, 256)),
        ((1, 1), (-500.0, -500.0), Bounds(0, 0, 104, 120)),
        ((-1, -1), (99999.0, 99999.0), Bounds(200, 192, 56, 64)),
    ],
)
def test_a_region_is_pulled_in_steps_and_holds_the_selection(
    side: tuple[int, int], to: tuple[float, float], wanted: Bounds
) -> None:
    least = Bounds(40, 60, 60, 60)
    found = pulled(Bounds(0, 0, 256, 256), side, to, least)
    if side != (-1, -1):
        assert found == wanted
    assert found.contains(least)
    assert found.width % 8 == 0
    assert found.height % 8 == 0


def test_a_rim_is_widened_by_its_grips() -> None:
    rim = Rim(10, 20, 15)
    assert widened(rim, RimPart.GROW, 16.4) == Rim(16, 20, 15)
    assert widened(rim, RimPart.FEATHER, 45) == Rim(10, 35, 15)
    assert widened(rim, RimPart.FEATHER, 3) == Rim(10, 0, 15)
    assert widened(rim, RimPart.BLEND, 25) == Rim(10, 20, 5)
    assert widened(rim, RimPart.BLEND, -99) == Rim(10, 20, 30)


def test_rays_leave_the_selection_at_right_distance() -> None:
    mask = np.zeros((120, 160), np.uint8)
    mask[40:80, 30:100] = 255
    mask[50:60, 50:60] = 0  # a hole
    bounds = Bounds(1000, -500, 320, 240)
    choices = rays_of(mask, bounds)
    assert len(choices) == 4
    ys, xs = np.nonzero(mask)
    for rays in choices:
        for ray in rays.values():
            x, y = ray.at(30.0)
            nearest = np.hypot(xs * 2 + 1001 - x, ys * 2 - 499 - y).min()
            assert nearest == pytest.approx(30.0, abs=2.5)
            assert ray.distance(x, y) == pytest.approx(30.0)
    assert rays_of(np.zeros((8, 8), np.uint8), Bounds(0, 0, 8, 8)) == ()
    assert rays_of(np.full((8, 8), 255, np.uint8), Bounds(0, 0, 8, 8)) == ()
    right = np.zeros((64, 64), np.uint8)
    right[:, 40:] = 255
    (inner,) = rays_of(right, Bounds(0, 0, 64, 64))
    assert all(ray.direction == (-1.0, 0.0) and ray.start[0] == 40 for ray in inner.values())


def test_lines_lie_where_a_mask_is_half() -> None:
    ramp = np.clip((20 - np.abs(np.arange(64) - 31.5)) / 8, 0, 1).astype(np.float32)
    mask = np.minimum(ramp[:, None], ramp[None, :])
    (line,) = outlines(mask, Bounds(100, 200, 64, 64))
    assert line.min(axis=0) == pytest.approx([116, 216], abs=0.6)
    assert line.max(axis=0) == pytest.approx([148, 248], abs=0.6)
    assert outlines(np.zeros((9, 9), np.float32), Bounds(0, 0, 9, 9)) == ()
    assert outlines(np.ones((9, 9), np.float32), Bounds(0, 0, 9, 9)) == ()  # the region's own edges are no lines
    half = np.zeros((32, 32), np.float32)
    half[:, 20:] = 1
    (edge,) = outlines(half, Bounds(0, 0, 32, 32))
    assert np.allclose(edge[:, 0], 20, atol=0.5)


@pytest.mark.parametrize("camera", [Camera(zoom=2.0), Camera(zoom=0.3), Camera(zoom=1.0, rotation=90.0)])
def test_the_sharp_picture_lies_where_it_should(camera: Camera) -> None:
    camera = camera.resized(200, 160, 1.0)
    area = Bounds(-40, -20, 80, 40)
    mask, nothing = np.ones((20, 40), np.float32), np.zeros((20, 40), np.float32)
    inner = np.pad(np.ones((14, 34), np.float32), 3)
    filled = np.full((20, 40, 3), 200, np.uint8)
    work = Work((), 0, 0, 0, 0)
    selected = np.full((20, 40), 255, np.uint8)
    sight = Sight(2, area, area, selected, Masks(mask, nothing, inner), filled, mask, (), work)
    shown = ((SightLayer.FILL, area), (SightLayer.RIM, area.expanded(-6)))
    for layer, covered in shown:
        layers = frozenset({layer})
        alpha = to_rgba(sharpened(draw(sight, layers), camera))[..., 3]
        ys, xs = np.nonzero(alpha > 128)
        seen = camera.device_bounds(covered).intersected(Bounds(0, 0, 200, 160))
        assert (xs.min(), ys.min()) == pytest.approx((seen.x, seen.y), abs=3)
        assert (xs.max() + 1, ys.max() + 1) == pytest.approx((seen.right, seen.bottom), abs=3)
        middle = alpha[(ys.min() + ys.max()) // 2, (xs.min() + xs.max()) // 2]
        assert middle == (255 if layer is SightLayer.FILL else 0)


# --- the book of paces


def request() -> GenerationRequest:
    return GenerationRequest(Task.TEXT_TO_IMAGE, "starter", width=256, height=256, num_inference_steps=10)


FACTS: dict[str, Any] = {
    "device": "cpu", "dtype": "fp32", "steps_run": 10, "encode_s": 0.1, "denoise_s": 2.0, "decode_s": 0.3,
    "peak_memory_bytes": 5e8,
}  # fmt: skip


async def test_paces_are_kept(qapp: object, tmp_path: Path) -> None:
    path, info = tmp_path / "settings" / "paces.json", FakeLibrary().resolve("starter")
    book = PaceBook(path)
    await book.learn(request(), info, {"device": "fake", "steps_run": 10})  # without times
    assert not path.exists()
    await book.learn(request(), info, FACTS)
    await book.learn(request(), info, {**FACTS, "dtype": "bf16", "denoise_s": 1.0})
    again = PaceBook(path)
    assert len(again.pace("starter", "cpu", "fp32").samples) == 1
    assert again.pace("starter", "cpu", "bf16") == book.pace("starter", "cpu", "bf16")
    assert again.pace("other", "cpu", "fp32").samples == ()
    assert list(tmp_path.rglob("*.new")) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"paces": 7}', '{"paces": {"a": {"b": 1}}}', json.dumps({"x": 1})])
def test_a_damaged_book_is_forgotten(qapp: object, tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "paces.json"
    path.write_text(text)
    with caplog.at_level("ERROR", logger="desktop.generation.paces"):
        assert PaceBook(path).pace("a", "cpu", "fp32").samples == ()
