"""The most memory that this process has had, in MB."""

import resource
import sys
from pathlib import Path


def peak_megabytes() -> int:
    """Resident, since the process became this program; where the system says only that, since it was forked.

    Linux hands `ru_maxrss` on to children, so that a small child of a large process would seem large.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) // 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024 if sys.platform == "darwin" else 1024)
