"""The queues: what waits for whom, exact, in order, under the policy; and `closing` says what `close` says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from models import errors, queues
from models.register import Register
from tests.models.cases import Case
from tests.models.conftest import accused, at, person, unit

ROUTE = {"competent_organ": "法院", "procedure": "起诉", "route": "诉讼"}
SERVED: dict[str, Any] = {"on": "2026-05-20", "way": "in_person", "receiver": "王小明"}


def waiting(one: Case, login: str, day: str = "2026-03-02") -> dict[str, queues.Queue]:
    found = queues.queues(one.register, person(one.register, login), date.fromisoformat(day))
    assert all(queue.total >= len(queue.lines) > 0 for queue in found)
    return {queue.name: queue for queue in found}


def ready(case: Callable[..., Case], decision: str = "explain", **changed: Any) -> Case:
    return case(**changed).accept().assign().find_out().draft(decision)


def test_a_draft_waits_for_its_legal_check_and_then_for_its_signature(case: Callable[..., Case]) -> None:
    one = ready(case)
    assert waiting(one, "leg")["to_check"].lines[0].act == "legal_check"
    assert "to_check" not in waiting(one, "ch")
    one.check()
    assert "to_check" not in waiting(one, "leg")
    queue = waiting(one, "dl")["to_sign"]
    assert (queue.total, queue.act, queue.own) == (1, "issue", True)
    assert queue.lines[0].since == date(2026, 3, 2)
    one.do("return_draft", by="dl", reason="补充理由").draft()
    assert "to_sign" not in waiting(one, "dl"), "a new draft is checked anew"
    with pytest.raises(errors.NotAllowedError):
        queues.page(one.register, person(one.register, "reg"), date(2026, 3, 2), "to_sign")


def test_a_role_sees_the_queues_of_its_duties_first(case: Callable[..., Case]) -> None:
    one = ready(case).check()
    case(received_only=True, statement="", claims=(), title="")
    names = list(waiting(one, "ch"))
    assert names == ["to_sign", "received_only"]
    assert [queue.own for queue in waiting(one, "ch").values()] == [True, False]
    assert list(waiting(one, "reg")) == ["received_only"]
    assert waiting(one, "reg")["received_only"].own


def test_in_hand_without_a_handler_and_given_back(case: Callable[..., Case]) -> None:
    one = case().accept()
    assert waiting(one, "pu")["unassigned"].lines[0].matter == one.matter
    one.assign().do("return_unit", "2026-03-05", return_ground="other_unit", ground="不属于本单位职责")
    found = waiting(one, "pu", "2026-03-05")
    assert "unassigned" not in found
    line = found["returned"].lines[0]
    assert (line.since, line.note, line.act) == (date(2026, 3, 5), "属于其他单位职责：不属于本单位职责", "assign")


def test_an_answer_waits_until_its_proof_is_checked(case: Callable[..., Case]) -> None:
    one = ready(case).check().do("issue", "2026-05-18")
    line = waiting(one, "ho", "2026-05-25")["undelivered"].lines[0]
    assert (line.since, line.act) == (date(2026, 5, 18), "serve")
    assert line.note
    one.do("serve", "2026-05-20", papers="proof_of_service", **SERVED)
    assert "undelivered" not in waiting(one, "ho", "2026-05-25")
    assert waiting(one, "pu", "2026-05-25")["confirm"].lines[0].since == date(2026, 5, 20)
    one.do("confirm_service")
    assert "confirm" not in waiting(one, "pu", "2026-05-25")


@pytest.mark.parametrize("day", ["2026-06-21", "2026-06-22", "2026-06-23", "2026-06-24"])
def test_closing_says_what_the_act_says_on_every_day_around_the_end(day: str, case: Callable[..., Case]) -> None:
    """Received Wed 05-20; the window runs to Mon 06-22 (06-19 to 06-21 Dragon Boat), so it is closed from 06-23."""
    one = ready(case).check().do("issue", "2026-05-18").serve("2026-05-20", **SERVED)
    one.now = at(day)
    assert ("closing" in waiting(one, "pu", day)) == ("close" in one.open("pu")) == (day >= "2026-06-23")


def test_closing_waits_for_what_is_to_be_carried_out(case: Callable[..., Case]) -> None:
    one = ready(case, "support").check().do("issue", "2026-05-18", execute_by="2026-06-30")
    one.serve("2026-05-20", **SERVED)
    assert "closing" not in waiting(one, "pu", "2026-06-24")
    line = waiting(one, "pu", "2026-06-24")["executing"].lines[0]
    assert (line.due_on, line.note) == (date(2026, 6, 30), "要求书面答复是否立案")
    assert "executing" not in waiting(one, "pu", "2026-06-22"), "told of a week before"
    one.do("execute", "2026-06-24", proof="送达回执")
    found = waiting(one, "pu", "2026-06-24")
    assert "executing" not in found
    assert "closing" in found


@pytest.mark.parametrize(("level", "clock_days"), [("review", 30), ("rereview", 0)])
def test_closing_after_a_review(level: str, clock_days: int, case: Callable[..., Case]) -> None:
    """A review that stands opens the window for re-review from its service; a re-review ends the procedure."""
    one = ready(case).check().do("issue", "2026-05-18").serve("2026-05-20", **SERVED)
    one.do("request_review", "2026-05-25", papers="review_request")
    one.do("review_decided", "2026-06-10", papers="review_opinion", result="upheld")
    assert waiting(one, "pu", "2026-06-10")["undelivered"].lines[0].act == "serve_review"
    one.do("serve_review", "2026-06-12", papers="proof_of_service", on="2026-06-12", receiver="王小明")
    if level == "rereview":
        one.do("request_rereview", "2026-06-15", papers="rereview_request", organ="示例省公安厅")
        one.do("rereview_decided", "2026-06-25", papers="rereview_opinion", result="upheld")
    first = date(2026, 6, 12 if clock_days else 25) + timedelta(days=clock_days)
    for ahead in range(-1, 5):
        day = (first + timedelta(days=ahead)).isoformat()
        if day < one.now.date().isoformat():
            continue
        one.now = at(day)
        assert ("closing" in waiting(one, "pu", day)) == ("close" in one.open("pu")), day
    assert "closing" in waiting(one, "pu", day)


@pytest.mark.parametrize(
    "steps",
    [
        [("screen", {"category": "claim", "exit": "4"}), ("direct", {})],
        [("screen", {"category": "suggestion"}), ("reply", {"answer": "已采纳", "adopted": "wholly"})],
    ],
    ids=["direct", "reply"],
)
def test_an_exit_that_was_told_waits_to_be_closed(
    steps: list[tuple[str, dict[str, Any]]], case: Callable[..., Case]
) -> None:
    one = case()
    for act, inputs in steps:
        assert "closing" not in waiting(one, "pu")
        one.do(act, letter=ROUTE if act == "direct" else None, **inputs)
    assert waiting(one, "pu")["closing"].lines[0].act == "close"
    assert "close" in one.open("pu")


def test_what_units_owe_is_told_to_the_petition_unit_and_to_the_unit(case: Callable[..., Case]) -> None:
    one = case().accept().assign()
    one.do("assist", unit="督察", limit_on="2026-03-20", requirement="提供材料")
    one.do("supervise", trigger="4", way="call", demand="限期答复", due_on="2026-03-25", unit="刑侦")
    found = waiting(one, "pu")
    assert (found["assisting"].lines[0].unit, found["assisting"].lines[0].due_on) == ("警务督察大队", date(2026, 3, 20))
    assert found["answering"].lines[0].note == "限期答复"
    assert waiting(one, "di").keys() >= {"assisting", "answering"}
    mine = waiting(one, "hu")
    assert mine["answering"].own
    assert "assisting" not in mine, "what another department owes"
    one.do("answer_supervision", by="hu", answer="已整改", adopted="taken")
    assert "answering" not in waiting(one, "hu")


def test_a_major_matter_waits_until_both_organs_were_told(case: Callable[..., Case]) -> None:
    one = case()
    known = {"time": "08:00", "what": "多人聚集", "place": "东路口", "people": 30, "claim": "停工", "source": "接报"}
    one.do("mark_major", **known)
    assert waiting(one, "dl")["major"].lines[0].act == "report_major"
    told = {"time": "08:30", "to_whom": "值班室", "how": "call", "what": "已报"}
    one.do("report_major", letter={}, organ="party", **told)
    assert "major" in waiting(one, "dl")
    one.do("report_major", letter={}, organ="government", **told)
    assert "major" not in waiting(one, "dl")


def test_outlines_and_barred_matters(case: Callable[..., Case], register: Register) -> None:
    one = case(
        purpose="accusation", accused=(accused("刑侦", kind="unit", unit=unit(register, "刑侦")),), received_only=True
    )
    line = waiting(one, "reg")["received_only"].lines[0]
    assert (line.sight, line.title, line.note) == ("outline", "", "")
    assert waiting(one, "hu") == {}
    assert waiting(one, "pu")["received_only"].lines[0].title


def test_pages_go_on_to_the_end_and_count_all(case: Callable[..., Case], register: Register) -> None:
    for number in range(7):
        one = case(received_only=True, received_on=date(2026, 2, 20 + number % 3))
    by = person(register, "reg")
    seen, after = [], None
    while True:
        found = queues.page(register, by, date(2026, 3, 2), "received_only", after=after, limit=3)
        assert found.total == 7
        seen += [line.matter for line in found.lines]
        after = found.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert one.matter in seen


def test_an_unknown_queue_is_refused(register: Register) -> None:
    with pytest.raises(errors.InputError) as refused:
        queues.page(register, person(register, "pu"), date(2026, 3, 2), "nobody")
    assert "received_only" in refused.value.message.en
