"""Pictures of the screens beside the matter's own: `python -m tests.ui.shots_desk OUTDIR [LOOK] [SCREEN]`.

The same looks as `tests.ui.shots`; LOOK and SCREEN are parts of their names.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtTest import QTest

from models.records import Filters
from tests.ui.shots import LOOKS, Studio, end_with, take_all
from tests.ui.test_settings_calendar import notice_file
from ui.frame import Frame
from ui.parts.layout import Page
from ui.screens.newitem.received import ReceivedSheet
from ui.screens.newitem.signatories import SignatoriesSheet
from ui.screens.register_bulk import BulkSheet


class DeskStudio(Studio):
    """A window on a register with something in every queue."""

    def run(self, wanted: str = "") -> None:
        """Go through the screens whose names hold `wanted`."""
        frame = self.enter()
        for name, go in SCREENS.items():
            if wanted in name:
                frame.go("today")
                self.settle()
                go(self, frame)
        self.window.close()


def _today(studio: DeskStudio, frame: Frame) -> None:
    QTest.qWait(1200)
    studio.take("30-today")
    frame._screens["today"]._page.verticalScrollBar().setValue(700)
    studio.take("31-today-queues")


def _queue(studio: DeskStudio, frame: Frame) -> None:
    frame.open_queue("undelivered")
    studio.take("32-queue")


def _duties(studio: DeskStudio, frame: Frame) -> None:
    frame.go("duties")
    screen = frame._screens["duties"]
    for part in ("triggers", "ledger", "major", "liability"):
        screen.part.set_value(part)
        studio.settle()
        studio.take(f"33-duties-{part}")
    screen.part.set_value("major")
    studio.settle()
    screen.lines.buttons[0].click()
    studio.take("34-major-log")
    frame.sheets.close_sheet()


def _register(studio: DeskStudio, frame: Frame) -> None:
    frame.open_list(Filters(states=("S1",)))
    studio.settle()
    screen = frame._screens["register"]
    screen.begin_picking()
    studio.take("35-picking")
    screen.pick_all()
    studio.settle()
    screen.bulk()
    studio.settle()
    sheet = frame.sheets.sheet
    assert isinstance(sheet, BulkSheet)
    assert sheet.act is not None
    sheet.act.set_value("screen")
    studio.take("36-bulk-suggested")
    sheet.suggested.setChecked(False)
    studio.take("37-bulk-inputs")
    sheet.inputs["category"].set_value("claim")  # type: ignore[attr-defined]  # a choice
    sheet.inputs["exit"].set_value("6")  # type: ignore[attr-defined]  # a choice
    sheet.take()
    studio.take("38-bulk-report")
    frame.told.hide()
    frame.sheets.close_sheet()
    screen.clear_filters()


def _received(studio: DeskStudio, frame: Frame) -> None:
    frame.open_new("letter")
    studio.settle()
    screen = frame._screens["new"]
    screen.receive()
    sheet = frame.sheets.sheet
    assert isinstance(sheet, ReceivedSheet)
    for number in ("市转〔2026〕18", "市转〔2026〕19"):
        sheet.postmark_on.setText("-2")
        sheet.source_number.setText(number)
        sheet.register()
        studio.settle()
    sheet.source_number.setText("市转〔2026〕20")
    studio.take("39-received")
    frame.sheets.close_sheet()
    screen.form.people.paste_list()
    joint = frame.sheets.sheet
    assert isinstance(joint, SignatoriesSheet)
    joint.text.setText("1. 张三 13900010001\n2. 李四\n3. 王五、赵六")
    QTest.qWait(400)
    studio.take("40-joint")
    joint.take.click()
    studio.take("41-new-joint")


def _settings(studio: DeskStudio, frame: Frame) -> None:
    frame.go("settings")
    studio.settle()
    screen = frame._screens["settings"]
    screen.findChild(Page).verticalScrollBar().setValue(620)
    studio.take("42-settings")
    frame.go("wording")
    studio.settle()
    wording = frame._screens["wording"]
    wording.kinds.setCurrentRow(2)
    studio.settle()
    QTest.qWait(600)
    wording.edit()
    wording.texts["closing"].setText("特此告知，请妥善保存。")
    wording.texts["limit"].setText("根据条例办理。")
    for view in ("kinds", "texts", "page"):
        wording.view.set_value(view)
        QTest.qWait(600)
        studio.take(f"43-wording-{view}")
        if wording._wide:
            break
    wording.cancel()
    wording.edit()
    wording.texts["closing"].setText("特此告知，请妥善保存。")
    wording.save()
    studio.settle()
    wording.compare()
    studio.take("44-wording-difference")
    frame.sheets.close_sheet()
    frame.go("calendar")
    studio.settle()
    studio.take("45-calendar")
    calendar = frame._screens["calendar"]
    folder = Path(tempfile.mkdtemp())
    data = notice_file(folder, 2027).read_bytes()
    calendar._ask(lambda desk: desk.calendar_difference(data, "2027.json"))
    studio.settle()
    studio.take("46-calendar-difference")


def _reports(studio: DeskStudio, frame: Frame) -> None:
    import ui.parts.plots  # noqa: F401  # else it is imported aside, and waiting here leaves that thread no time

    frame.go("reports")
    studio.settle()
    screen = frame._screens["reports"]
    QTest.qWait(600)
    studio.take("47-reports")
    for place in (1, 2):
        screen._page.verticalScrollBar().setValue(place * screen._page.verticalScrollBar().maximum() // 2)
        studio.take(f"48-reports-{place}")
    screen.shown.open_list("received")
    studio.take("49-reports-list")
    screen.back()
    screen.shown.tell("notice_rate")
    studio.take("50-reports-formula")
    frame.sheets.close_sheet()
    for part in ("units", "ledgers", "annual"):
        screen.part.set_value(part)
        QTest.qWait(600)
        studio.take(f"51-reports-{part}")


SCREENS: dict[str, Callable[[DeskStudio, Frame], None]] = {
    "today": _today,
    "queue": _queue,
    "duties": _duties,
    "register": _register,
    "received": _received,
    "settings": _settings,
    "reports": _reports,
}


if __name__ == "__main__":
    only, wanted = (*sys.argv[2:4], "", "")[:2]
    end_with(lambda: take_all(DeskStudio, Path(sys.argv[1]), LOOKS, only=only, wanted=wanted, lived_in=True))
