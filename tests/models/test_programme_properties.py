"""Properties of progress: it never exceeds the evidence, and solved + open + excluded = entered on every day.

The first half draws rows at random, lawful or not; the second takes lawful steps at random in a real register.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import codes, errors
from models.programme import counts, course, evidence
from models.programme.evidence import CaseRows
from models.register import Register
from tests.models.programme_cases import KEY, KeyCase, programmes, start

FIRST = date(2026, 3, 1)
days = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))
texts = days.map(date.isoformat)
maybe = st.none() | texts


@st.composite
def fact(draw: st.DrawFn) -> course.Fact:
    kind = draw(st.sampled_from(course.FACTS))
    return kind, draw(days), draw(st.sampled_from(codes.codes("key_exclusion"))) if kind == "key_excluded" else ""


leads = st.sampled_from([1, 2])
plan = st.fixed_dictionaries(
    {
        "leader": leads, "leader_name": st.none(), "drawn_on": texts, "approved_on": maybe, "filed_on": maybe,
        "limit_on": texts, "ended_on": maybe,
    }
)  # fmt: skip
meeting = st.fixed_dictionaries(
    {"kind": st.sampled_from(list(evidence.MEETINGS)), "on_date": texts, "leader": leads, "leader_name": st.none()}
)
round_ = st.fixed_dictionaries({"on_date": texts, "result": st.sampled_from(codes.codes("round_result"))})
review = st.fixed_dictionaries({"reported_on": texts})
look_back = st.fixed_dictionaries({"on_date": texts})


def numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "id": place} for place, row in enumerate(rows, start=1)]


@st.composite
def case_rows(draw: st.DrawFn) -> CaseRows:
    return CaseRows(
        {"source": draw(st.sampled_from(codes.codes("key_source")))},
        facts=draw(st.lists(fact(), max_size=8)),
        plans=numbered(draw(st.lists(plan, max_size=3))),
        meetings=numbered(draw(st.lists(meeting, max_size=6))),
        rounds=numbered(draw(st.lists(round_, max_size=4))),
        reviews=numbered(draw(st.lists(review, max_size=3))),
        look_backs=numbered(draw(st.lists(look_back, max_size=2))),
    )


def entered(case: CaseRows, on: date) -> bool:
    return any(kind == "key_included" and day <= on for kind, day, _ in case.facts)


@given(st.lists(case_rows(), max_size=6), days)
def test_every_case_that_was_entered_is_open_solved_or_excluded(cases: list[CaseRows], on: date) -> None:
    found = counts.count(cases, on)
    assert found.entered == sum(entered(case, on) for case in cases)
    assert found.open + found.solved + found.excluded == found.entered
    assert found.rebound <= found.open
    assert found.closed <= found.solved
    assert found.late <= found.open
    assert sum(found.by_exclusion.values()) == found.excluded
    assert sum(found.by_source.values()) == found.included
    for one in counts.reached(cases, on):
        assert 0 <= one.cases <= one.of == found.included


def proofs(case: CaseRows) -> dict[str, set[str]]:
    """Return the days that rows name for each step, whatever counts of them."""
    facts = {kind: {day.isoformat() for one, day, _ in case.facts if one == kind} for kind in course.FACTS}
    return {
        "entered": facts["key_included"],
        "planned": {row["drawn_on"] for row in case.plans},
        **{
            step: {row["on_date"] for row in case.meetings if row["kind"] == kind}
            for kind, step in evidence.MEETINGS.items()
        },
        "approved": {row["approved_on"] for row in case.plans},
        "filed": {row["filed_on"] for row in case.plans},
        "worked": {row["on_date"] for row in case.rounds},
        "solved": facts["key_solved"],
        "reported": {row["reported_on"] for row in case.reviews},
        "closed": facts["key_closed"],
        "looked_back": {row["on_date"] for row in case.look_backs},
    }


@given(case_rows(), days)
def test_each_step_reached_rests_on_a_row_of_that_very_day_and_none_of_the_future(case: CaseRows, on: date) -> None:
    rows, now = proofs(case), case.standing(on)
    for one in case.evidence(on):
        if one.on is None:
            continue
        assert now is not None, "nothing is reached by a case that was not entered"
        assert one.on.isoformat() in rows[one.step], one
        assert one.on <= on
        assert one.step == "entered" or one.on >= now.begun_on, "what was done before it came up again proves nothing"


@given(case_rows(), days)
def test_a_row_more_never_takes_a_step_of_work_away(case: CaseRows, on: date) -> None:
    """Rounds only add: whatever was reached before another round is reached after it."""
    before = {one.step for one in case.evidence(on) if one.on}
    case.rounds.append({"id": 99, "on_date": on.isoformat(), "result": "none"})
    assert before <= {one.step for one in case.evidence(on) if one.on}


@given(st.lists(fact(), max_size=8), days)
def test_what_happens_later_does_not_change_an_earlier_day(facts: list[course.Fact], on: date) -> None:
    known = [one for one in facts if one[1] <= on]
    assert course.standing(facts, on) == course.standing(known, on)


@given(st.lists(case_rows(), max_size=5), days, st.integers(1, 100))
def test_a_target_counts_whole_cases(cases: list[CaseRows], on: date, share: int) -> None:
    row = {"id": 1, "name": "目标", "share": share, "on_date": (FIRST + timedelta(days=30)).isoformat()}
    found = counts.target(row, cases, on)
    assert found.counted_on == min(on, found.by_on)
    if found.state == "reached":
        assert found.solved * 100 >= share * found.included > 0
    if found.included:
        assert (found.state == "reached") == (found.solved / found.included >= share / 100)


# --- lawful steps at random -------------------------------------------------------------------------------------------

STEPS: dict[str, dict[str, Any]] = {
    "draw_plan": {"leader": "dl", "unit": "刑侦", "officer": "ho", "limit_on": date(2026, 12, 1),
                  "methods": ["mediation"], "plan": "调解"},
    "meet_petitioner": {"place": "局", "present": "无", "note": "诉求", "signed": True},
    "meet_handler": {"note": "经过"},
    "read_case_file": {"volumes": "一卷", "note": "症结"},
    "approve_plan": {},
    "file_plan": {},
    "record_round": {"method": "mediation", "what": "调解", "result": "settled"},
    "redraw_plan": {"cause": "renewed", "reason": "延", "limit_on": date(2026, 12, 9), "methods": ["mediation"],
                    "plan": "调解"},
    "solve_case": {"outcomes": ["solved"], "told": "已告知"},
    "report_case_closing": {},
    "record_city_review": {"result": ("approved", "returned", "unsolved"), "opinion": "意见"},
    "look_back": {"finding": ("holds", "rebound"), "told": "情况"},
    "record_rebound": {"told": "又反映"},
    "exclude_key_case": {"exclusion": "X5", "document_number": "示公决〔2026〕1号"},
    "readmit_key_case": {"reason": "变化"},
}  # fmt: skip
PAPERS = {"report_case_closing": "investigation_report commitment evidence", "record_city_review": "city_review"}
LEADS = frozenset({"meet_petitioner", "meet_handler", "read_case_file"})
RARE = frozenset({"exclude_key_case", "record_rebound", "redraw_plan"})


@pytest.mark.parametrize("seed", range(4))
def test_lawful_steps_at_random_keep_counts_and_columns_in_step(seed: int, register: Register) -> None:
    start(register)
    chance = random.Random(seed)
    cases = [KeyCase(register).include() for _ in range(3)]
    taken: dict[int, Counter[str]] = {case.matter: Counter() for case in cases}
    day = date(2026, 3, 2)
    for _ in range(45):
        day += timedelta(days=chance.choice((0, 1, 3)))
        case = chance.choice(cases)
        taken[case.matter].update(filter(None, [take_one(case, day, taken[case.matter], chance)]))
        check(register, day)
    assert len(set().union(*taken.values())) >= 10, taken


def take_one(case: KeyCase, day: date, taken: Counter[str], chance: random.Random) -> str | None:
    """Take a step that is lawful now, seldom one taken before or leading away from solving; returns its name."""
    names = list(STEPS)
    chance.shuffle(names)
    names.sort(key=lambda one: (one in RARE and chance.random() < 0.9, taken[one] > 0 and chance.random() < 0.8))
    for name in names:
        inputs = {
            key: chance.choice(value) if isinstance(value, tuple) else value for key, value in STEPS[name].items()
        }
        try:
            case.do(name, day.isoformat(), papers=PAPERS.get(name, ""), by="dl" if name in LEADS else "", **inputs)
        except errors.RuleError:
            continue
        return name
    return None


def check(register: Register, day: date) -> None:
    """Counts add up, and the columns of every case say what its dated facts say."""
    found = programmes(register, day.isoformat()).one(KEY).counts
    assert found.open + found.solved + found.excluded == found.entered == 3
    for line in programmes(register, day.isoformat()).cases(KEY).lines:
        row = register.record("key_case", line.case)
        assert row is not None
        assert (row["exclusion"] is not None) == (line.state == "excluded")
        assert (row["solved_on"] is not None) == (line.state in ("solved", "closed"))
        assert (row["closed_on"] is not None) == (line.state == "closed")
        if "approved" in line.reached:
            assert {"planned", "entered"} <= set(line.reached)
        if line.state == "closed":
            assert {"met_petitioner", "met_handler", "read_file", "approved", "worked", "solved", "reported"} <= set(
                line.reached
            )
