"""No hit, no count and no page reveals what the person may not see; sealed content comes only from the session's
memory."""

from __future__ import annotations

import pytest

from models import search
from tests.models.search.shelf import BARRED, VISIBLE, Shelf


@pytest.fixture
def places(shelf: Shelf) -> dict[str, int]:
    """One matter of each kind, all with the same words."""
    kinds = {
        "open": {}, "barred": {"barred": True}, "sealed": {"sealed": True},
        "readable": {"sealed": True, "reader": True},
        "barred_reader": {"sealed": True, "reader": True, "barred": True},
    }  # fmt: skip
    return {
        kind: shelf.told[
            shelf.add(
                title="派出所答复", number=f"XF{place}", people=({"name": "单晓东", "phone": "13900001111"},), **sight
            )
        ].place
        for place, (kind, sight) in enumerate(kinds.items(), 101)
    }


@pytest.mark.parametrize(
    "typed", ["派", "派出", "派出所", "派出 答复", "sxd", "shanxiaodong", "1390000", "单晓东", "z派出"]
)
def test_content_is_found_only_where_it_may_be_read(shelf: Shelf, places: dict[str, int], typed: str) -> None:
    expected = [] if typed == "z派出" else [places["readable"], places["open"]]
    assert shelf.find(typed) == expected
    assert shelf.count(typed) == len(expected)


def test_numbers_of_sealed_matters_are_found_as_outlines_and_those_of_barred_ones_never(
    shelf: Shelf, places: dict[str, int]
) -> None:
    assert shelf.find("XF") == [places[kind] for kind in ("readable", "sealed", "open")]
    assert shelf.count("XF10") == 3
    assert shelf.find("XF103") == [places["sealed"]]
    assert shelf.find("XF103 派出") == []
    assert shelf.find("XF102") == shelf.find("XF105") == []
    assert shelf.find("") == [places[kind] for kind in ("readable", "sealed", "open")]


def test_without_outlines_sealed_matters_stay_away(shelf: Shelf, places: dict[str, int]) -> None:
    session = shelf.session()
    found = search.find(shelf.connection, "XF", visible_sql=VISIBLE, session=session)
    assert found == [places["readable"], places["open"]]
    assert search.count(shelf.connection, "XF", visible_sql=VISIBLE, session=session) == 2


def test_a_person_with_outline_sight_only_finds_numbers_only(shelf: Shelf, places: dict[str, int]) -> None:
    """A keeper without a working role: what the index holds of open matters is not answered either."""
    options = {"visible_sql": "0", "known_sql": BARRED}
    for typed in ("派", "派出", "派出所", "sxd"):
        assert search.find(shelf.connection, typed, **options) == []
        assert search.count(shelf.connection, typed, **options) == 0
    assert search.find(shelf.connection, "XF1", **options) == [places[kind] for kind in ("readable", "sealed", "open")]


def test_without_the_session_a_reader_finds_a_sealed_matter_by_number_only(
    shelf: Shelf, places: dict[str, int]
) -> None:
    assert shelf.find("派出所", session=search.SessionIndex()) == [places["open"]]
    assert search.find(shelf.connection, "派出所", visible_sql=VISIBLE, known_sql=BARRED) == [places["open"]]
    assert search.find(shelf.connection, "XF104", visible_sql=VISIBLE, known_sql=BARRED) == [places["readable"]]


def test_the_policy_is_asked_again_for_what_memory_holds(shelf: Shelf, places: dict[str, int]) -> None:
    session = shelf.session()
    assert shelf.find("派出所", session=session) == [places["readable"], places["open"]]
    shelf.connection.execute("UPDATE reader SET ended_on='2026-03-03'")
    assert shelf.find("派出所", session=session) == [places["open"]]
    assert shelf.count("派出所", session=session) == 1


def test_memory_follows_acts_and_is_let_go(shelf: Shelf, places: dict[str, int]) -> None:
    session = shelf.session()
    assert len(session) == 1
    matter = next(key for key, told in shelf.told.items() if told.place == places["readable"])
    shelf.connection.execute("UPDATE matter SET title='改后的题目' WHERE id=?", (matter,))
    session.refresh(shelf.connection, matter, VISIBLE)
    assert shelf.find("改后的", session=session) == [places["readable"]]
    shelf.connection.execute("UPDATE matter SET place=place+1000 WHERE id=?", (matter,))
    session.refresh(shelf.connection, matter, VISIBLE)
    assert shelf.find("改后的", session=session) == [places["readable"] + 1000]
    shelf.connection.execute("UPDATE matter SET sealed=0 WHERE id=?", (matter,))
    session.refresh(shelf.connection, matter, VISIBLE)
    assert len(session) == 0
    shelf.connection.execute("UPDATE matter SET sealed=1 WHERE id=?", (matter,))
    session.load(shelf.connection, VISIBLE)
    assert len(session) == 1
    session.clear()
    assert len(session) == 0
    assert "改后" not in repr(session)


def test_filters_apply_to_what_memory_holds(shelf: Shelf, places: dict[str, int]) -> None:
    assert shelf.find("派出所", filter_sql="m.number=?", filter_params=("XF104",)) == [places["readable"]]
    assert shelf.find("派出所", filter_sql="m.number=?", filter_params=("XF101",)) == [places["open"]]
    assert shelf.find("派出所", before=places["readable"]) == [places["open"]]
