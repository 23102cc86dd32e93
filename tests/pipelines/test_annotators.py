"""Annotators: real Depth Anything, DPT, ViTPose, SegFormer, UperNet and RT-DETR at small size, through the engine."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from PIL import Image

from pipelines.client.wire import Look, pack_command, pack_event, unpack_command, unpack_event
from pipelines.contract.control import ControlKind
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.events import Annotated, Cancelled, EngineEvent, Failed, Finished, Loading, Progress, Started
from pipelines.contract.looking import AnnotationRequest
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import ControlImage, Pixels
from pipelines.library.probe import probe
from pipelines.library.sight import annotators, finder
from pipelines.planning.poses import Person, drawn_poses, joints_in, place_of
from pipelines.planning.segment_colours import COLOURS
from pipelines.planning.surfaces import depth_picture, normal_picture
from pipelines.planning.whole_bodies import whole_body_of
from tests.pipelines.conftest import Shelf
from tests.pipelines.sample_requests import picture, sample
from tests.pipelines.test_describing import through

if TYPE_CHECKING:
    from tests.pipelines.studio import Studio

DEPTH, NORMAL, POSE, SEGMENTS = (
    ControlKind.DEPTH,
    ControlKind.NORMAL,
    ControlKind.POSE,
    ControlKind.SEGMENTATION,
)
SEEN_BY = {"depth": "depth", "dpt": "depth", "pose": "pose", "segments": "segments", "upernet": "segments"}


@pytest.fixture(scope="module")
def eyes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelInfo]:
    """One of each kind as the library knows it."""
    from pipelines.miniatures import annotator

    root = tmp_path_factory.mktemp("annotators")
    annotator.write_depth_anything(root / "depth")
    annotator.write_dpt(root / "dpt")
    annotator.write_vitpose(root / "pose")
    annotator.write_segformer(root / "segments")
    annotator.write_upernet(root / "upernet")
    annotator.write_people_finder(root / "people")
    return {folder.name: replace(probe(folder), id=folder.name) for folder in root.iterdir()}


@pytest.fixture(scope="module")
def studio(eyes: dict[str, ModelInfo], tiny_models: Shelf) -> Iterator[Studio]:
    from tests.pipelines.studio import Studio

    made = Studio(Shelf(*eyes.values(), *tiny_models.models()))
    yield made
    made.engine.close()


def look(studio: Studio, model: str, rgba: Pixels, kind: ControlKind, finder: str = "") -> list[EngineEvent]:
    job = uuid.uuid4().hex
    studio.engine.look(job, AnnotationRequest(model, rgba, kind, finder))
    return list(studio.events_of(job))


def seen(studio: Studio, model: str, rgba: Pixels, kind: ControlKind) -> Pixels:
    end = look(studio, model, rgba, kind)[-1]
    assert isinstance(end, Annotated), end
    assert end.image.shape == rgba.shape
    return end.image


# --- what needs no network


def test_the_library_chooses_by_what_is_to_be_seen() -> None:
    def info(name: str, variant: str, problem: str = "") -> ModelInfo:
        return ModelInfo(name, name, name, ModelKind.ANNOTATOR, Family.UNKNOWN, variant, problem=problem)

    shelf = [info("b", "depth"), info("A", "depth"), info("a0", "depth", "Damaged."), info("p", "people")]
    assert [one.id for one in annotators(NORMAL, shelf)] == ["A", "b"]
    assert annotators(POSE, shelf) == ()
    found = finder(shelf)
    assert found is not None
    assert found.id == "p"
    assert finder(shelf[:3]) is None


def test_other_classes_of_things_are_refused_with_a_sentence(tmp_path: Path) -> None:
    config = {"architectures": ["SegformerForSemanticSegmentation"], "id2label": {str(n): "x" for n in range(19)}}
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"")
    assert "19 classes" in probe(tmp_path).problem


def test_other_points_of_a_body_are_refused_with_a_sentence(tmp_path: Path) -> None:
    for count, words in ((17, ""), (133, ""), (308, ""), (16, "16 points")):
        folder = tmp_path / str(count)
        folder.mkdir()
        config = {"architectures": ["VitPoseForPoseEstimation"], "id2label": {str(n): "x" for n in range(count)}}
        (folder / "config.json").write_text(json.dumps(config), "utf-8")
        (folder / "model.safetensors").write_bytes(b"")
        problem = probe(folder).problem
        assert (words in problem) if words else not problem


def test_what_cannot_be_seen_is_refused_before_it_leaves() -> None:
    AnnotationRequest("m", picture(9, 9)).check()
    with pytest.raises(InvalidRequestError, match="No network sees 'canny'"):
        AnnotationRequest("m", picture(9, 9), ControlKind.CANNY).check()
    with pytest.raises(InvalidRequestError, match="Nothing is painted"):
        AnnotationRequest("m", np.zeros((9, 9, 4), np.uint8)).check()


def test_requests_and_pictures_travel() -> None:
    info = ModelInfo("m", "m", "/m", ModelKind.ANNOTATOR, Family.UNKNOWN, "pose")
    sent = AnnotationRequest("m", picture(7, 5), POSE, "people", priority=3)
    back = unpack_command(through(pack_command(Look("job", sent, (info, info)))))
    assert isinstance(back, Look)
    assert (back.job_id, back.models, back.request.to_dict()) == ("job", (info, info), sent.to_dict())
    assert isinstance(back.request, AnnotationRequest)
    assert np.array_equal(back.request.image, sent.image)
    event = unpack_event(through(pack_event(Annotated("job", sent.image, {"people": 2}))))
    assert isinstance(event, Annotated)
    assert event.facts == {"people": 2}
    assert np.array_equal(event.image, sent.image)


def test_normals_of_a_ball_point_away_from_it() -> None:
    down, across = np.mgrid[-1:1:101j, -1:1:101j]
    ball = np.sqrt(np.clip(0.8 - across**2 - down**2, 0, None)).astype(np.float32)
    normals = normal_picture(depth_picture(ball, np.ones_like(ball, bool)))
    assert (np.abs(normals[50, 50].astype(int) - (128, 128, 255)) <= 3).all()
    assert (normals[50, 20, 0] > 180, normals[50, 80, 0] < 80) == (True, True), "red faces left"
    assert (normals[20, 50, 1] > 180, normals[80, 50, 1] < 80) == (True, True), "green faces up"
    lengths = np.linalg.norm(normals / 127.5 - 1.0, axis=2)
    assert np.abs(lengths - 1.0).max() < 0.02
    assert not depth_picture(np.full((3, 3), 7, np.float32), np.ones((3, 3), bool)).any(), "flat is no depth"


def test_joints_are_found_where_the_heat_is() -> None:
    box, shape = np.array([10, 20, 60, 120], np.float32), (64, 48)
    place = place_of(box, shape)
    down, across = np.mgrid[0:16, 0:12]
    wanted = np.array([[3.3, 4.6], [7.8, 11.2]])
    heat = np.stack([np.exp(-((across - x) ** 2 + (down - y) ** 2) / 4.0) for x, y in wanted]).astype(np.float32)
    person = joints_in(heat, place)
    grid = place.into((16, 12))
    told = wanted @ np.linalg.inv(grid[:, :2]).T - (grid[:, 2] @ np.linalg.inv(grid[:, :2]).T)
    assert np.abs(person.points - told).max() < 0.5, "finer than a place of the map, which is five pixels wide"
    assert person.sure == pytest.approx(heat.max(axis=(1, 2)))


def test_figures_have_the_known_colours() -> None:
    points = np.zeros((17, 2), np.float32)
    sure = np.zeros(17, np.float32)
    points[[0, 5, 6, 8]], sure[[0, 5, 6, 8]] = [(50, 10), (70, 40), (30, 40), (20, 70)], 1.0
    drawn = drawn_poses([Person(points, sure)], (100, 100))
    assert tuple(drawn[10, 50]) == (255, 0, 0), "the nose"
    assert tuple(drawn[40, 50]) == (255, 85, 0), "the neck, between the shoulders"
    assert tuple(drawn[40, 30]) == (255, 170, 0)
    assert tuple(drawn[40, 60]) == (153, 51, 0), "to the left shoulder"
    assert not drawn[90:].any()


def test_hands_and_faces_have_the_known_colours() -> None:
    points, sure = np.full((133, 2), -50, np.float32), np.zeros(133, np.float32)
    points[91:112] = [
        (400, 400),
        *((300 + 40 * finger, 400 - 30 * joint) for finger in range(5) for joint in range(1, 5)),
    ]
    points[112], points[113] = (40, 450), (80, 450)
    points[23:26] = [(200, 100), (220, 100), (240, 100)]
    points[17:23] = (100, 480)
    sure[17:26], sure[91:114] = 1.0, 1.0
    sure[25] = 0.1
    drawn = drawn_poses([Person(points, sure)], (512, 512))
    assert [tuple(drawn[100, x]) for x in (200, 220, 240)] == [(255, 255, 255), (255, 255, 255), (0, 0, 0)]
    assert tuple(drawn[400, 400]) == tuple(drawn[450, 40]) == (0, 0, 255), "the wrists"
    assert tuple(drawn[450, 60]) == (255, 0, 0), "to the thumb of the right hand"
    assert tuple(drawn[385, 350]) == (255, 0, 0), "and of the left"
    along = [tuple(drawn[355, 300 + 40 * finger]) for finger in range(5)]
    assert along == [(255, 77, 0), (128, 255, 0), (0, 255, 179), (0, 25, 255), (255, 0, 230)], "from red round to pink"
    assert not drawn[470:].any(), "feet are not drawn"


# --- networks


@pytest.mark.slow
def test_the_library_knows_them(eyes: dict[str, ModelInfo]) -> None:
    for name, info in eyes.items():
        told = (info.kind, info.family, info.variant, info.problem)
        assert told == (ModelKind.ANNOTATOR, Family.UNKNOWN, SEEN_BY.get(name, "people"), "")


@pytest.mark.slow
@pytest.mark.parametrize("size", [(90, 61), (45, 120), (3, 300)])
def test_depth_is_that_of_bare_transformers(size: tuple[int, int], eyes: dict[str, ModelInfo], studio: Studio) -> None:
    import torch
    import transformers

    rgba = picture(*size, seed=4)
    for name, kind in (("depth", "DepthAnythingForDepthEstimation"), ("dpt", "DPTForDepthEstimation")):
        if min(size) < 14:  # where transformers' own preparation leaves nothing
            assert seen(studio, name, rgba, DEPTH)[..., 0].std() > 0
            continue
        bare = getattr(transformers, kind).from_pretrained(eyes[name].path, dtype=torch.float32).eval()
        processor: Any = transformers.DPTImageProcessorPil.from_pretrained(eyes[name].path)
        shown: Any = Image.fromarray(rgba[..., :3])
        with torch.inference_mode():
            depth = bare(**processor(images=shown, return_tensors="pt")).predicted_depth
        whole = torch.nn.functional.interpolate(depth[None], size=rgba.shape[:2], mode="bicubic")[0, 0].numpy()
        wanted = (whole - whole.min()) / (whole.max() - whole.min()) * 255
        made = seen(studio, name, rgba, DEPTH)
        assert np.abs(made[..., 0] - wanted).max() < 3
        assert np.array_equal(made[..., 0], made[..., 2])
        assert (int(made.min()), int(made[..., :3].max())) == (0, 255)


@pytest.mark.slow
def test_metres_are_turned_round(tmp_path: Path, eyes: dict[str, ModelInfo]) -> None:
    import torch

    from pipelines.engine.annotators import load_annotator, nearness_in
    from pipelines.engine.memory import Device
    from pipelines.miniatures.annotator import write_depth_anything

    device = Device("cpu", torch.float32, 1, 2**30)
    info = replace(eyes["depth"], path=str(write_depth_anything(tmp_path / "metric", metric=True)))
    config = tmp_path / "metric/config.json"
    config.write_text(json.dumps({**json.loads(config.read_text("utf-8")), "max_depth": None}), "utf-8")
    annotator, rgb = load_annotator(info, device, lambda: None), picture(60, 60)[..., :3]
    near = nearness_in(annotator, rgb)
    annotator.network.config.depth_estimation_type = "relative"
    metres = nearness_in(annotator, rgb)
    assert metres.min() > 0
    assert np.allclose(near, 1 / metres, rtol=1e-4)


@pytest.mark.slow
def test_what_is_not_painted_stays_empty_and_does_not_matter(studio: Studio) -> None:
    rgba = picture(70, 50, 3)
    rgba[:, :30, 3] = 0
    hidden = rgba.copy()
    hidden[:, :30, :3] = 77
    made = seen(studio, "depth", rgba, DEPTH)
    assert np.array_equal(made, seen(studio, "depth", hidden, DEPTH))
    assert not made[:, :30].any()
    assert (int(made[:, 30:, 0].min()), int(made[:, 30:, 0].max())) == (0, 255), "its ends are those of what is there"
    normals = seen(studio, "depth", rgba, NORMAL)
    assert not normals[:, :30].any()
    assert normals[:, 30:, 2].min() > 127


@pytest.mark.slow
def test_segments_are_those_of_bare_transformers(eyes: dict[str, ModelInfo], studio: Studio) -> None:
    import torch
    import transformers

    rgba = picture(75, 52, seed=8)
    shown: Any = Image.fromarray(rgba[..., :3])
    for name, kind in (("segments", "SegformerForSemanticSegmentation"), ("upernet", "UperNetForSemanticSegmentation")):
        bare = getattr(transformers, kind).from_pretrained(eyes[name].path, dtype=torch.float32).eval()
        processor: Any = transformers.SegformerImageProcessorPil.from_pretrained(eyes[name].path)
        with torch.inference_mode():
            logits = bare(**processor(images=shown, return_tensors="pt"))
        wanted = processor.post_process_semantic_segmentation(logits, target_sizes=[(52, 75)])[0].numpy()
        made = seen(studio, name, rgba, SEGMENTS)
        assert (made[..., :3] == COLOURS[wanted]).all(axis=2).mean() > 0.97
        assert len(np.unique(wanted)) > 1


@pytest.mark.slow
def test_joints_are_those_of_bare_transformers(eyes: dict[str, ModelInfo], studio: Studio) -> None:
    import torch
    import transformers

    from pipelines.engine.annotators import load_annotator, people_in
    from pipelines.engine.memory import Device

    info, rgb = eyes["pose"], picture(60, 90, seed=2)[..., :3]
    annotator = load_annotator(info, Device("cpu", torch.float32, 1, 2**30), lambda: None)
    boxes = np.array([[10, 20, 30, 50], [18, 24, 24, 30]], np.float32)  # at the rim OpenCV and SciPy differ
    ours = people_in(annotator, rgb, boxes)
    processor: Any = transformers.VitPoseImageProcessorPil.from_pretrained(info.path)
    bare = transformers.VitPoseForPoseEstimation.from_pretrained(info.path, dtype=torch.float32).eval()
    shown: Any = Image.fromarray(rgb)
    with torch.inference_mode():
        said = bare(**processor(images=shown, boxes=[boxes.tolist()], return_tensors="pt"))
    theirs = processor.post_process_pose_estimation(said, boxes=[boxes.tolist()])[0]
    for mine, one in zip(ours, theirs, strict=True):
        assert np.abs(mine.sure - one["scores"].numpy()).max() < 0.02
        # Random heat has tops that are none; there both are led astray, each its own way.
        assert np.median(np.abs(mine.points - one["keypoints"].numpy())) < 1.0
    end = look(studio, "pose", picture(60, 90, 2), POSE, "people")[-1]
    assert isinstance(end, Annotated)
    assert (end.image[..., 3] == 255).all()
    assert end.facts["people"] >= 0


@pytest.mark.slow
def test_a_whole_body_has_133_points_by_the_expert_for_it(tmp_path: Path) -> None:
    import torch
    import transformers

    from pipelines.engine.annotators import load_annotator, people_in
    from pipelines.engine.memory import Device
    from pipelines.miniatures.annotator import write_vitpose

    info = probe(write_vitpose(tmp_path / "whole", points=133, experts=6))
    assert (info.variant, info.problem) == ("pose", "")
    rgb, box = picture(60, 90, seed=2)[..., :3], np.array([[10, 20, 30, 50]], np.float32)
    annotator = load_annotator(info, Device("cpu", torch.float32, 1, 2**30), lambda: None)
    (person,) = people_in(annotator, rgb, box)
    assert person.points.shape == (133, 2)
    bare = transformers.VitPoseForPoseEstimation.from_pretrained(info.path, dtype=torch.float32).eval()
    processor: Any = transformers.VitPoseImageProcessorPil.from_pretrained(info.path)
    shown: Any = Image.fromarray(rgb)
    given = processor(images=shown, boxes=[box.tolist()], return_tensors="pt")
    with torch.inference_mode():
        theirs, other = (
            bare(**given, dataset_index=torch.tensor([expert])).heatmaps[0].amax(dim=(1, 2)).numpy()
            for expert in (5, 0)
        )
    assert np.abs(person.sure - theirs).max() < 0.02
    assert np.abs(person.sure - other).max() > 0.02, "it is that expert's answer, and no other's"


def test_a_person_of_308_points_is_one_of_133() -> None:
    points = np.stack([np.arange(308), np.zeros(308)], axis=1).astype(np.float32)
    found = whole_body_of(Person(points, np.ones(308, np.float32)))
    numbers = found.points[:, 0].astype(int)
    assert numbers[[0, 5, 9, 10, 11, 16]].tolist() == [0, 5, 62, 41, 9, 14], "nose, left shoulder, wrists, hip, ankle"
    assert numbers[91:97].tolist() == [62, 45, 44, 43, 42, 49], "from the left wrist along the thumb to its tip"
    assert numbers[[112, 116, 132]].tolist() == [41, 21, 37], "right wrist, tips of thumb and little finger"
    known = found.sure > 0
    assert known[:23].all()
    assert known[91:].all()
    assert numbers[23:91][known[23:91]].min() >= 70, "the face's own"
    assert len(set(numbers[known])) == known.sum() - 2, "only the wrists count twice"


@pytest.mark.slow
def test_a_sapiens_sees_hands(tmp_path: Path) -> None:
    import torch
    import transformers

    from pipelines.engine.annotators import load_annotator, people_in
    from pipelines.engine.memory import Device
    from pipelines.engine.picture_preparation import scaled
    from pipelines.miniatures.annotator import write_sapiens

    info = probe(write_sapiens(tmp_path / "sapiens"))
    assert (info.kind, info.variant, info.problem) == (ModelKind.ANNOTATOR, "pose", "")
    rgb = picture(60, 80, seed=2)[..., :3]
    annotator = load_annotator(info, Device("cpu", torch.float32, 1, 2**30), lambda: None)
    (person,) = people_in(annotator, rgb, np.array([[4, 4, 45, 60]], np.float32))
    bare = transformers.Sapiens2ForPoseEstimation.from_pretrained(info.path, dtype=torch.float32).eval()
    place = place_of(np.array([4, 4, 45, 60], np.float32), (64, 48))
    shown = cv2.warpAffine(rgb, place.into((64, 48)), (48, 64), flags=cv2.INTER_LINEAR)
    given = torch.from_numpy(scaled(np.asarray(shown, np.float32), annotator.preparation))[None]
    with torch.inference_mode():
        tops = bare(pixel_values=given).heatmaps[0].amax(dim=(1, 2)).numpy()
    assert np.allclose(person.sure[91:112], tops[[62, *(42 + 4 * f + j for f in range(5) for j in (3, 2, 1, 0))]])


@pytest.mark.slow
def test_people_are_found_where_the_network_says(eyes: dict[str, ModelInfo], monkeypatch: pytest.MonkeyPatch) -> None:
    import torch
    import transformers

    from pipelines.engine import annotators as module
    from pipelines.engine.memory import Device

    monkeypatch.setattr(module, "_SURE_OF_A_PERSON", 0.0)
    rgb = picture(120, 80, 5)[..., :3]
    found = module.load_annotator(eyes["people"], Device("cpu", torch.float32, 1, 2**30), lambda: None)
    boxes = module.boxes_in(found, rgb)
    bare = transformers.RTDetrForObjectDetection.from_pretrained(eyes["people"].path, dtype=torch.float32).eval()
    processor: Any = transformers.RTDetrImageProcessorPil.from_pretrained(eyes["people"].path)
    shown: Any = Image.fromarray(rgb)
    with torch.inference_mode():
        said = bare(**processor(images=shown, return_tensors="pt"))
    theirs = processor.post_process_object_detection(said, threshold=0.0, target_sizes=[(80, 120)])[0]
    people = theirs["boxes"][theirs["labels"] == 0].numpy()
    assert len(people) > 0
    corners = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
    for one in people:
        assert np.abs(corners - one).max(axis=1).min() < 1.0


@pytest.mark.slow
def test_a_second_look_costs_nothing_and_progress_is_told(studio: Studio) -> None:
    rgba = picture(64, 64, 31)
    first = look(studio, "depth", rgba, DEPTH)
    steps = [event.step for event in first if isinstance(event, Progress)]
    assert steps == sorted(set(steps))
    assert steps[-1] == next(event.steps for event in first if isinstance(event, Started))
    again = look(studio, "depth", rgba.copy(), DEPTH)
    assert not any(isinstance(event, Started | Loading) for event in again)
    end, before = again[-1], first[-1]
    assert isinstance(end, Annotated)
    assert isinstance(before, Annotated)
    assert np.array_equal(end.image, before.image)
    assert any(isinstance(event, Started) for event in look(studio, "dpt", rgba, DEPTH)), "another model, another map"


@pytest.mark.slow
def test_it_is_cancelled_between_layers(studio: Studio) -> None:
    def cancel(event: EngineEvent) -> None:
        if isinstance(event, Progress) and event.job_id == "stop" and event.step == 3:
            studio.engine.cancel("stop")

    studio.listen = cancel
    studio.engine.look("stop", AnnotationRequest("depth", picture(40, 40, 9)))
    events = list(studio.events_of("stop"))
    studio.listen = lambda _event: None
    assert isinstance(events[-1], Cancelled)
    assert max(event.step for event in events if isinstance(event, Progress)) == 3


@pytest.mark.slow
def test_faults_are_sentences(studio: Studio) -> None:
    cases = (("sd1", DEPTH, "cannot see"), ("depth", POSE, "does not see"), ("nowhere", DEPTH, "nowhere"))
    for model, kind, words in cases:
        end = look(studio, model, picture(30, 30), kind)[-1]
        assert isinstance(end, Failed)
        assert words in end.sentence


@pytest.mark.slow
def test_a_job_makes_the_maps_that_its_control_layers_need(studio: Studio) -> None:
    from pipelines.contract.request import GenerationRequest

    rgba = picture(64, 64, 12)
    control = ControlImage("depth", rgba, 0.0, kind=DEPTH, annotator="depth")
    asked = sample(width=64, height=64, num_inference_steps=1, controls=(control,))
    assert "depth" in asked.addons
    back = GenerationRequest.from_dict(asked.to_dict(), asked.pictures)
    assert back.controls[0].annotator == "depth"
    kept: list[Any] = []

    def watch(event: EngineEvent) -> None:
        kept.append(event)

    studio.listen = watch
    assert isinstance(studio.end_of(asked), Finished)
    studio.listen = lambda _event: None
    first = next(event for event in kept if isinstance(event, Started))
    assert first.steps > 1, "the annotator's, before the painting's one step"
    assert not any(isinstance(event, Started) for event in look(studio, "depth", rgba, DEPTH)), (
        "it was seen for the job"
    )
