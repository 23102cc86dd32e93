"""Tells from a file's header, or from a folder's small JSON files, what a model is: the work behind `probe`."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from pipelines.contract.errors import ModelError
from pipelines.contract.models import Family, ModelInfo, ModelKind
from pipelines.library.folders import CONFIG_NAME, identify_folder, identify_part
from pipelines.library.gguf import read_gguf
from pipelines.library.header import SAFETENSORS, Header, read_header
from pipelines.library.keys import identify
from pipelines.library.layouts import hint_of
from pipelines.library.parts import upscaler_layout
from pipelines.library.pickled import read_pickled
from pipelines.library.probe import PICKLED, STARTER_FOLDER, STARTER_ID, Examined
from pipelines.library.scan import INDEX_NAME
from pipelines.library.tensors import Identity


def examine_file(path: Path, info: ModelInfo) -> Examined:
    """What a file is; `info` holds its name and size. Raises ModelError when it is no model or damaged."""
    suffix = path.suffix.lower()
    if suffix in PICKLED:
        return _examine_pickled(path, info)
    if suffix == ".gguf":
        header = read_gguf(path)
    elif suffix in SAFETENSORS:
        header = read_header(path)
    else:
        raise ModelError(
            f"{path.name} is not a model: models are .safetensors or .gguf files, pickled files, or diffusers folders."
        )
    found = _with_hint(identify(header, path.stem), path)
    info = replace(info, parameters=parameters_in(header))
    return Examined(_told(info, found), found.holds, header.metadata)


def parameters_in(header: Header) -> int:
    """Numbers in all tensors of a file."""
    return sum(map(math.prod, header.shapes.values()))


def _told(info: ModelInfo, found: Identity) -> ModelInfo:
    return replace(
        info,
        kind=found.kind,
        family=found.family,
        variant=found.variant,
        prediction=found.prediction,
        zero_terminal_snr=found.zero_terminal_snr,
        quantized=found.quantized,
    )


_HINTED = frozenset({ModelKind.LORA, ModelKind.TEXTUAL_INVERSION, ModelKind.UPSCALER, ModelKind.CONTROLNET})
"""Kinds with so many makes that the folder's word is taken where the header says nothing."""


def _with_hint(found: Identity, path: Path) -> Identity:
    hint = hint_of(path) if found.kind is ModelKind.UNKNOWN else None
    return found._replace(kind=hint) if hint in _HINTED and hint is not None else found


def _examine_pickled(path: Path, info: ModelInfo) -> Examined:
    """What the names in it tell; only upscaling models are used as they are, everything else is converted first."""
    listed = read_pickled(path)
    if listed is None:
        sentence = f"{path.name} is a pickled file, and pickled files can run code. Convert it to safetensors first."
        return Examined(replace(info, problem=sentence))
    layout = upscaler_layout(listed.names)
    found = Identity(ModelKind.UPSCALER, variant=layout) if layout else _identify_names(listed.names, path)
    if listed.fault:
        sentence = (
            f"{path.name} holds more than weights ({listed.fault}), and loading it could run code. Do not use it."
        )
        return Examined(replace(info, problem=sentence) if layout else replace(_told(info, found), problem=sentence))
    if layout:
        return Examined(_told(info, found))
    sentence = f"{path.name} is a pickled file, and pickled files can run code. Convert it to safetensors first."
    return Examined(replace(_told(info, found), problem=sentence), found.holds)


def _identify_names(names: Collection[str], path: Path) -> Identity:
    bare = {name.removeprefix("state_dict.") for name in names}
    header = Header(dict.fromkeys(bare, ()), {}, names_only=True)
    return _with_hint(identify(header, path.stem), path)


def _parameters_of_part(path: Path) -> int:
    """Numbers in the weights of a folder with one network; 0 where its one file cannot be told or read."""
    files = [one for suffix in SAFETENSORS for one in path.glob(f"*{suffix}")]
    try:
        return parameters_in(read_header(files[0])) if len(files) == 1 else 0
    except ModelError:
        return 0


def examine_folder(path: Path, info: ModelInfo) -> Examined:
    """What a folder is. Raises ModelError when it is no model or damaged."""
    if (path / INDEX_NAME).is_file():
        found = identify_folder(path, info.name)
    elif (path / CONFIG_NAME).is_file():
        found = identify_part(path)
        info = replace(info, parameters=_parameters_of_part(path))
    else:
        raise ModelError(f"The folder {path.name} is not a model: it has no {INDEX_NAME}.")
    identity = Identity(
        found.kind, found.family, found.variant, found.prediction, found.zero_terminal_snr, found.quantized
    )
    info = replace(_told(info, identity), problem=found.fault)
    if path.resolve() == STARTER_FOLDER.resolve():
        info = replace(info, id=STARTER_ID, name="Starter", family=Family.STARTER, variant="")
    return Examined(info)
