"""Receptions, review, rating, carrying out, supervision, repeats and what was reversed: each counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from models.desk import Desk
from models.figures.desk import Figures
from models.figures.records import Figure
from models.records import PersonDraft
from models.register import Register
from tests.models.cases import Case
from tests.models.conftest import NOW, at, draft
from tests.models.reception_day import DAY, SETTLED, Reception
from tests.models.test_joining import SAME

SERVED: dict[str, Any] = {"on": "2026-05-20", "way": "in_person", "receiver": "王小明"}


def figures(register: Register, day: str = "2027-01-05") -> Figures:
    now = at(day)
    return Desk(register, now=lambda: now).figures


def month(register: Register, key: str, day: str = "2027-01-05") -> dict[str, Figure]:
    asked = figures(register, day)
    return dict(asked.report(asked.month(key), compare=False).figures)


def answered(register: Register, decision: str = "explain", **changed: Any) -> Case:
    """Return a matter answered on 2026-05-18 and received by the petitioner on 2026-05-20."""
    one = Case(register, **changed).accept().assign().find_out().draft(decision).check()
    by: dict[str, Any] = {"execute_by": "2026-06-30"} if decision == "support" else {}
    return one.do("issue", "2026-05-18", **by).serve("2026-05-20", **SERVED)


def test_what_was_supported_is_carried_out_by_its_day(register: Register) -> None:
    one = answered(register, "support", claims=("退还自行车", "书面答复"))
    one.do("execute", "2026-06-30", proof="领取清单", place=1)
    one.do("execute", "2026-07-02", proof="答复书存根")
    june = month(register, "2026-06")["executed_on_time"]
    assert (june.numerator, june.denominator) == (1, 2)
    assert month(register, "2026-07")["executed_on_time"].denominator == 0
    on_the_day = month(register, "2026-06", "2026-06-30")["executed_on_time"]  # the second one is still to come
    assert (on_the_day.numerator, on_the_day.denominator) == (1, 1)


def test_a_review_counts_when_it_is_asked_for_and_when_it_is_decided(register: Register) -> None:
    for result, decided in (("upheld", "2026-07-06"), ("quashed", "2026-07-07")):
        one = answered(register)
        one.do("request_review", "2026-06-10", organ="示例市公安局")
        one.do("review_decided", decided, result=result, papers="review_opinion")
    assert month(register, "2026-06")["reviews"].value == 2
    assert month(register, "2026-06")["review_kept"].denominator == 0
    july = month(register, "2026-07")["review_kept"]
    assert (july.numerator, july.denominator) == (1, 2)


def test_ratings_count_when_their_window_ends(register: Register) -> None:
    """Opened on 06-01: the window ends on 07-01, a Wednesday; who did not rate by then counts as satisfied."""
    one = answered(register).do("open_rating", "2026-06-01")
    code = one.column("query_code")
    one.do("rate", "2026-06-10", query_code=code, target="unit", value="unsatisfied")
    answered(register).do("open_rating", "2026-06-01")
    assert month(register, "2026-06")["rated_share"].denominator == 0
    july = month(register, "2026-07")
    assert (july["rated_share"].numerator, july["rated_share"].denominator) == (1, 4)
    assert (july["satisfied_share"].numerator, july["satisfied_share"].denominator) == (3, 4)
    assert july["satisfied_rate"].value == 3 / 16
    still_open = month(register, "2026-07", "2026-07-01")
    assert still_open["rated_share"].denominator == 0


def test_supervision_and_what_was_adopted(register: Register) -> None:
    one = Case(register).accept().assign()
    one.do(
        "supervise", "2026-05-10", {"contact": "信大明", "contact_phone": "0000-0000000"}, by="pu",
        due_on="2026-05-20", clock="C2", trigger="1", way="letter", demand="限期答复",
    )  # fmt: skip
    one.do("answer_supervision", "2026-06-01", by="hu", answer="已整改", adopted="taken")
    above = Case(register).accept().assign()
    above.do(
        "receive_supervision", "2026-05-11", papers="supervision_in", by="pu", demand="报告情况", due_on="2026-05-30"
    )
    may, june = month(register, "2026-05"), month(register, "2026-06")
    assert (may["supervision"].value, may["advice_made"].value, may["advice_adopted"].value) == (2, 1, 0)
    assert (june["supervision"].value, june["advice_adopted"].value) == (0, 1)


def test_a_matter_that_proves_to_be_a_repeat_is_no_new_matter(register: Register) -> None:
    first = Case(register)
    second = Case(register, received_on=date(2026, 3, 10))
    before = month(register, "2026-03")
    assert (before["matters_new"].value, before["repeat_items"].value, before["open_at_end"].value) == (2, 0, 2)
    second.do("join_matter", "2026-03-11", earlier=first.column("number"), told="告知正在办理", **SAME)
    after = month(register, "2026-03")
    assert (after["received"].value, after["matters_new"].value, after["repeat_items"].value) == (2, 1, 1)
    assert (after["closed"].value, after["open_at_end"].value) == (0, 1)
    assert (after["notices_due"].value, after["notices_on_time"].value) == (2, 1)  # each item is to be answered


def test_a_reversed_step_never_happened(register: Register) -> None:
    one = Case(register).accept()
    assert month(register, "2026-03")["accepted"].value == 1
    entry = register.row("SELECT device, seq FROM entry WHERE act='accept' ORDER BY arrival DESC LIMIT 1")
    assert entry
    one.do("reverse", "2026-03-03", by="pu", entry=f"{entry[0]}-{entry[1]}", reason="误录")
    assert month(register, "2026-03")["accepted"].value == 0


def test_a_closed_matter_that_is_reopened_is_open_again(register: Register) -> None:
    one = answered(register).do("close", "2026-06-23", closing="opinion")
    assert month(register, "2026-06")["open_at_end"].value == 0
    one.now = at("2026-07-09")
    one.desk.register_item(draft(received_on=date(2026, 7, 9), repeat_of_matter=one.matter, title="新的证据"))
    one.do("reopen", "2026-07-10", ground="new_facts", reason="新的证据")
    assert [month(register, key)["open_at_end"].value for key in ("2026-05", "2026-06", "2026-07")] == [1, 0, 1]
    assert month(register, "2026-06")["closed"].value == 1


def test_a_reception_day_by_hand(register: Register) -> None:
    bureau = Reception(register)
    bureau.turn(DAY, "09:05").of("ch").begin(bureau.day)
    first, second = bureau.matter(people_count=3), bureau.matter()
    waiting = bureau.matter()
    for matter in (first, second, waiting):
        bureau.do(matter, "arrive")
    bureau.of("reg").call_next(bureau.day)
    bureau.turn(DAY, "09:25").receive(first)
    bureau.receive(second, **SETTLED)
    bureau.do(waiting, "leave_reception", reason="有事先走")
    bureau.turn("2026-03-20").do(first, "prove_instruction", "ho", proof="已立案")
    found = month(register, "2026-03")
    assert {code: found[code].value for code in (
        "reception_days", "reception_batches", "reception_people", "instructions", "instructions_proved"
    )} == {
        "reception_days": 1, "reception_batches": 2, "reception_people": 4, "instructions": 1,
        "instructions_proved": 1,
    }  # fmt: skip
    asked = figures(register, "2026-03-19")
    assert asked.report(asked.month("2026-03"), compare=False).figures["instructions_proved"].value == 0
    assert month(register, "2026-02")["reception_days"].value == 0
    assert asked.behind(asked.month("2026-03"), "reception_days").total == 0, "a day belongs to no matter"


def test_a_visit_without_a_number_counts_the_petitioners_named(register: Register) -> None:
    people = tuple(PersonDraft(name=name) for name in ("赵一", "钱二", "孙三"))
    agent = PersonDraft(name="李律师", role="agent", acts_for=0)
    Case(register, people=(*people, agent))
    found = month(register, "2026-03")
    assert found["visits_people"].value == 3
    assert found["group_batches"].value == 0
    Case(register, people_count=5)
    assert month(register, "2026-03")["group_people"].value == 5


def test_what_lies_in_a_year_without_calendar_is_told_and_not_guessed(register: Register) -> None:
    now = datetime(2026, 12, 20, 3, tzinfo=UTC)
    desk = Desk(register, now=lambda: now)
    desk.register_item(draft(channel="letter", received_on=date(2026, 12, 20)))
    later = figures(register, "2027-03-01")
    report = later.report(later.month("2027-01"), compare=False)
    assert report.unknown_clocks == 1
    assert report.figures["notices_due"].value == 0
    assert any("没有节假日安排" in note for note in later.sheet(later.month("2027-01")).notes)


def test_nothing_is_counted_in_an_empty_register(register: Register) -> None:
    asked = Desk(register, now=lambda: NOW).figures
    report = asked.report(asked.month("2026-02"))
    assert {figure.numerator for figure in report.figures.values()} == {0}
    assert all(groups == () for groups in report.groups.values())
    assert asked.behind(asked.month("2026-02"), "received").lines == ()
    assert all(measure.lines == () for measure in asked.evaluation(asked.month("2026-02")).measures)
