"""Clocks through the whole life of a matter: each story with its article, the last days worked out by hand.

The stories follow domain reference, sections 4, 5, 8.3 and 9.3. 2026-03-10 is a Tuesday; holidays of the spring are
04-04..06 and 05-01..05; 05-09 is a Saturday that is worked.
"""

from __future__ import annotations

from datetime import date

import pytest

from models.clocks import ClockState, Event, clock_states, load_calendar, rules_for
from models.clocks.rule_files import parse_rule_file, rule_texts
from models.errors import BugError

CALENDAR = load_calendar()
OLD, NEW = rules_for(date(2021, 3, 10)), rules_for(date(2026, 3, 10))


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def story(*facts: tuple[str, str]) -> list[Event]:
    return [Event(kind, day(on)) for kind, on in facts]


def runs(events: list[Event], on: str, clock: str) -> list[ClockState]:
    found = clock_states(NEW, events, on=day(on), calendar=CALENDAR)
    return [state for state in found if state.clock == clock and not state.provisional]


def told(events: list[Event], on: str, clock: str) -> list[tuple[str, str]]:
    """Return the status of each run of a clock and what ended it."""
    return [(state.status, state.ended_by) for state in runs(events, on, clock)]


def last(state: ClockState) -> date:
    assert state.due is not None
    return state.due.last_on


# --- objection and return: REG-2022 Art. 23 ---------------------------------------------------------------------


def test_an_objection_ends_both_clocks_while_the_sender_has_not_answered() -> None:
    events = story(("transfer_received", "03-10"), ("objected", "03-16"))
    assert told(events, "04-30", "C1o") == [("met", "objected")]
    assert told(events, "04-30", "C1t") == [("met", "objected")]


def test_an_agreed_objection_leaves_them_ended() -> None:
    events = story(("transfer_received", "03-10"), ("objected", "03-16"), ("objection_agreed", "03-20"))
    assert told(events, "04-30", "C1t") == [("met", "objected")]


@pytest.mark.parametrize(("refused", "on", "status"), [("03-18", "03-25", "open"), ("03-18", "03-26", "late")])
def test_a_refused_objection_ended_nothing_and_the_notice_counts_from_receipt(
    refused: str, on: str, status: str
) -> None:
    events = story(("transfer_received", "03-10"), ("objected", "03-16"), ("objection_refused", refused))
    (state,) = runs(events, on, "C1t")
    assert (state.status, last(state)) == (status, day("03-25"))  # 15 days from 03-10
    assert told(events, on, "C1o") == [("met", "objected")], "the right to object was used"
    assert told([*events, *story(("noticed", "03-25"))], "04-30", "C1t") == [("met", "noticed")]


def test_a_refusal_is_not_known_before_its_day() -> None:
    events = story(("transfer_received", "03-10"), ("objected", "03-16"), ("objection_refused", "03-18"))
    assert told(events, "03-17", "C1t") == [("met", "objected")]


def test_a_refusal_before_a_second_objection_does_not_take_that_one_back() -> None:
    events = story(
        ("transfer_received", "03-10"), ("objected", "03-11"), ("objection_refused", "03-12"), ("objected", "03-13")
    )
    (state,) = runs(events, "04-30", "C1t")
    assert (state.status, state.ended_on) == ("met", day("03-13"))


def test_a_refusal_for_one_item_leaves_the_objection_of_another() -> None:
    events = [
        Event("transfer_received", day("03-10"), item=1), Event("transfer_received", day("03-10"), item=2),
        Event("objected", day("03-11"), item=1), Event("objected", day("03-11"), item=2),
        Event("objection_refused", day("03-13"), item=2),
    ]  # fmt: skip
    assert sorted(status for status, _ in told(events, "03-20", "C1t")) == ["met", "open"]


def test_sorting_follows_the_objection_too() -> None:
    # C1s is of MPS-79 and holds up to 2023-06-30.
    rules = rules_for(date(2021, 3, 10))
    events = [Event("transfer_received", date(2021, 3, 10)), Event("objected", date(2021, 3, 12))]
    refused = [*events, Event("objection_refused", date(2021, 3, 15))]
    for facts, status in ((events, "met"), (refused, "open")):
        found = clock_states(rules, facts, on=date(2021, 3, 20), calendar=CALENDAR)
        assert [state.status for state in found if state.clock == "C1s"] == [status]


def test_what_another_organ_sent_back_starts_the_notice_anew_but_no_objection() -> None:
    events = story(
        ("received", "03-10"), ("transferred", "03-12"), ("noticed", "03-12"), ("returned_to_us", "03-20")
    )  # 15 days: 04-04, Qingming; last day Tue 04-07
    assert told(events, "04-08", "C1") == [("met", "noticed")]
    (state,) = runs(events, "04-08", "C1t")
    assert (state.status, last(state)) == ("late", day("04-07"))
    assert runs(events, "04-08", "C1o") == []
    assert told([*events, *story(("objected", "03-23"))], "04-08", "C1t") == [("late", "")], "we cannot return it"
    assert told([*events, *story(("noticed", "04-07"))], "04-08", "C1t") == [("met", "noticed")]


# --- handling: SC-431 Art. 33, REG-2022 Arts 33, 34 -------------------------------------------------------------


def test_a_settlement_that_fails_leaves_handling_running() -> None:
    accepted = story(("accepted", "03-10"), ("settled", "04-01"))  # 60 days: 05-09, worked
    assert told([*accepted, *story(("mediation_failed", "04-20"))], "05-09", "C2") == [("open", "")]
    assert told([*accepted, *story(("mediation_failed", "04-20"))], "05-10", "C2") == [("late", "")]
    assert told([*accepted, *story(("performed", "05-09"))], "05-10", "C2") == [("met", "performed")]
    assert told(story(("accepted", "03-10"), ("performed", "04-01"), ("settled", "04-02")), "05-10", "C2") == [
        ("late", "")
    ]


def test_a_statutory_exit_stops_handling_and_the_simplified_answer() -> None:
    events = story(
        ("received", "03-10"), ("simple_started", "03-10"), ("accepted", "03-11"), ("noticed", "03-11"),
        ("routed", "03-18"),
    )  # fmt: skip
    assert told(events, "06-30", "C2") == [("exempt", "routed")]
    assert told(events, "06-30", "S-answer") == [("exempt", "routed")]


def test_falling_back_after_the_short_notice_was_due_leaves_it_late() -> None:
    events = story(("received", "03-10"), ("simple_started", "03-10"), ("fell_back", "03-17"))  # 3 W: 03-13
    assert told(events, "03-20", "S-notice") == [("late", "fell_back")]
    assert told(events, "03-20", "C1") == [("open", "")], "the ordinary notice still counts from receipt: 03-25"


def test_begun_again_after_falling_back_a_reply_ends_handling() -> None:
    events = story(
        ("accepted", "03-10"), ("simple_started", "03-10"), ("fell_back", "03-12"), ("simple_started", "03-16"),
        ("replied", "03-18"),
    )  # fmt: skip
    assert told(events, "06-30", "C2") == [("met", "replied")]


def test_a_public_hearing_does_not_stop_handling() -> None:
    events = story(("accepted", "03-10"), ("hearing_started", "04-01"), ("hearing_ended", "04-03"))
    (state,) = runs(events, "05-10", "C2")
    assert (state.status, last(state)) == ("late", day("05-09"))


# --- assignments: SC-431 Art. 21(4), REG-2022 Art. 22(3) --------------------------------------------------------


def test_our_report_ends_what_was_assigned_to_us_and_not_what_we_assigned() -> None:
    events = [Event("assigned_in", day("03-10"), days=30, row=1), Event("assigned_out", day("03-12"), days=20, row=2)]
    ours = [*events, Event("completion_reported", day("03-30"))]
    assert told(ours, "04-30", "C8") == [("met", "completion_reported"), ("late", "")]
    theirs = [*events, Event("completion_received", day("03-30"))]
    assert told(theirs, "04-30", "C8") == [("late", ""), ("met", "completion_received")]
    assert [state.whose for state in runs(events, "03-20", "C8")] == ["bureau", "other"]


def test_an_assignment_that_goes_back_is_ended() -> None:
    ours = [Event("assigned_in", day("03-10"), days=30), Event("objection_agreed", day("03-17"))]
    assert told(ours, "04-30", "C8") == [("met", "objection_agreed")]
    theirs = [Event("assigned_out", day("03-10"), days=30), Event("returned_to_us", day("03-17"))]
    assert told(theirs, "04-30", "C8") == [("met", "returned_to_us")]
    assert told([ours[0], theirs[1]], "04-30", "C8") == [("late", "")], "a return to us ends no duty of ours"


def test_of_two_organs_assigned_one_report_answers_for_one() -> None:
    events = [
        Event("assigned_out", day("03-10"), until=day("04-10"), row=1),
        Event("assigned_out", day("03-12"), until=day("04-20"), row=2),
        Event("completion_received", day("04-09")),
    ]
    assert [(state.start_row, state.status) for state in runs(events, "04-21", "C8")] == [(1, "met"), (2, "late")]
    both = [*events, Event("completion_received", day("04-21"))]
    assert [state.status for state in runs(both, "04-22", "C8")] == ["met", "met_late"]


def test_two_starts_of_one_day_are_ended_in_the_order_of_their_limits() -> None:
    events = [
        Event("assigned_out", day("03-10"), until=day("04-20"), row=1),
        Event("assigned_out", day("03-10"), until=day("04-10"), row=2),
        Event("completion_received", day("04-01")),
    ]
    for given in (events, events[::-1]):
        found = {state.start_row: state.status for state in runs(given, "04-05", "C8")}
        assert found == {1: "open", 2: "met"}


# --- advice and supervision: SC-431 Art. 36, REG-2022 Art. 40 ---------------------------------------------------


def test_two_letters_need_two_answers() -> None:
    events = [Event("advice_received", date(2021, 3, 10)), Event("advice_received", date(2021, 3, 12))]
    answered = [*events, Event("advice_answered", date(2021, 3, 20))]
    found = clock_states(OLD, answered, on=date(2021, 4, 14), calendar=CALENDAR)  # 03-12 and 30 days: Sunday 04-11
    assert [state.status for state in found] == ["met", "late"]
    set_in_letter = [
        Event("advice_received", day("03-10"), until=day("03-31")),
        Event("supervision_lifted", day("04-01")),
    ]
    assert told(set_in_letter, "04-01", "C7") == [("late", "")]


# --- review, order to redo: SC-431 Arts 34, 35, REG-2022 Arts 35, 36 --------------------------------------------

REDO = story(
    ("accepted", "01-20"), ("opinion_issued", "02-10"), ("sent", "02-10"), ("served", "02-11"),
    ("review_requested", "03-02"), ("review_decided", "03-20"), ("sent_back", "03-20"), ("review_served", "03-23"),
)  # fmt: skip
REDO_SET = [Event(e.kind, e.on, days=30) if e.kind == "sent_back" else e for e in REDO]  # 30 days: 04-19 Sun -> 04-20
SECOND = story(("opinion_issued", "04-17"), ("sent", "04-20"), ("served", "04-21"))


def test_the_order_to_redo_has_its_own_time_and_handling_stays_ended() -> None:
    assert told(REDO_SET, "04-20", "C8r") == [("open", "")]
    assert told(REDO_SET, "04-21", "C8r") == [("late", "")]
    assert told([*REDO_SET, *SECOND], "04-21", "C8r") == [("met", "sent")]
    assert told([*REDO_SET, *SECOND], "04-21", "C2") == [("met", "sent")]


def test_the_second_opinion_opens_its_own_window() -> None:
    first, second = runs([*REDO_SET, *SECOND], "05-20", "C3")
    assert (first.status, first.ended_by) == ("met", "review_requested")
    assert (second.status, second.start_on, last(second)) == ("open", day("04-21"), day("05-21"))
    asked = [*REDO_SET, *SECOND, *story(("review_requested", "05-21"))]
    assert told(asked, "06-30", "C3") == [("met", "review_requested")] * 2
    assert [state.start_on for state in runs(asked, "06-30", "C4")] == [day("03-02"), day("05-21")]


def test_an_opinion_ordered_to_be_redone_has_no_window_left() -> None:
    events = story(("served", "03-10"), ("sent_back", "03-20"))
    assert told(events, "05-30", "C3") == [("exempt", "sent_back")]
    later = story(("served", "03-10"), ("sent_back", "04-20"))  # the window passed on 04-09
    assert told(later, "05-30", "C3") == [("passed", "sent_back")]


def test_a_window_that_had_passed_stays_so_when_a_later_one_is_used() -> None:
    events = story(("served", "01-20"), ("reopened", "04-01"), ("served", "05-20"), ("review_requested", "06-01"))
    assert told(events, "06-30", "C3") == [("passed", ""), ("met", "review_requested")]
    late = story(("served", "01-20"), ("review_requested", "04-01"), ("served", "05-20"))
    assert told(late, "06-30", "C3") == [("met_late", "review_requested"), ("passed", "")]


def test_a_request_on_the_day_of_the_second_service_uses_the_second_window() -> None:
    events = story(("served", "01-20"), ("served", "05-20"), ("review_requested", "05-20"))
    assert told(events, "06-30", "C3") == [("passed", ""), ("met", "review_requested")]


def test_re_review_of_the_second_round_is_not_held_against_the_first() -> None:
    events = story(
        ("review_served", "01-20"), ("review_served", "05-20"), ("rereview_requested", "06-10"),
        ("rereview_decided", "07-06"),
    )  # fmt: skip
    assert told(events, "07-31", "C5") == [("passed", ""), ("met", "rereview_requested")]
    assert told(events, "07-31", "C6") == [("met", "rereview_decided")]


def test_two_services_of_one_opinion_open_two_windows_and_one_request_uses_both() -> None:
    events = story(("served", "03-10"), ("served", "03-16"))  # two petitioners; 04-09 and 04-15
    assert [last(state) for state in runs(events, "03-20", "C3")] == [day("04-09"), day("04-15")]
    asked = [*events, *story(("review_requested", "04-08"))]
    assert told(asked, "04-20", "C3") == [("met", "review_requested")] * 2
    second_only = [*events, *story(("review_requested", "04-13"))]
    assert told(second_only, "04-20", "C3") == [("passed", ""), ("met", "review_requested")]


def test_windows_of_two_items_are_their_own() -> None:
    events = [
        Event("served", day("03-10"), item=1), Event("served", day("03-16"), item=2),
        Event("review_requested", day("04-13"), item=1),
    ]  # fmt: skip
    assert [state.status for state in runs(events, "04-16", "C3")] == ["met_late", "passed"]


# --- service by public notice: MPS-ADM Arts 35, 36 --------------------------------------------------------------


def test_a_public_notice_serves_on_the_day_its_sixty_days_end() -> None:
    posted = story(("sent", "03-02"), ("service_failed", "03-02"), ("notice_posted", "03-02"))
    (notice,) = runs(posted, "05-06", "C-announce")  # 60 days: 05-01, a holiday to 05-05
    assert (notice.status, last(notice), notice.whose) == ("open", day("05-06"), "petitioner")
    assert runs(posted, "05-07", "C3") == [], "without service no window"
    served = [*posted, *story(("served", "05-06"))]
    assert told(served, "05-07", "C-announce") == [("met", "served")]
    (window,) = runs(served, "05-07", "C3")
    assert last(window) == day("06-05")


def test_a_longer_public_notice_and_a_document_fetched_in_time() -> None:
    posted = [Event("notice_posted", day("03-02"), days=90)]
    (notice,) = runs(posted, "03-02", "C-announce")
    assert last(notice) == day("06-01")  # 05-31 is a Sunday
    assert told([*posted, *story(("served", "03-20"))], "03-21", "C-announce") == [("met", "served")]
    assert told(posted, "06-02", "C-announce") == [("passed", "")], "nobody failed a duty"


# --- recusal: MPS-ADM Arts 19-21 by analogy ---------------------------------------------------------------------


def test_recusal_is_decided_in_two_days_one_by_one() -> None:
    one = story(("recusal_asked", "03-10"))
    assert told(one, "03-12", "C-recusal") == [("open", "")]
    assert told(one, "03-13", "C-recusal") == [("late", "")]
    two = [*one, *story(("recusal_asked", "03-11"), ("recusal_decided", "03-12"))]
    assert told(two, "03-12", "C-recusal") == [("met", "recusal_decided"), ("open", "")]
    assert told([*two, *story(("recusal_decided", "03-16"))], "03-17", "C-recusal")[1] == (
        "met_late",
        "recusal_decided",
    )


@pytest.mark.parametrize(("received", "counts"), [(date(2012, 12, 31), False), (date(2013, 1, 1), True)])
def test_the_two_days_came_with_the_administrative_procedure_rules(received: date, counts: bool) -> None:
    assert ("C-recusal" in {clock.id for clock in rules_for(received).clocks}) is counts
    assert ("C-announce" in {clock.id for clock in rules_for(received).clocks}) is counts
    assert "C-execute" in {clock.id for clock in rules_for(received).clocks}


# --- execution: SC-431 Art. 32, REG-2022 Art. 32 ----------------------------------------------------------------


def test_what_was_supported_is_carried_out_by_the_day_set() -> None:
    supported = [Event("supported", day("03-10"), until=day("04-30"))]
    assert told(supported, "04-30", "C-execute") == [("open", "")]
    assert told(supported, "05-01", "C-execute") == [("late", "")]
    assert told([*supported, *story(("executed", "04-29"))], "05-01", "C-execute") == [("met", "executed")]
    assert told([*supported, *story(("sent_back", "04-01"))], "05-01", "C-execute") == [("exempt", "sent_back")]


def test_without_a_day_set_execution_stays_open_and_says_so() -> None:
    (state,) = runs(story(("supported", "03-10")), "12-01", "C-execute")
    assert (state.status, state.due) == ("open", None)
    assert "No limit" in state.notes[0].en


# --- reopened: domain reference, section 5, S15 -----------------------------------------------------------------


def test_a_reopened_matter_has_new_clocks_and_the_old_ones_stay_ended() -> None:
    first = story(
        ("received", "01-20"), ("noticed", "01-26"), ("accepted", "01-26"), ("opinion_issued", "02-10"),
        ("sent", "02-10"), ("served", "02-11"), ("closed", "03-16"),
    )  # fmt: skip
    before = clock_states(NEW, first, on=day("03-31"), calendar=CALENDAR)
    again = story(("reopened", "04-01"), ("received", "04-01"))
    after = clock_states(NEW, [*first, *again], on=day("04-10"), calendar=CALENDAR)
    assert after[: len(before)] == before
    assert [(state.clock, state.start_on, state.status) for state in after[len(before) :]] == [
        ("C1", day("04-01"), "open")
    ]


def test_a_life_of_the_simplified_procedure_does_not_reach_the_next_one() -> None:
    first = story(("received", "03-10"), ("simple_started", "03-10"), ("accepted", "03-10"), ("noticed", "03-10"))
    first += story(("replied", "03-12"), ("closed", "03-12"))
    again = story(("reopened", "04-01"), ("received", "04-01"), ("accepted", "04-08"), ("noticed", "04-08"))
    assert [state.start_on for state in runs([*first, *again], "04-10", "S-notice")] == [day("03-10")]
    replied = [*first, *again, *story(("replied", "04-20"))]
    assert told(replied, "06-30", "C2")[1] == ("late", ""), "outside the track a reply is no opinion"
    # And the other way round: a procedure begun in the second life says nothing of the first.
    ordinary = story(("received", "01-20"), ("noticed", "02-03"), ("reopened", "04-01"), ("received", "04-01"))
    simple = [*ordinary, *story(("simple_started", "04-02"))]
    assert [state.start_on for state in runs(simple, "04-03", "S-notice")] == [day("04-01")]


# --- what a rule file may not say -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('of = ["transfer_received"]', 'of = ["received"]', "does not start it"),
        ('of = ["transfer_received"]', 'of = ["arrived"]', "arrived"),
        ('unless = ["objection_refused"]', 'unless = ["denied"]', "denied"),
        (
            'ends = [{ all = ["advice_answered"] }]',
            'ends = [{ all = ["advice_answered", "closed"] }]',
            "several events",
        ),
        ("one_by_one = true", "one_by_one = 1", "one_by_one"),
    ],
)
def test_an_ending_that_says_something_else_is_refused(old: str, new: str, said: str) -> None:
    text = rule_texts()["reg-2022.toml"]
    assert old in text
    with pytest.raises(BugError) as caught:
        parse_rule_file(text.replace(old, new, 1), "reg-2022.toml")
    assert said in caught.value.message.en
