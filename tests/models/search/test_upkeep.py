"""The index stays equal to the documents through any changes, writes no more than the difference, and forgets what
was sealed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from models import search
from models.search import document, index
from models.tables import BY_NAME
from tests.models.search import oracle
from tests.models.search.shelf import Shelf

# Few characters, so that texts share pairs, repeat themselves and meet the queries.
_TEXT = st.text(st.sampled_from("派出所民警A3aｂ张单 \n，。%\"*'~=-\u200b①"), min_size=0, max_size=12)
_NAME = st.sampled_from(["张民", "单所", "欧阳民", "a b", "·", "警", "万俟 出", "B·所"])


class Upkeep(RuleBasedStateMachine):
    """Matters come, change, are sealed, move to another day and go; after each step every query is answered as by
    brute force."""

    matters = Bundle("matters")

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.shelf = Shelf(Path(self.folder.name) / "upkeep.register")

    def teardown(self) -> None:
        self.shelf.close()
        self.folder.cleanup()

    @rule(target=matters, title=_TEXT, statement=_TEXT, name=_NAME, sealed=st.booleans())
    def register(self, title: str, statement: str, name: str, sealed: bool) -> int:
        return self.shelf.add(title=title, statement=statement, people=({"name": name},), sealed=sealed, reader=sealed)

    def _change(self, matter: int, sql: str, values: tuple[Any, ...], place: int | None = None) -> None:
        told = self.shelf.told[matter]
        before = search.document_of(self.shelf.connection, matter)
        self.shelf.connection.execute("BEGIN")
        self.shelf.connection.execute(sql, values)
        after = search.document_of(self.shelf.connection, matter)
        search.change(self.shelf.connection, told.place, before, told.place if place is None else place, after)
        self.shelf.connection.execute("COMMIT")
        if place is not None:
            told.place = place

    @rule(matter=matters, title=_TEXT)
    def retitle(self, matter: int, title: str) -> None:
        if matter in self.shelf.told:
            self._change(matter, "UPDATE matter SET title=? WHERE id=?", (title, matter))
            self.shelf.told[matter].texts[1] = title

    @rule(matter=matters, body=_TEXT)
    def answer(self, matter: int, body: str) -> None:
        if matter in self.shelf.told:
            self.shelf.ids["passage"] += 1
            self._change(
                matter,
                "INSERT INTO passage(id, born, rev, matter, kind, body) VALUES(?, 1, 1, ?, 'answer', ?)",
                (self.shelf.ids["passage"], matter, body),
            )
            self.shelf.told[matter].texts.append(body)

    @rule(matter=matters)
    def take_back_people(self, matter: int) -> None:
        if matter in self.shelf.told:
            told = self.shelf.told[matter]
            self._change(matter, "UPDATE person SET removed='误录' WHERE matter=?", (matter,))
            for name in told.names:
                told.texts.remove(name)
            told.names.clear()

    @rule(matter=matters, sealed=st.booleans())
    def seal(self, matter: int, sealed: bool) -> None:
        if matter in self.shelf.told:
            self._change(matter, "UPDATE matter SET sealed=? WHERE id=?", (int(sealed), matter))
            self.shelf.told[matter].sealed = sealed

    @rule(matter=matters, days=st.integers(1, 400))
    def move(self, matter: int, days: int) -> None:
        if matter in self.shelf.told:
            place = self.shelf.told[matter].place + (days << 20)
            if all(told.place != place for told in self.shelf.told.values()):
                self._change(matter, "UPDATE matter SET place=? WHERE id=?", (place, matter), place)

    @rule(matter=matters)
    def withdraw(self, matter: int) -> None:
        told = self.shelf.told.pop(matter, None)
        if told:
            search.remove(self.shelf.connection, told.place, search.document_of(self.shelf.connection, matter))
            self.shelf.connection.execute("DELETE FROM matter WHERE id=?", (matter,))

    @rule(pages=st.integers(1, 64))
    def merge(self, pages: int) -> None:
        search.merge_idle(self.shelf.connection, pages)

    @rule()
    def purge(self) -> None:
        search.begin_purge(self.shelf.connection)

    @rule(
        query=st.one_of(
            _TEXT, st.sampled_from(["zhangm", "s", "sms", "oym", "ouyang", "b", "ab", "派", "派出", "出所"])
        )
    )
    def find(self, query: str) -> None:
        expected = oracle.places(list(self.shelf.told.values()), query)
        assert self.shelf.find(query) == expected
        assert self.shelf.count(query) == len(expected)

    @invariant()
    def index_equals_documents(self) -> None:
        if hasattr(self, "shelf"):
            assert self.shelf.differences() == 0


Upkeep.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestUpkeep = Upkeep.TestCase


def test_an_act_that_changes_no_word_writes_nothing(shelf: Shelf) -> None:
    matter = shelf.add(title="派出所答复")
    before = search.document_of(shelf.connection, matter)
    shelf.connection.execute("UPDATE matter SET state='S5' WHERE id=?", (matter,))
    written = shelf.connection.total_changes
    place = shelf.told[matter].place
    search.change(shelf.connection, place, before, place, search.document_of(shelf.connection, matter))
    assert shelf.connection.total_changes == written


def test_concerns_names_exactly_the_columns_that_change_a_document(shelf: Shelf) -> None:
    """Each column of each table is changed once: the document changes only when `concerns` says that it may."""
    matter = shelf.add(title="一", people=({"name": "甲"},), accused=("乙",), claims=("丙",), statement="丁")
    shelf.insert(
        "item", {"matter": matter, "number": "1", "channel": "visit", "received_on": "2026-03-02", "registered_at": "x"}
    )
    shelf.insert("document", {"matter": matter, "kind": "accept", "state": "issued"})
    shelf.insert("attachment", {"matter": matter, "name": "a", "media_type": "b", "size": 1, "sha256": "c"})
    for table in ("matter", "item", "person", "accused", "passage", "claim", "document", "attachment"):
        assert search.concerns(table, None)
        for column in BY_NAME[table].columns:
            if column.name in ("matter", "received_on"):
                continue
            shelf.connection.execute("SAVEPOINT one")
            before = search.document_of(shelf.connection, matter)
            value: Any = {"text": "12345678", "date": "2020-02-02", "json": "{}"}.get(column.kind, 1)
            row = matter if table == "matter" else shelf.ids[table]
            shelf.connection.execute(f"UPDATE {table} SET {column.name}=? WHERE id=?", (value, row))
            changed = search.document_of(shelf.connection, matter) != before
            assert search.concerns(table, [column.name]) == changed, f"{table}.{column.name}"
            shelf.connection.execute("ROLLBACK TO one")
            shelf.connection.execute("RELEASE one")
    for table in ("event", "number", "staff", "setting"):
        assert not search.concerns(table, None)


def test_many_small_changes_merge_in_steps_and_search_goes_on(shelf: Shelf) -> None:
    for number in range(60):
        shelf.add(title=f"派出所第{number}件", statement="民警没有答复" * 3)
    segments = _segments(shelf)
    assert segments >= 60
    steps = 0
    while search.merge_idle(shelf.connection, 4):
        steps += 1
        assert steps < 1000
    assert 0 < _segments(shelf) < segments
    assert len(shelf.find("派出所")) == 60
    assert shelf.differences() == 0
    assert not search.merge_idle(shelf.connection)


def _segments(shelf: Shelf) -> int:
    return int(shelf.connection.execute("SELECT count(DISTINCT segid) FROM search_text_idx").fetchone()[0])


def _on_disk(shelf: Shelf, word: str) -> bool:
    """Whether a token stands anywhere in the index's blocks. FTS5 cuts off what a term has in common with the term
    before."""
    tail = word[1:].encode()
    return any(tail in block for (block,) in shelf.connection.execute("SELECT block FROM search_text_data"))


def test_sealed_content_is_never_in_the_index_but_its_number_is(shelf: Shelf) -> None:
    matter = shelf.add(
        title="霾靄", statement="鑫淼", people=({"name": "犇犇", "phone": "13987654321"},), sealed=True, number="XF77"
    )
    shelf.add(title="公开")
    tokens = index.index_tokens(search.document_of(shelf.connection, matter))
    assert tokens == {"xf", "f7", "77", "7"}
    for word in ("霾靄", "鑫淼", "犇犇", "b靄靄", "~bb", "=ben'ben"):
        assert not _on_disk(shelf, word)
    assert shelf.differences() == 0


def test_sealing_takes_the_content_out_and_purging_forgets_it(shelf: Shelf) -> None:
    matter = shelf.add(title="霾靄", number="XF77")
    for number in range(30):
        shelf.add(title=f"普通{number}")
    assert _on_disk(shelf, "霾靄")
    before = search.document_of(shelf.connection, matter)
    shelf.connection.execute("UPDATE matter SET sealed=1 WHERE id=?", (matter,))
    place = shelf.told[matter].place
    search.change(shelf.connection, place, before, place, search.document_of(shelf.connection, matter))
    assert search.find(shelf.connection, "霾靄") == []
    more = search.begin_purge(shelf.connection)
    while more:
        more = search.merge_idle(shelf.connection)
    assert not _on_disk(shelf, "霾靄")
    assert search.find(shelf.connection, "XF77", visible_sql="0", known_sql="1") == [place]


def test_clear_and_put_again_gives_the_same_index(full_shelf: Shelf, shelf: Shelf) -> None:
    shelf.add(title="派出所")
    search.clear(shelf.connection)
    assert shelf.find("派出") == []
    assert shelf.differences() > 0
    for matter, told in shelf.told.items():
        search.put(shelf.connection, told.place, search.document_of(shelf.connection, matter))
    assert shelf.differences() == 0
    assert full_shelf.differences() == 0


def test_documents_of_tells_of_missing_matters_by_leaving_them_out(shelf: Shelf) -> None:
    matter = shelf.add(title="一")
    assert set(document.documents_of(shelf.connection, (matter, 999999))) == {matter}
    with pytest.raises(KeyError):
        search.document_of(shelf.connection, 999999)
