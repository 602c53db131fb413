"""The editing copy: the PDF's words in the PDF's order, the measures of the standard, the same bytes each time.

Read back with python-docx, the PDF with pypdf. Measures: domain reference, 15.1 and 15.2; a word processor keeps
lengths in twentieths of a point (0.02 mm), and characters apart by the same.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from models.letters import compose, wording
from models.letters.docx import EDITING_COPY, FONT_NAMES, to_docx
from models.letters.facts import LetterFacts
from tests.models.letters.cases import BASE, CASES, OLD, RARE, long_answer
from tests.models.letters.measure import Measured, pdf_of

TWIP_MM = 25.4 / 1440


def written(kind: str, facts: LetterFacts, **more: Any) -> Any:
    return Document(io.BytesIO(to_docx(compose(kind, facts, wording(kind)), **more)))


def blocks(document: Any) -> Iterator[Paragraph | Table]:
    for element in document.element.body:
        if element.tag == qn("w:p"):
            yield Paragraph(element, document)
        elif element.tag == qn("w:tbl"):
            yield Table(element, document)


def said(document: Any) -> str:
    """Return all text of the body in reading order, without spaces; joined cells once."""
    found: list[str] = []
    for block in blocks(document):
        if isinstance(block, Paragraph):
            found.append(block.text)
        else:
            found += ["".join(part.text or "" for part in cell.iter(qn("w:t"))) for cell in block._tbl.iter(qn("w:tc"))]
    return re.sub(r"\s", "", "".join(found))


def printed(kind: str, facts: LetterFacts) -> str:
    """Return the text of the PDF, without its page numbers and without spaces."""
    return re.sub(r"—\d+—|第\d+页，共\d+页", "", Measured(pdf_of(kind, facts)).text())


@pytest.mark.parametrize(("kind", "facts"), [*CASES.items(), *OLD.items(), ("answer", long_answer(12))])
def test_the_words_are_those_of_the_pdf_in_its_order(kind: str, facts: LetterFacts) -> None:
    assert said(written(kind, facts)) == printed(kind, facts)


@pytest.mark.parametrize(("kind", "facts"), CASES.items())
def test_the_same_letter_makes_the_same_bytes(kind: str, facts: LetterFacts) -> None:
    letter = compose(kind, facts, wording(kind))
    first = to_docx(letter, code="AAAA-BBBB", dated_on=facts.dated_on)
    assert to_docx(letter, code="AAAA-BBBB", dated_on=facts.dated_on) == first
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in file.namelist() if "thumbnail" in name]


@pytest.mark.parametrize(
    ("kind", "paper", "margins", "lines"),
    [
        ("transfer_slip", (210, 297), (37, 26, 35, 28), 22),
        ("answer", (210, 297), (35, 30, 32, 30), 22),
        ("receipt", (148, 210), (13, 15, 10, 15), 22),
        ("receipt_roll", (80, 297), (5, 5, 5, 5), 48),
    ],
)
def test_paper_and_margins(kind: str, paper: tuple[int, int], margins: tuple[int, int, int, int], lines: int) -> None:
    document = written(kind, CASES[kind])
    section = document.sections[0]
    assert (section.page_width.mm, section.page_height.mm) == pytest.approx(paper, abs=TWIP_MM)
    sides = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [side.mm for side in sides] == pytest.approx(margins, abs=TWIP_MM)
    height = paper[1] - margins[0] - margins[2]
    pitch = document.styles["Normal"].paragraph_format.line_spacing
    assert lines * pitch.mm <= height + 1e-6
    assert height - lines * pitch.mm < lines * TWIP_MM + 1e-6


def test_28_characters_fit_the_line_of_an_official_letter() -> None:
    """5.2.3: 28 characters of 16 pt are 158 mm and the line is 156 mm, so they are drawn closer."""
    normal = written("transfer_slip", CASES["transfer_slip"]).styles["Normal"]
    spacing = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert normal.font.size.pt == 16
    assert 155.5 < 28 * (16 + spacing) * 25.4 / 72 <= 156


def face(properties: Any) -> set[str]:
    fonts = properties.find(qn("w:rFonts"))
    assert not [key for key in fonts.attrib if "Theme" in key]
    return {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")}


def test_faces_and_sizes() -> None:
    styles = written("answer", CASES["answer"]).styles
    wanted = {
        "Normal": ("fangsong", 16), "公文标题": ("xiaobiaosong", 18), "一级标题": ("hei", 16), "二级标题": ("kai", 16),
        "附注": ("song", 12), "版记": ("fangsong", 14),
    }  # fmt: skip
    for name, (role, size) in wanted.items():
        assert (face(styles[name].element.rPr), styles[name].font.size.pt) == ({FONT_NAMES[role]}, size), name
    assert written("transfer_slip", CASES["transfer_slip"]).styles["公文标题"].font.size.pt == 22


def test_headings_have_their_style_and_text_its_indent() -> None:
    found = [block for block in blocks(written("answer", CASES["answer"])) if isinstance(block, Paragraph)]
    by_style = {line.style.name: line.text for line in reversed(found)}
    assert by_style["一级标题"] == "一、诉求"
    assert by_style["二级标题"].startswith("（一）关于")
    opening = next(line for line in found if "现已办理完毕" in line.text)
    assert opening._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    assert opening.paragraph_format.first_line_indent.pt == 32


def test_the_head_of_an_official_letter_is_red() -> None:
    document = written("transfer_slip", CASES["transfer_slip"])
    mark, number, title = document.paragraphs[:3]
    assert (mark.text, str(mark.runs[0].font.color.rgb)) == ("梓川县公安局", "D90000")
    assert mark.runs[0].font.size.pt > title.style.font.size.pt == 22
    assert mark.paragraph_format.space_before.mm == pytest.approx(35, abs=0.1)
    bottom = number._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert (bottom.get(qn("w:color")), bottom.get(qn("w:space"))) == ("D90000", "11")
    assert [number.text, title.text] == [CASES["transfer_slip"].number, "信访事项转送单"]


def test_a_long_name_of_the_bureau_stands_on_two_lines() -> None:
    organ = "江南省黔东南苗族侗族自治州梓川布依族苗族自治县公安局"
    lines = written("transfer_slip", replace(CASES["transfer_slip"], organ=organ)).paragraphs
    assert lines[0].text + lines[1].text == organ
    assert lines[0].style.name == lines[1].style.name == "发文机关标志"


def test_the_imprint_stands_at_the_end_of_the_page() -> None:
    document = written("transfer_slip", CASES["transfer_slip"])
    table = document.tables[-1]
    place = table._tbl.tblPr.find(qn("w:tblpPr"))
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
    assert [row.cells[0].text for row in table.rows] == [
        "抄送：梓川县信访局。",
        "梓川县公安局信访室\t2026年3月5日印发",
    ]
    borders = table._tbl.tblPr.find(qn("w:tblBorders"))
    thick = {side: int(borders.find(qn(f"w:{side}")).get(qn("w:sz"))) / 8 * 25.4 / 72 for side in ("top", "insideH")}
    assert thick == pytest.approx({"top": 0.35, "insideH": 0.25}, abs=0.02)


def test_forms_keep_the_widths_of_their_cells() -> None:
    table = written("registration_form", CASES["registration_form"]).tables[0]
    grid = [int(column.get(qn("w:w"))) * TWIP_MM for column in table._tbl.tblGrid]
    assert grid == pytest.approx([28, 47, 28, 47], abs=0.05)
    assert [cell.text for cell in table.rows[0].cells] == ["信访形式", "来访", "信访日期", "2026年3月2日\n09:20"]
    address = table.rows[3]
    assert [cell.text for cell in address.cells][1:] == ["梓川县城关镇解放路25号3单元402室"] * 3


def test_every_page_says_which_copy_is_the_record() -> None:
    facts = CASES["answer"]
    section = written("answer", facts, code="ABCD-EFGH").sections[0]
    wanted = f"{EDITING_COPY}　{facts.number}　核验码 ABCD-EFGH"
    assert [head.paragraphs[0].text for head in (section.header, section.even_page_header)] == [wanted, wanted]
    shown = Document(io.BytesIO(to_docx(compose("answer", facts, wording("answer"), draft=True))))
    assert shown.sections[0].header.paragraphs[0].text.startswith("预览稿：尚未出具，不得送达")


def test_page_numbers_stand_outside() -> None:
    document = written("answer", CASES["answer"])
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    sides = []
    for foot in (section.footer, section.even_page_footer):
        line = foot.paragraphs[0]
        assert line.text.split() == ["—", "—"]
        assert [field.text for field in line._p.iter(qn("w:instrText"))] == ["PAGE"]
        sides.append(line.alignment.name)
    assert sides == ["RIGHT", "LEFT"]
    assert not written("receipt", CASES["receipt"]).sections[0].footer.paragraphs[0].runs


def test_properties_tell_the_letter_and_its_day() -> None:
    core = written("answer", CASES["answer"], code="ABCD-EFGH", dated_on=date(2026, 4, 20)).core_properties
    assert (core.title, core.author, core.subject) == ("信访处理意见书", "梓川县公安局", CASES["answer"].number)
    assert (core.created.date(), core.modified.date()) == (date(2026, 4, 20), date(2026, 4, 20))
    assert (core.identifier, core.revision) == ("ABCD-EFGH", 1)


def test_characters_beyond_the_first_plane_and_marks_that_no_file_may_hold() -> None:
    facts = replace(CASES["acceptance_notice"], addressee=RARE)
    assert RARE in said(written("acceptance_notice", facts))
    dirty = replace(BASE, addressee="张\x01三\u200b\ufffe")
    assert "张三\ufffd：" in said(written("acceptance_notice", dirty))
