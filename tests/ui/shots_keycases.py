"""Pictures of the screens of key cases: `python -m tests.ui.shots_keycases OUTDIR [LOOK] [SCREEN]`.

The same looks as `tests.ui.shots`; LOOK and SCREEN are parts of their names.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui import keycases, staging
from tests.ui.shots import LOOKS, Studio, end_with, services
from ui.frame import Frame


class CaseStudio(Studio):
    """A window on a register with a programme in its course."""

    made: dict[str, int]

    def run(self, wanted: str = "") -> None:
        """Go through the screens whose names hold `wanted`."""
        frame = self.enter()
        for name, go in SCREENS.items():
            if wanted in name:
                frame.go("today")
                self.settle()
                go(self, frame)
                frame.sheets.close_sheet()
        self.window.close()


def _list(studio: CaseStudio, frame: Frame) -> None:
    frame.go("programme")
    studio.settle()
    frame._screens["programme"].open(None)
    studio.take("60-programmes")
    frame._screens["programme"].draw_up()
    studio.take("61-by-hand")
    frame.sheets.close_sheet()
    studio.settle()
    frame._screens["programme"].lines.finish()
    frame._screens["programme"].lines.buttons[-1].click()
    studio.take("62-shipped")
    frame.sheets.sheet._page.verticalScrollBar().setValue(700)
    studio.take("63-shipped-end")


def _parts(studio: CaseStudio, frame: Frame) -> None:
    frame.go("programme")
    screen = frame._screens["programme"]
    screen.open(keycases.KEY)
    studio.settle()
    for part in ("overview", "cases", "dates", "roster"):
        screen.part.set_value(part)
        studio.settle()
        screen.lines.finish()
        studio.take(f"64-{part}")
        scroll = screen._page.verticalScrollBar()
        if scroll.maximum():
            scroll.setValue(700)
            studio.take(f"65-{part}-on")
            scroll.setValue(0)


def _sheets(studio: CaseStudio, frame: Frame) -> None:
    frame.go("programme")
    screen = frame._screens["programme"]
    screen.open(keycases.KEY)
    studio.settle()
    screen.part.set_value("dates")
    studio.settle()
    one = screen.found.programme
    screen.dates._edit_stage(one, one.stages[1])
    sheet = frame.sheets.sheet
    sheet.fields["to_on"].setText("")
    sheet.take()
    studio.take("66-stage-refused")
    due = next(each for each in one.milestones if each.kind == "filing")
    screen.dates.send(due)
    studio.take("67-filing")
    screen.part.set_value("cases")
    studio.settle()
    screen.cases._ledger()
    QTest.qWait(900)
    studio.take("68-ledger")
    screen.cases._include()
    frame.sheets.sheet.search.setText("停车")
    QTest.qWait(500)
    studio.take("69-include")


def _cases(studio: CaseStudio, frame: Frame) -> None:
    for state in ("entered", "meeting", "stuck", "solved", "closed", "rebound", "excluded", "numbered"):
        frame.open_case(studio.made[state])
        studio.take(f"70-case-{state}")
        scroll = frame._screens["case"]._page.verticalScrollBar()
        if scroll.maximum():
            scroll.setValue(10_000)
            studio.take(f"71-case-{state}-end")
    frame.open_case(studio.made["entered"])
    studio.settle()
    frame._screens["case"].begin_named("draw_plan")
    studio.take("72-plan")
    frame.sheets.close_sheet()
    frame.open_matter(studio.made["rebound"])
    studio.take("73-matter")


SCREENS: dict[str, Callable[[CaseStudio, Frame], None]] = {
    "list": _list,
    "parts": _parts,
    "sheets": _sheets,
    "cases": _cases,
}


def take(out: Path, only: str, wanted: str) -> None:
    """Take the pictures, each look on a staged register of its own."""
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template" / "云溪县.register"
        template.parent.mkdir()
        today = date.today()  # noqa: DTZ011  # the counter's own day
        staging.build(template, today)
        CaseStudio.made = keycases.furnish(template, today)
        for look in LOOKS:
            name = "-".join(map(str, look))
            if only in name:
                place = Path(folder) / name
                place.mkdir()
                CaseStudio(app, out, staging.copy(template, place), look, services()).run(wanted)


if __name__ == "__main__":
    only, wanted = (*sys.argv[2:4], "", "")[:2]
    end_with(lambda: take(Path(sys.argv[1]), only, wanted))
