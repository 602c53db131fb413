"""The pieces of a word-processor file that python-docx has no words for: faces, borders, fields, places, equal bytes.

Format: ECMA-376 Part 1 (WordprocessingML). Sizes of borders are eighths of a point, of margins and indents twentieths
("twips"), as the format wants them; callers speak points and millimetres.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from models.letters.fonts import clusters
from models.letters.layout.geometry import PT_PER_MM

if TYPE_CHECKING:
    from docx.document import Document

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_PARTS = re.compile(r"([\n\t])")


def legal(text: str) -> str:
    """Return `text` as a letter prints it: no invisible marks, nothing that XML cannot hold; ends and tabs stay."""
    parts = _PARTS.split(text)
    return "".join(part if part in "\n\t" else "".join(map(_held, "".join(clusters(part)))) for part in parts)


def _held(character: str) -> str:
    """Return a mark for half of a pair and for a number that is no character (XML 1.0, 2.2): no PDF prints them."""
    return "\ufffd" if "\ud800" <= character <= "\udfff" or character in "\ufffe\uffff" else character


def name(tag: str) -> str:
    """Return the qualified name of `w:tag`."""
    from docx.oxml.ns import qn

    return str(qn(tag))


def child(parent: Any, tag: str, **values: str) -> Any:
    """Return the child `tag` of an element, made when it is not there, with its attributes set."""
    from docx.oxml import OxmlElement

    found = parent.find(name(tag))
    if found is None:
        found = OxmlElement(tag)
        parent.append(found)
    for key, value in values.items():
        found.set(name(f"w:{key}"), value)
    return found


def faces(properties: Any, face: str) -> None:
    """Name one face for all scripts in run properties: Latin digits stand in the Chinese face, as on paper."""
    fonts = properties.get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(name(f"w:{script}"), face)
    fonts.set(name("w:hint"), "eastAsia")


def character_spacing(style: Any, twentieths: int) -> None:
    """Set the space after each character of a style, twentieths of a point."""
    properties = style.element.get_or_add_rPr()
    found = child(properties, "w:spacing", val=str(twentieths))
    size = properties.find(name("w:sz"))
    if size is not None:
        size.addprevious(found)  # the format fixes the order of properties: spacing stands before size


def no_theme(document: Document) -> None:
    """Take the faces of the starting document's theme away, and set its language to Chinese."""
    defaults = document.styles.element.find(f"{name('w:docDefaults')}/{name('w:rPrDefault')}/{name('w:rPr')}")
    faces(defaults, "仿宋")
    child(defaults, "w:lang", val="zh-CN", eastAsia="zh-CN", bidi="ar-SA")


def page_field(run: Any) -> None:
    """Let a run show the number of its page."""
    for kind in ("begin", None, "end"):
        if kind is None:
            text = child(run._r, "w:instrText")
            text.text = "PAGE"
        else:
            from docx.oxml import OxmlElement

            mark = OxmlElement("w:fldChar")
            mark.set(name("w:fldCharType"), kind)
            run._r.append(mark)


def indent(line: Any, *, left: float = 0.0, right: float = 0.0, first: float = 0.0) -> None:
    """Set a paragraph's indents, points; `first` below zero hangs."""
    from docx.shared import Pt

    shape = line.paragraph_format
    shape.left_indent, shape.right_indent, shape.first_line_indent = Pt(left), Pt(right), Pt(first)


def first_characters(line: Any, characters: int, size: float) -> None:
    """Indent a paragraph's first line by characters, which stays right when the type size is edited (7.3.3)."""
    if characters:
        indent(line, first=characters * size)
        line._p.get_or_add_pPr().find(name("w:ind")).set(name("w:firstLineChars"), str(100 * characters))


def line_under(line: Any, gap_mm: float, width_mm: float, colour: str) -> None:
    """Draw a line as wide as the type area `gap_mm` under a paragraph."""
    from docx.oxml import OxmlElement

    borders = OxmlElement("w:pBdr")
    size, space = str(round(width_mm * PT_PER_MM * 8)), str(round(gap_mm * PT_PER_MM))
    child(borders, "w:bottom", val="single", sz=size, space=space, color=colour)
    properties = line._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def rules(table: Any, widths_mm: Mapping[str, float]) -> None:
    """Rule a table: `top`, `left`, `bottom`, `right`, `insideH`, `insideV`, each with its thickness in millimetres."""
    borders = child(table._tbl.tblPr, "w:tblBorders")
    for side, width in widths_mm.items():
        child(borders, f"w:{side}", val="single", sz=str(round(width * PT_PER_MM * 8)), space="0", color="000000")


def columns(table: Any, widths_mm: Sequence[float]) -> None:
    """Set the widths of a table's grid: a word processor that reads the grid and one that reads the cells agree."""
    for column, width in zip(table._tbl.tblGrid.findall(name("w:gridCol")), widths_mm, strict=True):
        column.set(name("w:w"), str(round(width * PT_PER_MM * 20)))
    child(table._tbl.tblPr, "w:tblW", w=str(round(sum(widths_mm) * PT_PER_MM * 20)), type="dxa")


def cell_margins(table: Any, side_mm: float, pad_mm: float) -> None:
    """Set the room between the text and the lines of a table's cells."""
    margins = child(table._tbl.tblPr, "w:tblCellMar")
    for side, room in (("top", pad_mm), ("left", side_mm), ("bottom", pad_mm), ("right", side_mm)):
        child(margins, f"w:{side}", w=str(round(room * PT_PER_MM * 20)), type="dxa")


def at_page_end(table: Any) -> None:
    """Let a table stand on the type area's lower edge, wherever the text ends (7.4)."""
    from docx.oxml import OxmlElement

    place = OxmlElement("w:tblpPr")
    for key, value in (("vertAnchor", "margin"), ("horzAnchor", "margin"), ("tblpXSpec", "left"),
                       ("tblpYSpec", "bottom")):  # fmt: skip
        place.set(name(f"w:{key}"), value)
    properties = table._tbl.tblPr
    style = properties.find(name("w:tblStyle"))
    properties.insert(0 if style is None else 1, place)


def same_bytes(document: Document) -> bytes:
    """Return the file with every time in its folder fixed and the starting document's picture left out."""
    package = document.part.package
    for key, part in list(package.rels.items()):
        if part.reltype.endswith("/thumbnail"):
            del package.rels[key]
    made, fixed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for each in source.infolist():
            info = zipfile.ZipInfo(each.filename, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            target.writestr(info, source.read(each.filename))
    return fixed.getvalue()
