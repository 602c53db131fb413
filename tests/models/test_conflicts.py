"""Conflicts between two workstations: listed by sight, dated by law, settled by who may, once and for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models import errors, history, queues, replay
from models.conflicts import Conflicts
from models.register import Register
from tests.models import work
from tests.models.conftest import NOW, TODAY, Template, at, person
from tests.models.twins import differences, pull, quiet, tables, twin


@pytest.fixture
def pair(template: Template, tmp_path: Path) -> Iterator[tuple[Register, Register]]:
    with twin(template, tmp_path / "1", 1) as one, twin(template, tmp_path / "2", 2) as two:
        yield one, two


def seen_by(register: Register, login: str, now: datetime = NOW) -> Conflicts:
    return Conflicts(register, person(register, login), now.astimezone().date(), lambda: now)


def put(
    register: Register, row: int, *, by: str = "", at: datetime = NOW, table: str = "matter", **values: Any
) -> None:
    staff = person(register, by) if by else register.person
    with register.act("amend", by=staff, at=at) as act:
        act.set(table, row, **values)


def apart(pair: tuple[Register, Register], **columns: tuple[Any, Any]) -> int:
    """Make a matter known to both and let each set the columns without knowing of the other."""
    one, two = pair
    matter = work.matter(one, "原题")
    pull(two, one, 1)
    put(one, matter, by="pu", **{name: mine for name, (mine, _) in columns.items()})
    put(two, matter, by="ho", at=NOW + timedelta(minutes=5), **{name: theirs for name, (_, theirs) in columns.items()})
    quiet(one, two)
    return matter


def test_both_values_are_shown_with_who_when_and_where(pair: tuple[Register, Register]) -> None:
    one, two = pair
    matter = apart(pair, title=("甲题", "乙题"))
    for register in (one, two):
        page = seen_by(register, "pu").open_ones()
        assert (page.total, page.after) == (1, None)
        (line,) = page.lines
        assert (line.matter, line.title, line.sight, line.statutory, line.due_on) == (
            matter,
            "乙题",
            "full",
            False,
            None,
        )
        assert line.number
        assert (line.table.zh, line.column.zh, line.column.en) == ("信访事项", "概况/标题", "Title")
        assert (line.kept.value, line.kept.who, line.kept.workstation) == ("乙题", "刑办案", "2")
        assert (line.other.value, line.other.who) == ("甲题", "信大明")
        assert line.other.at == NOW
        assert line.kept.at == NOW + timedelta(minutes=5)
        assert line.may_settle
    assert tables(one) == tables(two)


@pytest.mark.parametrize(
    ("choice", "value", "expected"), [("kept", None, "乙题"), ("other", None, "甲题"), ("new", "丙题", "丙题")]
)
def test_settling_ends_it_everywhere(
    pair: tuple[Register, Register], tmp_path: Path, choice: Any, value: str | None, expected: str
) -> None:
    one, two = pair
    matter = apart(pair, title=("甲题", "乙题"))
    asked = seen_by(one, "pu")
    (line,) = asked.open_ones().lines
    seq = asked.settle(line.key, choice, value=value, reason="核对原信")
    assert seq == one.seq
    (row,) = one.records("settlement", "1")
    assert (row["chosen"], row["reason"], row["matter"]) == (choice, "核对原信", matter)
    quiet(one, two)
    for register in (one, two):
        assert register.rows("SELECT title FROM matter") == [(expected,)]
        assert seen_by(register, "pu").count() == 0
        with pytest.raises(errors.InputError):
            seen_by(register, "pu").settle(line.key, "kept", reason="再来")
        assert differences(register, tmp_path / "beside") == {}
        assert replay.wrong_digests(register.connection) == 0
    assert tables(one) == tables(two)


def test_a_later_change_keeps_a_conflict_open_with_what_shows_now(pair: tuple[Register, Register]) -> None:
    one, two = pair
    matter = apart(pair, title=("甲题", "乙题"))
    put(one, matter, at=NOW + timedelta(days=1), title="丙题")
    quiet(one, two)
    for register in (one, two):
        (line,) = seen_by(register, "pu").open_ones().lines
        assert (line.kept.value, line.other.value) == ("丙题", "甲题")
    put(one, matter, at=NOW + timedelta(days=2), title="甲题")
    quiet(one, two)
    assert [seen_by(register, "pu").count() for register in (one, two)] == [0, 0]
    assert tables(one) == tables(two)


def test_statutory_ones_have_a_day_and_are_settled_by_who_decides(pair: tuple[Register, Register]) -> None:
    one, _ = pair
    matter = apart(pair, accepted_on=("2026-03-02", "2026-03-03"), title=("甲", "乙"))
    page = seen_by(one, "dl").open_ones()
    statutory, plain = page.lines
    assert (statutory.statutory, statutory.due_on, statutory.late) == (True, date(2026, 3, 5), False)
    assert plain.due_on is None
    assert statutory.since == TODAY
    assert not seen_by(one, "dl", at("2026-03-05")).open_ones().lines[0].late
    assert seen_by(one, "dl", at("2026-03-06")).open_ones().lines[0].late
    assert [line.may_settle for line in page.lines] == [True, False]
    assert [line.may_settle for line in seen_by(one, "pu").open_ones().lines] == [False, True]
    with pytest.raises(errors.NotAllowedError, match="CH/DL/HU"):
        seen_by(one, "pu").settle(statutory.key, "kept", reason="x")
    with pytest.raises(errors.NotAllowedError, match="KEEPER/PU"):
        seen_by(one, "reg").settle(plain.key, "kept", reason="x")
    seen_by(one, "dl").settle(statutory.key, "other", reason="以受理告知书为准")
    assert one.rows("SELECT accepted_on FROM matter WHERE id=?", (matter,)) == [("2026-03-02",)]


def test_the_same_person_does_not_settle_between_two_own_decisions(pair: tuple[Register, Register]) -> None:
    one, two = pair
    matter = work.matter(one, "题")
    pull(two, one, 1)
    put(one, matter, by="dl", accepted_on="2026-03-02")
    put(two, matter, by="dl", at=NOW + timedelta(hours=1), accepted_on="2026-03-03")
    quiet(one, two)
    (line,) = seen_by(one, "dl").open_ones().lines
    assert not line.may_settle
    with pytest.raises(errors.NotAllowedError, match="他人"):
        seen_by(one, "dl").settle(line.key, "kept", reason="x")
    assert seen_by(one, "ch").open_ones().lines[0].may_settle


def test_who_may_not_know_sees_nothing_and_who_may_not_read_an_outline(pair: tuple[Register, Register]) -> None:
    one, _ = pair
    matter = apart(pair, accepted_on=("2026-03-02", "2026-03-03"))
    with one.act("accuse", by=one.person, at=NOW, matter=matter) as act:
        act.insert("accused", {"matter": matter, "kind": "person", "staff": person(one, "dl").id, "name": "分管长"})
        act.set("matter", matter, sealed=1)
    assert seen_by(one, "dl").count() == 0
    assert seen_by(one, "dl").open_ones().lines == ()
    (line,) = seen_by(one, "ch").open_ones().lines
    assert (line.sight, line.title, line.row_label, line.may_settle) == ("outline", "", "", False)
    assert (line.kept.value, str(line.kept.word), line.kept.who, line.other.value) == (None, "", "", None)
    assert line.due_on == date(2026, 3, 5)
    with pytest.raises(errors.NotAllowedError):
        seen_by(one, "ch").settle(line.key, "kept", reason="x")
    with pytest.raises(errors.InputError):
        seen_by(one, "dl").settle(line.key, "kept", reason="x")
    (queue,) = [one_ for one_ in queues.queues(one, person(one, "ch"), TODAY) if one_.name == "conflicts"]
    assert (queue.total, queue.lines[0].title, queue.lines[0].note) == (1, "", "")
    assert "conflicts" not in [queue.name for queue in queues.queues(one, person(one, "dl"), TODAY)]


def test_today_tells_of_them_with_their_day(pair: tuple[Register, Register]) -> None:
    one, _ = pair
    matter = apart(pair, accepted_on=("2026-03-02", "2026-03-03"), title=("甲", "乙"))
    queue = queues.page(one, person(one, "pu"), TODAY, "conflicts")
    assert (queue.total, queue.own, queue.act) == (2, True, "settle_conflict")
    assert [(line.matter, line.due_on) for line in queue.lines] == [(matter, None), (matter, date(2026, 3, 5))]
    assert {line.note for line in queue.lines} == {"受理日期", "概况/标题"}
    first = queues.page(one, person(one, "pu"), TODAY, "conflicts", limit=1)
    rest = queues.page(one, person(one, "pu"), TODAY, "conflicts", after=first.after)
    assert first.lines + rest.lines == queue.lines


def test_pages_follow_each_other_without_gap(pair: tuple[Register, Register]) -> None:
    one, two = pair
    matters = [work.matter(one, f"题{number}") for number in range(7)]
    pull(two, one, 1)
    for matter in matters:
        put(one, matter, title="甲", accepted_on="2026-03-02")
        put(two, matter, title="乙", accepted_on="2026-03-03")
    quiet(one, two)
    asked = seen_by(one, "guan")
    everything = asked.open_ones(limit=99).lines
    assert len(everything) == asked.count() == 14
    found, after = [], None
    while True:
        page = asked.open_ones(after, 4)
        found += page.lines
        after = page.after
        if after is None:
            break
    assert tuple(found) == everything
    assert [line.statutory for line in everything] == [True] * 7 + [False] * 7


def test_conflicts_of_the_bureaus_own_rows(pair: tuple[Register, Register]) -> None:
    one, two = pair
    unit = one.rows("SELECT id FROM unit WHERE short='刑侦'")[0][0]
    put(one, unit, table="unit", name="刑侦大队")
    put(two, unit, table="unit", at=NOW + timedelta(minutes=1), name="刑警大队")
    quiet(one, two)
    (line,) = seen_by(one, "keep").open_ones().lines
    assert (line.matter, line.number, str(line.table), line.sight) == (None, "", "单位", "full")
    assert line.may_settle
    assert seen_by(one, "reg").count() == 0
    seen_by(one, "keep").settle(line.key, "other", reason="以批复为准")
    assert one.units()[unit] == "刑侦大队"


@pytest.mark.parametrize(
    ("column", "values", "value", "field"),
    [
        ("title", ("甲", "乙"), None, "value"),
        ("accepted_on", ("2026-03-02", "2026-03-03"), "2026-02-31", "value"),
        ("accepted_on", ("2026-03-02", "2026-03-03"), "soon", "value"),
        ("state", ("S4", "S5"), "S13", "value"),
        ("unit", None, 1, "value"),
        ("purpose", ("suggestion", "solution"), "nonsense", "value"),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    pair: tuple[Register, Register], column: str, values: Any, value: Any, field: str
) -> None:
    one, _ = pair
    if values is None:
        units = [row[0] for row in one.rows("SELECT id FROM unit ORDER BY id")]
        values = (units[1], units[2])
    apart(pair, **{column: values})
    asked = seen_by(one, "guan")
    (line,) = asked.open_ones().lines
    with pytest.raises(errors.InputError) as caught:
        asked.settle(line.key, "new", value=value, reason="x")
    assert caught.value.field == field
    with pytest.raises(errors.InputError):
        asked.settle(line.key, "kept", reason="  ")
    with pytest.raises(errors.InputError):
        asked.settle((*line.key[:3], 5), "kept", reason="x")
    assert asked.count() == 1


def test_two_who_settle_apart_have_a_conflict_between_their_words(pair: tuple[Register, Register]) -> None:
    one, two = pair
    matter = apart(pair, title=("甲题", "乙题"))
    (line,) = seen_by(one, "pu").open_ones().lines
    seen_by(one, "pu", NOW + timedelta(hours=1)).settle(line.key, "other", reason="一")
    seen_by(two, "pu", NOW + timedelta(hours=2)).settle(line.key, "new", value="丙题", reason="二")
    quiet(one, two)
    (again,) = seen_by(one, "pu").open_ones().lines
    assert (again.matter, again.kept.value, again.other.value) == (matter, "丙题", "甲题")
    assert replace(again, key=line.key).key == line.key
    assert again.key != line.key
    assert tables(one) == tables(two)


def test_history_tells_of_both_values(pair: tuple[Register, Register]) -> None:
    one, _ = pair
    matter = apart(pair, title=("甲题", "乙题"))
    changes = history.field_history(one, matter, one.person, "matter", matter, "title")
    assert [change.after for change in changes] == ["乙题", "甲题", "原题"]
    assert [change.who for change in changes][:2] == ["刑办案", "信大明"]
