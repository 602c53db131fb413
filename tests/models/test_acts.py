"""The table of acts, walked whole: every state leads on, every first answer ends the notice clock, words are there."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files

import pytest

from models import acts, clocks, codes, errors, letters, policy
from models.acts import Rule
from models.records import Staff
from models.tables import BY_NAME

TABLE = acts.table()
CATEGORIES = codes.codes("category")
ALL = Staff(id=1, login="a", name="甲", unit=None, roles=frozenset(policy.ROLES))
RULES = ("SC-431", "REG-2022")
KINDS = {"text", "long", "date", "choice", "unit", "staff", "flag", "number", "claims", "document", "person"}


def matter(state: str, category: str, rules: str, leave: int | None) -> dict[str, object]:
    return {"state": state, "category": category, "rules": rules, "exit": leave}


def moves(state: str, category: str, rules: str, leave: int | None) -> set[tuple[str, str]]:
    """Return the acts open for someone with every role, and where each leads."""
    row = matter(state, category, rules, leave)
    return {(act.name, act.to or state) for act in TABLE.values() if acts.refusal(act, row, ALL) is None}


def reachable(category: str, rules: str, leave: int | None) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    wait = ["S1"]
    while wait:
        state = wait.pop()
        if state not in found:
            found[state] = moves(state, category, rules, leave)
            wait += [to for _, to in found[state]]
    return found


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("leave", [None, 1, 2, 3, 4, 5, 6])
def test_from_every_state_that_is_reached_there_is_a_way_to_the_end(
    category: str, rules: str, leave: int | None
) -> None:
    graph = reachable(category, rules, leave)
    ends = {"S13"}
    while more := {state for state, out in graph.items() if state not in ends and {to for _, to in out} & ends}:
        ends |= more
    assert set(graph) <= ends, f"dead ends: {set(graph) - ends}"
    assert "S13" in graph


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("category", CATEGORIES)
def test_every_class_has_a_first_answer_after_screening(category: str, rules: str) -> None:
    for leave in (None, 1, 6):
        answers = {to for _, to in moves("S2", category, rules, leave) if to.startswith("S3") or to == "S4"}
        assert answers, (category, rules, leave)


def test_under_the_regulation_of_2022_only_the_sixth_exit_is_accepted() -> None:
    """REG-2022 Art. 31(6), Art. 34."""
    for leave in (None, 1, 2, 3, 4, 5, 6):
        assert (("accept", "S4") in moves("S2", "claim", "REG-2022", leave)) == (leave == 6)
        assert ("accept", "S4") in moves("S2", "claim", "SC-431", leave)
    refused = acts.refusal(acts.rule("accept"), matter("S2", "claim", "REG-2022", 4), ALL)
    assert refused is not None
    assert "第四项" in refused.message.zh or "第 4 项" in refused.message.zh
    assert "(4)" in refused.message.en


def test_every_first_answer_ends_the_notice_clock_with_a_paper_or_a_noted_reply() -> None:
    """Each of S3a-S3f and S4 ends C1 with a dated written record (domain reference, section 5)."""
    for act in TABLE.values():
        if not (act.to.startswith("S3") or act.to == "S4"):
            continue
        assert {"C1", "C1t"} <= set(act.ends), act.name
        assert any(event["kind"] == "noticed" for event in act.events), act.name
        assert act.document or any(field.name == "answer" and field.required for field in act.inputs), act.name


def test_the_acts_that_start_and_end_clocks_do_so_by_their_events() -> None:
    calendar = clocks.load_calendar()
    for act in TABLE.values():
        for rules in RULES:
            known = {clock.id: clock for clock in clocks.rule_set(rules).clocks}
            for clock in act.starts:
                assert clock in known, (act.name, clock)
                assert {event["kind"] for event in act.events} & set(known[clock].start), (act.name, clock)
            for clock in act.ends:
                if clock not in known:
                    continue
                start = known[clock].start[0]
                day = date(2026, 3, 2) if rules == "REG-2022" else date(2015, 3, 2)
                events = [clocks.Event(start, day), *(clocks.Event(event["kind"], day) for event in act.events)]
                if clock == "C2":
                    events.insert(0, clocks.Event("received", day))
                states = clocks.clock_states(clocks.rule_set(rules, day), events, on=day, calendar=calendar)
                running = [state for state in states if state.clock == clock and state.running]
                assert not running, (act.name, clock, rules)


@pytest.mark.parametrize("act", TABLE.values(), ids=lambda act: act.name)
def test_each_act_is_told_whole(act: Rule) -> None:
    assert act.zh
    assert act.en
    assert act.zh != act.en
    assert act.article_zh
    assert act.article_en
    assert act.roles
    assert act.roles <= set(policy.ROLES)
    states = set(codes.codes("state"))
    assert act.sources
    assert set(act.sources) <= states | {"open"}
    assert not act.to or act.to in states
    assert set(act.categories) <= set(CATEGORIES)
    assert set(act.exits) <= set(range(1, 7))
    kinds = {kind.code for kind in letters.kinds()}
    for kind in (act.document_under("REG-2022"), act.document_under("SC-431")):
        assert not kind or kind in kinds
    named = [field.name for field in act.inputs]
    assert len(named) == len(set(named))
    for field in act.inputs:
        assert field.kind in KINDS
        assert bool(field.choices) == (field.kind == "choice"), field.name
        assert not field.table or field.choices == codes.codes(field.table)
    for column, value in act.sets.items():
        BY_NAME["matter"].column(column)
        if str(value).startswith("="):
            assert value[1:] in named, (act.name, column)
    for event in act.events:
        assert event["kind"] in clocks.EVENT_NAMES
        assert event.get("note", named[0] if named else "") in named
        assert event.get("days", named[0] if named else "") in named
    if act.events:
        assert "on" in named, "what is recorded has its own day"


@pytest.mark.parametrize("rules", RULES)
def test_the_letter_of_an_act_exists_under_the_rules_that_use_it(rules: str) -> None:
    for act in TABLE.values():
        kind = act.document_under(rules)
        if kind and any(
            acts.refusal(act, matter(state, category, rules, 6), ALL) is None
            for state in act.sources
            for category in CATEGORIES
        ):
            assert letters.family_of(rules) in letters.kind_of(kind).families, (act.name, kind, rules)


def test_every_state_that_an_act_waits_in_is_reached_by_some_act() -> None:
    reached = {state for category in CATEGORIES for rules in RULES for state in reachable(category, rules, 6)}
    reached |= {state for category in CATEGORIES for state in reachable(category, "REG-2022", 1)}
    for act in TABLE.values():
        assert set(act.sources) - {"open"} <= reached, act.name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_is_one_sentence_with_its_article(language: errors.Language) -> None:
    nobody = Staff(id=2, login="b", name="乙", unit=None, roles=frozenset({"KEEPER"}))
    seen = 0
    for state in ("S1", "S2", "S5", "S13"):
        for category in CATEGORIES:
            for staff in (ALL, nobody):
                for act in TABLE.values():
                    refused = acts.refusal(act, matter(state, category, "REG-2022", 3), staff)
                    if refused is None:
                        continue
                    seen += 1
                    text = refused.message.zh if language == "zh" else refused.message.en
                    assert text.endswith("。" if language == "zh" else ".")
                    assert "\n" not in text
                    assert (act.zh if language == "zh" else act.en) in text or "31" in text or "三十一" in text
                    if state != "S13" and "open" not in act.sources:
                        article = act.article_zh if language == "zh" else act.article_en
                        assert article in text or "Art. 31" in text or "第三十一条" in text
    assert seen > 100


def test_no_role_is_told_what_another_reason_forbids_first() -> None:
    """State before class before exit before role: the reason given is the one that helps."""
    nobody = Staff(id=2, login="b", name="乙", unit=None, roles=frozenset({"KEEPER"}))
    refused = acts.refusal(acts.rule("accept"), matter("S5", "claim", "REG-2022", 6), nobody)
    assert refused is not None
    assert not isinstance(refused, errors.NotAllowedError)
    refused = acts.refusal(acts.rule("accept"), matter("S2", "claim", "REG-2022", 6), nobody)
    assert isinstance(refused, errors.NotAllowedError)
    assert codes.word("role", "PU", "zh") in refused.message.zh


def test_an_act_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(errors.InputError) as refused:
        acts.rule("promote")
    assert "screen" in refused.value.message.zh


def test_what_is_likely_is_offered_first() -> None:
    opened, closed = acts.listed(matter("S2", "claim", "REG-2022", 6), ALL)
    likely = [act.likely for act in opened]
    assert likely == sorted(likely, reverse=True)
    assert len(opened) + len(closed) == len(TABLE)


def test_words_of_acts_in_stories() -> None:
    assert acts.word("accept", "zh") == "受理"
    assert acts.word("register_item", "en") == "Register"
    assert acts.word("unheard_of", "zh") == "unheard_of"


def test_every_input_has_words_and_no_word_is_left_over() -> None:
    inputs = [(act.name, field) for act in TABLE.values() for field in act.inputs]
    assert [(act, field.name) for act, field in inputs if not (field.zh and field.en)] == []
    folder = files("resources").joinpath("acts")
    raw = {}
    for path in folder.iterdir():
        raw |= tomllib.loads(path.read_text("utf-8"))
    own = {
        (name, field["name"])
        for name, entry in raw.items()
        for field in entry.get("inputs", ())
        if "zh" in field or "en" in field
    }
    assert set(raw["words"]) == {field.name for act, field in inputs if (act, field.name) not in own}
