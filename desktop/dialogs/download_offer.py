"""What a download would bring, shown before anything is fetched: files, size, licence; or what it still lacks."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.naming import named
from desktop.spoken import spoken
from desktop.window_status import megabytes
from pipelines.library.downloads.errors import ChoiceNeededError, DownloadError, KeyNeededError
from pipelines.library.downloads.keys import Site
from pipelines.library.downloads.plan import Plan

SHOWN_FILES = 4
SHOWN_WORDS = 12


class OfferCard(QFrame):
    """A plan with its licence and a button that begins it; a choice of files; a field for a key; or a sentence."""

    agreed = Signal()
    chosen = Signal(str)
    """A file of the repository."""
    key_given = Signal(str, str)
    """Site and key."""

    def __init__(self, parent: QWidget) -> None:
        """An empty card: `build` fills it."""
        super().__init__(parent)
        self.setObjectName("offerCard")
        self.setProperty("card", True)
        self.plan: Plan | None = None
        self._error: DownloadError | None = None
        self.hide()

    def build(self) -> Iterator[None]:
        """Steps that fill it, each a few milliseconds."""
        self.title = named(QLabel(self), "offerTitle", wordWrap=True, role="heading")
        self.about = named(QLabel(self), "offerAbout", wordWrap=True, role="dim")
        self.licence = named(QLabel(self), "offerLicence", wordWrap=True, openExternalLinks=True)
        self.sentence = named(QLabel(self), "offerSentence", wordWrap=True)
        yield
        self.choice = named(QComboBox(self), "offerChoice")
        self.key = named(QLineEdit(self), "offerKey")
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        yield
        self.go = named(QPushButton(self), "offerGo", primary=True, autoDefault=False)
        self.dismiss = named(QPushButton(self), "offerDismiss", autoDefault=False)
        for label in (self.title, self.about, self.sentence):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._lay_out()
        yield
        self.go.clicked.connect(self._go)
        self.key.returnPressed.connect(self._go)
        self.dismiss.clicked.connect(self.clear)
        self.clear()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.choice, 1)
        row.addWidget(self.key, 1)
        row.addStretch(0)
        row.addWidget(self.dismiss)
        row.addWidget(self.go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(5)
        for label in (self.title, self.about, self.licence, self.sentence):
            layout.addWidget(label)
        layout.addLayout(row)

    def clear(self) -> None:
        """Shows nothing."""
        self.plan, self._error = None, None
        self.key.clear()
        self.hide()

    def offer(self, plan: Plan) -> None:
        """Shows what would come, and under which licence."""
        self.plan, self._error = plan, None
        self._show()
        self.go.setFocus()

    def explain(self, error: DownloadError) -> None:
        """Shows why there is no plan, with a choice or a field for a key where that helps."""
        self.plan, self._error = None, error
        self.choice.clear()
        if isinstance(error, ChoiceNeededError):
            for one in error.choices:
                size = f"   {megabytes(one.size)}" if one.size is not None else ""
                self.choice.addItem(f"{one.path}{size}", one.path)
        self._show()

    @property
    def _key_helps(self) -> bool:
        return isinstance(self._error, KeyNeededError) and bool(self._error.site)

    def _show(self) -> None:
        plan, error = self.plan, self._error
        choosing = isinstance(error, ChoiceNeededError)
        self.choice.setVisible(choosing)
        self.key.setVisible(self._key_helps)
        self.sentence.setText("" if error is None else spoken(str(error)))
        self.sentence.setVisible(error is not None)
        for label in (self.title, self.about, self.licence):
            label.setVisible(plan is not None)
        self.go.setVisible(plan is not None or choosing or self._key_helps)
        if plan is not None:
            self.title.setText(plan.title)
            self.about.setText(self._about(plan))
            self.licence.setText(self._licence(plan))
        self.retranslate()
        self.show()

    def _about(self, plan: Plan) -> str:
        size = self.tr("size unknown until the server tells") if plan.estimate is None else megabytes(plan.estimate)
        names = ", ".join(file.path for file in plan.files[:SHOWN_FILES])
        more = len(plan.files) - SHOWN_FILES
        if plan.whole:
            what = self.tr("a folder of {count} files").format(count=len(plan.files))
        else:
            what = names if more <= 0 else self.tr("{names} and {count} more").format(names=names, count=more)
        lines = [" · ".join(filter(None, (what, size, plan.base)))]
        if plan.words:
            words = ", ".join(plan.words[:SHOWN_WORDS])
            lines.append(self.tr("Trigger words: {words}").format(words=words))
        pickled = any(file.path.endswith((".ckpt", ".pt", ".pth", ".bin")) for file in plan.files)
        if pickled:
            lines.append(self.tr("It is pickled: it will be looked through before it is used, and never run."))
        return "\n".join(lines)

    def _licence(self, plan: Plan) -> str:
        name = escape(spoken(plan.licence.name) or self.tr("the site does not say; read its page before you use it"))
        url = plan.licence.url or plan.page
        if url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            name = f'<a href="{escape(url, quote=True)}">{name}</a>'
        note = f" · {escape(spoken(plan.licence.note))}" if plan.licence.note else ""
        return self.tr("Licence: {name}").format(name=name) + note

    def _go(self) -> None:
        if self.plan is not None:
            self.agreed.emit()
        elif self.choice.isVisible():
            self.chosen.emit(str(self.choice.currentData()))
        elif isinstance(self._error, KeyNeededError) and self.key.text().strip():
            site, key = self._error.site, self.key.text()
            self.key.clear()
            self.key_given.emit(site, key)

    def changeEvent(self, event: QEvent) -> None:
        """Follows a change of language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Sets every text in the present language."""
        if self.plan is not None:
            self.about.setText(self._about(self.plan))
            self.licence.setText(self._licence(self.plan))
            self.go.setText(self.tr("Agree and Download"))
            self.go.setToolTip(self.tr("Download it under this licence"))
        elif self._key_helps:
            self.go.setText(self.tr("Keep Key"))
            self.go.setToolTip(self.tr("Keep the key in the system's keyring, and ask again"))
        else:
            self.go.setText(self.tr("Take This One"))
            self.go.setToolTip(self.tr("Look at the chosen file"))
        self.dismiss.setText(self.tr("Not Now"))
        self.dismiss.setToolTip(self.tr("Leave it; nothing is downloaded"))
        self.choice.setToolTip(self.tr("Files of this repository"))
        named_site = {Site.CIVITAI.value: "Civitai", Site.HUGGING_FACE.value: "Hugging Face"}
        site = self._error.site if isinstance(self._error, KeyNeededError) else ""
        self.key.setPlaceholderText(self.tr("Your key of {site}").format(site=named_site.get(site, site)))
        self.key.setToolTip(self.tr("It is kept by the system's keyring, and sent to that site only"))
