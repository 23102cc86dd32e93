"""The program's languages: English in the source, the others in resources/translations."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

TRANSLATIONS = Path(__file__).resolve().parents[1] / "resources" / "translations"


class Languages:
    """Installs and removes translators; widgets hear of it by QEvent.LanguageChange."""

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self._installed: list[QTranslator] = []
        self.code = "en"

    def use(self, wanted: str) -> str:
        """Switches to `en`, `zh_CN` or, when empty, to what the system speaks; returns the code in use."""
        self.code = choose_language(wanted, QLocale.system().uiLanguages())
        for translator in self._installed:
            self._app.removeTranslator(translator)
        self._installed.clear()
        if self.code != "en":
            qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            for name, folder in ((f"qtbase_{self.code}", qt_folder), (f"handscroll_{self.code}", str(TRANSLATIONS))):
                translator = QTranslator(self._app)
                if translator.load(name, folder):
                    self._app.installTranslator(translator)
                    self._installed.append(translator)
        QLocale.setDefault(QLocale(self.code))
        return self.code


def mark(context: str, text: str) -> str:
    """The text itself, marked for the translators; whoever shows it translates it with that context."""
    del context
    return text


def choose_language(wanted: str, system: list[str]) -> str:
    """The language to use: the wanted one, else the first of the system's that there is, else English."""
    if wanted:
        return wanted
    for name in system:
        tag = name.replace("_", "-").casefold()
        if tag.startswith("zh") and not any(part in tag for part in ("tw", "hk", "mo", "hant")):
            return "zh_CN"
        if tag.startswith("en"):
            return "en"
    return "en"
