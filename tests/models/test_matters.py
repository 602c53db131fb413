"""One matter's file: found by any of its numbers, whole for its readers, and its reading is journalled."""

from __future__ import annotations

from datetime import date

import pytest

from models import errors, matters, replay
from models.desk import Desk
from models.records import AttachmentDraft, PersonDraft
from models.register import Register
from tests.models.conftest import NOW, at, draft


def test_a_matter_is_found_by_any_of_its_numbers(desk: Desk) -> None:
    first = desk.register_item(draft())
    again = desk.register_item(draft(repeat_of_matter=first.matter))
    for reference in (
        first.matter,
        str(first.matter),
        first.matter_number,
        f" {first.matter_number} ",
        first.item_number,
        again.item_number,
        first.query_code,
    ):
        assert desk.find(reference) == first.matter


@pytest.mark.parametrize("nothing", ["", "0", "S2026-999999", "9" * 30, "²", "-1", "' OR 1=1 --", "％", 12])
def test_what_is_not_there_is_said_so(nothing: str | int, desk: Desk) -> None:
    desk.register_item(draft())
    with pytest.raises(errors.InputError) as refused:
        desk.find(nothing)
    assert refused.value.field == "matter"


def test_the_file_has_all_that_was_registered_and_leaves_out_what_was_taken_back(
    register: Register, desk: Desk
) -> None:
    done = desk.register_item(
        draft(
            people=(PersonDraft(name="王小明", main=True), PersonDraft(name="错录人")),
            claims=("甲", "乙"),
            attachments=(AttachmentDraft(name="a.png", media_type="image/png", data=b"1"),),
        )
    )
    with register.act("note", by=desk.person, at=NOW) as act:
        wrong = act.connection.execute("SELECT id FROM person WHERE name='错录人'").fetchone()[0]
        act.set("person", wrong, removed="录错")
        act.set("claim", act.connection.execute("SELECT max(id) FROM claim").fetchone()[0], removed="录错")
    file = desk.matter(done.matter)
    assert [person["name"] for person in file.people] == ["王小明"]
    assert [claim["request"] for claim in file.claims] == ["甲"]
    assert [passage["kind"] for passage in file.passages] == ["statement"]
    assert [event["kind"] for event in file.events] == ["received"]
    assert [paper.name for paper in file.attachments] == ["a.png"]
    assert [(state.clock, state.due.last_on) for state in file.clocks if state.due and not state.provisional] == [
        ("C1", date(2026, 3, 17))
    ]
    assert file.unit_name == "信访科"
    assert next(act.name for act in file.next_acts) == "screen"


def test_reading_is_journalled_once_a_session_for_each_reader(register: Register, desk: Desk) -> None:
    done = desk.register_item(draft())
    seq = register.seq
    desk.matter(done.matter)
    desk.matter(done.matter)
    assert register.seq == seq + 1
    entry = list(replay.entries_of(register.connection))[-1]
    assert (entry.act, entry.matter, entry.actor, entry.payload) == ("read_matter", done.matter, desk.person.id, b"[]")
    Desk(register, now=lambda: NOW).matter(done.matter)
    assert register.seq == seq + 2


def test_the_story_tells_the_acts_newest_first_without_the_readings(register: Register, desk: Desk) -> None:
    done = desk.register_item(draft())
    desk.matter(done.matter)
    desk.perform(done.matter, "screen", {"category": "claim", "exit": "6"}, at=at("2026-03-03"))
    desk.perform(done.matter, "exempt_notice", {"reason": "住址不清"}, at=at("2026-03-04"))
    story = matters.story(register, done.matter)
    assert [line.act for line in story] == ["exempt_notice", "screen", "register_item"]
    assert "住址不清" in story[0].detail
    assert story[0].on_date == date(2026, 3, 4)
    assert all(line.actor == "郑管理" for line in story)
    errors.speak("en")
    assert "no notice due" in matters.story(register, done.matter)[0].detail


def test_an_act_dated_by_a_clock_set_forward_is_told_by_the_earlier_of_its_two_times(
    register: Register, desk: Desk
) -> None:
    done = desk.register_item(draft())
    with register.act("note", by=desk.person, at=at("2026-12-30"), matter=done.matter):
        pass
    with register.act("note", by=desk.person, at=NOW, matter=done.matter):
        pass
    assert matters.story(register, done.matter)[0].at == NOW
