"""The rule sets a second time, typed by hand from domain reference, sections 3, 4, 8.3 and 9.3: nothing in a rule file
that decides a last day may change without a person changing it here too.

A clock is told as `starts | length and whose | ends | what else`. Ends are parted by `/`; events that must follow each
other are joined by `>`. In the last part: `lifted` what exempts from the start, `stopped` what ceases it, `more` who
may extend it and by how much at most, and marks.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from models.clocks import routes
from models.clocks.rule_files import Change, Clock, Ending, Extension, RuleFile, rule_files

STOPPED = "withdrawn party_ended"
"""Withdrawn in writing; petitioner died or dissolved with no successor (Shandong Reg. Art. 46): domain reference 5."""

NOTICED = "noticed / replied / passed_on"
SORTED = f"accepted / {NOTICED} / transferred / assigned_out / objected unless objection_refused"
NOT_OURS = f"lifted ; stopped {STOPPED} accepted noticed replied passed_on"
PASSED = "transferred / assigned_out / passed_on"
ASSIGNED = (
    "completion_reported of assigned_in / objection_agreed of assigned_in / completion_received of assigned_out"
    " / returned_to_us of assigned_out"
)
HANDLED = "opinion_issued > sent / replied on simple / settled > performed"

BOTH = {
    "C1": f"received | 15 C bureau duty | {NOTICED} | lifted exempted ; stopped {STOPPED} ; at_once_first",
    "C1t": "transfer_received returned_to_us | 15 C bureau duty"
    f" | {NOTICED} / objected of transfer_received unless objection_refused"
    f" | lifted exempted ; stopped {STOPPED}",
    "C2": f"accepted | 60 C bureau duty | {HANDLED} | stopped {STOPPED} routed ; more extended 30"
    " ; not_later_than C1 C1t",
    "C3": f"served | 30 C petitioner window | review_requested | stopped {STOPPED} sent_back",
    "C4": f"review_requested | 30 C organ_above duty | review_decided | stopped {STOPPED}",
    "C5": f"review_served | 30 C petitioner window | rereview_requested | stopped {STOPPED}",
    "C6": f"rereview_requested | 30 C organ_above duty | rereview_decided | stopped {STOPPED} ; hearing_left_out",
    "C8": f"assigned_in assigned_out | - as_set assigned duty | {ASSIGNED}"
    f" | stopped {STOPPED} ; more limit_extended - ; one_by_one",
    "C8r": f"sent_back | - as_set bureau duty | opinion_issued > sent | stopped {STOPPED}",
    "C9": "major_known | - at_once bureau duty | major_reported | ",
    "C-execute": f"supported | - as_set bureau duty | executed | stopped {STOPPED} sent_back ; one_by_one",
}
RECUSAL = f"recusal_asked | 2 C bureau duty | recusal_decided | stopped {STOPPED} ; one_by_one"
ANNOUNCE = f"notice_posted | 60 as_set petitioner window | served | stopped {STOPPED}"
SIMPLE = {
    "S-notice": "received transfer_received | 3 W bureau duty | noticed / replied"
    f" | lifted exempted ; stopped {STOPPED} fell_back ; track simple",
    "S-answer": "accepted | 10 W bureau duty | replied / opinion_issued > sent / settled > performed"
    f" | stopped {STOPPED} fell_back routed ; at_once_first ; track simple",
    "S-pass": f"received transfer_received | 1 W bureau window | {PASSED}"
    f" | lifted accepted noticed replied ; stopped {STOPPED} fell_back ; track simple",
}
RATE = {"R-rate": "rating_opened | 30 C petitioner window | rated | "}

TOLD: dict[str, dict[str, str]] = {
    "SC-431": {
        **BOTH,
        "C1s": f"received transfer_received | 15 C bureau duty | {SORTED} | stopped {STOPPED} ; from 2005-08-18",
        "C7": "advice_received | 30 C bureau duty | advice_answered | one_by_one",
        "C-recusal": f"{RECUSAL} ; from 2013-01-01",
        "C-announce": f"{ANNOUNCE} ; from 2013-01-01",
    },
    "REG-2022": {
        **BOTH,
        "C1o": f"transfer_received | 5 W bureau window | objected | {NOT_OURS}",
        "C1p": "received | 15 C other duty | transferred | untracked",
        "C1s": f"received transfer_received | 15 C bureau duty | {SORTED} | stopped {STOPPED} ; to 2023-06-30",
        "C7": "advice_received | - as_set bureau duty | advice_answered | one_by_one",
        "C10": " | - none bureau duty | replied | untracked",
        "C11": " | 15 W other duty | noticed | untracked",
        "C11f": " | 15 W other duty | noticed | untracked",
        "C-recusal": RECUSAL,
        "C-announce": ANNOUNCE,
    },
    "SIMPLE-2016": SIMPLE,
    "SIMPLE-2022": SIMPLE,
    "RATE-2014": RATE,
    "RATE-2022": RATE,
    "LOCAL-beijing": {
        "C1o": f"transfer_received | 5 W bureau window | objected | {NOT_OURS}",
        "C7n": "advice_declined | 3 W bureau duty | advice_answered | ",
    },
    "LOCAL-henan": {
        "L-pass": f"received transfer_received | 5 C bureau window | {PASSED}"
        f" | lifted accepted noticed replied ; stopped {STOPPED} objected",
        "C1o": f"transfer_received | 5 C bureau window | objected | {NOT_OURS}",
    },
    "LOCAL-shandong": {
        "C4a": f"review_requested | 3 W organ_above duty | review_accepted / review_decided | stopped {STOPPED}",
        "C6a": f"rereview_requested | 3 W organ_above duty | rereview_accepted / rereview_decided | stopped {STOPPED}",
    },
    "LOCAL-shanghai": {},
    "LOCAL-zhejiang": {},
}
CHANGES = {
    "LOCAL-beijing": {"C1": "", "C4": "more review_extended 30", "C6": "more rereview_extended 30"},
    "LOCAL-henan": {"C2": "30 ; more extended 60", "C8": "90", "C3": ""},
    "LOCAL-shandong": {"C8": "more limit_extended -"},
    "LOCAL-shanghai": {},
    "LOCAL-zhejiang": {"C1": "5 W", "C1t": "5 W", "C2": "30 ; more extended 60"},
}
IN_FORCE = {  # domain reference, section 3; 4.6 for the provinces
    "SC-431": ("2005-05-01", "2022-04-30"), "REG-2022": ("2022-05-01", None),
    "SIMPLE-2016": ("2016-07-01", "2022-07-16"), "SIMPLE-2022": ("2022-07-17", None),
    "RATE-2014": ("2014-01-01", "2021-12-31"), "RATE-2022": ("2022-01-01", None),
    "LOCAL-beijing": ("2006-01-01", None), "LOCAL-henan": ("1997-01-01", None),
    "LOCAL-shandong": ("2015-01-01", None), "LOCAL-shanghai": ("2018-01-01", None),
    "LOCAL-zhejiang": ("2016-01-01", None),
}  # fmt: skip
ROUTES = {  # domain reference, section 4.5: ask, decide, extension
    "criminal-nonfiling-reconsideration": ("7 C", "30 C + 30"), "criminal-nonfiling-review": ("7 C", "30 C + 30"),
    "criminal-nonfiling-notice": (None, "3 C"), "report-elsewhere": (None, "24 H"),
    "public-order-case": (None, "30 C + 30"), "administrative-reconsideration": ("60 C", None),
    "administrative-lawsuit": ("6 M", None), "state-compensation": ("2 Y", "2 M"),
}  # fmt: skip
FILES = {file.id: file for file in rule_files()}


def _ending(ending: Ending) -> str:
    text = " > ".join(ending.all)
    for word, names in (("on", (ending.track,)), ("of", ending.of), ("unless", ending.unless)):
        if any(names):
            text += f" {word} {' '.join(sorted(names))}"
    return text


def _more(extension: Extension) -> str:
    return f"more {extension.event} {extension.max_days or '-'}"


def as_told(clock: Clock) -> list[set[str]]:
    """Return a clock in the notation above, the order of names left open."""
    rest = {
        f"lifted {' '.join(sorted(clock.exempt_by))}" if clock.exempt_by else "",
        f"stopped {' '.join(sorted(clock.ceased_by))}" if clock.ceased_by else "",
        _more(clock.extension) if clock.extension else "",
        f"not_later_than {' '.join(sorted(clock.not_later_than))}" if clock.not_later_than else "",
        "" if clock.tracked else "untracked",
        f"track {clock.track}" if clock.track else "",
        f"from {clock.from_on}" if clock.from_on else "",
        f"to {clock.to_on}" if clock.to_on else "",
        *(mark for mark in ("at_once_first", "hearing_left_out", "one_by_one") if getattr(clock, mark)),
    }
    return [
        set(clock.start),
        {f"{clock.length or '-'} {clock.unit} {clock.whose} {clock.kind}"},
        {_ending(ending) for ending in clock.ends},
        rest - {""},
    ]


def as_typed(text: str) -> list[set[str]]:
    """Return a line of the table the same way."""
    start, length, ends, rest = (part.strip() for part in text.split("|"))
    named = {_sorted_words(part) for part in rest.split(";")} - {"", "lifted"}
    return [set(start.split()), {length}, {end.strip() for end in ends.split(" / ")}, named]


def _sorted_words(part: str) -> str:
    words = part.split()
    if words and words[0] in ("lifted", "stopped", "not_later_than"):
        return " ".join([words[0], *sorted(words[1:])])
    return " ".join(words)


def test_no_file_is_left_out() -> None:
    assert set(FILES) == set(TOLD) == set(IN_FORCE)
    assert {name for name in FILES if name.startswith("LOCAL")} == set(CHANGES)


@pytest.mark.parametrize(("name", "clock"), [(name, clock) for name in TOLD for clock in TOLD[name]])
def test_every_clock_is_as_it_was_typed(name: str, clock: str) -> None:
    (found,) = [one for one in FILES[name].clocks if one.id == clock]
    assert as_told(found) == as_typed(TOLD[name][clock])


@pytest.mark.parametrize("name", list(TOLD))
def test_a_file_has_these_clocks_and_no_other(name: str) -> None:
    assert {clock.id for clock in FILES[name].clocks} == set(TOLD[name])


@pytest.mark.parametrize("name", list(CHANGES))
def test_every_change_of_a_province_is_as_it_was_typed(name: str) -> None:
    def told(change: Change) -> str:
        length = " ".join(str(part) for part in (change.length, change.unit) if part)
        return " ; ".join(part for part in (length, _more(change.extension) if change.extension else "") if part)

    assert {change.clock: told(change) for change in FILES[name].changes} == CHANGES[name]


@pytest.mark.parametrize("name", list(IN_FORCE))
def test_a_file_is_in_force_from_its_day_to_its_last_day(name: str) -> None:
    def text(day: date | None) -> str | None:
        return day.isoformat() if day else None

    assert (text(FILES[name].from_on), text(FILES[name].to_on)) == IN_FORCE[name]


def test_local_facts_and_their_highest_numbers_are_as_they_were_typed() -> None:
    told = {
        (file.id, fact.id): [(cap.people, cap.most) for cap in fact.caps]
        for file in FILES.values()
        for fact in file.facts
    }
    assert told == {
        ("LOCAL-zhejiang", "representatives"): [(10, 3), (None, 5)],  # up to 10 people at most 3, above 10 at most 5
        ("LOCAL-shanghai", "answer_contents"): [],
        ("LOCAL-shanghai", "review_contents"): [],
        ("LOCAL-shanghai", "rereview_contents"): [],
    }


def test_the_routes_next_door_are_as_they_were_typed() -> None:
    def told(span: object) -> str | None:
        if span is None:
            return None
        assert isinstance(span.extension, int)  # type: ignore[attr-defined]  # a Span; 0 for none
        more = f" + {span.extension}" if span.extension else ""  # type: ignore[attr-defined]  # a Span
        return f"{span.length} {span.unit}{more}"  # type: ignore[attr-defined]  # a Span

    assert {route.id: (told(route.ask), told(route.decide)) for route in routes()} == ROUTES


def test_the_notation_tells_every_field_that_decides() -> None:
    spoken = {
        "id",
        "name",
        "start_text",
        "ends_text",
        "exempt_text",
        "article",
        "remark",
        "unconfirmed",
        "project_rule",
    }
    told = {
        "start", "length", "unit", "whose", "kind", "ends", "exempt_by", "ceased_by", "extension", "not_later_than",
        "tracked", "track", "from_on", "to_on", "at_once_first", "hearing_left_out", "one_by_one",
    }  # fmt: skip
    assert {field.name for field in fields(Clock)} == spoken | told
    assert {field.name for field in fields(Ending)} == {"all", "track", "of", "unless"}
    assert {field.name for field in fields(RuleFile)} == {
        "id", "family", "title", "from_on", "to_on", "aliases", "note", "unconfirmed", "clocks", "changes", "facts",
    }  # fmt: skip
