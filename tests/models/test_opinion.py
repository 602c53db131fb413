"""The opinion: each claim decided, the draft checked by law and signed by another; what was sent back is not repeated.

Days are those of 2026; worked examples name the article.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from models import errors
from models.desk import Desk
from models.register import Register
from models.steps import opinion
from tests.models.cases import BASIS, REPLY, Case
from tests.models.conftest import NOW, at, person

FACTS = "查明已立案。"


def ready(case: Callable[..., Case], **changed: object) -> Case:
    return case(**changed).accept().assign().find_out()


# --- drafting ---------------------------------------------------------------------------------------------------------


def test_a_draft_is_the_handlers_or_the_units(case: Callable[..., Case]) -> None:
    one = ready(case)
    texts = {"facts": FACTS, "basis": BASIS, "claims": {"1": "support"}}
    for wrong in ("pu", "dl", "leg"):
        assert "承办民警" in one.refused("draft", errors.NotAllowedError, by=wrong, **texts).message.zh
    one.do("draft", by="hu", **texts)
    assert one.state == "S6"


def test_a_draft_is_not_dated_before_acceptance_or_in_the_future(case: Callable[..., Case]) -> None:
    one = case().do("screen", category="claim", exit="6").do("accept", "2026-03-05").assign().find_out()
    texts = {"facts": FACTS, "basis": BASIS, "claims": {"1": "support"}}
    assert "2026-03-05" in one.refused("draft", errors.InputError, on="2026-03-04", **texts).message.zh
    one.refused("draft", errors.InputError, on="2026-03-06", **texts)
    for part in ("facts", "basis"):
        less = {name: text for name, text in texts.items() if name != part}
        assert one.refused("draft", errors.MissingPartError, **less).parts == (part,)  # type: ignore[attr-defined]


def test_a_new_draft_takes_the_place_of_the_earlier_one(case: Callable[..., Case]) -> None:
    one = ready(case).draft("refuse").do("return_draft", reason="依据不足", by="leg")
    assert one.state == "S5"
    one.draft("explain", facts="查明未立案。")
    found = [row["body"] for row in one.rows("passage") if row["kind"] in ("facts_found", "basis")]
    assert found == ["查明未立案。", BASIS]
    kept = one.register.rows("SELECT removed FROM passage WHERE body=?", (FACTS,))
    assert kept == [(opinion.SUPERSEDED,)]
    assert one.register.rows("SELECT decision FROM claim") == [("explain",)]
    one.check().do("issue")
    facts = one.register.row("SELECT facts FROM document WHERE kind='answer'")
    assert facts
    assert "查明未立案" in facts[0]
    assert FACTS not in facts[0]


def test_a_returned_draft_needs_its_reason_and_leads_back_into_the_time_that_counts(case: Callable[..., Case]) -> None:
    one = case().accept().do("extend", days=10, reason="复杂").assign().find_out().draft()
    assert one.refused("return_draft", errors.MissingPartError).parts == ("reason",)  # type: ignore[attr-defined]
    assert one.refused("return_draft", errors.NotAllowedError, reason="甲", by="ho").message.zh
    assert one.do("return_draft", reason="补充依据", by="dl").state == "S5x"


# --- the legal check --------------------------------------------------------------------------------------------------


def test_nothing_is_signed_before_the_law_agreed_to_this_very_draft(case: Callable[..., Case]) -> None:
    """SC-431 Art. 32; REG-2022 Art. 32; the legal check is a project rule."""
    one = ready(case).draft()
    assert "法制审核" in one.refused("issue", errors.RuleError).message.zh
    assert "issue" not in one.open("dl")
    one.check(result="amend", opinion_text="依据应引全称")
    one.refused("issue", errors.RuleError)
    bodies = [row["body"] for row in one.rows("passage") if row["kind"] == "legal"]
    assert bodies == ["须修改：依据应引全称"]
    one.check()
    assert "issue" in one.open("dl")
    one.do("return_draft", reason="再核").draft()
    assert "issue" not in one.open("dl")
    one.check().do("issue", by="dl")
    assert one.state == "S7"


def test_who_drafted_neither_checks_nor_signs(case: Callable[..., Case], register: Register) -> None:
    with register.act("set_roles", by=register.person, at=NOW) as act:
        act.set("staff", person(register, "ho").id, roles='["DL","HO","LEG"]')
    one = ready(case).draft()
    for act_name in ("legal_check", "issue"):
        assert act_name not in one.open("ho")
    checked = {"result": "agree", "opinion_text": "同意"}
    assert "拟稿人" in one.refused("legal_check", errors.NotAllowedError, by="ho", **checked).message.zh
    one.check()
    assert "MPS-79 Art. 15" in one.refused("issue", errors.NotAllowedError, by="ho").message.en
    one.do("issue", by="dl")


def test_the_legal_check_comes_after_the_draft_and_from_the_legal_officer(case: Callable[..., Case]) -> None:
    one = ready(case).draft(day="2026-03-10")
    checked = {"result": "agree", "opinion_text": "同意"}
    one.refused("legal_check", errors.InputError, on="2026-03-09", **checked)
    one.refused("legal_check", errors.NotAllowedError, by="hu", **checked)
    one.refused("legal_check", errors.MissingPartError, result="agree")
    one.do("legal_check", on_paper="yes", **checked)
    row = one.register.row("SELECT document FROM event WHERE kind='legal_checked'")
    assert row
    paper = one.register.record("document", row[0]) or {}
    assert paper["kind"] == "legal_review"
    assert '"result_text":"同意"' in paper["facts"]


# --- signing ----------------------------------------------------------------------------------------------------------


def test_a_major_matter_is_signed_by_the_chief(case: Callable[..., Case]) -> None:
    """Domain reference, 9.1: general matters by the deputy in charge, major ones by the main leader."""
    one = ready(case).draft().check()
    with one.register.act("mark", by=one.founder, at=NOW, matter=one.matter) as act:
        act.set("matter", one.matter, major=True)
    assert "重大事项" in one.refused("issue", errors.NotAllowedError, by="dl").message.zh
    one.do("issue", by="ch")
    assert one.state == "S7"


def test_what_is_supported_opens_a_task_until_a_day(case: Callable[..., Case]) -> None:
    """SC-431 Art. 32; REG-2022 Art. 32: support is carried out; the day is a project rule."""
    one = ready(case, claims=("书面答复", "追回自行车", "道歉"))
    grounds = {"grounds": "经查属实"}
    claims = {"1": "support", "2": {"decision": "partly", **grounds}, "3": {"decision": "refuse", **grounds}}
    one.do("draft", facts=FACTS, basis=BASIS, claims=claims).check()
    bare = one.refused("issue", errors.MissingPartError)
    assert bare.parts == ("execute_by",)  # type: ignore[attr-defined]
    assert "第三十二条" in bare.message.zh
    early = one.refused("issue", errors.InputError, "2026-03-10", execute_by="2026-03-09")
    assert early.field == "execute_by"  # type: ignore[attr-defined]
    one.do("issue", execute_by="2026-04-10")
    assert one.column("conclusion") == "partly"
    tasks = one.rows("task")
    assert [(task["kind"], task["what"], task["opened_on"], task["due_on"]) for task in tasks] == [
        ("execution", "书面答复", "2026-03-10", "2026-04-10"),
        ("execution", "追回自行车", "2026-03-10", "2026-04-10"),
    ]
    assert {task["unit"] for task in tasks} == {one.column("unit")}
    assert one.clock("C-execute").due is not None
    assert one.clock("C-execute").due.last_on == date(2026, 4, 10)  # type: ignore[union-attr]  # asserted above


def test_an_answer_that_explains_opens_no_task(case: Callable[..., Case]) -> None:
    one = ready(case).draft("explain").check().do("issue")
    assert one.rows("task") == []
    assert "supported" not in [kind for kind, _ in one.events()]


def test_an_answer_without_a_hearing_says_why(case: Callable[..., Case], desk_of: Callable[..., Desk]) -> None:
    """SC-431 Art. 31; MPS-79 Art. 24; REG-2022 Art. 31(6)."""
    one = case().accept().assign().do("answer_unit", **REPLY)
    assert one.refused("draft", errors.MissingPartError, facts=FACTS, basis=BASIS, claims={"1": "support"}).parts == (  # type: ignore[attr-defined]
        "unheard_reason",
    )
    one.draft(unheard_reason="信访人多次约谈不到").check().do("hear", record="终于听取").do("issue")
    facts = one.register.row("SELECT facts FROM document WHERE kind='answer'")
    assert facts
    assert "终于听取" in facts[0]
    assert "约谈不到" not in facts[0]


# --- sent back --------------------------------------------------------------------------------------------------------


def sent_back(case: Callable[..., Case]) -> Case:
    """Return a matter whose answer of 03-10 was sent back on 04-01, in hand again with the same unit."""
    one = ready(case).draft("refuse", day="2026-03-10").check().do("issue")
    one.now = at("2026-04-01")
    with one.register.act("send_back", by=one.founder, at=one.now, matter=one.matter) as act:
        columns = {"matter": one.matter, "kind": "sent_back", "on_date": "2026-04-01", "until": "2026-05-06"}
        act.insert("event", columns)
        act.set("matter", one.matter, state="S5")
    return one.do("assign", unit="刑侦", handler="ho")


def test_what_was_sent_back_is_not_answered_the_same_again(case: Callable[..., Case]) -> None:
    """As Beijing Reg. Art. 50, Shandong Reg. Art. 45: not the same on the same facts and reasons."""
    one = sent_back(case)
    refused_again = {"1": {"decision": "refuse", "grounds": "再查仍无据"}}
    texts = {"facts": FACTS, "basis": BASIS, "claims": refused_again}
    assert "尚未书面答复" in one.refused("draft", errors.RuleError, **texts).message.zh
    one.do("answer_unit", **REPLY)
    same = one.refused("draft", errors.RuleError, **texts)
    assert "北京市信访条例" in same.message.zh
    assert "Shandong Reg. Art. 45" in same.message.en
    one.refused("draft", errors.RuleError, **{**texts, "facts": "查明，已立案！ "})
    one.do("draft", **{**texts, "facts": "补充调取监控，查明嫌疑人已到案。"})
    assert one.state == "S6"


@pytest.mark.parametrize(
    "changed",
    [{"basis": "《治安管理处罚法》第四十九条"}, {"claims": {"1": {"decision": "partly", "grounds": "部分属实"}}}],
)
def test_other_reasons_or_another_decision_are_a_new_answer(
    changed: dict[str, object], case: Callable[..., Case]
) -> None:
    one = sent_back(case).do("answer_unit", **REPLY)
    texts = {"facts": FACTS, "basis": BASIS, "claims": {"1": {"decision": "refuse", "grounds": "无据"}}}
    one.do("draft", **{**texts, **changed})
    assert one.state == "S6"


def test_an_answer_that_stood_may_be_said_again_in_a_later_draft(case: Callable[..., Case]) -> None:
    """Only what was sent back is barred: a returned draft may keep its words."""
    one = ready(case).draft("refuse").do("return_draft", reason="改错字").draft("refuse")
    assert one.state == "S6"
