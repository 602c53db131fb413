"""The rows of the routing file: each has an invented example, an article in both languages, and what it points to."""

from __future__ import annotations

import pytest

from models import clocks, codes
from models.errors import BugError
from models.routing import Facts, organs, rules
from models.routing.rules import ALWAYS, ASIDE, RECORDED, SAID, TOLD, Texts
from tests.models.routing_examples import EXAMPLES

ANSWERING = ("class", "exit", "organ", "department", "circle")
"""Tables that must answer every matter."""
ROWS = [(table, row.id) for table in EXAMPLES for row in rules.rows(table)]


@pytest.mark.parametrize("table", list(EXAMPLES))
def test_every_row_has_its_example_and_no_example_is_left_over(table: str) -> None:
    assert {row.id for row in rules.rows(table)} == set(EXAMPLES[table])


@pytest.mark.parametrize(("table", "row"), ROWS, ids=lambda value: value)
@pytest.mark.parametrize("law", ["REG-2022", "SC-431"])
def test_the_example_makes_its_row_hold_and_says_why(table: str, row: str, law: str) -> None:
    facts = Facts(rules=law, **EXAMPLES[table][row])
    texts = Texts.of(facts)
    hit = next((one for one in rules.hits(table, facts, texts) if one.rule == row), None)
    assert hit is not None
    assert hit.reason.zh.endswith("。")
    assert hit.reason.en.endswith(".")
    assert hit.article.zh
    assert hit.article.en
    assert bool(hit.rests) == (hit.place != ALWAYS)
    for rest in hit.rests:
        assert rest.zh in hit.reason.zh
        assert rest.en in hit.reason.en
    first = rules.ask(table, facts, texts)[0]
    if hit.place != ASIDE:
        assert first.value == hit.value
    else:
        assert first.value != hit.value


@pytest.mark.parametrize("table", ANSWERING)
def test_a_table_that_must_answer_has_one_row_that_always_holds(table: str) -> None:
    always = [hit for hit in rules.hits(table, Facts(), Texts("", "")) if hit.place == ALWAYS]
    assert len(always) == 1
    assert rules.ask(table, Facts(), Texts("", ""))[0] == always[0]


def test_what_rows_point_to_exists() -> None:
    routes = {route.id for route in clocks.routes()}
    for row in rules.rows("exit"):
        assert row.value in codes.codes("exit")
        assert set(row.more.get("routes", ())) <= routes
        assert row.more.get("to", "own") in {"own", *organs()}
        assert row.more.get("ground", "") in {"", *codes.codes("refusal_ground")}
        assert ("how_zh" in row.more) == ("how_en" in row.more) == (row.value != "6")
    for row in rules.rows("class"):
        assert row.value in {*codes.codes("category"), "=category"}
        assert row.more.get("purpose", "") in {"", *codes.codes("purpose")}
    for row in rules.rows("organ"):
        assert row.value in {"own", *organs()}
    for row in rules.rows("department"):
        assert row.value in {*codes.codes("police"), "petition", "=police"}
    for row in rules.rows("circle"):
        assert row.value in {"inspection", "discipline"}


def test_the_same_law_is_not_named_under_both_regulations() -> None:
    for table in EXAMPLES:
        for row in rules.rows(table):
            assert "信访工作条例" not in row.article_2005.zh
            assert "REG-2022" not in row.article_2005.en
            assert "《信访条例》" not in row.article.zh
            assert "SC-431" not in row.article.en


def test_recorded_goes_before_title_and_title_before_text() -> None:
    facts = Facts(title="孩子落户", text="看守所和护照。", police="traffic")
    places = [one.place for one in rules.ask("department", facts, Texts.of(facts))]
    assert places == sorted(places)
    assert places[:2] == [RECORDED, SAID]
    assert TOLD in places


def test_what_the_text_names_first_comes_first() -> None:
    facts = Facts(title="一件事", text="图书馆旁的学校。")
    assert [one.value for one in rules.ask("organ", facts, Texts.of(facts))][:2] == ["culture", "education"]


@pytest.mark.parametrize("text", ["派 出\u200b所", "ＫＴＶ扰民", "ktv 扰民"])
def test_width_and_invisible_characters_change_nothing(text: str) -> None:
    facts = Facts(title=text.replace(" ", ""))
    assert rules.ask("organ", facts, Texts.of(facts))[0].value == "own"


def test_two_words_stand_near_within_a_sentence_only() -> None:
    near = rules.near_pattern(("民警",), ("打人",))
    assert near.search("民警昨天打人")
    assert near.search("打人的是民警")
    assert not near.search("民警来了。有人打人")
    assert not near.search("民警" + "一" * (rules.NEAR_CHARACTERS + 1) + "打人")
    in_order = rules.near_pattern(("民警",), ("打人",), in_order=True)
    assert in_order.search("民警打人")
    assert not in_order.search("打人的是民警")


def test_a_table_that_does_not_exist_is_our_fault() -> None:
    with pytest.raises(BugError):
        rules.rows("nothing")
    with pytest.raises(BugError):
        rules.listed("nothing")
