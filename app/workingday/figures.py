"""The month's figures: the county's, printed, equal to those that the city counts for itself from what was sent."""

from __future__ import annotations

from datetime import timedelta

from app.workingday.day import Day, refused
from models import door
from models.figures.records import Report
from models.sheets.pdf import to_pdf
from models.sheets.xlsx import to_xlsx
from sync.hub.city import city_report
from sync.hub.hub import Hub
from sync.hub.periods import Wanted


def figures(day: Day) -> None:
    """Count this month and the last at the desk and at the hub, and print the running month."""
    with day.at_desk("xinfang") as desk:
        running = desk.figures.month_of(desk.on)
        ended = desk.figures.month_of(running.from_on - timedelta(days=1))
        with Hub.open(day.folder / "hub") as hub:
            for name, period in (("this_month", running), ("last_month", ended)):
                here = desk.figures.report(period)
                there = city_report(hub, Wanted(month=period.key), on=desk.on).counties[0].report
                day.check(f"figures_of_{name}_agree_with_the_city", there is not None and told(here) == told(there))
        refused(day, "a_running_month_is_not_submitted", lambda: desk.figures.submit(running))
        sheet = desk.figures.sheet(running)
        door.write_file(day.folder / "letters" / "month_report.pdf", to_pdf(sheet))
        to_xlsx(sheet, day.folder / "letters" / "month_report.xlsx")
    day.say("当月数字与市局自行计算的一致", "The month's figures equal those that the city counts for itself")


def told(report: Report) -> dict[str, tuple[int, int, int | None]]:
    """Return version, numerator and denominator of each figure."""
    return {code: (one.version, one.numerator, one.denominator) for code, one in report.figures.items()}
