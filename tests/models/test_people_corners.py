"""Corners of the people of a matter, and of matters that are one.

Each was shown by a small fault that no other test noticed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from models import errors
from models.records import PersonDraft
from tests.models.cases import Case
from tests.models.conftest import accused, person

SAME = {"same_person": "yes", "same_substance": "yes", "compared": "事实和诉求相同"}


def names(one: Case) -> list[str | None]:
    return [row["name"] for row in one.rows("person")]


def number(one: Case) -> str:
    return str(one.column("number"))


def test_an_entry_without_a_name_is_no_namesake(case: Callable[..., Case]) -> None:
    one = case(people=(PersonDraft(phone="19900001234", main=True),))
    one.do("add_person", role="petitioner", name="李四").do("add_person", role="agent", name="赵律师", acts_for="李四",
                                                              mandate="委托书1号")  # fmt: skip
    assert names(one) == [None, "李四", "赵律师"]
    assert "李四" in one.refused("remove_person", errors.InputError, person="无此人", reason="误录").message.zh
    one.do("remove_person", person="1", reason="误录")
    assert names(one) == ["李四", "赵律师"]
    assert [bool(row["main"]) for row in one.rows("person")] == [True, False]


def test_who_is_not_the_main_petitioner_leaves_the_main_one_in_place(case: Callable[..., Case]) -> None:
    one = case().do("add_person", role="petitioner", name="李四").do("add_person", role="petitioner", name="张三")
    one.do("remove_person", person="李四", reason="误录")
    assert [(row["name"], bool(row["main"])) for row in one.rows("person")] == [("王小明", True), ("张三", False)]


def test_an_anonymous_matter_may_lose_its_only_entry(case: Callable[..., Case]) -> None:
    one = case(anonymous=True, people=())
    one.do("add_person", role="petitioner", name="李四")
    assert [bool(row["main"]) for row in one.rows("person")] == [True], "the first petitioner is the main one"
    one.do("remove_person", person="李四", reason="误录")
    assert names(one) == []
    one.do("complete_person", name="张三", phone="199 0000 5678", id_number="11010519491231002x")
    (row,) = one.rows("person")
    assert (row["name"], row["phone"], row["id_number"]) == ("张三", "19900005678", "11010519491231002X")
    assert (bool(row["main"]), row["role"], row["kind"]) == (True, "petitioner", "person")


def test_a_namesake_with_another_part_is_another_entry(case: Callable[..., Case]) -> None:
    one = case().do("add_person", role="representative", name="王小明")
    assert [row["role"] for row in one.rows("person")] == ["petitioner", "representative"]
    one.refused("add_person", errors.InputError, role="representative", name="王小明")
    one.do("add_person", role="petitioner", name="李四", kind="organisation", address="示例县")
    assert (one.rows("person")[2]["address"], one.rows("person")[2]["acts_for"]) == ("示例县", None)


def test_an_accused_handler_or_reader_has_nothing_more_to_do_with_it(case: Callable[..., Case]) -> None:
    """MPS-79 Art. 10; REG-2022 Art. 30: named by the officer or by the unit."""
    one = case(confidential=True).accept().assign()
    handler = person(one.register, "ho")
    sees = "SELECT count(*) FROM reader WHERE matter=? AND staff=? AND ended_on IS NULL"
    assert one.register.row(sees, (one.matter, handler.id)) == (1,)
    one.do("name_accused", kind="person", name="某人")
    assert one.column("handler") == handler.id
    one.do("name_accused", kind="person", name="刑办案", staff="ho")
    assert one.column("handler") is None
    assert one.register.row(sees, (one.matter, handler.id)) == (0,)
    assert one.register.row(sees, (one.matter, one.founder.id)) == (1,)
    assert [(row["name"], row["staff"]) for row in one.rows("accused")] == [("某人", None), ("刑办案", handler.id)]
    assert "被反映" in one.refused("name_reader", errors.RuleError, staff="ho", reason="承办").message.zh
    one.do("name_reader", staff="di", reason="督察").do("end_reader", staff="di", reason="调离")


def test_readers_are_of_sealed_matters(case: Callable[..., Case]) -> None:
    for act in ("name_reader", "end_reader"):
        assert "没有限定" in case().refused(act, errors.RuleError, staff="di", reason="督察").message.zh


def test_a_claim_is_named_by_its_place_and_added_behind_all(case: Callable[..., Case]) -> None:
    one = case(claims=("甲", "乙")).do("remove_claim", claim=2, reason="误录").do("add_claim", request="丙")
    assert [(row["place"], row["request"]) for row in one.rows("claim")] == [(1, "甲"), (3, "丙")]
    said = one.refused("remove_claim", errors.InputError, claim=2, reason="误录").message
    assert "1、3" in said.zh
    assert "1, 3" in said.en


def test_a_matter_that_others_were_joined_to_is_not_joined_itself(case: Callable[..., Case]) -> None:
    first, second, third = case(), case(received_on=date(2026, 3, 10)), case(received_on=date(2026, 3, 12))
    third.do("join_matter", earlier=number(second), told="甲", **SAME)
    refused = second.refused("join_matter", errors.RuleError, "2026-03-12", earlier=number(first), told="甲", **SAME)
    assert "已有其他事项并入本事项" in refused.message.zh
    third.do("unjoin_matter", reason="误并")
    second.do("join_matter", earlier=number(first), told="甲", **SAME)
    assert second.state == "S13"


def test_what_was_joined_and_parted_is_as_before(case: Callable[..., Case]) -> None:
    """The same day of receipt is no later one; the notice that joining told is taken back with it."""
    first, second = case(), case()
    second.refused("join_matter", errors.MissingPartError, earlier=number(first), **SAME)
    second.do("join_matter", earlier=number(first), told="已在办理", **SAME)
    assert [row["repeat"] for row in second.register.records("item", "matter=?", (second.matter,))] == [1]
    assert [kind for kind, _ in second.events()] == ["received", "noticed", "closed"]
    assert (second.column("joined"), second.column("closing")) == (first.matter, "filed")
    second.do("unjoin_matter", reason="误并")
    assert (second.column("joined"), second.column("closing"), second.column("closed_on")) == (None, None, None)
    assert [row["repeat"] for row in second.register.records("item", "matter=?", (second.matter,))] == [0]
    assert second.clock("C1").running


def test_two_entries_that_cannot_be_one(case: Callable[..., Case]) -> None:
    one = case().do("add_person", role="petitioner", name="某公司", kind="organisation")
    one.do("add_person", role="agent", name="赵律师", acts_for="王小明", mandate="委托书1号")
    one.do("add_person", role="petitioner", name="王晓明", id_number="53010219200508011X")
    tie: dict[str, Any] = {"ground": "同一人"}
    said = {
        ("1", "1"): "同一条登记", ("1", "2"): "一处是单位", ("1", "赵律师"): "代理人不作为", ("3", "1"): "代理人不作为",
        ("1", "王晓明"): "证件号码不同",
    }  # fmt: skip
    for (own, other), words in said.items():
        error = one.refused("merge_person", _kind(words), person=own, same_as=other, **tie)
        assert words in error.message.zh
    assert "没有同一信访人" in one.refused("split_person", errors.RuleError, person="1", reason="误").message.zh


def _kind(words: str) -> type[errors.RuleError]:
    return errors.InputError if "同一条" in words else errors.RuleError


def test_two_entries_are_one_until_they_are_parted(case: Callable[..., Case]) -> None:
    one = case().do("add_person", role="petitioner", name="王晓明", phone="19900001234")
    one.do("merge_person", person="1", same_as="2", ground="同一电话")
    for own, other in (("1", "2"), ("2", "1")):
        again = one.refused("merge_person", errors.InputError, person=own, same_as=other, ground="同一电话")
        assert "已认定" in again.message.zh
    one.do("add_person", role="petitioner", name="李四")
    assert "没有与其他" in one.refused("split_person", errors.RuleError, person="李四", reason="误").message.zh
    one.do("split_person", person="2", reason="误认")
    assert one.rows("same_person") == []


def test_named_in_the_unit_accused(case: Callable[..., Case]) -> None:
    one = case(accused=(accused("刑事侦查大队", kind="unit"),)).do("screen", category="claim", exit="6")
    assert "被反映" in one.refused("accept", errors.RuleError, unit="刑侦").message.zh
    for destination in ("刑事侦查大队", " 刑事侦查大队 "):
        error = one.refused("transfer", errors.RuleError, destination_name=destination)
        assert "被反映" in error.message.zh
    one.refused("transfer", errors.RuleError, destination_name="某机关", destination="刑侦")
    one.do("transfer", destination_name="某机关")


def test_a_group_visit_may_be_told_as_one_where_there_is_a_visit(case: Callable[..., Case]) -> None:
    one = case().do("set_group", people=2, group="yes")
    assert one.column("group_visit")
    one.do("set_group", people=9, group="no", representatives=0)
    assert not one.column("group_visit")
    one.do("set_group", people=3, representatives=3)
