"""One document, its controller and an engine that paints at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.desktop.generation.test_controller import Trip


@pytest_asyncio.fixture
async def trip(qapp, tmp_path: Path) -> AsyncIterator[Trip]:
    made = Trip(tmp_path)
    made.router.start()
    yield made
    await made.controller.close()
    made.controller.release_document()
    await made.router.stop()
    await made.client.close()
    await made.session.close()
    made.view.deleteLater()
