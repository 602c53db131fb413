"""Intake: what blocks a registration and what does not, and what a registration writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import errors, intake
from models.desk import Desk, put_setting
from models.records import AttachmentDraft, Filters, PersonDraft
from models.register import Register
from tests.models.conftest import NOW, accused, draft, person


def kinds(register: Register, matter: int) -> list[tuple[Any, ...]]:
    return register.rows("SELECT kind, on_date FROM event WHERE matter=? ORDER BY id", (matter,))


def duties(register: Register, matter: int) -> list[tuple[Any, ...]]:
    return register.rows("SELECT clock, last_on FROM duty WHERE matter=? ORDER BY start_on", (matter,))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"channel": "smoke"}, "channel"),
        ({"received_on": date(2026, 3, 3)}, "received_on"),
        ({"received_on": date(1949, 9, 30)}, "received_on"),
        ({"received_on": date(2005, 4, 30)}, "received_on"),
        ({"transferred_on": date(2026, 3, 3)}, "transferred_on"),
        ({"postmark_on": date(2026, 3, 3)}, "postmark_on"),
        ({"problem_on": date(2026, 3, 3)}, "problem_on"),
        ({"title": " ", "statement": "", "claims": ()}, "statement"),
        ({"purpose": "revenge"}, "purpose"),
        ({"representatives": 6}, "representatives"),
        ({"people": tuple(PersonDraft(role="representative", name=f"代{n}") for n in range(6))}, "representatives"),
        ({"people_count": -1}, "people_count"),
        ({"involved": -1}, "involved"),
    ],
)
def test_what_could_not_stand_as_a_record_is_refused_by_name_and_writes_nothing(
    changed: dict[str, Any], field: str, register: Register, desk: Desk
) -> None:
    seq = register.seq
    with pytest.raises(errors.InputError) as refused:
        desk.register_item(draft(**changed))
    assert refused.value.field == field
    assert refused.value.message.zh
    assert refused.value.message.en
    assert register.seq == seq
    assert desk.count(Filters()) == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"people": ()},
        {"people": (PersonDraft(),)},
        {"people": (PersonDraft(name="某", id_number="not a number", phone="?", born_on=date(2030, 1, 1)),)},
        {"title": "", "claims": (), "people": ()},
        {"title": "", "statement": "", "claims": ("只有诉求",)},
        {
            "title": "",
            "statement": "",
            "claims": (),
            "attachments": (AttachmentDraft(name="信.png", media_type="image/png", data=b"1"),),
        },
        {"channel": "letter", "representatives": 9},
        {"representatives": 5},
        {"received_on": date(2005, 5, 1)},
        {"problem_on": date(1935, 1, 1)},
        {"purpose": ""},
    ],
)
def test_nothing_about_the_petitioner_blocks(changed: dict[str, Any], desk: Desk) -> None:
    done = desk.register_item(draft(**changed))
    assert desk.matter(done.matter).matter["title"]


def test_the_representatives_error_names_its_articles(desk: Desk) -> None:
    with pytest.raises(errors.InputError) as refused:
        desk.register_item(draft(representatives=6))
    assert "《信访条例》第十八条" in refused.value.message.zh
    assert "SC-431 Art. 18" in refused.value.message.en


@pytest.mark.parametrize(
    ("received", "rules", "last"),
    [
        (date(2026, 1, 20), "REG-2022", "2026-02-04"),  # domain reference, section 14
        (date(2026, 1, 30), "REG-2022", "2026-02-14"),
        (date(2026, 2, 5), "REG-2022", "2026-02-24"),
        (date(2022, 4, 30), "SC-431", None),
        (date(2022, 5, 1), "REG-2022", None),
    ],
)
def test_the_day_of_receipt_fixes_the_rules_and_starts_the_notice_clock(
    received: date, rules: str, last: str | None, register: Register, desk: Desk
) -> None:
    done = desk.register_item(draft(received_on=received))
    assert desk.matter(done.matter).matter["rules"].startswith(rules)
    assert kinds(register, done.matter) == [("received", received.isoformat())]
    if last:
        assert duties(register, done.matter) == [("C1", last)]


def test_a_transferred_item_counts_from_the_day_the_transfer_came(register: Register, desk: Desk) -> None:
    done = desk.register_item(
        draft(
            received_on=date(2026, 1, 6), transferred_on=date(2026, 1, 20), source="city_office", source_number="转1号"
        )
    )
    assert kinds(register, done.matter) == [("transfer_received", "2026-01-20")]
    assert ("C1t", "2026-02-04") in duties(register, done.matter)
    assert "C1" not in dict(duties(register, done.matter))


@pytest.mark.parametrize("changed", [{"anonymous": True}, {"address_unclear": True}])
@pytest.mark.parametrize("transferred", [None, date(2026, 2, 25)])
def test_where_nobody_can_be_told_no_notice_is_due(
    changed: dict[str, Any], transferred: date | None, register: Register, desk: Desk
) -> None:
    done = desk.register_item(draft(**changed, received_on=date(2026, 2, 20), transferred_on=transferred))
    assert not {"C1", "C1t"} & set(dict(duties(register, done.matter)))
    event = register.row("SELECT note FROM event WHERE matter=? AND kind='exempted'", (done.matter,))
    assert event
    assert event[0]


def test_a_repeat_joins_the_earlier_matter_and_numbers_its_claims_on(register: Register, desk: Desk) -> None:
    first = desk.register_item(draft(claims=("甲", "乙"), received_on=date(2026, 2, 2)))
    again = desk.register_item(draft(claims=("丙",), repeat_of_matter=first.matter))
    assert again.matter == first.matter
    assert again.matter_number == first.matter_number
    assert again.query_code == first.query_code
    row = register.record("item", again.item)
    assert row
    assert (row["repeat"], row["repeat_of"], row["number"]) == (1, first.item, "J2026-000002")
    assert register.rows("SELECT place, request FROM claim ORDER BY place") == [(1, "甲"), (2, "乙"), (3, "丙")]
    assert len(duties(register, first.matter)) == 2, "each item has its own notice"
    assert desk.count(Filters()) == 1


def test_a_repeat_on_a_closed_matter_can_be_told_or_filed(register: Register, desk: Desk) -> None:
    first = desk.register_item(draft(purpose="suggestion", received_on=date(2026, 2, 2)))
    desk.perform(first.matter, "screen", {"category": "suggestion"})
    with pytest.raises(errors.RuleError, match="没有重复信访件"):
        desk.perform(first.matter, "tell_repeat", {"told": "电话"})
    desk.perform(first.matter, "reply", {"answer": "已采纳，谢谢。", "on": "2026-02-10"})
    desk.perform(first.matter, "close", {"closing": "filed", "on": "2026-02-10"})
    desk.register_item(draft(repeat_of_matter=first.matter))
    assert duties(register, first.matter) == [("C1", "2026-03-17")]
    desk.perform(first.matter, "tell_repeat", {"told": "已答复过且无新情况，存查"})
    assert duties(register, first.matter) == []
    assert desk.matter(first.matter).matter["state"] == "S13"


def test_a_repeat_is_not_told_before_the_first_item_was(desk: Desk) -> None:
    first = desk.register_item(draft(received_on=date(2026, 2, 2)))
    desk.register_item(draft(repeat_of_matter=first.matter))
    with pytest.raises(errors.RuleError, match="尚未书面告知"):
        desk.perform(first.matter, "tell_repeat", {"told": "电话"})


@pytest.mark.parametrize(
    ("changed", "readers"),
    [
        ({"purpose": "accusation"}, {"guan", "pu", "di", "zu"}),
        ({"confidential": True}, {"guan", "pu", "dl", "ch", "zu"}),
        ({"purpose": "accusation", "accused": (accused("督小察"), accused("一中队二组", kind="unit"))}, {"guan", "pu"}),
    ],
)
def test_accusations_and_confidence_seal_for_the_named_readers_but_the_accused(
    changed: dict[str, Any], readers: set[str], register: Register, desk: Desk
) -> None:
    done = desk.register_item(draft(**changed))
    assert desk.matter(done.matter).matter["sealed"] == 1
    logins = register.rows("SELECT s.login FROM reader r JOIN staff s ON s.id=r.staff WHERE r.matter=?", (done.matter,))
    assert {login for (login,) in logins} == readers


def test_the_registrar_of_a_sealed_matter_reads_what_they_wrote(desk_of: Callable[..., Desk]) -> None:
    reg = desk_of("reg")
    done = reg.register_item(draft(purpose="accusation"))
    assert reg.matter(done.matter).sight == "full"


def test_a_repeat_that_asks_for_confidence_seals_the_earlier_matter(
    register: Register, desk: Desk, desk_of: Callable[..., Desk]
) -> None:
    first = desk.register_item(draft())
    assert desk_of("ho").matter(first.matter).sight == "full"
    desk.register_item(draft(repeat_of_matter=first.matter, confidential=True))
    row = register.record("matter", first.matter)
    assert row
    assert (row["sealed"], row["confidential"]) == (1, 1)
    assert desk_of("ho").matter(first.matter).sight == "outline"
    assert desk_of("dl").matter(first.matter).sight == "full"


def test_an_agent_is_linked_to_the_person_represented(register: Register, desk: Desk) -> None:
    people = (
        PersonDraft(name="王代理", role="agent", acts_for=1, mandate="委托书一份"),
        PersonDraft(name="王本人", main=True, id_number="11010519491231002x"),
    )
    done = desk.register_item(draft(people=people))
    rows = register.records("person", "matter=? ORDER BY id", (done.matter,))
    assert rows[0]["acts_for"] == rows[1]["id"]
    assert rows[1]["id_number"] == "11010519491231002X"
    assert desk.page(Filters()).lines[0].who == "王本人"


@pytest.mark.parametrize(("channel", "count", "group"), [("visit", 5, 1), ("visit", 4, 0), ("letter", 9, 0)])
def test_a_group_visit_is_counted_from_the_bureau_s_threshold(
    channel: str, count: int, group: int, register: Register, desk: Desk
) -> None:
    done = desk.register_item(draft(channel=channel, people_count=count))
    assert desk.matter(done.matter).matter["group_visit"] == group
    with register.act("set_setting", by=desk.person, at=NOW) as act:
        put_setting(act, "intake.group_from", 3)
    later = desk.register_item(draft(channel=channel, people_count=count))
    assert desk.matter(later.matter).matter["group_visit"] == int(channel == "visit")


def test_a_title_is_made_from_the_first_words() -> None:
    assert intake.title_of(draft(title=" 甲 ")) == "甲"
    assert intake.title_of(draft(title="", statement="字" * 31)) == "字" * 30 + "…"
    assert intake.title_of(draft(title="", statement="", claims=("要求 \n 答复",))) == "要求 答复"
    paper = AttachmentDraft(name="信.png", media_type="image/png", data=b"1")
    assert intake.title_of(draft(title="", statement="", claims=(), attachments=(paper,))) == "信.png"


def test_without_a_petition_unit_nothing_is_registered(register: Register, desk: Desk) -> None:
    with register.act("add_unit", by=desk.person, at=NOW) as act:
        act.set("unit", 1 + (1 << 32), closed=True)
    with pytest.raises(errors.RuleError, match="没有信访部门"):
        desk.register_item(draft())


def test_the_time_zone_of_the_act_decides_what_is_today(desk: Desk, register: Register) -> None:
    with pytest.raises(errors.InputError), register.act("register_item", by=desk.person, at=NOW) as act:
        intake.register_item(act, draft(), today=date(2026, 3, 1))


def test_the_person_who_registers_may_be_barred_by_what_is_registered(
    desk_of: Callable[..., Desk], register: Register
) -> None:
    reg = desk_of("reg")
    done = reg.register_item(
        draft(accused=(accused("登小红", staff=person(register, "reg").id),), purpose="accusation")
    )
    with pytest.raises(errors.InputError):
        reg.matter(done.matter)
