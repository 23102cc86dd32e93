"""Which model of the library a control layer works with, and what it is called; a sentence where none does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from canvas.layer_control import REFERENCE, LayerControl, Source
from desktop.generation.wording import Wording
from desktop.i18n import mark
from desktop.spoken import spoken
from pipelines.contract.control import ControlKind
from pipelines.contract.errors import InvalidRequestError
from pipelines.contract.looking import SEEN, AnnotationRequest
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.contract.request import ControlImage
from pipelines.library.families import label_of
from pipelines.library.sight import annotators, finder
from pipelines.library.wording import fits
from pipelines.planning.control import kind_of
from pipelines.planning.seen_cost import sees_pictures

CONTROL_KINDS = (ModelKind.CONTROLNET, ModelKind.T2I_ADAPTER)
LABELS: dict[str, str] = {
    ControlKind.CANNY: mark("controls", "Edges (Canny)"),
    ControlKind.LINEART: mark("controls", "Line art"),
    ControlKind.SOFTEDGE: mark("controls", "Soft edges"),
    ControlKind.SCRIBBLE: mark("controls", "Scribble"),
    ControlKind.DEPTH: mark("controls", "Depth"),
    ControlKind.NORMAL: mark("controls", "Normals"),
    ControlKind.POSE: mark("controls", "Pose"),
    ControlKind.SEGMENTATION: mark("controls", "Segments"),
    ControlKind.TILE: mark("controls", "Detail (Tile)"),
    ControlKind.INPAINT: mark("controls", "Inpaint"),
    ControlKind.BLUR: mark("controls", "Blur"),
    ControlKind.GRAY: mark("controls", "Grey"),
    REFERENCE: mark("controls", "Reference"),
}
"""Kinds of control layers in the order in which they are offered."""


def label_of_kind(kind: str) -> str:
    """A kind in the present language; the word itself for one of a later version."""
    return QCoreApplication.translate("controls", LABELS[kind]) if kind in LABELS else kind


def sees(info: ModelInfo | None) -> bool:
    """Whether a model that paints looks at references by itself."""
    return info is not None and sees_pictures(info)


def kind_for(info: ModelInfo, now: str = "") -> str:
    """What a layer is for with this control model or adapter: `now` if it knows it, "" when only the layer tells."""
    if info.kind is ModelKind.IP_ADAPTER:
        return REFERENCE
    own = _kind_by_name(info.name)
    return str(own) if own is not ControlKind.UNKNOWN else (now if now != REFERENCE else "")


def painter_of(wording: Wording, model_id: str) -> ModelInfo | None:
    """The model that paints."""
    return next((info for info in wording.models if info.id == model_id), None)


def choices(kind: str, wording: Wording, model_id: str) -> tuple[ModelInfo, ...]:
    """Models of the library that can serve a layer of that kind with the painting model, the best first."""
    family = wording.family_of(model_id)
    if kind == REFERENCE:
        found = wording.fitting(ModelKind.IP_ADAPTER, family)
        return tuple(sorted(found, key=lambda info: (info.family is not family, info.name.casefold())))
    rows = [info for one in CONTROL_KINDS for info in wording.fitting(one, family)]
    ranked = [(rank, info) for info in rows if (rank := _rank(kind, info)) is not None]
    ranked.sort(key=lambda row: (row[0], row[1].family is not family, row[1].name.casefold()))
    return tuple(info for _, info in ranked)


@lru_cache(maxsize=4096)
def _kind_by_name(name: str) -> ControlKind:
    """`kind_of`; asked for every row that is drawn, and every model."""
    return kind_of(name)


def _rank(kind: str, info: ModelInfo) -> int | None:
    """0: made for it, 1: made for several kinds, 2: nobody knows; None: made for another."""
    own = _kind_by_name(info.name)
    if own is ControlKind.UNKNOWN:
        several = "union" in info.name.casefold() or "promax" in info.name.casefold()
        return 1 if several else 2
    return 0 if own == kind else None


def model_for(control: LayerControl, wording: Wording, model_id: str) -> str:
    """The id of the model that follows or looks; empty: the painting model looks by itself.

    Raises InvalidRequestError with what is missing and what to do.
    """
    family = wording.family_of(model_id)
    if control.model:
        return _chosen(control, wording, family)
    if control.is_reference and sees(painter_of(wording, model_id)):
        return ""
    found = choices(control.kind, wording, model_id)
    if found:
        return found[0].id
    raise _missing(control, family)


def _missing(control: LayerControl, family: Family) -> InvalidRequestError:
    name = "references" if control.is_reference else "controls"
    if family is Family.STARTER:
        sentence = QCoreApplication.translate(
            "controls", "The starter model knows no control layers. Choose another model to paint with."
        )
    elif control.is_reference:
        sentence = QCoreApplication.translate(
            "controls",
            "No adapter for references in the library fits {family}. Get an IP-Adapter or Redux with Generate > Models "
            "> Catalogue of Models, or paint with FLUX Kontext, FLUX.2 or Qwen-Image-Edit.",
        )
    else:
        sentence = QCoreApplication.translate(
            "controls",
            "No control model for “{kind}” in the library fits {family}. Get one with Generate > Models > Catalogue of "
            "Models, or follow something else.",
        )
    text = sentence.format(kind=label_of_kind(control.kind), family=label_of(family))
    return InvalidRequestError(name, text)


def _chosen(control: LayerControl, wording: Wording, family: Family) -> str:
    name = "references" if control.is_reference else "controls"
    info = wording.addon(control.model)
    if info is None:
        sentence = QCoreApplication.translate(
            "controls", "The model '{name}' is no longer in the library. Choose another one, or the best there is."
        )
        raise InvalidRequestError(name, sentence.format(name=control.model.rpartition("/")[2]))
    if info.problem:
        raise InvalidRequestError(name, spoken(info.problem))
    if not fits(info, family):
        sentence = QCoreApplication.translate(
            "controls",
            "'{name}' is made for {own}; the chosen model is {family}. Choose another one, or the best there is.",
        )
        text = sentence.format(name=info.name, own=label_of(info.family), family=label_of(family))
        raise InvalidRequestError(name, text)
    return info.id


def trouble_of(control: LayerControl | None, wording: Wording, model_id: str) -> str:
    """Why a control layer would not work now, as a sentence; empty when it would, or rests."""
    if control is None or not control.acts or not wording.models:  # nobody has looked yet
        return ""
    try:
        model_for(control, wording, model_id)
    except InvalidRequestError as error:
        return spoken(str(error))
    blind = control.source is Source.MADE and control.kind in SEEN and eyes_for(control, wording) is None
    return nobody_sees(control, wording) if blind else ""


def usual_kind(drawn: bool, wording: Wording, model_id: str) -> str:
    """The kind that a layer begins with: what is drawn are lines, else edges; what there is a model for comes first."""
    first: tuple[ControlKind, ...] = (ControlKind.CANNY, ControlKind.LINEART, ControlKind.SOFTEDGE)
    if drawn:
        first = (ControlKind.SCRIBBLE, ControlKind.LINEART, ControlKind.SOFTEDGE, ControlKind.CANNY)
    kinds = (*first, *(one for one in ControlKind if one and one not in first))
    return str(next((kind for kind in kinds if choices(kind, wording, model_id)), first[0]))


# --- what only a network sees


@dataclass(frozen=True)
class Eyes:
    """The networks of the library that see what a control layer follows."""

    annotator: ModelInfo
    finder: ModelInfo | None = None
    """What finds the people whose poses are seen."""

    @property
    def finder_id(self) -> str:
        """Its id, or empty."""
        return self.finder.id if self.finder is not None else ""

    def request(self, kind: ControlKind, rgba: NDArray[np.uint8]) -> AnnotationRequest:
        """To see that in a picture."""
        return AnnotationRequest(self.annotator.id, rgba, kind, self.finder_id)

    def put_before(self, control: ControlImage) -> ControlImage:
        """The control picture, to be looked at before it is followed."""
        return replace(control, annotator=self.annotator.id, finder=self.finder_id)


def eyes_of(kind: str, wording: Wording) -> tuple[ModelInfo, ...]:
    """The networks of the library that see that kind, by name."""
    return annotators(ControlKind(kind), wording.addons) if kind in SEEN else ()


def eyes_for(control: LayerControl, wording: Wording) -> Eyes | None:
    """Who of the library looks at such a layer: the chosen one, else, and while that is gone, the first that can.

    None where nobody can, or need.
    """
    found = eyes_of(control.kind, wording)
    if not found:
        return None
    looking = next((info for info in found if info.id == control.annotator), found[0])
    return Eyes(looking, finder(wording.addons) if control.kind == ControlKind.POSE else None)


def gone_annotator(control: LayerControl, wording: Wording) -> str:
    """Name of the network that was chosen for a layer and cannot look at it now; empty where it can, or none was."""
    able = not control.annotator or any(one.id == control.annotator for one in eyes_of(control.kind, wording))
    if able or control.kind not in SEEN:
        return ""
    info = wording.addon(control.annotator)
    return info.name if info is not None else control.annotator.rstrip("/").rpartition("/")[2]


def nobody_sees(control: LayerControl, wording: Wording) -> str:
    """That the library holds no network for a layer's kind, or no longer, and what to do."""
    if gone := gone_annotator(control, wording):
        sentence = QCoreApplication.translate(
            "controls",
            "'{name}', which was chosen to see “{kind}” in the picture, cannot be used now, and no other network in "
            "the library sees it. Put it back, or get one with Generate > Models > Catalogue of Models.",
        )
        return sentence.format(name=gone, kind=label_of_kind(control.kind))
    sentence = QCoreApplication.translate(
        "controls",
        "No network in the library sees “{kind}” in a picture. Get one with Generate > Models > Catalogue of Models, "
        "or let the layer be such a map already.",
    )
    return sentence.format(kind=label_of_kind(control.kind))
