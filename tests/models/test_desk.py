"""The desk: drafts that survive and stay their author's, settings, papers, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from models import errors
from models.desk import Desk
from models.records import AttachmentDraft, Filters, ItemDraft, PersonDraft
from models.register import Register
from tests.models.conftest import NOW, Template, at, draft


def test_a_draft_is_there_after_a_restart_and_only_for_its_author(
    register: Register, template: Template, desk_of: Callable[..., Desk]
) -> None:
    reg, pu = desk_of("reg"), desk_of("pu")
    first = reg.save_draft("item", {"title": "甲", "statement": "写到一半"})
    assert reg.save_draft("item", {"title": "乙", "statement": "写到一多半"}, first) == first
    foreign = pu.save_draft("item", {"title": "丙"}, first)
    assert foreign != first, "another person's draft is never written over"
    pu.discard_draft(first)
    assert [draft.id for draft in pu.drafts()] == [foreign]
    path = register.path
    register.close()
    with template.open(path) as again:
        desk = Desk(again)
        assert desk.drafts() == ()
        desk.person = next(staff for staff in again.staff().values() if staff.login == "reg")
        kept = desk.drafts()
        assert [(line.id, line.kind, line.title, line.content) for line in kept] == [
            (first, "item", "乙", {"title": "乙", "statement": "写到一多半"})
        ]
        assert kept[0].saved_at == NOW
        desk.discard_draft(first)
        assert desk.drafts() == ()


def test_registering_ends_its_draft_in_the_same_transaction(register: Register, desk: Desk) -> None:
    kept = desk.save_draft("item", {"title": "甲"})
    paper = desk.save_draft("paper", {"name": "照片"})
    assert desk.today().drafts == 1, "a paper of a draft is not a draft of its own"
    desk.discard_draft(paper)
    with pytest.raises(errors.InputError):
        desk.register_item(draft(channel="smoke"), draft_id=kept)
    assert [line.id for line in desk.drafts()] == [kept]
    desk.register_item(draft(), draft_id=kept)
    assert desk.drafts() == ()
    assert desk.today().drafts == 0


def test_drafts_are_no_entries_of_the_journal(register: Register, desk: Desk) -> None:
    seq = register.seq
    desk.discard_draft(desk.save_draft("item", {"title": "甲"}))
    assert register.seq == seq


def test_settings_are_acts_of_the_unit_head_or_the_keeper(register: Register, desk_of: Callable[..., Desk]) -> None:
    desk_of("pu").set_setting("intake.group_from", 7)
    desk_of("keep").set_setting("intake.group_from", 8)
    assert register.setting("intake.group_from") == 8
    assert desk_of("ho").settings()["intake.group_from"] == 8
    for login in ("reg", "ho", "ch", "di"):
        with pytest.raises(errors.NotAllowedError):
            desk_of(login).set_setting("intake.group_from", 2)
    assert register.setting("intake.group_from") == 8
    assert register.setting("no.such", "default") == "default"


def test_registering_takes_the_counter_s_roles(desk_of: Callable[..., Desk]) -> None:
    for login in ("reg", "pu", "dl", "ch"):
        desk_of(login).register_item(draft())
    for login in ("ho", "hu", "leg", "di", "keep"):
        with pytest.raises(errors.NotAllowedError):
            desk_of(login).register_item(draft())


def test_papers_come_back_byte_for_byte(desk: Desk) -> None:
    done = desk.register_item(draft())
    data = bytes(range(256)) * 3000
    paper = desk.attach(done.matter, AttachmentDraft(name="长.bin", media_type="application/octet-stream", data=data))
    assert desk.attachment_bytes(paper) == data
    for nothing in (paper + 1, 0, -5):
        with pytest.raises(errors.InputError):
            desk.attachment_bytes(nothing)
        with pytest.raises(errors.InputError):
            desk.document_pdf(nothing)


def test_doubts_warn_and_never_block(desk: Desk) -> None:
    odd = draft(people=(PersonDraft(name="王小明", id_number="110105194912310021", born_on=date(2001, 1, 1)),))
    assert desk.doubts(odd)
    assert all(doubt.zh and doubt.en for doubt in desk.doubts(odd))
    assert desk.register_item(odd).matter


def test_the_directory_and_the_light(register: Register, desk: Desk) -> None:
    assert "刑事侦查大队" in [name for _, name in desk.units()]
    assert {"reg", "pu", "keep"} <= {staff.login for staff in desk.staff()}
    state = desk.sync_state()
    assert not state.enrolled
    assert state.unsent == register.seq


def test_open_acts_and_their_reasons_are_for_this_person(desk: Desk, desk_of: Callable[..., Desk]) -> None:
    done = desk.register_item(draft())
    opened, closed = desk_of("reg").open_acts(done.matter)
    assert "screen" not in [act.name for act in opened]
    reason = next(act for act in closed if act.name == "screen")
    assert "登小红" in reason.reason_zh
    assert "登小红" in reason.reason_en


def test_the_day_is_that_of_the_clock_it_was_given(register: Register) -> None:
    desk = Desk(register, now=lambda: at("2026-05-06"))
    assert desk.on == date(2026, 5, 6)
    desk.register_item(ItemDraft(received_on=date(2026, 5, 6), title="今天"))
    with pytest.raises(errors.InputError):
        desk.register_item(ItemDraft(received_on=date(2026, 5, 7), title="明天"))
    assert desk.count(Filters()) == 1


def test_verify_and_backup_are_at_hand(desk: Desk, register: Register) -> None:
    desk.register_item(draft())
    assert all(check.holds for check in desk.verify())
    made = desk.backup(register.path.with_name("b.register"))
    assert made.rows["matter"] == 1
    assert desk.today().last_backup_at == NOW
