"""The reports on paper: every figure stands once with its formula, parts and corrections are told, nobody is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models import errors
from models.figures import contents, wording
from models.figures.indicators import CASE_TABLE, TABLE
from models.figures.records import Figure
from models.sheets import issue
from models.sheets.content import Chart, Grid, Heading, Sheet, Text, Tiles
from models.sheets.xlsx import to_xlsx
from tests.models.figures.conftest import Bureau
from tests.models.figures.test_submitted import late_letter

DAY = "2026-04-10"


def texts(sheet: Sheet) -> Iterator[str]:
    yield from (sheet.title, sheet.subtitle, *sheet.notes)
    for block in sheet.blocks:
        if isinstance(block, Grid):
            yield block.title
            yield from (column.head for column in block.columns)
            yield from (str(cell) for row in (*block.rows, block.totals or ()) for cell in row)
        elif isinstance(block, Heading | Text):
            yield block.text
        elif isinstance(block, Tiles):
            yield from (part for tile in block.tiles for part in (tile.label, tile.value, tile.remark))
        elif isinstance(block, Chart):
            yield from (block.title, *block.labels)


def grids(sheet: Sheet) -> dict[str, Grid]:
    return {block.title: block for block in sheet.blocks if isinstance(block, Grid)}


def test_every_figure_stands_in_one_section_with_its_formula(office: Bureau) -> None:
    named = [code for _title, codes in contents.SECTIONS for code in codes]
    assert sorted(named) == sorted(TABLE)
    figures = office.figures(DAY)
    sheet = figures.sheet(figures.month("2026-03"))
    formulas = list(sheet.blocks)[-1]
    assert isinstance(formulas, Grid)
    assert [row[:3] for row in formulas.rows] == [[one.name.zh, one.formula.zh, one.version] for one in TABLE.values()]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_month_on_paper_by_hand(office: Bureau, language: errors.Language) -> None:
    errors.speak(language)
    figures = office.figures(DAY)
    sheet = figures.sheet(figures.month("2026-03"), analysis="来访上升。", suggestions="加强首办。")
    word = 0 if language == "zh" else 1
    tables = grids(sheet)
    counts = tables[("受理和办理", "Accepting and handling")[word]]
    rows = {row[0]: row[1:] for row in counts.rows}
    assert rows[TABLE["late"].name[word]] == [("件", "matters")[word], 1, 0, "+1", 0, "+1"]
    shares = tables[("办理时效和质量：比率", "Time and quality: shares")[word]]
    rows = {row[0]: row[1:] for row in shares.rows}
    assert rows[TABLE["notice_rate"].name[word]][:3] == [3, 4, ("数量过小", "too few")[word]]
    assert rows[TABLE["contact_rate"].name[word]][:3] == [1, 7, 1 / 7]
    by_channel = tables[("按信访形式", "By channel")[word]]
    assert by_channel.totals is not None
    assert list(by_channel.totals)[1] == 8
    said = list(texts(sheet))
    assert "来访上升。" in said
    assert "加强首办。" in said
    assert not any("（期间未结束" in text or "not ended" in text for text in said)


def test_no_petitioner_title_or_officer_stands_in_a_report(office: Bureau) -> None:
    figures = office.figures(DAY)
    for sheet in (figures.sheet(figures.month("2026-03")), figures.evaluation_sheet(figures.month("2026-03"))):
        said = "\n".join(texts(sheet))
        for name in ("王小明", "赵一", "钱二", "所民警", "刑办案", "自行车"):
            assert name not in said


def test_a_partial_month_says_so(office: Bureau) -> None:
    figures = office.figures("2026-03-17")
    sheet = figures.sheet(figures.month("2026-03"))
    assert "不完整" in sheet.subtitle
    assert any("不得报送" in note for note in sheet.notes)
    assert "不完整" not in office.figures(DAY).sheet(figures.month("2026-03")).subtitle


def test_corrections_are_told_in_the_next_report_and_beside_the_old_one(office: Bureau) -> None:
    head = office.figures(DAY, "pu")
    march = head.submit(head.month("2026-03")).period
    late_letter(office)
    after = office.figures("2026-05-06", "pu")
    april = list(texts(after.sheet(after.month("2026-04"))))
    assert "对以前月份的更正" in april
    place = april.index("对以前月份的更正")
    assert april[place:][6:10] == ["2026-03", "收到信访件", "8 件次", "9 件次"]
    old = list(texts(after.sheet(march)))
    assert "报送后的变动" in old


def test_a_year_tells_the_units_most_complained_of_and_no_single_one(office: Bureau) -> None:
    """REG-2022 Art. 41(1): a unit with fewer than 5 matters would point at them."""
    from models.records import AccusedDraft
    from tests.models.conftest import draft

    def complain(times: int, unit: str) -> None:
        for number in range(times):
            office.desk("2026-04-15").register_item(
                draft(channel="letter", title=f"{unit}{number}", purpose="accusation",
                      accused=(AccusedDraft(name=unit, kind="unit"),))
            )  # fmt: skip

    complain(5, "城东派出所")
    complain(4, "城西派出所")
    figures = office.figures("2027-01-10", "pu")
    sheet = figures.sheet(figures.year("2026"))
    table = grids(sheet)["被反映较多的单位（5 件以上）"]
    assert [list(row) for row in table.rows] == [["城东派出所", 5]]
    assert "城西派出所" not in "\n".join(texts(sheet))
    assert "所民警" not in "\n".join(texts(sheet))
    assert figures.report(figures.month("2026-04")).complained_of == ()


def test_a_report_as_pdf_and_as_workbook_with_real_numbers(office: Bureau, tmp_path: Path) -> None:
    figures = office.figures(DAY)
    sheet = figures.sheet(figures.month("2026-03"))
    assert issue.preview(office.register, sheet, figures.on).startswith(b"%PDF")
    assert issue.preview(office.register, sheet, figures.on) == issue.preview(office.register, sheet, figures.on)
    to_xlsx(sheet, tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    cells: dict[object, tuple[Any, ...]] = {}
    for page in book.worksheets:
        for row in page.iter_rows():
            cells.setdefault(row[0].value, row)
    late = [cell.value for cell in cells["期末逾期"]]
    assert 1 in late
    assert any(isinstance(cell.value, float) and abs(cell.value - 1 / 7) < 1e-9 for cell in cells["初次信访办理联系率"])
    assert issue.preview(office.register, figures.evaluation_sheet(figures.month("2026-03")), figures.on).startswith(
        b"%PDF"
    )


def test_figures_in_words() -> None:
    def rate(numerator: int, denominator: int) -> Figure:
        return Figure(code="notice_rate", version=1, numerator=numerator, denominator=denominator)

    assert wording.text(rate(7, 8), with_base=True) == "87.5%（7/8）"
    assert wording.text(rate(3, 4), with_base=True) == "数量过小（3/4）"
    assert wording.text(rate(0, 0)) == "—"
    assert wording.told(rate(7, 8)) == 0.875
    assert wording.change(rate(7, 8), rate(6, 8)) == "+12.5个百分点"
    assert wording.change(rate(7, 8), rate(7, 8)) == "持平"
    assert wording.change(rate(7, 8), rate(3, 4)) == ""
    assert wording.change(rate(7, 8), None) == ""
    mean = Figure(code="mean_accept_days", version=1, numerator=10, denominator=4)
    assert wording.text(mean) == "2.5 天"  # a mean over few matters is told: it is no rate
    assert wording.change(mean, Figure(code="mean_accept_days", version=1, numerator=8, denominator=4)) == "+0.5"
    count = Figure(code="received", version=1, numerator=1200)
    assert wording.text(count) == "1,200 件次"
    errors.speak("en")
    assert wording.text(rate(7, 8), with_base=True) == "87.5% (7/8)"
    assert wording.change(count, Figure(code="received", version=1, numerator=1200)) == "even"


def test_every_figure_has_words_in_both_languages() -> None:
    for one in (*TABLE.values(), *CASE_TABLE.values()):
        for message in (one.name, one.unit, one.formula, one.source):
            assert message.zh
            assert message.en
        assert one.formula.zh != one.formula.en
        assert one.version >= 1
    for code, one in TABLE.items():
        assert (one.count is None) == (one.kind == "product"), code
