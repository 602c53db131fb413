"""Papers from the city at the desk: who sees them, taking each kind in by the ways of writing there are, answering."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import errors
from models.desk import Desk
from models.register import Register
from models.verify import verify
from tests.models.cases import Case
from tests.models.city_voice import FACTS, ORGAN, CityVoice
from tests.models.conftest import NOW, TODAY, at


@pytest.fixture
def city(register: Register) -> CityVoice:
    return CityVoice(register)


def row_of(register: Register, paper: int) -> dict[str, Any]:
    found = register.record("city_paper", paper)
    assert found
    return found


def test_an_assignment_waits_with_its_form_filled_in(desk: Desk, city: CityVoice) -> None:
    paper = city.assign(body="请依法办理并报结果。", signed_by="钱科长")
    page = desk.city.inbox()
    [line] = page.lines
    assert (page.total, page.late, page.after) == (1, 0, None)
    assert (line.id, line.kind, line.state, line.sight) == (paper, "assignment", "waiting", "full")
    assert line.arrived_on == TODAY
    assert line.limit_on == date(2026, 4, 30)
    assert line.object_until == date(2026, 3, 9)  # five working days after Monday 2026-03-02: REG-2022 Art. 23
    assert line.may == ("take", "note", "refuse")
    whole = desk.city.paper(paper)
    assert whole.body == "请依法办理并报结果。"
    assert whole.signed_by == "钱科长"
    assert whole.draft is not None
    assert whole.draft.received_on == date(2026, 2, 20)
    assert whole.draft.transferred_on == TODAY
    assert (whole.draft.source, whole.draft.source_name) == ("city_police", ORGAN)
    assert whole.draft.source_number == "市公信交〔2026〕7号"
    assert whole.draft.people[0].name == "赵某某"
    assert desk.matter  # nothing is registered before somebody takes it in
    assert desk.register.row("SELECT count(*) FROM matter") == (0,)


def test_taking_it_in_registers_the_item_and_lets_the_limit_run(desk: Desk, city: CityVoice) -> None:
    paper = city.assign(body="请依法办理并报结果。")
    seq = desk.register.seq
    done = desk.city.take(paper)
    assert desk.register.seq == done.seq == seq + 1  # one entry: registration, incoming letter, limit, mark
    assert done.registered is not None
    assert done.matter is not None
    matter = desk.register.record("matter", done.matter)
    assert matter
    assert matter["limit_on"] == "2026-04-30"
    assert matter["received_on"] == "2026-02-20"
    kinds = [
        kind for (kind,) in desk.register.rows("SELECT kind FROM event WHERE matter=? ORDER BY id", (done.matter,))
    ]
    assert kinds == ["transfer_received", "assigned_in"]
    document = desk.register.records("document", "matter=?", (done.matter,))[0]
    assert (document["kind"], document["number"], document["organ"]) == ("assignment_in", "市公信交〔2026〕7号", ORGAN)
    row = row_of(desk.register, paper)
    assert (row["taken_on"], row["result"], row["document"]) == (TODAY.isoformat(), done.matter, document["id"])
    [clock] = [clock for clock in desk.matter(done.matter).clocks if clock.clock == "C8"]
    assert clock.running
    assert clock.due is not None
    assert clock.due.last_on == date(2026, 4, 30)
    assert desk.city.inbox().total == 0
    [line] = desk.city.inbox(state="taken").lines
    assert line.matter_number == done.registered.matter_number
    assert line.taken_by == desk.person.name
    assert all(check.holds for check in verify(desk.register))


def test_the_form_may_be_completed_and_the_item_may_join_an_earlier_matter(
    desk: Desk, city: CityVoice, case: Callable[..., Case]
) -> None:
    earlier = case().matter
    paper = city.assign()
    draft = desk.city.paper(paper).draft
    assert draft is not None
    assert {hint.matter for hint in desk.city.hints(paper)} == set()  # another person
    done = desk.city.take(paper, draft=draft, matter=earlier)
    assert done.matter == earlier
    items = desk.register.records("item", "matter=? ORDER BY id", (earlier,))
    assert [item["repeat"] for item in items] == [0, 1]
    assert items[1]["transferred_on"] == TODAY.isoformat()
    assert items[1]["source"] == "city_police"
    assert row_of(desk.register, paper)["result"] == earlier
    assert desk.register.record("matter", earlier)["limit_on"] == "2026-04-30"


def test_a_limit_cannot_run_on_a_closed_matter_and_nothing_is_left_behind(
    desk: Desk, city: CityVoice, case: Callable[..., Case]
) -> None:
    closed = case(purpose="inquiry").do("screen", category="other").do("reply", answer="已答复。", adopted="none")
    closed.do("close", closing="opinion")
    assert closed.state == "S13"
    paper = city.assign()
    before = desk.register.seq
    with pytest.raises(errors.RuleError, match="已办结"):
        desk.city.take(paper, matter=closed.matter)
    assert desk.register.seq == before
    assert desk.register.row("SELECT count(*) FROM item WHERE matter=?", (closed.matter,)) == (1,)
    assert desk.city.inbox().total == 1


def test_a_transfer_is_registered_without_a_limit(desk: Desk, city: CityVoice) -> None:
    paper = city.send("transfer", NOW, FACTS, number="市公信转〔2026〕3号")
    done = desk.city.take(paper)
    assert done.matter is not None
    documents = desk.register.rows("SELECT kind, number FROM document WHERE matter=?", (done.matter,))
    assert documents == [("transfer_in", "市公信转〔2026〕3号")]
    assert desk.register.rows("SELECT kind FROM event WHERE matter=?", (done.matter,)) == [("transfer_received",)]
    desk.city.report(paper, "已书面告知信访人。")
    row = row_of(desk.register, paper)
    assert (row["answered_on"], row["answer"]) == (TODAY.isoformat(), "已书面告知信访人。")


# --- who sees what ---------------------------------------------------------------------------------------------------


def test_whoever_a_paper_accuses_sees_neither_line_nor_count(
    desk_of: Callable[..., Desk], city: CityVoice, register: Register
) -> None:
    paper = city.assign(facts={"purpose": "accusation", "accused": [{"name": "信大明", "kind": "person"}]})
    assert desk_of("pu").city.inbox().total == 0
    with pytest.raises(errors.InputError, match="没有这份市局来文"):
        desk_of("pu").city.paper(paper)
    with pytest.raises(errors.InputError, match="没有这份市局来文"):
        desk_of("pu").city.take(paper)
    assert desk_of("di").city.inbox().total == 1
    done = desk_of("reg").city.take(paper)
    assert done.matter is not None
    assert register.record("matter", done.matter)["sealed"] == 1
    assert desk_of("pu").city.inbox(state="").total == 0  # barred from the matter now


def test_whoever_belongs_to_an_accused_unit_is_kept_out(desk_of: Callable[..., Desk], city: CityVoice) -> None:
    city.assign(facts={"purpose": "accusation", "accused": [{"name": "城关派出所", "kind": "unit"}]})
    assert desk_of("zu").city.inbox().total == 0  # of a group two levels below
    assert desk_of("pu").city.inbox().total == 1


def test_an_accusation_is_an_outline_to_chiefs(desk_of: Callable[..., Desk], city: CityVoice) -> None:
    paper = city.assign(facts={"purpose": "accusation", "accused": [{"name": "某民警"}]})
    [line] = desk_of("ch").city.inbox().lines
    assert (line.sight, line.title, line.may) == ("outline", "", ())
    assert line.limit_on == date(2026, 4, 30)
    with pytest.raises(errors.NotAllowedError, match="限定知悉范围"):
        desk_of("ch").city.paper(paper)
    assert desk_of("di").city.paper(paper).draft is not None
    confidential = city.assign(facts={"confidential": True})
    assert desk_of("ch").city.paper(confidential).draft is not None
    assert {line.id for line in desk_of("di").city.inbox().lines} == {paper}  # accusations only


def test_each_role_has_its_own_inbox(desk_of: Callable[..., Desk], city: CityVoice, case: Callable[..., Case]) -> None:
    matter = case().matter
    city.assign()
    city.send("supervision", NOW, body="请书面说明。", limit_on=date(2026, 3, 20), matter=matter)
    city.send("codes", NOW, {"content": {"add": [{"code": "95", "zh": "无人机", "en": "Drones"}]}})
    city.send("notice", NOW, body="请参加会议。")
    kinds = {
        login: {line.kind for line in desk_of(login).city.inbox().lines}
        for login in ("pu", "reg", "keep", "ho", "leg", "di", "ch")
    }
    everything = {"assignment", "supervision", "codes", "notice"}
    assert kinds == {
        "pu": everything, "ch": everything, "reg": {"assignment", "notice"}, "keep": {"codes", "notice"},
        "ho": set(), "leg": set(), "di": set(),
    }  # fmt: skip
    [line] = [line for line in desk_of("ch").city.inbox().lines if line.kind == "assignment"]
    assert line.sight == "full"
    assert line.may == ()
    with pytest.raises(errors.NotAllowedError):
        desk_of("ch").city.take(line.id)


def test_a_paper_of_a_matter_from_which_one_is_barred_is_not_there(
    desk_of: Callable[..., Desk], city: CityVoice, case: Callable[..., Case], register: Register
) -> None:
    from tests.models.conftest import accused

    sealed = case(purpose="accusation", accused=(accused("信大明"),)).matter
    city.send("supervision", NOW, body="请书面说明。", limit_on=date(2026, 3, 20), matter=sealed)
    assert desk_of("pu").city.inbox().total == 0
    [line] = desk_of("dl").city.inbox().lines  # no reader: knows that it is there, and until when
    assert (line.sight, line.title, line.limit_on) == ("outline", "", date(2026, 3, 20))


# --- sending back ----------------------------------------------------------------------------------------------------


def test_an_item_that_is_not_ours_is_sent_back_within_five_working_days(
    desk_of: Callable[..., Desk], city: CityVoice, register: Register
) -> None:
    paper = city.assign()
    with pytest.raises(errors.NotAllowedError):
        desk_of("reg").city.refuse(paper, "不属于本局管辖")
    with pytest.raises(errors.InputError, match="理由"):
        desk_of("pu").city.refuse(paper, "  ")
    with pytest.raises(errors.RuleError, match="2026-03-09"):
        desk_of("pu", at("2026-03-10")).city.refuse(paper, "不属于本局管辖")
    desk_of("pu", at("2026-03-09")).city.refuse(paper, "信访人所反映地点属邻县管辖，依据……")
    row = row_of(register, paper)
    assert row["refused"].startswith("信访人所反映")
    assert row["taken_on"] is None
    desk = desk_of("pu", at("2026-03-09"))
    assert desk.city.inbox().total == 0
    with pytest.raises(errors.RuleError, match="已退回"):
        desk.city.take(paper)


def test_what_the_city_does_not_agree_to_waits_again_and_is_not_sent_back_twice(
    desk_of: Callable[..., Desk], city: CityVoice, register: Register
) -> None:
    paper = city.assign()
    desk_of("pu").city.refuse(paper, "不属于本局管辖")
    city.change(paper, at("2026-03-03"), refused=None, insisted="发生地在你县，已核实")
    desk = desk_of("pu", at("2026-03-04"))
    [line] = desk.city.inbox().lines
    assert line.insisted == "发生地在你县，已核实"
    assert line.state == "waiting"
    with pytest.raises(errors.RuleError, match="不同意退回"):
        desk.city.refuse(paper, "仍不属于本局")
    assert desk.city.take(paper).matter is not None


def test_what_the_city_took_back_is_not_taken_in(desk: Desk, city: CityVoice) -> None:
    paper = city.assign()
    city.change(paper, at("2026-03-02", 4), withdrawn="发错单位")
    assert desk.city.inbox().total == 0
    [line] = desk.city.inbox(state="withdrawn").lines
    assert line.withdrawn == "发错单位"
    assert line.may == ()
    with pytest.raises(errors.RuleError, match="撤回"):
        desk.city.take(paper)


def test_nothing_is_taken_in_twice(desk: Desk, city: CityVoice) -> None:
    paper = city.assign()
    desk.city.take(paper)
    for again in (lambda: desk.city.take(paper), lambda: desk.city.note(paper, "已登记")):
        with pytest.raises(errors.RuleError, match="已接收"):
            again()
    assert desk.register.row("SELECT count(*) FROM matter") == (1,)
    with pytest.raises(errors.InputError, match="没有这份市局来文"):
        desk.city.paper(12345)


def test_what_was_entered_from_paper_already_is_noted_with_the_reason(
    desk: Desk, city: CityVoice, register: Register
) -> None:
    paper = city.assign()
    desk.city.note(paper, "已按纸质交办函登记，编号 J2026-1。")
    row = row_of(register, paper)
    assert row["taken_on"] == row["answered_on"] == TODAY.isoformat()
    assert row["answer"].startswith("已按纸质")
    assert row["result"] is None


def test_late_is_told_whoever_has_it(desk_of: Callable[..., Desk], city: CityVoice) -> None:
    paper = city.assign(date(2026, 3, 6))
    other = city.assign(date(2026, 5, 6), facts={"statement": "另一件"})
    desk = desk_of("pu", at("2026-03-07"))
    page = desk.city.inbox()
    assert (page.total, page.late) == (2, 1)
    assert [(line.id, line.late) for line in page.lines] == [(paper, True), (other, False)]  # what is due first
    first = desk.city.inbox(limit=1)
    assert [line.id for line in first.lines] == [paper]
    assert [line.id for line in desk.city.inbox(first.after, 1).lines] == [other]
    desk.city.take(paper)
    [line] = desk.city.inbox(state="taken").lines
    assert line.late  # until it is answered
    with pytest.raises(errors.InputError, match="late"):
        desk.city.inbox(state="late")


# --- answered by the lawful steps ------------------------------------------------------------------------------------


class TakenCase(Case):
    """The matter of a paper that was taken in."""

    def __init__(self, register: Register, matter: int) -> None:
        self.register = register
        self.desk = Desk(register, now=lambda: self.now)
        self.founder = self.desk.person
        self.now = NOW
        self.matter = matter


def test_the_completion_report_answers_the_assignment(desk: Desk, city: CityVoice, register: Register) -> None:
    paper = city.assign()
    done = desk.city.take(paper)
    assert done.matter is not None
    with pytest.raises(errors.RuleError, match="报送办结报告"):
        desk.city.report(paper, "已办结")
    case = TakenCase(register, done.matter)
    case.accept().assign().find_out().draft().check().do("issue", "2026-04-01")
    case.serve("2026-04-02", on="2026-04-02", way="in_person", receiver="赵某某").do("report_completion")
    row = row_of(register, paper)
    number = register.row("SELECT number FROM document WHERE matter=? AND kind='completion_report'", (done.matter,))
    assert number
    assert number[0]
    assert (row["answered_on"], row["answer"]) == ("2026-04-02", f"已报送办结报告{number[0]}")
    [line] = desk.city.inbox(state="answered").lines
    assert not line.late
    assert line.may == ()


def test_more_time_that_the_city_grants_moves_its_limit(desk: Desk, city: CityVoice, register: Register) -> None:
    paper = city.assign()
    done = desk.city.take(paper)
    assert done.matter is not None
    TakenCase(register, done.matter).accept().do("extend_limit", papers="limit_consent", days=10)
    assert row_of(register, paper)["limit_on"] == "2026-05-10"


def test_an_objection_by_letter_is_told_on_the_paper(desk: Desk, city: CityVoice, register: Register) -> None:
    paper = city.assign()
    done = desk.city.take(paper)
    assert done.matter is not None
    TakenCase(register, done.matter).do("object", reasons_detail="属邻县管辖，依据……")
    assert row_of(register, paper)["refused"] == "属邻县管辖，依据……"


def test_a_supervision_letter_is_received_and_answered_in_its_matter(
    desk: Desk, city: CityVoice, register: Register, held: Case
) -> None:
    paper = city.send(
        "supervision", NOW, body="请书面说明逾期原因。", limit_on=date(2026, 3, 20), matter=held.matter,
        number="市公信督〔2026〕1号",
    )  # fmt: skip
    done = desk.city.take(paper, inputs={"unit": "刑侦", "trigger": "1"})
    assert done.matter == held.matter
    assert held.column("supervised") == 1
    [row] = held.rows("supervision")
    assert (row["due_on"], row["demand"], row["trigger"]) == ("2026-03-20", "请书面说明逾期原因。", "1")
    assert row["document"] == row_of(register, paper)["document"]
    with pytest.raises(errors.RuleError, match="答复督办"):
        desk.city.report(paper, "已说明")
    held.do("answer_supervision", by="hu", answer="因鉴定需时，已催办。", adopted="taken")
    answered = row_of(register, paper)
    assert (answered["answered_on"], answered["answer"]) == (TODAY.isoformat(), "因鉴定需时，已催办。")
