"""One act: all of it or nothing; and what follows from the rows is what a recount or a rebuild gives."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import errors, intake, journal, lists, replay, search
from models.desk import Desk, put_setting
from models.journal import Change
from models.records import AccusedDraft, AttachmentDraft, Filters, PersonDraft
from models.register import Register
from models.tables import TABLES
from tests.models.conftest import NOW, Template, at, draft, person, unit


class HaltError(Exception):
    """What the tests throw in the middle of an act."""


def contents(register: Register) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of the file, those of the search index included."""
    names = [
        row[0]
        for row in register.rows("SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%'")
        if row[0] != "search_text"
    ]
    return {name: sorted(register.rows(f"SELECT * FROM {name}"), key=repr) for name in names}


def last_entry(register: Register) -> journal.Entry:
    return list(replay.entries_of(register.connection))[-1]


def digests(register: Register) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the digests summed again from the rows."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for table in TABLES:
        for row_id, born, rev, *values in register.rows(
            f"SELECT id, born, rev, {', '.join(table.names)} FROM {table.name}"
        ):
            key = (table.name, journal.bucket(born))
            rows, total = found.get(key, (0, 0))
            digest = journal.row_digest(table.name, row_id, rev, dict(zip(table.names, values, strict=True)))
            found[key] = (rows + 1, (total + digest) % journal.DIGEST_MODULUS)
    return found


def kept_digests(register: Register) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (table, month): (rows, int.from_bytes(total))
        for table, month, rows, total in register.rows("SELECT table_name, month, rows, sum FROM digest")
    }


def assert_followed(register: Register, beside: Path) -> None:
    """Assert that digests, search index and every table are what the rows and the journal give."""
    assert kept_digests(register) == digests(register)
    places = dict(register.rows("SELECT id, place FROM matter"))
    documents = search.documents_of(register.connection, list(places))
    assert search.differences(register.connection, [(places[m], document) for m, document in documents.items()]) == 0
    assert replay.replay(register, beside) == replay.Lost()
    assert replay.differences(register.connection, beside, register.keys.register_key) == {}


# --- all or nothing ---------------------------------------------------------------------------------------------------


def test_an_exception_inside_leaves_everything_as_it_was(register: Register, desk: Desk) -> None:
    done = desk.register_item(draft())
    before, caches = contents(register), (register.seq, register.head, register.last_hlc, dict(register._ids))
    staff, units = dict(register.staff()), dict(register.units())
    with (  # noqa: PT012  all of it must be taken back
        pytest.raises(HaltError),
        register.act("note", by=desk.person, at=NOW, matter=done.matter) as act,
    ):
        intake.register_item(act, draft(title="另一件", accused=(AccusedDraft(name="刑办案"),)))
        act.set("matter", done.matter, title="改了", received_on="2026-01-05", sealed=True)
        act.set("staff", desk.person.id, name="改名")
        act.insert("unit", {"name": "新单位", "kind": "business"})
        act.insert("setting", {"name": "calendar.2027", "value": "{}"})
        register._staff, register._units = {}, {}
        assert register.person.name == "改名"  # read inside the act, so that the cache holds what is taken back
        assert "新单位" in register.units().values()
        raise HaltError
    assert contents(register) == before
    ids = {table: register._ids[table] for table in caches[3]}
    assert (register.seq, register.head, register.last_hlc, ids) == caches
    assert (dict(register.staff()), dict(register.units())) == (staff, units)
    assert register.calendar.knows(date(2026, 1, 1))
    desk.register_item(draft())
    assert register.seq == caches[0] + 1


def test_a_row_that_the_schema_refuses_leaves_everything_as_it_was(register: Register, desk: Desk) -> None:
    desk.register_item(draft())
    before = contents(register)
    for table, values in (
        ("event", {"matter": 12345, "kind": "noticed", "on_date": "2026-03-02"}),
        ("event", {"matter": 1 + (1 << 32), "kind": "noticed", "on_date": "2. März"}),
        ("setting", {"name": "x", "value": "not json"}),
        ("staff", {"login": "reg", "name": "同名登录"}),
    ):
        with pytest.raises(errors.BugError), register.act("note", by=desk.person, at=NOW) as act:
            act.insert(table, values)
        assert contents(register) == before


def test_an_act_within_an_act_is_a_bug(register: Register, desk: Desk) -> None:
    before = contents(register)
    with (
        pytest.raises(errors.BugError),
        register.act("note", by=desk.person, at=NOW),
        register.act("note", by=desk.person, at=NOW),
    ):
        pass
    assert contents(register) == before


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("event", {"matter": 1 + (1 << 32), "kind": "extended", "on_date": "2026-03-02", "days": "30"}),
        ("matter", {"number": 5}),
        ("matter", {"no_such_column": 5}),
        ("event", {"matter": 1 + (1 << 32), "kind": "noticed"}),
        ("unit", {"name": "甲", "kind": ""}),
    ],
)
def test_values_of_another_kind_and_unknown_columns_are_bugs(
    table: str, values: dict[str, Any], register: Register, desk: Desk
) -> None:
    desk.register_item(draft())
    if table == "unit":  # an empty text is a text in a column that must have one
        with register.act("note", by=desk.person, at=NOW) as act:
            act.insert(table, values)
        return
    with pytest.raises(errors.BugError), register.act("note", by=desk.person, at=NOW) as act:
        act.insert(table, values)


# --- the entry --------------------------------------------------------------------------------------------------------


def test_one_act_is_one_entry_with_what_the_author_saw(register: Register, desk: Desk) -> None:
    done = desk.register_item(draft())
    first = register.row("SELECT rev FROM matter WHERE id=?", (done.matter,))
    assert first
    before = register.seq
    with register.act("note", by=desk.person, at=at("2026-03-03"), matter=done.matter) as act:
        act.set("matter", done.matter, title="新题", state="S1", police="")
        act.set("matter", done.matter, cause="新因")
    entry = last_entry(register)
    assert (entry.seq, entry.act, entry.matter, entry.actor) == (before + 1, "note", done.matter, desk.person.id)
    assert entry.payload is not None
    assert journal.decode_payload(entry.payload) == [
        Change("matter", done.matter, first[0], {"title": "新题"}),  # the state did not change: it is not journalled
        Change("matter", done.matter, first[0], {"cause": "新因"}),
    ]
    revs = register.row("SELECT rev, revs FROM matter WHERE id=?", (done.matter,))
    assert revs
    assert revs[0] == entry.hlc
    assert orjson.loads(revs[1]) == {"title": entry.hlc, "cause": entry.hlc}


def test_an_act_that_changes_nothing_is_still_an_entry(register: Register, desk: Desk) -> None:
    done = desk.register_item(draft())
    with register.act("note", by=desk.person, at=NOW, matter=done.matter) as act:
        act.set("matter", done.matter, state="S1")
    assert last_entry(register).payload == b"[]"


def test_sequence_numbers_ids_and_numbers_have_no_gaps_over_failures(register: Register, desk: Desk) -> None:
    made = []
    for n in range(12):
        try:
            with register.act("register_item", by=desk.person, at=NOW) as act:
                registered = intake.register_item(act, draft(title=f"第{n}件"))
                if n % 3 == 1:
                    raise HaltError
            made.append(registered)
        except HaltError:
            pass
    assert [one.item_number for one in made] == [f"J2026-{n:06d}" for n in range(1, 9)]
    assert [one.matter_number for one in made] == [f"S2026-{n:06d}" for n in range(1, 9)]
    assert [one.matter - (1 << 32) for one in made] == list(range(1, 9))
    entries = list(replay.entries_of(register.connection, device=1))
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert journal.check_chain(entries) == (register.head, register.seq, None)


def test_monotonic_time_goes_into_the_entry_from_the_second_act_on(register: Register, desk: Desk) -> None:
    with register.act("note", by=desk.person, at=NOW):
        pass
    assert last_entry(register).mono_ms == -1
    time.sleep(0.02)
    with register.act("note", by=desk.person, at=NOW - timedelta(days=400)):
        pass
    entry = last_entry(register)
    assert 15 <= entry.mono_ms < 5000
    assert entry.at_ms < NOW.timestamp() * 1000  # the clock was set back, and it shows


# --- what follows -----------------------------------------------------------------------------------------------------


def test_a_corrected_day_of_receipt_moves_the_matter_its_index_and_its_clock(
    register: Register, desk: Desk, tmp_path: Path
) -> None:
    first, second = desk.register_item(draft(title="甲件独有词")), desk.register_item(draft(title="乙件"))
    with register.act("note", by=desk.person, at=NOW, matter=first.matter) as act:
        act.set("matter", first.matter, received_on="2026-01-05")
        row = act.connection.execute("SELECT id FROM event WHERE matter=?", (first.matter,)).fetchone()[0]
        act.set("event", row, on_date="2026-01-05")
    assert [line.id for line in desk.page(Filters()).lines] == [second.matter, first.matter]
    assert [line.id for line in desk.search("甲件独有词").lines] == [first.matter]
    assert desk.page(Filters()).lines[1].due_on == date(2026, 1, 20)
    assert_followed(register, tmp_path / "rebuilt")


def test_a_paper_can_be_found_by_its_name_and_taken_out_again(register: Register, desk: Desk, tmp_path: Path) -> None:
    done = desk.register_item(draft())
    attachment = desk.attach(done.matter, AttachmentDraft(name="购车发票照片.png", media_type="image/png", data=b"png"))
    assert [line.id for line in desk.search("购车发票").lines] == [done.matter]
    with register.act("note", by=desk.person, at=NOW, matter=done.matter) as act:
        act.set("attachment", attachment, removed="错放")
    assert desk.search("购车发票").lines == ()
    assert_followed(register, tmp_path / "rebuilt")


def test_a_year_that_arrives_gives_waiting_duties_their_day(register: Register, desk: Desk, tmp_path: Path) -> None:
    with register.act("register_item", by=desk.person, at=at("2026-12-30")) as act:
        done = intake.register_item(act, draft(received_on=date(2026, 12, 28)))
    assert register.row("SELECT last_on FROM duty WHERE matter=?", (done.matter,)) == (None,)
    assert_followed(register, tmp_path / "rebuilt")
    notice = {
        "format": "petition-desk/calendar/1",
        "year": 2027,
        "notices": ["为测试而编的通知"],
        "source": "test",
        "licence": "-",
        "days": [{"date": "2027-01-01", "kind": "off", "name": "元旦"}],
    }
    before = contents(register)
    with pytest.raises(errors.InputError), register.act("set_setting", by=desk.person, at=at("2026-12-30")) as act:
        put_setting(act, "calendar.2027", {**notice, "days": "none"})
    assert contents(register) == before
    with register.act("set_setting", by=desk.person, at=at("2026-12-30")) as act:
        put_setting(act, "calendar.2027", notice)
    assert register.row("SELECT last_on FROM duty WHERE matter=?", (done.matter,)) == ("2027-01-12",)
    assert_followed(register, tmp_path / "rebuilt")


texts = st.text("办理信访甲乙丙丁 abc123，。", min_size=1, max_size=12)
days = st.dates(date(2026, 1, 1), date(2026, 3, 1))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("item"), days, texts, st.sampled_from(["solution", "accusation", "suggestion", ""])),
        st.tuples(st.just("repeat"), st.integers(0, 9), days, texts),
        st.tuples(st.just("title"), st.integers(0, 9), texts),
        st.tuples(st.just("move"), st.integers(0, 9), days),
        st.tuples(st.just("seal"), st.integers(0, 9), st.booleans()),
        st.tuples(st.just("event"), st.integers(0, 9), st.sampled_from(["noticed", "accepted", "exempted"]), days),
        st.tuples(st.just("undo"), st.integers(0, 9)),
        st.tuples(st.just("accuse"), st.integers(0, 9), st.sampled_from(["刑办案", "城关派出所", "城关一队", "外人"])),
        st.tuples(st.just("forgive"), st.integers(0, 9)),
        st.tuples(st.just("remove"), st.integers(0, 9), st.sampled_from(["person", "claim", "attachment"])),
        st.tuples(st.just("recuse"), st.integers(0, 9), st.sampled_from(["reg", "ho", "pu"])),
        st.tuples(st.just("attach"), st.integers(0, 9), st.binary(min_size=1, max_size=5)),
        st.tuples(st.just("staff"), st.sampled_from(["ho", "suo"]), st.sampled_from(["刑侦", "城关一队"])),
        st.tuples(st.just("fail"), st.integers(0, 9)),
    ),
    min_size=1,
    max_size=14,
)


def take(register: Register, desk: Desk, matters: list[int], step: tuple[Any, ...]) -> None:
    kind, *rest = step
    by = desk.person
    if kind == "item":
        on, text, purpose = rest
        people = (PersonDraft(name=text, main=True, phone="19900001111"),)
        accusing = (AccusedDraft(name="刑办案"),) if purpose == "accusation" else ()
        wanted = draft(received_on=on, title="", statement=text, purpose=purpose, people=people, accused=accusing)
        matters.append(desk.register_item(wanted).matter)
        return
    if not matters:
        return
    if kind == "staff":
        with register.act("add_staff", by=by, at=NOW) as act:
            act.set("staff", person(register, rest[0]).id, unit=unit(register, rest[1]))
        return
    matter = matters[rest[0] % len(matters)]
    if kind == "repeat":
        if lists.known(register, by) == "1":
            desk.register_item(
                draft(received_on=rest[1], statement=rest[2], repeat_of_matter=matter, confidential=True)
            )
        return
    with register.act("note", by=by, at=NOW, matter=matter) as act:
        rows = act.connection.execute
        if kind == "title":
            act.set("matter", matter, title=rest[1])
        elif kind == "move":
            act.set("matter", matter, received_on=rest[1])
        elif kind == "seal":
            act.set("matter", matter, sealed=rest[1])
        elif kind == "event":
            act.insert("event", {"matter": matter, "kind": rest[1], "on_date": rest[2]})
        elif kind == "undo":
            found = rows("SELECT max(id) FROM event WHERE matter=?", (matter,)).fetchone()[0]
            act.set("event", found, withdrawn="错录")
        elif kind == "accuse":
            named = "unit" if "城关" in rest[1] else "person"
            act.insert("accused", {"matter": matter, "kind": named, "name": rest[1]})
        elif kind == "forgive":
            for (row,) in rows("SELECT id FROM accused WHERE matter=?", (matter,)).fetchall():
                act.set("accused", row, removed="错录")
        elif kind == "remove":
            for (row,) in rows(f"SELECT id FROM {rest[1]} WHERE matter=?", (matter,)).fetchall():
                act.set(rest[1], row, removed="错录")
        elif kind == "recuse":
            act.insert(
                "recusal",
                {
                    "matter": matter,
                    "staff": person(register, rest[1]).id,
                    "ground": "亲属",
                    "asked_by": "officer",
                    "asked_on": "2026-03-02",
                    "decision": "granted",
                },
            )
        elif kind == "attach":
            from models import attachments

            attachments.add(act, matter, AttachmentDraft(name="纸.png", media_type="image/png", data=rest[1]))
        elif kind == "fail":
            act.set("matter", matter, title="不留下")
            raise HaltError


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
@given(steps)
def test_after_any_acts_digests_index_and_rebuild_agree(
    template: Template, tmp_path_factory: pytest.TempPathFactory, wanted: list[tuple[Any, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("acts")
    with template.open(template.copy(folder)) as register:
        desk, matters = Desk(register, now=lambda: NOW), []
        for step in wanted:
            try:
                take(register, desk, matters, step)
            except HaltError:
                continue
        assert_followed(register, folder / "rebuilt")
        barred = Counter(register.rows("SELECT staff, matter FROM bar"))
        assert all(count == 1 for count in barred.values())


@pytest.fixture
def quick(register: Register, desk: Desk) -> Iterator[Desk]:
    for _ in range(20):
        desk.register_item(draft())
    return desk


def test_an_act_is_quick(quick: Desk) -> None:
    """Generous on a shared machine; the figures themselves come from `make bench`."""
    took = []
    for _ in range(30):
        begun = time.perf_counter()
        quick.register_item(draft())
        took.append(time.perf_counter() - begun)
    assert sorted(took)[5] < 0.05
