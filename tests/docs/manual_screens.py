"""Pictures of the window for the manual: `python -m tests.docs.manual_screens [zh|en]`.

Taken in both languages on an invented register that has something in every queue, made small and with a palette.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import ClassVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.records import Filters
from tests.docs.manual_tables import LANGUAGES, ROOT
from tests.ui import keycases, staging, together
from tests.ui.shots import Look, Studio, end_with, services, take_all, until
from tests.ui.shots_keycases import CaseStudio
from tests.ui.shots_reception import ReceptionStudio
from tests.ui.shots_sync import SyncStudio
from ui.frame import Frame

FOLDER = ROOT / "resources" / "manual" / "img"
WIDTH = 860
"""Pixels, as wide as the manual is read at 100 %."""
COLOURS = 256
SCREENS = (
    "unlock", "today", "duties", "new", "register", "screening", "matter", "letter", "reception", "chief", "programme",
    "reports", "inbox", "settle",
)  # fmt: skip


class _Small(Studio):
    """A studio whose pictures go into the manual, small: those named in `kept`, or all under their own names."""

    kept: ClassVar[dict[str, str]] = {}

    def take(self, name: str) -> None:
        """Save what is seen, small."""
        if self.kept and name not in self.kept:
            self.settle()
            return
        super().take(name)
        whole = Image.open(self.out / f"{name}-{self.suffix}.png").convert("RGB")
        small = whole.resize((WIDTH, round(whole.height * WIDTH / whole.width)), Image.Resampling.LANCZOS)
        path = FOLDER / f"{self.kept.get(name, name)}-{self.suffix[:2]}.png"
        small.quantize(COLOURS).save(path, optimize=True)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes", file=sys.stderr)


class _Reception(_Small, ReceptionStudio):
    """A reception day: its queue, and the chief's page."""

    kept: ClassVar[dict[str, str]] = {"72-called": "reception", "74-chief-filled": "chief"}


class _Cases(_Small, CaseStudio):
    """A programme in its course."""

    kept: ClassVar[dict[str, str]] = {"64-overview": "programme"}


class _Together(_Small, SyncStudio):
    """What the city sent, and what two workstations entered apart from each other."""

    kept: ClassVar[dict[str, str]] = {"71-inbox": "inbox", "74-settle": "settle"}


class ManualStudio(_Small):
    """A window on a register with something in every queue."""

    def run(self, wanted: str = "") -> None:
        """Go through the screens."""
        self.take("unlock")
        frame = self.enter()
        QTest.qWait(1200)
        self.take("today")
        frame.go("duties")
        self.settle()
        self.take("duties")
        frame.go("register")
        self.take("register")
        self._new(frame)
        self._screening(frame)
        self._matter(frame)
        import ui.parts.plots  # noqa: F401  # else the chart would still be loading its library

        frame.go("reports")
        QTest.qWait(2500)
        self.take("reports")
        self.window.close()

    def _new(self, frame: Frame) -> None:
        frame.open_new("visit")
        self.settle()
        form = frame._screens["new"].form
        form.people.cards[0].name.setText("沈玉兰")
        form.people.cards[0].phone.setText("13900010001")
        form.statement.setText("在城东路口临时停车，收费员收钱不给票据。多次索要未果，请求核查并规范收费。")
        form.claims.texts[0].setText("核查收费情况")
        form.claims.add("").setText("规范开具票据")
        QTest.qWait(1200)
        self.settle()
        frame._screens["new"]._page.verticalScrollBar().setValue(0)
        self.take("new")

    def _open(self, frame: Frame, state: str, title: str = "") -> None:
        found: list[int] = []
        self.window.context.ask(
            lambda desk: desk.page(Filters(states=(state,))).lines,
            lambda lines: found.extend(one.id for one in lines if title in one.title),
        )
        until(lambda: found)
        frame.open_matter(found[0])
        self.settle()
        QTest.qWait(600)

    def _screening(self, frame: Frame) -> None:
        self._open(frame, "S1", "报警")
        matter = frame._screens["matter"]
        matter.begin_act(next(act for act in matter.file.next_acts if act.name == "screen"))
        QTest.qWait(1500)
        self.take("screening")
        frame.sheets.close_sheet()

    def _matter(self, frame: Frame) -> None:
        self._open(frame, "S7")
        self.take("matter")
        self._open(frame, "S4")
        matter = frame._screens["matter"].file.id
        self.draft(frame, matter)
        self.take("letter")


def main(wanted: str = "") -> None:
    """Take the pictures in both languages, or in the one wanted."""
    looks: list[Look] = [(language, "light", 100) for language in LANGUAGES if wanted in ("", language)]
    with tempfile.TemporaryDirectory() as drawn:
        take_all(ManualStudio, Path(drawn), looks, lived_in=True)
        today = date.today()  # noqa: DTZ011  # the counter's own day
        template = Path(drawn) / "template" / "云溪县.register"
        template.parent.mkdir()
        staging.build(template, today)
        for number, look in enumerate(looks):
            place = Path(drawn) / str(number)
            place.mkdir()
            _Reception(_app(), Path(drawn), staging.copy(template, place), look, today).run()
        _Cases.made = keycases.furnish(template, today)
        for number, look in enumerate(looks):
            place = Path(drawn) / f"cases{number}"
            place.mkdir()
            _Cases(_app(), Path(drawn), staging.copy(template, place), look, services()).run("parts")
        together.furnish(template, today)
        for number, look in enumerate(looks):
            place = Path(drawn) / f"together{number}"
            place.mkdir()
            _Together(_app(), Path(drawn), staging.copy(template, place), look, services()).run()


def _app() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


if __name__ == "__main__":
    end_with(lambda: main(*sys.argv[1:2]))
