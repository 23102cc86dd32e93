"""Overlapping windows around network and VAE: neither ever sees more of a large picture than it can take at once.

The network's answers are blended at every step over one canvas of latents, so that windows agree while the picture
arises instead of being glued together afterwards (MultiDiffusion: Bar-Tal, Yariv, Lipman and Dekel, 2023). Unlike
there, weights fall off towards a window's edges, where the network knows least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import torch

from pipelines.engine.layouts import MAPS, Layout
from pipelines.engine.network import Predict, Wrapper, around
from pipelines.planning.box import Box
from pipelines.planning.windows import window_weights, windows_of

VAE_SIDE = 1024
"""Side in pixels of the largest square that a VAE takes at once; a larger picture goes through in windows."""
_VAE_OVERLAP = 192
_VAE_AT_ONCE = 1.5
"""Pictures up to this many of those squares still go through as a whole."""


class Viewport:
    """Where the part of the picture that the network is just shown begins, in latent cells of the whole run. Windows
    within windows add up; what goes beside the latents (control pictures) is cut accordingly."""

    def __init__(self) -> None:
        self.left, self.top = 0, 0

    @contextmanager
    def at(self, place: Box) -> Iterator[None]:
        """Within it the network is shown `place` of what it was shown before."""
        before = self.left, self.top
        self.left, self.top = self.left + place.left, self.top + place.top
        try:
            yield
        finally:
            self.left, self.top = before


def windowed(
    windows: Sequence[Box],
    size: tuple[int, int],
    overlap: int,
    after_each: Callable[[], None],
    view: Viewport | None = None,
    layout: Layout = MAPS,
) -> Wrapper:
    """A wrapper that shows the network one window at a time and blends its answers.

    `windows` and `overlap` in pixels of a picture of `size` (width, height); `after_each` is called behind every
    window, and `view` knows which it is. Where no window lies the answer is 0. `layout` says how the
    network's call holds the picture; its other arguments reach it unchanged.
    """

    def wrap(predict: Predict) -> Predict:
        def forward(*args: Any, **kwargs: Any) -> Any:
            rows, columns = layout.grid(args, kwargs)
            cell = size[0] / columns
            blend = _Blend(columns, rows, round(overlap / cell))
            answer: Any = None
            for place in (_cells(window, cell) for window in windows):
                with nullcontext() if view is None else view.at(place):
                    part, more = layout.cut(args, kwargs, place)
                    answer = predict(*part, **more)
                blend.add(place, layout.prediction(answer, (place.height, place.width)))
                after_each()
            return layout.answer(answer, blend.result())

        return forward

    return wrap


class _Blend:
    """A weighted mean of windows, summed in float32."""

    def __init__(self, width: int, height: int, overlap: int) -> None:
        self._width, self._height, self._overlap = width, height, overlap
        self._sum: torch.Tensor | None = None
        self._weights = torch.zeros(height, width)
        self._dtype = torch.float32

    def add(self, place: Box, answer: torch.Tensor) -> None:
        """Lays `answer` (n, channels, place.height, place.width) in its place."""
        if self._sum is None:
            shape = (*answer.shape[:-2], self._height, self._width)
            self._sum = torch.zeros(shape, device=answer.device)
            self._weights, self._dtype = self._weights.to(answer.device), answer.dtype
        weights = torch.from_numpy(window_weights(place, self._width, self._height, self._overlap))
        weights = weights.to(answer.device)
        self._sum[(..., *place.slices)] += answer.float() * weights
        self._weights[place.slices] += weights

    def result(self) -> torch.Tensor:
        """The mean, in the number format of the answers; 0 where nothing was laid."""
        assert self._sum is not None  # noqa: S101 - there is always a window
        return (self._sum / self._weights.clamp_min(1e-12)).to(self._dtype)


@contextmanager
def vae_in_windows(vae: Any, size: tuple[int, int]) -> Iterator[None]:
    """Within it a picture of `size` (width, height) is encoded and decoded in overlapping windows, blended.

    Does nothing for sizes that go through as a whole.
    """
    if size[0] * size[1] <= _VAE_AT_ONCE * VAE_SIDE**2:
        yield
        return
    with around(vae, "encode", [_encoding]), around(vae, "decode", [_decoding(size[0])]):
        yield


def _encoding(encode: Predict) -> Predict:
    def windows(x: torch.Tensor, return_dict: bool = True) -> Any:
        answer: Any = None

        def moments(part: torch.Tensor) -> torch.Tensor:
            nonlocal answer
            answer = encode(part)
            return answer.latent_dist.parameters if hasattr(answer, "latent_dist") else answer.latents

        blended = _through(x, 1, moments)
        latents = type(answer.latent_dist)(blended) if hasattr(answer, "latent_dist") else blended
        return type(answer)(latents) if return_dict else (latents,)

    return windows


def _decoding(width: int) -> Wrapper:
    """For latents of a picture that many pixels wide."""

    def wrapper(decode: Predict) -> Predict:
        def windows(z: torch.Tensor, *_args: Any, return_dict: bool = True, **_kwargs: Any) -> Any:
            answer: Any = None

            def pixels(part: torch.Tensor) -> torch.Tensor:
                nonlocal answer
                answer = decode(part)
                return answer.sample

            blended = _through(z, max(1, round(width / z.shape[-1])), pixels)
            return type(answer)(blended) if return_dict else (blended,)

        return windows

    return wrapper


def _through(x: torch.Tensor, cell: int, work: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    """`x` (n, channels, h, w) through `work` in windows; a pixel of `x` is `cell` pixels of the picture wide."""
    height, width = x.shape[-2:]
    multiple = max(1, 8 // cell)
    blend: _Blend | None = None
    grows = 1.0
    for place in windows_of(width, height, VAE_SIDE // cell, _VAE_OVERLAP // cell, multiple):
        answer = work(x[(..., *place.slices)])
        grows = answer.shape[-1] / place.width
        if blend is None:
            sides = [round(side * grows) for side in (width, height, _VAE_OVERLAP // cell)]
            blend = _Blend(*sides)
        blend.add(_cells(place, 1.0 / grows), answer)
    assert blend is not None  # noqa: S101 - there is always a window
    return blend.result()


def _cells(box: Box, cell: float) -> Box:
    """The box in cells of that many pixels."""
    left, top = round(box.left / cell), round(box.top / cell)
    return Box(left, top, round(box.right / cell) - left, round(box.bottom / cell) - top)
