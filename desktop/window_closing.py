"""How a window goes: jobs taken back, the project written, everything let go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from canvas.errors import CanvasError
from desktop.spoken import spoken

if TYPE_CHECKING:
    from desktop.main_window import MainWindow


class Listener(Protocol):
    """Who hears of a document."""

    def release_document(self) -> None:
        """Listens no longer."""
        ...


def listeners(window: MainWindow) -> tuple[Listener, ...]:
    """Who hears of the window's document, in the order in which they are to stop."""
    return (
        window.controller,
        window.film,
        window,
        window.view_commands,
        window.log_commands,
        window.live_commands,
        window.sight_commands,
        window.region_commands,
        window.expand_commands,
        window.sweep_commands,
        window.clip_commands,
        window.model_commands,
        window.word_commands,
        window.library_commands,
        window.control_commands,
        window.layers_panel,
        window.undo_panel,
        window.adjustment_panel,
        window.navigator_panel,
        window.view,
    )


async def finish(window: MainWindow) -> None:
    """Lets a hidden window go.

    A painting that cannot be written keeps its window: it comes back and says why.
    """
    await window.live_commands.finish()
    await window.route_commands.close()
    await window.sweep_commands.close()
    await window.clip_commands.close()
    await window.describe_commands.finish()
    await window.controller.close()
    await window.slots.finish()
    await window.film.finish()
    try:
        await window.session.close()
    except CanvasError as error:
        window.closing = False
        window.show()
        window.trouble.say_problem(spoken(str(error)))
        if not await window.trouble.ask_before_losing(error):
            return
        window.closing = True
        window.hide()
        await window.session.abandon()
    await window.status.stop()
    for listener in listeners(window):
        listener.release_document()
    window.close()
    window.closed.emit(window)
    # The session has no parent: what is connected to it would keep the window's memory for ever.
    window.session.deleteLater()
    window.deleteLater()
