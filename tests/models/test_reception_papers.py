"""The papers of a reception: public notice in time or late, brief of a visitor, docket closed and sealed."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import orjson
import pytest
from pypdf import PdfReader

from models import errors
from models.desk import put_setting
from models.reception import days, notice
from models.register import Register
from models.sheets import issue, pdf
from models.sheets.content import Grid, PageBreak, Pairs, Sheet, Text
from models.verify import verify
from tests.models.conftest import accused, unit
from tests.models.reception_day import DAY, EVE, HEARD, PLAN, SETTLED, Reception

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def bureau(register: Register) -> Reception:
    return Reception(register)


@pytest.fixture
def opened(bureau: Reception) -> Reception:
    bureau.turn(DAY, "09:05").of("ch").begin(bureau.day)
    return bureau


def cells(sheet: Sheet) -> str:
    """Return all that a sheet says, one piece a line."""
    found = [sheet.title, sheet.subtitle, *sheet.notes, *(f"{sign.label} {sign.name}" for sign in sheet.sign)]
    for block in sheet.blocks:
        if isinstance(block, Grid):
            found += [str(cell) for row in block.rows for cell in row if cell is not None]
        elif isinstance(block, Pairs):
            found += [f"{label}={value}" for label, value in block.pairs]
        elif not isinstance(block, PageBreak):
            found.append(getattr(block, "text", getattr(block, "label", "")))
    return "\n".join(found)


# --- public notice ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "late"),
    [
        ("2026-02-25", []),  # three days before the end of February, two before the day: in time
        ("2026-02-26", ["2026 年 3 月的接访安排须在 2026-02-25 前公示"]),
        ("2026-03-09", ["2026 年 3 月的接访安排须在 2026-02-25 前公示"]),
        (
            "2026-03-10",
            ["2026 年 3 月的接访安排须在 2026-02-25 前公示", "2026-03-11 的接访须在 2026-03-09 前公示（提前 2 天）"],
        ),
    ],
)
def test_a_notice_says_what_is_late_and_goes_out_all_the_same(on: str, late: list[str], bureau: Reception) -> None:
    """At least 2 days ahead (a district rule); next month's plan 3 days before the month ends (another)."""
    desk = bureau.turn(on).of("pu")
    planned = desk.notice_plan(*MARCH)
    assert planned.due_on == date(2026, 2, 25)
    assert [message.zh for message in planned.late] == late
    document = desk.issue_notice(*MARCH)
    day = desk.day(bureau.day)
    assert (day.notice, day.notice_on) == (document, date.fromisoformat(on))
    assert day.notice_late == (on > "2026-03-09")
    told = desk.notices()[0]
    assert ([message.zh for message in told.late], told.days, told.subject) == (late, 1, "2026-03")
    assert issue.pdf_of(bureau.register, document, bureau.desk.person).startswith(b"%PDF")


def test_the_days_ahead_are_the_bureaus_own(bureau: Reception) -> None:
    with bureau.register.act("set_setting", by=bureau.register.person, at=bureau.now) as act:
        put_setting(act, "reception.notice_days", 5)
        put_setting(act, "reception.plan_days", 10)
    assert bureau.of("pu").notice_plan(*MARCH).due_on == date(2026, 2, 18)
    assert bureau.of("pu").day(bureau.day).notice_due_on == date(2026, 3, 6)


def test_a_notice_names_post_charge_time_place_form_and_telephone(bureau: Reception) -> None:
    """2009 opinions; the police norm of 2005 adds the telephone."""
    told = cells(bureau.of("pu").notice_sheet(*MARCH))
    for word in ("正局长", "局长", "主持全面工作", "09:00—11:30", "信访接待大厅", "定点接访", "0000-0000110", "星期三"):
        assert word in told
    assert "代表不超过五人" in told
    errors.speak("en")
    told = cells(bureau.of("pu").notice_sheet(*MARCH))
    assert "Public notice" in told
    assert "Wed" in told
    assert "2026-03" in told


def test_a_notice_prints_the_substitute_who_is_known(bureau: Reception) -> None:
    bureau.of("pu").substitute(bureau.day, bureau.id("dl"), "开会")
    told = cells(bureau.of("pu").notice_sheet(*MARCH))
    assert "分管刑侦、信访" in told
    assert "开会" not in told


def test_what_was_told_no_longer_holds_after_a_change(bureau: Reception) -> None:
    desk = bureau.of("pu")
    desk.issue_notice(*MARCH)
    desk.change_day(bureau.day, beside="法制科")
    assert desk.day(bureau.day).notice is not None
    desk.change_day(bureau.day, begin="08:30")
    assert desk.day(bureau.day).notice is None
    again = desk.issue_notice(*MARCH)
    with bureau.register.act("spoil_paper", by=bureau.register.person, at=bureau.now) as act:
        issue.spoil(act, again, "地点印错")
    assert desk.day(bureau.day).notice is None
    assert [told.spoiled for told in desk.notices()] == ["地点印错", ""]


def test_a_day_that_was_never_announced_is_late_for_ever(bureau: Reception) -> None:
    assert not bureau.turn("2026-03-09").of("pu").day(bureau.day).notice_late
    assert bureau.turn("2026-03-10").of("pu").day(bureau.day).notice_late
    assert bureau.turn("2026-04-10").of("pu").day(bureau.day).notice_late


def test_whom_a_leader_visits_is_not_announced(bureau: Reception) -> None:
    bureau.of("pu").add_day(
        date(2026, 3, 14), bureau.id("ch"), form="going_out", begin="14:00", end="16:00", place="东村"
    )
    assert [day.form for day in bureau.of("pu").notice_plan(*MARCH).days] == ["fixed"]


def test_a_year_is_announced_at_once(bureau: Reception) -> None:
    bureau.of("pu").add_day(date(2026, 6, 10), bureau.id("ch"), **PLAN)
    document = bureau.of("ch").issue_notice(date(2026, 1, 1), date(2026, 12, 31))
    assert bureau.of("ch").notices()[0].subject == "2026-01-01/2026-12-31"
    assert {day.notice for day in bureau.of("ch").days(date(2026, 1, 1), date(2026, 12, 31))} == {document}


def test_a_notice_without_a_day_a_post_or_a_right_is_refused(bureau: Reception) -> None:
    with pytest.raises(errors.RuleError, match="没有可公示的内容"):
        bureau.of("pu").issue_notice(date(2026, 4, 1), date(2026, 4, 30))
    with pytest.raises(errors.InputError, match="早于起始日"):
        bureau.of("pu").notice_plan(MARCH[1], MARCH[0])
    with pytest.raises(errors.NotAllowedError):
        bureau.of("reg").issue_notice(*MARCH)
    with bureau.register.act("set_roles", by=bureau.register.person, at=bureau.now) as act:
        act.set("staff", bureau.id("ch"), post=None)
    with pytest.raises(errors.MissingPartError, match="正局长的职务") as found:
        bureau.of("pu").issue_notice(*MARCH)
    assert found.value.parts == ("post",)
    assert bureau.of("pu").notices() == ()


# --- brief ------------------------------------------------------------------------------------------------------------


def test_the_brief_tells_the_matter_its_clocks_and_what_was_promised(bureau: Reception) -> None:
    """Received 2026-03-11 and promised until 03-25; booked for 04-08, the promise was not kept."""
    bureau.turn(DAY, "09:05").of("ch").begin(bureau.day)
    matter = bureau.matter()
    bureau.do(matter, "arrive", people=2).receive(matter)
    april = bureau.of("pu").add_day(date(2026, 4, 8), bureau.id("dl"), **PLAN)
    bureau.turn("2026-04-07").do(matter, "book_reception", reception_on="2026-04-08", slot="09:30")
    visit = bureau.of("pu").docket(april).lines[0]
    brief = bureau.of("dl").brief(visit.id)
    assert (brief.people, brief.items, brief.state, brief.unit) == (("来访甲",), 1, "S1", "信访科")
    assert brief.statement == "二月十日自行车在家门口被盗，报案后没有消息。"
    assert [(claim.place, claim.request, claim.decision) for claim in brief.claims] == [(1, "要求书面答复是否立案", "")]
    clock = brief.clocks[0]
    assert (clock.clock, clock.state.status) == ("C1", "late")
    assert clock.state.due is not None
    assert clock.state.due.last_on == date(2026, 3, 26)
    assert "依据" in clock.derivation[0].zh
    assert any("2026-03-26" in part.zh for part in clock.derivation)
    promise = brief.promises[0]
    assert (promise.by, promise.unit, promise.late, promise.done_on) == ("正局长", "刑事侦查大队", True, None)
    earlier = brief.earlier[0]
    assert (earlier.on, earlier.host, earlier.outcome) == (date(2026, 3, 11), "正局长", "assigned")
    assert earlier.decision == "由刑侦大队核查并书面答复。"
    told = cells(bureau.of("dl").brief_sheet([visit.id]))
    for word in (
        "来访甲",
        "要求书面答复是否立案",
        "已超期，未落实",
        "2026-03-26",
        "由刑侦大队核查并书面答复。",
        "领导批示",
    ):
        assert word in told


def test_reading_a_brief_is_journalled_once_a_day(bureau: Reception) -> None:
    matter = bureau.turn(EVE).matter()
    bureau.do(matter, "book_reception", reception_on=DAY)
    visit = bureau.visit(matter)

    def readings() -> int:
        found = bureau.register.row("SELECT count(*) FROM entry WHERE matter=? AND act='read_matter'", (matter,))
        assert found
        return int(found[0])

    bureau.of("ch").brief(visit.id)
    bureau.of("ch").brief(visit.id)
    assert readings() == 1
    bureau.of("dl").brief(visit.id)
    bureau.turn(DAY).of("ch").brief(visit.id)
    assert readings() == 3


def test_each_visitor_has_a_page(bureau: Reception) -> None:
    bureau.turn(EVE)
    for title in ("关于甲的请求", "关于乙的请求"):
        bureau.do(bureau.matter(title), "book_reception", reception_on=DAY)
    lines = bureau.of("ch").docket(bureau.day).lines
    sheet = bureau.of("ch").brief_sheet([line.id for line in lines])
    assert sum(isinstance(block, PageBreak) for block in sheet.blocks) == 1
    errors.speak("en")
    told = cells(bureau.of("ch").brief_sheet([lines[0].id]))
    assert "Number=" in told
    assert "no clock is running" not in told


def test_a_brief_is_one_page_whatever_the_matter_has_been_through(bureau: Reception) -> None:
    """Long texts and lists are cut on paper, with the number of what is left out; the screen has them whole."""
    claims = tuple(f"第{place}项诉求：" + "要求依法处理并书面说明理由，" * 8 for place in range(1, 10))
    said = "派出所接警后没有制作笔录，也没有告知结果。" * 40
    matter = bureau.turn("2026-03-02").matter("关于" + "邻里纠纷和报警处置" * 8, claims=claims, statement=said)
    bureau.do(matter, "screen", category="claim", exit="6").do(matter, "accept")
    for day in (3, 4, 5, 6, 9, 10, 12):
        bureau.turn(f"2026-03-{day:02d}")
        reception = bureau.of("pu").add_day(date(2026, 3, day), bureau.id("dl"), **PLAN)
        bureau.of("dl").begin(reception)
        bureau.do(matter, "arrive", people=5)
        bureau.receive(matter, by="dl", what="会同有关派出所" * 20, decision="由刑侦大队、城关派出所分别核查" * 10)
    april = bureau.of("pu").add_day(date(2026, 4, 8), bureau.id("dl"), **PLAN)
    bureau.do(matter, "book_reception", reception_on="2026-04-08")
    visit = bureau.of("dl").docket(april).lines[0]
    found = bureau.of("dl").brief(visit.id)
    assert (len(found.claims), len(found.promises), len(found.earlier), len(found.statement)) == (9, 7, 7, len(said))
    for language in ("zh", "en"):
        errors.speak("zh" if language == "zh" else "en")
        made = pdf.to_pdf(bureau.of("dl").brief_sheet([visit.id, visit.id]))
        assert len(re.findall(rb"/Type\s*/Page\b", made)) == 2, language
    assert "What is asked (3 of 9)" in cells(bureau.of("dl").brief_sheet([visit.id]))


def test_what_was_answered_stands_newest_first(bureau: Reception) -> None:
    matter = bureau.turn("2026-03-02").matter()
    bureau.do(matter, "screen", category="claim", exit="6").do(matter, "accept")
    bureau.turn("2026-03-05").do(matter, "contact", way="call", record="告知已受理")
    bureau.turn(EVE).do(matter, "book_reception", reception_on=DAY)
    found = bureau.of("ch").brief(bureau.visit(matter).id).answers
    assert [(one.on.day, bool(one.number)) for one in found] == [(5, False), (2, True)]
    assert found[1].title == "信访事项受理告知书"


def test_a_sealed_matter_has_no_brief_for_who_is_no_reader(bureau: Reception) -> None:
    matter = bureau.turn(EVE).matter("反映民警收钱", purpose="accusation", accused=(accused("某民警"),))
    bureau.do(matter, "book_reception", reception_on=DAY)
    with pytest.raises(errors.NotAllowedError, match="限定知悉"):
        bureau.of("ch").brief(bureau.visit(matter).id)


# --- docket -----------------------------------------------------------------------------------------------------------


def test_a_day_is_not_closed_while_somebody_waits_or_a_record_is_gone(opened: Reception) -> None:
    first, second = opened.matter("关于甲的请求"), opened.matter("关于乙的请求")
    opened.do(first, "arrive").do(second, "arrive").receive(first)
    with opened.register.act("spoil", by=opened.register.person, at=opened.now, matter=first) as act:
        act.set("document", opened.visit(first).record or 0, state="spoiled", reason="印错")
    points = [point.zh for point in opened.of("ch").docket(opened.day).open_points]
    assert len(points) == 2
    with pytest.raises(errors.MissingPartError) as found:
        opened.of("ch").close(opened.day)
    told = found.value.message.zh
    assert "1 号" in told
    assert "没有接访记录" in told
    assert "2 号" in told
    assert "候访" in told
    assert "2005" in told
    assert opened.of("ch").day(opened.day).state == "open"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"signed": 0, "unsigned": None}, "信访人未签名，也未注明原因"),
        ({"read_back": 0}, "未向信访人宣读"),
        ({"outcome": None}, "没有当场处理结果"),
    ],
)
def test_what_another_workstation_left_out_keeps_the_day_open(
    columns: dict[str, Any], words: str, opened: Reception
) -> None:
    """Entries of other workstations come by merge and not by the act that would have refused them."""
    matter = opened.matter()
    opened.do(matter, "arrive").receive(matter)
    with opened.register.act("merge", by=opened.register.person, at=opened.now, matter=matter) as act:
        act.set("reception_visit", opened.visit(matter).id, **columns)
    with pytest.raises(errors.MissingPartError, match=words):
        opened.of("ch").close(opened.day)


def test_an_instruction_taken_back_keeps_the_day_open(opened: Reception) -> None:
    matter = opened.matter()
    opened.do(matter, "arrive").receive(matter)
    with opened.register.act("reverse", by=opened.register.person, at=opened.now, matter=matter) as act:
        act.set("task", opened.of("ch").promises(matter)[0].id, removed="误填")
    assert opened.visit(matter).missing[0][0] == "instruction"


def test_a_closed_day_is_sealed_as_a_paper_and_in_the_journal(opened: Reception) -> None:
    first, second, absent = (opened.matter(f"关于{word}的请求") for word in "甲乙丙")
    opened.do(absent, "book_reception", reception_on=DAY, slot="11:00")
    opened.do(first, "arrive", people=3).do(second, "arrive")
    opened.turn(DAY, "09:30").receive(first)
    opened.do(second, "leave_reception", reason="临时有事先走，改日再来")
    docket = opened.turn(DAY, "11:35").of("ch").close(opened.day)
    assert (docket.day.state, docket.day.opened_at, docket.day.closed_at) == ("closed", "09:05", "11:35")
    assert [line.state for line in docket.lines] == ["received", "left", "withdrawn"]
    assert docket.lines[2].reason == "接访日结束时未到场"
    assert (docket.open_points, docket.changed) == ((), ())
    assert len(docket.sealed) == 64
    paper = opened.register.record("office_document", docket.document or 0)
    assert paper
    assert (paper["kind"], paper["subject"]) == ("reception_docket", DAY)
    facts = orjson.loads(paper["facts"])
    assert facts["seal"]["hash"] == docket.sealed
    assert facts["matters"] == sorted([first, second, absent])
    told = cells(opened.of("ch").docket_sheet(opened.day))
    for word in (docket.sealed, "接访批次=1", "接访人次=3", "交办要求=1", "未接先离=1", "由刑侦大队核查并书面答复。",
                 "刑事侦查大队 2026-03-25", "已签名", "接访领导（签名） 正局长"):  # fmt: skip
        assert word in told, word
    assert "来访甲" not in told, "visitors stand there as matters with a number"
    for check in verify(opened.register):
        assert check.holds, check
    with pytest.raises(errors.RuleError, match="已结束"):
        opened.of("ch").close(opened.day)


def test_what_is_altered_after_the_seal_shows(opened: Reception) -> None:
    first, second = opened.matter("关于甲的请求"), opened.matter("关于乙的请求")
    for matter in (first, second):
        opened.do(matter, "arrive").receive(matter)
    opened.of("ch").close(opened.day)
    with opened.register.act("amend", by=opened.register.person, at=opened.now, matter=second) as act:
        act.set("task", opened.of("ch").promises(second)[0].id, due_on=date(2026, 12, 31))
    assert opened.of("ch").docket(opened.day).changed == (2,)
    opened.turn("2026-03-20").do(first, "prove_instruction", "ho", proof="已书面答复")
    opened.do(first, "instruct", "ch", unit="城关所", what="回访。", due_on="2026-03-30")
    assert opened.of("ch").docket(opened.day).changed == (2,), "proof and later instructions are what should follow"


def test_a_matter_for_named_readers_stands_on_the_paper_by_its_number_in_the_queue(opened: Reception) -> None:
    sealed = opened.matter("反映民警收钱", purpose="accusation", accused=(accused("刑办案", staff=opened.id("ho")),))
    plain = opened.matter()
    opened.do(sealed, "arrive").do(plain, "arrive").receive(sealed, **SETTLED).receive(plain)
    number = opened.visit(sealed).number
    docket = opened.of("ch").close(opened.day)
    told = cells(opened.of("ch").docket_sheet(opened.day))
    assert number not in told
    assert "反映民警收钱" not in told
    assert "限定知悉" in told
    assert "接访批次=2" in told
    assert docket.document
    facts = opened.register.record("office_document", docket.document)
    assert facts
    assert number not in facts["facts"]
    assert issue.pdf_of(opened.register, docket.document, opened.desk_of("ho").person)
    assert [line.turn for line in opened.of("ho").docket(opened.day).lines] == [2]


def test_who_may_not_know_of_a_visit_closes_the_day_without_a_word_about_it(opened: Reception) -> None:
    matter = opened.matter("反映有人插手案件", purpose="accusation", accused=(accused("某人"),))
    opened.do(matter, "arrive")
    with opened.register.act("amend", by=opened.register.person, at=opened.now, matter=matter) as act:
        act.insert("accused", {"matter": matter, "kind": "person", "name": "正局长", "staff": opened.id("ch")})
    docket = opened.of("ch").close(opened.day)
    assert docket.lines == ()
    assert docket.changed == ()
    assert (opened.visit(matter).state, opened.visit(matter).reason) == ("left", "接访人依法回避，另行安排接访")


def test_begin_and_close_ask_for_the_day_and_the_counter(bureau: Reception) -> None:
    with pytest.raises(errors.InputError, match="还不能开始接访"):
        bureau.turn(EVE).of("ch").begin(bureau.day)
    bureau.turn(DAY)
    with pytest.raises(errors.NotAllowedError):
        bureau.of("ho").begin(bureau.day)
    with pytest.raises(errors.RuleError, match="已安排"):
        bureau.of("ch").close(bureau.day)
    bureau.of("reg").begin(bureau.day)
    with pytest.raises(errors.NotAllowedError):
        bureau.of("ho").close(bureau.day)
    with pytest.raises(errors.RuleError, match="接访中"):
        bureau.of("reg").begin(bureau.day)


def test_a_day_on_which_nobody_came_is_sealed_too(opened: Reception) -> None:
    docket = opened.of("reg").close(opened.day)
    assert docket.lines == ()
    assert len(docket.sealed) == 64
    sheet = opened.of("reg").docket_sheet(opened.day)
    assert next(block.empty for block in sheet.blocks if isinstance(block, Grid)) == "当日无人来访"


def test_a_going_out_that_is_entered_a_day_later_has_the_times_of_its_plan(bureau: Reception) -> None:
    bureau.turn("2026-03-16")
    day = bureau.of("ch").add_day(
        date(2026, 3, 14), bureau.id("ch"), form="going_out", begin="14:00", end="16:00", place="东村"
    )
    bureau.of("ch").begin(day)
    matter = bureau.turn("2026-03-02").matter()
    bureau.turn("2026-03-16")
    bureau.do(matter, "arrive", on="2026-03-14").receive(matter, on="2026-03-14", **SETTLED)
    docket = bureau.of("ch").close(day)
    assert (docket.day.opened_at, docket.day.closed_at) == ("14:00", "16:00")
    assert (docket.lines[0].came_at, docket.lines[0].called_at, docket.lines[0].ended_at) == ("", "", "")


def test_the_docket_speaks_english(opened: Reception) -> None:
    errors.speak("en")
    matter = opened.matter()
    opened.do(matter, "arrive").receive(matter)
    sheet = opened.of("ch").docket_sheet(opened.day)
    told = cells(sheet)
    assert sheet.title == "Docket of the reception day"
    assert "Visits received=1" in told
    assert "Seal" not in told
    paragraphs = [block.text for block in sheet.blocks if isinstance(block, Text)]
    assert paragraphs[0].startswith("Each instruction")


def test_settings_have_the_defaults_that_were_seen() -> None:
    assert (days.NOTICE_DAYS, notice.PLAN_DAYS) == (2, 3)


# --- a record that was spoiled ----------------------------------------------------------------------------------------


def spoiled(opened: Reception, **received: Any) -> int:
    """Return a matter that was received, and its record spoiled."""
    matter = opened.matter()
    opened.do(matter, "arrive").receive(matter, **received)
    return opened.do(matter, "spoil", document=str(opened.visit(matter).record), reason="陈述记错").visit(matter).matter


def test_a_spoiled_record_is_made_anew_and_the_day_is_closed(opened: Reception) -> None:
    matter = spoiled(opened)
    first = opened.visit(matter).record
    with pytest.raises(errors.MissingPartError, match="没有接访记录"):
        opened.of("ch").close(opened.day)
    opened.do(matter, "receive", "ch", **{**SETTLED, "outcome": "assigned", "statement": "两辆自行车都丢了。"})
    line = opened.visit(matter)
    assert (line.state, line.turn, line.missing) == ("received", 1, ())
    assert line.record != first
    assert len(opened.of("ch").promises(matter)) == 1, "what was instructed stands and is not given twice"
    facts = opened.register.row("SELECT facts FROM document WHERE id=?", (line.record,))
    assert facts
    assert "核查是否应当立案" in facts[0]
    assert "刑事侦查大队" in facts[0]
    said = opened.register.rows(
        "SELECT body FROM passage WHERE matter=? AND kind='reception' AND removed IS NULL", (matter,)
    )
    assert said == [("两辆自行车都丢了。",)], "the statement of the spoiled record is not told any more"
    assert opened.turn(DAY, "11:35").of("ch").close(opened.day).sealed
    for check in verify(opened.register):
        assert check.holds, check


def test_the_same_instruction_typed_again_is_not_given_twice_and_another_is(opened: Reception) -> None:
    matter = spoiled(opened)
    opened.receive(matter)
    assert len(opened.of("ch").promises(matter)) == 1
    opened.do(matter, "spoil", document=str(opened.visit(matter).record), reason="要求记错")
    opened.receive(matter, what="另请法制大队审核。", due_on="2026-03-31")
    assert [one.due_on for one in opened.of("ch").promises(matter)] == [date(2026, 3, 25), date(2026, 3, 31)]


def test_a_spoiled_record_gives_no_second_way_to_leave_or_to_come(opened: Reception) -> None:
    matter = spoiled(opened, **SETTLED)
    with pytest.raises(errors.RuleError, match="没有候访"):
        opened.do(matter, "leave_reception", reason="x")
    with pytest.raises(errors.RuleError, match="已经领号"):
        opened.do(matter, "arrive")
    with pytest.raises(errors.MissingPartError, match="缺少"):
        opened.do(matter, "receive", "ch", **{**SETTLED, "outcome": "assigned"})
    opened.do(matter, "receive", "ch", **SETTLED)
    with pytest.raises(errors.RuleError, match="没有候访"):
        opened.do(matter, "receive", "ch", **SETTLED)


def test_a_record_made_anew_is_of_who_received_and_not_of_the_later_substitute(opened: Reception) -> None:
    matter = spoiled(opened, **SETTLED)
    opened.of("pu").substitute(opened.day, opened.id("dl"), "外出开会")
    opened.do(matter, "receive", "pu", **SETTLED)
    record = opened.register.row("SELECT facts FROM document WHERE id=?", (opened.visit(matter).record,))
    assert record
    assert "正局长" in record[0]
    assert "分管长" not in record[0]


def test_the_record_that_is_read_back_and_signed_by_hand_tells_of_this_visit(bureau: Reception) -> None:
    """It is printed before it is entered: not read back yet, not signed yet, and already with this visit's facts."""
    matter = bureau.turn("2026-03-02").matter(channel="letter")
    bureau.turn(DAY, "09:05").of("ch").begin(bureau.day)
    bureau.do(matter, "arrive", "reg", people=8, representatives=3)
    inputs = {**HEARD, "read_back": False, "signed": False, "unit": unit(bureau.register, HEARD["unit"])}
    shown = bureau.desk_of("ch").preview_letter(matter, "reception_record", {}, inputs, "receive")
    told = "".join(page.extract_text() for page in PdfReader(io.BytesIO(shown.pdf)).pages)
    assert "8人" in told
    assert "来访" in told
    assert "来信" not in told
    assert PLAN["place"] in told
