"""Pictures of the window for the manual: `python -m tests.docs.manual_screens [zh|en]`.

Taken in both languages on an invented register that has something in every queue, made small and with a palette.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtTest import QTest

from models.records import Filters
from tests.docs.manual_tables import LANGUAGES, ROOT
from tests.ui.shots import Studio, end_with, take_all, until
from ui.frame import Frame

FOLDER = ROOT / "resources" / "manual" / "img"
WIDTH = 860
"""Pixels, as wide as the manual is read at 100 %."""
COLOURS = 256
SCREENS = ("unlock", "today", "duties", "new", "register", "screening", "matter", "letter")


class ManualStudio(Studio):
    """A window whose pictures go into the manual."""

    def take(self, name: str) -> None:
        """Save what is seen, small."""
        super().take(name)
        whole = Image.open(self.out / f"{name}-{self.suffix}.png").convert("RGB")
        small = whole.resize((WIDTH, round(whole.height * WIDTH / whole.width)), Image.Resampling.LANCZOS)
        path = FOLDER / f"{name}-{self.suffix[:2]}.png"
        small.quantize(COLOURS).save(path, optimize=True)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes", file=sys.stderr)

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
    looks = [(language, "light", 100) for language in LANGUAGES if wanted in ("", language)]
    with tempfile.TemporaryDirectory() as drawn:
        take_all(ManualStudio, Path(drawn), looks, lived_in=True)


if __name__ == "__main__":
    end_with(lambda: main(*sys.argv[1:2]))
