"""Papers of the bureau as PDF, read back through pypdf: text, places on the page, heads, totals, page n of m, bytes."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from models.errors import InputError
from models.letters.code import Statement, make_code
from models.letters.layout.geometry import OFFICIAL, Geometry
from models.sheets.content import (
    Blank,
    Block,
    Column,
    Grid,
    Heading,
    Language,
    PageBreak,
    Pairs,
    Sheet,
    Sign,
    Text,
    Tile,
    Tiles,
)
from models.sheets.pdf import page_count, texts_of, to_pdf
from models.sheets.styles import LEDGER, OFFICE
from tests.models.letters.measure import Char, Measured
from tests.models.sheets.memory import grown_mib
from tests.models.sheets.samples import brief, charts, ledger, report

LANGUAGES: tuple[Language, ...] = ("zh", "en")
FOOT = 14.0
"""Room under the type area for the foot, millimetres."""


def paper(*blocks: Block, **changed: Any) -> Sheet:
    given = {"kind": "roster", "title": "联络名单", "organ": "示例县公安局", "dated_on": date(2026, 4, 2)}
    return Sheet(**{**given, "blocks": blocks, **changed})


def said(measured: Measured, page: int) -> str:
    """Return what a page says, line by line, without spaces."""
    return "\n".join("".join(char.text for char in line).replace(" ", "") for line in measured.lines(page))


def outside(measured: Measured, geometry: Geometry) -> list[Char]:
    """Return the characters that do not lie on the page's text area and foot."""
    return [
        char
        for char in measured.chars
        if char.text.strip()
        and not (
            geometry.left - 0.1 <= char.x
            and char.x + char.width <= geometry.right + 3.0  # a closing mark may hang by half its width
            and geometry.top - 8.0 <= char.top
            and char.top + char.size * 25.4 / 72 <= geometry.bottom + FOOT
        )
    ]


# --- every sample on its page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("make", "geometry"),
    [(ledger, LEDGER), (report, OFFICIAL), (brief, OFFICE), (lambda spoken: report(spoken, official=False), OFFICE)],
    ids=["ledger", "report", "brief", "office"],
)
def test_no_text_leaves_the_page(make: Any, geometry: Geometry, language: Language) -> None:
    measured = Measured(to_pdf(make(language)))
    assert measured.pages >= 2
    assert outside(measured, geometry) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_sheet_gives_the_same_bytes(language: Language) -> None:
    for make in (ledger, report, brief):
        assert to_pdf(make(language)) == to_pdf(make(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_a_report_is_on_its_pages(language: Language) -> None:
    made = report(language)
    whole = re.sub(r"\s", "", Measured(to_pdf(made)).text())
    for text in texts_of(made):
        squeezed = re.sub(r"\s", "", text)
        if squeezed in ("%", "") or squeezed in MADE_INTO_OTHERS:
            continue
        pieces = [squeezed[at : at + 6] for at in range(0, max(1, len(squeezed) - 5), 6)]
        assert all(piece in whole for piece in pieces), text


MADE_INTO_OTHERS = {"已化解", "列入", "Solved", "Included", *(f"2026-{month:02d}" for month in range(1, 13))}
"""Names of series that a target chart tells as reached/included, and months of which every second is written."""


@pytest.mark.parametrize("sheet", [ledger(), report(), brief()], ids=["ledger", "report", "brief"])
def test_a_rendered_page_has_no_ink_in_its_margins(sheet: Sheet, tmp_path: Path) -> None:
    """Rendered by poppler, independent of the writer: what lies outside the type area and the foot is white."""
    tool = shutil.which("pdftoppm")
    if tool is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed: left out")
    from PIL import Image, ImageChops

    path = tmp_path / "a.pdf"
    path.write_bytes(to_pdf(sheet))
    subprocess.run([tool, "-r", "72", "-gray", "-png", str(path), str(tmp_path / "page")], check=True)
    pages = sorted(tmp_path.glob("page*.png"))
    assert len(pages) == page_count(path.read_bytes())
    geometry = LEDGER if sheet.landscape else OFFICIAL if sheet.official else OFFICE
    dots = 72 / 25.4
    for page in pages:
        image = Image.open(page).convert("L")
        ink = ImageChops.invert(image).point(lambda value: 255 if value > 40 else 0).getbbox()
        assert ink is not None, "an empty page"
        left, top, right, bottom = ink
        assert left >= (geometry.left - 1) * dots
        assert right <= (geometry.right + 3) * dots
        assert top >= (geometry.top - 9) * dots
        assert bottom <= (geometry.bottom + FOOT) * dots


# --- tables over pages ------------------------------------------------------------------------------------------------


def test_heads_come_again_and_the_totals_stand_with_the_last_row() -> None:
    measured = Measured(to_pdf(ledger("zh", 60)))
    pages = [said(measured, page) for page in range(1, measured.pages + 1)]
    assert all("责任单位" in page and "收到日期" in page and "期限" in page for page in pages)
    assert [f"第{page}页　共{len(pages)}页" in text for page, text in enumerate(pages, 1)] == [True] * len(pages)
    numbers = [number for text in pages for number in re.findall(r"J2026-\d{6}", text)]
    assert numbers == [f"J2026-{place:06d}" for place in range(1, 61)], "each row once, in order"
    total = sum(1 + place % 6 for place in range(60))
    assert "合计" in pages[-1]
    assert str(total) in pages[-1]
    assert "J2026-000060" in pages[-1]


def test_each_cell_keeps_its_text_between_its_rules() -> None:
    """The rules left and right of a cell are the nearest upright ones; no character crosses one."""
    measured = Measured(to_pdf(ledger("zh", 40)))
    for page in range(1, measured.pages + 1):
        upright = {round(rule.x1, 2) for rule in measured.rules if rule.page == page and abs(rule.x1 - rule.x2) < 0.01}
        for line in measured.lines(page):
            for char in line:
                inside = [x for x in upright if char.x + 0.05 < x < char.x + char.width - 0.05]
                table = min(upright) <= char.x <= max(upright) and char.top < LEDGER.bottom and char.size <= 9.0
                assert not (table and char.text.strip() and inside and _in_table(measured, page, char)), char


def _in_table(measured: Measured, page: int, char: Char) -> bool:
    """Say whether an upright rule stands beside the character's height: notes and names under the table have none."""
    return any(
        rule.page == page and abs(rule.x1 - rule.x2) < 0.01 and rule.y1 <= char.top + 0.5 <= rule.y2
        for rule in measured.rules
    )


def test_a_value_wider_than_its_column_goes_on_in_the_next_line() -> None:
    """The widths come from the first rows; what comes later is broken, not cut."""

    def rows() -> Iterator[Sequence[str]]:
        for _ in range(400):
            yield ("J1", "短")
        yield ("J2026-000001-J2026-000002-J2026-000003-J2026-000004-J2026-000005-J2026-000006", "尾")

    columns = [Column(head="编号", wrap=False), Column(head="概况", width=9)]
    measured = Measured(to_pdf(paper(Grid(columns=columns, rows=list(rows())))))
    assert "J2026-000006" in measured.text()
    assert outside(measured, OFFICE) == []


def test_a_row_higher_than_a_page_is_cut_between_its_lines() -> None:
    long = "反映问题。" * 900
    columns = [Column(head="序号", kind="int"), Column(head="概况", width=9)]
    measured = Measured(to_pdf(paper(Grid(columns=columns, rows=[(1, "短"), (2, long), (3, "完")]))))
    assert measured.pages >= 3
    assert measured.text().count("反映问题。") == 900
    assert outside(measured, OFFICE) == []


def test_a_column_under_another_stands_in_its_cell() -> None:
    columns = [
        Column(head="收到", kind="date", group="日期"),
        Column(head="办结", kind="date", group="日期", under=True),
        Column(head="概况", width=3),
    ]
    rows = [(date(2026, 1, 5), date(2026, 2, 5), "甲"), (None, date(2026, 3, 6), "乙"), (date(2026, 4, 7), None, "丙")]
    measured = Measured(to_pdf(paper(Grid(columns=columns, rows=rows))))
    first, second, third = (measured.find(each)[0] for each in ("2026-01-05", "2026-03-06", "2026-04-07"))
    assert measured.find("2026-02-05")[0].x == pytest.approx(first.x, abs=0.01)
    assert measured.find("乙")[0].top == pytest.approx(second.top - 10.5 * 1.32 * 25.4 / 72, abs=0.3), (
        "its line is kept"
    )
    assert measured.find("丙")[0].top == pytest.approx(third.top, abs=0.3)
    assert said(measured, 1).index("收到") < said(measured, 1).index("办结")


def test_a_table_with_many_columns_is_set_smaller_and_still_whole() -> None:
    columns = [Column(head=f"第{place}列", width=1 + place % 3) for place in range(34)]
    rows = [tuple(f"内容{place}的第{line}行" for place in range(34)) for line in range(8)]
    measured = Measured(to_pdf(paper(Grid(columns=columns, rows=rows), landscape=True)))
    assert outside(measured, LEDGER) == []
    whole = measured.text()
    assert all(f"第{line}" in whole for line in range(8))
    assert min(char.size for char in measured.chars if char.text == "内") == 7.5


def test_values_are_printed_by_their_kind() -> None:
    columns = [
        Column(head="件", kind="int"),
        Column(head="率", kind="percent"),
        Column(head="天", kind="decimal"),
        Column(head="时间", kind="date"),
    ]
    rows: list[tuple[Any, ...]] = [
        (12345, 45 / 80, 32.25, datetime.fromisoformat("2026-01-05T09:30")),
        (0, "数量过小", None, date(2026, 1, 5)),
    ]
    measured = Measured(to_pdf(paper(Grid(columns=columns, rows=rows, totals=("12,345", 1.0, 0, None)))))
    text = said(measured, 1)
    for shown in ("12,345", "56.3%", "32.3", "2026-01-0509:30", "数量过小", "100.0%"):
        assert shown in text, shown
    counts = measured.find("12,345")
    rules = sorted({rule.x1 for rule in measured.rules if abs(rule.x1 - rule.x2) < 0.01})
    assert rules[1] - (counts[-1].x + counts[-1].width) == pytest.approx(1.0, abs=0.05), "counts stand at the right"


def test_a_table_without_rows_says_so() -> None:
    assert "（无）" in Measured(to_pdf(paper(Grid(columns=[Column(head="编号")], rows=[])))).text()
    told = Grid(columns=[Column(head="编号")], rows=[], empty="当日无人来访")
    assert "当日无人来访" in Measured(to_pdf(paper(told))).text()


def test_ten_thousand_rows_are_printed_in_bounded_memory(tmp_path: Path) -> None:
    """Rows are read once for the widths and once for the pages; what stays is the packed pages, not the rows."""
    path = tmp_path / "a.pdf"
    assert grown_mib("models.sheets.pdf", "to_pdf", path) < 45
    assert page_count(path.read_bytes()) > 500


# --- blocks -----------------------------------------------------------------------------------------------------------


def test_pages_begin_where_they_are_told_and_headings_stay_with_their_text() -> None:
    filler = [Text(text="一行文字。") for _ in range(31)]
    made = paper(Text(text="第一页"), PageBreak(), *filler, Heading(text="二、标题在页底"), Text(text="随标题的正文"))
    measured = Measured(to_pdf(made))
    pages = [said(measured, page) for page in range(1, measured.pages + 1)]
    assert "第一页" in pages[0]
    assert "一行文字" not in pages[0]
    assert [("二、标题在页底" in page) == ("随标题的正文" in page) for page in pages] == [True] * len(pages)


def test_pairs_tiles_blanks_and_names_are_printed() -> None:
    made = paper(
        Tiles(tiles=[Tile(label="收到", value="128", remark="比上月 +12")] * 7),
        Pairs(pairs=[("编号", "S2026-000001"), ("日期", date(2026, 1, 5)), ("诉求", "重新调查。" * 40)], columns=2),
        Text(text="原话", quote=True),
        Blank(label="领导意见", lines=4),
        sign=[Sign(label="填表人", name="陈立群"), Sign(label="审核人"), Sign(label="签发人"), Sign(label="监督人")],
        notes=["公式第2版", "另有 3 件密件"],
        subtitle="2026年1月",
        number="",
    )
    text = Measured(to_pdf(made)).text()
    for each in (
        "比上月+12",
        "S2026-000001",
        "2026-01-05",
        "原话",
        "领导意见",
        "填表人：陈立群",
        "监督人：",
        "注2：另有3件密件",
    ):
        assert each in text, each
    assert text.count("128") == 7
    assert text.count("重新调查。") == 40


def test_room_for_handwriting_is_never_torn() -> None:
    filler = [Text(text="一行文字。") for _ in range(30)]
    measured = Measured(to_pdf(paper(*filler, Blank(label="签名处", lines=6))))
    label = measured.find("签名处")[0]
    boxes = [rule for rule in measured.rules if rule.page == label.page and abs(rule.y1 - rule.y2) < 0.01]
    assert label.page == 2
    under = max(rule.y1 for rule in boxes if rule.y1 < OFFICE.bottom)
    assert under - label.top > 6 * 8.0


# --- official papers, foot and code -----------------------------------------------------------------------------------


def code() -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
    statement = Statement(
        kind="circular", number="示公（信）通〔2026〕1号", dated_on=date(2026, 4, 2), device=1, digest=b"\1" * 32
    )
    return make_code(statement, key.sign)


def test_an_official_paper_keeps_the_standard() -> None:
    """GB/T 9704-2012: mark 35 mm under the type area's top, page numbers between dashes, date without padded zeros."""
    made = replace(report(), addressee="绵州市公安局")
    measured = Measured(to_pdf(made, sealed=code()))
    mark = measured.find("梓州县公安局")[0]
    assert mark.top == pytest.approx(OFFICIAL.top + 35.0, abs=0.5)
    assert mark.size > 22
    assert "梓公（信）报〔2026〕3号" in measured.text()
    assert "—1—" in said(measured, 1).replace(" ", "")
    assert "2026年4月2日" in measured.text()
    body = measured.find("本月共收到")[0]
    assert body.size == 16.0
    assert body.x == pytest.approx(OFFICIAL.left + 2 * (OFFICIAL.area_width / 28), abs=0.3)


def test_each_page_bears_the_code_and_the_first_its_square() -> None:
    sealed = code()
    for sheet in (ledger(), report(), brief()):
        measured = Measured(to_pdf(sheet, sealed=sealed))
        for page in range(1, measured.pages + 1):
            assert sealed.short in said(measured, page).replace(" ", "")
        bare = Measured(to_pdf(sheet))
        assert sealed.short not in bare.text()
    assert "预览稿" in Measured(to_pdf(brief(), draft=True)).text()


def test_the_square_code_reads_as_issued(tmp_path: Path) -> None:
    """Read by zbarimg from the rendered page."""
    for tool in ("zbarimg", "pdftoppm"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed: left out")
    sealed = code()
    path = tmp_path / "a.pdf"
    for sheet in (ledger(), report(), brief()):
        path.write_bytes(to_pdf(sheet, sealed=sealed))
        subprocess.run(
            ["pdftoppm", "-r", "300", "-gray", "-png", "-l", "1", str(path), str(tmp_path / "page")], check=True
        )
        picture = next(iter(sorted(tmp_path.glob("page*.png"))))
        read = subprocess.run(["zbarimg", "-q", "--raw", str(picture)], capture_output=True, text=True, check=True)
        assert read.stdout.strip() == sealed.payload
        picture.unlink()


# --- fonts ------------------------------------------------------------------------------------------------------------


def test_a_character_without_a_font_is_named_with_where_it_stands() -> None:
    grid = Grid(
        columns=[Column(head="姓名"), Column(head="概况")], rows=[("王建国", "好"), ("张\ue863", "反映\ue864的问题")]
    )
    with pytest.raises(InputError) as refused:
        to_pdf(paper(grid, *charts()))
    assert refused.value.field == "font"
    for part in ("\ue863（U+E863）", "\ue864（U+E864）", "张\ue863"):
        assert part in refused.value.message.zh
        assert part in refused.value.message.en


def test_rare_names_are_printed_character_by_character() -> None:
    text = Measured(to_pdf(paper(Text(text="张𬱖与㛃某")))).text()
    assert "张𬱖与㛃某" in text
