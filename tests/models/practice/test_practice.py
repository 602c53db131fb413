from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pytest

from models import codes, people
from models.clocks import Event, clock_states, load_calendar, rules_for
from models.desk import Desk
from models.divisions import division
from models.errors import StorageError
from models.intake import check
from models.practice import PRACTICE_PASSPHRASE, PracticeItem, build_practice, drafts
from models.practice.county import OFFICERS, STATIONS
from models.practice.matters import RECENT_AT_MOST, schedule
from models.practice.texts import SHORTEST
from models.records import Filters
from models.register import Register

TODAY = date(2026, 3, 2)
SEED = 20260302


@pytest.fixture(scope="module")
def items() -> list[PracticeItem]:
    return list(drafts(SEED, 4_000, today=TODAY))


def test_the_same_seed_gives_the_same_items(items: list[PracticeItem]) -> None:
    assert list(islice(drafts(SEED, 4_000, today=TODAY), 300)) == items[:300]
    assert next(drafts(SEED + 1, 4_000, today=TODAY)) != items[0]


def test_each_item_could_be_registered_and_uses_known_codes(items: list[PracticeItem]) -> None:
    assert [item.place for item in items] == list(range(4_000))
    for item in items:
        draft = item.draft
        check(draft, TODAY)
        for table, code in (
            ("channel", draft.channel), ("source", draft.source), ("purpose", draft.purpose), ("police", draft.police),
            ("content", draft.content_code), ("problem_type", draft.problem_type), ("reception", draft.reception),
            ("state", item.life.columns.get("state", "S1")), ("conclusion", item.life.columns.get("conclusion", "")),
            ("closing", item.life.columns.get("closing", "")), ("handling", item.life.columns.get("handling", "")),
        ):  # fmt: skip
            assert code == "" or code in codes.codes(table), (table, code)
        assert item.draft.received_on <= TODAY
        assert all(item.draft.received_on <= step.on <= TODAY for step in item.life.steps)


def test_every_class_channel_and_kind_of_end_occurs(items: list[PracticeItem]) -> None:
    assert {codes.category_of(item.draft.purpose) for item in items} == set(codes.codes("category"))
    assert {item.draft.channel for item in items} == set(codes.codes("channel"))
    states = {item.life.columns.get("state", "S1") for item in items if item.joins is None}
    assert states >= {"S1", "S2", "S3a", "S5", "S7", "S9", "S13"}
    assert {item.life.columns.get("conclusion") for item in items} >= set(codes.codes("conclusion"))
    assert any(item.draft.anonymous for item in items)
    assert any(item.draft.joint for item in items)
    assert any((item.draft.people_count or 0) >= 5 for item in items)


def test_nobody_in_it_can_be_real(items: list[PracticeItem]) -> None:
    for item in items:
        for person in item.draft.people:
            assert re.fullmatch(r"(127\d{8})?", person.phone)
            if person.id_number:
                assert division(person.id_number) is None
                assert re.match("4399", person.id_number)
                assert people.id_doubts(person.id_number, on=TODAY) == ()
        assert set(re.findall(r"1[3-9]\d{9}", item.draft.statement)) == set()


def test_names_are_as_mixed_as_in_life(items: list[PracticeItem]) -> None:
    names = {person.name for item in items for person in item.draft.people if person.kind == "person"}
    assert len(names) > 2_500
    assert any("·" in name for name in names)
    assert any(ord(character) > 0xFFFF for name in names for character in name), "characters beyond the BMP"
    assert any(name.startswith(("欧阳", "司马", "上官", "诸葛")) for name in names)
    assert any(name[0] in "单仇解查" for name in names), "surnames with several readings"


def test_texts_have_the_lengths_and_the_variety_of_statements(items: list[PracticeItem]) -> None:
    texts = [item.draft.statement for item in items if item.joins is None]
    lengths = sorted(map(len, texts))
    assert lengths[0] >= SHORTEST - 60
    assert 330 <= lengths[len(lengths) // 2] <= 480
    assert lengths[-len(lengths) // 100] > 900
    assert lengths[-1] <= 2_200
    assert len(set(texts)) > 0.97 * len(texts)
    # About Zipf: few pairs of characters are in most texts, most pairs in few.
    pairs = Counter(pair for text in texts[:1_000] for pair in {text[at : at + 2] for at in range(len(text) - 1)})
    ranked = [count for _, count in pairs.most_common()]
    assert ranked[0] > 600
    assert ranked[len(ranked) // 2] <= 5
    assert not any(re.search(r"[\[\]{}|]", text) for text in texts), "a template showed through"


def test_repeats_and_near_duplicates_are_there_to_be_found(items: list[PracticeItem]) -> None:
    by_place = {item.place: item for item in items}
    joining = [item for item in items if item.joins is not None]
    assert 0.03 < len(joining) / len(items) < 0.09
    for item in joining:
        earlier = by_place[item.joins if item.joins is not None else -1]
        assert earlier.joins is None
        assert earlier.draft.received_on <= item.draft.received_on
        assert earlier.draft.people == item.draft.people
        assert codes.category_of(earlier.draft.purpose) != "accusation"
    titles = Counter(item.draft.title for item in items if item.joins is None)
    assert sum(1 for times in titles.values() if times > 1) > 20


def test_lives_keep_the_clocks_but_for_a_few() -> None:
    calendar = load_calendar()
    found: Counter[str] = Counter()
    for item in drafts(SEED, 1_500, today=TODAY):
        if item.joins is not None or item.draft.anonymous:
            continue
        first = "transfer_received" if item.draft.transferred_on else "received"
        events = [
            Event(first, item.draft.received_on),
            *(Event(s.kind, s.on, s.days, s.until) for s in item.life.steps),
        ]
        for state in clock_states(rules_for(item.draft.received_on), events, on=TODAY, calendar=calendar):
            if state.clock in ("C1", "C1t", "C2"):
                found[state.status] += 1
    assert found["met"] > 0.9 * (found["met"] + found["met_late"])
    assert found["met_late"] > 0
    assert found["late"] > 0
    assert found["open"] > found["late"]


@pytest.mark.parametrize("count", [1, 50, 3_000, 200_000, 1_000_000])
def test_any_size_has_as_many_recent_matters_as_one_county(count: int) -> None:
    days = schedule(count, TODAY, load_calendar())
    assert sum(number for _, number in days) == count
    assert [day for day, _ in days] == sorted({day for day, _ in days})
    assert days[0][0] >= date(2007, 1, 1)
    assert days[-1][0] <= TODAY
    recent = sum(number for day, number in days if day >= TODAY - timedelta(days=120))
    assert recent <= RECENT_AT_MOST
    assert recent >= min(count // 3, RECENT_AT_MOST)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("practice") / "practice.register"
    seen: list[tuple[int, int]] = []
    build_practice(path, 900, SEED, today=TODAY, on_progress=lambda done, of: seen.append((done, of)))
    assert seen == [(200, 900), (400, 900), (600, 900), (800, 900), (900, 900)]
    return path


@pytest.mark.parametrize(
    ("login", "roles"),
    [
        ("guanli", {"KEEPER"}), ("dengji", {"REG"}), ("xinfang", {"PU", "REG"}), ("chengban", {"HO"}),
        ("zhidui", {"HU"}), ("fazhi", {"LEG"}), ("fenguan", {"DL"}), ("juzhang", {"CH"}), ("ducha", {"DI"}),
    ],
)  # fmt: skip
def test_everybody_signs_in_with_the_practice_passphrase(built: Path, login: str, roles: set[str]) -> None:
    with Register.open(built, login, PRACTICE_PASSPHRASE) as register:
        assert register.person.roles == roles


def test_a_practice_register_is_a_register_like_any_other(built: Path, items: list[PracticeItem]) -> None:
    with Register.open(built, "xinfang", PRACTICE_PASSPHRASE) as register:
        desk = Desk(register)
        assert register.setting("practice") is True
        assert register.setting("organ.name") == "示例县公安局"
        assert register.row("SELECT count(*) FROM item") == (900,)
        matters = register.row("SELECT count(*) FROM matter")
        assert matters == (900 - sum(1 for item in drafts(SEED, 900, today=TODAY) if item.joins is not None),)
        assert set(STATIONS) <= set(register.units().values())
        assert {officer.name for officer in OFFICERS} <= {staff.name for staff in register.staff().values()}
        today = desk.today(TODAY)
        groups = {group.name: group.total for group in today.groups}
        assert today.open_matters is not None
        assert 50 < today.open_matters < 300
        assert 0 < groups["late"] < today.open_matters / 3
        assert groups["later"] > 0
        assert today.unscreened > 0
        assert (desk.search("派出所", total=True).total or 0) > 100
        assert all(check.holds for check in desk.verify())
        # Sealed matters have a journal entry of their own, and the accused do not see theirs.
        sealed = register.rows("SELECT id FROM matter WHERE sealed=1")
        assert sealed
        entries = {row[0] for row in register.rows("SELECT matter FROM entry WHERE matter IS NOT NULL")}
        assert {row[0] for row in sealed} <= entries
        accused = register.row("SELECT s.id FROM bar b JOIN staff s ON s.id=b.staff LIMIT 1")
        assert accused
        desk.person = register.staff()[accused[0]]
        assert desk.count(Filters()) < matters[0]


def test_nothing_is_overwritten(built: Path) -> None:
    with pytest.raises(StorageError):
        build_practice(built, 10, SEED, today=TODAY)
