"""Looks into a pickled file of weights without unpickling it: names of tensors, and whether loading could run code.

A pickle is a program. Here its instructions are only listed (`pickletools.genops`), never carried out: strings among
them are the tensors' names, and what it would import tells harmless weights from everything else.
"""

from __future__ import annotations

import io
import itertools
import pickletools
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.contract.errors import ModelError

MAX_BYTES = 8 * 2**20
"""More than any list of tensor names is long; what lies behind is not looked at."""
_MAGIC = 0x1950A86A20F9469CFC6C
"""What torch's older format begins with, pickled by itself."""
_PREAMBLE = 3
"""Pickles before that of the weights in the older format: magic number, version, machine."""
MAX_STEPS = 300_000
"""More instructions than the weights of any model take; what comes after is not looked at."""
_MAX_MEMBERS = 100_000
_HARMLESS = frozenset(
    {"collections OrderedDict", "torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_parameter"}
    | {
        f"torch {kind}Storage"
        for kind in ("Float", "Half", "BFloat16", "Double", "Long", "Int", "Short", "Char", "Byte", "Bool", "Untyped")
    }
)
_IMPORTS = frozenset({"GLOBAL", "STACK_GLOBAL", "INST", "EXT1", "EXT2", "EXT4"})
"""Instructions that fetch something by its name, code included."""
_TABLES = ("image_proj", "ip_adapter")
"""Tables in which pickled IP-Adapters keep their tensors, whose own names then begin with nothing."""


@dataclass(frozen=True)
class Pickled:
    """What the instructions of a pickle name."""

    names: frozenset[str]
    """Every string, tensor names among them."""
    foreign: str
    """The first thing it would import that weights do not need, as `module name` or as its instruction; else empty."""
    oddity: str = ""
    """What no file of weights has about it, as in "compressed parts"; empty for an ordinary one."""
    complete: bool = True
    """Whether the instructions were listed to their end."""

    @property
    def fault(self) -> str:
        """What speaks against opening it, for the middle of a sentence; empty when nothing does."""
        return self.foreign or self.oddity or ("" if self.complete else "instructions without an end")


def read_pickled(path: Path) -> Pickled | None:
    """What a file written by `torch.save` names; None when it is no such file. Nothing in it is run.

    Raises ModelError when it cannot be read.
    """
    try:
        is_archive = zipfile.is_zipfile(path)
        oddity = ""
        if is_archive:
            data, oddity = _from_archive(path)
        else:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        if data is None:
            return Pickled(frozenset(), "", oddity) if oddity else None
        return _list(data, oddity, old=not is_archive, size=path.stat().st_size)
    except OSError as error:
        raise ModelError(f"The model file {path.name} cannot be read: {error.strerror or error}.") from error
    except (ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OverflowError, MemoryError):
        return None  # cut off, encrypted or no pickle at all


def _from_archive(path: Path) -> tuple[bytes | None, str]:
    """The pickle in the archive, and what is odd about the archive: torch stores everything once and uncompressed."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        inner = [member for member in members if member.filename.rpartition("/")[2] == "data.pkl"]
        if not inner:
            return None, ""
        oddity = _oddity(members, path.stat().st_size)
        if len(inner) > 1:
            return None, "several pickles"
        if oddity:
            return None, oddity
        with archive.open(inner[0]) as file:
            return file.read(MAX_BYTES + 1), oddity


def _oddity(members: list[zipfile.ZipInfo], size: int) -> str:
    if len(members) > _MAX_MEMBERS or len({member.filename for member in members}) != len(members):
        return "parts of the same name"
    if any(member.compress_type != zipfile.ZIP_STORED for member in members):
        return "compressed parts"
    if sum(member.file_size for member in members) > size:
        return "parts that lie over one another"
    if any(member.filename.endswith((".pkl", ".pickle", ".zip")) and member.filename.rpartition("/")[2] != "data.pkl"
           for member in members):  # fmt: skip
        return "another archive or pickle inside"
    return ""


def _list(data: bytes, oddity: str, *, old: bool, size: int) -> Pickled | None:
    stream = io.BytesIO(data[:MAX_BYTES])
    if old:
        if _MAGIC not in [argument for _, argument, _ in _steps(stream)]:
            return _plain_pickle(data)
        for _ in range(_PREAMBLE - 1):
            for _step in _steps(stream):
                pass
    seen = _Listing()
    for opcode, argument, _ in _steps(stream):
        seen.take(opcode.name, argument, size)
    if old and seen.is_huge:
        oddity = oddity or "tensors larger than the file"
    return Pickled(_with_tables(seen.names), seen.foreign, oddity, seen.last == "STOP")


class _Listing:
    """What has been seen of a pickle's instructions so far."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.foreign = ""
        self.is_huge = False
        self.last = ""
        self._texts: list[str] = []

    def take(self, opcode: str, argument: object, size: int = 0) -> None:
        """The next instruction."""
        self.last = opcode
        if opcode in _IMPORTS:
            # torch writes the plain form only; the others may name what they import where it cannot be seen from here
            imported = str(argument) if opcode in ("GLOBAL", "INST") else " ".join([opcode, *self._texts[-2:]])
            is_harmless = opcode == "GLOBAL" and imported in _HARMLESS
            self.foreign = self.foreign or ("" if is_harmless else imported[:120])
        elif isinstance(argument, str):
            self.names.add(argument)
            self._texts = [*self._texts[-1:], argument]
        elif opcode in ("BININT", "LONG1", "LONG4", "INT", "LONG"):
            self.is_huge = self.is_huge or (isinstance(argument, int) and argument > max(size, 2**31))


def _plain_pickle(data: bytes) -> Pickled | None:
    """A pickle that torch did not write: none of ours, but whoever looks should hear what it would do."""
    seen = _Listing()
    for opcode, argument, _ in _steps(io.BytesIO(data[:MAX_BYTES])):
        seen.take(opcode.name, argument)
    return Pickled(frozenset(seen.names), seen.foreign) if seen.foreign else None


def _steps(stream: io.BytesIO) -> Iterator[tuple[pickletools.OpcodeInfo, object, int | None]]:
    """The instructions of one pickle, as far as they can be read and as far as any file of weights goes."""
    with suppress(ValueError):
        yield from itertools.islice(pickletools.genops(stream), MAX_STEPS)


def _with_tables(names: set[str]) -> frozenset[str]:
    if not names.issuperset(_TABLES):
        return frozenset(names)
    moved = {f"ip_adapter.{name}" if "_ip." in name or "lora" in name else f"image_proj.{name}" for name in names}
    return frozenset(moved)
