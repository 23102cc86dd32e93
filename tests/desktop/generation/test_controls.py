"""Control layers in requests: what is followed, by which model, and the sentences where nothing fits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import pytest_asyncio
from PySide6.QtGui import QColor

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layer_control import REFERENCE, LayerControl, Source
from canvas.layers import GroupLayer, PaintLayer
from canvas.pixels import from_rgba
from canvas.routes import Route, Stretch
from canvas.selection import Selection
from desktop import control_edits
from desktop.generation.capture import Terms, capture
from desktop.generation.control_models import choices, label_of_kind, trouble_of, usual_kind
from desktop.generation.controls import REFERENCE_SIDE, control_picture, looks_ready
from desktop.generation.form import GenerationSettings
from desktop.generation.modes import Mode
from desktop.generation.reproduce import load_replay
from desktop.generation.reuse import restore
from desktop.generation.sweep import Axis, Sweep, SweepField, Value
from desktop.generation.sweep_run import plan_sweep
from desktop.generation.wording import Wording
from desktop.panels.history_words import details
from pipelines.contract.control import ControlKind
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import MAX_CONTROLS, GenerationRequest
from tests.desktop.generation.test_controller import Trip, generate, until
from tests.desktop.generation.test_live import Scene
from tests.desktop.generation.test_route import Journey

FRAME = Bounds(0, 0, 128, 128)


def info(name: str, kind: ModelKind, family: Family = Family.SD1, variant: str = "") -> ModelInfo:
    return ModelInfo(f"/m/{name}", name, f"/m/{name}", kind, family, variant)


PAINTER = info("sd15", ModelKind.CHECKPOINT)
KONTEXT = info("kontext", ModelKind.CHECKPOINT, Family.FLUX, "kontext")
CANNY = info("control_v11p_sd15_canny", ModelKind.CONTROLNET)
DEPTH = info("control_v11f1p_sd15_depth", ModelKind.CONTROLNET)
UNION = info("controlnet-union", ModelKind.CONTROLNET)
XL = info("controlnet-canny-sdxl", ModelKind.CONTROLNET, Family.SDXL)
ADAPTER = info("t2iadapter_canny_sd15", ModelKind.T2I_ADAPTER)
LOOKER = info("ip-adapter_sd15", ModelKind.IP_ADAPTER)
WORDING = Wording(models=(PAINTER, KONTEXT), addons=(XL, ADAPTER, UNION, CANNY, DEPTH, LOOKER))
SETTINGS = GenerationSettings(prompt="a pine", model=PAINTER.id, random_seed=False, seed=3)


@pytest.fixture
def document() -> Document:
    return Document.new(FRAME)


def picture(width: int = 128, height: int = 128) -> np.ndarray:
    rgba = np.full((height, width, 4), 255, np.uint8)
    cv2.rectangle(rgba, (width // 4, height // 4), (width // 2, height // 2), (20, 40, 60, 255), -1)
    return rgba


def strokes(size: int = 128) -> np.ndarray:
    rgba = np.zeros((size, size, 4), np.uint8)
    cv2.line(rgba, (10, 20), (size - 10, size - 30), (40, 40, 40, 255), 5)
    return rgba


def add(document: Document, rgba: np.ndarray, control: LayerControl, at: tuple[int, int] = (0, 0)) -> PaintLayer:
    layer = PaintLayer(f"Layer {control.kind}")
    document.add_layer(layer)
    document.put_image(layer, *at, from_rgba(rgba))
    document.set_layer(layer, control=control)
    return layer


def asked(document: Document, settings: GenerationSettings = SETTINGS, wording: Wording = WORDING) -> GenerationRequest:
    compositor = Compositor(document, QColor("white"))
    return capture(document, compositor, settings, Terms(wording=wording)).request


def test_a_layer_is_followed_and_is_not_painted_over(document: Document) -> None:
    add(document, picture(), LayerControl("canny", weight=0.8, start=0.1, end=0.6))
    request = asked(document)
    (control,) = request.controls
    assert (control.model, control.weight, control.start, control.end) == (CANNY.id, 0.8, 0.1, 0.6)
    assert control.kind is ControlKind.CANNY
    assert control.image.shape == (request.height, request.width, 4)
    assert 0 < (control.image[..., 0] > 0).mean() < 0.1
    assert (control.image[..., 3] == 255).all()
    assert str(request.task) == "text-to-image"  # the layer is no part of the picture
    assert not request.references


def test_the_eye_does_not_matter_and_the_switch_does(document: Document) -> None:
    layer = add(document, picture(), LayerControl("canny"))
    document.set_layer(layer, visible=False)
    assert len(asked(document).controls) == 1
    for control in (LayerControl("canny", on=False), LayerControl("canny", weight=0.0)):
        document.set_layer(layer, control=control)
        assert not asked(document).controls


def test_what_lies_elsewhere_is_left_out(document: Document) -> None:
    add(document, picture(), LayerControl("canny"), (500, 500))
    assert not asked(document).controls


def test_a_mask_limits_what_is_followed(document: Document) -> None:
    layer = add(document, picture(), LayerControl("gray"))
    document.add_mask(layer, Selection.rectangle(Bounds(0, 0, 64, 128)))
    wording = replace(WORDING, addons=(UNION,))
    (control,) = asked(document, wording=wording).controls
    assert control.image[:, 70:, 3].max() == 0
    assert control.image[:, :60, 3].min() == 255


def test_inpainting_and_removing(document: Document) -> None:
    base = document.active
    assert isinstance(base, PaintLayer)
    document.put_image(base, 0, 0, from_rgba(picture()))
    add(document, picture(), LayerControl("canny"))
    add(document, picture(), LayerControl(REFERENCE))
    document.set_selection(Selection.rectangle(Bounds(20, 20, 60, 60)))
    for mode in (Mode.FILL, Mode.REFINE, Mode.EXPAND, Mode.BACKGROUND):
        request = asked(document, replace(SETTINGS, mode=mode))
        assert [one.image.shape[:2] for one in request.controls] == [(request.height, request.width)], mode
        assert len(request.references) == 1
    assert not asked(document, replace(SETTINGS, mode=Mode.REMOVE)).controls


def test_what_is_made_anew_is_transparent_to_an_inpainting_control(document: Document) -> None:
    add(document, picture(), LayerControl("inpaint"))
    base = document.tree.root.children[0]
    assert isinstance(base, PaintLayer)
    document.put_image(base, 0, 0, from_rgba(picture()))
    document.set_selection(Selection.rectangle(Bounds(20, 20, 60, 60)))
    request = asked(document, replace(SETTINGS, mode=Mode.FILL))
    (control,) = request.controls
    assert request.mask is not None
    assert control.image[50 - request.y, 50 - request.x, 3] == 0
    assert control.image[100 - request.y, 100 - request.x].tolist() == [255, 255, 255, 255]


def test_a_reference_is_what_is_painted_wherever_it_lies(document: Document) -> None:
    add(document, picture(40, 30), LayerControl(REFERENCE, weight=0.5), (1000, -400))
    (reference,) = asked(document).references
    assert reference.image.shape == (30, 40, 4)
    assert (reference.model, reference.weight) == (LOOKER.id, 0.5)
    (alone,) = asked(document, replace(SETTINGS, model=KONTEXT.id)).references
    assert (alone.model, alone.weight) == ("", 1.0)


def test_a_large_reference_is_made_smaller(document: Document) -> None:
    layer = add(document, picture(1500, 700), LayerControl(REFERENCE))
    (reference,) = asked(document).references
    height, width = reference.image.shape[:2]
    assert max(height, width) <= REFERENCE_SIDE
    assert abs(width / height - 1500 / 700) < 0.02
    assert layer.control is not None


def test_a_group_is_followed_as_it_looks(document: Document) -> None:
    group = GroupLayer("Group")
    document.add_layer(group)
    layer = PaintLayer("Inside")
    document.add_layer(layer, group)
    document.put_image(layer, 0, 0, from_rgba(picture()))
    document.set_layer(group, control=LayerControl("gray"), opacity=0.3)
    (control,) = asked(document, wording=replace(WORDING, addons=(UNION,))).controls
    assert control.image[5, 5].tolist() == [255, 255, 255, 255]


def test_which_models_are_offered() -> None:
    assert choices("canny", WORDING, PAINTER.id) == (CANNY, ADAPTER, UNION)
    assert choices("depth", WORDING, PAINTER.id) == (DEPTH, UNION)
    assert choices("pose", WORDING, PAINTER.id) == (UNION,)
    assert choices(REFERENCE, WORDING, PAINTER.id) == (LOOKER,)
    assert usual_kind(True, WORDING, PAINTER.id) == "scribble"  # the one for several kinds will do
    assert usual_kind(True, replace(WORDING, addons=(DEPTH,)), PAINTER.id) == "depth"
    assert usual_kind(False, Wording(), PAINTER.id) == "canny"


def test_sentences_where_nothing_fits(document: Document) -> None:
    add(document, picture(), LayerControl("pose"))
    few = replace(WORDING, addons=(CANNY,))
    with pytest.raises(InvalidRequestError, match=r"“Layer pose”.*Pose.*Catalogue"):
        asked(document, wording=few)
    assert "Pose" in trouble_of(LayerControl("pose"), few, PAINTER.id)
    assert not trouble_of(LayerControl("pose", on=False), few, PAINTER.id)
    assert not trouble_of(LayerControl("pose"), Wording(), PAINTER.id)  # nobody has looked yet
    assert "no longer" in trouble_of(LayerControl("canny", "/m/gone"), WORDING, PAINTER.id)
    assert "Stable Diffusion XL" in trouble_of(LayerControl("canny", XL.id), WORDING, PAINTER.id)
    assert "FLUX Kontext" in trouble_of(LayerControl(REFERENCE), few, PAINTER.id)
    starter = replace(WORDING, models=(info("starter", ModelKind.DIFFUSERS, Family.STARTER),))
    assert "starter" in trouble_of(LayerControl("pose"), starter, "/m/starter")


def test_more_than_an_engine_takes(document: Document) -> None:
    for _ in range(MAX_CONTROLS + 1):
        add(document, picture(), LayerControl("canny"))
    with pytest.raises(InvalidRequestError, match="Switch some of them off"):
        asked(document)


def test_how_a_layer_becomes_what_is_followed() -> None:
    drawn = control_picture(LayerControl("scribble"), strokes())
    assert drawn[20, 10].tolist() == [255, 255, 255, 255]
    assert drawn[5, 100].tolist() == [0, 0, 0, 255]
    assert looks_ready(drawn)
    assert control_picture(LayerControl("canny"), drawn) is drawn
    made = control_picture(LayerControl("canny", source=Source.MADE), drawn)
    assert not np.array_equal(made, drawn)
    depth = picture()
    assert control_picture(LayerControl("depth"), depth) is depth
    assert control_picture(LayerControl("canny", source=Source.READY), depth) is depth
    assert control_picture(LayerControl("of-tomorrow"), depth) is depth
    fine, coarse = (control_picture(LayerControl("tile", detail=one), depth) for one in (1.0, 0.0))
    assert np.abs(fine.astype(int) - depth).mean() < np.abs(coarse.astype(int) - depth).mean()
    assert not looks_ready(depth)


def test_the_outline_of_a_picture_is_no_edge() -> None:
    part = np.zeros((128, 128, 4), np.uint8)
    part[32:96, 32:96] = 200
    part[32:96, 32:96, 3] = 255
    assert control_picture(LayerControl("canny"), part)[..., :3].max() == 0


def test_every_kind_has_a_name() -> None:
    for kind in (*(one for one in ControlKind if one), REFERENCE):
        assert label_of_kind(kind) != kind
    assert label_of_kind("of-tomorrow") == "of-tomorrow"


def test_a_layer_of_what_is_followed_takes_over(document: Document) -> None:
    layer = add(document, picture(), LayerControl("canny", weight=0.4))
    before = asked(document).controls[0].image
    made = control_edits.make_layer(document, layer, before, FRAME)
    assert layer.control is not None
    assert not layer.control.on
    assert document.active is made
    (control,) = asked(document).controls
    assert (control.weight, control.kind) == (0.4, ControlKind.CANNY)
    assert np.array_equal(control.image, before)
    document.undo()
    assert layer.control.on
    assert made not in document.tree


# --- whatever paints


def prepared(made: Trip) -> PaintLayer:
    made.form.set_wording(replace(WORDING, models=(replace(PAINTER, id=made.form.settings.model),)))
    made.document.set_frame(FRAME)
    return add(made.document, picture(), LayerControl("canny"))


async def test_the_log_has_what_was_followed(trip: Trip) -> None:
    prepared(trip)
    await generate(trip)
    record = trip.document.generations.records[0]
    assert record.request["controls"][0]["model"] == CANNY.id
    assert "control-0" in record.inputs
    assert dict(details(record))["Control layers"] == "Edges (Canny) · 100 % · control_v11p_sd15_canny"


@pytest_asyncio.fixture
async def scene(trip: Trip) -> AsyncIterator[Scene]:
    made = Scene(trip)
    yield made
    await made.live.finish()
    made.live.release_document()


async def test_live_painting_follows_and_hears_of_changes(scene: Scene) -> None:
    layer = prepared(scene.trip)
    base = scene.trip.document.tree.root.children[0]
    assert isinstance(base, PaintLayer)
    scene.trip.document.put_image(base, 0, 0, from_rgba(np.full((128, 128, 4), (9, 90, 9, 255), np.uint8)))
    scene.live.turn(True)
    await scene.rest()
    first = scene.asked[0]
    assert len(first.controls) == 1
    assert first.image is not None
    assert first.image[60, 60].tolist() == [9, 90, 9, 255]  # without the layer that is followed
    scene.trip.document.set_layer(layer, control=LayerControl("canny", weight=0.3))
    await until(lambda: len(scene.asked) == 2)
    assert scene.asked[1].controls[0].weight == 0.3
    await scene.rest()
    scene.trip.document.put_image(layer, 60, 60, from_rgba(strokes(64)))
    await until(lambda: len(scene.asked) == 3)
    await scene.rest()


async def test_every_cell_of_a_sweep_follows(trip: Trip) -> None:
    prepared(trip)
    sweep = Sweep(Axis(SweepField.SEED, (Value(4, "4"), Value(9, "9"))))
    plan = await plan_sweep(trip.controller, sweep, trip.form.settings, Mode.GENERATE)
    assert [len(plan.capture(cell).request.controls) for cell in sweep.cells()] == [1, 1]


async def test_a_route_follows(tmp_path: Path) -> None:
    made = Journey(tmp_path)
    asked_for = list[GenerationRequest]()
    submit = made.client.submit

    async def listen(request: GenerationRequest) -> str:
        asked_for.append(request)
        return await submit(request)

    made.client.submit = listen
    made.router.start()
    prepared(made)
    await made.go(Route(((64, 64), (240, 64)), width=128, overlap=40, stretches=(Stretch(0, "hills"),), seed=5))
    assert not made.messages
    assert any(one.controls for one in asked_for)
    assert all(len(one.controls) == (one.x < 128) for one in asked_for)
    await made.close()


async def test_use_settings_brings_back_what_a_network_sees(trip: Trip) -> None:
    eyes = info("depth-anything", ModelKind.ANNOTATOR, Family.UNKNOWN, "depth")
    layer = prepared(trip)
    trip.form.set_wording(replace(trip.form.wording, addons=(DEPTH, eyes)))
    trip.document.set_layer(layer, control=LayerControl("depth"))
    await generate(trip)
    record = trip.document.generations.records[0]
    assert record.request["controls"][0]["annotator"] == eyes.id
    assert dict(details(record))["Control layers"] == f"Depth · 100 % · {DEPTH.name} · seen by depth-anything"
    layers = list(trip.document.tree.walk())
    assert not await restore(record, trip.session, trip.form)
    assert list(trip.document.tree.walk()) == layers  # it says the same still
    trip.document.set_layer(layer, control=LayerControl("depth", source=Source.READY))
    assert not await restore(record, trip.session, trip.form)
    made = next(one for one in trip.document.tree.walk() if one not in layers)
    assert made.control == LayerControl("depth", DEPTH.id, source=Source.MADE, annotator=eyes.id)


async def test_use_settings_brings_back_what_was_followed(trip: Trip) -> None:
    layer = prepared(trip)
    add(trip.document, picture(40, 30), LayerControl(REFERENCE, weight=0.5), (1000, -400))
    await generate(trip)
    record = trip.document.generations.records[0]
    layers = list(trip.document.tree.walk())
    assert not await restore(record, trip.session, trip.form)
    assert list(trip.document.tree.walk()) == layers  # they say the same still
    assert layer.control is not None
    trip.document.set_layer(layer, control=replace(layer.control, weight=0.2))
    assert not await restore(record, trip.session, trip.form)
    made = [one for one in trip.document.tree.walk() if one not in layers]
    assert [one.visible for one in made] == [False, False]
    assert not layer.control.on
    again = capture(
        trip.document, trip.session.compositor, trip.form.settings, Terms(wording=trip.form.wording)
    ).request
    then = await load_replay(record, lambda digest: asyncio.wrap_future(trip.session.project.load_blob(digest)))
    assert again.to_dict()["controls"] == then.request.to_dict()["controls"]
    assert np.array_equal(again.controls[0].image, then.request.controls[0].image)
    assert np.array_equal(again.references[0].image, then.request.references[0].image)
    trip.document.undo()
    assert list(trip.document.tree.walk()) == layers
    assert layer.control.on
