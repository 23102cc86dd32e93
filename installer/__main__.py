"""Entry of `python3 -m installer`.

This one file must parse on every Python that a person may still have, so that it can say which Python is
needed. Newer syntax lives in the modules that it imports after the check.
"""

import sys

OLDEST = (3, 11)
KNOWN_MINORS = (14, 13, 12, 11)


def wrong_python_sentence(version, find):
    """What to tell a person whose Python (a tuple) is too old; find(name) is a path or None."""
    shown = ".".join(str(part) for part in version[:3])
    text = "Handscroll needs Python %d.%d or newer; this is Python %s." % (OLDEST[0], OLDEST[1], shown)  # noqa: UP031
    for minor in KNOWN_MINORS:
        name = "python3.%d" % minor  # noqa: UP031
        if find(name):
            return text + " You have a newer one, use it: %s -m installer run" % name  # noqa: UP031
    return text + " Install a newer Python from your system or from python.org, then run this command again."


def runs(name):
    """Say whether a Python of this name is on the PATH and starts (a version switcher's shim may not)."""
    import shutil
    import subprocess

    which = getattr(shutil, "which", None)  # Python 2 has none
    path = which and which(name)
    if not path:
        return None
    silent = subprocess.PIPE
    return path if subprocess.call([path, "-c", "0"], stdout=silent, stderr=silent) == 0 else None


def main():
    """Check the Python, then hand over to the installer proper; returns the exit code."""
    if sys.version_info < OLDEST:
        sys.stderr.write(wrong_python_sentence(tuple(sys.version_info), runs) + "\n")
        return 2
    from installer.command_line import main as run_command_line

    return run_command_line(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
