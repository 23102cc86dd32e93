"""Makes the pictures of docs/models.md, prompting.md and control.md: `python -m tools.library_pictures` (needs Xvfb).

The models in them are headers without weights, by which the library tells what a file is; their pictures are pieces of
painted scrolls. Nothing is generated and no site is asked.
`python -m tools.library_pictures library control` makes only some: library, catalogue, prompting, control.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication

from canvas.geometry import Bounds
from canvas.pixels import to_rgba
from pipelines.contract.models import ModelKind
from tests.pipelines.header_files import header_bytes, write_raw
from tests.pipelines.model_headers import CASES
from tools.own_screen import run_on_own_screen
from tools.repainting import PICTURES, Studio, keep_window, picture_of

if TYPE_CHECKING:
    from desktop.program import Program

WINDOW, LIBRARY, CATALOGUE = (1280, 800), (1120, 720), (820, 620)
RIM = 8
"""Pixels below the last line of the prompt panel."""
SCROLL_SEEDS = (1, 2, 3)
THUMBNAIL, STEP = 384, 400
GIGABYTE = 10**9
MODEL_FOLDER = "/home/painter/models"
"""Where downloads would go; only shown."""


class Stand(NamedTuple):
    """A file that stands for a model."""

    place: str
    """Folder and name below the model folder."""
    like: str
    """The case of tests/pipelines/model_headers.py whose names and shapes it has."""
    gigabytes: float
    words: tuple[str, ...] = ()
    """Trigger words, the most frequent first."""


SHELF = (
    Stand("checkpoints/ink mountains", "dreamshaper_8", 2.1),
    Stand("checkpoints/ink mountains inpainting", "sd-v1-5-inpainting", 2.1),
    Stand("checkpoints/river and sky XL", "sd_xl_base_1.0", 6.9),
    Stand("checkpoints/river and sky XL lightning", "DreamShaperXL_Lightning", 6.9),
    Stand("checkpoints/gongbi birds XL vpred", "noobaiXLNAIXL_vPred10", 7.1),
    Stand("diffusion_models/winter lake flux", "flux1-dev", 11.9),
    Stand("diffusion_models/z_image_turbo_bf16", "z_image_turbo_bf16", 12.3),
    Stand("diffusion_models/qwen_image_edit_2509", "qwen_image_edit_2509", 40.9),
    Stand("diffusion_models/wan2.2_ti2v_5B", "wan2.2_ti2v_5B", 10.0),
    Stand("loras/first snow", "sd1 kohya", 0.15, ("first snow", "quiet lake")),
    Stand("loras/dry brush", "sd1 dora", 0.15, ("dry brush",)),
    Stand("loras/misty valley XL", "sdxl kohya", 0.23, ("misty valley",)),
    Stand("embeddings/badhand", "badhand", 0.0),
    Stand("vae/vae-ft-mse-840000-ema-pruned", "vae-ft-mse-840000-ema-pruned", 0.33),
    Stand("vae/ae", "ae", 0.34),
    Stand("vae/qwen_image_vae", "qwen_image_vae", 0.25),
    Stand("text_encoders/clip_l", "clip_l", 0.25),
    Stand("text_encoders/t5xxl_fp16", "t5xxl_fp16", 9.8),
    Stand("text_encoders/qwen_3_4b", "qwen_3_4b", 8.0),
    Stand("text_encoders/qwen_2.5_vl_7b", "qwen_2.5_vl_7b", 16.6),
    Stand("controlnet/control_v11p_sd15_lineart", "control_v11p_sd15_canny", 0.72),
    Stand("controlnet/control_v11p_sd15_canny", "control_v11p_sd15_canny", 0.72),
    Stand("upscale_models/4x_foolhardy", "4x_foolhardy", 0.07),
)
PICTURED = ("checkpoints", "diffusion_models", "loras")
"""Folders whose models have a picture beside them."""


async def scroll_pieces(folder: Path) -> list[Image.Image]:
    """Square pieces of scrolls that the program paints by itself."""
    from desktop.painted_scroll import painted_session

    found: list[Image.Image] = []
    for seed in SCROLL_SEEDS:
        session = await painted_session(seed, folder / f"scroll-{seed}")
        for left in range(0, 2048 - THUMBNAIL, STEP):
            piece = to_rgba(session.compositor.flatten(Bounds(left, 64, THUMBNAIL, THUMBNAIL)))
            found.append(Image.fromarray(np.ascontiguousarray(piece)).convert("RGB"))
        await session.close()
    return found


def fill_shelf(root: Path, pictures: Sequence[Image.Image]) -> Path:
    """Files as ComfyUI's people have them; all of them together take a few kilobytes of the disk."""
    cases = {case.name: case for case in CASES}
    spare = iter(pictures)
    for stand in SHELF:
        case, path = cases[stand.like], root / "models" / f"{stand.place}.safetensors"
        path.parent.mkdir(parents=True, exist_ok=True)
        notes = dict(case.metadata or {})
        if stand.words:
            counts = {word: 100 - place for place, word in enumerate(stand.words)}  # as trainers note them
            notes["ss_tag_frequency"] = json.dumps({"pictures": counts})
        header, size = header_bytes({**case.shapes, "spare": (int(stand.gigabytes * GIGABYTE) // 2,)}, notes)
        write_raw(path, header, size)  # sparse: nothing is written behind the header
        if stand.place.startswith(PICTURED):
            next(spare).save(path.with_suffix(".preview.png"))
    return root


# --- the parts


async def library(studio: Studio) -> None:
    """Cards, with the page of one of them."""
    from desktop.dialogs.model_library_filters import Sort

    studio.window.form.choose_model(model_id(studio, "ink mountains"))
    dialog = await studio.window.library_commands.show()
    dialog.resize(*LIBRARY)
    await studio.hand.rest(2.0)
    dialog.filters.only({Sort.KIND: [ModelKind.CHECKPOINT, ModelKind.TRANSFORMER, ModelKind.LORA]})
    dialog.show_model(model_id(studio, "first snow"))
    await studio.hand.rest(2.0)
    keep_window("library", picture_of(dialog.grab()))
    dialog.close()


async def catalogue(studio: Studio) -> None:
    """The catalogue, nothing being asked."""
    commands = studio.window.model_commands
    await commands.show_catalogue()
    dialog = await commands.download()
    dialog.show_catalogue()
    dialog.resize(*CATALOGUE)
    await studio.hand.rest(1.0)
    dialog.catalogue.search.setText("flux")
    await studio.hand.rest(1.0)
    keep_window("catalogue", picture_of(dialog.grab()))
    dialog.close()


async def prompting(studio: Studio) -> None:
    """The prompt panel with weights, a wildcard, two styles and two LoRAs."""
    window = studio.window
    window.form.choose_model(model_id(studio, "ink mountains"))
    window.form.set(
        prompt="(misty mountains:1.2), river, {pine|willow} on the shore, boats, [houses], dusk",
        negative_prompt="text, frame",
        styles=("ink-wash", "enhance"),
    )
    for name in ("first snow", "dry brush"):
        window.prompt_panel.loras.add(model_id(studio, name), 0.8)
    window.show_dock("prompt")
    window.prompt_panel.prompt.moveCursor(QTextCursor.MoveOperation.End)
    others = [dock for name, dock in window.docks.items() if name != "prompt" and not dock.isHidden()]
    for dock in others:  # so that all of the panel is seen
        dock.hide()
    await studio.hand.rest(2.0)
    panel, last = window.prompt_panel, window.prompt_panel.run_bar.mode_label
    bottom = last.mapTo(panel, QPoint()).y() + last.heightForWidth(last.width()) + RIM
    keep_window("prompting", picture_of(panel.grab(QRect(0, 0, panel.width(), bottom))))
    for dock in others:
        dock.show()
    await studio.hand.act("panel.reset")


async def control(studio: Studio) -> None:
    """A layer of the painting is followed; its lines lie over the frame."""
    window, hand = studio.window, studio.hand
    window.form.choose_model(model_id(studio, "ink mountains"))
    window.form.set(prompt="winter, snow, mountains, houses, boats", negative_prompt="", styles=(), loras=())
    await studio.frame(704, 0, 512, 512)
    before = studio.document.active
    await hand.act("layer.stamp")
    await studio.until(lambda: studio.document.active is not before)
    await hand.act("control.follow-lineart")
    window.show_dock("layers")
    await hand.act("control.preview")
    await studio.until(lambda: bool(studio.program.engine[0]))  # the status bar tells of it
    await hand.rest(3.0)
    await studio.shot("control")


def model_id(studio: Studio, name: str) -> str:
    """The id of a model of the shelf by its name."""
    return next(info.id for info in studio.program.library.models(frozenset(ModelKind)) if info.name == name)


PARTS: dict[str, Callable[[Studio], Awaitable[None]]] = {
    "library": library,
    "catalogue": catalogue,
    "prompting": prompting,
    "control": control,
}


def new_program(app: QApplication, folder: Path) -> Program:
    """The program with an index of its own."""
    from desktop.generation.jobs import JobRouter
    from desktop.i18n import Languages
    from desktop.program import Parts, Program
    from desktop.settings import Folders, Settings
    from pipelines.client.process import ProcessClient
    from pipelines.library.registry import Library

    settings = Settings(folder / "settings.json")
    settings.update(language="en", show_welcome=False)
    settings.remember(download_folder=MODEL_FOLDER)
    shelf = Library(index=folder / "models.sqlite")
    client = ProcessClient(shelf)
    return Program(Parts(app, Folders(folder, folder), settings, Languages(app), shelf, client, JobRouter(client)))


async def make_all(app: QApplication, folder: Path, names: Sequence[str]) -> None:
    """One program, a new painting for each part."""
    from desktop.painted_scroll import painted_session

    shelf = fill_shelf(folder / "ComfyUI", await scroll_pieces(folder))
    program = new_program(app, folder)
    await asyncio.to_thread(program.library.add_folder, shelf)
    await program.start_engine()
    for name in names:
        window = program.add_window(await painted_session(SCROLL_SEEDS[0], folder / name))
        window.resize(*WINDOW)
        await asyncio.sleep(1.0)
        program.take_models(program.models)
        await PARTS[name](Studio(program, window))
        print(PICTURES / f"{name}.png", flush=True)
    gone = asyncio.Event()
    program.finished.connect(gone.set)
    program.quit()
    await gone.wait()
    await program.close_engine()


def main() -> None:
    """All parts, or those that are asked for."""
    run_on_own_screen(make_all, list(PARTS))


if __name__ == "__main__":
    main()
