"""One program per project file: a lock on a small file beside it, let go by the system when we die."""

import os
import sys
from pathlib import Path
from typing import IO

from canvas.errors import CanvasError

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class BusyError(CanvasError):
    """Another window or program has the painting open."""


class ReadOnlyError(CanvasError):
    """The place of the painting cannot be written."""


class FileLock:
    """Held from construction to `release`."""

    def __init__(self, project: Path) -> None:
        """Raises BusyError when another window or program holds the project, ReadOnlyError where one cannot write."""
        self.path = project.with_name(project.name + "-lock")
        self._file: IO[bytes] | None = self._acquire(project)

    def release(self) -> None:
        """Lets go and removes the small file. Safe to call twice."""
        file, self._file = self._file, None
        if file is None:
            return
        if sys.platform == "win32":  # an open file cannot be removed there
            file.close()
            self._remove()
        else:
            if self._is_ours(file):  # else its folder came back without it, and somebody else may hold a new one
                self._remove()
            file.close()

    @property
    def holds(self) -> bool:
        """Whether the small file is still there for others to see."""
        return self._file is not None and self._is_ours(self._file)

    def _remove(self) -> None:
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return  # a lock file that stays behind locks nothing

    def _acquire(self, project: Path) -> IO[bytes]:
        for _ in range(10):
            try:
                file = self.path.open("ab")
            except OSError as error:
                raise ReadOnlyError(
                    f"{project} cannot be opened for painting: its folder cannot be written ({error.strerror}). "
                    "Copy the file to a folder of your own and open it there."
                ) from error
            try:
                _take(file)
            except OSError as error:
                file.close()
                raise BusyError(
                    f"{project} is open in another window or another Handscroll. Close it there first."
                ) from error
            if self._is_ours(file):
                return file
            file.close()  # its last holder removed it between our two calls: take the new one
        raise BusyError(f"{project} cannot be locked. Close other programs that use it and try again.")

    def _is_ours(self, file: IO[bytes]) -> bool:
        """Whether the file that we locked is still the one with that name."""
        try:
            return os.path.samestat(os.fstat(file.fileno()), self.path.stat())
        except OSError:
            return False
