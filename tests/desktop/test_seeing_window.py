"""Depth, poses and segments of any layer in a whole window: who sees them, showing, layers of them, what is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from canvas.layer_control import LayerControl, Source
from canvas.layers import PaintLayer
from canvas.pixels import from_rgba, to_rgba
from desktop.generation.capture import Terms, capture
from desktop.generation.control_models import eyes_for, trouble_of
from desktop.generation.seeing import looks_seen, note_on
from desktop.main_window import MainWindow
from desktop.program import Program
from pipelines.client.fake import FakeClient
from pipelines.contract.errors import InvalidRequestError, ModelError
from pipelines.contract.looking import AnnotationRequest, LookRequest
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.planning.poses import Person, drawn_poses
from pipelines.planning.segment_colours import COLOURS
from pipelines.planning.surfaces import normal_picture
from tests.desktop.conftest import Scenario, until
from tests.desktop.test_controls_window import DEPTH, FRAME, addon, do, give, panel_of, photo_layer

pytestmark = pytest.mark.usefixtures("loop_never_rests")

POSE = addon("control_sd15_openpose")
EYES, BODIES, PEOPLE = (
    ModelInfo(f"/m/{variant}-eyes", f"{variant}-eyes", f"/m/{variant}", ModelKind.ANNOTATOR, Family.UNKNOWN, variant)
    for variant in ("depth", "pose", "people")
)

OTHER = replace(EYES, id="/m/other-eyes", name="other-eyes", path="/m/other-eyes")


def photo() -> np.ndarray:
    rgba = np.full((128, 128, 4), 255, np.uint8)
    rgba[..., 0] = np.arange(128)
    rgba[..., 2] = np.arange(128)[:, None]
    return rgba


@pytest.fixture
def layer(window: MainWindow) -> PaintLayer:
    give(window, DEPTH, POSE, EYES, BODIES, PEOPLE)
    return photo_layer(window, photo())


@pytest.fixture
def asked(program: Program, monkeypatch: pytest.MonkeyPatch) -> list[LookRequest]:
    """What the engine was asked to look at; it knows all three."""
    client = program.client
    assert isinstance(client, FakeClient)
    found, look = list[LookRequest](), client.look

    async def listening(request: LookRequest) -> str:
        found.append(request)
        return await look(request)

    monkeypatch.setattr(client, "look", listening)
    monkeypatch.setattr(client._library, "resolve", lambda name: {one.id: one for one in (EYES, BODIES, PEOPLE)}[name])
    return found


def test_the_layer_says_who_sees_it(window: MainWindow, layer: PaintLayer) -> None:
    do(window, "control.follow-depth")
    panel = panel_of(window)
    assert panel is not None
    assert "depth-eyes" in panel.note.text()
    assert (panel.source.isHidden(), panel.catalogue.isHidden()) == (False, True)
    give(window, DEPTH)
    assert "no network" in panel.note.text()
    assert "Depth" in panel.note.text()
    assert not panel.catalogue.isHidden()
    wording = window.form.wording
    blind = LayerControl("depth", source=Source.MADE)
    assert "Catalogue" in trouble_of(blind, wording, window.form.settings.model)
    assert note_on(blind, wording) == ""
    document, settings = window.session.document, window.form.settings
    document.set_layer(layer, control=blind)
    with pytest.raises(InvalidRequestError, match="“Photo”: No network in the library sees “Depth”"):
        capture(document, window.session.compositor, settings, Terms(wording=wording))
    for kind, source in (("canny", Source.AUTO), ("depth", Source.READY)):
        assert note_on(LayerControl(kind, source=source), wording) == ""


def test_the_engine_is_told_who_looks_first(window: MainWindow, layer: PaintLayer) -> None:
    document = window.session.document
    wording = window.form.wording

    def followed(**values: object) -> tuple[str, str, bool]:
        document.set_layer(layer, control=replace(LayerControl("depth"), **values))
        request = capture(document, window.session.compositor, window.form.settings, Terms(wording=wording)).request
        (one,) = request.controls
        return one.annotator, one.finder, np.array_equal(one.image, photo())

    assert followed() == (EYES.id, "", True)
    assert followed(source=Source.READY) == ("", "", True)
    assert followed(kind="pose") == (BODIES.id, PEOPLE.id, True)
    grey = photo()
    grey[..., :3] = grey[..., :1]
    document.put_image(layer, 0, 0, from_rgba(grey))
    assert followed()[0] == "", "that is a picture of depth already"
    assert followed(source=Source.MADE)[0] == EYES.id


def test_maps_are_told_from_pictures() -> None:
    across = np.linspace(-1, 1, 96, dtype=np.float32)[None].repeat(96, 0)
    alpha = np.full((96, 96), 255, np.uint8)
    points, sure = np.full((17, 2), 40, np.float32), np.ones(17, np.float32)
    points[5:11] = [(70, 30), (20, 30), (80, 50), (10, 50), (85, 80), (5, 80)]
    maps = {
        "depth": np.dstack([np.rint(across * 127 + 128).astype(np.uint8)] * 3),
        "normal": normal_picture((np.cos(across * 3) * 0.1).astype(np.float32)),
        "segmentation": COLOURS[(across * 3 + 3).astype(int)],
        "pose": drawn_poses([Person(points, sure)], (96, 96)),
    }
    for kind, rgb in maps.items():
        assert looks_seen(kind, np.dstack([rgb, alpha])), kind
        assert not looks_seen(kind, photo()), kind
    assert looks_seen("depth", np.zeros((9, 9, 4), np.uint8)), "of nothing there is nothing to be seen"


def test_it_is_shown_after_the_stroke_and_not_with_every_dab(
    window: MainWindow, layer: PaintLayer, asked: list[LookRequest], run: Scenario
) -> None:
    document = window.session.document
    do(window, "control.follow-depth")

    async def story() -> None:
        do(window, "control.preview")
        preview = window.control_commands.preview
        await until(lambda: preview.bounds == FRAME)
        assert len(asked) == 1
        assert isinstance(asked[0], AnnotationRequest)
        assert (asked[0].kind, asked[0].model, asked[0].finder) == ("depth", EYES.id, "")
        seen = list[int]()
        preview.shown.connect(lambda: seen.append(1))
        for value in range(20):
            document.put_image(layer, value, 30, from_rgba(np.full((8, 8, 4), 200, np.uint8)))
        await until(lambda: seen)
        assert len(asked) == 2
        document.set_layer(layer, control=LayerControl("depth", source=Source.READY))
        await until(lambda: len(seen) > 1)
        assert len(asked) == 2, "a map is followed as it is"

    run(story())


def test_taken_back_it_goes_off(window: MainWindow, layer: PaintLayer, asked: list[LookRequest], run: Scenario) -> None:
    client = window.program.client
    assert isinstance(client, FakeClient)
    do(window, "control.follow-depth")

    async def story() -> None:
        client.script.step_seconds = 0.05
        do(window, "control.preview")
        preview, router = window.control_commands.preview, window.program.router
        await until(lambda: bool(router.jobs))
        assert "Depth" in window.queue_panel.title_text(next(iter(router.jobs.values())))
        await router.cancel_all()
        await until(lambda: not preview.on)
        assert not window.actions_by_id["control.preview"].isChecked()

    run(story())


def test_a_layer_is_made_of_it(window: MainWindow, layer: PaintLayer, asked: list[LookRequest], run: Scenario) -> None:
    document = window.session.document
    do(window, "control.follow-depth")

    async def story() -> None:
        do(window, "control.make-layer")
        await until(lambda: document.active is not layer)

    run(story())
    made = document.active
    assert isinstance(made, PaintLayer)
    assert made.name == "Depth of Photo"
    assert made.control == LayerControl("depth", source=Source.READY)
    seen = to_rgba(made.surface.read(FRAME))
    assert np.array_equal(seen[..., :3], 255 - photo()[..., :3]), "the fake sees the negative"


def test_who_looks_is_chosen_where_several_can(window: MainWindow, layer: PaintLayer) -> None:
    document, settings = window.session.document, window.form.settings
    do(window, "control.follow-depth")
    panel = panel_of(window)
    assert panel is not None
    box, row = panel.annotator.box, panel.annotator
    assert row.isHidden(), "there is nothing to choose"
    assert not window.actions_by_id["control.annotator"].isEnabled()
    give(window, DEPTH, POSE, OTHER, EYES)
    assert not row.isHidden()
    assert [box.itemText(place) for place in range(box.count())] == [
        "Automatic: depth-eyes",
        "depth-eyes",
        "other-eyes",
    ]
    window.show()
    do(window, "control.annotator")
    assert box.view().isVisible()
    assert not box.visibleRegion().isEmpty(), "it was scrolled to"
    box.hidePopup()
    box.setCurrentIndex(2)
    box.activated.emit(2)
    assert layer.control == LayerControl("depth", annotator=OTHER.id)
    assert "other-eyes" in panel.note.text()
    terms = Terms(wording=window.form.wording)
    (followed,) = capture(document, window.session.compositor, settings, terms).request.controls
    assert followed.annotator == OTHER.id
    do(window, "control.follow-normal")
    assert layer.control == LayerControl("normal"), "what was chosen for one kind is for no other"
    document.undo()
    assert document.undo() == "Change control"
    assert (layer.control, box.currentIndex()) == (LayerControl("depth"), 0)
    document.set_layer(layer, control=LayerControl("depth", source=Source.READY))
    assert row.isHidden(), "nobody looks"


def test_while_the_chosen_one_is_gone_another_looks_or_a_sentence_says_so(
    window: MainWindow, layer: PaintLayer
) -> None:
    do(window, "control.follow-depth")
    chosen = LayerControl("depth", annotator=OTHER.id)
    window.session.document.set_layer(layer, control=chosen)
    panel = panel_of(window)
    assert panel is not None
    box, model = panel.annotator.box, window.form.settings.model
    assert "'other-eyes'" in panel.note.text()
    assert "depth-eyes does until it is back" in panel.note.text()
    assert box.currentText() == "other-eyes (cannot be used now)"
    assert window.actions_by_id["control.annotator"].isEnabled()
    eyes = eyes_for(chosen, window.form.wording)
    assert eyes is not None
    assert eyes.annotator is EYES
    give(window, DEPTH)
    assert "followed as it is: 'other-eyes'" in panel.note.text()
    assert [box.itemText(place) for place in range(box.count())] == ["Automatic", "other-eyes (cannot be used now)"]
    made = replace(chosen, source=Source.MADE)
    assert "'other-eyes'" in trouble_of(made, window.form.wording, model)
    broken = replace(OTHER, problem="Damaged.")
    give(window, DEPTH, broken)
    assert "'other-eyes'" in panel.note.text()
    give(window, DEPTH, EYES, OTHER)
    assert "other-eyes sees it" in panel.note.text()
    assert box.currentText() == "other-eyes"


@pytest.mark.slow
def test_the_preview_comes_back_with_what_was_missing(
    window: MainWindow,
    layer: PaintLayer,
    asked: list[LookRequest],
    monkeypatch: pytest.MonkeyPatch,
    expected_warnings: list[str],
    run: Scenario,
) -> None:
    expected_warnings.append("no longer at")
    document, client = window.session.document, window.program.client
    assert isinstance(client, FakeClient)
    there = client._library.resolve

    def gone(name: str) -> ModelInfo:
        raise ModelError(f"The model '{name}' is no longer at /m. Put it back or choose another one.")

    do(window, "control.follow-depth")

    async def story() -> None:
        do(window, "control.preview")
        preview, said = window.control_commands.preview, window.banner.text
        await until(lambda: preview.bounds == FRAME)
        monkeypatch.setattr(client._library, "resolve", gone)
        document.put_image(layer, 9, 9, from_rgba(np.full((8, 8, 4), 200, np.uint8)))
        await until(lambda: "no longer at" in said.text())
        assert preview.on
        assert preview.bounds is None
        told = list[str]()
        window.slots.failed.connect(told.append)
        document.put_image(layer, 19, 9, from_rgba(np.full((8, 8, 4), 200, np.uint8)))
        await until(lambda: len(asked) == 3 and not preview._at_work)
        assert not told, "once is enough"
        give(window, DEPTH, POSE)  # the library has noticed
        await until(lambda: preview.bounds == FRAME)
        monkeypatch.setattr(client._library, "resolve", there)
        give(window, DEPTH, POSE, EYES)
        await until(lambda: len(asked) == 4 and not preview._at_work)
        assert preview.bounds == FRAME

    run(story())


def test_the_library_lets_a_network_look_at_the_chosen_layer(window: MainWindow, layer: PaintLayer) -> None:
    library, document = window.library_commands, window.session.document
    assert library.offer(EYES).possible
    assert not library.offer(PEOPLE).possible, "it helps others"
    assert library.use(EYES) == "depth-eyes sees “Depth” in the chosen layer."
    assert layer.control == LayerControl("depth", annotator=EYES.id)
    do(window, "control.follow-normal")
    library.use(EYES)
    assert layer.control == LayerControl("normal", annotator=EYES.id), "that kind it sees as well"
    assert "“Pose”" in library.use(BODIES)
    assert document.undo() == "Use as control"
    assert layer.control == LayerControl("normal", annotator=EYES.id)
