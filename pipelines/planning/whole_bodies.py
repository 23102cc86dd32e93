"""People of Goliath's 308 points (Khirodkar et al. 2024), as COCO-WholeBody's 133 that stick figures are drawn from."""

from __future__ import annotations

import numpy as np

from pipelines.planning.poses import WHOLE_BODY, Person

GOLIATH = 308
"""How many points its networks see: body, feet and hands, and a dense face with ears."""
_BODY = (0, 1, 2, 3, 4, 5, 6, 7, 8, 62, 41, 9, 10, 11, 12, 13, 14)
"""Its numbers of COCO's joints; it counts the wrists among the hands."""
_FEET = (15, 16, 17, 18, 19, 20)
_FACE = (
    77,  # the chin; there is no line of the jaw
    78, 81, 83, 84, 80, 87, 90, 92, 93, 89,  # eyebrows
    71, 73, 74, 178, 180, 182, 179, 185, 181,  # the nose
    120, 124, 127, 121, 165, 168, 96, 99, 102, 97, 147, 150,  # eyes, along the lashes
    188, 189, 190, 191, 192, 193, 194, 195, 196, 199, 200, 203,  # the mouth's outer line
    204, 205, 206, 207, 208, 209, 210, 211,  # and its inner one
)  # fmt: skip
"""Those that stand for points of COCO-WholeBody's face; as dots they have no order."""


def _hand(wrist: int, first_tip: int) -> tuple[int, ...]:
    """A hand from its wrist along each finger; Goliath counts fingers from their tips, the thumb first."""
    return (wrist, *(first_tip + 4 * finger + joint for finger in range(5) for joint in (3, 2, 1, 0)))


_PLACES = dict(
    [
        *enumerate((*_BODY, *_FEET, *_FACE)),
        *enumerate((*_hand(62, 42), *_hand(41, 21)), start=91),
    ]
)
"""Number in COCO-WholeBody -> number in Goliath."""


def whole_body_of(person: Person) -> Person:
    """A person of 308 points as one of 133; points of the face that Goliath does not have are not sure at all."""
    points, sure = np.zeros((WHOLE_BODY, 2), np.float32), np.zeros(WHOLE_BODY, np.float32)
    places, numbers = list(_PLACES), list(_PLACES.values())
    points[places], sure[places] = person.points[numbers], person.sure[numbers]
    return Person(points, sure)
