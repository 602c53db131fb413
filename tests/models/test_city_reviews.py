"""The city's reviews of closings at the desk: recorded by the act there is, with the paper as the document."""

from __future__ import annotations

from typing import Any

import pytest

from models import errors
from models.desk import Desk
from models.register import Register
from models.verify import verify
from tests.models.city_voice import CityVoice
from tests.models.conftest import NOW, TODAY
from tests.models.programme_cases import KeyCase, start


@pytest.fixture
def city(register: Register) -> CityVoice:
    return CityVoice(register)


def row_of(register: Register, paper: int) -> dict[str, Any]:
    found = register.record("city_paper", paper)
    assert found
    return found


@pytest.fixture
def reported(register: Register) -> KeyCase:
    """A key case whose closing dossier went up on 2026-03-02."""
    start(register)
    return KeyCase(register).include().plan().meet().approve().solve().dossier().do("report_case_closing")


def key_case(case: KeyCase) -> int:
    found = case.register.row("SELECT id FROM key_case WHERE matter=?", (case.matter,))
    assert found
    return int(found[0])


def review(city: CityVoice, case: KeyCase, outcome: str, body: str = "", **more: Any) -> int:
    return city.send(
        "review", more.pop("at", NOW), outcome=outcome, body=body or None, matter=case.matter,
        key_case=more.pop("key_case", key_case(case)), number="市公信评〔2026〕2号", **more,
    )  # fmt: skip


def test_an_approved_closing_is_recorded_with_the_paper_as_its_document(
    desk: Desk, city: CityVoice, reported: KeyCase, register: Register
) -> None:
    paper = review(city, reported, "approve")
    seq = register.seq
    done = desk.city.take(paper)
    assert done.seq == seq + 1 == register.seq
    row = row_of(register, paper)
    [case_review] = reported.rows("case_review")
    assert (case_review["result"], case_review["paper"]) == ("approved", row["document"])
    document = register.record("document", row["document"])
    assert document
    assert (document["kind"], document["number"]) == ("city_review", "市公信评〔2026〕2号")
    assert register.record("key_case", key_case(reported))["closed_on"] == TODAY.isoformat()
    assert reported.desk.history(reported.matter)[0].act == "record_city_review"


def test_a_returned_closing_brings_its_opinion_and_is_reported_again(
    desk: Desk, city: CityVoice, reported: KeyCase, register: Register
) -> None:
    paper = review(city, reported, "return", "缺少信访人签字，请补正后再报。")
    desk.city.take(paper)
    [row] = reported.rows("case_review")
    assert (row["result"], row["opinion"]) == ("returned", "缺少信访人签字，请补正后再报。")
    assert register.record("key_case", key_case(reported))["closed_on"] is None
    reported.do("report_case_closing")
    desk.city.take(review(city, reported, "approve"))
    assert register.record("key_case", key_case(reported))["closed_on"] == TODAY.isoformat()


def test_a_review_that_was_recorded_by_hand_is_only_noted(
    desk: Desk, city: CityVoice, reported: KeyCase, register: Register
) -> None:
    paper = review(city, reported, "approve")
    reported.do("record_city_review", papers="city_review", result="approved")
    seq = register.seq
    with pytest.raises(errors.RuleError):
        desk.city.take(paper)
    assert register.seq == seq
    assert row_of(register, paper)["taken_on"] is None
    desk.city.note(paper, "已按纸质意见登记。")
    assert len(reported.rows("case_review")) == 1


def test_a_review_of_another_case_of_the_matter_is_not_laid_on_this_one(
    desk: Desk, city: CityVoice, reported: KeyCase, register: Register
) -> None:
    other = register.row("SELECT max(id) FROM key_case")
    assert other
    with register.act("test", by=register.person, at=NOW) as act:  # entered anew, as another case
        values = register.record("key_case", key_case(reported))
        assert values
        values.pop("id")
        act.insert("key_case", values)
    with pytest.raises(errors.RuleError, match="现在的重点案件"):
        desk.city.take(review(city, reported, "approve", key_case=other[0]))


def test_reversing_the_review_puts_the_paper_back_into_the_inbox(
    desk: Desk, city: CityVoice, reported: KeyCase, register: Register
) -> None:
    paper = review(city, reported, "approve")
    done = desk.city.take(paper)
    desk.reverse(reported.matter, f"{register.device}-{done.seq}", "登记有误")
    row = row_of(register, paper)
    assert (row["taken_on"], row["taken_by"]) == (None, None)
    assert desk.city.inbox().total == 1
    desk.city.take(paper)
    assert row_of(register, paper)["taken_on"] == TODAY.isoformat()
    assert all(check.holds for check in verify(register))
