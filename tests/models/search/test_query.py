"""The one search box: what is a term, what is a filter, and that a colon is text unless it cannot be anything else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import search
from models.records import Filters
from models.search.query import MOST_TOKENS, Query
from tests.models.search.shelf import Shelf

UNITS = {"城关派出所": 1, "城关所": 1, "法制大队": 2}


def test_terms_are_folded_and_each_stands_once() -> None:
    assert search.literal("  派出所　ＡＢ ab\n派出所 ").terms == ("派出所", "ab")
    assert search.literal("").terms == search.literal(" \u200b ").terms == ()


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("状态:办理中", Filters(states=("S5",))),
        ("状态：办理中", Filters(states=("S5",))),
        ("state:S5", Filters(states=("S5",))),
        ("state:s5h,S13", Filters(states=("S5h", "S13"))),
        ("状态:办理中 状态:已办结", Filters(states=("S5", "S13"))),
        ("单位:城关派出所", Filters(unit=1)),
        ("unit:城关所", Filters(unit=1)),
        ("类别:检举控告", Filters(categories=("accusation",))),
        ("形式:来访", Filters(channels=("visit",))),
        ("日期:2026", Filters(received_from=date(2026, 1, 1), received_to=date(2026, 12, 31))),
        ("日期:2026-02", Filters(received_from=date(2026, 2, 1), received_to=date(2026, 2, 28))),
        ("日期:2026-01..2026-03", Filters(received_from=date(2026, 1, 1), received_to=date(2026, 3, 31))),
        ("date:2024/2/29", Filters(received_from=date(2024, 2, 29), received_to=date(2024, 2, 29))),
        ("日期:2026-01..", Filters(received_from=date(2026, 1, 1))),
        ("日期:..2026.3", Filters(received_to=date(2026, 3, 31))),
        ("逾期:", Filters(late=True)),
        ("late:", Filters(late=True)),
        ("在办:", Filters(open_only=True)),
    ],
)
def test_filters_among_the_terms(typed: str, filters: Filters) -> None:
    request = search.read_request(f"派出所 {typed} 答复", UNITS)
    assert request.filters == filters
    assert request.query.terms == ("派出所", "答复")
    assert len(request.shown) == len(typed.split())


@pytest.mark.parametrize(
    "typed",
    [
        "逾期", "late", "状态", "状态:", "状态:没有这个", "单位:没有这个", "时间:2026", "回复:已收",
        "日期:2026-13", "日期:2025-02-29", "日期:..",
        "日期:", "日期:昨天", "日期:0000", "10:30", ":", "::", "a:b", "http://x",
        "状态:办理中:5", "逾期:三天", "单位:", "state:S5,没有",
    ],
)  # fmt: skip
def test_any_other_colon_is_text(typed: str) -> None:
    request = search.read_request(typed, UNITS)
    assert request.filters == Filters()
    assert request.query == search.literal(typed)
    assert request.shown == ()


def test_typed_filters_come_on_top_of_chosen_ones() -> None:
    chosen = Filters(states=("S1",), late=True)
    assert search.read_request("状态:办理中", UNITS, chosen).filters == Filters(states=("S1", "S5"), late=True)


def test_units_of_the_register_are_known_by_both_names(shelf: Shelf) -> None:
    assert search.units_of(shelf.connection) == {"城关派出所": 1, "城关所": 1}


@given(st.text(max_size=60))
def test_whatever_is_typed_makes_a_lawful_expression(typed: str) -> None:
    query = search.literal(typed)
    expression, undecided = query.asked()
    assert bool(expression) == bool(query.terms)
    assert set(undecided) <= set(query.terms)
    assert expression.count('" AND "') <= 2 * MOST_TOKENS


def test_long_queries_ask_for_few_tokens_and_leave_the_rest_to_the_check(shelf: Shelf) -> None:
    whole = "".join(chr(0x4E00 + number * 7) for number in range(400))
    place = shelf.told[shelf.add(title="长文", statement=whole)].place
    shelf.add(title="别的", statement=whole[::-1])
    many = " ".join(whole[start : start + 2] for start in range(0, 80, 2))
    assert shelf.find(whole) == [place]
    assert shelf.find(many) == [place]
    assert shelf.find(many + " 没有") == []
    assert Query(tuple(many.split())).asked()[0].count('"') // 2 <= MOST_TOKENS
