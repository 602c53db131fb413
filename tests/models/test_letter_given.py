"""What the register and the act give to the kinds with an outline; none of it has to be typed again."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from PIL import Image

from models import errors, letters
from models.desk import Desk
from models.letter_facts import facts_of
from models.letter_given import REGISTERED
from models.records import AttachmentDraft, ItemDraft, PersonDraft
from models.register import Register
from tests.models.conftest import NOW

ON = date(2026, 2, 25)


@pytest.fixture
def matter(desk: Desk) -> int:
    draft = ItemDraft(
        received_on=date(2026, 2, 10), channel="visit", title="反映调查结果未告知", statement="报案两个月没有结果。",
        claims=("告知调查结果", "追回被盗车辆"), people=(PersonDraft(name="王小明", phone="13900000001", main=True),),
        source="other",
        source_name="示例市公安局", source_number="示公信交〔2026〕3号", transferred_on=date(2026, 2, 12),
    )  # fmt: skip
    return desk.register_item(draft).matter


def facts(register: Register, matter: int, kind: str, **inputs: Any) -> letters.LetterFacts:
    return facts_of(register, matter, kind, {}, inputs=inputs, by=register.person, on=ON)


def put(register: Register, matter: int, table: str, **values: Any) -> int:
    with register.act("note", by=register.person, at=NOW, matter=matter) as act:
        return act.insert(table, {"matter": matter, **values})


def staff(register: Register, login: str) -> int:
    return next(person.id for person in register.staff().values() if person.login == login)


def test_an_objection_goes_back_to_the_sender_with_its_number(register: Register, matter: int) -> None:
    found = facts(register, matter, "objection_letter", reasons_detail="属于市局管辖。")
    assert found.value("destination") == "示例市公安局"
    assert (found.source_number, found.transferred_on) == ("示公信交〔2026〕3号", date(2026, 2, 12))
    assert found.value("reasons_detail") == "属于市局管辖。"
    assert found.attachments == (REGISTERED,)
    assert found.value("contact_phone") == "0000-0000000"


def test_units_and_people_of_the_act_are_printed_by_their_names(register: Register, matter: int) -> None:
    unit = next(number for number, name in register.units().items() if name == "城关派出所")
    handler = staff(register, "suo")
    found = facts(register, matter, "internal_assignment", unit=unit, handler=handler, limit_on=date(2026, 3, 31))
    assert [found.value(name) for name in ("unit_name", "officer", "limit_on")] == [
        "城关派出所",
        "所民警",
        "2026-03-31",
    ]
    out = facts(register, matter, "assignment_letter", destination=unit, destination_name="示例县人民法院")
    assert out.value("destination") == "示例县人民法院"
    assert facts(register, matter, "assignment_letter", destination=unit).value("destination") == "城关派出所"


def test_the_contact_is_of_the_petition_unit(register: Register, matter: int) -> None:
    by = register.staff()[staff(register, "suo")]
    found = facts_of(register, matter, "supervision_letter", {}, inputs={}, by=by, on=ON)
    assert found.value("contact") == register.person.name, "its first head"
    pu = register.staff()[staff(register, "pu")]
    assert facts_of(register, matter, "supervision_letter", {}, inputs={}, by=pu, on=ON).value("contact") == "信大明"


def test_a_supervision_names_its_trigger_and_its_day(register: Register, matter: int) -> None:
    found = facts(register, matter, "supervision_letter", trigger="2", demand="立即反馈", due_on=date(2026, 3, 27))
    assert found.value("failed_duty") == "未按规定反馈办理结果"
    assert (found.value("demand"), found.value("reply_due_on")) == ("立即反馈", "2026-03-27")


def test_a_choice_stands_in_words_on_paper_and_as_its_code_in_the_window(desk: Desk, matter: int) -> None:
    inputs = {"on": ON, "way_text": "电话", "carried_out": "partly", "view": "agrees", "record": "已说明"}
    found = facts(desk.register, matter, "follow_up_record", **inputs)
    assert (found.value("carried_out"), found.value("view")) == ("部分落实", "同意")
    assert found.value("follow_on") == "2026-02-25"
    shown = desk.preview_letter(matter, "follow_up_record", {}, inputs)
    assert (shown.given["carried_out"], shown.given["view"]) == ("partly", "agrees")
    assert shown.missing == ()
    with pytest.raises(errors.InputError):
        facts(desk.register, matter, "follow_up_record", carried_out="perhaps")


def test_the_file_goes_up_with_its_pages(desk: Desk, register: Register, matter: int) -> None:
    Image.new("L", (40, 30), 200).save(picture := io.BytesIO(), "PNG")
    desk.attach(matter, AttachmentDraft(name="照片.png", media_type="image/png", data=picture.getvalue()))
    put(register, matter, "review", level="review", organ="示例市公安局", requested_on="2026-02-20")
    index = desk.issue_letter(matter, "evidence_index", {})
    rows = letters.LetterFacts.from_json(register.record("document", index.id)["facts"]).rows  # type: ignore[index]
    assert [(row.title, row.first_page, row.last_page) for row in rows] == [("照片.png", 1, 1)]
    assert len(rows[0].sha256) == 64
    again = facts(register, matter, "evidence_index")
    assert [row.title for row in again.rows] == ["照片.png"], "an index does not list itself"
    sent = facts(register, matter, "review_transmittal")
    assert [sent.value(name) for name in ("destination", "level_text", "pages")] == ["示例市公安局", "复查", "1"]
    assert sent.attachments == ("复查案卷（1页）", "复查复核案卷目录")
    assert "approver" not in [code for code, _, _ in desk.preview_letter(matter, "review_transmittal", {}).missing]


def test_an_index_of_nothing_is_not_issued(desk: Desk, matter: int) -> None:
    with pytest.raises(errors.MissingPartError) as refused:
        desk.issue_letter(matter, "archive_index", {})
    assert "rows" in refused.value.parts


def test_an_order_to_redo_tells_the_opinion(register: Register, matter: int) -> None:
    paper = put(
        register,
        matter,
        "document",
        kind="review_opinion",
        state="incoming",
        number="示公信复〔2026〕5号",
        told="事实不清",
    )
    put(
        register, matter, "review", level="review", organ="示例市公安局", requested_on="2026-02-20",
        decided_on="2026-02-24", result="redo", opinion=paper, limit_on="2026-04-01",
    )  # fmt: skip
    found = facts(register, matter, "redo_notice")
    assert found.value("opinion_text") == (
        "示例市公安局2026年2月24日复查意见（示公信复〔2026〕5号）：事实不清。审查结论：责令重新办理"
    )
    assert found.value("limit_on") == "2026-04-01"


def test_a_report_of_a_major_matter_tells_what_the_log_holds(register: Register, matter: int) -> None:
    put(
        register, matter, "major_log", kind="known", at="2026-02-24 08:40", what="集中反映", place="信访接待室",
        people=12, claim="公开结果",
    )  # fmt: skip
    put(register, matter, "major_log", kind="measure", at="2026-02-24 09:00", what="局领导接待")
    found = facts(register, matter, "major_report", organ="higher")
    names = ("destination", "at", "place", "people_text", "claim_text", "what", "measures")
    assert [found.value(name) for name in names] == [
        "上级公安机关", "2026年2月24日08:40", "信访接待室", "12人", "公开结果", "集中反映", "局领导接待",
    ]  # fmt: skip


def test_hearing_and_recusal_come_from_their_rows(register: Register, matter: int) -> None:
    put(
        register, matter, "hearing", ordered_on="2026-02-20", on_date="2026-03-10", place="二楼会议室", chair="法小审",
        participants="信访人王小明",
    )  # fmt: skip
    minutes = facts(register, matter, "hearing_minutes")
    assert [minutes.value(name) for name in ("hearing_on", "place", "chair")] == ["2026-03-10", "二楼会议室", "法小审"]
    officer = staff(register, "ho")
    put(register, matter, "recusal", staff=officer, ground="系亲属", asked_by="petitioner", asked_on="2026-02-20")
    found = facts(register, matter, "recusal_decision", decision_text="同意回避")
    names = ("officer", "asked_by_text", "ground_text", "decision_text")
    assert [found.value(name) for name in names] == ["刑办案", "信访人申请", "系亲属", "同意回避"]


def test_execution_and_completion_tell_what_was_decided(register: Register, matter: int) -> None:
    claims = register.records("claim", "matter=? ORDER BY place", (matter,))
    with register.act("note", by=register.person, at=NOW, matter=matter) as act:
        act.set("claim", claims[0]["id"], decision="support")
        act.set("claim", claims[1]["id"], decision="refuse")
    put(
        register,
        matter,
        "document",
        kind="answer",
        state="issued",
        number="示公（信）处〔2026〕1号",
        title="信访处理意见书",
    )
    put(register, matter, "document", kind="proof_of_service", state="incoming", title="送达回证")
    assert facts(register, matter, "execution_notice").value("what") == "告知调查结果"
    report = facts(register, matter, "completion_report")
    assert report.value("result") == "告知调查结果：支持\n追回被盗车辆：不予支持"
    assert report.attachments == ("信访处理意见书（示公（信）处〔2026〕1号）", "送达回证")
    notice = facts(register, matter, "service_announcement")
    assert notice.value("announced_document") == "《信访处理意见书》（示公（信）处〔2026〕1号）"
    assert notice.value("days") == "60"


@pytest.mark.parametrize("kind", [kind.code for kind in letters.kinds() if kind.outlined])
def test_every_kind_can_be_previewed_with_what_is_known(desk: Desk, matter: int, kind: str) -> None:
    shown = desk.preview_letter(matter, kind, {})
    assert shown.pdf.startswith(b"%PDF")
    typed = {field.name for field in letters.fields_for(kind)}
    assert shown.given.keys() <= typed
    assert desk.preview_letter(matter, kind, shown.given).missing == shown.missing


def test_typed_words_win_over_the_act_and_the_act_over_the_register(register: Register, matter: int) -> None:
    by = register.person
    inputs = {"what": "依法受案", "due_on": date(2026, 3, 20)}
    found = facts_of(register, matter, "execution_notice", {"what": "重新受案"}, inputs=inputs, by=by, on=ON)
    assert (found.value("what"), found.due_on) == ("重新受案", date(2026, 3, 20))
