"""Window start: the shortest way to a painted unlock screen, and the life of the window after it.

Until the first paint only Qt and the window's own small modules are imported. Then, while the person types, `ui.warm`
imports what opening a register needs (cryptography, SQLCipher) and what the first screens need (icons), so that after
the passphrase only the key derivation is waited for (docs/measurements.md).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from models.errors import BugError, RegisterError
from ui.prefs import Preferences
from ui.screens.unlock import UnlockScreen
from ui.style import dress
from ui.tokens import Theme
from ui.words import t, use

if TYPE_CHECKING:
    from PySide6.QtCore import Qt, QTranslator
    from PySide6.QtGui import QCloseEvent, QPaintEvent

    from ui.autosync import AutoSync
    from ui.context import Context
    from ui.frame import Frame
    from ui.idle import IdleLock
    from ui.port import DeskPort
    from ui.services import Services
    from ui.warm import Warming

FIRST_SIZE = (1280, 760)
MIDDLE_LIGHTNESS = 128


def first_theme(app: QApplication) -> Theme:
    """Return the system's theme by the palette it gave, before ours is put over it.

    `QStyleHints.colorScheme` would say the same, but its enum costs more than the whole unlock screen; it is
    asked only when the system's theme changes later.
    """
    return "dark" if app.palette().color(QPalette.ColorRole.Window).lightness() < MIDDLE_LIGHTNESS else "light"


class Window(QWidget):
    """The one window: the unlock screen, then the frame; locked again, the unlock screen."""

    def __init__(
        self,
        app: QApplication,
        services: Services,
        preferences: Preferences,
        register: Path,
        practice_passphrase: str = "",
    ) -> None:
        super().__init__()
        self._app, self._services, self.preferences, self._register = app, services, preferences, register
        self._practice = practice_passphrase
        self._translator: QTranslator | None = None
        self._system = first_theme(app)
        self._context: Context | None = None
        self.frame: Frame | None = None
        self._unlock: UnlockScreen | None = None
        self._idle: IdleLock | None = None
        self.syncing: AutoSync | None = None
        """The rounds with the hub that begin by themselves."""
        self._painted = False
        self.warming: Warming | None = None
        """What is imported after the first paint."""
        self.setProperty("kind", "window")
        self.resize(*FIRST_SIZE)
        self._stack = QStackedLayout(self)
        use(preferences.language)
        self.setWindowTitle(t("app.name"))
        dress(app, preferences.look(self._system), preferences.language)
        self._show_unlock(locked=False)
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def context(self) -> Context:
        """Return the context, made on first need: it starts the worker."""
        if self._context is None:
            from ui.context import Context
            from ui.worker import Worker

            worker = Worker(self)
            self._context = Context(worker, self._services, self.preferences, self.preferences.look(self._system))
            self._context.preferences_changed.connect(self.dress_again)
            self._context.lock_time_changed.connect(self._watch)
            worker.upkeep = self._context.upkeep
        return self._context

    def paintEvent(self, event: QPaintEvent) -> None:
        """Begin to import the rest once the first paint is done."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._warm)

    def _warm(self) -> None:
        from ui.warm import Warming

        self.warming = Warming(self._services.preload, self)

    def _show_unlock(self, *, locked: bool) -> None:
        login = self.preferences.login
        self._unlock = UnlockScreen(
            self.preferences.look(self._system),
            self._register,
            login=login,
            practice_passphrase=self._practice,
            locked=locked,
        )
        self._unlock.submitted.connect(self.open_register)
        self._stack.addWidget(self._unlock)
        self._stack.setCurrentWidget(self._unlock)
        self._unlock.take_focus()

    @property
    def unlock(self) -> UnlockScreen:
        """Return the unlock screen while it is shown."""
        if self._unlock is None:
            raise BugError("解锁界面没有打开。", "The unlock screen is not shown.")
        return self._unlock

    def open_register(self, login: str, passphrase: str) -> None:
        """Open the register on the worker, then show the frame."""
        self.unlock.show_waiting()
        context = self.context

        def opened(desk: DeskPort) -> None:
            context.desk = desk
            context.person = desk.person
            self.preferences.login = login
            self.preferences.save()
            self._show_frame()

        def refused(error: RegisterError) -> None:
            if self._unlock is not None:
                self._unlock.show_error(error)

        context.worker.run(
            lambda _job: self._services.open_register(self._register, login, passphrase), opened, refused
        )

    def _show_frame(self, screen: str = "today") -> None:
        from ui.frame import Frame

        self._speak()
        old = self.frame
        self.frame = Frame(self.context)
        self.frame.lock_wanted.connect(self.lock)
        self._stack.addWidget(self.frame)
        self._stack.setCurrentWidget(self.frame)
        self._drop(old)
        self._drop(self._unlock)
        self._unlock = None
        self.frame.begin(screen)
        self._watch()
        if self.syncing is None:
            from ui.autosync import AutoSync

            self.syncing = AutoSync(self.context)
            self.context.sync_time_changed.connect(self.syncing.preferences_changed)
        if self.context.next_round is None:
            self.syncing.start()
        self.syncing.planned.connect(self.frame.refresh_light)

    def _watch(self) -> None:
        """Lock by itself after the time that the person chose."""
        if self._idle is None:
            from ui.idle import IdleLock

            self._idle = IdleLock(self._app, self.lock)
        self._idle.start(self.preferences.lock_minutes)

    def _speak(self) -> None:
        """Let Qt's own dialogs (printing, files, menus of text fields) speak the language of the window."""
        if self.preferences.language == "zh" and self._translator is None:
            from PySide6.QtCore import QLibraryInfo, QTranslator

            self._translator = QTranslator(self)
            self._translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
            self._app.installTranslator(self._translator)
        elif self.preferences.language != "zh" and self._translator is not None:
            self._app.removeTranslator(self._translator)
            self._translator = None

    def _drop(self, widget: QWidget | None) -> None:
        if widget is not None:
            self._stack.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    def _rest(self) -> None:
        """Begin nothing more by ourselves: the register is about to be closed."""
        if self._idle is not None:
            self._idle.stop()
        if self.syncing is not None:
            self.syncing.stop()

    def lock(self) -> None:
        """Keep drafts, close the register, forget its keys, and ask for a passphrase again."""
        if self.frame is None:
            return
        self.frame.leave()
        self._rest()
        context = self.context
        context.worker.call_off_aside()
        desk, context.desk, context.person = context.desk, None, None
        context.worker.run(lambda _job: desk.close() if desk is not None else None)
        frame, self.frame = self.frame, None
        self._show_unlock(locked=True)
        self._drop(frame)

    def _system_changed(self, scheme: Qt.ColorScheme) -> None:
        self._system = "dark" if scheme.name == "Dark" else "light"
        self.dress_again()

    def dress_again(self) -> None:
        """Apply changed language, theme or text size by building the screens anew; drafts are kept first."""
        use(self.preferences.language)
        look = self.preferences.look(self._system)
        self.setWindowTitle(t("app.name"))
        dress(self._app, look, self.preferences.language)
        if self._context is not None:
            self._context.look = look
        if self.frame is not None:
            self.frame.leave()
            self._show_frame(self.frame.current_name)
        elif self._unlock is not None:
            old = self._unlock
            self._show_unlock(locked=False)
            self._drop(old)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep drafts, close the register on the worker, and join it."""
        if self.frame is not None:
            self.frame.leave()
        self._rest()
        if self.warming is not None:
            self.warming.stop()
        if self._context is not None:
            context = self._context

            def last() -> None:
                if context.desk is not None:
                    context.desk.close()

            context.worker.close(last)
        super().closeEvent(event)


def run_window(
    services: Services,
    preferences: Preferences,
    register: Path,
    *,
    practice_passphrase: str = "",
    arguments: Sequence[str] = (),
) -> int:
    """Show the window until it is closed.

    Args:
        services: What the composition offers (`ui.port.Services`).
        preferences: Language, theme, text size (`ui.prefs.load`).
        register: The register to unlock.
        practice_passphrase: Of a practice register only: stated on the unlock screen.
        arguments: Left over on the command line, for Qt (for instance `-platform`).

    Returns:
        The exit code of the process.
    """
    QCoreApplication.setApplicationName("petition-desk")
    app = QApplication([sys.argv[0], *arguments])
    window = Window(app, services, preferences, register, practice_passphrase)
    window.show()
    return app.exec()
