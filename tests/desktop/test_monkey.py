"""Random input over every tool and panel leaves no exception, no warning and nothing stale; see tests/monkey.py."""

import pytest

from desktop.main_window import MainWindow
from tests.desktop.conftest import Scenario
from tests.monkey import Monkey, undo_and_redo_everything

pytestmark = pytest.mark.usefixtures("loop_never_rests")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_random_input_leaves_the_painting_whole(
    window: MainWindow, run: Scenario, seed: int, expected_warnings: list[str]
) -> None:
    expected_warnings.append(r"^desktop\.slots: (?!Unexpected)")  # sentences about what cannot be done now
    window.resize(1280, 800)
    window.show()
    monkey = Monkey(window, seed)

    async def play() -> None:
        await monkey.play(1000)
        undo_and_redo_everything(window)

    run(play())
    assert monkey.events >= 1000
