"""Civitai: what a model's number, or that of a version, stands for."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from pipelines.library.downloads.addresses import CivitaiSource, endpoint
from pipelines.library.downloads.errors import DownloadError
from pipelines.library.downloads.file_names import is_model_file, safe_name
from pipelines.library.downloads.keys import Site
from pipelines.library.downloads.plan import Licence, Plan, RemoteFile
from pipelines.library.downloads.stop import Stop
from pipelines.library.downloads.transport import Http, checked

USUAL = "https://civitai.com"
FOLDERS = {
    "Checkpoint": "checkpoints", "LORA": "loras", "LoCon": "loras", "DoRA": "loras", "LyCORIS": "loras",
    "TextualInversion": "embeddings", "VAE": "vae", "Controlnet": "controlnet", "Upscaler": "upscale_models",
}  # fmt: skip


def civitai() -> str:
    """The address to ask; CIVITAI_ENDPOINT names a mirror."""
    return endpoint(os.environ.get("CIVITAI_ENDPOINT", ""), USUAL)


def plan_from_civitai(source: CivitaiSource, http: Http, stop: Stop, key: str) -> Plan:
    """Works out a download in one or two requests; nothing is fetched. Raises KeyNeededError and DownloadError."""
    base = civitai()
    version: Mapping[str, Any] = {}
    model: Mapping[str, Any] = {}
    number = source.model
    if not number:
        version = http.json(f"{base}/api/v1/model-versions/{source.version}", stop, key)
        told = version.get("modelId")
        number = told if type(told) is int else 0
    if number:
        model = http.json(f"{base}/api/v1/models/{number}", stop, key)
    if not version:
        version = _version(model, source)
    about = model or _mapping(version.get("model"))
    file = _best_file(version)
    plan = Plan(
        title=" · ".join(filter(None, (_text(about, "name"), _text(version, "name")))) or f"civitai:{number}",
        files=(_remote(file, version, base),),
        folder=FOLDERS.get(_text(about, "type"), "other"),
        site=Site.CIVITAI,
        licence=Licence("Civitai", f"{base}/models/{number}" if number else base, _terms(model)),
        page=f"{base}/models/{number}?modelVersionId={version.get('id')}" if number else base,
        words=_words(version),
        base=_text(version, "baseModel"),
    )
    plan.check()
    return plan


def _version(model: Mapping[str, Any], source: CivitaiSource) -> Mapping[str, Any]:
    versions = model.get("modelVersions")
    found = [one for one in versions if isinstance(one, dict)] if isinstance(versions, list) else []
    if source.version:
        found = [one for one in found if one.get("id") == source.version]
    if not found:
        raise DownloadError("Civitai has no such version of this model. Is the number right?")
    return found[0]


def _best_file(version: Mapping[str, Any]) -> Mapping[str, Any]:
    """The primary file, safetensors before pickled ones."""
    files = version.get("files")
    found = [one for one in files if isinstance(one, dict)] if isinstance(files, list) else []
    models = [one for one in found if is_model_file(_text(one, "name"))]
    if not models:
        raise DownloadError("There is no model file in this version on Civitai.")
    return min(models, key=lambda one: (not _text(one, "name").endswith(".safetensors"), not one.get("primary")))


def _remote(file: Mapping[str, Any], version: Mapping[str, Any], base: str) -> RemoteFile:
    url = _text(file, "downloadUrl") or f"{base}/api/download/models/{version.get('id')}"
    if checked(url).hostname != checked(base).hostname:
        raise DownloadError("Civitai names another site as the place of this file; it is not asked with your key.")
    sha = _text(_mapping(file.get("hashes")), "SHA256").casefold()
    digest = f"sha256:{sha}" if re.fullmatch(r"[0-9a-f]{64}", sha) else ""
    kilobytes = file.get("sizeKB")
    roughly = int(kilobytes * 1024) if isinstance(kilobytes, int | float) and 0 <= kilobytes < 1e12 else None
    return RemoteFile(url, safe_name(_text(file, "name")), None, digest, roughly)


def _terms(model: Mapping[str, Any]) -> str:
    """What the person who shares it allows, in words."""
    words: list[str] = []
    if model.get("allowNoCredit") is False:
        words.append("name its maker")
    if model.get("allowDerivatives") is False:
        words.append("no merges of it may be shared")
    if model.get("allowDifferentLicense") is False:
        words.append("merges keep these terms")
    commercial = model.get("allowCommercialUse")
    uses = [commercial] if isinstance(commercial, str) else commercial
    if isinstance(uses, list):
        named = [str(one) for one in uses if one != "None"]
        words.append(f"commercial use: {', '.join(named)}"[:120] if named else "no commercial use")
    return "; ".join(words)


def _words(version: Mapping[str, Any]) -> tuple[str, ...]:
    words = version.get("trainedWords")
    return tuple(str(one)[:200] for one in words[:50]) if isinstance(words, list) else ()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value[:300] if isinstance(value, str) else ""
