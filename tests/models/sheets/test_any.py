"""Any table and any chart: nothing leaves the page, nothing is lost, nothing raises."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.letters.layout.breaking import HALF_EMPTY
from models.sheets.content import Band, Chart, ChartKind, Column, Grid, Kind, Limit, Point, Series, Sheet
from models.sheets.pdf import to_pdf
from models.sheets.styles import LEDGER, OFFICE
from tests.models.letters.measure import Measured
from tests.models.sheets.test_pdf import outside, paper

TEXTS = st.text(alphabet="信访事项反映派出所，。；（）—“”0123456789abcdefgh -/:\n", max_size=60)
WORDS = st.text(alphabet="信访事项abcdefgh0123456789-", min_size=1, max_size=14)
KINDS: tuple[Kind, ...] = ("text", "int", "date", "percent", "decimal")
NUMBERS = st.one_of(st.none(), st.floats(min_value=0, max_value=1e6), st.integers(min_value=0, max_value=10**7))
VALUES: dict[Kind, Any] = {
    "text": TEXTS,
    "int": st.one_of(st.none(), st.integers(min_value=-(10**6), max_value=10**9), WORDS),
    "date": st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2030, 1, 1))),
    "percent": st.one_of(st.none(), st.floats(min_value=0, max_value=9), WORDS),
    "decimal": st.one_of(st.none(), st.floats(min_value=-1e6, max_value=1e6)),
}


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Any table of 1 to 20 columns and up to 40 rows."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=20))
    columns = [
        Column(
            head=draw(WORDS),
            kind=kind,
            width=draw(st.sampled_from((0.5, 1.0, 4.0))),
            wrap=draw(st.booleans()),
            group=draw(st.sampled_from(("", "", "组一", "组二"))),
            under=draw(st.sampled_from((False, False, True))),
        )
        for kind in kinds
    ]
    few = draw(st.lists(st.tuples(*(VALUES[kind] for kind in kinds)), max_size=5))
    rows = [*few] * draw(st.integers(min_value=1, max_value=8))
    return Grid(columns=columns, rows=rows, totals=few[0] if few and draw(st.booleans()) else None, title=draw(WORDS))


def crossing(measured: Measured) -> list[str]:
    """Return the characters whose ink an upright rule of the table runs through; marks may hang by their empty half."""
    found: list[str] = []
    for page in range(1, measured.pages + 1):
        upright = [rule for rule in measured.rules if rule.page == page and abs(rule.x1 - rule.x2) < 0.01]
        for char in (char for char in measured.chars if char.page == page and char.text.strip()):
            middle = char.top + char.size * 25.4 / 72 / 2
            right = char.x + char.width * (0.5 if char.text in HALF_EMPTY else 1.0)
            hit = any(rule.y1 < middle < rule.y2 and char.x + 0.1 < rule.x1 < right - 0.1 for rule in upright)
            found += [char.text] if hit else []
    return found


@settings(max_examples=40, deadline=None)
@given(grids(), st.booleans())
def test_no_table_leaves_its_page_or_loses_a_row(grid: Grid, landscape: bool) -> None:
    measured = Measured(to_pdf(paper(grid, landscape=landscape)))
    assert outside(measured, LEDGER if landscape else OFFICE) == []
    assert crossing(measured) == []
    shown = "".join(char.text for char in measured.chars).replace(" ", "")
    for row in grid.rows:
        for value in row:
            if isinstance(value, date):
                assert value.isoformat()[:4] in shown


@st.composite
def any_charts(draw: st.DrawFn) -> Chart:
    """Any chart of up to 30 labels and 6 series."""
    kinds: tuple[ChartKind, ...] = ("bar", "line", "stack", "funnel", "target")
    kind = draw(st.sampled_from(kinds))
    labels = draw(st.lists(WORDS, max_size=30))
    count = 2 if kind == "target" else draw(st.integers(min_value=1, max_value=2 if kind == "bar" else 6))
    series = [
        Series(name=draw(WORDS), values=draw(st.lists(NUMBERS, min_size=len(labels), max_size=len(labels))))
        for _ in range(count)
    ]
    share = st.floats(min_value=0, max_value=1)
    points = draw(
        st.lists(
            st.builds(
                Point, name=WORDS, size=st.integers(0, 5000), value=share, named=st.booleans(), faint=st.booleans()
            ),
            max_size=30,
        )
    )
    band = Band(name="95%", limits=[(10, 0.5, 1.0), (100, 0.8, 0.95), (1000, 0.85, 0.93)])
    return Chart(
        kind=kind,
        title=draw(WORDS),
        unit=draw(st.sampled_from(("件", "%", ""))),
        labels=labels,
        series=series,
        limits=draw(st.lists(st.builds(Limit, name=WORDS, value=share, at=st.sampled_from(("", *labels))), max_size=2)),
        points=points,
        bands=[band] if draw(st.booleans()) else [],
        mean=draw(st.one_of(st.none(), share)),
        note=draw(TEXTS),
    )


@settings(max_examples=50, deadline=None)
@given(any_charts(), st.sampled_from(("zh", "en")))
def test_no_chart_leaves_its_page(chart: Chart, language: Any) -> None:
    made = Sheet(
        kind="month_report", title="图", organ="局", blocks=[chart], dated_on=date(2026, 4, 2), language=language
    )
    assert outside(Measured(to_pdf(made)), OFFICE) == []
