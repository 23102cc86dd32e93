"""Puts in place what one job wants changed of its model, and takes it off again, whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from pipelines.engine.conditioning.addons import AddOns
from pipelines.engine.conditioning.control import following_controls
from pipelines.engine.conditioning.lora import wearing_loras
from pipelines.engine.conditioning.redux import reading_references
from pipelines.engine.conditioning.reference import looking_at_references
from pipelines.engine.conditioning.speaking import speaking
from pipelines.engine.conditioning.vae import another_vae
from pipelines.engine.run import Run

_PUT_ON: tuple[Callable[[Run, AddOns], AbstractContextManager[None]], ...] = (
    another_vae,
    wearing_loras,
    speaking,
    following_controls,
    looking_at_references,
    reading_references,
)
"""In this order; each looks at `run.job.request` and does nothing when that wants nothing of it."""


@contextmanager
def equipped(run: Run, addons: AddOns) -> Iterator[None]:
    """Within it the run's model is as the request wants it; afterwards it is as it was, bit for bit.

    To be entered before anything else is put around the model's parts: the VAE may be another one within.
    Raises ModelError and InvalidRequestError, as sentences, for add-ons that are damaged or of another family.
    """
    with ExitStack() as stack:
        for put_on in _PUT_ON:
            stack.enter_context(put_on(run, addons))
        yield
