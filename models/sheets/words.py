"""How values and the words of the page itself are printed, in Chinese and English."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from models.letters.kinds import chinese_date

if TYPE_CHECKING:
    from models.sheets.content import Kind, Language, Value


def shown(value: Value, kind: Kind = "text", digits: int = 1) -> str:
    """Return a value as printed: days as 2026-01-05, counts with a comma each three digits, shares as percent."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if kind == "percent":
        return percent(value, digits)
    if kind == "decimal":
        return decimal(value, digits)
    return f"{value:,}"


def percent(share: float, digits: int = 1) -> str:
    """Return a share as percent, rounded as by hand: 45 of 80 are 56.3%."""
    return f"{_rounded(share * 100, digits)}%"


def decimal(value: float, digits: int = 1) -> str:
    """Return a number with `digits` digits after the point, rounded as by hand: halves go up."""
    return _rounded(value, digits)


def _rounded(value: float, digits: int) -> str:
    """Round half up in decimal: binary floating point would print 56.25 as 56.2, and a spreadsheet beside it 56.3."""
    exact = Decimal(repr(round(value, 9))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{exact:,}"


def day(on: date, language: Language) -> str:
    """Return a day as the foot and the end of a paper print it."""
    return chinese_date(on) if language == "zh" else on.isoformat()


def page_of(number: int, total: int, language: Language) -> str:
    """Return 第 n 页　共 m 页."""
    return f"第 {number} 页　共 {total} 页" if language == "zh" else f"Page {number} of {total}"


def nothing(language: Language) -> str:
    """Return what stands in a table without rows."""
    return "（无）" if language == "zh" else "(none)"


def total(language: Language) -> str:
    """Return the head of a row of totals."""
    return "合计" if language == "zh" else "Total"


def code_words(short: str, language: Language) -> str:
    """Return the short verification code with its label."""
    return f"核验码 {short}" if language == "zh" else f"Code {short}"


def draft_words(language: Language) -> str:
    """Return what a paper bears that is not issued yet."""
    return "预览稿：尚未出具" if language == "zh" else "Preview: not issued"


def colon(language: Language) -> str:
    """Return the colon of the language."""
    return "：" if language == "zh" else ": "
