"""People's joints from a network's heat maps, and the stick figures that control networks follow.

Heat maps are read with the coordinates of Huang et al. 2020 (unbiased data processing) and refined as Zhang et al. 2020
(DARK). The figures have OpenPose's joints and colours (Cao et al. 2019); networks that see COCO-WholeBody's 133 points
(Jin et al. 2020) give them hands and faces, too, as control networks for poses know them.
"""

from __future__ import annotations

import colorsys
import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rgb = NDArray[np.uint8]

SURE = 0.3
"""Least certainty of a joint that is drawn."""
_AROUND = 1.25
"""How much more than a person's box is shown to the network."""
_SOFT = 0.8
"""Blur of a heat map before its top is looked for, in its own places."""
_OF_COCO = (0, -1, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3)
"""Numbers of OpenPose's joints among COCO's: nose, neck (between the shoulders), right arm, left arm, right leg, left
leg, right eye, left eye, right ear, left ear."""
_LIMBS = (
    (1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13),
    (1, 0), (0, 14), (14, 16), (0, 15), (15, 17),
)  # fmt: skip
_HUES = (
    (255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0), (170, 255, 0), (85, 255, 0), (0, 255, 0), (0, 255, 85),
    (0, 255, 170), (0, 255, 255), (0, 170, 255), (0, 85, 255), (0, 0, 255), (85, 0, 255), (170, 0, 255), (255, 0, 255),
    (255, 0, 170), (255, 0, 85),
)  # fmt: skip
BODY, WHOLE_BODY = 17, 133
"""How many points of a person a network may see: COCO's, or COCO-WholeBody's, which begin with those."""
_FACE, _HANDS = slice(23, 91), (slice(91, 112), slice(112, 133))
"""Among COCO-WholeBody's; the six after the body are of the feet, which control networks do not know."""
_FINGERS = tuple(
    (0 if joint == 0 else 4 * finger + joint, 4 * finger + joint + 1) for finger in range(5) for joint in range(4)
)
"""From the wrist along each of a hand's 21 points, the thumb first."""
_FINGER_HUES = tuple(
    tuple(round(255 * share) for share in colorsys.hsv_to_rgb(number / len(_FINGERS), 1.0, 1.0))
    for number in range(len(_FINGERS))
)
_KNUCKLE, _DOT = (0, 0, 255), (255, 255, 255)
"""Colours of a hand's points, and of a face's."""
_FINGER_WIDTH, _KNUCKLE_RADIUS, _DOT_RADIUS = 2 / 512, 4 / 512, 3 / 512
"""Of the shorter side."""
_LIMB_SHADE = 0.6
_STICK = 4 / 512
"""Half a limb's width, and a joint's radius, of the shorter side."""


@dataclass(frozen=True)
class Place:
    """The part of a picture that is shown to the network."""

    x: float
    """Its middle, pixels."""
    y: float
    width: float
    height: float

    def into(self, shape: tuple[int, int]) -> NDArray[np.float64]:
        """(2, 3): from the picture into one of that height and width; the middles of the outermost pixels meet."""
        across, down = (shape[1] - 1) / self.width, (shape[0] - 1) / self.height
        left, top = self.x - self.width / 2, self.y - self.height / 2
        return np.array([[across, 0.0, -left * across], [0.0, down, -top * down]])


@dataclass(frozen=True, eq=False)
class Person:
    """The joints of one person in COCO's order of 17, or the points of COCO-WholeBody's 133."""

    points: Floats
    """(17 or 133, 2): x and y, pixels of the picture."""
    sure: Floats
    """(17 or 133,): 0..1."""


def place_of(box: Floats, shape: tuple[int, int]) -> Place:
    """What to show of a person in the box (left, top, width, height) to a network that sees that height and width."""
    left, top, width, height = (float(value) for value in box)
    ratio = shape[1] / shape[0]
    wide, high = max(width, ratio * height), max(height, width / ratio)
    return Place(left + width / 2, top + height / 2, wide * _AROUND, high * _AROUND)


def joints_in(heat: Floats, place: Place) -> Person:
    """A person's joints from heat maps (joints, h, w) of a place."""
    count, height, width = heat.shape
    points, sure = np.zeros((count, 2), np.float32), np.zeros(count, np.float32)
    for number, one in enumerate(heat):
        y, x = divmod(int(one.argmax()), width)
        sure[number] = one[y, x]
        across, down = _refined(one, x, y)
        points[number] = (x + across, y + down)
    scale = np.array([place.width / (width - 1), place.height / (height - 1)], np.float32)
    corner = np.array([place.x - place.width / 2, place.y - place.height / 2], np.float32)
    return Person(points * scale + corner, sure)


def _refined(heat: Floats, x: int, y: int) -> tuple[float, float]:
    """How far the top of a bell lies from its highest place (Taylor's series of its logarithm)."""
    soft = cv2.GaussianBlur(heat, (11, 11), _SOFT, borderType=cv2.BORDER_REFLECT)
    around = np.pad(np.log(np.clip(soft, 0.001, 50.0)), 1, mode="edge")[y : y + 3, x : x + 3].astype(np.float64)
    middle = around[1, 1]
    slope = np.array([(around[1, 2] - around[1, 0]) / 2, (around[2, 1] - around[0, 1]) / 2])
    bend_x, bend_y = around[1, 2] - 2 * middle + around[1, 0], around[2, 1] - 2 * middle + around[0, 1]
    turn = (around[2, 2] - around[0, 2] - around[2, 0] + around[0, 0]) / 4
    if bend_x * bend_y - turn**2 <= 1e-9:  # no top
        return 0.0, 0.0
    across, down = -np.linalg.solve(np.array([[bend_x, turn], [turn, bend_y]]), slope)
    return float(np.clip(across, -1, 1)), float(np.clip(down, -1, 1))


def drawn_poses(people: Sequence[Person], shape: tuple[int, int]) -> Rgb:
    """(h, w, 3): everybody as a stick figure on black, with hands and face where they were seen."""
    canvas = np.zeros((*shape, 3), np.uint8)
    radius = max(1, round(min(shape) * _STICK))
    figures = [_openpose(person) for person in people]
    for points, known in figures:
        for (first, second), colour in zip(_LIMBS, _HUES, strict=False):
            if known[first] and known[second]:
                _draw_limb(canvas, points[first], points[second], radius, colour)
    for points, known in figures:
        for point, is_known, colour in zip(points, known, _HUES, strict=True):
            if is_known:
                middle = round(float(point[0])), round(float(point[1]))
                cv2.circle(canvas, middle, radius, colour, thickness=-1)
    for person in people:
        if len(person.points) == WHOLE_BODY:
            for hand in _HANDS:
                _draw_hand(canvas, person.points[hand], person.sure[hand] >= SURE)
            face = person.points[_FACE][person.sure[_FACE] >= SURE]
            _draw_dots(canvas, face, max(1, round(min(shape) * _DOT_RADIUS)), _DOT)
    return canvas


def _draw_hand(canvas: Rgb, points: Floats, known: NDArray[np.bool_]) -> None:
    side = min(canvas.shape[:2])
    width = max(1, round(side * _FINGER_WIDTH))
    for (first, second), colour in zip(_FINGERS, _FINGER_HUES, strict=True):
        if known[first] and known[second]:
            ends = [(round(float(x)), round(float(y))) for x, y in points[[first, second]]]
            cv2.line(canvas, ends[0], ends[1], colour, width)
    _draw_dots(canvas, points[known], max(1, round(side * _KNUCKLE_RADIUS)), _KNUCKLE)


def _draw_dots(canvas: Rgb, points: Floats, radius: int, colour: tuple[int, int, int]) -> None:
    for x, y in points:
        cv2.circle(canvas, (round(float(x)), round(float(y))), radius, colour, thickness=-1)


def _openpose(person: Person) -> tuple[Floats, NDArray[np.bool_]]:
    points, known = person.points[list(_OF_COCO)], person.sure[list(_OF_COCO)] >= SURE
    shoulders = [5, 6]
    points[1], known[1] = person.points[shoulders].mean(axis=0), bool((person.sure[shoulders] >= SURE).all())
    return points, known


def _draw_limb(canvas: Rgb, first: Floats, second: Floats, radius: int, colour: tuple[int, int, int]) -> None:
    middle = (first + second) / 2
    length = float(np.hypot(*(second - first)))
    angle = math.degrees(math.atan2(float(second[1] - first[1]), float(second[0] - first[0])))
    outline = cv2.ellipse2Poly(
        (round(float(middle[0])), round(float(middle[1]))), (round(length / 2), radius), round(angle), 0, 360, 1
    )
    cv2.fillConvexPoly(canvas, np.array(outline, np.int32), tuple(round(value * _LIMB_SHADE) for value in colour))
