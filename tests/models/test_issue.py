"""Letters from the register: blocked while a part is missing, numbered without gaps, frozen, verified, in one act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from models import device, errors, issue, letters
from models.desk import Desk
from models.records import AccusedDraft, AttachmentDraft, ItemDraft, PersonDraft
from models.register import Register
from tests.models.cases import REPLY

RECEIVED = date(2026, 2, 10)


@pytest.fixture
def matter(desk: Desk) -> int:
    draft = ItemDraft(
        received_on=RECEIVED, title="反映调查结果未告知", statement="报案两个月没有结果。", purpose="solution",
        claims=("告知调查结果", "追回被盗车辆"), people=(PersonDraft(name="王小明", main=True),),
    )  # fmt: skip
    return desk.register_item(draft).matter


def _documents(desk: Desk, matter: int) -> list[str]:
    return [line.kind for line in desk.matter(matter).documents]


def _accept(desk: Desk, matter: int) -> None:
    desk.perform(matter, "screen", {"category": "claim", "exit": "6"})
    desk.perform(matter, "accept", {"on": "2026-02-20"})


def test_acceptance_issues_its_notice_in_the_same_act(desk: Desk, register: Register, matter: int) -> None:
    """REG-2022 Art. 23, 34: 60 days from 2026-02-20 end on 2026-04-21, a Tuesday."""
    _accept(desk, matter)
    found = desk.matter(matter)
    assert [(line.kind, line.number, line.dated_on) for line in found.documents] == [
        ("acceptance_notice", "示公（信）受〔2026〕1号", date(2026, 2, 20))
    ]
    assert found.matter["state"] == "S4"
    pdf = desk.document_pdf(found.documents[0].id)
    assert pdf.startswith(b"%PDF")
    assert desk.document_pdf(found.documents[0].id) == pdf
    due = {state.clock: state.due.last_on for state in found.clocks if state.due}
    assert due["C2"] == date(2026, 4, 21)


def test_a_letter_with_a_missing_part_changes_nothing(desk: Desk, register: Register, matter: int) -> None:
    desk.perform(matter, "screen", {"category": "claim", "exit": "4"})
    before = register.seq
    with pytest.raises(errors.MissingPartError) as refused:
        desk.perform(matter, "direct", {"on": "2026-02-20"})
    assert {"competent_organ", "procedure"} <= set(refused.value.parts)
    assert register.seq == before
    assert desk.matter(matter).matter["state"] == "S2"
    assert register.rows("SELECT count(*) FROM number")[0][0] == 0
    assert register.rows("SELECT count(*) FROM chunk")[0][0] == 0


def test_a_preview_names_what_is_missing_and_takes_no_number(desk: Desk, register: Register, matter: int) -> None:
    preview = desk.preview_letter(matter, "route_notice", {})
    assert {code for code, _, _ in preview.missing} >= {"competent_organ", "procedure"}
    assert preview.pdf.startswith(b"%PDF")
    assert register.rows("SELECT count(*) FROM number")[0][0] == 0
    whole = {"competent_organ": "示例县人民法院", "procedure": "六个月内起诉", "route": "行政诉讼"}
    assert desk.preview_letter(matter, "route_notice", whole).missing == ()


def test_no_code_of_the_organ_no_numbered_letter(desk: Desk, register: Register, matter: int) -> None:
    desk.set_setting("documents.code", "")
    desk.perform(matter, "screen", {"category": "claim", "exit": "6"})
    with pytest.raises(errors.MissingPartError) as refused:
        desk.perform(matter, "accept", {"on": "2026-02-20"})
    assert refused.value.parts == ("documents.code",)


def test_numbers_run_without_gaps_and_begin_where_the_bureau_says(desk: Desk, register: Register) -> None:
    desk.set_setting("number.acceptance_notice.2026.start", 31)
    for name in ("甲", "乙", "丙"):
        draft = ItemDraft(
            received_on=RECEIVED, statement=f"{name}反映", claims=("答复",), people=(PersonDraft(name=f"赵{name}"),)
        )
        matter = desk.register_item(draft).matter
        _accept(desk, matter)
    serials = register.rows("SELECT serial FROM number WHERE series='acceptance_notice' ORDER BY serial")
    assert [row[0] for row in serials] == [31, 32, 33]
    assert all(check.holds for check in desk.verify())


def test_the_year_of_a_number_is_the_year_printed(desk: Desk, register: Register) -> None:
    draft = ItemDraft(
        received_on=date(2025, 12, 25), statement="反映", claims=("答复",), people=(PersonDraft(name="赵甲"),)
    )
    matter = desk.register_item(draft).matter
    desk.perform(matter, "screen", {"category": "claim", "exit": "6"})
    desk.perform(matter, "accept", {"on": "2025-12-30"})
    assert desk.matter(matter).documents[0].number == "示公（信）受〔2025〕1号"


def test_before_2022_the_guidance_goes_out_as_a_refusal(desk: Desk) -> None:
    """SC-431 Arts 15, 21: what belongs to the courts is not accepted, with guidance; no notice of route existed."""
    draft = ItemDraft(
        received_on=date(2021, 3, 1), statement="不服判决", claims=("改判",), people=(PersonDraft(name="赵甲"),)
    )
    matter = desk.register_item(draft).matter
    desk.perform(matter, "screen", {"category": "claim"})
    desk.perform(matter, "direct", {"on": "2021-03-05"},
                 {"ground_choice": "legal_procedure", "open_route": "向人民法院申请再审"})  # fmt: skip
    assert _documents(desk, matter) == ["non_acceptance_notice"]


def test_an_exempted_matter_needs_no_notice(desk: Desk) -> None:
    """REG-2022 Art. 23: no notice where name or address is unclear."""
    draft = ItemDraft(received_on=RECEIVED, statement="匿名反映路灯不亮", anonymous=True)
    matter = desk.register_item(draft).matter
    desk.perform(matter, "screen", {"category": "claim", "exit": "6"})
    desk.perform(matter, "accept", {"on": "2026-02-20"})
    assert _documents(desk, matter) == []
    assert desk.matter(matter).matter["state"] == "S4"


def test_receipts_are_issued_once_and_printed_the_same_ever_after(desk: Desk, register: Register) -> None:
    done = desk.register_item(ItemDraft(received_on=RECEIVED, statement="反映", people=(PersonDraft(name="赵甲"),)))
    first = desk.receipt_pdf(done.item, "A5")
    seq = register.seq
    assert desk.receipt_pdf(done.item, "A5") == first
    assert register.seq == seq
    assert desk.receipt_pdf(done.item, "80mm") != first
    with pytest.raises(errors.InputError):
        desk.receipt_pdf(done.item, "A3")


def test_a_letter_is_verified_by_file_by_code_and_not_when_altered(desk: Desk, register: Register, matter: int) -> None:
    _accept(desk, matter)
    line = desk.matter(matter).documents[0]
    pdf = desk.document_pdf(line.id)
    assert issue.verify(register, pdf, by=desk.person)["genuine"]
    assert issue.verify(register, line.code.lower(), by=desk.person)["number"] == line.number
    altered = pdf[:200] + bytes([pdf[200] ^ 1]) + pdf[201:]
    assert not issue.verify(register, altered, by=desk.person)["genuine"]
    assert not issue.verify(register, "AAAA-BBBB-CCCC-DDDD", by=desk.person)["genuine"]


def test_nobody_who_may_not_know_of_the_matter_learns_of_it_by_verifying(
    desk: Desk, desk_of: Callable[..., Desk], register: Register
) -> None:
    accused = next(person for person in register.staff().values() if person.login == "ho")
    draft = ItemDraft(received_on=RECEIVED, statement="举报", purpose="accusation", people=(PersonDraft(name="赵甲"),),
                      accused=(AccusedDraft(name=accused.name, staff=accused.id),))  # fmt: skip
    matter = desk.register_item(draft).matter
    desk.perform(matter, "screen", {"category": "accusation"})
    desk.perform(matter, "pass_on", {"on": "2026-02-20", "destination_name": "示例县纪委监委"})
    code = desk.matter(matter).documents[0].code
    assert issue.verify(register, code, by=desk.person)["genuine"]
    assert not issue.verify(register, code, by=desk_of("ho").person)["genuine"]
    with pytest.raises(errors.RegisterError):
        desk_of("ho").document_pdf(1 + (register.device << 32))


def test_no_accused_among_the_addressees(desk: Desk) -> None:
    """MPS-79 Art. 10; REG-2022 Art. 30: nothing of an accusation goes to the accused."""
    draft = ItemDraft(received_on=RECEIVED, statement="举报", purpose="accusation", people=(PersonDraft(name="赵甲"),),
                      accused=(AccusedDraft(name="示例县某某派出所", kind="unit"),))  # fmt: skip
    matter = desk.register_item(draft).matter
    desk.perform(matter, "screen", {"category": "accusation"})
    with pytest.raises(errors.RuleError):
        desk.perform(matter, "pass_on", {"on": "2026-02-20", "destination_name": "示例县某某派出所"})
    with pytest.raises(errors.MissingPartError) as refused:
        desk.perform(
            matter, "pass_on", {"on": "2026-02-20", "destination_name": "县纪委"}, {"addressee": "示例县某某派出所"}
        )
    assert refused.value.parts == ("addressee",)


def test_the_answer_carries_each_decision_and_the_way_to_a_review(
    desk: Desk, desk_of: Callable[..., Desk], register: Register, matter: int
) -> None:
    _accept(desk, matter)
    desk.perform(matter, "assign", {"unit": "刑侦", "handler": "ho", "on": "2026-02-20"})
    desk_of("ho").perform(matter, "declare", {"interest": "none", "on": "2026-02-20"})
    desk.perform(matter, "hear", {"on": "2026-02-25", "record": "当面听取，要求书面答复。"})
    desk_of("hu").perform(matter, "answer_unit", {**REPLY, "on": "2026-02-26"})
    decided = {"1": "support", "2": {"decision": "explain", "grounds": "案件在侦"}}
    opinion = {"facts": "查明已立案。", "basis": "《信访工作条例》第三十二条", "claims": decided, "on": "2026-02-27"}
    desk_of("ho").perform(matter, "draft", opinion)
    desk_of("leg").perform(matter, "legal_check", {"result": "agree", "opinion_text": "同意。", "on": "2026-02-28"})
    desk.perform(matter, "issue", {"on": "2026-03-01", "execute_by": "2026-04-01"})
    found = desk.matter(matter)
    answer = next(line for line in found.documents if line.kind == "answer")
    facts = register.record("document", answer.id) or {}
    assert '"remedy_days":30' in facts["facts"]
    assert '"remedy_organ":"示例市公安局"' in facts["facts"]
    assert found.matter["state"] == "S7"
    assert {event["kind"] for event in found.events} >= {"opinion_issued", "sent", "supported"}


def test_the_square_is_verified_with_its_content(desk: Desk, register: Register, matter: int) -> None:
    _accept(desk, matter)
    row = register.records("document", "matter=?", (matter,))[0]
    facts = letters.LetterFacts.from_json(row["facts"])
    keys = device.read_keys(register.connection)

    def payload(digest: bytes, number: str = row["number"]) -> str:
        dated = date.fromisoformat(row["dated_on"])
        said = letters.Statement(kind=row["kind"], number=number, dated_on=dated, device=register.device, digest=digest)
        return letters.make_code(said, keys.sign).payload

    digest = letters.digest_of(row["kind"], facts, row["template"], row["template_version"])
    assert issue.verify(register, payload(digest), by=desk.person)["genuine"]
    assert not issue.verify(register, payload(bytes(32)), by=desk.person)["genuine"]
    assert not issue.verify(register, payload(digest, "示公（信）受〔2026〕99号"), by=desk.person)["genuine"]


def test_the_petitioners_papers_are_listed_where_they_were_handed_in_and_enclosed_nowhere_else(desk: Desk) -> None:
    paper = AttachmentDraft(name="收据.txt", media_type="text/plain", data=b"1")
    draft = ItemDraft(
        received_on=RECEIVED,
        statement="反映",
        claims=("答复",),
        people=(PersonDraft(name="赵甲"),),
        attachments=(paper,),
    )
    done = desk.register_item(draft)
    desk.receipt_pdf(done.item, "A5")
    _accept(desk, done.matter)
    facts = {row["kind"]: row["facts"] for row in desk.register.records("document", "matter=?", (done.matter,))}
    assert "收据.txt" in facts["receipt"]
    assert "收据.txt" not in facts["acceptance_notice"]


# --- the linter stands before the seal


def test_a_letter_that_cites_an_article_that_does_not_exist_is_not_issued(
    desk: Desk, register: Register, matter: int
) -> None:
    """REG-2022 has 50 articles; the preview shows the fault, and nothing is numbered or kept."""
    typed = {"competent_organ": "示例县人民法院", "procedure": "依照《信访工作条例》第六十条起诉", "route": "行政诉讼"}
    shown = desk.preview_letter(matter, "route_notice", typed).missing
    assert [(code, "共 50 条" in zh, "50 articles" in en) for code, zh, en in shown] == [("article_1", True, True)]
    desk.perform(matter, "screen", {"category": "claim", "exit": "4"})
    before = register.seq
    with pytest.raises(errors.MissingPartError, match="第六十条") as refused:
        desk.perform(matter, "direct", {}, typed)
    assert refused.value.parts == ("article_1",)
    assert register.seq == before
    assert register.rows("SELECT count(*) FROM number")[0][0] == 0


def test_a_letter_is_not_dated_after_today(desk: Desk, matter: int) -> None:
    """The clock of the tests stands at 2026-03-02."""
    typed = {"competent_organ": "示例县人民法院", "procedure": "六个月内起诉", "route": "行政诉讼"}
    assert desk.preview_letter(matter, "route_notice", typed | {"dated_on": "2026-03-02"}).missing == ()
    shown = desk.preview_letter(matter, "route_notice", typed | {"dated_on": "2026-03-03"}).missing
    assert [code for code, _, _ in shown] == ["dated_on"]
    desk.perform(matter, "screen", {"category": "claim", "exit": "4"})
    with pytest.raises(errors.MissingPartError, match="今天"):
        desk.perform(matter, "direct", {}, typed | {"dated_on": "2026-03-03"})


@pytest.mark.parametrize("kind", ["acceptance_notice", "route_notice", "answer", "extension_notice"])
def test_what_tells_or_decides_goes_out_with_its_act_only(
    kind: str, desk: Desk, register: Register, matter: int
) -> None:
    """REG-2022 Arts 23, 32, 34: no notice of an acceptance that was not decided."""
    before = register.seq
    with pytest.raises(errors.RuleError, match="不能单独出具"):
        desk.issue_letter(matter, kind, {})
    assert register.seq == before
    desk.perform(matter, "screen", {"category": "claim", "exit": "6"})
    desk.perform(matter, "accept", {})
    if kind == "acceptance_notice":  # another copy of what was told
        assert desk.issue_letter(matter, kind, {}).kind == kind


def test_a_fault_that_two_checks_see_is_told_once(desk: Desk) -> None:
    draft = ItemDraft(
        received_on=RECEIVED, statement="举报", claims=("查处",), people=(PersonDraft(name="赵甲"),),
        accused=(AccusedDraft(name="城关派出所", kind="unit"),),
    )  # fmt: skip
    matter = desk.register_item(draft).matter
    shown = desk.preview_letter(
        matter, "transfer_slip", {"receiving_organ": "城关派出所", "attachments": "来信"}
    ).missing
    about = [code for code, zh, _ in shown if "城关派出所" in zh]
    assert about == list(dict.fromkeys(about))
    assert "addressee" in about
