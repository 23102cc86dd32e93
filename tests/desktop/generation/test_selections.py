"""Every kind of selection asks for the sensible thing, in every mode that works on one."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from canvas.compositor import Compositor
from canvas.document import Document
from canvas.geometry import Bounds
from canvas.layers import GroupLayer, PaintLayer
from canvas.selection import Combine, Selection
from desktop.generation.capture import Capture, Terms, capture, find_region
from desktop.generation.detection import detect_mode
from desktop.generation.form import Context, GenerationSettings
from desktop.generation.modes import MODES, RAN_AS, SELECTION_MODES, Mode, mode_of_record
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.request import MAX_SIDE, Fill, GenerationRequest, Task
from pipelines.planning.masks import rim_for
from tests.desktop.generation.test_capture import paint

FRAME = Bounds(0, 0, 512, 512)


@pytest.fixture
def document() -> Document:
    made = Document.new(FRAME)
    paint(made, FRAME)
    return made


@pytest.fixture
def compositor(document: Document):
    made = Compositor(document, QColor("white"))
    yield made
    made.close()


def captured(document: Document, compositor: Compositor, **settings: object) -> Capture:
    return capture(document, compositor, GenerationSettings(**settings))  # type: ignore[arg-type]


def mask_on_canvas(request: GenerationRequest, area: Bounds) -> np.ndarray:
    """The request's mask where it lies, (h, w) of the area."""
    assert request.mask is not None
    where = Bounds(request.x, request.y, request.width, request.height)
    return Selection.from_mask(where, request.mask).coverage(area)


SOFT = Selection.ellipse(Bounds(100, 120, 200, 140)).feathered(20)
RING = Selection.ellipse(Bounds(100, 100, 200, 200)).combined(
    Selection.ellipse(Bounds(150, 150, 100, 100)), Combine.SUBTRACT
)
FAR = Selection.rectangle(Bounds(-500, -40, 90, 60)).combined(
    Selection.rectangle(Bounds(700, 400, 30, 200)), Combine.ADD
)


@pytest.mark.parametrize(
    "selection",
    [
        SOFT,
        Selection.rectangle(Bounds(200, 200, 64, 40)),
        RING,
        FAR,
        Selection.rectangle(Bounds(-150, -150, 800, 780)),
        Selection.rectangle(Bounds(250, 250, 1, 1)),
        Selection.rectangle(Bounds(3000, -2000, 80, 80)),
    ],
    ids=["soft", "hard", "hole", "disjoint", "larger than the picture", "one pixel", "outside the frame"],
)
def test_the_mask_is_the_selection(document: Document, compositor: Compositor, selection: Selection) -> None:
    document.set_selection(selection)
    for mode in (Mode.FILL, Mode.REMOVE, Mode.EXPAND, Mode.REFINE):
        made = captured(document, compositor, mode=mode)
        request = made.request
        assert request.task is Task.INPAINT
        assert made.bounds.contains(selection.bounds)
        assert (mask_on_canvas(request, selection.bounds) == selection.mask).all()
        assert request.mask is not None
        assert int(request.mask.sum(dtype=np.int64)) == int(selection.mask.sum(dtype=np.int64))
        assert min(request.width, request.height) >= 256
        assert max(request.width, request.height) <= MAX_SIDE


def test_feather_0_means_exactly_the_selection(document: Document, compositor: Compositor) -> None:
    document.set_selection(Selection.rectangle(Bounds(200, 200, 64, 40)))
    request = captured(document, compositor, auto_rim=False, mask_grow=0, mask_feather=0, mask_blend=0).request
    assert (request.mask_grow, request.mask_feather, request.mask_blend) == (0, 0, 0)


def test_the_rim_follows_the_selection_and_the_strength(document: Document, compositor: Compositor) -> None:
    document.set_selection(Selection.rectangle(Bounds(100, 100, 300, 400)))
    for strength in (1.0, 0.4):
        request = captured(document, compositor, inpaint_strength=strength).request
        wanted = rim_for(500.0, strength)
        assert (request.mask_grow, request.mask_feather, request.mask_blend) == (
            wanted.grow,
            wanted.feather,
            wanted.blend,
        )
    weak = captured(document, compositor, inpaint_strength=0.4).request
    full = captured(document, compositor, inpaint_strength=1.0).request
    assert weak.mask_feather < full.mask_feather
    assert (weak.fill, full.fill) == (Fill.ORIGINAL, Fill.BLUR)


def test_across_layer_groups_what_is_seen_is_what_is_sent(document: Document, compositor: Compositor) -> None:
    group = GroupLayer("group")
    document.add_layer(group)
    inner = PaintLayer("inner")
    document.add_layer(inner, group)
    document.active = inner
    paint(document, Bounds(256, 0, 256, 512), "#aa2200")
    document.set_layer(group, opacity=0.5)
    document.set_selection(Selection.rectangle(Bounds(230, 230, 52, 52)))
    request = captured(document, compositor).request
    assert request.image is not None
    left = request.image[256 - request.y, 250 - request.x]
    right = request.image[256 - request.y, 260 - request.x]
    assert tuple(left) == (0x33, 0x66, 0x99, 255)
    assert abs(int(right[0]) - (0x33 + 0xAA) // 2) <= 2


def test_over_empty_canvas_beside_a_picture_it_expands(document: Document, compositor: Compositor) -> None:
    document.set_selection(Selection.rectangle(Bounds(480, 100, 200, 200)))
    assert detect_mode(document, compositor) is Mode.EXPAND
    made = captured(document, compositor, inpaint_strength=0.3, prompt="sea")
    assert (made.request.task, made.request.fill, made.request.strength) == (Task.INPAINT, Fill.BORDER, 1.0)
    assert mode_of_record(str(made.request.task), made.form) is Mode.EXPAND
    document.set_selection(Selection.rectangle(Bounds(400, 100, 130, 200)))
    assert detect_mode(document, compositor) is Mode.FILL  # most of it is painted


def test_over_empty_canvas_far_from_everything_it_fills(document: Document, compositor: Compositor) -> None:
    document.set_selection(Selection.ellipse(Bounds(3000, 3000, 300, 200)))
    assert detect_mode(document, compositor) is Mode.FILL
    assert captured(document, compositor, inpaint_strength=0.3).request.strength == 1.0


def test_a_hole_in_the_picture_is_grown_into_and_a_sketch_is_not(compositor: Compositor, document: Document) -> None:
    layer = document.active
    assert isinstance(layer, PaintLayer)
    document.clear(layer, Selection.rectangle(Bounds(200, 200, 120, 120)))
    document.set_selection(Selection.rectangle(Bounds(195, 195, 130, 130)))
    assert detect_mode(document, compositor) is Mode.EXPAND
    document.clear(layer, Selection.none())
    for x in range(100, 400, 40):
        paint(document, Bounds(x, 100, 3, 300))
    assert detect_mode(document, compositor) is Mode.FILL


def test_a_selection_larger_than_what_can_be_made_is_a_sentence(document: Document, compositor: Compositor) -> None:
    document.set_selection(Selection.rectangle(Bounds(-100, 0, MAX_SIDE + 8, 40)))
    for mode in SELECTION_MODES:
        with pytest.raises(InvalidRequestError, match=r"selection is 8200 x 40 pixels; at most 8192 .* smaller part"):
            captured(document, compositor, mode=mode)
    document.set_selection(Selection.rectangle(Bounds(-100, 0, MAX_SIDE, 40)))
    settings = GenerationSettings(mode=Mode.FILL)
    assert find_region(document, compositor, settings, Terms()).bounds.width == MAX_SIDE


def test_remove_needs_no_words(document: Document, compositor: Compositor) -> None:
    document.set_selection(RING)
    made = captured(document, compositor, mode=Mode.REMOVE, prompt="a boat", negative_prompt="people")
    request = made.request
    assert (request.prompt, request.negative_prompt, request.fill) == ("", "people", Fill.BORDER)
    assert request.strength == GenerationSettings().remove_strength < 1.0, "at full strength the fill is forgotten"
    assert captured(document, compositor, mode=Mode.REMOVE, remove_strength=0.8).request.strength == 0.8
    assert (made.form["prompt"], made.form[RAN_AS]) == ("a boat", "remove")


def test_replace_background_keeps_what_is_selected(document: Document, compositor: Compositor) -> None:
    document.set_selection(SOFT)
    request = captured(document, compositor, mode=Mode.BACKGROUND, prompt="a beach").request
    assert (request.x, request.y, request.width, request.height) == FRAME
    assert (mask_on_canvas(request, FRAME) == 255 - SOFT.coverage(FRAME)).all()
    assert request.mask_grow + request.mask_feather <= 10
    assert (request.prompt, request.fill) == ("a beach", Fill.NEUTRAL)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [(Bounds(2000, 2000, 50, 50), "inside the frame"), (Bounds(-10, -10, 600, 600), "no background left")],
)
def test_replace_background_says_what_is_wrong(
    document: Document, compositor: Compositor, bounds: Bounds, words: str
) -> None:
    document.set_selection(Selection.rectangle(bounds))
    with pytest.raises(InvalidRequestError, match=words):
        captured(document, compositor, mode=Mode.BACKGROUND)


def test_refine_works_on_the_selection_when_there_is_one(document: Document, compositor: Compositor) -> None:
    assert captured(document, compositor, mode=Mode.REFINE, strength=0.3).request.task is Task.IMAGE_TO_IMAGE
    document.set_selection(SOFT)
    request = captured(document, compositor, mode=Mode.REFINE, strength=0.3).request
    assert (request.task, request.strength, request.fill) == (Task.INPAINT, 0.3, Fill.ORIGINAL)


def test_the_context_is_chosen(document: Document, compositor: Compositor) -> None:
    document.set_selection(Selection.rectangle(Bounds(100, 100, 200, 200)))
    tight, automatic, wide = (
        captured(document, compositor, context=one).bounds for one in (Context.TIGHT, Context.AUTOMATIC, Context.WIDE)
    )
    assert wide.contains(automatic)
    assert automatic.contains(tight)
    assert tight.width < automatic.width < wide.width
    assert captured(document, compositor, context=Context.FRAME).bounds == FRAME
    dragged = Bounds(0, 40, 400, 400)
    settings = GenerationSettings(context=Context.WIDE)
    assert capture(document, compositor, settings, Terms(context=dragged)).bounds == dragged
    inside = Bounds(150, 150, 16, 16)  # never less than the selection with its rim
    assert capture(document, compositor, settings, Terms(context=inside)).bounds.contains(Bounds(90, 90, 220, 220))


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_that_needs_a_selection_says_so(document: Document, compositor: Compositor, mode: Mode) -> None:
    if not mode.needs_selection:
        return
    with pytest.raises(InvalidRequestError, match=r"Nothing is selected.* Draw a lasso"):
        captured(document, compositor, mode=mode)
