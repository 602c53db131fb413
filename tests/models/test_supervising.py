"""Supervision of units: the acts, and the triggers that the register raises by itself from clocks, rows and journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import clocks, errors, matters
from models.desk import Desk
from models.records import PaperDraft
from models.register import Register
from tests.models.conftest import at, draft, person


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
