"""The camera's arithmetic: what goes out comes back, and pixels stay pixels."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from canvas.geometry import Bounds, PointF
from desktop.view.camera import MAX_ZOOM, MIN_ZOOM, Camera, mip_level

places = st.floats(-1e6, 1e6)
cameras = st.builds(
    Camera,
    center=st.builds(PointF, places, places),
    zoom=st.floats(MIN_ZOOM, MAX_ZOOM),
    rotation=st.floats(-179, 180).map(lambda degrees: round(degrees, 3)),
    mirrored=st.booleans(),
    width=st.integers(1, 4000),
    height=st.integers(1, 3000),
    ratio=st.sampled_from([1.0, 1.25, 1.5, 2.0]),
)
spots = st.tuples(st.floats(0, 2000), st.floats(0, 2000))


@given(cameras, spots)
def test_view_to_canvas_and_back(camera: Camera, spot: tuple[float, float]) -> None:
    back = camera.to_view(*camera.to_canvas(*spot))
    assert back == pytest.approx(spot, abs=1e-4)


@given(cameras)
def test_origin_lies_on_whole_device_pixels(camera: Camera) -> None:
    assert all(value == int(value) for value in camera.origin)


@given(cameras, st.integers(-500, 500), st.integers(-500, 500))
def test_pan_moves_by_exactly_what_was_asked(camera: Camera, dx: int, dy: int) -> None:
    # Half a device pixel may go either way, here and in the origin.
    moved = camera.panned(dx, dy)
    assert moved.origin[0] - camera.origin[0] == pytest.approx(dx * camera.ratio, abs=1.51)
    assert moved.origin[1] - camera.origin[1] == pytest.approx(dy * camera.ratio, abs=1.51)
    assert moved.scale_key == camera.scale_key


@given(cameras, spots, st.floats(MIN_ZOOM, MAX_ZOOM))
def test_zoom_keeps_the_point_under_the_cursor(camera: Camera, spot: tuple[float, float], zoom: float) -> None:
    held = camera.to_canvas(*spot)
    after = camera.zoomed(zoom, spot).to_device(*held)
    assert after == pytest.approx((spot[0] * camera.ratio, spot[1] * camera.ratio), abs=1.0)


@given(cameras, spots, st.floats(-720, 720))
def test_turning_keeps_the_anchor(camera: Camera, spot: tuple[float, float], angle: float) -> None:
    held = camera.to_canvas(*spot)
    turned = camera.turned(camera.rotation + angle, spot)
    assert -180 < turned.rotation <= 180
    assert turned.to_device(*held) == pytest.approx((spot[0] * camera.ratio, spot[1] * camera.ratio), abs=1.5)


@given(cameras, places, places)
def test_mirroring_exchanges_left_and_right_on_the_screen(camera: Camera, x: float, y: float) -> None:
    near = (camera.center.x + x / 1e4, camera.center.y + y / 1e4)
    width, _ = camera.device_size
    before, after = camera.to_device(*near), camera.flipped().to_device(*near)
    assert after[0] == pytest.approx(width - before[0], abs=1.5)
    assert after[1] == pytest.approx(before[1], abs=1.5)
    assert camera.flipped().flipped() == camera


corners, sides = st.integers(-9999, 9999), st.integers(1, 4000)


@given(cameras, st.builds(Bounds, corners, corners, sides, sides))
def test_fit_shows_everything(camera: Camera, bounds: Bounds) -> None:
    assume(min(camera.width, camera.height) >= 32)  # in a view of a few pixels the margin is less than one
    fitted = camera.fitted(bounds)
    if fitted.zoom > MIN_ZOOM:
        assert fitted.visible_bounds().contains(bounds)
    assert fitted.zoom <= 1.0


@given(st.floats(MIN_ZOOM, MAX_ZOOM))
def test_mips_are_scaled_by_three_quarters_to_one_and_a_half(zoom: float) -> None:
    residual = zoom * 2 ** mip_level(zoom)
    assert residual >= 0.75 - 1e-9
    assert residual < 1.5 or mip_level(zoom) == 0


def test_a_thousand_small_pans_do_not_drift() -> None:
    camera = Camera(center=PointF(0.37, 0.11), zoom=1.7, rotation=31.0, width=801, height=603)
    moved = camera
    for step in range(1000):
        moved = moved.panned(3, -2) if step % 2 == 0 else moved.panned(-3, 2)
    assert math.dist(moved.center, camera.center) < 1e-6
    assert moved.origin == camera.origin
