"""What every test runs under: no screen, one thread, no network, and no warning that nobody expected."""

import logging
import os
import re
from collections.abc import Iterator
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")

import pytest
from hypothesis import HealthCheck, settings

OURS = ("canvas", "desktop", "pipelines", "installer", "resources")
SERIOUS = ("QtWarningMsg", "QtCriticalMsg", "QtFatalMsg")
# What Qt says about the offscreen platform itself, whatever the program does.
HARMLESS = (
    r"This plugin does not support",
    r"QFontDatabase: Cannot find font directory",
    r"Qt no longer ships fonts",
    r"XDG_RUNTIME_DIR",
    r"Could not (find|open|connect to) .*(display|dbus|D-Bus|session bus)",
)

settings.register_profile(
    "handscroll",
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("thorough", parent=settings.get_profile("handscroll"), max_examples=600)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "handscroll"))


class _Collector(logging.Handler):
    """Keeps the warnings that the program's own packages log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] in OURS:
            self.messages.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture
def expected_warnings() -> list[str]:
    """Regular expressions of warnings that this test provokes on purpose; append to it."""
    return []


@pytest.fixture(autouse=True)
def _no_warnings(request: pytest.FixtureRequest, expected_warnings: list[str]) -> Iterator[None]:
    """A warning that is logged by us or printed by Qt fails the test unless it is expected."""
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    capture = getattr(request.node, "qt_log_capture", None)  # pytest-qt drops it before teardown
    try:
        yield
    finally:
        logging.getLogger().removeHandler(collector)
    messages = collector.messages + _qt_warnings(capture)
    allowed = [*HARMLESS, *expected_warnings]
    surprises = [text for text in messages if not any(re.search(pattern, text) for pattern in allowed)]
    if surprises:
        pytest.fail("Unexpected warnings:\n" + "\n".join(surprises), pytrace=False)


def _qt_warnings(capture: Any) -> list[str]:
    """What Qt printed during the test, as pytest-qt caught it."""
    records = [] if capture is None else capture.records
    return [record.message for record in records if record.type_name in SERIOUS]
