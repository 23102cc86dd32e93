"""The C library's memory: what threads have freed is not kept by each of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from canvas.paging import MALLOC_HAS_TRIM, MOST_ARENAS

MANY_THREADS = """
import ctypes, sys, threading
from canvas.paging import tune_malloc

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
libc.fopen.restype = libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes, libc.fclose.argtypes = [ctypes.c_int, ctypes.c_void_p], [ctypes.c_void_p]
tune_malloc()
all_there = threading.Barrier(12)

def take():
    block = libc.malloc(3 << 20)
    all_there.wait()
    libc.free(block)

threads = [threading.Thread(target=take) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
file = libc.fopen(sys.argv[1].encode(), b"w")
libc.malloc_info(0, file)
libc.fclose(file)
"""


@pytest.mark.skipif(not MALLOC_HAS_TRIM, reason="another C library")
def test_threads_share_their_heaps(tmp_path: Path) -> None:
    told = tmp_path / "malloc.xml"
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", MANY_THREADS, str(told)], cwd=root, check=True, timeout=60)
    text = told.read_text()
    assert 0 < text.count("<heap nr=") <= MOST_ARENAS
