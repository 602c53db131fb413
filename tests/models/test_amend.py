"""Registered facts put right: which may be, by whom, what follows, and that the history keeps both values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import column_words, errors
from models.desk import Desk
from models.records import PersonDraft
from models.register import Register
from models.verify import verify
from tests.models.conftest import accused, at
from tests.models.test_correct import Case, index_is_right, screened, standing


@pytest.fixture
def case(register: Register) -> Callable[..., Case]:
    return lambda **changed: Case(register, **changed)


def put(one: Case, row: str, column: str, value: str, who: str = "", day: str = "") -> str:
    return one.do("amend", day, who=who, row=row, column=column, value=value, reason="登记有误")


def no(one: Case, kind: type[errors.RuleError], row: str, column: str, value: str, who: str = "") -> str:
    return one.refused("amend", kind, who=who, row=row, column=column, value=value, reason="登记有误")


def only(one: Case, table: str) -> dict[str, Any]:
    (row,) = one.register.records(table, "matter=?", (one.matter,))
    return row


VALUES: dict[tuple[str, str], tuple[str, Any]] = {
    ("matter", "title"): ("关于电动车被盗的反映", "关于电动车被盗的反映"),
    ("matter", "police"): ("刑侦", "criminal"),
    ("matter", "problem_on"): ("2026-02-11", "2026-02-11"),
    ("matter", "joint"): ("是", 1),
    ("matter", "problem_place"): ("", None),
    ("item", "channel"): ("来信", "letter"),
    ("item", "people"): ("3", 3),
    ("person", "name"): ("王晓明", "王晓明"),
    ("person", "phone"): ("139 0000 2222", "13900002222"),
    ("person", "id_number"): ("11010119900101001x", "11010119900101001X"),
    ("person", "role"): ("代表人", "representative"),
    ("claim", "request"): ("要求立案", "要求立案"),
    ("passage", "body"): ("二月十一日自行车被盗。", "二月十一日自行车被盗。"),
}


@pytest.mark.parametrize(("table", "column"), VALUES)
def test_a_registered_fact_is_put_right_and_reversed(
    table: str, column: str, case: Callable[..., Case], register: Register
) -> None:
    one = case(problem_place="城关镇")
    before = standing(register, one.matter)
    typed, stored = VALUES[table, column]
    row = only(one, table)["id"] if table != "matter" else one.matter
    entry = put(one, table if table == "matter" else f"{table}:{row}", column, typed)
    assert (register.record(table, row) or {})[column] == stored
    assert one.desk.history(one.matter, table, row, column)[0].why == "登记有误"
    assert index_is_right(register)
    one.do("reverse", entry=entry, reason="原来没有错")
    assert standing(register, one.matter) == before
    assert all(check.holds for check in verify(register))


def test_the_column_may_be_named_in_chinese(case: Callable[..., Case]) -> None:
    one = case()
    put(one, f"person:{only(one, 'person')['id']}", "电话", "13900002222")
    assert only(one, "person")["phone"] == "13900002222"


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ("person:999", "phone", "139"),
        ("staff:1", "name", "甲"),
        ("person", "phone", "139"),
        ("甲", "乙", "丙"),
        ("matter", "title", ""),
        ("matter", "police", "骑兵"),
        ("matter", "problem_on", "2026-02-30"),
        ("matter", "problem_on", "2026-03-03"),
        ("matter", "joint", "也许"),
        ("matter", "place_code", "000000"),
        ("item", "representatives", "6"),
        ("item", "people", "-1"),
        ("item", "people", "多人"),
        ("person", "role", "路人"),
        ("person", "name", "王小明"),
        ("matter", "received_on", ""),
        ("matter", "received_on", "1900-01-01"),
    ],
)
def test_what_cannot_be_is_refused(row: str, column: str, value: str, case: Callable[..., Case]) -> None:
    one = case()
    if ":" not in row and row in ("person", "item") and column != "phone":
        row = f"{row}:{only(one, row)['id']}"
    no(one, errors.InputError, row, column, value)


@pytest.mark.parametrize("column", ["state", "number", "rules", "unit", "sealed", "accepted_on", "query_code", "甲"])
def test_what_an_act_decided_is_no_registered_fact(column: str, case: Callable[..., Case]) -> None:
    assert "更正" in no(case(), errors.RuleError, "matter", column, "甲")


def test_rows_of_another_matter_are_out_of_reach(case: Callable[..., Case]) -> None:
    other = case()
    row = only(other, "person")["id"]
    no(case(), errors.InputError, f"person:{row}", "phone", "13900002222")


def test_the_day_of_receipt_moves_the_clocks(case: Callable[..., Case], register: Register) -> None:
    """C1: 15 calendar days (REG-2022 Art. 23). 2026-03-02 + 15 = 03-17; 2026-02-20 + 15 = 03-07."""
    one = case()
    assert register.rows("SELECT target_on FROM duty WHERE matter=? AND clock='C1'", (one.matter,)) == [("2026-03-17",)]
    before = standing(register, one.matter)
    no(one, errors.NotAllowedError, "matter", "received_on", "2026-02-20", who="reg")
    entry = put(one, "matter", "received_on", "2026-02-20", who="pu")
    assert register.rows("SELECT target_on FROM duty WHERE matter=? AND clock='C1'", (one.matter,)) == [("2026-03-07",)]
    assert only(one, "item")["received_on"] == one.column("received_on") == "2026-02-20"
    assert only(one, "event")["on_date"] == "2026-02-20"
    assert index_is_right(register)
    one.do("reverse", entry=entry, reason="原来没有错")
    after = standing(register, one.matter)
    assert {name: rows for name, rows in after.items() if name != "list"} == {
        name: rows for name, rows in before.items() if name != "list"
    }
    assert after["list"][0][:4] == before["list"][0][:4], "its place among those of the day is a new one"
    assert all(check.holds for check in verify(register))


def test_the_day_of_receipt_stays_in_its_rule_set_and_before_later_steps(case: Callable[..., Case]) -> None:
    """REG-2022 from 2022-05-01 (domain reference, section 3)."""
    one = screened(case)
    said = no(one, errors.RuleError, "matter", "received_on", "2022-04-30")
    assert "SC-431" in said
    put(one, "matter", "received_on", "2026-02-10")
    one.do("accept", "2026-02-25", on="2026-02-25")
    one.now = at("2026-03-02")
    assert "2026-02-25" in no(one, errors.RuleError, "matter", "received_on", "2026-02-26")


def test_the_day_a_transfer_came_starts_its_clock(case: Callable[..., Case], register: Register) -> None:
    one = case(transferred_on=date(2026, 3, 2), source="city_petition")
    item = only(one, "item")["id"]
    put(one, f"item:{item}", "transferred_on", "2026-02-27")
    assert only(one, "event")["on_date"] == "2026-02-27"
    assert one.column("received_on") == "2026-03-02"
    put(one, f"item:{item}", "received_on", "2026-02-26")
    assert only(one, "event")["on_date"] == "2026-02-27", "the clock runs from the transfer"
    assert one.column("received_on") == "2026-02-26"


def test_an_accused_put_right_bars_whoever_it_names_now(
    case: Callable[..., Case], register: Register, desk_of: Callable[..., Desk]
) -> None:
    one = case(accused=(accused("某办案"),))
    row = only(one, "accused")["id"]
    one.do("screen", category="claim", exit="6")
    one.do("accept")
    one.do("assign", unit="刑侦", handler="ho")
    no(one, errors.NotAllowedError, f"accused:{row}", "name", "刑办案", who="hu")
    entry = put(one, f"accused:{row}", "name", "刑办案", who="pu")
    assert one.column("handler") is None
    with pytest.raises(errors.InputError):
        desk_of("ho").matter(one.matter)
    one.do("reverse", who="pu", entry=entry, reason="就是某办案")
    assert one.column("handler") == one.staff("ho").id
    assert desk_of("ho").matter(one.matter).sight == "full"


def test_an_entry_made_by_mistake_is_removed_with_its_reason(case: Callable[..., Case], register: Register) -> None:
    one = case(people=(PersonDraft(name="王小明", main=True), PersonDraft(name="路过人")))
    row = next(person["id"] for person in one.desk.matter(one.matter).people if person["name"] == "路过人")
    put(one, f"person:{row}", "removed", "")
    assert [person["name"] for person in one.desk.matter(one.matter).people] == ["王小明"]
    assert (register.record("person", row) or {})["removed"] == "登记有误"
    assert not one.desk.search("路过人").lines
    no(one, errors.InputError, f"person:{row}", "phone", "13900002222")


def test_claims_stand_once_they_are_answered(case: Callable[..., Case], register: Register) -> None:
    one = screened(case)
    with register.act("issue", by=register.person, at=at("2026-03-02"), matter=one.matter) as act:
        act.set("matter", one.matter, opinion_on="2026-03-02")
    assert "第三十二条" in no(one, errors.RuleError, f"claim:{one.claim()}", "request", "别的")


def test_what_was_recorded_in_the_handling_is_not_rewritten(case: Callable[..., Case], register: Register) -> None:
    one = case()
    one.do("note", text="甲")
    row = register.rows("SELECT id FROM passage WHERE matter=? AND kind='note'", (one.matter,))[0][0]
    assert "撤销" in no(one, errors.RuleError, f"passage:{row}", "body", "乙")


def test_columns_that_may_be_put_right_hold_no_decision_and_no_seal() -> None:
    decided = {"state", "rules", "overlay", "unit", "handler", "sealed", "confidential", "category", "exit", "decision",
               "conclusion", "closing", "number", "query_code", "matter", "anonymous", "address_unclear"}  # fmt: skip
    for table in column_words.tables():
        assert not decided & set(column_words.amendable(table)), table
