"""models download and catalogue: models from Hugging Face, Civitai or any address, on request and in the foreground."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from pipelines.commands.errors import InputError
from pipelines.contract.models import Family
from pipelines.library.downloads.addresses import HubSource, parse
from pipelines.library.downloads.catalogue import CatalogueEntry, plan_for, read_catalogue
from pipelines.library.downloads.errors import ChoiceNeededError, DownloadError, KeyNeededError
from pipelines.library.downloads.fetching import Phase, gigabytes
from pipelines.library.downloads.installing import Terms, already_there, install, place_of
from pipelines.library.downloads.keys import ENVIRONMENT, Keys, Site
from pipelines.library.downloads.plan import Plan
from pipelines.library.downloads.planning import make_plan
from pipelines.library.downloads.stop import Stop
from pipelines.library.downloads.transport import Http
from pipelines.library.registry import Library, default_index

OK = 0
EVERY = 0.1
"""Seconds between two looks of the progress bar."""


def model_folder() -> Path:
    """Where downloads go unless told otherwise: beside the library's index."""
    return default_index().parent / "models"


def download(args: Namespace) -> int:
    """Brings what was named, after its licence was shown and agreed to, and adds its folder to the library."""
    http, keys = Http(), Keys()
    plan = _plan(args, http, keys)
    root = (args.to or model_folder()).expanduser().absolute()
    if already_there(root, plan):
        return _tell(args, plan, place_of(root, plan))
    _ask(args, plan, root)
    with tqdm(
        total=plan.size, unit="B", unit_scale=True, unit_divisor=1024, desc=plan.title[:40], mininterval=EVERY,
        disable=not sys.stderr.isatty(),
    ) as bar:  # fmt: skip

        def tell(phase: Phase, done: int, total: int | None) -> None:
            bar.total = total
            bar.set_postfix_str("" if phase is Phase.RECEIVING else phase.value, refresh=False)
            bar.update(done - bar.n)

        try:
            places = install(plan, Terms(root, http, Stop(), tell, keys.get(plan.site)))
        except KeyNeededError as error:
            raise _with_advice(error) from error
    library = Library(index=default_index())
    if root not in library.folders:
        library.add_folder(root)
    return _tell(args, plan, places)


def show_catalogue(args: Namespace) -> int:
    """What well-known models there are; asks no site."""
    entries = [
        entry
        for entry in read_catalogue()
        if entry.matches(" ".join(args.search)) and (not args.family or entry.family == Family(args.family))
    ]
    if not entries:
        asked = " ".join([*args.search, *([f"--family {args.family}"] if args.family else [])])
        raise InputError(f"Nothing in the catalogue fits '{asked}'. 'handscroll models catalogue' lists all there is.")
    if args.json:
        _write_json({"models": [_row(entry) for entry in entries]})
    else:
        sys.stdout.writelines(f"{_line(entry)}\n" for entry in entries)
    return OK


def _plan(args: Namespace, http: Http, keys: Keys) -> Plan:
    """The plan of what was typed: an id of the catalogue, or whatever `parse` understands."""
    try:
        known = next((entry for entry in read_catalogue() if entry.id == args.spec), None)
        if known is not None and not args.file:
            return plan_for(known, http, keys)
        typed = parse(args.spec, args.variant)
        source = typed.source
        if typed.key:
            keys.use_for_now(Site.CIVITAI, typed.key)
        if isinstance(source, HubSource):
            source = replace(source, path=args.file or source.path, revision=args.revision or source.revision)
        elif args.file or args.revision:
            raise InputError("--file and --revision belong to repositories of Hugging Face.")
        return make_plan(source, http, keys)
    except ChoiceNeededError as error:
        names = "\n".join(f"  {choice.path}" for choice in error.choices)
        raise InputError(f"{error} Name it with --file:\n{names}") from error
    except KeyNeededError as error:
        raise _with_advice(error) from error


def _with_advice(error: KeyNeededError) -> DownloadError:
    name = ENVIRONMENT.get(Site(error.site)) if error.site else None
    return DownloadError(f"{error} The variable {name} holds it for this command." if name else str(error))


def _ask(args: Namespace, plan: Plan, root: Path) -> None:
    """Shows what will come under which licence. Raises InputError unless it is agreed to."""
    size = "of unknown size" if plan.estimate is None else gigabytes(plan.estimate)
    licence = " · ".join(
        filter(None, (plan.licence.name or "not told by the site", plan.licence.note, plan.licence.url))
    )
    sys.stderr.write(f"{plan.title}: {len(plan.files)} file(s), {size}, to {root}\nLicence: {licence}\n")
    if args.yes:
        return
    if not sys.stdin.isatty():
        raise InputError("Nothing was downloaded: give --yes to agree to the licence above.")
    sys.stderr.write("Download it under this licence? [y/N] ")
    if sys.stdin.readline().strip().casefold() not in ("y", "yes"):
        raise InputError("Nothing was downloaded.")


def _tell(args: Namespace, plan: Plan, places: list[Path]) -> int:
    if args.json:
        paths = [str(place) for place in places]
        _write_json({"title": plan.title, "paths": paths, "licence": plan.licence.name, "words": list(plan.words)})
    else:
        sys.stdout.writelines(f"{place}\n" for place in places)
    return OK


def _row(entry: CatalogueEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "family": str(entry.family),
        "kind": str(entry.kind),
        "variant": entry.variant,
        "licence": entry.licence.name,
        "licence_url": entry.licence.url,
        "gated": entry.gated,
        "vram_gb": entry.vram_gb,
        "bytes": entry.bytes,
        "good_for": entry.good_for_in("en"),
        "needs_network": True,
    }


def _line(entry: CatalogueEntry) -> str:
    note = "  (accept its terms on its page first)" if entry.gated else ""
    return f"{entry.id:<26}{entry.family:<12}{entry.kind:<12} {entry.licence.name}: {entry.good_for_in('en')}{note}"


def _write_json(data: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
