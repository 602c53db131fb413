"""A letter as a word-processor file (.docx), for the units that must edit in their word processor.

The frozen PDF stays the record: every page of the editing copy says so in its header, beside number and code. The same
parts stand in the same order as on paper, with the measures of `models.letters.layout.geometry` (domain reference,
15.1, 15.2) as near as a word processor keeps them. What it cannot keep: characters are drawn closer by twentieths of a
point, line ends are the word processor's, and a form that stands on one sheet bears its page number all the same. The
square code is left out: it proves the PDF, not a copy that anyone may edit.

Same letter, same bytes: core properties and file times are given, not read from a clock. python-docx is imported on
first need.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from models.letters import ooxml
from models.letters.blocks import Imprint, Letter, Pair, Signature, Table
from models.letters.fonts import Role
from models.letters.layout import geometry as g
from models.letters.layout.parts import CELL_LEADING, CELL_PAD, CELL_SIDE, LEVEL_ROLES, SIGNER, halves

if TYPE_CHECKING:
    from docx.document import Document

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EDITING_COPY = "编辑稿：以登记库冻结的 PDF 为准"
DRAFT_COPY = "预览稿：尚未出具，不得送达"
FONT_NAMES: dict[Role, str] = {
    "fangsong": "仿宋",
    "xiaobiaosong": "方正小标宋简体",
    "kai": "楷体",
    "hei": "黑体",
    "song": "宋体",
}
"""Names under which word processors know the faces of GB/T 9704-2012 (5.2.2, 7.2.4, 7.3, 7.5)."""

_RED, _GREY = "D90000", "737373"
_NO_DAY = date(2000, 1, 1)
_ROLL_HEIGHT = 297.0
"""A word processor needs a page height where the counter's printer has none, millimetres."""
_MARK_LARGEST, _MARK_SHARE, _MARK_SMALLEST = 40.0, 0.92, 24.0
"""Of the issuing organ's mark, as on paper (`models.letters.layout.official`)."""
_RED_LINE_WIDTH = 0.7
_TITLE_LEADING = 1.4
_LARGE = 1.6
_ROLL = g.Geometry(
    g.ROLL_WIDTH,
    _ROLL_HEIGHT,
    g.ROLL_MARGIN,
    g.ROLL_MARGIN,
    g.ROLL_WIDTH - 2 * g.ROLL_MARGIN,
    _ROLL_HEIGHT - 2 * g.ROLL_MARGIN,
    48,
    18,
    size=g.ROLL_SIZE,
    title_size=g.ROLL_TITLE,
)
_AREAS = {"official": g.OFFICIAL, "form": g.FORM, "a5": g.A5_SLIP, "roll": _ROLL}


@dataclass(frozen=True, slots=True)
class _Style:
    """A paragraph style: face, size in points, line pitch as a multiple of the size (0: the body's)."""

    name: str
    role: Role
    size: float
    leading: float = CELL_LEADING


def to_docx(letter: Letter, *, code: str = "", dated_on: date | None = None) -> bytes:
    """Return `letter` as a .docx file.

    Args:
        letter: What `compose` made.
        code: Short verification code of the issued document; empty for a preview.
        dated_on: Day printed; stands in the file's properties in place of the time of making.
    """
    from docx import Document

    writer = _Writer(Document(), letter)
    writer.prepare(code)
    writer.front()
    writer.body()
    writer.end()
    return writer.finish(code, dated_on or _NO_DAY)


class _Writer:
    """A letter being written, part by part, in reading order."""

    def __init__(self, document: Document, letter: Letter) -> None:
        self.document = document
        self.letter = letter
        self.area = _AREAS[letter.page]
        self.text_role: Role = "hei" if letter.page == "roll" else "fangsong"  # thermal paper wants even strokes
        self.slip = letter.page in ("a5", "roll")
        self.pitch = math.floor(self.area.pitch * g.PT_PER_MM * 20) / 20
        """Line pitch, points: cut to a twentieth, so that the promised number of lines stands on a page (5.2.3)."""

    # --- the page ---------------------------------------------------------------------------------------------------

    def prepare(self, code: str) -> None:
        """Set paper, margins, styles, header and page number."""
        from docx.shared import Mm

        area, section = self.area, self.document.sections[0]
        section.page_width, section.page_height = Mm(area.width), Mm(area.height)
        section.top_margin, section.left_margin = Mm(area.top), Mm(area.left)
        section.right_margin = Mm(area.width - area.right)
        section.bottom_margin = Mm(area.height - area.bottom)
        section.header_distance = Mm(min(15.0, area.top / 2))
        section.footer_distance = Mm(max(2.0, area.height - area.bottom - g.PAGE_NUMBER_DROP - g.mm(g.SIZE_4)))
        ooxml.no_theme(self.document)
        title: Role = "hei" if self.letter.page == "roll" else "xiaobiaosong"
        self._style(_Style("Normal", self.text_role, area.size, 0))
        for style in (
            _Style("发文机关标志", "xiaobiaosong", _MARK_LARGEST),
            _Style("公文标题", title, area.title_size, _TITLE_LEADING),
            _Style("一级标题", "hei", area.size, 0),
            _Style("二级标题", "kai", area.size, 0),
            _Style("表格文字", "fangsong", g.SIZE_4),
            _Style("附注", "song", g.SMALL_4, 1.5),
            _Style("版记", "fangsong", g.SIZE_4, 1.6),
            _Style("页眉页码", "song", g.SMALL_5),
        ):
            self._style(style)
        self._header(code)
        if not self.slip:
            self._page_numbers()

    def _style(self, wanted: _Style) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.shared import Pt

        styles = self.document.styles
        found: Any
        if wanted.name == "Normal":
            found = styles["Normal"]
        else:
            found = styles.add_style(wanted.name, WD_STYLE_TYPE.PARAGRAPH)
            found.base_style = styles["Normal"]
        ooxml.faces(found.element.get_or_add_rPr(), FONT_NAMES[wanted.role])
        found.font.size = Pt(wanted.size)
        shape = found.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing = Pt(round(wanted.size * wanted.leading, 1) or self.pitch)
        shape.widow_control = False
        shape.keep_with_next = wanted.name.endswith("级标题")
        tight = min(0, math.floor(self.area.tight * 20)) if not wanted.leading else 0
        ooxml.character_spacing(found, tight)

    def _header(self, code: str) -> None:
        letter, section = self.letter, self.document.sections[0]
        parts = (
            DRAFT_COPY if letter.draft else EDITING_COPY,
            letter.number.strip() or letter.head[0],
            f"核验码 {code}" if code else "",
        )
        words = "　".join(part for part in parts if part)
        self.document.settings.odd_and_even_pages_header_footer = not self.slip
        for head in (section.header, *(() if self.slip else (section.even_page_header,))):
            line = head.paragraphs[0]
            line.style = self.document.styles["页眉页码"]
            self._run(line, words, colour=_GREY)

    def _page_numbers(self) -> None:
        """4号 Song between dashes, odd pages right, even pages left, one character in (7.5)."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        section = self.document.sections[0]
        sides = ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT))
        for foot, side in sides:
            line = foot.paragraphs[0]
            line.style, line.alignment = self.document.styles["页眉页码"], side
            ooxml.indent(line, left=g.SIZE_4, right=g.SIZE_4)
            line.paragraph_format.line_spacing = 1.0
            self._run(line, "— ", size=g.SIZE_4)
            ooxml.page_field(self._run(line, "", size=g.SIZE_4))
            self._run(line, " —", size=g.SIZE_4)

    # --- parts in reading order -------------------------------------------------------------------------------------

    def front(self) -> None:
        """Mark or organ, number, title, head, addressee: GB/T 9704-2012, 7.2 and 7.3, or the form (15.2)."""
        if self.letter.page == "official":
            self._official_front()
        else:
            self._form_front()
        if self.letter.addressee and not self.slip:
            self._add(f"{self.letter.addressee}：")

    def _official_front(self) -> None:
        letter = self.letter
        marks, size = [letter.organ], self._mark_size(letter.organ)
        if size < _MARK_SMALLEST:
            marks = halves(letter.organ)
            size = self._mark_size(max(marks, key=len))
        for place, mark in enumerate(marks):
            before = 0.0 if place else g.MARK_DROP * g.PT_PER_MM
            self._add(mark, "发文机关标志", align="CENTER", size=size, colour=_RED, before=before, pitch=size * 1.3)
        line = self._add(letter.number, align="" if letter.signer else "CENTER", before=2 * self.pitch)
        if letter.signer:
            self._signer(line, letter.signer)
        ooxml.line_under(line, g.RED_LINE_DROP, _RED_LINE_WIDTH, _RED)
        self._add(letter.plain_title, "公文标题", align="CENTER", before=2 * self.pitch, after=self.pitch)

    def _signer(self, line: Any, name: str) -> None:
        """Add who signed a letter to an organ above, at the right of the number; both one character in (7.2.6)."""
        ooxml.indent(line, left=g.SIZE_3)
        self._right_tab(line, g.SIZE_3)
        self._run(line, f"\t{SIGNER}")
        ooxml.faces(self._run(line, name)._r.get_or_add_rPr(), FONT_NAMES["kai"])

    def _mark_size(self, text: str) -> float:
        return min(_MARK_LARGEST, int(self.area.area_width * g.PT_PER_MM * _MARK_SHARE / max(_ems(text), 1.0) * 2) / 2)

    def _form_front(self) -> None:
        letter = self.letter
        self._add(letter.organ, align="CENTER", size=self.area.size if self.slip else g.SMALL_3)
        self._add(letter.plain_title, "公文标题", align="CENTER", before=0 if self.slip else 8, after=8)
        if self.slip:
            return
        if letter.number:
            self._add(letter.number, align="RIGHT", after=8)
        elif any(letter.head):
            self._right_tab(self._add("\t".join(letter.head), "附注"), 0.0)

    def body(self) -> None:
        """Paragraphs, tables and pairs, then the attachment lines (7.3.3, 7.3.4)."""
        for block in self.letter.blocks:
            if isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Pair):
                self._pair(block)
            else:
                style = {"hei": "一级标题", "kai": "二级标题"}.get(LEVEL_ROLES[block.level], "Normal")
                line = self._add(block.text, style, align="LEFT" if self.slip else "JUSTIFY")
                ooxml.first_characters(line, block.indent, self.area.size)
        self._attachments()

    def _pair(self, block: Pair) -> None:
        line = self._add(f"{block.label}：")
        run = self._run(line, block.value, size=round(self.area.size * _LARGE, 1) if block.large else 0)
        if block.large:
            ooxml.faces(run._r.get_or_add_rPr(), FONT_NAMES["hei"])
            line.paragraph_format.line_spacing = 1.0

    def _attachments(self) -> None:
        names, size = self.letter.attachments, self.area.size
        for place, each in enumerate(names, 1):
            numbered = f"{place}. " if len(names) > 1 else ""
            label = "附件：" if place == 1 else ""
            line = self._add(label + numbered + each, before=0 if place > 1 else self.pitch)
            hang = _ems(label + numbered) * size
            ooxml.indent(line, left=5 * size + _ems(numbered) * size, first=-hang)

    def end(self) -> None:
        """Signature, notes, copies or imprint (7.3.5, 7.3.6, 7.4)."""
        letter = self.letter
        official = letter.page == "official"
        if letter.signature:
            self._signature(letter.signature)
        for note in letter.notes:
            line = self._add(f"（{note}）" if official else note, "Normal" if official else "附注")
            ooxml.first_characters(line, 0 if self.slip else 2, self.area.size if official else g.SMALL_4)
        if letter.imprint and official:
            self._imprint(letter.imprint)
        elif letter.imprint and letter.imprint.copies and not self.slip:
            line = self._add(f"抄送：{letter.imprint.copies}。", "附注")
            ooxml.first_characters(line, 2, g.SMALL_4)

    def _signature(self, block: Signature) -> None:
        """Organ over date; sealed, the date ends four characters from the right and two lines wait for the seal."""
        organ, day, size = _ems(block.organ), _ems(block.date), self.area.size
        if self.slip:
            organ_right = day_right = 0.0
        elif block.sealed:
            day_right = 4.0
            organ_right = max(0.0, day_right + (day - organ) / 2)
        else:  # the date begins two characters right of the organ's first, and the longer of the two ends at two
            day_right = max(2.0, organ - day)
            organ_right = max(2.0, day + 4.0 - organ)
        line = self._add(block.organ, align="RIGHT", before=(2 if block.sealed else 1) * self.pitch)
        ooxml.indent(line, right=organ_right * size)
        line.paragraph_format.keep_with_next = True
        ooxml.indent(self._add(block.date, align="RIGHT"), right=day_right * size)

    def _table(self, block: Table) -> None:
        from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
        from docx.shared import Mm, Pt

        size = _cell_size(block, self.area)
        edges = _edges(block)
        table: Any = self.document.add_table(rows=len(block.rows), cols=len(edges) - 1)
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        ooxml.rules(table, dict.fromkeys(("top", "left", "bottom", "right", "insideH", "insideV"), g.LINE_THIN))
        ooxml.columns(table, [after - before for before, after in pairwise(edges)])
        ooxml.cell_margins(table, CELL_SIDE, CELL_PAD)
        for place, row in enumerate(block.rows):
            table.rows[place].height = Mm(row.least * g.mm(size) * CELL_LEADING + 2 * CELL_PAD)
            at = 0.0
            for cell in row.cells:
                start, at = edges.index(round(at, 2)), at + cell.width
                slot = table.cell(place, start)
                last = edges.index(round(at, 2)) - 1
                slot = slot.merge(table.cell(place, last)) if last > start else slot
                slot.width = Mm(cell.width)
                slot.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
                line = slot.paragraphs[0]
                line.style = self.document.styles["表格文字"]
                self._aligned(line, "CENTER" if cell.label else "LEFT")
                line.paragraph_format.line_spacing = Pt(size * CELL_LEADING)
                self._run(line, cell.text, size=size)

    def _imprint(self, imprint: Imprint) -> None:
        rows = [f"抄送：{imprint.copies}。"] if imprint.copies else []
        if imprint.printed_by or imprint.printed_on:
            rows.append(f"{imprint.printed_by}\t{imprint.printed_on}{'印发' if imprint.printed_on else ''}")
        if not rows:
            return
        table: Any = self.document.add_table(rows=len(rows), cols=1)
        ooxml.rules(table, {"top": g.LINE_THICK, "bottom": g.LINE_THICK, "insideH": g.LINE_THIN})
        ooxml.columns(table, [self.area.area_width])
        ooxml.at_page_end(table)
        for place, words in enumerate(rows):
            line = table.cell(place, 0).paragraphs[0]
            line.style = self.document.styles["版记"]
            ooxml.indent(line, left=g.SIZE_4, right=g.SIZE_4)  # one character in (7.4)
            self._right_tab(line, g.SIZE_4)
            self._run(line, words)
        self._add("", "页眉页码", pitch=1)  # what stands at the page's end hangs on a line of text

    def finish(self, code: str, dated_on: date) -> bytes:
        """Set the file's properties and return its bytes."""
        letter, core = self.letter, self.document.core_properties
        at = datetime(dated_on.year, dated_on.month, dated_on.day, tzinfo=UTC)
        core.title, core.author, core.last_modified_by = letter.plain_title, letter.organ, letter.organ
        core.subject, core.identifier = letter.number, code
        core.comments = DRAFT_COPY if letter.draft else EDITING_COPY
        core.language, core.keywords, core.revision = "zh-CN", "", 1
        core.created = core.modified = at
        return ooxml.same_bytes(self.document)

    # --- small ------------------------------------------------------------------------------------------------------

    def _add(
        self,
        text: str,
        style: str = "Normal",
        *,
        align: str = "",
        size: float = 0,
        colour: str = "",
        before: float = 0,
        after: float = 0,
        pitch: float = 0,
    ) -> Any:
        from docx.shared import Pt

        line = self.document.add_paragraph(style=style)
        self._run(line, text, size=size, colour=colour)
        self._aligned(line, align)
        shape = line.paragraph_format
        if before:
            shape.space_before = Pt(before)
        if after:
            shape.space_after = Pt(after)
        if pitch:
            shape.line_spacing = Pt(round(pitch, 1))
        return line

    def _aligned(self, line: Any, align: str) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        if align:
            line.alignment = getattr(WD_ALIGN_PARAGRAPH, align)

    def _run(self, line: Any, text: str, *, size: float = 0, colour: str = "") -> Any:
        from docx.shared import Pt, RGBColor

        run = line.add_run(ooxml.legal(text))
        if size:
            run.font.size = Pt(size)
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour)
        return run

    def _right_tab(self, line: Any, inside: float) -> None:
        from docx.enum.text import WD_TAB_ALIGNMENT
        from docx.shared import Pt

        at = self.area.area_width * g.PT_PER_MM - inside
        line.paragraph_format.tab_stops.add_tab_stop(Pt(at), WD_TAB_ALIGNMENT.RIGHT)


def _ems(text: str) -> float:
    """Return the width of a text in ems: Chinese characters one, Latin ones half."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5 for character in text)


def _edges(block: Table) -> list[float]:
    """Return the left edges of all cells of a table and its right edge, millimetres: its finest grid."""
    edges = {0.0}
    for row in block.rows:
        at = 0.0
        for cell in row.cells:
            at += cell.width
            edges.add(round(at, 2))
    return sorted(edges)


def _cell_size(block: Table, area: g.Geometry) -> float:
    """Return the largest of the form's cell sizes at which the table is likely to stand on one page, else 4号."""
    room = area.area_height - 5 * area.pitch  # organ, title and head above, a note below
    for size in (g.SIZE_3, g.SIZE_4, g.SMALL_4):
        height = 0.0
        for row in block.rows:
            lines = max(
                sum(
                    max(1, math.ceil(g.mm(size) * _ems(text) / (cell.width - 2 * CELL_SIDE)))
                    for text in cell.text.split("\n")
                )
                for cell in row.cells
            )
            height += max(row.least, lines) * g.mm(size) * CELL_LEADING + 2 * CELL_PAD
        if height <= room:
            return size
    return g.SIZE_4
