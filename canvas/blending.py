"""What Qt's painter cannot do: some blend modes, and adjustments, on premultiplied images."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from canvas.adjustments import Adjustment
from canvas.layers import BlendMode
from canvas.pixels import view, writable_view

Plane = NDArray[np.float32]
LUMA = (np.float32(0.11), np.float32(0.59), np.float32(0.3))
"Blue, green, red, as in the W3C's Compositing and Blending Level 1."
TINY = np.float32(1e-6)


def mix(target: QImage, source: QImage, opacity: float, mode: BlendMode, at: tuple[int, int] = (0, 0)) -> None:
    """Blend an image onto another at pixel `at`, with one of hue, saturation, color, luminosity and plus.

    Formulas of the W3C's Compositing and Blending Level 1, section 10.2; both images are premultiplied ARGB32.
    """
    width = min(source.width(), target.width() - at[0])
    height = min(source.height(), target.height() - at[1])
    below = writable_view(target)[at[1] : at[1] + height, at[0] : at[0] + width]
    above = view(source)[:height, :width]
    seen = above[..., 3] > 0
    if not seen.any():
        return
    old, new = below[seen].astype(np.float32).T / 255, above[seen].astype(np.float32).T * np.float32(opacity / 255)
    old_alpha, new_alpha = old[3], new[3]
    backdrop = old[:3] / np.maximum(old_alpha, TINY)
    ink = new[:3] / np.maximum(new_alpha, TINY)
    out = (1 - new_alpha) * old[:3] + (1 - old_alpha) * new[:3] + old_alpha * new_alpha * _mixed(backdrop, ink, mode)
    alpha = old_alpha + new_alpha - old_alpha * new_alpha
    rounded = np.concatenate([np.minimum(out, alpha), alpha[None]]) * 255 + np.float32(0.5)
    below[seen] = np.clip(rounded, 0, 255).astype(np.uint8).T


def adjust(target: QImage, adjustment: Adjustment, opacity: float, shape: QImage | None) -> None:
    """Change the colours of a premultiplied image in place; `shape` limits it by its alpha."""
    straight = target.convertToFormat(QImage.Format.Format_ARGB32)
    changed = adjustment.apply(view(straight))
    height, width = changed.shape[:2]
    back = QImage(changed.data, width, height, width * 4, QImage.Format.Format_ARGB32).convertToFormat(target.format())
    pixels, wanted = writable_view(target), view(back)
    if opacity >= 1.0 and shape is None:
        pixels[:] = wanted
        return
    weight = np.full((height, width), opacity, np.float32)
    if shape is not None:
        weight *= view(shape)[..., 3].astype(np.float32) / 255
    old = pixels.astype(np.float32)
    old += (wanted.astype(np.float32) - old) * weight[..., None]
    pixels[:] = (old + np.float32(0.5)).astype(np.uint8)


def make_opaque(image: QImage) -> QImage:
    """The same colours with full alpha; black where nothing is."""
    straight = image.convertToFormat(QImage.Format.Format_ARGB32)
    writable_view(straight)[..., 3] = 255
    return straight.convertToFormat(image.format())


def _mixed(backdrop: Plane, ink: Plane, mode: BlendMode) -> Plane:
    """(3, n) straight colours blended where both are opaque."""
    if mode is BlendMode.PLUS:
        return np.minimum(backdrop + ink, 1)
    if mode is BlendMode.COLOR:
        return _with_luminosity(ink, _luminosity(backdrop))
    if mode is BlendMode.LUMINOSITY:
        return _with_luminosity(backdrop, _luminosity(ink))
    hue, strength = (ink, backdrop) if mode is BlendMode.HUE else (backdrop, ink)
    return _with_luminosity(_with_saturation(hue, _saturation(strength)), _luminosity(backdrop))


def _luminosity(colour: Plane) -> Plane:
    return colour[0] * LUMA[0] + colour[1] * LUMA[1] + colour[2] * LUMA[2]


def _saturation(colour: Plane) -> Plane:
    return colour.max(axis=0) - colour.min(axis=0)


def _with_saturation(colour: Plane, wanted: Plane) -> Plane:
    least = colour.min(axis=0)
    return (colour - least) * (wanted / np.maximum(colour.max(axis=0) - least, TINY))


def _with_luminosity(colour: Plane, wanted: Plane) -> Plane:
    """SetLum and ClipColor in one: towards grey by as much as brings every channel into 0..1."""
    moved = colour + (wanted - _luminosity(colour))
    least, most = moved.min(axis=0), moved.max(axis=0)
    kept = np.minimum(wanted / np.maximum(wanted - least, TINY), (1 - wanted) / np.maximum(most - wanted, TINY))
    return wanted + (moved - wanted) * np.minimum(kept, 1)
