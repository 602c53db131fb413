"""Charts: figures as pictures that are read at a glance, on paper and in black and white.

Rules of this room: every value is written where it is drawn; names stand beside what they name; shades differ in
lightness, not in hue alone; axes of counts and shares begin at nothing; what is to be reached is a line with its name.

    bars      bar, stack and target: one row for each label, over as many pages as there are rows
    courses   line: a course over time
    funnel    points over their size within limits
"""

from __future__ import annotations

from collections.abc import Iterator

from models.letters.layout.sheet import Setter
from models.sheets.charts import bars, courses, funnel
from models.sheets.charts.frame import Frame
from models.sheets.content import Chart
from models.sheets.flow import Part
from models.sheets.styles import Style

_KINDS = {
    "bar": bars.bar,
    "stack": bars.stack,
    "target": bars.target,
    "line": courses.course,
    "funnel": funnel.funnel,
}


def parts(setter: Setter, style: Style, chart: Chart) -> Iterator[Part]:
    """Yield a chart from its title to its note."""
    return _KINDS[chart.kind](Frame(setter, style, chart))
