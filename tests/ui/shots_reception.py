"""Pictures of a reception day: `python -m tests.ui.shots_reception OUTDIR [LOOK]`; the looks of `tests.ui.shots`."""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui import receiving, staging
from tests.ui.shots import LOOKS, Look, Studio, end_with, services, until
from ui.frame import Frame
from ui.screens.reception.dayforms import SubstituteSheet
from ui.screens.reception.rules import RuleSheet


class ReceptionStudio(Studio):
    """A window on the evening before a reception day, and on the day."""

    def __init__(self, app: QApplication, out: Path, register: Path, look: Look, today: date) -> None:
        self.path = register
        self.staged = receiving.prepare(register, today)
        super().__init__(app, out, register, look, services()._replace(open_register=self.staged.opener))

    def run(self, wanted: str = "") -> None:
        """Go through the day."""
        frame = self.enter()
        frame.go("reception")
        self.take("50-no-day")
        screen = frame._screens["reception"]
        screen.part.set_value("plan")
        self.settle()
        self.take("51-plan-empty")
        self._rule(frame, screen)
        screen.plan._go_to(screen.plan.period.around("month", self.staged.on))
        self.settle()
        self.take("53-plan-proposed")
        screen.plan.take()
        self.settle()
        frame.told.hide()
        self.take("54-plan")
        screen.plan._page.verticalScrollBar().setValue(10_000)
        self.take("55-plan-end")
        screen.plan.notice.preview()
        until(lambda: screen.plan.notice.sheet is not None)
        QTest.qWait(600)
        self.take("56-notice")
        screen.plan.notice.issue()
        self.settle()
        QTest.qWait(600)
        self.take("57-notice-issued")
        frame.sheets.close_sheet()
        frame.told.hide()
        planned = next(one for one in screen.plan.planned.days if one.on == self.staged.on)
        screen.plan._open_day(planned)
        self.take("58-day-menu")
        frame.context.sheet_wanted.emit(
            SubstituteSheet(frame.context, planned, screen.plan.planned.leaders, lambda _answer: None)
        )
        self.take("59-substitute")
        frame.sheets.close_sheet()
        receiving.book(self.window.context.desk, self.staged)
        screen.show_day(planned.id)
        self.take("60-day-before")
        screen.day.print_briefs()
        self.settle()
        QTest.qWait(600)
        self.take("61-briefs")
        frame.sheets.close_sheet()
        frame.go("today")
        QTest.qWait(600)
        self.take("62-today")
        self._day(frame, screen)
        self.window.close()

    def _rule(self, frame: Frame, screen: object) -> None:
        plan = screen.plan  # type: ignore[attr-defined]  # the screen
        plan._rule(None)
        sheet = frame.sheets.sheet
        assert isinstance(sheet, RuleSheet)
        receiving.fill_rule(sheet, self.staged)
        self.take("52-rule")
        sheet.take()
        self.settle()
        frame.told.hide()

    def _day(self, frame: Frame, screen: object) -> None:
        """Begin, give numbers, receive, close."""
        self.staged.clock.to(self.staged.on, 8, 40)
        day = screen.day  # type: ignore[attr-defined]  # the screen
        frame.go("reception")
        self.take("63-begin")
        day.begin_card._ask_substitute()
        self.take("64-begin-absent")
        day.begin_card._begin(present=True)
        self.settle()
        frame.told.hide()
        day.acts.arrive()
        self.take("65-find")
        frame.sheets.close_sheet()
        line = next(one for one in day.docket.lines if one.state == "booked")
        day.show_visit(line)
        self.take("66-visit")
        day.acts.give_number(line.matter, line.title)
        self.take("67-arrive")
        sheet = frame.sheets.sheet
        sheet.people.setText("8")
        sheet.representatives.setText("3")
        sheet.take()
        self.settle()
        self.take("68-number")
        frame.sheets.close_sheet()
        receiving.arrive(self.window.context.desk, self.staged, receiving.THIRD)
        frame.context.register_changed.emit()
        self.settle()
        self.take("69-queue")
        day.show_board()
        self.settle()
        day.board.grab().save(str(self.out / f"70-board-{self.suffix}.png"))
        day.call_next()
        self.settle()
        day.board.refresh()
        self.settle()
        day.board.grab().save(str(self.out / f"71-board-called-{self.suffix}.png"))
        day.board.close()
        frame.told.hide()
        self.take("72-called")
        day.receive()
        self.take("73-chief")
        chief = screen.chief  # type: ignore[attr-defined]  # the screen
        receiving.fill_record(chief.form, self.staged)
        QTest.qWait(900)
        self.take("74-chief-filled")
        chief.form.verticalScrollBar().setValue(10_000)
        self.take("75-chief-end")
        chief.side.set_value("left")
        self.take("75b-chief-left")
        chief.side.set_value("right")
        chief.to_read()
        until(lambda: chief.step == "read")
        QTest.qWait(800)
        self.take("76-read-back")
        chief.side.set_value("right")
        self.take("76b-sign")
        chief.sign.read_back.setChecked(True)
        chief.sign.signed.setChecked(True)
        chief.take()
        self.settle()
        until(lambda: chief.step == "nobody")
        self.take("77-next")
        screen.to_counter()  # type: ignore[attr-defined]  # the screen
        frame.told.hide()
        self.settle()
        day.close_day()
        self.settle()
        self.take("78-cannot-close")
        day._page.verticalScrollBar().setValue(10_000)
        self.take("79-day-end")
        receiving.leave(self.window.context.desk, self.staged, receiving.THIRD)
        frame.context.register_changed.emit()
        self.settle()
        day.close_day()
        self.take("79b-close")
        frame.sheets.sheet.seal.click()
        self.settle()
        frame.told.hide()
        self.take("79c-closed")
        day.show_docket()
        self.settle()
        QTest.qWait(800)
        self.take("79d-docket")
        (self.out / f"docket-{self.suffix}.pdf").write_bytes(frame.sheets.sheet.data)
        frame.sheets.close_sheet()
        screen.part.set_value("promises")  # type: ignore[attr-defined]  # the screen
        self.take("80-promises")
        screen.part.set_value("out")  # type: ignore[attr-defined]  # the screen
        self.take("81-out")
        screen.out.add()  # type: ignore[attr-defined]  # the screen
        self.take("82-out-new")
        frame.sheets.close_sheet()


def take_all(out: Path, only: str) -> None:
    """Take the pictures in each look."""
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template" / "云溪县.register"
        template.parent.mkdir()
        today = date.today()  # noqa: DTZ011  # the counter's own day
        staging.build(template, today)
        for look in LOOKS:
            name = "-".join(map(str, look))
            if only in name:
                place = Path(folder) / name
                place.mkdir()
                ReceptionStudio(app, out, staging.copy(template, place), look, today).run()


if __name__ == "__main__":
    end_with(lambda: take_all(Path(sys.argv[1]), "".join(sys.argv[2:3])))
