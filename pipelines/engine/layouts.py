"""How latents lie in a family: the maps that noise, masks and previews speak of, and what pipeline and network want.

A map is (1, channels, h / 8, w / 8) and normalised as the network was trained, whatever the family packs it into.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from typing_extensions import override

from pipelines.planning.box import Box

CELL = 8
"""Pixels to a cell of a map, in every family."""
_PATCH = 2
"""Cells to a side of a token."""
_APART = 10.0
"""How far pictures that FLUX.2 looks at lie from each other and from what it paints, in its first kind of place."""
Grid = tuple[int, int]
"""Rows and columns of cells."""
Arguments = tuple[tuple[Any, ...], dict[str, Any]]
"""Of a call of the network."""


class Layout:
    """Maps as they are. The base of the others."""

    multiple = CELL
    """Sides of a picture are multiples of this many pixels."""
    full_precision = False
    """Whether the pipeline keeps latents in float32 whatever the network computes in."""

    def pixels(self, pixels: torch.Tensor) -> torch.Tensor:
        """What the VAE encodes, of (1, 3, h, w)."""
        return pixels

    def scaled(self, latents: torch.Tensor, vae: Any) -> torch.Tensor:
        """A map of what the VAE made."""
        config = vae.config
        mean, spread = getattr(config, "latents_mean", None), getattr(config, "latents_std", None)
        if mean is not None and spread is not None:
            offset, scale = (_per_channel(values, latents) for values in (mean, spread))
            return (latents - offset) * (getattr(config, "scaling_factor", None) or 1.0) / scale
        return (latents - (getattr(config, "shift_factor", None) or 0.0)) * config.scaling_factor

    def drawn(self, noise: torch.Tensor) -> torch.Tensor:
        """A map of noise whose numbers lie as the family's pipeline would have drawn them one after the other."""
        return noise

    def begin(self, maps: torch.Tensor) -> torch.Tensor:
        """What the pipeline takes as `latents`."""
        return maps

    def pack(self, maps: torch.Tensor) -> torch.Tensor:
        """What the pipeline has as `latents` between two steps."""
        return maps

    def unpack(self, latents: torch.Tensor, _grid: Grid) -> torch.Tensor:
        """The opposite of `pack`."""
        return latents

    def grid(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Grid:
        """How large a picture the network is called for."""
        rows, columns = _first(args, kwargs).shape[-2:]
        return int(rows), int(columns)

    def cut(self, args: tuple[Any, ...], kwargs: dict[str, Any], place: Box) -> Arguments:
        """The same call for a part of the picture, in cells."""
        return _with_first(args, kwargs, _first(args, kwargs)[(..., *place.slices)])

    def prediction(self, answer: Any, _grid: Grid) -> torch.Tensor:
        """(n, channels, rows, columns) of the network's answer."""
        return answer if isinstance(answer, torch.Tensor) else answer[0]

    def pictures(self, output: Any) -> list[Any]:
        """What a pipeline called for one picture gives, float (h, w, 3) in 0..1 each."""
        return [output.images[0]]

    def answer(self, like: Any, maps: torch.Tensor) -> Any:
        """An answer of the same form with another prediction (n, channels, rows, columns)."""
        if isinstance(like, torch.Tensor):
            return maps
        return (maps,) if isinstance(like, tuple) else type(like)(maps)


class Maps16(Layout):
    """The same where the network joins four cells to a token: SD3."""

    multiple = _PATCH * CELL


class Frames(Maps16):
    """Lists of single frames (channels, 1, rows, columns): Z-Image, whose pipeline computes in float32."""

    full_precision = True

    @override
    def grid(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Grid:
        rows, columns = _first(args, kwargs)[0].shape[-2:]
        return int(rows), int(columns)

    @override
    def cut(self, args: tuple[Any, ...], kwargs: dict[str, Any], place: Box) -> Arguments:
        return _with_first(args, kwargs, [one[(..., *place.slices)] for one in _first(args, kwargs)])

    @override
    def prediction(self, answer: Any, _grid: Grid) -> torch.Tensor:
        return torch.stack(list(answer[0])).squeeze(2)

    @override
    def answer(self, like: Any, maps: torch.Tensor) -> Any:
        frames = list(maps.unsqueeze(2).unbind(0))
        return (frames,) if isinstance(like, tuple) else type(like)(frames)


class Clips(Maps16):
    """Moments behind one another (1, channels, moments, rows, columns), of which a picture has one: Wan, whose pipeline
    keeps them in float32. In predictions the moments of a clip stand as further channels."""

    full_precision = True

    @override
    def pixels(self, pixels: torch.Tensor) -> torch.Tensor:
        return pixels.unsqueeze(2)

    @override
    def scaled(self, latents: torch.Tensor, vae: Any) -> torch.Tensor:
        return super().scaled(latents.squeeze(2), vae)

    def moving(self, latents: torch.Tensor, vae: Any) -> torch.Tensor:
        """(1, channels, moments, rows, columns) of what the VAE made of a clip."""
        moments = [self.scaled(moment, vae) for moment in latents.split(1, dim=2)]
        return torch.stack(moments, dim=2)

    @override
    def begin(self, maps: torch.Tensor) -> torch.Tensor:
        return maps.unsqueeze(2)

    @override
    def pack(self, maps: torch.Tensor) -> torch.Tensor:
        return maps.unsqueeze(2)

    @override
    def unpack(self, latents: torch.Tensor, _grid: Grid) -> torch.Tensor:
        """Of a clip the moment in its middle; nothing is ever put back into a clip."""
        return latents[:, :, latents.shape[2] // 2]

    @override
    def cut(self, args: tuple[Any, ...], kwargs: dict[str, Any], place: Box) -> Arguments:
        rows, columns = self.grid(args, kwargs)
        times = kwargs.get("timestep")
        if isinstance(times, torch.Tensor) and times.ndim == _PATCH:  # each token has its own
            tokens = times.unflatten(1, (-1, rows // _PATCH, columns // _PATCH))
            part = Box(*(side // _PATCH for side in (place.left, place.top, place.width, place.height)))
            kwargs = {**kwargs, "timestep": tokens[(..., *part.slices)].flatten(1)}
        return super().cut(args, kwargs, place)

    @override
    def prediction(self, answer: Any, grid: Grid) -> torch.Tensor:
        return super().prediction(answer, grid).flatten(1, 2)

    @override
    def answer(self, like: Any, maps: torch.Tensor) -> Any:
        return super().answer(like, maps.unflatten(1, super().prediction(like, (0, 0)).shape[1:3]))

    @override
    def pictures(self, output: Any) -> list[Any]:
        return list(output.frames[0])


class Tokens(Maps16):
    """Four cells packed to a token (1, tokens, 4 x channels), with the tokens' places beside them: FLUX.

    Tokens of further pictures may follow those of the picture that is painted.
    """

    @override
    def pack(self, maps: torch.Tensor) -> torch.Tensor:
        count, channels, rows, columns = maps.shape
        split = maps.reshape(count, channels, rows // _PATCH, _PATCH, columns // _PATCH, _PATCH)
        return split.permute(0, 2, 4, 1, 3, 5).reshape(count, rows * columns // _PATCH**2, channels * _PATCH**2)

    @override
    def unpack(self, latents: torch.Tensor, grid: Grid) -> torch.Tensor:
        rows, columns = grid
        count, _, features = latents.shape
        split = latents.reshape(count, rows // _PATCH, columns // _PATCH, features // _PATCH**2, _PATCH, _PATCH)
        return split.permute(0, 3, 1, 4, 2, 5).reshape(count, features // _PATCH**2, rows, columns)

    @override
    def begin(self, maps: torch.Tensor) -> torch.Tensor:
        return self.pack(maps)

    @override
    def grid(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Grid:
        places = _flat(kwargs["img_ids"])
        own = places[places[:, 0] == 0]
        across = int((own[:, 1] == 0).sum())
        return len(own) // across * _PATCH, across * _PATCH

    @override
    def cut(self, args: tuple[Any, ...], kwargs: dict[str, Any], place: Box) -> Arguments:
        grid = self.grid(args, kwargs)
        inside, ids = self._cut_tokens(_first(args, kwargs), place, grid), kwargs["img_ids"]
        # The window is a picture of its own: its places begin at 0.
        origin = Box(0, 0, place.width, place.height)
        places = self._cut_tokens(ids if ids.ndim == 3 else ids[None], origin, grid)
        more = {**kwargs, "img_ids": places if ids.ndim == 3 else places[0]}
        return _with_first(args, more, inside)

    def _cut_tokens(self, tokens: torch.Tensor, place: Box, grid: Grid) -> torch.Tensor:
        rows, columns = grid[0] // _PATCH, grid[1] // _PATCH
        part = Box(*(side // _PATCH for side in (place.left, place.top, place.width, place.height)))
        own, others = tokens[:, : rows * columns], tokens[:, rows * columns :]
        inside = own.unflatten(1, (rows, columns))[:, part.slices[0], part.slices[1]].flatten(1, 2)
        return torch.cat([inside, others], dim=1)

    def beside(self, args: tuple[Any, ...], kwargs: dict[str, Any], pictures: Sequence[torch.Tensor]) -> Arguments:
        """The same call with the tokens of further pictures (maps) behind those of the one that is painted."""
        ids = kwargs["img_ids"]
        places = [self._places(number, pictures).to(ids) for number in range(len(pictures))]
        more = torch.cat([_flat(ids), *places])
        with_ids = {**kwargs, "img_ids": more.expand(len(ids), *more.shape) if ids.ndim == 3 else more}
        return _with_first(args, with_ids, self._with_tokens(_first(args, kwargs), pictures))

    def _with_tokens(self, own: torch.Tensor, pictures: Sequence[torch.Tensor]) -> torch.Tensor:
        others = [self.pack(one).to(own).expand(len(own), -1, -1) for one in pictures]
        return torch.cat([own, *others], dim=1)

    def _places(self, number: int, pictures: Sequence[torch.Tensor]) -> torch.Tensor:
        """(tokens, 3) of one of them: side by side, as if they were one picture behind the painted one."""
        left = sum(one.shape[-1] // _PATCH for one in pictures[:number])
        return _raster(pictures[number], (1.0, 0.0, float(left)))

    def widened(self, args: tuple[Any, ...], kwargs: dict[str, Any], more: torch.Tensor) -> Arguments:
        """The same call with further channels, a map, behind those of the picture that is painted."""
        own = _first(args, kwargs)
        return _with_first(args, kwargs, torch.cat([own, self.pack(more).to(own).expand(len(own), -1, -1)], dim=2))

    @override
    def prediction(self, answer: Any, grid: Grid) -> torch.Tensor:
        tokens = super().prediction(answer, grid)
        return self.unpack(tokens[:, : grid[0] * grid[1] // _PATCH**2], grid)

    @override
    def answer(self, like: Any, maps: torch.Tensor) -> Any:
        return super().answer(like, self.pack(maps))


class Patches(Tokens):
    """Tokens that the VAE's own batch-norm statistics normalise: FLUX.2. Its pipeline takes (1, c, h / 16, w / 16)."""

    @override
    def scaled(self, latents: torch.Tensor, vae: Any) -> torch.Tensor:
        patches = _patchified(latents)
        mean = vae.bn.running_mean.view(1, -1, 1, 1).to(patches)
        spread = torch.sqrt(vae.bn.running_var.view(1, -1, 1, 1) + vae.config.batch_norm_eps).to(patches)
        return _unpatchified((patches - mean) / spread)

    @override
    def drawn(self, noise: torch.Tensor) -> torch.Tensor:
        count, channels, rows, columns = noise.shape
        return _unpatchified(noise.reshape(count, channels * _PATCH**2, rows // _PATCH, columns // _PATCH))

    @override
    def begin(self, maps: torch.Tensor) -> torch.Tensor:
        return _patchified(maps)

    def _places(self, number: int, pictures: Sequence[torch.Tensor]) -> torch.Tensor:
        return _raster(pictures[number], (_APART * (number + 1), 0.0, 0.0, 0.0))


class VideoTokens(Tokens):
    """Tokens of a single frame of a video VAE, whose call names sizes instead of places: Qwen-Image."""

    @override
    def pixels(self, pixels: torch.Tensor) -> torch.Tensor:
        return pixels.unsqueeze(2)

    @override
    def scaled(self, latents: torch.Tensor, vae: Any) -> torch.Tensor:
        return super().scaled(latents.squeeze(2), vae)

    @override
    def grid(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Grid:
        _, rows, columns = kwargs["img_shapes"][0][0]
        return int(rows) * _PATCH, int(columns) * _PATCH

    @override
    def cut(self, args: tuple[Any, ...], kwargs: dict[str, Any], place: Box) -> Arguments:
        inside = self._cut_tokens(_first(args, kwargs), place, self.grid(args, kwargs))
        own = (1, place.height // _PATCH, place.width // _PATCH)
        shapes = [[own, *others[1:]] for others in kwargs["img_shapes"]]
        return _with_first(args, {**kwargs, "img_shapes": shapes}, inside)

    @override
    def beside(self, args: tuple[Any, ...], kwargs: dict[str, Any], pictures: Sequence[torch.Tensor]) -> Arguments:
        others = [(1, one.shape[-2] // _PATCH, one.shape[-1] // _PATCH) for one in pictures]
        shapes = [[*own, *others] for own in kwargs["img_shapes"]]
        tokens = self._with_tokens(_first(args, kwargs), pictures)
        return _with_first(args, {**kwargs, "img_shapes": shapes}, tokens)


MAPS, MAPS_16, FRAMES, TOKENS, PATCHES, VIDEO_TOKENS = Layout(), Maps16(), Frames(), Tokens(), Patches(), VideoTokens()
CLIPS = Clips()


def _first(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What the network looks at, however it was given."""
    return args[0] if args else kwargs["sample" if "sample" in kwargs else "hidden_states"]


def _with_first(args: tuple[Any, ...], kwargs: dict[str, Any], value: Any) -> Arguments:
    if args:
        return (value, *args[1:]), kwargs
    return args, {**kwargs, "sample" if "sample" in kwargs else "hidden_states": value}


def _raster(maps: torch.Tensor, first: tuple[float, ...]) -> torch.Tensor:
    """(tokens, len(first)): places of a map's tokens, row by row, from `first` on; rows count in its second number."""
    rows, columns = maps.shape[-2] // _PATCH, maps.shape[-1] // _PATCH
    places = torch.tensor(first).repeat(rows, columns, 1)
    places[..., 1] += torch.arange(rows)[:, None]
    places[..., 2] += torch.arange(columns)[None, :]
    return places.flatten(0, 1)


def _flat(ids: torch.Tensor) -> torch.Tensor:
    return ids[0] if ids.ndim == 3 else ids


def _per_channel(values: Any, latents: torch.Tensor) -> torch.Tensor:
    return torch.tensor(values, device=latents.device, dtype=latents.dtype).view(1, -1, 1, 1)


def _patchified(maps: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.pixel_unshuffle(maps, _PATCH)


def _unpatchified(patches: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.pixel_shuffle(patches, _PATCH)
