"""Papers of a matter on their way out: editing copies of issued letters, bundles, their indexes, and who gets them."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable

import pypdf
import pytest
from docx import Document

from models import errors
from models.desk import Desk
from models.letters import binder, bundle
from models.letters.docx import DRAFT_COPY, EDITING_COPY
from models.records import AttachmentDraft
from models.register import Register
from tests.models.conftest import draft

PAPERS = (
    AttachmentDraft(name="来信.pdf", media_type="text/plain", data=b"letter"),
    AttachmentDraft(name="录音.mp3", media_type="audio/mpeg", data=b"sound"),
)


@pytest.fixture
def matter(desk: Desk) -> int:
    done = desk.register_item(draft(attachments=PAPERS))
    desk.issue_letter(done.matter, "registration_form", {"contact_result": "已登记。"})
    desk.receipt_pdf(done.item)
    return done.matter


def body(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join([*(line.text for line in document.paragraphs), *cells])


def header(content: bytes) -> str:
    return str(Document(io.BytesIO(content)).sections[0].header.paragraphs[0].text)


# --- editing copies


def test_an_editing_copy_says_what_the_frozen_letter_says(desk: Desk, matter: int) -> None:
    line = desk.matter(matter).documents[0]
    copy = desk.document_docx(line.id)
    assert copy == desk.document_docx(line.id)
    assert header(copy).startswith(EDITING_COPY)
    assert line.code in header(copy)
    printed = pypdf.PdfReader(io.BytesIO(desk.document_pdf(line.id))).pages[0].extract_text()
    for words in ("王小明", "要求书面答复是否立案", "二月十日自行车在家门口被盗"):
        assert words in body(copy)
        assert words in re.sub(r"\s", "", printed)


def test_it_keeps_the_words_of_its_own_version(desk: Desk, desk_of: Callable[..., Desk], matter: int) -> None:
    kind = "registration_form"
    for note in ("甲种说明。", "乙种说明。"):
        number = desk.save_wording(kind, {"texts": {"note": note}})
        desk_of("leg").approve_wording(kind, number)
        desk.issue_letter(matter, kind, {"contact_result": "已登记。"})
    first, second, third = [line.id for line in desk.matter(matter).documents if line.kind == kind]
    assert "甲种说明" in body(desk.document_docx(second))
    assert "乙种说明" in body(desk.document_docx(third))
    assert "种说明" not in body(desk.document_docx(first))


def test_a_draft_is_marked_as_one(desk: Desk, matter: int, register: Register) -> None:
    before = register.seq
    copy = desk.preview_docx(matter, "route_notice", {"competent_organ": "示例县人民法院"})
    assert header(copy).startswith(DRAFT_COPY)
    assert "示例县人民法院" in body(copy)
    assert register.seq == before


def test_what_the_register_did_not_compose_has_no_editing_copy(desk: Desk, matter: int, register: Register) -> None:
    with register.act("receive_paper", by=desk.person, at=desk._now(), matter=matter) as act:
        paper = act.insert(
            "document", {"matter": matter, "kind": "transfer_in", "state": "incoming", "title": "转送单"}
        )
    with pytest.raises(errors.InputError):
        desk.document_docx(paper)


# --- bundles


def test_all_papers_are_bound_with_an_index_that_proves_them(desk: Desk, matter: int) -> None:
    made = desk.bundle_pdf(matter)
    assert made.sha256 == hashlib.sha256(made.pdf).hexdigest()
    assert desk.bundle_pdf(matter) == made
    assert [leaf.title for leaf in made.rows][:2] == ["来信.pdf", "录音.mp3"]
    kept = {line.sha256 for line in desk.matter(matter).documents} | {
        paper.sha256 for paper in desk.matter(matter).attachments
    }
    assert {leaf.sha256 for leaf in made.rows} == kept
    pages = pypdf.PdfReader(io.BytesIO(made.pdf)).pages
    assert len(pages) == 1 + made.rows[-1].last_page
    index = re.sub(r"\s", "", pages[0].extract_text())
    for leaf in made.rows:
        assert leaf.title in index
        assert leaf.sha256 in index
    assert made.rows == bundle.leaves(desk.register, matter, by=desk.person)


def test_papers_are_bound_in_the_chosen_order(desk: Desk, matter: int) -> None:
    file = desk.matter(matter)
    chosen = [("document", file.documents[1].id), ("attachment", file.attachments[1].id)]
    made = desk.bundle_pdf(matter, chosen)  # type: ignore[arg-type]  # the list's words are of the two kinds
    assert [(leaf.title, leaf.first_page, leaf.last_page) for leaf in made.rows] == [
        (file.documents[1].title, 1, 1),
        ("录音.mp3", 2, 2),
    ]


def test_binding_is_told_in_the_journal(desk: Desk, matter: int, register: Register) -> None:
    desk.bundle_pdf(matter)
    desk.document_docx(desk.matter(matter).documents[0].id)
    acts = [row[0] for row in register.rows("SELECT act FROM entry WHERE matter=? ORDER BY seq", (matter,))]
    assert acts[-3:] == ["print_bundle", "read_matter", "print_editable"]


def test_spoiled_withdrawn_and_foreign_papers_are_refused(desk: Desk, matter: int, register: Register) -> None:
    file = desk.matter(matter)
    other = desk.register_item(draft(title="另一事项", attachments=PAPERS[:1])).matter
    with pytest.raises(errors.InputError, match="不属于本事项"):
        desk.bundle_pdf(other, [("document", file.documents[0].id)])
    with register.act("set_aside", by=desk.person, at=desk._now(), matter=matter) as act:
        act.set("document", file.documents[0].id, state="spoiled", reason="写错")
        act.set("attachment", file.attachments[0].id, removed="重复")
    for paper in (("document", file.documents[0].id), ("attachment", file.attachments[0].id)):
        with pytest.raises(errors.InputError, match=r"写错|重复"):
            desk.bundle_pdf(matter, [paper])  # type: ignore[list-item]  # as above
    assert len(desk.bundle_papers(matter)) == 2
    with pytest.raises(errors.InputError):
        desk.bundle_pdf(matter, [])
    with pytest.raises(errors.InputError):
        desk.bundle_pdf(matter, [("document", 987654321)])


def test_an_incoming_paper_stands_as_its_scan_or_as_a_page_that_says_it_has_none(
    desk: Desk, matter: int, register: Register
) -> None:
    scan = desk.matter(matter).attachments[0]
    with register.act("receive_paper", by=desk.person, at=desk._now(), matter=matter) as act:
        row = {"matter": matter, "kind": "transfer_in", "state": "incoming", "number": "市信转〔2026〕3号"}
        act.insert("document", row | {"title": "转送单", "dated_on": "2026-03-01", "attachment": scan.id})
        act.insert("document", row | {"title": "未扫描的转送单", "dated_on": "2026-03-01"})
    made = desk.bundle_pdf(matter)
    rows = {leaf.title: leaf for leaf in made.rows}
    assert scan.name not in rows
    assert rows["转送单"].sha256 == scan.sha256
    assert rows["转送单"].number == "市信转〔2026〕3号"
    assert rows["未扫描的转送单"].sha256 == ""
    page = pypdf.PdfReader(io.BytesIO(made.pdf)).pages[rows["未扫描的转送单"].first_page]
    assert "没有存入电子件" in re.sub(r"\s", "", page.extract_text())


def test_nobody_without_sight_of_the_matter_binds_it(desk: Desk, desk_of: Callable[..., Desk], matter: int) -> None:
    line = desk.matter(matter).documents[0]
    keeper = desk_of("keep")
    for asked in (keeper.bundle_pdf, keeper.bundle_papers):
        with pytest.raises(errors.NotAllowedError):
            asked(matter)
    for told in (keeper.document_docx, keeper.sealed_bundle):
        with pytest.raises(errors.NotAllowedError):
            told(line.id)


# --- behind an issued index


def test_an_issued_index_binds_what_it_lists(desk: Desk, matter: int, register: Register) -> None:
    index = desk.issue_letter(matter, "evidence_index", {})
    made = desk.sealed_bundle(index.id)
    assert made == desk.sealed_bundle(index.id)
    assert [leaf.title for leaf in made.rows][:2] == ["来信.pdf", "录音.mp3"]
    assert all(len(leaf.pages) == leaf.last_page - leaf.first_page + 1 for leaf in made.rows)
    printed = re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made.pdf)).pages))
    assert all(digest[:12] in printed for leaf in made.rows for digest in leaf.pages), "each page's hash is printed"
    pages = pypdf.PdfReader(io.BytesIO(made.pdf)).pages
    front = len(pypdf.PdfReader(io.BytesIO(desk.document_pdf(index.id))).pages)
    assert len(pages) == front + made.rows[-1].last_page
    assert index.code in re.sub(r"\s", "", pages[0].extract_text())
    desk.attach(matter, AttachmentDraft(name="后来的.txt", media_type="text/plain", data=b"later"))
    scan = desk.matter(matter).attachments[0]
    with register.act("set_aside", by=desk.person, at=desk._now(), matter=matter) as act:
        act.set("attachment", scan.id, removed="重复")
    assert desk.sealed_bundle(index.id).rows == made.rows
    with pytest.raises(errors.InputError):
        desk.sealed_bundle(desk.matter(matter).documents[0].id)


def test_a_paper_that_changed_its_name_or_pages_is_not_bound_by_an_old_index(
    desk: Desk, matter: int, register: Register
) -> None:
    index = desk.issue_letter(matter, "evidence_index", {})
    scan = desk.matter(matter).attachments[0]
    with register.act("rename", by=desk.person, at=desk._now(), matter=matter) as act:
        act.set("attachment", scan.id, name="别的.pdf")
    with pytest.raises(errors.RuleError, match="第 1 件"):
        desk.sealed_bundle(index.id)


def test_a_page_that_shows_something_else_is_not_bound(
    desk: Desk, matter: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hash of the file holds for what came in; that of the page holds for what is bound."""
    index = desk.issue_letter(matter, "evidence_index", {})
    whole = binder.pages_of
    blank = whole(binder.Part(title="空白"), "示例县公安局")
    monkeypatch.setattr(
        binder, "pages_of", lambda part, organ: blank if part.title == "来信.pdf" else whole(part, organ)
    )
    with pytest.raises(errors.RuleError, match="第 1 件"):
        desk.sealed_bundle(index.id)
