"""`handscroll models matrix`: small models of a family really run, and the table that people read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.commands.matrix_table import matrix_table


@pytest.mark.slow
def test_a_family_does_every_task_from_every_form_and_says_what_it_cannot(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "matrix", "--family", "z-image", "--json"]) == 0
    rows = json.loads(capfd.readouterr().out)["rows"]
    assert {row["family"] for row in rows} == {"z-image"}
    plain = [row for row in rows if not row["addon"]]
    tasks = {"text-to-image", "image-to-image", "inpaint", "outpaint", "upscale"}
    forms = {"folder", "single file", "sharded folder"}
    assert {(row["task"], row["source"]) for row in plain if row["ok"] and row["seconds"] > 0} == {
        (task, form) for task in tasks for form in forms
    }
    worn = {row["addon"]: row for row in rows if row["addon"]}
    works = {name for name, row in worn.items() if row["ok"]}
    assert works == {"regions", "long prompt", "variation", "lora", "vae", "controlnet", "all taken off"}
    assert all(row["seconds"] is None and row["reason"] for row in worn.values() if not row["ok"])
    assert "count for nothing" in worn["weighted prompt"]["reason"]
    assert "cannot look at references" in worn["ip-adapter"]["reason"]
    assert "no ControlNet for z-image" in worn["t2i-adapter"]["reason"]


def row(model: str, addon: str = "", reason: str = "", source: str = "folder") -> dict[str, Any]:
    family, _, variant = model.partition("-")
    ran = {"ok": not reason, "seconds": None if reason else 0.25, "reason": reason}
    return {"family": family, "variant": variant, "task": "inpaint", "source": source, "addon": addon, **ran}


def test_the_table_has_models_down_cells_across_and_each_reason_once() -> None:
    refused = "'{}' does not look at pictures."
    rows = [row("sd1"), row("sd1", source="single file"), row("sd1", "vae"), row("flux-fill"), row("wan", source="")]
    rows += [row(model, "reference", refused.format(model)) for model in ("sd1", "flux-fill")]
    lines = matrix_table(rows).splitlines()
    assert lines[1].split() == ["model", "from"]
    assert lines[2].split() == ["sd1", "folder", "0.2", "s"]
    assert lines[3].split() == ["single", "file", "0.2", "s"]
    assert any(line.split() == ["sd1", "folder", "0.2", "s", "no", "1"] for line in lines)
    assert any(line.split() == ["flux-fill", "folder", "-", "no", "1"] for line in lines)
    assert [line for line in lines if line.startswith("no ")] == [
        "no 1: " + refused.format("sd1") + " (Likewise 1 more.)"
    ]
    assert lines[-1].startswith("5 of 7 work")


def test_one_that_ran_and_did_not_work_is_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def told(seconds: float | None) -> Callable[..., list[dict[str, Any]]]:
        return lambda *_args: [row("sd1"), row("sd1", "vae", "It is grey.") | {"seconds": seconds}]

    monkeypatch.setenv("HANDSCROLL_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("pipelines.commands.matrix.fill_matrix_of_miniatures", told(None))
    assert main(["models", "matrix"]) == 0
    monkeypatch.setattr("pipelines.commands.matrix.fill_matrix_of_miniatures", told(0.5))
    assert main(["models", "matrix"]) == 1
