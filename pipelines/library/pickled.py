"""Looks into a pickled file of weights without unpickling it: names of tensors, and whether loading could run code.

A pickle is a program. Here its instructions are only listed (`pickletools.genops`), never carried out: strings among
them are the tensors' names, and what it would import tells harmless weights from everything else.
"""

from __future__ import annotations

import io
import pickletools
import zipfile
from dataclasses import dataclass
from pathlib import Path

from pipelines.contract.errors import ModelError

MAX_BYTES = 8 * 2**20
"""More than any list of tensor names is long; what lies behind is not looked at."""
_MAGIC = 0x1950A86A20F9469CFC6C
"""What torch's older format begins with, pickled by itself."""
_PREAMBLE = 3
"""Pickles before that of the weights in the older format: magic number, version, machine."""
_HARMLESS = frozenset(
    {"collections OrderedDict", "torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_parameter"}
    | {
        f"torch {kind}Storage"
        for kind in ("Float", "Half", "BFloat16", "Double", "Long", "Int", "Short", "Char", "Byte", "Bool", "Untyped")
    }
)
_IMPORTS = frozenset({"GLOBAL", "STACK_GLOBAL", "INST", "EXT1", "EXT2", "EXT4"})
"""Instructions that fetch something by its name, code included."""


@dataclass(frozen=True)
class Pickled:
    """What the instructions of a pickle name."""

    names: frozenset[str]
    """Every string, tensor names among them."""
    foreign: str
    """The first thing it would import that weights do not need, as `module name` or as its instruction; else empty."""


def read_pickled(path: Path) -> Pickled | None:
    """What a file written by `torch.save` names; None when it is no such file. Nothing in it is run.

    Raises ModelError when it cannot be read.
    """
    try:
        if zipfile.is_zipfile(path):
            data = _from_archive(path)
        else:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES)
        return None if data is None else _list(data, old=not zipfile.is_zipfile(path))
    except OSError as error:
        raise ModelError(f"The model file {path.name} cannot be read: {error.strerror or error}.") from error
    except (ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return None  # cut off, encrypted or no pickle at all


def _from_archive(path: Path) -> bytes | None:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name == "data.pkl" or name.endswith("/data.pkl")]
        if len(names) != 1:
            return None
        with archive.open(names[0]) as inner:
            return inner.read(MAX_BYTES)


def _list(data: bytes, *, old: bool) -> Pickled | None:
    stream = io.BytesIO(data)
    if old:
        arguments = [argument for _, argument, _ in pickletools.genops(stream)]
        if _MAGIC not in arguments:
            return None
        for _ in range(_PREAMBLE - 1):
            for _step in pickletools.genops(stream):
                pass
    names: set[str] = set()
    foreign = ""
    for opcode, argument, _ in pickletools.genops(stream):
        if opcode.name in _IMPORTS:
            # torch writes the plain form only; the others name what they import where it cannot be seen from here
            imported = argument if opcode.name == "GLOBAL" else opcode.name
            foreign = foreign or ("" if imported in _HARMLESS else str(imported))
        elif isinstance(argument, str):
            names.add(argument)
    return Pickled(frozenset(names), foreign)
