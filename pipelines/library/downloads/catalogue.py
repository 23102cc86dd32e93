"""The catalogue: well-known models of every family, read from resources/models.json; reading it asks nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelKind
from pipelines.library.downloads.addresses import HubSource
from pipelines.library.downloads.errors import DownloadError
from pipelines.library.downloads.keys import Keys
from pipelines.library.downloads.plan import Licence, Plan
from pipelines.library.downloads.planning import make_plan
from pipelines.library.downloads.sources_hub import home_name
from pipelines.library.downloads.stop import Stop
from pipelines.library.downloads.transport import Http

CATALOGUE = Path(__file__).resolve().parents[3] / "resources" / "models.json"


@dataclass(frozen=True)
class CatalogueEntry:
    """One model that can be had."""

    id: str
    name: str
    family: Family
    """UNKNOWN: fits every family, as upscalers do."""
    kind: ModelKind
    variant: str
    sources: tuple[HubSource, ...]
    """All of them are needed."""
    folder: str
    """Which folder of the model folder it goes to."""
    bytes: int | None
    """None: the server tells."""
    licence: Licence
    gated: bool
    """Its makers want its terms accepted on their site first."""
    vram_gb: float
    """Graphics memory with all of it there, roughly."""
    good_for: Mapping[str, str]
    """Language code -> a sentence."""

    def good_for_in(self, language: str) -> str:
        """The sentence in that language, else in English."""
        return self.good_for.get(language) or self.good_for.get("en", "")

    def is_in(self, root: Path) -> bool:
        """Whether it was downloaded into that model folder, by its names."""
        return all((root / self.folder / home_name(source)).exists() for source in self.sources)

    def matches(self, text: str) -> bool:
        """Whether every word typed is somewhere in what is said of it."""
        told = " ".join((self.id, self.name, self.family, self.kind, self.variant, *self.good_for.values())).casefold()
        return all(word in told for word in text.casefold().split())


def read_catalogue(path: Path = CATALOGUE) -> list[CatalogueEntry]:
    """Every entry, in the order of the file. Raises ModelError when it is damaged."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return [_entry(one) for one in data["models"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The catalogue of models cannot be read ({error}). Install Handscroll again.") from error


def plan_for(entry: CatalogueEntry, http: Http, keys: Keys, stop: Stop | None = None) -> Plan:
    """What its download would bring; asks the site. Raises as `make_plan`."""
    plans = [make_plan(source, http, keys, stop) for source in entry.sources]
    first = plans[0]
    if len(plans) > 1 and any(plan.whole for plan in plans):
        raise DownloadError(f"The catalogue's entry {entry.id} is not whole.")
    plan = replace(
        first,
        title=entry.name,
        folder=entry.folder,
        files=tuple(file for plan in plans for file in plan.files),
        licence=_both(entry.licence, first.licence),
    )
    plan.check()
    return plan


def _both(ours: Licence, told: Licence) -> Licence:
    """Our words for it, with the site's where those are others."""
    same = told.name.casefold() in ("", "other", ours.name.casefold())
    return Licence(ours.name if same else f"{ours.name} ({told.name})", told.url or ours.url, told.note)


def _entry(data: Mapping[str, Any]) -> CatalogueEntry:
    sources = tuple(HubSource(**source) for source in data["sources"])
    if not sources:
        raise ValueError(f"{data['id']} has no source")
    return CatalogueEntry(
        str(data["id"]),
        str(data["name"]),
        Family(data["family"]),
        ModelKind(data["kind"]),
        str(data["variant"]),
        sources,
        str(data["folder"]),
        data["bytes"],
        Licence(str(data["licence"]), str(data["licence_url"])),
        bool(data["gated"]),
        float(data["vram_gb"]),
        dict(data["good_for"]),
    )
