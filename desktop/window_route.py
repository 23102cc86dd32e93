"""The window's commands about the route: start, stop, stretches, seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from canvas.geometry import Bounds
from canvas.markings import ROUTE
from desktop.late import Late
from desktop.slots import Handler

if TYPE_CHECKING:
    from desktop.generation.route import RouteRun
    from desktop.main_window import MainWindow
    from desktop.view.route_card import RouteCard
    from desktop.view.route_plan import RoutePlan
    from desktop.view.tools.route import RouteTool

TOOL = "route"


@dataclass(frozen=True)
class _Desk:
    """What a route is drawn, shown and painted with."""

    tool: RouteTool
    plan: RoutePlan
    run: RouteRun
    card: RouteCard


class RouteCommands:
    """The route of one window; its run and its card are made when its tool is taken in hand first."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._view = window, window.view
        self._desk = Late(self._make)
        self._state = (False, False, False)
        window.view.toolChanged.connect(self._tool_changed)

    @property
    def tool(self) -> RouteTool:
        """The tool that draws it."""
        return self._desk().tool

    @property
    def plan(self) -> RoutePlan:
        """What is left of it."""
        return self._desk().plan

    @property
    def run(self) -> RouteRun:
        """What paints along it."""
        return self._desk().run

    @property
    def card(self) -> RouteCard:
        """Its words, over the canvas."""
        return self._desk().card

    def _make(self) -> _Desk:
        from desktop.generation.route import RouteRun  # many modules: not for every start
        from desktop.view.route_card import RouteCard
        from desktop.view.route_plan import RoutePlan
        from desktop.view.tools.route import RouteTool

        window = self._window
        tool = self._view.tools[TOOL]
        assert isinstance(tool, RouteTool)  # noqa: S101 - the table of tools says so
        plan = tool.plan = RoutePlan(window.session.document, window.session.compositor, window)
        run = RouteRun(window.session, self._view, window.form, window.program.router, plan)
        card = RouteCard(self._view, run, tool)
        card.dress(window.program.theme)
        tool.new_prompt = lambda: window.form.settings.prompt
        tool.running = lambda: (run.window, run.fraction)
        run.message.connect(window.say)
        run.changed.connect(self._changed)
        window.form.changed.connect(lambda _: self._take_model(tool))
        self._take_model(tool)
        return _Desk(tool, plan, run, card)

    def _tool_changed(self, tool_id: str) -> None:
        if tool_id == TOOL:
            self._desk().card.refresh()

    def _take_model(self, tool: RouteTool) -> None:
        info = self._window.form.model_info()
        tool.native = info.defaults.native_size if info else 512

    def _changed(self) -> None:
        """Actions are looked at again only when one of them could be different."""
        state = (self.run.running, self._route_exists(), self.run.stopping)
        if state != self._state:
            self._state = state
            self._window.refresh_actions()

    def _route_exists(self) -> bool:
        return self._window.session.document.route is not None

    def handlers(self) -> dict[str, Handler]:
        """Action id -> what it does."""
        document = self._window.session.document
        return {
            "route.start": lambda: self.run.start(),
            "route.stop": lambda: self.run.stop(),
            "route.stop-now": lambda: self.run.stop_now(),
            "route.split": lambda: self.tool.split(*self._view.cursor_on_canvas()),
            "route.join": lambda: self.card.join_stretch(),
            "route.next-stretch": lambda: self._step(+1),
            "route.previous-stretch": lambda: self._step(-1),
            "route.new-seed": lambda: self.card.new_seed(),
            "route.show": self.show,
            "route.remove": lambda: document.set_marking(ROUTE, None),
        }

    def conditions(self) -> dict[str, Callable[[], bool]]:
        """Condition -> whether it holds now."""
        document = self._window.session.document
        return {
            "route": self._route_exists,
            "route-rests": lambda: self._route_exists() and not self._is(lambda run: run.running and not run.stopping),
            "route-runs": lambda: self._is(lambda run: run.running),
            "stretches": lambda: document.route is not None and len(document.route.stretches) > 1,
        }

    def _is(self, holds: Callable[[RouteRun], bool]) -> bool:
        made = self._desk.made
        return made is not None and holds(made.run)

    def show(self) -> None:
        """Takes the tool and brings all of the route into view."""
        route = self._window.session.document.route
        self._view.set_tool(TOOL)
        if route is not None:
            line, _ = route.line()
            self._view.fit(Bounds.around(line).expanded(route.width // 2))

    def _step(self, by: int) -> None:
        self._view.set_tool(TOOL)
        self.card.choose(self.tool.chosen + by)

    def dress(self) -> None:
        """Draws the icons in the theme's ink."""
        if self._desk.made is not None:
            self._desk.made.card.dress(self._window.program.theme)

    async def close(self) -> None:
        """Stops painting and listens to the document no longer."""
        made = self._desk.made
        if made is not None:
            await made.run.close()
            made.run.release_document()
            made.plan.release_document()
            made.card.release_document()
