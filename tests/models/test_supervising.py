"""Supervision of units: the acts, and the triggers that the register raises by itself from clocks, rows and journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from models import clocks, errors, matters, supervising
from models.desk import Desk, put_setting
from models.records import PaperDraft
from models.register import Register
from tests.models.conftest import accused, at, draft, person


class Case:
    """A matter, and what the people of the bureau do on it."""

    def __init__(self, register: Register, received: str = "2026-03-02", **changed: Any) -> None:
        self.register = register
        self.now = at(received)
        self.desk = Desk(register, now=lambda: self.now)
        self.matter = self.desk.register_item(draft(received_on=date.fromisoformat(received), **changed)).matter

    def do(self, act: str, day: str = "", by: str = "", **inputs: Any) -> Case:
        if day:
            self.now = at(day)
        if by:
            self.desk.person = person(self.register, by)
        from models import handling

        papers = inputs.pop("papers", ())
        handling.perform(
            self.register, self.matter, act, inputs, by=self.desk.person, at=self.now, papers=papers,
            letter={"contact": "信大明", "contact_phone": "0000-0000000"} if act == "supervise" else None,
        )  # fmt: skip
        return self

    def refused(self, kind: type[errors.RegisterError], act: str, by: str = "", **inputs: Any) -> errors.RegisterError:
        """Assert that the act is refused in one sentence with its article, and that nothing was written."""
        before = (self.register.seq, self.rows("supervision"), self.rows("event"), self.rows("matter", "id"))
        with pytest.raises(kind) as found:
            self.do(act, by=by, **inputs)
        assert (self.register.seq, self.rows("supervision"), self.rows("event"), self.rows("matter", "id")) == before
        assert type(found.value) is kind
        assert found.value.message.zh.count("。") <= 2
        return found.value

    def rows(self, table: str, key: str = "matter") -> list[tuple[Any, ...]]:
        return self.register.rows(f"SELECT * FROM {table} WHERE {key}=? ORDER BY id", (self.matter,))

    def column(self, name: str) -> Any:
        row = self.register.record("matter", self.matter)
        assert row
        return row[name]

    def supervisions(self) -> list[dict[str, Any]]:
        return self.register.records("supervision", "matter=? ORDER BY id", (self.matter,))

    def clocks(self, name: str) -> list[clocks.ClockState]:
        row = self.register.record("matter", self.matter)
        assert row
        states = matters.clock_states(self.register, self.matter, row, self.now.date())
        return [state for state in states if state.clock == name]


@pytest.fixture
def case(register: Register) -> Callable[..., Case]:
    return lambda *given, **changed: Case(register, *given, **changed)


DEMAND: dict[str, Any] = {"trigger": "1", "way": "letter", "demand": "十日内答复信访人", "unit": "刑侦"}


def in_hand(case: Callable[..., Case], received: str = "2026-03-02") -> Case:
    """Return a claim accepted on its day of receipt and given to the criminal branch."""
    one = case(received).do("screen", category="claim", exit="6").do("accept").do("assign", unit="刑侦", handler="ho")
    assert one.column("state") == "S5"
    return one


def test_a_supervision_from_its_letter_to_its_end(case: Callable[..., Case]) -> None:
    one = in_hand(case)
    one.do("supervise", "2026-05-10", by="pu", due_on="2026-05-20", clock="C2", **DEMAND)
    assert (one.column("supervised"), one.column("state")) == (1, "S5")
    (row,) = one.supervisions()
    assert (row["trigger"], row["clock"], row["due_on"]) == ("1", "C2", "2026-05-20")
    letter = one.register.record("document", row["document"])
    assert letter is not None
    assert letter["kind"] == "supervision_letter"
    for words in ("无正当理由未按规定期限办结：办理", "刑事侦查大队", "十日内答复信访人", "2026-05-20"):
        assert words in letter["facts"]
    (state,) = one.clocks("C7")
    assert state.due is not None
    assert (state.due.last_on, state.status) == (date(2026, 5, 20), "open")
    assert "书面答复" in one.refused(errors.RuleError, "lift_supervision", finding="已改").message.zh
    one.do("answer_supervision", "2026-05-18", by="hu", answer="已于五月十七日答复", adopted="taken")
    (state,) = one.clocks("C7")
    assert state.status == "met"
    one.refused(errors.RuleError, "answer_supervision", answer="再答", adopted="taken")
    one.do("lift_supervision", "2026-05-19", by="pu", finding="答复已送达")
    assert one.column("supervised") == 0
    (row,) = one.supervisions()
    assert (row["answered_on"], row["adopted"], row["lifted_on"]) == ("2026-05-18", 1, "2026-05-19")
    assert [kind for (kind,) in one.register.rows(
        "SELECT kind FROM event WHERE matter=? AND (kind LIKE 'advice%' OR kind LIKE 'super%') ORDER BY id",
        (one.matter,),
    )] == ["advice_received", "advice_answered", "supervision_lifted"]  # fmt: skip
    one.refused(errors.RuleError, "lift_supervision", finding="再解")


def test_under_the_regulation_of_2005_the_answer_is_due_in_thirty_days(case: Callable[..., Case]) -> None:
    """SC-431 Art. 36: 2015-04-01 + 30 C = 05-01, a holiday of three days with its weekend: 05-04."""
    one = in_hand(case, "2015-03-02")
    values = {**DEMAND, "way": "call"}
    one.refused(errors.InputError, "supervise", on="2015-03-02", due_on="2015-05-20", **values)
    one.do("supervise", "2015-04-01", **values)
    (state,) = one.clocks("C7")
    assert state.due is not None
    assert one.supervisions()[0]["due_on"] == state.due.last_on.isoformat()
    assert state.due.raw_on == date(2015, 5, 1)


def test_under_the_regulation_of_2022_the_days_are_set(case: Callable[..., Case]) -> None:
    one = in_hand(case)
    error = one.refused(errors.MissingPartError, "supervise", **DEMAND)
    assert "第四十条" in error.message.zh
    error = one.refused(errors.InputError, "supervise", due_on="2026-03-01", **DEMAND)
    assert "2026-03-01" in error.message.en


def test_several_stand_at_once_and_each_ends_by_itself(case: Callable[..., Case]) -> None:
    one = in_hand(case)
    one.do("supervise", "2026-03-10", due_on="2026-03-20", **DEMAND)
    error = one.refused(errors.RuleError, "supervise", due_on="2026-03-21", **DEMAND)
    assert "2026-03-10" in error.message.zh
    one.do("supervise", "2026-03-11", due_on="2026-03-21", **{**DEMAND, "trigger": "4"})
    one.do("answer_supervision", "2026-03-12", by="hu", supervision=2, answer="甲", adopted="taken")
    states = sorted(one.clocks("C7"), key=lambda state: state.start_on)
    assert [row["answered_on"] for row in one.supervisions()] == [None, "2026-03-12"]
    assert [state.status for state in states].count("open") == 1
    error = one.refused(errors.InputError, "lift_supervision", by="pu", supervision=1, finding="乙")
    assert "第 1 项" in error.message.zh
    one.do("lift_supervision", "2026-03-13", supervision=2, finding="乙")
    assert one.column("supervised") == 1
    one.do("answer_supervision", "2026-03-14", by="hu", answer="甲", adopted="taken")
    one.do("lift_supervision", by="dl", finding="乙")
    assert one.column("supervised") == 0


def test_the_supervised_unit_answers_and_no_other(case: Callable[..., Case]) -> None:
    one = in_hand(case).do("supervise", "2026-03-10", due_on="2026-03-20", **DEMAND)
    for login in ("pu", "zu"):
        error = one.refused(errors.NotAllowedError, "answer_supervision", by=login, answer="甲", adopted="taken")
        assert "刑事侦查大队" in error.message.zh
    one.refused(errors.NotAllowedError, "supervise", by="ho", due_on="2026-03-20", **{**DEMAND, "trigger": "3"})


def test_advice_that_is_not_taken_is_answered_with_reasons(case: Callable[..., Case]) -> None:
    one = in_hand(case).do("supervise", "2026-03-10", due_on="2026-03-20", **DEMAND)
    error = one.refused(errors.MissingPartError, "answer_supervision", by="hu", answer="甲", adopted="not_taken")
    assert "理由" in error.message.zh
    one.do("answer_supervision", "2026-03-11", answer="甲", adopted="not_taken", reasons="鉴定尚未完成")
    assert one.supervisions()[0]["adopted"] == 0
    assert [row[0] for row in one.register.rows("SELECT kind FROM event WHERE note='鉴定尚未完成'")] == [
        "advice_declined"
    ]


def test_days_out_of_order_are_refused(case: Callable[..., Case]) -> None:
    one = in_hand(case).do("supervise", "2026-03-10", due_on="2026-03-20", **DEMAND)
    one.now = at("2026-03-12")
    one.refused(errors.InputError, "answer_supervision", by="hu", on="2026-03-09", answer="甲", adopted="taken")
    one.do("answer_supervision", answer="甲", adopted="taken")
    one.refused(errors.InputError, "lift_supervision", by="pu", on="2026-03-11", finding="甲")


def test_a_clock_that_the_rule_set_does_not_have_is_refused(case: Callable[..., Case]) -> None:
    in_hand(case).refused(errors.InputError, "supervise", due_on="2026-03-20", clock="C99", **DEMAND)


def test_a_supervision_from_above_comes_in_as_a_paper(case: Callable[..., Case]) -> None:
    one = in_hand(case)
    one.refused(errors.MissingPartError, "receive_supervision", demand="限期答复", due_on="2026-03-30")
    paper = PaperDraft(
        kind="supervision_in", dated_on=date(2026, 3, 8), organ="示例市公安局", number="示市公督〔2026〕3号"
    )
    one.do("receive_supervision", "2026-03-10", by="reg", demand="限期答复", due_on="2026-03-30", papers=[paper])
    (row,) = one.supervisions()
    assert (row["unit"], row["trigger"], row["due_on"]) == (one.column("unit"), "6", "2026-03-30")
    document = one.register.record("document", row["document"])
    assert document is not None
    assert (document["kind"], document["organ"]) == ("supervision_in", "示例市公安局")
    assert one.column("supervised") == 1


def test_a_closed_matter_is_supervised_only_for_what_was_not_carried_out(case: Callable[..., Case]) -> None:
    one = in_hand(case)
    with one.register.act("test", by=one.desk.person, at=one.now, matter=one.matter) as act:
        act.set("matter", one.matter, state="S13", closed_on=one.now.date())
    error = one.refused(errors.RuleError, "supervise", due_on="2026-03-20", **DEMAND)
    assert "已办结" in error.message.zh
    with one.register.act("test", by=one.desk.person, at=one.now, matter=one.matter) as act:
        act.insert("task", {"matter": one.matter, "kind": "execution", "what": "退还", "opened_on": "2026-03-03"})
    one.do("supervise", due_on="2026-03-20", **DEMAND)
    assert (one.column("state"), one.column("supervised")) == ("S13", 1)


# --- triggers ---------------------------------------------------------------------------------------------------------


def raised(one: Case, day: str, login: str = "pu") -> dict[str, supervising.Trigger]:
    """Return the triggers of a day by kind; each kind is raised once, and the counts say the same."""
    who = person(one.register, login)
    found = supervising.triggers(one.register, who, date.fromisoformat(day))
    counted = supervising.counts(one.register, who, date.fromisoformat(day))
    assert {kind: number for kind, number in counted.items() if number} == {
        kind: sum(line.kind == kind for line in found) for kind in {line.kind for line in found}
    }
    assert found == supervising.triggers(one.register, who, date.fromisoformat(day), one.matter)
    return {line.kind: line for line in found}


def write(one: Case, table: str, **columns: Any) -> int:
    """Write a row of the matter as the act that makes it would."""
    with one.register.act("test", by=one.desk.person, at=one.now, matter=one.matter) as act:
        return act.insert(table, {"matter": one.matter, **columns})


def change(one: Case, **columns: Any) -> None:
    with one.register.act("test", by=one.desk.person, at=one.now, matter=one.matter) as act:
        act.set("matter", one.matter, **columns)


def test_a_late_duty_is_raised_on_the_day_after_its_last(case: Callable[..., Case], register: Register) -> None:
    """Domain reference, section 14: 2026-03-02 + 15 C = 03-17, + 60 C = 05-06. The petition unit, then the branch."""
    one = case()
    assert "late_duty" not in raised(one, "2026-03-17")
    line = raised(one, "2026-03-18")["late_duty"]
    assert (line.code, line.basis, line.since) == ("1", "C1", date(2026, 3, 18))
    assert line.unit_name == "信访科"
    assert "第三十六条第一项" in line.article.zh
    assert "36(1)" in line.article.en
    two = in_hand(case)
    assert "late_duty" not in {
        line.kind for line in supervising.triggers(register, one.desk.person, date(2026, 5, 6), two.matter)
    }
    (line,) = [
        line
        for line in supervising.triggers(register, one.desk.person, date(2026, 5, 7), two.matter)
        if line.kind == "late_duty"
    ]
    assert (line.basis, line.unit_name, line.since) == ("C2", "刑事侦查大队", date(2026, 5, 7))
    assert "办理" in line.words.zh


def test_a_supervision_without_answer_is_itself_a_trigger(case: Callable[..., Case]) -> None:
    one = in_hand(case).do("supervise", "2026-03-10", due_on="2026-03-20", **DEMAND)
    assert "advice_late" not in raised(one, "2026-03-20")
    line = raised(one, "2026-03-21")["advice_late"]
    assert (line.code, line.unit_name, line.row) == ("2", "刑事侦查大队", one.supervisions()[0]["id"])
    one.do("answer_supervision", "2026-03-21", by="hu", answer="甲", adopted="taken")
    assert "advice_late" not in raised(one, "2026-03-22")


def test_results_not_fed_back(case: Callable[..., Case], register: Register) -> None:
    one = in_hand(case)
    (unit,) = register.row("SELECT id FROM unit WHERE short='城关所'") or (0,)
    kept = {"kind": "assist", "receiver": unit, "on_date": "2026-03-03", "limit_on": "2026-03-10"}
    row = write(one, "handover", **kept)
    write(one, "handover", **{**kept, "removed": "误录"})
    write(one, "handover", **{**kept, "ended_on": "2026-03-09", "ended": "answered"})
    assert "not_fed_back" not in raised(one, "2026-03-10")
    line = raised(one, "2026-03-11")["not_fed_back"]
    assert (line.unit_name, line.row, line.since) == ("城关派出所", row, date(2026, 3, 11))


def test_an_organ_outside_is_named_in_words(case: Callable[..., Case]) -> None:
    one = in_hand(case)
    write(one, "handover", kind="assign_out", receiver_name="示例县市场监管局", on_date="2026-03-03",
          limit_on="2026-03-10")  # fmt: skip
    line = raised(one, "2026-03-11")["not_fed_back"]
    assert (line.unit, line.unit_name) == (None, "示例县市场监管局")


def test_an_answer_without_hearing_or_legal_check(case: Callable[..., Case]) -> None:
    one = in_hand(case)
    assert {"unheard", "unchecked"}.isdisjoint(raised(one, "2026-03-10"))
    change(one, state="S7", opinion_on="2026-03-09")
    found = raised(one, "2026-03-10")
    assert (found["unheard"].code, found["unheard"].since) == ("3", date(2026, 3, 9))
    assert found["unchecked"].since == date(2026, 3, 9)
    write(one, "passage", kind="note", body="未听取信访人陈述的理由：信访人书面表示不来")
    write(one, "event", kind="legal_checked", on_date="2026-03-08")
    assert {"unheard", "unchecked"}.isdisjoint(raised(one, "2026-03-10"))


def test_taken_further_without_any_notice(case: Callable[..., Case]) -> None:
    one = case()
    change(one, state="S5")
    line = raised(one, "2026-03-03")["untold"]
    assert (line.code, line.unit_name, line.basis) == ("3", "信访科", "C1")
    write(one, "event", kind="noticed", on_date="2026-03-03")
    assert "untold" not in raised(one, "2026-03-03")


def test_an_extension_told_too_late(case: Callable[..., Case]) -> None:
    """2026-03-02 + 60 C = 05-06: told on the day it counts, on the day after it does not (REG-2022 Art. 34)."""
    one, two = in_hand(case), in_hand(case)
    write(one, "event", kind="extended", on_date="2026-05-06", days=30)
    row = write(two, "event", kind="extended", on_date="2026-05-07", days=30)
    found = supervising.page(one.register, one.desk.person, date(2026, 5, 8), "extended_late")
    assert [(line.matter, line.row, line.code) for line in found.lines] == [(two.matter, row, "3")]


def test_given_back_twice(case: Callable[..., Case], register: Register) -> None:
    one = in_hand(case)
    (unit,) = register.row("SELECT id FROM unit WHERE short='城关所'") or (0,)
    back = {"kind": "assign", "receiver": unit, "on_date": "2026-03-03", "ended": "returned", "ended_on": "2026-03-04"}
    write(one, "handover", **back)
    assert "returned" not in raised(one, "2026-03-06")
    write(one, "handover", **{**back, "ended_on": "2026-03-05"})
    line = raised(one, "2026-03-06")["returned"]
    assert (line.code, line.unit_name, line.since) == ("4", "城关派出所", date(2026, 3, 5))


def test_nothing_done_while_a_duty_runs(case: Callable[..., Case]) -> None:
    """15 days by default: the last act was on 03-02, so 03-17 is still quiet."""
    one = in_hand(case)
    assert "idle" not in raised(one, "2026-03-17")
    line = raised(one, "2026-03-18")["idle"]
    assert (line.code, line.since, line.unit_name) == ("4", date(2026, 3, 2), "刑事侦查大队")
    one.now = at("2026-03-20")
    one.desk.matter(one.matter)  # reading is not handling
    assert "idle" in raised(one, "2026-03-20")
    one.do("note", text="已约谈")
    assert "idle" not in raised(one, "2026-03-20")
    with one.register.act("set_setting", by=one.desk.person, at=one.now) as act:
        put_setting(act, "supervision.idle_days", 3)
    assert "idle" in raised(one, "2026-03-24")


def test_what_was_supported_and_is_not_carried_out(case: Callable[..., Case], register: Register) -> None:
    one = in_hand(case)
    (unit,) = register.row("SELECT id FROM unit WHERE short='城关所'") or (0,)
    row = write(one, "task", kind="execution", what="退还", unit=unit, opened_on="2026-03-03", due_on="2026-03-09")
    change(one, state="S13", closed_on="2026-03-04")
    assert "not_executed" not in raised(one, "2026-03-09")
    line = raised(one, "2026-03-10")["not_executed"]
    assert (line.code, line.unit_name, line.row) == ("5", "城关派出所", row)
    with register.act("test", by=one.desk.person, at=one.now, matter=one.matter) as act:
        act.set("task", row, done_on="2026-03-10")
    assert "not_executed" not in raised(one, "2026-03-11")
    write(one, "follow_up", on_date="2026-03-12", way="visit", carried_out="no", record="未收到")
    assert raised(one, "2026-03-13")["false_completion"].code == "6"
    write(one, "follow_up", on_date="2026-03-14", way="visit", carried_out="yes", record="已收到")
    assert "false_completion" not in raised(one, "2026-03-15")


def test_an_answer_that_was_quashed(case: Callable[..., Case]) -> None:
    one = in_hand(case)
    write(one, "review", level="review", organ="示例市公安局", requested_on="2026-03-05", decided_on="2026-03-09",
          result="redo")  # fmt: skip
    assert raised(one, "2026-03-10")["quashed"].since == date(2026, 3, 9)
    write(one, "event", kind="opinion_issued", on_date="2026-03-12")
    assert "quashed" not in raised(one, "2026-03-13")


def test_a_trigger_shows_that_it_is_supervised_already(case: Callable[..., Case]) -> None:
    one = in_hand(case)
    assert raised(one, "2026-05-10")["late_duty"].supervision is None
    one.do("supervise", "2026-05-10", due_on="2026-05-20", **DEMAND)
    assert raised(one, "2026-05-11")["late_duty"].supervision == one.supervisions()[0]["id"]
    one.do("answer_supervision", "2026-05-12", by="hu", answer="甲", adopted="taken")
    one.do("lift_supervision", by="pu", finding="乙")
    assert raised(one, "2026-05-13")["late_duty"].supervision is None


def test_of_a_sealed_matter_the_outline_and_of_a_barred_one_nothing(
    case: Callable[..., Case], register: Register
) -> None:
    one = case(purpose="accusation", accused=(accused("督小察"),))
    write(one, "handover", kind="assign_out", receiver_name="示例县监委", on_date="2026-03-03", limit_on="2026-03-10")
    line = raised(one, "2026-03-20", "ho")["not_fed_back"]
    assert (line.sight, line.title, line.unit_name) == ("outline", "", "信访科")
    line = raised(one, "2026-03-20", "pu")["not_fed_back"]
    assert (line.sight, line.unit_name) == ("full", "示例县监委")
    assert raised(one, "2026-03-20", "di") == {}


def test_pages_go_on_to_the_end(case: Callable[..., Case], register: Register) -> None:
    late = [case(title=f"第{number}件").matter for number in range(7)]
    who, on = person(register, "pu"), date(2026, 4, 1)
    seen, after = [], None
    while True:
        part = supervising.page(register, who, on, "late_duty", after=after, limit=3)
        assert part.total == 7
        seen += [line.matter for line in part.lines]
        after = part.after
        if after is None:
            break
    assert seen == late
    with pytest.raises(errors.InputError):
        supervising.page(register, who, on, "people")


def test_no_trigger_tells_of_a_person() -> None:
    assert {field.name for field in fields(supervising.Trigger)}.isdisjoint({"who", "person", "petitioner", "staff"})
