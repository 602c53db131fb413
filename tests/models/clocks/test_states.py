"""What the clocks of a matter say on a day: told story by story, then as properties over random stories."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.clocks import EVENT_NAMES, ClockState, Event, clock_states, due, load_calendar, rules_for

CALENDAR = load_calendar()
RECEIVED = date(2026, 1, 20)
REG = rules_for(RECEIVED)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def story(*facts: tuple[str, str]) -> list[Event]:
    return [Event(kind, day(on)) for kind, on in facts]


def states(events: list[Event], on: str, overlay: str = "") -> list[ClockState]:
    return clock_states(rules_for(RECEIVED, overlay), events, on=day(on), calendar=CALENDAR)


def only(events: list[Event], on: str, clock: str, overlay: str = "") -> ClockState:
    found = [state for state in states(events, on, overlay) if state.clock == clock]
    assert len(found) == 1, found
    return found[0]


# --- the first notice ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("noticed", "on", "status", "running"),
    [
        (None, "01-20", "open", True),
        (None, "02-04", "open", True),  # the last day itself
        (None, "02-05", "late", True),
        ("01-20", "01-20", "met", False),
        ("02-04", "02-10", "met", False),
        ("02-05", "02-10", "met_late", False),
        ("02-20", "02-10", "late", True),  # what comes after the day of looking has not happened yet
    ],
)
def test_first_notice(noticed: str | None, on: str, status: str, running: bool) -> None:
    events = story(("received", "01-20"), *((("noticed", noticed),) if noticed else ()))
    state = only(events, on, "C1")
    assert (state.status, state.running) == (status, running)
    assert state.due == due(REG, "C1", RECEIVED, calendar=CALENDAR)


@pytest.mark.parametrize("recorded", ["01-21", "03-30"])
def test_name_or_address_unclear_lifts_the_notice_whenever_recorded(recorded: str) -> None:
    state = only(story(("received", "01-20"), ("exempted", recorded)), "04-01", "C1")
    assert (state.status, state.ended_by, state.ended_on) == ("exempt", "exempted", day(recorded))


def test_an_exemption_and_a_notice_of_one_day_are_told_as_an_exemption() -> None:
    # Who was told all the same was told more than the law asks; the ground of the exemption stays to be seen.
    events = story(("received", "01-20"), ("exempted", "01-25"), ("noticed", "01-25"))
    assert only(events, "02-10", "C1").status == "exempt"
    assert (
        only(story(("received", "01-20"), ("exempted", "01-26"), ("noticed", "01-25")), "02-10", "C1").status == "met"
    )


@pytest.mark.parametrize("kind", ["replied", "passed_on"])
def test_reply_and_sealed_transfer_end_the_notice(kind: str) -> None:
    assert only(story(("received", "01-20"), (kind, "01-25")), "02-10", "C1").status == "met"


def test_acceptance_alone_is_no_notice() -> None:
    assert only(story(("received", "01-20"), ("accepted", "01-25")), "02-10", "C1").status == "late"


def test_each_item_has_its_own_notice() -> None:
    events = [
        Event("received", day("01-20"), item=1, row=11), Event("received", day("01-22"), item=2, row=12),
        Event("noticed", day("01-30"), item=2),
    ]  # fmt: skip
    found = {state.start_row: state.status for state in states(events, "02-10") if state.clock == "C1"}
    assert found == {11: "late", 12: "met"}


def test_one_notice_for_the_whole_matter_ends_all() -> None:
    events = story(("received", "01-20"), ("received", "01-22"), ("noticed", "01-30"))
    assert [state.status for state in states(events, "02-10") if state.clock == "C1"] == ["met", "met"]


def test_a_notice_before_a_later_item_does_not_answer_it() -> None:
    events = story(("received", "01-20"), ("noticed", "01-21"), ("received", "01-22"))
    assert [state.status for state in states(events, "01-30") if state.clock == "C1"] == ["met", "open"]


# --- transfers and objection -----------------------------------------------------------------------------------


def test_transfer_starts_notice_and_objection() -> None:
    found = {state.clock: state for state in states(story(("transfer_received", "01-20")), "01-25")}
    assert set(found) == {"C1t", "C1o"}
    assert found["C1o"].due is not None
    assert found["C1o"].due.last_on == day("01-27")  # 5 working days


def test_an_objection_window_not_used_has_passed_and_is_not_late() -> None:
    assert only(story(("transfer_received", "01-20")), "01-28", "C1o").status == "passed"
    assert not only(story(("transfer_received", "01-20")), "01-28", "C1o").running


def test_objecting_in_time_ends_the_notice_too() -> None:
    found = {
        state.clock: state.status
        for state in states(story(("transfer_received", "01-20"), ("objected", "01-26")), "02-20")
    }
    assert found == {"C1t": "met", "C1o": "met"}


def test_an_objection_too_late_is_told_as_late() -> None:
    assert only(story(("transfer_received", "01-20"), ("objected", "01-28")), "02-01", "C1o").status == "met_late"


def test_what_we_accept_needs_no_objection() -> None:
    events = story(("transfer_received", "01-20"), ("accepted", "01-22"), ("noticed", "01-22"))
    assert only(events, "01-24", "C1o").status == "exempt"


# --- handling --------------------------------------------------------------------------------------------------

ACCEPTED = (("received", "01-20"), ("noticed", "01-26"), ("accepted", "01-26"))  # 60 days: 03-27, a Friday


@pytest.mark.parametrize(
    ("more", "on", "status"),
    [
        ((), "03-27", "open"),
        ((), "03-28", "late"),
        ((("opinion_issued", "03-20"),), "03-28", "late"),  # issued but not sent: not ended (project rule)
        ((("opinion_issued", "03-20"), ("sent", "03-27")), "03-28", "met"),
        ((("opinion_issued", "03-27"), ("sent", "03-28")), "04-01", "met_late"),
        ((("sent", "03-01"), ("opinion_issued", "03-20")), "03-28", "late"),  # what was sent before is not the opinion
        ((("settled", "03-01"),), "03-28", "late"),  # a settlement ends it only when performed
        ((("settled", "03-01"), ("performed", "03-20")), "03-28", "met"),
        ((("withdrawn", "03-20"),), "03-28", "exempt"),
        ((("routed", "03-20"),), "03-28", "exempt"),
        ((("withdrawn", "03-30"),), "04-01", "late"),  # was late when it was withdrawn
        ((("replied", "03-20"),), "03-28", "late"),  # a plain reply is no handling opinion
    ],
)
def test_handling(more: tuple[tuple[str, str], ...], on: str, status: str) -> None:
    assert only(story(*ACCEPTED, *more), on, "C2").status == status


def test_what_was_late_when_it_stopped_runs_no_more() -> None:
    state = only(story(*ACCEPTED, ("withdrawn", "03-30")), "04-10", "C2")
    assert (state.status, state.running, state.ended_by) == ("late", False, "withdrawn")


def extended(on: str, days: int | None) -> Event:
    return Event("extended", day(on), days=days)


def test_an_extension_counts_from_the_raw_end() -> None:
    state = only([*story(*ACCEPTED), extended("03-20", 30)], "04-01", "C2")
    assert state.due is not None
    assert (state.due.raw_on, state.due.last_on) == (day("04-26"), day("04-27"))
    assert (state.status, state.notes) == ("open", ())


@pytest.mark.parametrize(
    ("told", "last", "said"),
    [
        ([extended("03-27", 30)], "04-27", None),  # told on the last day itself
        ([extended("03-28", 30)], "03-27", "after the original last day"),
        ([extended("03-01", 30), extended("03-20", 30)], "04-27", "only one"),
        ([extended("03-01", 45)], "04-27", "the most allowed"),
        ([extended("03-01", None)], "03-27", "names no days"),
    ],
)
def test_which_extensions_count(told: list[Event], last: str, said: str | None) -> None:
    state = only([*story(*ACCEPTED), *told], "04-01", "C2")
    assert state.due is not None
    assert state.due.last_on == day(last)
    assert ([said in note.en for note in state.notes] == [True]) if said else state.notes == ()


@pytest.mark.parametrize(("told", "days"), [("05-01", 30), ("05-06", 30), ("05-07", 0)])
def test_an_extension_may_be_told_up_to_the_rolled_last_day(told: str, days: int) -> None:
    # Accepted 03-02: raw end 05-01 in the holiday, last day 05-06.
    state = only([*story(("accepted", "03-02")), extended(told, 30)], "05-10", "C2")
    assert state.due is not None
    assert state.due.extended_days == days


def test_an_extension_of_a_second_run_is_not_held_against_the_first() -> None:
    events = [
        *story(*ACCEPTED, ("opinion_issued", "02-10"), ("sent", "02-10"), ("accepted", "04-01")),
        extended("05-20", 10),
    ]
    first, second = [state for state in states(events, "05-25") if state.clock == "C2"]
    assert (first.status, first.notes) == ("met", ())
    assert second.due is not None
    assert second.due.extended_days == 10


def test_acceptance_in_time_brings_no_warning() -> None:
    assert only(story(*ACCEPTED), "02-20", "C2").warning is None


def test_a_late_notice_shows_handling_from_day_15_before_acceptance() -> None:
    events = story(("received", "01-20"))
    assert [state.clock for state in states(events, "02-04")] == ["C1"]
    state = only(events, "02-05", "C2")
    assert state.provisional
    assert state.start_on == day("02-04")  # receipt + 15 days
    assert state.due == due(REG, "C2", day("02-04"), calendar=CALENDAR)
    assert (state.status, state.running) == ("open", True)
    assert "warning" in state.notes[0].en


def test_a_late_acceptance_keeps_its_printed_date_and_warns() -> None:
    events = story(("received", "01-20"), ("noticed", "02-13"), ("accepted", "02-13"))
    state = only(events, "02-14", "C2")
    assert not state.provisional
    assert state.start_on == day("02-13")
    assert state.due == due(REG, "C2", day("02-13"), calendar=CALENDAR)
    assert state.warning == due(REG, "C2", day("02-04"), calendar=CALENDAR)
    assert state.notes


def test_acceptance_on_the_rolled_last_day_is_in_time() -> None:
    # Received 02-05: raw end 02-20 in the holiday, last day 02-24.
    events = story(("received", "02-05"), ("noticed", "02-24"), ("accepted", "02-24"))
    state = only(events, "03-01", "C2")
    assert state.warning is None
    assert not state.provisional


def test_a_late_notice_that_accepts_nothing_brings_no_handling() -> None:
    assert [state.clock for state in states(story(("received", "01-20"), ("noticed", "02-13")), "02-20")] == ["C1"]


def test_a_lifted_notice_brings_no_handling() -> None:
    assert [state.clock for state in states(story(("received", "01-20"), ("exempted", "02-13")), "02-20")] == ["C1"]


# --- review ----------------------------------------------------------------------------------------------------


def test_without_proof_of_service_the_review_window_has_not_started() -> None:
    events = story(*ACCEPTED, ("opinion_issued", "03-02"), ("sent", "03-02"))
    assert "C3" not in {state.clock for state in states(events, "06-01")}
    state = only([*events, Event("served", day("03-10"), row=7)], "04-09", "C3")
    assert (state.start_on, state.start_row, state.status, state.whose) == (day("03-10"), 7, "open", "petitioner")
    assert only([*events, Event("served", day("03-10"))], "04-10", "C3").status == "passed"


def test_review_and_re_review_run_one_after_the_other() -> None:
    events = story(
        ("served", "03-10"), ("review_requested", "03-30"), ("review_decided", "04-20"), ("review_served", "04-22"),
        ("rereview_requested", "05-06"), ("hearing_started", "05-20"), ("hearing_ended", "05-22"),
        ("rereview_decided", "06-08"),
    )  # fmt: skip
    found = {state.clock: state for state in states(events, "07-01")}
    assert {clock: state.status for clock, state in found.items()} == dict.fromkeys(("C3", "C4", "C5", "C6"), "met")
    assert found["C6"].due is not None
    assert (found["C6"].due.hearing_days, found["C6"].due.raw_on) == (3, day("06-08"))
    assert (found["C4"].whose, found["C5"].whose) == ("organ_above", "petitioner")


def test_a_hearing_that_goes_on_is_left_out_up_to_the_day_of_looking() -> None:
    events = story(("rereview_requested", "05-06"), ("hearing_started", "05-20"))
    state = only(events, "05-29", "C6")
    assert state.due is not None
    assert state.due.hearing_days == 10


def test_a_request_after_the_window_is_told_as_late() -> None:
    assert only(story(("served", "03-10"), ("review_requested", "04-10")), "04-11", "C3").status == "met_late"


# --- assignments, advice, major matters ------------------------------------------------------------------------


def test_assignments_have_the_limit_that_was_set() -> None:
    events = [
        Event("assigned_in", day("03-10"), days=20, row=1),
        Event("assigned_out", day("03-10"), until=day("04-11"), row=2),
        Event("assigned_out", day("03-12"), row=3),
    ]  # fmt: skip
    found = {state.start_row: state for state in states(events, "03-31")}
    assert [found[row].whose for row in (1, 2, 3)] == ["bureau", "other", "other"]
    assert [found[row].status for row in (1, 2, 3)] == ["late", "open", "open"]
    assert found[2].due is not None
    assert found[2].due.last_on == day("04-11")  # a Saturday that was set stays
    assert found[3].due is None
    assert "No limit" in found[3].notes[0].en
    henan = {state.start_row: state for state in states(events, "03-31", "henan")}
    assert henan[3].due is not None
    assert henan[3].due.length == 90  # Henan: 90 or as set


def test_an_assignment_may_be_prolonged_by_who_assigned_it() -> None:
    events = [Event("assigned_in", day("03-10"), days=20), Event("limit_extended", day("03-20"), days=45)]
    state = only(events, "05-01", "C8")
    assert state.due is not None
    assert (state.due.raw_on, state.status) == (day("05-14"), "open")
    assert only([*events, *story(("completion_reported", "05-10"))], "05-20", "C8").status == "met"


def test_handling_anew_has_the_time_set_above() -> None:
    events = [Event("sent_back", day("05-06"), days=30), *story(("opinion_issued", "06-01"), ("sent", "06-02"))]
    assert only(events, "07-01", "C8r").status == "met"
    assert only(events[:1], "07-01", "C8r").status == "late"


@pytest.mark.parametrize(("reported", "status"), [(None, "late"), ("05-01", "met"), ("05-02", "met_late")])
def test_major_matters_are_due_the_same_day_holiday_or_not(reported: str | None, status: str) -> None:
    events = story(("major_known", "05-01"), *((("major_reported", reported),) if reported else ()))
    assert only(events, "05-02", "C9").status == status
    assert only(events[:1], "05-01", "C9").status == "open"


def test_feedback_on_advice() -> None:
    old = rules_for(date(2021, 3, 1))
    events = [Event("advice_received", date(2021, 3, 10)), Event("advice_answered", date(2021, 4, 9))]
    (state,) = clock_states(old, events, on=date(2021, 5, 1), calendar=CALENDAR)
    assert (state.clock, state.status) == ("C7", "met")
    declined = [Event("advice_received", day("03-10")), Event("advice_declined", day("03-10"))]
    assert only(declined, "03-13", "C7n", "beijing").status == "open"
    assert only(declined, "03-14", "C7n", "beijing").status == "late"


# --- simplified procedure --------------------------------------------------------------------------------------


def test_simplified_clocks_run_only_on_that_track() -> None:
    plain = story(("received", "03-10"), ("accepted", "03-11"), ("noticed", "03-11"))
    assert not {state.clock for state in states(plain, "03-20")} & {"S-notice", "S-answer", "S-pass"}
    simple = [*plain, Event("simple_started", day("03-10"))]
    found = {state.clock: state.status for state in states(simple, "03-20")}
    assert found == {"C1": "met", "S-notice": "met", "S-pass": "exempt", "C2": "open", "S-answer": "open"}
    found = {state.clock: state.status for state in states([*simple, Event("replied", day("03-24"))], "03-25")}
    assert (found["S-answer"], found["C2"]) == ("met", "met")


def test_falling_back_keeps_the_first_acceptance() -> None:
    events = story(("received", "03-10"), ("simple_started", "03-10"), ("accepted", "03-11"), ("noticed", "03-11"))
    events += story(("fell_back", "03-20"), ("replied", "03-23"))
    found = {state.clock: state for state in states(events, "03-25")}
    assert (found["S-answer"].status, found["S-answer"].ended_by) == ("exempt", "fell_back")
    assert (found["C2"].status, found["C2"].start_on) == ("open", day("03-11"))  # the reply no longer ends it


def test_passing_on_in_the_simplified_track() -> None:
    events = story(("received", "03-10"), ("simple_started", "03-10"), ("transferred", "03-12"))
    assert only(events, "03-13", "S-pass").status == "met_late"  # 1 working day


def test_passing_on_in_henan_binds_only_what_is_passed_on() -> None:
    assert only(story(("received", "03-10")), "03-20", "L-pass", "henan").status == "passed"
    assert only(story(("received", "03-10"), ("transferred", "03-16")), "03-20", "L-pass", "henan").status == "met"
    assert only(story(("received", "03-10"), ("transferred", "03-17")), "03-20", "L-pass", "henan").status == "met_late"
    assert only(story(("received", "03-10"), ("noticed", "03-12")), "03-20", "L-pass", "henan").status == "exempt"


# --- missing years ---------------------------------------------------------------------------------------------


def test_without_a_calendar_nothing_is_guessed_but_what_is_certain_is_said() -> None:
    received = Event("received", day("12-20"))  # raw end 2027-01-04
    open_state = only([received], "12-28", "C1")
    assert (open_state.status, open_state.due, open_state.missing_year, open_state.running) == (
        "no_calendar",
        None,
        2027,
        True,
    )
    later = clock_states(REG, [received], on=date(2027, 6, 1), calendar=CALENDAR)
    assert [state.status for state in later] == ["no_calendar"]
    # Rest days only push an end back, so a notice up to the raw end was in time for certain ...
    for noticed, status in ((date(2026, 12, 28), "met"), (date(2027, 1, 4), "met"), (date(2027, 1, 5), "no_calendar")):
        (state,) = clock_states(REG, [received, Event("noticed", noticed)], on=date(2027, 6, 1), calendar=CALENDAR)
        assert (state.status, state.running) == (status, False)


def test_a_missing_year_withholds_nothing_from_an_exemption() -> None:
    assert only(story(("received", "12-20"), ("exempted", "12-22")), "12-28", "C1").status == "exempt"


def test_matters_of_2006_are_told_without_a_guess() -> None:
    rules = rules_for(date(2006, 3, 1))
    found = clock_states(rules, [Event("received", date(2006, 3, 1))], on=date(2006, 6, 1), calendar=CALENDAR)
    assert {(state.clock, state.status, state.missing_year) for state in found} == {
        ("C1", "no_calendar", 2006), ("C1s", "no_calendar", 2006),
    }  # fmt: skip


# --- properties ------------------------------------------------------------------------------------------------

EVENTS = st.lists(
    st.builds(
        Event,
        kind=st.sampled_from([*EVENT_NAMES, "of a newer program"]),
        on=st.dates(date(2025, 12, 1), date(2027, 2, 1)),
        days=st.one_of(st.none(), st.integers(-3, 100)),
        until=st.one_of(st.none(), st.dates(date(2025, 12, 1), date(2027, 2, 1))),
        item=st.one_of(st.none(), st.integers(1, 2)),
    ),
    max_size=25,
)
OVERLAYS = st.sampled_from(["", "zhejiang", "henan", "beijing", "shandong", "shanghai"])
LOOKED = st.dates(date(2025, 12, 1), date(2027, 2, 1))


@given(events=EVENTS, on=LOOKED, overlay=OVERLAYS)
def test_states_do_not_depend_on_the_order_told(events: list[Event], on: date, overlay: str) -> None:
    rules = rules_for(date(2026, 1, 1), overlay)

    def told(story: list[Event]) -> list[str]:
        found = clock_states(rules, story, on=on, calendar=CALENDAR)
        return sorted(f"{state.clock} {state.start_on} {state.status} {state.ended_on}" for state in found)

    # Of two extensions told on one day the first one counts, so only stories without two of them must agree.
    assume(len([event for event in events if event.kind.endswith("extended")]) < 2)
    assert told(events) == told(events[::-1])


@given(events=EVENTS, on=LOOKED, overlay=OVERLAYS)
def test_what_each_state_says_holds(events: list[Event], on: date, overlay: str) -> None:
    rules = rules_for(date(2026, 1, 1), overlay)
    for state in clock_states(rules, events, on=on, calendar=CALENDAR):
        clock = rules.clock(state.clock)
        assert state.start_on <= on
        assert state.ended_on is None or state.start_on <= state.ended_on <= on
        assert (state.ended_on is None) == (state.ended_by == "")
        assert (state.missing_year is not None) == (state.status == "no_calendar")
        last = state.due.last_on if state.due else None
        if state.status == "met":
            assert state.ended_on is not None
            assert last is None or state.ended_on <= last
        if state.status == "met_late":
            assert state.ended_on is not None
            assert last is not None
            assert state.ended_on > last
        if state.status == "late":
            assert clock.kind == "duty"
            assert last is not None
            assert (state.ended_on or on) > last
        if state.status == "passed":
            assert clock.kind == "window"
        if state.provisional:
            assert state.clock == "C2"


@given(received=st.dates(date(2025, 1, 1), date(2026, 10, 1)), waited=st.integers(0, 60))
def test_the_day_after_the_last_day_is_late_and_not_before(received: date, waited: int) -> None:
    on = received + timedelta(days=waited)
    state = next(
        state
        for state in clock_states(rules_for(received), [Event("received", received)], on=on, calendar=CALENDAR)
        if state.clock == "C1"
    )
    assert state.due is not None
    assert state.status == ("open" if on <= state.due.last_on else "late")
