"""Search equals the brute-force oracle, pages cover all hits once, counts are exact, marks stay literal."""

from __future__ import annotations

import csv
import gzip
import random
import sys
from datetime import date
from pathlib import Path

import pytest

from models import search
from models.search.find import PATIENCE_HITS
from tests.models.search import invented, oracle
from tests.models.search.shelf import BARRED, VISIBLE, Shelf, Told


def test_equals_brute_force_on_invented_matters(full_shelf: Shelf) -> None:
    told, session = list(full_shelf.told.values()), full_shelf.session()
    hits = 0
    for query in invented.queries(full_shelf, 700, seed=11):
        expected = oracle.places(told, query)
        assert full_shelf.find(query, session=session) == expected, query
        assert full_shelf.count(query, session=session) == len(expected), query
        hits += len(expected)
    assert hits > 40_000  # the queries do find things


def test_filters_narrow_and_never_widen(full_shelf: Shelf) -> None:
    told, session = list(full_shelf.told.values()), full_shelf.session()
    for query in invented.queries(full_shelf, 150, seed=12):
        expected = oracle.places(told, query, lambda one: one.columns["state"] == "S5")
        options = {"filter_sql": "m.state=?", "filter_params": ("S5",), "session": session}
        assert full_shelf.find(query, **options) == expected, query
        assert full_shelf.count(query, **options) == len(expected), query


def test_pages_cover_every_hit_exactly_once(full_shelf: Shelf) -> None:
    told, session = list(full_shelf.told.values()), full_shelf.session()
    for size, query in ((1, "万俟"), (7, "派出所"), (50, "的"), (64, "派 所"), (3, "zh"), (13, ""), (10, "XF2024")):
        pages, before = [], None
        while page := full_shelf.find(query, before=before, limit=size, session=session):
            assert len(page) <= size
            pages += page
            before = page[-1]
        assert pages == oracle.places(told, query), query


def test_a_page_of_no_lines_is_empty(full_shelf: Shelf) -> None:
    assert full_shelf.find("的", limit=0) == []


def test_counting_can_stop_early(full_shelf: Shelf) -> None:
    exact = full_shelf.count("的")
    assert full_shelf.count("的", at_most=10) == 10
    assert full_shelf.count("的", at_most=exact + 1) == exact


@pytest.mark.parametrize(
    "typed",
    ['"', "*", "%", "_", "NEAR(", "AND", "^", "'", "(", "-", ":", "派出*", '"派出所"', "a AND b", "100%", "=", "~"],
)
def test_marks_and_operators_are_text(shelf: Shelf, typed: str) -> None:
    with_it = shelf.add(title=f"关于{typed}的问题")
    shelf.add(title="关于派出所与 ab 的问题")
    assert shelf.find(typed) == [shelf.told[with_it].place]


def test_a_name_without_letters_is_not_taken_for_a_mark(shelf: Shelf) -> None:
    shelf.add(title="无名", people=({"name": "·"},))
    shelf.add(title="有名", people=({"name": "张伟"},))
    for typed in ("=", "~"):
        assert shelf.find(typed) == []


def test_width_case_and_invisible_characters_do_not_matter(shelf: Shelf) -> None:
    place = shelf.told[shelf.add(title="Ａ３区\u200b派出\u00ad所 ＡＢＣ Straße 葛\U000e0100城 ①")].place
    for typed in ("a3区派出所", "Ａ３", "abc", "ABC", "STRASSE", "葛城", "1"):
        assert shelf.find(typed) == [place], typed


def test_a_letter_with_a_mark_is_another_letter(shelf: Shelf) -> None:
    shelf.add(title="派出á")
    shelf.add(title="派出a\u0301")
    shelf.add(title="派出a\u0301，外出a")  # has every pair of the term, but not the term
    plain = shelf.told[shelf.add(title="派出a")].place
    assert shelf.find("派出a") == [plain]
    assert len(shelf.find("派出á")) == 3


def test_identity_number_is_found_in_either_length_and_telephone_by_digits(shelf: Shelf) -> None:
    long_one = shelf.told[shelf.add(title="一", people=({"name": "甲", "id_number": "11010519491231002X"},))].place
    short_one = shelf.told[shelf.add(title="二", people=({"name": "乙", "id_number": "110105491231002"},))].place
    spaced = shelf.told[shelf.add(title="三", people=({"name": "丙", "phone": "+86 138-0013-8000"},))].place
    assert shelf.find("110105491231002") == [short_one, long_one]
    assert shelf.find("11010519491231002x") == [short_one, long_one]
    assert shelf.find("1002X") == [short_one, long_one]
    assert shelf.find("13800138000") == [spaced]
    assert shelf.find("8000") == [spaced]


def test_pinyin_initials_and_given_name(shelf: Shelf) -> None:
    place = shelf.told[shelf.add(title="一", people=({"name": "单晓东"},))].place
    other = shelf.told[shelf.add(title="二", accused=("欧阳建国",))].place
    for typed in (
        "s",
        "shan",
        "shanx",
        "shanxiaodong",
        "sxd",
        "dan",
        "danxiaod",
        "xiaodong",
        "xiaod",
        "shanxd",
        "SHAN",
    ):
        assert shelf.find(typed) == [place], typed
    for typed in ("ou", "ouyangj", "oyjg", "jianguo", "ouyangjg"):
        assert shelf.find(typed) == [other], typed
    assert shelf.find("xd") == []
    assert shelf.find("shanxiaodongs") == []


def test_a_far_filter_is_asked_first_and_stays_exact(shelf: Shelf) -> None:
    """More common hits than patience, few of them wanted: the other way of looking gives the same."""
    shelf.connection.execute("BEGIN")
    with search.bulk(shelf.connection):
        for number in range(PATIENCE_HITS + 900):
            shelf.add(
                title=f"派出所 第{number}件", state="S5x" if number % 400 == 7 else "S1", sealed=number % 800 == 7
            )
    shelf.connection.execute("COMMIT")
    told = list(shelf.told.values())
    for query in ("派出", "派出所", "第", "件 派", "查无此事派出", "XF2026"):
        options = {"filter_sql": "m.state='S5x'", "limit": 50}
        assert shelf.find(query, **options) == oracle.places(told, query, lambda one: one.columns["state"] == "S5x"), (
            query
        )
        assert shelf.find(query, **options, before=told[1000].place) == [
            place
            for place in oracle.places(told, query, lambda one: one.columns["state"] == "S5x")
            if place < told[1000].place
        ]


def test_search_loads_no_pinyin_library_and_no_window(root: Path) -> None:
    import subprocess

    code = (
        "import sys, models.search as s; from models import names, duplicates; "
        "names.spellings('单晓东'); s.literal('zh'); "
        "print(sorted({'pypinyin', 'PySide6', 'numpy', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "[]"


# --- the real messages
# ----------------------------------------------------------------------------------------------------


def _messages(folder: Path) -> list[dict[str, str]]:
    csv.field_size_limit(1 << 24)
    rows = []
    for path in sorted(folder.glob("messages_*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return rows


def test_equals_brute_force_on_the_real_messages(real_data: Path, shelf: Shelf) -> None:
    source = random.Random(5)
    shelf.connection.execute("BEGIN")
    with search.bulk(shelf.connection):
        for row in _messages(real_data):
            day = row["留言时间"].split()[0].replace("/", "-").split("-")
            sealed = source.random() < 0.03
            shelf.add(
                title=row["留言主题"], on=date(int(day[0]), int(day[1]), int(day[2])), statement=row["留言详情"],
                answer=row.get("答复意见", ""), people=({"name": row["留言用户"]},), sealed=sealed,
                reader=sealed and source.random() < 0.5, barred=source.random() < 0.03,
            )  # fmt: skip
    shelf.connection.execute("COMMIT")
    told, session = list(shelf.told.values()), shelf.session()
    assert len(told) > 7000
    folded = [_told_folded(one) for one in told]
    hits = 0
    for number, query in enumerate(invented.queries(shelf, 300, seed=6)):
        expected = oracle.places(folded, oracle.fold(query))
        # Told by number: a failure must not print a real message.
        same = shelf.find(query, session=session) == expected
        assert same, f"query {number} of seed 6"
        assert shelf.count(query, session=session) == len(expected), f"count of query {number} of seed 6"
        hits += len(expected)
    assert hits > 60_000
    assert (
        search.find(shelf.connection, "派出所", visible_sql=VISIBLE, known_sql=BARRED, limit=20, session=session)
        == shelf.find("派出所", session=session)[:20]
    )


def _told_folded(told: Told) -> Told:
    """Fold the texts once for all queries: folding what is folded changes nothing, which is asserted."""
    texts = [oracle.fold(text) for text in told.texts]
    assert all(oracle.fold.__wrapped__(text) == text for text in texts)
    return Told(told.place, told.number, texts, [], told.sealed, told.barred, told.reader, told.columns)
