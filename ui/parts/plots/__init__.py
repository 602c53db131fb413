"""Pictures of charts with pyqtgraph, which is imported with these rooms and not before: a chart must be wanted first.

paint     what all pictures share: fonts, colours, texts of a fixed size, room for words at the edges
rows      bar, stack, target: one row for each label
courses   line: a course over time
funnels   points over their size within limits
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.parts.plots import courses, funnels, rows
from ui.parts.plots.paint import Paint, Picture

if TYPE_CHECKING:
    from models.sheets.content import Chart
    from ui.tokens import Look

_KINDS = {
    "bar": rows.bar,
    "stack": rows.stack,
    "target": rows.target,
    "line": courses.course,
    "funnel": funnels.funnel,
}


def draw(picture: Picture, chart: Chart, look: Look, width: int) -> Paint:
    """Draw a chart for a width in pixels, in place of what the picture shows; its height follows."""
    paint = Paint(picture, chart, look, width)
    _KINDS[chart.kind](paint)
    picture.setFixedHeight(paint.height)
    return paint
