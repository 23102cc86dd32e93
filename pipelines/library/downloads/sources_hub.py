"""Hugging Face and its mirrors: which files of a repository are the model, pinned to one commit."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urlencode

from pipelines.library.downloads.addresses import HubSource, endpoint
from pipelines.library.downloads.errors import ChoiceNeededError, DownloadError, FileChoice, KeyNeededError
from pipelines.library.downloads.file_names import is_model_file, safe_name
from pipelines.library.downloads.keys import Site
from pipelines.library.downloads.plan import Licence, Plan, RemoteFile
from pipelines.library.downloads.stop import Stop
from pipelines.library.downloads.transport import Http

USUAL = "https://huggingface.co"
INDEX = "model_index.json"
NOT_NEEDED = frozenset({"safety_checker", "feature_extractor", "image_encoder_onnx", "vae_1_0"})
"""Folders of diffusers repositories that are never loaded."""
_SHARD = re.compile(r"-\d{5}-of-\d{5}$")
_SMALL = (".json", ".txt", ".model", ".jinja", ".md")
_WEIGHTS = (".safetensors", ".bin")
_OF_SEEING = frozenset({"config.json", "preprocessor_config.json", "model.safetensors"})
"""What a repository of a captioning model or an annotator has at its top: such a model is nothing without its small
files."""
GENERIC = frozenset({"diffusion_pytorch_model", "pytorch_lora_weights", "model", "pytorch_model", "adapter_model"})
"""Names that say nothing once the file has left its repository."""


@dataclass(frozen=True)
class Entry:
    """A file of a repository's list."""

    path: str
    size: int | None
    digest: str


def hub() -> str:
    """The address to ask; HF_ENDPOINT names a mirror."""
    return endpoint(os.environ.get("HF_ENDPOINT", ""), USUAL)


def plan_from_hub(source: HubSource, http: Http, stop: Stop, key: str) -> Plan:
    """Works out a download. One request; nothing is fetched.

    Raises ChoiceNeededError when there are several models in it, KeyNeededError, and DownloadError.
    """
    base = hub()
    revision = quote(source.revision, safe="")
    about = http.json(f"{base}/api/models/{source.repo}/revision/{revision}?{urlencode({'blobs': 'true'})}", stop, key)
    commit = about.get("sha")
    if not isinstance(commit, str) or not re.fullmatch(r"[0-9a-f]{40}", commit):
        raise DownloadError(f"{base} does not say which version of {source.repo} this is.")
    if about.get("gated") and not key:
        raise KeyNeededError(
            Site.HUGGING_FACE,
            f"{source.repo} is given only to people who accepted its terms. Accept them at {base}/{source.repo}, "
            "make an access token there, and enter it here.",
        )
    entries = _entries(about)
    chosen, whole = _choose(source, entries)
    name = source.repo.rpartition("/")[2]
    files = tuple(
        RemoteFile(
            f"{base}/{source.repo}/resolve/{commit}/{quote(entry.path)}",
            entry.path if whole else _own_name(entry.path, name),
            entry.size,
            entry.digest,
        )
        for entry in chosen
    )
    if whole:
        files = tuple(replace(file, path=_below(file.path, source.path)) for file in files)
    plan = Plan(
        title=source.repo + (f" · {files[0].path}" if source.path and not whole else ""),
        files=files,
        folder="diffusers" if whole else kind_folder(source.repo + "/" + files[0].path),
        whole=safe_name("--".join(filter(None, (*source.repo.split("/"), *source.path.split("/"))))) if whole else "",
        site=Site.HUGGING_FACE,
        licence=_licence(about, base, source.repo),
        page=f"{base}/{source.repo}",
    )
    plan.check()
    return plan


def home_name(source: HubSource) -> str:
    """What a file, or else the whole repository, is called in the model folder."""
    if source.path:
        return _own_name(source.path, source.repo.rpartition("/")[2])
    return safe_name("--".join(source.repo.split("/")))


def kind_folder(name: str) -> str:
    """The folder that fits, by what people call such files; the library looks into the file itself later."""
    low = name.casefold()
    words = (
        ("lora", "loras"), ("controlnet", "controlnet"), ("control_", "controlnet"), ("t2i-adapter", "controlnet"),
        ("ip-adapter", "ipadapter"), ("image_encoder", "clip_vision"), ("vae", "vae"), ("upscal", "upscale_models"),
        ("esrgan", "upscale_models"), ("text_encoder", "text_encoders"), ("diffusion_models", "diffusion_models"),
    )  # fmt: skip
    return next((folder for word, folder in words if word in low), "checkpoints")


def _entries(about: Mapping[str, Any]) -> list[Entry]:
    found: list[Entry] = []
    siblings = about.get("siblings")
    for one in siblings if isinstance(siblings, list) else []:
        if not isinstance(one, dict) or not isinstance(one.get("rfilename"), str):
            continue
        lfs = _mapping(one.get("lfs"))
        size = lfs.get("size", one.get("size"))
        sha, blob = lfs.get("sha256", lfs.get("oid", "")), one.get("blobId", "")
        digest = ""
        if isinstance(sha, str) and re.fullmatch(r"[0-9a-f]{64}", sha):
            digest = f"sha256:{sha}"
        elif not lfs and isinstance(blob, str) and re.fullmatch(r"[0-9a-f]{40}", blob):
            digest = f"git:{blob}"
        found.append(Entry(one["rfilename"], size if type(size) is int else None, digest))
    return found


def _choose(source: HubSource, entries: Sequence[Entry]) -> tuple[list[Entry], bool]:
    """The files to take, and whether they are one folder."""
    if source.path:
        exact = [entry for entry in entries if entry.path == source.path]
        if exact:
            return exact, False
        below = [entry for entry in entries if entry.path.startswith(f"{source.path.rstrip('/')}/")]
        if not below:
            raise DownloadError(f"There is no '{source.path}' in {source.repo} at {source.revision}.")
        entries = below
    top = {_below(entry.path, source.path): entry for entry in entries}
    if INDEX in top:
        return _pipeline_files(top, source.variant), True
    if top.keys() >= _OF_SEEING:
        return _seeing_files(top, source.variant), True
    single = [entry for path, entry in top.items() if is_model_file(path)]
    if len(single) > 1 and (fitting := _one_weight(single, source.variant)):
        single = fitting
    if len(single) == 1:
        return single, False
    if not single:
        raise DownloadError(f"{source.repo} holds no model files.")
    choices = tuple(FileChoice(entry.path, entry.size) for entry in single)
    raise ChoiceNeededError(f"{source.repo} holds {len(choices)} model files. Choose one.", choices)


def _one_weight(entries: Sequence[Entry], variant: str) -> list[Entry]:
    """One file where all are the same weights: pickled or not, in the wanted variant or not. Empty: they differ."""
    stems = {_plain(PurePosixPath(entry.path)) for entry in entries}
    if len(stems) > 1 or any(_SHARD.search(PurePosixPath(entry.path).stem) for entry in entries):
        return []
    return _weights(entries, variant)


def _pipeline_files(top: Mapping[str, Entry], variant: str) -> list[Entry]:
    """A diffusers folder without what is there twice: one format and one variant of the weights of each part."""
    parts: dict[str, list[Entry]] = defaultdict(list)
    chosen: list[Entry] = []
    for path, entry in top.items():
        folder, _, name = path.rpartition("/")
        if not folder:
            if name == INDEX or name.casefold().startswith("licen"):
                chosen.append(entry)
        elif "/" not in folder and folder not in NOT_NEEDED:
            if name.endswith(_WEIGHTS):
                parts[folder].append(entry)
            elif name.endswith(_SMALL) and ".index." not in name:
                chosen.append(entry)
    for folder, entries in parts.items():
        weights = _weights(entries, variant)
        chosen += weights
        chosen += _shard_lists(top, folder, weights)
    return chosen


def _seeing_files(top: Mapping[str, Entry], variant: str) -> list[Entry]:
    """The folder of a model of transformers that looks at pictures: its small files, and its weights once."""
    here = {path: entry for path, entry in top.items() if "/" not in path}
    small = [entry for path, entry in here.items() if path.endswith(_SMALL) and ".index." not in path]
    return [*small, *_weights([entry for path, entry in here.items() if path.endswith(_WEIGHTS)], variant)]


def _weights(entries: Sequence[Entry], variant: str) -> list[Entry]:
    """The files of one network: safetensors if there are any, and the wanted variant, else the plain one, else any."""
    safe = [entry for entry in entries if entry.path.endswith(".safetensors")] or list(entries)
    by_variant: dict[str, list[Entry]] = defaultdict(list)
    for entry in safe:
        by_variant[_variant(PurePosixPath(entry.path))].append(entry)
    for name in (variant, "", "fp16", "bf16"):
        if name in by_variant:
            return _one_name(by_variant[name])
    return _one_name(next(iter(by_variant.values())))


def _one_name(entries: list[Entry]) -> list[Entry]:
    """Without copies under other names; shards belong together."""
    names = {_plain(PurePosixPath(entry.path)) for entry in entries}
    usual = next((name for name in ("diffusion_pytorch_model", "model") if name in names), min(names))
    same = [entry for entry in entries if _plain(PurePosixPath(entry.path)) == usual]
    return [entry for entry in same if not _SHARD.search(PurePosixPath(entry.path).stem)] or same


def _shard_lists(top: Mapping[str, Entry], folder: str, weights: Iterable[Entry]) -> list[Entry]:
    """`model.safetensors.index.json`, or with a variant `model.safetensors.index.fp16.json`, of sharded weights."""
    found: list[Entry] = []
    for path in {PurePosixPath(entry.path) for entry in weights if _SHARD.search(PurePosixPath(entry.path).stem)}:
        variant = _variant(path)
        middle = f".{variant}" if variant else ""
        entry = top.get(f"{folder}/{_plain(path)}{path.suffix}.index{middle}.json")
        if entry is not None and entry not in found:
            found.append(entry)
    return found


def _variant(path: PurePosixPath) -> str:
    """`model.fp16.safetensors`, `model.fp16-00001-of-00002.safetensors` -> `fp16`."""
    return _SHARD.sub("", path.stem).partition(".")[2]


def _plain(path: PurePosixPath) -> str:
    return _SHARD.sub("", path.stem).partition(".")[0]


def _below(path: str, folder: str) -> str:
    return path.removeprefix(f"{folder.rstrip('/')}/") if folder else path


def _own_name(path: str, repo: str) -> str:
    """What a single file is called at home: its repository's name where its own says nothing."""
    file = PurePosixPath(path)
    if _plain(file) in GENERIC:
        folder = "" if len(file.parts) < 2 else f"-{file.parts[-2]}"
        return safe_name(f"{repo}{folder}{file.suffix}")
    return safe_name(file.name)


def _licence(about: Mapping[str, Any], base: str, repo: str) -> Licence:
    card = _mapping(about.get("cardData"))
    tags = about.get("tags")
    tagged = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    name = card.get("license_name") or card.get("license")
    if not isinstance(name, str) or not name:
        name = next((tag.removeprefix("license:") for tag in tagged if tag.startswith("license:")), "")
    link = card.get("license_link")
    if not isinstance(link, str) or not link or ("://" in link and not link.startswith("https://")):
        link = f"{base}/{repo}"
    elif "://" not in link:
        link = f"{base}/{repo}/blob/main/{quote(link)}"
    return Licence(name[:200], link[:500])


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
