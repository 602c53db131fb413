"""A matter on a reception day: booked, arrived, called, received with its record, instructed, proved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models import errors
from models.records import DocumentLine
from models.register import Register
from models.verify import verify
from tests.models.conftest import accused, unit
from tests.models.reception_day import DAY, EVE, HEARD, PLAN, SETTLED, Reception

JUDGED = (errors.RuleError, errors.InputError, errors.MissingPartError, errors.NotAllowedError)


@pytest.fixture
def bureau(register: Register) -> Reception:
    return Reception(register)


@pytest.fixture
def opened(bureau: Reception) -> Reception:
    """Return the bureau on its day, 09:05, with the chief there."""
    bureau.turn(DAY, "09:05").of("ch").begin(bureau.day)
    return bureau


def refused(bureau: Reception, matter: int, act: str, by: str = "pu", **inputs: Any) -> errors.RuleError:
    """Assert that a step is refused and that nothing was written."""
    seq = bureau.register.seq
    with pytest.raises(JUDGED) as found:
        bureau.do(matter, act, by, **inputs)
    assert bureau.register.seq == seq
    error: errors.RuleError = found.value
    assert error.message.zh.endswith("。")
    assert error.message.en.endswith(".")
    return error


# --- booking ----------------------------------------------------------------------------------------------------------


def test_an_appointment_has_its_time_and_nobody_else_has_it(bureau: Reception) -> None:
    bureau.turn(EVE)
    first, second = bureau.matter(), bureau.matter("关于户口的请求")
    bureau.do(first, "book_reception", "reg", reception_on=DAY, slot="09:30")
    found = bureau.visit(first)
    assert (found.kind, found.state, found.slot, found.turn) == ("appointment", "booked", "09:30", None)
    assert "已有预约" in str(refused(bureau, second, "book_reception", reception_on=DAY, slot="09:30"))
    assert "接访时间" in str(refused(bureau, second, "book_reception", reception_on=DAY, slot="11:30"))
    assert "二十四小时制" in str(refused(bureau, second, "book_reception", reception_on=DAY, slot="half past"))
    assert "不必再约" in str(refused(bureau, first, "book_reception", reception_on=DAY, slot="10:00"))
    bureau.do(second, "book_reception", "reg", reception_on=DAY)
    assert bureau.of("pu").day(bureau.day).counts == {"booked": 2}


def test_nobody_is_booked_on_a_day_without_reception_or_on_one_that_is_past(bureau: Reception) -> None:
    matter = bureau.turn(EVE).matter()
    assert "没有（这位领导的）接访安排" in str(refused(bureau, matter, "book_reception", reception_on="2026-03-12"))
    assert "已过" in str(refused(bureau, matter, "book_reception", reception_on="2026-03-09"))
    bureau.turn("2026-03-12")
    assert "没有排定的接访日" in str(refused(bureau, matter, "book_reception", reception_on=DAY))


def test_with_two_leaders_on_a_day_the_leader_is_named_or_the_time_tells(bureau: Reception) -> None:
    bureau.turn(EVE).of("pu").add_day(
        date.fromisoformat(DAY), bureau.id("dl"), **{**PLAN, "begin": "14:30", "end": "17:00"}
    )
    matter = bureau.matter()
    told = str(refused(bureau, matter, "book_reception", reception_on=DAY))
    assert "正局长 09:00—11:30、分管长 14:30—17:00" in told
    bureau.do(matter, "book_reception", reception_on=DAY, slot="15:00")
    assert bureau.hosts(matter) == ["分管长"]
    other = bureau.matter("关于补办证件的请求")
    bureau.do(other, "book_reception", reception_on=DAY, leader=bureau.id("ch"))
    assert bureau.hosts(other) == ["正局长"]


def test_an_invitation_is_offered_never_imposed(bureau: Reception) -> None:
    """MPS-79 Art. 6; project rule: without consent neither by invitation nor going out."""
    matter = bureau.turn(EVE).matter()
    assert "自愿" in str(refused(bureau, matter, "invite_reception", "dl", reception_on=DAY, agreed=False))
    with pytest.raises(errors.NotAllowedError):
        bureau.do(matter, "invite_reception", "reg", reception_on=DAY, agreed=True)
    bureau.do(matter, "invite_reception", "dl", reception_on=DAY, agreed=True, slot="10:30")
    assert bureau.visit(matter).kind == "invited"


def test_an_appointment_is_given_up_with_a_reason(bureau: Reception) -> None:
    matter = bureau.turn(EVE).matter()
    assert "没有接访预约" in str(refused(bureau, matter, "withdraw_booking", reason="不来了"))
    later = bureau.of("pu").add_day(date(2026, 3, 18), bureau.id("ch"), **PLAN)
    bureau.do(matter, "book_reception", reception_on=DAY).do(matter, "book_reception", reception_on="2026-03-18")
    told = str(refused(bureau, matter, "withdraw_booking", reason="不来了"))
    assert "2026-03-11、2026-03-18" in told
    assert "那一天没有预约" in str(
        refused(bureau, matter, "withdraw_booking", reason="不来了", reception_on="2026-03-19")
    )
    bureau.do(matter, "withdraw_booking", reason="不来了", reception_on="2026-03-18")
    assert bureau.of("pu").day(later).counts == {"withdrawn": 1}
    assert bureau.visit(matter).state == "booked"


# --- at the counter ---------------------------------------------------------------------------------------------------


def test_every_visit_is_registered_and_the_ordinary_clock_runs_from_the_reception_day(bureau: Reception) -> None:
    """REG-2022 Art. 22; domain reference, section 13. Received again on 03-11: 15 calendar days end on 03-26."""
    matter = bureau.turn("2026-03-02").matter()
    bureau.turn(EVE).do(matter, "book_reception", reception_on=DAY, slot="09:30")
    bureau.turn(DAY, "09:20").do(matter, "arrive", "reg", people=3, representatives=2)
    file = bureau.desk.matter(matter)
    first, again = file.items
    assert (again["channel"], again["received_on"], again["reception"]) == ("visit", DAY, "fixed")
    assert (again["repeat_of"], again["people"], again["representatives"]) == (first["id"], 3, 2)
    assert [(state.start_on.isoformat(), state.due.last_on.isoformat()) for state in file.clocks if state.due] == [
        ("2026-03-02", "2026-03-17"), (DAY, "2026-03-26"),
    ]  # fmt: skip
    visit = bureau.visit(matter)
    assert (visit.turn, visit.state, visit.came_at, visit.people) == (1, "waiting", "09:20", 3)


def test_a_walk_in_registered_at_the_counter_has_one_item_only(bureau: Reception) -> None:
    matter = bureau.turn(DAY, "09:10").matter()
    bureau.do(matter, "arrive", "reg", people=1)
    assert len(bureau.desk.matter(matter).items) == 1
    assert bureau.visit(matter).kind == "walk_in"


def test_whom_the_bureau_invited_brings_no_item(bureau: Reception) -> None:
    matter = bureau.turn(EVE).matter()
    bureau.do(matter, "invite_reception", "ch", reception_on=DAY, agreed=True)
    bureau.turn(DAY, "09:00").do(matter, "arrive")
    assert len(bureau.desk.matter(matter).items) == 1


def test_more_than_five_representatives_are_not_received(bureau: Reception) -> None:
    """SC-431 Art. 18; REG-2022 Art. 20."""
    matter = bureau.turn(DAY).matter()
    assert "5" in str(refused(bureau, matter, "arrive", people=30, representatives=6))
    assert "1 以上" in str(refused(bureau, matter, "arrive", people=0))
    bureau.do(matter, "arrive", people=30, representatives=5)
    assert bureau.visit(matter).people == 30


def test_one_number_a_day_and_none_without_a_reception(bureau: Reception) -> None:
    matter = bureau.turn(EVE).matter()
    assert "没有接访安排" in str(refused(bureau, matter, "arrive"))
    bureau.turn(DAY).do(matter, "arrive")
    assert "已经领号" in str(refused(bureau, matter, "arrive"))


def test_numbers_rise_and_are_not_given_again(bureau: Reception) -> None:
    bureau.turn(DAY)
    matters = [bureau.matter(title) for title in ("关于甲的请求", "关于乙的请求", "关于丙的请求")]
    bureau.do(matters[0], "arrive").do(matters[1], "arrive")
    bureau.do(matters[1], "leave_reception", reason="身体不适，改日再来")
    bureau.do(matters[2], "arrive")
    bureau.do(matters[1], "arrive")
    lines = bureau.of("pu").docket(bureau.day).lines
    assert [(line.matter, line.turn, line.state) for line in lines] == [
        (matters[0], 1, "waiting"), (matters[1], 2, "left"), (matters[2], 3, "waiting"), (matters[1], 4, "waiting"),
    ]  # fmt: skip
    assert lines[1].reason == "身体不适，改日再来"


def test_leaving_asks_for_somebody_who_waits(bureau: Reception) -> None:
    matter = bureau.turn(DAY).matter()
    assert "没有候访" in str(refused(bureau, matter, "leave_reception", reason="走了"))


# --- the queue --------------------------------------------------------------------------------------------------------


def test_the_board_has_numbers_and_nothing_else(opened: Reception) -> None:
    for title in ("关于甲的请求", "关于乙的请求", "关于丙的请求"):
        opened.do(opened.matter(title), "arrive")
    assert opened.of("reg").call_next(opened.day).turn == 1
    board = opened.turn(DAY, "09:12").of("reg").board(opened.day)
    assert (board.now, board.now_since, board.waiting, board.count, board.state) == (1, "09:05", (2, 3), 2, "open")
    assert {"name", "title", "matter", "number", "people"} & set(board.__slots__) == set()


def test_an_appointment_is_called_at_its_time_and_nobody_before_it(opened: Reception) -> None:
    walked, booked = opened.matter("关于甲的请求"), opened.matter("关于乙的请求")
    opened.do(booked, "book_reception", reception_on=DAY, slot="09:30")
    opened.turn(DAY, "09:06").do(walked, "arrive").do(booked, "arrive")
    assert opened.of("reg").board(opened.day).waiting == (1, 2)
    opened.turn(DAY, "09:30")
    assert opened.of("reg").board(opened.day).waiting == (2, 1)
    assert opened.of("reg").call_next(opened.day).matter == booked


def test_one_is_received_at_a_time_and_who_does_not_come_keeps_the_number(opened: Reception) -> None:
    first, second = opened.matter("关于甲的请求"), opened.matter("关于乙的请求")
    opened.do(first, "arrive").do(second, "arrive")
    called = opened.of("reg").call_next(opened.day)
    with pytest.raises(errors.RuleError, match="1 号正在接访"):
        opened.of("reg").call_next(opened.day)
    opened.of("reg").put_back(called.id)
    assert opened.of("reg").call(opened.visit(second).id).turn == 2
    with pytest.raises(errors.RuleError, match="不在“已叫号”"):
        opened.of("reg").put_back(called.id)
    with pytest.raises(errors.RuleError, match="不在“候访”"):
        opened.of("reg").call(opened.visit(second).id)


def test_nobody_is_called_before_it_begins_or_when_nobody_waits(bureau: Reception) -> None:
    bureau.turn(DAY)
    with pytest.raises(errors.RuleError, match="已安排"):
        bureau.of("reg").call_next(bureau.day)
    bureau.of("reg").begin(bureau.day)
    with pytest.raises(errors.RuleError, match="没有人候访"):
        bureau.of("reg").call_next(bureau.day)
    with pytest.raises(errors.NotAllowedError):
        bureau.of("ho").call_next(bureau.day)
    with pytest.raises(errors.InputError, match="没有这件接访登记"):
        bureau.of("reg").call(1)


# --- received ---------------------------------------------------------------------------------------------------------


def test_the_record_is_kept_with_what_was_decided_and_by_when(opened: Reception) -> None:
    matter = opened.matter()
    opened.do(matter, "arrive").of("reg").call_next(opened.day)
    opened.turn(DAY, "09:25").receive(matter)
    visit = opened.visit(matter)
    assert (visit.state, visit.called_at, visit.ended_at) == ("received", "09:05", "09:25")
    assert (visit.outcome, visit.signed, visit.missing) == ("assigned", True, ())
    file = opened.desk.matter(matter)
    record: DocumentLine = next(paper for paper in file.documents if paper.id == visit.record)
    assert (record.kind, record.state) == ("reception_record", "issued")
    assert [row["body"] for row in file.passages if row["kind"] == "reception"] == [HEARD["statement"]]
    assert [event["kind"] for event in file.events if event["kind"] == "heard"] == ["heard"]
    assert (file.items[-1]["on_the_spot"], file.items[-1]["reception"]) == ("assigned", "fixed")
    assert file.matter["state"] == "S1", "a reception is no step of the life: screening goes on as ever"
    promise = opened.of("ch").promises(matter)[0]
    assert (promise.unit, promise.what, promise.by) == ("刑事侦查大队", HEARD["what"], "正局长")
    assert (promise.on.isoformat(), promise.due_on, promise.late) == (DAY, date(2026, 3, 25), False)


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"read_back": False}, ("read_back",)),
        ({"signed": False}, ("signed", "unsigned")),
        ({"signed": True, "unsigned": "手部受伤"}, ("signed", "unsigned")),
        ({"unit": None}, ("unit",)),
        ({"due_on": None}, ("due_on",)),
        ({"what": None, "due_on": None}, ("what", "due_on")),
        ({"outcome": "transferred", "unit": None, "what": None, "due_on": None}, ("unit", "what", "due_on")),
        ({"outcome": "answered", "what": None, "due_on": None}, ("what", "due_on")),
        ({"statement": " "}, ("statement",)),
        ({"outcome": None}, ("outcome",)),
    ],
)
def test_a_record_with_a_missing_part_is_refused_and_the_part_is_named(
    change: dict[str, Any], parts: tuple[str, ...], opened: Reception
) -> None:
    matter = opened.matter()
    opened.do(matter, "arrive")
    error = refused(opened, matter, "receive", "ch", **{**HEARD, **change})
    assert isinstance(error, errors.MissingPartError)
    assert error.parts == parts


def test_who_cannot_sign_gives_a_reason(opened: Reception) -> None:
    matter = opened.matter()
    opened.do(matter, "arrive").receive(matter, signed=False, unsigned="右手受伤，不能书写")
    visit = opened.visit(matter)
    assert (visit.signed, visit.unsigned, visit.missing) == (False, "右手受伤，不能书写", ())


def test_an_instruction_has_a_day_ahead(opened: Reception) -> None:
    matter = opened.matter()
    opened.do(matter, "arrive")
    assert "之后" in str(refused(opened, matter, "receive", "ch", **{**HEARD, "due_on": DAY}))


def test_what_is_settled_on_the_spot_needs_no_unit(opened: Reception) -> None:
    matter = opened.matter()
    opened.do(matter, "arrive").receive(matter, **SETTLED)
    assert opened.visit(matter).missing == ()
    assert opened.of("ch").promises(matter) == ()


def test_nobody_is_received_before_the_reception_begins_or_without_a_number(bureau: Reception) -> None:
    matter = bureau.turn(DAY).matter()
    assert "没有候访" in str(refused(bureau, matter, "receive", "ch", **HEARD))
    bureau.do(matter, "arrive")
    assert "已安排" in str(refused(bureau, matter, "receive", "ch", **HEARD))


def test_the_leader_of_the_day_receives_in_person(opened: Reception) -> None:
    """Another leader receives only as the named substitute; the head of the petition unit writes beside them."""
    matter = opened.matter()
    opened.do(matter, "arrive")
    assert "由正局长接访" in str(refused(opened, matter, "receive", "dl", **HEARD))
    assert "由正局长接访" in str(refused(opened, matter, "receive", "ho", **HEARD))
    opened.receive(matter, by="pu")
    assert opened.of("ch").promises(matter)[0].by == "正局长"
    row = opened.register.row("SELECT facts FROM document WHERE id=?", (opened.visit(matter).record,))
    assert row
    assert "正局长" in row[0]
    assert "信大明" in row[0]


def test_a_delegate_receives_where_the_petitioner_lives(bureau: Reception) -> None:
    bureau.turn("2026-03-13")
    day = bureau.of("dl").add_day(
        date(2026, 3, 14), bureau.id("hu"), form="going_out", begin="14:00", end="16:00", place="示例镇东村"
    )
    matter = bureau.matter()
    bureau.do(matter, "invite_reception", "dl", reception_on="2026-03-14", agreed=True, slot="14:00")
    bureau.turn("2026-03-14", "14:00").of("hu").begin(day)
    assert "窗口" in str(refused(bureau, matter, "arrive", "ho"))
    bureau.do(matter, "arrive", "hu").of("hu").call_next(day)  # alone, on a laptop
    assert "窗口" in str(refused(bureau, matter, "leave_reception", "ho", reason="有事"))
    bureau.receive(matter, by="hu", place="信访人家中")
    bureau.of("hu")
    found = bureau.of("hu").docket(day).lines[0]
    assert (found.state, found.kind) == ("received", "invited")
    assert bureau.of("hu").promises(matter)[0].by == "刑大队"


# --- who must not receive ---------------------------------------------------------------------------------------------


def test_who_is_complained_of_neither_receives_nor_sees_it_on_the_docket(bureau: Reception) -> None:
    """REG-2022 Arts 28, 30; MPS-79 Arts 10, 11."""
    bureau.turn(DAY, "09:05")
    matter = bureau.matter(
        "反映局长插手案件", purpose="accusation", accused=(accused("正局长", staff=bureau.id("ch")),)
    )
    assert "另一位领导" in str(refused(bureau, matter, "book_reception", reception_on=DAY))
    assert "第三十条" in str(refused(bureau, matter, "arrive"))
    other = bureau.of("pu").add_day(date.fromisoformat(DAY), bureau.id("dl"), **PLAN)
    bureau.do(matter, "arrive", leader=bureau.id("dl"))
    assert [line.matter for line in bureau.of("pu").docket(other).lines] == [matter]
    assert bureau.of("ch").docket(other).lines == ()
    assert bureau.of("ch").day(other).counts == {}
    with pytest.raises(errors.InputError):
        bureau.of("ch").brief(bureau.of("pu").docket(other).lines[0].id)


def test_the_leader_who_receives_a_sealed_matter_becomes_its_reader_when_the_petitioner_has_come(
    opened: Reception,
) -> None:
    matter = opened.matter("反映民警收钱", purpose="accusation", accused=(accused("某民警"),))
    opened.do(matter, "book_reception", reception_on=DAY)
    assert opened.visit(matter, "ch").sight == "outline"
    assert opened.visit(matter, "ch").title == ""
    opened.do(matter, "arrive")
    assert opened.visit(matter, "ch").sight == "full"
    assert opened.visit(matter, "dl").sight == "outline"
    opened.receive(matter)
    assert opened.visit(matter, "dl").outcome == ""


def test_a_complaint_that_turns_up_after_the_booking_bars_the_leader(opened: Reception) -> None:
    """Who calls the number and does not see the matter is told only that the head of the petition unit arranges it."""
    matter = opened.matter("反映有人插手案件", purpose="accusation", accused=(accused("某人"),))
    opened.do(matter, "arrive")
    visit = opened.visit(matter)
    with opened.register.act("amend", by=opened.register.person, at=opened.now, matter=matter) as act:
        act.insert("accused", {"matter": matter, "kind": "person", "name": "正局长", "staff": opened.id("ch")})
    with pytest.raises(errors.RuleError, match="不得接访"):
        opened.of("pu").call(visit.id)
    with pytest.raises(errors.NotAllowedError, match="由信访部门负责人安排") as found:
        opened.of("dl").call(visit.id)
    assert "正局长" not in found.value.message.zh
    with pytest.raises(errors.RuleError, match="没有人候访"):
        opened.of("ch").call_next(opened.day)
    assert "不得接访" in str(refused(opened, matter, "receive", "pu", **SETTLED))


def test_an_accused_unit_gets_no_instruction(opened: Reception) -> None:
    matter = opened.matter(
        "反映派出所不作为", accused=(accused("城关派出所", kind="unit", unit=unit(opened.register, "城关所")),)
    )
    opened.do(matter, "arrive")
    told = refused(opened, matter, "receive", "ch", **{**HEARD, "unit": "城关所"})
    assert "第三十条" in told.message.zh


# --- instructions until they are proved -------------------------------------------------------------------------------


def test_an_instruction_stands_on_today_of_its_unit_until_it_is_proved(opened: Reception) -> None:
    matter = opened.matter()
    opened.do(matter, "arrive").receive(matter)
    opened.turn("2026-03-12").do(matter, "instruct", "ch", unit="城关所", what="回访报案人。", due_on="2026-03-20")

    def waits(login: str) -> list[tuple[str, str, str]]:
        desk = opened.desk_of(login)
        return [
            (line.note, line.unit, str(line.due_on))
            for queue in desk.duties.queues()
            if queue.name == "instructions"
            for line in queue.lines
        ]

    both = [("回访报案人。", "城关派出所", "2026-03-20"), (HEARD["what"], "刑事侦查大队", "2026-03-25")]
    assert waits("pu") == both
    assert waits("ho") == both[1:]
    assert waits("suo") == both[:1]
    assert "须写明是第几项" in str(refused(opened, matter, "prove_instruction", proof="已办"))
    assert "不在待落实之列" in str(refused(opened, matter, "prove_instruction", proof="已办", place=3))
    early = refused(opened, matter, "prove_instruction", proof="已办", place=2, on=DAY)
    assert "早于交办之日" in early.message.zh
    opened.turn("2026-03-23").do(matter, "prove_instruction", "suo", proof="已回访，有回访笔录", place=2)
    assert waits("pu") == both[1:]
    done, late = opened.of("ch").promises(matter)
    assert (done.done_on, done.late) == (None, False)
    assert (late.done_on, late.proof, late.late) == (date(2026, 3, 23), "已回访，有回访笔录", True)
    opened.do(matter, "prove_instruction", "ho", proof="已立案，附立案告知书")
    assert waits("pu") == []
    assert "没有待落实" in str(refused(opened, matter, "prove_instruction", proof="再报一次"))


def test_an_instruction_that_is_not_proved_by_its_day_calls_for_supervision_of_its_unit(opened: Reception) -> None:
    """SC-431 Art. 36(1); REG-2022 Art. 40: a duty of the unit, from the day after its day, until it is proved."""
    matter = opened.matter()
    opened.do(matter, "arrive").receive(matter)

    def raised(day: str) -> list[tuple[str, str, str]]:
        opened.turn(day)
        found = opened.desk_of("pu").duties.triggers(matter)
        return [(one.code, one.unit_name, str(one.since)) for one in found if one.kind == "instruction_late"]

    assert raised("2026-03-25") == []
    assert raised("2026-03-26") == [("1", "刑事侦查大队", "2026-03-26")]
    opened.do(matter, "prove_instruction", "ho", proof="已书面答复")
    assert raised("2026-03-27") == []


def test_instructions_follow_a_reception_and_come_from_a_leader(opened: Reception) -> None:
    matter = opened.matter()
    given = {"unit": "刑侦", "what": "核查。", "due_on": "2026-03-20"}
    assert "没有领导接访的记录" in str(refused(opened, matter, "instruct", "ch", **given))
    opened.do(matter, "arrive").receive(matter, **SETTLED)
    with pytest.raises(errors.NotAllowedError):
        opened.do(matter, "instruct", "ho", **given)
    opened.do(matter, "instruct", "pu", **given)
    opened.do(matter, "instruct", "dl", **given)
    opened.turn("2026-03-12")
    with pytest.raises(errors.NotAllowedError, match="由领导作出"):
        opened.do(matter, "instruct", "pu", **given)
    host = opened.of("dl").day(opened.day).host.name
    assert [one.by for one in opened.of("dl").promises(matter)] == [host, "分管长"], "who writes gives nobody's own"


def test_open_instructions_are_paged_by_their_day_and_outlines_tell_nothing(opened: Reception) -> None:
    for place in range(3):
        matter = opened.matter(f"关于第{place}件事的请求")
        opened.do(matter, "arrive").receive(matter, due_on=f"2026-03-{25 - place}")
    sealed = opened.matter("反映民警收钱", purpose="accusation", accused=(accused("某民警"),))
    opened.do(sealed, "arrive").receive(sealed, due_on="2026-03-20")
    found, after = opened.of("leg").open_promises(limit=2)
    assert [one.due_on and one.due_on.day for one in found] == [20, 23]
    assert (found[0].sight, found[0].what, found[0].unit) == ("outline", "", "")
    rest, end = opened.of("leg").open_promises(after=after, limit=2)
    assert [one.due_on and one.due_on.day for one in rest] == [24, 25]
    assert opened.of("leg").open_promises(after=end, limit=2) == ((), None)


def test_a_unit_head_comes_to_read_a_sealed_matter_by_its_instruction(opened: Reception) -> None:
    matter = opened.matter("反映民警收钱", purpose="accusation", accused=(accused("某民警"),))
    with pytest.raises(errors.NotAllowedError):
        opened.of("hu").promises(matter)
    opened.do(matter, "arrive").receive(matter)
    assert opened.of("hu").promises(matter)[0].what == HEARD["what"]


# --- after the end, reversed, journalled ------------------------------------------------------------------------------


def test_who_comes_again_after_the_end_is_received(opened: Reception) -> None:
    matter = opened.turn("2026-03-02").matter("咨询落户条件", purpose="inquiry")
    opened.do(matter, "screen", category="other").do(matter, "reply", answer="当面答复，来人表示清楚")
    opened.do(matter, "close", closing="filed")
    opened.turn(DAY, "10:00").do(matter, "arrive").receive(matter, **SETTLED)
    file = opened.desk.matter(matter)
    assert (file.matter["state"], len(file.items)) == ("S13", 2)


def test_a_number_given_by_mistake_is_reversed_and_leaves_the_docket(bureau: Reception) -> None:
    matter = bureau.turn(DAY).matter()
    bureau.do(matter, "arrive")
    bureau.desk.reverse(matter, str(bureau.register.seq), "领错号", at=bureau.now)
    assert bureau.of("pu").docket(bureau.day).lines == ()
    bureau.do(matter, "arrive")
    assert bureau.visit(matter).turn == 2


def test_a_reception_entered_on_the_wrong_matter_is_taken_back_whole(opened: Reception) -> None:
    matter = opened.matter()
    opened.do(matter, "arrive").of("reg").call_next(opened.day)
    opened.receive(matter)
    record = opened.visit(matter).record
    opened.desk.reverse(matter, str(opened.register.seq), "记在了别的事项上", at=opened.now)
    assert (opened.visit(matter).state, opened.visit(matter).record) == ("called", None)
    assert opened.of("ch").promises(matter) == ()
    paper = opened.register.record("document", record or 0)
    assert paper
    assert paper["state"] == "spoiled"
    opened.receive(matter, **SETTLED)
    assert opened.visit(matter).missing == ()


def test_everything_is_in_the_journal(opened: Reception) -> None:
    matter = opened.matter()
    opened.do(matter, "arrive").of("reg").call_next(opened.day)
    opened.receive(matter)
    for check in verify(opened.register):
        assert check.holds, check
