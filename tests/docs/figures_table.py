"""The table of figures as docs/format/figures.md bears it: written from the indicators themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from models.figures import evaluation
from models.figures.indicators import CASE_TABLE, TABLE, Indicator


def parts() -> dict[str, tuple[str, Callable[[], str]]]:
    """Return the part that is made from the words of the figures, and its maker."""
    return {"resources/figures.toml": ("docs/format/figures.md", tables)}


def tables() -> str:
    """Return every figure with its words, unit, formula, version and rows; then the measures of units."""
    lines = ["### Figures of a period", "", *_table(TABLE.values())]
    lines += ["", "### Figures of a key-case programme", "", *_table(CASE_TABLE.values())]
    lines += ["", "### Measures of units", "", "| Code | Words | Formula |", "|---|---|---|"]
    for code, name in evaluation.NAMES.items():
        formula = evaluation.FORMULAS[code]
        lines.append(f"| `{code}` | {name.zh} · {name.en} | {formula.zh} · {formula.en} |")
    return "\n".join(lines)


def _table(indicators: Iterable[Indicator]) -> list[str]:
    lines = ["| Code | Words | Unit | Formula | Version | Rows | Source |", "|---|---|---|---|---|---|---|"]
    lines += [
        f"| `{one.code}` | {one.name.zh} · {one.name.en} | {one.unit.zh} | {one.formula.zh} · {one.formula.en} |"
        f" {one.version} | {one.rows} | {one.source.en} |"
        for one in indicators
    ]
    return lines
