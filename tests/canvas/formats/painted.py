"""Small pictures of layers to write and read: soft blobs with masks, clipping, groups and modes."""

from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from canvas.formats.layered import Flattening, LayeredPicture, put_coverage, put_in, put_pixels, rgba_of
from canvas.layers import BlendMode, GroupLayer, Layer, LayerMask, PaintLayer

WIDTH, HEIGHT = 160, 120
Rgba = NDArray[np.uint8]
Some = TypeVar("Some", bound=Layer)


def blob(height: int, width: int, seed: int) -> Rgba:
    """Mottled colour with a soft round edge."""
    rng = np.random.default_rng(seed)
    rgba = np.zeros((height, width, 4), np.uint8)
    noise = cv2.GaussianBlur(rng.integers(0, 255, (height, width, 3)).astype(np.float32), (0, 0), 6)
    rgba[..., :3] = np.clip(rng.integers(30, 226, 3) + (noise - 127) * 3, 0, 255)
    yy, xx = np.mgrid[:height, :width]
    away = np.hypot((yy - height / 2) / (height / 2), (xx - width / 2) / (width / 2))
    rgba[..., 3] = np.clip((1 - away) * 400, 0, 255)
    return rgba


def paper() -> Rgba:
    """An opaque gradient."""
    rgba = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    rgba[..., 0] = np.linspace(0, 255, WIDTH)
    rgba[..., 1] = np.linspace(255, 0, HEIGHT)[:, None]
    return rgba


def painted(name: str, rgba: Rgba, place: tuple[int, int] = (0, 0), **properties: object) -> PaintLayer:
    """A layer with these pixels."""
    layer = PaintLayer(name)
    put_pixels(layer.surface, rgba, *place)
    return dressed(layer, **properties)


def dressed(layer: Some, **properties: object) -> Some:
    """The layer with other properties."""
    for name, value in properties.items():
        setattr(layer, name, value)
    return layer


def group(name: str, layers: list[Layer], **properties: object) -> GroupLayer:
    """A group of these layers, the lowest first."""
    made = GroupLayer(name)
    for layer in layers:
        put_in(layer, made)
    return dressed(made, **properties)


def masked(layer: Some, hides_outside: bool = True) -> Some:
    """The layer with a mask that fades from the upper left to the lower right."""
    yy, xx = np.mgrid[:60, :70]
    layer.mask = LayerMask(layer, hides_outside)
    put_coverage(layer.mask, np.clip(128 + (yy - xx) * 3, 0, 255).astype(np.uint8), 30, 20)
    return layer


def picture(layers: list[Layer]) -> LayeredPicture:
    """A picture of these layers with its merged look."""
    made = LayeredPicture(WIDTH, HEIGHT, layers)
    whole = Flattening(layers, made.bounds)
    whole.advance()
    made.merged = whole.surface
    return made


def look(found: LayeredPicture) -> Rgba:
    """(height, width, 4): how the layers look together."""
    whole = Flattening(found.layers, found.bounds)
    whole.advance()
    return rgba_of(PaintLayer("", whole.surface), found.bounds)


def difference(one: Rgba, other: Rgba) -> tuple[float, int]:
    """Mean and largest difference of a channel, where both are laid on white."""
    on_white = [
        (a[..., :3].astype(np.float32) * a[..., 3:] + 255.0 * (255 - a[..., 3:].astype(np.float32))) / 255
        for a in (one, other)
    ]
    apart = np.abs(on_white[0] - on_white[1])
    return float(apart.mean()), int(apart.max().round())


def everything() -> list[Layer]:
    """All that layers can be but adjustments."""
    ink = painted("红 ink", blob(80, 90, 1), (-20, 30), opacity=0.5, blend_mode=BlendMode.MULTIPLY, locked=True)
    inside: list[Layer] = [
        painted("in", blob(70, 70, 2), (60, 20)),
        painted("screen", blob(60, 60, 3), (90, 50), blend_mode=BlendMode.SCREEN, alpha_locked=True),
    ]
    return [
        painted("Paper", paper()),
        ink,
        group("组", inside, opacity=0.7),
        painted("hidden", blob(50, 50, 4), (10, 10), visible=False),
        masked(painted("masked", blob(100, 100, 5), (20, 10), blend_mode=BlendMode.OVERLAY)),
        masked(painted("faded", blob(50, 60, 8), (30, 20)), hides_outside=False),
        painted("base", blob(40, 60, 6), (80, 70)),
        painted("clip", blob(60, 60, 7), (100, 60), clipped=True),
        PaintLayer("empty"),
    ]
