"""What words may name on this computer: styles, wildcard files, lists of tags, add-ons; and prompts used before."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.generation.wording import Wording
from desktop.settings import Folders, Settings
from desktop.spoken import spoken
from pipelines.contract.models import ModelInfo
from pipelines.library.registry import Library
from pipelines.library.wording import ADDON_KINDS
from pipelines.prompting.styles import Style, StyleError, read_styles, write_styles
from pipelines.prompting.tag_lists import Tag, TagList, read_tags
from pipelines.prompting.wildcards import WildcardFolder

log = logging.getLogger(__name__)
RESOURCES = Path(__file__).resolve().parents[2] / "resources"
MOST_PROMPTS = 200
LONGEST_PROMPT = 4000


@dataclass
class _Lists:
    """The lists of tags as they were read last."""

    stamps: dict[Path, tuple[int, int]] = field(default_factory=dict)
    """Size and time of each file."""
    tags: TagList = field(default_factory=TagList)


class WordStore(QObject):
    """One for the program. Files are read in threads; what is asked for in the window is at hand."""

    changed = Signal()
    """Styles, wildcard files, tags or add-ons are others."""
    failed = Signal(str)
    """A sentence about a file that cannot be read."""

    def __init__(self, folders: Folders, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("wordStore")
        self._settings = settings
        self.styles_file = folders.data / "styles.json"
        self.wildcards = WildcardFolder(folders.data / "wildcards")
        self.tags_folder = folders.data / "tags"
        self.built_in: tuple[Style, ...] = ()
        self.own: tuple[Style, ...] = ()
        self.wildcard_names: tuple[str, ...] = ()
        with contextlib.suppress(StyleError):  # `look` says so
            self.built_in, self.own = self._read_styles()  # small, and the first run must not go without them
        self.wording = Wording({style.name: style for style in self.styles}, self.wildcards)
        self._lists = _Lists()
        self._library: Library | None = None

    @property
    def tags(self) -> TagList:
        """Every tag of every list."""
        return self._lists.tags

    @property
    def styles(self) -> tuple[Style, ...]:
        """All presets, the person's own last; one of theirs takes the place of a built-in one of that name."""
        return tuple({style.name: style for style in (*self.built_in, *self.own)}.values())

    async def look(self, library: Library) -> None:
        """Reads what there is by now, in threads. A list that cannot be read is named and left out."""
        models, addons = await asyncio.to_thread(lambda: (library.models(), library.models(ADDON_KINDS)))
        try:
            self.built_in, self.own = await asyncio.to_thread(self._read_styles)
        except StyleError as error:
            self.failed.emit(spoken(str(error)))
        self._library = library
        self.take_addons(models, addons)
        self.wildcard_names = await asyncio.to_thread(self.wildcards.names)
        self._lists = await asyncio.to_thread(self._read_tags, self._lists)
        self.take_addons(models, addons)

    async def trigger_words(self, model_id: str) -> tuple[str, ...]:
        """What wakes a LoRA in a prompt, as the library knows it."""
        if self._library is None:
            return ()
        return (await asyncio.to_thread(self._library.details, model_id)).trigger_words

    def take_addons(self, models: Sequence[ModelInfo], addons: Sequence[ModelInfo]) -> None:
        """These are the models and add-ons of the library."""
        self._take(tuple(models), tuple(addons))

    async def keep_styles(self, own: Sequence[Style]) -> None:
        """Writes the person's own styles, in a thread. Raises StyleError."""
        await asyncio.to_thread(write_styles, self.styles_file, own)
        self.own = tuple(own)
        self._take(self.wording.models, self.wording.addons)

    def _take(self, models: tuple[ModelInfo, ...], addons: tuple[ModelInfo, ...]) -> None:
        styles = {style.name: style for style in self.styles}
        self.wording = Wording(styles, self.wildcards, models, addons, self.tags, self.wildcard_names)
        self.changed.emit()

    def _read_styles(self) -> tuple[tuple[Style, ...], tuple[Style, ...]]:
        built_in = read_styles(RESOURCES / "styles.json")
        self.built_in = built_in
        return built_in, read_styles(self.styles_file)

    def _read_tags(self, before: _Lists) -> _Lists:
        files = [RESOURCES / "tags.csv", *sorted(self.tags_folder.glob("*.csv"))]
        stamps = {file: (file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.is_file()}
        if stamps == before.stamps:
            return before
        tags = list[Tag]()
        for file in stamps:
            try:
                tags += read_tags(file)
            except OSError as error:
                log.warning("The list of tags %s cannot be read: %s", file, error)
        return _Lists(stamps, TagList(tags))

    # --- prompts used before

    def prompts(self) -> list[str]:
        """Prompts that were painted, the newest first, each once."""
        return list(self._settings.remembered.prompts)

    def note_prompt(self, prompt: str) -> None:
        """Remembers a prompt that was painted."""
        words = prompt.strip()[:LONGEST_PROMPT]
        if words:
            others = [said for said in self._settings.remembered.prompts if said != words]
            self._settings.remember(prompts=[words, *others][:MOST_PROMPTS])
