"""The table of acts, read whole: every act is told, and every path through it ends as the law has it.

The paths are walked on the table itself, for each regulation, class and exit of Art. 31; `test_walk` walks them on a
register.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files

import pytest

from models import acts, clocks, codes, errors, handling, letters, policy, steps
from models.acts import Rule
from models.records import Staff
from models.register import Register
from models.tables import BY_NAME
from tests.models.conftest import TODAY, draft

TABLE = acts.table()
CATEGORIES = codes.codes("category")
ALL = Staff(id=1, login="a", name="甲", unit=None, roles=frozenset(policy.ROLES))
RULES = ("SC-431", "REG-2022")
CLOCKS = {clock.id for one in RULES for clock in clocks.rule_set(one).clocks}
KINDS = {"text", "long", "date", "choice", "choices", "unit", "staff", "flag", "number", "claims", "document", "person",
         "matter", "item", "time", "clock"}  # fmt: skip
FIRST_ANSWERS = {"S3a", "S3b", "S3c", "S3d", "S3e", "S3f", "S4"}
ANSWERING = [act for act in TABLE.values() if set(act.targets) & FIRST_ANSWERS]
CASES = [
    (rules, category, leave)
    for rules in RULES
    for category in CATEGORIES
    for leave in ((None, 1, 2, 3, 4, 5, 6) if category == "claim" and rules == "REG-2022" else (None,))
]


def matter(state: str, category: str, rules: str, leave: int | None, *, supervised: bool = False) -> dict[str, object]:
    return {"state": state, "category": category, "rules": rules, "exit": leave, "supervised": supervised}


def moves(state: str, category: str, rules: str, leave: int | None) -> set[tuple[str, str]]:
    """Return the acts that lead on for someone with every role, and where each leads."""
    row = matter(state, category, rules, leave)
    return {
        (act.name, target)
        for act in TABLE.values()
        if acts.refusal(act, row, ALL) is None
        for target in act.targets
        if target != state
    }


def graph(rules: str, category: str, leave: int | None) -> dict[str, set[tuple[str, str]]]:
    """Return every state that a new matter of this kind can reach, with the acts that lead on from it."""
    found: dict[str, set[tuple[str, str]]] = {}
    wait = ["S0", "S1"]
    while wait:
        state = wait.pop()
        if state not in found:
            found[state] = moves(state, category, rules, leave)
            wait += [to for _, to in found[state]]
    return found


def paths(edges: dict[str, set[tuple[str, str]]]) -> Iterator[list[str]]:
    """Yield every way from registration to the end on which no state comes twice."""
    following = {state: sorted({to for _, to in out}) for state, out in edges.items()}
    wait = [["S1"]]
    while wait:
        path = wait.pop()
        for to in following[path[-1]]:
            if to == "S13":
                yield [*path, to]
            elif to not in path:
                wait.append([*path, to])


@pytest.mark.parametrize(("rules", "category", "leave"), CASES)
def test_from_every_state_that_is_reached_there_is_a_way_to_the_end(
    rules: str, category: str, leave: int | None
) -> None:
    edges = graph(rules, category, leave)
    ends = {"S13"}
    while more := {state for state, out in edges.items() if state not in ends and {to for _, to in out} & ends}:
        ends |= more
    assert set(edges) <= ends, f"dead ends: {set(edges) - ends}"


@pytest.mark.parametrize(("rules", "category", "leave"), CASES)
def test_each_path_has_exactly_one_first_answer(rules: str, category: str, leave: int | None) -> None:
    """Exactly one of S3a-S3f and S4 for each item (domain reference, section 5).

    Two ways lead on from a first answer to another: what another organ sent back, or did not agree to take back, is
    screened anew. A withdrawal and a repeat that joins an earlier matter end without one, on their own papers.
    """
    edges = graph(rules, category, leave)
    anew = {"S3b", "S3c", "S3f"}
    walked = 0
    for path in paths(edges):
        walked += 1
        answers = [state for state in path if state in FIRST_ANSWERS]
        if not answers:
            ends = {name for name, to in edges[path[-2]] if to == "S13"}
            assert ends <= {"withdraw", "join_matter", "cancel_item"}, (path, ends)
            continue
        assert all(state in anew for state in answers[:-1]), path
    assert walked


def test_the_number_of_paths_walked_is_told() -> None:
    """So that a table that lost its branches cannot pass by having nothing to walk."""
    claims = sum(1 for _ in paths(graph("REG-2022", "claim", 6)))
    assert claims >= 20, claims


@pytest.mark.parametrize("act", ANSWERING, ids=lambda act: act.name)
def test_every_first_answer_ends_its_clock_with_a_dated_record(act: Rule) -> None:
    """C1 ends by a written notice, a noted reply, or the objection letter (C1o, and C1t with it)."""
    assert {"C1", "C1t"} <= set(act.ends) or "C1o" in act.ends, act.name
    assert {event["kind"] for event in act.events} & {"noticed", "objected"}, act.name
    noted = any(field.name in ("answer", "told_by") and field.required for field in act.inputs)
    assert act.documents or noted, act.name


@pytest.mark.parametrize("act", [act for act in TABLE.values() if "S13" in act.targets], ids=lambda act: act.name)
def test_nothing_is_closed_without_a_paper_a_condition_or_a_record(act: Rule) -> None:
    recorded = any(field.required and field.kind in ("text", "long", "choice") for field in act.inputs)
    assert act.papers or act.documents or act.needs or recorded, act.name
    assert "closed" in {event["kind"] for event in act.events}, act.name
    assert {"closed_on", "closing"} <= set(act.sets), act.name


def test_under_the_regulation_of_2022_only_the_sixth_exit_is_accepted() -> None:
    """REG-2022 Art. 31(6), Art. 34."""
    for leave in (None, 1, 2, 3, 4, 5, 6):
        assert (("accept", "S4") in moves("S2", "claim", "REG-2022", leave)) == (leave == 6)
        assert ("accept", "S4") in moves("S2", "claim", "SC-431", leave)
    refused = acts.refusal(acts.rule("accept"), matter("S2", "claim", "REG-2022", 4), ALL)
    assert refused is not None
    assert "第 4 项" in refused.message.zh
    assert "(4)" in refused.message.en


def test_every_state_is_reached_and_led_out_of() -> None:
    reached = {state for case in CASES for state in graph(*case)}
    reached |= {act.enters for act in TABLE.values() if act.enters}
    assert reached == set(codes.codes("state"))
    assert {act.leaves for act in TABLE.values() if act.leaves} == {act.enters for act in TABLE.values() if act.enters}


def test_supervision_stands_beside_the_state() -> None:
    row = matter("S5", "claim", "REG-2022", 6, supervised=True)
    assert acts.standing(row) == {"S5", "S14"}
    assert acts.standing(matter("S5", "claim", "REG-2022", 6)) == {"S5"}
    waiting = [act for act in TABLE.values() if act.sources == ("S14",)]
    assert waiting
    for act in waiting:
        assert acts.refusal(act, row, ALL) is None
        assert acts.refusal(act, matter("S5", "claim", "REG-2022", 6), ALL) is not None


def test_the_acts_that_start_and_end_clocks_do_so_by_their_events() -> None:
    calendar = clocks.load_calendar()
    for act in TABLE.values():
        for rules in RULES:
            known = {clock.id: clock for clock in clocks.rule_set(rules).clocks}
            assert set(act.starts) | set(act.ends) <= {
                clock.id for one in RULES for clock in clocks.rule_set(one).clocks
            }
            kinds = [event["kind"] for event in act.events]
            for clock in (clock for clock in act.starts if clock in known):
                assert set(kinds) & set(known[clock].start), (act.name, clock)
            for clock in (clock for clock in act.ends if clock in known and known[clock].unit != "none"):
                day = date(2026, 3, 2) if rules == "REG-2022" else date(2015, 3, 2)
                assert any(_ends(rules, clock, start, kinds, day, calendar) for start in known[clock].start), (
                    act.name,
                    clock,
                    rules,
                )


def _ends(rules: str, clock: str, start: str, kinds: list[str], day: date, calendar: clocks.Calendar) -> bool:
    """Return whether a clock begun by a dated fact is ended by the dated facts of an act."""
    before = [clocks.Event(kind, day) for kind in ("received", "accepted", "settled") if kind != start]
    events = [*before, clocks.Event(start, day, days=5), *(clocks.Event(kind, day) for kind in kinds)]
    states = clocks.clock_states(clocks.rule_set(rules, day), events, on=day, calendar=calendar)
    return any(state.clock == clock and state.started_by == start and not state.running for state in states)


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
    assert set(act.targets) <= states
    assert {act.enters, act.leaves} <= {"", acts.SUPERVISED}
    assert act.rules in ("", "2005", "2022")
    assert set(act.categories) <= set(CATEGORIES)
    assert set(act.exits) <= set(range(1, 7))
    kinds = {kind.code for kind in letters.kinds()}
    assert {kind for rules in RULES for kind in act.documents_under(rules)} <= kinds
    assert set(act.papers) <= set(codes.codes("paper"))
    assert set(act.needs) <= set(steps.NEEDS)
    assert set(act.after) <= set(clocks.EVENT_NAMES)
    if act.papers:
        assert act.events, "the dated fact is what rests on the paper"
    named = [field.name for field in act.inputs]
    assert len(named) == len(set(named))
    for field in act.inputs:
        assert field.kind in KINDS
        assert bool(field.choices) == (field.kind in ("choice", "choices")), field.name
        assert not field.table or field.choices == codes.codes(field.table)
    for column, value in act.sets.items():
        BY_NAME["matter"].column(column)
        if str(value).startswith("="):
            assert value[1:] in named, (act.name, column)
    for kind, condition in act.when.items():
        assert kind in act.documents
        assert condition.partition("=")[0] in named
    for event in act.events:
        assert event["kind"] in clocks.EVENT_NAMES
        assert {event[key] for key in ("note", "days", "until", "on") if key in event} <= set(named), act.name
    if act.events:
        assert "on" in named, "what is recorded has its own day"


def test_the_rules_of_acts_are_rules_of_acts_there_are() -> None:
    assert set(steps.CHECKS) <= set(TABLE)
    assert set(steps.FOLLOW) <= set(TABLE)
    assert set(steps.NEEDS) == {need for act in TABLE.values() for need in act.needs}


@pytest.mark.parametrize("rules", RULES)
def test_the_letter_of_an_act_exists_under_the_rules_that_use_it(rules: str) -> None:
    for act in TABLE.values():
        if act.rules and act.rules != letters.family_of(rules):
            continue
        for kind in act.documents_under(rules):
            assert letters.family_of(rules) in letters.kind_of(kind).families, (act.name, kind, rules)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_is_one_sentence_with_its_article(language: errors.Language) -> None:
    nobody = Staff(id=2, login="b", name="乙", unit=None, roles=frozenset({"KEEPER"}))
    seen = 0
    for state in codes.codes("state"):
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
                    article = act.article_zh if language == "zh" else act.article_en
                    assert article in text or "Art. 31" in text or "第三十一条" in text
    assert seen > 1000


def test_an_act_of_another_rule_set_is_refused_by_its_rule_set() -> None:
    only = [act for act in TABLE.values() if act.rules == "2022"]
    for act in only:
        state = "S2" if "open" in act.sources else act.sources[0]
        refused = acts.refusal(act, matter(state, "claim", "SC-431", None), ALL)
        assert refused is not None
        assert "SC-431" in refused.message.zh


def test_no_role_is_told_what_another_reason_forbids_first() -> None:
    """State before rule set, class, exit and role: the reason given is the one that helps."""
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


def test_what_is_likely_is_offered_first_and_the_rest_says_why_not(register: Register) -> None:
    from models.desk import Desk

    desk = Desk(register)
    row = register.record("matter", desk.register_item(draft()).matter)
    assert row is not None
    opened, closed = handling.listed(register, row, register.person, TODAY)
    likely = [act.likely for act in opened]
    assert likely == sorted(likely, reverse=True)
    assert opened[0].name == "screen"
    assert len(opened) + len(closed) == len(TABLE)
    assert all(act.reason_zh.endswith("。") and act.reason_en.endswith(".") for act in closed)


def test_words_of_acts_in_stories() -> None:
    assert acts.word("accept", "zh") == "受理"
    assert acts.word("register_item", "en") == "Register"
    assert acts.word("unheard_of", "zh") == "unheard_of"


def test_every_input_has_words_and_no_word_is_left_over() -> None:
    inputs = [(act.name, field) for act in TABLE.values() for field in act.inputs]
    assert [(act, field.name) for act, field in inputs if not (field.zh and field.en)] == []
    raw: dict[str, dict[str, dict[str, object]]] = {}
    for path in files("resources").joinpath("acts").iterdir():
        found = tomllib.loads(path.read_text("utf-8"))
        assert not set(found) & set(raw), "an act stands in one file"
        raw |= found
    own = {
        (name, field["name"])
        for name, entry in raw.items()
        for field in entry.get("inputs", ())  # type: ignore[attr-defined]  # TOML
        if "zh" in field or "en" in field
    }
    assert set(raw["words"]) == {field.name for act, field in inputs if (act, field.name) not in own}
