"""The one way to change what the denoising network does during a job: wrappers around its `forward`.

Regions, windows and thrift all see the network's call, and only that; a UNet and a transformer are alike to them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch

Predict = Callable[..., Any]
"""The network's `forward`: its own arguments in, its own output out (a tuple or an output object)."""
Wrapper = Callable[[Predict], Predict]
"""Takes a `Predict`, gives one with the same signature that may call the first never, once or many times."""


@contextmanager
def predicting(network: torch.nn.Module, wrappers: Sequence[Wrapper]) -> Iterator[None]:
    """Within it the network's `forward` goes through the wrappers, the first of them outermost.

    Hooks, configuration and number format stay as they are: hooks still fire once for each call from outside, not for
    the calls that a wrapper makes. Afterwards the network is as it was, whatever happened. May be nested: what is
    installed later is further outside.
    """
    with around(network, "forward", wrappers):
        yield


@contextmanager
def around(target: Any, name: str, wrappers: Sequence[Wrapper]) -> Iterator[None]:
    """The same for any method of one object, such as a VAE's `decode`."""
    own = target.__dict__.get(name)  # accelerate and others put theirs here as well
    plain: Predict = getattr(target, name)
    wrapped = plain
    for wrapper in reversed(wrappers):
        wrapped = wrapper(wrapped)

    @functools.wraps(plain)  # pipelines look at the signature
    def outside(*args: Any, **kwargs: Any) -> Any:
        return wrapped(*args, **kwargs)

    try:
        if wrappers:
            setattr(target, name, outside)
        yield
    finally:
        if own is not None:
            setattr(target, name, own)
        else:
            target.__dict__.pop(name, None)


def prediction_of(answer: Any) -> torch.Tensor:
    """The prediction in a network's answer: a tensor, a tuple, or an output object."""
    return answer if isinstance(answer, torch.Tensor) else answer[0]


def answer_like(answer: Any, prediction: torch.Tensor) -> Any:
    """An answer of the same form with another prediction."""
    if isinstance(answer, torch.Tensor):
        return prediction
    return (prediction,) if isinstance(answer, tuple) else type(answer)(prediction)
