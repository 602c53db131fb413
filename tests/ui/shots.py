"""Pictures of every screen: `python -m tests.ui.shots OUTDIR [LOOK]`.

In Chinese and English, light and dark, at 1366x768, and at 200 % text. For looking at; those of the manual are taken by
`tests.docs.manual_screens`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time as clock
import traceback
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import window as composition
from models.records import Filters
from tests.ui import life, staging
from ui.frame import Frame
from ui.prefs import Preferences
from ui.screens.letter import LetterScreen
from ui.services import Services
from ui.start import Window

Look = tuple[str, str, int]
"""Language, theme, size of text in percent."""
SIZE = (1366, 768)
LOOKS: tuple[Look, ...] = (
    ("zh", "light", 100),
    ("en", "light", 100),
    ("zh", "dark", 100),
    ("zh", "light", 200),
    ("en", "dark", 200),
)


def until(ready: Callable[[], object], seconds: float = 20.0) -> None:
    """Let the window work until something is so."""
    end = clock.monotonic() + seconds
    while not ready():
        if clock.monotonic() > end:
            raise TimeoutError(ready)
        QTest.qWait(15)


class Studio:
    """One window in one look, and the ways to each screen."""

    def __init__(self, app: QApplication, out: Path, register: Path, look: Look, services: Services) -> None:
        language, theme, percent = look
        self.suffix = f"{language}-{theme}-{percent}"
        self.out = out
        preferences = Preferences(language=language, theme=theme, text_percent=percent, login=staging.LOGIN)  # type: ignore[arg-type]
        self.window = Window(app, services, preferences, register, staging.PASSPHRASE)
        self.window.resize(*SIZE)
        self.window.show()

    def take(self, name: str) -> None:
        """Save what is seen."""
        self.settle()
        self.window.grab().save(str(self.out / f"{name}-{self.suffix}.png"))

    def settle(self) -> None:
        """Wait until the worker has nothing left and all is painted."""
        for _round in range(3):
            QTest.qWait(30)
            until(lambda: self.window._context is None or not self.window.context.worker.busy)
        QTest.qWait(60)

    def enter(self) -> Frame:
        """Unlock the window, and wait for Today."""
        self.window.unlock.submitted.emit(staging.LOGIN, staging.PASSPHRASE)
        until(lambda: self.window.frame is not None)
        frame = self.window.frame
        assert frame is not None
        self.settle()
        return frame

    def run(self, wanted: str = "") -> None:
        """Go through the screens."""
        window = self.window
        self.take("01-unlock")
        window.unlock.submitted.emit(staging.LOGIN, "错误的口令错误的口令")
        until(lambda: window.unlock.open.isEnabled() and window.unlock.message.text())
        self.take("02-unlock-wrong")
        frame = self.enter()
        self.take("03-today")
        frame.go("register")
        self.take("04-register")
        frame.search.setText("停车")
        self.take("05-search")
        frame.search.setText("没有这样的词")
        self.take("06-nothing")
        frame.search.setText("")
        frame.open_list(Filters(late=True))
        self.take("07-late")
        frame.open_new("visit")
        self.settle()
        form = frame._screens["new"].form
        self.take("08-new-empty")
        form.people.cards[0].name.setText("沈玉兰")
        form.people.cards[0].phone.setText("13900010001")
        form.people.cards[0].id_number.setText("110105194912310021")
        form.statement.setText("在城东路口临时停车，收费员收钱不给票据。多次索要未果，请求核查并规范收费。")
        form.claims.texts[0].setText("核查收费情况")
        form.claims.add("").setText("规范开具票据")
        form.accused.more.click()
        form.accused.rows[0].name.setText("交通管理大队")
        QTest.qWait(1200)
        self.settle()
        screen = frame._screens["new"]
        screen._page.verticalScrollBar().setValue(0)
        self.take("09-new")
        screen._page.verticalScrollBar().setValue(10_000)
        self.take("10-new-end")
        screen.register()
        until(lambda: screen.registered is not None)
        self.take("11-registered")
        found: list[int] = []
        window.context.ask(
            lambda desk: desk.page(Filters()).lines,
            lambda lines: found.extend(one.id for one in lines if one.state == "S4"),
        )
        until(lambda: found)
        frame.open_matter(found[0])
        self.take("12-matter")
        matter = frame._screens["matter"]
        matter._page.verticalScrollBar().setValue(10_000)
        self.take("13-matter-end")
        matter._explain(matter.file.clocks[-1])
        self.take("14-clock")
        frame.sheets.close_sheet()
        matter.begin_act(matter.file.next_acts[0])
        self.take("15-act")
        frame.sheets.close_sheet()
        from ui.screens.matter.pick import WhyNotSheet

        window.context.sheet_wanted.emit(WhyNotSheet(window.context, matter.closed))
        self.take("16-why-not")
        frame.sheets.close_sheet()
        self.letters(frame, found[0])
        frame.go("sync")
        self.take("19-sync")
        frame.go("settings")
        self.take("20-settings")
        frame.go("help")
        self.take("21-help")
        frame.show_keys()
        self.take("22-keys")
        frame.sheets.close_sheet()
        window.close()

    def draft(self, frame: Frame, matter: int) -> LetterScreen:
        """Draft the acceptance notice of a matter."""
        frame.open_letter(matter, "acceptance_notice")
        letter = frame._screens["letter"]
        assert isinstance(letter, LetterScreen)
        until(lambda: letter.issue_button.isEnabled() or letter.missing)
        QTest.qWait(800)
        return letter

    def letters(self, frame: Frame, matter: int) -> None:
        """Show an acceptance notice as drafted and as issued."""
        letter = self.draft(frame, matter)
        self.take("17-letter")
        if letter.issue_button.isEnabled():
            letter.issue()
            until(lambda: letter.document is not None)
        QTest.qWait(800)  # the page is drawn by Qt's own thread
        self.take("18-letter-issued")
        frame.told.hide()


def take_all(
    studio: type[Studio], out: Path, looks: Sequence[Look], *, only: str = "", wanted: str = "", lived_in: bool = False
) -> None:
    """Take the pictures of a studio, each look on a staged register of its own.

    Args:
        studio: Whose pictures.
        out: Folder of the pictures.
        looks: Language, theme and size of text.
        only: A part of the names of the looks that are taken.
        wanted: A part of the names of the screens that are taken, for a studio that takes some.
        lived_in: With something in every queue.
    """
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template" / "云溪县.register"
        template.parent.mkdir()
        today = date.today()  # noqa: DTZ011  # the counter's own day
        staging.build(template, today)
        if lived_in:
            life.furnish(template, today)
        for look in looks:
            name = "-".join(map(str, look))
            if only in name:
                place = Path(folder) / name
                place.mkdir()
                studio(app, out, staging.copy(template, place), look, services()).run(wanted)


def end_with(take: Callable[[], None]) -> NoReturn:
    """Take the pictures and end the program: a window left half-way must not keep its worker waiting."""
    status = 1
    try:
        take()
        status = 0
    except BaseException:
        traceback.print_exc()
    os._exit(status)


def services() -> Services:
    """Return the services of the window; its ways out are shown and not pressed."""
    return composition._services()._replace(open_register=staging.opener)


if __name__ == "__main__":
    end_with(lambda: take_all(Studio, Path(sys.argv[1]), LOOKS, only="".join(sys.argv[2:3])))
