"""The steps of a key case: each lawful way through, and every refusal, with its article and nothing written."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import errors, queues
from models.desk import put_setting
from models.figures import cases
from models.figures.source import DeskRows
from models.programme import dossier, evidence
from models.records import PaperDraft
from models.register import Register
from tests.models.conftest import NOW, accused, at, person, unit
from tests.models.programme_cases import KEY, PROGRAMME, KeyCase, programmes, start

NEW_PLAN: dict[str, Any] = {
    "reason": "多轮未果",
    "limit_on": date(2026, 6, 30),
    "methods": ["mediation"],
    "plan": "换人换思路。",
}


@pytest.fixture
def key(register: Register) -> KeyCase:
    """A matter of 2026-03-02 beside a running programme."""
    start(register)
    return KeyCase(register)


def refused(case: KeyCase, step: Callable[[], object], words: str, words_en: str = "") -> errors.RuleError:
    """Assert that a step is refused with these words, with its source, and that nothing was written."""
    seq = case.register.seq
    with pytest.raises(errors.RuleError) as found:
        step()
    said = found.value.message
    assert words in said.zh, said.zh
    assert words_en in said.en, said.en
    assert said.zh.endswith("。")
    assert "（" in said.zh
    assert case.register.seq == seq
    return found.value


def row(case: KeyCase) -> dict[str, Any]:
    return case.register.records("key_case", "matter=? ORDER BY id DESC", (case.matter,))[0]


# --- inclusion --------------------------------------------------------------------------------------------------------


def test_a_case_is_entered_by_its_source(key: KeyCase) -> None:
    key.include(source="province", basis="省信交〔2026〕3号")
    file = key.file
    assert (file.line.source, file.basis, file.line.state) == ("province", "省信交〔2026〕3号", "open")
    assert file.programme_key == KEY
    assert [one.step for one in file.evidence if one.on] == ["entered"]
    refused(key, key.include, "已于 2026-03-02 列入", "is not entered twice")


@pytest.mark.parametrize("source", ["central", "ministry", "province"])
def test_an_assigned_case_has_the_number_of_its_assignment(source: str, key: KeyCase) -> None:
    refused(key, lambda: key.include(source=source), "须写明交办文号", "number of its assignment")


def test_what_was_closed_is_not_among_the_unended(key: KeyCase) -> None:
    key.do("screen", category="suggestion").do("reply", answer="已采纳", adopted="wholly").do("close", closing="filed")
    refused(key, lambda: key.include(source="since"), "已办结", "name its true source")
    key.include(source="backlog")
    assert key.file.line.state == "open", "a closed matter may be a case that was left from an earlier clean-up"


def test_the_programme_is_named_where_two_run(key: KeyCase, register: Register) -> None:
    programmes(register).create("2011-key-cases")
    with pytest.raises(errors.MissingPartError, match="2011-key-cases"):
        key.include()
    with pytest.raises(errors.InputError, match="不在专项"):
        key.include(programme="2011-key-cases")
    with pytest.raises(errors.InputError, match="没有“2010”这个专项"):
        key.include(programme="2010")
    key.include(programme=KEY)
    assert key.file.line.entered_on == date(2026, 3, 2)


def test_a_case_is_entered_within_the_time_of_the_programme(register: Register) -> None:
    start(register)
    late = KeyCase(register, received_on=date(2027, 1, 4))
    refused(late, late.include, "不在专项“重点案件化解专项”的时间 2026-03-01 至 2026-12-31 之内")


def test_without_a_programme_nothing_is_entered(register: Register) -> None:
    case = KeyCase(register)
    refused(case, case.include, "没有进行中的专项", "No programme is running")
    refused(case, case.plan, "没有列入重点信访案件", "not entered as a key case")


def test_after_a_programme_is_closed_another_takes_the_case_in(key: KeyCase, register: Register) -> None:
    key.include()
    with register.act("close_programme", by=register.person, at=at("2026-04-01")) as act:
        act.set("programme", row(key)["programme"], closed_on=date(2026, 4, 1))
    refused(key, lambda: key.include("2026-04-02"), "没有进行中的专项")
    second = programmes(register).create(
        PROGRAMME.__class__(
            key="second", name="第二期", from_on=date(2026, 4, 1), to_on=date(2026, 12, 31),
            stages=(PROGRAMME.stages[1],),
        )
    )  # fmt: skip
    refused(key, lambda: key.include("2026-04-02", programme=KEY), "已于 2026-04-01 关闭")
    key.include("2026-04-02")
    assert row(key)["programme"] == second
    files = programmes(register, "2026-04-02").of_matter(key.matter)
    assert [one.programme_key for one in files] == ["second", KEY]
    assert programmes(register, "2026-04-02").case(key.matter, KEY).line.case != files[0].line.case


# --- five exclusions --------------------------------------------------------------------------------------------------

EXCLUSIONS = {
    "X1": ({"ground": "2009 年已作出结论"}, "prior_conclusion", "2009 年已作出结论"),
    "X2": ({"case_number": "（2012）示行初字第5号", "case_stage": "一审"}, "", "（2012）示行初字第5号；一审"),
    "X3": ({"compared": "与协议所列事实相同"}, "stop_agreement", "与协议所列事实相同"),
    "X4": ({}, "conclusion", ""),
    "X5": ({"document_number": "示公（行）决〔2026〕12号"}, "", "示公（行）决〔2026〕12号"),
}


@pytest.mark.parametrize("kind", EXCLUSIONS)
def test_each_exclusion_keeps_its_evidence_and_the_case_stays_entered(kind: str, key: KeyCase) -> None:
    given, paper, ground = EXCLUSIONS[kind]
    key.include().do("exclude_key_case", "2026-03-05", papers=paper, exclusion=kind, **given)
    file = key.file
    assert (file.line.state, file.line.exclusion, file.excluded_on) == ("excluded", kind, date(2026, 3, 5))
    assert file.exclusion_ground == ground
    assert bool(file.exclusion_paper) == bool(paper)
    counted = programmes(key.register, "2026-03-05").one(KEY).counts
    assert (counted.entered, counted.excluded, counted.included) == (1, 1, 0)
    assert dict(counted.by_exclusion)[kind] == 1
    refused(key, key.plan, "不列入专项", "out of the programme")


@pytest.mark.parametrize(
    ("kind", "given", "words", "words_en"),
    [
        ("X1", {}, "须写明已有的结论", "needs the conclusion"),
        ("X1", {"ground": "已有结论"}, "须有“历史遗留问题的既有结论”在卷", "rests on the paper"),
        ("X2", {"case_stage": "一审"}, "须写明案号", "needs the case number"),
        ("X2", {"case_number": "5号"}, "须写明所处阶段", "needs the stage"),
        ("X3", {}, "没有新的事实和理由的比对", "not new"),
        ("X3", {"compared": "相同"}, "停访息诉协议", "rests on the paper"),
        ("X4", {}, "须有“终结认定文书”在卷", "rests on the paper"),
        ("X5", {}, "须写明文书号", "needs the document number"),
        ("X5", {"document_number": "示公决〔2026〕12号，某日在某地"}, "不是文书号", "is no document number"),
        ("X5", {"document_number": "拘留五日"}, "不是文书号", "is no document number"),
        ("X5", {"document_number": "示公决〔2026〕12号", "ground": "多次"}, "只登记文书号", "document number only"),
        ("X5", {"document_number": "示公决〔2026〕12号", "compared": "同"}, "只登记文书号", "document number only"),
        ("X2", {"case_number": "5号", "case_stage": "一审", "document_number": "示公决〔2026〕12号"},
         "文书号只用于第五种情形", "for X5"),
    ],
)  # fmt: skip
def test_an_exclusion_without_its_evidence_is_refused(
    kind: str, given: dict[str, str], words: str, words_en: str, key: KeyCase
) -> None:
    key.include()
    refused(key, lambda: key.do("exclude_key_case", exclusion=kind, **given), words, words_en)
    assert row(key)["exclusion"] is None


def test_the_fifth_kind_takes_no_paper(key: KeyCase) -> None:
    key.include()
    refused(
        key,
        lambda: key.do("exclude_key_case", papers="evidence", exclusion="X5", document_number="示公决〔2026〕12号"),
        "只登记文书号",
        "no paper",
    )


def test_a_paper_on_file_proves_an_exclusion_and_a_later_one_does_not(key: KeyCase) -> None:
    key.include()
    key.paper("commitment")
    key.do("exclude_key_case", exclusion="X3", compared="事实相同")
    assert key.file.exclusion_paper
    key.do("readmit_key_case", reason="有新的事实")
    late = KeyCase(key.register)
    late.include()
    late.now = at("2026-04-02")
    late.paper("conclusion", date(2026, 4, 2))
    late.now = at("2026-04-03")
    refused(late, lambda: late.do("exclude_key_case", exclusion="X4", on=date(2026, 4, 1)), "须有“终结认定文书”在卷")


def test_who_is_taken_in_again_is_open_with_its_history(key: KeyCase) -> None:
    key.include().do("exclude_key_case", "2026-03-05", exclusion="X5", document_number="示公决〔2026〕12号")
    refused(key, lambda: key.do("readmit_key_case", on=date(2026, 3, 4), reason="x"), "日期")
    key.do("readmit_key_case", "2026-03-09", reason="情况有变")
    assert key.file.line.state == "open"
    assert row(key)["exclusion_ground"] is None
    before = programmes(key.register, "2026-03-06").one(KEY).counts
    assert before.excluded == 1, "as of that day it was out"
    refused(key, lambda: key.do("readmit_key_case", reason="x"), "尚未化解", "not solved yet")


# --- the three meetings and the plan ----------------------------------------------------------------------------------


def test_the_whole_way_of_a_case(key: KeyCase) -> None:
    key.closed()
    file = key.file
    assert file.line.state == "closed"
    assert [one.step for one in file.evidence if one.on is None] == ["filed", "looked_back"]
    assert [part.present for part in file.dossier] == [True] * len(dossier.PARTS)
    assert file.outcomes == ("solved",)
    assert file.plans[0].methods == ("mediation", "law"), "mediation comes first, however it was typed"
    assert [one.counts for one in file.meetings] == [True, True, True]
    sheet = key.register.record("document", file.plans[0].document)
    assert sheet is not None
    facts = json.loads(sheet["facts"])["particulars"]
    assert facts["lead_officer"] == "分管长"
    assert facts["methods"] == "调解（优先）、法律"
    assert "城关所" in facts["met_petitioner"]
    assert "信访人已签名" in facts["met_petitioner"]
    assert facts["read_file"] == "2026-03-02；正卷一册"


@pytest.mark.parametrize("lacking", list(evidence.MEETINGS))
def test_no_plan_is_approved_before_the_three_meetings(lacking: str, key: KeyCase) -> None:
    acts: dict[str, tuple[str, dict[str, Any]]] = {
        "petitioner": ("meet_petitioner", {"place": "局", "present": "无", "note": "诉求", "signed": True}),
        "handler": ("meet_handler", {"note": "经过"}),
        "file": ("read_case_file", {"volumes": "一卷", "note": "症结"}),
    }
    key.include().plan()
    for kind, (name, inputs) in acts.items():
        if kind != lacking:
            key.do(name, by="dl", **inputs)
    found = refused(key, key.approve, "三见尚未完成，还缺：", "missing:")
    words = {"petitioner": "见信访人", "handler": "见承办人", "file": "阅卷"}
    assert f"还缺：{words[lacking]}。" in found.message.zh
    name, inputs = acts[lacking]
    key.do(name, by="dl", **inputs)
    key.approve()
    assert key.file.plans[0].approved_on == date(2026, 3, 2)


def test_meetings_are_the_leads_own_before_or_after_the_plan(key: KeyCase) -> None:
    key.include().meet()
    key.plan("2026-03-03", leader="ch")
    refused(key, key.approve, "三见尚未完成", "not complete")
    refused(key, lambda: key.meet(by="dl"), "由方案确定的包案领导（正局长）本人进行", "the lead officer's own")
    key.meet(by="ch").approve(by="dl")
    assert [one.counts for one in key.file.meetings] == [False] * 3 + [True] * 3


def test_a_petitioner_who_does_not_sign_gives_or_has_a_reason(key: KeyCase) -> None:
    key.include()
    given = {"place": "局", "present": "无", "note": "诉求"}
    refused(key, lambda: key.do("meet_petitioner", by="dl", **given), "须写明原因", "the reason is given")
    key.do("meet_petitioner", by="dl", **given, unsigned="不愿签名")
    meeting = key.file.meetings[0]
    assert (meeting.signed, meeting.unsigned) == (False, "不愿签名")


@pytest.mark.parametrize(
    ("given", "words", "words_en"),
    [
        ({"leader": None}, "须确定一名包案领导", "One lead officer is named"),
        ({"leader_name": "市局某"}, "须确定一名包案领导", "One lead officer is named"),
        ({"leader": "hu"}, "不是局领导", "no leader of the bureau"),
        ({"officer": "leg"}, "不承担办理职责", "no handling duty"),
        ({"limit_on": date(2026, 3, 2)}, "须在拟定之日 2026-03-02 之后", "lies after the day of the plan"),
        ({"methods": ["law"]}, "调解优先", "it comes first"),
        ({"on": date(2026, 3, 1)}, "早于", "before"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(given: dict[str, Any], words: str, words_en: str, key: KeyCase) -> None:
    key.include()
    refused(key, lambda: key.plan(**given), words, words_en)


def test_without_mediation_the_reason_is_kept(key: KeyCase) -> None:
    key.include().plan(methods="法律、政策", no_mediation="双方均不同意调解")
    plan = key.file.plans[0]
    assert (plan.methods, plan.no_mediation) == (("law", "policy"), "双方均不同意调解")


@pytest.mark.parametrize("given", [{"methods": ""}, {"methods": []}, {"methods": " 、 "}])
def test_a_plan_has_methods(given: dict[str, Any], key: KeyCase) -> None:
    key.include()
    with pytest.raises(errors.MissingPartError):
        key.plan(**given)
    with pytest.raises(errors.InputError, match="没有这个选项：稳控"):
        key.plan(methods=["mediation", "稳控"])


def test_nobody_who_is_accused_leads_or_answers(register: Register) -> None:
    start(register)
    case = KeyCase(register, accused=(accused("刑办案", staff=person(register, "ho").id),))
    case.include()
    refused(case, case.plan, "刑办案是被反映的人", "accused")


def test_a_unit_that_is_accused_is_not_responsible(register: Register) -> None:
    start(register)
    found = unit(register, "城关所")
    case = KeyCase(register, accused=(accused("城关派出所", kind="unit", unit=found),))
    case.include()
    refused(case, lambda: case.plan(unit="城关所"), "不能把检举、揭发的情况转给被反映的单位", "not passed on")


def test_lead_and_officer_of_a_sealed_case_read_it(register: Register) -> None:
    start(register)
    case = KeyCase(register, purpose="accusation", accused=(accused("某单位"),))
    case.include().plan()
    readers = {found for (found,) in register.rows("SELECT staff FROM reader WHERE matter=?", (case.matter,))}
    assert {person(register, login).id for login in ("dl", "ho", "hu")} <= readers
    case.meet()


@pytest.mark.parametrize(("complained_of", "approves"), [("ho", "ch"), ("ch", "dl")])
def test_a_sealed_case_of_a_higher_leader_has_somebody_to_approve_it(
    complained_of: str, approves: str, register: Register
) -> None:
    """REG-2022 Art. 30: the chief, or a deputy where the chief is complained of; never both without need."""
    start(register)
    with register.act("change_staff", by=register.person, at=NOW) as act:  # the founder has every role
        act.set("staff", register.person.id, roles='["HU", "PU", "REG"]')
    who = person(register, complained_of)
    case = KeyCase(register, purpose="accusation", accused=(accused(who.name, staff=who.id),))
    case.include().plan(leader=None, leader_name="市局副局长", officer=person(register, "hu").id)
    readers = {found for (found,) in register.rows("SELECT staff FROM reader WHERE matter=?", (case.matter,))}
    assert {person(register, login).id for login in ("ch", "dl")} & readers == {person(register, approves).id}
    case.meet(by=approves, leader_name="市局副局长").approve(by=approves)
    assert case.file.plans[-1].approved_on == case.on


def test_a_plan_drawn_again_before_its_approval_takes_the_place_of_the_first(key: KeyCase) -> None:
    refused(key.include(), key.approve, "没有待批准的化解方案", "No plan waits")
    key.plan().plan("2026-03-03", plan="重新拟定。").meet().approve()
    first, second = key.file.plans
    assert (first.ended_on, first.approved_on) == (date(2026, 3, 3), None)
    assert second.approved_on == date(2026, 3, 3)
    refused(key, key.plan, "已有 2026-03-03 批准的方案", "draw a new one with its cause")


def test_an_approval_comes_after_plan_and_meetings_and_before_the_limit(key: KeyCase) -> None:
    key.include().plan("2026-03-04").meet("2026-03-06")
    refused(key, lambda: key.do("approve_plan", by="ch", on=date(2026, 3, 3)), "早于拟定方案的日期 2026-03-04")
    refused(key, lambda: key.do("approve_plan", by="ch", on=date(2026, 3, 5)), "早于三见的日期 2026-03-06")
    refused(key, lambda: key.approve("2026-05-31"), "不在批准日期 2026-05-31 之后", "another limit")
    with pytest.raises(errors.NotAllowedError):
        key.approve("2026-03-06", by="pu")


def test_a_plan_is_filed_once(key: KeyCase) -> None:
    key.include().plan().meet()
    refused(key, lambda: key.do("file_plan"), "还没有批准的化解方案", "No plan was approved")
    key.approve("2026-03-04")
    refused(key, lambda: key.do("file_plan", on=date(2026, 3, 3)), "早于方案批准的日期")
    key.do("file_plan", "2026-03-05")
    assert key.file.plans[0].filed_on == date(2026, 3, 5)
    refused(key, lambda: key.do("file_plan"), "已于 2026-03-05 报备", "was filed on")


# --- rounds and changes -----------------------------------------------------------------------------------------------


def approved(key: KeyCase) -> KeyCase:
    return key.include().plan().meet().approve()


def test_a_round_follows_an_approved_plan(key: KeyCase) -> None:
    refused(key.include(), key.round, "还没有批准的化解方案")
    key.plan().meet().approve("2026-03-04").round(day="2026-03-06")
    assert [(one.method, one.result, one.officer) for one in key.file.rounds] == [("mediation", "none", "郑管理")]


@pytest.mark.parametrize("cause", ["handler_changed", "stepped_up"])
def test_handler_and_level_change_after_rounds_without_result(cause: str, key: KeyCase) -> None:
    new = {"officer": "suo", "unit": "城关所"} if cause == "handler_changed" else {"leader": "ch"}

    def change() -> KeyCase:
        return key.do("redraw_plan", cause=cause, **new, **NEW_PLAN)

    approved(key)
    refused(key, change, "只有 0 轮，满 2 轮", "0 rounds in a row")
    assert "0 轮" in key.file.why_not_change.zh
    key.round()
    refused(key, change, "只有 1 轮")
    key.round("partly")
    refused(key, change, "只有 0 轮", "change after 2")
    key.round().round()
    assert key.file.why_not_change is None
    change()
    pending = key.file.plans[-1]
    assert (pending.cause, pending.cause_told, pending.approved_on) == (cause, "多轮未果", None)
    assert key.file.line.limit_on == date(2026, 5, 31), "the old plan stays in force until the new one is approved"
    if cause == "stepped_up":
        refused(key, lambda: key.approve(by="dl"), "三见尚未完成")
        key.meet(by="ch")
    key.approve()
    assert key.file.line.limit_on == date(2026, 6, 30)
    assert key.file.plans[0].ended_on == date(2026, 3, 2)


def test_the_bureau_sets_how_many_rounds(key: KeyCase) -> None:
    with key.register.act("set_setting", by=key.founder, at=key.now) as act:
        put_setting(act, "programme.rounds_before_change", 3)
    approved(key).round().round()
    refused(key, lambda: key.do("redraw_plan", cause="handler_changed", officer="suo", **NEW_PLAN), "满 3 轮")
    key.round().do("redraw_plan", cause="handler_changed", officer="suo", **NEW_PLAN)


def test_a_leader_of_the_level_above_meets_and_reads_by_name(key: KeyCase) -> None:
    approved(key).round().round()
    key.do("redraw_plan", cause="stepped_up", leader_name="市局李副局长", **NEW_PLAN)
    refused(key, key.meet, "市局李副局长")
    key.meet(leader_name="市局李副局长").approve()
    line = key.file.line
    assert (line.leader, line.level) == ("市局李副局长", "higher")
    key.round().round()
    keeps = {**NEW_PLAN, "limit_on": date(2026, 7, 31)}
    key.do("redraw_plan", cause="renewed", **keeps).approve()
    assert key.file.line.leader == "市局李副局长"
    refused(
        key, lambda: key.do("redraw_plan", cause="stepped_up", leader_name="市局李副局长", **NEW_PLAN), "上一级领导包案"
    )


@pytest.mark.parametrize(
    ("cause", "given", "words", "words_en"),
    [
        ("handler_changed", {}, "须另定责任人或者责任单位", "another officer"),
        ("stepped_up", {}, "须由上一级领导包案", "a higher leader takes the case"),
        ("renewed", {"officer": "suo"}, "不变更包案领导、责任单位和责任人", "keeps lead, department and officer"),
        ("replaced", {}, "都在任，也没有回避", "both in office"),
        ("replaced", {"officer": "suo"}, "原责任人仍在任", "is in office"),
        ("replaced", {"leader": "ch"}, "原包案领导仍在任", "is in office"),
        ("rebound", {}, "用“拟定方案”", "as a first one"),
    ],
)
def test_a_change_names_the_cause_that_holds(
    cause: str, given: dict[str, Any], words: str, words_en: str, key: KeyCase
) -> None:
    approved(key).round().round()
    refused(key, lambda: key.do("redraw_plan", cause=cause, **given, **NEW_PLAN), words, words_en)


def test_who_left_is_replaced_without_rounds(key: KeyCase) -> None:
    approved(key)
    with key.register.act("close_staff", by=key.founder, at=key.now) as act:
        act.set("staff", person(key.register, "ho").id, closed=True)
    refused(key, lambda: key.do("redraw_plan", cause="renewed", **NEW_PLAN), "刑办案已经离任", "has left")
    key.do("redraw_plan", cause="replaced", officer="suo", **NEW_PLAN).approve()
    assert key.file.line.officer == "所民警"
    assert key.file.plans[0].officer == "刑办案", "who left keeps the name on what was done"


# --- outcomes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "method", "lacking"),
    [
        ("solved", "policy", "“达成一致”的化解记录"),
        ("explained", "mediation", "一次公开听证"),
        ("corrected", "aid", "补救任务"),
        ("helped", "mediation", "帮扶救助"),
    ],
)
def test_each_outcome_rests_on_a_record(outcome: str, method: str, lacking: str, key: KeyCase) -> None:
    approved(key).round("none", method)
    found = refused(
        key, lambda: key.do("solve_case", outcomes=[outcome], told="已告知"), lacking, "The outcome is not proved"
    )
    assert isinstance(found, errors.MissingPartError)
    assert found.parts == (outcome,)
    proofs = {"solved": ("settled", "policy"), "explained": ("none", "explanation"), "corrected": ("partly", "law"),
              "helped": ("partly", "aid")}  # fmt: skip
    key.round(*proofs[outcome]).do("solve_case", outcomes=[outcome], told="已告知")
    assert key.file.line.state == "solved"


def test_a_hearing_is_an_outcome_where_the_petitioner_still_disagrees(key: KeyCase) -> None:
    approved(key).round("none", "hearing").round("none", "aid")
    refused(key, lambda: key.do("solve_case", outcomes="explained,helped", told="已告知"), "帮扶救助")
    key.do("solve_case", outcomes=["explained"], told="已公开听证，信访人仍不同意")
    assert key.file.outcomes == ("explained",)


def test_what_was_done_before_its_entry_proves_nothing(key: KeyCase) -> None:
    key.do("screen", category="suggestion").do("reply", answer="已采纳", adopted="wholly")
    key.include("2026-03-05").plan().meet().approve()
    refused(key, lambda: key.do("solve_case", outcomes=["solved"], told="x"), "列入以后", "since its entry")


def test_what_was_supported_is_carried_out_before_the_case_is_solved(key: KeyCase, register: Register) -> None:
    approved(key).round("settled")
    with register.act("redo", by=key.founder, at=key.now, matter=key.matter) as act:
        task = act.insert(
            "task", {"matter": key.matter, "kind": "execution", "what": "退还", "opened_on": date(2026, 3, 2)}
        )
    refused(
        key, lambda: key.do("solve_case", outcomes=["solved"], told="x"), "尚未证明已执行", "not proved carried out"
    )
    with register.act("execute", by=key.founder, at=key.now, matter=key.matter) as act:
        act.set("task", task, done_on=date(2026, 3, 2))
    key.do("solve_case", outcomes=["solved"], told="x")
    refused(key, lambda: key.round(), "已化解", "solved")


# --- the dossier ------------------------------------------------------------------------------------------------------

PAPERS = {"report": "investigation_report", "commitment": "commitment", "material": "evidence"}


@pytest.mark.parametrize("lacking", PAPERS)
def test_a_dossier_with_a_missing_part_is_refused_by_its_name(lacking: str, key: KeyCase) -> None:
    approved(key).solve()
    for part, kind in PAPERS.items():
        if part != lacking:
            key.paper(kind)
    found = refused(
        key, lambda: key.do("report_case_closing"), f"还缺：{dossier.PARTS[lacking].zh}", dossier.PARTS[lacking].en
    )
    assert isinstance(found, errors.MissingPartError)
    assert found.parts == (lacking,)
    shown = {part.code: part.present for part in key.file.dossier}
    assert shown == {code: code not in (lacking, "review") for code in dossier.PARTS}
    key.do("report_case_closing", papers=PAPERS[lacking])
    assert key.file.reviews[0].reported_on == date(2026, 3, 2)


def test_all_missing_parts_are_named_together(key: KeyCase) -> None:
    approved(key).solve()
    found = refused(key, lambda: key.do("report_case_closing"), "调查报告")
    assert isinstance(found, errors.MissingPartError)
    assert found.parts == ("report", "commitment", "material")
    refused(key, lambda: key.do("record_city_review", papers="city_review", result="approved"), "没有待评查")


def test_the_unsigned_form_is_no_commitment_and_the_record_is(key: KeyCase) -> None:
    approved(key).solve()
    desk, result = key.desk, {"accepted_result": "已补偿"}
    desk.issue_letter(key.matter, "commitment_letter", result)
    parts = {part.code: part for part in key.file.dossier}
    assert not parts["commitment"].present
    assert "出于自愿" in parts["commitment"].told.zh
    desk.issue_letter(key.matter, "commitment_record", {**result, "record": "已告知结论，信访人未签名。"})
    parts = {part.code: part for part in key.file.dossier}
    assert parts["commitment"].present


def test_a_spoiled_paper_and_a_later_one_prove_nothing(key: KeyCase) -> None:
    approved(key).solve().dossier()
    found = key.register.row("SELECT id FROM document WHERE kind='investigation_report'")
    assert found
    with key.register.act("spoil", by=key.founder, at=key.now, matter=key.matter) as act:
        act.set("document", found[0], state="spoiled", reason="登错")
    refused(key, lambda: key.do("report_case_closing"), "还缺：调查报告")
    key.now = at("2026-03-10")
    key.paper("investigation_report", date(2026, 3, 9))
    refused(key, lambda: key.do("report_case_closing", on=date(2026, 3, 8)), "还缺：调查报告")


def material(key: KeyCase) -> str:
    """Return what proves the part “other material” of the dossier; empty when it is missing."""
    part = next(part for part in key.file.dossier if part.code == "material")
    return part.told.zh if part.present else ""


def test_an_answer_its_service_a_hearing_and_what_was_carried_out_are_material(key: KeyCase) -> None:
    approved(key).round("settled")
    assert material(key) == ""
    writing: dict[str, Any] = {"by": key.founder, "at": at("2026-03-10"), "matter": key.matter}
    with key.register.act("hold_hearing", **writing) as act:
        act.insert("hearing", {"matter": key.matter, "ordered_on": date(2026, 3, 3), "on_date": date(2026, 3, 9),
                               "ended_on": date(2026, 3, 10), "conclusion": "理由不成立"})  # fmt: skip
    key.now = at("2026-03-20")
    assert material(key) == "听证（2026-03-10）"
    key.do("screen", "2026-03-20", category="claim", exit="6").do("accept").assign()
    key.find_out()
    claims = {"1": {"decision": "support", "grounds": "属实"}}
    key.do("draft", facts="属实。", basis="《信访工作条例》第三十二条", claims=claims)
    key.do("legal_check", result="agree", opinion_text="同意").do("issue", execute_by=date(2026, 4, 1))
    assert "2026-03-20" in material(key), "the answer that was issued"
    number = key.register.row("SELECT id FROM document WHERE kind='answer'")
    assert number
    key.serve("2026-03-24", on=date(2026, 3, 24), way="in_person", receiver="王小明")
    key.do("execute", "2026-03-30", proof="已立案告知")
    with key.register.act("spoil", **writing) as act:
        act.set("document", number[0], state="spoiled", reason="x")
        for (paper,) in key.register.rows("SELECT id FROM document WHERE kind='proof_of_service'"):
            act.set("document", paper, state="spoiled", reason="x")
    assert material(key) == "送达（2026-03-24）"
    with key.register.act("reverse", **writing) as act:
        for table in ("service", "hearing"):
            for (found,) in key.register.rows(f"SELECT id FROM {table}"):
                act.set(table, found, removed="x")
    assert material(key) == "执行（2026-03-30）"


def test_what_counts_as_other_material(key: KeyCase) -> None:
    approved(key).solve()
    assert not {part.code: part.present for part in key.file.dossier}["material"]
    key.do("record_rebound", "2026-03-03", told="又反映").plan().meet().approve()
    key.round("partly", "aid")
    assert {part.code: part.present for part in key.file.dossier}["material"]
    told = {part.code: part.told.zh for part in key.file.dossier}["material"]
    assert told == "帮扶救助（2026-03-03）"


# --- the city's review ------------------------------------------------------------------------------------------------


def test_a_returned_closing_is_reported_again(key: KeyCase) -> None:
    approved(key).solve().dossier()
    key.do("report_case_closing", "2026-03-05")
    refused(key, lambda: key.do("report_case_closing"), "市局尚未评查", "has not reviewed it yet")
    refused(
        key,
        lambda: key.do("record_city_review", "2026-03-09", papers="city_review", result="returned"),
        "须写明评查意见",
        "its opinion is recorded",
    )
    with pytest.raises(errors.MissingPartError, match="市局审核意见"):
        key.do("record_city_review", result="approved")
    early = {"on": date(2026, 3, 4), "result": "approved"}
    refused(key, lambda: key.do("record_city_review", papers="city_review", **early), "早于")
    key.do("record_city_review", papers="city_review", result="returned", opinion="缺送达凭证")
    assert key.file.line.state == "solved"
    assert key.file.line.closed_on is None
    refused(key, lambda: key.do("report_case_closing", on=date(2026, 3, 8)), "早于")
    key.close("2026-03-12")
    assert [one.result for one in key.file.reviews] == ["returned", "approved"]
    assert key.file.line.closed_on == date(2026, 3, 12)
    assert all(part.present for part in key.file.dossier)


def test_a_case_that_the_city_finds_unsolved_goes_on(key: KeyCase) -> None:
    approved(key).solve().dossier().close("2026-03-09", "unsolved", opinion="信访人反映补偿未到位")
    file = key.file
    assert (file.line.state, file.line.solved_on) == ("open", None)
    assert "solved" not in file.line.reached
    counted = programmes(key.register, "2026-03-08").one(KEY).counts
    assert counted.solved == 1, "as of the day before it counted as solved"
    key.solve("2026-03-20").close("2026-03-25")
    assert key.file.line.state == "closed"


# --- look-back and rebound --------------------------------------------------------------------------------------------


def test_a_closed_case_is_looked_back_at(key: KeyCase) -> None:
    refused(approved(key).solve(), lambda: key.do("look_back", finding="holds", told="x"), "已化解，评查尚未同意结案")
    key.dossier().close("2026-03-09")
    refused(key, lambda: key.do("look_back", on=date(2026, 3, 8), finding="holds", told="x"), "早于")
    key.do("look_back", "2026-10-12", finding="holds", told="补偿已到位")
    assert key.file.line.reached[-1] == "looked_back"
    key.do("look_back", "2026-10-13", finding="flaw", told="答复漏一项")
    assert key.file.line.state == "closed"
    key.do("look_back", "2026-10-14", finding="rebound", told="补偿被扣回")
    file = key.file
    assert (file.line.state, file.line.rebound_on, file.rebound) == ("rebound", date(2026, 10, 14), "补偿被扣回")
    assert len(file.look_backs) == 3


@pytest.mark.parametrize("closed", [True, False])
def test_a_rebound_reopens_the_case_with_its_date_and_all_is_proved_anew(key: KeyCase, *, closed: bool) -> None:
    approved(key).solve().dossier()
    if closed:
        key.close("2026-03-09")
    refused(key, lambda: key.do("record_rebound", on=date(2026, 3, 1), told="x"), "早于")
    key.do("record_rebound", "2026-04-20", told="又反映补偿")
    file = key.file
    assert (file.line.state, file.line.rebound_on) == ("rebound", date(2026, 4, 20))
    assert file.line.reached == ("entered",)
    assert not any(part.present for part in file.dossier), "what closed it once does not close it again"
    before = programmes(key.register, "2026-04-19").one(KEY).counts
    assert (before.solved, before.closed, before.open) == (1, int(closed), 0)
    after = programmes(key.register, "2026-04-20").one(KEY).counts
    assert (after.solved, after.open, after.rebound) == (0, 1, 1)
    refused(key, lambda: key.do("solve_case", outcomes=["solved"], told="x"), "还没有批准的化解方案")
    refused(key, lambda: key.do("record_rebound", told="x"), "已反弹")
    key.plan("2026-04-21")
    assert key.file.plans[-1].cause == "rebound"
    refused(key, key.approve, "三见尚未完成")
    key.meet().approve().solve("2026-04-28").dossier().close("2026-05-06")
    assert key.file.line.state == "closed"
    assert [one.step for one in key.file.evidence if one.on is None] == ["filed", "looked_back"]


def test_a_commitment_bars_no_new_matter(key: KeyCase) -> None:
    key.closed()
    again = KeyCase(key.register)
    assert again.matter != key.matter
    again.include().plan()
    assert again.file.line.state == "open"


# --- every act --------------------------------------------------------------------------------------------------------


def test_steps_on_what_is_no_case_are_told_in_words(key: KeyCase) -> None:
    key.desk.person = person(key.register, "pu")
    closed = {one.name: one.reason_zh for one in key.desk.open_acts(key.matter)[1]}
    for name in ("draw_plan", "file_plan", "solve_case", "report_case_closing", "record_city_review", "record_rebound",
                 "look_back", "exclude_key_case", "readmit_key_case", "redraw_plan", "record_round"):  # fmt: skip
        assert "没有列入重点信访案件" in closed[name], name


def test_the_main_state_of_a_matter_does_not_move(key: KeyCase) -> None:
    before = key.register.record("matter", key.matter)
    key.closed().do("look_back", finding="rebound", told="x")
    after = key.register.record("matter", key.matter)
    assert before == after


def test_a_step_that_is_reversed_takes_its_evidence_with_it(key: KeyCase) -> None:
    key.closed()
    assert key.file.line.state == "closed"
    key.do("reverse", entry=str(key.register.seq), reason="登错")
    assert (key.file.line.state, key.file.line.closed_on) == ("solved", None)
    assert key.file.reviews[0].reviewed_on is None
    key.desk.person = key.founder
    assert key.file.line.reached[-1] == "reported"


def test_papers_handed_in_with_the_step_are_in_the_file(key: KeyCase) -> None:
    approved(key).solve()
    handed = [PaperDraft(kind=kind) for kind in PAPERS.values()]
    key.desk.perform(key.matter, "report_case_closing", {}, papers=handed)
    review = key.file.reviews[0]
    found = key.register.record("document", review.report)
    assert found is not None
    assert found["kind"] == "investigation_report"


def test_work_of_the_very_day_before_it_came_up_again_proves_nothing(key: KeyCase, register: Register) -> None:
    key.closed()
    key.do("record_rebound", told="当日又来反映")
    file = key.file
    assert (file.line.state, file.line.reached) == ("rebound", ("entered",))
    assert not any(part.present for part in file.dossier)
    waiting = queues.page(register, person(register, "pu"), key.on, "plans").lines
    assert [(one.act, one.row) for one in waiting] == [("draw_plan", file.line.case)]
    [case] = cases.load(DeskRows(register, frozenset()), file.line.programme)
    assert case.drawn(key.on) is None, "the figures count alike"
    refused(key, lambda: key.do("solve_case", outcomes=["solved"], told="x"), "还没有批准的化解方案")
    refused(key.plan(), key.approve, "三见尚未完成")
    key.meet().approve()
    refused(key, lambda: key.do("solve_case", outcomes=["solved"], told="x"), "化解结果没有证据")
    refused(key.solve(), lambda: key.do("report_case_closing"), "结案材料不全")
    key.dossier().close()
    assert key.file.line.state == "closed"
    assert [one.step for one in key.file.evidence if one.on is None] == ["filed", "looked_back"]


def test_a_redress_before_its_entry_is_no_correction(key: KeyCase, register: Register) -> None:
    with register.act("merge", by=register.person, at=key.now, matter=key.matter) as act:
        act.insert(
            "task",
            {"matter": key.matter, "kind": "redress", "opened_on": "2026-02-01", "done_on": "2026-02-10", "what": "x"},
        )
    approved(key)
    refused(key, lambda: key.do("solve_case", outcomes=["corrected"], told="x"), "化解结果没有证据")
