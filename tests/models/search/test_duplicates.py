"""Likely earlier matters: who and what kept apart, each with its reasons, closed ones included, nothing shown that
may not be seen."""

from __future__ import annotations

import csv
import gzip
import random
from datetime import date
from pathlib import Path

import pytest

from models import duplicates, search
from models.records import AccusedDraft, Hint, ItemDraft, PersonDraft
from tests.models.search import invented
from tests.models.search.shelf import VISIBLE, Shelf

ON = date(2026, 3, 2)
STORY = "去年十月我家门口停放的电动车被盗，派出所民警出警后至今没有任何答复，请求尽快立案并告知处理结果。"


def ask(shelf: Shelf, limit: int = 8, **draft: object) -> tuple[Hint, ...]:
    """Ask as the person does."""
    return duplicates.hints(
        shelf.connection, ItemDraft(received_on=ON, **draft), VISIBLE, limit=limit, session=shelf.session()
    )  # type: ignore[arg-type]  # fields of a draft by name


def by(shelf: Shelf, **person: str) -> dict[int, tuple[str, list[str]]]:
    """Ask by one person; returns for each matter which test it speaks to and the codes of the reasons."""
    return {
        hint.matter: (hint.same, [code for code, _ in hint.reasons])
        for hint in ask(shelf, people=(PersonDraft(**person),))
    }


def test_same_identity_number_in_either_length_and_case(shelf: Shelf) -> None:
    long_one = shelf.add(title="一", people=({"name": "甲", "id_number": "11010519491231002X"},))
    lower = shelf.add(title="二", people=({"name": "乙", "id_number": "11010519491231002x"},))
    short = shelf.add(title="三", people=({"name": "丙", "id_number": "110105491231002"},))
    shelf.add(title="四", people=({"name": "丁", "id_number": "110105194912310039"},))
    assert by(shelf, id_number=" 11010519491231002x") == {
        long_one: ("person", ["id_number"]), lower: ("person", ["id_number"]), short: ("person", ["id_15"]),
    }  # fmt: skip
    assert by(shelf, id_number="110105491231002") == {
        short: ("person", ["id_number"]), long_one: ("person", ["id_15"]), lower: ("person", ["id_15"]),
    }  # fmt: skip
    assert by(shelf, id_number="-") == {}


def test_same_telephone_number(shelf: Shelf) -> None:
    matter = shelf.add(title="一", people=({"name": "甲", "phone": "13800138000"},))
    assert by(shelf, phone="+86 138-0013-8000") == {matter: ("person", ["phone"])}
    assert by(shelf, phone="13800138001") == {}


def test_same_name_and_names_that_sound_alike(shelf: Shelf) -> None:
    same = shelf.add(title="一", people=({"name": "张伟"},))
    sounding = shelf.add(title="二", people=({"name": "章玮"},))
    near = shelf.add(title="三", people=({"name": "臧伟"},))
    shelf.add(title="四", people=({"name": "张维佳"},))
    found = by(shelf, name="张伟")
    assert found == {
        same: ("person", ["name"]), sounding: ("person", ["homophone"]), near: ("person", ["homophone"]),
    }  # fmt: skip
    ordered = [hint.matter for hint in ask(shelf, people=(PersonDraft(name="张 伟"),))]
    assert ordered[:2] == [same, sounding]


def test_southern_ears(shelf: Shelf) -> None:
    matter = shelf.add(title="一", people=({"name": "程兰英"},))
    assert by(shelf, name="陈南音") == {matter: ("person", ["homophone"])}
    assert by(shelf, name="王南音") == {}


def test_reasons_add_up_and_more_reasons_come_first(shelf: Shelf) -> None:
    by_name = shelf.add(title="一", people=({"name": "张伟"},))
    by_all = shelf.add(title="二", people=({"name": "张伟", "phone": "13800138000"},), on=date(2020, 1, 1))
    hints = ask(shelf, people=(PersonDraft(name="张伟", phone="13800138000"),))
    assert [hint.matter for hint in hints] == [by_all, by_name]
    assert hints[0].reasons == (("phone", "13800138000"), ("name", "张伟"))
    assert 1 > hints[0].score > hints[1].score > 0


def test_agents_do_not_count_but_the_person_represented_does(shelf: Shelf) -> None:
    matter = shelf.add(
        title="一", people=({"name": "律师甲", "role": "agent", "phone": "13800138000"}, {"name": "当事人乙"})
    )
    assert by(shelf, phone="13800138000") == {}
    assert by(shelf, name="律师甲") == {}
    assert list(by(shelf, name="当事人乙")) == [matter]
    assert by(shelf, name="当事人乙", role="agent") == {}


def test_people_entered_by_mistake_do_not_count(shelf: Shelf) -> None:
    matter = shelf.add(title="一", people=({"name": "张伟", "phone": "13800138000"},))
    shelf.connection.execute("UPDATE person SET removed='误录' WHERE matter=?", (matter,))
    assert by(shelf, name="张伟", phone="13800138000") == {}


def test_same_substance_in_other_words_and_closed_matters(shelf: Shelf) -> None:
    source = random.Random(3)
    for _ in range(40):
        shelf.add(title=invented.text(source, 5), statement=invented.text(source, 30))
    closed = shelf.add(
        title="电动车被盗无答复", state="S13", on=date(2024, 5, 6), people=({"name": "王芳"},),
        statement="我停在家门口的电动车去年十月被盗，派出所民警出警后至今没有答复，请求立案并告知结果。",
    )  # fmt: skip
    hints = ask(shelf, title="电动车被盗", statement=STORY, people=(PersonDraft(name="李强"),))
    assert hints[0].matter == closed
    assert (hints[0].same, hints[0].state, hints[0].received_on, hints[0].who) == (
        "substance",
        "S13",
        date(2024, 5, 6),
        "王芳",
    )
    assert [code for code, _ in hints[0].reasons] == ["text"]


def test_both_tests_passed_come_first_and_neither_kind_hides_the_other(shelf: Shelf) -> None:
    both = shelf.add(title="电动车被盗", statement=STORY, people=({"name": "王芳"},), on=date(2020, 1, 1))
    for number in range(12):
        shelf.add(title=f"户口迁移{number}", people=({"name": "王芳"},))
        shelf.add(title="电动车被盗", statement=STORY, people=({"name": "李强"},))
    hints = ask(shelf, title="电动车被盗", statement=STORY, people=(PersonDraft(name="王芳"),))
    assert hints[0].matter == both
    assert [hint.same for hint in hints].count("person") == 4
    assert [hint.same for hint in hints].count("substance") == 3
    assert len(hints) == 8
    assert len(ask(shelf, limit=1, title="电动车被盗", statement=STORY, people=(PersonDraft(name="王芳"),))) == 1


def test_anonymous_accusations_meet_by_the_accused_for_those_who_may_see(shelf: Shelf) -> None:
    seen = shelf.add(title="举报", accused=("赵某某",))
    shelf.add(title="举报", accused=("赵某某",), barred=True)
    shelf.add(title="举报", accused=("赵某某",), sealed=True)
    readable = shelf.add(title="举报", accused=("赵某某",), sealed=True, reader=True)
    draft = {"anonymous": True, "accused": (AccusedDraft(name="赵某某 "),)}
    assert {hint.matter for hint in ask(shelf, **draft)} == {seen, readable}
    assert all(hint.reasons == (("accused", "赵某某"),) for hint in ask(shelf, **draft))
    assert ask(shelf, **draft, people=(PersonDraft(name="甲"),)) == ()


@pytest.mark.parametrize(
    "sight", [{"barred": True}, {"sealed": True}, {"sealed": True, "reader": True, "barred": True}]
)
def test_no_hint_reveals_what_may_not_be_seen(shelf: Shelf, sight: dict[str, bool]) -> None:
    shelf.add(title="电动车被盗", statement=STORY, people=({"name": "王芳", "phone": "13800138000"},), **sight)
    draft = {
        "title": "电动车被盗",
        "statement": STORY,
        "people": (PersonDraft(name="王芳", phone="13800138000"), PersonDraft(name="汪方")),
    }
    assert ask(shelf, **draft) == ()


def test_readers_are_shown_sealed_matters_by_every_test(shelf: Shelf) -> None:
    matter = shelf.add(title="电动车被盗", statement=STORY, people=({"name": "王芳"},), sealed=True, reader=True)
    assert [(hint.matter, hint.same) for hint in ask(shelf, title="电动车被盗", statement=STORY)] == [
        (matter, "substance")
    ]
    assert by(shelf, name="汪方") == {matter: ("person", ["homophone"])}
    assert by(shelf, name="王芳") == {matter: ("person", ["name"])}


def test_an_empty_or_short_draft_asks_nothing(shelf: Shelf) -> None:
    shelf.add(title="派出所", statement="派出所", people=({"name": "·"},))
    assert ask(shelf) == ask(shelf, title="派出所") == ask(shelf, people=(PersonDraft(name=" · "),)) == ()


def test_reposted_real_messages_find_each_other(real_data: Path, shelf: Shelf) -> None:
    """Messages of one city that were posted again word for word, or nearly: each is shown the earlier one."""
    csv.field_size_limit(1 << 24)
    with gzip.open(real_data / "messages_hot.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shelf.connection.execute("BEGIN")
    with search.bulk(shelf.connection):
        matters = [shelf.add(title=row["留言主题"], statement=row["留言详情"], on=ON) for row in rows]
    shelf.connection.execute("COMMIT")
    texts: dict[str, list[int]] = {}
    for matter, row in zip(matters, rows, strict=True):
        texts.setdefault("".join(row["留言详情"].split()), []).append(matter)
    again = {matter: set(group) for group in texts.values() if 1 < len(group) < 6 for matter in group}
    found = 0
    for matter, row in zip(matters, rows, strict=True):
        if matter in again:
            hints = ask(shelf, title=row["留言主题"], statement=row["留言详情"][5:])
            found += again[matter] <= {hint.matter for hint in hints}
    assert len(again) > 20
    assert found == len(again)
