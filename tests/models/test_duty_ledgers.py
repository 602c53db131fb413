"""The ledgers of supervisions and of major matters, and the tally of triggers: exact, in pages, under the policy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from models import duty_ledgers, supervising
from models.register import Register
from tests.models.cases import Case
from tests.models.conftest import accused, person, unit

ON = date(2026, 4, 30)


def test_a_supervision_from_open_to_lifted(case: Callable[..., Case], register: Register) -> None:
    one = case().accept().assign()
    one.do("supervise", trigger="4", way="call", demand="限期答复", due_on="2026-03-25", unit="刑侦")

    def line(day: date) -> duty_ledgers.SupervisionLine:
        found = duty_ledgers.supervisions(register, person(register, "pu"), day)
        assert found.total == len(found.lines) == 1
        return found.lines[0]

    assert [line(day).state for day in (date(2026, 3, 25), date(2026, 3, 26))] == ["open", "late"]
    one.do("answer_supervision", "2026-03-27", by="hu", answer="已整改", adopted="taken")
    assert (line(ON).state, line(ON).answer, line(ON).unit) == ("answered", "已整改", "刑事侦查大队")
    one.do("lift_supervision", "2026-03-30", finding="已落实")
    assert (line(ON).state, line(ON).lifted_on) == ("lifted", date(2026, 3, 30))


def test_the_ledger_is_read_in_pages_newest_first(case: Callable[..., Case], register: Register) -> None:
    for day in ("2026-03-03", "2026-03-05", "2026-03-04", "2026-03-05"):
        case().accept().do("supervise", day, trigger="4", way="call", demand="限期答复", due_on="2026-03-25")
    by, days, after = person(register, "pu"), [], None
    while True:
        found = duty_ledgers.supervisions(register, by, ON, after=after, limit=3)
        assert found.total == 4
        days += [line.raised_on.day for line in found.lines]
        after = found.after
        if after is None:
            break
    assert days == [5, 5, 4, 3]


def test_a_major_matter_with_who_was_told_when(case: Callable[..., Case], register: Register) -> None:
    one = case()
    known = {"time": "08:00", "what": "多人聚集", "place": "东路口", "people": 30, "claim": "停工", "source": "接报"}
    one.do("mark_major", **known)
    one.do("report_major", letter={}, organ="party", time="08:30", to_whom="值班室", how="call", what="已报")
    found = duty_ledgers.major_matters(register, person(register, "ch"))
    assert found.total == 1
    line = found.lines[0]
    assert (line.known_at, line.what) == ("2026-03-02 08:00", "多人聚集")
    assert line.told == (("party", "2026-03-02 08:30"),)
    assert line.missing == ("government",)


def test_outlines_tell_neither_demand_nor_unit_and_the_accused_nothing(
    case: Callable[..., Case], register: Register
) -> None:
    one = case(purpose="accusation", accused=(accused("刑侦", kind="unit", unit=unit(register, "刑侦")),))
    one.do("supervise", trigger="4", way="call", demand="限期答复", due_on="2026-03-25", unit="督察")
    line = duty_ledgers.supervisions(register, person(register, "reg"), ON).lines[0]
    assert (line.sight, line.title, line.demand) == ("outline", "", "")
    assert line.unit == register.units()[one.column("unit")]
    assert one.column("unit") != unit(register, "督察")
    assert duty_ledgers.supervisions(register, person(register, "hu"), ON).total == 0


def test_the_tally_adds_up_to_the_counts_and_a_unit_filter_to_the_tally(
    case: Callable[..., Case], register: Register
) -> None:
    case(received_on=date(2026, 1, 5))
    case(received_on=date(2026, 1, 6)).accept().assign()
    by = person(register, "pu")
    found = supervising.tally(register, by, ON)
    counts = supervising.counts(register, by, ON)
    assert {kind: sum(one.count for one in found if one.kind == kind) for kind in counts} == counts
    assert any(one.count for one in found)
    for one in found:
        if one.unit is not None:
            lines = supervising.page(register, by, ON, one.kind, unit=one.unit, limit=50).lines
            assert len(lines) == one.count
            assert {line.unit for line in lines} == {one.unit}
