"""Control pictures made of painted ones."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipelines.contract.control import ControlKind
from pipelines.planning.control import MADE, ControlSettings, control_image, drawn_lines, kind_of

LINES = (ControlKind.CANNY, ControlKind.LINEART, ControlKind.SOFTEDGE, ControlKind.SCRIBBLE)


def house(side: int = 256) -> np.ndarray:
    """A red roof on green of the same brightness, a dark door, some noise."""
    picture = np.full((side, side, 3), (70, 95, 80), np.uint8)
    roof = np.array([[0.1, 0.5], [0.5, 0.1], [0.9, 0.5]]) * side
    cv2.fillPoly(picture, [roof.astype(np.int32)], (160, 55, 60))
    cv2.rectangle(picture, (side // 5, side // 2), (4 * side // 5, 9 * side // 10), (190, 120, 90), -1)
    cv2.rectangle(picture, (2 * side // 5, 6 * side // 10), (3 * side // 5, 9 * side // 10), (50, 35, 35), -1)
    noise = np.random.default_rng(2).normal(0, 3, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("kind", LINES)
def test_lines_are_white_on_black_and_lie_on_the_edges(kind: ControlKind) -> None:
    side = 256
    made = control_image(kind, house(side))
    assert made.shape == (side, side, 3)
    assert made.dtype == np.uint8
    assert (made[..., 0] == made[..., 1]).all()
    assert (made[..., 0] == made[..., 2]).all()
    assert made.mean() < 60, "most of it is black"
    assert made.max() > 200
    assert made[: side // 12, : side // 12].max() < 40, "noise is no line"
    roof = made[int(0.3 * side) - 6 : int(0.3 * side) + 6, int(0.3 * side) - 6 : int(0.3 * side) + 6]
    assert roof.max() > 60, "edges of colour count, not of brightness alone"
    door = made[7 * side // 10, 2 * side // 5 - 6 : 2 * side // 5 + 6]
    assert door.max() > 128


@pytest.mark.parametrize("kind", LINES)
def test_more_detail_draws_fainter_edges(kind: ControlKind) -> None:
    faint = np.full((256, 256, 3), 120, np.uint8)
    faint[:, 128:] = 142
    little = control_image(kind, faint, ControlSettings(detail=0.0)).astype(int).sum()
    much = control_image(kind, faint, ControlSettings(detail=1.0)).astype(int).sum()
    assert much > little


def test_a_scribble_is_as_thick_as_asked_at_every_size() -> None:
    shares = []
    for side in (512, 1024):
        for thickness in (0.0, 1.0):
            made = control_image(ControlKind.SCRIBBLE, house(side), ControlSettings(thickness=thickness))
            assert set(np.unique(made)) <= {0, 255}
            shares.append(float(made.mean()))
    assert shares[1] > 1.5 * shares[0]
    assert shares[3] == pytest.approx(shares[1], rel=0.35)


def test_tile_and_blur_leave_the_colours_and_take_the_detail() -> None:
    picture = house()
    picture[::2, ::2] = 255
    for kind in (ControlKind.TILE, ControlKind.BLUR):
        made = control_image(kind, picture)
        assert made.shape == picture.shape
        assert np.abs(made.mean(axis=(0, 1)) - picture.mean(axis=(0, 1))).max() < 3
        steps = [np.abs(np.diff(one.astype(int), axis=1)).mean() for one in (picture, made)]
        assert steps[1] < 0.5 * steps[0]
    grey = control_image(ControlKind.GRAY, picture)
    assert (grey[..., 0] == grey[..., 2]).all()


def test_what_only_a_person_sees_is_passed_on() -> None:
    picture = house()
    for kind in set(ControlKind) - MADE:
        made = control_image(kind, picture)
        assert (made == picture).all()
        assert made is not picture


def test_small_and_odd_sizes_come_back_as_they_are() -> None:
    for shape in ((16, 16, 3), (33, 257, 3), (700, 17, 3)):
        for kind in ControlKind:
            assert control_image(kind, np.zeros(shape, np.uint8)).shape == shape


def test_drawn_lines_become_white_on_black() -> None:
    empty = np.zeros((64, 64, 4), np.uint8)
    cv2.line(empty, (8, 8), (56, 56), (10, 10, 10, 255), 3)
    paper = np.full((64, 64, 4), 255, np.uint8)
    cv2.line(paper, (8, 8), (56, 56), (10, 10, 10, 255), 3)
    night = 255 - paper
    night[..., 3] = 255
    for drawn in (empty, paper, night):
        lines = drawn_lines(drawn)
        assert lines.shape == (64, 64, 3)
        assert lines[32, 32].min() > 200
        assert lines[4, 60].max() == 0


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("control_v11p_sd15_canny", ControlKind.CANNY),
        ("control_v11f1p_sd15_depth.safetensors", ControlKind.DEPTH),
        ("models/control_v11p_sd15s2_lineart_anime", ControlKind.LINEART),
        ("control_v11p_sd15_mlsd_fp16", ControlKind.LINEART),
        ("control_v11p_sd15_softedge", ControlKind.SOFTEDGE),
        ("sargezt_xl_softedge", ControlKind.SOFTEDGE),
        ("control_sd15_hed", ControlKind.SOFTEDGE),
        ("control_v11p_sd15_scribble", ControlKind.SCRIBBLE),
        ("t2iadapter_sketch_sd15v2", ControlKind.SCRIBBLE),
        ("control_v11p_sd15_openpose", ControlKind.POSE),
        ("thibaud_xl_openpose_256lora", ControlKind.POSE),
        ("control_v11p_sd15_normalbae", ControlKind.NORMAL),
        ("control_v11p_sd15_seg", ControlKind.SEGMENTATION),
        ("control_v11f1e_sd15_tile", ControlKind.TILE),
        ("TTPLANET_Controlnet_Tile_realistic_v2_fp16", ControlKind.TILE),
        ("control_v11p_sd15_inpaint", ControlKind.INPAINT),
        ("diffusers_xl_canny_mid", ControlKind.CANNY),
        ("FLUX.1-dev-ControlNet-Depth", ControlKind.DEPTH),
        ("bdsqlsz_controlllite_xl_recolor_luminance", ControlKind.GRAY),
        ("noobaiXL-blur", ControlKind.BLUR),
        ("controlnet-union-sdxl-1.0-promax", ControlKind.UNKNOWN),
        ("control_v1p_sd15_qrcode_monster", ControlKind.UNKNOWN),
        ("flux-dev-controlnet-union", ControlKind.UNKNOWN),
    ],
)
def test_names_tell_the_kind(name: str, kind: ControlKind) -> None:
    assert kind_of(name) is kind
