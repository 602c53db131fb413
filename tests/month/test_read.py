"""The written month itself: it reaches everything, and a counting that contradicts itself is refused."""

from __future__ import annotations

from datetime import date

import pytest

from models import acts, codes, letters
from tests.month import read

ALL = read.matters()
LAWFUL = [step for matter in ALL for step in matter.steps if not step.refused]
TRIES = [step for matter in ALL for step in matter.steps if step.refused]
NOT_LETTERS_OF_A_MATTER = {"receipt_roll"}
"""A roll of receipts is printed for many items at once."""


def test_the_month_is_large_enough() -> None:
    assert len(ALL) >= 42
    assert sum(matter.window for matter in ALL) >= 16
    assert len(TRIES) >= 40
    assert sum(len(matter.first) + sum(len(step.cards) for step in matter.steps) for matter in ALL) >= 150


def test_every_state_ending_class_and_rule_set_is_reached() -> None:
    states = {state for matter in ALL for state in matter.path}
    supervised = {acts.SUPERVISED} if any(step.act == "supervise" for step in LAWFUL) else set()
    assert states | supervised == set(codes.codes("state"))
    for only in (ALL, [matter for matter in ALL if matter.window]):
        assert {matter.ends.get("closing") for matter in only} == set(codes.codes("closing"))
    assert {matter.category for matter in ALL} == set(codes.codes("category"))
    assert {matter.rules for matter in ALL} == {"SC-431", "REG-2022", "REG-2022/LOCAL-zhejiang"}
    assert min(matter.item["day"] for matter in ALL if matter.rules == "SC-431").year == 2005
    exits = {str(step.inputs.get("exit")) for step in LAWFUL if step.act == "screen"}
    assert exits >= set(codes.codes("exit"))


def test_every_act_trigger_decision_and_way_of_service_is_taken() -> None:
    assert {step.act for step in LAWFUL} >= set(acts.table())
    raised = {step.inputs["trigger"] for step in LAWFUL if step.act == "supervise"}
    assert raised == set(codes.codes("supervision_trigger"))
    decided = {matter.ends.get("conclusion") for matter in ALL}
    assert decided >= set(codes.codes("conclusion"))
    served = {step.inputs["way"] for step in LAWFUL if step.act == "serve"}
    assert served == set(codes.codes("service_way")) - {"other"}  # which the rule does not know
    results = {step.inputs["result"] for step in LAWFUL if step.act in ("review_decided", "rereview_decided")}
    assert results >= {"upheld", "quashed", "changed", "not_accepted"}


def test_every_kind_of_letter_goes_out() -> None:
    sent = {kind for matter in ALL for kind in matter.letters}
    assert sent == {kind.code for kind in letters.kinds()} - NOT_LETTERS_OF_A_MATTER


def test_what_is_unlawful_names_a_rule_and_says_why_it_stands_here() -> None:
    for step in TRIES:
        assert step.tells, step
        assert (step.to, step.sends, step.cards) == ("", (), ()), step


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (
            "C1 2026-03-06 五 +15C = 2026-03-21 六 -> 2026-03-23 一",
            read.Count("C1", date(2026, 3, 6), date(2026, 3, 21), date(2026, 3, 23)),
        ),
        (
            "C1o 2026-09-28 一 +5W = 2026-10-10 六（调休上班） -> 2026-10-10 六（调休上班）",
            read.Count("C1o", date(2026, 9, 28), date(2026, 10, 10), date(2026, 10, 10)),
        ),
        (
            "C8 2026-03-10 二 set = 2026-04-09 四 -> 2026-04-09 四",
            read.Count("C8", date(2026, 3, 10), date(2026, 4, 9), date(2026, 4, 9)),
        ),
        ("C1 2005-09-05 一 no calendar 2005", read.Count("C1", date(2005, 9, 5), None, None, 2005)),
        ("C-execute 2026-03-20 五 no limit", read.Count("C-execute", date(2026, 3, 20), None, None)),
    ],
)
def test_a_counting_is_read(text: str, count: read.Count) -> None:
    assert read.count_of(text) == count


@pytest.mark.parametrize(
    "text",
    [
        "C1 2026-03-06 四 +15C = 2026-03-21 六 -> 2026-03-23 一",  # the 6th is a Friday
        "C1 2026-03-06 五 +15C = 2026-03-20 五 -> 2026-03-23 一",  # one day short
        "C1 2026-03-06 五 +15C = 2026-03-21 六 -> 2026-03-20 五",  # rest days never shorten
        "C1 2026-03-06 五 +15 = 2026-03-21 六 -> 2026-03-23 一",
        "C1 2026-03-06 五 no calendar",
    ],
)
def test_a_counting_that_contradicts_itself_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read.count_of(text)
