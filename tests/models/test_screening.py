"""From receipt to the first answer: entries completed later, hand-overs to other organs, objections, returns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import acts, errors
from models.records import AttachmentDraft, PaperDraft
from tests.models.cases import Case
from tests.models.conftest import person, unit

SCAN = AttachmentDraft(name="来函.png", media_type="image/png", data=b"scan")


def take(one: Case, act: str, day: str, paper: str, **inputs: Any) -> None:
    """Take an act that rests on an incoming paper, handed in with it."""
    one.now = one.now.replace(month=int(day[5:7]), day=int(day[8:]))
    one.desk.perform(one.matter, act, inputs, papers=(PaperDraft(kind=paper, file=SCAN),))


def claim(case: Callable[..., Case], **changed: Any) -> Case:
    return case(**changed).do("screen", category="claim", exit="6")


def test_what_was_only_received_has_its_number_and_its_clock_and_waits_for_its_entry(
    case: Callable[..., Case],
) -> None:
    """SC-431 Art. 22, REG-2022 Art. 23: the clock runs from receipt, not from the entry."""
    one = case(received_only=True, title="", statement="", claims=(), channel="letter")
    assert one.state == "S0"
    assert one.column("title") == "待补录登记的来信"
    assert one.clock("C1").due.last_on == date(2026, 3, 17)  # type: ignore[union-attr]  # a due clock
    one.refused("screen", errors.RuleError, category="claim")
    missing = one.refused("complete_entry", errors.RuleError, title="反映噪声", statement="夜间施工。", searched="否")
    assert "查重" in missing.message.zh
    one.do("complete_entry", "2026-03-04", title="反映噪声", statement="夜间施工。", request="要求答复", searched="是")
    assert one.state == "S1"
    file = one.desk.matter(one.matter)
    assert [(text["kind"], text["body"]) for text in file.passages] == [("statement", "夜间施工。")]
    assert [row["request"] for row in file.claims] == ["要求答复"]
    assert file.clocks[0].start_on == date(2026, 3, 2)


def test_an_assignment_out_has_its_limit_and_ends_with_the_completion_report(case: Callable[..., Case]) -> None:
    """SC-431 Art. 21(4), REG-2022 Art. 22(3)."""
    one = claim(case)
    inputs = {"destination_name": "邻县公安局", "requirement": "查明并答复"}
    with pytest.raises(errors.InputError, match="早于交办日期") as early:
        one.do("assign_out", "2026-03-04", limit_on="2026-03-03", **inputs)
    assert early.value.field == "limit_on"
    one.do("assign_out", "2026-03-04", limit_on="2026-04-30", **inputs)
    assert one.state == "S3b"
    assert one.clock("C8").due.last_on == date(2026, 4, 30)  # type: ignore[union-attr]  # a limit was set
    (row,) = one.register.records("handover", "matter=?", (one.matter,))
    assert (row["kind"], row["sender"], row["receiver_name"]) == (
        "assign_out",
        unit(one.register, "信访"),
        "邻县公安局",
    )
    with pytest.raises(errors.MissingPartError, match="办结报告"):
        one.do("receive_completion", "2026-04-20", result="已答复")
    take(one, "receive_completion", "2026-04-20", "completion_in", result="已答复")
    assert one.clock("C8").ended_on == date(2026, 4, 20)
    (row,) = one.register.records("handover", "matter=?", (one.matter,))
    assert (row["ended"], row["answer"]) == ("answered", "已答复")


def test_a_transfer_asks_for_no_completion_report(case: Callable[..., Case]) -> None:
    one = claim(case).do("transfer", "2026-03-04", destination_name="邻县公安局")
    assert "转送件不要求办结报告" in one.refused("receive_completion", errors.RuleError, result="已答复").message.zh


def test_each_return_needs_a_ground_and_the_third_goes_up(case: Callable[..., Case]) -> None:
    """SC-431 Art. 24, REG-2022 Art. 24: the common superior designates; nobody is passed around (Art. 28)."""
    one = claim(case)
    for month, organ in enumerate(("邻县公安局", "县自然资源局", "邻县公安局"), start=3):
        one.do("transfer", f"2026-0{month}-05", destination_name=organ)
        with pytest.raises(errors.MissingPartError):
            take(one, "take_back", f"2026-0{month}-06", "returned_in")
        take(one, "take_back", f"2026-0{month}-06", "returned_in", ground="不属本机关职责")
        assert one.state == "S2"
        assert one.column("unit") == unit(one.register, "信访"), "never without a unit"
    refused = one.refused("transfer", errors.RuleError, "2026-06-01", destination_name="邻县公安局")
    assert "第二十四条" in refused.message.zh
    assert "3" in refused.message.zh
    take(one, "designate_organ", "2026-06-02", "designation", organ="邻县公安局")
    one.do("transfer", "2026-06-03", destination_name="邻县公安局")
    kinds = [row["kind"] for row in one.register.records("handover", "matter=? ORDER BY id", (one.matter,))]
    assert kinds == ["transfer", "return"] * 3 + ["designate", "transfer"]


def test_nothing_is_to_be_designated_where_nothing_came_back(case: Callable[..., Case]) -> None:
    assert "没有管辖争议" in claim(case).refused("designate_organ", errors.RuleError, organ="甲").message.zh


TRANSFERRED = {"transferred_on": date(2026, 3, 2), "source": "city_petition", "source_name": "示例市信访局",
               "source_number": "市信〔2026〕8号"}  # fmt: skip


@pytest.mark.parametrize(("day", "lawful"), [("2026-03-09", True), ("2026-03-10", False)])
def test_an_objection_is_raised_within_five_working_days(day: str, lawful: bool, case: Callable[..., Case]) -> None:
    """REG-2022 Art. 23. Received Mon 2026-03-02: 3, 4, 5, 6 and Mon 9 March are the five working days."""
    one = case(**TRANSFERRED)
    if lawful:
        one.do("object", day, reasons_detail="房屋权属争议属自然资源部门职责")
        assert one.state == "S3c"
        assert one.clock("C1o").ended_on == date(2026, 3, 9)
        take(one, "objection_agreed", "2026-03-11", "objection_agreed")
        assert (one.state, one.column("closing")) == ("S13", "returned")
        return
    refused = one.refused("object", errors.RuleError, day, reasons_detail="不属本机关")
    assert "2026-03-09" in refused.message.zh
    assert "第二十三条" in refused.message.zh


def test_a_refused_objection_leaves_the_matter_with_us(case: Callable[..., Case]) -> None:
    one = case(**TRANSFERRED).do("object", "2026-03-03", reasons_detail="不属本机关")
    take(one, "objection_refused", "2026-03-05", "objection_refused")
    assert one.state == "S2"
    one.do("screen", category="claim", exit="6").do("accept", "2026-03-06")
    assert one.clock("C2").start_on == date(2026, 3, 6)


def test_only_what_an_organ_sent_can_be_objected_to(case: Callable[..., Case]) -> None:
    assert "直接提出" in case().refused("object", errors.RuleError, reasons_detail="甲").message.zh


def test_the_regulation_of_2005_knows_no_objection(case: Callable[..., Case]) -> None:
    old = dict(TRANSFERRED, transferred_on=date(2015, 3, 2), received_on=date(2015, 3, 2))
    assert "SC-431" in case(**old).refused("object", errors.RuleError, reasons_detail="甲").message.zh


def test_a_limit_set_from_above_is_our_own_clock(case: Callable[..., Case]) -> None:
    one = case(**TRANSFERRED)
    take(one, "record_assignment", "2026-03-04", "assignment_in", limit_on="2026-05-20")
    assert one.clock("C8").whose == "bureau"
    assert one.clock("C8").due.last_on == date(2026, 5, 20)  # type: ignore[union-attr]  # a limit was set
    assert one.column("limit_on") == "2026-05-20"


def test_a_paper_is_dated_scanned_and_kept_by_whoever_takes_it(case: Callable[..., Case]) -> None:
    one = case()
    assert "没有选择收到的材料" in one.refused("receive_paper", errors.MissingPartError).message.zh
    take(one, "receive_paper", "2026-03-05", "evidence")
    (line,) = one.desk.matter(one.matter).documents
    assert (line.kind, line.state, line.title) == ("evidence", "incoming", "证据材料")
    row = one.register.record("document", line.id)
    assert row is not None
    assert row["received_on"] == "2026-03-05"
    assert one.desk.attachment_bytes(row["attachment"]) == SCAN.data
    for wrong in (PaperDraft(kind="postcard"), PaperDraft(kind="evidence", dated_on=date(2026, 3, 6))):
        with pytest.raises(errors.InputError):
            one.desk.perform(one.matter, "receive_paper", {}, papers=(wrong,))
    with pytest.raises(errors.InputError, match="一次只能登记一份"):
        one.desk.perform(one.matter, "receive_paper", {}, papers=(PaperDraft(kind="evidence"),) * 2)


def test_a_step_does_not_rest_on_a_paper_written_later(case: Callable[..., Case]) -> None:
    one = claim(case)
    one.do("transfer", "2026-03-05", destination_name="邻县公安局")
    one.now = one.now.replace(day=12)
    late = PaperDraft(kind="returned_in", dated_on=date(2026, 3, 10))
    inputs = {"on": "2026-03-09", "ground": "不属本机关职责"}
    with pytest.raises(errors.InputError, match="晚于本步骤的日期"):
        one.desk.perform(one.matter, "take_back", inputs, papers=(late,))
    assert one.state == "S3b"
    later = PaperDraft(kind="returned_in", dated_on=date(2026, 3, 9), received_on=date(2026, 3, 11))
    one.desk.perform(one.matter, "take_back", inputs, papers=(later,))
    assert one.state == "S2"


def test_a_paper_proves_one_step_only(case: Callable[..., Case]) -> None:
    one = claim(case)
    for month in (3, 4):
        one.do("transfer", f"2026-0{month}-05", destination_name="邻县公安局")
        if month == 3:
            take(one, "take_back", "2026-03-06", "returned_in", ground="不属本机关职责")
    with pytest.raises(errors.MissingPartError, match="退回函"):
        one.do("take_back", "2026-04-06", ground="不属本机关职责")


def test_what_is_accused_gets_nothing(case: Callable[..., Case]) -> None:
    """MPS-79 Art. 10; REG-2022 Art. 30."""
    one = claim(case)
    one.do("name_accused", kind="unit", name="邻县公安局")
    inputs = {"destination_name": "邻县公安局", "requirement": "查明", "limit_on": "2026-04-30"}
    assert "第十条" in one.refused("assign_out", errors.RuleError, **inputs).message.zh
    assert "第十条" in one.refused("transfer", errors.RuleError, destination_name="邻县公安局").message.zh


def test_who_may_not_screen_hears_whose_duty_it_is(case: Callable[..., Case]) -> None:
    one = case()
    officer = person(one.register, "ho")
    row = one.register.record("matter", one.matter)
    assert row is not None
    refused = acts.refusal(acts.rule("screen"), row, officer)
    assert isinstance(refused, errors.NotAllowedError)
    assert "信访部门负责人" in refused.message.zh


def exhausted(one: Case) -> int:
    """Take a matter through its answer, review and re-review to the end, as its dated facts and papers; return it."""
    at_once = {"matter": one.matter, "level": "rereview", "organ": "示例省公安厅", "requested_on": "2026-02-05"}
    with one.register.act("practice", by=one.register.person, at=one.now, matter=one.matter) as act:
        paper = act.insert("document", {"matter": one.matter, "kind": "rereview_opinion", "state": "incoming",
                                        "number": "省公复〔2026〕3号", "dated_on": "2026-02-26"})  # fmt: skip
        act.insert("review", {**at_once, "decided_on": "2026-02-26", "result": "upheld", "opinion": paper})
        act.insert("event", {"matter": one.matter, "kind": "rereview_decided", "on_date": "2026-02-26",
                             "document": paper})  # fmt: skip
        act.set("matter", one.matter, state="S13", closed_on="2026-02-26", closing="rereviewed")
    return one.matter


def test_nobody_is_told_no_longer_accepted_before_the_re_review_is_proved(case: Callable[..., Case]) -> None:
    """SC-431 Art. 35, REG-2022 Art. 36: same facts and reasons after the re-review."""
    earlier = case(received_on=date(2026, 1, 5))
    one = claim(case)
    with pytest.raises(errors.MissingPartError, match="先前的事项"):
        one.do("no_longer_accept", "2026-03-09")
    refused = one.refused("no_longer_accept", errors.RuleError, "2026-03-09", earlier=earlier.matter, compared="相同")
    assert "第三十六条" in refused.message.zh
    ended = exhausted(earlier)
    with pytest.raises(errors.MissingPartError, match="事实和理由的比对"):
        one.do("no_longer_accept", "2026-03-09", earlier=ended)
    one.do("no_longer_accept", "2026-03-09", earlier=ended, compared="事实、理由、请求均与原事项相同，没有新证据。")
    assert one.state == "S3d"
    assert [line.kind for line in one.desk.matter(one.matter).documents] == ["no_longer_accepted_notice"]
    assert [text["kind"] for text in one.desk.matter(one.matter).passages if "原事项相同" in text["body"]] == [
        "compared"
    ]


@pytest.mark.parametrize(
    ("changed", "ground", "words"),
    [
        ({}, "rereviewed", "第三十六条"),
        ({}, "litigation_ended", "不再受理"),
        ({}, "statutory", "告知法定途径"),
        ({"channel": "letter"}, "skipped", "第二十条"),
        ({}, "in_time_above", "不是向上级机关提出的"),
        ({}, "window_passed", "北京、山东"),
    ],
)
def test_a_ground_of_refusal_is_one_that_the_matter_bears(
    changed: dict[str, Any], ground: str, words: str, case: Callable[..., Case]
) -> None:
    """Domain reference 6.5: a refusal names its ground; one that does not hold is none."""
    one = claim(case, **changed)
    assert words in one.refused("refuse", errors.RuleError, ground=ground).message.zh


def test_under_the_regulation_of_2005_a_statutory_matter_is_not_accepted(case: Callable[..., Case]) -> None:
    """SC-431 Arts 15, 21: not accepted, with guidance."""
    one = case(received_on=date(2015, 3, 2)).do("screen", "2015-03-03", category="claim")
    one.do("refuse", "2015-03-04", {"open_route": "向人民法院起诉"}, ground="statutory")
    assert one.state == "S3d"
