"""The edges of the clocks: the very day on which an answer changes, and every line of a derivation. Counted by hand.

2026: holidays 01-01..03 (Sunday 01-04 worked), 04-04..06, 05-01..05, 09-25..27; 2027 has no calendar.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.clocks import (
    Calendar,
    ClockState,
    Event,
    Notice,
    clock_states,
    derivation,
    due,
    load_calendar,
    rule_set,
    rules_for,
)
from models.clocks.engine import earliest_end
from models.clocks.wording import explain

CALENDAR = load_calendar()
REG = rules_for(date(2026, 1, 20))


def day(text: str) -> date:
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def states(events: list[Event], on: str, clock: str, overlay: str = "") -> list[ClockState]:
    found = clock_states(rules_for(date(2026, 1, 20), overlay), events, on=day(on), calendar=CALENDAR)
    return [state for state in found if state.clock == clock]


# --- derivations, line by line -----------------------------------------------------------------------------------

CIVIL = "(Civil Code Art. 201; MPS-ADM Art. 35)"
ROLLED = "(Civil Code Art. 203; MPS-ADM Art. 35)"
HOURS = "until 24:00, or close of business where there are business hours."
DERIVATIONS: list[tuple[str, str, str, dict[str, Any], list[str]]] = [
    (
        "REG-2022", "C2", "2026-03-02", {"extended_days": 30},
        [
            "REG-2022 C2 Handling of an Art. 31(6) claim: 60 calendar days. Article: REG-2022 Art. 34.",
            "Start: 2026-03-02 (Mon), acceptance; that day is not counted, counting starts on 2026-03-03 "
            + CIVIL + ".",
            "60 days end on 2026-05-01 (Fri).",
            "Extended by 30 days (a head of this organ, with the reason told to the petitioner), added to the end"
            " before rolling: 2026-05-31 (Sun).",
            "The end is a rest day (2026-05-31 weekend), so it moves to the day after the rest ends, 2026-06-01 (Mon) "
            + ROLLED + ".",
            "Last day: 2026-06-01 (Mon), " + HOURS,
            "Project rule, not law: what ends it, acceptance date rule.",
        ],
    ),
    (
        "REG-2022", "C1", "2025-12-18", {},
        [
            "REG-2022 C1 Written notice to the petitioner: 15 calendar days. Article: REG-2022 Art. 23.",
            "Start: 2025-12-18 (Thu), receipt from the petitioner; that day is not counted, counting starts on"
            " 2025-12-19 " + CIVIL + ".",
            "15 days end on 2026-01-02 (Fri).",
            "The end is a rest day (2026-01-02..2026-01-03 New Year), so it moves to the day after the rest ends,"
            " 2026-01-04 (Sun) " + ROLLED + ".",
            "2026-01-04 (Sun) is a make-up working day and counts as a working day.",
            "Last day: 2026-01-04 (Sun), " + HOURS,
            "Remark: On the spot in writing where possible.",
        ],
    ),
    (
        "REG-2022", "C8", "2026-03-10", {"until": date(2026, 4, 25), "extended_days": 7},
        [
            "REG-2022 C8 Assigned matter: as set. Article: REG-2022 Art. 22(3).",
            "Start: 2026-03-10 (Tue), the assignment; that day is not counted, counting starts on 2026-03-11 "
            + CIVIL + ".",
            "The last day set was 2026-04-25 (Sat).",
            "Extended by 7 days (the assigning organ (unconfirmed)), added to the end before rolling: 2026-05-02"
            " (Sat).",
            "The end is a rest day (2026-05-02..2026-05-05 Labour Day), so it moves to the day after the rest ends,"
            " 2026-05-06 (Wed) " + ROLLED + ".",
            "Last day: 2026-05-06 (Wed), " + HOURS,
            "Unconfirmed: extension. The bureau has to confirm it.",
            "Project rule, not law: what ends it.",
        ],
    ),
    (
        "REG-2022", "C6", "2026-03-10", {"hearing": [(date(2026, 3, 20), date(2026, 3, 21))]},
        [
            "REG-2022 C6 Re-review: 30 calendar days. Article: REG-2022 Art. 36.",
            "Start: 2026-03-10 (Tue), request received; that day is not counted, counting starts on 2026-03-11 "
            + CIVIL + ".",
            "30 days end on 2026-04-09 (Thu).",
            "2 days of hearing are left out, so the end is 2026-04-11 (Sat).",
            "The end is a rest day (2026-04-11..2026-04-12 weekend), so it moves to the day after the rest ends,"
            " 2026-04-13 (Mon) " + ROLLED + ".",
            "Last day: 2026-04-13 (Mon), " + HOURS,
            "Remark: Hearing time is left out; afterwards the same facts and reasons are no longer accepted.",
        ],
    ),
    (
        "REG-2022", "C1o", "2026-09-22", {},
        [
            "REG-2022 C1o Objection: not ours: 5 working days. Article: REG-2022 Art. 23.",
            "Start: 2026-09-22 (Tue), receipt of the transfer or assignment; that day is not counted, counting starts"
            " on 2026-09-23 " + CIVIL + ".",
            "Only working days count; 5 of them end on 2026-09-30 (Wed).",
            "Left out as days off: 2026-09-25..2026-09-27 Mid-Autumn Festival.",
            "Last day: 2026-09-30 (Wed), " + HOURS,
            "Remark: If missed, the matter stays with us.",
            "Project rule, not law: remark.",
        ],
    ),
    (
        "REG-2022", "C8", "2026-12-01", {"until": date(2026, 12, 10)},
        [
            "REG-2022 C8 Assigned matter: as set. Article: REG-2022 Art. 22(3).",
            "Start: 2026-12-01 (Tue), the assignment.",
            "The last day was set as 2026-12-10 (Thu); it stands as set.",
            "Last day: 2026-12-10 (Thu), " + HOURS,
            "Unconfirmed: extension. The bureau has to confirm it.",
            "Project rule, not law: what ends it.",
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "clock", "start", "more", "lines"), DERIVATIONS)
def test_every_line_of_a_derivation(rules: str, clock: str, start: str, more: dict[str, Any], lines: list[str]) -> None:
    assert explain(due(rule_set(rules), clock, day(start), calendar=CALENDAR, **more), "en") == lines


@pytest.mark.parametrize(
    ("start", "source"),
    [
        ("2012-12-31", "(project rule: counted in the same way)"),
        ("2013-01-01", "2013-01-02 (MPS-ADM Art. 35)"),
        ("2020-12-31", "2021-01-01 (MPS-ADM Art. 35)"),
        ("2021-01-01", CIVIL),
    ],
)
def test_the_way_of_counting_names_the_text_of_its_day(start: str, source: str) -> None:
    assert source in derivation(due(rule_set("SC-431"), "C1", day(start), calendar=CALENDAR))[1].en


def test_two_weekends_are_two_spans_and_a_holiday_is_one() -> None:
    # 10 working days from Tue 2026-04-28: 04-29, 04-30, 05-06..09 (Saturday 05-09 worked), 05-11..14.
    end = due(rule_set("SIMPLE-2022"), "S-answer", day("04-28"), calendar=CALENDAR)
    assert end.last_on == day("05-14")
    told = [message.en for message in derivation(end)]
    assert "Left out as days off: 2026-05-01..2026-05-05 Labour Day." in told
    assert "Counted as make-up working days: 2026-05-09 Labour Day." in told
    # 15 working days from 2025-09-26 pass two holidays that are not one span: make-up days 09-28 and 10-11.
    long = due(rule_set("REG-2022"), "C11", day("2025-09-26"), calendar=CALENDAR)
    assert "2025-09-28 National Day and Mid-Autumn Festival, 2025-10-11" in "\n".join(m.en for m in derivation(long))


@pytest.mark.parametrize(
    ("clock", "start", "pending"),
    [("C1", "11-15", False), ("C1", "11-16", True), ("C1", "12-15", True), ("C9", "12-01", False)],
)
def test_only_a_counted_end_in_december_waits_for_the_next_notice(clock: str, start: str, pending: bool) -> None:
    end = due(REG, clock, day(start), calendar=CALENDAR)
    assert end.next_notice_pending is pending
    assert any("2027" in line for line in explain(end, "en")) is pending


def test_a_date_set_in_december_waits_for_nothing_unless_it_was_prolonged() -> None:
    assert not due(REG, "C8", day("12-01"), until=day("12-10"), calendar=CALENDAR).next_notice_pending
    prolonged = due(REG, "C8", day("12-01"), until=day("12-10"), extended_days=1, calendar=CALENDAR)
    assert (prolonged.counted, prolonged.next_notice_pending) == (True, True)
    assert [step.on for step in prolonged.steps] == []


def test_a_make_up_working_day_that_ends_a_clock_is_told_among_the_days() -> None:
    (step,) = due(REG, "C1", day("01-30"), calendar=CALENDAR).steps
    assert (step.on, step.kind, step.name) == (day("02-14"), "make-up", "春节")
    assert due(REG, "C1", day("01-20"), calendar=CALENDAR).steps == ()


def test_working_days_have_no_extension_and_no_hearing() -> None:
    end = due(REG, "C1o", day("03-10"), calendar=CALENDAR)
    assert (end.extended_days, end.hearing_days, end.length, end.raw_on) == (0, 0, 5, end.last_on)
    set_ = due(REG, "C8", day("03-10"), until=day("03-20"), calendar=CALENDAR)
    assert (set_.extended_days, set_.hearing_days, set_.length) == (0, 0, 0)
    prolonged = due(REG, "C8", day("03-10"), until=day("03-20"), extended_days=3, calendar=CALENDAR)
    assert (prolonged.extended_days, prolonged.hearing_days, prolonged.length) == (3, 0, 0)
    once = due(REG, "C9", day("03-10"), calendar=CALENDAR)
    assert (once.extended_days, once.hearing_days, once.length) == (0, 0, 0)


def test_the_least_that_may_be_set() -> None:
    assert due(REG, "C8", day("03-10"), days=1, calendar=CALENDAR).last_on == day("03-11")
    assert due(REG, "C8", day("03-10"), until=day("03-10"), calendar=CALENDAR).last_on == day("03-10")
    assert due(REG, "C2", day("03-10"), extended_days=1, calendar=CALENDAR).raw_on == day("05-10")
    assert due(REG, "C6", day("03-10"), hearing=[(day("03-12"), day("03-12"))], calendar=CALENDAR).hearing_days == 1


def test_an_end_lies_no_earlier_than_its_days() -> None:
    assert earliest_end(REG.clock("C2"), day("03-10"), 30) == day("06-08")
    assert earliest_end(REG.clock("C8"), day("03-10"), 5, 20) == day("04-04")
    assert earliest_end(REG.clock("C8"), day("03-10"), 0) == day("03-10")
    assert earliest_end(REG.clock("C1"), date.max, 0) == date.max


# --- states on the very day ----------------------------------------------------------------------------------------


def test_an_extension_of_one_day_counts_and_one_of_none_does_not() -> None:
    accepted = [Event("accepted", day("03-10"))]
    (one,) = states([*accepted, Event("extended", day("03-20"), days=1)], "05-01", "C2")
    assert (one.due and one.due.extended_days, one.notes) == (1, ())
    (none,) = states([*accepted, Event("extended", day("03-20"), days=0)], "05-01", "C2")
    assert (none.due and none.due.extended_days, len(none.notes)) == (0, 1)
    (most,) = states([*accepted, Event("extended", day("03-20"), days=30)], "05-01", "C2")
    assert (most.due and most.due.extended_days, most.notes) == (30, ())
    (local,) = states([*accepted, Event("extended", day("03-20"), days=60)], "04-01", "C2", "zhejiang")
    assert (local.due and local.due.extended_days, local.notes) == (60, ())


def test_an_extension_told_on_the_day_of_the_end_still_belongs_to_the_run() -> None:
    done = [Event("accepted", day("03-10")), Event("opinion_issued", day("04-01")), Event("sent", day("04-01"))]
    (same,) = states([*done, Event("extended", day("04-01"), days=10)], "05-01", "C2")
    assert same.due is not None
    assert same.due.extended_days == 10
    (later,) = states([*done, Event("extended", day("04-02"), days=10)], "05-01", "C2")
    assert later.due is not None
    assert later.due.extended_days == 0


def test_what_is_certain_without_a_calendar_is_said_to_the_day() -> None:
    accepted = [Event("accepted", day("11-10"))]  # 60 days: 2027-01-09
    for on, status in (("2027-01-09", "exempt"), ("2027-01-10", "no_calendar")):
        (state,) = states([*accepted, Event("withdrawn", day(on))], "2027-02-01", "C2")
        assert (state.status, state.ended_on, state.running) == (status, day(on), False)
    prolonged = [Event("assigned_in", day("12-01"), until=day("12-20")), Event("limit_extended", day("12-10"), days=20)]
    for on, status in (("2027-01-09", "met"), ("2027-01-10", "no_calendar")):  # 12-20 and 20 days
        (state,) = states([*prolonged, Event("completion_reported", day(on))], "2027-02-01", "C8")
        assert state.status == status
    by_days = [Event("assigned_in", day("12-20"), days=20)]
    for on, status in (("2027-01-09", "met"), ("2027-01-10", "no_calendar")):
        (state,) = states([*by_days, Event("completion_reported", day(on))], "2027-02-01", "C8")
        assert state.status == status


def test_an_extension_of_an_end_that_is_not_known_yet_counts() -> None:
    events = [Event("accepted", day("11-10")), Event("extended", day("12-01"), days=30)]  # 2027-01-09 and 30 days
    (open_,) = states(events, "12-02", "C2")
    assert (open_.status, open_.missing_year, open_.notes) == ("no_calendar", 2027, ())
    for on, status in (("2027-02-08", "met"), ("2027-02-09", "no_calendar")):
        done = [Event("opinion_issued", day(on)), Event("sent", day(on))]
        (state,) = states([*events, *done], "2027-03-01", "C2")
        assert state.status == status


def test_a_limit_before_its_assignment_is_no_time_at_all() -> None:
    (state,) = states([Event("assigned_in", day("03-10"), until=day("03-01"))], "03-10", "C8")
    assert (state.due and state.due.last_on, state.status) == (day("03-10"), "open")
    (by_days,) = states([Event("assigned_in", day("03-10"), days=-4)], "03-11", "C8")
    assert (by_days.due and by_days.due.last_on, by_days.status) == (day("03-11"), "open")


def test_a_date_goes_before_a_number_of_days() -> None:
    (state,) = states([Event("assigned_in", day("03-10"), days=90, until=day("03-20"))], "03-21", "C8")
    assert state.status == "late"
    (other,) = states([Event("received", day("03-10"), days=90, until=day("12-20"))], "03-26", "C1")
    assert other.status == "late", "a limit may be set only where the rule says so"


def test_stopped_on_the_last_day_is_in_time_and_a_day_later_is_not() -> None:
    accepted = [Event("accepted", day("03-10"))]  # 05-09, worked
    for on, status in (("05-09", "exempt"), ("05-10", "late")):
        (state,) = states([*accepted, Event("routed", day(on))], "06-01", "C2")
        assert state.status == status
    done = [Event("opinion_issued", day("05-09")), Event("sent", day("05-09"))]
    (both,) = states([*accepted, *done, Event("routed", day("05-09"))], "06-01", "C2")
    assert (both.status, both.ended_by) == ("met", "sent"), "of an end and a stop on one day the end is told"
    (after,) = states([*accepted, *done, Event("routed", day("05-08"))], "06-01", "C2")
    assert (after.status, after.ended_by) == ("exempt", "routed")


def test_an_assignment_without_a_limit_is_never_late() -> None:
    start = [Event("assigned_in", day("03-10"))]
    (ended,) = states([*start, Event("completion_reported", day("12-01"))], "12-02", "C8")
    assert (ended.status, ended.missing_year) == ("met", None)
    (stopped,) = states([*start, Event("withdrawn", day("12-01"))], "12-02", "C8")
    assert (stopped.status, stopped.missing_year) == ("exempt", None)


def test_the_hearing_days_of_each_hearing_are_paired() -> None:
    events = [
        Event("rereview_requested", day("03-10")),
        Event("hearing_started", day("03-16")), Event("hearing_ended", day("03-16")),
        Event("hearing_started", day("03-23")), Event("hearing_ended", day("03-24")),
    ]  # fmt: skip
    (state,) = states(events, "04-30", "C6")
    assert state.due is not None
    assert state.due.hearing_days == 3
    assert states(events, "04-30", "C4") == []


@pytest.mark.parametrize("given", [1, -1])
def test_of_like_starts_the_one_recorded_first_is_ended_first(given: int) -> None:
    starts = [Event("recusal_asked", day("03-10"), row=1), Event("recusal_asked", day("03-10"), row=2)]
    found = states([*starts[::given], Event("recusal_decided", day("03-11"))], "03-12", "C-recusal")
    assert {state.start_row: state.status for state in found} == {1: "met", 2: "open"}
    by_days = [Event("assigned_in", day("03-10"), days=9, row=1), Event("assigned_in", day("03-10"), days=8, row=2)]
    found = states([*by_days[::given], Event("completion_reported", day("03-11"))], "03-12", "C8")
    assert {state.start_row: state.status for state in found} == {1: "open", 2: "met"}
    by_item = [Event("recusal_asked", day("03-10"), item=2, row=1), Event("recusal_asked", day("03-10"), item=1, row=2)]
    found = states([*by_item[::given], Event("recusal_decided", day("03-11"))], "03-12", "C-recusal")
    assert {state.start_row: state.status for state in found} == {1: "open", 2: "met"}


def test_an_ending_of_one_item_is_kept_for_that_item() -> None:
    starts = [
        Event("advice_received", day("03-10"), item=1, row=1),
        Event("advice_received", day("03-11"), item=2, row=2),
    ]
    found = states([*starts, Event("advice_answered", day("03-12"), item=2)], "03-13", "C7")
    assert {state.start_row: state.status for state in found} == {1: "open", 2: "met"}


def test_a_simplified_life_between_two_reopenings_says_nothing_of_the_first() -> None:
    events = [
        Event("received", day("01-20")), Event("reopened", day("03-02")), Event("simple_started", day("03-10")),
        Event("reopened", day("05-06")),
    ]  # fmt: skip
    assert states(events, "06-01", "S-notice") == []
    assert len(states([*events, Event("received", day("03-10"))], "06-01", "S-notice")) == 1
    at_once = [Event("received", day("01-20")), Event("reopened", day("03-02")), Event("simple_started", day("03-02"))]
    assert states(at_once, "06-01", "S-notice") == [], "begun on the day of reopening, it is of the second life"
    of_two = [Event("received", day("01-20")), Event("simple_started", day("01-20")), Event("reopened", day("01-20"))]
    assert len(states(of_two, "06-01", "S-notice")) == 1


def test_states_stand_in_the_order_of_start_and_rule() -> None:
    events = [Event("transfer_received", day("03-10")), Event("received", day("03-10")), Event("served", day("03-01"))]
    found = clock_states(REG, events, on=day("03-11"), calendar=CALENDAR)
    assert [state.clock for state in found] == ["C3", "C1", "C1t", "C1o"]


# --- the acceptance date rule -----------------------------------------------------------------------------------------


def test_acceptance_while_a_late_notice_is_awaited_warns_and_after_it_does_not() -> None:
    late = [Event("received", day("01-20"))]  # 02-04
    for noticed, warned in (("02-10", True), ("02-09", False)):
        events = [*late, Event("noticed", day(noticed)), Event("accepted", day("02-10"))]
        (state,) = states(events, "02-11", "C2")
        assert (state.warning is not None) is warned
    (waiting,) = states([*late, Event("accepted", day("02-10"))], "02-11", "C2")
    assert waiting.warning is not None
    assert not waiting.provisional


def test_a_notice_of_a_later_item_does_not_warn_of_an_earlier_acceptance() -> None:
    events = [
        Event("received", day("01-20")), Event("noticed", day("01-26")), Event("accepted", day("01-26")),
        Event("received", day("02-02")),
    ]  # fmt: skip
    found = states(events, "03-01", "C2")
    assert [(state.provisional, state.warning is not None) for state in found] == [(False, False), (True, False)]


def test_the_warning_has_the_extension_of_the_handling() -> None:
    events = [
        Event("received", day("01-20")), Event("noticed", day("02-13")), Event("accepted", day("02-13")),
        Event("extended", day("03-01"), days=20),
    ]  # fmt: skip
    (state,) = states(events, "03-02", "C2")
    assert state.warning is not None
    assert (state.warning.start, state.warning.extended_days) == (day("02-04"), 20)


def test_a_warning_shown_before_acceptance_grows_late_itself() -> None:
    received = [Event("received", day("01-20"))]  # notice 02-04, handling from there: 04-05, in Qingming, so 04-07
    for on, status in (("04-07", "open"), ("04-08", "late")):
        (state,) = states(received, on, "C2")
        assert (state.provisional, state.status) == (True, status)


def test_a_warning_that_reaches_a_missing_year_says_so() -> None:
    received = [Event("received", day("11-02"))]  # notice 11-17, handling from there: 2027-01-16
    (before,) = states(received, "11-18", "C2")
    assert (before.status, before.missing_year, before.provisional) == ("no_calendar", 2027, True)
    accepted = [*received, Event("noticed", day("11-20")), Event("accepted", day("11-20"))]
    (after,) = states(accepted, "11-21", "C2")
    assert (after.warning, len(after.notes)) == (None, 1)


# --- overlays and calendars -------------------------------------------------------------------------------------------


def test_an_overlay_s_remark_goes_before_the_national_one_and_falls_back_to_it() -> None:
    assert rules_for(day("03-02"), "zhejiang").clock("C1").remark == (
        "五个工作日内决定是否受理。", "Acceptance is decided in 5 working days.",
    )  # fmt: skip
    henan = rules_for(day("03-02"), "henan")
    assert henan.clock("C2").remark is None
    assert henan.clock("C8").extension == REG.clock("C8").extension
    assert rules_for(day("03-02"), "beijing").clock("C4").length == 30


def test_a_set_named_with_a_day_outside_its_time_is_moved_into_it() -> None:
    assert [c.id for c in rule_set("SC-431", date(2030, 1, 1)).clocks] == [c.id for c in rule_set("SC-431").clocks]
    early = {clock.id for clock in rule_set("REG-2022", date(2001, 1, 1)).clocks}
    assert "C1s" in early, "the first day of the set"
    assert "C1s" not in {clock.id for clock in rule_set("REG-2022").clocks}


def test_the_set_s_title_and_time_are_those_of_base_and_overlay() -> None:
    found = rule_set("REG-2022/LOCAL-zhejiang")
    assert (found.base, found.overlay, found.from_on, found.to_on) == (
        "REG-2022", "LOCAL-zhejiang", date(2022, 5, 1), None,
    )  # fmt: skip
    assert "浙江省信访条例" in found.title.zh
    assert "浙江" not in rule_set("REG-2022").title.zh
    assert rule_set("SC-431").to_on == date(2022, 4, 30)


def test_a_calendar_of_years_in_any_order_with_gaps() -> None:
    plain = [Notice(year=year, titles=("t",), source="", days=()) for year in (2030, 2027, 2028)]
    found = Calendar(plain)
    assert found.years == (2027, 2028, 2030)
    assert found.notices == tuple(sorted(plain, key=lambda notice: notice.year))
    assert date.fromordinal(found.add_working(date(2027, 12, 31).toordinal(), 1)) == date(2028, 1, 3)
    assert date.fromordinal(found.next_working(date(2030, 1, 1).toordinal())) == date(2030, 1, 1)
    assert date.fromordinal(found.next_working(date(2028, 12, 29).toordinal())) == date(2028, 12, 29)
    assert (found.kind(date(2028, 1, 1)), found.kind(date(2028, 1, 2)), found.kind(date(2028, 1, 3))) == (
        "weekend", "weekend", "working",
    )  # fmt: skip
