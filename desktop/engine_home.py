"""How the engine's process is started: what the preferences say, in the words of its environment."""

from __future__ import annotations

import os

from desktop.settings import Preferences
from pipelines.client.child import ChildSettings

ENGINE_PREFERENCES = frozenset(
    {
        "engine_device",
        "engine_dtype",
        "engine_threads",
        "engine_memory",
        "engine_model_percent",
        "engine_idle_minutes",
    }
)
"""Names of preferences that an engine learns at its start only."""


def child_settings(preferences: Preferences) -> ChildSettings:
    """How the engine is started under these preferences; what the environment says already wins."""
    wanted = {
        "HANDSCROLL_DEVICE": preferences.engine_device,
        "HANDSCROLL_DTYPE": preferences.engine_dtype,
        "HANDSCROLL_THREADS": str(preferences.engine_threads or ""),
        "HANDSCROLL_MEMORY": preferences.engine_memory,
        "HANDSCROLL_MODEL_SHARE": str(preferences.engine_model_percent),
        "HANDSCROLL_IDLE_MINUTES": str(preferences.engine_idle_minutes),
    }
    return ChildSettings(environment={k: v for k, v in wanted.items() if v and not os.environ.get(k)})
