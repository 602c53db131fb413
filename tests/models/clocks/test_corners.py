"""Corners of the clocks that no ordinary matter reaches; each was shown by a small fault that nothing else noticed."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from models.clocks import (
    Calendar,
    Event,
    Notice,
    RuleBook,
    due,
    explain,
    load_calendar,
    read_notice,
    rule_set,
    rules_for,
)
from models.clocks import calendar as calendars
from models.clocks.calendar import NamedDay
from models.clocks.candidate import read_candidate
from models.clocks.rule_files import parse_rule_file, read_rule_files, rule_texts
from models.errors import BugError, CalendarMissingError, InputError
from tests.models.clocks.test_edges import day, states

CALENDAR = load_calendar()
REG = rules_for(date(2026, 1, 20))


def raw_calendar(year: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("resources") / "calendars" / f"{year}.json").read_text("utf-8"))
    return found


# --- calendars -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"year": "2026"}, {"notices": []}, {"days": {"2026-01-01": "off"}}, {"days": []}])
def test_a_calendar_without_year_title_or_days_is_told_to_lack_them(change: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        read_notice(json.dumps({**raw_calendar(2026), **change}), "2026.json")
    assert "lacks its year, the notice's title or its days" in caught.value.message.en


def test_a_known_stretch_of_years_ends_with_its_last_day() -> None:
    rest = Calendar([Notice(year=2011, titles=("t",), source="", days=())])  # 2011-12-31 is a Saturday
    with pytest.raises(CalendarMissingError) as caught:
        rest.next_working(date(2011, 12, 31).toordinal())
    assert caught.value.year == 2012
    with pytest.raises(CalendarMissingError) as caught:
        CALENDAR.add_working(date(2026, 12, 31).toordinal(), 1)  # 2027-01-01 is a Friday
    assert caught.value.year == 2027
    with pytest.raises(CalendarMissingError):
        CALENDAR.add_working(date(2026, 12, 30).toordinal(), 2)


def test_only_calendars_are_read_from_the_folder_of_calendars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "calendars").mkdir()
    for name in ("2026.json", "README.txt"):
        (tmp_path / "calendars" / name).write_text("{}", "utf-8")
    monkeypatch.setattr(calendars, "files", lambda _: tmp_path)
    assert calendars.calendar_texts() == {"2026.json": "{}"}


def candidate(year: int, change: Callable[[dict[str, Any]], object]) -> Notice:
    raw = raw_calendar(year)
    change(raw)
    return read_candidate(json.dumps(raw).encode(), CALENDAR)


def test_a_year_may_be_told_anew_with_a_day_off_worked_and_the_other_way_round() -> None:
    """Only the notice of another year can contradict a notice: its own year's is the one that it replaces."""

    def swapped(raw: dict[str, Any]) -> None:
        (worked,) = [entry for entry in raw["days"] if entry["date"] == "2026-05-09"]
        worked["kind"] = "off"

    (told,) = [named for named in candidate(2026, swapped).days if named.on == date(2026, 5, 9)]
    assert not told.working


def test_a_holiday_of_the_law_that_is_named_as_worked_is_refused() -> None:
    def worked(raw: dict[str, Any]) -> None:
        (entry,) = [entry for entry in raw["days"] if entry["date"] == "2026-10-03"]  # a Saturday
        entry["kind"] = "work"

    with pytest.raises(InputError) as caught:
        candidate(2026, worked)
    assert "2026-10-03 as a day off" in caught.value.message.en


def test_a_december_that_two_notices_tell_differently_is_told_both_ways() -> None:
    """The notice for 2023 makes 2022-12-31, a Saturday, a day off."""
    with pytest.raises(InputError) as caught:
        candidate(2022, lambda raw: raw["days"].append({"date": "2022-12-31", "kind": "work", "name": "元旦"}))
    assert "names 2022-12-31 as worked, while another year's notice names it off" in caught.value.message.en
    assert "2022-12-31 列为上班，而 2022 年的安排把它列为放假" in caught.value.message.zh


# --- counting ------------------------------------------------------------------------------------------------------


def test_an_end_is_told_without_the_whole_of_its_rules_and_compared_without_the_calendar() -> None:
    end = due(REG, "C1", day("03-10"), calendar=CALENDAR)
    assert "RuleSet" not in repr(end)
    assert "Calendar" not in repr(end)
    assert "Clock(" not in repr(end)
    alone = Calendar([read_notice(json.dumps(raw_calendar(2026)), "2026.json")])
    assert due(REG, "C1", day("03-10"), calendar=alone) == end


def test_a_holiday_on_the_day_after_the_start_is_told_as_left_out() -> None:
    # 3 working days from Thursday 04-30: 05-01..05 are Labour Day, so 05-06, 07, 08.
    end = due(rule_set("SIMPLE-2022"), "S-notice", day("04-30"), calendar=CALENDAR)
    assert end.last_on == day("05-08")
    assert [step.on.day for step in end.steps] == [1, 2, 3, 4, 5]


def test_a_day_that_was_set_is_no_day_worth_telling_even_when_it_is_a_make_up_working_day() -> None:
    assert due(REG, "C8", day("04-30"), until=day("05-09"), calendar=CALENDAR).steps == ()
    assert due(REG, "C9", day("05-09"), calendar=CALENDAR).steps == ()


def test_an_end_on_a_make_up_working_day_that_did_not_move_is_told_once() -> None:
    lines = explain(due(REG, "C1", day("01-30"), calendar=CALENDAR), "en")
    assert [line for line in lines if "make-up" in line] == ["2026-02-14 (Sat) is a make-up working day: no move."]


def test_rest_days_of_several_names_in_a_row_are_told_by_their_names() -> None:
    named = [
        NamedDay(on=day("03-02"), working=False, name="国庆节"),
        NamedDay(on=day("03-03"), working=False, name="端午节"),
    ]
    own = Calendar([Notice(year=2026, titles=("t",), source="", days=tuple(named))])
    end = due(REG, "C1", day("02-13"), calendar=own)  # 15 days: Saturday 02-28
    assert end.last_on == day("03-04")
    assert "02-28..2026-03-01 weekend, 2026-03-02 National Day, 2026-03-03 Dragon Boat" in "\n".join(explain(end, "en"))


def test_a_matter_received_on_the_first_day_of_its_rules_is_told_nothing_of_older_ones() -> None:
    rules = rule_set("REG-2022", date(2022, 5, 1))
    for start, told in ((date(2022, 5, 1), False), (date(2022, 4, 30), True)):
        lines = explain(due(rules, "C1", start, calendar=CALENDAR), "en")
        assert any("the start is before REG-2022 came into force" in line for line in lines) is told


def test_the_last_of_all_decembers_waits_for_a_notice_as_well() -> None:
    last = Calendar([Notice(year=9999, titles=("t",), source="", days=())])
    end = due(REG, "C8", date(9999, 12, 1), until=date(9999, 12, 7), extended_days=1, calendar=last)
    assert not end.next_notice_pending, "the year 9999 is known, and there is no later one"


def test_no_day_may_be_set_where_the_text_sets_the_days() -> None:
    limits: tuple[dict[str, Any], ...] = ({"days": 10}, {"until": day("03-20")})
    for more in limits:
        with pytest.raises(InputError, match=r"不能另定"):
            due(REG, "C1", day("03-10"), calendar=CALENDAR, **more)


# --- states --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [1, -1])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Event("recusal_asked", day("03-10"), row=9), Event("recusal_asked", day("03-10"), item=1, row=1)),
        (Event("recusal_asked", day("03-10"), days=0, row=9), Event("recusal_asked", day("03-10"), days=1, row=1)),
        (Event("recusal_asked", day("03-10"), row=9), Event("recusal_asked", day("03-10"), days=1, row=1)),
        (Event("recusal_asked", day("03-10")), Event("recusal_asked", day("03-10"), row=1)),
        (
            Event("recusal_asked", day("03-10"), until=day("03-12"), row=9),
            Event("recusal_asked", day("03-10"), row=1),
        ),
    ],
)
def test_what_is_not_said_of_a_start_comes_before_what_is(first: Event, second: Event, given: int) -> None:
    """Of an item, of a length, of a row; an end that is not said comes last."""
    found = states([*[first, second][::given], Event("recusal_decided", day("03-11"))], "03-12", "C-recusal")
    assert {state.start_row: state.status for state in found} == {first.row: "met", second.row: "open"}


def test_what_lifts_or_stops_a_clock_does_so_on_its_first_day() -> None:
    for kind, clock, start in (("exempted", "C1", "received"), ("withdrawn", "C2", "accepted")):
        events = [Event(start, day("03-10")), Event(kind, day("03-20")), Event(kind, day("03-24"))]
        (state,) = states(events, "04-01", clock)
        assert (state.status, state.ended_on) == ("exempt", day("03-20"))


def test_a_limit_that_cannot_be_set_says_nothing_of_an_end_that_is_not_known() -> None:
    received = Event("received", day("12-20"), until=day("12-22"))  # 15 days: 2027-01-04 at the earliest
    (state,) = states([received, Event("noticed", day("12-30"))], "2027-01-20", "C1")
    assert (state.status, state.ended_on) == ("met", day("12-30"))


def test_events_of_one_item_say_nothing_of_another_and_what_has_no_item_is_of_all() -> None:
    accepted = Event("accepted", day("03-10"), item=1)
    for item, days in ((2, 0), (1, 20), (None, 20)):
        (state,) = states([accepted, Event("extended", day("03-20"), days=20, item=item)], "04-01", "C2")
        assert (state.due and state.due.extended_days, state.notes) == (days, ())
    for ends_item, start_item, ended in ((3, None, True), (None, 3, True), (3, 3, True), (3, 4, False)):
        events = [Event("received", day("03-10"), item=start_item), Event("noticed", day("03-12"), item=ends_item)]
        (state,) = states(events, "03-13", "C1")
        assert (state.ended_on is not None) is ended


def test_a_duty_that_was_met_late_stays_so_though_it_began_once_more_meanwhile() -> None:
    events = [Event("accepted", day("01-20")), Event("accepted", day("04-01"))]  # 03-21, a Saturday: 03-23
    done = [Event("opinion_issued", day("04-10")), Event("sent", day("04-10"))]
    first, second = states([*events, *done], "05-01", "C2")
    assert (first.status, first.ended_on) == ("met_late", day("04-10"))
    assert (second.status, second.ended_on) == ("met", day("04-10"))


def test_a_window_used_on_its_last_day_is_used_though_it_was_opened_once_more() -> None:
    events = [Event("served", day("03-10")), Event("served", day("04-01")), Event("review_requested", day("04-09"))]
    first, _ = states(events, "05-01", "C3")
    assert first.due is not None
    assert (first.due.last_on, first.status, first.ended_on) == (day("04-09"), "met", day("04-09"))
    first, _ = states([*events[:2], Event("review_requested", day("04-10"))], "05-01", "C3")
    assert (first.status, first.ended_on) == ("passed", None)


def test_of_two_ways_to_end_the_first_that_is_complete_counts() -> None:
    done = [Event("opinion_issued", day("04-01")), Event("sent", day("04-01"))]
    settled = [Event("settled", day("03-20")), Event("performed", day("04-20"))]
    (state,) = states([Event("accepted", day("03-10")), *done, *settled], "05-01", "C2")
    assert (state.ended_by, state.ended_on) == ("sent", day("04-01"))


def test_an_objection_refused_on_its_own_day_was_none() -> None:
    events = [Event("transfer_received", day("03-10")), Event("objected", day("03-12"))]
    (state,) = states(events, "03-12", "C1t")
    assert state.status == "met"
    (state,) = states([*events, Event("objection_refused", day("03-12"))], "03-12", "C1t")
    assert (state.status, state.running) == ("open", True)


def test_a_notice_whose_end_is_not_known_warns_of_nothing() -> None:
    received = [Event("received", day("12-20"))]  # 2027-01-04, a year without a calendar
    (accepted,) = states([*received, Event("accepted", day("12-28"))], "2027-01-20", "C2")
    assert (accepted.warning, accepted.notes) == (None, ())
    assert states(received, "2027-01-20", "C2") == []


def test_what_was_accepted_on_the_day_of_receipt_is_not_still_to_be_accepted() -> None:
    (state,) = states([Event("received", day("01-20")), Event("accepted", day("01-20"))], "03-01", "C2")
    assert (state.provisional, state.start_on) == (False, day("01-20"))


def test_a_notice_that_was_stopped_late_awaits_no_acceptance() -> None:
    events = [Event("received", day("01-20")), Event("withdrawn", day("02-10"))]
    assert states(events, "03-01", "C2") == []
    (late,) = states(events, "03-01", "C1")
    assert (late.status, late.ended_on) == ("late", day("02-10"))


def test_of_two_notices_the_one_still_awaited_warns() -> None:
    told = [Event("received", day("01-12"), item=1), Event("noticed", day("01-14"), item=1)]
    (state,) = states([*told, Event("received", day("02-02"), item=2), Event("accepted", day("03-05"))], "03-06", "C2")
    assert state.warning is not None
    assert state.warning.start == day("02-17")


def test_a_warning_may_be_known_where_the_end_is_not() -> None:
    # Notice due 10-31, a Saturday, so 11-02; handling from 10-31 ends on 12-30, from the acceptance on 2027-01-02.
    (state,) = states([Event("received", day("10-16")), Event("accepted", day("11-03"))], "11-04", "C2")
    assert (state.due, state.missing_year) == (None, 2027)
    assert state.warning is not None
    assert (state.warning.last_on, state.warning.extended_days) == (day("12-30"), 0)


# --- rule files ----------------------------------------------------------------------------------------------------


def test_a_set_and_a_clock_hold_on_their_first_and_last_day_and_not_beside_them() -> None:
    file = parse_rule_file(rule_texts()["sc-431.toml"], "x")
    assert [file.covers(date.fromisoformat(on)) for on in ("2005-04-30", "2005-05-01", "2022-04-30", "2022-05-01")] == [
        False, True, True, False,
    ]  # fmt: skip
    reg = parse_rule_file(rule_texts()["reg-2022.toml"], "x")
    for clock in (*file.clocks, *reg.clocks):
        if clock.to_on is not None:
            assert clock.covers(clock.to_on)
            assert not clock.covers(date.fromordinal(clock.to_on.toordinal() + 1))
        if clock.from_on is not None:
            assert clock.covers(clock.from_on)
            assert not clock.covers(date.fromordinal(clock.from_on.toordinal() - 1))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("petition-desk/routes/1", "petition-desk/routes/2", "is not of the format"),
        ('format = "', 'colour = 1\nformat = "', "colour"),
        ('\nid = "criminal-nonfiling-reconsideration"\n', '\nid = "x"\ncolour = 1\n', "colour"),
        ("ask = { length = 7, ", "ask = { colour = 1, length = 7, ", "colour"),
        ("ask = { length = 7, ", "ask = { ", "lacks length"),
    ],
)
def test_a_fault_in_the_routes_next_door_is_told(
    old: str, new: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = rule_texts()["routes.toml"]
    assert old in text
    next_door = importlib.import_module("models.clocks.routes")  # the package gives its function this name
    monkeypatch.setattr(next_door, "rule_texts", lambda: {"routes.toml": text.replace(old, new, 1)})
    with pytest.raises(BugError, match=said):
        next_door.routes.__wrapped__()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "sc-431.toml",
            'ends = [{ all = ["advice_answered"] }]',
            'ends = [{ all = ["advice_answered"] }, { all = ["advice_answered", "closed"] }]',
            "several events",
        ),
        ("local-zhejiang.toml", "{ people = 10, most = 3 }", "{ people = 10 }", "a cap without its number"),
        ("local-zhejiang.toml", "{ people = 10, most = 3 }", "{ people = 10, most = 3, least = 1 }", "least"),
    ],
)
def test_a_fault_in_one_of_several_is_told(name: str, old: str, new: str, said: str) -> None:
    text = rule_texts()[name]
    assert old in text
    with pytest.raises(BugError, match=said):
        parse_rule_file(text.replace(old, new, 1), name)


def test_only_rules_are_read_from_the_folder_of_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules").mkdir()
    for name in ("a.toml", "README.txt"):
        (tmp_path / "rules" / name).write_text("", "utf-8")
    rule_files = importlib.import_module("models.clocks.rule_files")
    monkeypatch.setattr(rule_files, "files", lambda _: tmp_path)
    assert rule_files.rule_texts() == {"a.toml": ""}


def changing(clock: str) -> RuleBook:
    """Return the rules with an overlay of Zhejiang that changes another clock too."""
    texts = rule_texts()
    more = f'\n[[change]]\nclock = "{clock}"\nlength = 3\narticle = {{ zh = "x", en = "y" }}\n'
    return RuleBook(read_rule_files({**texts, "local-zhejiang.toml": texts["local-zhejiang.toml"] + more}))


def test_an_overlay_changes_national_clocks_alone_and_only_where_they_hold() -> None:
    with pytest.raises(BugError, match="changes S-notice"):
        changing("S-notice")
    book = changing("C1s")
    assert book.rules_for(date(2022, 6, 1), "zhejiang").clock("C1s").length == 3
    assert "C1s" not in {clock.id for clock in book.rules_for(day("03-02"), "zhejiang").clocks}


def test_an_overlay_that_says_no_remark_keeps_the_national_one() -> None:
    assert changing("C1o").rules_for(day("03-02"), "zhejiang").clock("C1o").remark == REG.clock("C1o").remark
    assert REG.clock("C1o").remark is not None


def test_a_set_may_be_named_with_a_separator_too_many() -> None:
    assert rule_set("REG-2022/").id == "REG-2022"
    assert rule_set(" / LOCAL-zhejiang").id == "REG-2022/LOCAL-zhejiang"
