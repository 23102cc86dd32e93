"""Sweeps: what can be typed, what every cell is painted with, and where the grid lies."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from desktop.generation.form import GenerationSettings
from desktop.generation.modes import Mode
from desktop.generation.sweep import Axis, Cell, Scope, Sweep, SweepField, Value, make_sweep, read_axis
from desktop.generation.sweep_grid import draw_labels, place_grid, shown
from desktop.generation.sweep_values import SweepError, numbers, words
from pipelines.contract.models import Family, ModelInfo, ModelKind, SchedulerName
from pipelines.planning.masks import Rim

MODELS = tuple(
    ModelInfo(f"/models/{name}.safetensors", name, "", ModelKind.CHECKPOINT, Family.SD1)
    for name in ("Inky", "Inky Two", "Wash")
)
SETTINGS = GenerationSettings(prompt="summer, a boat, summer light", negative_prompt="people", seed=5)
SCOPE = Scope(SETTINGS, Mode.FILL, MODELS)
RIM = Rim(7, 20, 11)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1, 2, 3", [1, 2, 3]),
        (" 4 ,4", [4, 4]),
        ("4-12 (+4)", [4, 8, 12]),
        ("4-11 (+4)", [4, 8]),
        ("12-4 (-4)", [12, 8, 4]),
        ("12-4 (+4)", [12, 8, 4]),
        ("3–6", [3, 4, 5, 6]),
        ("1-10 [4]", [1, 4, 7, 10]),
        ("1-2 [5]", [1, 2]),
        ("7 [1], 1-3 [2]", None),
        ("7-9 [1], 1-3 [2]", [7, 1, 3]),
        ("1，2、3", [1, 2, 3]),
        ("1\n2", [1, 2]),
    ],
)
def test_whole_numbers(text: str, found: list[int] | None) -> None:
    if found is None:
        with pytest.raises(SweepError, match="cannot be read"):
            numbers(text, 1, 200, whole=True, most=100)
    else:
        assert numbers(text, 1, 200, whole=True, most=100) == found


def test_numbers_with_fractions_and_long_seeds() -> None:
    assert numbers("0.5-2 (+0.5), .25", 0, 50, whole=False, most=100) == [0.5, 1, 1.5, 2, 0.25]
    assert numbers("0-1 [5]", 0, 50, whole=False, most=100) == [0, 0.25, 0.5, 0.75, 1]
    assert numbers("0.1-0.3 (+0.1)", 0, 50, whole=False, most=100) == [0.1, 0.2, 0.3]
    seed = 2**63 - 5
    assert numbers(f"{seed}-{seed + 2}", 0, 2**63 - 1, whole=True, most=100) == [seed, seed + 1, seed + 2]
    drawn = numbers("?, ?", 0, 2**63 - 1, whole=True, most=100)
    assert len(set(drawn)) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "at least one value"),
        (" , ,", "at least one value"),
        ("four", "'four' cannot be read"),
        ("1-", "cannot be read"),
        ("-3", "cannot be read"),
        ("1e9", "cannot be read"),
        ("nan", "cannot be read"),
        ("inf", "cannot be read"),
        ("1-5 (+0)", "step of '1-5 \\(\\+0\\)' is 0"),
        ("1.5", "only whole numbers"),
        ("0", "must be 1 to 200"),
        ("201", "must be 1 to 200"),
        ("1-99999999999999999999", "means 99999999999999999999 values; it must be 1 to 100"),
        ("1-10 [0]", "means 0 values"),
        ("1-10 [101]", "means 101 values"),
        ('"1, 2', "is not closed"),
        ("1-60, 1-60", "more than 100 values"),
        ("9" * 5000, "too long"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, sentence: str) -> None:
    with pytest.raises(SweepError, match=sentence):
        numbers(text, 1, 200, whole=True, most=100)


def test_percent_is_written_as_in_the_form() -> None:
    axis = read_axis(SweepField.STRENGTH, "20-80 (+30) , 95 %", SCOPE)
    assert [value.value for value in axis.values] == [0.2, 0.5, 0.8, 0.95]
    assert axis.values[0].label == "Strength 20 %"
    with pytest.raises(SweepError, match="Write 50 for a half"):
        read_axis(SweepField.STRENGTH, "0.5", SCOPE)
    with pytest.raises(SweepError, match="must be 1 to 100"):
        read_axis(SweepField.STRENGTH, "0", SCOPE)


def test_words_are_searched_and_replaced() -> None:
    assert words('mist, "snow, night", “rain, dusk”') == ["mist", "snow, night", "rain, dusk"]
    axis = read_axis(SweepField.PROMPT, 'summer, "winter, snow"', SCOPE)
    sweep = Sweep(axis, read_axis(SweepField.NEGATIVE, "people, boats, birds", SCOPE))
    cells = [sweep.settings(SETTINGS, Mode.FILL, cell, RIM) for cell in sweep.cells()]
    assert [(one.prompt, one.negative_prompt) for one in cells] == [
        (prompt, negative)
        for negative in ("people", "boats", "birds")
        for prompt in ("summer, a boat, summer light", "winter, snow, a boat, winter, snow light")
    ]
    with pytest.raises(SweepError, match="'autumn' is not in the prompt: 'summer, a boat"):
        read_axis(SweepField.PROMPT, "autumn, winter", SCOPE)


def test_names_of_schedulers_and_models() -> None:
    axis = read_axis(SweepField.SCHEDULER, "Euler A, dpmpp-2m, model's own", SCOPE)
    assert [value.value for value in axis.values] == [
        SchedulerName.EULER_A, SchedulerName.DPMPP_2M, SchedulerName.DEFAULT
    ]  # fmt: skip
    assert axis.values[1].label == "DPM++ 2M"
    with pytest.raises(SweepError, match="no scheduler 'fast'"):
        read_axis(SweepField.SCHEDULER, "fast", SCOPE)
    axis = read_axis(SweepField.MODEL, "inky, wash", SCOPE)
    assert [value.value for value in axis.values] == [MODELS[0].id, MODELS[2].id]
    with pytest.raises(SweepError, match="fits several models: Inky, Inky Two"):
        read_axis(SweepField.MODEL, "ink", SCOPE)
    with pytest.raises(SweepError, match="no model 'flux'"):
        read_axis(SweepField.MODEL, "flux", SCOPE)


def test_settings_that_mean_nothing_are_refused() -> None:
    for name, mode, sentence in (
        (SweepField.STRENGTH, Mode.GENERATE, "Strength means nothing"),
        (SweepField.FEATHER, Mode.REFINE, "no soft rim"),
        (SweepField.PROMPT, Mode.REMOVE, "without words"),
    ):
        with pytest.raises(SweepError, match=sentence):
            read_axis(name, "1", Scope(SETTINGS, mode, MODELS))


def test_every_cell_differs_in_its_own_settings_only() -> None:
    sweep = make_sweep(
        read_axis(SweepField.FEATHER, "0, 40", SCOPE), read_axis(SweepField.VARIATION, "0, 25", SCOPE)
    )  # fmt: skip
    first, last = (sweep.settings(SETTINGS, Mode.FILL, cell, RIM) for cell in (Cell(0, 0), Cell(1, 1)))
    assert (first.auto_rim, first.mask_grow, first.mask_feather, first.mask_blend) == (False, 7, 0, 11)
    assert (last.mask_feather, last.variation_strength, last.seed, last.random_seed) == (40, 0.25, 5, False)
    assert (last.mode, last.num_images_per_prompt, last.prompt) == (Mode.FILL, 1, SETTINGS.prompt)
    strong = Sweep(read_axis(SweepField.STRENGTH, "40", SCOPE))
    assert strong.settings(SETTINGS, Mode.FILL, Cell(0, 0), RIM).inpaint_strength == 0.4
    assert strong.settings(SETTINGS, Mode.REFINE, Cell(0, 0), RIM).strength == 0.4


def test_axes_that_do_not_go_together() -> None:
    seeds = read_axis(SweepField.SEED, "1-11", SCOPE)
    with pytest.raises(SweepError, match="both set Seed"):
        make_sweep(seeds, seeds)
    with pytest.raises(SweepError, match="11 × 10 are 110 pictures; at most 100"):
        make_sweep(seeds, read_axis(SweepField.STEPS, "1-10", SCOPE))
    both = make_sweep(read_axis(SweepField.PROMPT, "summer, winter", SCOPE),
                      read_axis(SweepField.PROMPT, "boat, bird", SCOPE))  # fmt: skip
    assert both.settings(SETTINGS, Mode.FILL, Cell(1, 1), RIM).prompt == "winter, a bird, winter light"


def test_models_are_painted_one_after_the_other() -> None:
    models = read_axis(SweepField.MODEL, "wash, inky", SCOPE)
    sweep = Sweep(models, read_axis(SweepField.SEED, "1, 2, 3", SCOPE))
    assert [cell.column for cell in sweep.cells()] == [0, 0, 0, 1, 1, 1]


def labelled(columns: int, rows: int, text: str = "Guidance 2") -> Sweep:
    def axis(count: int) -> Axis:
        return Axis(SweepField.GUIDANCE, tuple(Value(one, f"{text} {one}") for one in range(count)))

    return Sweep(axis(columns), axis(rows) if rows > 1 else None)


@pytest.mark.parametrize(("width", "height"), [(256, 256), (512, 320), (40, 900)])
@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (10, 10)])
def test_cells_lie_right_of_everything_and_never_touch(qapp, shape: tuple[int, int], width: int, height: int) -> None:
    del qapp
    sweep = labelled(*shape)
    painted, region = Bounds(-300, -50, 900, 400), Bounds(10, 20, width, height)
    grid = place_grid(sweep, painted, region)
    assert grid.bounds.x > max(painted.right, region.right)
    boxes = [grid.cell(cell) for cell in sweep.cells()]
    assert all((box.width, box.height) == (width, height) for box in boxes)
    everything = [*boxes, grid.above, grid.beside]
    for number, box in enumerate(everything):
        assert grid.bounds.contains(box)
        assert all(box.intersected(other).is_empty for other in everything[number + 1 :])
    for cell, box in zip(sweep.cells(), boxes, strict=True):
        assert grid.at(box.x, box.y) == grid.at(box.right - 0.5, box.bottom - 0.5) == cell
        assert grid.at(box.x - 0.5, box.y) != cell
    assert grid.at(grid.x - 5, grid.y) is None
    assert grid.at(boxes[-1].right + 1, boxes[-1].y) is None


@pytest.mark.parametrize(
    "text", ["Guidance", "a very long prompt with many words that does not fit into one line at all", "山水" * 40]
)
def test_labels_stand_at_their_rows_and_columns(qapp, text: str) -> None:
    del qapp
    sweep = labelled(3, 2, text)
    grid = place_grid(sweep, Bounds(0, 0, 256, 256), Bounds(0, 0, 256, 256))
    (above, top), (beside, left) = draw_labels(sweep, grid, QColor("black"))
    assert (above, beside) == (grid.above, grid.beside)
    coverage = to_rgba(top)[..., 3]
    for column in range(3):
        box = grid.cell(Cell(column, 0))
        assert coverage[:, box.x - above.x : box.right - above.x].any()
    gap = grid.cell(Cell(0, 0)).right - above.x
    assert not coverage[:, gap : gap + grid.gap].any()  # none runs into its neighbour
    rows = to_rgba(left)[..., 3]
    for row in range(2):
        box = grid.cell(Cell(0, row))
        assert rows[box.y - beside.y : box.bottom - beside.y].any()


def test_a_patch_is_shown_over_what_it_was_painted_into() -> None:
    under, patch = np.zeros((4, 6, 4), np.uint8), np.zeros((4, 6, 4), np.uint8)
    under[:, :4] = (200, 100, 0, 255)
    patch[:, 2:] = (0, 100, 200, 128)
    seen = shown(under, patch)
    assert (seen[:, :2] == under[:, :2]).all()
    assert (seen[:, 2:4, 3] == 255).all()
    assert np.abs(seen[0, 2, :3].astype(int) - (100, 100, 100)).max() <= 1
    assert (seen[:, 4:] == patch[:, 4:]).all()
    assert shown(None, patch) is patch
