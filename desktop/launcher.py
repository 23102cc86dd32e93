"""Progress on the program's icon in the task bar, where the desktop listens to the launcher signal on its bus."""

from __future__ import annotations

import asyncio
import os
import sys

from PySide6.QtCore import QObject

from desktop.slots import Slots

DESKTOP_FILE = "handscroll.desktop"
PATH, INTERFACE = "/org/handscroll/launcher", "com.canonical.Unity.LauncherEntry"
"""Understood by Plasma, Unity, Budgie, and docks of GNOME and Xfce. Others never hear it."""


class LauncherProgress(QObject):
    """Says how far the jobs are. The bus is only spoken to in a thread; where there is none, nothing happens."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._slots = Slots(self)
        self._possible = sys.platform.startswith("linux") and bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))
        self._wanted: float | None = None
        self._said: float | None = None
        self._busy = False

    def show(self, fraction: float | None) -> None:
        """0..1, or None for no progress at all. Never waits."""
        self._wanted = None if fraction is None else round(fraction, 2)
        if self._possible and not self._busy and self._wanted != self._said:
            self._busy = True
            self._slots.start(self._say())

    async def _say(self) -> None:
        """The newest state, until it was said."""
        try:
            while self._possible and self._wanted != self._said:
                wanted = self._wanted
                self._possible = await asyncio.to_thread(send_progress, wanted)
                self._said = wanted
        finally:
            self._busy = False


def send_progress(fraction: float | None) -> bool:
    """Sends one signal; any thread. False when there is no bus to speak to."""
    try:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage  # not for every start; some builds have none
    except ImportError:
        return False
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    message = QDBusMessage.createSignal(PATH, INTERFACE, "Update")
    properties = {"progress": float(fraction or 0.0), "progress-visible": fraction is not None}
    message.setArguments([f"application://{DESKTOP_FILE}", properties])
    return bool(bus.send(message))
