"""The window's commands about the route: start, stop, stretches, seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from canvas.geometry import Bounds
from canvas.markings import ROUTE
from desktop.generation.route import RouteRun, RouteState
from desktop.slots import Handler
from desktop.view.route_card import RouteCard
from desktop.view.route_plan import RoutePlan
from desktop.view.tools.route import RouteTool

if TYPE_CHECKING:
    from desktop.main_window import MainWindow


class RouteCommands:
    """The route of one window, with its run and its card."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._view = window, window.view
        tool = self._view.tools[RouteTool.id]
        assert isinstance(tool, RouteTool)  # noqa: S101 - the table of tools says so
        self.tool = tool
        self.plan = tool.plan = RoutePlan(window.session.document, window.session.compositor, window)
        self.run = RouteRun(window.session, self._view, window.form, window.program.router, self.plan)
        self.card = RouteCard(self._view, self.run, tool)
        tool.new_prompt = lambda: window.form.settings.prompt
        tool.running = lambda: (self.run.window, self.run.fraction)
        self.run.message.connect(window.say)
        self.run.changed.connect(self._changed)
        window.form.changed.connect(lambda _: self._take_model())
        self._state = (False, False, False)
        self._take_model()

    def _take_model(self) -> None:
        info = self._window.form.model_info()
        self.tool.native = info.defaults.native_size if info else 512

    def _changed(self) -> None:
        """Actions are looked at again only when one of them could be different."""
        state = (self.run.running, self._route_exists(), self.run.state is RouteState.STOPPING)
        if state != self._state:
            self._state = state
            self._window.refresh_actions()

    def _route_exists(self) -> bool:
        return self._window.session.document.route is not None

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        document = self._window.session.document
        return {
            "route.start": self.run.start,
            "route.stop": self.run.stop,
            "route.stop-now": self.run.stop_now,
            "route.split": lambda: self.tool.split(*self._view.cursor_on_canvas()),
            "route.join": self.card.join_stretch,
            "route.next-stretch": lambda: self._step(+1),
            "route.previous-stretch": lambda: self._step(-1),
            "route.new-seed": self.card.new_seed,
            "route.show": self.show,
            "route.remove": lambda: document.set_marking(ROUTE, None),
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        document = self._window.session.document
        return {
            "route": self._route_exists,
            "route-rests": lambda: self._route_exists() and self.run.state is not RouteState.PAINTING,
            "route-runs": lambda: self.run.running,
            "stretches": lambda: document.route is not None and len(document.route.stretches) > 1,
        }

    def show(self) -> None:
        """Takes the tool and brings all of the route into view."""
        route = self._window.session.document.route
        self._view.set_tool(RouteTool.id)
        if route is not None:
            line, _ = route.line()
            self._view.fit(Bounds.around(line).expanded(route.width // 2))

    def _step(self, by: int) -> None:
        self._view.set_tool(RouteTool.id)
        self.card.choose(self.tool.chosen + by)

    def dress(self) -> None:
        """Draws the icons in the theme's ink."""
        self.card.dress(self._window.program.theme)

    async def close(self) -> None:
        """Stops painting and listens to the document no longer."""
        await self.run.close()
        self.run.release_document()
        self.plan.release_document()
        self.card.release_document()
