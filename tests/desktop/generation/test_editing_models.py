"""Models that follow instructions: how the form starts with them, and what the wide button says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.generation.form import GenerationForm
from desktop.generation.modes import Mode, mode_tip
from pipelines.contract.models import Family, ModelInfo, ModelKind

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

PAINTER, KONTEXT, EDIT, FLUX2 = (
    ModelInfo(name, name, f"/m/{name}", ModelKind.DIFFUSERS, family, variant)
    for name, family, variant in (
        ("painter", Family.FLUX, ""),
        ("kontext", Family.FLUX, "kontext"),
        ("edit", Family.QWEN_IMAGE, "edit-plus"),
        ("klein", Family.FLUX2, "klein"),
    )
)


def test_a_model_that_sees_the_picture_starts_free_of_it() -> None:
    form = GenerationForm([PAINTER, KONTEXT, EDIT, FLUX2])
    form.set(strength=0.4)
    form.choose_model("kontext")
    assert (form.edits, form.settings.strength) == (True, 1.0)
    form.set(strength=0.8)
    for name in ("kontext", "edit", "klein"):  # what the painter chose stays among them
        form.choose_model(name)
        assert (form.edits, form.settings.strength) == (True, 0.8)
    form.choose_model("painter")
    assert (form.edits, form.settings.strength) == (False, 0.6)
    form.set(strength=0.3)
    form.choose_model("painter")
    assert form.settings.strength == 0.3


def test_the_button_says_edit_where_the_model_does(window: MainWindow) -> None:
    window.form.set_models([PAINTER, KONTEXT])
    window.form.choose_model("painter")
    window.actions_by_id[f"generate.mode.{Mode.REFINE}"].trigger()
    panel = window.prompt_panel
    assert panel.run.text() == "Refine"
    window.form.choose_model("kontext")
    assert panel.run.text() == "Edit"
    assert panel.mode_label.text() == mode_tip(Mode.REFINE, edits=True)
    assert panel.run.toolTip().startswith("Changes what the selection or the frame holds")
    window.actions_by_id[f"generate.mode.{Mode.EXPAND}"].trigger()
    assert panel.run.text() == "Expand"
    window.form.choose_model("painter")
    window.actions_by_id[f"generate.mode.{Mode.REFINE}"].trigger()
    assert panel.run.text() == "Refine"
