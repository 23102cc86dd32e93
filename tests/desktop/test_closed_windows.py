"""A window that was closed leaves nothing in memory: neither itself nor its painting."""

from __future__ import annotations

import asyncio
import gc
import weakref

from canvas.geometry import Bounds
from desktop.program import Program
from tests.desktop.conftest import Scenario, until
from tests.desktop.logged import Painter


async def _used_and_closed(program: Program) -> list[weakref.ref[object]]:
    """A window in which something was generated and a control layer and the palette were used; closed again."""
    window = program.new_window()
    window.show()
    await Painter(window.session).add(prompt="a boat", bounds=Bounds(0, 0, 64, 48), kept=True)
    for name in ("control.use", "palette.open", "layer.add", "edit.undo"):
        window.actions_by_id[name].trigger()
    window.palette_frame.close_palette()
    parts = (window, window.session, window.session.document, window.view, window.prompt_panel, window.controller)
    watched = [weakref.ref[object](part) for part in parts]
    window.close()
    await until(lambda: window not in program.windows)
    return watched


def test_a_closed_window_leaves_nothing(program: Program, run: Scenario) -> None:
    async def story() -> list[weakref.ref[object]]:
        program.new_window()  # the program ends with its last window
        watched = await _used_and_closed(program)
        await asyncio.sleep(0.1)  # Qt deletes later
        return watched

    watched = run(story())
    for _ in range(3):
        gc.collect()
    assert [type(part).__name__ for ref in watched if (part := ref()) is not None] == []
