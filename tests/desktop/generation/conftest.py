"""One document, its controller and an engine: one that paints at once, or the starter's in its own process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from desktop.generation.jobs import JobRouter
from pipelines.client.process import ProcessClient
from pipelines.library.registry import Library
from tests.desktop.generation.engine_studio import EngineStudio
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


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def engine_router(qapp) -> AsyncIterator[tuple[JobRouter, Library]]:
    """The engine's own process, begun once, and what hands its events out."""
    library = Library()
    client = ProcessClient(library)
    router = JobRouter(client)
    router.start()
    yield router, library
    await router.stop()
    await client.close()


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def studio(
    engine_router: tuple[JobRouter, Library], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[EngineStudio]:
    """A document for the tests of one module, with the engine that all of them share."""
    made = EngineStudio(tmp_path_factory.mktemp("studio"), *engine_router)
    yield made
    await made.close()
