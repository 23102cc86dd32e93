"""models list, add, probe and matrix: the model library from the command line."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from typing import Any

from pipelines.commands.errors import InputError
from pipelines.contract.models import ModelInfo
from pipelines.library.probe import probe
from pipelines.library.registry import OFFERED, Library, default_index

OK, FAILED = 0, 1


def list_models(args: Namespace) -> int:
    """Every model of the library, those that cannot be used with the reason."""
    library = Library(index=default_index())
    models = library.models()
    if args.json:
        folders = [str(folder) for folder in library.folders]
        _write_json({"models": [model.to_dict() for model in models], "folders": folders})
    else:
        sys.stdout.writelines(f"{_line(model)}\n" for model in models)
    return OK


def add_folder(args: Namespace) -> int:
    """Remembers a folder, or the folder a given file lies in, and says what is there now."""
    path = args.path
    if not path.exists():
        raise InputError(f"There is nothing at {path}.")
    library = Library(index=default_index())
    library.add_folder(path if path.is_dir() else path.absolute().parent)
    return list_models(args)


def probe_model(args: Namespace) -> int:
    """What a file or folder is, whether or not it is in the library."""
    info = probe(args.path)
    if args.json:
        _write_json(info.to_dict())
    else:
        sys.stdout.write(f"{_line(info)}\n")
    return OK


def show_matrix(args: Namespace) -> int:
    """Runs every usable model in every task; 1 when one that should work did not."""
    from pipelines.commands.jobs import EngineChoice, open_engine
    from pipelines.commands.matrix import fill_matrix

    library = Library(index=default_index())
    models = library.models()
    rows = fill_matrix(models, open_engine(library, EngineChoice(args.device, args.dtype)))
    if args.json:
        _write_json({"rows": rows})
    else:
        sys.stdout.writelines(_matrix_line(row) for row in rows)
    return FAILED if any(row["seconds"] is not None and not row["ok"] for row in rows) else OK


def _line(info: ModelInfo) -> str:
    parts = [info.name, str(info.family), str(info.kind), *([info.variant] if info.variant else []), info.path]
    mark = f"  ! {info.problem}" if info.problem else ""
    # LoRAs and the like have no problem, but are not offered as models either.
    note = "" if info.kind in OFFERED else "  (used together with a model)"
    return "  ".join(parts) + note + mark


def _matrix_line(row: dict[str, Any]) -> str:
    verdict = f"ok, {row['seconds']:.1f} s" if row["ok"] else f"no: {row['reason']}"
    return f"{row['family']:<12}{row['task']:<16}{row['source'] or '-':<32} {verdict}\n"


def _write_json(data: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
