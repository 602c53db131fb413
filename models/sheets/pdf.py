"""A sheet as PDF: the same sheet and the same fonts give the same bytes.

Drawn with the paper, the fonts and the line breaking of letters (`models.letters`), so that rare names print here as
they do there: character by character from the first font that has it. What no font has is named, with where it
stands, before a page is given out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any

from models.errors import InputError
from models.letters.blocks import Letter, Signature
from models.letters.code import SealedCode, squares
from models.letters.fonts import FontBook, Role, name_characters, system_book
from models.letters.layout import official
from models.letters.layout import parts as letter_parts
from models.letters.layout.foot import page_number
from models.letters.layout.geometry import CODE_SIZE, PAGE_NUMBER_DROP, SIZE_3, SMALL_3, SMALL_5, mm
from models.letters.layout.sheet import Align, Setter
from models.letters.layout.sheet import Sheet as Pages
from models.letters.layout.title import TITLE_LEADING, TITLE_ROLE, title_lines
from models.letters.pdf import GREY
from models.sheets import charts, parts, words
from models.sheets.content import Blank, Block, Chart, Grid, Heading, PageBreak, Pairs, Sheet, Text, Tiles
from models.sheets.flow import NEW_PAGE, Flow, Part, space
from models.sheets.grid import GridSetter
from models.sheets.ink import Ink
from models.sheets.styles import Style, style_of

CODE_SIDE = 16.0
"""Of the square code on office papers and ledgers, millimetres: beside the title."""
_ROLES: tuple[Role, ...] = ("fangsong", "kai", "hei", "song", "xiaobiaosong")


def to_pdf(
    sheet: Sheet, *, sealed: SealedCode | None = None, draft: bool = False, book: FontBook | None = None
) -> bytes:
    """Return `sheet` as PDF.

    Args:
        sheet: What it says.
        sealed: The code of an issued paper.
        draft: It says at the foot of each page that it is not issued.
        book: Fonts; those of the system by default.

    Raises:
        InputError: No font has some of the characters; each is named, with the texts where it stands.
    """
    fonts = book or system_book()
    try:
        return _Paper(sheet, sealed, fonts, draft=draft).made()
    except InputError as error:
        if error.field == "font":
            raise (_unprintable(sheet, fonts) or error) from error
        raise


def page_count(pdf: bytes) -> int:
    """Return the number of pages of a PDF."""
    import io

    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(pdf)).pages)


@dataclass
class _Paper:
    """One sheet while it is printed."""

    sheet: Sheet
    sealed: SealedCode | None
    book: FontBook
    draft: bool

    def made(self) -> bytes:
        style = style_of(self.sheet)
        setter = Setter(self.book)
        geometry = style.geometry
        title = self.sheet.title.replace("|", "")
        ink = Ink(geometry.width, geometry.height, title=title, author=self.sheet.organ, subject=self.sheet.number)
        pages = Pages(ink, self.book)
        top = self._official_front(pages, setter, style) if style.body == SIZE_3 else self._front(pages, setter, style)
        flow = Flow(pages, geometry, top)
        flow.fill(self._parts(setter, style))
        return ink.finish_with(lambda page, total: self._foot(pages, style, page, total))

    # --- above the blocks ---------------------------------------------------------------------------------------------

    def _official_front(self, pages: Pages, setter: Setter, style: Style) -> float:
        """Draw mark, number, red line and title (GB/T 9704-2012, 7.2, 7.3.1); return where the body begins."""
        sheet = self.sheet
        letter = Letter(kind=sheet.kind, page="official", organ=sheet.organ, title=sheet.title, number=sheet.number)
        front = official.front_of(letter, setter)
        official.paint_front(pages, setter, letter, front)
        top = front.body_top
        if sheet.subtitle:
            size = style.geometry.size
            at = top - style.geometry.pitch * 0.8
            role: Role = "kai" if style.language == "zh" else style.text_role
            pages.put(sheet.subtitle, role, size, at, style.geometry.span, align="centre")
            top += style.geometry.pitch * 0.7
        return top

    def _front(self, pages: Pages, setter: Setter, style: Style) -> float:
        """Draw organ, title, subtitle and number, with the code at the right; return where the blocks begin."""
        geometry, sheet = style.geometry, self.sheet
        room = geometry.area_width - (2 * (CODE_SIDE + 3) if self.sealed else 0)
        span = geometry.span
        top = geometry.top
        pages.put(sheet.organ, "fangsong", SMALL_3, top, span, align="centre")
        at = top + mm(SMALL_3) * TITLE_LEADING
        role: Role = TITLE_ROLE if style.language == "zh" else "hei"
        for line in self._titles(setter, style, room):
            pages.put(line, role, geometry.title_size, at, span, align="centre")
            at += mm(geometry.title_size) * TITLE_LEADING
        told: Role = "kai" if style.language == "zh" else style.text_role
        for under in setter.breaks(sheet.subtitle, told, style.body, room, flush=False) if sheet.subtitle else ():
            left = (geometry.left + geometry.right - mm(under.width)) / 2
            pages.line(under, style.body, left, at)
            at += mm(style.body) * 1.4
        if self.sealed:
            left = geometry.right - CODE_SIDE
            ink = pages.paper
            ink.boxes([(left + x, top + y, w, h) for x, y, w, h in squares(self.sealed.payload, CODE_SIDE)])
            at = max(at, top + CODE_SIDE + 1.5)
        if sheet.number:
            pages.put(sheet.number, "fangsong", style.body, at, span, align="right")
            at += mm(style.body) * 1.4
        return at + 2.0

    def _titles(self, setter: Setter, style: Style, room: float) -> list[str]:
        size = style.geometry.title_size
        if style.language == "zh":
            return title_lines(setter, self.sheet.title, size, room)
        lines = setter.breaks(self.sheet.title, "hei", size, room, flush=False)
        return ["".join(glyph.cluster for glyph in line.glyphs) for line in lines]

    # --- blocks -----------------------------------------------------------------------------------------------------

    def _parts(self, setter: Setter, style: Style) -> Iterator[Part]:
        sheet = self.sheet
        if sheet.addressee:
            lines = setter.breaks(
                sheet.addressee + words.colon(sheet.language).strip(),
                style.text_role,
                style.body,
                style.geometry.area_width,
                tight=style.tight,
            )
            yield from (_whole_line(style, line) for line in lines)
        for block in sheet.blocks:
            yield from self._block(setter, style, block)
        if style.body == SIZE_3 and sheet.sealed and sheet.dated_on:
            yield from self._signature(setter, style)
        yield from parts.signs(setter, style, sheet.sign)
        yield from parts.notes(setter, style, sheet.notes)

    def _block(self, setter: Setter, style: Style, block: Block) -> Iterator[Part]:
        match block:
            case Heading():
                yield from parts.heading(setter, style, block)
            case Text():
                yield from parts.text(setter, style, block)
            case Pairs():
                yield from parts.pairs(setter, style, block)
            case Tiles():
                yield from parts.tiles(setter, style, block)
            case Grid():
                yield from GridSetter(setter, style, block).parts()
            case Chart():
                yield from charts.parts(setter, style, block)
            case Blank():
                yield parts.blank(setter, style, block)
            case PageBreak():
                yield NEW_PAGE

    def _signature(self, setter: Setter, style: Style) -> Iterator[Part]:
        """Yield organ and date with room for the seal (7.3.5); nothing is drawn there."""
        assert self.sheet.dated_on is not None  # noqa: S101  asked by the caller
        signature = Signature(organ=self.sheet.organ, date=words.day(self.sheet.dated_on, style.language))
        yield space(0.0)
        for piece in letter_parts.signature(setter, style.geometry, signature):
            yield Part(piece.height, piece.paint)

    # --- under the type area ----------------------------------------------------------------------------------------

    def _foot(self, pages: Pages, style: Style, page: int, total: int) -> None:
        if style.body == SIZE_3:
            self._official_foot(pages, style, page)
        else:
            self._office_foot(pages, style, page, total)

    def _official_foot(self, pages: Pages, style: Style, page: int) -> None:
        """Draw the page number of the standard (7.5), and the code opposite it, square on the first page."""
        geometry = style.geometry
        page_number(pages, geometry, page)
        top = geometry.bottom + 5.5
        told = [words.code_words(self.sealed.short, style.language)] if self.sealed else []
        if self.draft:
            told.append(words.draft_words(style.language))
        left = geometry.left
        if page == 1 and self.sealed:
            boxes = squares(self.sealed.payload, CODE_SIZE)
            pages.paper.boxes([(left + x, top + y, w, h) for x, y, w, h in boxes])
            under = top + CODE_SIZE - mm(SMALL_5) - 1
            pages.put(told[0], style.foot_role, SMALL_5, under, (left + CODE_SIZE + 2.5, geometry.right))
        elif told:
            side: Align = "left" if page % 2 else "right"
            pages.put("　".join(told), style.foot_role, SMALL_5, top, geometry.span, align=side)

    def _office_foot(self, pages: Pages, style: Style, page: int, total: int) -> None:
        """Draw whose paper it is and of which day, its code, and page n of m; on later pages also what it is."""
        geometry, sheet, language = style.geometry, self.sheet, style.language
        top = geometry.bottom + PAGE_NUMBER_DROP - 1.0
        pages.paper.line(geometry.left, top - 1.2, geometry.right, top - 1.2, 0.15, GREY)
        left = [sheet.organ, words.day(sheet.dated_on, language) if isinstance(sheet.dated_on, date) else ""]
        if self.sealed:
            left.append(words.code_words(self.sealed.short, language))
        if self.draft:
            left.append(words.draft_words(language))
        pages.put("　".join(each for each in left if each), style.foot_role, SMALL_5, top, geometry.span, colour=GREY)
        told = words.page_of(page, total, language)
        pages.put(told, style.foot_role, SMALL_5, top, geometry.span, align="right")
        if page > 1:
            head = "　".join(each for each in (sheet.title.replace("|", ""), sheet.subtitle) if each)
            pages.put(head, style.foot_role, SMALL_5, geometry.top - mm(SMALL_5) - 3.0, geometry.span, colour=GREY)


def _whole_line(style: Style, line: Any) -> Part:
    geometry = style.geometry
    return Part(geometry.pitch, lambda pages, top: pages.line(line, style.body, geometry.left, top))


# --- characters without a font ---------------------------------------------------------------------------------------


def _unprintable(sheet: Sheet, book: FontBook) -> InputError | None:
    """Return the error that names every character of the sheet that no font has, with the first texts they stand in."""
    lost = unprinted(sheet, book)
    if not lost:
        return None
    named = name_characters(lost)
    places = [each if len(each) <= 24 else f"{each[:24]}…" for each in dict.fromkeys(lost.values())][:3]
    zh, en = "；".join(f"“{each}”" for each in places), "; ".join(f"“{each}”" for each in places)
    return InputError(
        "font",
        f"这些字没有字体能印：{named}（见 {zh}）。请安装含有这些字的字体（如宋体扩展 SimSun-ExtB 或 BabelStone"
        " Han），或核对用字后再印。",
        f"No font can print these characters: {named} (see {en}). Install a font that has them (such as SimSun-ExtB or"
        " BabelStone Han) or check the spelling, then print again.",
    )


def unprinted(sheet: Sheet, book: FontBook) -> dict[str, str]:
    """Return the characters of a sheet that no font has, each with the first text it stands in."""
    lost: dict[str, str] = {}
    for text in texts_of(sheet):
        for role in _ROLES:
            for character in book.missing([text], role):
                lost.setdefault(character, text)
    return lost


def texts_of(value: object) -> Iterator[str]:
    """Yield every text of a sheet that is printed, in no promised order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Iterable):  # before records: rows may be one that reads them as it is walked
        for each in value:
            yield from texts_of(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name not in ("kind", "language"):
                yield from texts_of(getattr(value, field.name))
