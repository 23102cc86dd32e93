"""models list, add, remove, probe, say, convert and matrix: the model library from the command line."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipelines.commands.errors import InputError
from pipelines.contract.models import Family, ModelInfo, ModelKind, Prediction
from pipelines.library.probe import probe
from pipelines.library.registry import OFFERED, Library, default_index
from pipelines.library.said import Said

OK, FAILED = 0, 1


def list_models(args: Namespace) -> int:
    """Every model of the library, those that cannot be used with the reason; `--kind` asks for other kinds."""
    library = Library(index=default_index())
    wanted = getattr(args, "kind", None)
    models = library.models(_kinds(wanted) if wanted else OFFERED)
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
    is_place = path.is_dir() or path.suffix.lower() == ".yaml"  # ComfyUI's list of other places
    library.add_folder(path if is_place else path.absolute().parent)
    return list_models(args)


def remove_folder(args: Namespace) -> int:
    """Forgets a folder; nothing on the disk is touched."""
    library = Library(index=default_index())
    folder = args.path.absolute()
    if folder not in library.folders:
        known = ", ".join(map(str, library.folders)) or "none"
        raise InputError(f"{folder} is not one of the library's folders; those are: {known}.")
    library.remove_folder(folder)
    return list_models(args)


def probe_model(args: Namespace) -> int:
    """What a file or folder is, whether or not it is in the library."""
    info = probe(args.path)
    if args.json:
        _write_json(info.to_dict())
    else:
        sys.stdout.write(f"{_line(info)}\n")
    return OK


def say_model(args: Namespace) -> int:
    """Remembers what the person says a model is; what is not named stays as it was said before."""
    library = Library(index=default_index())
    before = Said() if args.forget else library.said(str(args.path))
    given = {
        "kind": None if args.kind is None else ModelKind(args.kind),
        "family": None if args.family is None else Family(args.family),
        "variant": args.variant,
        "prediction": None if args.prediction is None else Prediction(args.prediction),
    }
    said = {name: value for name, value in given.items() if value is not None}
    if not said and not args.forget:
        raise InputError("Say what the model is: --kind, --family, --variant or --prediction; --forget takes it back.")
    info = library.say(str(args.path), replace(before, **said))
    if args.json:
        _write_json(info.to_dict())
    else:
        sys.stdout.write(f"{_line(info)}\n")
    return OK


def convert_model(args: Namespace) -> int:
    """Makes a safetensors file of a pickled one, beside it."""
    from pipelines.library.converting import convert

    shown = sys.stderr.isatty() and not args.json

    def show(done: int, total: int) -> None:
        if shown:
            sys.stderr.write(f"\r{done / 1e6:.0f} of {total / 1e6:.0f} MB" + ("\n" if done == total else ""))

    made = convert(args.path, args.out, show)
    info = probe(made)
    if args.json:
        _write_json(info.to_dict())
    else:
        sys.stdout.write(f"{_line(info)}\n")
    return OK


def show_matrix(args: Namespace) -> int:
    """Runs miniatures of every family, or the library's models, in every task; 1 when one that ran did not work."""
    from pipelines.commands.jobs import EngineChoice, open_engine
    from pipelines.commands.matrix import fill_matrix, fill_matrix_of_miniatures
    from pipelines.commands.matrix_table import matrix_table

    choice = EngineChoice(args.device, args.dtype)
    families = [Family(args.family)] if args.family else []
    if args.library:
        library = Library(index=default_index())
        models = [model for model in library.models() if not families or model.family in families]
        rows = fill_matrix(models, open_engine(library, choice))
        rows = [row for row in rows if not families or row["family"] in families]
    else:
        rows = fill_matrix_of_miniatures(families, choice)
    if args.json:
        _write_json({"rows": rows})
    else:
        sys.stdout.write(matrix_table(rows))
    return FAILED if any(row["seconds"] is not None and not row["ok"] for row in rows) else OK


_BY_ITSELF = frozenset({ModelKind.UPSCALER, ModelKind.CAPTIONER})
"""Kinds that do not paint, and work without a model that does."""


def _kinds(wanted: str) -> frozenset[ModelKind]:
    return frozenset(ModelKind) if wanted == "all" else frozenset({ModelKind(wanted)})


def _line(info: ModelInfo) -> str:
    parts = [
        info.name,
        str(info.family),
        str(info.kind),
        *filter(None, (info.variant, info.prediction, info.quantized)),
    ]
    mark = f"  ! {info.problem}" if info.problem else ""
    # LoRAs and the like have no problem, but are not offered as models either.
    note = "" if info.kind in OFFERED | _BY_ITSELF else "  (used together with a model)"
    pairs = "".join(f"\n    {pair.part}: {Path(pair.path).name}" for pair in info.companions)
    return "  ".join([*parts, info.path]) + note + mark + pairs


def _write_json(data: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
