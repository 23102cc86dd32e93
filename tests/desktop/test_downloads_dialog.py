"""The downloads dialog with a real queue and a server on this computer that stands for the sites."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel

from desktop.dialogs.downloads import DownloadsDialog
from desktop.main_window import MainWindow
from desktop.program import Program
from pipelines.contract.models import ModelKind
from pipelines.library.downloads.installing import STAGING
from pipelines.library.downloads.keys import Site
from pipelines.library.downloads.queue import Download, State
from tests.desktop.conftest import Scenario, until
from tests.pipelines.header_files import write_shapes
from tests.pipelines.model_server import ModelServer, Repo, sites

REPO = "owner/ink-lora"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with sites(monkeypatch) as running:
        yield running


@pytest.fixture
def lora(tmp_path: Path) -> bytes:
    """A real file that the library knows as a LoRA."""
    return write_shapes(tmp_path / "l.safetensors", {"lora_te2_x.lora_down.weight": (4, 8)}).read_bytes()


_heard: list[object] = []
_ears: list[bool] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _ears and event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        _heard.append(arguments)


@contextmanager
def listening() -> Iterator[list[object]]:
    """Every connection that anything in this process makes, names that it looks up included."""
    _heard.clear()
    _ears.append(True)
    yield _heard
    _ears.clear()


@pytest.fixture(scope="module", autouse=True)
def _ears_for_good() -> None:
    sys.addaudithook(_hear)  # cannot be taken away again


async def opened(window: MainWindow) -> DownloadsDialog:
    return await window.model_commands.download()


async def look_up(dialog: DownloadsDialog, text: str) -> None:
    dialog.offer.clear()
    dialog.address.setText(text)
    dialog.look_up.click()
    await until(lambda: dialog.offer.isVisible() and not dialog._busy)


async def ended(program: Program) -> Download:
    await until(lambda: program.downloads.listed())
    await until(lambda: program.downloads.listed()[0].state in (State.DONE, State.FAILED))
    return program.downloads.listed()[0]


def test_look_up_agree_and_it_is_in_the_library(
    window: MainWindow, program: Program, server: ModelServer, lora: bytes, run: Scenario
) -> None:
    server.add_repo(REPO, Repo({"pytorch_lora_weights.safetensors": lora}))

    async def scenario() -> None:
        with listening() as connections:
            dialog = await opened(window)
            await window.model_commands.show_catalogue()
            await program.rescan()
        assert not connections, "a dialog that is only looked at asks nobody"
        assert program.downloads.listed() == []
        with listening() as connections:
            await look_up(dialog, REPO)
        assert connections, "or nothing was heard at all"
        assert "apache-2.0" in dialog.offer.licence.text()
        assert not program.downloads.listed(), "nothing begins before the licence is agreed to"
        notes: list[str] = []
        program.downloads.arrived.connect(notes.append)
        dialog.offer.go.click()
        done = await ended(program)
        assert done.places == (program.folders.data / "models" / "loras" / "ink-lora.safetensors",)
        await until(lambda: notes)
        assert program.folders.data / "models" in program.library.folders
        assert done.places[0].as_posix() in [info.id for info in program.library.models([ModelKind.LORA])]
        row = dialog.list.rows[done.id]
        assert row.buttons["open"].isVisibleTo(row)
        assert not row.buttons["pause"].isVisibleTo(row)
        row.buttons["remove"].click()
        assert program.downloads.listed() == []
        assert done.places[0].exists()
        dialog.close()

    run(scenario())


def test_pause_resume_cancel_and_the_status_bar(
    window: MainWindow, program: Program, server: ModelServer, lora: bytes, run: Scenario
) -> None:
    server.add_repo(REPO, Repo({"a.safetensors": lora + bytes(2_000_000)}))
    blob = server.blob_of(REPO, "a.safetensors")
    blob.delay, blob.piece = 0.05, 20_000

    async def scenario() -> None:
        dialog = await opened(window)
        await look_up(dialog, f"https://huggingface.co/{REPO}")
        dialog.offer.go.click()
        await until(lambda: program.downloads.listed() and program.downloads.listed()[0].speed > 0)
        program.downloads.look()
        label = window.model_commands.label
        assert label.isVisibleTo(window)
        assert "%" in label.text()
        assert window.actions_by_id["models.pause-downloads"].isEnabled()
        row = next(iter(dialog.list.rows.values()))
        row.buttons["pause"].click()
        assert program.downloads.listed()[0].state is State.PAUSED
        assert not label.isVisibleTo(window)
        await window.model_commands.resume_all()
        await until(lambda: program.downloads.listed()[0].state is State.RUNNING)
        row.buttons["cancel"].click()
        assert program.downloads.listed()[0].state is State.CANCELLED
        await until(lambda: not (program.folders.data / "models" / STAGING).exists())
        dialog.close()

    run(scenario())


def test_what_a_site_may_answer(
    window: MainWindow, program: Program, server: ModelServer, lora: bytes, run: Scenario
) -> None:
    server.add_repo(REPO, Repo({"a.safetensors": lora, "b.safetensors": lora + b"x"}, gated="auto", key="hf_secret"))

    async def key_and_choice(dialog: DownloadsDialog) -> None:
        await look_up(dialog, REPO)
        offer = dialog.offer
        assert offer.key.isVisible()
        assert "accepted its terms" in offer.sentence.text()
        offer.key.setText("hf_secret")
        offer.go.click()
        await until(lambda: offer.choice.isVisible())
        assert "hf_secret" not in "".join(label.text() for label in dialog.findChildren(QLabel))
        offer.choice.setCurrentIndex(1)
        offer.go.click()
        await until(lambda: offer.plan is not None)
        assert offer.plan is not None
        assert offer.plan.files[0].path == "b.safetensors"
        dialog._fill_key_menu()
        dialog._key_menu.actions()[0].trigger()
        assert offer.key.isVisible()
        await window.model_commands.forget_keys()
        assert program.downloads.queue.keys.get(Site.HUGGING_FACE) == ""

    async def refusals(dialog: DownloadsDialog) -> None:
        await look_up(dialog, "nothing like it")
        assert "owner/name" in dialog.offer.sentence.text()
        await look_up(dialog, "owner/none")
        assert "no such model" in dialog.offer.sentence.text()
        assert not dialog.offer.go.isVisible()

    async def left_alone(dialog: DownloadsDialog) -> None:
        """A site that takes its time can be left."""
        server.slow_api = 30
        dialog.offer.clear()
        asked = len(server.asked)
        dialog.look_up.click()
        await until(lambda: dialog._busy and len(server.asked) > asked)
        dialog.look_up.click()
        await until(lambda: not dialog._busy)
        assert dialog.offer.isHidden()

    async def scenario() -> None:
        dialog = await opened(window)
        for widget in (dialog.address, dialog.look_up, dialog.change_folder, dialog.catalogue.get):
            assert widget.toolTip()
        await key_and_choice(dialog)
        await refusals(dialog)
        await left_alone(dialog)
        dialog.close()

    run(scenario())
    window.program.settings.flush()
    assert "hf_secret" not in (window.program.folders.config / "settings.json").read_text()


def test_the_catalogue_is_searched_and_installed_from(
    window: MainWindow, program: Program, server: ModelServer, lora: bytes, run: Scenario
) -> None:
    server.add_repo("latent-consistency/lcm-lora-sdxl", Repo({"pytorch_lora_weights.safetensors": lora}))

    async def scenario() -> None:
        await window.model_commands.show_catalogue()
        dialog = window.findChild(DownloadsDialog)
        assert dialog is not None
        page = dialog.catalogue
        count = page.tree.topLevelItemCount()
        page.search.setText("lcm")
        assert 0 < page.tree.topLevelItemCount() < count
        page.family.setCurrentIndex(page.family.findText("SDXL"))
        assert page.tree.topLevelItemCount() == 1
        assert not server.asked
        page.get.click()
        await until(lambda: dialog.offer.plan is not None)
        assert "OpenRAIL++" in dialog.offer.licence.text()
        arrived: list[str] = []
        program.downloads.arrived.connect(arrived.append)
        dialog.offer.go.click()
        assert (await ended(program)).sentence == ""
        await until(lambda: arrived == ["LCM LoRA for SDXL"])
        await until(lambda: "model folder" in page.about.text())
        program.settings.update(language="zh_CN")
        page.language = "zh_CN"
        QApplication.sendEvent(page, QEvent(QEvent.Type.LanguageChange))
        assert "实时" in page.about.text()
        dialog.close()

    run(scenario())
