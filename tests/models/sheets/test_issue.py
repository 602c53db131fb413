"""Issued papers of the bureau: numbered without gaps, frozen, verified like letters, read by those who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from models import attachments, device, errors, issue, verify
from models.desk import Desk
from models.letters import Statement, make_code
from models.register import Register
from models.sheets import data
from models.sheets import issue as papers
from models.sheets.content import Column, Grid, Sheet, Text
from models.sheets.pdf import to_pdf
from tests.models.conftest import NOW, accused, at, draft, person

ON = date(2026, 3, 2)


def sheet(kind: str = "circular", **changed: object) -> Sheet:
    values = {
        "kind": kind,
        "title": "关于二月信访工作情况的通报",
        "organ": "示例县公安局",
        "blocks": [Text(text="按期率。")],
    }
    return Sheet(**{**values, **changed})  # type: ignore[arg-type]  # a test's own keys


def issued(register: Register, made: Sheet, **how: object) -> int:
    with register.act("issue_circular", by=register.person, at=NOW) as act:
        return papers.issue(act, made, **how)  # type: ignore[arg-type]  # a test's own keys


def test_a_numbered_kind_takes_its_own_gapless_series(register: Register, desk: Desk) -> None:
    first, second = issued(register, sheet()), issued(register, sheet())
    other = issued(register, sheet("stage_summary"))
    bare = issued(register, sheet("reception_notice"))
    numbers = {line.id: line.number for line in desk.papers.listed()}
    assert numbers[first] == "示公（信）通〔2026〕1号"
    assert numbers[second] == "示公（信）通〔2026〕2号"
    assert numbers[other] == "示公（信）小结〔2026〕1号"
    assert numbers[bare] == ""
    series = register.rows("SELECT series, serial, state, paper FROM number ORDER BY series, serial")
    assert series == [
        ("circular", 1, "used", first),
        ("circular", 2, "used", second),
        ("stage_summary", 1, "used", other),
    ]


def test_the_number_and_the_day_are_printed(register: Register) -> None:
    from tests.models.letters.measure import Measured

    document = issued(register, sheet(official=True))
    text = Measured(papers.pdf_of(register, document, register.person)).text()
    assert "示公（信）通〔2026〕1号" in text
    assert "2026年3月2日" in text


def test_a_word_of_the_series_is_a_setting(register: Register, desk: Desk) -> None:
    desk.set_setting("documents.word.circular", "督通")
    issued(register, sheet())
    assert desk.papers.listed("circular")[0].number == "示公（信）督通〔2026〕1号"


def test_no_code_of_the_organ_no_numbered_paper(register: Register, desk: Desk) -> None:
    desk.set_setting("documents.code", "")
    before = register.rows("SELECT count(*) FROM chunk")[0][0]
    with pytest.raises(errors.MissingPartError) as refused:
        issued(register, sheet())
    assert refused.value.parts == ("documents.code",)
    assert "通报" in refused.value.message.zh
    assert register.rows("SELECT count(*) FROM office_document")[0][0] == 0
    assert register.rows("SELECT count(*) FROM chunk")[0][0] == before
    assert issued(register, sheet("reception_notice")), "a kind without a number needs none"


def test_a_character_without_a_font_leaves_no_number_behind(register: Register) -> None:
    with pytest.raises(errors.InputError, match="U\\+E863"):
        issued(register, sheet(blocks=[Text(text="张\ue863")]))
    assert register.rows("SELECT count(*) FROM number")[0][0] == 0
    assert register.rows("SELECT count(*) FROM office_document")[0][0] == 0


def test_the_bytes_are_frozen_and_verified_by_file_code_and_square(register: Register) -> None:
    document = issued(register, sheet(), subject="2026-02")
    by = register.person
    pdf = papers.pdf_of(register, document, by)
    row = register.record("office_document", document)
    assert row
    assert attachments.load(register, row["sha256"]) == pdf
    for presented in (pdf, row["code"], row["code"].lower()):
        told = issue.verify(register, presented, by=by)
        assert told["genuine"], presented
        assert told["number"] == "示公（信）通〔2026〕1号"
        assert "通报" in told["zh"]
        assert "Circular" in told["en"]
    altered = issue.verify(register, pdf[:-1] + b" ", by=by)
    assert not altered["genuine"]


def square(register: Register, document: int, *, subject: str | None = None) -> str:
    """Return the text of a paper's square code, as the device signed it."""
    row = register.record("office_document", document)
    assert row
    digest = papers.digest_of(
        row["kind"], row["title"], row["number"] or "", row["dated_on"], subject or row["subject"] or "", row["facts"]
    )
    statement = Statement(
        kind=row["kind"], number=row["number"] or "", dated_on=ON, device=register.device, digest=digest
    )
    return make_code(statement, device.read_keys(register.connection).sign).payload


def test_a_scanned_square_is_held_against_the_register(register: Register) -> None:
    for kind in ("circular", "reception_notice"):
        document = issued(register, sheet(kind), subject="2026-03")
        assert issue.verify(register, square(register, document), by=register.person)["genuine"], kind
    other = square(register, document, subject="2026-04")
    assert not issue.verify(register, other, by=register.person)["genuine"], "signed, but of another content"


def test_a_paper_that_was_altered_in_the_register_is_refused(register: Register) -> None:
    document = issued(register, sheet())
    code = square(register, document)
    with register.act("x", by=register.person, at=NOW) as act:
        act.set("office_document", document, facts='{"other":1}')
    assert not issue.verify(register, code, by=register.person)["genuine"]


def test_a_letter_is_still_verified(register: Register, desk: Desk) -> None:
    item = desk.register_item(draft())
    desk.perform(item.matter, "screen", {"category": "claim", "exit": "6"})
    desk.perform(item.matter, "accept", {"on": "2026-03-02"})
    line = desk.matter(item.matter).documents[0]
    assert issue.verify(register, desk.document_pdf(line.id), by=desk.person)["kind"] == "acceptance_notice"


def test_a_wrong_paper_is_spoiled_with_its_number_and_a_reason(register: Register, desk: Desk) -> None:
    document = issued(register, sheet())
    with pytest.raises(errors.InputError, match="原因"):
        desk.papers.spoil(document, " ")
    desk.papers.spoil(document, "数字有误")
    line = desk.papers.listed()[0]
    assert line.spoiled == "数字有误"
    assert register.rows("SELECT state, reason FROM number") == [("spoiled", "数字有误")]
    told = issue.verify(register, line.code, by=desk.person)
    assert not told["genuine"]
    assert "数字有误" in told["zh"]
    with pytest.raises(errors.InputError, match="数字有误"):
        desk.papers.spoil(document, "再次")
    assert issued(register, sheet())
    assert desk.papers.listed()[0].number == "示公（信）通〔2026〕2号", "the number is not given again"
    assert desk.papers.pdf(document).startswith(b"%PDF"), "it stays to be looked at"


def test_only_heads_and_leaders_spoil(register: Register, desk_of: Callable[..., Desk]) -> None:
    document = issued(register, sheet())
    for login in ("reg", "ho", "keep"):
        with pytest.raises(errors.NotAllowedError):
            desk_of(login).papers.spoil(document, "有误")
    desk_of("ch").papers.spoil(document, "有误")


def test_a_keeper_without_a_working_role_reads_no_paper(register: Register, desk_of: Callable[..., Desk]) -> None:
    document = issued(register, sheet())
    keeper = desk_of("keep")
    with pytest.raises(errors.NotAllowedError):
        keeper.papers.pdf(document)
    with pytest.raises(errors.NotAllowedError):
        keeper.papers.listed()
    assert desk_of("ho").papers.pdf(document).startswith(b"%PDF")


def test_a_paper_that_tells_of_a_matter_is_read_by_those_who_may_read_it(
    register: Register, desk: Desk, desk_of: Callable[..., Desk]
) -> None:
    """Order MPS-79 Art. 10; REG-2022 Art. 30: not even that there is such a paper."""
    complaint = desk.register_item(draft(purpose="accusation", accused=(accused("刑办案"),))).matter
    plain = desk.register_item(draft()).matter
    document = issued(register, sheet("reception_brief"), matters=(complaint, plain))
    named, outsider, reader = desk_of("ho"), desk_of("hu"), desk_of("di")
    assert named.papers.listed() == ()
    with pytest.raises(errors.InputError) as unknown:
        named.papers.pdf(document)
    with pytest.raises(errors.InputError) as absent:
        named.papers.pdf(document + 1)
    assert unknown.value.message.zh.replace(str(document), "") == absent.value.message.zh.replace(str(document + 1), "")
    assert not issue.verify(register, reader.papers.listed()[0].code, by=named.person)["genuine"]
    with pytest.raises(errors.NotAllowedError, match="知悉范围"):
        outsider.papers.pdf(document)
    assert reader.papers.pdf(document).startswith(b"%PDF")


def test_papers_are_listed_by_kind_and_subject_newest_first(register: Register, desk: Desk) -> None:
    for month in ("2026-01", "2026-02"):
        issued(register, sheet("month_report", dated_on=date(2026, int(month[-2:]) + 1, 1)), subject=month)
    issued(register, sheet())
    assert [line.subject for line in desk.papers.listed("month_report")] == ["2026-02", "2026-01"]
    assert len(desk.papers.listed("month_report", "2026-01")) == 1
    assert desk.papers.listed("roster") == ()


def test_a_preview_takes_no_number_and_says_so(register: Register, desk: Desk) -> None:
    from tests.models.letters.measure import Measured

    text = Measured(desk.papers.preview(sheet(official=True))).text()
    assert "示公（信）通〔2026〕" in text
    assert "预览稿" in text
    assert register.rows("SELECT count(*) FROM number")[0][0] == 0


def test_the_register_proves_itself_with_papers_in_it(register: Register) -> None:
    for kind in ("circular", "circular", "month_report", "reception_docket"):
        issued(register, sheet(kind))
    assert [check.name for check in verify.verify(register) if not check.holds] == []


def test_the_same_sheet_is_the_same_data_and_long_tables_keep_their_hash() -> None:
    small = sheet(blocks=[Grid(columns=[Column(head="编号")], rows=[("J1",), (date(2026, 1, 5),)], totals=("合计",))])
    assert data.to_json(data.sheet_to_data(small)) == data.to_json(data.sheet_to_data(small))
    grid = data.sheet_to_data(small)["blocks"][0]
    assert grid["rows"] == [["J1"], ["2026-01-05"]]
    assert grid["totals"] == ["合计"]

    def long(last: str) -> Sheet:
        rows = [(f"J{place}",) for place in range(data.KEPT_ROWS)] + [(last,)]
        return sheet(blocks=[Grid(columns=[Column(head="编号")], rows=rows)])

    one, other = (data.sheet_to_data(long(last))["blocks"][0] for last in ("甲", "乙"))
    assert one["count"] == data.KEPT_ROWS + 1
    assert "rows" not in one
    assert one["sha256"] != other["sha256"]


def test_a_paper_printed_again_is_the_same(register: Register) -> None:
    """What is frozen is what the same sheet gives: nothing of the hour, the machine's name or chance is in it."""
    document = issued(register, sheet())
    row = register.record("office_document", document)
    assert row
    code = make_code(
        Statement(
            kind="circular",
            number=row["number"],
            dated_on=ON,
            device=register.device,
            digest=papers.digest_of("circular", row["title"], row["number"], row["dated_on"], "", row["facts"]),
        ),
        device.read_keys(register.connection).sign,
    )
    again = to_pdf(replace(sheet(), number=row["number"], dated_on=ON), sealed=code)
    assert again == papers.pdf_of(register, document, person(register, "pu"))


def test_a_later_day_is_the_papers_own(register: Register) -> None:
    with register.act("issue_circular", by=register.person, at=at("2027-01-04")) as act:
        papers.issue(act, sheet())
    assert register.rows("SELECT dated_on, number FROM office_document") == [("2027-01-04", "示公（信）通〔2027〕1号")]
