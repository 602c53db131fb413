"""The written programme as it is lived: from mobilisation to summary, day by day, with the stick once a month.

On the day of the stick each county submits its month, the stick goes round, and the city reports. What the city said
on that day, and what the counties' own desks said, is kept for the tests (`Told`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from click.testing import CliRunner

from models.figures.records import Report
from sync.hub.city import CityReport, city_report
from sync.hub.cli import group
from sync.hub.periods import Wanted
from tests.programme_year import read
from tests.programme_year.city import PROGRAMME, City
from tests.programme_year.county import County

STICKS = {  # month: the day on which it is submitted and the stick goes round
    "2011-11": date(2011, 12, 2), "2011-12": date(2012, 1, 4), "2012-01": date(2012, 2, 3),
    "2012-02": date(2012, 3, 2), "2012-03": date(2012, 4, 5), "2012-04": date(2012, 5, 3),
    "2012-05": date(2012, 6, 5), "2012-06": date(2012, 7, 4), "2012-07": date(2012, 8, 2),
    "2012-08": date(2012, 9, 4), "2012-09": date(2012, 10, 9), "2012-10": date(2012, 11, 2),
    "2012-11": date(2012, 12, 3),
}  # fmt: skip
AT_HOME = ("2012-01", "pinghu")
"""The county that stays away once: its stick of February is not brought."""
UNSUBMITTED = ("2012-04", "qingxi")
"""The county that submits a month only with the next one."""
FINAL_STICK = date(2012, 11, 13)


@dataclass
class Told:
    """What was said of a period on a day: by each county's own desk, and by the city."""

    desks: dict[str, Report]
    city: CityReport
    json: dict[str, Any]
    """What `petition-hub report --json` printed."""


@dataclass
class Year:
    """The whole programme, lived once."""

    city: City
    folder: Path
    told: dict[str, Told] = field(default_factory=dict)
    """By month, as of the day of its stick; `summary:KEY` for the summaries, as of the stick after them."""
    refused: dict[str, str] = field(default_factory=dict)
    """What was tried and is unlawful, by name, with the words of the refusal."""

    @classmethod
    def lived(cls, folder: Path) -> Year:
        """Live it through."""
        year = cls(City.make(folder), folder)
        for day, _, happen in sorted(year._days(), key=lambda one: one[:2]):
            year.city.live(read.matters(), day - timedelta(days=1))
            happen(day)
        year.city.live(read.matters(), max(STICKS.values()))
        return year

    # --- the days ----------------------------------------------------------------------------------------------------

    def _days(self) -> list[tuple[date, int, Callable[[date], None]]]:
        days: list[tuple[date, int, Callable[[date], None]]] = [
            (date(2011, 11, 1), 0, self.city.mobilise),
            (date(2011, 11, 28), 0, self._name_people),
            (date(2011, 11, 30), 0, self._file),
            (date(2012, 2, 29), 0, self._try_unended_month),
            (FINAL_STICK, 2, partial(self._go_round, final=True)),
            (max(STICKS.values()), 3, self._close),
        ]
        for month, day in STICKS.items():
            days.append((day, 1, partial(self._submit_month, month)))
            days.append((day, 2, partial(self._month, month)))
        for summary in read.counts()["summary"]:
            for key, day in summary["submitted"].items():
                days.append((day, 1, partial(self._submit_summary, key, summary["key"])))
        return days

    def _name_people(self, day: date) -> None:
        """Leader and liaison officer are named, by 平湖 only the leader."""
        for one in read.counties()["county"]:
            programmes = self.city.counties[one["key"]].desk("xin", day).programmes
            programmes.set_liaison("leader", one["leader"], "0000-6600001", post="副局长", programme=PROGRAMME)
            if one["key"] != "pinghu":
                programmes.set_liaison(
                    "liaison", one["liaison"], "0000-6600002", post="信访科科长", programme=PROGRAMME
                )

    def _file(self, day: date) -> None:
        for county in self.city.counties.values():
            programmes = county.desk("xin", day).programmes
            for one in programmes.milestones(PROGRAMME):
                if one.kind in ("roster", "filing"):
                    programmes.report_out(one.id, day)

    def _submit_month(self, month: str, day: date) -> None:
        months = [month]
        for key, county in self.city.counties.items():
            if (month, key) == UNSUBMITTED:
                continue
            late = [UNSUBMITTED[0]] if key == UNSUBMITTED[1] and month == "2012-05" else []
            for one in (*late, *months):
                figures = county.desk("xin", day).figures
                figures.submit(figures.month(one), analysis="按期办理情况总体平稳。", suggestions="继续先行调解。")

    def _submit_summary(self, key: str, part: str, day: date) -> None:
        figures = self.city.counties[key].desk("fen", day).figures
        figures.submit(figures.stage(f"{PROGRAMME}/{part}"), analysis="逐案推进。", suggestions="对未化解的提级包案。")

    def _try_unended_month(self, day: date) -> None:
        figures = self.city.counties["yunling"].desk("xin", day).figures
        self.refused["a month not yet ended"] = _refusal(lambda: figures.submit(figures.month("2012-02")))
        self.city.exchange(day)
        self.told["partial"] = self._asked(day, month="2012-02")

    def _month(self, month: str, day: date) -> None:
        away = AT_HOME[1] if month == AT_HOME[0] else ""
        self._go_round(day, away=away)
        self.told[month] = self._asked(day, month=month)
        for summary in read.counts()["summary"]:
            if f"summary:{summary['key']}" not in self.told and max(summary["submitted"].values()) <= day:
                self.told[f"summary:{summary['key']}"] = self._asked(day, stage=f"{PROGRAMME}/{summary['key']}")

    def _go_round(self, day: date, *, away: str = "", final: bool = False) -> None:
        self.city.exchange(day, *(key for key in self.city.counties if key != away))
        if final:
            self.told["summary:final"] = self._asked(day, stage=f"{PROGRAMME}/final")

    def _close(self, day: date) -> None:
        for county in self.city.counties.values():
            county.desk("ju", day).programmes.close(PROGRAMME)
        self.city.exchange(day)

    # --- asking ------------------------------------------------------------------------------------------------------

    def _asked(self, day: date, **wanted: str) -> Told:
        """Ask every desk and the city for a period, as of a day; the command asks with the hub's clock of today."""
        city = city_report(self.city.hub, Wanted(**wanted), on=day)
        desks = {key: self._desk_report(county, day, **wanted) for key, county in self.city.counties.items()}
        return Told(desks, city, self.command(**wanted))

    def _desk_report(self, county: County, day: date, month: str = "", stage: str = "") -> Report:
        figures = county.desk("ju", day).figures
        return figures.report(figures.month(month) if month else figures.stage(stage))

    def command(self, *flags: str, **wanted: str) -> dict[str, Any]:
        """Return what the hub's command prints as JSON."""
        options = [word for name, value in wanted.items() for word in (f"--{name}", value)]
        result = CliRunner().invoke(group, ["report", str(self.city.folder), *options, *flags, "--json"])
        assert result.exit_code == 0, result.output + result.stderr
        told: dict[str, Any] = orjson.loads(result.stdout)
        return told


def _refusal(work: Callable[[], Any]) -> str:
    from models import errors

    try:
        work()
    except errors.RuleError as refused:
        return refused.message.zh + refused.message.en
    return ""
