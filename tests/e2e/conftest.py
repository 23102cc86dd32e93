"""A screen, a home and a place for screenshots."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.program import Screen, missing_tools

ARTEFACTS = Path(os.environ.get("HANDSCROLL_ARTEFACTS", "test-artefacts"))


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    missing = missing_tools()
    if missing:
        pytest.skip(f"needs {' and '.join(missing)} to show a window to nobody")
    made = Screen()
    yield made
    made.close()


@pytest.fixture
def artefacts(request: pytest.FixtureRequest) -> Path:
    """Where this test keeps its screenshots."""
    return ARTEFACTS.resolve() / request.node.name
