"""What the program remembers between runs: preferences, recent files, open paintings, the place of windows."""

from __future__ import annotations

import base64
import json
import logging
import os
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

import platformdirs
from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)
_PAGES, _PAGE = "SC_PHYS_PAGES", "SC_PAGE_SIZE"

RECENT_LIMIT = 12
THEMES = ("dark", "light")
LEAST_TILES, MOST_TILES = 256, 4096
"""Megabytes for a painting's pixels when the person leaves it to the program."""
LANGUAGES = {"": "", "en": "English", "zh_CN": "简体中文"}
"""Language code -> its own name; the empty code follows the system."""


@dataclass(frozen=True)
class Folders:
    """Where things live on this computer."""

    config: Path
    """Settings."""
    data: Path
    """Untitled paintings, the log, the index of models."""

    @classmethod
    def find(cls, environment: Mapping[str, str] | None = None) -> Self:
        """The system's places, or what HANDSCROLL_CONFIG_DIR and HANDSCROLL_DATA_DIR say."""
        told = os.environ if environment is None else environment
        config = told.get("HANDSCROLL_CONFIG_DIR") or platformdirs.user_config_path("handscroll", appauthor=False)
        data = told.get("HANDSCROLL_DATA_DIR") or platformdirs.user_data_path("handscroll", appauthor=False)
        return cls(Path(config), Path(data))

    @property
    def log_file(self) -> Path:
        """Where errors are written."""
        return self.data / "handscroll.log"


MOST_STEPS = 10_000
"""Undo steps that a project file keeps, at most."""


@dataclass(frozen=True)
class Preferences:
    """What the person chose in the preferences dialog."""

    theme: str = "dark"
    """`dark` or `light`."""
    language: str = ""
    """A key of LANGUAGES; empty follows the system."""
    reopen_last: bool = True
    """Whether a start without files opens the paintings that were open last."""
    undo_megabytes: int = 512
    """Memory for undo, per painting."""
    undo_steps_in_file: int = 100
    """How many steps can still be undone after a painting was closed and opened again; 0 for none."""
    tile_megabytes: int = 0
    """Memory for the pixels of a painting; what is over it waits in the project file. 0 takes a quarter of what
    the computer has, 256 to 4096."""
    engine_device: str = ""
    """Where the engine computes: `cpu`, `cuda`, `mps`, `xpu`; empty lets it choose."""
    engine_threads: int = 0
    """Threads of the engine on a CPU; 0 lets it choose."""
    engine_dtype: str = ""
    """Numbers it computes with: `bf16`, `fp16`, `fp32`; empty lets it choose."""
    engine_memory: str = ""
    """Where parts of models wait that are not at work, a `MemoryRung`; empty: the fastest way that fits."""
    engine_model_percent: int = 50
    """Part of the device's memory that models may fill which are not at work."""
    engine_idle_minutes: int = 10
    """After which models leave memory when nothing was painted; 0: never."""
    read_ahead: bool = True
    """Whether the engine reads the chosen model before the first picture is asked for."""
    show_welcome: bool = True
    """Whether an empty painting shows the welcome card."""
    show_pixel_grid: bool = True
    """The edges of the pixels, from 800 % on."""
    show_grid: bool = False
    grid_spacing: int = 64
    """Canvas pixels between the grid's lines."""
    grid_subdivisions: int = 4
    """Parts of every field of the grid."""
    show_rulers: bool = False
    show_guides: bool = True
    show_regions: bool = True
    """Prompt regions as colours over the canvas."""
    lock_guides: bool = False
    """Guides cannot be moved or added."""
    show_frame_arrows: bool = True
    """Arrows at the frame's edges, where the picture can grow."""
    expand_percent: int = 50
    """How far a step outwards moves the frame, as a part of its side."""
    keep_film: bool = True
    """Whether small pictures of what changed are kept in the project file, for time-lapses."""
    finger_paints: bool = False
    """Whether one finger on a touch screen paints instead of moving the paper."""
    take_in_strokes: bool = True
    """Whether running jobs take in what is painted in their region."""
    write_provenance: bool = True
    """Whether exported pictures say how they were made."""

    @property
    def tile_memory(self) -> int:
        """Megabytes that the pixels of a painting may take in memory."""
        quarter = _memory_bytes() // (4 << 20)
        return self.tile_megabytes or min(max(quarter, LEAST_TILES), MOST_TILES)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Reads what was stored; values of a wrong kind fall back to the default."""
        good = {f.name: data[f.name] for f in fields(cls) if f.name in data and type(data[f.name]) is type(f.default)}
        made = cls(**good)
        if made.theme not in THEMES or made.language not in LANGUAGES:
            made = replace(made, theme="dark", language="")
        low, high = 16, 65536
        return replace(
            made,
            undo_megabytes=min(max(made.undo_megabytes, low), high),
            undo_steps_in_file=min(max(made.undo_steps_in_file, 0), MOST_STEPS),
            expand_percent=min(max(made.expand_percent, 5), 100),
            tile_megabytes=min(max(made.tile_megabytes, 0), 1 << 20),
            engine_threads=min(max(made.engine_threads, 0), 1024),
            engine_model_percent=min(max(made.engine_model_percent, 0), 95),
            engine_idle_minutes=min(max(made.engine_idle_minutes, 0), 1440),
            grid_spacing=min(max(made.grid_spacing, 1), 4096),
            grid_subdivisions=min(max(made.grid_subdivisions, 1), 16),
        )


@dataclass
class Remembered:
    """What the program notes by itself."""

    recent: list[str] = field(default_factory=list)
    """Project files, the newest first."""
    open: list[str] = field(default_factory=list)
    """Paintings with a window; written on every change, so that it survives a kill."""
    form: dict[str, Any] = field(default_factory=dict)
    """The generation form."""
    geometry: str = ""
    """Window geometry, base64."""
    layout: str = ""
    """Docks and tool bar, base64."""
    folder: str = ""
    """Where files were opened or saved last."""
    tool_options: dict[str, Any] = field(default_factory=dict)
    """What was set about the tools (`desktop.view.tools.options`)."""
    views: dict[str, Any] = field(default_factory=dict)
    """Where each painting was looked at, by its path (`desktop.view_memory`)."""
    colours: dict[str, Any] = field(default_factory=dict)
    """Recent colours and swatches (`desktop.colours`)."""
    brushes: dict[str, Any] = field(default_factory=dict)
    """The brush of each tool as it was left (`desktop.brush_store`)."""
    prompts: list[str] = field(default_factory=list)
    """Prompts that were painted, the newest first."""
    history: dict[str, Any] = field(default_factory=dict)
    """How the history panel lists generations (`desktop.window_log`)."""
    live: dict[str, Any] = field(default_factory=dict)
    """How live painting was set (`desktop.generation.live_settings`)."""
    describing: dict[str, Any] = field(default_factory=dict)
    """Which model describes pictures, and how (`desktop.window_describe`)."""
    download_folder: str = ""
    """The model folder that downloads go to; empty: the one in the program's own data folder."""
    model_cards: bool = True
    """Whether the model library shows cards with pictures, or rows."""
    export: dict[str, Any] = field(default_factory=dict)
    """What was chosen in the export dialog last (`desktop.export_choices`)."""


class Settings(QObject):
    """Preferences and memory, kept in one JSON file that is replaced whole soon after every change.

    A thread of its own writes it: home folders may be slow, and the window waits for none.
    """

    changed = Signal(set)
    """Names of the preferences that are different now."""
    recent_changed = Signal()

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        """Reads `path` if it is there; a damaged file counts as none."""
        super().__init__(parent)
        self._path = path
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="settings")  # the program's end waits for it
        self._newest = ""
        self._writing: Future[None] | None = None
        data = _read(path)
        self.preferences = Preferences.from_dict(_mapping(data.get("preferences")))
        self.remembered = _remembered(_mapping(data.get("remembered")))

    def update(self, **changes: Any) -> None:
        """Changes preferences, writes them and tells which are different."""
        before, self.preferences = self.preferences, Preferences.from_dict(asdict(self.preferences) | changes)
        different = {f.name for f in fields(before) if getattr(before, f.name) != getattr(self.preferences, f.name)}
        if different:
            self.write()
            self.changed.emit(different)

    def remember(self, **values: Any) -> None:
        """Notes things about the program's state; see `Remembered`."""
        if any(getattr(self.remembered, name) != value for name, value in values.items()):
            self.remembered = replace(self.remembered, **values)
            self.write()

    def remember_window(self, geometry: bytes, layout: bytes) -> None:
        """Notes where the window and its docks are."""
        self.remember(geometry=base64.b64encode(geometry).decode(), layout=base64.b64encode(layout).decode())

    @property
    def window(self) -> tuple[bytes, bytes]:
        """Geometry and layout as `remember_window` got them; empty at first."""
        return base64.b64decode(self.remembered.geometry), base64.b64decode(self.remembered.layout)

    def add_recent(self, path: Path) -> None:
        """Puts a file at the head of the recent ones."""
        name = str(path)
        self.remember(recent=[name, *(p for p in self.remembered.recent if p != name)][:RECENT_LIMIT])
        self.recent_changed.emit()

    def clear_recent(self) -> None:
        """Forgets the recent files."""
        self.remember(recent=[])
        self.recent_changed.emit()

    def recent(self) -> list[Path]:
        """Recent files, the newest first; some may be gone by now."""
        return [Path(name) for name in self.remembered.recent]

    def write(self) -> None:
        """Replaces the file. A disk that refuses is noted in the log: settings are never worth a lost painting."""
        data = {"preferences": asdict(self.preferences), "remembered": asdict(self.remembered)}
        self._newest = json.dumps(data, ensure_ascii=False, indent=1)
        self._writing = self._writer.submit(self._replace, self._newest)

    def flush(self) -> None:
        """Waits until everything noted so far is in the file."""
        if self._writing is not None:
            self._writing.result()

    def _replace(self, text: str) -> None:
        if text is not self._newest:
            return  # a newer one waits behind this
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(self._path)
        except OSError as error:
            log.warning("The settings could not be written to %s: %s", self._path, error)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return _mapping(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        log.warning("The settings in %s cannot be read and start anew: %s", path, error)
        return {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _remembered(data: Mapping[str, Any]) -> Remembered:
    made = Remembered()
    for f in fields(Remembered):
        value = data.get(f.name)
        if type(value) is type(getattr(made, f.name)):
            setattr(made, f.name, value)
    made.recent = [p for p in made.recent if isinstance(p, str)]
    made.open = [p for p in made.open if isinstance(p, str)]
    made.prompts = [p for p in made.prompts if isinstance(p, str)]
    return made


def _memory_bytes() -> int:
    """Of this computer. Every start asks, so it asks the system itself where that is easy."""
    if hasattr(os, "sysconf") and {_PAGES, _PAGE} <= os.sysconf_names.keys():
        return os.sysconf(_PAGES) * os.sysconf(_PAGE)
    import psutil  # six modules, for Windows alone

    return psutil.virtual_memory().total
