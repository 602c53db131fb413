"""Pictures of working together: `python -m tests.ui.shots_sync OUTDIR [LOOK]`: the city's papers, the sync's pages."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import window as composition
from tests.ui import staging, together
from tests.ui.shots import LOOKS, Studio, end_with, until
from ui.parts.lines import LineButton


class SyncStudio(Studio):
    """A window on a register that has heard from the city and from a second workstation."""

    def run(self, wanted: str = "") -> None:
        """Go through the screens."""
        frame = self.enter()
        QTest.qWait(800)
        self.take("70-today")
        frame.go("inbox")
        self.settle()
        QTest.qWait(300)
        self.take("71-inbox")
        screen = frame._screens["inbox"]
        for name in ("assignment", "transfer", "calendar"):
            page = screen.found  # type: ignore[attr-defined]  # the screen
            one = next(line for line in page if line.kind == name)
            screen.show_paper(one.id)  # type: ignore[attr-defined]  # the screen
            until(lambda: frame.sheets.sheet is not None)
            self.settle()
            self.take(f"72-inbox-{name}")
            frame.sheets.close_sheet()
        frame.go("sync")
        sync = frame._screens["sync"]
        for part in sync.part._values:  # type: ignore[attr-defined]  # the screen
            sync.part.set_value(part)  # type: ignore[attr-defined]  # the screen
            self.settle()
            QTest.qWait(200)
            self.take(f"73-sync-{part}")
        sync.part.set_value("conflicts")  # type: ignore[attr-defined]  # the screen
        self.settle()
        sync.conflicts.findChildren(LineButton)[0].click()  # type: ignore[attr-defined]  # the screen
        until(lambda: frame.sheets.sheet is not None)
        self.settle()
        self.take("74-settle")
        self.window.close()


def take_all(out: Path, only: str) -> None:
    """Take the pictures in each look."""
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template" / "云溪县.register"
        template.parent.mkdir()
        today = date.today()  # noqa: DTZ011  # the counter's own day
        staging.build(template, today)
        together.furnish(template, today)
        for look in LOOKS:
            name = "-".join(map(str, look))
            if only in name:
                place = Path(folder) / name
                place.mkdir()
                services = composition._services()._replace(open_register=staging.opener)
                SyncStudio(app, out, staging.copy(template, place), look, services).run()


if __name__ == "__main__":
    end_with(lambda: take_all(Path(sys.argv[1]), "".join(sys.argv[2:3])))
