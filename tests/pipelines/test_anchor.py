"""Keeping the tone of a long painting: what is corrected, how far, and that it makes no edge."""

from __future__ import annotations

import numpy as np

from pipelines.planning.anchor import led_back, tone_of


def field(colour: tuple[int, int, int], side: int = 96) -> np.ndarray:
    return np.dstack([np.full((side, side), value, np.uint8) for value in (*colour, 255)])


def half_known(side: int = 96) -> np.ndarray:
    known = np.zeros((side, side), np.bool_)
    known[:, : side // 2] = True
    return known


def test_a_tint_is_taken_out_softly() -> None:
    anchor = tone_of(field((200, 196, 188)))
    assert anchor is not None
    patch, known = field((204, 200, 176)), half_known()
    found = led_back(patch, known, anchor)
    assert (found[:, :48] == patch[:, :48]).all()
    before, after = (float(np.linalg.norm(tone_of(one[:, 80:]) - anchor)) for one in (patch, found))  # type: ignore[operator]
    assert after < before / 2
    assert np.abs(np.diff(found[48, :, :3].astype(int), axis=0)).max() <= 2


def test_small_differences_and_other_pictures_are_left_alone() -> None:
    anchor = tone_of(field((200, 196, 188)))
    assert anchor is not None
    patch = field((201, 196, 188))
    assert (led_back(patch, half_known(), anchor) == patch).all()
    night = led_back(field((20, 24, 60)), half_known(), anchor)
    assert int(np.abs(night.astype(int) - field((20, 24, 60))).max()) < 45  # it stays a night


def test_what_is_transparent_stays_so_and_too_little_has_no_tone() -> None:
    anchor = tone_of(field((200, 196, 188)))
    assert anchor is not None
    patch = field((150, 200, 150))
    patch[:20] = 0
    assert (led_back(patch, half_known(), anchor)[:20] == 0).all()
    nothing = field((9, 9, 9))
    nothing[:80, ..., 3] = 0
    assert tone_of(nothing) is None
    assert (led_back(patch, np.ones((96, 96), np.bool_), anchor) == patch).all()


def test_no_drift_grows_from_window_to_window() -> None:
    """Every window is painted a little yellower than what it joins on to; anchored they stay together."""
    anchor = tone_of(field((200, 196, 188)))
    assert anchor is not None
    known, last = half_known(), {True: np.array([200.0, 196, 188]), False: np.array([200.0, 196, 188])}
    for _ in range(12):
        for kept in (True, False):
            painted = field(tuple(int(v) for v in np.rint(last[kept] + (2, 1, -4))))  # type: ignore[arg-type]
            found = led_back(painted, known, anchor) if kept else painted
            last[kept] = found[:, 80:, :3].reshape(-1, 3).mean(axis=0)
    drift = {kept: float(np.linalg.norm(tone_of(field(tuple(int(v) for v in last[kept]))) - anchor)) for kept in last}  # type: ignore[operator, arg-type]
    assert drift[True] < 4
    assert drift[False] > 15
