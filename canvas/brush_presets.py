"""The brushes that come with the program, in groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from canvas.adjustments import STRAIGHT, CurvePoints
from canvas.brush import BrushSettings
from canvas.dynamics import Dynamic
from canvas.errors import CanvasError
from canvas.layers import BlendMode

GENTLE: CurvePoints = ((0.0, 0.0), (0.4, 0.12), (1.0, 1.0))
QUICK: CurvePoints = ((0.0, 0.0), (0.35, 0.7), (1.0, 1.0))
FALLING: CurvePoints = ((0.0, 1.0), (1.0, 0.0))


@dataclass(frozen=True)
class BrushPreset:
    """A brush under a name."""

    id: str
    "Stable and unique, such as 'ink-pen'."
    name: str
    "English source of the context `presets`, or what a person called it."
    group: str
    "English source of the context `presets`: Pencils, Ink, Paint, Dry, Effects, Erasers."
    settings: BrushSettings
    "The brush."

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; `from_dict` reads it."""
        return {"id": self.id, "name": self.name, "group": self.group, "settings": self.settings.to_dict()}

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> "BrushPreset":
        """The preset that was stored. Raises CanvasError for one that makes no sense."""
        texts = [data.get(name) for name in ("id", "name", "group")]
        settings = data.get("settings")
        if not all(isinstance(text, str) and text for text in texts) or not isinstance(settings, Mapping):
            raise CanvasError("A brush preset needs an id, a name, a group and settings.")
        return BrushPreset(str(texts[0]), str(texts[1]), str(texts[2]), BrushSettings.from_dict(settings))


def _pressure(*targets: str, curve: CurvePoints = STRAIGHT) -> tuple[Dynamic, ...]:
    return tuple(Dynamic("pressure", target, curve) for target in targets)


def _preset(preset_id: str, name: str, group: str, **settings: Any) -> BrushPreset:
    return BrushPreset(preset_id, name, group, BrushSettings(**{"smoothing": 0.2, "dynamics": (), **settings}))


SIZE, FLOW, OPACITY = _pressure("size"), _pressure("flow"), _pressure("opacity")
ANY_ANGLE = Dynamic("random", "angle")
ANY_SIZE = Dynamic("random", "size", ((0.0, 0.35), (1.0, 1.0)))

PRESETS: tuple[BrushPreset, ...] = (
    _preset(
        "pencil", "Pencil", "Pencils", size=5, hardness=0.4, flow=0.85, spacing=0.12,
        grain="paper", grain_strength=0.8, grain_scale=0.6,
        dynamics=(
            *_pressure("flow", curve=QUICK),
            Dynamic("pressure", "size", ((0.0, 0.5), (1.0, 1.0))),
            Dynamic("pressure", "grain", ((0.0, 1.0), (1.0, 0.5))),
        ),
    ),
    _preset(
        "shading-pencil", "Shading Pencil", "Pencils", size=34, hardness=0.2, flow=0.12, spacing=0.08, build_up=True,
        grain="paper", grain_strength=0.8, grain_scale=0.8, roundness=0.45, angle_follows="tilt",
        dynamics=(
            *_pressure("flow", curve=GENTLE),
            Dynamic("pressure", "grain", ((0.0, 1.0), (1.0, 0.5))),
            Dynamic("tilt", "size", ((0.0, 0.6), (1.0, 1.0))),
        ),
    ),
    _preset("fine-liner", "Fine Liner", "Ink", size=4, hardness=0.95, smoothing=0.4),
    _preset(
        "ink-pen", "Ink Pen", "Ink", size=14, hardness=0.95, spacing=0.05, smoothing=0.45,
        dynamics=_pressure("size", curve=QUICK),
    ),
    _preset(
        "ink-brush", "Ink Brush", "Ink", size=40, hardness=0.97, spacing=0.03, stabiliser="string", string_length=24,
        dynamics=_pressure("size", curve=GENTLE),
    ),
    _preset(
        "calligraphy", "Calligraphy Pen", "Ink", size=32, hardness=1.0, spacing=0.02, roundness=0.14, angle=-40.0,
        smoothing=0.4, dynamics=(Dynamic("pressure", "size", ((0.0, 0.6), (1.0, 1.0))),),
    ),
    _preset(
        "ink-wash", "Ink Wash", "Ink", size=90, hardness=0.4, flow=0.05, spacing=0.05, build_up=True, opacity=0.75,
        wet_edge=0.25,
        dynamics=(*FLOW, Dynamic("pressure", "size", ((0.0, 0.5), (1.0, 1.0)))),
    ),
    _preset("hard-round", "Hard Round", "Paint", size=40, hardness=0.95, spacing=0.05, dynamics=OPACITY),
    _preset("soft-round", "Soft Round", "Paint", size=60, hardness=0.2, flow=0.5, build_up=True, dynamics=FLOW),
    _preset(
        "airbrush", "Airbrush", "Paint", size=140, hardness=0.0, flow=0.05, spacing=0.05, build_up=True,
        dynamics=_pressure("flow", curve=GENTLE),
    ),
    _preset(
        "flat-brush", "Flat Brush", "Paint", size=64, tip="flat", flow=0.55, spacing=0.02, build_up=True, hardness=1.0,
        angle=90.0, angle_follows="direction", dynamics=(*FLOW, Dynamic("pressure", "size", ((0.0, 0.7), (1.0, 1.0)))),
    ),
    _preset(
        "dry-bristle", "Dry Bristle", "Paint", size=70, tip="bristle", flow=0.95, spacing=0.03, hardness=1.0,
        angle_follows="direction", grain="paper", grain_strength=0.55, grain_scale=1.2,
        dynamics=(
            *_pressure("opacity", curve=QUICK),
            Dynamic("pressure", "grain", ((0.0, 1.0), (1.0, 0.35))),
            Dynamic("length", "flow", ((0.0, 1.0), (0.5, 0.85), (1.0, 0.45))),
        ),
    ),
    _preset(
        "square-brush", "Square Brush", "Paint", size=60, tip="square", flow=0.8, spacing=0.04, hardness=1.0,
        angle_follows="direction", dynamics=OPACITY,
    ),
    _preset(
        "watercolour", "Watercolour", "Paint", size=80, hardness=0.8, opacity=0.6, spacing=0.05,
        grain="paper", grain_strength=0.2, grain_scale=0.7, mode=BlendMode.MULTIPLY, scatter=0.04, wet_edge=1.0,
        dynamics=(
            Dynamic("pressure", "size", ((0.0, 0.45), (1.0, 1.0))),
            Dynamic("random", "size", ((0.0, 0.88), (1.0, 1.0))),
        ),
    ),
    _preset(
        "charcoal", "Charcoal", "Dry", size=48, tip="charcoal", flow=0.16, spacing=0.07, build_up=True, hardness=1.0,
        grain="paper", grain_strength=0.7,
        dynamics=(*FLOW, ANY_ANGLE, Dynamic("pressure", "grain", ((0.0, 1.0), (1.0, 0.6)))),
    ),
    _preset(
        "chalk", "Chalk", "Dry", size=44, tip="chalk", flow=0.45, spacing=0.12, hardness=1.0, build_up=True,
        grain="paper", grain_strength=0.6, grain_scale=1.3,
        dynamics=(*FLOW, ANY_ANGLE, Dynamic("pressure", "size", ((0.0, 0.75), (1.0, 1.0)))),
    ),
    _preset(
        "pastel", "Pastel", "Dry", size=70, tip="chalk", flow=0.3, spacing=0.1, hardness=0.8, build_up=True,
        grain="canvas", grain_strength=0.55, grain_scale=0.75, hue_jitter=0.03, saturation_jitter=0.15,
        value_jitter=0.12, dynamics=(*FLOW, ANY_ANGLE),
    ),
    _preset(
        "marker", "Marker", "Effects", size=30, hardness=0.97, opacity=0.7, spacing=0.03, roundness=0.4, angle=45.0,
        mode=BlendMode.MULTIPLY,
    ),
    _preset(
        "highlighter", "Highlighter", "Effects", size=36, tip="square", opacity=0.45, spacing=0.03, hardness=1.0,
        roundness=0.45, angle=90.0, mode=BlendMode.MULTIPLY, smoothing=0.6,
    ),
    _preset(
        "glaze", "Glaze", "Effects", size=100, hardness=0.4, opacity=0.35, mode=BlendMode.OVERLAY, dynamics=OPACITY,
    ),
    _preset(
        "glow", "Glow", "Effects", size=90, hardness=0.0, flow=0.12, spacing=0.06, build_up=True,
        mode=BlendMode.COLOR_DODGE, dynamics=FLOW,
    ),
    _preset(
        "splatter", "Splatter", "Effects", size=90, tip="splatter", spacing=0.5, scatter=0.5, count=2, hardness=1.0,
        dynamics=(ANY_ANGLE, ANY_SIZE, *SIZE),
    ),
    _preset(
        "foliage", "Foliage", "Effects", size=56, tip="leaf", spacing=0.32, scatter=0.7, count=2, hardness=1.0,
        hue_jitter=0.06, saturation_jitter=0.2, value_jitter=0.25, dynamics=(ANY_ANGLE, ANY_SIZE, *SIZE),
    ),
    _preset(
        "stars", "Stars", "Effects", size=40, tip="star", spacing=0.9, scatter=1.1, count=2, hardness=1.0,
        value_jitter=0.15,
        dynamics=(ANY_ANGLE, Dynamic("random", "size", ((0.0, 0.15), (0.7, 0.4), (1.0, 1.0))), *SIZE),
    ),
    _preset("eraser-hard", "Hard Eraser", "Erasers", size=40, hardness=0.95, eraser=True, dynamics=SIZE),
    _preset(
        "eraser-soft", "Soft Eraser", "Erasers", size=110, hardness=0.0, flow=0.25, eraser=True, build_up=True,
        dynamics=FLOW,
    ),
    _preset(
        "eraser-kneaded", "Kneaded Eraser", "Erasers", size=60, tip="charcoal", flow=0.25, spacing=0.1, hardness=1.0,
        eraser=True, build_up=True, grain="paper", grain_strength=0.5, dynamics=(*FLOW, ANY_ANGLE),
    ),
)  # fmt: skip
"""Every brush that comes with the program, in the order in which panels show them."""
