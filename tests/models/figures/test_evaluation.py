"""Units by duties done: limits of chance against exact sums, the guard, whose a duty was, and what is on paper."""

from __future__ import annotations

import itertools
import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import clocks, errors
from models.figures import evaluation, periods
from models.figures.gather import Gathered, Law
from models.sheets import issue
from tests.models.figures.conftest import Bureau
from tests.models.figures.memory import FIRST, MemoryRows

LAW = Law(clocks.shipped(), clocks.load_calendar())


@given(st.integers(1, 300), st.integers(1, 99), st.sampled_from([0.001, 0.025]))
def test_limits_part_whole_numbers_as_the_exact_tails_do(size: int, percent: int, tail: float) -> None:
    """Checked with whole numbers: probabilities are those of percent in a hundred, without any rounding."""
    low, high = evaluation.limits(size, percent / 100, tail, 1 - tail)
    ways = [math.comb(size, k) * percent**k * (100 - percent) ** (size - k) for k in range(size + 1)]
    most, least = math.ceil(round(low * size, 6)), math.floor(round(high * size, 6))

    def share(found: list[int]) -> float:
        return float(sum(found) / 100**size)

    assert share(ways[: most + 1]) >= tail - 1e-6, "what is not below the limit is as likely as the tail"
    assert share(ways[:most]) <= tail + 1e-6, "what is below it is not"
    assert share(ways[least:]) >= tail - 1e-6
    assert share(ways[least + 1 :]) <= tail + 1e-6


def test_known_limits() -> None:
    """Binomial(20, 0.5), as tables of the sign test have it: P(5 or fewer) is 0.0207, P(6 or fewer) 0.0577."""
    low, high = evaluation.limits(20, 0.5, 0.025, 0.975)
    assert low * 20 == pytest.approx(6 - (0.057659 - 0.025) / (0.057659 - 0.020695), abs=1e-4)
    assert high == pytest.approx(1 - low)
    assert evaluation.limits(10, 1.0, 0.025, 0.975) == (1.0, 1.0)
    assert evaluation.limits(10, 0.0, 0.025, 0.975) == (0.0, 0.0)
    assert evaluation.limits(0, 0.5, 0.025, 0.975) == (0.0, 1.0)
    assert evaluation.limits(10, 0.95, 0.025, 0.975)[1] == 1.0, "ten of ten is no more than chance gives"


@pytest.mark.parametrize("percent", [50, 87, 95])
def test_a_funnel_has_no_teeth(percent: int) -> None:
    """From one size to the next a limit never turns back by more than a hair: exact quantiles jump by whole duties."""
    sizes = range(20, 400)
    found = [evaluation.limits(size, percent / 100, 0.025, 0.975) for size in sizes]
    back = [(after[0] - before[0], after[1] - before[1]) for before, after in itertools.pairwise(found)]
    assert min(low for low, _high in back) > -0.0025
    assert max(high for _low, high in back) < 0.0025


def stations(done: dict[str, tuple[int, int]]) -> MemoryRows:
    """Return tasks of units due in March 2024: how many of how many were done in time."""
    rows = MemoryRows()
    rows.add("unit", name="信访科", kind="petition")
    for name, (kept, of) in done.items():
        unit = rows.add("unit", name=name, kind="station")
        for number in range(of):
            matter = rows.add("matter", received_on="2024-01-05", rules="REG-2022", unit=unit, state="S13",
                              closed_on="2024-04-01", sealed=0)  # fmt: skip
            rows.add("item", matter=matter, channel="letter", received_on="2024-01-05")
            rows.add("event", matter=matter, kind="received", on_date="2024-01-05")
            rows.add("task", matter=matter, kind="execution", unit=unit, due_on="2024-03-15",
                     done_on="2024-03-15" if number < kept else "2024-03-16")  # fmt: skip
    return rows


def executed(done: dict[str, tuple[int, int]]) -> dict[str, str]:
    gathered = Gathered(stations(done), periods.month("2024-03"), on=FIRST + timedelta(days=300), law=LAW, far=True)
    measure = next(one for one in evaluation.evaluate(gathered).measures if one.code == "executed")
    assert measure.denominator == sum(of for _, of in done.values())
    return {line.name: line.verdict for line in measure.lines}


def test_a_unit_with_few_duties_is_not_judged() -> None:
    """Nine of nine missed says as little as one of one; ten is where judging begins (project rule)."""
    assert executed({"甲所": (45, 50), "乙所": (0, 9), "丙所": (9, 10)}) == {
        "甲所": "within", "乙所": "too_small", "丙所": "within",
    }  # fmt: skip


def test_chance_is_told_from_failing() -> None:
    found = executed({"甲所": (95, 100), "乙所": (92, 100), "丙所": (70, 100), "丁所": (87, 100)})
    assert found == {"甲所": "above", "乙所": "within", "丙所": "far_below", "丁所": "within"}


def test_whose_a_duty_was(office: Bureau) -> None:
    figures = office.figures("2026-04-10")
    found = {one.code: one for one in figures.evaluation(figures.month("2026-03")).measures}
    assert list(found) == ["told", "on_time", "solved_here", "served", "executed"]
    told = found["told"].lines
    assert [(line.name, line.numerator, line.denominator) for line in told] == [("信访科", 3, 4)]
    assert [thing.matter for thing in told[0].missed] == [office.matters["C"]]
    handled = found["on_time"].lines  # F and G were given to the criminal police on 03-10, before their last days
    assert [(line.name, line.numerator, line.denominator) for line in handled] == [("刑事侦查大队", 1, 2)]
    assert found["solved_here"].denominator == 1  # D, closed after a reply
    assert found["served"].numerator == found["served"].denominator == 1


def test_a_barred_matter_is_in_no_evaluation(office: Bureau) -> None:
    accused = office.figures("2026-04-10", "suo")
    told = accused.evaluation(accused.month("2026-03")).measures[0]
    assert (told.numerator, told.denominator) == (2, 3)


def test_the_evaluation_is_issued_by_a_leader_after_the_period(office: Bureau) -> None:
    head = office.figures("2026-04-10", "pu")
    paper = head.issue_evaluation(head.month("2026-03"))
    row = issue.row_of(office.register, paper, head.person)
    assert (row["kind"], row["subject"], row["number"]) == ("evaluation", "2026-03", "示公（信）评〔2026〕1号")
    with pytest.raises(errors.InputError, match="没有这份文书"):
        issue.row_of(office.register, paper, office.figures("2026-04-10", "suo").person)
    with pytest.raises(errors.RuleError, match="尚未结束"):
        head.issue_evaluation(head.month("2026-04"))
    officer = office.figures("2026-04-10", "ho")
    with pytest.raises(errors.NotAllowedError):
        officer.issue_evaluation(officer.month("2026-03"))


@pytest.mark.parametrize("largest", [1, 2, 17, 400])
def test_a_band_covers_every_size(largest: int) -> None:
    found = evaluation.band(largest, 0.9, evaluation.LOW, evaluation.HIGH, also=[largest // 3 + 1])
    assert (found[0][0], found[-1][0]) == (1, largest)
    assert largest // 3 + 1 in [size for size, _, _ in found], "where a unit stands, its own limits are drawn"
    assert [size for size, _, _ in found] == sorted({size for size, _, _ in found})
    assert all(0 <= low <= high <= 1 for _, low, high in found)
