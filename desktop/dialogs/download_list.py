"""The list of downloads: one row each, with its bar, its speed and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QScrollArea, QToolButton, QVBoxLayout, QWidget

from desktop.naming import named
from desktop.spoken import spoken
from desktop.theme import Theme, make_icon
from desktop.window_status import megabytes
from pipelines.library.downloads.fetching import Phase
from pipelines.library.downloads.queue import OPEN, RESUMABLE, Download, State

ICON = 16
MEGABYTE = 2**20
BUTTONS = {"resume": "play", "pause": "pause", "open": "folder", "key": "lock", "cancel": "close", "remove": "delete"}
"""What can be done -> its icon."""
PARTS = 1000
"""Steps of a bar: Qt counts in 32 bits."""


class DownloadRow(QFrame):
    """One download."""

    wanted = Signal(str, str)
    """What to do (a name of BUTTONS), and the download's id."""

    def __init__(self, download: Download, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"download-{download.id}")
        self.setProperty("card", True)
        self.download = download
        self.title = named(QLabel(self), "downloadTitle", role="heading")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.note = named(QLabel(self), "downloadNote", wordWrap=True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = named(QProgressBar(self), "downloadBar", textVisible=False)
        self.bar.setFixedHeight(5)
        self.buttons = {name: self._button(name) for name in BUTTONS}
        self._lay_out()
        self.dress(theme)
        self.show_state(download)

    def _button(self, name: str) -> QToolButton:
        button = named(QToolButton(self), f"download-{name}", autoRaise=True)
        button.setIconSize(QSize(ICON, ICON))
        button.clicked.connect(lambda: self.wanted.emit(name, self.download.id))
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        for button in self.buttons.values():
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 10)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.bar)
        layout.addWidget(self.note)

    def dress(self, theme: Theme) -> None:
        """Draws the icons in the theme's ink."""
        for name, icon in BUTTONS.items():
            self.buttons[name].setIcon(make_icon(icon, theme))

    def show_state(self, download: Download) -> None:
        """Shows how it stands now."""
        self.download, state = download, download.state
        self.title.setText(download.plan.title)
        unknown = state is State.RUNNING and not download.total
        self.bar.setRange(0, 0 if unknown else PARTS)
        self.bar.setValue(self._parts())
        self.bar.setVisible(state not in (State.DONE, State.CANCELLED))
        self.note.setText(self._note())
        failed = state is State.FAILED
        if self.note.property("role") != ("warning" if failed else "dim"):
            self.note.setProperty("role", "warning" if failed else "dim")
            self.note.style().polish(self.note)
        shown = {
            "resume": state in RESUMABLE,
            "pause": state in OPEN,
            "open": state is State.DONE,
            "key": failed and bool(download.key_of),
            "cancel": state in OPEN or state is State.PAUSED,
            "remove": state in (State.DONE, State.CANCELLED, State.FAILED),
        }
        for name, button in self.buttons.items():
            button.setVisible(shown[name])
        self.retranslate()

    def _parts(self) -> int:
        if self.download.state is State.DONE:
            return PARTS
        return int(PARTS * self.download.done / self.download.total) if self.download.total else 0

    def _note(self) -> str:
        one = self.download
        size = megabytes(one.done)
        if one.total:
            size = self.tr("{done} of {total}").format(done=size, total=megabytes(one.total))
        words = {
            State.QUEUED: self.tr("Waits for its turn"),
            State.PAUSED: self.tr("Paused"),
            State.CANCELLED: self.tr("Cancelled; nothing was kept"),
            State.DONE: self.tr("In the library"),
            State.FAILED: spoken(one.sentence),
            State.RUNNING: self._doing(),
        }
        show_size = one.state in OPEN or one.state is State.PAUSED
        if one.state is State.DONE:
            return " · ".join((words[one.state], megabytes(one.done), *map(str, one.places[:1])))
        return " · ".join(filter(None, (words[one.state], size if show_size else "")))

    def _doing(self) -> str:
        one = self.download
        if one.phase is Phase.ASKING:
            return self.tr("Asks the server")
        if one.phase is Phase.WAITING:
            return self.tr("The connection broke; tries again soon")
        if one.phase is Phase.CHECKING:
            return self.tr("Checks what is there")
        speed = self.tr("{0} MB/s").format(f"{one.speed / MEGABYTE:.1f}") if one.speed else ""
        left = one.seconds_left
        return " · ".join(filter(None, (speed, "" if left is None else self._left(left))))

    def _left(self, seconds: float) -> str:
        if seconds < 90:
            return self.tr("{0} s left").format(max(round(seconds), 1))
        if seconds < 5400:
            return self.tr("{0} min left").format(round(seconds / 60))
        return self.tr("{0} h left").format(f"{seconds / 3600:.1f}")

    def retranslate(self) -> None:
        """Sets every tool tip in the present language."""
        again = self.download.state in (State.FAILED, State.CANCELLED)
        tips = {
            "resume": self.tr("Try again") if again else self.tr("Go on with it"),
            "pause": self.tr("Pause; what came stays"),
            "open": self.tr("Open the folder it lies in"),
            "key": self.tr("Enter a key of that site"),
            "cancel": self.tr("Cancel, and take away what came"),
            "remove": self.tr("Take it out of this list; the model stays")
            if self.download.state is State.DONE
            else self.tr("Take it out of this list, and away what came"),
        }
        for name, button in self.buttons.items():
            button.setToolTip(tips[name])
            button.setAccessibleName(tips[name])


class DownloadList(QScrollArea):
    """All of them, the newest above."""

    wanted = Signal(str, str)
    """As of a row."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("downloadList")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme = theme
        self.rows: dict[str, DownloadRow] = {}
        inside = named(QWidget(self), "downloadRows")
        self.empty = named(QLabel(inside), "downloadsEmpty", wordWrap=True, role="dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(2, 8, 6, 8)
        self._layout.addWidget(self.empty)
        self._layout.addStretch(1)
        self.setWidget(inside)
        self.retranslate()

    def show_all(self, downloads: Sequence[Download]) -> None:
        """Brings the rows up to date."""
        for _ in self.fill(downloads):
            pass

    def fill(self, downloads: Sequence[Download]) -> Iterator[None]:
        """The same in steps, one for each new row."""
        here = {one.id for one in downloads}
        for gone in [name for name in self.rows if name not in here]:
            self.rows.pop(gone).deleteLater()
        for one in downloads:
            row = self.rows.get(one.id)
            if row is None:
                self.rows[one.id] = row = DownloadRow(one, self._theme, self)
                row.wanted.connect(self.wanted)
                self._layout.insertWidget(0, row)
                yield
            elif row.download != one:
                row.show_state(one)
        self.empty.setVisible(not downloads)

    def dress(self, theme: Theme) -> None:
        """Draws all icons in the theme's ink."""
        self._theme = theme
        for row in self.rows.values():
            row.dress(theme)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        self.empty.setText(
            self.tr(
                "Nothing was downloaded yet. Type a repository, a number or an address above, or choose a model in the "
                "catalogue."
            )
        )
        for row in self.rows.values():
            row.show_state(row.download)
