"""Corners of the table of acts and of what is typed: each word, each kind of input, each reason in its order.

Each was shown by a small fault that no other test noticed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models import acts, errors, handling, policy
from models.records import InputField, Staff
from models.register import Register
from tests.models.cases import Case
from tests.models.conftest import person, unit

EVERYONE = Staff(id=1, login="a", name="甲", unit=None, roles=policy.WORKING_ROLES)


def matter(**more: Any) -> dict[str, Any]:
    return {"state": "S2", "category": "claim", "rules": "REG-2022", "exit": 6, "supervised": False, **more}


def typed(register: Register, kind: str, value: Any, table: str = "", *, required: bool = False) -> Any:
    from models import codes

    field = InputField(
        name="x", kind=kind, required=required, choices=codes.codes(table) if table else (), table=table, zh="某项",
        en="Thing",
    )  # fmt: skip
    return handling._value(register, field, value, register.person)


def test_an_act_of_one_regulation_is_open_under_that_alone() -> None:
    for only, under, beside in (("2005", "SC-431", "REG-2022"), ("2022", "REG-2022", "SC-431")):
        act = replace(acts.rule("transfer"), rules=only)  # type: ignore[arg-type]  # one of two
        assert acts.refusal(act, matter(rules=under), EVERYONE) is None
        refused = acts.refusal(act, matter(rules=beside), EVERYONE)
        assert refused is not None
        assert beside in refused.message.en
        assert acts.refusal(replace(act, rules=""), matter(rules=beside), EVERYONE) is None


def test_what_is_not_screened_has_no_class_that_could_refuse() -> None:
    for category in (None, ""):
        assert acts.refusal(acts.rule("transfer"), matter(category=category), EVERYONE) is None
    assert acts.refusal(acts.rule("transfer"), matter(category="accusation"), EVERYONE) is not None


def test_only_a_claim_of_2022_is_refused_by_its_exit() -> None:
    accept = acts.rule("accept")
    assert acts.refusal(accept, matter(exit=None), EVERYONE) is not None
    assert acts.refusal(accept, matter(exit=5), EVERYONE) is not None
    assert acts.refusal(accept, matter(category="other", exit=None), EVERYONE) is None
    assert acts.refusal(accept, matter(rules="SC-431", exit=None), EVERYONE) is None
    unscreened = acts.refusal(accept, matter(exit=None), EVERYONE)
    assert unscreened is not None
    assert "screen its route first" in unscreened.message.en
    assert "请先甄别其途径" in unscreened.message.zh
    closed = acts.refusal(acts.rule("contact"), matter(state="S13"), EVERYONE)
    assert closed is not None
    assert "已办结" in closed.message.zh


def test_the_targets_of_an_act() -> None:
    assert acts.rule("assign").targets == ("S5", "S5x")
    assert acts.rule("accept").targets == ("S4",)
    assert acts.rule("note").targets == ()
    assert acts.rule("review_decided").targets == ("S9", "S12")


@pytest.mark.parametrize(("text", "meant"), [
    (True, True), (False, False), ("1", True), ("true", True), ("YES", True), ("是", True), (" 是 ", True),
    ("0", False), ("False", False), ("no", False), ("否", False),
])  # fmt: skip
def test_yes_and_no_in_every_word(register: Register, text: object, meant: bool) -> None:
    assert typed(register, "flag", text) is meant


@pytest.mark.parametrize(("kind", "value", "table"), [
    ("flag", "perhaps", ""), ("date", "2026-02-30", ""), ("date", "soon", ""), ("number", "many", ""),
    ("unit", "没有这个单位", ""), ("unit", 77, ""), ("staff", "nobody", ""), ("staff", 77, ""),
    ("choice", "zz", "category"), ("claims", "[1", ""), ("claims", "[1]", ""), ("claims", {"1": "maybe"}, ""),
    ("claims", {"x": "support"}, ""),
])  # fmt: skip
def test_what_cannot_be_is_refused_by_its_name(register: Register, kind: str, value: Any, table: str) -> None:
    with pytest.raises(errors.InputError) as found:
        typed(register, kind, value, table)
    assert "某项" in found.value.message.zh
    assert "Thing" in found.value.message.en


def test_what_may_be_typed_is_taken_as_it_is_meant(register: Register) -> None:
    police = unit(register, "刑侦")
    assert [typed(register, "unit", value) for value in (police, str(police), "刑侦", "刑事侦查大队")] == [police] * 4
    officer = person(register, "ho").id
    assert [typed(register, "staff", value) for value in (officer, "ho", "刑办案")] == [officer] * 3
    assert typed(register, "number", "12") == 12
    assert (
        typed(register, "choice", "申诉求决", "category") == typed(register, "choice", "claim", "category") == "claim"
    )
    assert typed(register, "choice", "6", "exit") == 6
    assert typed(register, "text", "  甲 ") == "甲"
    assert typed(register, "text", " ") == ""
    with pytest.raises(errors.MissingPartError):
        typed(register, "text", " ", required=True)
    decided = {7: {"decision": "support", "grounds": ""}}
    assert typed(register, "claims", '{"7": "support"}') == typed(register, "claims", {"7": "支持"}) == decided
    assert typed(register, "claims", {7: {"decision": "support"}}) == decided


def test_a_unit_or_person_that_is_closed_is_not_chosen(register: Register) -> None:
    police, officer = unit(register, "刑侦"), person(register, "suo").id
    with register.act("close_staff", by=register.person, at=Case(register).now) as act:
        act.set("unit", police, closed=True)
        act.set("staff", officer, closed=True)
    for kind, value in (("unit", police), ("staff", "suo"), ("staff", "所民警")):
        with pytest.raises(errors.InputError):
            typed(register, kind, value)


def test_an_input_that_the_act_does_not_have_is_refused_with_those_it_has(case: Callable[..., Case]) -> None:
    with pytest.raises(errors.InputError) as found:
        case().do("screen", colour="red", category="claim")
    assert "colour" in found.value.message.en
    assert "category" in found.value.message.en


def test_where_nobody_can_be_told_no_notice_goes_out(case: Callable[..., Case]) -> None:
    """REG-2022 Art. 23: name or address unclear; the letter to the other organ goes out all the same."""
    one = case().do("exempt_notice", reason="地址不详").do("screen", category="claim", exit="6")
    one.do("transfer", destination_name="邻县公安局")
    assert [line.kind for line in one.desk.matter(one.matter).documents] == ["transfer_slip"]
    told = case().do("screen", category="claim", exit="6").do("transfer", destination_name="邻县公安局")
    assert {line.kind for line in told.desk.matter(told.matter).documents} == {"transfer_slip", "destination_notice"}


def test_a_step_is_not_taken_tomorrow_nor_before_the_day_of_receipt(case: Callable[..., Case]) -> None:
    one = case()
    for on, said in (("2026-03-03", "之后"), ("2026-03-01", "早于收到日期")):
        assert said in one.refused("contact", errors.InputError, way="电话", record="甲", on=on).message.zh
    one.do("contact", way="电话", record="甲", on="2026-03-02")


def test_an_extension_counts_for_the_handling_in_which_it_was_given(case: Callable[..., Case]) -> None:
    one = case().accept().assign().do("extend", days=30, reason="复杂")
    assert "31" in case().accept().assign().refused("extend", errors.InputError, days=31, reason="复杂").message.zh
    assert one.do("assign", unit="督察").state == "S5x"
    row = one.register.record("matter", one.matter)
    assert row is not None
    assert row["state"] == "S5x"


def test_a_dated_fact_tells_letter_paper_day_and_note(case: Callable[..., Case]) -> None:
    one = case().do("screen", category="claim", exit="6").do("accept").do("withdraw", papers="withdrawal")
    found = one.register.records("event", "matter=? ORDER BY id", (one.matter,))
    kinds = {row["kind"]: row for row in found}
    letter = one.register.record("document", kinds["accepted"]["document"])
    paper = one.register.record("document", kinds["withdrawn"]["document"])
    assert letter is not None
    assert paper is not None
    assert (letter["kind"], letter["state"]) == ("acceptance_notice", "issued")
    assert (paper["kind"], paper["state"]) == ("withdrawal", "incoming")
    assert kinds["accepted"]["staff"] == one.founder.id
    assert [kinds["accepted"][name] for name in ("days", "until", "note")] == [None, None, None]
