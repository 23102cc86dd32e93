"""Makes a safetensors file of a pickled one (.ckpt, .pt, .pth, .bin), without ever running what may be inside.

First the pickle's instructions are listed (`library.pickled`); a file that would import anything but weights, or is
packed as no training program packs, is refused. Only then does torch read it, with `weights_only`, mapped into memory.
Tensors are written one after the other, so that converting needs hardly any memory.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

import torch

from pipelines.contract.errors import ModelError
from pipelines.library.pickled import read_pickled
from pipelines.library.probe import PICKLED

_INNER = ("state_dict", "params_ema", "params", "model_state_dict", "model", "module", "net", "ema")
"""Tables in which training programs keep the weights, the better before the worse."""
_TABLES = ("image_proj", "ip_adapter")
"""Tables that belong together, each with its name before its tensors'."""
_PIECE = 8 * 2**20
_RESERVE = 64 * 2**20
"""Bytes of the disk that stay free."""
_FORMATS = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64",
    torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL",
    torch.float8_e4m3fn: "F8_E4M3", torch.float8_e5m2: "F8_E5M2",
}  # fmt: skip


def convert(
    path: Path,
    target: Path | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    interrupt: Callable[[], None] = lambda: None,
) -> Path:
    """Writes what the pickled file holds as safetensors, beside it or at `target`; the old file stays as it is.

    `progress` is told bytes written and bytes in all. `interrupt` is called before each piece; what it raises ends the
    conversion and leaves nothing behind. Gives the new file's path; it is there only when it is whole.

    Raises ModelError, as a sentence, when the file is hostile, damaged, holds no weights, or the disk is full.
    """
    target = target or path.with_suffix(".safetensors")
    if target.exists():
        raise ModelError(f"{target} is there already. Move it away or choose another name, and convert again.")
    _examine(path)
    interrupt()
    tensors = _weights_of(path)
    size = sum(tensor.nbytes for tensor in tensors.values())
    try:
        free = shutil.disk_usage(target.parent).free
        if size + _RESERVE > free:
            needed, left = (size + _RESERVE) / 1e9, free / 1e9
            raise ModelError(
                f"{path.name} needs {needed:.1f} GB as safetensors, and only {left:.1f} GB are free in {target.parent}."
            )
        _write_whole(target, tensors, lambda done: (progress(done, size), interrupt())[0])
    except OSError as error:
        raise ModelError(f"{target} cannot be written: {error.strerror or error}.") from error
    return target


def _examine(path: Path) -> None:
    if not path.is_file():
        raise ModelError(f"There is no file at {path}.")
    if path.suffix.lower() not in PICKLED:
        raise ModelError(f"{path.name} is no pickled file; only .ckpt, .pt, .pth and .bin files can be converted.")
    listed = read_pickled(path)
    if listed is None:
        raise ModelError(f"{path.name} is damaged, or no file of weights. Copy or download it again.")
    if listed.fault:
        raise ModelError(
            f"{path.name} holds more than weights ({listed.fault}) and could run code. It was not opened, and nothing "
            "of it was run. Do not use it."
        )


def _weights_of(path: Path) -> dict[str, torch.Tensor]:
    """Every tensor by the name that it has in single files."""
    try:
        try:
            data = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
        except RuntimeError:  # torch's older format cannot be mapped
            data = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ModelError(f"{path.name} holds more than weights and could run code; nothing of it was run.") from error
    except (OSError, ValueError, RuntimeError, EOFError, KeyError, TypeError, AttributeError, MemoryError) as error:
        raise ModelError(f"{path.name} is damaged or incomplete. Copy or download it again.") from error
    tensors = dict(_named(_inner(data, path)))
    if not tensors:
        raise ModelError(f"{path.name} holds no weights.")
    for name, tensor in tensors.items():
        if tensor.nbytes > max(tensor.untyped_storage().nbytes(), 1 << 20):
            raise ModelError(f"{path.name} is damaged: its tensor {name[:80]!r} claims more than the file holds.")
        if tensor.dtype not in _FORMATS:
            raise ModelError(f"{path.name} holds numbers of a format that safetensors has not ({tensor.dtype}).")
    return tensors


def _inner(data: object, path: Path) -> Mapping[str, Any]:
    """The table of tensors, out of the tables around it."""
    for _ in range(4):
        if not isinstance(data, dict):
            break
        table = cast("dict[str, Any]", data)
        words = table.get("string_to_param")
        if isinstance(words, dict) and words:  # a textual inversion of A1111
            return {"emb_params": next(iter(cast("dict[str, Any]", words).values()))}
        if all(isinstance(table.get(name), dict) for name in _TABLES):
            return {f"{name}.{key}": tensor for name in _TABLES for key, tensor in table[name].items()}
        inner = next((table[name] for name in _INNER if isinstance(table.get(name), dict) and table[name]), None)
        if inner is None:
            return table
        data = inner
    raise ModelError(f"{path.name} holds no table of weights.")


def _named(table: Mapping[Any, Any]) -> Iterator[tuple[str, torch.Tensor]]:
    for name, value in table.items():
        if isinstance(name, str) and isinstance(value, torch.Tensor) and value.layout is torch.strided:
            yield name, value.detach()


def _write_whole(target: Path, tensors: Mapping[str, torch.Tensor], told: Callable[[int], None]) -> None:
    """Writes beside the target first and moves it there at the end."""
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(file, tensors, told)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _write(file: BinaryIO, tensors: Mapping[str, torch.Tensor], told: Callable[[int], None]) -> None:
    """The safetensors format: length of the header, header, then the numbers without gaps. Shared tensors are written
    as often as they occur."""
    table: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    place = 0
    for name, tensor in tensors.items():
        end = place + tensor.nbytes
        table[name] = {"dtype": _FORMATS[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [place, end]}
        place = end
    header = json.dumps(table, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    file.write(len(header).to_bytes(8, "little") + header)
    done = 0
    for tensor in tensors.values():
        if not tensor.nbytes:
            continue
        numbers = memoryview(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().data)
        for begin in range(0, len(numbers), _PIECE):
            told(done)
            done += file.write(numbers[begin : begin + _PIECE])
    told(done)


def main(arguments: list[str]) -> int:
    """`python -m pipelines.engine.convert FILE [TARGET]`: a line of JSON for each piece, last the path or error."""

    def tell(**words: object) -> None:
        sys.stdout.write(json.dumps(words) + "\n")
        sys.stdout.flush()

    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))  # leaves no half file behind
    try:
        target = Path(arguments[1]) if len(arguments) > 1 else None
        made = convert(Path(arguments[0]), target, lambda done, total: tell(done=done, total=total))
    except ModelError as error:
        tell(error=str(error))
        return 1
    tell(path=str(made))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
