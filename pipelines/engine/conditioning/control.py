"""Control pictures: at every step further networks look at what is to be followed, and steer the painting one.

What they find is added to the painting network's features (ControlNet: Zhang, Rao and Agrawala 2023; T2I-Adapter: Mou
et al. 2023). They stand directly around its forward: whatever task, window, region or part of a batch is computed, each
call is steered by its own part of the pictures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipelines.contract.control import ControlKind
from pipelines.contract.errors import InvalidRequestError, ModelError
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import ControlImage
from pipelines.engine.conditioning.addons import AddOns
from pipelines.engine.conditioning.control_files import ControlNetwork, load_control
from pipelines.engine.conditioning.control_guides import (
    AdapterGuide,
    Call,
    ControlNetGuide,
    Guide,
    Steering,
    UnionGuide,
)
from pipelines.engine.conditioning.control_tokens import FluxGuide, QwenGuide, Sd3Guide, ZImageGuide
from pipelines.engine.conditioning.course import acts_now, telling_rows
from pipelines.engine.network import Predict, predicting
from pipelines.planning.control import kind_of

if TYPE_CHECKING:
    from pipelines.engine.run import Run

_KINDS = (ModelKind.CONTROLNET, ModelKind.T2I_ADAPTER)
_GUIDES: dict[str, type[Guide]] = {
    "ControlNetModel": ControlNetGuide,
    "ControlNetUnionModel": UnionGuide,
    "T2IAdapter": AdapterGuide,
    "FluxControlNetModel": FluxGuide,
    "SD3ControlNetModel": Sd3Guide,
    "QwenImageControlNetModel": QwenGuide,
    "ZImageControlNetModel": ZImageGuide,
}
"""By the networks' classes in diffusers."""


@contextmanager
def following_controls(run: Run, addons: AddOns) -> Iterator[None]:
    """Within it the run's network follows the request's control pictures; afterwards it is as it was.

    To be entered before other wrappers are put around the network. Raises ModelError, as a sentence, for control models
    that are damaged or of another family, and InvalidRequestError for pictures of a kind that they do not know.
    """
    asked = [control for control in run.job.request.controls if control.weight > 0.0]
    if not asked:
        yield
        return
    guides = [_guide_for(control, _network_for(control, run, addons)) for control in asked]
    networks = list({id(guide.network): guide.network for guide in guides}.values())
    outer, ready = list(run.outer), list(run.before_pass)
    run.model.guests += networks
    run.before_pass += [guide.make_ready for guide in guides]
    if "unet" in run.model.components:
        run.outer.append(telling_rows(run))
    try:
        with predicting(run.model.network, [lambda predict: _Steered(predict, run, guides).predict]):
            yield
    finally:
        run.outer[:], run.before_pass[:] = outer, ready
        for network in networks:
            run.model.guests.remove(network)


class _Steered:
    """The network's `forward` with control pictures."""

    def __init__(self, predict: Predict, run: Run, guides: Sequence[Guide]) -> None:
        self._inner, self._run, self._guides = predict, run, guides

    def predict(self, *args: Any, **kwargs: Any) -> Any:
        """The network's own arguments and answer."""
        call, steering = Call(args, kwargs), Steering()
        for guide in self._guides:
            if acts_now(guide.control, self._run):
                guide.steer(self._run, call, steering)
        return self._inner(*args, **{**kwargs, **steering.arguments})


def _network_for(control: ControlImage, run: Run, addons: AddOns) -> ControlNetwork:
    info, model = addons.library.resolve(control.model), run.model
    if info.problem:
        raise ModelError(info.problem)
    if info.kind not in _KINDS:
        raise ModelError(
            f"'{info.name}' is a {info.kind.value}, not a control model. Choose a ControlNet or T2I-Adapter."
        )
    if info.family not in (Family.UNKNOWN, model.info.family):
        raise ModelError(
            f"The control model '{info.name}' is of the family {info.family.value}, and '{model.info.name}' of "
            f"{model.info.family.value}. Choose one of the same family."
        )

    def read_control(found: ModelInfo) -> ControlNetwork:
        return load_control(found, model, run.check)

    kept = addons.read(info, read_control)
    kept.refuse_unfitting(model)
    return kept


def _guide_for(control: ControlImage, found: ControlNetwork) -> Guide:
    told = replace(control, kind=control.kind or kind_of(found.info.name))
    guide = _GUIDES[type(found.network).__name__](told, found.network)
    if not guide.knows_kind:
        shown = f"of the kind {told.kind.value}" if told.kind is not ControlKind.UNKNOWN else "whose kind nobody said"
        raise InvalidRequestError(
            "controls", f"'{found.info.name}' cannot follow a picture {shown}. Say what it shows: canny, depth, pose …"
        )
    return guide
