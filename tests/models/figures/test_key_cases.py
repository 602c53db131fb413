"""Figures of a key-case programme, counted by hand from its dated facts, on four days.

Six cases of the programme of 2011 (days of 2012):

    case  source    what                                                               open with
    1     central   solved 02-20, closed by the city's review 03-10                    -
    2     central   solved 02-25, came up again 04-02                                  甲长 (limit 04-30)
    3     ministry  open, plan with limit 03-31                                        甲长
    4     backlog   excluded 01-15 (X1)                                                -
    5     backlog   excluded 01-15 (X2), readmitted 03-01, solved 06-29                乙长 (limit 06-30)
    6     since     entered 03-05, solved 03-20, taken back 03-25                      nobody yet
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models import clocks
from models.figures import periods, report
from models.figures.gather import Law
from models.figures.records import ProgrammeFigures
from tests.models.figures.memory import MemoryRows

LAW = Law(clocks.shipped(), clocks.load_calendar())
KEY = "2011-key-cases"

FACTS: dict[int, tuple[str, list[tuple[str, str, str]]]] = {
    1: ("central", [("key_included", "2011-12-05", ""), ("key_solved", "2012-02-20", ""),
                    ("key_closed", "2012-03-10", "")]),
    2: ("central", [("key_included", "2011-12-05", ""), ("key_solved", "2012-02-25", ""),
                    ("key_rebound", "2012-04-02", "")]),
    3: ("ministry", [("key_included", "2011-12-06", "")]),
    4: ("backlog", [("key_included", "2011-12-07", ""), ("key_excluded", "2012-01-15", "X1")]),
    5: ("backlog", [("key_included", "2011-12-08", ""), ("key_excluded", "2012-01-15", "X2"),
                    ("key_readmitted", "2012-03-01", ""), ("key_solved", "2012-06-29", "")]),
    6: ("since", [("key_included", "2012-03-05", ""), ("key_solved", "2012-03-20", ""),
                  ("key_unsolved", "2012-03-25", "")]),
}  # fmt: skip


def rows() -> MemoryRows:
    made = MemoryRows()
    unit = made.add("unit", name="刑侦大队", kind="business")
    station = made.add("unit", name="城关派出所", kind="station")
    first, second = (made.add("staff", login=login, name=name) for login, name in (("a", "甲长"), ("b", "乙长")))
    programme = made.add("programme", key=KEY, name="重点信访案件", from_on="2011-11-10", to_on="2012-12-31")
    made.add("programme", key="2015-later", name="以后的专项", from_on="2015-01-01", to_on="2015-12-31")
    for name, on, share in (("全国两会前化解60%", "2012-03-02", 60), ("基本化解", "2012-06-30", 100)):
        made.add("milestone", programme=programme, kind="target", name=name, on_date=on, share=share)
    for number, (source, facts) in FACTS.items():
        matter = made.add("matter", received_on="2011-05-01", rules="SC-431", unit=unit, state="S5", sealed=0)
        made.add("item", matter=matter, channel="visit", received_on="2011-05-01")
        case = made.add("key_case", matter=matter, programme=programme, source=source, entered_on=facts[0][1])
        for kind, on, note in facts:
            born = len(made.tables.get("event", ())) + 1
            made.add("event", matter=matter, key_case=case, kind=kind, on_date=on, note=note, born=born)
        plans: dict[int, list[dict[str, Any]]] = {
            2: [{"leader": first, "unit": unit, "limit_on": "2012-04-30", "day": "2012-04-03"}],
            3: [{"leader": first, "unit": unit, "limit_on": "2012-03-31", "day": "2011-12-20"}],
            5: [{"leader": second, "unit": station, "limit_on": "2012-06-30", "day": "2012-03-02"}],
        }
        for plan in plans.get(number, []):
            day = plan.pop("day")
            made.add("case_plan", matter=matter, key_case=case, drawn_on=day, approved_on=day, **plan)
    return made


def figures(key: str) -> ProgrammeFigures:
    found = report.compute(rows(), periods.month(key), on=date(2016, 1, 1), law=LAW, compare=False)
    (one,) = found.programmes
    return one


def values(one: ProgrammeFigures) -> dict[str, int | float | None]:
    return {code.removeprefix("case_"): figure.value for code, figure in one.figures.items()}


def test_by_hand_on_four_days() -> None:
    assert values(figures("2011-11")) == {
        "included": 0, "excluded": 0, "solved_month": 0, "solved": 0, "solved_share": None, "closed": 0, "rebound": 0,
        "open": 0, "overdue": 0,
    }  # fmt: skip
    assert values(figures("2012-02")) == {  # 1 2 3 are in; 4 5 are out; 1 2 solved
        "included": 3, "excluded": 2, "solved_month": 2, "solved": 2, "solved_share": 2 / 3, "closed": 0, "rebound": 0,
        "open": 1, "overdue": 0,
    }  # fmt: skip
    assert values(figures("2012-03")) == {  # 5 back, 6 in and its solving taken back; 1 closed
        "included": 5, "excluded": 1, "solved_month": 0, "solved": 2, "solved_share": 2 / 5, "closed": 1, "rebound": 0,
        "open": 3, "overdue": 0,
    }  # fmt: skip
    assert values(figures("2012-04")) == {  # 2 came up again; 3 is past 03-31
        "included": 5, "excluded": 1, "solved_month": 0, "solved": 1, "solved_share": 1 / 5, "closed": 1, "rebound": 1,
        "open": 4, "overdue": 1,
    }  # fmt: skip


def test_groups_of_june_by_hand() -> None:
    one = figures("2012-06")
    assert values(one)["solved_month"] == 1  # 5
    assert {group.key: group.figures["case_included"].value for group in one.by_source} == {
        "central": 2, "ministry": 1, "since": 1, "backlog": 1,
    }  # fmt: skip
    assert {group.key: group.figures["case_excluded"].value for group in one.by_exclusion} == {"X1": 1}
    assert [(group.words.zh, group.figures["case_open"].value, group.figures["case_overdue"].value)
            for group in one.by_leader] == [("甲长", 2, 2), ("尚无包案方案", 1, 0)]  # fmt: skip
    assert [(group.words.zh, group.figures["case_open"].value) for group in one.by_unit] == [
        ("刑侦大队", 2), ("尚无包案方案", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["2012-02", "2012-03", "2012-06"])
def test_groups_add_up(key: str) -> None:
    one = figures(key)
    for code in ("case_included", "case_solved", "case_solved_month", "case_closed", "case_open", "case_excluded"):
        assert sum(group.figures[code].numerator for group in one.by_source) == one.figures[code].numerator, code
    for groups in (one.by_leader, one.by_unit):
        assert sum(group.figures["case_open"].numerator for group in groups) == one.figures["case_open"].numerator
        assert sum(group.figures["case_overdue"].numerator for group in groups) == one.figures["case_overdue"].numerator
    assert (
        sum(group.figures["case_excluded"].numerator for group in one.by_exclusion)
        == one.figures["case_excluded"].numerator
    )


def test_targets_are_counted_on_their_own_day() -> None:
    first, second = figures("2012-04").targets
    assert (first.solved, first.included, first.reached, first.due) == (2, 4, False, True)  # on 03-02: 1 2 of 1 2 3 5
    assert (second.due, second.reached) == (False, False)
    assert [target.share for target in (first, second)] == [60, 100]


def test_a_stage_tells_of_its_programme_only() -> None:
    stage = replace(periods.span(date(2011, 12, 1), date(2012, 6, 30)), kind="stage", programme=KEY)
    found = report.compute(rows(), stage, on=date(2016, 1, 1), law=LAW, compare=False)
    (one,) = found.programmes
    assert one.figures["case_solved_month"].value == 2  # 1 and 5 were solved in it and stand so
    assert one.figures["case_solved"].value == 2
    other = report.compute(rows(), periods.month("2015-03"), on=date(2016, 1, 1), law=LAW, compare=False)
    assert [one.key for one in other.programmes] == ["2015-later"]
