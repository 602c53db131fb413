"""Field history: before and after, who, when, by which act and why; only for those who may see the matter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from models import column_words, errors, history, matters
from models.desk import Desk
from models.imports.run import run_import
from models.records import FieldChange, PersonDraft
from models.register import Register
from models.tables import BY_NAME, TABLES
from tests.models.conftest import NOW, accused, at, draft, person


def of(register: Register, matter: int, *place: object) -> list[FieldChange]:
    return list(history.field_history(register, matter, register.person, *place))  # type: ignore[arg-type]  # a place


def test_each_change_of_a_telephone_is_told(register: Register) -> None:
    days = iter(("2026-03-02", "2026-03-03", "2026-03-04"))
    now = at(next(days))
    desk = Desk(register, now=lambda: now)
    matter = desk.register_item(draft()).matter
    who = register.rows("SELECT id FROM person WHERE matter=?", (matter,))[0][0]
    now = at(next(days))
    desk.person = person(register, "reg")
    desk.perform(matter, "complete_person", {"phone": "13900001111"})
    now = at(next(days))
    desk.person = person(register, "pu")
    desk.perform(matter, "amend", {"row": f"person:{who}", "column": "phone", "value": "139 0000 2222",
                                   "reason": "信访人来电更正"})  # fmt: skip
    lines = of(register, matter, "person", who, "phone")
    assert [(line.before, line.after) for line in lines] == [
        ("13900001111", "13900002222"),
        ("19900001234", "13900001111"),
        (None, "19900001234"),
    ]
    newest = lines[0]
    assert (newest.who, newest.act, newest.why) == ("信大明", "amend", "信访人来电更正")
    assert newest.at.astimezone().date() == date(2026, 3, 4)
    assert (newest.where, newest.name, newest.entry) == ("信访人 王小明", "电话", f"{register.device}-{register.seq}")
    assert lines[1].who == "登小红"


def test_codes_ids_and_flags_are_told_as_words(register: Register, desk: Desk) -> None:
    matter = desk.register_item(draft()).matter
    desk.perform(matter, "screen", {"category": "accusation"})
    found = {(line.table, line.name): (line.before_text, line.after_text) for line in of(register, matter, "matter")}
    assert found["matter", "状态"] == ("已登记", "已甄别")
    assert found["matter", "类别"] == ("申诉求决", "检举控告")
    assert found["matter", "限定知悉范围"] == ("否", "是")
    assert of(register, matter, "matter", matter, "unit")[0].after_text == "信访科"
    errors.speak("en")
    assert of(register, matter, "matter", matter, "state")[0].name == "State"
    assert of(register, matter, "event", None, "kind")[0].after_text == "received from the petitioner"


def test_a_row_that_was_added_is_one_line_of_the_whole(register: Register, desk: Desk) -> None:
    matter = desk.register_item(draft()).matter
    lines = of(register, matter)
    assert [line.table for line in lines].count("person") == 1
    assert {line.column for line in lines} == {""}
    assert "信访人 王小明" in [line.where for line in lines]


def test_what_was_reversed_stays_in_the_history_with_its_reason(register: Register, desk: Desk) -> None:
    matter = desk.register_item(draft()).matter
    desk.perform(matter, "screen", {"category": "claim", "exit": "6"})
    entry = f"{register.device}-{register.seq}"
    desk.reverse(matter, entry, "选错途径")
    lines = of(register, matter, "matter", matter, "state")
    assert [(line.before_text, line.after_text, line.act) for line in lines] == [
        ("已甄别", "已登记", "reverse"),
        ("已登记", "已甄别", "screen"),
        ("", "已登记", "register_item"),
    ]
    assert (lines[0].why, lines[1].reversed, lines[0].reversed) == ("选错途径", "选错途径", "")
    told = {line.entry: line for line in matters.story(register, matter)}
    assert (told[entry].reversed, told[entry].reversed_by) == ("选错途径", desk.person.name)
    undone = told[lines[0].entry]
    assert undone.reversed == ""
    assert entry in undone.detail
    assert "选错途径" in undone.detail
    assert desk.why_not_reversed(matter, entry) is not None
    assert desk.why_not_reversed(matter, lines[0].entry) is None
    desk.reverse(matter, lines[0].entry, "没有选错")
    told = {line.entry: line for line in matters.story(register, matter)}
    assert told[entry].reversed == ""
    assert told[lines[0].entry].reversed == "没有选错"


def test_rows_that_an_import_wrote_for_many_matters_have_their_history(
    register: Register, desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    file.write_text(
        "信访日期,姓名,手机号,内容\n2026-02-01,甲一,19900000001,问路\n2026-02-02,乙二,19900000002,问灯\n", "utf-8"
    )
    run_import(desk, file, at=NOW)
    for name, phone in (("甲一", "19900000001"), ("乙二", "19900000002")):
        row, matter = register.rows("SELECT id, matter FROM person WHERE name=?", (name,))[0]
        lines = of(register, matter, "person", row, "phone")
        assert [(line.after, line.act) for line in lines] == [(phone, "import_items")]
        assert {line.where for line in of(register, matter) if line.table == "person"} == {f"信访人 {name}"}


def test_the_history_is_for_those_who_may_see_the_matter(
    register: Register, desk: Desk, desk_of: Callable[..., Desk]
) -> None:
    matter = desk.register_item(draft(purpose="accusation", accused=(accused("刑办案"),))).matter
    with pytest.raises(errors.InputError):
        desk_of("ho").history(matter)
    with pytest.raises(errors.NotAllowedError):
        desk_of("hu").history(matter)
    seq = register.seq
    reader = desk_of("pu")
    assert reader.history(matter)
    reader.history(matter)
    read = register.rows("SELECT act, actor FROM entry WHERE seq>?", (seq,))
    assert read == [("read_matter", reader.person.id)], "reading a history is journalled like reading the matter"


def test_what_is_no_place_of_a_matter_is_named(register: Register, desk: Desk) -> None:
    matter = desk.register_item(draft()).matter
    for place in (("staff",), ("person", None, "colour")):
        with pytest.raises(errors.InputError) as refused:
            of(register, matter, *place)
        assert str(place[-1]) in refused.value.message.zh


def test_a_disposed_payload_is_named_as_such(register: Register, desk: Desk) -> None:
    matter = desk.register_item(draft()).matter
    desk.perform(matter, "note", {"text": "甲"})
    register.connection.execute("UPDATE entry SET payload=NULL, salt=NULL WHERE seq=?", (register.seq,))
    lines = of(register, matter)
    assert (lines[0].act, lines[0].table, lines[0].after_text) == ("note", "", "内容已依法封存或销毁")
    with pytest.raises(errors.RuleError) as refused:
        desk.reverse(matter, str(register.seq), "错")
    assert "封存" in refused.value.message.zh


def test_every_column_of_a_matter_has_words_in_both_languages() -> None:
    """A new column needs its line in resources/columns.toml, or the history would show its bare name."""
    own = [table for table in TABLES if table.name in ("matter", "number") or "matter" in table.names]
    assert {table.name for table in own} == set(column_words.tables())
    for table in own:
        assert column_words.table_word(table.name, "zh") != column_words.table_word(table.name, "en")
        assert column_words.label_column(table.name) in table.names
        for name in table.names:
            assert any("一" <= mark <= "鿿" for mark in column_words.column_word(table.name, name, "zh")), (
                table.name,
                name,
            )
            assert column_words.column_word(table.name, name, "en").isascii(), (table.name, name)
        for name in column_words.amendable(table.name):
            assert BY_NAME[table.name].column(name)


def test_the_newest_line_is_quickly_there_among_many(register: Register, desk: Desk) -> None:
    """The number of statements does not grow with the register: found by index, and by halving the chain."""
    matter = desk.register_item(draft(people=(PersonDraft(name="甲"),))).matter
    for _ in range(3):
        desk.register_item(draft())
    told: list[str] = []
    register.connection.set_trace_callback(told.append)
    of(register, matter)
    first = len(told)
    for _ in range(40):
        desk.register_item(draft())
    told.clear()
    of(register, matter)
    register.connection.set_trace_callback(None)
    assert len(told) == first
