"""Failed duties of units in a period, as the register can evidence them; due days worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from models import errors
from models.desk import Desk
from models.liability import SWITCHES, LiabilityLine, liability
from models.records import ItemDraft
from models.register import Register
from tests.models.conftest import accused, at, draft, person


class Book:
    """Writes what happened as rows, and reads the list of a period."""

    def __init__(self, register: Register) -> None:
        self.register = register

    def matter(self, received: str, entered: str = "", **changed: Any) -> int:
        desk = Desk(self.register, now=lambda: at(entered or received))
        item: ItemDraft = draft(received_on=date.fromisoformat(received), **changed)
        return desk.register_item(item).matter

    def write(self, matter: int, table: str, **columns: Any) -> int:
        with self.register.act("test", by=self.register.person, at=at("2026-03-02"), matter=matter) as act:
            return act.insert(table, {"matter": matter, **columns})

    def event(self, matter: int, kind: str, on: str, **more: Any) -> None:
        self.write(matter, "event", kind=kind, on_date=on, **more)

    def unit(self, short: str) -> int:
        found = self.register.row("SELECT id FROM unit WHERE short=?", (short,))
        assert found
        return int(found[0])

    def lines(self, frm: str, to: str, login: str = "pu") -> tuple[LiabilityLine, ...]:
        return liability(self.register, person(self.register, login), date.fromisoformat(frm), date.fromisoformat(to))

    def told(self, frm: str, to: str, login: str = "pu") -> dict[tuple[str, str], int]:
        return {(line.switch, line.unit_name): line.count for line in self.lines(frm, to, login)}


@pytest.fixture
def book(register: Register) -> Callable[[], Book]:
    return lambda: Book(register)


def test_a_notice_counts_on_the_day_after_its_last(book: Callable[[], Book]) -> None:
    """2026-03-02 + 15 C = 03-17: failed on 03-18, whether it came later or never."""
    one = book()
    never, later, timely = one.matter("2026-03-02"), one.matter("2026-03-02"), one.matter("2026-03-02")
    one.event(later, "noticed", "2026-04-20")
    one.event(timely, "noticed", "2026-03-17")
    assert one.told("2026-03-01", "2026-03-17") == {}
    assert one.told("2026-03-18", "2026-03-31") == {("not_told", "信访科"): 2}
    (line,) = one.lines("2026-03-01", "2026-12-31")
    assert [matter for matter, _ in line.matters] == [never, later]
    assert "第四十四条" in line.article.zh
    assert "第四十二条" in line.article.zh
    assert line.article.en == "REG-2022 Art. 44; SC-431 Art. 42"
    assert one.told("2026-03-19", "2026-12-31") == {}


def test_lateness_is_of_the_unit_that_had_it_on_that_day(book: Callable[[], Book]) -> None:
    """2026-03-02 + 60 C = 05-06: failed on 05-07, in the hands of the criminal branch; it went on on 05-20."""
    one = book()
    matter = one.matter("2026-03-02")
    for kind in ("noticed", "accepted"):
        one.event(matter, kind, "2026-03-02")
    one.write(matter, "handover", kind="assign", receiver=one.unit("刑侦"), on_date="2026-03-03")
    one.write(matter, "handover", kind="assign", receiver=one.unit("城关所"), on_date="2026-05-20")
    assert one.told("2026-05-07", "2026-05-31") == {("late", "刑事侦查大队"): 1}
    assert one.told("2026-05-01", "2026-05-06") == {}
    for kind in ("opinion_issued", "sent"):
        one.event(matter, kind, "2026-06-30")
    assert one.told("2026-05-07", "2026-05-07") == {("late", "刑事侦查大队"): 1}
    assert one.told("2026-05-08", "2026-07-31") == {}


def test_an_item_entered_after_its_notice_was_due(book: Callable[[], Book]) -> None:
    one = book()
    one.matter("2026-03-02", entered="2026-03-17")
    late = one.matter("2026-03-02", entered="2026-03-18")
    found = {line.switch: line for line in one.lines("2026-03-01", "2026-03-31")}
    assert [matter for matter, _ in found["registered_late"].matters] == [late]
    assert "第四十四条第一项" in found["registered_late"].article.zh


def test_what_was_refused_and_then_accepted(book: Callable[[], Book]) -> None:
    one = book()
    matter, other = one.matter("2026-03-02"), one.matter("2026-03-02")
    for each in (matter, other):
        one.event(each, "noticed", "2026-03-05")
        one.event(each, "accepted", "2026-04-10")
    paper = {"kind": "non_acceptance_notice", "dated_on": "2026-03-05"}
    one.write(matter, "document", state="issued", **paper)
    one.write(other, "document", state="spoiled", reason="误发", **paper)
    assert one.told("2026-04-01", "2026-04-30") == {("not_accepted", "信访科"): 1}
    assert one.told("2026-03-01", "2026-03-31") == {}


def test_given_back_again_and_again(book: Callable[[], Book]) -> None:
    one = book()
    matter = one.matter("2026-03-02")
    one.event(matter, "noticed", "2026-03-02")
    for short, on in (("刑侦", "2026-03-05"), ("城关所", "2026-03-09")):
        one.write(matter, "handover", kind="assign", receiver=one.unit(short), on_date="2026-03-03", ended="returned",
                  ended_on=on)  # fmt: skip
    assert one.told("2026-03-01", "2026-03-08") == {}
    assert one.told("2026-03-09", "2026-03-09") == {
        ("passed_around", "刑事侦查大队"): 1,
        ("passed_around", "城关派出所"): 1,
    }


def test_answers_quashed_advice_ignored_and_opinions_not_carried_out(book: Callable[[], Book]) -> None:
    one = book()
    matter = one.matter("2026-03-02")
    one.event(matter, "noticed", "2026-03-02")
    unit = one.unit("刑侦")
    one.write(matter, "review", level="review", organ="示例市公安局", requested_on="2026-03-03",
              decided_on="2026-03-20", result="redo")  # fmt: skip
    one.write(matter, "review", level="review", organ="示例市公安局", requested_on="2026-03-03",
              decided_on="2026-03-21", result="upheld")  # fmt: skip
    asked = {"trigger": "1", "unit": unit, "raised_on": "2026-03-05", "demand": "甲"}
    one.write(matter, "supervision", due_on="2026-03-15", answered_on="2026-03-15", **asked)
    one.write(matter, "supervision", due_on="2026-03-15", answered_on="2026-03-16", **asked)
    one.write(matter, "supervision", due_on="2026-03-31", **asked)
    task = {"kind": "execution", "what": "退还", "unit": unit, "opened_on": "2026-03-05"}
    one.write(matter, "task", due_on="2026-03-20", done_on="2026-03-20", **task)
    one.write(matter, "task", due_on="2026-03-20", done_on="2026-04-20", **task)
    one.write(matter, "task", due_on="2026-03-20", removed="误录", **task)
    assert one.told("2026-03-01", "2026-03-31") == {
        ("overturned", "信访科"): 1,
        ("advice_ignored", "刑事侦查大队"): 1,
        ("not_carried_out", "刑事侦查大队"): 1,
    }
    assert one.told("2026-04-01", "2026-04-30") == {("advice_ignored", "刑事侦查大队"): 1}


def test_a_major_matter_reported_late_or_never(book: Callable[[], Book]) -> None:
    one = book()
    late, timely, never = (one.matter("2026-03-02") for _ in range(3))
    for matter in (late, timely, never):
        one.event(matter, "noticed", "2026-03-02")
        one.event(matter, "major_known", "2026-03-05")
    one.event(timely, "major_reported", "2026-03-05")
    one.event(late, "major_reported", "2026-03-06")
    (line,) = one.lines("2026-03-06", "2026-03-31")
    assert (line.switch, line.count, [matter for matter, _ in line.matters]) == ("concealed", 2, [late, never])
    assert "46(4)" in line.article.en


def test_what_was_handed_to_the_unit_it_accuses(book: Callable[[], Book]) -> None:
    """A hand-over that ended before the unit was named tells nobody anything."""
    one = book()
    blamed = (accused("城关派出所", kind="unit"),)
    matter, before = (one.matter("2026-03-02", accused=blamed) for _ in range(2))
    given = {"kind": "assign", "sender": one.unit("刑侦"), "receiver": one.unit("城关一队"), "on_date": "2026-03-02"}
    for each in (matter, before):
        one.event(each, "noticed", "2026-03-02")
    one.write(matter, "handover", **given)
    one.write(before, "handover", **{**given, "on_date": "2026-02-20", "ended_on": "2026-02-25", "ended": "answered"})
    (line,) = one.lines("2026-03-01", "2026-03-31")
    assert (line.switch, line.unit_name, [found for found, _ in line.matters]) == (
        "disclosed",
        "刑事侦查大队",
        [matter],
    )
    assert one.told("2026-03-01", "2026-03-31", "suo") == {}  # the accused unit's officer knows of neither


def test_who_may_not_know_is_told_nothing_and_an_outline_tells_lateness_only(book: Callable[[], Book]) -> None:
    one = book()
    matter = one.matter("2026-03-02", purpose="accusation", accused=(accused("督小察"),))
    one.event(matter, "accepted", "2026-03-20")
    one.write(matter, "document", kind="non_acceptance_notice", dated_on="2026-03-19", state="issued")
    assert one.told("2026-03-01", "2026-03-31", "pu") == {("not_accepted", "信访科"): 1, ("not_told", "信访科"): 1}
    assert one.told("2026-03-01", "2026-03-31", "ho") == {("not_told", "信访科"): 1}
    assert one.told("2026-03-01", "2026-03-31", "di") == {}


def test_under_the_regulation_of_2005_too(book: Callable[[], Book]) -> None:
    one = book()
    one.matter("2015-03-02")
    assert one.told("2015-03-01", "2015-03-31") == {("not_told", "信访科"): 1}


def test_a_period_that_ends_before_it_begins_is_refused(book: Callable[[], Book]) -> None:
    with pytest.raises(errors.InputError) as refused:
        book().lines("2026-03-02", "2026-03-01")
    assert refused.value.field == "to"
    assert "第四十二条" in refused.value.message.zh


def test_the_list_is_of_units_and_duties() -> None:
    assert {field.name for field in fields(LiabilityLine)} == {
        "switch", "article", "words", "unit", "unit_name", "count", "matters",
    }  # fmt: skip
    assert all(one.words.zh and one.words.en and one.article.zh and one.article.en for one in SWITCHES.values())
